"""docs/corrections.md says of every row of domain.md 6.4 what the rules do; an id begins with the number of the row."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from rules.decision_laws import broken_laws
from rules.family_settings import FrequencyRule, InterimTreatment
from rules.front_end import corrections, duplicates
from tests.rules.bills import BOOK, CORRECTION, Decided, book_with, decide_one, line
from tests.rules.references import reference
from tests.rules.test_duplicates import BILL, decide_line, pairs
from tests.rules.test_interim_bills import BELONGS, FOLLOWS, ROOM, STAY, STAYING, decide_stay

DOMAIN = Path(__file__).parents[2] / "docs" / "domain.md"
DOCUMENT = Path(__file__).parents[2] / "docs" / "corrections.md"
GAP = pd.Timestamp("2026-04-08")
VOID = CORRECTION | {"frequency_code": "8"}
WAITING = CORRECTION | {"correction_problem": "F8_PENDING", "original_first_remitted_on": None}


def correction(problem: str, frequency: str = "7") -> Decided:
    """A correction that has this problem with its original."""
    return decide_one(CORRECTION | {"frequency_code": frequency, "correction_problem": problem})


def with_rule(changes: dict[str, Any], claim: dict[str, Any], **facts: Any) -> Decided:  # noqa: ANN401 - of all kinds
    """A claim under another rule of corrections."""
    return decide_one(claim, book=book_with(correction=replace(BOOK.correction, **changes)), **facts)


LAST = FrequencyRule(interim="last")
BEFORE = {"earlier_charge_cents": 2_500_000}


def of_case(
    frequency: str,
    cents: int,
    interim: InterimTreatment = "last",
    *,
    from_admission: bool = False,
    **paid: int,
) -> Decided:
    """A bill of a stay that the plan pays so much for as a whole, whose earlier bills were denied, or `paid`."""
    fee = {"revenue_code": "0120", "method": "case", "amount_cents": cents}
    bill = STAY | {"frequency_code": frequency, "patient_status": STAYING.get(frequency, "01")}
    if from_admission:
        bill["service_from"] = bill["admission_date"]
    stays = pd.DataFrame([BELONGS | FOLLOWS | BEFORE | paid]).astype({"previous_through": "datetime64[s]"})
    lines = [line(**ROOM, charge_cents=2_000_000)]
    book = book_with(frequencies=(FrequencyRule(interim=interim),))
    return decide_one(bill, lines, stays=stays, reference=reference(fee=[fee]), book=book)


def late_charges_stand() -> Decided:
    """A void of the bill that paid late charges add to."""
    return decide_one(STAY | VOID, [line(**ROOM)], stays=pd.DataFrame([BELONGS | {"late_charge_claim_id": 60}]))


def repeated() -> Decided:
    """Late charges that are the bill itself once more."""
    stays = pd.DataFrame([BELONGS | {"base_claim_id": 50, "base_state": "paid"}])
    late = STAY | {"frequency_code": "5", "patient_status": "01"}
    return decide_one(late, [line(**ROOM)], stays=stays, like_bills=pairs({}, like=BILL))


CASES: dict[str, Callable[[], Decided]] = {
    "7 or 8 without REF*F8": lambda: correction("F8_MISSING"),
    "REF*F8 is no claim of ours": lambda: correction("F8_UNKNOWN"),
    "REF*F8 is a claim of another member": lambda: correction("F8_OTHER_MEMBER"),
    "REF*F8 is a claim of another provider": lambda: correction("F8_OTHER_PROVIDER"),
    "REF*F8 is a claim of another class": lambda: correction("F8_OTHER_CLASS"),
    "REF*F8 is a claim of other days": lambda: correction("F8_OTHER_DATES"),
    "the original is not decided yet": lambda: decide_one(WAITING),
    "the original was not decided in `wait_max_days`": lambda: with_rule(
        {"wait_max_days": 30}, WAITING, as_of=date(2026, 6, 30)
    ),
    "the original is in dispute": lambda: correction("F8_DISPUTED"),
    "the original was replaced": lambda: correction("F8_SUPERSEDED"),
    "7 of a voided claim": lambda: correction("F8_VOIDED"),
    "8 of a voided claim": lambda: correction("F8_VOIDED", "8"),
    "the original was denied and the plan wants a new claim": lambda: with_rule(
        {"denied_original": "new_claim"}, CORRECTION | {"original_state": "denied"}
    ),
    "7 of a paid claim": lambda: decide_one(CORRECTION),
    "7 of a denied claim": lambda: decide_one(CORRECTION | {"original_state": "denied"}),
    "8 of a paid claim": lambda: decide_one(VOID),
    "8 of a bill whose late charges are paid": late_charges_stand,
    "7 after the correction window": lambda: decide_one(CORRECTION | {"received_date": "2026-12-31"}),
    "7 that changes nothing": lambda: decide_one(CORRECTION | {"original_fingerprint": "new"}),
    "1 with REF*F8": lambda: decide_one({"payer_claim_control_number": "261590000009"}),
    "1 equal to an earlier claim": decide_line,
    "1 that looks like a correction of a paid claim": lambda: decide_line(same_account=True, same_charge=False),
    "5 with its base bill": lambda: decide_stay("5", base_claim_id=50, base_state="paid"),
    "5 that repeats its base bill": repeated,
    "5 to a bill that was paid the case": lambda: decide_stay(
        "5", base_claim_id=50, base_state="paid", stay_paid_by_case=True
    ),
    "5 without a base bill": lambda: decide_stay("5"),
    "3 or 4 without an earlier bill of the stay": lambda: decide_stay("3"),
    "3 or 4 after a gap or an overlap": lambda: decide_stay("4", **FOLLOWS | {"previous_through": GAP}),
    "2, 3 or 4 where the plan takes none": lambda: decide_stay("2", FrequencyRule(interim="refuse")),
    "2 or 3 where the plan pays a stay with its last bill": lambda: decide_stay("2", LAST),
    "2 or 3 of a stay with a price for the case": lambda: of_case("2", 1_000_000, "each"),
    "4 that a stay is paid with": lambda: of_case("4", 1_000_000),
    "4 of less charge than the stay is worth": lambda: of_case("4", 3_000_000),
    "4, 1 or 7 that states all of a stay which is paid with its last bill": lambda: of_case(
        "4", 1_000_000, from_admission=True
    ),
    "1, 4 or 7 with a price for the case, of which another bill was paid": lambda: of_case(
        "4", 1_000_000, stay_allowed_cents=5000, stay_paid_claim_id=50
    ),
}

ROWS: dict[int, str] = {
    1: "7 or 8 without REF*F8",
    2: "REF*F8 is no claim of ours",
    3: "REF*F8 is a claim of another",
    4: "the original is not decided yet|the original was not decided in",
    5: "the original was replaced",
    6: "7 of a voided claim|8 of a voided claim",
    7: "the original was denied and the plan wants",
    8: "7 of a paid claim|7 of a denied claim|8 of a paid claim|8 of a bill",
    9: "7 after the correction window",
    10: "7 that changes nothing",
    11: "1 equal to|1 that looks like|1 with REF",
    12: "5 with its base bill|5 that repeats|5 to a bill",
    13: "5 without a base bill",
    14: "2|3|4|1, 4 or 7",
}
"""By row of domain.md 6.4 how its situations begin."""


def row_of(situation: str) -> int:
    """The row of a situation, 0 of one that the matrix does not have."""
    found = (number for number, starts in ROWS.items() if situation.startswith(tuple(starts.split("|"))))
    return next(found, 0)


PROBLEMS: dict[str, tuple[str, str]] = {
    "7 or 8 without REF*F8": ("F8_MISSING", "7"),
    "REF*F8 is no claim of ours": ("F8_UNKNOWN", "7"),
    "REF*F8 is a claim of another member": ("F8_OTHER_MEMBER", "7"),
    "REF*F8 is a claim of another provider": ("F8_OTHER_PROVIDER", "7"),
    "REF*F8 is a claim of another class": ("F8_OTHER_CLASS", "7"),
    "REF*F8 is a claim of other days": ("F8_OTHER_DATES", "7"),
    "the original is not decided yet": ("F8_PENDING", "7"),
    "the original is in dispute": ("F8_DISPUTED", "7"),
    "the original was replaced": ("F8_SUPERSEDED", "7"),
    "7 of a voided claim": ("F8_VOIDED", "7"),
    "8 of a voided claim": ("F8_VOIDED", "8"),
    "the original was denied and the plan wants a new claim": ("F8_DENIED", "7"),
    "5 without a base bill": ("NO_BASE_BILL", "5"),
}
"""What the loader finds in a situation, and the frequency of the claim."""


def matrix() -> dict[str, tuple[str, str]]:
    """Status and answer of each situation in the document."""
    text = DOCUMENT.read_text(encoding="utf-8").partition("| Situation |")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()[2:]]
    return {situation: (statuses, answer) for situation, statuses, answer in rows}


def answer(decided: Decided) -> str:
    """What was decided, in the words of the document."""
    if decided.outcome == "pended":
        return f"waits: {decided.pend_reason}"
    if decided.claim_status_code == "void":
        return "reversal alone"
    if decided.outcome == "paid":
        return "reversal and new decision" if decided.replaces_original else "decided as usual"
    return " ".join([*decided.codes, *dict.fromkeys(remark for _, remark in decided.remarks)])


def test_the_document_and_the_cases_name_the_same_situations() -> None:
    """In the same order."""
    assert list(matrix()) == list(CASES)


def test_every_row_of_the_specification_has_a_case() -> None:
    """Of the matrix in docs/domain.md."""
    table = DOMAIN.read_text(encoding="utf-8").partition("### 6.4 ")[2].partition("\n### ")[0]
    rows = re.findall(r"^\| (?!Situation|---)", table, re.MULTILINE)
    assert sorted({row_of(situation) for situation in CASES} - {0}) == list(range(1, len(rows) + 1))


@pytest.mark.parametrize("situation", [pytest.param(name, id=f"{row_of(name)}-{name}") for name in CASES])
def test_the_document_says_what_is_decided(situation: str) -> None:
    """And that a correction which is denied for its original leaves that in force; CLP02, and the money to the cent."""
    decided = CASES[situation]()
    documented = re.sub(", original untouched$", "", matrix()[situation][1])
    assert documented == answer(decided)
    assert broken_laws(decided.decisions).empty
    if decided.outcome == "denied":
        assert not decided.replaces_original
        charges = decided.decisions.lines["charge_cents"].tolist()
        assert [cents for *_, cents in decided.adjustments] == charges
        assert (decided.claim_status_code, decided.paid_cents) == ("1", 0)
    elif decided.outcome == "paid" and decided.claim_status_code != "void":
        adjusted = sum(cents for *_, cents in decided.adjustments)
        charge = int(decided.decisions.lines["charge_cents"].sum())
        assert (decided.claim_status_code, decided.paid_cents) == ("1", charge - adjusted)
        assert decided.paid_cents > 0


def test_the_document_says_what_the_277ca_tells() -> None:
    """Of every situation: the statuses of its edit, or that there is none; and no edit of corrections is left out."""
    told = {situation: corrections.edit_of(*problem) for situation, problem in PROBLEMS.items()}
    assert {edit for edit in told.values() if edit is not None} == set(corrections.EDITS)
    statuses = {situation: edit.statuses for situation, edit in told.items() if edit is not None}
    (equal,) = (edit for edit in duplicates.EDITS if edit.id == "DUPLICATE_OF_FINALISED")
    statuses["1 equal to an earlier claim"] = equal.statuses
    assert {situation: said for situation, (said, _) in matrix().items()} == {
        situation: statuses.get(situation, "-") for situation in CASES
    }
