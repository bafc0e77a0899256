from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from edi.claim_screening import ScreeningFacts
from edi.finding_codes import CODES, ERROR
from edi.finding_codes.code import BUSINESS
from rules.filing_settings import Limit
from rules.front_end.describe import describe
from rules.front_end.edit import SEVERITIES
from rules.front_end.providers import is_npi, is_tin
from rules.front_end.screen import EDITS, FrontEnd
from rules.front_end.settings import EditRule, FrontEndSettings, Submitter
from rules.front_end.syntax import SYNTAX
from rules.rulebook import Rulebook
from tests.rules.bills import BOOK

RECEIVED = date(2026, 6, 1)
SOUND: dict[str, object] = {
    "kind": "P",
    "payer_id": "HHP01",
    "submitter_id": "CLEARLINK",
    "billing_npi": "1999999984",
    "billing_taxonomy": "207Q00000X",
    "facility_code": "11",
    "delay_reason": None,
    "payer_responsibility": "P",
    "patient_status": None,
    "admitted_at": None,
    "discharged_at": None,
    "discharge_occurrence_date": None,
    "member_covered": True,
    "batch_is_reissued": False,
    "tin_key": "061234567",
    "frequency_code": "1",
    "predetermination": None,
    "patient_birth_date": "1980-01-01",
    "service_from": "2026-05-04",
    "service_through": "2026-05-05",
    "admission_date": None,
    "received_date": "2026-06-01",
    "member_known": True,
    "subscriber_known": True,
    "birth_date_known": True,
    "provider_known": True,
    "tin_known": True,
    "duplicate_of": None,
}
DAYS = (
    *("patient_birth_date", "service_from", "service_through", "admission_date", "discharge_occurrence_date"),
    "received_date",
)
TEXTS = (
    *("duplicate_of", "delay_reason", "billing_taxonomy", "patient_status", "admitted_at", "discharged_at"),
    *("payer_responsibility", "predetermination", "frequency_code", "facility_code", "submitter_id", "billing_npi"),
)
STAY: dict[str, object] = {"kind": "I", "facility_code": "11", "patient_status": "01", "discharged_at": "11:00:00"}


def facts(*changes: dict[str, object]) -> ScreeningFacts:
    """Claims that are sound but for these changes."""
    rows = [{"row": row, **SOUND, **change} for row, change in enumerate(changes)]
    frame = pd.DataFrame(rows, columns=["row", *SOUND])
    frame["row"] = frame["row"].astype("Int64")
    for name in TEXTS:
        frame[name] = frame[name].astype("str")
    for name in DAYS:
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
    lines = frame[["row", "service_from", "service_through"]].assign(procedure_code="99213")
    return ScreeningFacts(claims=frame, lines=lines)


def found(
    *changes: dict[str, object], settings: FrontEndSettings | None = None, rulebook: Rulebook | None = None
) -> list[tuple[int, str, str]]:
    """Claim, edit and statuses."""
    screen = FrontEnd(settings or FrontEndSettings(), "clearlink", RECEIVED, rulebook=rulebook)
    rows = screen.claims(facts(*changes)).to_pylist()
    return [(row["row"], row["edit"], row["statuses"]) for row in rows]


UNKNOWN = {"member_known": False, "subscriber_known": False, "birth_date_known": False}


