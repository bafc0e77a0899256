from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.archived import bytes_reader
from edi.findings import Finding, FindingTable
from edi.reference.extract import extract
from edi.reference.scanner import read_records, scan
from edi.scan import Scan
from edi.tables.claim_intake import CLAIM_INTAKE
from edi.tables.enrollment import ENROLLMENT_INTAKE
from edi.verdict import FileVerdict, GroupVerdict, SetVerdict
from parsers import claims_837, enrollment_834
from rules.acceptance import AcceptanceProfile, judge, refusal_findings
from rules.code_facts import code_facts
from tests.rules.claim_files import (
    CLAIM,
    CLEAN,
    MEMBER,
    SUBSCRIBER,
    Damage,
    claim,
    claim_set,
    damaged_claims,
    damaged_members,
    file_of,
    patient,
)

LENIENT = AcceptanceProfile("lenient", claim_syntax="accept_with_errors")
STRICT = AcceptanceProfile("strict")
SERVICE = "SV1*HC:99213*100*UN*1***1"
LAST_DATE = "DTP*472*D8*20260302"
WRONG_UNIT: Damage = {SERVICE: "SV1*HC:99213*100*QQ*1***1"}
WRONG_PLAN: Damage = {"HD*021**HMO**EMP": "HD*021**QQQ**EMP"}


def read(data: bytes) -> Scan:
    """What the first two SNIP types find."""
    return scan(data, snip=2)


def judged_sets(data: bytes, profile: AcceptanceProfile = LENIENT) -> tuple[GroupVerdict, tuple[SetVerdict, ...]]:
    """The verdict of the one group in a file, and of its sets."""
    (interchange,) = judge(read(data), profile, bytes_reader(data)).interchanges
    (group,) = interchange.groups
    return group, group.sets


def names(data: bytes, verdict: SetVerdict) -> list[bytes]:
    """The numbers of the refused claims or members."""
    return [data[unit.name_start : unit.name_stop] for unit in verdict.refused]


def test_a_claim_with_an_error_is_left_out_of_an_accepted_set() -> None:
    """IK5 E, AK9 E; the error is told under the claim's own number, and the refusal is a finding over its bytes."""
    data = damaged_claims(CLEAN, WRONG_UNIT, CLEAN)
    group, (verdict,) = judged_sets(data)
    assert (group.code, group.accepted_sets, group.error_codes) == ("E", 1, ())
    assert (verdict.code, verdict.error_codes, verdict.accepted) == ("E", ("5",), True)
    assert [(one.code, one.segment_id, one.element) for one in verdict.findings] == [("ELEMENT_CODE", "SV1", 3)]
    assert (names(data, verdict), verdict.unit_of) == ([b"ACCOUNT2"], (0,))
    (found,) = refusal_findings(judge(read(data), LENIENT, bytes_reader(data)))
    begin, end = data.index(b"CLM*ACCOUNT2"), data.index(b"HL*4")
    assert (found.source_start, found.source_stop) == (begin, end)
    assert found.segment_position == data[data.index(b"ST*") : begin].count(b"~") + 1
    assert (found.code, found.segment_id, found.loop) == ("CLAIM_SYNTAX", "CLM", "2300")


def test_without_the_switch_or_without_the_bytes_the_set_is_rejected() -> None:
    """A partner who wants whole sets gets them; nothing is salvaged that cannot be told apart."""
    data = damaged_claims(CLEAN, WRONG_UNIT)
    for group, (verdict,) in (judged_sets(data, STRICT), _judged_unread(data)):
        assert (group.code, verdict.code, verdict.refused) == ("R", "R", ())
    assert list(refusal_findings(judge(read(data), STRICT, bytes_reader(data)))) == []


