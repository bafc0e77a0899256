"""Services that are part of others, and more units than are paid for, by the plan's tables (domain.md 8.2 #28, #29).

Compared are the services of one day: those of the claim, and those that were paid on earlier claims of its kind that
the same billing TIN billed for the member. A stay is compared with itself alone. What is denied itself, for whatever
reason, takes no part along.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from edi.reference_data import ReferenceFacts
from rules.accumulators import turns
from rules.docket import LAST_DAY, THOUSANDTHS, units_billed
from rules.pend_reasons import PART_PAID_EARLIER
from rules.reference_rows import has_word
from rules.rulebook import Rulebook
from rules.ruling import Ruling

MODIFIERS = ["modifier_1", "modifier_2", "modifier_3", "modifier_4"]
OWN, EARLIER = range(2)
"""Where the other service of a pair stands: on the claim, or on one decided before."""
NOWHERE = -1
"""Place in the docket of a service that was decided before."""
DAY = ["claim", "service_day"]
OTHER = ["source", "other", "other_claim_id", "other_line"]
PAID_SEPARATELY = "PAID-SEPARATELY"


def measure(
    lines: pd.DataFrame, reference: ReferenceFacts | None, earlier: pd.DataFrame | None, rulebook: Rulebook
) -> pd.DataFrame:
    """What each line may be part of and consist of, and how many units of its procedure are paid for.

    `part_of` and `consists_of` are None, or the services that count, one after the other: OTHER and the reason. Units
    are added up in a `units_group`, after the thousandths of `units_before`; `most_units` (missing: any number) and
    `units_reason` are the limit. `earlier` is that of `edi.claim_facts.ClaimFacts`.
    """
    found = pd.DataFrame(
        {
            "part_of": pd.Series(None, index=lines.index, dtype="object"),
            "consists_of": pd.Series(None, index=lines.index, dtype="object"),
            "units_group": 0,
            "units_before": 0,
            "most_units": pd.Series(pd.NA, index=lines.index, dtype="Int64"),
            "units_reason": "",
        },
        index=lines.index,
    )
    if reference is None or lines.empty:
        return found
    if earlier is not None:
        # what a stay had is no service beside those of others
        earlier = earlier[~earlier["bill_type"].isin(rulebook.inpatient_bill_types)]
    if "bundle" in reference.tables:
        table = _dated(reference.tables["bundle"])
        others = _others(lines, earlier, {*table["procedure_code"], *table["bundled_code"]})
        part = others.assign(modifiers=_modifiers(lines.loc[others["at"]]).to_numpy())
        found["part_of"] = _listed(_pairs(part, table, "bundled_code", "procedure_code"), lines.index)
        whole = others[others["source"] != OWN]
        whole = whole.assign(modifiers=whole["other_modifiers"])
        found["consists_of"] = _listed(_pairs(whole, table, "procedure_code", "bundled_code"), lines.index)
    if "unit_limit" in reference.tables:
        limits = _in_force(lines.reset_index(names="at"), _dated(reference.tables["unit_limit"]))
        limits = limits.sort_values(["most", "reason_code"], kind="stable").drop_duplicates("at").set_index("at")
        found["most_units"] = limits["most"].astype("Int64").reindex(lines.index)
        found["units_reason"] = limits["reason_code"].reindex(lines.index).fillna("")
        found["units_group"] = lines.groupby([*DAY, "procedure_code"], dropna=False).ngroup()
        found["units_before"] = _units_before(lines, earlier)
    return found


def _dated(table: pd.DataFrame) -> pd.DataFrame:
    days = {name: table[name].astype("datetime64[s]") for name in ("effective_from", "effective_through")}
    return table.assign(**days | {"effective_through": days["effective_through"].fillna(LAST_DAY)})


def _in_force(lines: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Rows of a table about the procedure of a line (`at`) on its day."""
    pairs = lines[["at", "procedure_code", "service_day"]].dropna().merge(table, on="procedure_code")
    day = pairs["service_day"]
    kept: pd.DataFrame = pairs[(pairs["effective_from"] <= day) & (day <= pairs["effective_through"])]
    return kept


def _modifiers(lines: pd.DataFrame) -> pd.Series:
    """Those of each line, with blanks between."""
    rows = lines[MODIFIERS].fillna("").to_numpy(dtype=object).tolist()
    return pd.Series([" ".join(row) for row in rows], index=lines.index, dtype="str")


