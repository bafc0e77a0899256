"""No decision that breaks a law of domain.md 8.1 leaves, whoever made it: the rules, a person, or another system."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from edi.claim_facts import ClaimFacts
from edi.import_problems import ImportRefused
from rules import adjudication
from rules.decision_laws import broken_laws
from rules.operator_actions import Denial, denied
from rules.ruling import Rule, Ruling
from tests.rules.bills import BOOK, CLAIM, LINE, PROVIDER, SPAN, claim, decide_all, frame, line
from tests.rules.test_cob import others, paid_before
from tests.rules.test_imported_decisions import ROW, judged

FACTS = ClaimFacts(
    claims=frame([claim(charge_cents=18250)], CLAIM),
    lines=frame([line()], LINE),
    spans=frame([SPAN], SPAN),
    providers=frame([PROVIDER], PROVIDER),
)
BROKEN = [
    pytest.param("CO", "45", (), "45 never takes the whole charge", id="45-is-never-the-whole-charge"),
    pytest.param("OA", "45", ("N130",), "45 goes with group", id="45-is-CO-or-PR"),
    pytest.param("CO", "18", (), "18 goes with group OA", id="18-is-OA"),
    pytest.param("CO", "23", (), "23 goes with group OA", id="23-is-OA"),
    pytest.param("PR", "139", (), "139 goes with group CO", id="139-is-CO"),
    pytest.param("CO", "275", (), "275 goes with group PR", id="275-is-PR"),
    pytest.param("CR", "97", (), "the group is CO, OA, PI or PR", id="CR-is-gone"),
    pytest.param("CO", "16", (), "says nothing alone", id="16-says-nothing-alone"),
    pytest.param("CO", "252", ("N210", "MA67"), "says nothing alone", id="alerts-never-satisfy"),
    pytest.param("OA", "133", (), "left pending", id="no-pending-line"),
]
Codes = tuple[str, ...]


@pytest.mark.parametrize(("group", "reason", "remarks", "law"), BROKEN)
def test_a_rule_that_breaks_a_law_makes_its_claim_wait(
    monkeypatch: pytest.MonkeyPatch, group: str, reason: str, remarks: Codes, law: str
) -> None:
    """For a person, with the law in its explanation; no line, adjustment or remark of it leaves."""

    def denies(lines: pd.DataFrame, _rulebook: object) -> list[Ruling]:
        codes = {"group_code": group, "reason_code": reason, "remark_codes": remarks}
        return [Ruling(lines=lines, effect="deny", rule="WRONG", text="wrong", **codes)]  # type: ignore[arg-type]

    monkeypatch.setattr(adjudication, "RULES", (Rule(denies, "a test"),))
    decisions = adjudication.decide(FACTS, BOOK)
    (head,) = decisions.claims.to_dict("records")
    assert (head["outcome"], head["pend_reason"]) == ("pended", "DECISION_BREAKS_LAW")
    assert any(law in each["text"] for each in head["explanation"])
    assert not len(decisions.lines) + len(decisions.adjustments) + len(decisions.remarks)


@pytest.mark.parametrize(("group", "reason", "remarks", "law"), BROKEN)
def test_a_persons_denial_that_breaks_a_law_is_refused(group: str, reason: str, remarks: Codes, law: str) -> None:
    """`pipeline.pend_work.deny` stores nothing of which `broken_laws` tells any."""
    waits = decide_all([claim()], [line(procedure_code="X9999")])
    done = denied(FACTS, waits, Denial(group, reason, remarks, 1, "NO_PRICE"))
    assert any(law in each for each in broken_laws(done)["law"])


@pytest.mark.parametrize(("group", "reason", "remarks", "law"), BROKEN)
def test_an_imported_decision_that_breaks_a_law_is_refused(group: str, reason: str, remarks: Codes, law: str) -> None:
    """With its whole file, and by row."""
    row = ROW | {"outcome": "denied", "allowed_cents": 0, "paid_cents": 0, "remark_codes": " ".join(remarks) or None}
    with pytest.raises(ImportRefused) as refused:
        judged(row | {"adjustments": f"{group}:{reason}:{ROW['charge_cents']}"})
    # the form of the file knows no other groups
    assert any(law in problem.text or "adjustments" in problem.text for problem in refused.value.problems)


def test_what_breaks_a_law_only_without_the_others_waits_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second look finds another claim, the third none."""
    found = iter([[1], [2], []])

    def broken(_decisions: object) -> pd.DataFrame:
        ids = next(found)
        return pd.DataFrame({"claim_id": pd.Series(ids, dtype="int64"), "law": ["a law"] * len(ids)})

    monkeypatch.setattr(adjudication, "broken_laws", broken)
    bills = [claim(), claim(claim_id=2), claim(claim_id=3)]
    decisions = decide_all(bills, [line(), line(claim_id=2), line(claim_id=3)])
    assert decisions.claims["outcome"].tolist() == ["pended", "pended", "paid"]


def test_a_person_denies_as_the_payer_that_we_are() -> None:
    """CLP02 is 2 where we are the second payer (domain.md 8.1 #1)."""
    waits = decide_all([claim()], [line(procedure_code="X9999")])
    second = ClaimFacts(
        claims=FACTS.claims, lines=FACTS.lines, spans=FACTS.spans, providers=FACTS.providers, other_payers=others("S")
    )
    denial = Denial("CO", "50", (), 1, "NO_PRICE")
    assert denied(second, waits, denial).claims["claim_status_code"].tolist() == ["2"]
    assert denied(FACTS, waits, denial).claims["claim_status_code"].tolist() == ["1"]


def test_a_persons_denial_leaves_what_another_payer_did() -> None:
    """The patient owes of a denial what the primary left to him (domain.md 8.2 #18)."""
    second = replace(FACTS, other_payers=paid_before(16250, (1, "PR", 2000)))
    waits = decide_all([claim()], [line(procedure_code="X9999")])
    done = denied(second, waits, Denial("PR", "50", (), 1, "NO_PRICE"))
    codes = done.adjustments[["group_code", "reason_code", "amount_cents"]].to_numpy().tolist()
    assert codes == [["OA", "23", 16250], ["PR", "50", 2000]]
    assert done.claims["patient_responsibility_cents"].tolist() == [2000]
    assert broken_laws(done).empty
