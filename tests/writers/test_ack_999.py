from __future__ import annotations

from dataclasses import replace

import pytest

from edi.archived import bytes_reader
from edi.delimiters import DEFAULT
from edi.finding_codes import CODES
from edi.findings import Finding
from edi.guides.library import default_library
from edi.verdict import BusinessUnit, GroupVerdict, SetVerdict
from edi.writer import Written, write_segment
from writers.ack_999 import acknowledgment_set
from writers.quoting import Quoting
from writers.triggers import TRIGGERS

ACCEPTED = SetVerdict(
    ordinal=1,
    transaction="837",
    control_number="0021",
    guide="005010X222A1",
    code="A",
    error_codes=(),
    findings=(),
    segments=40,
    source_start=0,
    source_stop=100,
)
REJECTED = replace(ACCEPTED, code="R", error_codes=("5",))


def group(*sets: SetVerdict, code: str = "A", error_codes: tuple[str, ...] = (), included: int = 1) -> GroupVerdict:
    """The verdict of a group of claims."""
    return GroupVerdict(
        ordinal=1,
        functional_id="HC",
        sender="SENDER",
        receiver="PLAN",
        control_number="17",
        guide="005010X222A1",
        code=code,
        error_codes=error_codes,
        included_sets=included,
        sets=sets,
        source_start=0,
        source_stop=100,
    )


def lines(verdict: GroupVerdict, quoting: Quoting | None = None) -> list[str]:
    """Segments as X12 would show them, composites with colons."""
    content = acknowledgment_set(verdict, "0001", quoting)
    text = "".join(one.text if isinstance(one, Written) else write_segment(one, DEFAULT) for one in content.segments)
    return text.rstrip("~").split("~")


def test_an_accepted_group() -> None:
    """AK1 quotes GS01, GS06, GS08; AK2 and IK5 stand for every set; AK9 counts included, received, accepted."""
    assert lines(group(ACCEPTED)) == [
        "AK1*HC*17*005010X222A1",
        "AK2*837*0021*005010X222A1",
        "IK5*A",
        "AK9*A*1*1*1",
    ]


def test_the_set_names_its_guide() -> None:
    """A 999 is a 005010X231A1, and ST02 is ours."""
    content = acknowledgment_set(group(ACCEPTED), "0007")
    assert (content.transaction, content.guide, content.control_number) == ("999", "005010X231A1", "0007")


def test_the_guide_of_a_set_is_left_out_where_it_was_not_sent() -> None:
    """AK203 is omitted when ST03 was absent."""
    assert "AK2*837*0021" in lines(group(replace(ACCEPTED, guide=None)))


def test_included_sets_are_what_the_sender_counted() -> None:
    """AK902 is GE01 as sent; AK903 and AK904 are what we found and took."""
    assert lines(group(ACCEPTED, REJECTED, code="P", included=3))[-1] == "AK9*P*3*2*1"


def test_codes_of_set_and_group_follow_their_verdict() -> None:
    """IK502 to IK506 and AK905 to AK909."""
    written = lines(group(replace(REJECTED, error_codes=("4", "5", "I5")), code="R", error_codes=("4", "5")))
    assert written[2:] == ["IK5*R*4*5*I5", "AK9*R*1*1*0*4*5"]


def reported(*findings: Finding) -> list[str]:
    """The IK3 and IK4 of a set with these findings."""
    return lines(group(replace(REJECTED, findings=findings), code="R"))[2:-2]


FILE = b"CLM*ACCOUNT7*10~REF*0F*SUB1~DTP*348*D8*NEVER~REF*D9*A:B~NM1* X~REF*D9*" + b"9" * 120 + b"~"
CLAIM = BusinessUnit(7, 0, len(FILE), FILE.index(b"ACCOUNT7"), FILE.index(b"*10"))
WRONG_DATE = Finding(
    "ELEMENT_DATE",
    segment_position=9,
    segment_id="DTP",
    loop="2300",
    element=3,
    data_element="1251",
    source_start=FILE.index(b"NEVER"),
    source_stop=FILE.index(b"NEVER") + 5,
)


def in_claim(*findings: Finding, quoting: Quoting, unit: BusinessUnit = CLAIM, transaction: str = "837") -> list[str]:
    """The IK3, CTX and IK4 of a set whose findings all lie in one claim or member."""
    spoilt = replace(REJECTED, transaction=transaction, findings=findings, units=(unit,), unit_of=(0,) * len(findings))
    return lines(group(spoilt, code="R"), quoting)[2:-2]


