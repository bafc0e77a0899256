"""What our HTML pages have in common: no script, no picture, no font from elsewhere; readable by eye, ear and keyboard.

The pages follow WCAG 2.2 AA: a language and a title, one h1 and headings in order, landmarks, tables with a caption and
with headers that say what they head, text of at least 4.5:1 against its ground, nothing told by colour alone. Wide
tables scroll in a region of their own that the keyboard reaches, so that the page itself never does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from html import escape

from writers.spreadsheet import printable

DAY = re.compile(r"\d{4}-\d\d-\d\d")
STYLE = """\
:root{color-scheme:light}
body{font:1rem/1.5 system-ui,sans-serif;color:#1b2733;background:#fff;max-width:75rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.2rem;margin:2rem 0 .3rem}h3{font-size:1rem;margin:1.4rem 0 .2rem}
p,dl{margin:.3rem 0}.quiet{color:#4c5864}.lead{font-size:1.1rem;margin:.8rem 0}
dl{display:grid;grid-template-columns:minmax(5rem,max-content) 1fr;gap:.1rem 1rem}dt{color:#4c5864}
dd{margin:0}h1,h2,h3,p,dd{overflow-wrap:anywhere;min-width:0}
.wide{overflow-x:auto}.wide:focus-visible,a:focus-visible{outline:3px solid #1f5fa8;outline-offset:2px}
table{border-collapse:collapse;width:100%;margin:.4rem 0;font-size:.94rem}
caption{text-align:left;color:#4c5864;padding:.2rem 0}
th{text-align:left;font-weight:600}thead th{background:#e8eef4}tbody th{font-weight:400}
th,td{padding:.35rem .55rem;border-bottom:1px solid #8a97a3;vertical-align:top}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tr.total>*{font-weight:600;border-top:2px solid #4c5864}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;background:#fff;padding:.5rem}
time{white-space:nowrap}a{color:#1f4f8b}ul{margin:.2rem 0;padding-left:1.2rem}
@media print{body{max-width:none;font-size:.75rem;padding:0}tr{break-inside:avoid}
.wide{overflow:visible}.skip{display:none}}
"""


def page(title: str, header: Iterable[str], main: Iterable[str]) -> bytes:
    """A whole page in UTF-8. `header` stands above what the skip link skips to."""
    parts = [
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>",
        '<a class="skip" href="#main">Skip to the claims</a>',
        "<header>",
        *header,
        '</header><main id="main" tabindex="-1">',
        *main,
        "</main></body></html>",
    ]
    return "\n".join(parts).encode("utf-8")


def table(
    caption: str,
    heading: Sequence[str],
    rows: Iterable[Sequence[str]],
    numbers: Collection[int] = (),
    totals: Collection[int] = (),
) -> str:
    """A table of cells that are HTML already; the first cell of a row heads it.

    `numbers` are the columns that stand at the right, `totals` the rows that sum the others.
    """
    sides = [' class="number"' if place in numbers else "" for place in range(len(heading))]
    head = "".join(f'<th scope="col"{side}>{text(name)}</th>' for side, name in zip(sides, heading, strict=True))
    body = "\n".join(_row(cells, sides, is_total=place in totals) for place, cells in enumerate(rows))
    label = escape(caption, quote=True)
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{label}"><table><caption>{text(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>"
    )


def _row(cells: Sequence[str], sides: Sequence[str], *, is_total: bool) -> str:
    first, *others = cells
    start = '<tr class="total">' if is_total else "<tr>"
    rest = "".join(f"<td{side}>{cell}</td>" for side, cell in zip(sides[1:], others, strict=True))
    return f'{start}<th scope="row"{sides[0]}>{first}</th>{rest}</tr>'


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Names with their values, those without a value left out."""
    return "<dl>" + "".join(f"<dt>{text(name)}</dt><dd>{text(value)}</dd>" for name, value in pairs if value) + "</dl>"


def items(texts: Sequence[str]) -> str:
    """A list; a single text stands alone."""
    if len(texts) == 1:
        return text(texts[0])
    return "<ul>" + "".join(f"<li>{text(each)}</li>" for each in texts) + "</ul>" if texts else ""


def whole_days(words: str) -> str:
    """Words with days in them (YYYY-MM-DD), none of which a narrow cell breaks in two."""
    return DAY.sub(r"<time>\g<0></time>", text(words))


def text(value: str) -> str:
    """A value in a page."""
    return escape(printable(value))
