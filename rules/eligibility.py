"""Coverage: do we know the member, and was there coverage on the day of service (domain.md 7.2)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from rules.docket import DENTAL, LAST_DAY
from rules.pend_reasons import COBRA_UNPAID
from rules.rulebook import Rulebook
from rules.ruling import Ruling

SECONDS_A_DAY = 86_400


def match_coverage(lines: pd.DataFrame, spans: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """The coverage of each line on its day of service, from spans with inclusive ends (NaT = open).

    Medical insurance covers professional and institutional claims, dental insurance dental ones.
    Where covered: `plan_id`, `coverage_from`, `coverage_through`, and `coverage_unpaid` where it is continued coverage
    (COBRA) whose premium is not paid yet; `coverage_tier` (HD05), and `coverage_until`, the last day through which the
    member is covered without a gap, NaT where that is open or no plan asks for it. Elsewhere `plan_id` is missing,
    `coverage_ended` is the last end before the day and `coverage_begins` the first begin after it, as far as there are
    any.
    """
    key = ["member_id", "service_day", "is_dental"]
    wanted = lines[["member_id", "service_day"]].assign(is_dental=lines["kind"] == DENTAL)
    asked = wanted.dropna().drop_duplicates()
    insurance = {False: rulebook.medical_insurance_lines, True: rulebook.dental_insurance_lines}
    parts = [_known(spans, names, is_dental=is_dental) for is_dental, names in insurance.items()]
    known = pd.concat(parts, ignore_index=True)
    known = known.assign(coverage_until=_without_gaps(known, rulebook))
    pairs = asked.merge(known, on=["member_id", "is_dental"])
    day = pairs["service_day"]
    through = pairs["coverage_through"].fillna(LAST_DAY)
    covering = pairs[(pairs["coverage_from"] <= day) & (day <= through)]
    best = covering.sort_values(["rank", "coverage_from", "plan_id"]).drop_duplicates(key)
    ended = pairs[through < day].groupby(key)["coverage_through"].max().rename("coverage_ended")
    begins = pairs[pairs["coverage_from"] > day].groupby(key)["coverage_from"].min().rename("coverage_begins")
    answers = asked.merge(best.drop(columns="rank"), on=key, how="left")
    answers = answers.merge(ended.reset_index(), on=key, how="left").merge(begins.reset_index(), on=key, how="left")
    found = wanted.merge(answers, on=key, how="left").set_axis(lines.index)
    found["coverage_unpaid"] = found["coverage_unpaid"].astype("boolean").fillna(value=False).astype("bool")
    return found.drop(columns=key)


def _known(spans: pd.DataFrame, insurance_lines: tuple[str, ...], *, is_dental: bool) -> pd.DataFrame:
    """Spans of these lines of insurance; a lower rank goes first."""
    covering = spans[spans["insurance_line"].isin(insurance_lines)]
    ranks = {line: rank for rank, line in enumerate(insurance_lines)}
    return pd.DataFrame(
        {
            "member_id": covering["member_id"].astype("Int64"),
            "is_dental": is_dental,
            "plan_id": covering["plan_id"].astype("str"),
            "rank": covering["insurance_line"].map(ranks).astype("int64"),
            "coverage_from": covering["valid_from"].astype("datetime64[s]"),
            "coverage_unpaid": covering["is_unpaid"].astype("boolean"),
            "coverage_through": covering["valid_through"].astype("datetime64[s]"),
            "coverage_tier": (covering["tier"] if "tier" in covering else pd.Series(np.nan, covering.index)).astype(
                "str"
            ),
        }
    )


def _without_gaps(known: pd.DataFrame, rulebook: Rulebook) -> pd.Series:
    """The last day of the coverage that each span is a part of, one span after the other without a day between."""
    until = pd.Series(np.datetime64("NaT", "s"), index=known.index, dtype="datetime64[s]")
    if known.empty or all(plan.crossing == "first_day" for plan in rulebook.plans):
        return until
    key = ["member_id", "is_dental"]
    spans = known.assign(last=known["coverage_through"].fillna(LAST_DAY).astype("int64"))
    spans = spans.sort_values([*key, "coverage_from", "last"])
    reached = spans.groupby(key)["last"].cummax()
    before = reached.groupby([spans[name] for name in key]).shift(fill_value=-(2**62))
    begins = spans["coverage_from"].astype("int64") > before + SECONDS_A_DAY
    ends = reached.groupby([spans["member_id"], spans["is_dental"], begins.cumsum()]).transform("max")
    until = ends.reindex(known.index).astype("datetime64[s]")
    return until.mask(until == LAST_DAY)


def member_known(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """A patient whom we do not know: PR 31 with N382, the only denial with status 4 (domain.md 8.1 #1, 8.2 #1)."""
    yield Ruling(
        lines=lines[lines["member_id"].isna()],
        effect="deny",
        rule="MEMBER-KNOWN",
        text="no member was found for the claim",
        whole_claim=True,
        group_code="PR",
        reason_code="31",
        remark_codes=("N382",),
        claim_status="4",
    )


def covered(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """Coverage on the day of service (a stay: of admission): else PR 26 before it, 27 after it, 177 when never covered.

    A day in a gap follows coverage that ended, hence 27. Days of continued coverage that was elected and is not paid
    for yet are neither paid nor denied: the claim waits (domain.md 3.7).
    """
    day = lines["service_day"]
    stay = lines["claim_class"] == "inpatient"
    insurance = lines["kind"].map({DENTAL: "dental"}).fillna("medical")
    uncovered = lines["plan_id"].isna()
    after = uncovered & lines["coverage_ended"].notna()
    before = uncovered & ~after & lines["coverage_begins"].notna()
    yield Ruling(
        lines=lines[before],
        effect="deny",
        rule="COVERED-ON-SERVICE-DAY",
        text="service {service}, coverage begins {begins}",
        facts={"service": day, "begins": lines["coverage_begins"]},
        whole_claim=stay,
        group_code="PR",
        reason_code="26",
    )
    yield Ruling(
        lines=lines[after],
        effect="deny",
        rule="COVERED-ON-SERVICE-DAY",
        text="service {service}, coverage ended {ended}",
        facts={"service": day, "ended": lines["coverage_ended"]},
        whole_claim=stay,
        group_code="PR",
        reason_code="27",
    )
    yield Ruling(
        lines=lines[uncovered & ~after & ~before],
        effect="deny",
        rule="COVERED-ON-SERVICE-DAY",
        text="service {service}, no {insurance} coverage at any time",
        facts={"service": day, "insurance": insurance},
        whole_claim=stay,
        group_code="PR",
        reason_code="177",
    )
    unpaid = ~uncovered & lines["coverage_unpaid"]
    yield Ruling(
        lines=lines[unpaid],
        effect="pend",
        rule="COVERED-ON-SERVICE-DAY",
        text="service {service}, plan {plan}, continued coverage from {from} whose premium is not paid yet",
        facts={"service": day, "plan": lines["plan_id"], "from": lines["coverage_from"]},
        whole_claim=stay,
        pend_reason=COBRA_UNPAID,
    )
    covered_from = {"service": day, "plan": lines["plan_id"], "from": lines["coverage_from"]}
    is_open, paid = lines["coverage_through"].isna(), ~uncovered & ~unpaid
    yield Ruling(
        lines=lines[paid & is_open],
        effect="note",
        rule="COVERED-ON-SERVICE-DAY",
        text="service {service}, plan {plan}, covered from {from}",
        facts=covered_from,
        whole_claim=stay,
    )
    yield Ruling(
        lines=lines[paid & ~is_open],
        effect="note",
        rule="COVERED-ON-SERVICE-DAY",
        text="service {service}, plan {plan}, covered from {from} through {through}",
        facts={**covered_from, "through": lines["coverage_through"]},
        whole_claim=stay,
    )
