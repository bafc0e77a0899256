"""A claim's history as lines of text for people: what happened in order, and each decision from code to segment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from edi.money import dollars
from pipeline.benefits_told import amount_words, counter_words
from pipeline.claim_story import IMPORT, in_open_run, kind_of, name_of, sender_of

SIGNS = {"reject": "red", "report": "yellow"}


class TextLine(NamedTuple):
    """A line of the page."""

    text: str
    depth: int
    """How far it is indented."""
    style: str | None = None


Told = Mapping[str, Any]


def page(claims: Sequence[Told], timeline: Sequence[Told] = ()) -> Iterator[TextLine]:
    """The days of the family, then every version with what became of it."""
    if len(claims) > 1 or timeline:
        yield TextLine(f"Timeline of {len(claims)} claims" if len(claims) > 1 else "Timeline", 0, "bold")
        for event in timeline:
            yield TextLine(f"{event['day']}  {event['claim']}  {event['text']}", 1)
    for claim in claims:
        yield TextLine("", 0)
        yield from _claim(claim)


def candidates_page(candidates: Sequence[Told], most: int) -> Iterator[TextLine]:
    """Claims of which one is meant, and how to ask for it."""
    count = f"the first {most}" if len(candidates) >= most else str(len(candidates))
    yield TextLine(f"Several claims fit, here are {count}; ask for one by its number:", 0, "bold")
    for one in candidates:
        ours = one["claim_number"] or one["tracking_number"]
        asked = ours or f"{one['provider_number']} --provider-number --file {one['file_id']}"
        statuses = f" ({' '.join(one['statuses'])})" if one["statuses"] else ""
        state = (
            one["state"] if one["version_state"] in {"active", "refused"} else f"{one['state']}, {one['version_state']}"
        )
        what = f"{kind_of({**one, 'corrects': None})}, {dollars(one['charge_cents'])}"
        yield TextLine(
            f"edi claim {asked}: {state}{statuses}, {what}, "
            f"received {one['received_on']} from {one['partner']}, provider's number {one['provider_number']}",
            1,
        )


def _claim(claim: Told) -> Iterator[TextLine]:
    yield TextLine(f"Claim {name_of(claim)}: {claim['standing']}", 0, "bold")
    version = f", version {claim['version']} ({claim['version_state']})" if claim["version"] else ""
    tracking = f", tracking number {claim['tracking_number']}" if claim["tracking_number"] else ""
    yield TextLine(
        f"{kind_of(claim)}, {dollars(claim['charge_cents'])}{version}, provider's number {claim['provider_number']}"
        f"{tracking}{', a test claim' if claim['is_test'] else ''}",
        1,
    )
    file = claim["file"]
    name = "imported as a prior claim" if file["kind"] == IMPORT else file["name"]
    yield TextLine(f"received {claim['received_on']} {sender_of(claim)} in file {file['file_id']}, {name}", 1)
    if file["archive_path"]:
        yield TextLine(f"archive/{file['archive_path']}", 2, "dim")
    yield from _source(claim["source"], 2)
    if claim["correction_problem"]:
        yield TextLine(f"what it corrects: {claim['correction_problem']}", 1, "red")
    for edit in claim["edits"]:
        yield from _edit(edit)
    for dispute in claim["disputes"]:
        state = f"closed: {dispute['outcome']}" if dispute["outcome"] else "open"
        yield TextLine(
            f"dispute {dispute['reference']} about {dispute['claim_number']} ({dispute['channel']}) since "
            f"{dispute['opened_on']}, {state}",
            1,
            "yellow",
        )
    for opened in claim["opening_balances"]:
        yield TextLine(
            f"brought forward from {opened['opened_from']}: {counter_words(opened)}, {amount_words(opened, 'opening')}",
            1,
        )
    for decision in claim["decisions"]:
        yield from _decision(decision, [one for one in claim["actions"] if one["decision"] == decision["sequence"]])
    for sent in claim["remittances"]:
        released = sent["is_released"]
        did = (
            f"remitted {sent['production_date']}"
            if released
            else f"{in_open_run(sent)}, made {sent['production_date']}"
        )
        yield TextLine(
            f"{did} ({sent['entry']}, CLP02 {sent['claim_status_code']}): "
            f"{dollars(sent['paid_cents'])} to {sent['payee_id']}, 835 {sent['trace_number']}",
            1,
            "green" if released else "yellow",
        )
    yield TextLine(f"next: {claim['next_step']}", 1, "bold")


def _edit(edit: Told) -> Iterator[TextLine]:
    where = f"line {edit['line_number']}: " if edit["line_number"] is not None else ""
    meaning = f": {edit['meaning']}" if edit["meaning"] else ""
    kept = "" if edit["severity"] == "reject" else ", taken in all the same"
    yield TextLine(
        f"277CA {' '.join(edit['statuses'])}: {where}edit {edit['edit']}{meaning}{kept}", 1, SIGNS.get(edit["severity"])
    )
    yield from _source(edit["source"], 2)


def _decision(decision: Told, actions: Sequence[Told]) -> Iterator[TextLine]:
    money = (
        ""
        if decision["outcome"] == "pended" or decision["claim_status_code"] == "void"
        else (
            f": {dollars(decision['paid_cents'])} of {dollars(decision['charge_cents'])}, patient "
            f"{dollars(decision['patient_responsibility_cents'])}, CLP02 {decision['claim_status_code']}"
        )
    )
    outcome = "void accepted" if decision["claim_status_code"] == "void" else decision["outcome"]
    by = {"rules": "", "person": " by a person"}.get(decision["decided_by"], f" by {decision['source_system']}")
    yield TextLine(f"decision {decision['sequence']}, {decision['decided_on']}{by}: {outcome}{money}", 1, "bold")
    for action in actions:
        note = f": {action['note']}" if action["note"] else ""
        yield TextLine(f"{action['did']} of {action['pend_reason']} by {action['by']} at {action['at']}{note}", 2)
    if decision["pend_reason"]:
        because = f": {decision['pended_because']}" if decision["pended_because"] else ""
        yield TextLine(f"waits for {decision['pend_reason']}{because}", 2, "yellow")
        yield from _source(decision["source"], 3)
    for fact in decision["facts"]:
        yield TextLine(_said(fact), 2)
    for line in decision["lines"]:
        yield from _line(line)
    if decision["interest_cents"]:
        yield TextLine(f"interest {dollars(decision['interest_cents'])}", 2)
    for used in decision["benefits_used"]:
        yield TextLine(_used(used), 2)
    yield TextLine(f"rules bundle {decision['rules_bundle'][:12]}", 2, "dim")


def _line(line: Told) -> Iterator[TextLine]:
    if "paid_cents" not in line:
        yield TextLine(f"line {line['line_number']}", 2)
    else:
        style = None if line["paid_cents"] else "red"
        yield TextLine(
            f"line {line['line_number']}: {dollars(line['charge_cents'])} charged, {dollars(line['allowed_cents'])} "
            f"allowed, {dollars(line['paid_cents'])} paid",
            2,
            style,
        )
    for fact in line["facts"]:
        yield TextLine(_said(fact), 3)
    for adjustment in line.get("adjustments", ()):
        code = f"{adjustment['group_code']} {adjustment['reason_code']}"
        words = adjustment["words"].removesuffix(f" ({code})")
        yield TextLine(f"{code} {dollars(adjustment['amount_cents'])}: {words}", 3)
        yield from _source(adjustment["source"], 4)
    for code, words in zip(line.get("remark_codes", ()), line.get("remarks", ()), strict=True):
        yield TextLine(f"{code}: {words.removesuffix(f' ({code})')}", 3)


def _used(used: Told) -> str:
    """`deductible of the member, gold from 2026-01-01: $100.00 before, $25.00 used`."""
    returned = f"{amount_words(used, 'taken_back')} taken back, " if used["taken_back"] else ""
    before, now = amount_words(used, "before"), amount_words(used, "used")
    return f"{counter_words(used)}: {before} before, {returned}{now} used"


def _said(fact: Told) -> str:
    """What a rule said, in its own words."""
    return str(fact.get("text") or ", ".join(f"{name} {value}" for name, value in fact.items()))


def _source(source: Told | None, depth: int) -> Iterator[TextLine]:
    if source is None:
        return
    if "rows" in source:
        first, last = source["rows"]
        yield TextLine(
            f"<- {f'row {first}' if first == last else f'rows {first} to {last}'} of the file", depth, "cyan"
        )
        return
    element = f"{source['element']:02d}" if source["element"] else ""
    yield TextLine(
        f"<- {source['segment_id']}{element} in segment {source['segment']} of set {source['transaction_set']}, "
        f"bytes {source['bytes'][0]} to {source['bytes'][1]}",
        depth,
        "cyan",
    )
    if "text" in source:
        yield TextLine(source["text"], depth + 1, "cyan")
