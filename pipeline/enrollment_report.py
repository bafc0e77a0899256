"""The member report: what became of each member of an 834, queued for its sender with the commit that did it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from edi.enrollment_report import EnrollmentReport, Remark, SentMember, SentSet
from edi.finding_codes import CODES
from edi.finding_codes.code import BUSINESS
from loaders.enrollment_answers import (
    MemberOutcome,
    SetPlace,
    StoredFinding,
    UnsentMember,
    member_outcomes,
    stored_findings,
    unknown_plan_places,
)
from loaders.outbox import OutboxFile
from pipeline.answer_names import addressee, quotable
from writers.enrollment_csv import write_enrollment_csv
from writers.enrollment_html import write_enrollment_html

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlalchemy import Connection

    from edi.verdict import BusinessUnit, FileVerdict, InterchangeVerdict, SetVerdict
    from loaders.ledger import LedgerFile
    from pipeline.house import House

ENROLLMENT = "834"
REFUSED = "refused"
UNKNOWN_PLANS = frozenset({"ENROLLMENT_UNKNOWN_PLAN", "ENROLLMENT_PLAN_NOT_IN_FORCE"})
TOTALS = frozenset({"TO", "ET", "DT"})
ELEMENT_AT, SEGMENT_AT = 3, 105
"""Where an ISA shows its element separator and its segment terminator."""
MEMBER_COLUMNS = (
    "interchange",
    "functional_group",
    "transaction_set",
    "row",
    "source_start",
    "is_subscriber",
    "maintenance_type",
    "subscriber_number",
    "first_name",
    "last_name",
)


@dataclass(slots=True)
class _Sent:
    """A member as it stands in the file."""

    start: int
    row: int
    is_subscriber: bool
    maintenance_type: str
    number: str
    initials: str
    is_refused: bool = False
    """By the 999."""
    findings: list[StoredFinding] = field(default_factory=list)


def enrollment_reports(
    connection: Connection, house: House, file: LedgerFile, verdict: FileVerdict, tables: Mapping[str, pa.Table]
) -> list[OutboxFile]:
    """A CSV and an HTML page for each interchange of which members were looked at; to be queued with the commit."""
    if not any(map(_enrollment_sets, verdict.interchanges)):
        return []
    outcomes = member_outcomes(connection, file.file_id)
    codes = [code.id for code in CODES.values() if code.level == BUSINESS and code.id.startswith("ENROLLMENT_")]
    findings = stored_findings(connection, file.file_id, codes)
    if not outcomes and not findings:
        return []
    content = house.archive.read(file.archive_path)
    places = unknown_plan_places(connection, file.file_id)
    made = _Reports(
        content, tables, outcomes, findings, places, names_members=house.partner(file.partner).claim_numbers_in_answers
    )
    files = []
    for interchange in verdict.interchanges:
        if interchange.usage != "P" and not house.accepts_test:
            continue
        sets, members = made.of(interchange)
        if not any(one.remarks for one in sets) and not members:
            continue
        report = EnrollmentReport(
            file.file_id, file.received_date, interchange.control_number, tuple(sets), tuple(members)
        )
        partner = addressee(house, interchange, file.partner)
        name = f"members_{quotable(interchange.control_number)}_{file.file_id}_{interchange.ordinal}"
        written = (
            ("MEMBERS_CSV", "csv", write_enrollment_csv(report)),
            ("MEMBERS_HTML", "html", write_enrollment_html(report, house.configuration.payer)),
        )
        files += [
            OutboxFile(partner, "reports", f"{name}.{ending}", kind, text, file.file_id)
            for kind, ending, text in written
        ]
    return files


def _enrollment_sets(interchange: InterchangeVerdict) -> list[tuple[SetPlace, SetVerdict]]:
    """The 834 sets of an interchange, each with its place in the file."""
    return [
        ((interchange.ordinal, group.ordinal, one.ordinal), one)
        for group in interchange.groups
        for one in group.sets
        if one.transaction == ENROLLMENT
    ]


class _Reports:
    """The members and findings of a file, by transaction set."""

    def __init__(
        self,
        content: bytes,
        tables: Mapping[str, pa.Table],
        outcomes: Sequence[MemberOutcome],
        findings: Iterable[StoredFinding],
        places: Mapping[int, Sequence[int]],
        *,
        names_members: bool,
    ) -> None:
        self.content = content
        self.names_members = names_members
        self.outcomes = {one.row: one for one in outcomes if one.row is not None}
        self.unsent: dict[SetPlace, list[tuple[MemberOutcome, UnsentMember]]] = defaultdict(list)
        for one in outcomes:
            if one.unsent:
                self.unsent[one.place].append((one, one.unsent))
        self.findings: dict[SetPlace, list[StoredFinding]] = defaultdict(list)
        for finding in _spread(findings, places):
            self.findings[finding.place].append(finding)
        self.sent = _sent_members(tables["enrollment_member"], names_members=names_members)

    def of(self, interchange: InterchangeVerdict) -> tuple[list[SentSet], list[SentMember]]:
        """The 834 sets of an interchange, and their members that were looked at."""
        sets: list[SentSet] = []
        members: list[SentMember] = []
        for place, one in _enrollment_sets(interchange):
            members += self._set(interchange, one, place, sets)
        return sets, members

    def _set(
        self, interchange: InterchangeVerdict, one: SetVerdict, place: SetPlace, sets: list[SentSet]
    ) -> Iterator[SentMember]:
        terminator = self.content[interchange.source_start + SEGMENT_AT :][:1]
        separator = self.content[interchange.source_start + ELEMENT_AT :][:1]
        sent = self.sent.get(place, []) + [self._refused(unit, separator, terminator) for unit in one.refused]
        sent.sort(key=lambda member: member.start)
        starts = [member.start for member in sent]
        of_set: list[StoredFinding] = []
        for finding in self.findings.get(place, ()):
            at = bisect_right(starts, finding.source_start) - 1
            (sent[at].findings if at >= 0 else of_set).append(finding)
        unsent = self.unsent.get(place, [])
        told = [
            *starts,
            *(outcome.source_start for outcome, _ in unsent),
            *(one.source_start for one in self.findings.get(place, ())),
        ]
        positions = _segment_positions(self.content, terminator, one.source_start, told)
        subscribers = sum(member.is_subscriber for member in sent)
        sets.append(
            SentSet(
                control_number=one.control_number,
                reference=one.reference or "",
                accepted=one.accepted,
                subscribers=subscribers,
                dependants=len(sent) - subscribers,
                totals=self._totals(one, starts, separator, terminator),
                remarks=_remarks(of_set, positions),
            )
        )
        for number, member in enumerate(sent, start=1):
            outcome = self.outcomes.get(member.row)
            if outcome is None and not member.findings and not member.is_refused:
                continue
            yield SentMember(
                transaction_set=one.control_number,
                number=number,
                segment_position=positions[member.start],
                subscriber_number=member.number,
                initials=member.initials,
                is_subscriber=member.is_subscriber,
                maintenance_type=member.maintenance_type,
                group_id=outcome.group_id if outcome else "",
                outcome=outcome.outcome if outcome else REFUSED,
                remarks=_remarks(member.findings, positions),
            )
        for changed, who in unsent:
            yield self._unsent(changed, who, one.control_number, positions)

    def _unsent(
        self, outcome: MemberOutcome, who: UnsentMember, control_number: str, positions: Mapping[int, int]
    ) -> SentMember:
        """Somebody whom the file changed without naming."""
        is_named = self.names_members
        return SentMember(
            transaction_set=control_number,
            number=0,
            segment_position=positions[outcome.source_start],
            subscriber_number=who.subscriber_number if is_named else "",
            initials=_initials(who.first_name, who.last_name) if is_named and not who.is_subscriber else "",
            is_subscriber=who.is_subscriber,
            maintenance_type="",
            group_id=outcome.group_id,
            outcome=outcome.outcome,
        )

    def _refused(self, unit: BusinessUnit, separator: bytes, terminator: bytes) -> _Sent:
        """A member that the 999 refuses, of which no row was read."""
        segment = self.content[unit.source_start : unit.source_stop].partition(terminator)[0]
        elements = [*segment.decode("latin-1").split(separator.decode("latin-1")), "", "", ""]
        number = self.content[unit.name_start : unit.name_stop].decode("latin-1") if self.names_members else ""
        return _Sent(unit.source_start, -1, elements[1] == "Y", elements[3], number, "", is_refused=True)

    def _totals(self, one: SetVerdict, starts: Sequence[int], separator: bytes, terminator: bytes) -> Mapping[str, str]:
        """QTY02 by QTY01, of the header."""
        header = self.content[one.source_start : starts[0] if starts else one.source_stop].decode("latin-1")
        segments = (
            part.strip().split(separator.decode("latin-1")) for part in header.split(terminator.decode("latin-1"))
        )
        quantities = ([*parts, "", ""] for parts in segments if parts[0] == "QTY")
        return {qualifier: count for _, qualifier, count, *_ in quantities if qualifier in TOTALS}


def _sent_members(table: pa.Table, *, names_members: bool) -> dict[SetPlace, list[_Sent]]:
    """The members that were read, by transaction set."""
    found: dict[SetPlace, list[_Sent]] = defaultdict(list)
    columns = (table[name].to_pylist() for name in MEMBER_COLUMNS)
    for interchange, group, ordinal, row, start, is_subscriber, maintenance, number, first, last in zip(
        *columns, strict=True
    ):
        is_dependant = is_subscriber != "Y"
        initials = _initials(first, last) if is_dependant and names_members else ""
        found[interchange, group, ordinal].append(
            _Sent(start, row, not is_dependant, maintenance or "", (number or "") if names_members else "", initials)
        )
    return found


def _initials(*names: str | None) -> str:
    return "".join(f"{name[0]}." for name in names if name)


def _spread(findings: Iterable[StoredFinding], places: Mapping[int, Sequence[int]]) -> list[StoredFinding]:
    """A plan code without a plan is one finding for all members who have it: each is told."""
    found: list[StoredFinding] = []
    for one in findings:
        starts = places.get(one.source_start, ()) if one.code in UNKNOWN_PLANS else ()
        found += [replace(one, source_start=start) for start in starts or (one.source_start,)]
    return sorted(found, key=lambda one: one.source_start)


def _segment_positions(content: bytes, terminator: bytes, set_start: int, starts: Iterable[int]) -> dict[int, int]:
    """Positions in the transaction set, ST = 1, of the segments at these offsets; 0 for one before the set."""
    positions = {}
    position, counted = 1, set_start
    for start in sorted(set(starts)):
        if start < set_start:
            positions[start] = 0
            continue
        position += content.count(terminator, counted, start)
        positions[start], counted = position, start
    return positions


def _remarks(findings: Iterable[StoredFinding], positions: Mapping[int, int]) -> tuple[Remark, ...]:
    return tuple(
        Remark(one.code, one.severity, one.segment_id, one.loop, positions[one.source_start]) for one in findings
    )
