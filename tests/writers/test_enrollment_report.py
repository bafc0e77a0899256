"""The member report: a CSV with every member, and a page that says first what asks for work."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from edi.enrollment_report import OUTCOMES, EnrollmentReport, Remark, SentMember, SentSet
from edi.finding_codes import CODES
from tests.writers.remittances import PAYER
from writers.enrollment_csv import COLUMNS, write_enrollment_csv
from writers.enrollment_html import MOST_ROWS, write_enrollment_html
from writers.enrollment_words import NEXT_STEPS, OUTCOME_MEANINGS, OUTCOME_WORDS


def member(number: int, outcome: str, *remarks: Remark, **changes: object) -> SentMember:
    """A subscriber's addition, unless it says otherwise."""
    values = {"segment_position": 9, "subscriber_number": "S100", "initials": "", "is_subscriber": True} | changes
    values = {"maintenance_type": "021", "group_id": "ACME", "remarks": remarks} | values
    return SentMember(transaction_set="0001", number=number, outcome=outcome, **values)  # type: ignore[arg-type] # fields by name


def sent_set(totals: dict[str, str], *remarks: Remark, accepted: bool = True, subscribers: int = 1) -> SentSet:
    """A transaction set without dependants."""
    return SentSet("0001", "REF1", accepted, subscribers, 0, totals, remarks)


UNKNOWN_PLAN = Remark("ENROLLMENT_UNKNOWN_PLAN", "error", "HD", "2300", 19)
ENDED_ALREADY = Remark("ENROLLMENT_COVERAGE_ENDED_ALREADY", "warning", "HD", "2300", 28)

ANN = member(1, "added")
BEN = member(2, "refused", UNKNOWN_PLAN, segment_position=14, initials="B.D.", is_subscriber=False)
CLEO = member(3, "unchanged", ENDED_ALREADY, subscriber_number="S200", maintenance_type="024")
REPORT = EnrollmentReport(
    file_id=7,
    received=date(2026, 6, 2),
    interchange="000000104",
    sets=(replace(sent_set({"TO": "3", "ET": "2", "DT": "4"}, subscribers=2), dependants=1),),
    members=(ANN, BEN, CLEO),
)


def rows(report: EnrollmentReport) -> list[dict[str, str]]:
    """The CSV read back."""
    return list(csv.DictReader(io.StringIO(write_enrollment_csv(report).decode(), newline="")))


def page(report: EnrollmentReport) -> str:
    """The HTML page."""
    return write_enrollment_html(report, PAYER).decode()


def words(html: str) -> str:
    """What a reader sees of a page, blanks as one."""
    return " ".join(re.sub(r"<[^>]*>", " ", html.partition("</style>")[2]).split())


def test_every_member_has_a_row_with_place_outcome_and_next_step() -> None:
    """A member without a remark has one, too."""
    found = rows(REPORT)
    assert [(row["subscriber_number"], row["dependant_initials"], row["outcome"], row["code"]) for row in found] == [
        ("S100", "", "added", ""),
        ("S100", "B.D.", "refused", "ENROLLMENT_UNKNOWN_PLAN"),
        ("S200", "", "unchanged", "ENROLLMENT_COVERAGE_ENDED_ALREADY"),
    ]
    assert tuple(found[0]) == COLUMNS
    refused = found[1]
    assert (refused["file_number"], refused["interchange_control_number"]) == ("7", "000000104")
    assert (refused["segment_in_set"], refused["at_segment"], refused["at_segment_in_set"]) == ("14", "HD", "19")
    assert refused["next_step"] == NEXT_STEPS["ENROLLMENT_UNKNOWN_PLAN"]


def test_a_set_that_the_999_refuses_and_remarks_on_sets_have_rows() -> None:
    """They name no member."""
    copy = Remark("ENROLLMENT_INFORMATION_COPY", "note", "BGN", "HEADER", 2)
    sets = (sent_set({}, accepted=False), replace(sent_set({}, copy), control_number="0002"))
    found = rows(replace(REPORT, sets=sets, members=()))
    assert [(row["transaction_set"], row["outcome"], row["code"], row["member_in_set"]) for row in found] == [
        ("0001", "refused", "", ""),
        ("0002", "", "ENROLLMENT_INFORMATION_COPY", ""),
    ]
    assert all(row["next_step"] for row in found)


