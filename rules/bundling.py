"""Services that are part of others, and more units than are paid for, by the plan's tables (domain.md 8.2 #28, #29)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from edi.reference_data import ReferenceFacts
from rules.docket import LAST_DAY, THOUSANDTHS
from rules.rulebook import Rulebook
from rules.ruling import Ruling

MODIFIERS = ["modifier_1", "modifier_2", "modifier_3", "modifier_4"]
DAY = ["claim", "service_day"]


def measure(lines: pd.DataFrame, reference: ReferenceFacts | None) -> pd.DataFrame:
    """What each line is part of, and how many units of its procedure are paid for.

    `bundled_into` (line number, missing where it stands alone), `bundle_reason`, `most_units` (missing: any number) and
    `units_reason`. Of several lines that a service is part of, the first is named.
    """
    found = pd.DataFrame(
        {
            "bundled_into": pd.Series(pd.NA, index=lines.index, dtype="Int64"),
            "bundle_reason": "",
            "most_units": pd.Series(pd.NA, index=lines.index, dtype="Int64"),
            "units_reason": "",
        },
        index=lines.index,
    )
    if reference is None or lines.empty:
        return found
    if "bundle" in reference.tables:
        pairs = _pairs(lines, reference.tables["bundle"])
        found["bundled_into"] = pairs["into"].astype("Int64").reindex(lines.index)
        found["bundle_reason"] = pairs["reason_code"].reindex(lines.index).fillna("")
    if "unit_limit" in reference.tables:
        limits = _in_force(lines, reference.tables["unit_limit"], "procedure_code")
        limits = limits.sort_values(["most", "reason_code"], kind="stable").drop_duplicates("at").set_index("at")
        found["most_units"] = limits["most"].astype("Int64").reindex(lines.index)
        found["units_reason"] = limits["reason_code"].reindex(lines.index).fillna("")
    return found


def _in_force(lines: pd.DataFrame, table: pd.DataFrame, code: str) -> pd.DataFrame:
    """Rows of a table about the procedure of a line (`at`) on its day."""
    asked = lines[["claim", "service_day", "procedure_code", "line_number"]].assign(at=lines.index)
    asked = asked.rename(columns={"procedure_code": code}).dropna(subset=[code, "service_day"])
    pairs = asked.merge(table, on=code)
    from_day = pairs["effective_from"].astype("datetime64[s]")
    through = pairs["effective_through"].astype("datetime64[s]").fillna(LAST_DAY)
    return pairs[(from_day <= pairs["service_day"]) & (pairs["service_day"] <= through)]


def _pairs(lines: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """By line the first other line of its day that it is part of: `into`, `reason_code`."""
    parts = _in_force(lines, table, "bundled_code")
    whole = lines[[*DAY, "procedure_code", "line_number"]].rename(columns={"line_number": "into"})
    pairs = parts.merge(whole, on=[*DAY, "procedure_code"])
    pairs = pairs[pairs["into"] != pairs["line_number"]]
    allowed = " " + pairs["unless_modifiers"].fillna("").astype("object") + " "
    has = [lines[name].reindex(pairs["at"]).fillna("-").to_numpy(dtype=object) for name in MODIFIERS]
    texts = allowed.to_numpy(dtype=object)
    excused = np.zeros(len(pairs), dtype=bool)
    for modifiers in has:
        excused |= np.array([f" {one} " in text for one, text in zip(modifiers, texts, strict=True)], dtype=bool)
    first = pairs[~excused].sort_values(["at", "into", "reason_code"], kind="stable").drop_duplicates("at")
    return first.set_index("at")[["into", "reason_code"]]


def paid_separately(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """A service is not part of another one of the same day that is not denied itself: else CO 97 or 236."""
    open_lines = pd.MultiIndex.from_frame(lines[["claim", "line_number"]])
    into = pd.MultiIndex.from_arrays([lines["claim"], lines["bundled_into"].fillna(0).astype("int64")])
    bundled = lines["bundled_into"].notna() & into.isin(open_lines)
    for reason in ("97", "236"):
        at = bundled & (lines["bundle_reason"] == reason)
        yield Ruling(
            lines=lines[at],
            effect="deny",
            rule="PAID-SEPARATELY",
            text="service {service}, part of line {into}",
            facts={"service": lines["service_day"], "into": lines["bundled_into"]},
            group_code="CO",
            reason_code=reason,
            remark_codes=("M15",),
        )


def units_within_limit(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """Units of a procedure on a day of a claim, added up in the order of the lines: beyond the limit CO 151 or 222."""
    units = lines["quantity_thousandths"].clip(lower=0)
    so_far = units.groupby([lines["claim"], lines["service_day"], lines["procedure_code"]]).cumsum()
    most = lines["most_units"].fillna(0).astype("int64")
    beyond = lines["most_units"].notna() & (so_far > most * THOUSANDTHS)
    for reason in ("151", "222"):
        at = beyond & (lines["units_reason"] == reason)
        yield Ruling(
            lines=lines[at],
            effect="deny",
            rule="UNITS-WITHIN-LIMIT",
            text="service {service}, more than {most} units of the procedure",
            facts={"service": lines["service_day"], "most": most},
            group_code="CO",
            reason_code=reason,
            remark_codes=("N362",),
        )
