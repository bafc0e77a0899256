"""Damage files in every way that files go wrong, and in some that take an enemy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

ISA_LENGTH = 106
SEPARATOR_PLACES = (3, 104, 105, 82)
"""Of element, component and segment, and of ISA11."""
ODD_SEPARATORS = (
    *b"|>!+;<\\`{}[]@#$%&?_\"'=,/.()- \t\n\r\v\f\x00\x01\x1a\x1c\x1d\x7f",
    *b"AZaz09ISE",
    0x80,
    0xA0,
    0xE9,
    0xFF,
)
TOKENS = (
    *(
        b"*",
        b"~",
        b":",
        b"^",
        b" ",
        b"\n",
        b"\r\n",
        b"\t",
        b"\x00",
        b"\x1a",
        b"\x7f",
        b"\x80",
        b"\xe9",
        b"\xc3\xa9",
        b"\xff",
    ),
    *(b"\xef\xbb\xbf", b"\xfe\xff", b"ISA", b"ISA*", b"GS*", b"ST*", b"SE*", b"GE*", b"IEA*", b"TA1*", b"HL*", b"LX*"),
    *(b"CLM*", b"INS*", b"HI*", b"SE*1*0001~", b"GE*1*7~", b"IEA*1*000000101~", b"ST*837*0001*005010X222A1~"),
    *(b"TA1*000000009*250228*1200*A*000~", b"HL*1**20*1~", b"HL*2*1*22*0~", b"N3*" + b"*" * 70, b"9" * 30, b"-", b"."),
    *(b"20250230", b"D8*", b"RD8*20250101-20250101", b"1250", b"~~~~", b"****", b"::::", b"^^^^", b"*~", b":~", b""),
)
WIDTHS = (0, 0, 1, 1, 2, 5, 40, 300)
MANY = (3, 40, 70, 300, 5_000)


def _replace(data: bytes, chance: Random) -> bytes:
    """A token in place of some bytes; half of the time near the head, where the envelopes are."""
    at = int(chance.random() ** chance.choice((1, 3)) * (len(data) + 1))
    return data[:at] + chance.choice(TOKENS) + data[at + chance.choice(WIDTHS) :]


def _one_byte(data: bytes, chance: Random) -> bytes:
    """Any byte anywhere."""
    at = chance.randrange(len(data) + 1)
    return data[:at] + bytes([chance.randrange(256)]) + data[at + chance.randrange(2) :]


def _flip(data: bytes, chance: Random) -> bytes:
    """One bit."""
    if not data:
        return data
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def _cut(data: bytes, chance: Random) -> bytes:
    """The end is missing, or the beginning, or a part."""
    first, last = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
    return chance.choice((data[:last], data[first:], data[:first] + data[last:], data[first:last]))


def _repeat(data: bytes, chance: Random) -> bytes:
    """A part of it many times."""
    first = chance.randrange(len(data) + 1)
    part = data[first : first + chance.choice((1, 2, 3, 9, 40, 200))]
    return data[:first] + part * max(1, min(chance.choice(MANY), 20_000 // max(len(part), 1))) + data[first:]


def _separator(data: bytes, chance: Random) -> bytes:
    """One separator is another byte throughout; or only in the ISA, or only in the rest."""
    place = chance.choice(SEPARATOR_PLACES)
    if len(data) < ISA_LENGTH:
        return data
    old, new = data[place], chance.choice(ODD_SEPARATORS)
    table = bytes.maketrans(bytes([old]), bytes([new]))
    head, rest = data[:ISA_LENGTH], data[ISA_LENGTH:]
    return chance.choice((head + rest.translate(table), head.translate(table) + rest, data.translate(table)))


def _separators(data: bytes, chance: Random) -> bytes:
    """All four are others."""
    old = bytes(data[place] for place in SEPARATOR_PLACES) if len(data) >= ISA_LENGTH else b"*:~^"
    new = bytes(chance.sample(ODD_SEPARATORS, 4))
    return data.translate(bytes.maketrans(old, new))


def _line_ends(data: bytes, chance: Random) -> bytes:
    """Something between the segments, or in place of their ends."""
    end = data[105:106] if len(data) >= ISA_LENGTH else b"~"
    between = chance.choice((b"\r\n", b"\n", b"\r", b" ", b"\t \n", b"\n\n", b"\x00", b"\x0b"))
    return data.replace(end, chance.choice((end + between, between, end + end, between + end)))


def _segments(data: bytes, chance: Random) -> bytes:
    """Segments move, go, come twice, or all change places."""
    end = data[105:106] if len(data) >= ISA_LENGTH else b"~"
    segments = data.split(end)
    first, last = sorted((chance.randrange(len(segments)), chance.randrange(len(segments))))
    match chance.randrange(6):
        case 0:
            middle = segments[first:last]
            chance.shuffle(middle)
            segments[first:last] = middle
        case 1:
            segments[first : first + chance.choice((1, 2, 5))] = []
        case 2:
            segments[first:first] = segments[first : first + chance.choice((1, 3, 9))] * chance.choice((1, 2, 12))
        case 3:
            segments[first], segments[last] = segments[last], segments[first]
        case 4:
            segments.insert(last, segments[first])
        case _:
            segments = [one for one in segments if chance.random() < 0.9]
    return end.join(segments)


def _elements(data: bytes, chance: Random) -> bytes:
    """One element is empty, long, another's, of many parts, or there are many more of them."""
    if len(data) < ISA_LENGTH:
        return data
    element, component, segment, repetition = (data[place : place + 1] for place in SEPARATOR_PLACES)
    segments = data.split(segment)
    at = chance.randrange(len(segments))
    elements = segments[at].split(element)
    place = chance.randrange(len(elements))
    other = chance.choice(chance.choice(segments).split(element))
    many = chance.choice(MANY)
    elements[place] = chance.choice(
        (b"", other, b"A" * many, b"9" * many, (other + component) * many, (other + repetition) * many,
         element * many, b" " + other, other + b" ", other.lower(), b"-" + other, b"0" * many + other, b"\x00" + other),
    )  # fmt: skip
    segments[at] = element.join(elements)
    return segment.join(segments)


