"""Are the codes of a bill valid on the day, and do they fit each other and the patient, by the tables of the plan.

The tables `code` and `service_rule` of `edi.reference_data` say so; of a set or condition that they do not speak of
everything is right. Which code goes with which reason is domain.md 8.2, rows 21 to 24, 30 and 31.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd

from edi.reference_data import ReferenceFacts
from rules.docket import LAST_DAY
from rules.missing_data import MISSING_DATA, for_missing_data
from rules.rulebook import Rulebook
from rules.ruling import Ruling

MODIFIERS = ["modifier_1", "modifier_2", "modifier_3", "modifier_4"]
MONTHS = 12
BEYOND = "\x7f"
"""Sorts behind every code, so that a range takes in what begins with its highest."""


class Fault(NamedTuple):
    """How a bill that breaks a rule is denied."""

    text: str
    reason_code: str
    remark_codes: tuple[str, ...] = ()


INVALID: Mapping[str, Fault] = MappingProxyType(
    {
        "procedure": Fault("procedure code", "181", ("N56",)),
        "modifier": Fault("modifier", "182", ("N519",)),
        "diagnosis": Fault("diagnosis code", "146", ("M76",)),
        "revenue": Fault("revenue code", "16", ("M50",)),
        "place": Fault("place of service", "58", ("M77",)),
        "bill_type": Fault("type of bill", "16", ("MA30",)),
    }
)
"""By the set of codes that the plan loaded: domain.md 8.2 #21 to #24, #31."""
UNFIT: Mapping[tuple[str, str], Fault] = MappingProxyType(
    {
        ("procedure", "modifier"): Fault("procedure and modifier", "4", ("N519",)),
        ("procedure", "place"): Fault("procedure and place of service", "5", ("M77",)),
        ("procedure", "age"): Fault("procedure and age of the patient", "6", ("N129",)),
        ("procedure", "sex"): Fault("procedure and sex of the patient", "7"),
        ("diagnosis", "age"): Fault("diagnosis and age of the patient", "9", ("N129",)),
        ("diagnosis", "sex"): Fault("diagnosis and sex of the patient", "10"),
        ("procedure", "diagnosis"): Fault("procedure and diagnoses", "11"),
        ("procedure", "revenue"): Fault("procedure and revenue code", "199"),
        ("procedure", "bill_type"): Fault("procedure and type of bill", "282"),
    }
)
"""By subject and condition: domain.md 8.2 #22 to #24, #30, #31."""


def measure(lines: pd.DataFrame, reference: ReferenceFacts | None) -> pd.DataFrame:
    """By line, `invalid_` and the set of a code that is not valid, `unfit_` with subject and condition that do not fit.

    What is the matter with a diagnosis is the matter of all lines of its claim.
    """
    names = [f"invalid_{name}" for name in INVALID] + [f"unfit_{one}_{other}" for one, other in UNFIT]
    found = pd.DataFrame(data=False, index=lines.index, columns=names)
    if reference is None or lines.empty:
        return found
    values = _values(lines, reference)
    if "code" in reference.tables:
        valid = _dated(reference.tables["code"])
        for name in set(reference.tables["code_set"]["code_set"]) & set(INVALID):
            mine = valid[valid["code_set"] == name]
            found[f"invalid_{name}"] = lines.index.isin(_unknown(values[name], mine))
    if "service_rule" in reference.tables:
        rules = _dated(reference.tables["service_rule"])
        for subject, condition in UNFIT:
            mine = rules[(rules["subject"] == subject) & (rules["condition"] == condition)]
            found[f"unfit_{subject}_{condition}"] = lines.index.isin(_unfit(values, subject, condition, mine))
    return found


def _dated(table: pd.DataFrame) -> pd.DataFrame:
    days = {name: table[name].astype("datetime64[s]") for name in ("effective_from", "effective_through")}
    return table.assign(**days | {"effective_through": days["effective_through"].fillna(LAST_DAY)})


