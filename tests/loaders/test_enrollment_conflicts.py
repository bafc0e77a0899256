"""Rows of one file that contradict each other, and families that share what only one may have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from loaders.warehouse import Warehouse
from tests.loaders.enrolling import FEB_28, JAN, MAR, child, gold, last_findings, member, outcomes, spans
from tests.loaders.intake import Intake, Row

BORN = date(2026, 1, 5)
AMBIGUOUS, CONTESTED = "ENROLLMENT_MEMBER_AMBIGUOUS", "ENROLLMENT_SUBSCRIBER_CONTESTED"


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake into an empty warehouse."""
    return Intake(warehouse)


def ann(maintenance: str = "021", **values: object) -> Row:
    """The subscriber S1."""
    return member(maintenance, gold(JAN), **{"first_name": "ANN", **values})


def bob(maintenance: str = "021", **values: object) -> Row:
    """Another subscriber, whom the sender puts under the same number."""
    return ann(maintenance, **{"first_name": "BOB", "gender": "M", "birth_date": date(1975, 3, 3), **values})


def ben(maintenance: str = "021", **values: object) -> Row:
    """A child."""
    name = str(values.pop("name", "BEN"))
    return member(maintenance, gold(JAN), **child(name, **{"gender": "M", **values}))


def baby(maintenance: str = "021", **values: object) -> Row:
    """A newborn without a name."""
    return ben(maintenance, **{"name": "BABY BOY", "birth_date": BORN, "identifier": None, **values})


def husband(**values: object) -> Row:
    """A spouse, born on the day on which every spouse here is."""
    spouse: Row = {"relationship_code": "01", "birth_date": date(1979, 7, 7), "gender": "M"}
    return ben(**{"name": "ED", **spouse, **values})


def was(first_name: str) -> Row:
    """What 2100B says that a member was called before."""
    return {"details": {"enrollment_party": [{"loop": "2100B", "entity_code": "70", "first_name": first_name}]}}


def on_file(intake: Intake) -> list[tuple[object, ...]]:
    """The members, as far as anybody could tell them apart."""
    return intake.rows(
        "select subscriber_number, first_name, birth_date, birth_sequence, gender, city, is_subscriber from member"
        " order by member_id"
    )


CONTRADICTORY = [
    pytest.param([ann(), baby()], [baby(birth_sequence=1), baby(birth_sequence=2)], id="two-orders-of-one-birth"),
    pytest.param(
        [ann(), baby(birth_sequence=1)], [baby(city="AVON"), baby(birth_sequence=2), baby(birth_sequence=1)], id="none"
    ),
    pytest.param([ann(), ben()], [ben("001", name="BO", **was("BEN")), ben("001", city="AVON")], id="two-names"),
    pytest.param(
        [ann(), ben()],
        [ben("001", name="BO", **was("BEN")), ben("001", birth_date=None, city="AVON")],
        id="old-name-without-birth-date",
    ),
    pytest.param([ann(), ben(gender="U")], [ben("001", city="AVON"), ben("001", gender="F")], id="two-genders"),
    pytest.param([ann(), ben()], [ben("001", city="AVON"), ben("001", is_subscriber="Y")], id="subscriber-or-not"),
]


@pytest.mark.parametrize(("first", "sent"), CONTRADICTORY)
def test_rows_that_contradict_each_other_are_refused(intake: Intake, first: Sequence[Row], sent: Sequence[Row]) -> None:
    """Whichever stands last, and again when they come again: what was on file stays, apart from what is clear."""
    intake.enroll(*first)
    known = on_file(intake)
    for order in (sent, sent, [*reversed(sent)], sent):
        intake.enroll(*order)
        assert AMBIGUOUS in last_findings(intake)
        assert set(known) <= set(on_file(intake))
    assert "AVON" not in {city for *_, city, _ in on_file(intake)}


def test_the_new_name_without_a_birth_date_is_the_renamed_person(intake: Intake) -> None:
    """The first time, and when the file comes again."""
    intake.enroll(ann(), ben())
    renamed = [ben("001", name="BO", **was("BEN")), ben("001", name="BO", birth_date=None, city="AVON")]
    for _ in range(2):
        intake.enroll(*renamed)
        assert [(name, city) for _, name, *_, city, _ in on_file(intake)] == [("ANN", "HARTFORD"), ("BO", "AVON")]
        assert last_findings(intake) == []


def test_a_family_that_would_be_read_otherwise_again_is_refused(intake: Intake) -> None:
    """An addition takes the evidence away by which another row is refused: sent again, that row would be applied."""
    shared: Row = {"identifier_qualifier": "34", "identifier": "571230001"}
    intake.enroll(ann(), ben(**shared), ben(name="BO", **shared), ben(name="CLEO", identifier=None, gender="F"))
    known = on_file(intake)
    sent = [
        ben("001", city="AVON", **{**shared, "identifier": "571230002"}),
        ben("001", name="", gender="U", city="AVON", **shared),
    ]
    for _ in range(2):
        intake.enroll(*sent)
        assert on_file(intake) == known
        assert last_findings(intake).count(AMBIGUOUS) == 2


