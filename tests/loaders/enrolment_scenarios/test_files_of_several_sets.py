"""A file may hold several interchanges, functional groups and sets, of one employer group and of several."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from loaders.holds import HeldAnew
from loaders.warehouse import Warehouse
from pipeline.hold_decisions import held_files, questions, reject, release
from tests.loaders.enrolment_scenarios.notation import (
    Roster,
    Several,
    apart,
    change,
    crew,
    crew_name,
    replacing,
    together,
)
from tests.loaders.enrolment_scenarios.office import NEIGHBOUR_POLICY, NEIGHBOUR_SPONSOR, Office

GOLD = "| HLT GOLD EMP 348=2026-01-01"
OPEN = ["GOLD EMP 2026-01-01.."]
ENDED = ["GOLD EMP 2026-01-01..2026-02-28"]
CREW = tuple(f"{crew(number).format('021')} {GOLD}" for number in range(1, 101))
THERE = tuple(f"{crew(number).format('030')} {GOLD}" for number in range(1, 101))
ANN, DAN = f"ANN 021 {GOLD}", f"DAN 021 {GOLD}"
ANN_THERE, DAN_THERE = f"ANN 030 {GOLD}", f"DAN 030 {GOLD}"
NOW = {"absent": "now"}

Envelope = Callable[..., Several]
ENVELOPES = [pytest.param(together, id="sets"), pytest.param(apart, id="interchanges")]


def deck(roster: Roster) -> Roster:
    """The same of the neighbouring group."""
    return replace(roster, sponsor=NEIGHBOUR_SPONSOR, policy=NEIGHBOUR_POLICY)


@pytest.fixture
def office(warehouse: Warehouse, tmp_path: Path) -> Office:
    """Absent members end at once."""
    return Office(warehouse, tmp_path, NOW)


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_twelve_percent_absent_in_one_set_of_several_hold_the_file(office: Office, envelope: Envelope) -> None:
    """A good set beside it, of another group, waits as well; released, both are applied."""
    office.send(change("2026-01-02", *CREW))
    office.send(deck(change("2026-01-03", ANN)))
    good = deck(change("2026-03-02", DAN))
    taken = office.send(envelope(good, replacing("2026-03-02", *THERE[:88])))
    assert (taken.state, office.holds(taken.file_id)) == ("held", ["ABSENCE_THRESHOLD CREW"])
    spans = office.spans()
    assert "DAN" not in spans
    assert all(found == OPEN for found in spans.values())
    assert office.release(taken.file_id).state == "committed"
    spans = office.spans()
    assert spans["DAN"] == spans["ANN"] == OPEN
    assert [spans[crew_name(number)] for number in (88, 89, 100)] == [OPEN, ENDED, ENDED]


def test_a_rejected_file_of_several_groups_is_applied_in_nothing(office: Office) -> None:
    """Each set is told so, and nobody takes the good one for applied."""
    office.send(change("2026-01-02", *CREW))
    taken = office.send(together(deck(change("2026-03-02", DAN)), replacing("2026-03-02", *THERE[:88])))
    taken = office.reject(taken.file_id)
    assert (taken.state, taken.findings) == ("committed", ["ENROLLMENT_FILE_REFUSED", "ENROLLMENT_FILE_REFUSED"])
    assert set(office.spans()) == {crew_name(number) for number in range(1, 101)}


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_shares_are_those_of_a_group_not_of_the_file(office: Office, envelope: Envelope) -> None:
    """A roster of all others in the same file makes no group's loss smaller."""
    office.send(change("2026-01-02", *CREW[:50]))
    office.send(deck(change("2026-01-03", *CREW[50:])))
    whole, lacking = replacing("2026-03-02", *THERE[:50]), deck(replacing("2026-03-02", *THERE[50:89]))
    taken = office.send(envelope(whole, lacking))
    assert (taken.state, office.holds(taken.file_id)) == ("held", ["ABSENCE_THRESHOLD DECK"])


def test_two_groups_are_held_for_two_reasons(office: Office) -> None:
    """Each with its own figures."""
    office.send(change("2026-01-02", *CREW[:50]))
    office.send(deck(change("2026-01-03", *CREW[50:])))
    taken = office.send(together(replacing("2026-03-02", *THERE[:39]), deck(replacing("2026-03-02", *THERE[50:89]))))
    assert office.holds(taken.file_id) == ["ABSENCE_THRESHOLD CREW", "ABSENCE_THRESHOLD DECK"]


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_a_roster_in_several_parts_is_one(office: Office, envelope: Envelope) -> None:
    """Nobody is absent who is in any of them, and everybody counts once."""
    office.send(change("2026-01-02", ANN, DAN))
    taken = office.send(envelope(replacing("2026-03-02", ANN_THERE), replacing("2026-03-02", DAN_THERE, ANN_THERE)))
    assert (taken.state, taken.findings) == ("committed", [])
    assert office.spans() == {"ANN": OPEN, "DAN": OPEN}
    assert office.plan.rows("select members, absent from roster") == [{"members": 2, "absent": 0}]


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_nobody_ends_whose_part_of_the_roster_was_refused(office: Office, envelope: Envelope) -> None:
    """A set or an interchange that the answer refuses may have had them."""
    office.send(change("2026-01-02", ANN, DAN))
    sent = envelope(replacing("2026-03-02", ANN_THERE), replacing("2026-03-02", DAN_THERE)).content(7)
    broken = sent.rsplit(b"SE*", 1)
    taken = office.send_bytes(broken[0] + b"SE*9" + broken[1])
    assert (taken.state, taken.findings) == ("committed", ["ENROLLMENT_MEMBERS_ABSENT"])
    assert office.spans() == {"ANN": OPEN, "DAN": OPEN}
    assert office.plan.rows("select * from absence") == []


