from __future__ import annotations

from pathlib import Path

from edi.tables.catalogue import ACKNOWLEDGMENT
from edi.tables.reader import read_tables
from parsers.acknowledgments import Acknowledgments, GroupAnswer, InterchangeAnswer, SetAnswer, answer_rows
from tests.parsers.answers_told import answers


def test_a_rejected_set(corpus: Path) -> None:
    """AK1, AK2, IK5 and AK9 of one 999."""
    assert answers((corpus / "imsweb/x12_999_rejected.txt").read_bytes()) == Acknowledgments(
        (),
        (GroupAnswer("HC", "28", "R", (), (SetAnswer("837", "0028", "R", ("5",)),)),),
    )


def test_several_999s(corpus: Path) -> None:
    """One answer for each transaction set, whatever functional group it stands in."""
    several = answers((corpus / "pyx12/834_lui_id_5010.999.txt").read_bytes())
    assert several.groups == (GroupAnswer("BE", "13360001", "A", (), (SetAnswer("834", "0001", "A"),)),) * 4


def test_codes_of_a_group(corpus: Path) -> None:
    """AK905 and following, without AK2."""
    data = (corpus / "imsweb/x12_999_rejected.txt").read_bytes()
    start, stop = data.index(b"AK2"), data.index(b"AK9")
    data = data[:start] + b"AK9*R*1*1*0*2*4~\n" + data[data.index(b"SE*7") :].replace(b"SE*7", b"SE*4")
    assert stop > start
    assert answers(data).groups == (GroupAnswer("HC", "28", "R", ("2", "4"), ()),)


def test_a_ta1(corpus: Path) -> None:
    """It stands in an interchange, before any group."""
    data = (corpus / "imsweb/x12_999_rejected.txt").read_bytes()
    start, stop = data.index(b"GS*"), data.index(b"IEA*1*")
    bare = data[:start] + b"TA1*000000044*260401*1200*R*025~" + data[stop:].replace(b"IEA*1*", b"IEA*0*")
    assert answers(bare) == Acknowledgments((InterchangeAnswer("000000044", "R", "025"),), ())


def test_a_999_without_its_header_answers_nothing(corpus: Path) -> None:
    """Without AK1 nobody knows what it is about; a missing AK9 leaves the verdict empty."""
    data = (corpus / "imsweb/x12_999_rejected.txt").read_bytes()
    assert answers(data.replace(b"AK1*HC*28*005010X223A2~", b"")).groups == ()
    assert [one.code for one in answers(data.replace(b"AK9*R*1*1*0~", b"")).groups] == [""]


def test_other_files_hold_no_answers(corpus: Path) -> None:
    """Nor does an empty one."""
    nothing = Acknowledgments((), ())
    assert answers((corpus / "pyx12/834_deident_term.txt").read_bytes()) == nothing
    assert answers(b"") == nothing


def test_answers_in_rows_hold_codes_and_numbers_alone(corpus: Path) -> None:
    """Whatever a partner's file has in their places; without zeros before a number."""
    data = (corpus / "imsweb/x12_999_rejected.txt").read_bytes()
    spoilt = data.replace(b"AK9*R", b"AK9*DOE, JANE").replace(b"AK1*HC*28", b"AK1*HC*0028")
    scanned, tables = read_tables(spoilt, ACKNOWLEDGMENT)
    (row,) = answer_rows(scanned, tables).to_pylist()
    assert row == {
        "interchange": 1,
        "ordinal": 1,
        "kind": "999",
        "functional_id": "HC",
        "control_number": "28",
        "code": "",
        "error_codes": "",
        "refused_sets": 1,
    }
