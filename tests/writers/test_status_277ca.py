from __future__ import annotations

import string
from collections import Counter
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.reference.scanner import scan
from tests.rules.claim_files import BATCH, CLEAN, claim, claim_set, damaged_claims, file_of, patient
from tests.writers.claim_answers import PREPARED, Found, Received, read_back, received, segments
from tests.writers.remittances import PAYER, accepted_by_pyx12
from writers.status_277ca import AcknowledgmentUnwritable, write_277ca

THREE = damaged_claims(CLEAN, CLEAN, CLEAN)
HOSPITAL = {
    "CLM*ACCOUNT{number}*150***11:B:1*Y*A*Y*Y": "CLM*ACCOUNT{number}*150***13:A:1**A*Y*Y",
    "DTP*431*D8*20260301": "DTP*434*RD8*20260301-20260302~CL1*1**01",
    "SV1*HC:99213*100*UN*1***1": "SV2*0450*HC:99213*100*UN*1",
    "SV1*HC:87880*50*UN*1***1": "SV2*0300**50*UN*1",
}
INSTITUTIONAL = damaged_claims(HOSPITAL, HOSPITAL, HOSPITAL).replace(b"005010X222A1", b"005010X223A2")


def sound(content: bytes) -> bytes:
    """What our scanner finds clean at every level, and pyx12 accepts."""
    assert scan(content).findings == []
    assert accepted_by_pyx12(content)
    return content


def test_every_accepted_claim_has_our_number_and_nothing_is_left_out() -> None:
    """domain.md 1.6, segment by segment."""
    assert segments(sound(received(THREE, partner="x").written()))[2:-2] == [
        "ST*277*0001*005010X214",
        "BHT*0085*08*0000000070001*20260402*0930*TH",
        "HL*1**20*1",
        "NM1*PR*2*EXAMPLE HEALTH PLAN*****PI*99999",
        "TRN*1*0000000070001",
        "DTP*050*D8*20260401",
        "DTP*009*D8*20260402",
        "HL*2*1*21*1",
        "NM1*41*2*CLEAR HOUSE*****46*CLEARHOUSE",
        "TRN*2*BATCH1",
        "STC*A1:19:PR*20260402*WQ*450",
        "QTY*90*3",
        "AMT*YU*450",
        "HL*3*2*19*1",
        "NM1*85*2*EXAMPLE CLINIC*****XX*1999999984",
        "TRN*1*0000000070001000001",
        "STC*A1:19:PR**WQ*450",
        "QTY*QA*3",
        "AMT*YU*450",
        *(
            segment
            for number in (1, 2, 3)
            for segment in (
                f"HL*{number + 3}*3*PT",
                f"NM1*QC*1*DOE*PAT****MI*W00000{number + 1}",
                f"TRN*2*ACCOUNT{number}",
                "STC*A2:20:PR*20260402*WQ*150",
                f"REF*1K*26091000000{number}",
                "DTP*472*D8*20260302",
            )
        ),
        "SE*38*0001",
    ]


def test_a_rejected_claim_has_its_statuses_and_no_number() -> None:
    """Each finding is an STC, its statuses up to three in one; counts and amounts are apart at both levels."""
    found: list[Found] = [(1, None, "A7:400 A7:178"), (1, None, "A7:255"), (1, None, "A7:400 A7:178")]
    lines = segments(sound(received(THREE, partner="x").written(*found)))
    start = lines.index("TRN*2*ACCOUNT2")
    assert lines[start + 1 : start + 4] == [
        "STC*A7:400*20260402*U*150******A7:178",
        "STC*A7:255*20260402*U*150",
        "DTP*472*D8*20260302",
    ]
    assert [line for line in lines if line.startswith(("QTY", "AMT"))] == [
        *("QTY*90*2", "QTY*AA*1", "AMT*YU*300", "AMT*YY*150"),
        *("QTY*QA*2", "QTY*QC*1", "AMT*YU*300", "AMT*YY*150"),
    ]
    assert sum(line.startswith("REF*1K") for line in lines) == 2