def _before(data: bytes, chance: Random) -> bytes:
    """Something stands before it."""
    return (
        chance.choice(
            (b"\xef\xbb\xbf", b"\xfe\xff", b" \n", b"\x00\x1a", b"GARBAGE", b"ISA", b"ISA*00", b"\xef\xbb\xbf \r\n")
        )
        + data
    )


def _utf_16(data: bytes, chance: Random) -> bytes:
    """Somebody's editor knew better."""
    return data.decode("latin-1").encode(chance.choice(("utf-16", "utf-16-be", "utf-16-le", "utf-8", "utf-7")))


SMALL: Sequence[Callable[[bytes, Random], bytes]] = (
    *[_replace] * 8, *[_one_byte] * 4, *[_flip] * 3, *[_segments] * 5, *[_elements] * 6,
    _cut, _before, _line_ends, _separator,
)  # fmt: skip
"""Changes that leave most of a file as it is, the likelier ones several times."""
GREAT: Sequence[Callable[[bytes, Random], bytes]] = (*SMALL, _repeat, _separators, _utf_16, _line_ends, _cut)


def damaged(files: Sequence[bytes], chance: Random) -> bytes:
    """One of the files with a few changes; or several, glued together or into each other."""
    data = chance.choice(files)
    for _ in range(chance.choice((0, 0, 0, 1, 1, 3))):
        other, at = chance.choice(files), chance.randrange(len(data) + 1)
        first = chance.randrange(len(other) + 1)
        data = chance.choice(
            (data + other, data[:at] + other + data[at:], data[:at] + other[first:], other[:first] + data)
        )
    for _ in range(chance.choice((0, 1, 1, 2, 3, 8))):
        data = chance.choice(GREAT if chance.random() < 0.2 else SMALL)(data, chance)
    return data[:MOST]


MOST = 60_000
"""Bytes: the plain scanner must read it all."""


def rough(chance: Random) -> bytes:
    """Bytes in the shape of X12: an ISA, perhaps a group and a set, and noise out of the alphabet of separators."""
    head = (
        b"ISA*00*          *00*          *ZZ*A              *ZZ*B              *250301*0915*^*00501*000000101*0*T*:~",
        b"GS*%s*AA*BB*20250301*0915*7*X*%s~" % chance.choice(GROUPS),
        b"ST*%s*0001*%s~" % chance.choice(SETS),
    )
    alphabet = chance.choice((b"*:~^AB01 \n", b"*~", b"ISAGTE*~01", bytes(range(256)), b"*:^~\xc3\xa9\xe9\x00\x7fA1."))
    noise = bytes(chance.choice(alphabet) for _ in range(chance.choice((3, 30, 300, 2_000))))
    pieces = [
        noise,
        *(chance.choice((b"N3*", b"HL*", b"REF*", b"", b"~", b"~CLM*", b"SE*")) + noise[:9] for _ in range(9)),
    ]
    return b"".join(head[: chance.randrange(4)]) + b"".join(pieces[: chance.randrange(1, 10)])


GROUPS = (
    (b"HC", b"005010X222A1"),
    (b"BE", b"005010X220A1"),
    (b"HP", b"005010X221A1"),
    (b"FA", b"005010X231A1"),
    (b"", b""),
)
SETS = ((b"837", b"005010X222A1"), (b"834", b"005010X220A1"), (b"835", b""), (b"999", b"005010X231A1"), (b"", b""))