@pytest.mark.parametrize(
    ("change", "edit", "statuses"),
    [
        (UNKNOWN, "MEMBER_UNKNOWN", "A3:33"),
        ({**UNKNOWN, "subscriber_known": True}, "MEMBER_MISMATCHED", "A7:158:QC A8:30"),
        ({"billing_npi": "1999999985", "provider_known": False}, "BILLING_NPI_INVALID", "A7:562:85"),
        ({"tin_key": "999999999", "tin_known": False}, "BILLING_TIN_INVALID", "A7:128:85"),
        ({"service_from": None, "service_through": None}, "SERVICE_UNDATED", "A6:187"),
        ({"service_through": "2026-06-02"}, "SERVICE_AFTER_RECEIPT", "A7:510 A7:187"),
        ({"service_from": "1979-12-31"}, "SERVICE_BEFORE_BIRTH", "A7:187 A7:158:QC"),
        ({"kind": "I", "admission_date": "2026-05-06"}, "DISCHARGE_BEFORE_ADMISSION", "A8:189 A8:190"),
        ({"admission_date": "2026-06-02"}, "ADMISSION_AFTER_RECEIPT", "A7:510 A7:189"),
        ({"frequency_code": "3"}, "FREQUENCY_NOT_TAKEN", "A7:535"),
        ({"frequency_code": None}, "FREQUENCY_NOT_TAKEN", "A7:535"),
        ({"delay_reason": "12"}, "DELAY_REASON_NOT_TAKEN", "A7:555"),
        ({"billing_taxonomy": "207Q00000Y"}, "BILLING_TAXONOMY_INVALID", "A7:145:85"),
        (
            {**STAY, "admission_date": "2026-05-05", "admitted_at": "11:01:00"},
            "DISCHARGE_HOUR_EARLY",
            "A8:189 A8:233",
        ),
        ({"batch_is_reissued": True, "duplicate_of": "finalised"}, "REISSUE_OF_FINALISED", "A3:54"),
        ({"batch_is_reissued": True, "duplicate_of": "pending"}, "REISSUE_OF_PENDING", "A3:78"),
    ],
)
def test_what_is_wrong_rejects_the_claim_alone(change: dict[str, object], edit: str, statuses: str) -> None:
    """The table of domain.md 1.6, by default; its neighbours are not touched."""
    assert found({}, change, {}) == [(1, edit, statuses)]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({}, id="a sound claim"),
        pytest.param({"service_from": "2026-06-01", "service_through": "2026-06-01"}, id="service on the day"),
        pytest.param({"service_from": "1980-01-01"}, id="service on the day of birth"),
        pytest.param({"kind": "I", "admission_date": "2026-05-05"}, id="discharged on the day of admission"),
        pytest.param({"kind": "I", "frequency_code": "3"}, id="an interim bill of a hospital"),
        pytest.param({"kind": "D", "frequency_code": "8"}, id="a void"),
        pytest.param(
            {"service_from": None, "service_through": None, "predetermination": "PB"}, id="an estimate has no date"
        ),
        pytest.param({"billing_npi": None}, id="a provider without NPI"),
        pytest.param({"patient_birth_date": None}, id="a birth nobody knows"),
        pytest.param({**UNKNOWN, "subscriber_known": True, "birth_date_known": True}, id="twins, for a person"),
        pytest.param({"provider_known": False, "tin_known": False}, id="not on file is adjudication's"),
        pytest.param({"tin_known": False}, id="another's TIN is adjudication's"),
        pytest.param({"duplicate_of": "finalised"}, id="a duplicate is adjudication's"),
        pytest.param({"member_covered": False}, id="coverage is adjudication's"),
        pytest.param({"billing_taxonomy": None}, id="a provider without taxonomy"),
        pytest.param({"delay_reason": "15"}, id="a delay reason of the guide"),
        pytest.param({"batch_is_reissued": True}, id="sent again and new all the same"),
        pytest.param(
            {**STAY, "admission_date": "2026-05-04", "admitted_at": "23:00:00"}, id="discharged on a later day"
        ),
    ],
)
def test_what_is_sound_or_left_to_adjudication_is_taken_in(change: dict[str, object]) -> None:
    """Nothing is found."""
    assert found(change) == []


