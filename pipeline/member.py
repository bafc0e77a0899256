"""One subscriber's number: who is covered on a day, as it was known on a day, and how we came to know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from edi.trouble import Final
from loaders.coverage_reads import MemberHistory, RecordedSpan, member_histories
from loaders.opening_balances import benefits_used
from pipeline.benefits_told import in_period, told_benefit

if TYPE_CHECKING:
    from loaders.opening_balances import BenefitUsed
    from pipeline.house import House


class MemberUnknown(Final):
    """Nobody was enrolled under the number, as far as was known."""


@dataclass(frozen=True, slots=True)
class MemberView:
    """The members of a number, and who had it before, seen from a day, as known at an instant."""

    subscriber_number: str
    on: date
    as_known: datetime
    members: tuple[MemberHistory, ...]
    benefits: tuple[BenefitUsed, ...] = ()
    """What members and family have used in the benefit year of the day; as it is now, whatever `as_known`."""

    def summary(self) -> dict[str, Any]:
        """The keys that docs/command_line.md tells."""
        return {
            "subscriber_number": self.subscriber_number,
            "on": self.on.isoformat(),
            "as_known": _instant(self.as_known),
            "members": [
                {
                    "member_id": member.member_id,
                    "subscriber_number": member.subscriber_number,
                    "group_id": member.group_id,
                    "first_name": member.first_name,
                    "is_subscriber": member.is_subscriber,
                    "relationship_code": member.relationship_code,
                    "covered": [_span(span) for span in member.spans if span.is_believed and span.covers(self.on)],
                    "spans": [_span(span) for span in member.spans if span.is_believed],
                    "superseded": [
                        {
                            **_span(span),
                            "superseded_at": _instant(span.superseded_at),
                            "superseded_by": span.superseded_by,
                        }
                        for span in member.spans
                        if span.superseded_at is not None
                    ],
                }
                for member in self.members
            ],
            "benefits_used": [told_benefit(one) for one in self.benefits],
        }


def view_member(house: House, subscriber_number: str, on: date | None, as_known: date | None) -> MemberView:
    """Look a number up. Without days: today, as it is known now; a day's knowledge is that of its end at the plan.

    Raises:
        MemberUnknown: nobody has the number, or nobody was known under it on that day.
    """
    instant = house.now() if as_known is None else _end_of(house, as_known)
    with house.warehouse.begin() as connection:
        members = tuple(member_histories(connection, subscriber_number, instant))
        used = benefits_used(connection, sorted(member.member_id for member in members))
    if not members:
        if as_known is not None:
            raise MemberUnknown(f"Nobody was known under that subscriber number (REF*0F) on {as_known}.")
        raise MemberUnknown(
            "Nobody is enrolled under that subscriber number (REF*0F). If it was changed, --as-known with a day before "
            "the change finds it."
        )
    day = on or house.today()
    return MemberView(subscriber_number.strip().upper(), day, instant, members, tuple(in_period(used, day)))


def _end_of(house: House, day: date) -> datetime:
    """The last instant of a day at the plan."""
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    tomorrow = datetime.combine(day + timedelta(days=1), time(), house.configuration.plan.time_zone)
    return tomorrow.astimezone(UTC) - timedelta(microseconds=1)


def _span(span: RecordedSpan) -> dict[str, object]:
    return {
        "span_id": span.span_id,
        "insurance_line": span.insurance_line,
        "plan_id": span.plan_id,
        "tier": span.tier,
        "is_cobra": span.is_cobra,
        "cobra_event": span.cobra_event,
        "continues_span_id": span.continues_span_id,
        "first_day": span.first_day.isoformat(),
        "last_day": span.last_day.isoformat() if span.last_day else None,
        "recorded_at": _instant(span.recorded_at),
        "file_id": span.file_id,
    }


def _instant(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None