def test_no_text_of_a_file_becomes_a_formula_or_markup() -> None:
    """Numbers are the sender's own, and may be anything."""
    odd = replace(ANN, subscriber_number="=1+1<script>\n", initials="@.", is_subscriber=False)
    report = replace(REPORT, members=(odd,), interchange="<b>")
    assert rows(report)[0]["subscriber_number"] == "'=1+1<script> "
    assert rows(report)[0]["dependant_initials"] == "'@."
    assert "<script" not in page(report)
    assert "<b>" not in page(report)


def test_the_page_says_what_became_of_the_members_and_what_to_do() -> None:
    """Counts by outcome, counts against the sender's, and the lists, what was not applied first."""
    seen = words(page(REPORT))
    assert "Added 1 enrolled" in seen
    assert "Not applied 1 something" in seen
    assert "0001 Dependants (QTY DT) 4 1 differs" in seen
    assert "0001 Subscribers (QTY ET) 2 2" in seen
    assert "Dependant B.D." in seen
    assert NEXT_STEPS["ENROLLMENT_UNKNOWN_PLAN"] in seen
    assert seen.index("Not applied (1)") < seen.index("Taken with a remark (1)") < seen.index("Added (1)")


def test_the_page_begins_with_what_became_of_the_file() -> None:
    """In a sentence, for a reader who knows no X12: the parts add up to the members of the file."""
    held, unsent = member(3, "held"), member(0, "ended", is_subscriber=False, maintenance_type="")
    two = replace(REPORT.sets[0], subscribers=4)
    report = replace(REPORT, sets=(two,), members=(ANN, BEN, held, unsent))
    seen = words(page(report))
    assert (
        "Your file has 5 members. Taken: 1. Not applied, and in need of a correction: 1. Waiting for a decision at the"
        " plan: 1. Not looked at: 2; see the file as a whole. 1 member who was not in the file changed with it."
    ) in seen
    assert "In all 4 1 of them not in your file" in seen
    assert "Your file has 0 members. What became" in words(page(replace(REPORT, sets=(), members=())))


def test_each_kind_of_trouble_is_told_once_the_worst_first() -> None:
    """With the number of members who have it, each counted once."""
    many = [replace(BEN, number=number, remarks=(UNKNOWN_PLAN, UNKNOWN_PLAN)) for number in range(4, 8)]
    seen = words(page(replace(REPORT, members=(CLEO, *many))))
    advice = [NEXT_STEPS[remark.code] for remark in (UNKNOWN_PLAN, ENDED_ALREADY)]
    assert [seen.count(one) for one in advice] == [1, 1]
    assert seen.index(f"4 The group has no plan for this insurance line and plan code. {advice[0]}") < seen.index(
        f"1 Warning: The coverage ended before: nothing is changed. {advice[1]}"
    )


def test_the_page_stands_alone_and_is_well_formed() -> None:
    """Nothing is fetched, nothing runs, and every element is closed."""

    class Checker(HTMLParser):
        open_elements: list[str]

        def __init__(self) -> None:
            super().__init__()
            self.open_elements = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert not {"src", "href"} & {name for name, _ in attrs}
            if tag not in {"meta", "br"}:
                self.open_elements.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open_elements.pop() == tag

    checker = Checker()
    checker.feed(page(REPORT))
    assert checker.open_elements == []
    assert "<script" not in page(REPORT)


def test_many_sets_show_only_totals_that_differ() -> None:
    """Totals that are not sent differ from nothing; one that is no number always does."""
    agreeing = sent_set({"TO": "1.0"})
    odd = replace(sent_set({"TO": "ONE"}), control_number="0002")
    assert "The totals of all 2 transaction sets agree" in words(page(replace(REPORT, sets=(agreeing, agreeing))))
    seen = words(page(replace(REPORT, sets=(agreeing, odd))))
    assert "0002 Members in all (QTY TO) ONE 1 differs" in seen
    assert "0001 Members in all" not in seen


def test_long_lists_are_cut_and_say_so() -> None:
    """The CSV has them all."""
    report = replace(REPORT, members=tuple(replace(ANN, number=number) for number in range(1, MOST_ROWS + 4)))
    assert "3 more; the CSV of the same name has them all." in words(page(report))
    assert len(rows(report)) == MOST_ROWS + 3


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_has_words(outcome: str) -> None:
    """For the counts and for the lists."""
    assert OUTCOME_WORDS[outcome]
    assert OUTCOME_MEANINGS[outcome]
    assert OUTCOME_WORDS[outcome] in words(page(replace(REPORT, members=(replace(ANN, outcome=outcome),))))


def test_every_finding_on_members_has_a_next_step() -> None:
    """What a sender can do is never left to a telephone call."""
    codes = {code for code in CODES if code.startswith("ENROLLMENT_")}
    assert codes <= NEXT_STEPS.keys()