def test_the_claim_at_fault_is_named_under_each_ik3() -> None:
    """CTX01 with CLM01, as it stands in the file; of an 834, the subscriber number."""
    other = replace(WRONG_DATE, code="SEGMENT_TOO_MANY", element=0)
    quoting = Quoting(bytes_reader(FILE))
    assert in_claim(WRONG_DATE, quoting=quoting) == ["IK3*DTP*9*2300*8", "CTX*CLM01:ACCOUNT7", "IK4*3*1251*8"]
    assert in_claim(other, WRONG_DATE, quoting=quoting) == [
        "IK3*DTP*9*2300*5",
        "CTX*CLM01:ACCOUNT7",
        "IK3*DTP*9*2300*8",
        "CTX*CLM01:ACCOUNT7",
        "IK4*3*1251*8",
    ]
    member = replace(CLAIM, name_start=FILE.index(b"SUB1"), name_stop=FILE.index(b"SUB1") + 4)
    assert (
        in_claim(WRONG_DATE, quoting=quoting, unit=member, transaction="834")[1] == "CTX*SUBSCRIBER NUMBER REF02:SUB1"
    )


def test_a_finding_outside_of_claims_names_none() -> None:
    """Neither do sets whose claims were not looked for, nor partners who want no numbers, nor other transactions."""
    plain = ["IK3*DTP*9*2300*8", "IK4*3*1251*8"]
    quoting = Quoting(bytes_reader(FILE))
    outside = replace(REJECTED, findings=(WRONG_DATE,), units=(CLAIM,), unit_of=(-1,))
    assert lines(group(outside, code="R"), quoting)[2:-2] == plain
    assert lines(group(replace(outside, units=(), unit_of=()), code="R"), quoting)[2:-2] == plain
    assert in_claim(WRONG_DATE, quoting=Quoting(bytes_reader(FILE), claim_numbers=False)) == plain
    assert in_claim(WRONG_DATE, quoting=quoting, transaction="835") == plain


def test_findings_of_one_position_in_different_claims_stay_apart() -> None:
    """What is missing at the end of a claim is found out at the first segment of the next."""
    missing = replace(WRONG_DATE, code="SEGMENT_MISSING", element=0)
    number = FILE.index(b"SUB1")
    units = (CLAIM, replace(CLAIM, name_start=number, name_stop=number + 4))
    both = replace(REJECTED, findings=(missing, WRONG_DATE), units=units, unit_of=(0, 1))
    assert lines(group(both, code="R"), Quoting(bytes_reader(FILE)))[2:-2] == [
        "IK3*DTP*9*2300*3",
        "CTX*CLM01:ACCOUNT7",
        "IK3*DTP*9*2300*8",
        "CTX*CLM01:SUB1",
        "IK4*3*1251*8",
    ]


def test_a_value_is_copied_only_where_that_was_agreed() -> None:
    """IK404; never where nothing was sent, and never a part of it."""
    open_handed = Quoting(bytes_reader(FILE), claim_numbers=False, bad_data=True)
    assert in_claim(WRONG_DATE, quoting=open_handed)[-1] == "IK4*3*1251*8*NEVER"
    assert in_claim(WRONG_DATE, quoting=replace(open_handed, bad_data=False))[-1] == "IK4*3*1251*8"
    for code in ("ELEMENT_MISSING", "ELEMENT_CONDITIONAL_MISSING"):
        assert in_claim(replace(WRONG_DATE, code=code), quoting=open_handed)[-1].count("*") == 3


def test_what_makes_a_segment_due_is_named_behind_the_claim() -> None:
    """CTX, situational trigger: CLM11-1 for the date of an accident, under IK3; for its state, under IK4."""
    quoting = Quoting(bytes_reader(FILE))
    due = Finding("ACCIDENT_DATE_MISSING", segment_position=7, segment_id="DTP", loop="2300")
    state = Finding(
        "ACCIDENT_STATE_MISSING", segment_position=7, segment_id="CLM", loop="2300", element=11, component=4
    )
    trigger = "CTX*SITUATIONAL TRIGGER*CLM*7*2300*11:1*1362"
    assert in_claim(due, quoting=quoting) == ["IK3*DTP*7*2300*I6", "CTX*CLM01:ACCOUNT7", trigger]
    assert in_claim(state, quoting=quoting) == [
        "IK3*CLM*7*2300*8",
        "CTX*CLM01:ACCOUNT7",
        "IK4*11:4**I9",
        trigger,
    ]
    assert reported(due) == ["IK3*DTP*7*2300*I6"]


@pytest.mark.parametrize("code", TRIGGERS)
def test_every_trigger_is_an_element_of_a_guide(code: str) -> None:
    """With the data element number that the guide gives it; and its finding is told on the 999."""
    trigger = TRIGGERS[code]
    assert CODES[code].ik304 is not None
    found = {
        (specification.components[trigger.component - 1] if trigger.component else specification).data_element
        for functional_id, guide in (("HC", "005010X222A1"), ("BE", "005010X220A1"))
        for node in default_library().find("00501", functional_id, guide).segments(trigger.loop, trigger.segment_id)  # type: ignore[union-attr] # it is there
        for specification in node.elements[trigger.element - 1 : trigger.element]
    }
    assert found == {trigger.data_element}