def _values(lines: pd.DataFrame, reference: ReferenceFacts) -> dict[str, pd.DataFrame]:
    """What each line has, by subject or condition: a row a line (`at`), its `day` and one `value`."""
    at = pd.DataFrame({"at": lines.index, "day": lines["service_day"]}, index=lines.index)

    def of(values: pd.Series) -> pd.DataFrame:
        return at.assign(value=values.astype("str")).dropna()

    patient = reference.claims.set_index("claim_id")
    born = lines["claim_id"].map(patient["birth_date"]).astype("datetime64[s]")
    day = lines["service_day"]
    months = (day.dt.year - born.dt.year) * MONTHS + day.dt.month - born.dt.month - (day.dt.day < born.dt.day)
    bill_type = (lines["facility_code"] + lines["frequency_code"]).where(lines["kind"] == "I")
    diagnoses = reference.diagnoses.rename(columns={"code": "value"})
    by_claim = at.assign(claim_id=lines["claim_id"]).merge(diagnoses[["claim_id", "value"]], on="claim_id")
    return {
        "procedure": of(lines["procedure_code"]),
        "revenue": of(lines["revenue_code"]),
        "place": of(lines["place_of_service"].fillna(lines["facility_code"]).where(lines["kind"] != "I")),
        "bill_type": of(bill_type),
        "modifier": pd.concat([of(lines[name]) for name in MODIFIERS]),
        "diagnosis": by_claim[["at", "day", "value"]].dropna(),
        "sex": of(lines["claim_id"].map(patient["gender"])),
        "age": at.assign(value=np.floor(months / MONTHS)).dropna(),
    }


def _unknown(values: pd.DataFrame, valid: pd.DataFrame) -> pd.Series:
    """Lines with a value that is not valid on its day."""
    asked = values.drop_duplicates()
    pairs = asked.merge(valid.rename(columns={"code": "value"}), on="value")
    good = pairs[(pairs["effective_from"] <= pairs["day"]) & (pairs["day"] <= pairs["effective_through"])]
    known = pd.MultiIndex.from_frame(good[["at", "value"]])
    return asked.loc[~pd.MultiIndex.from_frame(asked[["at", "value"]]).isin(known), "at"]


def _unfit(values: dict[str, pd.DataFrame], subject: str, condition: str, rules: pd.DataFrame) -> pd.Series:
    """Lines with a code of which a rule asks something, and no value that one of its rules takes."""
    asked = values[subject].merge(rules.rename(columns={"code": "value"}), on="value")
    asked = asked[(asked["effective_from"] <= asked["day"]) & (asked["day"] <= asked["effective_through"])]
    had = values[condition][["at", "value"]].rename(columns={"value": "had"})
    pairs = asked.merge(had, on="at")
    lowest, highest = pairs["lowest"], pairs["highest"].fillna(pairs["lowest"])
    if condition == "age":
        lowest, highest = pd.to_numeric(lowest), pd.to_numeric(highest)
    else:
        highest = highest + BEYOND
    fits = pairs[(lowest <= pairs["had"]) & (pairs["had"] <= highest)]
    fitting = pd.MultiIndex.from_frame(fits[["at", "value"]])
    return asked.loc[~pd.MultiIndex.from_frame(asked[["at", "value"]]).isin(fitting), "at"]


def codes_valid(lines: pd.DataFrame, rulebook: Rulebook) -> Iterator[Ruling]:
    """Every code stands in the plan's list on the day of service (domain.md 8.2 #21 to #24, #31)."""
    for name, fault in INVALID.items():
        if fault.reason_code == MISSING_DATA:
            fault = fault._replace(remark_codes=for_missing_data(fault.remark_codes[0], rulebook))  # noqa: PLW2901
        yield _denied(lines[lines[f"invalid_{name}"]], fault, "CODE-VALID", "{what} is not valid on {service}")


def codes_fit(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """Codes fit each other, and age and sex of the patient (domain.md 8.2 #22 to #24, #30, #31)."""
    for (subject, condition), fault in UNFIT.items():
        unfit = lines[f"unfit_{subject}_{condition}"]
        yield _denied(lines[unfit], fault, "CODES-FIT", "service {service}: {what} do not go together")


def _denied(lines: pd.DataFrame, fault: Fault, rule: str, text: str) -> Ruling:
    return Ruling(
        lines=lines,
        effect="deny",
        rule=rule,
        text=text,
        facts={"service": lines["service_day"], "what": fault.text},
        group_code="CO",
        reason_code=fault.reason_code,
        remark_codes=fault.remark_codes,
    )
