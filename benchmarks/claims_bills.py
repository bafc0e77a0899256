"""The professional bills of the claims benchmark: who is billed for, what for, and the 837P that says so.

Everything follows from the number of the batch. Members, providers and fees are those of `claims_world`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

import numpy as np

from edi.synthetic.identifiers import npi, tin

FAMILY = 3
"""A subscriber, a spouse, a child: members are numbered through, families in threes."""
RELATIONS = ("18", "01", "19")
PROVIDERS = 2_000
CODES = tuple(f"Q{number:04d}" for number in range(120))
"""Made-up procedures, each with a fee; those of UNPRICED_CODE have none."""
UNPRICED_CODE = "Q0999"
UNKNOWN_PROVIDER = PROVIDERS + 1
CLAIMS_A_SET = 5_000
LINES = (0.20, 0.35, 0.25, 0.15, 0.05)
"""Shares of claims with one line, two ...: 2.5 on average."""
FILING_DAYS = 60
MIX = {"replacement": 0.024, "void": 0.006, "duplicate": 0.04, "late": 0.06, "unpriced": 0.03}
MIX |= {"unknown member": 0.03, "unknown provider": 0.02}
"""Shares of a batch; the rest is paid. The first three need earlier claims."""
OF_EARLIER = ("replacement", "void", "duplicate")


@dataclass(frozen=True, slots=True)
class Line:
    """A service: made-up procedure, charge in cents, units."""

    code: str
    charge: int
    units: int


@dataclass(frozen=True, slots=True)
class Bill:
    """A claim of one day of service."""

    member: int
    provider: int
    account: str
    day: date
    lines: tuple[Line, ...]
    frequency: str = "1"
    original: str = ""
    """Our number of the claim that it corrects."""
    known: bool = True
    """Is the patient enrolled?"""

    @property
    def charge(self) -> int:
        """CLM02 in cents."""
        return sum(line.charge for line in self.lines)


def born(number: int) -> date:
    """Date of birth of a member; children are young."""
    is_child = number % FAMILY == FAMILY - 1
    return date(1960, 1, 1) + timedelta(days=18_500 + number % 5_000 if is_child else number % 12_000)


def first_name(number: int) -> str:
    """Letters that are the member's number."""
    return "".join(chr(ord("A") + int(digit)) for digit in f"{number:07d}")


def subscriber_number(number: int) -> str:
    """REF*0F and NM109 of the family."""
    return f"W{number // FAMILY:08d}"


def provider_ids(provider: int) -> tuple[str, str]:
    """NPI and TIN; four providers share a TIN."""
    return npi(provider), tin(provider // 4)


def bills(count: int, batch: int, members: int, arrived: date, earlier: Sequence[Bill]) -> list[Bill]:
    """The bills of a batch: MIX of `earlier` and new ones. Without earlier ones all are new."""
    dice = np.random.default_rng(batch)
    wanted = {kind: round(share * count) for kind, share in MIX.items()}
    made: list[Bill] = []
    left = list(earlier)
    for kind in OF_EARLIER:
        chosen, left = left[: wanted[kind]], left[wanted[kind] :]
        made += [_of_earlier(kind, bill, f"C{batch}-{len(made) + place}") for place, bill in enumerate(chosen)]
    kinds = np.repeat([*wanted][len(OF_EARLIER) :], [wanted[kind] for kind in [*wanted][len(OF_EARLIER) :]]).tolist()
    kinds += ["paid"] * (count - len(made) - len(kinds))
    made += [_new(kind, f"B{batch}-{place}", dice, members, arrived) for place, kind in enumerate(kinds)]
    return [made[place] for place in dice.permutation(len(made)).tolist()]


def _of_earlier(kind: str, bill: Bill, account: str) -> Bill:
    if kind == "duplicate":
        return replace(bill, original="")
    if kind == "void":
        return replace(bill, frequency="8", account=account)
    first, *others = bill.lines
    dearer = replace(first, charge=first.charge + 1_000)
    return replace(bill, frequency="7", account=account, lines=(dearer, *others))


def _new(kind: str, account: str, dice: np.random.Generator, members: int, arrived: date) -> Bill:
    age = FILING_DAYS + 5 + int(dice.integers(60)) if kind == "late" else 3 + int(dice.integers(28))
    codes = dice.choice(len(CODES), 1 + int(dice.choice(len(LINES), p=LINES)), replace=False).tolist()
    units = dice.integers(1, 4, len(codes)).tolist()
    lines = [
        Line(CODES[code], (4_000 + 100 * code) * number, number) for code, number in zip(codes, units, strict=True)
    ]
    if kind == "unpriced":
        lines[0] = replace(lines[0], code=UNPRICED_CODE)
    return Bill(
        member=int(dice.integers(members)),
        provider=UNKNOWN_PROVIDER if kind == "unknown provider" else int(dice.integers(PROVIDERS)),
        account=account,
        day=arrived - timedelta(days=age),
        lines=tuple(lines),
        known=kind != "unknown member",
    )


def claims_file(made: Sequence[Bill], batch: int, sent: date) -> bytes:
    """An 837P of these bills, in sets of thousands, a provider's together."""
    by_provider = sorted(made, key=lambda bill: bill.provider)
    sets = [by_provider[first : first + CLAIMS_A_SET] for first in range(0, len(by_provider), CLAIMS_A_SET)]
    day = f"{sent:%Y%m%d}"
    out = [
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'CLEARLINK':15}*ZZ*{'HARBORHEALTH':15}*{day[2:]}*0900*^*00501*{batch:09d}*0*P*:",
        f"GS*HC*CLEARLINK*HARBORHEALTH*{day}*0900*{batch}*X*005010X222A1",
    ]
    for number, content in enumerate(sets, 1):
        body = [
            f"ST*837*{number:04d}*005010X222A1",
            f"BHT*0019*00*CL{batch}-{number}*{day}*0900*CH",
            "NM1*41*2*CLEARLINK CLEARINGHOUSE*****46*CLEARLINK",
            "PER*IC*EDI DESK*TE*6145550100",
            "NM1*40*2*HARBOR HEALTH PLAN*****46*HARBORHEALTH",
            *_levels(content),
        ]
        out += [*body, f"SE*{len(body) + 1}*{number:04d}"]
    out += [f"GE*{len(sets)}*{batch}", f"IEA*1*{batch:09d}", ""]
    return "~".join(out).encode("ascii")


