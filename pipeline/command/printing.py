"""What commands print: a table for people, one JSON object for programs, and progress on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from edi.money import dollars

if TYPE_CHECKING:
    from pipeline.command.claim_page import TextLine

Item = TypeVar("Item")

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]
"""The option that every command has."""
LARGEST = 2**63 - 1
"""The largest number that the warehouse gives to anything."""


def tell(title: str, report: Mapping[str, object], *, as_json: bool) -> None:
    """Print a report: nested mappings of plain values, whose keys are the documented ones."""
    if as_json:
        sys.stdout.write(json.dumps(report, default=str) + "\n")
        sys.stdout.flush()  # a program may wait for it while this one goes on
        return
    from rich.console import Console  # noqa: PLC0415 - costs more than a program's JSON
    from rich.table import Table  # noqa: PLC0415 - as above

    table = Table(title=title, show_header=False, title_justify="left", box=None, pad_edge=False)
    table.add_column(style="bold")
    table.add_column()
    for name, value in _rows(report):
        table.add_row(name, value)
    # what people and files wrote is no markup
    Console(soft_wrap=True, markup=False, emoji=False).print(table)


def draw(lines: Iterable[TextLine]) -> None:
    """Print a page of lines; what people and files wrote is no markup."""
    from rich.console import Console  # noqa: PLC0415 - as above

    console = Console(soft_wrap=True, markup=False, emoji=False, highlight=False)
    for line in lines:
        console.print("  " * line.depth + line.text, style=line.style)


def _rows(report: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in report.items():
        # codes are told as they are written elsewhere
        name = above + (key if key.isupper() else key.replace("_", " "))
        if isinstance(value, Mapping):
            if value:
                yield from _rows(value, f"{name}: ")
            else:
                yield name, "none"
        else:
            yield name.removesuffix(" cents"), _shown(key, value)


def _shown(key: str, value: object) -> str:
    if key.endswith("_cents") and isinstance(value, int):
        return dollars(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) if value else "none"
    return "none" if value is None else str(value)


def track(items: Iterable[Item], doing: str, *, as_json: bool) -> Iterator[Item]:
    """Go through items behind a progress bar on standard error; no bar where a program or a file reads along."""
    if as_json or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.progress import track as bar  # noqa: PLC0415 - as above

    total = len(items) if isinstance(items, Sized) else None
    yield from bar(items, doing, total=total, console=Console(stderr=True))


@contextmanager
def bar(doing: str, total: int, *, as_json: bool) -> Iterator[Callable[[], None]]:
    """A progress bar to be advanced by one through what is yielded; shown where `track` shows one."""
    if as_json or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.progress import Progress  # noqa: PLC0415 - as above

    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task(doing, total=total)
        yield lambda: progress.advance(task)


@contextmanager
def busy(doing: str, *, as_json: bool) -> Iterator[None]:
    """Show that something goes on whose length nobody knows."""
    if as_json or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 - as above

    with Console(stderr=True).status(doing):
        yield
