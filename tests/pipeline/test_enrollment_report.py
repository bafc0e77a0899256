"""The member report goes to the sender with the commit that it tells of."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
from sqlalchemy import Connection, text

from loaders.enrollment_answers import MemberOutcome, UnsentMember, stored_findings
from loaders.outbox import OutboxRow
from tests.pipeline.plan import ENROLLMENT, Plan

ROSTER = (
    re.sub(rb"(NM1\*IL\*[^~]*)~", rb"\1****34*210010001~", ENROLLMENT)
    .replace(b"DTP*007*D8*20260601~\n", b"DTP*007*D8*20260601~\nQTY*TO*9~\nQTY*ET*6~\nQTY*DT*1~\n")
    .replace(b"SE*72*", b"SE*75*")
    .replace(b"HMO*GOLD*EMP", b"HMO*LEAD*EMP", 1)
)
"""The demo's seven members, of whom the first has a plan that nobody knows; the sender counted nine."""


def outcomes_of_file(conn: Connection, file_id: int) -> list[MemberOutcome]:
    """Every member with a span of the file was added, the others were refused."""
    added = "select source_start from coverage_span where file_id = :file_id"
    spans = sorted(conn.execute(text(added), {"file_id": file_id}).scalars())
    starts = [place for place in range(len(ROSTER)) if ROSTER.startswith(b"INS*", place)]
    stops = [*starts[1:], len(ROSTER)]
    return [
        MemberOutcome((1, 1, 1), row, "ACME-CORP", "added" if any(start < span < stop for span in spans) else "refused")
        for row, (start, stop) in enumerate(zip(starts, stops, strict=True))
    ]


