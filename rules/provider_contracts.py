"""May this provider bill us, and was there a contract on the day of service?"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from rules.docket import LAST_DAY
from rules.rulebook import Rulebook
from rules.ruling import Ruling


def match_providers(lines: pd.DataFrame, providers: pd.DataFrame) -> pd.DataFrame:
    """Is the billing provider (NPI with TIN) on file, and under contract on the day of service of each line?

    A TIN counts by its letters and digits, with or without a hyphen.
    `contract_ended` is the last end before a day without contract, `contract_begins` the first begin after it.
    """
    key = ["billing_npi", "billing_tin", "service_day"]
    lines = lines[key].assign(billing_tin=_characters(lines["billing_tin"]))
    asked = lines.drop_duplicates()
    on_file = pd.DataFrame(
        {
            "billing_npi": providers["npi"].astype("str"),
            "billing_tin": _characters(providers["tin"].astype("str")),
            "contract_from": providers["contract_from"].astype("datetime64[s]"),
            "contract_through": providers["contract_through"].astype("datetime64[s]"),
        }
    )
    pairs = asked.dropna().merge(on_file, on=["billing_npi", "billing_tin"])
    day = pairs["service_day"]
    through = pairs["contract_through"].fillna(LAST_DAY)
    pairs["provider_on_file"] = True
    pairs["under_contract"] = (pairs["contract_from"] <= day) & (day <= through)
    pairs["contract_ended"] = pairs["contract_through"].where(through < day)
    pairs["contract_begins"] = pairs["contract_from"].where(pairs["contract_from"] > day)
    answers = (
        pairs.groupby(key)
        .agg(
            provider_on_file=("provider_on_file", "any"),
            under_contract=("under_contract", "any"),
            contract_ended=("contract_ended", "max"),
            contract_begins=("contract_begins", "min"),
        )
        .reset_index()
    )
    found = lines.merge(answers, on=key, how="left").set_axis(lines.index).drop(columns=key)
    for name in ("provider_on_file", "under_contract"):
        found[name] = found[name].eq(other=True)
    found["in_network"] = found["under_contract"]
    return found


def _characters(texts: pd.Series) -> pd.Series:
    return texts.str.replace(r"[^0-9A-Za-z]", "", regex=True)


def on_file(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """The registry knows the billing NPI together with the TIN: else CO 208 with N257 (domain.md 8.2 #25)."""
    yield Ruling(
        lines=lines[~lines["provider_on_file"]],
        effect="deny",
        rule="PROVIDER-ON-FILE",
        text="billing NPI and TIN are not in the provider registry",
        whole_claim=True,
        group_code="CO",
        reason_code="208",
        remark_codes=("N257",),
    )


def under_contract(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """Without a contract on the day of service the provider is out of network: PR 242 (domain.md 8.2 #16)."""
    without = ~lines["under_contract"]
    yield Ruling(
        lines=lines[without],
        effect="deny",
        rule="PROVIDER-UNDER-CONTRACT",
        text="service {service}, no contract on that day",
        facts={
            "service": lines["service_day"],
            "ended": lines["contract_ended"],
            "begins": lines["contract_begins"],
        },
        whole_claim=lines["claim_class"] == "inpatient",
        group_code="PR",
        reason_code="242",
    )
