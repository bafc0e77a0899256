from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from edi.finding_codes import CODES
from edi.reference.scanner import scan
from edi.verdict import FileVerdict, GroupVerdict, InterchangeVerdict
from rules.acceptance import AcceptanceProfile, judge, judge_duplicate

CORPUS = Path(__file__).parents[1] / "corpus"
ENROLLMENT = (CORPUS / "pyx12/834_deident_new_enroll.txt").read_bytes()
"""One 834 with one member; ISA13 000000001, GS06 100001, usage T, no TA1 asked for."""
PROFILE = AcceptanceProfile(
    "acme",
    senders=(("ZZ", "ACMECORP"),),
    group_senders=("ACMECORP",),
    receivers=(("ZZ", "HEALTHPLAN"),),
    group_receivers=("HEALTHPLAN",),
    usages=frozenset({"P", "T"}),
    transactions=frozenset({"834"}),
)
SECOND_SET = ENROLLMENT[ENROLLMENT.index(b"ST*") : ENROLLMENT.index(b"GE*")].replace(b"*0001", b"*0002")
UNKNOWN_SEGMENT = SECOND_SET.replace(b"N3*100 MAIN ST~\n", b"QQQ*1~\n")


def judged(data: bytes, profile: AcceptanceProfile = PROFILE) -> InterchangeVerdict:
    """The verdict of the one interchange in a file."""
    (verdict,) = judge(scan(data), profile).interchanges
    return verdict


def judged_group(data: bytes, profile: AcceptanceProfile = PROFILE) -> GroupVerdict:
    """The verdict of the one group in a file."""
    (verdict,) = judged(data, profile).groups
    return verdict


def with_sets(*sets: bytes, count: int | None = None) -> bytes:
    """The enrollment with more transaction sets in its group."""
    return ENROLLMENT.replace(b"GE*1*", b"".join(sets) + b"GE*%d*" % (count or 1 + len(sets)))


def test_a_clean_file_is_accepted_at_every_level() -> None:
    """A 000, A, A; and the envelope is quoted as it was sent, without blanks."""
    verdict = judged(ENROLLMENT)
    (group,) = verdict.groups
    (transaction_set,) = group.sets
    assert (verdict.code, verdict.note, group.code, transaction_set.code) == ("A", "000", "A", "A")
    assert (verdict.sender_qualifier, verdict.sender_id) == ("ZZ", "ACMECORP")
    assert (verdict.receiver_qualifier, verdict.receiver_id) == ("ZZ", "HEALTHPLAN")
    assert (verdict.date, verdict.time, verdict.control_number, verdict.version, verdict.usage) == (
        "260401",
        "1200",
        "000000001",
        "00501",
        "T",
    )
    assert (group.functional_id, group.control_number, group.guide) == ("BE", "100001", "005010X220A1")
    assert (group.included_sets, group.received_sets, group.accepted_sets) == (1, 1, 1)
    assert (transaction_set.transaction, transaction_set.control_number) == ("834", "0001")
    assert (transaction_set.guide, transaction_set.segments) == ("005010X220A1", 16)
    assert transaction_set.reference == "20260401-001"
    assert not verdict.needs_ta1


def edited(old: bytes, new: bytes) -> bytes:
    """The enrollment with a change that does apply."""
    assert old in ENROLLMENT
    return ENROLLMENT.replace(old, new)


