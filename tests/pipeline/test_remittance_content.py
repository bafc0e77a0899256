"""What an 835 says of claims, from the tables of the warehouse to the segments, and once more when it is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.dialects.postgresql import Range

from edi.scanner import scan
from loaders.payment_lifecycle import release
from loaders.payments import begin_run, store_run
from loaders.payments_due import read_due
from loaders.schema import claim_details, claim_operations, claims, enrollment, member_details, remittance
from loaders.warehouse import Warehouse
from rules.payments.compose import PaymentTerms, compose
from rules.payments.settings import PaymentSettings, RemittanceContent
from tests.loaders.desk import NOON, SUNDAY, Desk
from tests.writers.remittances import PAYER, accepted_by_pyx12
from writers.remittance_files import Receiver, Sending, write_remittances

PLACE = {"source_start": 0, "source_stop": 1}


@dataclass
class Weeks:
    """Weeks of a warehouse: each is read, composed, written and kept."""

    desk: Desk
    content: RemittanceContent = field(default_factory=RemittanceContent)
    number: int = 0

    def settle(self) -> list[bytes]:
        """The files of the next week, in which our own scanner finds nothing."""
        through = SUNDAY + timedelta(days=7 * self.number)
        self.number += 1
        terms = PaymentTerms(
            production_date=through + timedelta(days=1),
            payment_date=through + timedelta(days=3),
            first_trace_number=100 * self.number,
            filing_indicators={"gold": "12"},
            lines_of_business={},
            settings=PaymentSettings(remittance=self.content),
        )
        with self.desk.warehouse.begin() as conn:
            composed = compose(read_due(conn, through, ()), terms)
            receivers = {"clearinghouse_one": Receiver("ZZ", "CLRHOUSE01", "CLRHOUSE01")}
            sending = Sending(1, "P", datetime(2026, 6, 24, 6, tzinfo=UTC))
            files = list(write_remittances(composed.run, PAYER, receivers, sending))
            entries = pa.array(composed.entry_ids, pa.int64(), from_pandas=True)
            run_id = begin_run(conn, through, NOON)
            store_run(conn, run_id, composed.run, entries)
            release(conn, run_id, NOON, "jo", None)
        for content in files:
            assert scan(content, snip=5).findings == []
        return files

    def add(self, table: Table, **values: object) -> None:
        """A row."""
        with self.desk.warehouse.begin() as conn:
            conn.execute(insert(table).values(**values))

    def decide(
        self,
        claim_id: int,
        lines: list[dict[str, Any]],
        adjustments: list[tuple[int, str, int, int | None]],
        remarks: Sequence[tuple[int, str]] = (),
        **other: Any,  # noqa: ANN401 - columns of any type
    ) -> None:
        """Decide a claim of some lines; adjustments by line (0: the claim), codes as `CO 45`, cents and units."""
        paid = sum(line["paid_cents"] for line in lines) - sum(cents for line, _, cents, _ in adjustments if not line)
        share = sum(cents for _, codes, cents, _ in adjustments if codes.startswith("PR"))
        decision = self.desk.decide(
            claim_id,
            paid,
            outcome="paid" if paid else "denied",
            patient_responsibility_cents=share,
            allowed_cents=sum(line["allowed_cents"] for line in lines),
            **other,
        )
        key = {"decision_id": decision}
        with self.desk.warehouse.begin() as conn:
            for table in (claims.decision_line, claims.adjustment):
                conn.execute(delete(table).where(table.c.decision_id == decision))
            for number, line in enumerate(lines, 1):
                conn.execute(insert(claims.decision_line).values(**key, line_number=number, **line))
            for number, codes, cents, units in adjustments:
                group, reason = codes.split()
                row = {"group_code": group, "reason_code": reason, "amount_cents": cents, "quantity": units}
                conn.execute(insert(claims.adjustment).values(**key, line_number=number, **row))
            for number, remark in remarks:
                conn.execute(insert(claims.decision_remark).values(**key, line_number=number, remark_code=remark))

    def split(self, claim_id: int, *lines: dict[str, Any]) -> None:
        """The claim's lines, instead of the one that it has."""
        with self.desk.warehouse.begin() as conn:
            conn.execute(delete(claims.claim_line).where(claims.claim_line.c.claim_id == claim_id))
            for number, line in enumerate(lines, 1):
                day = {"service_from": date(2026, 5, 20), "service_through": date(2026, 5, 20)}
                row = {"claim_id": claim_id, "line_number": number, "unit": "UN", **day, **PLACE} | line
                conn.execute(insert(claims.claim_line).values(**row))


@pytest.fixture
def weeks(warehouse: Warehouse) -> Weeks:
    """A warehouse with a registry, a member and a file."""
    return Weeks(Desk(warehouse).open())


