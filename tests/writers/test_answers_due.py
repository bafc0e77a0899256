"""Whether an answer is due is known before a control number is drawn for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings

from edi.reference.scanner import scan
from rules.acceptance import AcceptanceProfile, judge, judge_duplicate
from tests.writers.remittances import PAYER
from tests.writers.test_answers import ANYBODY, CORPUS, corpus_files
from tests.writers.test_answers_noise import EDITS, ORIGINALS, spoil
from writers.answers import answer, is_due

NOW = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
STRICT = replace(ANYBODY, senders=(("ZZ", "SOMEBODY"),))


def check(data: bytes, profile: AcceptanceProfile) -> None:
    """The law, for each interchange as it is and as a duplicate."""
    verdict = judge(scan(data), profile)
    for interchange in verdict.interchanges[:3]:
        repeated = judge_duplicate(verdict, interchange.ordinal).interchanges[interchange.ordinal - 1]
        for one in (interchange, repeated, replace(interchange, sender_id="")):
            assert is_due(one) == (answer(one, PAYER, 42, NOW) is not None)


@pytest.mark.parametrize("path", corpus_files(), ids=lambda path: str(path.relative_to(CORPUS)))
def test_an_answer_is_due_exactly_where_one_is_written(path: Path) -> None:
    """For every file of the corpus, of partners and of strangers."""
    for profile in (ANYBODY, STRICT):
        check(path.read_bytes(), profile)


@settings(deadline=None, max_examples=40)
@given(damage=EDITS)
def test_and_so_it_is_for_damaged_files(damage: list[tuple[float, int, bytes]]) -> None:
    """Headers that cannot be quoted among them."""
    for original in ORIGINALS:
        check(spoil(original, damage), ANYBODY)
