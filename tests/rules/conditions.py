"""Bills and surroundings for the table of cases of domain.md 8.2, and the words in which a case expects."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from edi.claim_facts import ClaimFacts, OtherPayers
from edi.money import to_cents
from edi.reference_data import ReferenceFacts
from rules.adjudication import decide
from rules.rulebook import FilingRule, Rulebook
from tests.rules.bills import BOOK, CLAIM, LINE, PROVIDER, SPAN, Decided, book_with, claim, frame, line
from tests.rules.references import reference

Adjusted = tuple[int, str, int]
"""Line, group with reason, and cents."""


@dataclass(frozen=True)
class Bill:
    """The office visit of 2026-04-01, changed, in changed surroundings."""

    head: dict[str, Any] = field(default_factory=dict)
    lines: tuple[dict[str, Any], ...] = ({},)
    book: Rulebook = BOOK
    span: dict[str, Any] | None = field(default_factory=dict)
    """Changes of the one span; None: there is none."""
    subscriber: dict[str, Any] | None = None
    """The coverage of his subscriber where the patient is a dependant without any."""
    provider: dict[str, Any] | None = field(default_factory=dict)
    other: OtherPayers | None = None
    tables: ReferenceFacts | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    """Further facts of `edi.claim_facts.ClaimFacts`."""

    def decided(self) -> Decided:
        """What becomes of it."""
        lines = [line(number, **each) for number, each in enumerate(self.lines, 1)]
        head = claim(**{"charge_cents": sum(each["charge_cents"] for each in lines)} | self.head)
        spans = [] if self.span is None else [SPAN | self.span]
        facts = dict(self.facts)
        if self.subscriber is not None:
            spans = [SPAN | {"member_id": 8, "tier": "FAM"} | self.subscriber]
            born = pd.Timestamp(self.subscriber.get("child_born_on", "2015-06-15"))
            facts["dependants"] = pd.DataFrame(
                {"claim_id": [1], "is_on_file": [head["member_id"] is not None], "born_on": [born],
                 "subscriber_member_id": [8]}
            )  # fmt: skip
        read = ClaimFacts(
            claims=frame([head], CLAIM),
            lines=frame(lines, LINE),
            spans=frame(spans, SPAN),
            providers=frame([] if self.provider is None else [PROVIDER | self.provider], PROVIDER),
            other_payers=self.other,
            reference=self.tables,
            **facts,
        )
        return Decided(decide(read, self.book))


def told(expected: str, charge: int = LINE["charge_cents"]) -> Adjusted:
    """`CO 29` is the whole charge of line 1, `2: PR 3 25.00` so much of line 2."""
    at, _, codes = expected.rpartition(": ")
    group, reason, *amount = codes.split()
    return int(at or 1), f"{group} {reason}", to_cents(amount[0]) if amount else charge


def plan(**changes: Any) -> Rulebook:  # noqa: ANN401 - any part of a plan
    """The rulebook with other terms of its plan."""
    return book_with(plans=(replace(BOOK.plans[0], **changes),))


def filing(**changes: Any) -> Rulebook:  # noqa: ANN401 - any part of a filing rule
    """The rulebook with another rule for professional claims."""
    first, *others = BOOK.filing_rules
    changed: FilingRule = replace(first, **changes)
    return book_with(filing_rules=(changed, *others))


def correcting(**changes: Any) -> Rulebook:  # noqa: ANN401 - any part of the rule
    """The rulebook with another rule of corrections."""
    return book_with(correction=replace(BOOK.correction, **changes))


def needs(kind: str, **given: Any) -> dict[str, Any]:  # noqa: ANN401 - any part of an authorization
    """Tables by which the visit needs an authorization or referral, of which one is given."""
    tables: dict[str, list[dict[str, Any]]] = {"authorization_rule": [{"kind": kind, "procedure_code": "99213"}]}
    if given:
        tables["authorization"] = [{"kind": kind, "number": "A1", "subscriber_id": "S0000007"} | given]
    return tables


def asks(subject: str, code: str, condition: str, lowest: str, highest: str | None = None) -> ReferenceFacts:
    """A table with one rule of a code."""
    row = {"subject": subject, "code": code, "condition": condition, "lowest": lowest, "highest": highest}
    return reference(service_rule=[row])


def valid(code_set: str, *codes: str) -> ReferenceFacts:
    """A table of the valid codes of a set."""
    return reference(code=[{"code_set": code_set, "code": code} for code in codes])


def excluded(reason: str, **changes: Any) -> ReferenceFacts:  # noqa: ANN401 - any column
    """A table by which the plan does not answer for the visit."""
    return reference(exclusion=[{"procedure_code": "99213", "reason_code": reason} | changes])


def policy(*modifiers: str, pointers: tuple[int, ...] = (), remark: str | None = None) -> ReferenceFacts:
    """A policy that covers the visit for M54 alone, for a bill with J069 and M549; `pointers` of line 1."""
    row = {"procedure_code": "99213", "lowest": "M54", "waiver_modifiers": " ".join(modifiers) or None}
    made = reference(diagnoses=("J069", "M549"), coverage_policy=[row | {"remark_code": remark}])
    at = pd.DataFrame({"claim_id": 1, "line_number": 1, "ordinal": list(pointers)}, dtype="Int64")
    return replace(made, pointers=at)


def rendering(npi: str | None, *known: dict[str, Any]) -> ReferenceFacts:
    """Who may render, and who is named on line 1."""
    made = reference(rendering_provider=[{"npi": "1999999984"} | each for each in known])
    named = [] if npi is None else [{"claim_id": 1, "line_number": 1, "rendering_npi": npi}]
    frame = pd.DataFrame(named, columns=["claim_id", "line_number", "rendering_npi"])
    types = {"claim_id": "Int64", "line_number": "Int64", "rendering_npi": "str"}
    return replace(made, renderings=frame.astype(types))


def paperwork(*announced: dict[str, Any], came: str | None = None, **rule: Any) -> ReferenceFacts:  # noqa: ANN401 - as above
    """The visit needs an operative note (PWK01 OB), of which the claim announces so much and one came."""
    need = {"procedure_code": "99213", "report_types": "OB OZ", "remark_code": "N29"} | rule
    tables: dict[str, Any] = {"attachment_rule": [need]}
    if came is not None:
        tables["attachment"] = [{"control_number": came, "received_on": "2026-04-22"}]
    names = ["claim_id", "line_number", "report_type", "transmission", "control_number"]
    usual = {"claim_id": 1, "line_number": None, "report_type": "OB", "transmission": "FX", "control_number": "N1"}
    sent = pd.DataFrame([usual | each for each in announced], columns=names)
    types = {"claim_id": "Int64", "line_number": "Int64"} | dict.fromkeys(names[2:], "str")
    return replace(reference(**tables), paperwork=sent.astype(types))


def paid_earlier(code: str, units: int = 1, modifiers: str = "", bill_type: str | None = None) -> dict[str, Any]:
    """A service of claim 90 on the day of the visit."""
    row: dict[str, Any] = {
        "claim_id": 1,
        "service_day": pd.Timestamp("2026-04-01"),
        "other_claim_id": 90,
        "other_line_number": 2,
        "procedure_code": code,
        "units_thousandths": units * 1000,
        "modifiers": modifiers,
        "bill_type": bill_type,
    }
    return {"earlier_services": pd.DataFrame([row])}
