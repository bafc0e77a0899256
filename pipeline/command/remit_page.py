"""Runs and remittances as lines of text for people: who is paid what, and how each amount comes about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from edi.money import dollars
from edi.payment_run import REVERSAL, VOID
from pipeline.command.claim_page import TextLine

Told = Mapping[str, Any]
FORWARD = "FB"


def run_page(title: str, report: Told) -> Iterator[TextLine]:
    """A run, or what one would be: its totals, then a line a payee, then what waits."""
    yield TextLine(title, 0, "bold")
    if "state" in report:
        by = f" by {report['released_by']}" if report["released_by"] else ""
        note = f" ({report['release_note']})" if report["release_note"] else ""
        yield TextLine(f"{report['state']}{by}{note}", 1)
    day = f", payment date {report['payment_date']}" if report["payment_date"] else ""
    yield TextLine(
        f"{dollars(report['paid_cents'])} in {_of(report, 'payments')} of {_of(report, 'remittances')}: "
        f"{_of(report, 'claims')}, {_of(report, 'reversals')}{day}",
        1,
    )
    for one in report["payees"]:
        yield TextLine(
            f"{one['trace_number']}  {one['payee_id']}  {one['payment_method']}  {dollars(one['payment_cents'])}"
            f"  = {_parts(one)}; {_of(one, 'claims')}, {_of(one, 'reversals')}"
            f"{'; by check, for it is more than an ACH entry can hold' if one['too_large_for_ach'] else ''}",
            1,
        )
    if report.get("waiting"):
        reasons = ", ".join(f"{count} {reason}" for reason, count in report["waiting"].items())
        yield TextLine(f"waits, and is in no payment: {reasons}", 1, "yellow")
    if report.get("without_payee"):
        yield TextLine(
            f"waits for a payee, for the provider registry names none: {', '.join(report['without_payee'])}",
            1,
            "yellow",
        )
    for told in left_out_words(report.get("left_out", ())):
        yield TextLine(f"left out, to be decided again: {told}", 1, "yellow")
    for fault in report.get("faults", ()):
        yield TextLine(f"keeps it from being released: {fault}", 1, "red")


def left_out_words(left_out: Sequence[Told]) -> list[str]:
    """Each claim that a run left out, with the law that keeps it out."""
    return [_left_out(one) for one in left_out]


def _left_out(one: Told) -> str:
    line = f" line {one['line_number']}" if one["line_number"] else ""
    return f"claim {one['claim_number']}{line}: {one['law']}{'' if one['waits'] else ' (decided again since)'}"


def remittance_page(report: Told) -> Iterator[TextLine]:
    """One remittance: claims with lines and reasons, provider adjustments, the three balances."""
    yield TextLine(
        f"Remittance {report['trace_number']}: {dollars(report['payment_cents'])} to {report['payee_id']}, "
        f"{report['payment_method']}, made {report['production_date']}, payment date {report['payment_date']}",
        0,
        "bold",
    )
    for claim in report["claims"]:
        yield from _claim(claim)
    for one in report["provider_adjustments"]:
        reference = f" {one['reference']}" if one["reference"] else ""
        does = "takes" if one["amount_cents"] > 0 else "adds"
        yield TextLine(f"PLB {one['reason_code']}{reference}: {does} {dollars(abs(one['amount_cents']))}", 1)
    balances = report["balances"]
    for name, law in (("service", "charge - adjustments = payment"), ("claim", "sums of lines, charge - adjustments")):
        one = balances[name]
        holds = "holds" if one["holds"] else "DOES NOT HOLD"
        yield TextLine(f"{name} balance ({law}): {holds} on {one['checked']}", 1, _style(one["holds"]))
    one = balances["transaction"]
    yield TextLine(
        f"transaction balance: claims {dollars(one['claims_cents'])}"
        f" {_signed('PLB', -one['provider_adjustments_cents'])} = {dollars(one['payment_cents'])}:"
        f" {'holds' if one['holds'] else 'DOES NOT HOLD'}",
        1,
        _style(one["holds"]),
    )


def difference_page(title: str, report: Told) -> Iterator[TextLine]:
    """What differs between two runs; nothing else."""
    paid = report["paid_cents"]
    yield TextLine(title, 0, "bold")
    yield TextLine(f"paid in all: {dollars(paid['before'])} -> {dollars(paid['after'])}", 1)
    for one in report["payees"]:
        yield TextLine(f"payee {one['payee_id']}: {_cents(one['before_cents'])} -> {_cents(one['after_cents'])}", 1)
    for one in report["claims"]:
        what = f"{one['entry']} of claim {one['claim_number']}"
        yield TextLine(f"{what}: {_cents(one['before_cents'])} -> {_cents(one['after_cents'])}", 1)
    if not report["payees"] and not report["claims"]:
        yield TextLine("Nothing differs.", 1)


def _claim(claim: Told) -> Iterator[TextLine]:
    """A claim; what a reversal takes back is told as it was paid."""
    is_reversal = claim["entry"] == REVERSAL
    sign, taken = (-1, "takes back ") if is_reversal else (1, "")
    interest = f", interest {dollars(sign * claim['interest_cents'])}" if claim["interest_cents"] else ""
    corrects = f", in place of {claim['original_claim_number']}" if claim["original_claim_number"] else ""
    share = claim["patient_responsibility_cents"]
    owes = f", patient {dollars(share)}" if share else ""
    said = "not in the 835" if claim["status_code"] == VOID else f"CLP02 {claim['status_code']}"
    yield TextLine(
        f"claim {claim['claim_number']} ({claim['patient_control_number']}), {claim['outcome']}, {said}{corrects}: "
        f"{taken}{dollars(sign * claim['charge_cents'])} - {dollars(sign * claim['adjusted_cents'])} = "
        f"{dollars(sign * claim['paid_cents'])}{owes}{interest}",
        1,
        "red" if is_reversal else None,
    )
    if claim["adjustments"]:
        yield TextLine(f"whole claim: {taken}{_reasons(claim['adjustments'], sign)}", 2)
    for line in claim["lines"]:
        code = "Rev" if line["procedure_qualifier"] == "NU" else line["procedure_qualifier"]
        reasons = _reasons(line["adjustments"], sign)
        yield TextLine(
            f"{line['line_number']}. {code} {line['procedure_code']}: {taken}{dollars(sign * line['charge_cents'])}"
            f"{f' - {reasons}' if reasons else ''} = {dollars(sign * line['paid_cents'])}",
            2,
        )


def _reasons(adjustments: Sequence[Told], sign: int) -> str:
    return ", ".join(
        f"{one['group_code']} {one['reason_code']} {dollars(sign * one['amount_cents'])}" for one in adjustments
    )


def _parts(one: Told) -> str:
    """What adds up to a payment."""
    parts = [f"claims {dollars(one['claims_cents'])}"]
    for name, sign, words in (
        ("interest_cents", 1, "interest"),
        ("balance_taken_cents", -1, "owed from before"),
        ("other_adjustments_cents", -1, "other bookings"),
        ("forwarded_cents", 1, "forwarded"),
    ):
        if one[name]:
            parts.append(_signed(words, sign * one[name]))
    return " ".join(parts)


def _signed(words: str, cents: int) -> str:
    """Something that is added, or taken away."""
    return f"{'+' if cents > 0 else '-'} {words} {dollars(abs(cents))}"


def _of(report: Told, what: str) -> str:
    """A number, and what it counts."""
    return f"{report[what]} {what if report[what] != 1 else what.removesuffix('s')}"


def _cents(cents: int | None) -> str:
    return "not in it" if cents is None else dollars(cents)


def _style(holds: bool) -> str:
    return "green" if holds else "red"
