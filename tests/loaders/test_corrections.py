"""Replacements and voids find their original, one at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from loaders.commit import CommitResult
from loaders.warehouse import Warehouse
from tests.loaders.intake import NOON, Intake, Row, claims_tables
from tests.loaders.verdicts import decide, denied, paid, pended, voided

FIRST = "260610000001"


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake with one claim on file, of a known member, which is paid."""
    intake = Intake(warehouse)
    intake.enroll({"maintenance_type": "021"})
    intake.claim({})
    decide(intake, paid(1))
    return intake


def correction(number: str | None = FIRST, frequency: str = "7", **values: object) -> Row:
    """A replacement or void that names a claim of ours."""
    return {"frequency_code": frequency, "payer_claim_control_number": number, **values}


def problem_of(intake: Intake, *claims: Row) -> str | None:
    """Why the last of these claims is refused, if it is."""
    intake.claim(*claims)
    return (
        str(intake.value("select coalesce(correction_problem, '') from claim order by claim_id desc limit 1")) or None
    )


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        pytest.param(correction(), None, id="a-known-claim"),
        pytest.param(correction(frequency="8"), None, id="a-void"),
        pytest.param(correction(" 26061-0000001 "), None, id="written-with-separators"),
        pytest.param(correction(None), "F8_MISSING", id="no-number"),
        pytest.param(correction(" - "), "F8_MISSING", id="nothing-but-separators"),
        pytest.param(correction("999999999999"), "F8_UNKNOWN", id="no-such-claim"),
        pytest.param(
            correction(patient_first_name="BEN", patient_birth_date=date(2010, 5, 5)), "F8_OTHER_MEMBER", id="person"
        ),
        pytest.param(correction(subscriber_id="S2"), "F8_OTHER_MEMBER", id="another-subscriber"),
        pytest.param(correction(billing_tin="069999999"), "F8_OTHER_PROVIDER", id="another-tin"),
        pytest.param(correction(billing_tin="06-1234567"), None, id="the-tin-with-a-hyphen"),
        pytest.param(correction(billing_npi="1888888883"), None, id="another-npi"),
        pytest.param(correction(kind="I"), "F8_OTHER_CLASS", id="another-class"),
        pytest.param(
            correction(service_from=date(2026, 2, 3), service_through=date(2026, 2, 3)),
            "F8_OTHER_DATES",
            id="no-day-in-common",
        ),
        pytest.param(correction(f"00{FIRST}"), None, id="leading-zeros"),
        pytest.param(correction(FIRST[-8:]), None, id="T14-last-8-digits"),
        pytest.param(correction(FIRST[-7:]), "F8_UNKNOWN", id="fewer-digits"),
        pytest.param(correction("99999999"), "F8_UNKNOWN", id="8-digits-of-no-claim"),
        pytest.param(correction(frequency="1"), None, id="F8-on-an-original-asks-nothing"),
    ],
)
def test_what_a_correction_must_name(intake: Intake, sent: Row, problem: str | None) -> None:
    """A claim of the same kind, member and billing TIN (domain.md 6.3)."""
    assert problem_of(intake, sent) == problem


def test_an_accepted_correction_takes_the_next_version(intake: Intake) -> None:
    """Same family; the original stays in force until adjudication replaces it."""
    result = intake.claim(correction())
    assert (result.corrections, result.refused_corrections) == (1, 0)
    assert intake.rows(
        "select family_id, version, version_state, original_claim_id, tracking_number from claim order by claim_id"
    ) == [(1, 1, "active", None, None), (1, 2, "active", 1, "T000000001")]
    assert intake.rows("select current_version, state from claim_family") == [(2, "active")]


def test_a_refused_correction_stands_alone(intake: Intake) -> None:
    """A family of its own, no version, and a tracking number like any other."""
    result = intake.claim(correction(None), correction("999999999999", "8"))
    assert (result.corrections, result.refused_corrections) == (2, 2)
    assert intake.rows(
        "select family_id, version, version_state, tracking_number from claim where claim_id > 1 order by claim_id"
    ) == [(2, None, "refused", "T000000001"), (3, None, "refused", "T000000002")]
    assert intake.rows("select current_version from claim_family order by family_id") == [(1,), (0,), (0,)]