def _judged_unread(data: bytes) -> tuple[GroupVerdict, tuple[SetVerdict, ...]]:
    (interchange,) = judge(read(data), LENIENT).interchanges
    return interchange.groups[0], interchange.groups[0].sets


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param({"DTP*431*D8*20260301": "DTP*431*D8*20261301"}, id="a date that is not of service"),
        pytest.param({"HI*ABK:J020": "HI*QQQ:J020"}, id="an unknown qualifier"),
        pytest.param({"HI*ABK:J020": "HI*ABK:J020~QQ*1"}, id="a segment of no guide"),
        pytest.param({"HI*ABK:J020": None}, id="a segment is missing"),
        pytest.param({"LX*2": "LX*7"}, id="lines out of sequence"),
        pytest.param({CLAIM[0]: "CLM*ACCOUNT{number}*150***11:B*Y*A*Y*Y"}, id="no frequency code"),
        pytest.param({CLAIM[0]: CLAIM[0] + "*"}, id="a separator too many"),
    ],
)
def test_an_error_of_a_claim_refuses_that_claim_alone(damage: Damage) -> None:
    """Whatever it is, if the claim can still be answered."""
    data = damaged_claims(CLEAN, damage, CLEAN)
    group, (verdict,) = judged_sets(data)
    assert (group.code, verdict.code, names(data, verdict)) == ("E", "E", [b"ACCOUNT2"])
    assert set(verdict.unit_of) == {0}


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param({LAST_DATE: None}, id="no date of service"),
        pytest.param({LAST_DATE: "DTP*472*D8*20260230"}, id="an impossible date of service"),
        pytest.param({LAST_DATE: "DTP*472*D8"}, id="a date of service without the date"),
        pytest.param({CLAIM[0]: "CLM**150***11:B:1*Y*A*Y*Y"}, id="no account number"),
        pytest.param({CLAIM[0]: "CLM*ACCOUNT{number}****11:B:1*Y*A*Y*Y"}, id="no charge"),
        pytest.param({CLAIM[0]: "CLM*ACCOUNT{number}*1.5.0***11:B:1*Y*A*Y*Y"}, id="a charge that is no amount"),
        pytest.param({SUBSCRIBER[2]: "NM1*IL*1**PAT****MI*W00000{level}"}, id="no last name"),
        pytest.param({SUBSCRIBER[1]: "SBR*P*18*******QQ"}, id="a fault of the subscriber"),
        pytest.param({SUBSCRIBER[6]: None}, id="no payer, which is found out at the claim"),
        pytest.param({"HI*ABK:J020": "HI*ABK:J020~HL*9*1*QQ*0"}, id="a hierarchical level without a place"),
    ],
)
def test_what_an_answer_to_the_claim_needs_cannot_be_salvaged(damage: Damage) -> None:
    """RFI 1575: no compliant claim acknowledgment could refuse the claim, so the set is rejected."""
    group, (verdict,) = judged_sets(damaged_claims(CLEAN, damage, CLEAN))
    assert (group.code, verdict.code, verdict.refused) == ("R", "R", ())


UNFINISHED = ["SVD*PAYER2*10*HC:87880**1"]
"""2430 demands the day of the prior payer's decision (DTP 573) after its SVD."""


@pytest.mark.parametrize(
    "patients",
    [
        pytest.param([[*patient(1), *claim(2), *UNFINISHED, *claim(3)]], id="before another claim of the patient"),
        pytest.param([patient(1), [*patient(2), *UNFINISHED], patient(3)], id="before another patient"),
        pytest.param([patient(1), [*patient(2), *UNFINISHED]], id="before the end of the set"),
    ],
)
def test_what_is_missing_at_the_end_of_a_claim_is_a_fault_of_that_claim(patients: list[list[str]]) -> None:
    """It is found out at the segment that comes instead."""
    data = file_of(claim_set(*patients))
    _, (verdict,) = judged_sets(data)
    assert [(one.code, one.segment_id, one.loop) for one in verdict.findings] == [("SEGMENT_MISSING", "DTP", "2430")]
    assert (verdict.code, names(data, verdict)) == ("E", [b"ACCOUNT2"])


def with_findings(data: bytes, *findings: Finding) -> Scan:
    """The scan, and in its first set these findings besides."""
    scanned = read(data)
    placed = [replace(one, interchange=1, functional_group=1, transaction_set=1) for one in findings]
    return replace(scanned, findings=scanned.findings.joined(FindingTable.of(placed)).ordered())


