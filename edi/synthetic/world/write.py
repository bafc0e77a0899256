"""Make a world and write it into a folder."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from edi.synthetic.dice import Dice
from edi.synthetic.files import UnmakeableFile
from edi.synthetic.world.claims import ClaimMaker, make_claims
from edi.synthetic.world.configuration import configuration_files
from edi.synthetic.world.documents import deliveries_csv, expected_csv, read_me
from edi.synthetic.world.members import enroll
from edi.synthetic.world.outcomes import counts
from edi.synthetic.world.post import Post
from edi.synthetic.world.providers import billers
from edi.synthetic.world.reference import reference_files
from edi.synthetic.world.scenarios import Scenarios
from edi.synthetic.world.world import World, WorldRequest

COVERED_DAYS = 240
"""Coverage of everybody but those who join later begins so long before the first claims are received."""
ENDED_DAYS = 200
"""Coverage of some ended so long before; the oldest service is younger than that."""
LATER_DAYS = 400


def make_world(request: WorldRequest) -> World:
    """Everything of a world."""
    dice = Dice("world", request.seed)
    first = request.first_day
    membership = enroll(
        dice,
        first,
        request.members,
        first - timedelta(days=COVERED_DAYS),
        first - timedelta(days=ENDED_DAYS),
        first + timedelta(days=LATER_DAYS),
    )
    sending = billers(dice, request.kinds, request.claims, first - timedelta(days=COVERED_DAYS))
    maker = ClaimMaker(dice, membership, sending, request.kinds, first)
    scenarios = Scenarios(maker, first - timedelta(days=COVERED_DAYS))
    numbers = counts(request.claims, request.shares, weeks=request.weeks, kinds=request.kinds)
    claims = make_claims(maker, scenarios, numbers, request.weeks)
    post = Post(request)
    for week in range(1, request.weeks + 1):
        post.enrollment(week, membership)
        post.claims(week, [claim for claim in claims if claim.week == week])
    return World(
        configuration_files(membership.employers, sending, request.kinds, first),
        reference_files(scenarios.given),
        post.deliveries,
        post.sent,
        membership,
    )


def write_world(folder: Path, request: WorldRequest) -> World:
    """Make a world and write it: config/, reference/, week*/, deliveries.csv, expected.csv and a README.md.

    Raises:
        UnmakeableFile: what was asked for cannot be, or the folder holds something already.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UnmakeableFile(f"{folder} is not empty.")
    world = make_world(request)
    texts = {f"config/{name}": text for name, text in world.configuration.items()}
    texts |= {f"reference/{kind}.csv": text for kind, text in world.reference.items()}
    texts["deliveries.csv"] = deliveries_csv(world)
    texts["expected.csv"] = expected_csv(world)
    texts["README.md"] = read_me(request, world)
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for delivery in world.deliveries:
        path = folder / delivery.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(delivery.content)
    return world
