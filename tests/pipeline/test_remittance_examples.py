"""Two weeks worked by hand, from 837s to the 835: decisions of another system, and our own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import pandas as pd

from pipeline.adjudicate import adjudicate
from pipeline.decision_import import import_decisions
from pipeline.process import process_files
from pipeline.remit import remit
from rules.payments.settings import InterestRule, PaymentSettings
from tests.pipeline.plan import ENROLLMENT, Plan
from tests.rules.payments.test_compose import TABLE_2
from tests.writers.remittances import accepted_by_pyx12

MEMBERS = {
    "ROE": ("ANN", "M0000001", "19800211", "F"),
    "POE": ("BEN", "M0000002", "19750723", "M"),
    "COE": ("CAL", "M0000003", "19901130", "M"),
    "DOE": ("DEE", "M0000004", "19680505", "F"),
}
"""Of the demo, by last name; their numbers are those of the worked example."""


@dataclass(frozen=True)
class Bill:
    """A professional claim: account, patient, lines (control number, code, dollars, units), and what it corrects."""

    account: str
    last_name: str
    day: str
    lines: Sequence[tuple[str, str, int, int]]
    original: str = ""

    def segments(self, level: int) -> list[str]:
        """Loops 2000B and 2300 (005010X222A1)."""
        first_name, number, born, gender = MEMBERS[self.last_name]
        charge = sum(dollars for _, _, dollars, _ in self.lines)
        return [
            f"HL*{level}*1*22*0",
            "SBR*P*18*******HM",
            f"NM1*IL*1*{self.last_name}*{first_name}****MI*{number}",
            "N3*1 ELM STREET",
            "N4*EXAMPLETOWN*CT*06001",
            f"DMG*D8*{born}*{gender}",
            "NM1*PR*2*HARBOR HEALTH PLAN*****PI*HHP01",
            f"CLM*{self.account}*{charge}***11:B:{7 if self.original else 1}*Y*A*Y*Y",
            *([f"REF*F8*{self.original}"] if self.original else []),
            "HI*ABK:J069",
            *(
                segment
                for number, (control, code, dollars, units) in enumerate(self.lines, 1)
                for segment in (
                    f"LX*{number}",
                    f"SV1*HC:{code}*{dollars}*UN*{units}***1",
                    f"DTP*472*D8*{self.day}",
                    f"REF*6R*{control}",
                )
            ),
        ]


def claims_file(number: int, *bills: Bill) -> bytes:
    """An 837P of the clinic."""
    head = [
        f"ISA*00*          *00*          *ZZ*RIVERCLINIC    *ZZ*HARBORHEALTH   *260601*0900*^*00501*{number:09d}*0*P*:",
        f"GS*HC*RIVERCLINIC*HARBORHEALTH*20260601*0900*{number}*X*005010X222A1",
    ]
    body = [
        "ST*837*0001*005010X222A1",
        f"BHT*0019*00*B{number}*20260601*0900*CH",
        "NM1*41*2*RIVER CLINIC*****46*RIVERCLINIC",
        "PER*IC*BILLING*TE*5550100300",
        "NM1*40*2*HARBOR HEALTH PLAN*****46*HARBORHEALTH",
        "HL*1**20*1",
        "NM1*85*2*RIVER CLINIC*****XX*1234567893",
        "N3*1 RIVER ROAD",
        "N4*EXAMPLETOWN*CT*060010001",
        "REF*EI*911111111",
        *(segment for level, bill in enumerate(bills, 2) for segment in bill.segments(level)),
    ]
    foot = [f"SE*{len(body) + 1}*0001", f"GE*1*{number}", f"IEA*1*{number:09d}"]
    return "".join(f"{segment}~\n" for segment in (*head, *body, *foot)).encode()


class Story:
    """Files that come on days, and what is decided and remitted of them."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.number = 2000
        plan.load_registry()
        members = ENROLLMENT.replace(b"M1000", b"M0000")
        policies = members.count(b"REF*1L*")
        members = members.replace(b"REF*1L*ACME01~\n", b"").replace(b"SE*72*", b"SE*%d*" % (72 - policies))
        self.at(date(2026, 4, 1))
        process_files(plan.house, plan.take_in("acme", members))

    def at(self, day: date) -> None:
        """Go on to a day."""
        self.plan.clock.instant = datetime.combine(day, time(16), UTC)

    def receive(self, day: date, *bills: Bill) -> None:
        """A file of the clinic, on that day."""
        self.at(day)
        self.number += 1
        process_files(self.plan.house, self.plan.take_in("riverclinic", claims_file(self.number, *bills)))

    def numbers(self) -> dict[str, list[str]]:
        """Our claim numbers by account, in order of receipt."""
        found: dict[str, list[str]] = {}
        for row in self.plan.rows("select patient_control_number, claim_number from claim order by claim_id"):
            found.setdefault(row["patient_control_number"], []).append(row["claim_number"])
        return found

    def remit(self, through: date, today: date) -> str:
        """The 835 of the run through a day, made on another; pyx12 accepts it."""
        self.at(today)
        remit(self.plan.house, through)
        content = [row.content for row in self.plan.outbox() if row.kind == "835"][-1]
        assert accepted_by_pyx12(content)
        return content.decode().replace("~", "\n")


