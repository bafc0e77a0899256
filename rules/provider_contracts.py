"""May this provider bill us, and was there a contract on the day of service?"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from rules.docket import LAST_DAY
from rules.front_end.providers import npi_invalid
from rules.rulebook import Rulebook
from rules.ruling import Ruling


def match_providers(lines: pd.DataFrame, providers: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """Is the billing provider (NPI with TIN) on file, and under contract on the day of service of each line?

    `in_network`: is the contract of one of the plan's networks, if it names any; `fee_schedule`: by which it is paid.

    A TIN counts by its letters and digits, with or without a hyphen.
    `contract_ended` is the last end before a day without contract, `contract_begins` the first begin after it.
    """
    key = ["billing_npi", "billing_tin", "service_day"]
    plan = lines["plan_id"]
    lines = lines[key].assign(billing_tin=characters(lines["billing_tin"]))
    asked = lines.drop_duplicates()
    on_file = pd.DataFrame(
        {
            "billing_npi": providers["npi"].astype("str"),
            "billing_tin": characters(providers["tin"].astype("str")),
            "contract_from": providers["contract_from"].astype("datetime64[s]"),
            "contract_through": providers["contract_through"].astype("datetime64[s]"),
            "network": _optional(providers, "network"),
            "fee_schedule": _optional(providers, "fee_schedule"),
        }
    )
    pairs = asked.dropna().merge(on_file, on=["billing_npi", "billing_tin"])
    day = pairs["service_day"]
    through = pairs["contract_through"].fillna(LAST_DAY)
    pairs["provider_on_file"] = True
    pairs["under_contract"] = (pairs["contract_from"] <= day) & (day <= through)
    for name in ("network", "fee_schedule"):
        pairs[name] = pairs[name].where(pairs["under_contract"])
    pairs["contract_ended"] = pairs["contract_through"].where(through < day)
    pairs["contract_begins"] = pairs["contract_from"].where(pairs["contract_from"] > day)
    answers = (
        pairs.groupby(key)
        .agg(
            provider_on_file=("provider_on_file", "any"),
            under_contract=("under_contract", "any"),
            contract_ended=("contract_ended", "max"),
            contract_begins=("contract_begins", "min"),
            network=("network", "first"),
            fee_schedule=("fee_schedule", "first"),
        )
        .reset_index()
    )
    found = lines.merge(answers, on=key, how="left").set_axis(lines.index).drop(columns=key)
    found["npi_on_file"] = lines["billing_npi"].isin(on_file["billing_npi"].dropna()).to_numpy()
    for name in ("provider_on_file", "under_contract"):
        found[name] = found[name].eq(other=True)
    found["in_network"] = found["under_contract"] & _in_networks(plan, found["network"], rulebook)
    return found


def _in_networks(plans: pd.Series, networks: pd.Series, rulebook: Rulebook) -> pd.Series:
    """Is the network one of the plan's? The plan's newest terms say which; a plan without networks takes all."""
    named = {plan.id: plan.networks for plan in sorted(rulebook.plans, key=lambda each: each.effective_from)}
    rows = [(plan, network) for plan, its_networks in named.items() for network in its_networks]
    if not rows:
        return pd.Series(data=True, index=plans.index)
    known = pd.MultiIndex.from_tuples(rows)
    inside = pd.MultiIndex.from_arrays([plans.astype("object"), networks.astype("object")]).isin(known)
    return pd.Series(inside, index=plans.index) | ~plans.isin({plan for plan, _ in rows})


def _optional(providers: pd.DataFrame, name: str) -> pd.Series:
    """A column that a registry may lack."""
    return (providers[name] if name in providers else pd.Series(None, providers.index, dtype="object")).astype("str")


def characters(texts: pd.Series) -> pd.Series:
    """Letters and digits alone, as TINs are compared."""
    return texts.str.replace(r"[^0-9A-Za-z]", "", regex=True)


def on_file(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """The registry knows the billing NPI together with the TIN (domain.md 8.2 #25, #27).

    With N257 CO 206 without an NPI, CO 207 for what is none, CO 208 where it does not know the NPI or no TIN was sent;
    CO 16 with N516 where it knows the NPI under other TINs.
    """
    unknown = ~lines["provider_on_file"]
    of_another = unknown & lines["npi_on_file"] & lines["billing_tin"].notna()
    yield Ruling(
        lines=lines[of_another],
        effect="deny",
        rule="PROVIDER-ON-FILE",
        text="the provider registry has the billing NPI with another TIN",
        whole_claim=True,
        group_code="CO",
        reason_code="16",
        remark_codes=("N516",),
    )
    nobody = unknown & ~of_another
    missing = lines["billing_npi"].isna()
    invalid = ~missing & ~lines["npi_on_file"] & npi_invalid(lines)
    for at, reason, told in (
        (nobody & missing, "206", "no billing NPI was sent"),
        (nobody & invalid, "207", "the billing NPI is none"),
        (
            nobody & ~missing & ~invalid,
            "208",
            "the provider registry does not have the billing NPI, or no TIN was sent",
        ),
    ):
        yield Ruling(
            lines=lines[at],
            effect="deny",
            rule="PROVIDER-ON-FILE",
            text=told,
            whole_claim=True,
            group_code="CO",
            reason_code=reason,
            remark_codes=("N257",),
        )


def under_contract(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """Out of network, and the plan does not pay for that (domain.md 8.2 #16).

    PR 242 without a contract on the day of service, PR 279 where the contract is of no network of the plan.
    """
    unpaid = ~lines["in_network"] & ~lines["out_of_network_covered"]
    without = unpaid & ~lines["under_contract"]
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
    yield Ruling(
        lines=lines[unpaid & lines["under_contract"]],
        effect="deny",
        rule="PROVIDER-IN-NETWORK",
        text="service {service}, plan {plan} does not have the network of the contract",
        facts={"service": lines["service_day"], "plan": lines["plan_id"]},
        whole_claim=lines["claim_class"] == "inpatient",
        group_code="PR",
        reason_code="279",
    )
