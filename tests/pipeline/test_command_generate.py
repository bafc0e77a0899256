"""`edi generate`: files, faults and worlds on the command line."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edi.finding_codes import CODES
from edi.reference.scanner import scan
from pipeline.command import main
from pipeline.configuration import load_configuration
from pipeline.provider_registry import check_registry

Edi = Callable[..., tuple[int, str, str]]
"""Run `edi` with these words: exit code, standard output, standard error."""


@pytest.fixture
def edi(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Edi:
    """The program, in this process."""

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["edi", "generate", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return run


def answer(outcome: tuple[int, str, str]) -> dict[str, Any]:
    """The one JSON object that a command printed for a program."""
    code, out, err = outcome
    assert (code, err) == (0, "")
    read: dict[str, Any] = json.loads(out)
    return read


@pytest.mark.parametrize("kind", ["834", "837P", "837I", "837D"])
def test_a_file_is_written(edi: Edi, tmp_path: Path, kind: str) -> None:
    """With all that was said of it, and nobody finds anything in it."""
    path = tmp_path / "file.x12"
    words = (kind, "--out", path, "--claims", 30, "--per-set", 12, "--seed", 5, "--usage", "P", "--line-breaks")
    report = answer(
        edi(*words, "--sender", "30:ACME/ACMEGS", "--control-number", 77, "--as-of", "2025-05-05", "--json")
    )
    content = path.read_bytes()
    unit = "members" if kind == "834" else "claims"
    assert report == {
        "file": str(path), "bytes": len(content), "interchanges": 1, "transaction_sets": 3, unit: 30,
    }  # fmt: skip
    found = scan(content)
    assert found.findings == ()
    assert [each.strip() for each in found.interchanges[0].fields[5:7]] == ["30", "ACME"]
    assert (found.interchanges[0].fields[9], found.interchanges[0].fields[13]) == ("250505", "000000077")
    assert found.interchanges[0].groups[0].fields[2] == "ACMEGS"


def test_a_file_of_a_size_is_written(edi: Edi, tmp_path: Path) -> None:
    """In megabytes of a million bytes."""
    report = answer(edi("837I", "--out", tmp_path / "file.x12", "--mb", 0.5, "--json"))
    assert 485_000 < report["bytes"] <= 500_000
    assert report["claims"] > 300


def test_faults_and_where_they_are(edi: Edi, tmp_path: Path) -> None:
    """In a file beside the damaged one."""
    path = tmp_path / "file.x12"
    words = ("837P", "--out", path, "--claims", 40, "--fault", "NPI_INVALID", "--fault", "ELEMENT_DATE", "--json")
    report = answer(edi(*words))
    places = json.loads(Path(report["faults_file"]).read_text())
    assert report["faults"] == places
    told = {(each["fault"], each["segment_position"], each["segment_id"], each["element"]) for each in places}
    found = scan(path.read_bytes()).findings
    assert told == {(each.code, each.segment_position, each.segment_id, each.element) for each in found}


def test_the_faults_are_listed(edi: Edi) -> None:
    """For people and programs alike."""
    listed = answer(edi("faults", "--json"))["faults"]
    assert set(listed) <= set(CODES)
    assert listed["MEMBER_TOTAL_IMBALANCE"]["kinds"] == ["834"]
    _, out, _ = edi("faults")
    assert [line.split()[0] for line in out.splitlines()] == list(listed)


def test_a_world_is_a_configuration_and_what_its_partners_send(edi: Edi, tmp_path: Path) -> None:
    """The plan can be run on it as it is."""
    folder = tmp_path / "world"
    words = ("world", "--out", folder, "--seed", 3, "--members", 60, "--claims", 120, "--share", "late=0.25", "--json")
    report = answer(edi(*words))
    assert (report["claims"], report["outcomes"]["late"]) == (120, 30)
    assert report["members"] >= 60
    loaded = load_configuration(folder / "config")
    assert check_registry(loaded, loaded.providers_csv, loaded.payees_csv).providers > 0
    assert loaded.accepts_test_data
    assert {path.parent.name for path in folder.glob("week1/*/*.x12")} == loaded.partners.keys()


def test_corrections_are_filled_in_where_their_claims_were_remitted(edi: Edi, tmp_path: Path) -> None:
    """The others wait."""
    folder = tmp_path / "world"
    answer(
        edi("world", "--out", folder, "--members", 60, "--claims", 200, "--kind", "837P", "--kind", "837I", "--json")
    )
    templates = sorted(folder.glob("week2/clearinghouse/*_837P.x12.template"))
    accounts = sorted({each for path in templates for each in re.findall(r"@([A-Z0-9-]+)@", path.read_text())})
    remitted = "".join(f"CLP*{account}*1*1*1**12*26001{number:07d}~" for number, account in enumerate(accounts))
    (tmp_path / "835.x12").write_text(remitted)
    report = answer(edi("corrections", folder, "--remittance", tmp_path, "--json"))
    assert report["filled"] == [str(template).removesuffix(".template") for template in templates] != []
    assert "corrections_837I.x12.template" in {Path(each).name for each in report["waiting"]}
    for path in report["filled"]:
        content = Path(path).read_bytes()
        assert b"@" not in content
        assert scan(content).findings == ()


@pytest.mark.parametrize(
    "words",
    [
        ("837P", "--out", "x.x12"),
        ("837P", "--out", "x.x12", "--claims", "5", "--mb", "1"),
        ("837P", "--out", "x.x12", "--claims", "5", "--fault", "NO_SUCH_FAULT"),
        ("837P", "--out", "x.x12", "--claims", "1", "--fault", "ACCIDENT_STATE_MISSING"),
        ("837P", "--out", "x.x12", "--claims", "5", "--as-of", "yesterday"),
        ("837P", "--out", "x.x12", "--claims", "5", "--usage", "X"),
        ("world", "--out", "world", "--share", "late"),
        ("world", "--out", "world", "--share", "late=2"),
        ("world", "--out", "world", "--first-day", "soon"),
        ("world", "--out", "world", "--kind", "835"),
    ],
)
def test_a_wrong_command_line_makes_nothing(
    edi: Edi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """Exit code 2, and a sentence that says why."""
    monkeypatch.chdir(tmp_path)
    code, out, err = edi(*words)
    assert (code, out) == (2, "")
    assert "Error" in err
    assert list(tmp_path.iterdir()) == []
