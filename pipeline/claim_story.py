"""What became of a claim and what to do next, in sentences for whoever answers the provider; and a family's days.

Everything is told from the documented JSON object of `pipeline.claim`. The codes are those of domain.md 6.4 and 8.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from edi.money import dollars
from rules.pend_reasons import COBRA_UNPAID, NO_PLAN, NO_PRICE, ORIGINAL_NOT_REMITTED, PEND_REASONS, VOID_NOT_DECIDED
from rules.pend_work import may_be_denied, may_be_released

Told = Mapping[str, Any]

KINDS: Mapping[str, str] = MappingProxyType({"P": "professional", "I": "institutional", "D": "dental"})
FREQUENCIES: Mapping[str, str] = MappingProxyType(
    {
        "0": "non-payment bill",
        "1": "original",
        "2": "interim bill, first",
        "3": "interim bill, continuing",
        "4": "interim bill, last",
        "5": "late charges",
        "7": "replacement",
        "8": "void",
        "9": "final home health bill",
        "Q": "reopening",
    }
)
REPAIRS: Mapping[bool, str] = MappingProxyType(
    {
        False: "Mend the rules and have them decide it again (`edi replay file FILE --scratch --config FOLDER --apply`)"
        " or, where only a table was at fault, load the right one (`edi reference load`).",
        True: "Let the system that decided it decide it again, and import that (`edi decisions import`).",
    }
)
"""What mends a decision that a run leaves out: did another system make it?"""
SYNTAX_STATUS = "684"
ORIGINAL_STATUSES = frozenset({"464", "495", "35"})
"""Of the 277CA: about the claim that a correction names."""
ORIGINAL_REMARKS = frozenset({"M47", "N152", "N547"})

RIGHT_ORIGINAL = "Send the correction again with the number of the version in force (CLP07 of its 835) in REF*F8."
SEND_AGAIN = "The provider mends what the 277CA says and sends the claim again with frequency {frequency}; the days of"
SEND_AGAIN += " the filing limit go on meanwhile."
IN_DISPUTE = "A dispute is open: until `edi dispute close`, replacements and voids of it are returned."
STILL_IN_DISPUTE = "The claim that it names is in dispute: the correction may come again when that is closed."
PAPER_ONLY = "Nothing by EDI: a dispute goes by the provider portal or the paper form."
CORRECTION = "To correct it: a claim of frequency 7 that quotes {number} in REF*F8; to take it back: frequency 8."
OF_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "29": "A correction does not make it timely. With proof of earlier filing the provider may dispute it, by the"
        " provider portal or the paper form.",
        "193": PAPER_ONLY,
        "18": "Nothing, where it was sent twice. A changed claim is a replacement (frequency 7) of the one it equals.",
        "208": "If the provider is ours, load the registry that has NPI and TIN (`edi providers load`); then the claim"
        " may come again as a replacement (frequency 7) of {number}.",
        **dict.fromkeys(
            ("26", "27", "31", "177"),
            "If the patient was covered after all, enrolment (834) has to say so first; then the claim may come again"
            " as a replacement (frequency 7) of {number}.",
        ),
        "22": "The provider bills the first payer, and us after it with what that one decided.",
    }
)
"""By CARC of a denial."""
OF_PENDED: Mapping[str, str] = MappingProxyType(
    {
        ORIGINAL_NOT_REMITTED: "Nothing: it is decided when the claim that it corrects has gone out on an 835.",
        VOID_NOT_DECIDED: "Nothing: it is decided when the void of the claim that it equals is.",
        COBRA_UNPAID: "Nothing: it is decided when enrolment reports the premium paid, or the coverage ended.",
        NO_PRICE: "Give the price with `edi pend price {number} --line LINE=AMOUNT`, or deny it with `edi pend deny`.",
        NO_PLAN: "Mend the configuration of plans, or deny it with `edi pend deny {number}`.",
    }
)
IMPORT, PRIOR = "import", "PRIOR-"
"""Kind of file of a claim that an earlier system decided, and how the traces of its payments begin."""
IN_FORCE, REFUSED = "active", "refused"


class Event(NamedTuple):
    """Something that happened to a claim of a family."""

    day: str
    claim: str
    text: str


def name_of(claim: Told) -> str:
    """How the claim is called: our number, else the tracking number, else the provider's."""
    return str(claim["claim_number"] or claim["tracking_number"] or f"{claim['provider_number']} (CLM01)")


def kind_of(claim: Told) -> str:
    """`professional replacement of 261520000001`."""
    frequency = FREQUENCIES.get(claim["frequency_code"], f"frequency {claim['frequency_code']}")
    of = f" of {claim['corrects']}" if claim["corrects"] else ""
    return f"{KINDS.get(claim['kind'], claim['kind'])} {frequency}{of}"


