"""The ladder by which a row of an 834 finds its person."""

from __future__ import annotations

from datetime import date

import pytest

from loaders.warehouse import Warehouse
from tests.loaders.intake import BIRCH, Intake, Row

JAN, JUN = date(2026, 1, 1), date(2026, 6, 1)
BORN, OTHER_DAY = date(2010, 5, 5), date(2010, 6, 6)
GOLD: Row = {"insurance_line": "HLT", "plan_code": "GOLD", "begin": JAN}
ANN_SSN, BEN_SSN = "234-56-7891", "345678912"


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake into an empty warehouse."""
    return Intake(warehouse)


def ann(maintenance: str = "021", **values: object) -> Row:
    """The subscriber S1, ANN DOE, a woman born 1980-01-01."""
    coverages = [{"maintenance_type": maintenance, **GOLD}] if maintenance in {"021", "025"} else []
    return {
        "maintenance_type": maintenance,
        "coverages": coverages,
        "identifier_qualifier": "34",
        "identifier": ANN_SSN,
        **values,
    }


def ben(maintenance: str = "021", **values: object) -> Row:
    """Her son BEN."""
    son = {"is_subscriber": "N", "relationship_code": "19", "first_name": "BEN", "gender": "M", "birth_date": BORN}
    return ann(maintenance, **{**son, "identifier": BEN_SSN, **values})


def cleo(maintenance: str = "021", **values: object) -> Row:
    """His twin sister."""
    return ben(maintenance, **{"first_name": "CLEO", "gender": "F", "identifier_qualifier": None, **values})


def was(**values: object) -> Row:
    """What 2100B says that a member was before."""
    return {"name_entity": "74", "details": {"enrollment_party": [{"loop": "2100B", "entity_code": "70", **values}]}}


def persons(intake: Intake) -> list[str]:
    """First names on file in the order in which they came."""
    return [name for (name,) in intake.rows("select first_name from member order by member_id")]


def problems(intake: Intake) -> list[str]:
    """Findings that refuse a row."""
    rows = intake.rows("select code from finding where severity = 'error' order by file_id, source_start, code")
    return [code for (code,) in rows]


FOUND = [
    pytest.param({"first_name": "Ann-"}, ["Ann-"], id="name-spelt-otherwise"),
    pytest.param({"gender": "U"}, ["ANN"], id="gender-not-known"),
    pytest.param({"gender": None, "relationship_code": None}, ["ANN"], id="gender-not-sent"),
    pytest.param({"first_name": "ANNA"}, ["ANNA"], id="by-ssn"),
    pytest.param({"first_name": "ANNA", "identifier": "234567891"}, ["ANNA"], id="ssn-without-hyphens"),
    pytest.param({"first_name": "ANNA", "identifier": None}, ["ANNA"], id="by-relationship"),
    pytest.param({"gender": "M"}, ["ANN"], id="gender-corrected"),
    pytest.param(
        {"first_name": "ANNA", "birth_date": OTHER_DAY, **was(first_name="Ann", birth_date=date(1980, 1, 1))},
        ["ANNA"],
        id="as-2100B-says",
    ),
    pytest.param(
        {"birth_date": OTHER_DAY, "maintenance_reason": "25", "identifier": None}, ["ANN"], id="birth-date-corrected"
    ),
    pytest.param({"birth_date": None}, ["ANN"], id="no-birth-date"),
    pytest.param({"identifier_qualifier": "ZZ", "identifier": "S1-00", "birth_date": OTHER_DAY}, ["ANN"], id="our-own"),
]


@pytest.mark.parametrize("maintenance", ["001", "021"])
@pytest.mark.parametrize(("sent", "names"), FOUND)
def test_the_person_on_file_is_found(intake: Intake, maintenance: str, sent: Row, names: list[str]) -> None:
    """By a change and by an addition; what is sent of the person is then on file, and sending it again is no change."""
    intake.enroll(ann(), ben())
    intake.enroll(ann(maintenance, **sent))
    assert persons(intake) == [*names, "BEN"]
    assert problems(intake) == []
    assert intake.enroll(ann(maintenance, **sent)).members == 0
    assert persons(intake) == [*names, "BEN"]


def test_a_corrected_person_was_somebody_else_before(intake: Intake) -> None:
    """The states that a file supersedes are kept, with the files that said so."""
    intake.enroll(ann())
    intake.enroll(ann("001", first_name="ANNA", maintenance_reason="25"))
    past = "select member_id, first_name, birth_date, file_id, superseded_by from member_past"
    assert intake.rows(past) == [(1, "ANN", date(1980, 1, 1), 1, 2)]
    assert intake.rows("select member_id, first_name, file_id, maintenance_reason from member") == [
        (1, "ANNA", 2, "25")
    ]


def test_no_social_security_number_is_kept(intake: Intake) -> None:
    """Only its hash, of 64 hexadecimal digits; without a key not even that."""
    intake.enroll(ann(), ben(identifier_qualifier="ZZ"))
    ((ann_hash, none), (no_hash, own)) = intake.rows("select ssn_hash, sender_number from member order by member_id")
    assert (len(str(ann_hash)), none, no_hash, own) == (64, None, None, BEN_SSN)
    assert intake.value("select count(*) from member m where cast(m as text) like '%234567891%'") == 0


@pytest.mark.parametrize("maintenance", ["021", "024", "001", "030"])
def test_a_twin_is_not_the_other_twin(intake: Intake, maintenance: str) -> None:
    """A twin who is not on file is new, or unknown, and never the one who is."""
    intake.enroll(ann(), ben())
    intake.enroll(cleo(maintenance))
    assert persons(intake) == (["ANN", "BEN", "CLEO"] if maintenance == "021" else ["ANN", "BEN"])
    assert problems(intake) == ([] if maintenance == "021" else ["ENROLLMENT_MEMBER_UNKNOWN"])


def test_a_twin_of_the_same_sex_is_found_beside_the_other(intake: Intake) -> None:
    """Whom another row of the file is about, no row finds by relationship and birth date."""
    intake.enroll(ann(), ben())
    intake.enroll(ben("030"), cleo("021", gender="M"))
    assert persons(intake) == ["ANN", "BEN", "CLEO"]
    intake.enroll(ben("030", birth_date=BORN, identifier=None, first_name="BO"))
    assert problems(intake) == ["ENROLLMENT_MEMBER_AMBIGUOUS"]


def test_a_change_of_two_alike_is_refused_and_the_rest_is_loaded(intake: Intake) -> None:
    """Vector T23: a change (001) that fits two persons on file is ambiguous; the other rows of the file are applied."""
    intake.enroll(ann(), ben(), cleo(gender="M"))
    dora = ann(subscriber_number="S2", identifier=None, first_name="DORA")
    intake.enroll(ben("001", birth_date=BORN, identifier=None, first_name="BO"), dora)
    assert problems(intake) == ["ENROLLMENT_MEMBER_AMBIGUOUS"]
    assert persons(intake) == ["ANN", "BEN", "CLEO", "DORA"]


def test_twins_with_their_parents_number_are_two(intake: Intake) -> None:
    """A social security number that several persons have is no evidence."""
    intake.enroll(ann(), ben(identifier=ANN_SSN))
    intake.enroll(ben("021", identifier=ANN_SSN, first_name="BOB"))
    assert persons(intake) == ["ANN", "BEN", "BOB"]
    assert problems(intake) == []


NEWBORN = [
    pytest.param({"first_name": "BABY BOY"}, id="baby-boy"),
    pytest.param({"first_name": None}, id="no-name"),
    pytest.param({"first_name": "NEWBORN", "gender": "U"}, id="gender-unknown"),
]


@pytest.mark.parametrize("sent", NEWBORN)
def test_a_newborn_gets_a_name(intake: Intake, sent: Row) -> None:
    """The name that comes later, as an addition, is the newborn's; the old one afterwards does not take it away."""
    intake.enroll(ann(), ben(**{**sent, "identifier": None}))
    intake.enroll(ben(identifier=None))
    assert persons(intake) == ["ANN", "BEN"]
    intake.enroll(ben("030", **{**sent, "identifier": None}))
    assert persons(intake) == ["ANN", "BEN"]
    assert problems(intake) == []


