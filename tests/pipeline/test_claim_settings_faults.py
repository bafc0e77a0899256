"""Settings of duplicates, frequencies and conditions of payment: each fault is told with file, line and key."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.configuration import ConfigurationProblem, load_configuration
from rules.family_settings import DuplicateRule, FrequencyRule

EXAMPLE = Path(__file__).parents[2] / "examples" / "demo" / "config"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the demo's configuration, free to be added to."""
    copy = tmp_path / "config"
    shutil.copytree(EXAMPLE, copy)
    return copy


def add(folder: Path, name: str, text: str) -> None:
    """Write keys at the end of a file."""
    path = folder / name
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")


FAULTS = {
    "unknown key of duplicates": (
        "duplicates: {suspect: note}",
        "key 'suspect': unknown key; did you mean 'suspects'?",
    ),
    "what a denied original is": (
        "duplicates: {denied_original: pend}",
        "key 'denied_original': expected note or deny",
    ),
    "what a suspect is": ("duplicates: {suspects: deny}", "key 'suspects': expected pend or note"),
    "duplicates without keys": ("duplicates: deny", "key 'duplicates': expected keys with values"),
    "modifier misshapen": ("duplicates: {distinct_modifiers: [9]}", "key 'distinct_modifiers': expected"),
    "modifiers are no list": ("duplicates: {distinct_modifiers: RT}", "key 'distinct_modifiers': expected a list"),
    "modifier twice": ("duplicates: {distinct_modifiers: [RT, RT]}", "key 'distinct_modifiers': given twice"),
    "no modifiers": ("duplicates: {distinct_modifiers: []}", "key 'distinct_modifiers': expected"),
    "frequencies are no list": ("frequencies: {interim: each}", "key 'frequencies': expected a list"),
    "unknown frequency": ("frequencies: [{interims: each}]", "key 'interims': unknown key; did you mean 'interim'?"),
    "interim bills": ("frequencies: [{interim: first}]", "key 'interim': expected each, last, refuse or pend"),
    "late charges": ("frequencies: [{late_charge: last}]", "key 'late_charge': expected decide, refuse or pend"),
    "zero": ("frequencies: [{zero: deny}]", "key 'zero': expected decide, refuse or pend"),
    "home health": ("frequencies: [{home_health_final: each}]", "key 'home_health_final': expected decide, refuse"),
    "reopening": ("frequencies: [{reopening: 'yes'}]", "key 'reopening': expected decide, refuse or pend"),
    "unknown plan": ("frequencies: [{plans: [NONE-SUCH]}]", "key 'plans': unknown plan 'NONE-SUCH'"),
    "two for all plans": ("frequencies: [{}, {zero: refuse}]", "key 'plans': another entry is for the same plans"),
    "two for one plan": (
        "frequencies: [{plans: [DENTAL]}, {plans: [DENTAL], zero: refuse}]",
        "key 'plans': another entry is for the same plans",
    ),
}


@pytest.mark.parametrize(("text", "words"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_in_filing(folder: Path, text: str, words: str) -> None:
    """Of `duplicates` and `frequencies` in filing.yaml."""
    add(folder, "filing.yaml", text)
    lines = len((folder / "filing.yaml").read_text(encoding="utf-8").splitlines())
    with pytest.raises(ConfigurationProblem) as caught:
        load_configuration(folder)
    told = [str(problem) for problem in caught.value.problems]
    assert len(told) == 1, told
    assert told[0].startswith(f"filing.yaml line {lines}, ")
    assert words in told[0]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("fee_schedule.yaml", "missing_data: pend", "key 'missing_data': expected denied or unprocessable"),
        ("fee_schedule.yaml", "attachment_days: 366", "key 'attachment_days': expected a whole number from 0 to 365"),
        ("groups.yaml", "newborn_days: some", "key 'newborn_days': expected a whole number from 0 to 365"),
    ],
)
def test_a_fault_elsewhere(folder: Path, name: str, text: str, words: str) -> None:
    """Of the other settings that decide a condition."""
    add(folder, name, text)
    with pytest.raises(ConfigurationProblem) as caught:
        load_configuration(folder)
    assert [str(problem).partition(", ")[2] for problem in caught.value.problems] == [words]


def test_what_is_set_reaches_the_rulebook(folder: Path) -> None:
    """And what is left out has its default."""
    book = load_configuration(folder).rulebook
    assert (book.duplicates, book.frequencies) == (DuplicateRule(), (FrequencyRule(),))
    assert (book.missing_data, book.attachment_days, book.newborn_days) == ("denied", 30, 31)
    assert {plan.crossing for plan in book.plans} == {"first_day"}
    add(folder, "filing.yaml", "duplicates: {suspects: note, distinct_modifiers: [XU]}\n"
        "frequencies: [{plans: [DENTAL], interim: last}]")  # fmt: skip
    add(folder, "fee_schedule.yaml", "missing_data: unprocessable\nattachment_days: 10")
    add(folder, "groups.yaml", "newborn_days: 60")
    front_end = (folder / "front_end.yaml").read_text(encoding="utf-8")
    book = load_configuration(folder).rulebook
    assert book.duplicates == DuplicateRule(suspects="note", distinct_modifiers=("XU",))
    assert book.frequencies == (FrequencyRule(plans=("DENTAL",), interim="last"), FrequencyRule())
    assert (book.missing_data, book.attachment_days, book.newborn_days) == ("unprocessable", 10, 60)
    assert all(payer in front_end for payer in book.payer_ids)