def sender_of(claim: Told) -> str:
    """`from clearlink`; of an imported claim `by OLD`, the system that received, decided and paid it."""
    if claim["file"]["kind"] == IMPORT and claim["decisions"]:
        return f"by {claim['decisions'][0]['source_system']}"
    return f"from {claim['file']['partner']}"


def standing(claim: Told) -> str:
    """What became of it, in a few words."""
    state, version = claim["state"], claim["version_state"]
    if state == "rejected":
        return "returned at the door by the 277CA, never decided"
    if state == "accepted":
        return "accepted, not decided yet"
    if state == "pended":
        return f"waits for {claim['decisions'][-1]['pend_reason']}" if claim["decisions"] else "waits"
    decided = _decided(claim)
    if version == REFUSED:
        return f"{decided}; the claim that it would correct stays as it is"
    if version != IN_FORCE:
        by = f" by {claim['replaced_by']}" if claim["replaced_by"] else ""
        return f"{decided}, then {version}{by}"
    return decided


def _decided(claim: Told) -> str:
    last = claim["decisions"][-1]
    if last["claim_status_code"] == "void":
        return f"accepted: it takes {claim['corrects'] or 'its original'} back"
    if claim["state"] == "denied":
        return f"denied, {codes_of(last)}" if codes_of(last) else "denied"
    unpaid = [line["line_number"] for line in last["lines"] if line.get("charge_cents") and not line.get("paid_cents")]
    lines = f", nothing on line {', '.join(map(str, unpaid))}" if unpaid and last["paid_cents"] else ""
    return f"paid {dollars(last['paid_cents'])} of {dollars(last['charge_cents'])}{lines}"


def codes_of(decision: Told) -> str:
    """Groups and reasons of what was not paid, with the remarks: `CO 29, N211`."""
    adjusted = {
        f"{one['group_code']} {one['reason_code']}": None
        for line in decision["lines"]
        for one in line.get("adjustments", ())
    }
    remarks = {code: None for line in decision["lines"] for code in line.get("remark_codes", ())}
    return ", ".join([*adjusted, *remarks])


def next_step(claim: Told) -> str:
    """What somebody has to do, or that nobody has to do anything."""
    number = name_of(claim)
    if claim["state"] == "rejected":
        return _of_rejected(claim)
    if claim["state"] == "accepted":
        return "Nothing: the next run of edi_claims_837 (or `edi adjudicate`) decides it."
    if claim["state"] == "pended":
        return _of_pended(claim, number)
    if any(dispute["outcome"] is None for dispute in claim["disputes"]):
        return IN_DISPUTE
    if claim["version_state"] in {"replaced", "voided"}:
        return f"Nothing: {claim['replaced_by']} took its place." if claim["replaced_by"] else "Nothing."
    steps = []
    if claim["left_out"]:
        # nor can it be corrected: a correction waits until it has gone out
        steps.append(_of_left_out(claim))
    elif not claim["remittances"]:
        steps.append("It goes out with the next remittance.")
    elif not claim["remittances"][-1]["is_released"]:
        steps.append(f"It goes out when `edi remit release {claim['remittances'][-1]['through']}` is said.")
    if not claim["left_out"]:
        steps.append(_of_denied(claim, number) if claim["state"] == "denied" else _of_paid(claim, number))
    return " ".join(step for step in steps if step)


def _of_left_out(claim: Told) -> str:
    broken = [
        f"line {one['line_number']}: {one['law']}" if one["line_number"] else one["law"] for one in claim["left_out"]
    ]
    repair = REPAIRS[claim["decisions"][-1]["decided_by"] == "imported"]
    return (
        f"The run through {claim['left_out'][0]['through']} left it out, for its decision breaks a law of the 835"
        f" ({'; '.join(broken)}). {repair} The next run takes it along."
    )


def in_open_run(sent: Told) -> str:
    """Of what is in a run that a person may still give up."""
    return f"in the run through {sent['through']}, not released yet"


def _of_rejected(claim: Told) -> str:
    codes = {
        status.split(":")[1] for edit in claim["edits"] for status in edit["statuses"] if edit["severity"] == "reject"
    }
    if claim["correction_problem"] == "F8_DISPUTED":
        return STILL_IN_DISPUTE
    if codes & ORIGINAL_STATUSES and claim["frequency_code"] in {"7", "8"}:
        return RIGHT_ORIGINAL
    if SYNTAX_STATUS in codes:
        return "The 999 names segment and element that break the guide. " + SEND_AGAIN.format(
            frequency=claim["frequency_code"]
        )
    return SEND_AGAIN.format(frequency=1 if claim["frequency_code"] == "1" else claim["frequency_code"])


