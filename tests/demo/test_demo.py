"""The demo, in a real Airflow over a real PostgreSQL and a real SFTP server, and what the README says of it.

All in one module: a worker of the tests has whole modules, and two of them would play the demo twice.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from edi.reference.scanner import scan
from loaders import server
from pipeline.claim import view_claim
from pipeline.demo.play import play
from pipeline.house import House, embedded_warehouse_folder, open_house
from tests.demo.conftest import REPOSITORY, Played
from tests.demo.readme import CUT, anywhere, claim_shown, readme, remittance_shown, segments_told, told
from tests.writers.remittances import accepted_by_pyx12

EXPECTED = json.loads((REPOSITORY / "examples" / "demo" / "expected_accounts.json").read_text())


@pytest.fixture
def house(played: Played) -> Iterator[House]:
    """The demo's house, its warehouse started once more."""
    server.start(embedded_warehouse_folder(played.var))
    try:
        with open_house(REPOSITORY / "examples" / "demo" / "config", played.var) as opened:
            yield opened
    finally:
        server.stop(embedded_warehouse_folder(played.var))


def sent(played: Played, pattern: str) -> list[Path]:
    """What the partners found on the SFTP server."""
    return sorted((played.var / "sftp").glob(pattern))


@pytest.mark.timeout(600)
def test_every_file_claim_and_cent_is_as_the_story_has_it(played: Played) -> None:
    """The summary's figures, files and claims are the committed ones, whatever order the DAGs ran in."""
    accounts = played.performance.accounts
    assert accounts.figures() == EXPECTED["figures"]
    rows = json.loads(json.dumps(accounts.rows()))
    assert rows["files"] == EXPECTED["files"]
    in_any_order = [{k: v for k, v in claim.items() if k not in UNORDERED} for claim in rows["claims"]]
    expected = [{k: v for k, v in claim.items() if k not in UNORDERED} for claim in EXPECTED["claims"]]
    assert sorted(in_any_order, key=json.dumps) == sorted(expected, key=json.dumps)


UNORDERED = ("claim_number", "tracking_number")
"""Files committed side by side draw their numbers in any order."""


def test_the_first_performance_began_with_nothing(played: Played) -> None:
    """So all that there is, it did."""
    assert played.performance.new() == {"files": 17, "claims": 24, "payments": 5}


def test_every_cent_paid_out_is_decided_and_not_taken_back(played: Played) -> None:
    """Decided to pay = paid out + taken back, less what a payee owes after a negative week; nothing waits."""
    accounts = played.performance.accounts
    assert accounts.balanced
    assert accounts.billed_cents == accounts.decided_to_pay_cents + accounts.adjusted_cents
    in_force = accounts.decided_to_pay_cents - accounts.taken_back_cents
    assert accounts.paid_out_cents == in_force + accounts.forwarded_cents
    assert (accounts.forwarded_cents, accounts.waiting_cents) == (9900, 0)


def test_whatever_we_sent_scans_clean_and_pyx12_accepts_it(played: Played) -> None:
    """Every TA1, 999, 277CA and 835 in the partners' folders."""
    files = sent(played, "*/ack/*.x12") + sent(played, "*/out/*.x12")
    assert len(files) == 16 + 8 + 6
    for file in files:
        findings = [finding.code for finding in scan(file.read_bytes()).findings]
        assert findings == [], file.name
        if not file.name.startswith("TA1"):
            assert accepted_by_pyx12(file.read_bytes()), file.name


def test_the_dentist_is_paid_half_of_what_the_schedule_allows(played: Played) -> None:
    """Worked out by hand from the fee schedule and the dental plan: half of the allowed amount is the member's.

    An examination and two fillings: allowed 25 + 120 + 95 = 240 of the 385 charged, so 145 are written off. The member
    without dental coverage owes the whole charge. The predetermination is no claim for payment: no 835 names it.
    """
    (remittance,) = [
        file.read_text().replace("\n", "").split("~")
        for file in sent(played, "clearlink/out/835_*.x12")
        if "MAPLE STREET DENTAL" in file.read_text()
    ]
    assert remittance[3].startswith("BPR*I*120*C*ACH*")
    told = [
        segment.split("*") for segment in remittance if segment.startswith(("CLP", "SVC", "CAS", "REF*6R", "AMT*B6"))
    ]
    assert ["*".join(elements[:7] if elements[0] == "CLP" else elements) for elements in told] == [
        "CLP*D-4001*1*385*120*120*17",
        *("SVC*AD:D0120*45*12.5**1", "CAS*CO*45*20", "CAS*PR*2*12.5", "REF*6R*D-4001.1", "AMT*B6*25"),
        *("SVC*AD:D2150*190*60**1", "CAS*CO*45*70", "CAS*PR*2*60", "REF*6R*D-4001.2", "AMT*B6*120"),
        *("SVC*AD:D2140*150*47.5**1", "CAS*CO*45*55", "CAS*PR*2*47.5", "REF*6R*D-4001.3", "AMT*B6*95"),
        "CLP*D-4003*1*190*0*190*17",
        *("SVC*AD:D2150*190*0**1", "CAS*PR*177*190", "REF*6R*D-4003.1"),
    ]


