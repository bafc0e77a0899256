"""A claim's history as lines of text for people: what happened in order, and each decision from code to segment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pipeline.command.printing import dollars

KINDS = {"P": "professional", "I": "institutional", "D": "dental"}
FREQUENCIES = {"1": "original", "7": "replacement", "8": "void"}


class TextLine(NamedTuple):
    """A line of the page."""

    text: str
    depth: int
    """How far it is indented."""
    style: str | None = None


Told = Mapping[str, Any]


def page(claims: Sequence[Told]) -> Iterator[TextLine]:
    """Every version with what became of it."""
    for claim in claims:
        yield from _claim(claim)


def _claim(claim: Told) -> Iterator[TextLine]:
    name = claim["claim_number"] or claim["tracking_number"] or f"provider's number {claim['provider_number']}"
    version = f"version {claim['version']}, {claim['version_state']}" if claim["version"] else claim["version_state"]
    state = claim["state"] if claim["state"] == "rejected" else f"{claim['state']}, {version}"
    yield TextLine(f"Claim {name}: {state}", 0, "bold")
    frequency = FREQUENCIES.get(claim["frequency_code"], f"frequency {claim['frequency_code']}")
    of = f" of {claim['corrects']}" if claim["corrects"] else ""
    tracking = f", tracking number {claim['tracking_number']}" if claim["tracking_number"] else ""
    yield TextLine(
        f"{KINDS.get(claim['kind'], claim['kind'])} {frequency}{of}, {dollars(claim['charge_cents'])}, provider's "
        f"number {claim['provider_number']}{tracking}",
        1,
    )
    file = claim["file"]
    yield TextLine(f"received {claim['received_on']} from {file['partner']}", 1)
    yield from _source(claim["source"], 2)
    if claim["correction_problem"]:
        yield TextLine(f"correction problem: {claim['correction_problem']}", 1, "red")
    for edit in claim["edits"]:
        where = f"line {edit['line_number']}: " if edit["line_number"] is not None else ""
        style = "red" if edit["severity"] == "reject" else "yellow"
        yield TextLine(f"277CA {' '.join(edit['statuses'])}: {where}edit {edit['edit']} ({edit['severity']})", 1, style)
        yield from _source(edit["source"], 2)
    for decision in claim["decisions"]:
        yield from _decision(decision, [one for one in claim["actions"] if one["decision"] == decision["sequence"]])
    for sent in claim["remittances"]:
        yield TextLine(
            f"remitted {sent['production_date']} ({sent['entry']}, CLP02 {sent['claim_status_code']}): "
            f"{dollars(sent['paid_cents'])} to {sent['payee_id']}, trace {sent['trace_number']}",
            1,
            "green",
        )


def _decision(decision: Told, actions: Sequence[Told]) -> Iterator[TextLine]:
    money = (
        ""
        if decision["outcome"] == "pended"
        else (
            f": {dollars(decision['paid_cents'])} of {dollars(decision['charge_cents'])}, patient "
            f"{dollars(decision['patient_responsibility_cents'])}, CLP02 {decision['claim_status_code']}"
        )
    )
    yield TextLine(
        f"decision {decision['sequence']}, {decision['decided_on']}: {decision['outcome']}{money}", 1, "bold"
    )
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
    remarks = f" with {', '.join(line['remark_codes'])}" if line.get("remark_codes") else ""
    for adjustment in line.get("adjustments", ()):
        yield TextLine(
            f"{adjustment['group_code']} {adjustment['reason_code']} {dollars(adjustment['amount_cents'])}{remarks}", 3
        )
        yield from _source(adjustment["source"], 4)


def _said(fact: Told) -> str:
    """What a rule said, in its own words."""
    return str(fact.get("text") or ", ".join(f"{name} {value}" for name, value in fact.items()))


def _source(source: Told | None, depth: int) -> Iterator[TextLine]:
    if source is None:
        return
    element = f" element {source['element']}" if source["element"] else ""
    yield TextLine(
        f"<- file {source['file_id']}, set {source['transaction_set']}, segment {source['segment']}: "
        f"{source['segment_id']}{element} (bytes {source['bytes'][0]} to {source['bytes'][1]})",
        depth,
        "cyan",
    )
    if "text" in source:
        yield TextLine(source["text"], depth + 1, "cyan")
