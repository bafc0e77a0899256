"""What an 835 says of the claims of a run besides their money: numbers, names, dates, amounts and remarks.

A payment says what was decided and what is known of its claim; a reversal says again, negated, what was sent
(domain.md 9.6).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from edi.payment_run import INTEREST, PAYMENT, REVERSAL, WHOLE_CLAIM

if TYPE_CHECKING:
    from edi.payments_due import PaymentsDue
    from rules.payments.settings import RemittanceContent

CORRECTION_ALERT = "MA67"
"""Remark code: a correction to a prior claim."""
RECEIVED, STATEMENT_FROM, STATEMENT_THROUGH, EXPIRED = "050", "232", "233", "036"
ALLOWED, LATE_FILING_REDUCTION, COVERAGE, DISCOUNT = "B6", "KH", "AU", "D8"
LINE_CONTROL, ORIGINAL_NUMBER = "6R", "F8"
LATE_FILING, PROMPT_PAYMENT = "B4", "44"
"""CARCs of what a contract takes off a payment for late filing (domain.md 5.6), and for paying promptly."""
INSTITUTIONAL = "I"
ORDER = {
    "references": ("F8", "1L", "EA", "G1", "9A", "9C", "6R", "HPI", "0K"),
    "dates": (STATEMENT_FROM, STATEMENT_THROUGH, EXPIRED, RECEIVED),
    "amounts": (COVERAGE, DISCOUNT, "F5", INTEREST, ALLOWED, LATE_FILING_REDUCTION),
    "quantities": ("CA", "CD", "LA", "NE"),
}
"""Qualifiers in the order in which they are sent."""
MOST_REMARKS = 5
"""That MIA, or MOA, has room for."""
MOST_CLAIM_REFERENCES = 5
"""Other Claim Related Identification: so often may its REF stand in a claim."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Rows that belong to the claims of a run, by the names of `PaymentRun`'s tables."""

    services: pd.DataFrame
    adjustments: pd.DataFrame
    remarks: pd.DataFrame
    names: pd.DataFrame
    references: pd.DataFrame
    dates: pd.DataFrame
    amounts: pd.DataFrame
    quantities: pd.DataFrame


def parts(due: PaymentsDue, claims: pd.DataFrame, content: RemittanceContent) -> Parts:
    """Everything below the claims of a run, which are numbered from 0 in the order in which they are sent."""
    place = claims.reset_index(names="claim")[["claim", "claim_id", "entry"]]
    own = place.loc[place["entry"] == PAYMENT, ["claim", "claim_id"]]
    back = place.loc[place["entry"] == REVERSAL, ["claim", "claim_id"]]
    lines = _in_order([_decided_lines(own, due), _sent_lines(back, due)])
    adjustments = _in_order(
        [
            own.merge(due.adjustments, on="claim_id"),
            _negated(back.merge(due.sent_adjustments, on="claim_id"), ("amount_cents",), ("quantity",)),
        ],
        "group_code",
        "reason_code",
    )
    return Parts(
        services=lines,
        adjustments=adjustments,
        remarks=_remarks(due, claims, own, back, lines),
        names=_names(due, own, back),
        references=_references(due, claims, own, back, lines),
        dates=_dates(due, claims, own, back, lines),
        amounts=_amounts(due, claims, own, back, lines, adjustments, content),
        quantities=_said(
            "quantities",
            own.merge(due.quantities, on="claim_id"),
            _negated(back.merge(due.sent_quantities, on="claim_id"), texts=("quantity",)),
        ),
    )


def _in_order(frames: Sequence[pd.DataFrame], *codes: str) -> pd.DataFrame:
    return pd.concat(frames).sort_values(["claim", "line_number", *codes], kind="stable").reset_index(drop=True)


def _negated(rows: pd.DataFrame, numbers: Sequence[str] = (), texts: Sequence[str] = ()) -> pd.DataFrame:
    """Amounts and quantities (as text) with the other sign."""
    turned: dict[str, pd.Series] = {name: -rows[name] for name in numbers}
    for name in texts:
        given = rows[name].astype("str")
        turned[name] = ("-" + given).str.removeprefix("--").mask(given == "0", "0")
    return rows.assign(**turned)