@pytest.fixture
def told_plan(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """A plan whose loader keeps outcomes."""
    monkeypatch.setattr("pipeline.enrollment_report.member_outcomes", outcomes_of_file)
    return plan


def reports(plan: Plan) -> list[OutboxRow]:
    """What was queued for the folder of reports."""
    return [row for row in plan.outbox() if row.folder == "reports"]


def rows(file: OutboxRow) -> list[dict[str, str]]:
    """The rows on members, of a CSV read back."""
    found = csv.DictReader(io.StringIO(file.content.decode(), newline=""))
    return [row for row in found if row["member_in_set"]]


def test_a_report_goes_to_the_sender(told_plan: Plan) -> None:
    """A CSV and a page, beside the 999; the names tell nothing of anybody."""
    (file_id,) = told_plan.take_in("acme", ROSTER)
    told_plan.process()
    made = reports(told_plan)
    assert [(file.partner, file.file_name, file.kind) for file in made] == [
        ("acme", f"members_000001001_{file_id}_1.csv", "MEMBERS_CSV"),
        ("acme", f"members_000001001_{file_id}_1.html", "MEMBERS_HTML"),
    ]
    told_plan.deliver()
    assert len(told_plan.servers["acme"].names("reports")) == 2


def test_every_member_is_told_with_its_place(told_plan: Plan) -> None:
    """Findings lie with the member in whose bytes they are, with the position of the segment."""
    told_plan.take_in("acme", ROSTER)
    told_plan.process()
    found = rows(reports(told_plan)[0])
    assert [(row["subscriber_number"], row["dependant_initials"], row["outcome"]) for row in found] == [
        ("M1000001", "", "refused"),
        ("M1000002", "", "added"),
        ("M1000002", "B.P.", "added"),
        ("M1000003", "", "added"),
        ("M1000004", "", "added"),
        ("M1000005", "", "added"),
        ("M1000006", "", "added"),
    ]
    refused = found[0]
    segments = ROSTER[ROSTER.index(b"ST*") :].split(b"~\n")
    assert segments[int(refused["segment_in_set"]) - 1].startswith(b"INS*")
    assert segments[int(refused["at_segment_in_set"]) - 1] == b"HD*021**HMO*LEAD*EMP"
    assert refused["code"] == "ENROLLMENT_UNKNOWN_PLAN"


def test_counts_stand_against_the_senders(told_plan: Plan) -> None:
    """QTY of the header."""
    told_plan.take_in("acme", ROSTER)
    told_plan.process()
    page = reports(told_plan)[1].content.decode()
    assert '<tr class="differs"><td>0001</td><td>Members in all (QTY TO)</td>' in page
    assert '<tr><td>0001</td><td>Dependants (QTY DT)</td><td class="number">1</td><td class="number">1</td>' in page


def test_members_whom_the_file_changed_without_naming_are_told(
    told_plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dependant who ends with the subscriber: the number that the sender knows, and initials."""
    start = ROSTER.index(b"INS*")
    gone = MemberOutcome(
        (1, 1, 1), None, "ACME", "ended", start, UnsentMember("M1000001", "ZOE", "ROE", is_subscriber=False)
    )
    monkeypatch.setattr(
        "pipeline.enrollment_report.member_outcomes", lambda conn, file_id: [*outcomes_of_file(conn, file_id), gone]
    )
    told_plan.take_in("acme", ROSTER)
    told_plan.process()
    last = rows(reports(told_plan)[0])[-1]
    assert (last["member_in_set"], last["subscriber_number"], last["dependant_initials"], last["outcome"]) == (
        "not sent",
        "M1000001",
        "Z.R.",
        "ended",
    )


def test_everybody_with_an_unknown_plan_is_told(told_plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though it is one finding, at the first of them."""
    monkeypatch.setattr(
        "pipeline.enrollment_report.stored_findings",
        lambda conn, file_id, _codes: stored_findings(conn, file_id, ["ENROLLMENT_UNKNOWN_PLAN"])[:1],
    )
    told_plan.take_in("acme", ROSTER.replace(b"HMO*GOLD*EMP", b"HMO*lead*EMP"))
    told_plan.process()
    told = [(row["subscriber_number"], row["code"]) for row in rows(reports(told_plan)[0]) if row["code"]]
    assert told == [(f"M100000{number}", "ENROLLMENT_UNKNOWN_PLAN") for number in (1, 3, 5)]


def test_a_member_that_the_999_refuses_is_told_too(told_plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the number that stands in its REF*0F; no row of it was read."""
    monkeypatch.setattr(
        "pipeline.enrollment_report.member_outcomes",
        lambda conn, file_id: [replace(one, row=one.row) for one in outcomes_of_file(conn, file_id)[1:]],
    )
    partners = told_plan.house.configuration.partners
    told_plan.change(partners={**partners, "acme": replace(partners["acme"], claim_syntax="accept_with_errors")})
    told_plan.take_in("acme", ROSTER.replace(b"DMG*D8*19800211*F", b"DMG*D8*19800231*F"))
    told_plan.process()
    first = rows(reports(told_plan)[0])[0]
    assert (first["subscriber_number"], first["outcome"], first["code"]) == (
        "M1000001",
        "refused",
        "ENROLLMENT_MEMBER_SYNTAX",
    )
    assert (first["person"], first["maintenance_type"]) == ("subscriber", "021")


def test_a_partner_that_wants_no_numbers_in_answers_gets_none(told_plan: Plan) -> None:
    """As in the 999."""
    partners = told_plan.house.configuration.partners
    told_plan.change(partners={**partners, "acme": replace(partners["acme"], claim_numbers_in_answers=False)})
    told_plan.take_in("acme", ROSTER)
    told_plan.process()
    for file in reports(told_plan):
        assert b"M1000001" not in file.content
        assert b"B.P." not in file.content


def test_an_interchange_without_members_gets_no_report(told_plan: Plan) -> None:
    """A repeated interchange is answered by TA1 alone."""
    told_plan.take_in("acme", ROSTER)
    told_plan.process()
    told_plan.take_in("acme", ROSTER.replace(b"EMP~", b"FAM~", 1))
    told_plan.process()
    assert len(reports(told_plan)) == 2