def at(data: bytes, code: str, segment: bytes) -> Finding:
    """A finding about a segment."""
    start = data.index(segment)
    stop = data.index(b"~", start) + 1
    return Finding(
        code, segment_position=9, segment_id=segment[:3].decode(), loop="2300", source_start=start, source_stop=stop
    )


def test_other_transactions_have_nothing_that_could_be_refused_alone() -> None:
    """A remittance is one payment: this one lacks a segment that its guide demands."""
    data = (Path(__file__).parents[1] / "corpus/linuxforhealth/demo.835").read_bytes()
    profile = replace(LENIENT, usages=frozenset({"P", "T"}), transactions=frozenset({"835"}))
    group, (verdict,) = judged_sets(data, profile)
    assert (group.code, verdict.code, verdict.units) == ("R", "R", ())
    assert {one.code for one in verdict.findings} == {"SEGMENT_MISSING", "ELEMENT_NOT_USED"}


def test_findings_about_the_business_refuse_no_set() -> None:
    """An error of level business is kept and left to what comes later; only a partner's `reject` refuses the set."""
    data = damaged_claims(CLEAN, CLEAN)
    scanned = with_findings(data, at(data, "CLAIM_CHARGE_IMBALANCE", b"CLM*ACCOUNT2"))
    for profile in (LENIENT, STRICT):
        (interchange,) = judge(scanned, profile, bytes_reader(data)).interchanges
        assert (interchange.groups[0].code, interchange.groups[0].sets[0].code) == ("A", "A")
        harsh = replace(profile, severities={"CLAIM_CHARGE_IMBALANCE": "reject"})
        (interchange,) = judge(scanned, harsh, bytes_reader(data)).interchanges
        assert interchange.groups[0].sets[0].error_codes == ("I5",)
        assert interchange.groups[0].code == "R"


def test_a_claim_without_a_date_cannot_be_refused_by_itself_whoever_says_so() -> None:
    """The date may be missing by a rule of SNIP 4, which refuses nothing; with a syntax error the set is rejected."""
    data = damaged_claims(CLEAN, WRONG_UNIT)
    for where, code in ((b"CLM*ACCOUNT1", "E"), (b"CLM*ACCOUNT2", "R")):
        scanned = with_findings(data, at(data, "CLAIM_SERVICE_DATE_MISSING", where))
        (interchange,) = judge(scanned, LENIENT, bytes_reader(data)).interchanges
        assert interchange.groups[0].sets[0].code == code


def test_what_a_partner_calls_reject_rejects_the_set() -> None:
    """Even where the claim could be refused by itself."""
    harsh = replace(LENIENT, severities={"ELEMENT_CODE": "reject"})
    group, (verdict,) = judged_sets(damaged_claims(CLEAN, WRONG_UNIT), harsh)
    assert (group.code, verdict.code, verdict.refused) == ("R", "R", ())


def test_an_error_that_no_999_can_spell_is_not_salvaged() -> None:
    """Its sender would not hear why the claim is gone."""
    severe = replace(LENIENT, severities={"EMPTY_SEGMENT": "error"})
    group, (verdict,) = judged_sets(damaged_claims(CLEAN, {"LX*1": "LX*1~~"}), severe)
    assert (group.code, verdict.code, verdict.error_codes) == ("R", "R", ("5",))


def test_faults_of_the_set_itself_reject_it() -> None:
    """Its frame is in doubt, and with it every claim."""
    data = damaged_claims(CLEAN, WRONG_UNIT)
    group, (verdict,) = judged_sets(data.replace(b"SE*", b"SE*1"))
    assert (group.code, verdict.code, verdict.error_codes) == ("R", "R", ("4", "5"))