def test_findings_are_told_alike_one_by_one_and_together() -> None:
    """Equal findings of a segment read as one of them, and values at fault change nothing but their own IK4."""
    quoting = Quoting(bytes_reader(FILE))
    for code in CODES.values():
        if code.ik304 and code.id not in TRIGGERS:
            one = replace(WRONG_DATE, code=code.id, element=3 if code.ik403 else 0)
            alone = in_claim(one, quoting=quoting)
            assert in_claim(one, one, quoting=quoting) == alone
            assert in_claim(one, quoting=replace(quoting, bad_data=True))[:2] == alone[:2]


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        pytest.param(
            Finding("SEGMENT_MISSING", segment_position=27, segment_id="SV1", loop="2400"),
            ["IK3*SV1*27*2400*3"],
            id="a segment fault is an IK3",
        ),
        pytest.param(
            Finding("SEGMENT_TOO_MANY", segment_position=10, segment_id="REF", loop="2010AA"),
            ["IK3*REF*10**5"],
            id="IK303 holds four characters, a longer loop id is left out",
        ),
        pytest.param(
            Finding("SEGMENT_NOT_USED", segment_position=9, segment_id="N3", loop="2300"),
            ["IK3*N3*9*2300*I4"],
            id="codes of the guide start with I",
        ),
        pytest.param(
            Finding("ELEMENT_CODE", segment_position=21, segment_id="DTP", loop="2300", element=2, data_element="1250"),
            ["IK3*DTP*21*2300*8", "IK4*2*1250*7"],
            id="an element fault is an IK3 8 with an IK4",
        ),
        pytest.param(
            Finding(
                "ELEMENT_MISSING",
                segment_position=19,
                segment_id="CLM",
                loop="2300",
                element=5,
                component=3,
                data_element="1325",
            ),
            ["IK3*CLM*19*2300*8", "IK4*5:3*1325*1"],
            id="a component has its own place",
        ),
        pytest.param(
            Finding("ELEMENT_CHARACTER", segment_position=9, segment_id="DMG", element=5, repetition=2),
            ["IK3*DMG*9**8", "IK4*5::2**6"],
            id="a repetition is counted after the component",
        ),
        pytest.param(
            Finding("ELEMENT_NOT_USED", segment_position=4, segment_id="HI", element=2, data_element="C022"),
            ["IK3*HI*4**8", "IK4*2**I10"],
            id="a composite has no data element number",
        ),
        pytest.param(
            Finding("HL_PARENT", segment_position=25, segment_id="HL", loop="2000B", element=2, data_element="734"),
            ["IK3*HL*25**8", "IK4*2*734*7"],
            id="a wrong hierarchical parent",
        ),
        pytest.param(
            Finding("LX_SEQUENCE", segment_position=31, segment_id="LX", loop="2400", element=1, data_element="554"),
            ["IK3*LX*31*2400*8", "IK4*1*554*7"],
            id="a wrong line number",
        ),
        pytest.param(
            Finding("TRAILING_SEPARATOR", segment_position=28, segment_id="HI", loop="2300"),
            ["IK3*HI*28*2300*8"],
            id="a trailing separator is an IK3 8",
        ),
        pytest.param(
            Finding("SEGMENT_UNKNOWN", segment_position=5, segment_id="SMITH"),
            ["IK3*ZZZ*5**1"],
            id="what is no segment id is not echoed",
        ),
    ],
)
def test_a_finding_is_reported(finding: Finding, expected: list[str]) -> None:
    """Each finding is an IK3, and an IK4 under it where an element is to blame."""
    assert reported(finding) == expected


def test_findings_of_one_segment_share_its_ik3() -> None:
    """One IK3 for each kind of segment fault, and all elements under the one with code 8."""
    place = {"segment_position": 19, "segment_id": "CLM", "loop": "2300"}
    findings = (
        Finding("SEGMENT_TOO_MANY", **place),  # type: ignore[arg-type] # the mapping mixes ordinals and ids
        Finding("ELEMENT_LONG", **place, element=5, component=1),  # type: ignore[arg-type] # as above
        Finding("ELEMENT_NOT_USED", **place, element=6),  # type: ignore[arg-type] # as above
    )
    assert reported(*findings) == ["IK3*CLM*19*2300*5", "IK3*CLM*19*2300*8", "IK4*5:1**5", "IK4*6**I10"]


def test_segments_of_one_id_at_different_positions_stay_apart() -> None:
    """A position is a segment."""
    findings = tuple(Finding("LOOP_TOO_MANY", segment_position=place, segment_id="NM1") for place in (7, 8))
    assert reported(*findings) == ["IK3*NM1*7**4", "IK3*NM1*8**4"]


@pytest.mark.parametrize(
    "unusable",
    [
        pytest.param(replace(REJECTED, transaction="999"), id="a transaction that AK201 does not know"),
        pytest.param(replace(REJECTED, transaction=""), id="no transaction"),
        pytest.param(replace(REJECTED, control_number="1"), id="a short control number"),
        pytest.param(replace(REJECTED, control_number="00\x1f1"), id="a control number that cannot be written"),
    ],
)
def test_a_set_that_cannot_be_quoted_has_no_ak2(unusable: SetVerdict) -> None:
    """RFI 1339: it is still counted as received."""
    assert lines(group(unusable, code="R", error_codes=("5",))) == ["AK1*HC*17*005010X222A1", "AK9*R*1*1*0*5"]
