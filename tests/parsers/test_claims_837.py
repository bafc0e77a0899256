from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from edi.scan import Scan
from edi.verdict import FileVerdict
from parsers.claims_837 import read

Judged = Callable[[bytes], tuple[Scan, FileVerdict, dict[str, Any]]]
Rows = Callable[[Any], list[dict[str, object]]]
FIRST_SET = {"interchange": 1, "functional_group": 1, "transaction_set": 1}


@pytest.fixture
def institutional(corpus: Path) -> bytes:
    """Two outpatient claims, without CLM06, which the guide does not want, and with nine digits of ZIP."""
    data = (corpus / "linuxforhealth/two-claims-single-provider.837i").read_bytes()
    return data.replace(b"*Y*C*Y*Y~", b"**C*Y*Y~").replace(b"*PA*17111~", b"*PA*171110000~", 1)


def without_range(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """The rows without the bytes they came from."""
    return [{name: value for name, value in row.items() if not name.startswith("source_")} for row in rows]


def test_a_professional_claim_of_the_subscriber(corpus: Path, judged: Judged, rows: Rows) -> None:
    """Read by hand from the file; service from the earliest to the latest line."""
    tables = read(*judged((corpus / "linuxforhealth/demo.example2.837").read_bytes()))
    assert without_range(rows(tables["claim"])) == [
        {
            **FIRST_SET,
            "row": 0,
            "parent_row": 1,
            "kind": "P",
            "batch_reference": "0123",
            "submitter_id": "TGJ23",
            "submitter_entity_type": "2",
            "submitter_name": "PREMIER BILLING SERVICE",
            "patient_control_number": "26462967",
            "charge_cents": 10000,
            "facility_code": "11",
            "facility_qualifier": "B",
            "frequency_code": "1",
            "provider_signature": "Y",
            "accepts_assignment": "A",
            "benefits_assigned": "Y",
            "release_of_information": "I",
            "group_number": "12312-A",
            "clearinghouse_trace": "17312345600006351",
            "filing_indicator": "HM",
            "payer_responsibility": "P",
            "individual_relationship": "18",
            "subscriber_id": "00221111",
            "subscriber_last_name": "SMITH",
            "subscriber_first_name": "TED",
            "subscriber_birth_date": date(1943, 5, 1),
            "patient_last_name": "SMITH",
            "patient_first_name": "TED",
            "patient_birth_date": date(1943, 5, 1),
            "patient_gender": "M",
            "payer_id": "741234",
            "billing_npi": "9876543210",
            "billing_tin": "587654321",
            "billing_name": "BEN KILDARE SERVICE",
            "billing_entity_type": "2",
            "billing_taxonomy": "203BF0100Y",
            "service_from": date(2006, 10, 3),
            "service_through": date(2006, 10, 10),
        }
    ]
    lines = rows(tables["claim_line"])
    assert without_range(lines)[3] == {
        **FIRST_SET,
        "row": 3,
        "parent_row": 0,
        "line_number": 4,
        "procedure_qualifier": "HC",
        "procedure_code": "86663",
        "diagnosis_pointer_1": 2,
        "charge_cents": 1000,
        "unit": "UN",
        "quantity": Decimal("1.000"),
        "service_from": date(2006, 10, 10),
        "service_through": date(2006, 10, 10),
    }
    assert [one["charge_cents"] for one in lines] == [4000, 1500, 3500, 1000]
    assert [(one["ordinal"], one["qualifier"], one["code"]) for one in rows(tables["claim_diagnosis"])] == [
        (1, "BK", "0340"),
        (2, "BF", "V7389"),
    ]
    assert [(one["ordinal"], one["loop"], one["entity_code"]) for one in rows(tables["claim_party"])] == [
        (1, "2010AA", "85"),
        (2, "2010AB", "87"),
        (3, "2010BA", "IL"),
        (4, "2010BB", "PR"),
        (5, "2310C", "77"),
    ]


def test_a_professional_claim_of_a_dependant(corpus: Path, judged: Judged, rows: Rows) -> None:
    """The patient is the one of 2010CA; the member id is the subscriber's."""
    tables = read(*judged((corpus / "linuxforhealth/demo.example1.837").read_bytes()))
    (claim,) = rows(tables["claim"])
    assert [claim.get(f"patient_{name}") for name in ("last_name", "first_name", "birth_date", "gender")] == [
        "SMITH",
        "TED",
        date(1973, 5, 1),
        "M",
    ]
    assert (claim["subscriber_id"], claim["subscriber_first_name"]) == ("JS00111223333", "JANE")
    assert "subscriber_birth_date" not in claim
    assert "individual_relationship" not in claim
    assert rows(tables["claim_party"])[-1]["loop"] == "2010CA"


def test_a_dependant_without_first_name_does_not_get_the_subscribers(corpus: Path, judged: Judged, rows: Rows) -> None:
    """Patient columns come from one person."""
    data = (
        (corpus / "linuxforhealth/demo.example1.837").read_bytes().replace(b"NM1*QC*1*SMITH*TED~", b"NM1*QC*1*SMITH~")
    )
    (claim,) = rows(read(*judged(data))["claim"])
    assert "patient_first_name" not in claim
    assert claim["subscriber_first_name"] == "JANE"


def test_the_next_subscriber_is_not_the_last_ones_dependant(corpus: Path, judged: Judged, rows: Rows) -> None:
    """A 2000C ends where a new 2000B begins."""
    data = (corpus / "linuxforhealth/demo.example1.837").read_bytes()
    claim = data[data.index(b"CLM*") : data.index(b"SE*")]
    own = (
        b"HL*4*1*22*0~\nSBR*P*18*2222-SJ******CI~\nNM1*IL*1*ROE*ANN****MI*JS99~\nN3*1 ROAD~\n"
        b"N4*MIAMI*FL*33413~\nDMG*D8*19800101*F~\nNM1*PR*2*KEY INSURANCE COMPANY*****PI*999996666~\n"
    )
    data = data.replace(b"SE*40*", own + claim.replace(b"26463774", b"26463775") + b"SE*62*")
    first, second = rows(read(*judged(data))["claim"])
    assert (first["patient_first_name"], second["patient_first_name"]) == ("TED", "ANN")
    assert (second["subscriber_id"], second["individual_relationship"]) == ("JS99", "18")
    assert second["billing_npi"] == "1912301953"


def test_two_institutional_claims(institutional: bytes, judged: Judged, rows: Rows) -> None:
    """Read by hand from the file: statement dates, revenue codes, who belongs to which claim."""
    tables = read(*judged(institutional))
    first, second = without_range(rows(tables["claim"]))
    assert first == {
        **FIRST_SET,
        "row": 0,
        "parent_row": 1,
        "kind": "I",
        "batch_reference": "0123",
        "submitter_id": "12345",
        "submitter_entity_type": "2",
        "submitter_name": "JONES HOSPITAL",
        "patient_control_number": "756048Q",
        "charge_cents": 8995,
        "facility_code": "13",
        "facility_qualifier": "A",
        "frequency_code": "1",
        "accepts_assignment": "C",
        "benefits_assigned": "Y",
        "release_of_information": "Y",
        "statement_from": date(2005, 3, 15),
        "statement_through": date(2005, 3, 15),
        "admission_type": "1",
        "filing_indicator": "CH",
        "payer_responsibility": "P",
        "individual_relationship": "18",
        "subscriber_id": "030005074",
        "subscriber_last_name": "DOE",
        "subscriber_first_name": "JON",
        "subscriber_birth_date": date(1968, 11, 11),
        "patient_last_name": "DOE",
        "patient_first_name": "JON",
        "patient_birth_date": date(1968, 11, 11),
        "patient_gender": "M",
        "payer_id": "99999",
        "billing_npi": "1234567890",
        "billing_tin": "123456789",
        "billing_name": "JONES HOSPITAL",
        "billing_entity_type": "2",
        "billing_taxonomy": "282N00000X",
        "service_from": date(2005, 3, 15),
        "service_through": date(2005, 3, 15),
        "patient_status": "01",
    }
    assert (second["patient_control_number"], second["subscriber_id"]) == ("756049Q", "123405074")
    lines = without_range(rows(tables["claim_line"]))
    assert [(one["parent_row"], one["line_number"], one["revenue_code"], one["charge_cents"]) for one in lines] == [
        (0, 1, "0305", 1339),
        (0, 2, "0730", 7656),
        (1, 1, "0300", 5000),
    ]
    assert lines[1]["procedure_code"] == "93005"
    assert lines[1]["quantity"] == Decimal("3.000")
    assert [(one["parent_row"], one["ordinal"], one["code"]) for one in rows(tables["claim_diagnosis"])] == [
        (0, 1, "3669"),
        (0, 2, "4019"),
        (0, 3, "79431"),
        (1, 1, "30000"),
    ]
    assert [
        (one["parent_row"], one["ordinal"], one["loop"], one["identifier"]) for one in rows(tables["claim_party"])
    ] == [
        (0, 1, "2010AA", "1234567890"),
        (0, 2, "2010BA", "030005074"),
        (0, 3, "2010BB", "99999"),
        (0, 4, "2310A", "1122334455"),
        (1, 1, "2010AA", "1234567890"),
        (1, 2, "2010BA", "123405074"),
        (1, 3, "2010BB", "99999"),
        (1, 4, "2310A", "9999999999"),
    ]


def test_an_inpatient_stay(institutional: bytes, judged: Judged, rows: Rows) -> None:
    """Statement dates stand above line dates; admission may carry its hour; occurrence 42 is the discharge."""
    data = (
        institutional.replace(b"13:A:1**C", b"11:A:7**C", 1)
        .replace(b"DTP*434*RD8*20050315-20050315~", b"DTP*434*RD8*20050310-20050320~\nDTP*435*DT*200503101430~")
        .replace(b"HI*BK:3669~", b"REF*F8*2005040000017~\nHI*BK:3669:::::::Y~\nHI*BH:11:D8:20050101*BH:42:D8:20050319~")
        .replace(b"REF*1G*U12345~", b"REF*1G*U12345~\nNM1*72*1*CUTTER*CAL~\nNM1*82*1*RENDER*RUTH****XX*1098765432~")
        .replace(b"SE*48*", b"SE*53*")
    )
    # other diagnoses stand before occurrences
    data = data.replace(
        b"HI*BH:11:D8:20050101*BH:42:D8:20050319~\nHI*BF:4019*BF:79431~",
        b"HI*BF:4019*BF:79431~\nHI*BH:11:D8:20050101*BH:42:D8:20050319~",
    )
    tables = read(*judged(data))
    first, second = rows(tables["claim"])
    assert (first["facility_code"], first["frequency_code"]) == ("11", "7")
    assert first["payer_claim_control_number"] == "2005040000017"
    assert (first["service_from"], first["service_through"]) == (date(2005, 3, 10), date(2005, 3, 20))
    assert (first["admission_date"], first["discharge_occurrence_date"]) == (date(2005, 3, 10), date(2005, 3, 19))
    assert first["rendering_npi"] == "1098765432"
    assert not {"discharge_occurrence_date", "rendering_npi", "admission_date"} & second.keys()
    diagnoses = rows(tables["claim_diagnosis"])
    assert [(one["code"], one.get("present_on_admission")) for one in diagnoses][:2] == [("3669", "Y"), ("4019", None)]


def test_ranges_modifiers_and_parties_of_lines(corpus: Path, judged: Judged, rows: Rows) -> None:
    """A line may last for days; a party of a line says which."""
    data = (corpus / "linuxforhealth/demo.drug.example10.2.837").read_bytes()
    data = data.replace(b"SV1*HC:S9500*", b"SV1*HC:S9500:SH:59*")
    tables = read(*judged(data))
    line = rows(tables["claim_line"])[0]
    assert (line["service_from"], line["service_through"]) == (date(2004, 2, 1), date(2004, 2, 7))
    assert (line["modifier_1"], line["modifier_2"], line.get("modifier_3")) == ("SH", "59", None)
    assert (line["place_of_service"], line["quantity"]) == ("12", Decimal("7.000"))
    parties = [one for one in rows(tables["claim_party"]) if one["loop"] == "2420E"]
    assert [one["line_number"] for one in parties] == [1, 2, 3, 4, 5, 6]


def test_every_row_knows_its_bytes(institutional: bytes, judged: Judged) -> None:
    """The range starts at the anchor: CLM, LX, NM1, or the very diagnosis."""
    tables = read(*judged(institutional))
    starts = {
        name: {institutional[row["source_start"] : row["source_start"] + 3] for row in tables[name].to_pylist()}
        for name in ("claim", "claim_line", "claim_diagnosis")
    }
    assert starts == {"claim": {b"CLM"}, "claim_line": {b"LX*"}, "claim_diagnosis": {b"BK:", b"BF:"}}
    first = tables["claim"].to_pylist()[0]
    assert institutional[first["source_start"] : first["source_stop"]].endswith(b"DTP*472*D8*20050315~\n")


def test_only_accepted_sets_are_read(corpus: Path, judged: Judged, rows: Rows) -> None:
    """The claims of a rejected set do not exist for us."""
    data = (corpus / "linuxforhealth/demo.example2.837").read_bytes()
    start, stop = data.index(b"ST*"), data.index(b"GE*")
    wrong = data[start:stop].replace(b"*0021", b"*0022").replace(b"SBR*P", b"SBR*?")
    right = data[start:stop].replace(b"*0021", b"*0023")
    tables = read(*judged(data[:start] + wrong + right + data[stop:].replace(b"GE*1*", b"GE*2*")))
    assert [one["transaction_set"] for one in rows(tables["claim"])] == [2]
    assert {one["transaction_set"] for one in rows(tables["claim_party"])} == {2}


def test_tables_without_rows_keep_their_schema(corpus: Path, judged: Judged) -> None:
    """An 834, or a file of which nothing is accepted, has the same columns, no claims and no details."""
    full = read(*judged((corpus / "linuxforhealth/demo.example2.837").read_bytes()))
    for name in ("pyx12/834_deident_family.txt", "linuxforhealth/demo.example6.837"):
        empty = read(*judged((corpus / name).read_bytes()))
        names = ("claim", "claim_line", "claim_diagnosis", "claim_party", "refused_claim", "refused_line")
        assert {name: table.schema for name, table in empty.items()} == {name: full[name].schema for name in names}
        assert not any(table.num_rows for table in empty.values())