def _others(lines: pd.DataFrame, earlier: pd.DataFrame | None, codes: set[str]) -> pd.DataFrame:
    """Pairs of a line with these codes (`at`) and another one of its day, of its claim or one decided before."""
    mine = lines[[*DAY, "claim_id", "line_number", "procedure_code"]].assign(at=lines.index)
    mine = mine[mine["procedure_code"].isin(codes)]
    other = pd.DataFrame(
        {
            "claim": mine["claim"],
            "service_day": mine["service_day"],
            "source": OWN,
            "other": mine["at"],
            "other_claim_id": mine["claim_id"],
            "other_line": mine["line_number"],
            "other_code": mine["procedure_code"],
            "other_modifiers": _modifiers(lines.loc[mine["at"]]),
        }
    )
    pairs = mine.merge(other, on=DAY)
    pairs = pairs[pairs["other"] != pairs["at"]]
    if earlier is None or earlier.empty:
        return pairs
    past = pd.DataFrame(
        {
            "claim_id": earlier["claim_id"].astype("int64"),
            "service_day": earlier["service_day"].astype("datetime64[s]"),
            "other": NOWHERE,
            "other_claim_id": earlier["other_claim_id"].astype("int64"),
            "other_line": earlier["other_line_number"].astype("int64"),
            "other_code": earlier["procedure_code"],
            "other_modifiers": earlier["modifiers"].fillna(""),
            "source": EARLIER,
        }
    )
    compared = mine[lines.loc[mine["at"], "claim_class"] != "inpatient"]
    together: pd.DataFrame = pd.concat([pairs, compared.merge(past, on=["claim_id", "service_day"])], ignore_index=True)
    return together


def _pairs(others: pd.DataFrame, table: pd.DataFrame, mine: str, its: str) -> pd.DataFrame:
    """Pairs that the table is about, the line having the code of its column `mine`, the other service that of `its`.

    `modifiers` are those of the one that is part of the other.
    """
    named = table.rename(columns={mine: "my_code", its: "its_code"})
    pairs = others.merge(named, left_on=["procedure_code", "other_code"], right_on=["my_code", "its_code"])
    day = pairs["service_day"]
    pairs = pairs[(pairs["effective_from"] <= day) & (day <= pairs["effective_through"])]
    excused = pd.Series(data=False, index=pairs.index)
    for words in pairs["modifiers"].str.split(expand=True).reindex(columns=range(len(MODIFIERS))).items():
        excused |= has_word(pairs["unless_modifiers"], words[1])
    left: pd.DataFrame = pairs[~excused].sort_values(["at", *OTHER, "reason_code"], kind="stable")
    return left


def _listed(pairs: pd.DataFrame, index: pd.Index) -> pd.Series:
    """By line the other services of its pairs with the reason, None where there are none."""
    named = pairs[[*OTHER, "reason_code"]].astype(dict.fromkeys(OTHER, "int64"))
    told = pd.Series(list(named.itertuples(index=False, name=None)), index=pairs["at"], dtype="object")
    lists = told.groupby(level=0).agg(list)
    return lists.reindex(index).astype("object").where(lambda each: each.notna(), None)


def _units_before(lines: pd.DataFrame, earlier: pd.DataFrame | None) -> pd.Series:
    """Thousandths of the procedure that were paid on earlier claims for the line's day."""
    none = pd.Series(0, index=lines.index, dtype="int64")
    if earlier is None or earlier.empty:
        return none
    key = ["claim_id", "service_day", "procedure_code"]
    past = earlier.assign(claim_id=earlier["claim_id"].astype("int64"), units=earlier["units_thousandths"])
    paid = past.astype({"service_day": "datetime64[s]"}).groupby(key)["units"].sum()
    found = paid.reindex(pd.MultiIndex.from_frame(lines[key])).fillna(0).to_numpy(dtype=np.int64)
    return none.where(lines["claim_class"] == "inpatient", pd.Series(found, index=lines.index))


def _standing(lines: pd.DataFrame, name: str) -> pd.DataFrame:
    """The first of the other services of each line that is not denied itself."""
    listed = lines[name].dropna().explode().dropna()
    named = pd.DataFrame(listed.tolist(), columns=[*OTHER, "reason_code"], index=listed.index)
    first = named[(named["source"] == EARLIER) | named["other"].isin(lines.index)]
    kept: pd.DataFrame = first[~first.index.duplicated()]
    return kept


