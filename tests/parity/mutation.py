"""Damage valid files at random, one to three places each."""

from __future__ import annotations

import random

VALUES = (
    *(
        "",
        "X",
        "QQ",
        "ZZZ",
        "-5",
        "1.5",
        "1.",
        ".",
        "20250231",
        "20250101",
        "2501",
        "2560",
        "A B ",
        "A^B",
        "A:B",
        "\xe9",
    ),
    *("\t", "99999999999999999999", "20250101-20250102", "a" * 90, "12", "01", "XX", "D8", "RD8", "TM", "HC", "00501"),
)
RUN_SHARE = 0.15
"""Of the changes: how many hit several segments together."""
FRAME_SHARE = 0.05
"""Of the changes: how many hit GS, GE or IEA. An ISA of other widths pyx12 does not read."""
MOST_IN_RUN = 6
"""Segments that are dropped, repeated or moved together."""
INSERTED = " ~*:^\xe91A\n"
ENVELOPE = ("ISA", "GS*", "IEA", "GE*")


def mutate(text: str, chance: random.Random) -> str:
    """The text with a few random changes, most of them between ST and SE; SE01 is put right half of the time.

    Separators are those of the ISA.
    """
    element_end, segment_end = text[3], text[105]
    segments = [one for part in text.split(segment_end) if (one := part.strip("\r\n"))]
    body = [place for place, one in enumerate(segments) if not one.startswith(ENVELOPE)]
    frame = [place for place, one in enumerate(segments) if one.startswith(ENVELOPE[1:])]
    for _ in range(chance.randint(1, 3)):
        at = chance.choice(frame if chance.random() < FRAME_SHARE else body)
        if at < len(segments):
            segments = [one for one in _change(segments, at, chance, element_end) if one]
    if chance.random() < 0.5:
        segments = _recount(segments, element_end)
    return segment_end.join(segments) + segment_end


def _change(segments: list[str], at: int, chance: random.Random, element_end: str) -> list[str]:
    if chance.random() < RUN_SHARE:
        return _change_run(segments, at, chance)
    changed = list(segments)
    elements = segments[at].split(element_end)
    match chance.randrange(10):
        case 0:
            changed[at] = ""
        case 1:
            changed.insert(at, segments[at])
        case 2:
            other = min(at + 1, len(segments) - 3)
            changed[at], changed[other] = changed[other], changed[at]
        case 3 | 4 | 5:
            elements[chance.randrange(len(elements)) or -1] = chance.choice(VALUES)
            changed[at] = element_end.join(elements)
        case 6:
            changed[at] += element_end + chance.choice(VALUES)
        case 7:
            changed[at] = element_end.join(elements[:-1]) if len(elements) > 1 else segments[at]
        case 8:
            changed.insert(at, chance.choice(segments[2:-2] or segments))
        case _:
            place = chance.randrange(len(segments[at]) + 1)
            changed[at] = segments[at][:place] + chance.choice(INSERTED) + segments[at][place:]
    return changed


def _change_run(segments: list[str], at: int, chance: random.Random) -> list[str]:
    """Repeat, drop or move some segments that follow one another."""
    run = segments[at : at + chance.randint(2, MOST_IN_RUN)]
    others = segments[:at] + segments[at + len(run) :]
    match chance.randrange(4):
        case 0 | 1:
            return segments[:at] + run + segments[at:]
        case 2:
            return others
    target = chance.randint(2, max(len(others) - 2, 2))
    return others[:target] + run + others[target:]


def _recount(segments: list[str], element_end: str) -> list[str]:
    """Put the right count into every SE."""
    count, counted = 0, []
    for segment in segments:
        elements = segment.split(element_end)
        count = 1 if elements[0] == "ST" else count + 1
        if elements[0] == "SE" and len(elements) > 1:
            elements[1] = str(count)
        counted.append(element_end.join(elements))
    return counted
