"""The story: which files the partners send when, and when the plan looks, settles and pays. Times are plan-local."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

PLAN_TIME = ZoneInfo("America/New_York")


@dataclass(frozen=True, slots=True)
class Drop:
    """A file that a partner uploads into its `in` folder."""

    partner: str
    source: str
    """Under examples/demo/. A `.template` quotes claim numbers of ours: @P-1005@ stands for the number that the
    partner read in an 835 (CLP07) beside its own P-1005 (CLP01)."""
    uploaded_at: datetime

    @property
    def name(self) -> str:
        """Name on the SFTP server; the week keeps names of different weeks apart."""
        week, _, file = self.source.split("/")
        return f"{week}_{file.removesuffix('.template')}"


@dataclass(frozen=True, slots=True)
class Week:
    """What happens in a week, in this order."""

    name: str
    drops: tuple[Drop, ...]
    looks_at: tuple[datetime, ...]
    """When `edi_fetch` looks: a file is ready once it stood still between two looks."""
    remits_at: datetime
    through: date
    """Last day that the week's remittance settles."""


def _at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PLAN_TIME)


WEEKS = (
    Week(
        name="first week",
        drops=(
            Drop("acme", "week1/acme/enrollment.x12", _at(5, 28, 8)),
            # the only claim of its day, so that its number is the same in every performance
            Drop("clearlink", "week1/clearlink/claims_march.x12", _at(5, 29, 16, 40)),
            Drop("acme", "week1/acme/enrollment_changes.x12", _at(6, 1, 8, 20)),
            Drop("clearlink", "week1/clearlink/claims_professional.x12", _at(6, 1, 9)),
            Drop("clearlink", "week1/clearlink/claims_institutional.x12", _at(6, 1, 9, 5)),
            Drop("clearlink", "week1/clearlink/claims_dental.x12", _at(6, 1, 9, 7)),
            Drop("clearlink", "week1/clearlink/claims_truncated.x12", _at(6, 1, 9, 10)),
            Drop("clearlink", "week1/clearlink/backup_report.x12", _at(6, 1, 9, 15)),
            Drop("riverclinic", "week1/riverclinic/claims.x12", _at(6, 1, 10)),
        ),
        looks_at=(_at(6, 1, 11), _at(6, 1, 11, 5)),
        remits_at=_at(6, 8, 6),
        through=date(2026, 6, 7),
    ),
    Week(
        name="second week",
        drops=(
            Drop("clearlink", "week2/clearlink/claims_march_again.x12.template", _at(6, 8, 15)),
            Drop("acme", "week2/acme/enrollment.x12", _at(6, 9, 8)),
            Drop("acme", "week2/acme/late_divorce.x12", _at(6, 9, 8, 30)),
            Drop("clearlink", "week2/clearlink/corrections.x12.template", _at(6, 9, 9)),
            Drop("clearlink", "week2/clearlink/claims_professional_again.x12", _at(6, 9, 9, 5)),
            Drop("clearlink", "week2/clearlink/claims_without_diagnosis.x12", _at(6, 9, 9, 10)),
            Drop("clearlink", "week2/clearlink/claims_marked_test.x12", _at(6, 9, 9, 15)),
            Drop("riverclinic", "week2/riverclinic/void.x12.template", _at(6, 9, 10)),
        ),
        looks_at=(_at(6, 9, 11), _at(6, 9, 11, 5)),
        remits_at=_at(6, 15, 6),
        through=date(2026, 6, 14),
    ),
)
