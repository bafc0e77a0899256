"""The member report as one HTML page that needs nothing else: no script, no picture, no font from elsewhere.

It is read by somebody who looks after employees and knows no X12: first in a sentence what became of the file, then
counts, then what to do about each kind of trouble, then the members. Places and codes are there for whoever made the
file. Long lists are cut, with a word on it: the CSV beside it has every member.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from edi.enrollment_report import NOT_APPLIED, OUTCOMES, SEVERITIES, EnrollmentReport, Remark, SentMember, SentSet
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
.lead{font-size:1.05rem;margin:.8rem 0}.place{color:#5b6875;font-size:.85em;overflow-wrap:anywhere}
.differs{background:#fdeaea}.next{font-weight:600}.total{font-weight:600;border-top:2px solid #8a97a3}
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
        _lead(report),
        *_counts(report),
        *_totals(report.sets),
        *_set_remarks(report.sets),
        *_work(report.members),
        *_members(report),
        "</body></html>",
    ]
    return "\n".join(parts).encode("utf-8")


def _lead(report: EnrollmentReport) -> str:
    """The whole report in a sentence or two."""
    told = [member for member in report.members if member.number]
    changed = len(report.members) - len(told)
    refused, held = (sum(member.outcome == outcome for member in told) for outcome in ("refused", "held"))
    members = sum(one.subscribers + one.dependants for one in report.sets)
    sentences = [f"Your file has {_members_in_words(members)}."]
    if told:
        sentences.append(
            f"Taken: {len(told) - refused - held:,}. Not applied, and in need of a correction: {refused:,}."
        )
    if held:
        sentences.append(f"Waiting for a decision at the plan: {held:,}.")
    if members > len(told):
        sentences.append(f"Not looked at: {members - len(told):,}; see the file as a whole.")
    if changed:
        were = "was" if changed == 1 else "were"
        sentences.append(f"{_members_in_words(changed)} who {were} not in the file changed with it.")
    return f'<p class="lead">{" ".join(sentences)}</p>'


def _members_in_words(count: int) -> str:
    return f"{count:,} member" + ("" if count == 1 else "s")


def _counts(report: EnrollmentReport) -> Iterator[str]:
    """What became of all members, by outcome, and how many that are."""
    counts = report.by_outcome
    rows: list[tuple[str | int, ...]] = [
        (_text(OUTCOME_WORDS[name]), counts[name], _text(OUTCOME_MEANINGS[name])) for name in OUTCOMES if counts[name]
    ]
    unsent = sum(not member.number for member in report.members)
    besides = f"{unsent:,} of them not in your file, but changed with it" if unsent else ""
    rows.append(("In all" if counts else "No member was applied", len(report.members), besides))
    yield "<h2>What became of the members</h2>"
    yield _table(("Outcome", "Members", ""), rows, numbers={1}, marked={len(rows) - 1}, mark="total")


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
        yield "<h2>The file as a whole</h2>"
        yield _table(("Transaction set", "Reference (BGN02)", "What was found", "What to do next"), rows)


def _work(members: Sequence[SentMember]) -> Iterator[str]:
    """Each kind of trouble once, the worst first: how many members have it, and what to do about it."""
    found: dict[str, str] = {remark.code: remark.severity for member in members for remark in member.remarks}
    if not found:
        return
    counts = Counter(code for member in members for code in {remark.code for remark in member.remarks})
    order = sorted(found, key=lambda code: (SEVERITIES.index(found[code]), -counts[code], code))
    yield "<h2>What to do next</h2>"
    yield _table(
        ("Members", "What was found", "What to do next"),
        [(counts[code], _weighed(code, found[code]), _strong(next_step(code))) for code in order],
        numbers={0},
    )


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
    heading = ("Subscriber number", "Person", "Sent as", "Outcome", "Place in the file")
    rows = (_row(member, has_remarks=has_remarks) for member in members[:MOST_ROWS])
    yield _table((*heading, "What was found") if has_remarks else heading, rows)
    if len(members) > MOST_ROWS:
        yield f'<p class="quiet">{len(members) - MOST_ROWS} more; the CSV of the same name has them all.</p>'


def _row(member: SentMember, *, has_remarks: bool) -> tuple[str | int, ...]:
    place = f"set {member.transaction_set}, segment {member.segment_position}"
    row = (
        _text(member.subscriber_number or "not sent"),
        _text(role(member)),
        _text(maintenance(member) if member.number else "not sent"),
        _text(OUTCOME_WORDS[member.outcome]),
        _quiet(f"member {member.number}, {place}" if member.number else place),
    )
    return (*row, "<br>".join(_said(remark) for remark in member.remarks)) if has_remarks else row


def _said(remark: Remark) -> str:
    """A remark with the segment that it is about."""
    place = f"{remark.segment_id} in {remark.loop}" if remark.loop else remark.segment_id
    if remark.segment_position:
        place += f", segment {remark.segment_position}"
    return f"{_weighed(remark.code, remark.severity)} {_quiet(f'{place}; {remark.code}')}"


def _weighed(code: str, severity: str) -> str:
    weight = "Warning: " if severity == WARNING else ""
    return f"{weight}{_text(meaning(code))}"


def _quiet(text: str) -> str:
    return f'<span class="place">{_text(text)}</span>'


def _table(
    heading: Sequence[str],
    rows: Iterable[Sequence[str | int]],
    numbers: Iterable[int] = (),
    marked: Iterable[int] = (),
    mark: str = "differs",
) -> str:
    """A table of cells that are HTML already; `numbers` are columns at the right, `marked` rows that stand out."""
    right, outstanding = set(numbers), set(marked)
    sides = [' class="number"' if place in right else "" for place in range(len(heading))]
    head = "".join(f"<th{side}>{_text(name)}</th>" for side, name in zip(sides, heading, strict=True))
    body = "\n".join(
        (f'<tr class="{mark}">' if place in outstanding else "<tr>")
        + "".join(f"<td{side}>{cell}</td>" for side, cell in zip(sides, row, strict=True))
        + "</tr>"
        for place, row in enumerate(rows)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>"


def _strong(text: str) -> str:
    return f'<span class="next">{_text(text)}</span>'


def _text(text: str) -> str:
    return escape(printable(text))


def _number(text: str) -> int | None:
    """A count as sent, None where it is none."""
    whole, _, rest = text.strip().partition(".")
    return int(whole) if whole.isascii() and whole.isdigit() and not rest.strip("0") else None