def test_newborn_twins_are_told_apart_by_their_order_of_birth(intake: Intake) -> None:
    """INS17; without it nobody can tell which of two rows is whom."""
    babies = [ben(first_name="BABY BOY", birth_sequence=order, identifier=None) for order in (1, 2)]
    intake.enroll(ann(), *babies)
    assert persons(intake) == ["ANN", "BABY BOY", "BABY BOY"]
    names = [ben(first_name=name, birth_sequence=order, identifier=None) for order, name in ((2, "BO"), (1, "BEN"))]
    intake.enroll(*names)
    assert persons(intake) == ["ANN", "BEN", "BO"]
    intake.enroll(
        ann(subscriber_number="S2", identifier=None),
        *[ben(first_name="BABY BOY", identifier=None, subscriber_number="S2")] * 2,
    )
    assert problems(intake) == ["ENROLLMENT_MEMBER_AMBIGUOUS"] * 2


def test_a_newborn_who_is_claimed_by_two_is_nobodys(intake: Intake) -> None:
    """Neither of the two names is given."""
    intake.enroll(ann(), ben(first_name="BABY BOY", identifier=None))
    intake.enroll(ben(identifier=None), ben(first_name="BOB", identifier=None))
    assert persons(intake) == ["ANN", "BABY BOY"]
    assert problems(intake) == ["ENROLLMENT_MEMBER_AMBIGUOUS"] * 2


