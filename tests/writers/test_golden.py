"""The answers in `golden/`, byte for byte; its README says why each line is what it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edi.archived import bytes_reader
from edi.reference.scanner import scan
from rules.acceptance import AcceptanceProfile, judge
from tests.writers.remittances import PAYER, accepted_by_pyx12
from writers.answers import answer
from writers.quoting import Quoting

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
FIRST_CONTROL = 501
WHOLE_SETS = AcceptanceProfile("golden", transactions=frozenset({"834", "837P"}))
SINGLE_CLAIMS = replace(WHOLE_SETS, claim_syntax="accept_with_errors")
CASES = {
    "accepted": WHOLE_SETS,
    "accepted_with_errors": SINGLE_CLAIMS,
    "members_with_errors": SINGLE_CLAIMS,
    "partially_accepted": WHOLE_SETS,
    "rejected": SINGLE_CLAIMS,
    "unknown_guide": WHOLE_SETS,
    "unreadable_set_header": WHOLE_SETS,
    "two_senders": WHOLE_SETS,
    "group_faults": WHOLE_SETS,
    "copied_data": replace(WHOLE_SETS, copy_bad_data=True),
    "situations": SINGLE_CLAIMS,
    "member_situations": SINGLE_CLAIMS,
    "few_told": replace(WHOLE_SETS, most_told=2, claim_numbers_in_answers=False),
    "rejected_interchanges": replace(WHOLE_SETS, senders=(("ZZ", "CLEARHOUSE"),)),
}


def answers(name: str) -> list[bytes]:
    """What is sent for a file, in the order of its interchanges."""
    data = (GOLDEN / f"{name}.x12").read_bytes()
    profile = CASES[name]
    read = bytes_reader(data)
    quoting = Quoting(read, claim_numbers=profile.claim_numbers_in_answers, bad_data=profile.copy_bad_data)
    verdict = judge(scan(data), profile, read)
    written = (
        answer(interchange, PAYER, FIRST_CONTROL + number, NOW, quoting)
        for number, interchange in enumerate(verdict.interchanges)
    )
    return [content for content in written if content is not None]


def shown(contents: list[bytes]) -> str:
    """A line a segment; a blank line between interchanges."""
    return "\n".join(content.decode().replace("~", "~\n") for content in contents)


@pytest.mark.parametrize("name", CASES)
def test_the_answer_is_the_golden_one(name: str) -> None:
    """Our answers have no line ends; those of the golden file are for people."""
    assert shown(answers(name)) == (GOLDEN / f"{name}.answer.x12").read_text(encoding="ascii")


@pytest.mark.parametrize("name", CASES)
def test_the_golden_answer_is_valid(name: str) -> None:
    """By our own scanner, and each 999 by pyx12."""
    for content in answers(name):
        assert scan(content).findings == ()
        assert b"~GS*FA*" not in content or accepted_by_pyx12(content)


def test_every_golden_file_is_of_a_case() -> None:
    """None is left that nobody compares."""
    names = {path.name for path in GOLDEN.glob("*.x12")}
    assert names == {f"{name}{kind}.x12" for name in CASES for kind in ("", ".answer")}
