"""The laws that hold for any bytes at all, along the whole chain; a check takes a file and raises where one fails."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from typing import get_args

import pyarrow as pa

from edi import scanner
from edi.archived import bytes_reader
from edi.encodings import Encoding
from edi.guides.library import GuideLibrary
from edi.kinds import kind_of
from edi.reference import scanner as reference
from edi.reference.extract import extract
from edi.scan import Scan
from edi.tables.catalogue import ALL_TABLES
from edi.tables.column_memory import Room
from edi.tables.reader import stream_tables
from edi.tables.table_reader import TableReader, Tables
from edi.verdict import FileVerdict
from pipeline.inspection.answers import write_answers
from pipeline.inspection.explain import NothingToExplain, explain_segment
from pipeline.inspection.inspect import ANYBODY, WHOEVER_IS_NAMED, inspect
from pipeline.inspection.report import report, report_text
from pipeline.inspection.show import findings as shown_findings
from pipeline.inspection.show import headline
from pipeline.translate import translate
from rules.acceptance import AcceptanceProfile, judge
from tests.fuzz.places import check_places
from tests.writers.remittances import PAYER
from writers.answers import answer, is_due
from writers.quoting import Quoting

ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)
SNIPS = (2, 5, 5, 3, 4)
CHUNKS = (256, 257, 300, 1000, 4096, 1 << 20)
NOW = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
OF_THE_SENDER = {"SENDER_QUALIFIER_INVALID", "RECEIVER_QUALIFIER_INVALID"}
"""We answer whom the file names, by its own qualifier, though it be none."""
STRICT = AcceptanceProfile("anybody", usages=frozenset({"P", "T"}), transactions=ANYBODY.transactions)
LENIENT = replace(STRICT, claim_syntax="accept_with_errors")
PROFILES = (STRICT, replace(LENIENT, encoding="latin-1"), replace(LENIENT, encoding="utf-8", most_told=3))
TIGHT = Room(rows=8, text=300, largest=0, heap=1000)
"""So little room that it is full all the time."""
SHOWN = 12
"""Findings of a file whose segments are shown: each costs a look into the file."""


@dataclass
class Count:
    """What a run has seen."""

    files: int = 0
    size: int = 0
    interchanges: int = 0
    findings: int = 0
    answers: int = 0
    rows: int = 0


class Drip:
    """A stream that gives one byte, some, or all that is asked for, as it likes."""

    def __init__(self, data: bytes, chance: Random) -> None:
        self.stream = BytesIO(data)
        self.chance = chance

    def read(self, count: int = -1) -> bytes:
        """At least one byte, until the end."""
        return self.stream.read(self.chance.choice((1, max(1, count // 3), count, count)))


def check_scan(data: bytes, chance: Random, count: Count, library: GuideLibrary | None = None) -> Scan:
    """Both scanners, and every way to read, find the same; every finding is at a place in the file."""
    snip, encoding = chance.choice(SNIPS), chance.choice(ENCODINGS)
    expected = reference.scan(data, library, snip=snip, encoding=encoding)
    found = scanner.scan(data, library, snip=snip, encoding=encoding)
    assert found == expected
    drip, chunk = Drip(data, chance), chance.choice(CHUNKS)
    streamed = scanner.scan_stream(drip, library, snip=snip, encoding=encoding, chunk=chunk)  # type: ignore[arg-type]
    assert streamed == expected
    check_places(found, data)
    count.files += 1
    count.size += len(data)
    count.interchanges += len(found.interchanges)
    count.findings += len(found.findings)
    return found


def check_answers(data: bytes, chance: Random, count: Count) -> FileVerdict:
    """Judged by any profile, every interchange has an answer without a fault, or there is nobody to answer."""
    profile = chance.choice(PROFILES)
    scanned = scanner.scan(data, encoding=profile.encoding)
    read = bytes_reader(data)
    verdict = judge(scanned, profile, read)
    assert bool(verdict.unreadable) == (not verdict.interchanges)
    for quoting in (None, Quoting(read, bad_data=chance.random() < 0.5)):
        for interchange in verdict.interchanges:
            content = answer(interchange, PAYER, 42, NOW, quoting)
            assert (content is not None) == is_due(interchange)
            if content is not None:
                assert scanner.scan(content).findings.codes() <= OF_THE_SENDER
                count.answers += 1
    assert kind_of(data) in {"834", "837", "other"}
    return verdict


def check_tables(data: bytes, chance: Random, count: Count, path: Path) -> None:
    """The tables are those of the plain extraction, with little room and much, whole and streamed."""
    encoding = chance.choice(ENCODINGS)
    expected = extract(reference.read_records(data), ALL_TABLES, encoding)
    reader = TableReader(ALL_TABLES, encoding=encoding, room=TIGHT)
    scanner.scan_stream(BytesIO(data), sink=reader, encoding=encoding, chunk=chance.choice(CHUNKS))
    assert reader.tables == expected
    parts: list[Tables] = []
    path.write_bytes(data)
    stream_tables(path, ALL_TABLES, parts.append, encoding=encoding, chunk=chance.choice(CHUNKS))
    for name, table in expected.items():
        streamed = [part[name] for part in parts if name in part]
        assert (pa.concat_tables(streamed) if streamed else table.slice(0, 0)) == table
        count.rows += table.num_rows


def check_pipeline(data: bytes, chance: Random) -> None:
    """What the pipeline does with a file: it never raises."""
    translate(data, chance.choice(PROFILES))


def check_commands(data: bytes, chance: Random, path: Path, secret: bytes = b"\n") -> str:
    """What the command line shows of it: all can be written, at places in the file, and no value that is not meant to.

    Returns what was shown. `secret` is in none of it; nothing that is shown holds a line feed.
    """
    path.write_bytes(data)
    inspection = inspect(path, snip=chance.choice(SNIPS))
    told = report(inspection)
    assert inspection.answer in {"accepted", "accepted_with_errors", "partially_accepted", "rejected"}
    assert inspection.answer != "accepted" or not inspection.verdict.unreadable
    text = "".join(report_text(inspection))
    assert json.loads(text) == told
    for finding in inspection.findings():
        assert 0 <= finding.source_start <= finding.source_stop <= len(data)
    lines = [headline(inspection), *shown_findings(inspection, SHOWN, show_values=False)]
    for line in shown_findings(inspection, SHOWN, show_values=True):
        assert all(part.isprintable() for part, _ in line)
    shown = "".join(part for line in lines for part, _ in line) + json.dumps(told["findings"])
    assert secret.decode("latin-1") not in shown
    write_answers(inspection, path.with_suffix(".answers"), WHOEVER_IS_NAMED, 1, NOW)
    place = (chance.randrange(1, 3), chance.randrange(1, 3), chance.randrange(1, 3))
    with suppress(NothingToExplain):
        explain_segment(path, place, chance.randrange(1, 30), show_values=False)
    return text


def check_chain(data: bytes, chance: Random, count: Count, path: Path, library: GuideLibrary | None = None) -> None:
    """Everything, the dear parts for some files only."""
    check_scan(data, chance, count, library)
    check_answers(data, chance, count)
    if chance.randrange(4) == 0:
        check_commands(data, chance, path)
    if chance.randrange(4) == 0:
        check_pipeline(data, chance)
    if chance.randrange(6) == 0:
        check_tables(data, chance, count, path)