def test_nobody_ends_whose_part_of_the_roster_came_in_a_repeated_interchange(office: Office) -> None:
    """It is not loaded a second time."""
    office.send(change("2026-01-02", ANN, DAN))
    dan = replacing("2026-03-02", DAN_THERE, ANN_THERE).content(7)
    office.send_bytes(dan)
    taken = office.send_bytes(replacing("2026-04-02", ANN_THERE).content(8) + dan)
    assert (taken.state, taken.findings) == ("committed", ["ENROLLMENT_MEMBERS_ABSENT"])
    assert office.spans() == {"ANN": OPEN, "DAN": OPEN}


def test_two_rosters_of_a_group_end_nobody_who_is_in_either(office: Office) -> None:
    """The later as-of date is the one that is remembered."""
    office.send(change("2026-01-02", ANN, DAN))
    office.send(
        together(
            replacing("2026-03-02", ANN_THERE, DAN_THERE, as_of="2026-02-01"),
            replacing("2026-03-02", ANN_THERE, as_of="2026-03-01"),
        )
    )
    assert office.spans() == {"ANN": OPEN, "DAN": OPEN}
    taken = office.send(replacing("2026-03-09", ANN_THERE, DAN_THERE, as_of="2026-02-15"))
    assert (taken.state, office.holds(taken.file_id)) == ("held", ["ROSTER_OUT_OF_ORDER CREW"])


@pytest.mark.parametrize("days", [("2026-02-01", "2026-05-01"), ("2026-05-01", "2026-02-01")])
def test_an_old_roster_does_not_hide_behind_a_new_one(office: Office, days: tuple[str, str]) -> None:
    """In whichever order they stand in the file."""
    office.send(change("2026-01-02", ANN, DAN))
    office.send(replacing("2026-03-02", ANN_THERE, DAN_THERE))
    both = [replacing("2026-05-02", ANN_THERE, DAN_THERE, as_of=day) for day in days]
    taken = office.send(together(*both))
    assert (taken.state, office.holds(taken.file_id)) == ("held", ["ROSTER_OUT_OF_ORDER CREW"])


def test_rosters_of_a_file_that_go_back_in_time_are_held(office: Office) -> None:
    """The older one would have the last word."""
    office.send(change("2026-01-02", ANN, DAN))
    newest, older = replacing("2026-05-02", ANN_THERE), replacing("2026-05-02", DAN_THERE, as_of="2026-04-01")
    taken = office.send(together(newest, older))
    assert (taken.state, office.holds(taken.file_id)) == ("held", ["ROSTER_OUT_OF_ORDER CREW"])


def test_changes_beside_a_roster_say_who_is_there(office: Office) -> None:
    """Sets of different modes: each row is taken as its set says."""
    office.send(change("2026-01-02", ANN, DAN))
    taken = office.send(together(replacing("2026-03-02", ANN_THERE), change("2026-03-02", f"DAN 021 {GOLD}")))
    assert (taken.findings, office.spans()) == ([], {"ANN": OPEN, "DAN": OPEN})


def test_information_copies_beside_a_roster_say_nothing(office: Office) -> None:
    """Neither who is there nor who goes."""
    office.send(change("2026-01-02", ANN, DAN))
    copy = change("2026-03-02", "ANN 024 | HLT GOLD EMP 349=2026-02-28", DAN_THERE, purpose="22")
    taken = office.send(together(copy, replacing("2026-03-02", ANN_THERE)))
    assert taken.findings == ["ENROLLMENT_INFORMATION_COPY", "ENROLLMENT_MEMBERS_ABSENT"]
    assert office.spans() == {"ANN": OPEN, "DAN": ENDED}


def test_lines_that_are_left_out_are_a_reason_of_their_own(office: Office) -> None:
    """Nobody is absent, and nobody is told so."""
    dental = "| DEN D1 EMP 348=2026-01-01"
    office.send(change("2026-01-02", *(f"{line} {dental}" for line in CREW[:20])))
    taken = office.send(replacing("2026-03-02", f"{THERE[0]} {dental}", *THERE[1:20]))
    assert office.holds(taken.file_id) == ["LINES_THRESHOLD CREW"]
    (held,) = [file for file in held_files(office.plan.house) if file["file_id"] == taken.file_id]
    assert held["reasons"][0].endswith(
        "19 of 20 active members would lose a line that the roster has for others and not for them."
    )


