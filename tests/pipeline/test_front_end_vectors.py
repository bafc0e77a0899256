"""Test vectors T13 to T18 and T21 of docs/domain.md, from files to answers and decisions, in one history."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pipeline.adjudicate import adjudicate
from pipeline.claim import view_claim
from pipeline.remit import remit
from rules.front_end.settings import FrontEndSettings
from tests.pipeline.plan import ENROLLMENT, Plan, check_answers, told
from tests.pipeline.test_claim_answers import KNOWN, said, sender
from tests.rules.claim_files import Damage, damaged_claims

CLAIM = "CLM*ACCOUNT{number}*150***11:B:1*Y*A*Y*Y"


def bill(day: int, frequency: str = "1", original: str = "", *, account: str = "", second_line: int = 50) -> Damage:
    """A claim of a member for a day in May; `original` is its REF*F8, `second_line` the charge of that line."""
    reference = f"~REF*F8*{original}" if original else ""
    return {
        **KNOWN,
        CLAIM: f"CLM*{account or f'DAY{day}'}*{100 + second_line}***11:B:{frequency}*Y*A*Y*Y",
        "DTP*431*D8*20260301": f"DTP*431*D8*20260301{reference}",
        "DTP*472*D8*20260302": f"DTP*472*D8*202605{day:02}",
        "SV1*HC:87880*50*UN*1***1": f"SV1*HC:36415*{second_line}*UN*1***1",
    }


@dataclass
class History:
    """A clearinghouse that sends batches of a clinic on file."""

    plan: Plan
    sent: int = 10

    def send(self, *bills: Damage, control: int | None = None) -> list[str]:
        """A batch; CLM01 and statuses of each claim that the 277CA names."""
        self.sent += 1
        data = sender(self.plan, damaged_claims(*bills)).replace(b"BATCH1", f"BATCH{self.sent}".encode())
        data = data.replace(b"1999999984", b"1234567893").replace(b"900000001", b"911111111")
        number = f"{control or self.sent:09d}".encode()
        self.plan.take_in("clearlink", data.replace(b"000000011", number))
        before = len(self.plan.claim_answers())
        self.plan.process()
        if len(self.plan.claim_answers()) == before:
            return []
        text = [one.split("*") for one in said(self.plan, "TRN*2*DAY", "STC*A2", "STC*A6", "STC*A7")]
        return [parts[2] if parts[0] == "TRN" else " ".join(filter(None, parts[1:2] + parts[10:12])) for parts in text]

    def number(self, account: str) -> str:
        """Our number of the last claim with this one of the provider."""
        rows = self.plan.rows(
            f"select claim_number from claim where patient_control_number = '{account}'"
            " and claim_number is not null order by claim_id"
        )
        return str(rows[-1]["claim_number"])

    def decided(self, account: str) -> tuple[str, set[str], set[str]]:
        """Outcome of the last decision about a claim, its reasons and its remarks."""
        (row,) = self.plan.rows(
            "select d.outcome,"
            " array(select a.reason_code from adjustment a where a.decision_id = d.decision_id) as reasons,"
            " array(select r.remark_code from decision_remark r where r.decision_id = d.decision_id) as remarks"
            " from claim c join decision d using (claim_id)"
            f" where claim_number = '{self.number(account)}' order by d.sequence desc limit 1"
        )
        return row["outcome"], set(row["reasons"]), set(row["remarks"])

    def places(self, account: str) -> list[str]:
        """The segments that returned a claim, as `edi claim` shows them."""
        claims = view_claim(self.plan.house, account, of_provider=True, show_source=True).claims
        return [
            edit["source"]["text"] for claim in claims if claim["provider_number"] == account for edit in claim["edits"]
        ]


@pytest.fixture
def history(plan: Plan) -> History:
    """Four claims of a member, decided and remitted; every edit as it is by default."""
    plan.change(front_end=FrontEndSettings())
    plan.load_registry()
    plan.take_in("acme", ENROLLMENT)
    plan.process()
    history = History(plan)
    assert history.send(bill(4), bill(5), bill(6), bill(7)) == [
        text for day in (4, 5, 6, 7) for text in (f"DAY{day}", "A2:20:PR")
    ]
    adjudicate(plan.house)
    remit(plan.house, plan.house.today())
    assert {row["state"] for row in plan.rows("select state from claim")} == {"paid"}
    return history


def test_corrections_disputes_and_repetitions(history: History) -> None:
    """T13 to T18 and T21."""
    plan = history.plan
    first, second, third = (history.number(f"DAY{day}") for day in (4, 5, 6))
    assert history.send(
        bill(4, "7", first[-8:], account="DAYT14", second_line=40),
        bill(7, "7", account="DAYT13"),
        bill(6, "8", third, account="DAYT16"),
        bill(5, "7", second, account="DAYT17"),
        bill(11, "1", third, account="DAYT18"),
    ) == [
        *("DAYT14", "A2:20:PR", "DAYT13", "A6:464 A6:535"),
        *("DAYT16", "A2:20:PR", "DAYT17", "A2:20:PR", "DAYT18", "A2:20:PR"),
    ]
    adjudicate(plan.house)
    assert history.decided("DAYT14") == ("paid", {"3", "45"}, set())
    assert history.decided("DAYT16") == ("paid", set(), set())
    assert history.decided("DAYT17") == ("denied", {"193"}, {"N368"})
    assert history.decided("DAYT18") == ("paid", {"3", "45"}, set())
    assert plan.rows("select sign, count(*) as claims from claim_dispute group by sign") == [
        {"sign": "unchanged", "claims": 1}
    ]
    warned = plan.rows("select severity from finding where code = 'CLAIM_ORIGINAL_UNEXPECTED'")
    assert warned == [{"severity": "warning"}]
    versions = "select patient_control_number as number, version, version_state as state from claim where family_id ="
    family = f"(select family_id from claim where claim_number = '{first}')"
    assert [tuple(row.values()) for row in plan.rows(f"{versions} {family} order by version")] == [
        ("DAY4", 1, "replaced"),
        ("DAYT14", 2, "active"),
    ]

    assert history.send(
        bill(4, "7", first, account="DAYT15", second_line=30), bill(6, "8", third, account="DAYT16B")
    ) == ["DAYT15", "A7:495", "DAYT16B", "A2:20:PR"]
    adjudicate(plan.house)
    assert history.decided("DAYT16B") == ("denied", {"16"}, {"N547"})

    assert history.places("DAYT13") == ["CLM*DAYT13*150***11:B:7*Y*A*Y*Y"]
    assert history.places("DAYT15") == [f"REF*F8*{first}"]

    before = plan.count("claim")
    assert history.send(bill(12), control=history.sent) == []
    assert [told(row) for row in plan.answers()][-1] == "TA1 R 025"
    assert plan.count("claim") == before
    check_answers(plan.outbox())