@pytest.mark.parametrize(
    ("data", "profile", "note"),
    [
        pytest.param(edited(b"IEA*1*000000001", b"IEA*1*000000009"), PROFILE, "001", id="IEA02 is not ISA13"),
        pytest.param(ENROLLMENT[: ENROLLMENT.index(b"IEA")], PROFILE, "023", id="no IEA"),
        pytest.param(ENROLLMENT[:400], PROFILE, "023", id="truncated"),
        pytest.param(edited(b"IEA*1*", b"IEA*2*"), PROFILE, "021", id="wrong number of groups"),
        pytest.param(edited(b"IEA*1*", b"IEA*X*"), PROFILE, "021", id="number of groups is no number"),
        pytest.param(edited(b"*00501*", b"*00402*"), PROFILE, "017", id="version of the interchange"),
        pytest.param(edited(b"*ZZ*ACMECORP ", b"*ZZ*OTHERCO  "), PROFILE, "006", id="unknown sender"),
        pytest.param(edited(b"*ZZ*ACMECORP ", b"*30*ACMECORP "), PROFILE, "006", id="sender under another qualifier"),
        pytest.param(edited(b"*ZZ*HEALTHPLAN", b"*ZZ*SOMEBODY  "), PROFILE, "008", id="not for us"),
        pytest.param(ENROLLMENT, replace(PROFILE, usages=frozenset({"P"})), "020", id="test data, production only"),
        pytest.param(
            edited(b"*0*T*:", b"*0*P*:"), replace(PROFILE, folder_usage="T"), "020", id="production data in test folder"
        ),
        pytest.param(edited(b"*0*T*:", b"*0*I*:"), PROFILE, "020", id="usage is neither"),
        pytest.param(edited(b"GS*BE*", b"N1*P5*X~\nGS*BE*"), PROFILE, "024", id="segment outside a group"),
        pytest.param(edited(b"*BE*", b"*PO*"), PROFILE, "024", id="GS01 that a 999 cannot quote"),
        pytest.param(edited(b"*100001*X", b"*NUMBER*X"), PROFILE, "024", id="GS06 that a 999 cannot quote"),
        pytest.param(edited(b"*X*005010X220A1", b"*X"), PROFILE, "024", id="no GS08"),
        pytest.param(
            ENROLLMENT[: ENROLLMENT.index(b"GS")] + b"IEA*0*000000001~", PROFILE, "024", id="nothing in the interchange"
        ),
    ],
)
def test_an_interchange_is_rejected(data: bytes, profile: AcceptanceProfile, note: str) -> None:
    """TA1 R with its note, sent although nobody asked; no 999 can follow."""
    verdict = judged(data, profile)
    assert (verdict.code, verdict.note, verdict.groups) == ("R", note, ())
    assert verdict.needs_ta1


def test_the_second_use_of_a_control_number_in_a_file_is_a_duplicate() -> None:
    """ISA13 again, same parties and usage: TA1 R 025; the first one stands."""
    first, second = judge(scan(ENROLLMENT + ENROLLMENT), PROFILE).interchanges
    assert [(one.code, one.note) for one in (first, second)] == [("A", "000"), ("R", "025")]


def test_a_fault_of_the_header_that_changes_nothing_is_noted() -> None:
    """ISA11 without a separator, an impossible time: TA1 E, and the groups are answered."""
    verdict = judged(ENROLLMENT.replace(b"*^*00501", b"*U*00501"))
    assert (verdict.code, verdict.note, len(verdict.groups)) == ("E", "026", 1)
    assert judged(ENROLLMENT.replace(b"*1200*^", b"*2500*^")).note == "015"