@pytest.fixture
def held(office: Office) -> int:
    """A file of two sets, FIRST and SECOND, of a sponsor nobody knows and of one that is known."""
    first = replace(change("2026-03-02", ANN, reference="FIRST"), sponsor="069999999")
    taken = office.send(together(first, change("2026-03-02", DAN, reference="SECOND")))
    assert (taken.state, office.holds(taken.file_id)) == ("held", ["SPONSOR_UNKNOWN"])
    return taken.file_id


def test_a_held_file_of_which_one_set_is_sent_again_keeps_the_other(office: Office, held: int) -> None:
    """Released, only the other is applied."""
    office.send(change("2026-03-03", ANN, purpose="15", original="FIRST"))
    assert (office.spans(), office.holds(held)) == ({"ANN": OPEN}, ["SPONSOR_UNKNOWN"])
    taken = office.release(held)
    assert (taken.state, taken.findings) == ("committed", ["ENROLLMENT_SUPERSEDED"])
    assert office.spans() == {"ANN": OPEN, "DAN": OPEN}


@pytest.mark.parametrize("together_again", [True, False])
def test_a_held_file_all_of_whose_sets_are_sent_again_is_closed(
    office: Office, held: int, *, together_again: bool
) -> None:
    """In one file or in several; what is sent again afterwards changes nothing."""
    again = [change("2026-03-03", ANN, purpose="15", original="FIRST")]
    again.append(change("2026-03-03", DAN, purpose="15", original="SECOND"))
    for several in [again] if together_again else [[one] for one in again]:
        office.send(together(*several))
    office.plan.process()
    assert office.holds(held) == ["SPONSOR_UNKNOWN rejected"]
    assert (office.plan.state(held), office.spans()) == ("committed", {"ANN": OPEN, "DAN": OPEN})


def test_a_set_that_was_not_to_be_applied_need_not_be_sent_again(office: Office) -> None:
    """The information copy in a held file keeps nothing open."""
    first = replace(change("2026-03-02", ANN, reference="FIRST"), sponsor="069999999")
    taken = office.send(together(first, change("2026-03-02", DAN, purpose="22", reference="COPY")))
    office.send(change("2026-03-03", ANN, purpose="15", original="FIRST"))
    assert office.holds(taken.file_id) == ["SPONSOR_UNKNOWN rejected"]


class TestReleases:
    """A release lets through what the person saw, and nothing that became of it since."""

    @pytest.fixture
    def held(self, office: Office) -> int:
        """Twelve of a hundred are absent."""
        office.send(change("2026-01-02", *CREW))
        taken = office.send(replacing("2026-03-02", *THERE[:88]))
        assert taken.state == "held"
        return taken.file_id

    def test_a_reason_that_grew_since_is_a_new_one(self, office: Office, held: int) -> None:
        """The books have a member more who would be absent."""
        office.send(change("2026-03-03", f"{crew(101).format('021')} {GOLD}"))
        assert office.release(held).state == "held"
        assert office.holds(held) == ["ABSENCE_THRESHOLD CREW released", "ABSENCE_THRESHOLD CREW"]
        assert office.spans()[crew_name(100)] == OPEN
        assert office.release(held).state == "committed"
        assert office.spans()[crew_name(101)] == ENDED

    def test_a_reason_that_shrank_since_is_allowed(self, office: Office, held: int) -> None:
        """Somebody who would be absent has left in the meantime."""
        office.send(change("2026-03-03", f"{crew(89).format('024')} | HLT GOLD EMP 349=2026-02-28"))
        assert office.release(held).state == "committed"
        assert office.spans()[crew_name(100)] == ENDED

    def test_it_is_released_by_whoever_saw_the_newest_hold(self, office: Office, held: int) -> None:
        """Not by an answer to an older question."""
        (asked,) = questions(office.plan.house, "834")
        office.send(change("2026-03-03", f"{crew(101).format('021')} {GOLD}"))
        office.release(held)
        for decide in (release, reject):
            with pytest.raises(HeldAnew):
                decide(office.plan.house, held, "ann", newest_seen=asked.newest_hold)
        assert office.plan.state(held) == "held"
        (asked,) = questions(office.plan.house, "834")
        release(office.plan.house, held, "ann", newest_seen=asked.newest_hold)
        office.plan.process()
        assert office.plan.state(held) == "committed"

    def test_the_same_reason_of_another_group_is_another_reason(self, office: Office) -> None:
        """Released for one group, it is not for the other that has it by now."""
        office.send(change("2026-01-02", *CREW[:50]))
        office.send(deck(change("2026-01-03", *CREW[50:89])))
        both = together(replacing("2026-03-02", *THERE[:39]), deck(replacing("2026-03-02", *THERE[50:89])))
        taken = office.send(both)
        assert office.holds(taken.file_id) == ["ABSENCE_THRESHOLD CREW"]
        office.send(deck(change("2026-03-03", *CREW[89:])))
        assert office.release(taken.file_id).state == "held"
        assert office.holds(taken.file_id) == ["ABSENCE_THRESHOLD CREW released", "ABSENCE_THRESHOLD DECK"]