@pytest.mark.parametrize(
    ("change", "edit"),
    [
        ({"provider_known": False, "tin_known": False}, "PROVIDER_UNKNOWN"),
        ({"tin_known": False}, "PROVIDER_TIN_MISMATCHED"),
        ({"duplicate_of": "finalised"}, "DUPLICATE_OF_FINALISED"),
        ({"duplicate_of": "pending"}, "DUPLICATE_OF_PENDING"),
        ({"member_covered": False}, "MEMBER_NOT_ELIGIBLE"),
        ({"billing_taxonomy": None}, "BILLING_TAXONOMY_MISSING"),
        ({**STAY, "discharged_at": None}, "DISCHARGE_HOUR_MISSING"),
    ],
)
def test_a_plan_may_reject_what_is_usually_denied_later(change: dict[str, object], edit: str) -> None:
    """By front_end.yaml."""
    settings = FrontEndSettings(rules=(EditRule(edit=edit, severity="reject"),))
    assert [name for _, name, _ in found(change, {}, settings=settings, rulebook=BOOK)] == [edit]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"patient_status": "30"}, id="still a patient"),
        pytest.param({"frequency_code": "3"}, id="a bill of a stay that goes on"),
        pytest.param({"facility_code": "13"}, id="no stay"),
    ],
)
def test_a_discharge_hour_is_wanted_of_stays_that_ended(change: dict[str, object]) -> None:
    """And only where the plan asks for it."""
    settings = FrontEndSettings(rules=(EditRule(edit="DISCHARGE_HOUR_MISSING", severity="reject"),))
    assert found({**STAY, "discharged_at": None, **change}, settings=settings, rulebook=BOOK) == []


LATE = FrontEndSettings(rules=(EditRule(edit="FILED_LATE", severity="reject"),))
OLD: dict[str, object] = {"service_from": "2026-04-01", "service_through": "2026-04-01"}
"""61 days before the receipt."""


def test_a_late_claim_may_be_returned() -> None:
    """A3:718 (domain.md 5.6); on its last day it is not late; by default it is adjudication's."""
    last_day: dict[str, object] = {"service_from": "2026-04-02", "service_through": "2026-04-02"}
    assert found({}, OLD, last_day, settings=LATE, rulebook=BOOK) == [(1, "FILED_LATE", "A3:718")]
    assert found(OLD, rulebook=BOOK) == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"delay_reason": "7"}, id="a delay reason may be proved"),
        pytest.param({"payer_responsibility": "S"}, id="another payer decided first"),
        pytest.param({"frequency_code": "7"}, id="a correction has its own window"),
        pytest.param({"predetermination": "PB", "kind": "D"}, id="an estimate is not late"),
        pytest.param({"service_from": None, "service_through": None, "predetermination": "PB"}, id="no date"),
    ],
)
def test_a_claim_that_may_be_excused_is_not_returned_as_late(change: dict[str, object]) -> None:
    """Evidence is weighed by adjudication alone."""
    assert found({**OLD, **change}, settings=LATE, rulebook=BOOK) == []


def test_one_timely_line_or_rule_keeps_a_claim() -> None:
    """Which rule holds depends on plan and contract, which are not known yet; late lines are denied one by one."""
    claims = facts(OLD, OLD)
    assert claims.lines is not None
    second = claims.lines.iloc[[0]].assign(service_from=pd.Timestamp("2026-05-04"), service_through=None)
    lines = pd.concat([claims.lines, second], ignore_index=True)
    screen = FrontEnd(LATE, "clearlink", RECEIVED, rulebook=BOOK)
    rows = screen.claims(ScreeningFacts(claims=claims.claims, lines=lines)).to_pylist()
    assert [row["row"] for row in rows] == [1]
    longer = replace(BOOK.filing_rules[0], id="LONGER", limit=Limit(90), plans=(BOOK.plans[0].id,))
    generous = replace(BOOK, filing_rules=(*BOOK.filing_rules, longer))
    assert found(OLD, settings=LATE, rulebook=generous) == []


def test_submitters_are_looked_at_where_ours_are_named() -> None:
    """A3:24:41 and A3:496:85 (domain.md 1.6)."""
    settings = FrontEndSettings(
        submitters=(Submitter(id="CLEARLINK"), Submitter(id="RIVER", providers=("1234567893",)))
    )
    assert found({}, {"submitter_id": "RIVER", "billing_npi": "1234567893"}, settings=settings) == []
    assert found({"submitter_id": "OTHER"}, {"submitter_id": "RIVER"}, settings=settings) == [
        (0, "SUBMITTER_NOT_APPROVED", "A3:24:41"),
        (1, "SUBMITTER_NOT_OF_PROVIDER", "A3:496:85"),
    ]


