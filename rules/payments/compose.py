"""Compose a run: which claim versions are remitted to whom, in which order, and what each payment comes to.

All money of a claim is in one 835; what takes the place of a remitted version stands directly behind its reversal
(RFI 791, 2202), which is negated from what was sent and never recomputed (domain.md 9.6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from edi.payment_run import CHECK, MOST_BY_ACH, NO_PAYMENT, PAYMENT, REVERSAL, REVERSED, VOID
from rules.payments.content import INSTITUTIONAL, parts
from rules.payments.interest import interest_owed, repeated_interest
from rules.payments.levels import group, sums
from rules.payments.provider_balances import overpayments, provider_adjustments
from rules.payments.settings import PaymentSettings, RemittanceContent
from rules.payments.tables import LEFT_OUT, empty, payment_run

if TYPE_CHECKING:
    from edi.payment_run import PaymentRun
    from edi.payments_due import PaymentsDue

INSURANCE = frozenset({"12", "13", "14", "15", "16", "17"})
PROGRAMS = frozenset({"AM", "CH", "DS", "HM", "LM", "MA", "MB", "MC", "OF", "TV", "VA", "WC", "ZZ"})
FILING_INDICATORS = INSURANCE | PROGRAMS
"""What CLP06 may hold; fewer codes than SBR09 of a claim."""
OTHER_FILING_INDICATOR = "ZZ"
NEGATED = ("charge_cents", "paid_cents")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTerms:
    """What a run is made under."""

    production_date: date
    payment_date: date
    first_trace_number: int
    """Of the first payment; the others follow."""
    filing_indicators: Mapping[str, str]
    """CLP06 by plan id."""
    lines_of_business: Mapping[str, str]
    """By plan id."""
    settings: PaymentSettings = field(default_factory=PaymentSettings)


@dataclass(frozen=True, slots=True)
class Composition:
    """A run, and what is not in it."""

    run: PaymentRun
    without_payee: tuple[int, ...]
    """Claims that wait because the provider registry does not know who is paid for them."""
    entry_ids: pd.Series
    """Of the run's provider adjustments: the provider account's entry that each settles, missing for others."""
    left: pd.DataFrame
    """Overpayments that stay with payees, to be booked: decision_id (of the reversal), payee_id, reference, cents."""
    left_until: date
    """From this day on they are taken."""
    left_out: pd.DataFrame = field(default_factory=lambda: empty(LEFT_OUT))
    """Claims that stay due because something of them breaks a law: claim_id, decision_id, claim_number, line_number (0:
    the claim itself) and law; each law once a line."""


def compose(due: PaymentsDue, terms: PaymentTerms) -> Composition:
    """The run of everything that is due; the same for any order of what comes in."""
    known = due.claims["payee_id"].isin(due.payees["payee_id"])
    waiting = due.claims.loc[~known, "claim_id"]
    claims = _entries(due, due.claims[known], terms)
    payees = _payments(due, claims)
    claims["payment"] = payees.index.get_indexer(pd.Index(claims["payee_id"]))
    claims = _with_interest(claims, due, payees, terms)
    left = _left(claims, terms)
    payments, adjustments = _moneys(payees, claims, left, due, terms)
    return Composition(
        run=_tables(due, claims, payments, adjustments, terms.settings.remittance),
        without_payee=tuple(sorted(waiting.astype("int64"))),
        entry_ids=adjustments["entry_id"],
        left=left.assign(payee_id=payees.index[left["payment"]])[["decision_id", "payee_id", "reference", "cents"]],
        left_until=terms.production_date + timedelta(days=terms.settings.recovery_after_days or 0),
    )


def _left(claims: pd.DataFrame, terms: PaymentTerms) -> pd.DataFrame:
    """Overpayments that are not taken back by this run."""
    found = overpayments(claims)
    return found if terms.settings.recovery_after_days is not None else found.iloc[:0]


def _entries(due: PaymentsDue, claims: pd.DataFrame, terms: PaymentTerms) -> pd.DataFrame:
    """One row a claim loop, in the order in which they are sent within their payee."""
    own = claims.assign(entry=PAYMENT, order=1, of=claims["claim_id"], pooled_cents=0)
    own.loc[own["status_code"] == VOID, "outcome"] = VOID
    corrections = claims[claims["reverses"].notna()]
    taken_back = due.sent_claims.merge(
        corrections[["reverses", "payee_id", "claim_id", "received_date", "claim_number", "plan_id"]].rename(
            columns={"claim_id": "of", "received_date": "order_date", "claim_number": "order_number"}
        ),
        left_on="claim_id",
        right_on="reverses",
    ).drop(columns="reverses")
    taken_back = taken_back.assign(
        entry=REVERSAL,
        order=0,
        outcome="reversed",
        status_code=REVERSED,
        **{name: -taken_back[name] for name in (*NEGATED, "interest_cents", "pooled_cents")},
        patient_responsibility_cents=pd.array([pd.NA] * len(taken_back), dtype="Int64"),
    )
    own = own.assign(order_date=own["received_date"], order_number=own["claim_number"])
    together = pd.concat([own, taken_back], ignore_index=True)
    together["filing_indicator"] = _indicators(together, terms.filing_indicators)
    together["line_of_business"] = _by_plan(together, terms.lines_of_business).fillna("")
    together["is_inpatient"] = (together["kind"] == INSTITUTIONAL) & together["facility_code"].str[:2].isin(
        terms.settings.remittance.inpatient_bill_types
    )
    if terms.settings.remittance.correction_account == "original":
        sent = due.sent_claims.set_index("claim_id")["patient_control_number"]
        first = together["reverses"].map(sent)
        together["patient_control_number"] = first.fillna(together["patient_control_number"])
    together = group(together, summed=terms.settings.remittance.provider_summaries)
    by = ["payee_id", "level", "order_date", "order_number", "order"]
    return together.sort_values(by, kind="stable").reset_index(drop=True)


def _indicators(claims: pd.DataFrame, by_plan: Mapping[str, str]) -> pd.Series:
    """CLP06: the plan's, else the claim's own where an 835 can say it, else `ZZ`; a reversal has what was sent."""
    planned = _by_plan(claims, by_plan).fillna(claims["filing_indicator"])
    chosen = planned.where(claims["entry"] == PAYMENT, claims["filing_indicator"])
    return chosen.where(chosen.isin(FILING_INDICATORS), OTHER_FILING_INDICATOR)


def _by_plan(claims: pd.DataFrame, values: Mapping[str, str]) -> pd.Series:
    return claims["plan_id"].map(pd.Series(dict(values), dtype="str")).astype("str")


def _payments(due: PaymentsDue, claims: pd.DataFrame) -> pd.DataFrame:
    """The payees that get an 835: those with claims, and those with an entry to settle; by payee id."""
    wanted = set(claims["payee_id"]) | set(due.entries["payee_id"])
    return due.payees[due.payees["payee_id"].isin(wanted)].set_index("payee_id", drop=False).sort_index()


def _with_interest(claims: pd.DataFrame, due: PaymentsDue, payees: pd.DataFrame, terms: PaymentTerms) -> pd.DataFrame:
    """Interest of each claim: what a reversal takes back, what the decision says, or what the rules come to."""
    original = due.sent_claims.set_index("claim_id")[["paid_cents", "interest_cents", "pooled_cents"]]
    sent = original.reindex(claims["reverses"]).fillna(0).astype("int64").set_index(claims.index)
    repeated = sent["paid_cents"].clip(upper=claims["paid_cents"].clip(lower=0))
    borne = sent["interest_cents"] + sent["pooled_cents"]
    on_paper = claims["partner"].isin(terms.settings.paper_partners)
    facts = pd.DataFrame(
        {
            "paid_cents": claims["paid_cents"],
            "repeated_cents": repeated,
            "repeated_interest": repeated_interest(borne, sent["paid_cents"], repeated),
            "received_date": claims["received_date"],
            "waited_days": claims["waited_days"].fillna(0).astype("int64"),
            "payment_date": pd.Series(pd.Timestamp(terms.payment_date), claims.index).astype("datetime64[s]"),
            "payee_state": claims["payee_id"].map(payees["state"]),
            "situs": _by_plan(claims, terms.settings.situs),
            "line_of_business": claims["line_of_business"],
            "submission": np.where(on_paper, "paper", "electronic"),
        }
    )
    ours = interest_owed(facts, terms.settings.interest_rules)
    said = claims["interest_cents"].notna()
    reckoned = {
        name: claims[name].where(said, ours[name]).astype("int64") for name in ("interest_cents", "pooled_cents")
    }
    return claims.assign(
        **reckoned,
        days_late=ours["days_late"].where(~said),
        interest_rule=ours["rule"].where(~said & (ours["rule"] != "")),
    )


def _moneys(
    payees: pd.DataFrame, claims: pd.DataFrame, left: pd.DataFrame, due: PaymentsDue, terms: PaymentTerms
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The payments with their amounts, and their provider adjustments."""
    open_balances = due.balances.set_index("payee_id")
    number = pd.RangeIndex(len(payees))
    traces = [f"R{each:09d}" for each in range(terms.first_trace_number, terms.first_trace_number + len(payees))]
    facts = pd.DataFrame(
        {
            "trace_number": traces,
            "claims_cents": claims.groupby("payment")["paid_cents"].sum().reindex(number, fill_value=0),
            "forwarded_cents": open_balances["owed_cents"].reindex(payees.index).fillna(0).to_numpy(dtype="int64"),
            "forwarded_from": open_balances["trace_number"].reindex(payees.index).to_numpy(),
        },
        index=number,
    )
    entries = due.entries.assign(payment=payees.index.get_indexer(pd.Index(due.entries["payee_id"])))
    entries = entries.sort_values(["payment", "entry_id"])
    adjustments, paid = provider_adjustments(
        facts, claims[["payment", "claim_number", "interest_cents"]], entries[["payment", *_ENTRY]], left
    )
    cents = paid.to_numpy(dtype="int64")
    payments = payees.reset_index(drop=True).assign(
        trace_number=traces,
        payment_cents=cents,
        payment_method=np.select([cents == 0, cents > MOST_BY_ACH], [NO_PAYMENT, CHECK], payees["payment_method"]),
        production_date=terms.production_date,
        payment_date=terms.payment_date,
    )
    return payments, adjustments


_ENTRY = ["entry_id", "reason_code", "reference", "amount_cents"]


def _tables(
    due: PaymentsDue,
    claims: pd.DataFrame,
    payments: pd.DataFrame,
    adjustments: pd.DataFrame,
    content: RemittanceContent,
) -> PaymentRun:
    below = parts(due, claims, content)
    return payment_run(
        payments=payments,
        claims=claims,
        services=below.services,
        adjustments=below.adjustments,
        remarks=below.remarks,
        names=below.names,
        references=below.references,
        dates=below.dates,
        amounts=below.amounts,
        quantities=below.quantities,
        levels=sums(claims, below.quantities),
        provider_adjustments=adjustments,
    )
