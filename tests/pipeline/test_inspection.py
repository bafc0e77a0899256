from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyarrow import csv, parquet

from edi.scanner import scan_file
from edi.synthetic.files import Request, generate
from pipeline.command import main

DEMO = Path(__file__).parents[2] / "examples" / "demo" / "config"
Edi = Callable[..., tuple[int, str, str]]

GOOD = generate(Request(kind="837P", items=3, seed=4))
TEXT = GOOD.decode("ascii")
FINDING_KEYS = {
    *("code", "severity", "snip", "interchange", "group", "transaction_set", "segment", "segment_id", "loop"),
    *("element", "component", "repetition", "ack", "offset", "length", "message"),
}


@pytest.fixture
def edi(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Edi:
    """The program, in this process: exit code, standard output, standard error."""

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["edi", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes], Path]:
    """Write a file for the program to look at."""

    def written(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return written


def bad_code() -> tuple[bytes, int]:
    """The file with a value in CLM05-2 that its list does not have, and where that value stands."""
    at = TEXT.index("~CLM*")
    place = TEXT.index(":B:", at) + 1
    return (TEXT[:place] + "Q" + TEXT[place + 1 :]).encode("ascii"), place


def validated(edi: Edi, path: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the one JSON object of `edi validate --json`."""
    code, out, err = edi("validate", path, "--json", *options)
    assert err == ""
    assert out.count("\n") == 1
    found: dict[str, Any] = json.loads(out)
    return code, found


def test_a_clean_file_is_accepted(edi: Edi, write: Callable[[str, bytes], Path]) -> None:
    """Exit code 0; hash, size, envelopes and answers are told, and nothing is found."""
    code, found = validated(edi, write("clean.x12", GOOD))
    assert code == 0
    assert found["sha256"] == hashlib.sha256(GOOD).hexdigest()
    assert (found["version"], found["verdict"], found["bytes"], found["findings"]) == (1, "accepted", len(GOOD), [])
    assert found["segments"] == TEXT.count("~")
    (interchange,) = found["interchanges"]
    assert interchange["ta1"] == {"code": "A", "note": "000"}
    (group,) = interchange["groups"]
    assert (group["functional_id"], group["guide"], group["ack"], group["codes"]) == ("HC", "005010X222A1", "A", [])
    (one,) = group["transaction_sets"]
    assert (one["id"], one["ack"], one["codes"], one["segments"]) == ("837", "A", [], TEXT.count("~") - 4)


def test_a_finding_is_told_with_its_place(edi: Edi, write: Callable[[str, bytes], Path]) -> None:
    """Every key of the documented form; positions count from 1, what is not there is null."""
    data, place = bad_code()
    code, found = validated(edi, write("bad.x12", data), "--snip", "2")
    assert (code, found["verdict"]) == (1, "rejected")
    (finding,) = found["findings"]
    assert finding.keys() == FINDING_KEYS
    segment = data[: place + 1].decode("ascii")
    position = segment[segment.index("~ST*") :].count("~")
    assert (finding["code"], finding["severity"], finding["snip"]) == ("ELEMENT_CODE", "error", 2)
    assert (finding["interchange"], finding["group"], finding["transaction_set"]) == (1, 1, 1)
    assert (finding["segment"], finding["segment_id"], finding["loop"]) == (position, "CLM", "2300")
    assert (finding["element"], finding["component"], finding["repetition"]) == (5, 2, None)
    assert finding["ack"] == {"element": "IK403", "code": "7"}
    assert (finding["offset"], finding["length"]) == (place, 1)
    assert found["interchanges"][0]["groups"][0]["transaction_sets"][0]["ack"] == "R"


def test_people_see_the_segment_masked_with_a_caret(edi: Edi, write: Callable[[str, bytes], Path]) -> None:
    """Values are hidden, separators stay, and the caret stands under the element."""
    data, place = bad_code()
    path = write("bad.x12", data)
    code, out, _ = edi("validate", path)
    assert code == 1
    lines = out.splitlines()
    shown = next(number for number, line in enumerate(lines) if line.strip().startswith("CLM*"))
    start = data.rindex(b"~", 0, place) + 1
    assert lines[shown + 1].index("^") - lines[shown].index("CLM") == place - start
    assert set(lines[shown].strip()) <= set("CLMx*:^")
    assert "CLM05-2" in out
    assert "IK403 7" in out
    claim = data[start : data.index(b"~", start)].decode("ascii")
    assert claim not in out
    assert claim in edi("validate", path, "--show-values")[1]


def test_values_are_refused_inside_a_task(
    edi: Edi, write: Callable[[str, bytes], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task's output is kept in a log, where health data must not be."""
    monkeypatch.setenv("AIRFLOW_CTX_DAG_ID", "edi_claims_837")
    code, out, err = edi("validate", write("clean.x12", GOOD), "--show-values")
    assert (code, out) == (2, "")
    assert "--show-values is refused inside a task" in err


@pytest.mark.parametrize("content", [b"", b"hello", b"\x00\xff" * 50, GOOD[:300], GOOD[:-40], b"ISA*00*"])
def test_any_bytes_end_in_a_verdict(content: bytes, edi: Edi, write: Callable[[str, bytes], Path]) -> None:
    """Nothing that is not X12, and nothing that is cut off, ends in anything but findings and exit code 1."""
    code, found = validated(edi, write("odd", content))
    assert (code, found["verdict"]) == (1, "rejected")
    assert found["findings"]


def test_an_empty_group_beside_a_good_one_is_refused(edi: Edi, write: Callable[[str, bytes], Path]) -> None:
    """No finding says so, but its 999 does: part of the file is rejected."""
    header = next(part for part in TEXT.split("~") if part.startswith("GS*")).split("*")
    control = header[6]
    header[6] = str(int(control) + 1)
    trailer, end = TEXT.rindex("~IEA*1*"), len("~IEA*1*")
    data = f"{TEXT[:trailer]}~{'*'.join(header)}~GE*0*{header[6]}~IEA*2*{TEXT[trailer + end :]}"
    code, found = validated(edi, write("empty_group.x12", data.encode("ascii")))
    assert (code, found["verdict"], found["findings"]) == (1, "partially_accepted", [])
    assert [group["ack"] for group in found["interchanges"][0]["groups"]] == ["A", "R"]


def test_a_missing_file_does_not_hide_the_others(edi: Edi, write: Callable[[str, bytes], Path]) -> None:
    """Exit code 2 says that something could not be read; what could be is told all the same."""
    good = write("clean.x12", GOOD)
    code, out, err = edi("validate", good.with_name("nowhere"), good, "--json")
    assert (code, err) == (2, "")
    lost, found = map(json.loads, out.splitlines())
    assert lost["error"]["kind"] == "unreadable"
    assert found["verdict"] == "accepted"
    code, out, err = edi("validate", good.with_name("nowhere"), good)
    assert code == 2
    assert "cannot be read" in err
    assert "accepted" in out


def test_a_partner_judges_by_the_agreement(
    edi: Edi, write: Callable[[str, bytes], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sender who is not the partner is refused with TA1 006; a partner nobody knows is told as such."""
    monkeypatch.setenv("EDI_CONFIG", str(DEMO))
    path = write("clean.x12", GOOD)
    code, found = validated(edi, path, "--partner", "clearlink")
    assert code == 1
    assert found["interchanges"][0]["ta1"]["code"] == "R"
    assert {one["code"] for one in found["findings"]} >= {"SENDER_UNKNOWN"}
    assert edi("validate", path, "--partner", "nobody")[0] == 2


def test_the_answer_is_written_and_reads_back_clean(
    edi: Edi, write: Callable[[str, bytes], Path], tmp_path: Path
) -> None:
    """A 999 for each interchange, which our own scanner accepts."""
    path = write("bad.x12", bad_code()[0])
    code, out, _ = edi("ack", path, "--out", tmp_path / "answers", "--json")
    report = json.loads(out)
    assert (code, report["verdict"]) == (1, "rejected")
    (written,) = map(Path, report["answers"])
    assert list(scan_file(written).findings) == []
    assert b"~IK5*R*5~" in written.read_bytes()


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_tables_come_in_three_forms(form: str, edi: Edi, write: Callable[[str, bytes], Path], tmp_path: Path) -> None:
    """One file a table, with as many rows as the report says; no unfinished file stays."""
    out_folder = tmp_path / "tables"
    code, out, _ = edi("parse", write("clean.x12", GOOD), "--out", out_folder, "--format", form, "--json")
    rows = json.loads(out)["rows"]
    assert code == 0
    assert rows["claim"] == 3
    assert {path.name for path in out_folder.iterdir()} == {f"{name}.{form}" for name in rows}
    claims = out_folder / f"claim.{form}"
    if form == "parquet":
        assert parquet.read_table(claims).num_rows == 3
    elif form == "csv":
        assert csv.read_csv(claims).num_rows == 3
    else:
        assert len([json.loads(line) for line in claims.read_text().splitlines()]) == 3


def test_a_code_is_explained(edi: Edi) -> None:
    """Level, severity and acknowledgment codes; a code nobody knows is told."""
    code, out, _ = edi("explain", "element_code", "--json")
    assert (code, json.loads(out)["acknowledgment"]) == (0, {"IK304": "8", "IK403": "7"})
    code, _, err = edi("explain", "NO_SUCH_CODE")
    assert code == 2
    assert "is no finding code" in err


def test_a_segment_is_explained_by_its_guide(edi: Edi, write: Callable[[str, bytes], Path]) -> None:
    """Loops, name, usage, and each element with its value masked; a position without a segment is told."""
    path = write("clean.x12", GOOD)
    code, out, _ = edi("explain", path, "--segment", 2, "--json")
    found = json.loads(out)
    assert (code, found["segment"], found["guide"], found["position"]) == (0, "BHT", "005010X222A1", 2)
    assert found["path"].startswith("ST_LOOP")
    assert [set(line["value"]) <= {"x"} for line in found["elements"]] == [True] * len(found["elements"])
    code, out, _ = edi("explain", path, "--segment", 2, "--show-values", "--json")
    assert json.loads(out)["elements"][0]["value"] == "0019"
    assert edi("explain", path, "--segment", 2)[1].startswith("BHT")
    assert edi("explain", path, "--segment", 100_000)[0] == 2
    assert edi("explain", path, "--segment", 2, "--set", 9)[0] == 2