def test_a_line_is_told_only_where_it_rejects_the_claim() -> None:
    """2220D with service, first three statuses, each once, and date; the claim repeats them."""
    found: list[Found] = [(0, 2, "A7:454"), (0, 2, "A7:454 A7:453"), (0, 2, "A7:453 A7:187"), (0, 2, "A7:249")]
    lines = segments(sound(received(THREE, partner="x").written(*found)))
    start = lines.index("SVC*HC:87880*50*****1")
    assert lines[start - 1 : start + 4] == [
        "DTP*472*D8*20260302",
        "SVC*HC:87880*50*****1",
        "STC*A7:454*20260402*U*******A7:453*A7:187",
        "REF*FJ*2",
        "DTP*472*D8*20260302",
    ]
    assert sum(line.startswith("SVC") for line in lines) == 1
    assert sum(line.startswith("STC*A7") for line in lines) == 5


def test_a_claim_has_its_reasons_without_its_lines_too() -> None:
    """What no 277CA can say of a line is refused; without its lines the same claims are told the same reasons."""
    taken = received(THREE, partner="x")
    answers = taken.answers((0, 2, "A7:454"), (0, None, "A7:255")).of(1)
    lines = answers.lines.set_column(
        answers.lines.schema.get_field_index("charge_cents"), "charge_cents", pa.array([100, 2**63 - 1], pa.int64())
    )
    told = taken.verdict.interchanges[0], replace(answers, lines=lines), PAYER, 7, PREPARED
    with pytest.raises(AcknowledgmentUnwritable, match="SVC"):
        write_277ca(*told)
    written = segments(sound(write_277ca(*told, with_lines=False)))
    whole = segments(taken.written((0, 2, "A7:454"), (0, None, "A7:255")))
    start, stop = whole.index("SVC*HC:87880*50*****1"), whole.index("HL*5*3*PT")
    assert stop - start == 4
    assert written[:-3] == [*whole[:start], *whole[stop:-3]]


def test_all_rejected_is_answered_too() -> None:
    """QTY*90 then is left out, not zero."""
    found: list[Found] = [(place, None, "A3:33") for place in range(3)]
    lines = segments(sound(received(THREE, partner="x").written(*found)))
    assert [line for line in lines if line.startswith(("QTY", "AMT"))] == [
        *("QTY*AA*3", "AMT*YY*450"),
        *("QTY*QC*3", "AMT*YY*450"),
    ]


def test_a_correction_has_its_tracking_number_accepted_or_not() -> None:
    """STC12 of the first status alone."""
    found: list[Found] = [(1, None, "A6:464 A6:535"), (1, None, "A7:255")]
    lines = segments(sound(received(THREE, partner="x").written(*found, tracked=(0, 1))))
    assert [line for line in lines if line.startswith(("STC*A6", "STC*A7"))] == [
        "STC*A6:464*20260402*U*150******A6:535**TRACKING NUMBER T000000002",
        "STC*A7:255*20260402*U*150********TRACKING NUMBER T000000002",
    ]
    assert "STC*A2:20:PR*20260402*WQ*150********TRACKING NUMBER T000000001" in lines


def test_an_institutional_claim_has_its_bill_type_and_statement() -> None:
    """REF*BLT of CLM05-1 and -3, three characters (RFI 1744); lines named by revenue code where they have no other."""
    found: list[Found] = [(2, 1, "A7:507"), (2, 2, "A7:455")]
    content = received(INSTITUTIONAL, partner="x").written(*found)
    lines = segments(sound(content))
    assert lines.count("REF*BLT*131") == 3
    assert lines.count("DTP*472*RD8*20260301-20260302") == 3
    assert "SVC*HC:99213*100**0450***1" in lines
    assert "SVC*NU:0300*50*****1" in lines


def test_one_transaction_set_answers_one_and_two_share_a_group() -> None:
    """RFI 2815; each repeats its own BHT03."""
    second = [segment.replace("BATCH1", "BATCH2") for segment in claim_set(patient(1), patient(2), control="0002")]
    content = sound(received(file_of(claim_set(patient(1)), second), partner="x").written())
    lines = segments(content)
    assert [line for line in lines if line[:2] in {"GS", "ST"} and not line.startswith("STC")] == [
        "GS*HN*HEALTHPLAN*CLEARHOUSE*20260402*0930*7*X*005010X214",
        "ST*277*0001*005010X214",
        "ST*277*0002*005010X214",
    ]
    assert [line for line in lines if line.startswith("TRN*2*B")] == ["TRN*2*BATCH1", "TRN*2*BATCH2"]
    assert [line for line in lines if line.startswith("QTY*90")] == ["QTY*90*1", "QTY*90*2"]