def loops(content: bytes) -> list[list[str]]:
    """The claim loops of an 835, each from its CLP on."""
    found: list[list[str]] = []
    for segment in content.decode("ascii").split("~"):
        name = segment.split("*")[0]
        if name == "CLP":
            found.append([])
        if name in {"PLB", "SE"}:
            break
        if found and name != "LX":
            found[-1].append(segment)
    return found


STAY = """\
CLP*PCN-STAY*1*1000*750*50*12*{number}*11*1**470*1.25*0.8
CAS*CO*45*100
CAS*PR*1*50
NM1*QC*1*ROW*ANN****MI*M0000009
NM1*74*1*ROE*ANN****C*M0000001
NM1*82*1*HAND*SUE****XX*1000000004
MIA*3****MA07
REF*1L*GROUP9
REF*EA*MR77
REF*G1*AUTH1
REF*9A*REPRICED1
DTM*232*20260520
DTM*233*20260520
DTM*050*20260601
AMT*AU*1000
AMT*F5*25
AMT*I*2.5
QTY*CA*3
QTY*CD*1
SVC*NU:0120*600*600**3
DTM*472*20260520
REF*6R*S1
AMT*B6*600
SVC*HC:99212*400*300*0450*3*HC:99213:25*5
DTM*472*20260520
CAS*CO*222*100*2
REF*G1*AUTH2
REF*6R*S2
REF*HPI*1234567893
REF*0K*POLICY7
AMT*B6*300
LQ*HE*N362"""


def a_stay(weeks: Weeks) -> int:
    """A stay that another system priced by DRG: changed code, units in part, adjusted as a whole and on a line."""
    claim = weeks.desk.claim(
        charge=100_000, kind="I", patient_control_number="PCN-STAY", drg_code="469", patient_last_name="ROW",
        subscriber_id="M0000009", group_number="GROUP9", prior_authorization="AUTH1", patient_paid_cents=2500,
        rendering_npi="1000000004",
    )  # fmt: skip
    weeks.split(
        claim,
        {"revenue_code": "0120", "charge_cents": 60_000, "unit": "DA", "quantity": 3, "line_control_number": "S1"},
        {"revenue_code": "0450", "procedure_qualifier": "HC", "procedure_code": "99213", "modifier_1": "25",
         "charge_cents": 40_000, "quantity": 5, "line_control_number": "S2", "rendering_npi": "1234567893"},
    )  # fmt: skip
    key = {"claim_id": claim, **PLACE}
    hand = {"last_or_organization_name": "HAND", "first_name": "SUE", "id_qualifier": "XX", "identifier": "1000000004"}
    weeks.add(claims.claim_party, **key, ordinal=1, loop="2310D", entity_code="82", entity_type="1", **hand)
    for ordinal, (line, qualifier, value) in enumerate(
        ((None, "EA", "MR77"), (None, "9A", "REPRICED1"), (2, "G1", "AUTH2"), (None, "D9", "NOT SAID")), 1
    ):
        row = {"ordinal": ordinal, "line_number": line, "qualifier": qualifier, "value": value}
        weeks.add(claim_details.claim_reference, **key, **row)
    for ordinal, (code, days) in enumerate((("80", 300), ("82", 100)), 1):
        row = {"ordinal": ordinal, "qualifier": "BE", "code": code, "amount_cents": days}
        weeks.add(claim_details.claim_information, **key, **row)
    weeks.add(
        claim_operations.decision_import, import_id=1, content_sha256="0", source_system="core", archive_path="",
        imported_at=NOON, imported_by="jo", claims=1, paid_cents=75_000, interest_cents=250,
    )  # fmt: skip
    weeks.decide(
        claim,
        [
            {"charge_cents": 60_000, "allowed_cents": 60_000, "paid_cents": 60_000},
            {"charge_cents": 40_000, "allowed_cents": 30_000, "paid_cents": 30_000, "procedure_qualifier": "HC",
             "procedure_code": "99212", "paid_units": 3, "policy_number": "POLICY7"},
        ],
        [(0, "CO 45", 10_000, None), (0, "PR 1", 5_000, None), (2, "CO 222", 10_000, 2)],
        [(0, "MA07"), (2, "N362")],
        drg_code="470", drg_weight=Decimal("1.2500"), discharge_fraction=Decimal("0.8"),
        source="imported", import_id=1, interest_cents=250, interest_said=True,
    )  # fmt: skip
    return claim