def _decided_lines(own: pd.DataFrame, due: PaymentsDue) -> pd.DataFrame:
    lines = own.merge(due.lines, on="claim_id")
    paid = lines["paid_units"].fillna(lines["units"])
    return lines.assign(paid_units=paid, billed_units=lines["units"].where(lines["units"] != paid))


def _sent_lines(back: pd.DataFrame, due: PaymentsDue) -> pd.DataFrame:
    lines = back.merge(due.sent_lines, on="claim_id")
    lines = lines.assign(paid_units=lines["units"])
    return _negated(lines, ("charge_cents", "paid_cents", "allowed_cents"), ("paid_units", "billed_units"))


def _remarks(
    due: PaymentsDue, claims: pd.DataFrame, own: pd.DataFrame, back: pd.DataFrame, lines: pd.DataFrame
) -> pd.DataFrame:
    """Those of the decisions; a correction says that it is one by an alert on its first line."""
    corrections = claims.index[(claims["entry"] == PAYMENT) & claims["reverses"].notna()]
    first = lines[lines["claim"].isin(corrections)].drop_duplicates("claim")[["claim", "line_number"]]
    together = pd.concat(
        [
            own.merge(due.remarks, on="claim_id"),
            back.merge(due.sent_remarks, on="claim_id"),
            first.assign(remark_code=CORRECTION_ALERT),
        ],
        ignore_index=True,
    )
    together = _moved(together[["claim", "line_number", "remark_code"]].drop_duplicates(), lines)
    return together.sort_values(["claim", "line_number"], kind="stable")