def test_a_plan_may_take_fewer_delay_reasons() -> None:
    """As New York refuses 5 and 6 (domain.md 5.7)."""
    settings = FrontEndSettings(delay_reasons=("1", "7"))
    assert [row for row, _, _ in found({"delay_reason": "5"}, {"delay_reason": "7"}, {}, settings=settings)] == [0]


def test_a_file_without_claims_to_look_at_is_screened_too() -> None:
    """All of them may have been refused."""
    assert found(settings=LATE, rulebook=BOOK) == []


def test_a_payer_is_looked_at_where_ours_are_named() -> None:
    """A3:116; without payer_ids nobody looks."""
    settings = FrontEndSettings(payer_ids=("HHP01", "HHP02"))
    change: dict[str, object] = {"payer_id": "OTHER"}
    assert found({}, change, settings=settings) == [(1, "PAYER_WRONG", "A3:116")]
    assert found(change) == []


@pytest.mark.parametrize(
    ("problem", "frequency", "said"),
    [
        pytest.param("F8_MISSING", "7", ["A6:464 A6:535"], id="T13: no REF*F8"),
        pytest.param("F8_UNKNOWN", "8", ["A7:464 A7:35"], id="no claim of ours"),
        pytest.param("F8_OTHER_MEMBER", "7", ["A8:464 A8:30"], id="another member's"),
        pytest.param("F8_OTHER_PROVIDER", "7", ["A8:464 A8:562:85"], id="another provider's"),
        pytest.param("F8_OTHER_CLASS", "7", ["A8:464"], id="another class of claim"),
        pytest.param("F8_OTHER_DATES", "7", ["A8:464 A8:187"], id="no day in common"),
        pytest.param("NO_BASE_BILL", "5", ["A7:535 A7:464"], id="late charges to nothing"),
        pytest.param("F8_SUPERSEDED", "7", ["A7:495"], id="T15: replaced already"),
        pytest.param("F8_VOIDED", "7", ["A7:464"], id="voided"),
        pytest.param("F8_VOIDED", "8", [], id="T16: voided twice is answered by N547"),
        pytest.param("F8_PENDING", "7", [], id="waits for its original"),
        pytest.param("F8_ANYTHING_ELSE", "7", [], id="what the front end knows nothing of"),
    ],
)
def test_a_correction_is_returned_for_its_original(problem: str, frequency: str, said: list[str]) -> None:
    """domain.md 6.4, the column of the 277CA; vectors T13, T15 and T16."""
    problems = pd.DataFrame([{"row": 3, "frequency_code": frequency, "correction_problem": problem}])
    rows = FrontEnd(FrontEndSettings(), "clearlink", RECEIVED).corrections(problems).to_pylist()
    assert [(row["row"], row["statuses"], row["severity"]) for row in rows] == [(3, one, "reject") for one in said]


@pytest.mark.parametrize(("replaces_denied", "said"), [(True, []), (False, ["A7:787"])])
def test_a_plan_may_want_a_new_claim_after_a_denial(replaces_denied: bool, said: list[str]) -> None:
    """domain.md 6.4, RFI 2398: a replacement of a denied claim is returned only where the plan says so."""
    problems = pd.DataFrame([{"row": 3, "frequency_code": "7", "correction_problem": "F8_DENIED"}])
    screen = FrontEnd(FrontEndSettings(), "clearlink", RECEIVED, replaces_denied)
    assert screen.corrections(problems)["statuses"].to_pylist() == said


def test_what_the_scanner_found_is_told_at_its_line() -> None:
    """Under the severity of its edit."""
    scanned = pa.Table.from_pylist(
        [
            {"row": 0, "line_number": None, "edit": "CLAIM_CHARGE_IMBALANCE", "statuses": "A7:400 A7:178"},
            {"row": 1, "line_number": 2, "edit": "PROCEDURE_INVALID", "statuses": "A7:454"},
            {"row": 1, "line_number": 2, "edit": "MODIFIER_INVALID", "statuses": "A7:453"},
        ]
    )
    settings = FrontEndSettings(
        rules=(
            EditRule(edit="MODIFIER_INVALID", severity="accept"),
            EditRule(edit="CLAIM_CHARGE_IMBALANCE", severity="report"),
        )
    )
    together = replace(facts({}, {}), tables={"claim_finding": scanned})
    rows = FrontEnd(settings, "clearlink", RECEIVED).claims(together).to_pylist()
    assert [(row["row"], row["line_number"], row["severity"], row["statuses"]) for row in rows] == [
        (0, None, "report", "A7:400 A7:178"),
        (1, 2, "reject", "A7:454"),
    ]


