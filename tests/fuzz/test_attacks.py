"""What a file costs grows with its bytes, whatever they are, and what is kept of it has an end."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from edi.archived import bytes_reader
from edi.limits import LONGEST_TEXT, MOST_ENVELOPES
from edi.scanner import scan
from rules.acceptance import judge
from tests.fuzz.attacks import ATTACKS, GS, ISA
from tests.fuzz.laws import LENIENT
from tests.writers.remittances import PAYER
from writers.answers import answer
from writers.quoting import Quoting

NOW = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
SIZE = 60_000
SIZES = {"sets without end": 800_000, "sets of another kind": 1_200_000}
"""Where little shows only in larger files: sixty thousand set control numbers and more."""
TIMES = 4
LINEAR, SLACK = 3, 1.0
"""Four times as many bytes may cost twelve times as much and a second: anything quadratic costs sixteen times."""


def cost(data: bytes) -> float:
    """Seconds of the processor from bytes to answers."""
    begin = time.process_time()
    scanned = scan(data)
    read = bytes_reader(data)
    for interchange in judge(scanned, LENIENT, read).interchanges:
        answer(interchange, PAYER, 42, NOW, Quoting(read, bad_data=True))
    return time.process_time() - begin


@pytest.mark.parametrize("kind", ATTACKS)
def test_cost_grows_with_size_alone(kind: str) -> None:
    """Scan, verdict and answers of a file, and of one four times as large."""
    size = SIZES.get(kind, SIZE)
    small, large = (b"".join(ATTACKS[kind](times * size)) for times in (1, TIMES))
    scan(b"")
    assert cost(large) < LINEAR * TIMES * cost(small) + SLACK


def test_texts_of_envelopes_are_cut() -> None:
    """A megabyte in the place of an application code is not kept."""
    text = b"A" * 100_000
    data = ISA + b"TA1*%s~" % text + GS.replace(b"PLAN", text) + b"ST*%s*%s*%s~SE*2*1~GE*1*%s~" % ((text,) * 4)
    (interchange,) = scan(data).interchanges
    (group,) = interchange.groups
    (one,) = group.sets
    kept = [interchange.acknowledgments[0][1], group.fields[3], one.transaction, one.control_number, one.guide_id]
    assert kept == ["A" * LONGEST_TEXT] * 5
    assert group.trailer == ("GE", "1", "A" * LONGEST_TEXT)


def test_no_more_envelopes_are_read_than_can_be_kept() -> None:
    """The rest of the file is named, not read: with its first set too many the interchange ends as if cut off there."""
    data = ISA + GS + b"ST~" * (MOST_ENVELOPES - 2) + b"N3~" + b"ST~" * 9 + b"GE*1*7~IEA*1*000000101~"
    scanned = scan(data)
    (told,) = [one for one in scanned.findings if one.code == "FILE_TOO_MANY_ENVELOPES"]
    begin = len(ISA + GS) + 3 * (MOST_ENVELOPES - 1)
    assert (told.interchange, told.source_start, told.source_stop) == (0, begin, len(data))
    (interchange,) = scanned.interchanges
    assert not interchange.closed
    assert interchange.source_stop == begin
    assert len(interchange.groups[0].sets) == MOST_ENVELOPES - 2
    assert scanned.segment_count == MOST_ENVELOPES + 1
    assert scanned.size == len(data)
