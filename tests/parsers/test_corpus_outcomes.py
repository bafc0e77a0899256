"""What becomes of every file of the corpus: `tests/corpus_outcomes.csv` names its ledger state and its answer.

The partner of this test may send 834, 837P and 837I, test and production, under any identifiers. A file is
`acknowledged` when everything that is due for it is sent (for a 999 that came in, nothing is), whatever the answers
say, and `quarantined` when nobody can be answered.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from edi.scan import Scan
from edi.verdict import FileVerdict
from parsers import claims_837, enrollment_834
from tests.parsers.answers_told import answers, counted, told
from tests.writers.remittances import PAYER
from writers.answers import answer

TABLE = Path(__file__).parents[1] / "corpus_outcomes.csv"
OUTCOMES = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
NOW = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
Judged = Callable[[bytes], tuple[Scan, FileVerdict, dict[str, Any]]]


def describe(verdict: FileVerdict) -> str:
    """What we send, read back from the bytes: `TA1 A 000 + 999 P (IK5 A, R: 4 5)`, interchanges apart by ` | `."""
    answers = (answer(interchange, PAYER, number, NOW) for number, interchange in enumerate(verdict.interchanges, 1))
    return " | ".join(counted(_describe(content) for content in answers)) or "none"


def _describe(content: bytes | None) -> str:
    return "none" if content is None else told(content)


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: outcome["path"])
def test_a_file_of_the_corpus_ends_as_the_table_says(outcome: dict[str, str], corpus: Path, judged: Judged) -> None:
    """Ledger state and answer; and whatever the file is, it is read without an exception."""
    data = (corpus / outcome["path"]).read_bytes()
    scanned, verdict, tables = judged(data)
    enrollment_834.read(scanned, verdict, tables)
    claims_837.read(scanned, verdict, tables)
    answers(data)
    state = "quarantined" if verdict.unreadable else "acknowledged"
    assert (state, describe(verdict)) == (outcome["state"], outcome["answer"])


def test_the_table_names_every_file(corpus: Path) -> None:
    """A new file of the corpus needs a line; licences and what pyx12's own tests expect are no input."""
    files = {
        path.relative_to(corpus).as_posix()
        for path in corpus.glob("*/**/*")
        if path.is_file() and not path.name.startswith("LICENSE") and ".expected." not in path.name
    }
    assert {outcome["path"] for outcome in OUTCOMES} == files


def test_what_pyx12_calls_valid_is_accepted_whole(corpus: Path, judged: Judged) -> None:
    """Of the transactions that the partner may send: no set rejected, and its rows are there."""
    for name in (corpus / "valid_by_pyx12.txt").read_text(encoding="utf-8").split():
        scanned, verdict, extracted = judged((corpus / name).read_bytes())
        kinds = {group.guide.kind for one in scanned.interchanges for group in one.groups if group.guide}
        if kinds <= {"834", "837P", "837I"}:
            codes = [
                (group.code, one.code) for all_ in verdict.interchanges for group in all_.groups for one in group.sets
            ]
            assert set(codes) == {("A", "A")}, name
            tables = {
                **enrollment_834.read(scanned, verdict, extracted),
                **claims_837.read(scanned, verdict, extracted),
            }
            assert tables["enrollment_member"].num_rows + tables["claim"].num_rows, name


def test_every_older_file_is_answered_as_an_unsupported_version(corpus: Path, judged: Judged) -> None:
    """4010, under ISA12 00401 or 00501: AK9 R with AK905 = 2, for every one of its groups."""
    older = 0
    for outcome in OUTCOMES:
        scanned, verdict, _ = judged((corpus / outcome["path"]).read_bytes())
        if any("004010" in group.fields[8] for one in scanned.interchanges for group in one.groups):
            older += 1
            groups = [group for one in verdict.interchanges for group in one.groups]
            assert len(groups) == sum(len(one.groups) for one in scanned.interchanges)
            assert all(group.code == "R" and "2" in group.error_codes for group in groups), outcome["path"]
            assert "999 R: 2" in outcome["answer"]
    assert older == 32
