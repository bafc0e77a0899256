"""Expectations park a file for a person, and nothing but that file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Never

import pytest

from edi.trouble import Retryable
from loaders.warehouse import Warehouse
from pipeline.configuration import load_configuration
from pipeline.file_steps import StepCrashed
from pipeline.process import commit_files, expect_files, process_files, translate_files
from rules.expectations import ExpectationOutcome, ExpectationResult
from rules.expectations.measuring import ExpectationNotMeasured
from tests.pipeline.plan import CLAIMS, DEMO, ENROLLMENT, HOSPITAL_CLAIMS, MINUTE, Plan

FREQUENCY = "claim.frequency_code_known"
BORN = "enrollment_member.birth_date_past"
ODD_CLAIMS = CLAIMS.replace(b"11:B:1*", b"11:B:Z*", 1)
BORN_ON_THE_FIFTH = re.sub(rb"DMG\*D8\*19[78]\d+", b"DMG*D8*20260605", ENROLLMENT)
ONE_BORN_ON_THE_FIFTH = ENROLLMENT.replace(b"DMG*D8*19800211", b"DMG*D8*20260605")


def edited(content: bytes, *changes: tuple[bytes, bytes]) -> bytes:
    """A file, each change made once."""
    for old, new in changes:
        assert old in content
        content = content.replace(old, new, 1)
    return content


BAD_CLAIMS = edited(
    CLAIMS,
    (b"11:B:1*", b"11:B:Z*"),
    (b"P-1002*180", b"P-1002*-180"),
    (b"99214*180", b"99214*-180"),
    (b"LX*1~\nSV1*HC:99213*150*UN*1***1~\nDTP*472*D8*20260401~\nREF*6R*P-1003.1~\n", b""),
    (b"SE*145*", b"SE*141*"),
    (
        b"LX*1~\nSV1*HC:99213*150*UN*1***1~\nDTP*472*D8*20260512",
        b"LX*0~\nSV1*HC:99213*150*UN*1***1~\nDTP*472*D8*20260512",
    ),
    (b"LX*2~", b"LX*1~"),
    (b"HC:99214*200", b"HC:99214*-20"),
    (b"HC:85025*30", b"HC:85025*250"),
)
"""One by one: frequency, charge, no line, a line number of zero, one that stands twice with a charge below zero."""


@pytest.fixture
def measured(warehouse: Warehouse, tmp_path: Path) -> Plan:
    """The demo's plan with its expectations."""
    return Plan(warehouse, tmp_path, load_configuration(DEMO / "config"))


def test_a_bad_claim_never_sinks_the_others(measured: Plan) -> None:
    """Each is answered for itself in the 277CA; nothing holds the file, as the configuration is shipped."""
    measured.load_registry()
    measured.take_in("acme", ENROLLMENT)
    measured.process()
    partners = measured.house.configuration.partners
    measured.change(
        partners={**partners, "clearlink": replace(partners["clearlink"], claim_syntax="accept_with_errors")}
    )
    measured.take_in("clearlink", BAD_CLAIMS)
    measured.process()
    assert measured.states() == ["committed", "committed"]
    returned = measured.rows("select patient_control_number as n from claim where state = 'rejected' order by n")
    assert {"P-1001", "P-1002", "P-1003", "P-1004", "P-1005"} <= {row["n"] for row in returned}
    assert measured.count("claim") == PROFESSIONAL > len(returned)


def test_a_file_that_breaks_a_hold_expectation_is_held_and_its_neighbours_go_on(measured: Plan) -> None:
    """Measured for real. The reason names what is broken; nothing is loaded or answered; each file by its own day."""
    plan = measured
    plan.change(expectations={**plan.house.configuration.expectations, FREQUENCY: "hold"})
    odd, sound = plan.take_in("clearlink", ODD_CLAIMS, HOSPITAL_CLAIMS)
    (unborn,) = plan.take_in("acme", BORN_ON_THE_FIFTH)
    plan.clock.instant += timedelta(days=7)
    (later,) = plan.take_in("acme", BORN_ON_THE_FIFTH.replace(b"000001001", b"000001009"))
    noise, *_ = plan.take_in("clearlink", b"no X12")
    process_files(plan.house, [odd, sound, unborn, later, noise])
    by_id = {file.file_id: file for file in plan.files()}
    assert {file_id: by_id[file_id].state for file_id in (odd, sound, unborn, later, noise)} == {
        odd: "held",
        sound: "committed",
        unborn: "held",
        later: "committed",
        noise: "quarantined",
    }
    for file_id, broken in ((odd, FREQUENCY), (unborn, BORN)):
        assert by_id[file_id].reason_code == "EXPECTATION_BROKEN"
        assert str(by_id[file_id].reason).endswith(f"Broken: {broken}.")
    assert {row.file_id for row in plan.outbox()} == {sound, later, noise}
    assert {row["file_id"] for row in plan.rows("select file_id from claim union select file_id from member")} == {
        sound,
        later,
    }
    assert (plan.house.var / "data_docs" / "index.html").exists()
    before = plan.content()
    process_files(plan.house, [odd, unborn])
    assert plan.content() == before, "held is for a person"


