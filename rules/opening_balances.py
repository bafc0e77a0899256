"""Opening balances: what members and families had used of their benefits under an earlier system.

The form is in docs/operations.md. A balance that no plan counts would change nothing, so it is refused: its plan,
counter or benefit year was meant otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import pandas as pd

from edi.import_problems import ImportProblem, ImportRefused
from rules.accumulators import FAMILY, LIFETIME, LIMIT, MEMBER
from rules.benefit_settings import CostShares, CoverageLimit
from rules.benefits import DEDUCTIBLE, OUT_OF_NETWORK, OUT_OF_POCKET
from rules.docket import THOUSANDTHS
from rules.rulebook import Plan


def check(rows: pd.DataFrame, plans: Sequence[Plan], today: date) -> pd.DataFrame:
    """The rows as accumulators hold them: `used` of a limit of units becomes thousandths.

    `rows` are those of the form, numbered in `row`.

    Raises:
        ImportRefused: with everything that is wrong.
    """
    counted = _counted(plans)
    known = rows.merge(counted, on=["plan_id", "holder", "counter"], how="left", indicator=True)
    known = known.drop_duplicates("row").set_index(rows.index)
    problems = [*_of_rows(rows, today), *_of_plans(rows, known, {plan.id for plan in plans})]
    if problems:
        raise ImportRefused(problems)
    return rows.assign(used=rows["used"].astype("int64") * known["scale"].astype("int64"))


def _of_rows(rows: pd.DataFrame, today: date) -> Iterator[ImportProblem]:
    of_member = rows["holder"] == MEMBER
    yield from _at(
        rows, of_member & rows["patient_birth_date"].isna(), "column patient_birth_date: of a member it is wanted"
    )
    yield from _at(rows, rows["used"].fillna(0) < 0, "column used: it is negative")
    yield from _at(rows, rows["period_from"] > pd.Timestamp(today), "column period_from: it is yet to come")


def _of_plans(rows: pd.DataFrame, known: pd.DataFrame, plans: set[str]) -> Iterator[ImportProblem]:
    is_plan = rows["plan_id"].isin(plans)
    yield from _at(rows, ~is_plan, "column plan_id: the configuration has no such plan")
    counts = known["_merge"] == "both"
    yield from _at(rows, is_plan & ~counts, "column counter: the plan counts no such thing for such a holder")
    first = known["period_from"]
    in_year = first.dt.month * 100 + first.dt.day == known["year_begins"]
    fits = in_year.where(~known["for_life"].eq(other=True), first == pd.Timestamp(LIFETIME))
    yield from _at(rows, counts & ~fits.astype("bool"), "column period_from: no benefit year of the plan begins then")


def _counted(plans: Sequence[Plan]) -> pd.DataFrame:
    """What each plan counts, in any of its terms: plan_id, holder, counter, for_life, year_begins, scale."""
    found = [row for plan in plans for row in _of_plan(plan)]
    names = ["plan_id", "holder", "counter", "for_life", "year_begins", "scale"]
    types = {
        "plan_id": "str",
        "holder": "str",
        "counter": "str",
        "for_life": "bool",
        "year_begins": "int64",
        "scale": "int64",
    }
    # of two terms that begin their years differently the newest counts
    return pd.DataFrame(found[::-1], columns=names).astype(types).drop_duplicates(["plan_id", "holder", "counter"])


def _of_plan(plan: Plan) -> Iterator[tuple[str, str, str, bool, int, int]]:
    begins = plan.year_begins[0] * 100 + plan.year_begins[1]
    for shares, suffix in ((plan.in_network, ""), (plan.out_of_network, OUT_OF_NETWORK)):
        for holder, counter in _of_shares(shares):
            yield plan.id, holder, counter + suffix, False, begins, 1
    for limit in plan.limits:
        yield plan.id, MEMBER, LIMIT + limit.id, limit.per == "lifetime", begins, _scale(limit)


def _of_shares(shares: CostShares | None) -> Iterator[tuple[str, str]]:
    if shares is None:
        return
    if shares.deductible_cents > 0:
        yield MEMBER, DEDUCTIBLE
        if shares.family_deductible_cents is not None:
            yield FAMILY, DEDUCTIBLE
    if shares.out_of_pocket_cents is not None:
        yield MEMBER, OUT_OF_POCKET
    if shares.family_out_of_pocket_cents is not None:
        yield FAMILY, OUT_OF_POCKET


def _scale(limit: CoverageLimit) -> int:
    return THOUSANDTHS if limit.measure == "units" else 1


def _at(rows: pd.DataFrame, where: pd.Series, text: str) -> Iterator[ImportProblem]:
    for row in rows.loc[where.fillna(value=False).astype("bool"), "row"].tolist():
        yield ImportProblem(int(row), text)