def test_each_provider_stands_once_above_its_claims() -> None:
    """Also where the file names it again and again."""
    other = [segment.replace("1999999984", "1234567893").replace("EXAMPLE CLINIC", "RIVER CLINIC") for segment in BATCH]
    first, again = patient(1), [segment.replace("HL*3*1", "HL*6*5") for segment in patient(2)]
    body = [*BATCH, *first, "HL*3**20*1", *other[5:]]
    body += [segment.replace("HL*3*1", "HL*4*3") for segment in patient(2)]
    body += ["HL*5**20*1", *BATCH[5:], *again[:7], *claim(3)]
    control = ["ST*837*0001*005010X222A1", *body, f"SE*{len(body) + 2}*0001"]
    lines = segments(sound(received(file_of(control), partner="x").written((1, None, "A3:26:85"))))
    assert [line for line in lines if line.startswith(("NM1*85", "QTY*Q", "HL", "TRN*2*A"))] == [
        *("HL*1**20*1", "HL*2*1*21*1"),
        *("HL*3*2*19*1", "NM1*85*2*EXAMPLE CLINIC*****XX*1999999984", "QTY*QA*2"),
        *("HL*4*3*PT", "TRN*2*ACCOUNT1", "HL*5*3*PT", "TRN*2*ACCOUNT3"),
        *("HL*6*2*19*1", "NM1*85*2*RIVER CLINIC*****XX*1234567893", "QTY*QC*1", "HL*7*6*PT", "TRN*2*ACCOUNT2"),
    ]


def test_a_receiver_reads_back_what_was_said() -> None:
    """Round trip through our own tables of the 277CA."""
    rows = read_back(received(THREE, partner="x").written((1, 1, "A7:454:82 A7:453"), tracked=(2,)))
    statuses = [row for row in rows["claim_status"] if row["loop"] in {"2200D", "2220D"}]
    assert [
        (row["action"], row["category_1"], row["status_1"], row["entity_1"], row["status_2"]) for row in statuses
    ] == [
        ("WQ", "A2", "20", "PR", None),
        ("U", "A7", "454", "82", "453"),
        ("U", "A7", "454", "82", "453"),
        ("WQ", "A2", "20", "PR", None),
    ]
    numbers = [row["value"] for row in rows["claim_status_reference"] if row["qualifier"] == "1K"]
    assert numbers == ["260910000001", "260910000003"]
    traces = [row["trace_number"] for row in rows["claim_status_trace"] if row["loop"] == "2200D"]
    assert traces == ["ACCOUNT1", "ACCOUNT2", "ACCOUNT3"]


NAMES = st.text(st.sampled_from(string.ascii_uppercase + " '-.*:^|>+éÖ"), min_size=1, max_size=60)


@settings(deadline=None, max_examples=25)
@given(name=NAMES, account=st.text(st.sampled_from("ABC0123456789-*:+."), min_size=1, max_size=20), data=st.data())
def test_any_name_and_number_can_be_answered(name: str, account: str, data: st.DataObject) -> None:
    """Separators give way to the values; what X12 cannot hold is left out."""
    taken = received(THREE, partner="x")
    claims = taken.tables["claim"]
    for column, value in (("patient_last_name", name), ("patient_control_number", account), ("billing_name", name)):
        place = claims.schema.get_field_index(column)
        changed = [value if number == 1 else old for number, old in enumerate(claims[column].to_pylist())]
        claims = claims.set_column(place, claims.schema.field(place), [changed])
    spoilt = Received(taken.verdict, {**taken.tables, "claim": claims})
    found: list[Found] = [(1, 1, "A7:454:82 A7:453")] if data.draw(st.booleans()) else []
    content = spoilt.written(*found)
    assert scan(content).findings == []
    rows = read_back(content)
    traces = Counter(row["trace_number"] for row in rows["claim_status_trace"] if row["loop"] == "2200D")
    assert traces == Counter(["ACCOUNT1", account, "ACCOUNT3"])


@pytest.mark.parametrize("missing", ["subscriber_id", "billing_npi", "patient_first_name", "service_from"])
def test_what_a_claim_may_leave_out_does_not_stop_the_answer(missing: str) -> None:
    """A guide that lets the claim go without is answered all the same."""
    taken = received(THREE, partner="x")
    claims = taken.tables["claim"]
    place = claims.schema.get_field_index(missing)
    empty = claims.set_column(place, claims.schema.field(place), pa.nulls(claims.num_rows, claims[missing].type))
    sound(Received(taken.verdict, {**taken.tables, "claim": empty}).written((0, None, "A3:33")))