def test_one_set_salvaged_and_one_rejected() -> None:
    """AK9 P: the set with errors counts as accepted."""
    wrong_payer: Damage = {SUBSCRIBER[6]: None}
    data = file_of(
        claim_set(patient(1), patient(2, WRONG_UNIT)),
        claim_set(patient(1, wrong_payer), patient(2), control="0002"),
        claim_set(patient(1), control="0003"),
    )
    group, sets = judged_sets(data)
    assert (group.code, group.accepted_sets, [one.code for one in sets]) == ("P", 2, ["E", "R", "A"])


def test_nothing_is_refused_alone_in_a_rejected_group() -> None:
    """The group is not taken, so none of its sets is, nor any claim."""
    data = damaged_claims(CLEAN, WRONG_UNIT).replace(b"GE*1*11", b"GE*1*12")
    group, (verdict,) = judged_sets(data)
    assert (group.code, verdict.code, verdict.refused) == ("R", "R", ())
    assert [data[unit.name_start : unit.name_stop] for unit in verdict.units] == [b"ACCOUNT2"]


def test_members_are_salvaged_too() -> None:
    """834: by their subscriber number, from INS to the next."""
    data = damaged_members(CLEAN, WRONG_PLAN, CLEAN)
    group, (verdict,) = judged_sets(data)
    assert (group.code, verdict.code, names(data, verdict)) == ("E", "E", [b"SUB002"])
    (found,) = refusal_findings(judge(read(data), LENIENT, bytes_reader(data)))
    assert (found.code, found.segment_id, found.loop) == ("ENROLLMENT_MEMBER_SYNTAX", "INS", "2000")
    assert data[found.source_start : found.source_stop].count(b"INS*") == 1
    numberless = damaged_members(CLEAN, {MEMBER[1]: None}, CLEAN)
    _, (verdict,) = judged_sets(numberless)
    assert (verdict.code, names(numberless, verdict)) == ("E", [b""])


def test_a_fault_above_the_members_rejects_the_set() -> None:
    """Nobody can say which of them it is about."""
    data = damaged_members(CLEAN, WRONG_PLAN).replace(b"N1*P5*", b"N1*QQ*")
    group, (verdict,) = judged_sets(data)
    assert (group.code, verdict.code, verdict.refused) == ("R", "R", ())


@pytest.mark.parametrize("most_told", [1, 2, 3, 200])
def test_of_many_findings_errors_are_told_first_and_every_refused_claim_once(most_told: int) -> None:
    """The others are in the warehouse; those that are told stand in the order of the file."""
    warned: Damage = {"HI*ABK:J020": "HI*ABK:J020~~"}
    twice = {**WRONG_UNIT, "SV1*HC:87880*50*UN*1***1": "SV1*HC:87880*50*QQ*1***1"}
    data = damaged_claims(warned, twice, CLEAN, twice)
    profile = replace(LENIENT, most_told=most_told)
    _, (verdict,) = judged_sets(data, profile)
    assert names(data, verdict) == [b"ACCOUNT2", b"ACCOUNT4"]
    assert len(verdict.findings) == max(2, min(most_told, 4))
    assert [one.segment_position for one in verdict.findings] == sorted(
        one.segment_position for one in verdict.findings
    )
    _, (rejected,) = judged_sets(data, replace(STRICT, most_told=most_told))
    assert len(rejected.findings) == min(most_told, 4)
    assert rejected.error_codes == verdict.error_codes == ("5",)


def test_warnings_give_way_to_errors() -> None:
    """What rejects is told, however many warnings stand before it."""
    data = damaged_claims({SERVICE: SERVICE + "~N4*X*Y"}, CLEAN, {CLAIM[0]: CLAIM[0] + "*"})
    profile = AcceptanceProfile("few", severities={"SEGMENT_UNEXPECTED": "warning"}, most_told=1)
    _, (verdict,) = judged_sets(data, profile)
    assert [one.code for one in verdict.findings] == ["TRAILING_SEPARATOR"]


def tables_of(data: bytes, verdict: FileVerdict) -> dict[str, list[dict[str, object]]]:
    """The business tables that are loaded."""
    whole = extract(read_records(data), (*ENROLLMENT_INTAKE, *CLAIM_INTAKE))
    scanned = read(data)
    read_tables = {**claims_837.read(scanned, verdict, whole), **enrollment_834.read(scanned, verdict, whole)}
    return {name: table.to_pylist() for name, table in read_tables.items()}


