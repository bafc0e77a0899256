"""Decisions of another system: judged as a whole against the claims they are about, before any of them is stored.

What is wrong is told by row and rule; a file with one fault is not taken in part, for its sender would not know which
part. The form is in docs/operations.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from edi.guides.maps.reader import external_codes
from edi.import_problems import ImportProblem, ImportRefused
from rules.decision_laws import WHOLE_CLAIM, broken_laws
from rules.decisions import VOIDED, Decisions
from rules.frequency_codes import IN_FORCE, REPLACEMENT, VOID

WAITING = ("accepted", "pended")
STAY = ("drg_code", "drg_weight", "discharge_fraction")
OF_CLAIM = ("outcome", "claim_status_code", "plan_id", "decided_on", "interest_cents", "replaces_original", *STAY)
OF_LINE = ("procedure", "paid_units", "policy_number")
AMOUNTS = ("charge_cents", "allowed_cents", "paid_cents")
IMPORTED = "IMPORTED"
REFUSED = "refused"
"""Version of a correction that was decided and does not take its original's place."""


@dataclass(frozen=True, slots=True)
class KnownClaims:
    """What the warehouse knows of the claims that a file names, in the types of `loaders.frames`."""

    claims: pd.DataFrame
    """claim_number, claim_id, state, frequency_code, correction_problem, charge_cents, version_state, original_state,
    original_version_state and left_out: what was imported of it before is in no remittance, for none can say it."""
    lines: pd.DataFrame
    """claim_id, line_number, charge_cents."""


@dataclass(frozen=True, slots=True)
class ImportedDecisions:
    """Decisions, and the interest that goes with them."""

    decisions: Decisions
    interest: pd.DataFrame
    """claim_id, interest_cents; one row a claim whose interest is said, of none too."""


def judge(rows: pd.DataFrame, known: KnownClaims, source_system: str, import_id: int) -> ImportedDecisions:
    """The decisions of a file in the form of docs/operations.md.

    Raises:
        ImportRefused: with everything that is wrong.
    """
    unsaid = {name: pd.Series(None, rows.index, dtype="str") for name in (*OF_LINE, *STAY) if name not in rows}
    rows = rows.assign(**unsaid)
    claims = known.claims.astype({"claim_id": "Int64"})
    found = rows.merge(claims.add_suffix("_known").rename(columns={"claim_number_known": "claim_number"}), how="left")
    problems = [*_of_claims(found)]
    if problems:
        raise ImportRefused(problems)
    decided = found[found["outcome"] != VOIDED]
    is_whole = (decided["line_number"] == WHOLE_CLAIM).fillna(value=False).astype("bool")
    whole = decided[is_whole]
    lines = decided[~is_whole].merge(
        known.lines.rename(columns={"claim_id": "claim_id_known", "charge_cents": "charge_cents_line"}),
        on=["claim_id_known", "line_number"],
        how="left",
    )
    adjustments = _adjustments(pd.concat([lines, whole]))
    problems = [
        *_of_lines(lines, adjustments),
        *_of_whole_claims(lines, whole, adjustments),
        *_of_missing_lines(found, known),
    ]
    if problems:
        raise ImportRefused(problems)
    made = _decisions(found, lines, whole, adjustments, source_system, import_id)
    first = dict(zip(found["claim_id_known"][::-1], found["row"][::-1], strict=True))
    broken = broken_laws(made.decisions)
    problems = [
        ImportProblem(int(first[claim]), f"broken law: {law}")
        for claim, law in zip(broken["claim_id"].tolist(), broken["law"].tolist(), strict=True)
    ]
    if problems:
        raise ImportRefused(problems)
    return made


def _of_claims(found: pd.DataFrame) -> Iterator[ImportProblem]:
    """Every claim is known and waits, is told one thing, and may be decided so."""
    state = found["state_known"]
    yield from _at(found, state.isna(), "no claim of ours has this number")
    again = found["left_out_known"].isin([True])
    yield from _at(found, state.notna() & ~state.isin(WAITING) & ~again, "the claim does not wait for a decision")
    by_claim = found.groupby("claim_number", sort=False)
    for name in OF_CLAIM:
        differs = by_claim[name].transform(lambda each: each.nunique(dropna=False)) > 1
        yield from _at(found, differs, f"{name} is not the same in all rows of the claim")
    is_void = found["outcome"] == VOIDED
    correction = found["frequency_code_known"].isin([REPLACEMENT, VOID])
    good = correction & found["correction_problem_known"].isna()
    yield from _at(
        found,
        is_void & ~(good & (found["frequency_code_known"] == VOID)),
        "outcome void is of a void (frequency 8) that names its original",
    )
    yield from _at(found, is_void & found.duplicated("claim_number", keep=False), "a void has one row")
    replaces = _replaces(found)
    yield from _at(found, replaces & ~good, "only a correction that names its original can replace it")
    yield from _at(
        found,
        replaces & good & ~again & ~(found["original_version_state_known"] == IN_FORCE),
        "the claim that it corrects is no longer in force",
    )
    yield from _at(
        found, replaces & good & found["original_state_known"].isin(WAITING), "the claim that it corrects waits itself"
    )
    yield from _at(
        found,
        again & good & (replaces == (found["version_state_known"] == REFUSED)),
        "whether it takes its original's place was settled when it was decided before",
    )
    yield from _at(found, found["interest_cents"].fillna(0) < 0, "interest_cents is negative")


