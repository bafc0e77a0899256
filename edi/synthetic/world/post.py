"""Put members and claims into files, and remember who sent what when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import groupby

from edi.money import from_cents
from edi.synthetic.bodies import Body, Cut
from edi.synthetic.claim_parts import billing_level, patient_level, subscriber_level
from edi.synthetic.claim_segments import SEGMENTS
from edi.synthetic.files import GUIDES, MOST_ITEMS_A_SET, Envelope, Made, Party, Request, SetHeader, set_header
from edi.synthetic.world.claims import WorldClaim
from edi.synthetic.world.members import Family, Group, Membership, additions, header, terminations
from edi.synthetic.world.outcomes import BROKEN
from edi.synthetic.world.plan import CLEARINGHOUSE, CLEARINGHOUSE_ID, PLAN
from edi.synthetic.world.world import TEMPLATE, Delivery, WorldRequest


class Post:
    """Puts members and claims into files, and remembers who sent what when."""

    def __init__(self, request: WorldRequest) -> None:
        self.request = request
        self.deliveries: list[Delivery] = []
        self.sent: list[tuple[str, WorldClaim]] = []
        self.control_number = 0

    def enrollment(self, membership: Membership) -> None:
        """Week 1: everybody is added, then those whose coverage has ended are terminated."""
        for name, hour, write in (("enrollment", "08:00", additions), ("enrollment_changes", "08:30", terminations)):
            for group in membership.groups:
                families = [family for family in membership.families if family.group == group]
                if any(write(family) for family in families):
                    content = self._members(group, families, write)
                    self._deliver(1, group.partner, f"{name}.x12", hour, content)

    def _members(self, group: Group, families: Sequence[Family], write: Callable[[Family], list[str]]) -> bytes:
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
            return [first, *header(group, self.request.first_day, reference, cut.items, cut.subscribers)]

        return self._file("834", group.party, 1, [body], head)

    def claims(self, week: int, claims: Sequence[WorldClaim]) -> None:
        """The files of a week: claims, those that break the guide, bills sent again, and corrections."""
        for name, hour, mine in (
            ("claims", "09:00", _is_first),
            ("claims_broken", "09:20", lambda each: each.outcome.name == BROKEN),
            ("claims_again", "10:00", lambda each: each.outcome.name == "duplicate"),
            ("corrections", "11:00", lambda each: each.claim.frequency != "1" and "@" in _number(each)),
        ):
            for place, kind in enumerate(self.request.kinds):
                chosen = [each for each in claims if each.kind == kind and mine(each)]
                if chosen:
                    suffix = TEMPLATE if name == "corrections" else ""
                    minute = int(hour[3:]) + place
                    path = self._deliver(
                        week,
                        CLEARINGHOUSE_ID,
                        f"{name}_{kind}.x12{suffix}",
                        f"{hour[:3]}{minute:02d}",
                        self._claims(kind, week, chosen, is_broken=name == "claims_broken"),
                    )
                    self.sent += [(path, each) for each in chosen]

    def _claims(self, kind: str, week: int, claims: Sequence[WorldClaim], *, is_broken: bool) -> bytes:
        # those that come too late stay behind the faster ones
        ordered = sorted(claims, key=lambda each: (each.biller.payee_id, each.outcome.name == "superseded"))
        bodies = [
            _claims_body(kind, ordered[first : first + MOST_ITEMS_A_SET])
            for first in range(0, len(ordered), MOST_ITEMS_A_SET)
        ]

        def broken_head(request: Request, number: str, ordinal: int, cut: Cut) -> list[str]:
            # BHT02: no code of the guide, so the set is rejected
            return [each.replace("BHT*0019*00*", "BHT*0019*99*") for each in set_header(request, number, ordinal, cut)]

        return self._file(kind, CLEARINGHOUSE, week, bodies, broken_head if is_broken else set_header)

    def _file(
        self,
        kind: str,
        sender: Party,
        week: int,
        bodies: Sequence[Body],
        head: SetHeader,
    ) -> bytes:
        self.control_number += 1
        request = Request(
            kind=kind,
            items=1,
            usage=self.request.usage,
            as_of=self.request.first_day + timedelta(days=7 * (week - 1)),
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

    def _deliver(self, week: int, partner: str, name: str, hour: str, content: bytes) -> str:
        received = self.request.first_day + timedelta(days=7 * (week - 1))
        path = f"week{week}/{partner}/{name}"
        self.deliveries.append(Delivery(week, partner, path, f"{received}T{hour}", content))
        return path


def _is_first(each: WorldClaim) -> bool:
    return each.outcome.name not in {BROKEN, "duplicate"} and "@" not in _number(each)


def _number(each: WorldClaim) -> str:
    """REF*F8, empty where there is none."""
    return dict(each.claim.references).get("F8", "")


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