def _levels(content: Iterable[Bill]) -> Iterator[str]:
    level = 0
    for provider, of_provider in groupby(content, key=lambda bill: bill.provider):
        level += 1
        above = level
        number, tax = provider_ids(provider)
        yield from (f"HL*{level}**20*1", "PRV*BI*PXC*207Q00000X", f"NM1*85*2*CLINIC {provider}*****XX*{number}")
        yield from (f"N3*{1 + provider} HILL STREET", "N4*EXAMPLETOWN*CT*060020001", f"REF*EI*{tax}")
        for bill in of_provider:
            yield from _claim(bill, level + 1, above)
            level += 1 + (bill.member % FAMILY != 0)


def _claim(bill: Bill, level: int, above: int) -> Iterator[str]:
    """A claim with its subscriber, and patient where that is somebody else."""
    head = bill.member - bill.member % FAMILY
    depends = bill.member != head
    number = subscriber_number(bill.member) if bill.known else f"X{bill.member:08d}"
    yield f"HL*{level}*{above}*22*{int(depends)}"
    yield f"SBR*P*{'' if depends else '18'}*ACME01******HM"
    yield f"NM1*IL*1*DOE*{first_name(head)}****MI*{number}"
    if not depends:
        yield from _person(head)
    yield "NM1*PR*2*HARBOR HEALTH PLAN*****PI*HHP01"
    if depends:
        yield from (f"HL*{level + 1}*{level}*23*0", f"PAT*{RELATIONS[bill.member % FAMILY]}")
        yield f"NM1*QC*1*DOE*{first_name(bill.member)}"
        yield from _person(bill.member)
    yield f"CLM*{bill.account}*{_money(bill.charge)}***11:B:{bill.frequency}*Y*A*Y*Y"
    if bill.original:
        yield f"REF*F8*{bill.original}"
    yield f"REF*D9*T{bill.account}"
    yield "HI*ABK:J069*ABF:R05"
    if bill.provider % 2:
        yield f"NM1*82*1*ROE*{first_name(bill.provider)}****XX*{npi(5_000_000 + bill.provider)}"
        yield "PRV*PE*PXC*207Q00000X"
    for place, line in enumerate(bill.lines, 1):
        yield f"LX*{place}"
        yield f"SV1*HC:{line.code}*{_money(line.charge)}*UN*{line.units}***1"
        yield f"DTP*472*D8*{bill.day:%Y%m%d}"
        yield f"REF*6R*{bill.account}.{place}"


def _person(number: int) -> Iterator[str]:
    yield f"N3*{1 + number // FAMILY % 9_000} ELM STREET"
    yield "N4*EXAMPLETOWN*CT*060010001"
    yield f"DMG*D8*{born(number):%Y%m%d}*{'FM'[number % 2]}"


def _money(cents: int) -> str:
    return str(cents // 100) if cents % 100 == 0 else f"{cents // 100}.{cents % 100:02d}"