def test_a_predetermination_waits_from_week_to_week(played: Played) -> None:
    """The dentist's second statement holds it alone: pended on 1 June, 13 days before the week's last day."""
    (statement,) = sent(played, "clearlink/reports/EOP_20260614_MAPLE.csv")
    with statement.open(newline="") as lines:
        (row,) = csv.DictReader(lines)
    told = (row["section"], row["patient_control_number"], row["claim_charge"], row["days_pended"])
    assert told == ("pended", "D-4002", "1150.00", "13")


def test_every_payee_has_an_explanation_that_adds_up(played: Played) -> None:
    """One PDF and one CSV a payee and week; the CSV's paid amounts of a payment are the payment."""
    assert len(sent(played, "*/reports/EOP_*.pdf")) == len(sent(played, "*/reports/EOP_*.csv")) == 7
    for file in sent(played, "*/reports/EOP_*.csv"):
        with file.open(newline="") as lines:
            assert list(csv.DictReader(lines)), file.name


def test_the_readmes_claim_is_the_demos(house: House, played: Played) -> None:
    """By its number (CLP07), the provider's (CLM01), and from the segment back: the bytes are in the archive."""
    (number,) = (command.removeprefix("edi claim ") for command in told() if command.startswith("edi claim "))
    output = claim_shown(house, number)
    assert anywhere(output) == anywhere(told()[f"edi claim {number}"])
    (_, second) = view_claim(house, number).claims
    assert claim_shown(house, second["tracking_number"]) == output
    assert claim_shown(house, second["provider_number"]) == output
    ((first, path, length, segment),) = CUT.findall(readme())
    content = (played.var / path.removeprefix("var/")).read_bytes()
    assert content[int(first) - 1 :][: int(length)].decode() == segment
    # the way back from the 835
    assert any(
        f"CLP*{second['provider_number']}*1*" in file.read_text() and number in file.read_text()
        for file in sent(played, "clearlink/out/835_*.x12")
    )


def test_the_readmes_remittances_are_the_demos(house: House, played: Played) -> None:
    """The two that it draws, and the entry of the bank's file with the TRN of the 835."""
    shown = {command: printed for command, printed in told().items() if not command.startswith("edi claim ")}
    found, drawn = [], []
    for command, printed in shown.items():
        if command.startswith("edi remit show "):
            drawn.append(anywhere(remittance_shown(house, command.removeprefix("edi remit show "))))
            assert drawn[-1] == anywhere(printed)
        else:
            _, trace_number, file = command.split()
            lines = (played.var / file.removeprefix("var/")).read_text().splitlines()
            found = [line for line in lines if trace_number in line]
            assert found == printed.splitlines()
    assert (len(drawn), len(found)) == (2, 2)


def test_the_readmes_segments_are_the_demos(played: Played) -> None:
    """In the files that it names, in this order, the reversal before the correction."""
    shown = segments_told()
    assert [len(segments) for segments in shown.values()] == [8, 4]
    for file, segments in shown.items():
        sent_here = [anywhere(one.strip()) for one in (played.var / file).read_text().split("~")]
        rest = iter(sent_here)
        assert [one for one in segments if anywhere(one) not in rest] == [], file
    for form in ("pdf", "html", "csv"):
        assert (played.var / f"sftp/clearlink/reports/EOP_20260607_HILLSIDE.{form}").exists()


def test_the_second_performance_finds_nothing_new(played: Played) -> None:
    """Every DAG runs again: the same rows, the same files, byte for byte, and no payment."""
    before = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in sent(played, "**/*.*")}
    again = play(REPOSITORY, played.var, played.told.append)
    assert again.new() == {"files": 0, "claims": 0, "payments": 0}
    assert again.accounts.figures() == played.performance.accounts.figures()
    after = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in sent(played, "**/*.*")}
    assert after == before


def test_nothing_keeps_running(played: Played) -> None:
    """The demo stops every server that it started."""
    assert server.running(played.var / "warehouse") is None
    assert server.running(played.var / "airflow" / "metadata") is None
