"""835s that nobody answers, and files that are sent again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from edi.archived import bytes_reader
from edi.scanner import scan
from loaders import outbox
from loaders.outbox import OutboxFile
from loaders.resends import ResendRefused
from pipeline.silence import list_unanswered, resend, told_unanswered, watch
from rules.acceptance import AcceptanceProfile, judge
from tests.pipeline.plan import Plan
from tests.writers.remittances import worked_example
from tests.writers.runs import SENDING, run_of
from writers.answers import answer
from writers.remittance_files import Receiver, write_remittances

SENT = datetime(2026, 6, 17, 15, 0, tzinfo=UTC)
"""A Wednesday before a Friday on which banks rest."""
NAME = "835_20260614_R000000001.x12"


def remittance(plan: Plan) -> bytes:
    """An 835 to the clearinghouse."""
    paid, payer = worked_example(), plan.house.configuration.payer
    partner = plan.house.partner("clearlink")
    receiver = Receiver(partner.isa_qualifier, partner.isa_id, partner.gs_ids[0])
    (content,) = write_remittances(run_of(paid), payer, {paid.payee.remittance_partner: receiver}, SENDING)
    return content


@pytest.fixture
def sent(plan: Plan) -> Plan:
    """A plan that sent a remittance, a 277CA and a deposit file on that day."""
    plan.clock.instant = SENT
    files = (
        OutboxFile("clearlink", "out", NAME, "835", remittance(plan)),
        OutboxFile("clearlink", "ack", "277CA_1.x12", "277CA", b"277CA"),
        OutboxFile("harborbank", "out", "DEPOSIT_20260614.ach", "DEPOSIT", b"101"),
        OutboxFile("clearlink", "reports", "EOP_20260614_LAKE.pdf", "EOP_PDF", b"%PDF"),
        OutboxFile("riverclinic", "reports", "EOP_20260614_LAKE.pdf", "EOP_PDF", b"%PDF"),
    )
    with plan.house.warehouse.begin() as connection:
        outbox.put(connection, files, SENT)
    plan.deliver()
    return plan


def silent(plan: Plan, day: int) -> list[str]:
    """What is reported on a day of June, just after midnight at the plan."""
    plan.clock.instant = datetime(2026, 6, day, 4, 1, tzinfo=UTC)
    return [one.file_name for one in list_unanswered(plan.house)]


def answer_it(plan: Plan) -> None:
    """The clearinghouse's 999 arrives now."""
    content = remittance(plan)
    verdict = judge(
        scan(content),
        AcceptanceProfile("clearlink", transactions=frozenset({"835"}), usages=frozenset({"P"})),
        bytes_reader(content),
    )
    said = answer(verdict.interchanges[0], plan.house.configuration.payer, 77, plan.clock.now())
    assert said is not None
    plan.take_in("clearlink", said)
    plan.look_once("clearlink")


def test_silence_is_told_after_the_days_agreed(sent: Plan) -> None:
    """Three banking days from the day after: Thursday, Monday, Tuesday. Nothing but an 835 is waited for.

    A resend has the same bytes and gives the partner its days again; an answer to what was sent before it is none.
    """
    assert (silent(sent, 23), silent(sent, 24)) == ([], [NAME])
    assert watch(sent.house)["warnings"] == [one.told() for one in list_unanswered(sent.house)]
    told = told_unanswered(list_unanswered(sent.house))
    assert (told["count"], told["partners"]) == (1, {"clearlink": 1})
    partners = sent.house.configuration.partners
    sent.change(partners={**partners, "clearlink": replace(partners["clearlink"], answer_days=0)})
    assert silent(sent, 24) == []
    sent.change(partners={**partners, "clearlink": replace(partners["clearlink"], answer_days=4)})
    assert (silent(sent, 24), silent(sent, 25)) == ([], [NAME])
    sent.change(partners=partners)

    before = sent.servers["clearlink"].content(f"out/{NAME}")
    sent.servers["clearlink"].entries.clear()
    assert resend(sent.house, NAME, "ann", "lost")["is_new"]
    assert not resend(sent.house, NAME, "ann")["is_new"]
    sent.deliver()
    assert sent.servers["clearlink"].content(f"out/{NAME}") == before
    assert (silent(sent, 30), sent.clock.now().day) == ([], 30)
    sent.clock.instant = datetime(2026, 7, 2, 4, 1, tzinfo=UTC)
    (one,) = list_unanswered(sent.house)
    assert (one.file_name, one.resends) == (NAME, 1)
    assert "sent 2 times" in one.told()
    answer_it(sent)
    assert list_unanswered(sent.house) == []


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("nothing.x12", "no file with this id or name"),
        ("EOP_20260614_LAKE.pdf", r"Several files .*: 4 \(clearlink\), 5 \(riverclinic\)"),
        ("3", "pays twice"),
    ],
)
def test_what_cannot_be_sent_again_is_refused(sent: Plan, named: str, told: str) -> None:
    """Unknown, not one file, or a deposit that the bank may have."""
    with pytest.raises(ResendRefused, match=told):
        resend(sent.house, named, "ann")
    assert sent.count("outbox_resend") == 0
    assert resend(sent.house, "3", "ann", to_bank=True)["kind"] == "DEPOSIT"
