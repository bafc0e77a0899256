"""What goes with a world's files: when they are sent, what must become of every claim, and how to use them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from edi.synthetic.world.outcomes import OUTCOMES
from edi.synthetic.world.world import TEMPLATE, World, WorldRequest

EXPECTED_COLUMNS = (
    "week",
    "file",
    "account",
    "kind",
    "outcome",
    "status",
    "group_code",
    "reason_code",
    "paid_cents",
    "rule",
)
DELIVERY_COLUMNS = ("week", "partner", "file", "received_at", "needs_remittances")


def expected_csv(world: World) -> str:
    """What must become of every claim."""
    return _csv(
        EXPECTED_COLUMNS,
        (
            (
                claim.week,
                path.removesuffix(TEMPLATE),
                claim.account,
                claim.kind,
                claim.outcome.name,
                claim.outcome.status,
                claim.outcome.group_code,
                claim.outcome.reason_code,
                claim.paid,
                claim.outcome.rule,
            )
            for path, claim in world.claims
        ),
    )


def deliveries_csv(world: World) -> str:
    """Who sends which file when, in order of arrival."""
    return _csv(
        DELIVERY_COLUMNS,
        (
            (
                each.week,
                each.partner,
                each.path.removesuffix(TEMPLATE),
                each.received_at,
                "yes" if each.path.endswith(TEMPLATE) else "no",
            )
            for each in world.deliveries
        ),
    )


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def read_me(request: WorldRequest, world: World) -> str:
    """What stands in the folder, and what becomes of the claims."""
    return "\n".join(_lines(request, world)) + "\n"


def _lines(request: WorldRequest, world: World) -> Iterator[str]:
    summary = world.summary()
    yield "# A synthetic world"
    yield ""
    yield f"Seed {request.seed}: {summary['members']} members, {summary['claims']} claims, {request.weeks} weeks."
    yield "Nobody is real."
    yield ""
    yield "- `config/`: the plan's configuration and provider registry; point EDI_CONFIG to it."
    yield "- `reference/`: the plan's tables, a file a kind; `edi reference load KIND FILE` loads each."
    yield "- `week*/<partner>/`: what each partner sends; `deliveries.csv` says when, in order of arrival."
    yield "- `expected.csv`: what must become of every claim, by the file and its CLM01."
    yield ""
    yield "A correction quotes the plan's number of the claim that it corrects, which its sender reads in an 835."
    yield "Such files end with `.template`; after the remittance of the week before `edi generate corrections` fills"
    yield "them in."
    yield ""
    yield "## Outcomes"
    yield ""
    found = Counter(claim.outcome.name for _, claim in world.claims)
    for name, number in found.items():
        outcome = OUTCOMES[name]
        reason = f" {outcome.group_code} {outcome.reason_code}" if outcome.reason_code else ""
        yield f"- {name} ({number}): {outcome.means}; {outcome.status}{reason}, docs/domain.md {outcome.rule}"