def _of_lines(lines: pd.DataFrame, adjustments: pd.DataFrame) -> Iterator[ImportProblem]:
    """Every line is one of its claim, once, with its charge, balanced to the cent."""
    missing = lines[["line_number", *AMOUNTS]].isna().any(axis=1)
    yield from _at(lines, missing, "line_number, charge_cents, allowed_cents and paid_cents are wanted")
    unknown = ~missing & lines["charge_cents_line"].isna()
    yield from _at(lines, unknown, "the claim has no such line")
    twice = ~missing & lines.duplicated(["claim_number", "line_number"], keep=False)
    yield from _at(lines, twice, "the line stands twice in the file")
    whole = ~missing & ~unknown
    charge = lines["charge_cents"].fillna(0)
    yield from _at(
        lines, whole & (charge != lines["charge_cents_line"].fillna(0)), "charge_cents is not that of the line"
    )
    paid, allowed = lines["paid_cents"].fillna(0), lines["allowed_cents"].fillna(0)
    yield from _at(lines, (paid < 0) | (allowed < 0), "an amount is negative")
    taken = lines["row"].map(adjustments.groupby("row")["amount_cents"].sum()).fillna(0).astype("int64")
    yield from _at(lines, whole & (charge != paid + taken), "charge_cents is not paid_cents plus the adjustments")
    again = adjustments.duplicated(["row", "group_code", "reason_code"])
    yield from _at(adjustments, again, "a group and reason stands twice on the line")
    yield from _at(adjustments, adjustments["amount_cents"] == 0, "an adjustment is of nothing")


def _of_whole_claims(lines: pd.DataFrame, whole: pd.DataFrame, adjustments: pd.DataFrame) -> Iterator[ImportProblem]:
    """A row of line 0 says what is adjusted of the claim beside its lines, and nothing else."""
    yield from _at(whole, whole.duplicated("claim_number", keep=False), "line 0 stands twice in the file")
    told = whole[["row", "remark_codes"]].assign(code=whole["remark_codes"].fillna("").str.split()).explode("code")
    known = told["code"].isna() | (told["code"] == "") | told["code"].isin(external_codes()["remark_code"])
    yield from _at(told, ~known, "a remark of line 0 is not one that MIA and MOA may hold")
    amounts = whole[list(AMOUNTS)].fillna(0).ne(0).any(axis=1) | whole[list(OF_LINE)].notna().any(axis=1)
    yield from _at(whole, amounts, "line 0 has adjustments and remarks only")
    of_claims = adjustments[adjustments["line_number"] == WHOLE_CLAIM]
    taken = of_claims.groupby("claim_id_known")["amount_cents"].sum()
    first = lines.drop_duplicates("claim_number")
    ids = first["claim_id_known"]
    paid = ids.map(lines.groupby("claim_id_known")["paid_cents"].sum()).fillna(0).astype("int64")
    paid = paid - ids.map(taken).fillna(0).astype("int64")
    yield from _at(first, paid < 0, "the adjustments of line 0 are more than the lines pay")
    yield from _at(first, (first["outcome"] == "denied") & (paid != 0), "a denied claim pays nothing")


def _of_missing_lines(found: pd.DataFrame, known: KnownClaims) -> Iterator[ImportProblem]:
    """Every line of a claim is decided, and the lines add up to the claim."""
    decided = found[found["outcome"] != VOIDED]
    key = ["claim_id_known", "line_number"]
    lines = known.lines.rename(columns={"claim_id": "claim_id_known"})
    there = lines.merge(decided[key].drop_duplicates(), on=key, how="left", indicator=True)
    open_claims = there.loc[there["_merge"] == "left_only", "claim_id_known"].unique()
    first = decided.drop_duplicates("claim_number")
    yield from _at(first, first["claim_id_known"].isin(open_claims), "a line of the claim is not in the file")
    total = lines.groupby("claim_id_known")["charge_cents"].sum()
    differs = first["claim_id_known"].map(total).fillna(-1) != first["charge_cents_known"]
    yield from _at(first, differs, "the lines of the claim do not add up to its charge, as sent")


