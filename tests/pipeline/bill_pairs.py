"""Bills of which one decides what becomes of the other, in files of the demo's clearing house, and tables for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from loaders.reference_data import load_reference
from pipeline.adjudicate import adjudicate
from pipeline.process import process_files
from pipeline.remit import remit
from tests.pipeline.plan import ENROLLMENT, MINUTE, Plan

GUS = ("NOE*GUS", "M1000006", "19590119*M")
DEE = ("DOE*DEE", "M1000004", "19680505*F")
ANN = ("ROE*ANN", "M1000001", "19800211*F")
TABLES = {
    "authorization_rule": "kind,procedure_code,effective_from\nauthorization,97110,2020-01-01\n",
    "authorization": "kind,number,subscriber_id,effective_from\nauthorization,GIVEN,M1000006,2020-01-01\n",
    "fee": "revenue_code,method,amount,effective_from\n0120,case,1000.00,2020-01-01\n",
    "unit_limit": "procedure_code,most,reason_code,effective_from\n85025,1,151,2020-01-01\n",
    "bundle": "procedure_code,bundled_code,reason_code,effective_from\n99214,36415,97,2020-01-01\n",
}


class Bill(NamedTuple):
    """A claim: its account, the lines (code or revenue code, charge, units, day), and what is said of all."""

    account: str
    lines: Sequence[tuple[str, str, str, str]]
    frequency: str = "1"
    patient: tuple[str, str, str] = GUS
    said: tuple[str, ...] = ()
    """Segments after CLM."""
    stay: tuple[str, str, str] | None = None
    """Of a hospital: type of bill, admission, and the last day; it begins with its first line."""

    def segments(self) -> list[str]:
        """From CLM on."""
        total = sum(int(charge) for _, charge, _, _ in self.lines)
        if self.stay is None:
            head = [f"CLM*{self.account}*{total}***11:B:{self.frequency}*Y*A*Y*Y", *self.said, "HI*ABK:J069"]
        else:
            kind, admission, last = self.stay
            head = [
                f"CLM*{self.account}*{total}***{kind}:A:{self.frequency}**A*Y*Y",
                *(["DTP*096*TM*1100"] if kind == "11" else []),
                f"DTP*434*RD8*{self.lines[0][3]}-{last}",
                f"DTP*435*DT*{admission}0930",
                f"CL1*1*1*{'30' if self.frequency in '23' else '01'}",
                *self.said,
                "HI*ABK:I10",
                *(["HI*ABJ:I10"] if kind == "11" else []),
                "NM1*71*1*WARD*WILL****XX*1444444446",
            ]
        for number, (code, charge, units, day) in enumerate(self.lines, 1):
            service = f"SV1*HC:{code}*{charge}*UN*{units}***1"
            if self.stay is not None:
                revenue, _, procedure = code.partition(":")
                service = f"SV2*{revenue}*{'HC:' * bool(procedure)}{procedure}*{charge}*UN*{units}"
            head += [f"LX*{number}", service, f"DTP*472*D8*{day}"]
        return head


def interchange(number: int, bills: Sequence[Bill]) -> bytes:
    """A file of one class of claims."""
    hospital = bills[0].stay is not None
    guide = "005010X223A2" if hospital else "005010X222A1"
    name, npi, tin = ("LAKEVIEW GENERAL HOSPITAL", "1555555550", "933333333") if hospital else (
        "RIVER CLINIC", "1234567893", "911111111")  # fmt: skip
    body = [
        f"ST*837*0001*{guide}", f"BHT*0019*00*B{number}*20260601*0900*CH",
        "NM1*41*2*CLEARLINK CLEARINGHOUSE*****46*CLEARLINK", "PER*IC*EDI DESK*TE*5550100300",
        "NM1*40*2*HARBOR HEALTH PLAN*****46*HARBORHEALTH", "HL*1**20*1", f"NM1*85*2*{name}*****XX*{npi}",
        "N3*3 LAKE AVENUE", "N4*EXAMPLETOWN*CT*060010001", f"REF*EI*{tin}",
    ]  # fmt: skip
    for level, bill in enumerate(bills, 2):
        patient, member, born = bill.patient
        body += [
            f"HL*{level}*1*22*0", "SBR*P*18*ACME01******12", f"NM1*IL*1*{patient}****MI*{member}", "N3*1 ELM STREET",
            "N4*EXAMPLETOWN*CT*06001", f"DMG*D8*{born}", "NM1*PR*2*HARBOR HEALTH PLAN*****PI*HHP01", *bill.segments(),
        ]  # fmt: skip
    start = (
        f"ISA*00*          *00*          *ZZ*CLEARLINK      *ZZ*HARBORHEALTH   *260601*0905*^*00501*{number:09d}*0*P*:"
    )
    segments = [
        start, f"GS*HC*CLEARLINK*HARBORHEALTH*20260601*0905*{number}*X*{guide}", *body, f"SE*{len(body) + 1}*0001",
        f"GE*1*{number}", f"IEA*1*{number:09d}",
    ]  # fmt: skip
    return "".join(f"{segment}~\n" for segment in segments).encode()


def load_pairs(plan: Plan) -> None:
    """Load pairs of bills, all undecided, into an empty warehouse; of one the original is paid and remitted."""
    plan.load_registry()
    process_files(plan.house, plan.take_in("acme", ENROLLMENT))
    folder = plan.house.var
    folder.mkdir(parents=True, exist_ok=True)
    for kind, table in TABLES.items():
        path = folder / f"{kind}.csv"
        path.write_text(table, encoding="utf-8")
        with plan.house.warehouse.begin() as connection:
            load_reference(connection, kind, path, plan.clock.now())
    visit = ("99213", "150", "1", "20260518")
    process_files(plan.house, plan.take_in("clearlink", interchange(701, [Bill("WRONG", [visit])])))
    adjudicate(plan.house)
    plan.clock.instant += 7 * 24 * 60 * MINUTE
    remit(plan.house, plan.house.received_date(plan.clock.now()))
    (original,) = plan.rows("select claim_number from claim")
    therapy = ("97110", "60", "1", "20260505")
    professional = [
        Bill("VOID", [visit], "8", said=(f"REF*F8*{original['claim_number']}",)),
        Bill("RIGHT", [visit]),
        Bill("SAME", [("99213", "150", "1", "20260504")]),
        Bill("SAME", [("99213:25", "160", "1", "20260504")]),
        Bill("UNAUTHORIZED", [therapy]),
        Bill("AUTHORIZED", [therapy], said=("REF*G1*GIVEN",)),
        Bill("WHOLE", [("99214", "200", "1", "20260511")], patient=DEE),
        Bill("PART", [("36415", "20", "1", "20260511")], patient=DEE),
        Bill("PART FIRST", [("36415", "20", "1", "20260512")], patient=DEE),
        Bill("WHOLE AFTER", [("99214", "200", "1", "20260512")], patient=DEE),
        Bill("ONE UNIT", [("85025", "30", "1", "20260513")], patient=DEE),
        Bill("ONE MORE", [("85025", "31", "1", "20260513")], patient=DEE),
    ]
    emergency = ("13", "20260510", "20260510")
    hospital = [
        Bill("BASE", [("0450", "900", "1", "20260510")], stay=emergency),
        Bill("LATE CHARGE", [("0250", "100", "1", "20260510")], "5", stay=emergency),
        Bill("INTERIM", [("0120", "1500", "10", "20260401")], "2", DEE, stay=("11", "20260401", "20260410")),
        Bill("LAST", [("0120", "500", "9", "20260411")], "4", DEE, stay=("11", "20260401", "20260420")),
        Bill("STAY", [("0120", "20000", "9", "20260501"), ("0300:85025", "50", "1", "20260501")], "1", ANN,
             stay=("11", "20260501", "20260510")),
        Bill("LABORATORY", [("0300:85025", "51", "1", "20260501")], "1", ANN, stay=("13", "20260501", "20260501")),
    ]  # fmt: skip
    for number, bills in ((702, professional), (703, hospital)):
        process_files(plan.house, plan.take_in("clearlink", interchange(number, bills)))


OUTCOMES = (
    ("VOID", "paid"),
    ("RIGHT", "paid"),
    ("SAME", "paid"),
    ("SAME", "OA 18"),
    ("UNAUTHORIZED", "CO 197"),
    ("AUTHORIZED", "paid"),
    ("WHOLE", "paid"),
    ("PART", "CO 97"),
    ("PART FIRST", "paid"),
    ("WHOLE AFTER", "PART_PAID_EARLIER"),
    ("ONE UNIT", "paid"),
    ("ONE MORE", "CO 151"),
    ("BASE", "paid"),
    ("LATE CHARGE", "paid"),
    ("INTERIM", "CO 135"),
    ("LAST", "STAY_BEYOND_BILL"),
    ("STAY", "paid"),
    ("LABORATORY", "paid"),
)
"""What becomes of them, one after the other: paid, why denied, or why it waits."""


def outcomes_of(plan: Plan) -> tuple[tuple[str, str], ...]:
    """The same of what was decided."""
    rows = plan.rows(
        "select patient_control_number as account, case outcome when 'paid' then 'paid' when 'pended' then pend_reason"
        " else (select min(group_code || ' ' || reason_code) from adjustment a where a.decision_id = d.decision_id) end"
        " as said from decision d join claim c using (claim_id) where patient_control_number <> 'WRONG'"
        " order by claim_number, sequence"
    )
    return tuple((row["account"], row["said"]) for row in rows)
