"""Why a file is in a ledger state: one code, one sentence for the person who has to act on it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "ANSWERED": "Read, loaded and answered.",
        "TEST_ANSWERED": "Read and answered; it is test data (ISA15 = T), which touches neither members nor claims.",
        "NOTHING_TO_ANSWER": "Read; it holds nothing that is answered, such as acknowledgments of what we sent.",
        "LINES_UNANSWERED": "Read, loaded and answered; the 277CA has each claim's reasons and names no service line, "
        "for with them our own scanner found errors in it, which the log names: a fault of this program, to report.",
        "OURS_REFUSED": "It refuses something that we sent; `edi status` says what.",
        "NOTHING_ACCEPTED": "Read and answered; no transaction set was accepted, so nothing was loaded. "
        "The answer says why.",
        "INTERCHANGE_REPEATED": "Its interchange control number was used before by this sender; "
        "answered with TA1 R 025, nothing loaded.",
        "SAME_CONTENT": "The same content came from this partner before; nothing loaded, "
        "answered with TA1 R 025 where it can be.",
        "EXPECTATION_BROKEN": "A hold expectation does not hold for its content; look at the Data Docs, "
        "then release or reject it.",
        "SPONSOR_UNKNOWN": "No group of ours has its sponsor; add the group or its sponsor id to groups.yaml and "
        "release it, or reject it.",
        "ROSTER_OUT_OF_ORDER": "A full roster older than the one that was applied last for the group.",
        "ABSENCE_THRESHOLD": "A full roster that lacks more of the group's members than its settings allow.",
        "LINES_THRESHOLD": "A full roster that ends lines of insurance of more members than its settings allow.",
        "ROSTER_TOO_FAR_AHEAD": "A full roster of a day further ahead than the group's settings allow.",
        "COUNT_SWING": "A full roster with far more or far fewer members than the group's last one.",
        "RETRO_TERMINATION": "It ends coverage longer ago than the group's settings allow.",
        "BATCH_REPEATED": "A batch came before: the same submitter and BHT03, as many claims and as much money (or "
        "BHT02 says that it is sent again); release it if it is to be taken again, else reject it.",
        "BATCH_OVERSIZED": "A transaction set has more claims than the plan's settings allow; release it to take it "
        "all the same, else reject it.",
        "FILE_REJECTED": "A person rejected it: answered, and applied in nothing.",
        "ENROLLMENT_REFUSED": "Answered, and applied in nothing: its control totals (QTY) are not those of its rows.",
        "BANK_FILE_READ": "What the bank says of payments stands beside them; `edi deposits` lists what to do.",
        "BANK_FILE_EMPTY": "It says nothing of payments, or lay in the folder for tests; nothing was taken.",
        "BANK_FILE_UNMATCHED": "It speaks of payments that the bank was not told, or that had come back before: "
        "ask the bank. Its other notices stand beside their payments.",
        "STEP_FAILED": "A step failed for a reason that no retry mends; the task's log names it. "
        "Repair it, then replay the file.",
        "STEP_CRASHED": "A step ended unexpectedly too often; the task's log says where. "
        "Repair it, then replay the file.",
    }
)
"""Beside these, the code of the finding that made a file unreadable is a reason, in that table's words."""


def reason_of(code: str) -> str:
    """The sentence of a reason or of a finding code."""
    from edi.finding_codes import CODES  # noqa: PLC0415 - the larger table, rarely asked

    return REASONS[code] if code in REASONS else CODES[code].meaning