def _of_pended(claim: Told, number: str) -> str:
    reason = claim["decisions"][-1]["pend_reason"] if claim["decisions"] else None
    if reason is None or not may_be_denied(reason):
        return "No remittance can be written of it: the provider has to send another claim."
    if reason in OF_PENDED:
        return OF_PENDED[reason].format(number=number)
    deny = f"`edi pend deny {number} --group G --carc C`"
    if may_be_released(reason):
        return f"A person decides: `edi pend release {number}` sets the reason aside, {deny} denies it."
    return f"Supply what is missing, or deny it with {deny}."


def _of_denied(claim: Told, number: str) -> str:
    last = claim["decisions"][-1]
    adjustments = [one for line in last["lines"] for one in line.get("adjustments", ())]
    remarks = {code for line in last["lines"] for code in line.get("remark_codes", ())}
    if claim["correction_problem"] == "F8_DISPUTED":
        return STILL_IN_DISPUTE
    if claim["version_state"] == REFUSED and remarks & ORIGINAL_REMARKS:
        return RIGHT_ORIGINAL
    if "N380" in remarks:
        return "Send it as a replacement (frequency 7) of the claim that it resembles, quoting that one in REF*F8."
    for one in adjustments:
        if one["reason_code"] in OF_REASONS:
            return OF_REASONS[one["reason_code"]].format(number=number)
    if adjustments and all(one["group_code"] == "PR" for one in adjustments):
        return "The patient owes it. " + CORRECTION.format(number=number)
    return "" if claim["version_state"] == REFUSED else CORRECTION.format(number=number)


def _of_paid(claim: Told, number: str) -> str:
    if claim["decisions"][-1]["claim_status_code"] == "void":
        return "Nothing: a service that was given after all is billed anew, with frequency 1."
    return CORRECTION.format(number=number)


def timeline(claims: Sequence[Told]) -> list[Event]:
    """What happened to the claims of a family, day by day; on a day, in the order in which it is done."""
    events = [
        (day, order, place, Event(day, name_of(claim), text))
        for order, claim in enumerate(claims)
        for day, place, text in _events(claim)
    ]
    return [event for *_, event in sorted(events, key=lambda one: one[:3])]


def _events(claim: Told) -> Iterator[tuple[str, int, str]]:
    yield claim["received_on"], 0, f"received {sender_of(claim)}: {kind_of(claim)}, {dollars(claim['charge_cents'])}"
    rejected = [status for edit in claim["edits"] if edit["severity"] == "reject" for status in edit["statuses"]]
    if claim["state"] == "rejected":
        yield claim["received_on"], 1, f"returned by the 277CA: {' '.join(rejected)}"
    for decision in claim["decisions"]:
        yield decision["decided_on"], 2, _decision(decision)
    for action in claim["actions"]:
        if action["decision"] is None:
            to = f" to {action['owner']}" if action["owner"] else " back to its queue"
            yield action["on"], 2, f"assigned{to} by {action['by']}"
    for dispute in claim["disputes"]:
        if dispute["claim_number"] == claim["claim_number"]:
            yield dispute["opened_on"], 5, f"dispute {dispute['reference']} opened ({dispute['channel']})"
            if dispute["outcome"] is not None:
                yield dispute["closed_on"], 6, f"dispute {dispute['reference']} closed: {dispute['outcome']}"
    for sent in claim["remittances"]:
        how = "taken back" if sent["entry"] == "reversal" else "remitted"
        if not sent["is_released"]:
            how = f"{'to be taken back' if sent['entry'] == 'reversal' else 'to be paid'}, {in_open_run(sent)},"
        by = sender_of(claim) if sent["trace_number"].startswith(PRIOR) else f"with 835 {sent['trace_number']}"
        yield (
            sent["production_date"],
            4 if sent["entry"] == "reversal" else 3,
            f"{how} {by}: {dollars(sent['paid_cents'])}, CLP02 {sent['claim_status_code']}",
        )


def _decision(decision: Told) -> str:
    by = {"rules": "", "person": " by a person"}.get(decision["decided_by"], f" by {decision['source_system']}")
    if decision["outcome"] == "pended":
        return f"waits for {decision['pend_reason']}"
    if decision["claim_status_code"] == "void":
        return f"void accepted{by}"
    codes = codes_of(decision)
    if decision["outcome"] == "denied":
        return f"denied{by}: {codes}"
    return f"paid{by}: {dollars(decision['paid_cents'])}{f', {codes}' if codes else ''}"


def because(pend_reason: str | None) -> str | None:
    """Why a claim waits, in words."""
    return PEND_REASONS.get(pend_reason) if pend_reason else None
