"""The member report as one HTML page that needs nothing else: no script, no picture, no font from elsewhere.

What asks for work stands first. Long lists are cut, with a word on it: the CSV beside it has every member.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from edi.enrollment_report import NOT_APPLIED, OUTCOMES, EnrollmentReport, Remark, SentMember, SentSet
from edi.finding_codes.code import WARNING
from writers.enrollment_words import (
    OUTCOME_MEANINGS,
    OUTCOME_WORDS,
    TOTAL_WORDS,
    maintenance,
    meaning,
    next_step,
    role,
)
from writers.settings import Payer
from writers.spreadsheet import printable

MOST_ROWS = 500
"""Members in a list."""
APPLIED = ("added", "changed", "ended", "reinstated")
STYLE = """\
body{font:15px/1.45 system-ui,sans-serif;color:#1b2733;max-width:72rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.15rem;margin:2rem 0 .3rem}p{margin:.3rem 0}.quiet{color:#5b6875}
table{border-collapse:collapse;width:100%;margin:.6rem 0;font-size:.92rem}
th{text-align:left;font-weight:600;background:#e8eef4}
th,td{padding:.35rem .55rem;border-bottom:1px solid #c3ccd5;vertical-align:top}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
.differs{background:#fdeaea}.next{font-weight:600}
@media print{body{margin:0;max-width:none;font-size:11px}tr{break-inside:avoid}thead{display:table-header-group}}
"""


def write_enrollment_html(report: EnrollmentReport, payer: Payer) -> bytes:
    """The report as a page in UTF-8."""
    title = f"{payer.name}: enrolment of interchange {printable(report.interchange)}"
    questions = f"Questions: {escape(payer.technical_contact_name)}, telephone {escape(payer.technical_contact_phone)}."
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1>",
        f'<p class="quiet">Our file number {report.file_id}, received {report.received.isoformat()}. {questions}</p>',
        *_counts(report),
        *_totals(report.sets),
        *_set_remarks(report.sets),
        *_members(report),
        "</body></html>",
    ]
    return "\n".join(parts).encode("utf-8")


def _counts(report: EnrollmentReport) -> Iterator[str]:
    """What became of all members, by outcome."""
    counts = report.by_outcome
    yield "<h2>What became of the members</h2>"
    yield _table(
        ("Outcome", "Members", ""),
        ((_text(OUTCOME_WORDS[name]), counts[name], _text(OUTCOME_MEANINGS[name])) for name in OUTCOMES if counts[name])
        if counts
        else [(_text("No member was applied"), 0, "")],
        numbers={1},
    )


def _totals(sets: Sequence[SentSet]) -> Iterator[str]:
    """Our counts beside the sender's; only differences where there are many sets."""
    rows = []
    for one in sets:
        for qualifier, words in TOTAL_WORDS.items():
            sent = one.totals.get(qualifier)
            found = one.counted[qualifier]
            agrees = sent is None or _number(sent) == found
            said = "not sent" if sent is None else sent
            rows.append((agrees, one.control_number, words, said, found, "" if agrees else "differs"))
    shown = rows if len(sets) == 1 else [row for row in rows if not row[0]]
    yield "<h2>Counts against your totals</h2>"
    if not shown:
        yield f"<p>The totals of all {len(sets)} transaction sets agree with the members that we found in them.</p>"
        return
    yield _table(
        ("Transaction set", "Total", "You sent", "We found", ""),
        (tuple(cell if isinstance(cell, int) else _text(cell) for cell in row[1:]) for row in shown),
        numbers={2, 3},
        marked={place for place, row in enumerate(shown) if not row[0]},
    )


def _set_remarks(sets: Sequence[SentSet]) -> Iterator[str]:
    """What was found of transaction sets as a whole."""
    rows = [
        (
            _text(one.control_number),
            _text(one.reference),
            "Refused by the 999",
            _strong("Correct it and send it again."),
        )
        for one in sets
        if not one.accepted
    ]
    rows += [
        (_text(one.control_number), _text(one.reference), _said(remark), _strong(next_step(remark.code)))
        for one in sets
        for remark in one.remarks
    ]
    if rows:
        yield "<h2>Transaction sets</h2>"
        yield _table(("Transaction set", "Reference (BGN02)", "What was found", "What to do next"), rows)


def _members(report: EnrollmentReport) -> Iterator[str]:
    """The lists of members: not applied, applied with a remark, applied."""
    refused = [member for member in report.members if member.outcome in NOT_APPLIED]
    rest = [member for member in report.members if member.outcome not in NOT_APPLIED]
    remarked = [member for member in rest if member.remarks]
    yield from _list("Not applied", refused, "Nothing of these members was changed at the plan.")
    yield from _list("Taken with a remark", remarked, "Please look at these; they were taken as far as told here.")
    for outcome in APPLIED:
        found = [member for member in rest if member.outcome == outcome and not member.remarks]
        yield from _list(OUTCOME_WORDS[outcome], found, "")


def _list(title: str, members: Sequence[SentMember], explanation: str) -> Iterator[str]:
    if not members:
        return
    yield f"<h2>{_text(title)} ({len(members)})</h2>"
    if explanation:
        yield f'<p class="quiet">{_text(explanation)}</p>'
    has_remarks = any(member.remarks for member in members)
    heading = ("Set", "Member", "Segment", "Subscriber number", "Person", "Sent as", "Outcome")
    rows = (_row(member, has_remarks=has_remarks) for member in members[:MOST_ROWS])
    yield _table((*heading, "What was found", "What to do next") if has_remarks else heading, rows, numbers={1, 2})
    if len(members) > MOST_ROWS:
        yield f'<p class="quiet">{len(members) - MOST_ROWS} more; the CSV of the same name has them all.</p>'


def _row(member: SentMember, *, has_remarks: bool) -> tuple[str | int, ...]:
    row = (
        _text(member.transaction_set),
        member.number or "not sent",
        member.segment_position,
        _text(member.subscriber_number or "not sent"),
        _text(role(member)),
        _text(maintenance(member) if member.number else "not sent"),
        _text(OUTCOME_WORDS[member.outcome]),
    )
    if not has_remarks:
        return row
    found = "<br>".join(_said(remark) for remark in member.remarks)
    # the same advice once
    steps = dict.fromkeys(next_step(remark.code) for remark in member.remarks)
    return (*row, found, "<br>".join(map(_strong, steps)))


def _said(remark: Remark) -> str:
    """A remark with the segment that it is about."""
    place = f"{remark.segment_id} in {remark.loop}" if remark.loop else remark.segment_id
    if remark.segment_position:
        place += f", segment {remark.segment_position}"
    weight = "Warning: " if remark.severity == WARNING else ""
    return f'{weight}{_text(meaning(remark.code))} <span class="quiet">{_text(place)}; {_text(remark.code)}</span>'


def _table(
    heading: Sequence[str],
    rows: Iterable[Sequence[str | int]],
    numbers: Iterable[int] = (),
    marked: Iterable[int] = (),
) -> str:
    """A table of cells that are HTML already; `numbers` are columns at the right, `marked` rows that stand out."""
    right, outstanding = set(numbers), set(marked)
    sides = [' class="number"' if place in right else "" for place in range(len(heading))]
    head = "".join(f"<th{side}>{_text(name)}</th>" for side, name in zip(sides, heading, strict=True))
    body = "\n".join(
        f"<tr{_mark(place in outstanding)}>"
        + "".join(f"<td{side}>{cell}</td>" for side, cell in zip(sides, row, strict=True))
        + "</tr>"
        for place, row in enumerate(rows)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>"


def _mark(is_outstanding: bool) -> str:
    return ' class="differs"' if is_outstanding else ""


def _strong(text: str) -> str:
    return f'<span class="next">{_text(text)}</span>'


def _text(text: str) -> str:
    return escape(printable(text))


def _number(text: str) -> int | None:
    """A count as sent, None where it is none."""
    whole, _, rest = text.strip().partition(".")
    return int(whole) if whole.isascii() and whole.isdigit() and not rest.strip("0") else None
