"""Dental claims from the sender's folder to the 835: translated, loaded, decided, remitted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from edi.reference.scanner import scan
from pipeline.adjudicate import adjudicate
from pipeline.process import process_files
from pipeline.remit import remit
from rules.rulebook import Fee
from tests.pipeline.plan import ENROLLMENT, NOON, Plan, check_answers
from tests.writers.remittances import accepted_by_pyx12

SINCE = date(2020, 1, 1)
HEAD = """
ST*837*0001*005010X224A2
BHT*0019*00*DENTAL1*20260601*0900*CH
NM1*41*2*RIVER CLINIC*****46*RIVERCLINIC
PER*IC*EDI DESK*TE*5550100300
NM1*40*2*HARBOR HEALTH PLAN*****46*HARBORHEALTH
HL*1**20*1
PRV*BI*PXC*1223G0001X
NM1*85*2*RIVER CLINIC*****XX*1234567893
N3*1 RIVER ROAD
N4*EXAMPLETOWN*CT*060010001
REF*EI*911111111
"""
SUBSCRIBER = """
HL*{level}*1*22*0
SBR*P*18*ACME01******CI
NM1*IL*1*{name}****MI*{number}
N3*1 ELM STREET
N4*EXAMPLETOWN*CT*06001
DMG*D8*{birth}
NM1*PR*2*HARBOR HEALTH PLAN*****PI*HHP01
"""
ANN = {"name": "ROE*ANN", "number": "M1000001", "birth": "19800211*F"}
BEN = {"name": "POE*BEN", "number": "M1000002", "birth": "19750723*M"}
TWO_FILLINGS = """
CLM*D-1*430***11:B:1*Y*A*Y*Y
DTP*472*D8*20260520
HI*ABK:K0262
LX*1
SV3*AD:D2392*200
TOO*JP*3*M:O
REF*6R*TOOTH3
LX*2
SV3*AD:D2392*200****1
TOO*JP*14*O
LX*3
SV3*AD:D0120*30
DTP*472*D8*20260301
"""
ESTIMATE = """
CLM*D-2*1200***11:B:1*Y*A*Y*Y**********PB
LX*1
SV3*AD:D2740*1200*11**I
TOO*JP*30
"""
NOT_COVERED = """
CLM*D-3*200***11:B:1*Y*A*Y*Y
DTP*472*D8*20260520
LX*1
SV3*AD:D2392*200
TOO*JP*3*M:O
"""


def dental_file(*parts: str, guide_id: str = "005010X224A2") -> bytes:
    """The clinic's interchange with a set of these parts."""
    body = [segment for part in parts for segment in part.strip().split("\n")]
    segments = [
        "ISA*00*          *00*          *ZZ*RIVERCLINIC    *ZZ*HARBORHEALTH   *260601*1000*^*00501*000003501*0*P*:",
        "GS*HC*RIVERCLINIC*HARBORHEALTH*20260601*1000*3501*X*005010X224A2",
        *body,
        f"SE*{len(body) + 1}*0001",
        "GE*1*3501",
        "IEA*1*000003501",
    ]
    return "".join(f"{segment}~\n" for segment in segments).replace("005010X224A2", guide_id).encode()


CLAIMS = (
    HEAD,
    SUBSCRIBER.format(level=2, **ANN),
    TWO_FILLINGS,
    ESTIMATE,
    SUBSCRIBER.format(level=3, **BEN),
    NOT_COVERED,
)
ROSTER = ENROLLMENT.replace(
    b"HD*021**HMO*GOLD*EMP~\nDTP*348*D8*20250101~\n",
    b"HD*021**HMO*GOLD*EMP~\nDTP*348*D8*20250101~\nHD*021**DEN*DENTAL*EMP~\nDTP*348*D8*20250101~\n",
    1,
)


@pytest.fixture
def dentist(plan: Plan) -> Plan:
    """The demo's plan, which takes dental claims from the clinic; one member has dental coverage."""
    configuration = plan.house.configuration
    clinic = configuration.partners["riverclinic"]
    fee = Fee(procedure_code="D2392", allowed_cents=15000, effective_from=SINCE)
    plan.change(
        partners={
            **configuration.partners,
            "riverclinic": replace(clinic, transactions=clinic.transactions | {"837D"}),
        },
        rulebook=replace(configuration.rulebook, fees=(*configuration.rulebook.fees, fee)),
    )
    plan.load_registry()
    process_files(plan.house, plan.take_in("acme", _recounted(ROSTER)))
    return plan


def _recounted(data: bytes) -> bytes:
    """With the two segments more in SE01 of the first set."""
    head, _, rest = data.partition(b"\nSE*")
    count, _, tail = rest.partition(b"*")
    return head + b"\nSE*" + str(int(count) + 2).encode() + b"*" + tail