def paid_separately(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """A service is not part of another one of the same day that is not denied itself: else CO 97 or 236.

    What was paid before is not taken back by a rule: where a service comes after one that is part of it, a person
    decides on both.
    """
    part = _standing(lines, "part_of")
    yield from _parts(lines, part)
    yield _whole(lines, _standing(lines, "consists_of").drop(index=part.index, errors="ignore"))


def of_denied_wholes(lines: pd.DataFrame, denials: Sequence[Ruling]) -> pd.Series | None:
    """`part_of` without the services of the claim that were denied after all; None where no part was denied for these.

    A limit, or the want of a price, denies after parts were found. Of each family it is the first such claim that is
    corrected, for what its parts then use up the claims after it lack. One that is part of another one itself stays.
    """
    parts = [lines.loc[each.lines.index] for each in denials if _is_of_parts(each)]
    if not parts:
        return None
    denied: set[int] = set()
    for each in denials:
        if not _is_of_parts(each):
            denied.update(each.lines.index.tolist())
    part = pd.concat(parts)
    left = part["part_of"].map(lambda others: [each for each in others if each[0] != OWN or each[1] not in denied])
    part = part.assign(left=left)[left.map(len) < part["part_of"].map(len)]
    if part.empty:
        return None
    first = part[part["claim"] == part.groupby("family_key")["claim"].transform("min")]
    corrected: pd.Series = lines["part_of"].copy()
    corrected.loc[first.index] = first["left"]
    return corrected


def _is_of_parts(ruling: Ruling) -> bool:
    return isinstance(ruling.rule, str) and ruling.rule == PAID_SEPARATELY


def _parts(lines: pd.DataFrame, part: pd.DataFrame) -> Iterator[Ruling]:
    for (reason, own), found in part.groupby(["reason_code", part["source"] == OWN]):
        told = {"service": lines["service_day"], "into": found["other_line"]}
        yield Ruling(
            lines=lines.loc[found.index],
            effect="deny",
            rule=PAID_SEPARATELY,
            text="service {service}, part of line {into}" + ("" if own else " of claim_id {into_claim_id}"),
            facts=told if own else told | {"into_claim_id": found["other_claim_id"]},
            group_code="CO",
            reason_code=str(reason),
            remark_codes=("M15",),
        )


def _whole(lines: pd.DataFrame, whole: pd.DataFrame) -> Ruling:
    return Ruling(
        lines=lines.loc[whole.index],
        effect="pend",
        rule=PAID_SEPARATELY,
        text="service {service}, line {part} of claim_id {part_claim_id} is part of it and was paid",
        facts={
            "service": lines["service_day"],
            "part": whole["other_line"],
            "part_claim_id": whole["other_claim_id"],
        },
        pend_reason=PART_PAID_EARLIER,
    )


def units_within_limit(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """Units of a procedure on a day, used up in the order of lines, after those paid before: else CO 151 or 222.

    A line is paid for whole or not at all, and one beyond the limit uses nothing up.
    """
    limited = lines[lines["most_units"].notna()]
    asked = units_billed(limited).to_numpy(dtype=np.int64)
    most = limited["most_units"].to_numpy(dtype=np.int64) * THOUSANDTHS
    before = limited["units_before"].to_numpy(dtype=np.int64)
    groups = np.asarray(limited.groupby("units_group").ngroup(), dtype=np.int64)
    used = np.zeros(int(groups.max(initial=0)) + 1, dtype=np.int64)
    beyond = np.zeros(len(limited), dtype=bool)
    for at in turns(groups):
        total = before[at] + used[groups[at]] + asked[at]
        beyond[at] = (total > most[at]) & (asked[at] > 0)
        used[groups[at]] += np.where(beyond[at], 0, asked[at])
    for reason in ("151", "222"):
        chosen = limited[beyond & (limited["units_reason"] == reason).to_numpy()]
        yield Ruling(
            lines=chosen,
            effect="deny",
            rule="UNITS-WITHIN-LIMIT",
            text="service {service}, more than {most} units of the procedure",
            facts={"service": chosen["service_day"], "most": chosen["most_units"].astype("int64")},
            group_code="CO",
            reason_code=reason,
            remark_codes=("N362",),
        )