@pytest.mark.parametrize(
    ("data", "profile", "codes"),
    [
        pytest.param(edited(b"005010X220A1~\nST", b"004010X095A1~\nST"), PROFILE, ("2",), id="an older guide"),
        pytest.param(edited(b"005010X220A1", b"005010X999"), PROFILE, ("2",), id="a guide that nobody knows"),
        pytest.param(edited(b"GS*BE", b"GS*HC"), PROFILE, ("1",), id="GS01 is not that of the guide"),
        pytest.param(
            ENROLLMENT, replace(PROFILE, transactions=frozenset({"837P"})), ("1",), id="transaction not agreed"
        ),
        pytest.param(ENROLLMENT, replace(PROFILE, group_senders=("OTHER",)), ("1",), id="GS02 not agreed"),
        pytest.param(ENROLLMENT, replace(PROFILE, group_receivers=("OTHER",)), ("1",), id="GS03 not agreed"),
        pytest.param(edited(b"GE*1*100001~\n", b""), PROFILE, ("3",), id="no GE"),
        pytest.param(edited(b"GE*1*100001", b"GE*1*100009"), PROFILE, ("4",), id="GE02 is not GS06"),
        pytest.param(edited(b"GE*1*100001", b"GE*2*100001"), PROFILE, ("5",), id="wrong number of sets"),
        pytest.param(edited(b"ST*834*0001*", b"ST*834*01*"), PROFILE, ("5",), id="ST02 that a 999 cannot quote"),
        pytest.param(edited(b"ST*834*", b"ST*850*"), PROFILE, ("5",), id="ST01 that a 999 cannot quote"),
        pytest.param(
            ENROLLMENT[: ENROLLMENT.index(b"ST")] + b"GE*0*100001~IEA*1*000000001~",
            PROFILE,
            ("5",),
            id="no set in the group",
        ),
    ],
)
def test_a_group_is_rejected(data: bytes, profile: AcceptanceProfile, codes: tuple[str, ...]) -> None:
    """AK9 R with its codes, and every set in it is rejected too."""
    verdict = judged_group(data, profile)
    assert (verdict.code, verdict.error_codes) == ("R", codes)
    assert verdict.accepted_sets == 0


def test_a_group_number_used_twice_is_rejected_the_second_time() -> None:
    """AK905 = 19."""
    group = ENROLLMENT[ENROLLMENT.index(b"GS*") : ENROLLMENT.index(b"IEA*")]
    first, second = judged(ENROLLMENT.replace(b"IEA*1*", group + b"IEA*2*")).groups
    assert [(one.code, one.error_codes) for one in (first, second)] == [("A", ()), ("R", ("19",))]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        pytest.param(lambda one: one.replace(b"SE*16*0002~\n", b""), ("2",), id="no SE"),
        pytest.param(lambda one: one.replace(b"SE*16*0002", b"SE*16*0003"), ("3",), id="SE02 is not ST02"),
        pytest.param(lambda one: one.replace(b"SE*16*", b"SE*15*"), ("4",), id="wrong number of segments"),
        pytest.param(lambda one: one.replace(b"ST*834*", b"ST*837*"), ("1",), id="a set of another kind"),
        pytest.param(lambda one: one.replace(b"*0002", b"*0001"), ("23",), id="ST02 used twice"),
        pytest.param(lambda one: one.replace(b"005010X220A1", b"005010X220"), ("I6",), id="ST03 is not GS08"),
        pytest.param(
            lambda one: one.replace(b"REF*0F*M000001~\n", b"").replace(b"SE*16", b"SE*15"), ("5",), id="segment missing"
        ),
        pytest.param(lambda one: one.replace(b"*EMP~", b"*ZZZ~"), ("5",), id="a code of no list"),
        pytest.param(
            lambda one: one.replace(b"HD*021**HMO**EMP", b"HD*021*X*HMO**EMP"), ("I5",), id="element not used"
        ),
        pytest.param(lambda one: one.replace(b"SE*16*", b"SE*7*").replace(b"*HMO*", b"*???*"), ("4", "5"), id="both"),
    ],
)
def test_a_set_is_rejected_alone(change: Callable[[bytes], bytes], codes: tuple[str, ...]) -> None:
    """IK5 R with its codes; the other set is accepted, so the group is P."""
    spoilt = change(SECOND_SET)
    assert spoilt != SECOND_SET
    verdict = judged_group(with_sets(spoilt))
    assert [one.code for one in verdict.sets] == ["A", "R"]
    assert verdict.sets[1].error_codes == codes
    assert (verdict.code, verdict.accepted_sets, verdict.error_codes) == ("P", 1, ())


def test_only_rejected_sets_reject_the_group_without_a_code() -> None:
    """AK9 R, though the group itself is in order."""
    verdict = judged_group(with_sets(UNKNOWN_SEGMENT).replace(b"REF*0F*M000001~\n", b"", 1))
    assert (verdict.code, verdict.error_codes, [one.code for one in verdict.sets]) == ("R", (), ["R", "R"])


