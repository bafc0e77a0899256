"""What a plan may choose to say in its 835s: sums by provider, account numbers, coverage amounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from edi.payment_balance import imbalances
from edi.scanner import scan
from rules.payments.compose import compose
from rules.payments.settings import PaymentSettings, RemittanceContent
from tests.rules.payments.weeks import RIVER, TERMS, Row, adjusted, claim, due, line, patient
from tests.writers.remittances import PAYER, accepted_by_pyx12
from writers.remittance_files import Receiver, Sending, write_remittances

NUMBER = 26170000001
DAY = "2026-05-20"


def written(week: Mapping[str, object], content: RemittanceContent) -> str:
    """The 835 of the week's only payee, a segment a line; both readers accept it."""
    run = compose(due(**week), replace(TERMS, settings=PaymentSettings(remittance=content))).run  # type: ignore[arg-type]
    assert imbalances(run) == ()
    sending = Sending(77, "P", datetime(2026, 6, 24, 6, 0, tzinfo=UTC))
    (data,) = write_remittances(run, PAYER, {"clearhouse": Receiver("ZZ", "CLRHOUSE01", "CLRHOUSE01")}, sending)
    assert scan(data, snip=5).findings == []
    assert accepted_by_pyx12(data)
    return data.decode().replace("~", "\n")


def bill(number: int, **other: object) -> Row:
    """A paid claim of 100.00."""
    dated = {"service_from": DAY, "service_through": DAY} | other
    return claim(number, f"A{number}", "2026-06-01", 10_000, 10_000, 0, **dated)


def week(*claims: Row, **other: object) -> dict[str, object]:
    """A week of claims of one line that is paid in full."""
    lines = [line(row["claim_id"], "99213", DAY, 10_000, 10_000, 10_000, "L1") for row in claims]
    names = [patient(row["claim_id"], "ROE", "ANN", "M1") for row in claims]
    return {"claims": list(claims), "lines": lines, "adjustments": [], "names": names, **other}


def chosen(text: str, *ids: str) -> list[str]:
    """Segments by id."""
    return [segment for segment in text.splitlines() if segment.split("*")[0] in ids]


STAY = {"kind": "I", "facility_code": "11"}


def test_institutional_claims_are_summed_by_provider_facility_and_year() -> None:
    """LX with TS3: one for professional claims without sums, then one a group; no TS2 where it is not Medicare."""
    claims = [
        bill(NUMBER),
        bill(NUMBER + 1, **STAY),
        bill(NUMBER + 2, **STAY | {"service_from": "2025-12-30", "service_through": "2025-12-31"}),
        bill(NUMBER + 3, **STAY | {"facility_code": "13"}),
        bill(NUMBER + 4, **STAY | {"billing_npi": "1000000004"}),
        bill(NUMBER + 5, **STAY),
        bill(NUMBER + 6, status_code="void", charge_cents=0, paid_cents=0),
        bill(NUMBER + 7, **STAY | {"billing_npi": None}),
    ]
    made = week(*claims)
    made["lines"] = [row for row in made["lines"] if row["claim_id"] != NUMBER + 6]  # type: ignore[attr-defined]
    told = written(made, RemittanceContent(provider_summaries=True))
    assert [segment.replace(f"*{NUMBER // 100}", "*") for segment in chosen(told, "LX", "TS3", "TS2")] == [
        "LX*1",
        "LX*2",
        "TS3*1000000004*11*20261231*1*100",
        "LX*3",
        "TS3*1234567893*11*20251231*1*100",
        "LX*4",
        "TS3*1234567893*11*20261231*2*200",
        "LX*5",
        "TS3*1234567893*13*20261231*1*100",
    ]
    assert [segment.split("*")[7] for segment in chosen(told, "CLP")] == [
        str(NUMBER + place) for place in (0, 7, 4, 2, 1, 5, 3)
    ]
    assert chosen(written(made, RemittanceContent()), "LX", "TS3") == ["LX*1"]


def test_stays_of_medicare_have_their_days_and_weights() -> None:
    """TS2: two discharges (an interim bill is none), five covered days, the mean of the weights."""
    part_a = STAY | {"plan_id": "MEDICARE", "filing_indicator": "MA"}
    made = week(
        bill(NUMBER, **part_a, drg_code="470", drg_weight="1.5"),
        bill(NUMBER + 1, **part_a, drg_code="471", drg_weight="2.0001"),
        bill(NUMBER + 2, **part_a, frequency_code="2"),
        quantities=[
            {"claim_id": NUMBER + place, "line_number": 0, "qualifier": "CA", "quantity": days}
            for place, days in enumerate(("3", "1.5", "0.5"))
        ],
    )
    told = written(made, RemittanceContent(provider_summaries=True))
    assert chosen(told, "TS3", "TS2") == [
        "TS3*1234567893*11*20261231*3*300",
        "TS2***********2**5***1.75",
    ]
    assert [segment.split("*")[11:] for segment in chosen(told, "CLP")] == [["470", "1.5"], ["471", "2.0001"], []]
    assert chosen(told, "QTY") == ["QTY*CA*3", "QTY*CA*1.5", "QTY*CA*0.5"]


def corrected(**other: object) -> dict[str, object]:
    """A correction that came with an account number of its own, and what it takes the place of."""
    old = NUMBER - 1
    made = week(bill(NUMBER, reverses=old, original_claim_number=str(old), frequency_code="7", **other))
    sent = bill(old) | {"patient_control_number": "FIRST"}
    paid = line(old, "99213", DAY, 10_000, 9_000, None, "L1")
    codes = [adjusted(old, 1, "CO 45", 1_000)]
    return made | {
        "sent": ([sent | {"paid_cents": 9_000}], [paid], codes),
        "sent_names": [patient(old, "ROE", "ANN", "M1")],
    }