@pytest.mark.parametrize(
    ("partner", "day", "severity"),
    [
        pytest.param("northgate", date(2026, 1, 1), "report", id="for everybody"),
        pytest.param("clearlink", date(2025, 12, 31), "report", id="before the partner's own begins"),
        pytest.param("clearlink", date(2026, 1, 1), "accept", id="the partner's own goes first"),
        pytest.param("clearlink", date(2026, 7, 1), "reject", id="of several the one that began last"),
        pytest.param("clearlink", date(2026, 8, 1), "accept", id="until it ends"),
    ],
)
def test_a_severity_is_the_partners_on_the_day_of_receipt(partner: str, day: date, severity: str) -> None:
    """Rules with dates."""
    rules = (
        EditRule(edit="PAYER_WRONG", severity="report"),
        EditRule(edit="PAYER_WRONG", severity="accept", partners=("clearlink",), effective_from=date(2026, 1, 1)),
        EditRule(
            edit="PAYER_WRONG",
            severity="reject",
            partners=("clearlink",),
            effective_from=date(2026, 7, 1),
            effective_through=date(2026, 7, 31),
        ),
    )
    assert FrontEndSettings(rules=rules).severity("PAYER_WRONG", "reject", partner, day) == severity


@pytest.mark.parametrize(
    ("npi", "valid"),
    [
        ("1234567893", True),
        ("1234567890", False),
        ("2000000000", False),
        ("3234567893", False),
        ("123456789", False),
        ("12345678A3", False),
        ("", False),
    ],
)
def test_an_npi_has_a_check_digit(npi: str, valid: bool) -> None:
    """domain.md 7.4."""
    assert is_npi(npi) == valid


def test_a_tin_is_nine_digits_and_not_all_the_same() -> None:
    """domain.md 7.4."""
    assert [is_tin(tin) for tin in ("061234567", "000000000", "06123456", "06123456X")] == [True, False, False, False]


def test_every_edit_is_told_apart_and_can_be_sent() -> None:
    """Ids once; up to three statuses, of categories that a 277CA may have (RFI 1942)."""
    ids = [edit.id for edit in EDITS]
    assert len(ids) == len(set(ids))
    assert SYNTAX not in ids
    for edit in EDITS:
        statuses = edit.statuses.split(" ")
        assert len(statuses) <= 3
        assert all(status.startswith(("A3:", "A6:", "A7:", "A8:")) for status in statuses), edit.id
        assert edit.severity in SEVERITIES
        assert 3 <= edit.snip <= 7


ELSEWHERE = ("DEPOSIT_", "ENROLLMENT_", "REMITTANCE_", "MEMBER_", "REMARK_MISSING", "ROUTING_NUMBER_")
"""Beginnings of codes that no 837 has."""
LOADING = (
    "CLAIM_SYNTAX",
    "CLAIM_MEMBER_",
    "CLAIM_SERVICE_DATE_",
    "CLAIM_ORIGINAL_",
    "CLAIM_FREQUENCY_",
    "CLAIM_DUPLICATE",
)
"""Those that edits of another name find while a file is loaded."""


def test_every_error_of_a_claim_that_the_999_cannot_tell_has_an_edit() -> None:
    """SNIP types 3, 5, 6 and 7 go to the 277CA (domain.md 2): nothing falls between the two answers."""
    edits = {edit.id for edit in EDITS}
    for code in CODES.values():
        if (code.level, code.severity) == (BUSINESS, ERROR) and not code.id.startswith((*ELSEWHERE, *LOADING)):
            assert code.id in edits


def test_the_page_of_edits_is_up_to_date() -> None:
    """docs/edits.md is what `python -m rules.front_end.describe` writes."""
    page = Path(__file__).parents[2] / "docs" / "edits.md"
    assert page.read_text(encoding="utf-8") == describe()
