"""A world is consistent in itself: its files are valid, and what is expected of them adds up."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from edi.reference.scanner import scan
from edi.synthetic.files import UnmakeableFile
from edi.synthetic.world.claims import UNKNOWN_NUMBER, marker
from edi.synthetic.world.corrections import NumberUnknown, claim_numbers, fill
from edi.synthetic.world.documents import expected_csv
from edi.synthetic.world.members import everybody
from edi.synthetic.world.outcomes import OUTCOMES, counts
from edi.synthetic.world.plan import HMO, PPO, left_to_patient, paid
from edi.synthetic.world.world import TEMPLATE, World, WorldRequest
from edi.synthetic.world.write import make_world, write_world

MEANT = {"unbalanced": "CLAIM_CHARGE_IMBALANCE", "replacement_without_number": "CLAIM_ORIGINAL_MISSING"}
"""Findings that outcomes are made of."""


@pytest.fixture(scope="module")
def world() -> World:
    """The usual one."""
    return make_world(WorldRequest())


def rows(world: World) -> list[dict[str, str]]:
    """The side file, read back."""
    return list(csv.DictReader(io.StringIO(expected_csv(world))))


def test_files_are_valid_but_where_they_are_meant_to_be_not(world: World) -> None:
    """No finding that no outcome asks for."""
    found = Counter(
        finding.code
        for delivery in world.deliveries
        if "claims_broken" not in delivery.path
        for finding in scan(delivery.content).findings
    )
    outcomes = Counter(claim.outcome.name for _, claim in world.claims)
    assert found == {code: outcomes[name] for name, code in MEANT.items()}


def test_broken_files_break_a_rule_of_the_guide_that_rejects_their_set(world: World) -> None:
    """One, in the header."""
    broken = [delivery for delivery in world.deliveries if "claims_broken" in delivery.path]
    assert broken
    for delivery in broken:
        [finding] = scan(delivery.content).findings
        assert (finding.code, finding.segment_id, finding.element) == ("ELEMENT_CODE", "BHT", 2)


def test_every_claim_stands_once_in_its_file_and_in_the_side_file(world: World) -> None:
    """By its CLM01."""
    sent: dict[str, list[str]] = {}
    for delivery in world.deliveries:
        accounts = re.findall(r"CLM\*([^*]+)\*", delivery.content.decode())
        if accounts:
            sent[delivery.path.removesuffix(TEMPLATE)] = sorted(accounts)
    expected: dict[str, list[str]] = {}
    for row in rows(world):
        expected.setdefault(row["file"], []).append(row["account"])
    assert {path: sorted(accounts) for path, accounts in expected.items()} == sent
    accounts = [row["account"] for row in rows(world)]
    assert len(set(accounts)) == len(accounts) == 300


def test_equal_seeds_make_equal_worlds(world: World) -> None:
    """Byte by byte; another seed makes another."""
    again, other = make_world(WorldRequest()), make_world(WorldRequest(seed=2))
    assert again.deliveries == world.deliveries
    assert expected_csv(again) == expected_csv(world)
    assert again.configuration == world.configuration
    assert other.deliveries != world.deliveries


def test_only_what_is_paid_has_an_amount(world: World) -> None:
    """A void is paid nothing: it takes back."""
    for row in rows(world):
        outcome = OUTCOMES[row["outcome"]]
        assert (row["status"], row["reason_code"]) == (outcome.status, outcome.reason_code)
        assert int(row["paid_cents"]) == 0 or (outcome.status == "paid" and outcome.name != "void")
    # a copay may be more than what is allowed
    assert sum(row["outcome"] == "clean" and row["paid_cents"] == "0" for row in rows(world)) < 10


def test_the_amount_after_another_payer_is_no_more_than_it_left(world: World) -> None:
    """Nor more than the plan's own benefit."""
    secondary = [claim for _, claim in world.claims if claim.reason == "OA 23"]
    assert secondary
    for each in secondary:
        left = sum(left_to_patient(line.prior) for line in each.claim.lines if line.prior)
        assert 0 < each.paid <= left < each.claim.charge


def test_a_family_meets_its_deductible_and_a_member_the_maximum(world: World) -> None:
    """64.40 and 91.70 of deductible, 3.90 more for the family's 160.00; then coinsurance, of which 35.96 are left."""
    shares = [
        each for _, each in world.claims if each.outcome.name in {"deductible", "deductible_met", "maximum_reached"}
    ]
    assert [each.paid for each in shares] == [0, 0, 6296, 7000, 36304]


def test_the_amount_follows_from_fees_and_benefits(world: World) -> None:
    """The same claim under two products: a copay in one, coinsurance in the other."""
    claims = [each for _, each in world.claims if each.kind == "837P" and each.outcome.name == "clean"]
    at_office = next(each.claim for each in claims if each.claim.facility == "11")
    allowed = paid(at_office, HMO, is_professional=False)
    assert paid(at_office, HMO, is_professional=True) == max(0, allowed - 2500)
    assert 0 < paid(at_office, PPO, is_professional=True) < allowed < at_office.charge


def test_members_are_enrolled_before_their_claims_come(world: World) -> None:
    """Everybody but those whom nobody knows, with the days that the outcomes need."""
    enrolled: dict[str, int] = {}
    for delivery in world.deliveries:
        if delivery.path.endswith("enrollment.x12"):
            for number in re.findall(r"REF\*0F\*(\w+)", delivery.content.decode()):
                enrolled.setdefault(number, delivery.week)
    for _, claim in world.claims:
        known = enrolled.get(claim.subscriber.member_id, 99) <= claim.week
        assert known == (claim.outcome.name not in {"unknown_member", "not_yet_enrolled"}), claim.outcome.name