def test_dental_claims_are_loaded_with_their_teeth(dentist: Plan) -> None:
    """Kind D, dates of the claim on its lines, areas and teeth; the 999 accepts the set."""
    (file_id,) = dentist.take_in("riverclinic", dental_file(*CLAIMS))
    process_files(dentist.house, [file_id])
    assert dentist.state(file_id) == "committed"
    assert dentist.rows(
        "select patient_control_number, kind, charge_cents, frequency_code, submission_reason, service_from::text,"
        " service_through::text, member_id is not null as known from claim order by claim_id"
    ) == [
        {
            "patient_control_number": number,
            "kind": "D",
            "charge_cents": charge,
            "frequency_code": "1",
            "submission_reason": reason,
            "service_from": first,
            "service_through": last,
            "known": True,
        }
        for number, charge, reason, first, last in (
            ("D-1", 43000, None, "2026-03-01", "2026-05-20"),
            ("D-2", 120000, "PB", None, None),
            ("D-3", 20000, None, "2026-05-20", "2026-05-20"),
        )
    ]
    lines = dentist.rows(
        "select procedure_qualifier as q, procedure_code as code, teeth, prosthesis_code as prosthesis,"
        " place_of_service as place, service_from::text as day from claim_line order by claim_id, line_number"
    )
    assert [tuple(line.values()) for line in lines] == [
        ("AD", "D2392", "3:MO", None, None, "2026-05-20"),
        ("AD", "D2392", "14:O", None, None, "2026-05-20"),
        ("AD", "D0120", None, None, None, "2026-03-01"),
        ("AD", "D2740", "30", "I", "11", None),
        ("AD", "D2392", "3:MO", None, None, "2026-05-20"),
    ]
    (answer,) = [row for row in dentist.answers() if row.partner == "riverclinic"]
    assert b"IK5*A~" in answer.content
    assert b"AK9*A*1*1*1~" in answer.content
    check_answers([answer])


def test_dental_claims_are_decided_and_remitted(dentist: Plan) -> None:
    """Fillings by fee and coinsurance, the late line alone denied, an estimate pended, no dental coverage denied."""
    process_files(dentist.house, dentist.take_in("riverclinic", dental_file(*CLAIMS)))
    adjudicate(dentist.house)
    decisions = dentist.rows(
        "select patient_control_number as number, outcome, plan_id as plan, d.paid_cents as paid,"
        " coalesce(pend_reason, '') as reason from decision d join claim using (claim_id) order by claim_id"
    )
    assert [tuple(row.values()) for row in decisions] == [
        ("D-1", "paid", "DENTAL", 15000, ""),
        ("D-2", "pended", None, 0, "PREDETERMINATION"),
        ("D-3", "denied", None, 0, ""),
    ]
    dentist.clock.instant = datetime(2026, 6, 8, 16, tzinfo=UTC)
    assert dentist.clock.instant > NOON
    remit(dentist.house, date(2026, 6, 7))
    (remittance,) = [row.content for row in dentist.outbox() if row.kind == "835"]
    assert list(scan(remittance).findings) == []
    assert accepted_by_pyx12(remittance)
    segments = remittance.decode().replace("\n", "").split("~")
    assert [segment for segment in segments if segment.split("*")[0] in {"CLP", "SVC", "CAS"}][:8] == [
        "CLP*D-1*1*430*150*150*17*" + _number(dentist, "D-1") + "*11*1",
        "SVC*AD:D2392*200*75",
        "CAS*CO*45*50",
        "CAS*PR*2*75",
        "SVC*AD:D2392*200*75**1",
        "CAS*CO*45*50",
        "CAS*PR*2*75",
        "SVC*AD:D0120*30*0",
    ]
    assert "CAS*CO*29*30" in segments
    assert "REF*6R*TOOTH3" in segments
    assert "CAS*PR*177*200" in segments
    assert not any("D-2" in segment for segment in segments)


def _number(plan: Plan, control_number: str) -> str:
    rows = plan.rows(f"select claim_number from claim where patient_control_number = '{control_number}'")
    return str(rows[0]["claim_number"])


def test_another_tooth_makes_a_replacement_another_claim(dentist: Plan) -> None:
    """A correction that changes nothing is refused as such; one that names another tooth changes something."""
    process_files(dentist.house, dentist.take_in("riverclinic", dental_file(*CLAIMS)))
    adjudicate(dentist.house)
    dentist.clock.instant = datetime(2026, 6, 8, 16, tzinfo=UTC)
    remit(dentist.house, date(2026, 6, 7))
    number = _number(dentist, "D-1")
    again = TWO_FILLINGS.replace("11:B:1", "11:B:7").replace("HI*", f"REF*F8*{number}\nHI*")
    subscriber = SUBSCRIBER.format(level=2, **ANN)
    for place, tooth in enumerate(("TOO*JP*14*O", "TOO*JP*15*O")):
        data = dental_file(HEAD, subscriber, again.replace("TOO*JP*14*O", tooth))
        data = data.replace(b"000003501", f"00000360{place}".encode()).replace(b"CLM*D-1", f"CLM*D-9{place}".encode())
        process_files(dentist.house, dentist.take_in("riverclinic", data))
        adjudicate(dentist.house)
    told_of = {
        row["number"]: row["explanation"]
        for row in dentist.rows(
            "select patient_control_number as number, explanation::text from decision join claim using (claim_id)"
        )
    }
    assert "DISPUTE-NOT-BY-EDI" in told_of["D-90"]
    assert "DISPUTE-NOT-BY-EDI" not in told_of["D-91"]


@pytest.mark.parametrize("guide_id", ["005010X224", "005010X224A1", "005010X224A3"])
def test_other_ids_of_the_guide_are_taken_too(dentist: Plan, guide_id: str) -> None:
    """And answered under the id that was sent."""
    process_files(dentist.house, dentist.take_in("riverclinic", dental_file(*CLAIMS, guide_id=guide_id)))
    assert dentist.count("claim") == 3
    (answer,) = [row.content for row in dentist.outbox() if row.kind == "999" and row.partner == "riverclinic"]
    assert f"AK1*HC*3501*{guide_id}".encode() in answer


def test_a_partner_without_837d_in_its_agreement_is_refused(plan: Plan) -> None:
    """AK905 1: the group is not agreed."""
    process_files(plan.house, plan.take_in("riverclinic", dental_file(*CLAIMS)))
    assert plan.count("claim") == 0
    (answer,) = plan.answers()
    assert b"AK9*R*1*1*0*1~" in answer.content