def test_a_person_under_two_subscribers_is_two_members(intake: Intake) -> None:
    """A child of divorced parents, and the wife who becomes a subscriber: kept apart, and told."""
    wife: Row = {"relationship_code": "01", "is_subscriber": "N", "first_name": "EVE", "identifier": "456789123"}
    intake.enroll(ann(), ben(), ann(**wife))
    eve: Row = {"subscriber_number": "S2", "first_name": "EVE", "identifier": "456789123"}
    intake.enroll(ann(**eve), ben(subscriber_number="S2"))
    assert intake.rows("select subscriber_number, first_name from member order by member_id") == [
        ("S1", "ANN"),
        ("S1", "BEN"),
        ("S1", "EVE"),
        ("S2", "EVE"),
        ("S2", "BEN"),
    ]
    assert intake.findings().count("ENROLLMENT_PERSON_ELSEWHERE") == 2
    assert problems(intake) == []


def test_a_renumbered_subscriber_takes_the_family_along(intake: Intake) -> None:
    """Those sent and those not; the old number is in their past, and dependants are found by the new."""
    intake.enroll(ann(), ben(), cleo())
    intake.enroll(ann("001", subscriber_number="S9"), ben("001", subscriber_number="S9", city="AVON"))
    assert intake.rows("select subscriber_number, first_name, city from member order by member_id") == [
        ("S9", "ANN", "HARTFORD"),
        ("S9", "BEN", "AVON"),
        ("S9", "CLEO", "HARTFORD"),
    ]
    assert intake.rows("select distinct subscriber_number, count(*) from member_past group by 1") == [("S1", 3)]
    assert intake.findings().count("ENROLLMENT_SUBSCRIBER_RENUMBERED") == 1
    assert problems(intake) == []