def test_nobody_is_born_after_the_services_of_a_world(world: World) -> None:
    """Its oldest are some months older than its first day."""
    born = max(person.born for family in world.membership.families for person, _ in everybody(family))
    assert date(2026, 6, 1) - born > timedelta(days=365)


def test_corrections_quote_claims_of_the_week_before(world: World) -> None:
    """By a marker, until our number of them is known."""
    weeks = {claim.account: claim.week for _, claim in world.claims}
    quoted = {
        account: claim
        for path, claim in world.claims
        if path.endswith(TEMPLATE)
        for account in re.findall(r"@([A-Z0-9-]+)@", dict(claim.claim.references)["F8"])
    }
    assert {claim.outcome.name for claim in quoted.values()} == {
        name for name, outcome in OUTCOMES.items() if outcome.corrects
    }
    assert all(weeks[account] == claim.week - 1 for account, claim in quoted.items())


def test_templates_are_filled_in_from_our_remittances() -> None:
    """CLP07 beside CLP01; the last remittance that names a claim counts."""
    remittances = [
        b"ISA~CLP*S1*1*10*5**12*260010000001*11*1~SVC*HC:1*10*5~",
        b"CLP*S1*22*-10*-5**12*260010000001~\nCLP*S1*1*10*6**12*260010000009~",
    ]
    numbers = claim_numbers(remittances)
    assert numbers == {b"S1": b"260010000009"}
    template = f"CLM*S1-R*10~REF*F8*{marker('S1')}~".encode()
    assert fill(template, numbers) == b"CLM*S1-R*10~REF*F8*260010000009~"
    with pytest.raises(NumberUnknown):
        fill(template, {})
    assert UNKNOWN_NUMBER.encode() not in numbers.values()


def test_the_folder_says_what_is_in_it(tmp_path: Path) -> None:
    """All files of the configuration, what is sent when, what is expected, and a README that names the outcomes."""
    request = WorldRequest(members=30, claims=60, kinds=("837P",), first_day=date(2025, 3, 3), usage="T")
    world = write_world(tmp_path / "world", request)
    folder = tmp_path / "world"
    assert {path.name for path in (folder / "config").iterdir()} == set(world.configuration)
    deliveries = list(csv.DictReader(io.StringIO((folder / "deliveries.csv").read_text())))
    for row in deliveries:
        suffix = TEMPLATE if row["needs_remittances"] == "yes" else ""
        assert (folder / (row["file"] + suffix)).read_bytes().startswith(b"ISA*")
    assert [row["received_at"] for row in deliveries] == sorted(row["received_at"] for row in deliveries)
    assert deliveries[0]["received_at"] == "2025-03-03T08:00"
    read_me = (folder / "README.md").read_text()
    assert all(f"- {name} " in read_me for name in world.summary()["outcomes"])  # type: ignore[attr-defined] # counts
    with pytest.raises(UnmakeableFile, match="not empty"):
        write_world(folder, request)


def test_shares_are_what_was_asked_for() -> None:
    """What is not named has its usual share; where the clean share is named, the others fill up the rest."""
    usual = counts(1000, {}, weeks=2)
    assert usual["clean"] == 1000 - whole({name: number for name, number in usual.items() if name != "clean"}) > 450
    assert counts(1000, {"late": 0.2}, weeks=2)["late"] == 200
    some = counts(10_000, {"clean": 0.8, "late": 0.1}, weeks=2)
    assert (some["late"], whole(some)) == (1000, 10_000)
    assert 7950 <= some["clean"] <= 8100
    assert counts(50, {"clean": 1.0}, weeks=1) == {"clean": 50}
    alone = counts(1000, {}, weeks=1)
    assert not any(OUTCOMES[name].corrects or OUTCOMES[name].follows for name in alone)
    dental = counts(1000, {}, weeks=2, kinds=("837D",))
    assert "secondary" in dental
    assert not {"interim_last", "bundled", "other_network"} & set(dental)


def whole(counted: dict[str, int]) -> int:
    """With what they bring along."""
    return sum(number * (1 + OUTCOMES[name].brings) for name, number in counted.items())


@pytest.mark.parametrize(
    ("shares", "weeks"),
    [
        ({"nothing": 0.1}, 2),
        ({"late": 1.1}, 2),
        ({"late": 0.7, "terminated": 0.7}, 2),
        ({"void": 0.1}, 1),
        ({"enrolled_since": 0.1}, 1),
        ({"interim": 0.1}, 2),
        ({"void": 0.6, "clean": 0.4}, 2),
    ],
)
def test_impossible_shares_are_refused(shares: dict[str, float], weeks: int) -> None:
    """With a reason."""
    with pytest.raises(UnmakeableFile):
        counts(100, shares, weeks=weeks)


@pytest.mark.parametrize("wrong", [{"members": 1}, {"claims": 0}, {"weeks": 0}, {"weeks": 99}, {"kinds": ("834",)}])
def test_impossible_worlds_are_refused(wrong: dict[str, Any]) -> None:
    """Before anything is made."""
    with pytest.raises(UnmakeableFile):
        WorldRequest(**wrong)