def test_findings_of_a_rejected_set_are_told_in_the_order_of_the_segments() -> None:
    """What IK3 and IK4 report; faults of the set itself are in IK5 alone."""
    spoilt = SECOND_SET.replace(b"*EMP~", b"*ZZZ~").replace(b"*19800515*", b"*19801315*").replace(b"SE*16", b"SE*15")
    transaction_set = judged_group(with_sets(spoilt)).sets[1]
    assert [(one.code, one.segment_position, one.element) for one in transaction_set.findings] == [
        ("ELEMENT_DATE", 13, 2),
        ("ELEMENT_CODE", 14, 5),
    ]
    assert transaction_set.error_codes == ("4", "5")


WARNED = SECOND_SET.replace(b"N3*100 MAIN ST~", b"N3*100 MAIN ST**~")
"""Separators after the last element: where a partner's profile calls that a warning, it costs nobody anything."""
FORGIVING = replace(PROFILE, severities={"TRAILING_SEPARATOR": "warning"})


@pytest.mark.parametrize(
    ("claim_syntax", "expected"),
    [
        pytest.param("accept_with_errors", ("E", ("E", ("5",), 1)), id="told, as E"),
        pytest.param("reject_set", ("A", ("A", (), 0)), id="kept as a finding, answered as A"),
    ],
)
def test_a_set_with_nothing_but_warnings_is_accepted(claim_syntax: str, expected: tuple[str, object]) -> None:
    """Whether the sender hears of them is the partner's setting."""
    profile = replace(FORGIVING, claim_syntax=claim_syntax)  # type: ignore[arg-type] # parametrized with its two values
    verdict = judged_group(with_sets(WARNED), profile)
    warned = verdict.sets[1]
    assert (verdict.code, (warned.code, warned.error_codes, len(warned.findings))) == expected
    assert verdict.accepted_sets == 2


def test_a_partner_may_have_other_severities() -> None:
    """A warning becomes an error, an error a warning or a note."""
    assert judged_group(with_sets(WARNED), PROFILE).sets[1].code == "R"
    assert judged_group(with_sets(WARNED), FORGIVING).sets[1].code == "A"
    lenient = replace(PROFILE, severities={"SEGMENT_UNKNOWN": "warning"}, claim_syntax="accept_with_errors")
    assert judged_group(with_sets(UNKNOWN_SEGMENT), lenient).sets[1].code == "E"
    silent = replace(lenient, severities={"SEGMENT_UNKNOWN": "note"})
    assert judged_group(with_sets(UNKNOWN_SEGMENT), silent).sets[1].code == "A"


def test_a_set_in_a_rejected_group_keeps_its_own_reasons() -> None:
    """IK502 first its own code, then what the group's fault means for it."""
    profile = replace(PROFILE, transactions=frozenset({"837P"}))
    clean, faulty = judged_group(with_sets(UNKNOWN_SEGMENT), profile).sets
    assert (clean.code, clean.error_codes) == ("R", ("1",))
    assert (faulty.code, faulty.error_codes) == ("R", ("5", "1"))


@pytest.mark.parametrize(
    ("data", "code", "expected"),
    [
        pytest.param(
            edited(b"IEA*1*000000001", b"IEA*1*000000009"),
            "INTERCHANGE_CONTROL_MISMATCH",
            ("E", "001", "A", (), "A"),
            id="of the interchange",
        ),
        pytest.param(edited(b"GE*1*", b"GE*2*"), "SET_COUNT_WRONG", ("A", "000", "E", ("5",), "A"), id="of the group"),
        pytest.param(edited(b"SE*16*", b"SE*15*"), "SEGMENT_COUNT_WRONG", ("A", "000", "E", (), "E"), id="of the set"),
    ],
)
def test_an_error_of_an_envelope_is_told_and_refuses_nothing(
    data: bytes, code: str, expected: tuple[str, str, str, tuple[str, ...], str]
) -> None:
    """Only `reject`, the default of every envelope's fault, refuses what it is about."""
    verdict = judged(data, replace(PROFILE, severities={code: "error"}))
    (group,) = verdict.groups
    assert (verdict.code, verdict.note, group.code, group.error_codes, group.sets[0].code) == expected