def table_2(content: str) -> str:
    """From LX on, with the provider adjustments."""
    return content[content.index("LX*1") : content.index("SE*")]


def test_the_worked_example_comes_of_decisions_of_another_system(plan: Plan, tmp_path: Path) -> None:
    """domain.md 9.9, from 837s over an import of decisions and interest to the bytes; only our numbers are others."""
    plan.change(adjudication="outside")
    story = Story(plan)

    def decide(*rows: dict[str, object]) -> None:
        path = tmp_path / "decisions.csv"
        same = {"outcome": "paid", "decided_on": plan.house.today(), "plan_id": "GOLD-HMO"}
        pd.DataFrame([same | row for row in rows], dtype=object).to_csv(path, index=False)
        import_decisions(plan.house, path, "core", "jo")

    def row(
        number: str, line: int, charge: int, allowed: int, paid: int, codes: str, **other: object
    ) -> dict[str, object]:
        amounts = {"charge_cents": charge, "allowed_cents": allowed, "paid_cents": paid, "adjustments": codes}
        return {"claim_number": number, "line_number": line, **amounts, **other}

    story.receive(date(2026, 5, 5), Bill("PCN-D", "DOE", "20260420", [("D1", "97110", 300, 4)]))
    ((original,),) = story.numbers().values()
    decide(row(original, 1, 30_000, 20_000, 15_000, "CO:45:10000 PR:2:5000"))
    first = story.remit(date(2026, 5, 17), date(2026, 5, 18))
    assert "BPR*I*150*C*ACH" in first
    story.receive(date(2026, 5, 20), Bill("PCN-A", "ROE", "20260504", [("A1", "99213", 150, 1)]))
    two = [("B1", "99214", 200, 1), ("B2", "S9999", 60, 1)]
    story.receive(date(2026, 6, 1), Bill("PCN-B", "POE", "20260518", two))
    story.receive(date(2026, 6, 8), Bill("PCN-C", "COE", "20260401", [("C1", "99213", 175, 1)]))
    story.receive(date(2026, 6, 10), Bill("PCN-D", "DOE", "20260420", [("D1", "97110", 280, 4)], original))
    numbers = story.numbers()
    (a,), (b,), (c,), (_, corrected) = (numbers[f"PCN-{each}"] for each in "ABCD")
    decide(
        row(a, 1, 15_000, 10_000, 8_000, "CO:45:5000 PR:3:2000", interest_cents=250),
        row(b, 1, 20_000, 12_000, 9_000, "CO:45:8000 PR:1:3000"),
        row(b, 2, 6_000, 0, 0, "PR:96:6000", remark_codes="N130"),
        row(c, 1, 17_500, 0, 0, "CO:29:17500", remark_codes="N211", outcome="denied"),
        row(corrected, 1, 28_000, 20_000, 16_000, "CO:45:8000 PR:2:4000"),
    )
    content = story.remit(date(2026, 6, 23), date(2026, 6, 24))
    told = {"26170000001": a, "26170000002": b, "26170000003": c, "26150000004": original, "26170000005": corrected}
    expected = TABLE_2
    for number, ours in told.items():
        expected = expected.replace(number, ours)
    assert table_2(content) == expected
    bank = "01*999999992*DA*990001*1990000001**01*999999992*DA*110001"
    assert f"BPR*I*182.5*C*ACH*CCP*{bank}*20260626\n" in content