def test_a_claim_of_unknown_members_is_matched_by_what_was_sent(intake: Intake) -> None:
    """Subscriber id and birth date, also when the member came on file between the two."""
    intake.claim({"subscriber_id": "S7"})
    decide(intake, denied(2, "31"))
    number = "260610000002"
    assert problem_of(intake, correction(number, subscriber_id="s7")) is None
    intake.claim({"subscriber_id": "S8"})
    decide(intake, denied(4, "31"))
    intake.enroll({"maintenance_type": "021", "subscriber_number": "S8"})
    assert problem_of(intake, correction("260610000004", subscriber_id="S8")) is None


def test_only_one_correction_at_a_time(intake: Intake) -> None:
    """While one waits for its decision, the next of the same original is too late; its own number may be named."""
    assert problem_of(intake, correction()) is None
    assert problem_of(intake, correction()) == "F8_SUPERSEDED"
    assert problem_of(intake, correction("260610000002")) == "F8_PENDING"


def test_the_first_of_a_file_wins(intake: Intake) -> None:
    """Two corrections of one claim in one file, after one that names nothing."""
    intake.claim(correction(None), correction(), correction(frequency="8"))
    assert intake.rows("select correction_problem from claim where claim_id > 1 order by claim_id") == [
        ("F8_MISSING",),
        (None,),
        ("F8_SUPERSEDED",),
    ]


def test_a_replaced_version_cannot_be_corrected_again(intake: Intake) -> None:
    """After the replacement was decided, its own number counts."""
    intake.claim(correction())
    decide(intake, paid(1))
    decide(intake, paid(2, replaces_original=True))
    assert problem_of(intake, correction()) == "F8_SUPERSEDED"
    assert problem_of(intake, correction("260610000002")) is None


def test_after_a_denied_correction_the_original_may_be_corrected(intake: Intake) -> None:
    """A correction that replaced nothing is refused, and its number is not used again."""
    intake.claim(correction())
    decide(intake, paid(1))
    decide(intake, denied(2))
    assert problem_of(intake, correction("260610000002")) == "F8_SUPERSEDED"
    assert problem_of(intake, correction()) is None
    assert intake.rows("select version, version_state from claim where family_id = 1 order by 1") == [
        (1, "active"),
        (2, "refused"),
        (3, "active"),
    ]


@pytest.mark.parametrize("named", [FIRST, "260610000002"])
def test_a_voided_claim_cannot_be_corrected(intake: Intake, named: str) -> None:
    """Neither by the original's number nor by that of the void."""
    intake.claim(correction(frequency="8"))
    decide(intake, paid(1))
    decide(intake, voided(2))
    assert problem_of(intake, correction(named)) == "F8_VOIDED"


def test_a_void_cannot_be_corrected(intake: Intake) -> None:
    """Not even before it is decided: it would be paid beside the claim that it voids."""
    intake.claim(correction(frequency="8"))
    assert problem_of(intake, correction("260610000002")) == "F8_VOIDED"
    assert problem_of(intake, correction("260610000002", "8")) == "F8_VOIDED"


def test_test_claims_correct_test_claims_only(intake: Intake) -> None:
    """A correction sent as test finds no production claim."""
    file, tables = intake.deliver("837"), claims_tables(correction())
    verdict = intake.next_verdict("837")
    (sent,) = verdict.interchanges
    object.__setattr__(sent, "usage", "T")
    intake.commit(file, verdict, tables, accept_test=True)
    assert intake.value("select correction_problem from claim where is_test") == "F8_UNKNOWN"