def test_a_few_rows_at_fault_are_refused_and_the_others_load(measured: Plan) -> None:
    """One member of seven is not born yet: within what is tolerated, and told in the report."""
    measured.take_in("acme", ONE_BORN_ON_THE_FIFTH)
    assert measured.process().states == {"committed": 1}
    assert measured.count("member") == ENROLLMENT.count(b"INS*") - 1
    assert {"code": "ENROLLMENT_BIRTH_DATE_INVALID"} in measured.rows("select code from finding")


class Measures:
    """Stands for Great Expectations: knows which rows break what, and what it was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[tuple[str, date]] = []
        self.tolerances: list[set[int]] = []
        self.broken: dict[int, str] = {}
        """Expectation by the number of claims in a file."""
        self.trouble: dict[int, Exception] = {}
        monkeypatch.setattr("rules.expectations.check", self.check)

    def check(
        self,
        tables: Mapping[str, Any],
        severities: object,
        data_docs: Path,
        run_name: str,
        as_of: date,
        tolerances: Mapping[str, int],
    ) -> ExpectationOutcome:
        """Like `rules.expectations.check`."""
        del severities, data_docs
        self.asked.append((run_name, as_of))
        self.tolerances.append(set(tolerances.values()))
        # by their number of claims the files of these tests are told apart
        alone = {tables["claim"].num_rows}
        claims = alone if run_name.startswith("file-") else self.broken.keys() | self.trouble.keys()
        for number in claims & self.trouble.keys():
            raise self.trouble[number]
        broken = (self.broken[number] for number in claims & self.broken.keys())
        return ExpectationOutcome(
            tuple(ExpectationResult(one, "hold", success=False, unexpected_count=1, element_count=1) for one in broken)
        )


@pytest.fixture
def measures(monkeypatch: pytest.MonkeyPatch) -> Measures:
    """Every expectation holds until a test says otherwise."""
    return Measures(monkeypatch)


PROFESSIONAL, INSTITUTIONAL = CLAIMS.count(b"CLM*"), HOSPITAL_CLAIMS.count(b"CLM*")


@pytest.fixture
def ids(measured: Plan) -> list[int]:
    """A professional and an institutional file, translated."""
    assert PROFESSIONAL != INSTITUTIONAL
    return translate_files(measured.house, measured.take_in("clearlink", CLAIMS, HOSPITAL_CLAIMS))


def test_files_of_one_day_are_measured_together(measured: Plan, ids: list[int], measures: Measures) -> None:
    """At the cost of one, when nothing is broken; those of another day for themselves, by their day."""
    plan = measured
    first_day = plan.files()[0].received_date
    plan.clock.instant += timedelta(days=1)
    (other,) = translate_files(plan.house, plan.take_in("clearlink", CLAIMS.replace(CLAIMS[90:99], b"000009001")))
    expect_files(plan.house, [other, *ids])
    assert measures.asked == [
        (f"files-{ids[0]}-{ids[1]}", first_day),
        (f"files-{other}-{other}", first_day + timedelta(days=1)),
    ]
    assert plan.states() == ["checked"] * 3


def test_only_when_together_they_break_one_each_is_measured(measured: Plan, ids: list[int], measures: Measures) -> None:
    """To find the one that is to blame."""
    measures.broken = {PROFESSIONAL: FREQUENCY}
    expect_files(measured.house, ids)
    assert [name for name, _ in measures.asked] == [f"files-{ids[0]}-{ids[1]}", f"file-{ids[0]}", f"file-{ids[1]}"]
    assert measured.states() == ["held", "checked"]
    assert measures.tolerances == [{0}, {0, 2000}, {0, 2000}], "nothing hides among the rows of other files"


def test_a_file_that_cannot_be_measured_fails_alone(measured: Plan, ids: list[int], measures: Measures) -> None:
    """Though the others were to be measured with it."""
    measures.trouble = {PROFESSIONAL: ExpectationNotMeasured("the expectations on claim could not be measured")}
    commit_files(measured.house, expect_files(measured.house, ids))
    assert measured.states() == ["failed", "committed"]


def test_a_defect_in_measuring_one_file_is_raised_when_the_others_are_done(
    measured: Plan, ids: list[int], measures: Measures
) -> None:
    """And the file stays translated for the next run."""
    measures.trouble = {INSTITUTIONAL: KeyError("x")}
    with pytest.raises(StepCrashed):
        expect_files(measured.house, ids)
    assert measured.states() == ["checked", "translated"]


def test_full_data_docs_are_worth_another_try(measured: Plan, ids: list[int], measures: Measures) -> None:
    """No file fails for our disk."""
    measures.trouble = {PROFESSIONAL: OSError(28, "No space left on device")}
    with pytest.raises(Retryable, match="Data Docs"):
        expect_files(measured.house, ids)
    assert measured.states() == ["translated", "translated"]


def test_where_nothing_is_to_be_measured_great_expectations_is_not_asked(
    plan: Plan, measured: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No rows, or every expectation off: its import costs seconds."""

    def refuse(*_: object) -> Never:
        raise AssertionError

    monkeypatch.setattr("rules.expectations.check", refuse)
    process_files(plan.house, plan.take_in("clearlink", CLAIMS))
    measured.clock.instant = plan.clock.now() + MINUTE
    measured.servers["clearlink"].entries.clear()
    process_files(measured.house, measured.take_in("clearlink", HOSPITAL_CLAIMS[:500], b"no X12"))
    assert plan.states() == ["committed", "committed", "quarantined"]
