"""What is said above, of and under claims comes once to each claim that it is about, and to no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from edi.scan import Scan
from edi.verdict import FileVerdict
from parsers.claim_levels import NONE, levels_of, repeated
from parsers.claim_rows import ordinals
from parsers.claims_837 import read

Judged = Callable[[bytes], tuple[Scan, FileVerdict, dict[str, Any]]]
Rows = Callable[[Any], list[dict[str, object]]]
SET = {"interchange": 1, "functional_group": 1}


@pytest.fixture
def claim_file(corpus: Path) -> bytes:
    """A claim of a dependant, in four lines."""
    return (corpus / "linuxforhealth/demo.example1.837").read_bytes().replace(b"\n", b"")


def with_segments(data: bytes, after: bytes, *segments: bytes) -> bytes:
    """Segments put in after another; the count of the set is kept."""
    added = b"".join(segment + b"~" for segment in segments)
    start = data.index(b"SE*")
    count = int(data[start + 3 : data.index(b"*", start + 3)])
    data = data.replace(b"SE*%d*" % count, b"SE*%d*" % (count + len(segments)))
    return data.replace(after + b"~", after + b"~" + added, 1)


def test_numbers_stand_in_the_claim_or_in_rows_of_their_own(claim_file: bytes, judged: Judged, rows: Rows) -> None:
    """Authorization and referral of the claim are columns of it; those of a line, and other numbers, are rows."""
    data = with_segments(claim_file, b"REF*D9*17312345600006351", b"REF*EA*CHART1")
    data = with_segments(data, b"CLM*26463774*100.00***11:B:1*Y*A*Y*I", b"REF*9F*REFER1", b"REF*G1*AUTH1")
    data = with_segments(data, b"DTP*472*D8*20061010", b"REF*9B*PRICE1", b"REF*G1*AUTH3")
    tables = read(*judged(data))
    (claim,) = rows(tables["claim"])
    assert (claim["prior_authorization"], claim["referral_number"]) == ("AUTH1", "REFER1")
    assert [
        (one["ordinal"], one["loop"], one.get("line_row"), one["qualifier"], one["value"])
        for one in rows(tables["claim_reference"])
    ] == [(1, "2300", None, "EA", "CHART1"), (2, "2400", 2, "9B", "PRICE1"), (3, "2400", 2, "G1", "AUTH3")]


def test_dates_that_are_none_are_kept_as_sent(claim_file: bytes, judged: Judged, rows: Rows) -> None:
    """A day of service is in the line; an onset is a row."""
    data = with_segments(claim_file, b"CLM*26463774*100.00***11:B:1*Y*A*Y*I", b"DTP*431*D8*20060930")
    tables = read(*judged(data))
    assert [(one["loop"], one["qualifier"], one["first_day"]) for one in rows(tables["claim_date"])] == [
        ("2300", "431", date(2006, 9, 30))
    ]


def test_what_stands_above_claims_comes_to_each_of_them(claim_file: bytes, judged: Judged, rows: Rows) -> None:
    """Parties, numbers and contacts of the billing provider, of both subscribers and of the dependant."""
    data = with_segments(claim_file, b"REF*EI*587654321", b"REF*0B*LICENCE1", b"PER*IC*BEN*TE*3055551111")
    data = with_segments(data, b"NM1*PR*2*KEY INSURANCE COMPANY*****PI*999996666", b"REF*FY*OFFICE1")
    data = with_segments(data, b"DMG*D8*19730501*M", b"REF*Y4*CASUALTY1")
    claim = data[data.index(b"CLM*") : data.index(b"SE*")]
    own = (
        b"HL*4*1*22*0~SBR*P*18*2222-SJ******CI~NM1*IL*1*ROE*ANN****MI*JS99~N3*1 ROAD~N4*MIAMI*FL*33413~"
        b"DMG*D8*19800101*F~NM1*PR*2*KEY INSURANCE COMPANY*****PI*999996666~"
    )
    second = own + claim.replace(b"26463774", b"26463775")
    data = data.replace(b"SE*44*", second + b"SE*%d*" % (44 + second.count(b"~")))
    tables = read(*judged(data))
    assert [(one["parent_row"], one["ordinal"], one["loop"]) for one in rows(tables["claim_party"])] == [
        *((0, place, loop) for place, loop in enumerate(("2010AA", "2010AB", "2010BA", "2010BB", "2010CA"), 1)),
        *((1, place, loop) for place, loop in enumerate(("2010AA", "2010AB", "2010BA", "2010BB"), 1)),
    ]
    assert [(one["parent_row"], one["loop"], one["value"]) for one in rows(tables["claim_reference"])] == [
        (0, "2010AA", "LICENCE1"),
        (0, "2010BB", "OFFICE1"),
        (0, "2010CA", "CASUALTY1"),
        (1, "2010AA", "LICENCE1"),
    ]
    assert [(one["parent_row"], one["name"]) for one in rows(tables["claim_contact"])] == [(0, "BEN"), (1, "BEN")]
    assert [one["city"] for one in rows(tables["claim_party"]) if one["loop"] in {"2010BA", "2010CA"} and "city" in one]
    for one in rows(tables["claim_party"]):
        start = int(str(one["source_start"]))
        assert data[start : start + 6] == b"NM1*" + str(one["entity_code"]).encode()


def test_a_batch_names_its_submitter(claim_file: bytes, judged: Judged, rows: Rows) -> None:
    """And how it is reached."""
    tables = read(*judged(claim_file))
    (batch,) = rows(tables["claim_set"])
    assert (batch["reference"], batch["submitter_name"], batch["submitter_id"], batch["receiver_id"]) == (
        "244579",
        "PREMIER BILLING SERVICE",
        "TGJ23",
        "66783JJT",
    )
    (contact,) = rows(tables["claim_set_contact"])
    assert (contact["ordinal"], contact["name"], contact["number_2"]) == (1, "JERRY", "231")


def hierarchy(*loops: tuple[int, str]) -> pa.Table:
    """Levels of transaction sets, by the set's number and the loop."""
    rows = [{**SET, "transaction_set": number, "loop": loop} for number, loop in loops]
    return pa.Table.from_pylist(rows)