def _moved(remarks: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """What a claim has too many of for MIA and MOA is said on its first line."""
    whole = remarks["line_number"] == WHOLE_CLAIM
    beyond = whole & (remarks[whole].groupby("claim").cumcount().reindex(remarks.index, fill_value=0) >= MOST_REMARKS)
    if not beyond.any():
        return remarks
    first = lines.drop_duplicates("claim").set_index("claim")["line_number"]
    places = remarks["line_number"].mask(beyond, remarks["claim"].map(first).fillna(WHOLE_CLAIM))
    return remarks.assign(line_number=places.astype("int64")).drop_duplicates()


def _names(due: PaymentsDue, own: pd.DataFrame, back: pd.DataFrame) -> pd.DataFrame:
    together = [
        own.merge(due.names.reset_index(names="nth"), on="claim_id"),
        back.merge(due.sent_names.reset_index(names="nth"), on="claim_id"),
    ]
    return pd.concat(together).sort_values(["claim", "nth"])


def _references(
    due: PaymentsDue, claims: pd.DataFrame, own: pd.DataFrame, back: pd.DataFrame, lines: pd.DataFrame
) -> pd.DataFrame:
    """REF*F8 of the claim that a correction corrects, REF*6R of every line, and what else is known."""
    corrected = claims[(claims["entry"] == PAYMENT) & claims["original_claim_number"].notna()]
    control = lines["line_control_number"].fillna(lines["line_number"].astype("str"))
    said = _said(
        "references",
        _of_claims(corrected, ORIGINAL_NUMBER, "value", corrected["original_claim_number"]),
        own.merge(due.references, on="claim_id"),
        back.merge(due.sent_references, on="claim_id"),
        lines[["claim", "line_number"]].assign(qualifier=LINE_CONTROL, value=control),
    ).drop_duplicates(["claim", "line_number", "qualifier", "value"])
    nth = said.groupby(["claim", "line_number"]).cumcount()
    return said[(said["line_number"] != WHOLE_CLAIM) | (nth < MOST_CLAIM_REFERENCES)]


def _dates(
    due: PaymentsDue, claims: pd.DataFrame, own: pd.DataFrame, back: pd.DataFrame, lines: pd.DataFrame
) -> pd.DataFrame:
    """Statement days where the lines do not say them, the end of coverage, and the day of receipt (RFI 1392)."""
    mine = claims[claims["entry"] == PAYMENT]
    undated = mine.index.isin(lines.loc[lines["service_from"].isna(), "claim"])
    billed = mine[(mine["kind"] == INSTITUTIONAL) | undated]
    return _said(
        "dates",
        _of_claims(billed, STATEMENT_FROM, "day", billed["service_from"]),
        _of_claims(billed, STATEMENT_THROUGH, "day", billed["service_through"]),
        _of_claims(mine, RECEIVED, "day", mine["received_date"]),
        own.merge(due.dates, on="claim_id"),
        back.merge(due.sent_dates, on="claim_id"),
    ).dropna(subset="day")


def _amounts(
    due: PaymentsDue,
    claims: pd.DataFrame,
    own: pd.DataFrame,
    back: pd.DataFrame,
    lines: pd.DataFrame,
    adjustments: pd.DataFrame,
    content: RemittanceContent,
) -> pd.DataFrame:
    """Of claims coverage, discount and interest; of lines what is allowed and what late filing took off.

    A reversal says none of what is allowed: nothing is any more.
    """
    bearing = claims[claims["interest_cents"] != 0]
    allowed = lines[lines["allowed_cents"].fillna(0) > 0]
    reduced = adjustments[(adjustments["reason_code"] == LATE_FILING) & (adjustments["amount_cents"] > 0)]
    return _said(
        "amounts",
        _covered(claims, allowed, content),
        _discounts(claims, adjustments),
        _of_claims(bearing, INTEREST, "cents", bearing["interest_cents"]),
        own.merge(due.amounts, on="claim_id"),
        _negated(back.merge(due.sent_amounts, on="claim_id"), ("cents",)),
        allowed[["claim", "line_number"]].assign(qualifier=ALLOWED, cents=allowed["allowed_cents"]),
        reduced.loc[reduced["line_number"] != WHOLE_CLAIM, ["claim", "line_number"]].assign(
            qualifier=LATE_FILING_REDUCTION, cents=reduced["amount_cents"]
        ),
    )


def _covered(claims: pd.DataFrame, allowed: pd.DataFrame, content: RemittanceContent) -> pd.DataFrame:
    """AMT*AU: the charges of the services that the plan covers, before what reduces them."""
    told: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
        "none": lambda each: each["kind"] == "",
        "institutional": lambda each: each["kind"] == INSTITUTIONAL,
        "all": lambda each: each["kind"] != "",
    }
    chosen = claims.index[told[content.coverage_amount](claims) & (claims["entry"] == PAYMENT)]
    covered = allowed[allowed["claim"].isin(chosen)].groupby("claim")["charge_cents"].sum()
    return _by_claim(covered[covered != 0], COVERAGE)


def _discounts(claims: pd.DataFrame, adjustments: pd.DataFrame) -> pd.DataFrame:
    """AMT*D8: what is taken off because we pay promptly."""
    mine = adjustments["claim"].isin(claims.index[claims["entry"] == PAYMENT])
    taken = adjustments[mine & (adjustments["reason_code"] == PROMPT_PAYMENT)]
    return _by_claim(taken.groupby("claim")["amount_cents"].sum(), DISCOUNT)


def _by_claim(cents: pd.Series, qualifier: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"claim": cents.index, "line_number": WHOLE_CLAIM, "qualifier": qualifier, "cents": cents.to_numpy()}
    )


def _of_claims(claims: pd.DataFrame, qualifier: str, name: str, values: pd.Series) -> pd.DataFrame:
    """Rows of whole claims."""
    return pd.DataFrame({"claim": claims.index, "line_number": WHOLE_CLAIM, "qualifier": qualifier, name: values})


def _said(table: str, *frames: pd.DataFrame) -> pd.DataFrame:
    """These rows in the order of claims, lines and qualifiers; what has no place in that order goes to its end."""
    together = pd.concat([frame for frame in frames if len(frame)] or frames[:1]).reset_index(drop=True)
    rank = together["qualifier"].map({code: place for place, code in enumerate(ORDER[table])})
    together = together.assign(rank=rank.fillna(len(ORDER[table])))
    return together.sort_values(["claim", "line_number", "rank"], kind="stable").drop(columns="rank")