def test_the_last_digits_must_be_those_of_one_claim(intake: Intake) -> None:
    """T14: of one claim of the member. Of two it says nothing, of somebody else's likewise."""
    intake.enroll({"maintenance_type": "021", "subscriber_number": "S2"})
    short = FIRST[-8:]
    assert problem_of(intake, correction(short, subscriber_id="S2")) == "F8_UNKNOWN"
    intake.claim({}, arrived_at=NOON + timedelta(days=30))
    intake.rows("update claim set claim_number = '270610000001' where claim_id = 3 returning 1")
    assert problem_of(intake, correction(short)) == "F8_UNKNOWN"
    assert problem_of(intake, correction(FIRST)) is None


@pytest.mark.parametrize("state", ["accepted", "pended"])
def test_a_correction_of_what_is_not_decided_waits_with_its_version(intake: Intake, state: str) -> None:
    """F8_PENDING is no refusal: it takes the next version, and another one comes too late."""
    intake.claim({})
    if state == "pended":
        decide(intake, pended(2, "NO_PRICE"))
    assert problem_of(intake, correction("260610000002")) == "F8_PENDING"
    assert intake.rows("select family_id, version, version_state, original_claim_id from claim where claim_id = 3") == [
        (2, 2, "active", 2)
    ]
    assert problem_of(intake, correction("260610000002")) == "F8_SUPERSEDED"


def test_a_correction_is_linked_to_no_claim_of_somebody_else(intake: Intake) -> None:
    """Nothing of that claim may show in what is said of this one."""
    intake.claim(correction(subscriber_id="S2"), correction(billing_tin="069999999"))
    assert intake.rows("select original_claim_id, version from claim where claim_id > 1") == [(None, None)] * 2


def at_once(*works: Callable[[], CommitResult]) -> list[CommitResult]:
    """Do all of them, each in a thread and a connection of its own."""
    results: list[CommitResult] = []
    threads = [threading.Thread(target=lambda work=work: results.append(work())) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.parametrize("attempt", range(5))
def test_two_files_that_correct_one_claim_at_once_leave_one_winner(intake: Intake, attempt: int) -> None:
    """Whoever comes second waits for the first, and is superseded."""
    for number in range(attempt):
        intake.claim({"patient_control_number": f"OTHER{number}"})
    files = [(intake.deliver("837"), intake.next_verdict("837")) for _ in range(2)]
    results = at_once(
        *(
            lambda file=file, verdict=verdict: intake.commit(file, verdict, claims_tables(correction()))
            for file, verdict in files
        )
    )
    assert sorted(result.refused_corrections for result in results) == [0, 1]
    assert intake.rows(
        "select correction_problem, version from claim where tracking_number is not null order by version"
    ) == [(None, 2), ("F8_SUPERSEDED", None)]
    assert intake.value("select current_version from claim_family where family_id = 1") == 2


def test_corrections_of_many_claims_in_opposite_order_do_not_lock_each_other_out(intake: Intake) -> None:
    """Families are locked by key, whatever the order in the file."""
    intake.claim(*({"patient_control_number": f"P{number}"} for number in range(40)))
    numbers = [number for (number,) in intake.rows("select claim_number from claim order by 1")]
    files = [(intake.deliver("837"), intake.next_verdict("837"), order) for order in (numbers, numbers[::-1])]
    results = at_once(
        *(
            lambda file=file, verdict=verdict, order=order: intake.commit(
                file, verdict, claims_tables(*(correction(number) for number in order))
            )
            for file, verdict, order in files
        )
    )
    assert sorted(result.refused_corrections for result in results) == [0, 41]


def test_a_correction_that_waits_sees_what_it_waited_for(intake: Intake) -> None:
    """The family is locked by another transaction, which voids it, and only then screened."""
    done: list[CommitResult] = []
    with intake.warehouse.engine.connect() as other:
        other.execute(text("update claim_family set state = 'voided' where family_id = 1"))
        waiting = threading.Thread(target=lambda: done.append(intake.claim(correction())))
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
        other.commit()
        waiting.join()
    assert done[0].refused_corrections == 1
    assert intake.value("select correction_problem from claim where claim_id = 2") == "F8_VOIDED"