def test_every_fault_of_an_envelope_refuses_it_by_default() -> None:
    """Errors and warnings among them are exceptions that the code table names one by one."""
    lesser = {code.id for code in CODES.values() if code.level in {"interchange", "group", "set"}}
    lesser -= {code for code in lesser if CODES[code].severity == "reject"}
    assert {CODES[code].severity for code in lesser} <= {"warning", "note"}


def test_included_sets_fall_back_to_those_found() -> None:
    """AK902 must be a number of at most six digits."""
    assert judged_group(edited(b"GE*1*", b"GE*7*")).included_sets == 7
    assert judged_group(edited(b"GE*1*", b"GE*ONE*")).included_sets == 1
    assert judged_group(edited(b"GE*1*", b"GE*1234567*")).included_sets == 1
    assert judged_group(edited(b"GE*1*100001", b"GE")).included_sets == 1


def test_an_older_version_is_answered_group_by_group_even_when_its_frame_is_broken() -> None:
    """00401 is no reason for a TA1 R; AK905 = 2 names the obstacle, and a missing IEA is noted."""
    older = edited(b"*00501*", b"*00401*").replace(b"005010X220A1", b"004010X095A1")
    verdict = judged(older[: older.index(b"IEA")])
    assert (verdict.code, verdict.note) == ("E", "023")
    assert (verdict.groups[0].code, verdict.groups[0].error_codes) == ("R", ("2",))
    assert verdict.groups[0].sets[0].error_codes == ("I6",)


def test_a_partner_without_lists_is_anybody() -> None:
    """Empty tuples allow every sender and receiver."""
    assert judged(ENROLLMENT, AcceptanceProfile("anybody", usages=frozenset({"T"}))).code == "A"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "EMPTY_FILE", id="empty"),
        pytest.param(b"\n\n", "EMPTY_FILE", id="blank lines"),
        pytest.param(b"MSH|^~\\&|LAB", "NOT_X12", id="something else"),
        pytest.param(bytes(range(256)) * 4, "NOT_X12", id="bytes"),
        pytest.param(ENROLLMENT[:90], "INTERCHANGE_HEADER_BROKEN", id="cut off in the ISA"),
        pytest.param(edited(b"*ZZ*ACMECORP ", b"*ZZ*         "), "SENDER_UNKNOWN", id="no sender"),
        pytest.param(
            edited(b"*000000001*0*T", b"*00000000A*0*T"), "INTERCHANGE_CONTROL_INVALID", id="no control number"
        ),
    ],
)
def test_what_cannot_be_answered_is_unreadable(data: bytes, reason: str) -> None:
    """Then an operator must see it, under this reason."""
    assert judge(scan(data), PROFILE) == FileVerdict((), reason)


def test_one_interchange_that_cannot_be_answered_leaves_the_others() -> None:
    """The others of the file are judged as if they stood alone."""
    nameless = edited(b"*ZZ*ACMECORP ", b"*ZZ*         ").replace(b"000000001", b"000000002")
    verdict = judge(scan(nameless + ENROLLMENT), PROFILE)
    assert verdict.unreadable is None
    assert [one.code for one in verdict.interchanges] == ["R", "A"]


def test_a_duplicate_found_later_loses_its_groups() -> None:
    """`judge_duplicate` changes that interchange and no other."""
    two = judge(scan(ENROLLMENT + ENROLLMENT.replace(b"000000001", b"000000002")), PROFILE)
    verdict = judge_duplicate(two, 2)
    assert verdict.interchanges[0] == two.interchanges[0]
    assert (verdict.interchanges[1].code, verdict.interchanges[1].note) == ("R", "025")
    assert verdict.interchanges[1].groups == ()