def other_payer(weeks: Weeks, claim: int, ordinal: int, responsibility: str, name: str) -> None:
    """A payer beside us, with its subscriber."""
    key = {"claim_id": claim, **PLACE}
    weeks.add(claim_details.claim_other_coverage, **key, ordinal=ordinal, payer_responsibility=responsibility,
              payer_name=name, payer_id=f"ID{ordinal}")  # fmt: skip
    weeks.add(claims.claim_party, **key, ordinal=10 + ordinal, loop="2330A", entity_code="IL", entity_type="1",
              last_or_organization_name="ROE", first_name="BOB", id_qualifier="MI", identifier=f"B{ordinal}",
              other_coverage=ordinal)  # fmt: skip


FORWARDED = """\
CLP*PCN-{short}*19*150*100**12*{number}*11*1
NM1*QC*1*ROE*ANN****MI*M0000001
NM1*TT*2*NEXT PLAN*****PI*ID2
DTM*050*20260601
SVC*HC:99213:25*150*100**2
DTM*472*20260520
CAS*CO*45*50
REF*6R*L{short}
AMT*B6*100"""
ELSEWHERE = """\
CLP*PCN-{short}*1*150*0**12*{number}*11*1
NM1*QC*1*ROE*ANN****MI*M0000001
NM1*PR*2*FIRST PLAN*****PI*ID1
NM1*GB*1*ROE*BOB****MI*B1
DTM*050*20260601
SVC*HC:99213:25*150*0**2
DTM*472*20260520
CAS*CO*22*150
REF*6R*L{short}
LQ*HE*MA04"""
OVER = """\
CLP*PCN-{short}*1*150*0*150*12*{number}*11*1
NM1*QC*1*ROE*ANN****MI*M0000001
DTM*036*20260430
DTM*050*20260601
SVC*HC:99213:25*150*0**2
DTM*472*20260520
CAS*PR*27*150
REF*6R*L{short}"""
BUNDLED = """\
CLP*PCN-{short}*2*150*90**12*{number}*11*1
NM1*QC*1*ROE*ANN****MI*M0000001
DTM*050*20260601
SVC*HC:80050*100*90**1
DTM*472*20260520
CAS*CO*45*10
REF*6R*B1
AMT*B6*90
SVC*HC:80050*50*0**1*HC:80053:59
DTM*472*20260520
CAS*CO*97*50
REF*6R*B2
LQ*HE*M15"""


def everything(weeks: Weeks) -> list[int]:
    """A claim for each thing that an 835 can say of one."""
    desk = weeks.desk
    forwarded, elsewhere, over, bundled = (desk.claim() for _ in range(4))
    other_payer(weeks, forwarded, 2, "S", "NEXT PLAN")
    desk.decide(forwarded, 10_000, claim_status_code="19")
    other_payer(weeks, elsewhere, 1, "P", "FIRST PLAN")
    desk.decide(elsewhere, 0, ("CO", "22", 15_000), remarks=["MA04"])
    with desk.warehouse.begin() as conn:
        conn.execute(update(claims.claim).where(claims.claim.c.claim_id == elsewhere).values(payer_responsibility="S"))
    ended = [{"rule": "COVERED-ON-SERVICE-DAY", "line": 1, "ended": "2026-04-30"}]
    desk.decide(over, 0, ("PR", "27", 15_000), explanation=ended)
    line = {"procedure_qualifier": "HC", "quantity": 1}
    weeks.split(
        bundled,
        line | {"procedure_code": "80050", "charge_cents": 10_000, "line_control_number": "B1"},
        line | {"procedure_code": "80053", "modifier_1": "59", "charge_cents": 5_000, "line_control_number": "B2"},
    )
    weeks.decide(
        bundled,
        [
            {"charge_cents": 10_000, "allowed_cents": 9_000, "paid_cents": 9_000},
            {"charge_cents": 5_000, "allowed_cents": 0, "paid_cents": 0},
        ],
        [(1, "CO 45", 1_000, None), (2, "CO 97", 5_000, None)],
        [(2, "M15")],
        explanation=[{"rule": "PAID-SEPARATELY", "line": 2, "into": 1}],
        claim_status_code="2",
    )
    return [a_stay(weeks), forwarded, elsewhere, over, bundled]


def told(weeks: Weeks, claim_ids: list[int]) -> list[list[str]]:
    """The loops of these claims as they should be."""
    numbers = select(claims.claim.c.claim_id, claims.claim.c.claim_number)
    with weeks.desk.warehouse.begin() as conn:
        found = {claim: number for claim, number in conn.execute(numbers)}  # noqa: C416 - rows, not pairs
    texts = (STAY, FORWARDED, ELSEWHERE, OVER, BUNDLED)
    return [
        text.format(number=found[claim], short=int(found[claim][5:])).split("\n")
        for text, claim in zip(texts, claim_ids, strict=True)
    ]