LATE = InterestRule(id="LATE", days=20, percent_a_year=Decimal(15))
OURS = """\
LX*1
CLP*G-1*1*400*99.2*24.8*12*{g}*11*1
NM1*QC*1*DOE*DEE****MI*M0000004
DTM*050*20260504
AMT*I*1.26
SVC*HC:97110*400*99.2**4
DTM*472*20260428
CAS*CO*45*276
CAS*PR*2*24.8
REF*6R*G1
AMT*B6*124
CLP*E-1*1*230*113.6*28.4*12*{e}*11*1
NM1*QC*1*POE*BEN****MI*M0000002
DTM*050*20260605
SVC*HC:99214*200*105**1
DTM*472*20260520
CAS*CO*45*68.75
CAS*PR*2*26.25
REF*6R*E1
AMT*B6*131.25
SVC*HC:85025*30*8.6**1
DTM*472*20260520
CAS*CO*45*19.25
CAS*PR*2*2.15
REF*6R*E2
AMT*B6*10.75
CLP*H-1*1*150*67.5*25*HM*{h}*11*1
NM1*QC*1*ROE*ANN****MI*M0000001
DTM*050*20260605
SVC*HC:99213*150*67.5**1
DTM*472*20260520
CAS*CO*45*57.5
CAS*PR*3*25
REF*6R*H1
AMT*B6*92.5
CLP*L-1*1*180*0**HM*{l}*11*1
NM1*QC*1*COE*CAL****MI*M0000003
DTM*050*20260605
SVC*HC:99214*180*0**1
DTM*472*20260402
CAS*CO*29*180
REF*6R*L1
PLB*1234567893*20261231*L6:{g}*-1.26
"""
CORRECTED = """\
LX*1
CLP*G-1*22*-400*-99.2**12*{g}*11*1
NM1*QC*1*DOE*DEE****MI*M0000004
DTM*050*20260504
AMT*I*-1.26
SVC*HC:97110*-400*-99.2**-4
DTM*472*20260428
CAS*CO*45*-276
CAS*PR*2*-24.8
REF*6R*G1
CLP*G-2*1*300*74.4*18.6*12*{new}*11*7
NM1*QC*1*DOE*DEE****MI*M0000004
REF*F8*{g}
DTM*050*20260625
AMT*I*0.95
SVC*HC:97110*300*74.4**3
DTM*472*20260428
CAS*CO*45*207
CAS*PR*2*18.6
REF*6R*G1
AMT*B6*93
LQ*HE*MA67
PLB*1234567893*20261231*L6*0.31*FB:{trace}*-25.11
"""


def test_a_week_of_our_own_decisions_is_what_hand_and_pencil_make_of_it(plan: Plan) -> None:
    """One contract (the demo's fees), two plans of it, 15 % interest from day 21 after receipt.

    | claim | allowed | patient | plan pays |
    |---|---|---|---|
    | G, PPO 20 %: 97110 x 4 at 31.00, billed 400 | 124.00; CO 45 276.00 | 20 % 24.80 | 99.20 |
    | E, PPO: 99214, billed 200 | 131.25; CO 45 68.75 | 26.25 | 105.00 |
    | E: 85025, billed 30 | 10.75; CO 45 19.25 | 2.15 | 8.60 |
    | H, HMO: 99213, billed 150 | 92.50; CO 45 57.50 | copay 25.00 | 67.50 |
    | L, HMO: 99214, billed 180; came 64 days after the service, 60 are allowed | CO 29 180.00 | | 0.00 |

    Claims 99.20 + 113.60 + 67.50 = 280.30. G came on 4 May and is paid on 24 June, 51 days later, 31 of them late:
    99.20 x 15 % x 31 / 365 = 1.2638, that is 1.26; the others came on 5 June, 19 days before. Together 281.56.

    The week after, three units of G take the place of four, billed 300: allowed 93.00 (CO 45 207.00), 20 % 18.60, paid
    74.40. What is paid again keeps its share of the interest, 1.26 x 74.40 / 99.20 = 0.945, that is 0.95. The claims
    move 74.40 - 99.20 = -24.80, the interest 0.95 - 1.26 = -0.31: 25.11 are owed and forwarded.
    """
    plan.change(payments=PaymentSettings(interest_rules=(LATE,)))
    story = Story(plan)
    story.receive(date(2026, 5, 4), Bill("G-1", "DOE", "20260428", [("G1", "97110", 400, 4)]))
    story.receive(
        date(2026, 6, 5),
        Bill("E-1", "POE", "20260520", [("E1", "99214", 200, 1), ("E2", "85025", 30, 1)]),
        Bill("H-1", "ROE", "20260520", [("H1", "99213", 150, 1)]),
        Bill("L-1", "COE", "20260402", [("L1", "99214", 180, 1)]),
    )
    adjudicate(plan.house)
    content = story.remit(date(2026, 6, 21), date(2026, 6, 22))
    numbers = {account[0].lower(): number for account, (number,) in story.numbers().items()}
    assert table_2(content) == OURS.format(**numbers)
    assert "BPR*I*281.56*C*ACH*" in content
    story.receive(date(2026, 6, 25), Bill("G-2", "DOE", "20260428", [("G1", "97110", 300, 3)], numbers["g"]))
    adjudicate(plan.house)
    content = story.remit(date(2026, 6, 28), date(2026, 6, 29))
    (new,) = story.numbers()["G-2"]
    trace = content[content.index("TRN*1*") + len("TRN*1*") :].split("*")[0]
    assert table_2(content) == CORRECTED.format(g=numbers["g"], new=new, trace=trace)
    assert "BPR*H*0*C*NON*" in content
