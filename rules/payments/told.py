"""A run, or one remittance, told in plain values: what it pays to whom, and the three balances claim by claim."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from edi.payment_run import MOST_BY_ACH, REVERSAL, WHOLE_CLAIM

if TYPE_CHECKING:
    import pyarrow as pa

    from edi.payment_run import PaymentRun

Told = dict[str, Any]
FORWARD, INTEREST = "FB", "L6"
LINE = ("line_number", "procedure_qualifier", "procedure_code", "revenue_code", "charge_cents", "paid_cents")
CLAIM = (
    *("claim_number", "entry", "outcome", "status_code", "patient_control_number", "original_claim_number"),
    *("charge_cents", "paid_cents", "patient_responsibility_cents", "interest_cents"),
)


def payments_told(run: PaymentRun) -> list[Told]:
    """Every payment: payee, method, claims and reversals, and how its amount comes about, in exact cents."""
    claims: Counter[int] = Counter()
    reversals: Counter[int] = Counter()
    cents: Counter[int] = Counter()
    for row in run.claims.select(["payment", "entry", "paid_cents"]).to_pylist():
        claims[row["payment"]] += row["entry"] != REVERSAL
        reversals[row["payment"]] += row["entry"] == REVERSAL
        cents[row["payment"]] += row["paid_cents"]
    booked = _by(run.provider_adjustments, "payment")
    return [
        {
            "payee_id": payment["payee_id"],
            "trace_number": payment["trace_number"],
            "payment_method": payment["payment_method"],
            "payment_cents": payment["payment_cents"],
            "too_large_for_ach": payment["payment_cents"] > MOST_BY_ACH,
            "claims": claims[place],
            "reversals": reversals[place],
            "claims_cents": cents[place],
            **_adjusted(booked[place]),
        }
        for place, payment in enumerate(run.payments.to_pylist())
    ]


def totals_told(payments: Iterable[Mapping[str, Any]]) -> Told:
    """Sums over payments."""
    each = list(payments)
    return {
        "remittances": len(each),
        "payments": sum(one["payment_cents"] > 0 for one in each),
        "paid_cents": sum(one["payment_cents"] for one in each),
        "claims": sum(one["claims"] for one in each),
        "reversals": sum(one["reversals"] for one in each),
        "interest_cents": sum(one["interest_cents"] for one in each),
        "forwarded": [one["payee_id"] for one in each if one["forwarded_cents"]],
    }


def remittance_told(run: PaymentRun) -> Told:
    """The one payment of a run with its claims, lines and reasons, and its balances; of people nothing but numbers."""
    (payment,) = run.payments.to_pylist()
    (summary,) = payments_told(run)
    lines, adjusted = _by(run.services, "claim"), _by(run.adjustments, "claim")
    claims = [_claim(row, lines[place], adjusted[place]) for place, row in enumerate(run.claims.to_pylist())]
    booked = [
        {"reason_code": row["reason_code"], "reference": row["reference"] or "", "amount_cents": row["amount_cents"]}
        for row in run.provider_adjustments.to_pylist()
    ]
    taken = sum(row["amount_cents"] for row in booked)
    return {
        **summary,
        "production_date": payment["production_date"].isoformat(),
        "payment_date": payment["payment_date"].isoformat(),
        "claims": claims,
        "provider_adjustments": booked,
        "balances": {
            "service": _balance(line["balances"] for claim in claims for line in claim["lines"]),
            "claim": _balance(claim["balances"] for claim in claims),
            "transaction": {
                "claims_cents": summary["claims_cents"],
                "provider_adjustments_cents": taken,
                "payment_cents": payment["payment_cents"],
                "holds": summary["claims_cents"] - taken == payment["payment_cents"],
            },
        },
    }


def difference_told(before: PaymentRun, after: PaymentRun) -> Told:
    """In which payees, claims and cents two runs differ; empty lists where they agree."""
    paid_before, paid_after = _paid(before), _paid(after)
    claims_before, claims_after = _entries(before), _entries(after)
    return {
        "paid_cents": {"before": sum(paid_before.values()), "after": sum(paid_after.values())},
        "payees": [
            {"payee_id": payee, "before_cents": paid_before.get(payee), "after_cents": paid_after.get(payee)}
            for payee in sorted(paid_before.keys() | paid_after.keys())
            if paid_before.get(payee) != paid_after.get(payee)
        ],
        "claims": [
            {
                "claim_number": number,
                "entry": entry,
                "before_cents": claims_before.get((number, entry)),
                "after_cents": claims_after.get((number, entry)),
            }
            for number, entry in sorted(claims_before.keys() | claims_after.keys())
            if claims_before.get((number, entry)) != claims_after.get((number, entry))
        ],
    }


def _claim(row: Mapping[str, Any], lines: list[Told], adjusted: list[Told]) -> Told:
    of_line: defaultdict[int, list[Told]] = defaultdict(list)
    for item in adjusted:
        of_line[item["line_number"]].append(
            {name: item[name] for name in ("group_code", "reason_code", "amount_cents")}
        )
    told = [{name: line[name] for name in LINE} | _line(line, of_line[line["line_number"]]) for line in lines]
    off = sum(item["amount_cents"] for item in adjusted)
    own = sum(item["amount_cents"] for item in of_line[WHOLE_CLAIM])
    sums = tuple(sum(line[name] for line in lines) for name in ("charge_cents", "paid_cents"))
    agrees = not lines or (sums[0] == row["charge_cents"] and sums[1] - own == row["paid_cents"])
    return {
        **{name: row[name] for name in CLAIM},
        "adjusted_cents": off,
        "adjustments": of_line[WHOLE_CLAIM],
        "balances": agrees and row["charge_cents"] - off == row["paid_cents"],
        "lines": told,
    }


def _line(line: Mapping[str, Any], adjusted: list[Told]) -> Told:
    off = sum(item["amount_cents"] for item in adjusted)
    return {"adjustments": adjusted, "balances": line["charge_cents"] - off == line["paid_cents"]}


def _balance(holds: Iterable[bool]) -> Told:
    each = list(holds)
    return {"checked": len(each), "holds": all(each)}


def _adjusted(booked: Iterable[Mapping[str, Any]]) -> Told:
    """Interest that is paid; balances that are taken and forwarded, both positive; what else is taken."""
    found = {"interest_cents": 0, "balance_taken_cents": 0, "forwarded_cents": 0, "other_adjustments_cents": 0}
    for row in booked:
        cents = row["amount_cents"]
        if row["reason_code"] == INTEREST:
            found["interest_cents"] -= cents
        elif row["reason_code"] != FORWARD:
            found["other_adjustments_cents"] += cents
        elif cents > 0:
            found["balance_taken_cents"] += cents
        else:
            found["forwarded_cents"] -= cents
    return found


def _paid(run: PaymentRun) -> dict[str, int]:
    return dict(zip(run.payments["payee_id"].to_pylist(), run.payments["payment_cents"].to_pylist(), strict=True))


def _entries(run: PaymentRun) -> dict[tuple[str, str], int]:
    columns = run.claims.select(["claim_number", "entry", "paid_cents"]).to_pylist()
    return {(row["claim_number"], row["entry"]): row["paid_cents"] for row in columns}


def _by(table: pa.Table, name: str) -> defaultdict[int, list[Told]]:
    found: defaultdict[int, list[Told]] = defaultdict(list)
    for row in table.to_pylist():
        found[row[name]].append(row)
    return found