def negated(segment: str) -> str | None:
    """A segment of a payment as its reversal says it; None where it says nothing of it."""
    name, *elements = segment.split("*")
    signed = {"CLP": (2, 3), "SVC": (1, 2, 4, 6), "CAS": range(2, 20), "AMT": (1,), "QTY": (1,), "MIA": (0,)}
    reasons = {"CAS": range(1, 20, 3)}
    for place in signed.get(name, ()):
        if place < len(elements) and elements[place] and place not in reasons.get(name, ()):
            elements[place] = "-" + elements[place] if elements[place] != "0" else "0"
    if name == "CLP":
        elements[1], elements[4] = "22", ""
    return None if name == "AMT" and elements[0] in {"B6", "KH"} else "*".join([name, *elements])


def test_everything_that_is_known_is_said_and_taken_back(weeks: Weeks) -> None:
    """Each kind of name, number, date, amount and remark; and when all is voided, the same again with the other sign.

    Both files are read without error by our own scanner and by pyx12.
    """
    ids = everything(weeks)
    expected = told(weeks, ids)
    (content,) = weeks.settle()
    assert accepted_by_pyx12(content)
    assert sorted(loops(content)) == sorted(expected)
    for claim in ids:
        void = weeks.desk.correct(claim, frequency="8")
        weeks.desk.decide(void, 0, claim_status_code="void", on=SUNDAY + timedelta(days=1))
    (taken,) = weeks.settle()
    assert accepted_by_pyx12(taken)
    back = [[found for segment in loop if (found := negated(segment)) is not None] for loop in expected]
    assert sorted(loops(taken)) == sorted(back)
    assert b"BPR*H*0*C*NON*" in taken


def test_what_enrolment_knows_is_said_where_the_claim_does_not(weeks: Weeks) -> None:
    """An insurer who comes first, a coverage that was over; and days of rooms where no value code says them."""
    desk = weeks.desk
    statement = {"member_id": desk.keys["member"], "recorded_at": NOON, "file_id": desk.keys["file"], **PLACE}
    weeks.add(member_details.member_other_coverage, **statement, ordinal=1, responsibility="P")
    insurer = {"entity_code": "IN", "last_or_organization_name": "OLD INSURER", "id_qualifier": "FI"}
    weeks.add(member_details.member_party, **statement, other_coverage=1, ordinal=1, identifier="987654321", **insurer)
    weeks.add(enrollment.coverage_key, coverage_key=1, member_id=desk.keys["member"], insurance_line="HMO")
    days = Range(date(2026, 1, 1), date(2026, 4, 1))
    weeks.add(enrollment.coverage_span, **statement, coverage_key=1, insurance_line="HMO", plan_id="gold", valid=days)
    desk.decide(desk.claim(), 0, ("CO", "22", 15_000), remarks=["MA04"])
    desk.decide(desk.claim(), 0, ("PR", "27", 15_000))
    stay = desk.claim(kind="I")
    room = {"revenue_code": "0120", "unit": "DA", "quantity": Decimal("2.5"), "charge_cents": 15_000}
    weeks.split(stay, room)
    desk.decide(stay, 15_000)
    (content,) = weeks.settle()
    assert accepted_by_pyx12(content)
    first, over, days_told = loops(content)
    assert "NM1*PR*2*OLD INSURER*****FI*987654321" in first
    assert "DTM*036*20260331" in over
    assert "QTY*CA*2.5" in days_told


def test_what_was_sent_without_details_is_taken_back_under_the_names_of_the_claim(weeks: Weeks) -> None:
    """As an earlier release or system sent it: the amounts were kept, names and dates are those of the bill."""
    claim = weeks.desk.claim(kind="I")
    weeks.desk.decide(claim, 8_000)
    (sent,) = weeks.settle()
    with weeks.desk.warehouse.begin() as conn:
        for table in (remittance.remittance_name, remittance.remittance_detail):
            conn.execute(delete(table))
        empty = dict.fromkeys(("filing_indicator", "facility_code", "frequency_code"))
        conn.execute(update(remittance.remittance_claim).values(**empty))
    void = weeks.desk.correct(claim, frequency="8")
    weeks.desk.decide(void, 0, claim_status_code="void", on=SUNDAY + timedelta(days=1))
    (taken,) = weeks.settle()
    (original,), (back,) = loops(sent), loops(taken)
    names = ("NM1", "DTM", "REF", "CAS")
    expected = [negated(segment) for segment in original if segment.split("*")[0] in names]
    assert [segment for segment in back if segment.split("*")[0] in names] == expected
    assert back[0].split("*")[6:] == ["HM", original[0].split("*")[7], *original[0].split("*")[8:]]