def test_a_child_who_comes_with_the_new_number_has_a_suffix_of_its_own(intake: Intake) -> None:
    """Else our own member number would be that of two."""
    intake.enroll(ann(), ben())
    intake.enroll(ann(subscriber_number="S9"), cleo(subscriber_number="S9"))
    rows = intake.rows("select first_name, subscriber_number, member_suffix from member order by member_id")
    assert rows == [("ANN", "S9", 0), ("BEN", "S9", 1), ("CLEO", "S9", 2)]


def test_somebody_else_with_the_number_is_not_followed(intake: Intake) -> None:
    """Where the old number is sent too, it is somebody's."""
    intake.enroll(ann())
    intake.enroll(ann(), ann(subscriber_number="S9"))
    assert intake.rows("select subscriber_number from member order by 1") == [("S1",), ("S9",)]


def test_lost_zeros_are_told_and_not_followed(intake: Intake) -> None:
    """Neither is the person enrolled again, nor merged; strangers under such a number are new."""
    intake.enroll(ann(subscriber_number="0042"), ben(subscriber_number="0042"))
    lost: list[Row] = [{"subscriber_number": "42"}, {"subscriber_number": "42", "identifier": None}]
    for sent in lost:
        intake.enroll(ann(**sent), ben("024", **sent), cleo(**sent))
    assert persons(intake) == ["ANN", "BEN"]
    assert problems(intake) == ["ENROLLMENT_SUBSCRIBER_NUMBER_ZEROS"] * 6
    intake.enroll(ann(subscriber_number="42", first_name="ZOE", identifier=None, birth_date=OTHER_DAY))
    assert persons(intake) == ["ANN", "BEN", "ZOE"]


def test_a_number_is_looked_for_in_its_group_only(intake: Intake) -> None:
    """Equal numbers of two groups are two families."""
    intake.enroll(ann())
    intake.enroll(ann(), header=BIRCH)
    assert intake.rows("select group_id, subscriber_number from member order by member_id") == [
        ("acme", "S1"),
        ("birch", "S1"),
    ]


def test_swapped_numbers_are_refused(intake: Intake) -> None:
    """Else a social security number would be on file as a subscriber's; also where both have nine digits."""
    intake.enroll(ann(subscriber_number="234567891", identifier="S1"))
    assert (persons(intake), problems(intake)) == ([], ["ENROLLMENT_NUMBERS_SWAPPED"])
    intake.enroll(ann())
    intake.enroll(ann("024", subscriber_number="234567891", identifier="000000001"))
    assert (persons(intake), problems(intake)) == (["ANN"], ["ENROLLMENT_NUMBERS_SWAPPED"] * 2)


def test_a_social_security_number_may_be_the_subscribers_number(intake: Intake) -> None:
    """Where the sponsor numbers its people so, for the family too."""
    own: Row = {"subscriber_number": "234567891"}
    intake.enroll(ann(**own), ben(**own))
    intake.enroll(ann("001", **own), ben("001", **own), cleo(**own))
    assert (persons(intake), problems(intake)) == (["ANN", "BEN", "CLEO"], [])


def test_a_dependant_needs_a_subscriber(intake: Intake) -> None:
    """On file or in the same file, before or after; one who is refused is none."""
    intake.enroll(ben())
    intake.enroll(ann(last_name=None), ben())
    assert persons(intake) == []
    assert problems(intake) == [
        "ENROLLMENT_SUBSCRIBER_UNKNOWN",
        "ENROLLMENT_NAME_MISSING",
        "ENROLLMENT_SUBSCRIBER_UNKNOWN",
    ]
    intake.enroll(ben(), ann())
    intake.enroll(cleo())
    assert sorted(persons(intake)) == ["ANN", "BEN", "CLEO"]
    suffixes = intake.rows("select first_name, member_suffix from member order by 1")
    assert suffixes == [("ANN", 0), ("BEN", 1), ("CLEO", 2)]


def test_nobody_is_born_tomorrow(intake: Intake) -> None:
    """A birth date after the day the file came is none."""
    intake.enroll(ann(birth_date=date(2027, 1, 1)))
    assert (persons(intake), problems(intake)) == ([], ["ENROLLMENT_BIRTH_DATE_INVALID"])


