"""Timely filing: a claim must have been received by the last good day of its filing rule (domain.md 5).

The test is on receipt: the day, in the plan's time zone, on which the file reached us. `rules.filing_measure` does the
arithmetic; here it becomes rulings, and every one of them carries it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from edi.claim_facts import ClaimFacts
from rules import filing_corrections
from rules.filing_corrections import APPEALS, MEASURED
from rules.filing_eligibility import recorded_late
from rules.filing_evidence import EXCUSED, FOR_A_PERSON, NO_REASON
from rules.filing_measure import LATE, REDUCED, SPLIT, TIMELY, measure
from rules.pend_reasons import FILING_EVIDENCE, NO_FILING_RULE
from rules.rulebook import Rulebook
from rules.ruling import Fact, Ruling

EXTENDED = f"{MEASURED}, last day {{last_day}} ({{basis}})"
MOVED = f"{MEASURED}, last day {{last_day}} ({{basis}}; {{moved}})"


def with_evidence(facts: ClaimFacts) -> pd.DataFrame:
    """The claims with what was read for those of them that may be late."""
    if facts.filing is None:
        return facts.claims
    claims = facts.claims.drop(columns=[name for name in facts.filing if name in facts.claims and name != "claim_id"])
    return claims.merge(facts.filing, on="claim_id", how="left", validate="one_to_one")


def prepare(lines: pd.DataFrame, facts: ClaimFacts, rulebook: Rulebook) -> pd.DataFrame:
    """What the rules of filing compare: the measure of every line of the docket, with its coverage and contract."""
    recorded = recorded_late(lines, facts.coverage_records, rulebook)
    measured = measure(lines.assign(eligibility_recorded_on=recorded), rulebook)
    return filing_corrections.carry_over(lines, measured)


def on_time(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """A claim that corrects no other reaches us by its last day; late lines are denied CO 29, the others not.

    Group CO, for a participating provider may not bill the member (domain.md 5.6). A reopening (Q) is meant for what
    lies beyond the limit, a void for no limit at all.
    """
    first_time = filing_corrections.is_first_filing(lines)
    unruled = first_time & lines["filing_rule"].isna()
    yield Ruling(
        lines=lines[unruled],
        effect="pend",
        rule="FILING-RULE-KNOWN",
        text="no filing rule for {claim_class} service {service}",
        facts={"claim_class": lines["claim_class"], "service": lines["service_day"]},
        pend_reason=NO_FILING_RULE,
    )
    measured = lines[first_time & ~unruled]
    outcome = measured["filing_outcome"]
    yield from _late(measured[outcome == LATE])
    yield from _for_a_person(measured[outcome == FOR_A_PERSON])
    yield from _in_part(measured[outcome.isin([REDUCED, SPLIT])])
    yield from _excused(measured[outcome == EXCUSED])
    yield from _timely(measured[outcome == TIMELY])


def _timely(lines: pd.DataFrame) -> Iterator[Ruling]:
    normally = (lines["filing_anchor"] == lines["filing_normal_anchor"]) & lines["filing_moved"].isna()
    yield _told(lines[normally], MEASURED, arithmetic(lines, in_full=False))
    yield from _extended(lines[~normally])


def _extended(lines: pd.DataFrame) -> Iterator[Ruling]:
    """What lengthened a limit is told, whether it sufficed or not."""
    for chosen, text in ((lines["filing_moved"].isna(), EXTENDED), (lines["filing_moved"].notna(), MOVED)):
        yield _told(lines[chosen], text, arithmetic(lines[chosen], in_full=True))


def _excused(lines: pd.DataFrame) -> Iterator[Ruling]:
    text = (
        f"{EXTENDED}; delay reason {{delay_reason}}: {{evidence}}, counted from {{evidence_day}}, limit "
        "{evidence_limit}, last day {evidence_last_day}"
    )
    yield _told(lines, text, {**arithmetic(lines, in_full=True), **_proof(lines)})


def _for_a_person(lines: pd.DataFrame) -> Iterator[Ruling]:
    yield Ruling(
        lines=lines,
        effect="pend",
        rule=lines["filing_rule"],
        text=f"{EXTENDED}; delay reason {{delay_reason}}: {{evidence}}",
        facts={
            **arithmetic(lines, in_full=True),
            "delay_reason": lines["delay_reason"],
            "evidence": lines["evidence"],
        },
        whole_claim=lines["filing_by_claim"],
        pend_reason=FILING_EVIDENCE,
    )


def _in_part(lines: pd.DataFrame) -> Iterator[Ruling]:
    """Late, and paid in part: `rules.filing_reductions` takes off what the plan keeps."""
    reduced = lines[lines["filing_outcome"] == REDUCED]
    percent = (reduced["filing_reduction"].astype("int64") / 100).map("{:g}".format)
    yield _told(
        reduced,
        f"{EXTENDED}; late, payment reduced by {{percent}} percent",
        {**arithmetic(reduced, in_full=True), "percent": percent},
    )
    split = lines[lines["filing_outcome"] == SPLIT]
    yield _told(
        split,
        f"{EXTENDED}; {{late_days}} of {{range_days}} days, those through {{late_through}}, are late",
        {
            **arithmetic(split, in_full=True),
            "late_days": split["filing_late_days"],
            "range_days": split["filing_range_days"],
        },
    )


def _late(lines: pd.DataFrame) -> Iterator[Ruling]:
    """CO 29, once for each thing to say of an appeal and of a delay reason that did not help."""
    for appeal, remarks in APPEALS.items():
        of_rule = lines[lines["filing_appeal"] == appeal]
        for chosen, text, facts in _lateness(of_rule):
            yield Ruling(
                lines=chosen,
                effect="deny",
                rule=chosen["filing_rule"],
                text=text,
                facts=facts,
                whole_claim=chosen["filing_by_claim"],
                group_code="CO",
                reason_code="29",
                remark_codes=remarks,
            )


def _lateness(lines: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, str, Mapping[str, Fact]]]:
    """Late lines with the words and facts for them: plain, extended, moved, and with a reason that did not help."""
    reasoned = lines["excuse"] != NO_REASON
    moved = lines["filing_moved"].notna()
    changed = lines["filing_anchor"] != lines["filing_normal_anchor"]
    plain = lines[~reasoned & ~moved & ~changed]
    yield plain, MEASURED, arithmetic(plain, in_full=False)
    for chosen, text in ((lines[~reasoned & ~moved & changed], EXTENDED), (lines[~reasoned & moved], MOVED)):
        yield chosen, text, arithmetic(chosen, in_full=True)
    proved = lines["evidence_last_day"].notna()
    unproved = lines[reasoned & ~proved]
    told = {"delay_reason": unproved["delay_reason"], "evidence": unproved["evidence"]}
    text = f"{EXTENDED}; delay reason {{delay_reason}}: {{evidence}}"
    yield unproved, text, {**arithmetic(unproved, in_full=True), **told}
    too_late = lines[reasoned & proved]
    text += ", counted from {evidence_day}, limit {evidence_limit}, last day {evidence_last_day}"
    yield too_late, text, {**arithmetic(too_late, in_full=True), **_proof(too_late)}


def arithmetic(lines: pd.DataFrame, *, in_full: bool) -> dict[str, Fact]:
    """Anchor, receipt, day and limit, and in full also what the anchor is, the last day, and what moved it."""
    facts: dict[str, Fact] = {
        "anchor": lines["filing_anchor"],
        "received": lines["received_date"],
        "day": lines["filing_day"],
        "limit": lines["filing_limit"],
    }
    if lines["filing_late_through"].notna().any():
        facts["late_through"] = lines["filing_late_through"]
    if not in_full:
        return facts
    facts |= {"last_day": lines["filing_last_day"], "basis": lines["filing_basis"]}
    if lines["filing_moved"].notna().any():
        facts["moved"] = lines["filing_moved"].astype("object").where(lines["filing_moved"].notna(), None)
    return facts


def _proof(lines: pd.DataFrame) -> dict[str, Fact]:
    names = ("delay_reason", "evidence", "evidence_day", "evidence_limit", "evidence_last_day")
    return {name: lines[name] for name in names}


def _told(lines: pd.DataFrame, text: str, facts: Mapping[str, Fact]) -> Ruling:
    """Lines that stay open, with the arithmetic worth keeping."""
    return Ruling(
        lines=lines,
        effect="note",
        rule=lines["filing_rule"],
        text=text,
        facts=facts,
        whole_claim=lines["filing_by_claim"],
    )
