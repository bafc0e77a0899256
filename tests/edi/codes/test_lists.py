from __future__ import annotations

from pathlib import Path

import pytest

from edi.codes.importing import FORM_OF, import_list, read_list, write_list
from edi.codes.lists import ALWAYS, LIST_NAMES, CodeLists, read_validities, shipped_lists
from edi.trouble import Final

ALL = (ALWAYS,)


def test_the_free_lists_ship() -> None:
    """Places of service with the days from which they hold, states and countries."""
    lists = shipped_lists()
    assert set(lists) == {"place_of_service", "state", "country"}
    assert lists["place_of_service"]["11"] == ALL
    assert lists["place_of_service"]["02"] == ((20170101, ALWAYS[1]),)
    assert lists["place_of_service"]["10"] == ((20220101, ALWAYS[1]),)
    assert lists["place_of_service"]["27"] == ((20231001, ALWAYS[1]),)
    assert {"IL", "PR", "AE", "ON"} <= set(lists["state"])
    assert lists["country"]["TP"] == ((0, 20020520),)


def test_what_is_imported_is_loaded_again(tmp_path: Path) -> None:
    """Through the folder, beside the lists that ship; a list of the folder takes the place of a shipped one."""
    source = tmp_path / "published.csv"
    source.write_text(
        "﻿code,description,effective_from,effective_to\n"
        "j45.909,some words of the owner,2015-10-01,\nE11.9,more,,20240930\nE11.9,again,20251001,\n",
        encoding="utf-8",
    )
    folder = tmp_path / "lists"
    imported = import_list("icd10cm", source, folder)
    write_list(read_list("place_of_service", ["code", "11"]), folder)
    lists = CodeLists.load(folder)
    assert dict(lists["icd10cm"]) == imported.codes
    assert imported.codes == {
        "J45909": ((20151001, ALWAYS[1]),),
        "E119": ((0, 20240930), (20251001, ALWAYS[1])),
    }
    assert dict(lists["place_of_service"]) == {"11": ALL}
    assert lists["state"] == shipped_lists()["state"]
    assert "words" not in (folder / "icd10cm.csv").read_text(encoding="utf-8")
    assert sorted(path.name for path in folder.iterdir()) == ["icd10cm.csv", "place_of_service.csv"]


def test_periods_that_meet_are_one() -> None:
    """Overlaps in what an owner publishes mean nothing."""
    rows = ["code,effective_from,effective_to", "470,20200101,20201231", "470,20200601,20211231"]
    assert read_list("drg", rows).codes == {"470": ((20200101, 20211231),)}


RIGHT = {
    "icd10cm": "J45.909",
    "icd9cm": "401.9",
    "icd10pcs": "0DTJ4ZZ",
    "icd9procedure": "47.09",
    "cpt": "99213",
    "hcpcs": "J1885",
    "cdt": "D2150",
    "hipps": "AAA00",
    "revenue_code": "0120",
    "taxonomy": "207Q00000X",
    "ndc": "00093-0058-01",
    "drg": "470",
    "patient_status": "01",
    "adjustment_reason": "45",
    "remark": "N130",
}


@pytest.mark.parametrize("name", LIST_NAMES)
def test_every_list_takes_its_codes_and_refuses_what_can_be_none(name: str) -> None:
    """A line that holds a description or half a code is a slip in the export."""
    assert len(read_list(name, ["code", RIGHT.get(name, "A1")]).codes) == 1
    with pytest.raises(Final):
        read_list(name, ["code", RIGHT.get(name, "A1"), "a description"])
    assert (name in FORM_OF) == (name in RIGHT)


@pytest.mark.parametrize(
    ("name", "rows", "told"),
    [
        ("colours", ["code", "11"], "No code list is called colours"),
        ("drg", ["description", "470"], "one of them is code"),
        ("drg", ["code"], "has no codes"),
        ("drg", [], "one of them is code"),
        ("drg", ["code", "470", "4700000", "x"], "2 lines of the code list are wrong, in code or days: 3, 4"),
        ("drg", ["code,effective_from", "470,20250231"], "wrong, in code or days: 2"),
        ("drg", ["code,effective_from,effective_to", "470,20250201,20250131"], "wrong, in code or days: 2"),
    ],
)
def test_a_wrong_list_is_refused_by_line(name: str, rows: list[str], told: str) -> None:
    """Never by the code that stands there."""
    with pytest.raises(Final, match=told) as refused:
        read_list(name, rows)
    assert "4700000" not in str(refused.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Nothing is written."""
    source = tmp_path / "list.csv"
    source.write_bytes(b"code\n\xff\xfe\n")
    with pytest.raises(Final, match="no CSV"):
        import_list("drg", source, tmp_path / "lists")
    assert not (tmp_path / "lists").exists()


@pytest.mark.parametrize(
    "rows", [["code,from"], [], ["code,from,to", "470"], ["code,from,to", ",,"], ["code,from,to", "470,2,1"]]
)
def test_a_damaged_folder_is_refused(rows: list[str]) -> None:
    """The message names the file."""
    with pytest.raises(Final, match=r"drg\.csv"):
        read_validities(rows, "drg.csv")


def test_an_unknown_file_in_the_folder_is_refused(tmp_path: Path) -> None:
    """A misspelt name would leave a list unchecked without a word."""
    (tmp_path / "revenue.csv").write_text("code,from,to\n0120,,\n", encoding="utf-8")
    with pytest.raises(Final, match="No code list is called revenue"):
        CodeLists.load(tmp_path)
