"""Counts and amounts of a 277CA, at every level and over every mixture of claims; and every edit in one answer."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.scanner import scan
from rules.front_end.screen import EDITS
from rules.front_end.syntax import STATUSES
from tests.rules.claim_files import Damage, claim_set, damaged_claims, file_of, patient
from tests.writers.claim_answers import Found, read_back, received
from tests.writers.remittances import accepted_by_pyx12
from tests.writers.test_status_277ca import HOSPITAL

CLAIM, CODES = "CLM*ACCOUNT{number}*150***11:B:1*Y*A*Y*Y", "SV1*HC:99213*100*UN*1***1"
SECOND = "SV1*HC:87880*50*UN*1***1"
DENTAL: Damage = {
    "DTP*431*D8*20260301": None,
    "HI*ABK:J020": None,
    CODES: "SV3*AD:D0120*100****1",
    SECOND: "SV3*AD:D0274*50****1",
}
VARIANTS: dict[str, tuple[Damage, str]] = {
    "P": ({}, "005010X222A1"),
    "I": (HOSPITAL, "005010X223A2"),
    "D": (DENTAL, "005010X224A2"),
}
YOUNGER = b":787"
"""A status that pyx12's list of codes is too old for."""
Rows = dict[str, list[dict[str, Any]]]


def check_totals(rows: Rows) -> None:
    """What stands at the batch is what stands at its providers, and that is what stands at their claims."""
    levels = {row["row"]: row for row in rows["claim_status_level"]}
    above: dict[object, list[int]] = defaultdict(list)
    traces = {row["parent_row"]: row["row"] for row in rows["claim_status_trace"] if row["kind"] == "2"}
    traces |= {row["parent_row"]: row["row"] for row in rows["claim_status_trace"] if row["loop"] == "2200C"}
    for row in levels.values():
        above[row["transaction_set"], row["parent_level"]].append(row["row"])
    numbered = {row["parent_row"] for row in rows["claim_status_reference"] if row["qualifier"] == "1K"}
    action: dict[int, str] = {}
    charge: dict[int, int] = {}
    for row in rows["claim_status"]:
        if row["loop"] in {"2200B", "2200C", "2200D"}:
            action.setdefault(row["parent_row"], row["action"])
            assert charge.setdefault(row["parent_row"], row["charge_cents"]) == row["charge_cents"]
    for level in levels.values():
        if level["loop"] not in {"2000B", "2000C"}:
            continue
        trace = traces[level["row"]]
        below = [traces[row] for row in above[level["transaction_set"], level["level"]]]
        claims = (
            below
            if level["loop"] == "2000C"
            else [
                traces[claim]
                for row in above[level["transaction_set"], level["level"]]
                for claim in above[level["transaction_set"], levels[row]["level"]]
            ]
        )
        accepted = [claim for claim in claims if action[claim] == "WQ"]
        rejected = [claim for claim in claims if action[claim] == "U"]
        assert claims
        assert set(accepted) == numbered.intersection(claims)
        names = ("90", "AA") if level["loop"] == "2000B" else ("QA", "QC")
        counts = {
            row["qualifier"]: row["quantity"] for row in rows["claim_status_quantity"] if row["parent_row"] == trace
        }
        sums = {
            row["qualifier"]: row["amount_cents"] for row in rows["claim_status_amount"] if row["parent_row"] == trace
        }
        for quantity, amount, chosen in zip(names, ("YU", "YY"), (accepted, rejected), strict=True):
            assert counts.pop(quantity, 0) == len(chosen)
            assert (amount in sums) == bool(chosen)
            assert sums.pop(amount, 0) == sum(charge[claim] for claim in chosen)
        assert not counts
        assert not sums
        assert charge[trace] == sum(charge[claim] for claim in claims) == sum(charge[one] for one in below)


def statuses_read(rows: Rows) -> list[list[str]]:
    """The statuses of each claim, in the order of the file, as an edit writes them."""
    told: dict[int, list[str]] = defaultdict(list)
    for row in rows["claim_status"]:
        if row["loop"] == "2200D":
            composites = [
                [row[f"{part}_{number}"] for part in ("category", "status", "entity")] for number in (1, 2, 3)
            ]
            told[row["parent_row"]].append(" ".join(":".join(filter(None, one)) for one in composites if one[0]))
    return [told[trace] for trace in sorted(told)]


CHARGES = st.lists(st.tuples(st.integers(0, 9_999_999), st.booleans(), st.booleans()), min_size=1, max_size=7)


@settings(deadline=None, max_examples=30)
@given(sets=st.lists(CHARGES, min_size=1, max_size=3))
def test_every_level_says_what_the_levels_below_say(sets: list[list[tuple[int, bool, bool]]]) -> None:
    """Sets of claims with any charge, of one provider or another, accepted or rejected."""
    parts, found, place = [], [], 0
    for control, claims in enumerate(sets, 1):
        patients = [patient(number) for number in range(1, len(claims) + 1)]
        body = claim_set(*patients, control=f"{control:04}")
        parts.append([segment.replace("BATCH1", f"BATCH{control}") for segment in body])
        for _, _, is_rejected in claims:
            if is_rejected:
                found.append((place, None, "A3:33"))
            place += 1
    taken = received(file_of(*parts), partner="x")
    claims_sent = [one for claims in sets for one in claims]
    taken = taken.change("charge_cents", [charge for charge, _, _ in claims_sent])
    taken = taken.change("billing_name", ["RIVER CLINIC" if other else "EXAMPLE CLINIC" for _, other, _ in claims_sent])
    check_totals(read_back(taken.written(*found)))


@pytest.mark.parametrize("kind", VARIANTS)
def test_every_edit_can_be_answered_in_one_file(kind: str) -> None:
    """Hundreds of claims, accepted, returned as a whole and for their lines, by every status that there is."""
    damage, guide = VARIANTS[kind]
    statuses = [edit.statuses for edit in EDITS] + [f"A3:684 A6:{status} A7:21" for status in STATUSES.values()]
    data = damaged_claims(*[damage] * (3 * len(statuses))).replace(b"005010X222A1", guide.encode())
    taken = received(data, partner="x")
    found: list[Found] = []
    for place, status in enumerate(statuses):
        found += [(3 * place + 1, None, status), (3 * place + 2, None, "A3:684 A7:21"), (3 * place + 2, 2, status)]
    content = taken.written(*found)
    assert scan(content).findings == []
    assert accepted_by_pyx12(content.replace(YOUNGER, b":464"))
    rows = read_back(content)
    check_totals(rows)
    expected = [
        said for status in statuses for said in (["A2:20:PR"], [status], list(dict.fromkeys(("A3:684 A7:21", status))))
    ]
    assert statuses_read(rows) == expected
    of_claims = [row for row in rows["claim_status"] if row["loop"] == "2200D"]
    assert len(of_claims) >= 4 * len(statuses)
    assert len([row for row in rows["claim_status"] if row["loop"] == "2220D"]) == len(statuses)
    assert len(rows["claim_status_service"]) == len(statuses)