def test_levels_belong_to_their_own_provider_and_set() -> None:
    """A subscriber of another provider, or of another set, is nobody's here."""
    levels = hierarchy((1, "2000A"), (1, "2000B"), (1, "2000C"), (1, "2000B"), (1, "2000A"), (2, "2000B"), (2, "2000A"))
    claims = pa.table({"parent_row": pa.array([2, 3, 4, 5, 6, -1], pa.int64())})
    assert levels_of(claims, levels).tolist() == [
        [0, 1, 2],
        [0, 3, NONE],
        [4, NONE, NONE],
        [NONE, 5, NONE],
        [6, NONE, NONE],
        [NONE, NONE, NONE],
    ]
    assert levels_of(claims.slice(0, 0), levels.slice(0, 0)).shape == (0, 3)


def test_rows_of_levels_are_repeated_in_order() -> None:
    """Once a claim under the level; rows of the batch under none."""
    rows = pa.table({"parent_row": pa.array([-1, 0, 0, 1, -1, 3], pa.int64()), "name": list("abcdef")})
    found = repeated(rows, np.array([[0, 1, NONE], [0, 2, 3], [NONE, NONE, NONE]], np.int64))
    assert found.to_pydict() == {"parent_row": [0, 0, 0, 1, 1, 1], "name": ["b", "c", "d", "b", "c", "f"]}


def test_ordinals_count_in_each_parent() -> None:
    """From one, and of nothing nothing."""
    assert ordinals(np.array([4, 4, 7, 9, 9, 9], np.int64)).tolist() == [1, 2, 1, 1, 2, 3]
    assert ordinals(np.array([], np.int64)).tolist() == []
