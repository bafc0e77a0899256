"""Coverage limits: so many visits, units or cents of some services a year or in a lifetime (domain.md 8.2 #13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from rules.accumulators import FAMILY, KEY, LIFETIME, LIMIT, MEMBER, NOTHING, Account, Whole, turns, typed_keys
from rules.benefit_settings import CoverageLimit, Measure
from rules.docket import THOUSANDTHS, units_billed
from rules.rulebook import Plan, Rulebook
from rules.ruling import Ruling

UNITS_USED_UP = {"authorization": "198", "referral": "287"}
"""CARC by kind."""
ANY_PLAN = ""
"""Plan of what counts in whatever plan the member is."""
WITHIN = -1
"""Beyond no limit."""


@dataclass(frozen=True, slots=True)
class _Limits:
    """The limits on some lines, a column a limit."""

    of: tuple[CoverageLimit, ...]
    states: Whole
    """By line and limit; NOTHING where it does not apply."""
    most: Whole
    """By line and limit."""


def within_visits_and_units(
    lines: pd.DataFrame, rulebook: Rulebook, account: Account, taken_back: pd.DataFrame
) -> Iterator[Ruling]:
    """Visits and units of limits and authorizations are used up in the order of the claims; lines beyond are denied.

    A visit is a day of services under the limit on one claim. A line is paid for whole or not at all, and one beyond a
    limit uses nothing of another, nor of its authorization: they are asked together. PR by the limit, or CO 198 or 287.
    """
    authorized = _authorized(lines, account)
    limits = _together(authorized, _limits(lines, rulebook, account, ("visits", "units")))
    back = _back(taken_back, rulebook, account, of_money=False)
    beyond = _use_whole(lines, limits, _demand(lines, limits), _days(lines), account, back)
    for place, limit in enumerate(limits.of):
        most = pd.Series(limits.most[:, place] // _scale(limit), index=lines.index)
        rule = _units_used_up if place < len(authorized.of) else _limit_used_up
        yield rule(lines[beyond == place], limit, most)


def _limit_used_up(lines: pd.DataFrame, limit: CoverageLimit, most: pd.Series) -> Ruling:
    return Ruling(
        lines=lines,
        effect="deny",
        rule=limit.id,
        text="plan {plan} pays for {most} {measure} a {per}, which are used up",
        facts={"plan": lines["plan_id"], "most": most, "measure": limit.measure, "per": limit.per},
        group_code="PR",
        reason_code=limit.reason_code,
    )


def _units_used_up(lines: pd.DataFrame, limit: CoverageLimit, most: pd.Series) -> Ruling:
    kind = limit.id.lower()
    return Ruling(
        lines=lines,
        effect="deny",
        rule=f"{limit.id}-UNITS",
        text=f"the {kind} is for {{most}} units, which are used up",
        facts={"most": most},
        group_code="CO",
        reason_code=UNITS_USED_UP[kind],
    )


def _authorized(lines: pd.DataFrame, account: Account) -> _Limits:
    """The units that authorizations and referrals were given for, as limits: a column a kind that has any.

    Each row of the plan's table counts by itself (`<kind>_counter`), in whatever plan the member is, and for the
    family: it names a subscriber, and whoever of his family it is for, the others were not given as much again.
    """
    found = _none(lines)
    for kind in UNITS_USED_UP:
        given = lines[f"{kind}_units"]
        limited = given.notna().to_numpy(dtype=bool)
        if not limited.any():
            continue
        keys = pd.DataFrame(
            {
                "holder": FAMILY,
                "holder_id": lines["family_key"],
                "plan_id": ANY_PLAN,
                "counter": LIMIT + kind + " " + lines[f"{kind}_counter"],
                "period_from": pd.Timestamp(LIFETIME),
            }
        )
        states = np.full((len(lines), 1), NOTHING, dtype=np.int64)
        states[limited, 0] = account.states(keys[limited])
        most = given.fillna(0).to_numpy(dtype="int64")[:, None] * THOUSANDTHS
        limit = CoverageLimit(id=kind.upper(), measure="units", most=0, per="lifetime")
        found = _together(found, _Limits((limit,), states, most))
    return found


def _demand(lines: pd.DataFrame, limits: _Limits) -> Whole:
    """By line and limit what the line asks for: a visit, or its thousandths of units."""
    visits = [limit.measure == "visits" for limit in limits.of]
    units = units_billed(lines).to_numpy()
    asked = np.where(visits, (units > 0)[:, None], units[:, None])
    return np.asarray(np.where(limits.states == NOTHING, 0, asked), dtype=np.int64)


def _days(lines: pd.DataFrame) -> Whole:
    """A number for each claim and day of service."""
    return np.asarray(lines.groupby(["claim", "service_day"], dropna=False).ngroup(), dtype=np.int64)


def _scale(limit: CoverageLimit) -> int:
    """Units are counted in thousandths, as bills may have parts of them."""
    return THOUSANDTHS if limit.measure == "units" else 1


def _use_whole(
    lines: pd.DataFrame, limits: _Limits, demand: Whole, days: Whole, account: Account, back: pd.DataFrame
) -> Whole:
    """By line the first limit that it is beyond, WITHIN where it is within all."""
    counts_visits = np.array([limit.measure == "visits" for limit in limits.of])
    claims = lines["claim"].to_numpy(dtype=np.int64)
    beyond = np.full(len(lines), WITHIN, dtype=np.int64)
    seen = np.full(len(account.amounts), -1, dtype=np.int64)
    for at in _turns(lines, limits, back, days, account):
        states = limits.states[at]
        applies = limits.states[at] != NOTHING
        # the first service of a visit has used it up for all of its services
        again = counts_visits & (seen[states] == days[at][:, None])
        asked = np.where(applies & ~again, demand[at], 0)
        fits = (asked == 0) | (account.amounts[states] + asked <= limits.most[at])
        granted = fits.all(axis=1)
        beyond[at] = np.where(granted, WITHIN, fits.argmin(axis=1))
        for place in range(len(limits.of)):
            used = granted & (asked[:, place] > 0)
            account.use(claims[at[used]], states[used, place], asked[used, place])
            visited = granted & applies[:, place] & (demand[at][:, place] > 0)
            seen[states[visited, place]] = days[at[visited]]
    return beyond


def payments_within_limits(
    lines: pd.DataFrame, paid: pd.Series, rulebook: Rulebook, account: Account, taken_back: pd.DataFrame
) -> pd.DataFrame:
    """What of the plan's payment is beyond its limits of money: `over_limit` in cents, and `limit_reason`, a CARC.

    They are used up in the order of the claims; of several the one of which least is left decides.
    """
    limits = _limits(lines, rulebook, account, ("amount",))
    over = np.zeros(len(lines), dtype=np.int64)
    reason = np.full(len(lines), "119", dtype=object)
    back = _back(taken_back, rulebook, account, of_money=True)
    if limits.of or len(back):
        amounts = paid.to_numpy(dtype=np.int64)
        claims = lines["claim"].to_numpy(dtype=np.int64)
        reasons = np.array([limit.reason_code for limit in limits.of], dtype=object)
        order = np.arange(len(lines), dtype=np.int64)
        for at in _turns(lines, limits, back, order, account):
            states = limits.states[at]
            applies = limits.states[at] != NOTHING
            left = np.where(applies, np.maximum(limits.most[at] - account.amounts[states], 0), amounts[at][:, None])
            granted = np.minimum(amounts[at], left.min(axis=1))
            over[at] = amounts[at] - granted
            reason[at] = reasons[left.argmin(axis=1)]
            for place in range(len(limits.of)):
                used = applies[:, place] & (granted > 0)
                account.use(claims[at[used]], states[used, place], granted[used])
    return pd.DataFrame({"over_limit": over, "limit_reason": reason}, index=lines.index)


def _turns(lines: pd.DataFrame, limits: _Limits, back: pd.DataFrame, days: Whole, account: Account) -> Iterator[Whole]:
    """Positions of lines, a family's one after the other; what a claim's original had used is taken back before it."""
    limited = np.flatnonzero((limits.states != NOTHING).any(axis=1))
    families = lines.drop_duplicates("member_id").set_index("member_id")["family_key"]
    holder = back["holder_id"].astype("int64")
    family = holder.where(back["holder"] == FAMILY, holder.map(families).fillna(-holder)).astype("int64")
    owner = np.concatenate([family.to_numpy(), lines["family_key"].to_numpy(dtype=np.int64)[limited]])
    events = pd.DataFrame(
        {
            "claim": np.concatenate([back["claim"].to_numpy(dtype=np.int64), lines["claim"].to_numpy()[limited]]),
            "day": np.concatenate([np.full(len(back), -1), days[limited]]),
            "line": np.concatenate([-1 - np.arange(len(back)), limited]),
            "owner": owner,
        }
    )
    events = events.sort_values(["claim", "day", "line"], kind="stable")
    place, owners = (events[name].to_numpy(dtype=np.int64) for name in ("line", "owner"))
    states, amounts, claims = (back[name].to_numpy(dtype=np.int64) for name in ("state", "amount", "claim"))
    for turn in turns(owners):
        at = place[turn]
        returned = -1 - at[at < 0]
        if len(returned):
            account.take_back(claims[returned], states[returned], amounts[returned])
        asking = at[at >= 0]
        if len(asking):
            yield asking


def _back(taken_back: pd.DataFrame, rulebook: Rulebook, account: Account, *, of_money: bool) -> pd.DataFrame:
    """What is taken back from limits of money, or from all others, with its `state`.

    Whatever the claims at hand ask for: a void asks for nothing, and a replacement perhaps for other services.
    """
    counted = taken_back["counter"].str.startswith(LIMIT)
    money = {(plan.id, LIMIT + each.id) for plan in rulebook.plans for each in plan.limits if each.measure == "amount"}
    is_money = pd.MultiIndex.from_frame(taken_back[["plan_id", "counter"]]).isin(money)
    mine: pd.DataFrame = taken_back[counted & (is_money == of_money)]
    return mine.assign(state=account.states(mine))


def _none(lines: pd.DataFrame) -> _Limits:
    """No limits on these lines."""
    nothing = np.empty((len(lines), 0), dtype=np.int64)
    return _Limits((), nothing, nothing)


def _together(one: _Limits, other: _Limits) -> _Limits:
    """The limits of both on the same lines."""
    states, most = np.hstack([one.states, other.states]), np.hstack([one.most, other.most])
    return _Limits((*one.of, *other.of), states, most)


def _limits(lines: pd.DataFrame, rulebook: Rulebook, account: Account, measures: tuple[Measure, ...]) -> _Limits:
    """The limits of the plans of these lines, each where it applies."""
    of: dict[str, CoverageLimit] = {}
    columns: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]] = []
    places: dict[str, int] = {}
    for plan, limit, mine in _applying(lines, rulebook, measures):
        states = np.full(len(lines), NOTHING, dtype=np.int64)
        states[mine] = account.states(_keys(lines[mine], plan, limit))
        name = f"{limit.id} {limit.measure} {limit.per} {limit.reason_code}"
        if name not in places:
            places[name] = len(columns)
            of[name] = limit
            columns.append((np.full(len(lines), NOTHING, dtype=np.int64), np.zeros(len(lines), dtype=np.int64)))
        into, most = columns[places[name]]
        into[mine] = states[mine]
        most[mine] = limit.most * _scale(limit)
    shape = (len(lines), len(columns))
    return _Limits(
        tuple(of.values()),
        np.column_stack([states for states, _ in columns]) if columns else np.empty(shape, dtype=np.int64),
        np.column_stack([most for _, most in columns]) if columns else np.empty(shape, dtype=np.int64),
    )


def _applying(
    lines: pd.DataFrame, rulebook: Rulebook, measures: tuple[Measure, ...]
) -> Iterator[tuple[Plan, CoverageLimit, npt.NDArray[np.bool_]]]:
    """Every limit of the terms in force, with the lines that it is on."""
    for plan in sorted(rulebook.plans, key=lambda each: (each.id, each.effective_from)):
        if not any(limit.measure in measures for limit in plan.limits):
            continue
        day = lines["service_day"]
        in_force = (lines["plan_id"] == plan.id) & (day >= pd.Timestamp(plan.effective_from))
        later = [each.effective_from for each in rulebook.plans if each.id == plan.id]
        following = min((each for each in later if each > plan.effective_from), default=None)
        if following is not None:
            in_force &= day < pd.Timestamp(following)
        for limit in plan.limits:
            mine = in_force & _covers(lines, limit)
            if limit.measure in measures and mine.any():
                yield plan, limit, mine.to_numpy(dtype=bool)


def _covers(lines: pd.DataFrame, limit: CoverageLimit) -> pd.Series:
    """Is the line's procedure or revenue code one of the limit's?"""
    if not (limit.procedure_codes or limit.revenue_codes):
        return pd.Series(data=True, index=lines.index)
    covered = pd.Series(data=False, index=lines.index)
    for name, ranges in (("procedure_code", limit.procedure_codes), ("revenue_code", limit.revenue_codes)):
        for first, last in ranges:
            covered |= (lines[name] >= first) & (lines[name] <= last) & (lines[name].str.len() == len(first))
    return covered.fillna(value=False).astype("bool")


def _keys(lines: pd.DataFrame, plan: Plan, limit: CoverageLimit) -> pd.DataFrame:
    lifetime = pd.Series(pd.Timestamp(LIFETIME), index=lines.index)
    keys = pd.DataFrame(
        {
            "holder": MEMBER,
            "holder_id": lines["member_id"],
            "plan_id": plan.id,
            "counter": LIMIT + limit.id,
            "period_from": lines["year_from"] if limit.per == "year" else lifetime,
        }
    )
    return typed_keys(keys[KEY])
