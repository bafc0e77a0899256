"""Write the page that describes the finding codes: `python -m edi.finding_codes.describe docs/findings.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from edi.finding_codes import (
    BUSINESS,
    CODES,
    ELEMENT,
    ERROR,
    GROUP,
    INTERCHANGE,
    NOTE,
    REJECT,
    SEGMENT,
    SET,
    WARNING,
    FindingCode,
)
from edi.limits import LONGEST_SEGMENT, MOST_ENVELOPES, MOST_IN_FILE, MOST_IN_SET, MOST_LEVELS

INTRODUCTION = """\
# Finding codes

Written by `python -m edi.finding_codes.describe docs/findings.md` from `edi/finding_codes`; a test fails when this
page is old.

A finding says what is wrong at one place of a file. Its code gives the WEDI SNIP type, how severe it is, and how the
acknowledgments spell it. Nothing but a partner's profile changes a severity.
"""

SEVERITIES = {
    REJECT: "the interchange, functional group or transaction set that it is about is refused",
    ERROR: (
        "told in the answer; of a segment or an element it refuses the transaction set, unless the partner takes sets "
        "with errors and the claim or member at fault can be refused by itself; of a claim, a member or a payment it "
        "refuses that one alone"
    ),
    WARNING: "kept and shown, and told to partners who take sets with errors; nothing is refused",
    NOTE: "worth knowing",
}
LEVELS = {
    INTERCHANGE: ("Interchanges", "Answered by the TA1 (TA105)."),
    GROUP: ("Functional groups", "Answered by AK9 of the 999 (AK905), a few by the TA1."),
    SET: ("Transaction sets", "Answered by IK5 of the 999 (IK502)."),
    SEGMENT: ("Segments", "Answered by IK3 of the 999 (IK304)."),
    ELEMENT: ("Elements", "Answered by IK3 (IK304 is always 8) and IK4 of the 999 (IK403)."),
    BUSINESS: ("Claims, members and payments", "No TA1 or 999 spells them."),
}
SNIP_TYPES = {
    1: "EDI syntax",
    2: "the guide's own rules: segments, elements, codes in the guide",
    3: "balances",
    4: "situations: what must be there because of something else",
    5: "code sets from outside the guide, and forms of identifiers",
    6: "product lines",
    7: "agreement with the partner, and what is on file",
}


COLUMNS = ("code", "meaning", "SNIP", "severity", "TA105", "AK905", "IK502", "IK304", "IK403")

DECISIONS = f"""
## Where X12 leaves room

- **White space.** Blanks, tabs and line ends between segments belong to nobody; before a segment id anything but line
  ends is a note (`LEADING_SPACE`). A byte-order mark and blanks before the first ISA are notes. A run of terminators
  without segments is one `EMPTY_SEGMENT`; empty segments are not counted.
- **Ends.** Empty elements at the end of a segment are an error (`TRAILING_SEPARATOR`); empty components at the end of
  a composite are not. The last IEA may lack its terminator.
- **Cut files.** An interchange ends before a segment that holds a whole ISA (16 elements of their fixed lengths), so
  that one that was cut off does not swallow the next.
- **Characters.** Lower case is right. Control characters never are. Bytes from 80 (hexadecimal) on are
  `ELEMENT_CHARACTER`, unless the partner's profile names an encoding, and then only in texts (type AN): `latin-1`
  allows A0 to FF, `utf-8` every well-formed sequence. Lengths count bytes, under `utf-8` characters; of numbers neither
  sign nor point. A blank at the end of a text is right only where it fills the least length.
- **Dates and times.** A date or time whose form another element names (data elements 1250 and 1251) is held to the
  form really sent: `D8` CCYYMMDD, `D6` YYMMDD, `RD8` CCYYMMDD-CCYYMMDD, `DT` CCYYMMDDHHMM, `TM` HHMM. No guide's code
  list names another; under an unknown form only length and characters are checked. Days must be in the calendar, from
  1800 on, hours 00 to 23. Data element 373 is CCYYMMDD, 337 is HHMM, HHMMSS, HHMMSSD or HHMMSSDD.
- **Amounts** (data element 782) are whole cents: what cannot be kept exactly is an error.
- **Levels.** HL01 counts from 1 in the set. HL02 names a level that is still open, of the kind that the guide puts
  this one under. HL04, where sent, must be 1 where a lower level follows and 0 where none does; this is told at the HL
  that says it, and only of a set that has its SE. {MOST_LEVELS} open levels are followed.
- **Lines.** LX01 counts from 1 in each claim.
- **Control numbers.** Within a file, ISA13 is used once by a sender and receiver for test and once for production
  data. GS06 is used once in its interchange for each kind of group and its application codes, ST02 once in its group.
- **Nine digits.** A postal code or tax number for which a guide demands exactly nine digits (`ELEMENT_PATTERN`) is an
  error as any other, since the guide leaves no choice; a postal code of another country (N404) is exempt.
- **Limits.** A segment of more than {LONGEST_SEGMENT:,} bytes is passed over. {MOST_IN_SET:,} findings are kept of a
  transaction set and as many of an interchange outside its sets; the last one says that there were more. After
  {MOST_IN_FILE:,} in a file only one is kept of each further set and interchange. {MOST_ENVELOPES:,} interchanges,
  functional groups and transaction sets, counted together, are read of a file; it is cut off before the next one.
"""


def describe(codes: Iterable[FindingCode]) -> str:
    """The whole page."""
    return "\n".join(_lines(codes)) + "\n"


def _lines(codes: Iterable[FindingCode]) -> Iterator[str]:
    yield INTRODUCTION
    yield from _table(("severity", "what follows"), SEVERITIES.items())
    yield ""
    yield from _table(("SNIP type", "what it checks"), ((str(number), text) for number, text in SNIP_TYPES.items()))
    yield DECISIONS.rstrip("\n")
    ordered = sorted(codes, key=lambda code: (code.snip, code.id))
    for level, (title, answer) in LEVELS.items():
        yield from ("", f"## {title}", "", answer, "")
        yield from _table(COLUMNS, (_cells(code) for code in ordered if code.level == level))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _cells(code: FindingCode) -> tuple[str, ...]:
    answers = (code.ta1, code.ak905, code.ik502, code.ik304, code.ik403)
    return (f"`{code.id}`", code.meaning, str(code.snip), code.severity, *(number or "" for number in answers))


def main(path: str) -> None:
    """Write the page.

    Raises:
        OSError: it cannot be written.
    """
    Path(path).write_text(describe(CODES.values()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
