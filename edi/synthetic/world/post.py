"""Put members and claims into files, and remember who sent what when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import groupby

from edi.money import from_cents
from edi.synthetic.bodies import Body, Cut
from edi.synthetic.claim_parts import billing_level, patient_level, subscriber_level
from edi.synthetic.claim_segments import SEGMENTS
from edi.synthetic.files import GUIDES, MOST_ITEMS_A_SET, Envelope, Made, Party, Request, SetHeader, set_header
from edi.synthetic.world.claims import WorldClaim
from edi.synthetic.world.members import Family, Group, Membership, additions, header, terminations
from edi.synthetic.world.plan import CLEARINGHOUSE, CLEARINGHOUSE_ID, PLAN
from edi.synthetic.world.world import TEMPLATE, Delivery, WorldRequest

HOURS = {
    "claims": "09:00",
    "claims_broken": "09:20",
    "claims_trial": "09:40",
    "claims_again": "10:00",
    "corrections": "11:00",
    "corrections_again": "12:00",
}
"""When files of claims arrive; those of corrections quote numbers that are not known yet."""


class Post:
    """Puts members and claims into files, and remembers who sent what when."""

    def __init__(self, request: WorldRequest) -> None:
        self.request = request
        self.deliveries: list[Delivery] = []
        self.sent: list[tuple[str, WorldClaim]] = []
        self.control_number = 0

    def enrollment(self, week: int, membership: Membership) -> None:
        """Whoever is added in a week, in the first one almost everybody, and then those whose coverage has ended."""
        added = [family for family in membership.families if family.enrolled == week]
        ended = [family for family in membership.families if family.ends and family.told == week]
        for name, hour, families, write in (
            ("enrollment", "08:00", added, additions),
            ("enrollment_changes", "08:30", ended, terminations),
        ):
            for group in membership.groups:
                chosen = [family for family in families if family.group == group]
                if chosen:
                    content = self._members(week, group, chosen, write)
                    self._deliver(week, group.partner, f"{name}.x12", hour, content)

    def _members(
        self, week: int, group: Group, families: Sequence[Family], write: Callable[[Family], list[str]]
    ) -> bytes:
        body = Body()
        members = subscribers = 0
        for family in families:
            segments = write(family)
            members += sum(segment.startswith("INS*") for segment in segments)
            subscribers += bool(segments)
            if segments:
                body.add(segments)
        body.cut(members, subscribers)

        def head(_: Request, number: str, __: int, cut: Cut) -> list[str]:
            first = f"ST*834*{number}*{GUIDES['834']}"
            reference = f"{group.policy}-{self.control_number:06d}"
            return [first, *header(group, self._monday(week), reference, cut.items, cut.subscribers)]

        return self._file("834", group.party, week, [body], head)

    def claims(self, week: int, claims: Sequence[WorldClaim]) -> None:
        """The files of a week, in the order of HOURS."""
        for name, hour in HOURS.items():
            for place, kind in enumerate(self.request.kinds):
                chosen = [each for each in claims if (each.kind, each.sent_in) == (kind, name)]
                if chosen:
                    suffix = TEMPLATE if name.startswith("corrections") else ""
                    minute = int(hour[3:]) + place
                    path = self._deliver(
                        week,
                        CLEARINGHOUSE_ID,
                        f"{name}_{kind}.x12{suffix}",
                        f"{hour[:3]}{minute:02d}",
                        self._claims(kind, week, chosen, name),
                    )
                    self.sent += [(path, each) for each in chosen]

    def _claims(self, kind: str, week: int, claims: Sequence[WorldClaim], name: str) -> bytes:
        # those that come too late stay behind the faster ones
        ordered = sorted(claims, key=lambda each: (each.biller.payee_id, each.outcome.name == "superseded"))
        bodies = [
            _claims_body(kind, ordered[first : first + MOST_ITEMS_A_SET])
            for first in range(0, len(ordered), MOST_ITEMS_A_SET)
        ]

        def broken_head(request: Request, number: str, ordinal: int, cut: Cut) -> list[str]:
            # BHT02: no code of the guide, so the set is rejected
            return [each.replace("BHT*0019*00*", "BHT*0019*99*") for each in set_header(request, number, ordinal, cut)]

        head = broken_head if name == "claims_broken" else set_header
        usage = "T" if name == "claims_trial" else self.request.usage
        return self._file(kind, CLEARINGHOUSE, week, bodies, head, usage)

    def _file(
        self,
        kind: str,
        sender: Party,
        week: int,
        bodies: Sequence[Body],
        head: SetHeader,
        usage: str = "",
    ) -> bytes:
        self.control_number += 1
        request = Request(
            kind=kind,
            items=1,
            usage=usage or self.request.usage,
            as_of=self._monday(week),
            sender=sender,
            receiver=PLAN,
            control_number=self.control_number,
            line_breaks=True,
        )
        envelope, made = Envelope(request), Made(interchanges=1)
        parts = [piece.content for piece in envelope.opening(made)]
        for ordinal, body in enumerate(bodies, 1):
            made.transaction_sets = ordinal
            content = envelope.encode("".join(body.parts))
            last = body.cuts[-1]
            cut = Cut(len(content), last.segments, last.items, last.subscribers)
            parts.append(envelope.transaction_set(made, content, cut, ordinal, head).content)
        parts += [piece.content for piece in envelope.closing(made, len(bodies))]
        return b"".join(parts)

    def _monday(self, week: int) -> date:
        return self.request.first_day + timedelta(days=7 * (week - 1))

    def _deliver(self, week: int, partner: str, name: str, hour: str, content: bytes) -> str:
        received = self._monday(week)
        path = f"week{week}/{partner}/{name}"
        self.deliveries.append(Delivery(week, partner, path, f"{received}T{hour}", content))
        return path


def _claims_body(kind: str, claims: Sequence[WorldClaim]) -> Body:
    body = Body()
    level = 0
    for _, of_biller in groupby(claims, key=lambda each: each.biller.payee_id):
        mine = list(of_biller)
        level += 1
        parent = level
        body.add(billing_level(level, mine[0].biller.provider))
        for each in mine:
            level += 1
            body.add(subscriber_level(level, parent, each.subscriber, is_patient=each.patient is None))
            if each.patient:
                level += 1
                body.add(patient_level(level, level - 1, each.patient.person, each.patient.relation))
            segments = SEGMENTS[kind](each.claim)
            if each.excess:
                elements = segments[0].split("*")
                elements[2] = from_cents(each.claim.charge + each.excess)
                segments[0] = "*".join(elements)
            body.add(segments)
    body.cut(len(claims))
    return body