def content(row: dict[str, object]) -> dict[str, object]:
    """What a row says, wherever it stands, and whatever numbers the rows have that it is about."""
    places = {"row", "parent_row", "source_start", "source_stop"}
    return {name: value for name, value in row.items() if name not in places and not name.endswith("_row")}


@pytest.mark.parametrize(
    ("damaged", "clean", "root"),
    [
        pytest.param(
            damaged_claims(CLEAN, WRONG_UNIT, CLEAN), damaged_claims(CLEAN, CLEAN, CLEAN), "claim", id="claims"
        ),
        pytest.param(
            damaged_members(CLEAN, WRONG_PLAN, CLEAN),
            damaged_members(CLEAN, CLEAN, CLEAN),
            "enrollment_member",
            id="members",
        ),
    ],
)
def test_what_is_loaded_is_what_was_not_refused(damaged: bytes, clean: bytes, root: str) -> None:
    """Not a row of the refused claim or under it, and the others as if it had never been in the file."""
    taken = tables_of(damaged, judge(read(damaged), LENIENT, bytes_reader(damaged)))
    everything = tables_of(clean, judge(read(clean), LENIENT, bytes_reader(clean)))
    for name, rows in everything.items():
        if name in {"refused_claim", "refused_line"}:
            refused = {"refused_claim": 1, "refused_line": 2}[name] if root == "claim" else 0
            assert (len(rows), len(taken[name])) == (0, refused)
            continue
        second = "row" if name == root else "parent_row"
        # what belongs to the whole set, or to nothing that repeats, has no such number
        assert list(map(content, taken[name])) == [content(row) for row in rows if row.get(second) != 1]
        numbers = [row["row"] for row in taken[name] if "row" in row]
        assert numbers == list(range(len(numbers)))
    assert len(taken[root]) == 2


FAULTS = st.lists(
    st.sampled_from([*CLAIM, *SUBSCRIBER, *MEMBER]).flatmap(
        lambda segment: st.tuples(
            st.just(segment),
            st.sampled_from(
                [None, segment + "*", segment.replace("*", "**", 1), segment + "\x01", segment + "~" + segment]
            ),
        )
    ),
    max_size=2,
).map(dict)


@settings(deadline=None, max_examples=60)
@given(st.lists(FAULTS, min_size=1, max_size=4), st.booleans())
def test_every_claim_of_an_accepted_set_is_either_taken_or_refused(faults: list[Damage], members: bool) -> None:
    """And a claim that is taken has no error in it, one that is refused has, and the 999 tells of it."""
    data = damaged_members(*faults) if members else damaged_claims(*faults)
    scanned = read(data)
    verdict = judge(scanned, LENIENT, bytes_reader(data))
    (transaction_set,) = verdict.interchanges[0].groups[0].sets
    taken = tables_of(data, verdict)["enrollment_member" if members else "claim"]
    whole = extract(read_records(data), (*ENROLLMENT_INTAKE, *CLAIM_INTAKE))
    starts = sorted(whole["enrollment_member" if members else "claim"]["source_start"].to_pylist())
    refused = [unit.source_start for unit in transaction_set.refused]
    if transaction_set.accepted:
        assert sorted([*refused, *(row["source_start"] for row in taken)]) == starts  # type: ignore[type-var] # as above
    else:
        assert (refused, taken) == ([], [])
    spoils = code_facts({}).spoils
    errors = [
        one for one, fatal in zip(scanned.findings, spoils[scanned.findings.column("code")], strict=True) if fatal
    ]
    assert transaction_set.code == "R" or len(errors) == 0 or refused
    for row in taken:
        assert not any(row["source_start"] < one.source_start < row["source_stop"] for one in errors)  # type: ignore[operator] # as above
    told = {transaction_set.units[place].source_start for place in transaction_set.unit_of if place >= 0}
    assert set(refused) <= told