@pytest.mark.parametrize("begins", [JAN, MAR])
def test_a_void_and_an_addition_of_one_plan_in_a_row_are_a_new_beginning(intake: Intake, begins: date) -> None:
    """The void goes first, whichever stands first; again it is the same."""
    intake.enroll(ann())
    void, added = gold(JAN, maintenance_type="002"), gold(begins, maintenance_type="021")
    for coverages in ((void, added), (added, void), (added, void)):
        intake.enroll(member("001", *coverages))
        assert spans(intake) == [("gold", begins, None)]


def test_a_new_spouse_is_not_the_old_one(intake: Intake) -> None:
    """Not with the birth date of the old one, where name and social security number are others; in each row."""
    intake.enroll(ann(), husband())
    intake.enroll(husband(name="GUS"), husband(name="GUS", city="AVON"))
    assert [(name, city) for _, name, *_, city, _ in on_file(intake)] == [
        ("ANN", "HARTFORD"),
        ("ED", "HARTFORD"),
        ("GUS", "AVON"),
    ]


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param({"identifier": None}, id="no-number"),
        pytest.param({"maintenance_reason": "25"}, id="corrected"),
        pytest.param(was("ED"), id="as-2100B-says"),
    ],
)
def test_a_spouse_who_gets_another_name_is_the_same(intake: Intake, sent: Row) -> None:
    """Without a number that says otherwise, or where the row says that it corrects."""
    intake.enroll(ann(), husband())
    intake.enroll(husband(name="EDWARD", **sent))
    assert [name for _, name, *_ in on_file(intake)] == ["ANN", "EDWARD"]


RIVALS = [
    pytest.param([], [ann(), bob(), ben()], [], [CONTESTED] * 3, id="both-new-with-a-child"),
    pytest.param([ann()], [ann(), bob(), ben()], ["ANN"], [CONTESTED] * 2, id="one-is-on-file"),
    pytest.param([ann()], [bob()], ["ANN"], [CONTESTED], id="the-one-on-file-is-not-sent"),
    pytest.param([ann(), husband()], [ann(), husband(is_subscriber="Y")], ["ANN", "ED"], [CONTESTED], id="dependant"),
    pytest.param(
        [ann(), husband()],
        [member("024", gold(end=FEB_28), first_name="ANN"), husband(is_subscriber="Y", relationship_code="18")],
        ["ANN", "ED"],
        [],
        id="survivor",
    ),
    pytest.param(
        [ann(), member("024", gold(end=FEB_28), first_name="ANN")],
        [bob(), ben()],
        ["ANN", "BOB", "BEN"],
        [],
        id="reuse",
    ),
    pytest.param([], [ann(), ann("001", city="AVON")], ["ANN"], [], id="one-in-two-rows"),
]


@pytest.mark.parametrize(("first", "sent", "names", "codes"), RIVALS)
def test_a_number_has_one_subscriber(
    intake: Intake, first: Sequence[Row], sent: Sequence[Row], names: list[str], codes: list[str]
) -> None:
    """Whoever would be the second is refused, with new dependants; the same again is the same."""
    for row in first:
        intake.enroll(row)
    for _ in range(2):
        intake.enroll(*sent)
        assert [name for _, name, *_ in on_file(intake)] == names
        assert [code for code in last_findings(intake) if code in {CONTESTED, AMBIGUOUS}] == codes


def test_families_with_swapped_numbers_stay_where_they_are(intake: Intake) -> None:
    """Nobody is enrolled twice, and no child comes into the other family."""
    s1, s2 = ({"subscriber_number": number} for number in ("S1", "S2"))
    intake.enroll(ann(**s1), bob(**s2), ben(**s2))
    known = on_file(intake)
    for _ in range(2):
        intake.enroll(ann(**s2), bob(**s1), ben(**s1))
        assert on_file(intake) == known
        assert last_findings(intake) == [CONTESTED] * 3


def test_a_child_renamed_where_the_family_shares_a_number_is_another_child(intake: Intake) -> None:
    """As an addition, which may be a twin's; a correction (INS04 25, or 2100B) and a change rename."""
    shared: Row = {"identifier_qualifier": "34", "identifier": "571230001"}
    intake.enroll(ann(**shared), ben(**shared))
    intake.enroll(ben("001", name="BO", **shared))
    assert [name for _, name, *_ in on_file(intake)] == ["ANN", "BO"]
    intake.enroll(ben("021", name="BILL", maintenance_reason="25", **shared))
    assert [name for _, name, *_ in on_file(intake)] == ["ANN", "BILL"]
    intake.enroll(ben("021", name="BEN", **shared))
    assert [name for _, name, *_ in on_file(intake)] == ["ANN", "BILL", "BEN"]


def test_who_is_renumbered_without_being_sent_is_reported(intake: Intake) -> None:
    """With the subscriber's row, as whoever ends without being sent."""
    own: Row = {"identifier_qualifier": "34", "identifier": "571230001"}
    intake.enroll(ann(**own), ben(), ben(name="CLEO", gender="F"))
    sent = [ann("001", subscriber_number="S9", **own), ben("001", subscriber_number="S9")]
    intake.enroll(*sent)
    assert outcomes(intake) == [(0, "changed"), (1, "changed"), (None, "changed")]
    intake.enroll(*sent)
    assert outcomes(intake) == [(0, "unchanged"), (1, "unchanged")]