@pytest.mark.parametrize(("account", "second"), [("own", f"A{NUMBER}"), ("original", "FIRST")])
def test_account_numbers_in_a_chain_go_by_the_setting(account: str, second: str) -> None:
    """RFI 2150, or RFI 1945: the reversal carries what was sent, either way."""
    told = written(corrected(), RemittanceContent(correction_account=account))  # type: ignore[arg-type]
    assert [segment.split("*")[1:3] for segment in chosen(told, "CLP")] == [["FIRST", "22"], [second, "1"]]


def test_a_reversal_is_in_the_group_of_what_takes_its_place() -> None:
    """Even where the bill went from one type to another: it stands directly before it."""
    made = corrected(**STAY | {"facility_code": "13"})
    told = written(made, RemittanceContent(provider_summaries=True))
    assert chosen(told, "LX", "TS3") == ["LX*1", "TS3*1234567893*13*20261231*2*0"]


@pytest.mark.parametrize(
    ("setting", "expected"), [("none", []), ("institutional", ["AMT*AU*60"]), ("all", ["AMT*AU*100", "AMT*AU*60"])]
)
def test_the_coverage_amount_is_of_covered_services_and_goes_by_the_setting(setting: str, expected: list[str]) -> None:
    """A service of which nothing is allowed is not covered; what is denied as a whole says none."""
    made = week(bill(NUMBER), bill(NUMBER + 1, **STAY), bill(NUMBER + 2, **STAY))
    made["lines"] = [
        line(NUMBER, "99213", DAY, 10_000, 10_000, 10_000, "L1"),
        line(NUMBER + 1, "99213", DAY, 6_000, 6_000, 6_000, "L1"),
        line(NUMBER + 1, "99214", DAY, 4_000, 0, None, "L2"),
        line(NUMBER + 2, "99213", DAY, 10_000, 0, None, "L1"),
    ]
    made["adjustments"] = [adjusted(NUMBER + 1, 2, "CO 50", 4_000), adjusted(NUMBER + 2, 1, "CO 50", 10_000)]
    for row, paid in zip(made["claims"], (10_000, 6_000, 0), strict=True):  # type: ignore[call-overload]
        row["paid_cents"] = paid
    told = written(made, RemittanceContent(coverage_amount=setting))  # type: ignore[arg-type]
    assert [segment for segment in chosen(told, "AMT") if "*AU*" in segment] == expected


def test_discounts_and_reductions_are_told_beside_their_adjustments() -> None:
    """CARC 44 as AMT*D8 of the claim, B4 as AMT*KH of the line."""
    made = week(bill(NUMBER, paid_cents=8_500))
    made["lines"] = [line(NUMBER, "99213", DAY, 10_000, 8_500, 10_000, "L1")]
    made["adjustments"] = [adjusted(NUMBER, 1, "CO 44", 500), adjusted(NUMBER, 1, "CO B4", 1_000)]
    told = written(made, RemittanceContent())
    assert chosen(told, "AMT") == ["AMT*D8*5", "AMT*B6*100", "AMT*KH*10"]


def test_a_payee_without_an_npi_is_known_by_the_tax_id() -> None:
    """1000B N104 and PLB01; REF*TJ would say it twice."""
    made = week(bill(NUMBER), payees=[RIVER | {"npi": ""}], entries=[
        {"payee_id": "RIVER", "entry_id": 1, "reason_code": "LE", "reference": "X", "amount_cents": 100}
    ])  # fmt: skip
    told = written(made, RemittanceContent())
    assert "N1*PE*RIVER CLINIC LLC*FI*222334444" in told
    assert "PLB*222334444*20261231*LE:X*1" in told
    assert "REF*TJ" not in told


def test_a_claim_says_five_numbers_at_most() -> None:
    """The guide has room for five (2100 REF): the original's comes first."""
    numbers = [
        {"claim_id": NUMBER, "line_number": 0, "qualifier": code, "value": code}
        for code in ("9C", "9A", "G1", "EA", "1L")
    ]
    told = written(corrected() | {"references": numbers}, RemittanceContent())
    assert [segment for segment in chosen(told, "REF") if segment[4:6] not in ("EV", "2U", "TJ", "6R")] == [
        *(f"REF*F8*{NUMBER - 1}", "REF*1L*1L", "REF*EA*EA", "REF*G1*G1", "REF*9A*9A"),
    ]


def test_remarks_of_a_claim_beyond_five_are_said_on_its_first_line() -> None:
    """MOA has room for five."""
    codes = ["M1", "M2", "M3", "M4", "M5", "M6"]
    remarks = [{"claim_id": NUMBER, "line_number": 0, "remark_code": code} for code in codes]
    told = written(week(bill(NUMBER)) | {"remarks": remarks}, RemittanceContent())
    assert chosen(told, "MOA", "LQ") == ["MOA***M1*M2*M3*M4*M5", "LQ*HE*M6"]


def test_names_are_cut_to_what_the_guide_has_room_for() -> None:
    """NM103 to NM107; a middle name is shorter than a first one."""
    long = {"last_name": "L" * 61, "first_name": "F" * 36, "middle_name": "M" * 26, "suffix": "S" * 11}
    names = [{"claim_id": NUMBER, "entity_code": "QC", "entity_type": "1", **long}]
    told = written(week(bill(NUMBER)) | {"names": names}, RemittanceContent())
    assert f"NM1*QC*1*{'L' * 60}*{'F' * 35}*{'M' * 25}**{'S' * 10}" in told
