"""Why pyx12 and this engine differ at a place: each cause looks at the very segment or element in question."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tests.parity.causes_of_elements import (
    cents,
    characters,
    component_in_simple,
    empty_at_end,
    exact_format,
    foreign_postal_code,
    no_data,
    repetition,
    said_once,
    whole_pattern,
)
from tests.parity.causes_of_envelopes import (
    another_kind,
    control_number,
    crash,
    empty_group,
    guide_differs,
    guide_unknown,
    header_unread,
    noted_only,
    outside_sets,
    said_as_mismatch,
    separator_in_party,
    stops_early,
    trailer_missing,
    unusable_separator,
)
from tests.parity.causes_of_levels import closed_parent, leading_zero, line_number, plain_number, wrong_child_code
from tests.parity.causes_of_places import (
    across_parents,
    any_order,
    leading_blank,
    map_repaired,
    qualifier_suffix,
    unplaced,
)
from tests.parity.comparison import Difference


class Cause(NamedTuple):
    """A reason for differences."""

    id: str
    theirs: str
    """What pyx12 does."""
    reason: str
    """What this engine does, and why that is right."""
    example: str
    """Synthetic."""
    holds: Callable[[Difference], bool]
    may_accept: bool = False
    """May this engine accept what pyx12 refuses for it?"""


CAUSES = (
    # levels and lines
    Cause(
        "hl-child",
        "does not look at HL04",
        "HL04 must be 1 where a lower level follows and 0 where none does; it is reported at the HL that is wrong",
        "`HL*2*1*22*1` with no `HL*3*2*23` behind it",
        wrong_child_code,
    ),
    Cause(
        "hl-parent",
        "takes for a parent every number it has seen: its stack is not emptied at a new tree, and it does not look at "
        "the kind of level",
        "HL02 must name an open level, of the kind that the guide puts this one under",
        "`HL*4*1*22*0` behind `HL*3**20*1`: a subscriber of the billing provider before",
        closed_parent,
    ),
    Cause(
        "lx-sequence",
        "counts LX only in maps whose id is `837`, which that of 837I is not, and does not begin anew at ST",
        "LX01 counts from 1 in each claim in every claim guide",
        "`LX*1` and then `LX*3` in an 837I",
        line_number,
    ),
    Cause(
        "plain-number",
        "reads numbers and control numbers with `int()`, which takes blanks and line breaks, and drops component "
        "separators at their end",
        "a number is digits: HL01, HL02, SE01, GE01, IEA01 with anything else are wrong, and control numbers are "
        "compared as sent",
        "`SE*16*0001:`",
        plain_number,
    ),
    Cause(
        "leading-zero",
        "compares LX01 as text, though it reads HL01, SE01, GE01 and IEA01 as numbers",
        "01 is the number 1 everywhere: X12 says that leading zeros should be left out, not that they must",
        "`LX*01`",
        leading_zero,
        may_accept=True,
    ),
    # what has no place, and what is missing
    Cause(
        "map-repaired",
        "takes its maps as they are",
        "`docs/guides.md` lists every repair with what shows that the map is wrong; with the map unrepaired the two "
        "agree at this place",
        "`N1*IN` (payer) before `N1*P5` (sponsor) in an 834",
        map_repaired,
        may_accept=True,
    ),
    Cause(
        "any-order",
        "reports a required loop as missing as soon as a loop of the same position is found, and again each time, "
        "though loops of one position come in any order",
        "what may still come is not missing: it is reported where its position is left",
        "`NM1*PR` (2010BB) before `NM1*IL` (2010BA)",
        any_order,
        may_accept=True,
    ),
    Cause(
        "missing-elsewhere",
        "keeps silent about what is missing where its position number equals that of the segment found, even when "
        "the two are in different loops and have nothing to do with each other",
        "position numbers are compared between siblings only",
        "a 999 set without IK5: SE has the position number of IK5, but is not in its loop",
        across_parents,
    ),
    Cause(
        "qualifier-suffix",
        "drops component separators at the end of a qualifier, finds the segment's place with the rest and then "
        "reports the element",
        "a value is compared as sent: this is no qualifier of the guide, so the segment has no place, with what "
        "follows from that. Both refuse the set",
        "`REF*0F:*123456789`",
        qualifier_suffix,
    ),
    Cause(
        "no-place-no-check",
        "goes on to report sequence numbers and separators of a segment that has no place",
        "one finding says that the segment has no place; what it holds is then not looked at",
        "an LX outside any claim",
        unplaced,
    ),
    Cause(
        "leading-blank",
        "refuses a segment with a blank before its id",
        "white space between segments is tolerated, and noted (LEADING_SPACE) within sets",
        "`~ N4*ANYTOWN*IL*62701`",
        leading_blank,
        may_accept=True,
    ),
    # elements
    Cause(
        "repetition",
        "knows no repetitions: `^` is a character of the value",
        "the separator of ISA11 splits an element that may repeat, and each part is checked; in one that may not, "
        "it is ELEMENT_REPETITIONS (IK403 12)",
        "`DMG*D8*19800102*F**RET:2106-3^RET:2076-8` of an 834",
        repetition,
        may_accept=True,
    ),
    Cause(
        "component-in-simple",
        "reports the character only, even where the element is not used, and takes separators alone for no value in "
        "syntax notes",
        "an element that is not used is that first, one that is there is there, and its length is told besides its "
        "character",
        "`NM1*PR*2*PLAN*A:B****PI*1`",
        component_in_simple,
    ),
    Cause(
        "character",
        "goes on to look for codes and dates in a value with a character that it may not hold, and calls such a "
        "character in a date or time a wrong date",
        "such a value is one character error (IK403 6), of whatever type it is",
        "`DTP*573*D8*2025\u00e9`",
        characters,
    ),
    Cause(
        "exact-format",
        "takes any date of 6, 8 or 12 digits for DT and any time for TM, for a time also less than four digits; "
        "outside DTP every format that the guide allows there; in a composite anything",
        "DT is CCYYMMDDHHMM, TM is HHMM, and a value must have the format that its own qualifier names; one whose "
        "qualifier is absent or unknown, which is reported, has no format to be held to",
        "`DTP*435*DT*20250201`",
        exact_format,
    ),
    Cause(
        "foreign-postal-code",
        "asks for nine digits in N403 whatever the country is",
        "nine digits are the United States' postal code; a foreign one, with its country in N404, is free",
        "`N4*TORONTO*ON*M5V 2T6*CA` in 837I 2010AA",
        foreign_postal_code,
        may_accept=True,
    ),
    Cause(
        "whole-pattern",
        "looks for a pattern anywhere in the value",
        "the whole value must be of the pattern: ten digits are no postal code of nine",
        "`N4*MADISON*WI*5370377132` in 837I 2010AA",
        whole_pattern,
    ),
    Cause(
        "cents",
        "takes amounts with any number of decimals",
        "data element 782 has two decimals at most (TR3, B.1.1.3.1.2): what cannot be kept to the cent is refused",
        "`SV1*HC:99213*10.001*UN*1***1`",
        cents,
    ),
    Cause(
        "said-once",
        "reports an element that is missing and, besides, the syntax note that it breaks by that",
        "one finding for one absent element",
        "`N1*P5*BAKERY*FI`: N104 is required, and note P0304 asks for it too",
        said_once,
    ),
    Cause(
        "no-data",
        "reports a segment without any data besides what else is wrong with it",
        "one finding for one fault: SEGMENT_ELEMENTS is said where nothing else is",
        "`LX`",
        no_data,
    ),
    Cause(
        "empty-at-end",
        "counts empty elements at the end of a segment as too many elements",
        "they are one fault, TRAILING_SEPARATOR, at their segment",
        "`DTP*472*D8*20250215*`",
        empty_at_end,
    ),
    # sets
    Cause(
        "trailer-missing",
        "reports a missing SE only at GE, besides all that the set lacks, or not at all; its stack of open envelopes "
        "is then out of step, so that trailers which are there count as missing or as not matching",
        "SET_TRAILER_MISSING or GROUP_TRAILER_MISSING says it at the place where the unit ends; the trailers after "
        "it are compared with their own headers",
        "`ST*837*0001..`, `ST*837*0002..` without an SE between them",
        trailer_missing,
    ),
    Cause(
        "outside-sets",
        "gives segments after SE to the set before, and reports each segment that is in no set by itself",
        "a segment after SE and before the next ST belongs to no set; a run of such segments is one finding of the "
        "group or interchange (after IEA: a warning, for they are in no interchange)",
        "`SE*29*0001~REF*D9*1~GE*1*7`",
        outside_sets,
        may_accept=True,
    ),
    Cause(
        "another-kind",
        "drops a set whose ST01 is not that of the group, with a line in its log only, and takes the file as accepted",
        "such a set is refused (IK502 1), and its segments are counted, not checked",
        "`ST*834*0001` in a group of 837P",
        another_kind,
    ),
    Cause(
        "guide-differs",
        "does not compare ST03 with GS08",
        "ST03 must say the same as GS08",
        "`ST*837*0001*005010X223A2` in a group of 005010X222A1",
        guide_differs,
    ),
    # groups and interchanges
    Cause(
        "control-number",
        "wants ISA13 once in a file and GS06 once in an interchange, whoever the parties are, and takes -5 for one",
        "ISA13 is unique for a sender and receiver and their test or production data, GS06 together with GS01 to "
        "GS03 (X12 RFI 362); one with a sign is invalid, and said to be that",
        "two groups of an interchange for different departments (GS03), both with GS06 1",
        control_number,
        may_accept=True,
    ),
    Cause(
        "noted-only",
        "refuses the file for a slip in ISA01 to ISA04, ISA09, ISA10, ISA14 or GS02 to GS07, or for an element too "
        "many in GS, GE or IEA",
        "it is found at the same element, as a warning: TA1 E, and no claim is lost over it. A partner's profile "
        "can make it a rejection",
        "GS05 `102497`",
        noted_only,
        may_accept=True,
    ),
    Cause(
        "separator-in-party",
        "refuses a component separator in GS02 or GS03",
        "they are compared with what was agreed with the partner, not read",
        "GS03 `5:4321`",
        separator_in_party,
        may_accept=True,
    ),
    Cause(
        "said-as-mismatch",
        "reports a count or control number of GE or IEA as an element that is wrong too",
        "that it differs from what it must repeat says it all",
        "`GE*1*`",
        said_as_mismatch,
    ),
    Cause(
        "empty-group",
        "notes a group without sets, or an interchange without groups, where there is nothing to attach the error to, "
        "and loses it",
        "AK905 5 says it of a group in the answer (`rules.acceptance`); a count in GE01 or IEA01 that is wrong is a "
        "finding",
        "`GS*..~GE*0*7`",
        empty_group,
        may_accept=True,
    ),
    Cause(
        "guide-unknown",
        "has guides that this engine has not (278)",
        "the group is answered as not supported (AK905 1 or 2)",
        "GS08 `004010X094A1`",
        guide_unknown,
    ),
    Cause(
        "stops-early",
        "stops reading without a word at an empty segment, and at a segment that its buffer of 8 KiB cannot hold",
        "reading goes on, with a warning (EMPTY_SEGMENT); a segment may have 1 MiB, a longer one is SEGMENT_TOO_LONG",
        "`~~`",
        stops_early,
        may_accept=True,
    ),
    Cause(
        "header-unread",
        "reads nothing of a file that does not begin with an ISA of 106 characters and of version 00401 or 00501",
        "the ISA's fault is found and answered, and as much of the rest is read as can be; blanks and a byte-order "
        "mark before the ISA are noted",
        "an ISA with a blank too few in ISA02",
        header_unread,
        may_accept=True,
    ),
    Cause(
        "unusable-separator",
        "splits components at any character, a digit too",
        "a letter or digit in ISA16 is no separator: the interchange is refused (TA1 027) for that alone",
        "ISA16 `0`",
        unusable_separator,
    ),
    Cause(
        "crash",
        "ends with an exception and answers nothing: at a GS08 that it has no map for, at more components than a "
        "composite has, at a trailer that closes nothing or whose count is no number, at a segment before any set",
        "every file is read to its end and answered; what stands before that place is compared all the same",
        "`SE*29*0001~SE*29*0001`",
        crash,
    ),
)


def cause_of(difference: Difference) -> Cause | None:
    """The first cause that holds."""
    return next((cause for cause in CAUSES if cause.holds(difference)), None)