def _adjustments(lines: pd.DataFrame) -> pd.DataFrame:
    """`CO:45:3000 PR:3:2500` as rows, in the order written; a fourth part is units."""
    each = lines[["row", "claim_id_known", "line_number"]].assign(text=lines["adjustments"].fillna("").str.split())
    each = each.explode("text")
    each = each[each["text"].notna() & (each["text"] != "")]
    parts = each["text"].str.split(":", expand=True).reindex(columns=range(4))
    return each.drop(columns="text").assign(
        group_code=parts[0].astype(object),
        reason_code=parts[1].astype(object),
        amount_cents=parts[2].map(int).astype("int64"),
        quantity=parts[3].astype(object).where(parts[3].notna(), None),
    )


def _decisions(
    found: pd.DataFrame,
    lines: pd.DataFrame,
    whole: pd.DataFrame,
    adjustments: pd.DataFrame,
    source_system: str,
    import_id: int,
) -> ImportedDecisions:
    heads = found.drop_duplicates("claim_number").sort_values("claim_id_known").reset_index(drop=True)
    ids = heads["claim_id_known"].astype("int64")
    of = lines.groupby("claim_id_known")
    owed = adjustments[adjustments["group_code"] == "PR"].groupby("claim_id_known")["amount_cents"].sum()
    taken = adjustments[adjustments["line_number"] == WHOLE_CLAIM].groupby("claim_id_known")["amount_cents"].sum()
    is_void = heads["outcome"] == VOIDED

    def total(sums: pd.Series) -> pd.Series:
        return ids.map(sums).fillna(0).astype("int64")

    decided = pd.DataFrame(
        {
            "claim_id": ids,
            "outcome": heads["outcome"].mask(is_void, "paid").astype(object),
            "pend_reason": pd.Series([None] * len(heads), dtype=object),
            "claim_status_code": heads["claim_status_code"].fillna("1").mask(is_void, VOIDED).astype(object),
            "plan_id": heads["plan_id"].astype(object).where(heads["plan_id"].notna(), None),
            "allowed_cents": total(of["allowed_cents"].sum()),
            "paid_cents": total(of["paid_cents"].sum()) - total(taken),
            "patient_responsibility_cents": total(owed),
            "replaces_original": _replaces(heads),
            "explanation": [
                [_told(source_system, import_id, day)] for day in heads["decided_on"].dt.strftime("%Y-%m-%d").tolist()
            ],
            **{name: _objects(heads[name]) for name in STAY},
        }
    )
    names = {"claim_id_known": "claim_id"}
    key = {"claim_id": "int64", "line_number": "int64"}
    money = lines.rename(columns=names)[["claim_id", "line_number", *AMOUNTS]].astype("int64")
    procedure = lines["procedure"].str.split(":", n=1, expand=True).reindex(columns=range(2))
    money = money.assign(
        procedure_qualifier=_objects(procedure[0]),
        procedure_code=_objects(procedure[1]),
        paid_units=_objects(lines["paid_units"]),
        policy_number=_objects(lines["policy_number"]),
    )
    remarks = pd.concat([lines, whole]).rename(columns=names)[["claim_id", "line_number", "remark_codes"]]
    remarks = remarks.assign(remark_code=remarks["remark_codes"].fillna("").str.split()).explode("remark_code")
    remarks = remarks[remarks["remark_code"].notna() & (remarks["remark_code"] != "")]
    order = ["claim_id", "line_number"]
    said = heads["interest_cents"].notna()
    interest = pd.DataFrame({"claim_id": ids, "interest_cents": heads["interest_cents"]})[said].astype("int64")
    return ImportedDecisions(
        Decisions(
            claims=decided,
            lines=money.sort_values(order, ignore_index=True),
            adjustments=adjustments.rename(columns=names)
            .drop(columns="row")
            .astype(key)
            .sort_values(order, kind="stable", ignore_index=True),
            remarks=remarks[["claim_id", "line_number", "remark_code"]]
            .astype(key)
            .sort_values([*order, "remark_code"], ignore_index=True),
            accumulators=pd.DataFrame(columns=["claim_id"]),
        ),
        interest.reset_index(drop=True),
    )


def _replaces(rows: pd.DataFrame) -> pd.Series:
    """Does a correction take the place of its original? Where the file does not say, one that names it well does."""
    correction = rows["frequency_code_known"].isin([REPLACEMENT, VOID]) & rows["correction_problem_known"].isna()
    said = rows["replaces_original"].astype("boolean")
    return said.fillna(correction & (rows["outcome"] != "denied")).astype("bool")


def _objects(texts: pd.Series) -> pd.Series:
    """Text, missing as None."""
    return texts.astype(object).where(texts.notna(), None)


def _told(source_system: str, import_id: int, day: str) -> dict[str, object]:
    return {
        "rule": IMPORTED,
        "source_system": source_system,
        "import": import_id,
        "decided_on": day,
        "text": f"decided by {source_system} on {day}, import {import_id}, rule {IMPORTED}",
    }


def _at(rows: pd.DataFrame, where: pd.Series, text: str) -> Iterator[ImportProblem]:
    """A problem for each of these rows."""
    for row in rows.loc[where.astype("bool"), "row"].tolist():
        yield ImportProblem(int(row), text)