def test_a_name_that_is_anothers_is_not_taken(intake: Intake) -> None:
    """A correction that would make two members one is refused."""
    intake.enroll(ann(), ben(), cleo())
    intake.enroll(ben("001", first_name="CLEO", maintenance_reason="25", **was(first_name="BEN")))
    assert problems(intake) == ["ENROLLMENT_MEMBER_AMBIGUOUS"]
    assert persons(intake) == ["ANN", "BEN", "CLEO"]


def test_a_subscribers_changes_of_one_file_add_up(intake: Intake) -> None:
    """Of several rows of a member the last that says something counts, column by column."""
    intake.enroll(ann())
    intake.enroll(ann("001", city="AVON", zip="06001"), ann("001", zip="06002"), ann("024", eligibility_end=JUN))
    assert intake.rows("select city, zip, eligibility_end from member") == [("AVON", "06002", JUN)]
    assert intake.value("select count(*) from member_past") == 1


def test_an_audit_changes_nobody(intake: Intake) -> None:
    """030, as long as the group's roster is not the truth."""
    intake.enroll(ann(city="AVON"))
    intake.enroll(ann("030", city="GONE"))
    assert intake.rows("select city from member") == [("AVON",)]


ODD = [
    pytest.param({"zip": None}, ["ENROLLMENT_ADDRESS_MISSING"], id="no-postal-code"),
    pytest.param({"identifier": None}, ["ENROLLMENT_SSN_MISSING"], id="no-ssn"),
    pytest.param({"identifier": "999999999"}, ["ENROLLMENT_SSN_INVALID"], id="stand-in"),
    pytest.param({"identifier": "S1"}, ["ENROLLMENT_SSN_INVALID"], id="no-such-number"),
    pytest.param({"gender": "U"}, ["ENROLLMENT_GENDER_UNKNOWN"], id="gender"),
    pytest.param({"maintenance_reason": "08"}, ["ENROLLMENT_REASON_UNUSUAL"], id="reason"),
    pytest.param({"employment_status": "TE"}, ["ENROLLMENT_END_NOT_SENT"], id="left-work"),
    pytest.param({"employment_status": "TE", "benefit_status": "C"}, [], id="left-work-with-cobra"),
    pytest.param({"death_date": JAN}, ["ENROLLMENT_END_NOT_SENT"], id="died"),
    pytest.param({}, [], id="nothing"),
]


@pytest.mark.parametrize(("sent", "codes"), ODD)
def test_what_is_odd_is_told_and_loaded(intake: Intake, sent: Row, codes: list[str]) -> None:
    """As warnings at the row."""
    intake.enroll(ann(**sent))
    assert intake.findings() == codes
    assert problems(intake) == []
    assert persons(intake) == ["ANN"]


def test_what_is_missing_is_told_when_it_is_news(intake: Intake) -> None:
    """Not with every roster again."""
    for _ in range(2):
        intake.enroll(ann(zip=None, identifier=None))
    assert intake.findings() == ["ENROLLMENT_ADDRESS_MISSING", "ENROLLMENT_SSN_MISSING"]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        pytest.param({"birth_date": date(2000, 3, 2)}, 1, id="of-age-today"),
        pytest.param({"birth_date": date(2000, 3, 3)}, 0, id="tomorrow"),
        pytest.param({"birth_date": date(1990, 3, 3), "handicapped": "Y"}, 0, id="handicapped"),
        pytest.param({"birth_date": date(1990, 3, 3), "relationship_code": "01"}, 0, id="spouse"),
    ],
)
def test_a_child_over_age_is_told(intake: Intake, sent: Row, told: int) -> None:
    """By the group's limit, on the day the file came."""
    intake.enroll(ann(), ben(**sent))
    assert intake.findings() == ["ENROLLMENT_CHILD_OVER_AGE"] * told
