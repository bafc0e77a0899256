"""Compose a run: which claim versions are remitted to whom, in which order, and what each payment comes to.

All money of a claim is in one 835; what takes the place of a remitted version stands directly behind its reversal
(RFI 791, 2202), which is negated from what was sent and never recomputed (domain.md 9.6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from edi.payment_run import INTEREST, NO_PAYMENT, PAYMENT, REVERSAL, REVERSED, VOID
from rules.payments.interest import interest_owed, repeated_interest
from rules.payments.provider_balances import overpayments, provider_adjustments
from rules.payments.settings import PaymentSettings
from rules.payments.tables import empty, payment_run

if TYPE_CHECKING:
    from edi.payment_run import PaymentRun
    from edi.payments_due import PaymentsDue

INSURANCE = frozenset({"12", "13", "14", "15", "16", "17"})
PROGRAMS = frozenset({"AM", "CH", "DS", "HM", "LM", "MA", "MB", "MC", "OF", "TV", "VA", "WC", "ZZ"})
FILING_INDICATORS = INSURANCE | PROGRAMS
"""What CLP06 may hold; fewer codes than SBR09 of a claim."""
OTHER_FILING_INDICATOR = "ZZ"
CORRECTION_ALERT = "MA67"
"""Remark code: a correction to a prior claim."""
RECEIVED, STATEMENT_FROM, STATEMENT_THROUGH = "050", "232", "233"
ALLOWED, LATE_FILING_REDUCTION = "B6", "KH"
LINE_CONTROL, ORIGINAL_NUMBER = "6R", "F8"
LATE_FILING = "B4"
"""CARC of what a contract takes off a payment for late filing (domain.md 5.6)."""
INSTITUTIONAL = "I"
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
        run=_tables(due, claims, payments, adjustments),
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
    by = ["payee_id", "order_date", "order_number", "order"]
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
    payments = payees.reset_index(drop=True).assign(
        trace_number=traces,
        payment_cents=paid.to_numpy(),
        payment_method=np.where(paid == 0, NO_PAYMENT, payees["payment_method"]),
        production_date=terms.production_date,
        payment_date=terms.payment_date,
    )
    return payments, adjustments


_ENTRY = ["entry_id", "reason_code", "reference", "amount_cents"]


def _tables(due: PaymentsDue, claims: pd.DataFrame, payments: pd.DataFrame, adjustments: pd.DataFrame) -> PaymentRun:
    place = claims.reset_index(names="claim")[["claim", "claim_id", "entry"]]
    paid, taken = place[place["entry"] == PAYMENT], place[place["entry"] == REVERSAL]
    lines = _children(paid, due.lines, taken, due.sent_lines, NEGATED, negate_units=True)
    adjusted = _children(paid, due.adjustments, taken, due.sent_adjustments, ("amount_cents",))
    names = pd.concat([paid, taken]).merge(due.names.reset_index(names="nth"), on="claim_id")
    return payment_run(
        payments=payments,
        claims=claims.assign(level=1, drg_weight=None),
        services=lines.assign(paid_units=lines["units"]),
        adjustments=adjusted.sort_values(["claim", "line_number", "group_code", "reason_code"]),
        remarks=_remarks(due, claims, paid, lines),
        names=names.sort_values(["claim", "nth"]),
        references=_references(claims, lines),
        dates=_dates(claims, lines),
        amounts=_amounts(claims, lines, adjusted),
        levels=empty(("payment", "level", "provider_number", "facility_code", "period_end", "claims", "charge_cents")),
        provider_adjustments=adjustments,
    )


def _children(
    paid: pd.DataFrame,
    decided: pd.DataFrame,
    taken: pd.DataFrame,
    sent: pd.DataFrame,
    amounts: Sequence[str],
    *,
    negate_units: bool = False,
) -> pd.DataFrame:
    """Rows of payments as decided and of reversals as sent, these negated; in the order of claims and lines."""
    back = taken[["claim", "claim_id"]].merge(sent, on="claim_id")
    back = back.assign(**{name: -back[name] for name in amounts})
    if negate_units:
        back = back.assign(
            units=("-" + back["units"]).where(back["units"].notna()),
            allowed_cents=pd.array([pd.NA] * len(back), "Int64"),
        )
    own = paid[["claim", "claim_id"]].merge(decided, on="claim_id")
    return pd.concat([own, back]).sort_values(["claim", "line_number"], kind="stable").reset_index(drop=True)


def _remarks(due: PaymentsDue, claims: pd.DataFrame, paid: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Those of the decisions; a correction says that it is one by an alert on its first line."""
    own = paid[["claim", "claim_id"]].merge(due.remarks, on="claim_id")[["claim", "line_number", "remark_code"]]
    corrections = claims.index[(claims["entry"] == PAYMENT) & claims["reverses"].notna()]
    first = lines[lines["claim"].isin(corrections)].drop_duplicates("claim")[["claim", "line_number"]]
    together = pd.concat([own, first.assign(remark_code=CORRECTION_ALERT)]).drop_duplicates()
    return together.sort_values(["claim", "line_number"], kind="stable")


def _references(claims: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """REF*F8 of the claim that a correction corrects, REF*6R of every line."""
    corrected = claims[(claims["entry"] == PAYMENT) & claims["original_claim_number"].notna()]
    control = lines["line_control_number"].fillna(lines["line_number"].astype("str"))
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "claim": corrected.index,
                    "line_number": 0,
                    "qualifier": ORIGINAL_NUMBER,
                    "value": corrected["original_claim_number"],
                }
            ),
            lines[["claim", "line_number"]].assign(qualifier=LINE_CONTROL, value=control),
        ]
    ).sort_values(["claim", "line_number"], kind="stable")


def _dates(claims: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Statement days where the lines do not say them, and the day of receipt (RFI 1392)."""
    undated = claims.index.isin(lines.loc[lines["service_from"].isna(), "claim"])
    billed = (claims["kind"] == INSTITUTIONAL) | undated
    parts = [
        pd.DataFrame({"claim": claims.index[chosen], "qualifier": qualifier, "day": claims.loc[chosen, name]})
        for qualifier, name, chosen in (
            (STATEMENT_FROM, "service_from", billed),
            (STATEMENT_THROUGH, "service_through", billed),
            (RECEIVED, "received_date", claims["received_date"].notna()),
        )
    ]
    return pd.concat(parts).assign(line_number=0).dropna().sort_values("claim", kind="stable")


def _amounts(claims: pd.DataFrame, lines: pd.DataFrame, adjusted: pd.DataFrame) -> pd.DataFrame:
    """Interest of claims; of lines what is allowed and what late filing took off."""
    bearing = claims[claims["interest_cents"] != 0]
    allowed = lines[lines["allowed_cents"].fillna(0) != 0]
    reduced = adjusted[(adjusted["reason_code"] == LATE_FILING) & (adjusted["amount_cents"] > 0)]
    return pd.concat(
        [
            pd.DataFrame(
                {"claim": bearing.index, "line_number": 0, "qualifier": INTEREST, "cents": bearing["interest_cents"]}
            ),
            allowed[["claim", "line_number"]].assign(qualifier=ALLOWED, cents=allowed["allowed_cents"]),
            reduced[["claim", "line_number"]].assign(qualifier=LATE_FILING_REDUCTION, cents=reduced["amount_cents"]),
        ]
    ).sort_values(["claim", "line_number"], kind="stable")
