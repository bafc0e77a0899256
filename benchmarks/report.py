"""The figures of a benchmark run, as lines for people, as a page and as a plot."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from reportlab.graphics import renderSVG
from reportlab.graphics.charts.lineplots import LinePlot
from reportlab.graphics.shapes import Drawing, String
from reportlab.lib import colors

PAGE, PLOT = "benchmarks.md", "benchmarks.svg"
NAMES = {
    "pyx12": "pyx12 with its 999",
    "validate2": "SNIP 1 and 2, verdict, 999",
    "validate5": "SNIP 1 to 5, verdict, 999",
    "scan2": "scan alone, SNIP 1 and 2",
    "stream5": "streamed scan, SNIP 1 to 5",
    "tables2": "SNIP 1 and 2, every table",
}


class Row(NamedTuple):
    """One measurement."""

    kind: str
    megabytes: int
    what: str
    figures: dict[str, float]


@dataclass
class Figures:
    """All measurements of one run."""

    machine: str
    rows: list[Row] = field(default_factory=list)
    start: dict[str, float] = field(default_factory=dict)
    """Wall seconds of whole commands."""

    def add(self, kind: str, megabytes: int, what: str, figures: dict[str, float]) -> None:
        """Note a measurement."""
        self.rows.append(Row(kind, megabytes, what, figures))

    def speed(self, kind: str, what: str) -> float:
        """MB/s of the largest file that was measured."""
        found = [row for row in self.rows if (row.kind, row.what) == (kind, what)]
        return max(found, key=lambda row: row.figures["mb"]).figures["mb_per_second"]

    def ratios(self) -> list[tuple[str, float, float, float]]:
        """Kind, pyx12's MB/s, and how many times faster SNIP 1-2 and SNIP 1-5 are, with the 999."""
        kinds = dict.fromkeys(row.kind for row in self.rows if row.what == "pyx12")
        return [
            (
                kind,
                self.speed(kind, "pyx12"),
                self.speed(kind, "validate2") / self.speed(kind, "pyx12"),
                self.speed(kind, "validate5") / self.speed(kind, "pyx12"),
            )
            for kind in kinds
        ]

    def summary(self) -> str:
        """The page without its plot."""
        lines = [
            f"Measured on {self.machine}. MB/s of CPU time, medians; one process a measurement.",
            "",
            "| file | MB | what | MB/s | peak memory, MB |",
            "|---|---:|---|---:|---:|",
            *(
                f"| {row.kind} | {row.figures['mb']:,.1f} | {NAMES[row.what]} | {row.figures['mb_per_second']:,.2f} "
                f"| {row.figures['peak_mb']:,.0f} |"
                for row in self.rows
            ),
            "",
            "| file | pyx12, MB/s | SNIP 1 and 2 | SNIP 1 to 5 |",
            "|---|---:|---:|---:|",
            *(
                f"| {kind} | {theirs:.3f} | {syntax:,.0f} times faster | {business:,.0f} times faster |"
                for kind, theirs, syntax, business in self.ratios()
            ),
            "",
            self._cost_of_errors("837P", "errors")
            + ", in sets of a thousand claims, of which the first findings are told.",
            self._cost_of_errors("small sets", "errors, small sets") + ", in sets of 15 claims, where nearly all are.",
            "",
            "| command, whole process | seconds |",
            "|---|---:|",
            *(f"| {name} | {seconds:.2f} |" for name, seconds in self.start.items()),
        ]
        return "\n".join(lines)

    def _cost_of_errors(self, clean: str, errors: str) -> str:
        """Of a file full of errors, as times a clean one that is dealt into sets alike."""
        right, wrong = (
            next(row.figures for row in self.rows if (row.kind, row.what) == (kind, "validate2"))
            for kind in (clean, errors)
        )
        times = wrong["seconds"] / wrong["mb"] * right["mb"] / right["seconds"]
        return f"A file full of errors ({wrong['findings']:,.0f} findings) costs {times:.2f} times a clean one"


def write_report(figures: Figures, folder: Path) -> None:
    """The page and its plot."""
    intro = (
        "# Benchmarks\n\n`make benchmark` measures pyx12 and this engine on the same generated files "
        "and writes this page.\n\n"
        f"![Seconds by file size]({PLOT})\n\n"
    )
    (folder / PAGE).write_text(intro + figures.summary() + "\n", "utf-8")
    (folder / PLOT).write_text(_plot(figures), "utf-8")


def _plot(figures: Figures) -> str:
    """Seconds by megabytes, both logarithmic: straight lines are linear cost."""
    drawing = Drawing(560, 330)
    plot = LinePlot()
    plot.x, plot.y, plot.width, plot.height = 60, 50, 460, 240
    series, names = [], []
    for what in ("pyx12", "stream5"):
        points = sorted(
            (row.figures["mb"], row.figures["seconds"])
            for row in figures.rows
            if (row.kind, row.what) == ("837P", what)
        )
        if len(points) > 1:
            series.append([(math.log10(size), math.log10(seconds)) for size, seconds in points])
            names.append(NAMES[what])
    if not series:
        return str(renderSVG.drawToString(drawing))
    plot.data = series
    for number, color in enumerate((colors.firebrick, colors.steelblue)[: len(series)]):
        plot.lines[number].strokeColor = color
        plot.lines[number].strokeWidth = 2
        drawing.add(String(300, 90 - 14 * number, names[number], fillColor=color, fontSize=10))
    plot.xValueAxis.labelTextFormat = plot.yValueAxis.labelTextFormat = lambda power: f"{10**power:g}"
    plot.xValueAxis.valueStep = plot.yValueAxis.valueStep = 1
    drawing.add(plot)
    drawing.add(String(230, 15, "file size, MB", fontSize=10))
    drawing.add(String(60, 300, "CPU seconds (837P)", fontSize=10))
    return str(renderSVG.drawToString(drawing))
