"""`edi dispute`: while a dispute is open, EDI corrects nothing of its claim (domain.md 6.2, 6.6)."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from loaders.open_disputes import DisputeRefused
from pipeline.adjudicate import adjudicate
from pipeline.claim import view_claim
from pipeline.command.claim_page import page
from pipeline.disputes import close_dispute, list_disputes, open_dispute
from pipeline.process import process_files
from pipeline.remit import remit
from rules.front_end.settings import FrontEndSettings
from tests.pipeline.plan import CLINIC_CLAIMS, ENROLLMENT, Plan

CASE = "D-2026/17"


@pytest.fixture
def remitted(plan: Plan) -> Plan:
    """The clinic's claim, paid and remitted."""
    plan.load_registry()
    plan.change(front_end=FrontEndSettings())
    process_files(plan.house, plan.take_in("acme", ENROLLMENT))
    process_files(plan.house, plan.take_in("riverclinic", CLINIC_CLAIMS))
    adjudicate(plan.house)
    remit(plan.house, plan.house.today())
    return plan


def number(plan: Plan) -> str:
    """Of the claim."""
    return str(view_claim(plan.house, "R-3001").claims[0]["claim_number"])


def void(plan: Plan, place: int) -> str:
    """Void the claim by EDI, in another file each; what the 277CA says."""
    text = CLINIC_CLAIMS.decode()
    for was, becomes in (
        *(("000003001", f"00000310{place}"), ("*3001*", f"*310{place}*"), ("GE*1*3001", f"GE*1*310{place}")),
        *(("RC20260601", f"RC2026060{place}"), ("11:B:1", "11:B:8"), ("SE*26*", "SE*27*")),
        ("REF*D9", f"REF*F8*{number(plan)}~\nREF*D9"),
    ):
        text = text.replace(was, becomes)
    process_files(plan.house, plan.take_in("riverclinic", text.encode()))
    said = plan.claim_answers()[-1].content.decode()
    return next(part.split("*")[1] for part in said.split("~")[::-1] if part.startswith("STC") and "TRACKING" in part)


def opened(plan: Plan, case: str = CASE, **other: Any) -> dict[str, Any]:  # noqa: ANN401 - of all kinds
    """A dispute about the claim."""
    return open_dispute(plan.house, other.pop("claim", number(plan)), case, "paper", other.pop("on", None), "jo")


def test_nothing_corrects_a_claim_in_dispute(remitted: Plan) -> None:
    """A void is returned while the dispute is open, and taken when it is closed; the timeline tells all of it."""
    told = opened(remitted)
    assert (told["is_new"], told["outcome"], told["corrections_under_way"]) == (True, None, [])
    assert void(remitted, 2) == "A3:464"
    assert remitted.rows("select correction_problem from claim where state = 'rejected'") == [
        {"correction_problem": "F8_DISPUTED"}
    ]
    paid, returned = view_claim(remitted.house, number(remitted)).claims
    assert paid["next_step"].startswith("A dispute is open")
    assert returned["next_step"].startswith("The claim that it names is in dispute")
    counted = list_disputes(remitted.house)
    assert (counted["open"], counted["closed"], counted["corrections_returned"]) == (1, 0, 1)
    assert [one["reference"] for one in counted["disputes"]] == [CASE]
    # the same again changes nothing
    assert not opened(remitted)["is_new"]
    remitted.clock.instant += timedelta(days=1)
    assert close_dispute(remitted.house, CASE, "upheld", "ann")["is_new"]
    assert not close_dispute(remitted.house, CASE, "upheld", "bob")["is_new"]
    assert list_disputes(remitted.house)["disputes"] == []
    assert [one["closed_by"] for one in list_disputes(remitted.house, closed_too=True)["disputes"]] == ["ann"]
    assert void(remitted, 3) == "A2:20:PR"
    view = view_claim(remitted.house, number(remitted))
    told_days = [event["text"] for event in view.timeline]
    assert f"dispute {CASE} opened (paper)" in told_days
    assert f"dispute {CASE} closed: upheld" in told_days
    assert any(f"dispute {CASE}" in line.text for line in page(view.claims))
    # what is on its way goes on
    assert opened(remitted, "D-18")["corrections_under_way"] == [view.claims[1]["claim_number"]]
    assert adjudicate(remitted.house).outcomes.total() == 1
    assert view_claim(remitted.house, number(remitted)).claims[0]["version_state"] == "voided"
    works = [row["work"] for row in remitted.rows("select work from work_journal order by entry_id")]
    assert works.count("dispute") == 3
    _what_is_refused(remitted)
    _two_at_once(remitted)


def _what_is_refused(remitted: Plan) -> None:
    """Nothing is recorded."""
    before = remitted.count("provider_dispute")
    tomorrow = remitted.house.today() + timedelta(days=1)
    for case, other, said in (
        ("D-19", {"claim": "260000000001"}, "No claim of ours"),
        ("D-19", {"on": tomorrow}, "yet to come"),
        (CASE, {}, "was closed"),
    ):
        with pytest.raises(DisputeRefused, match=said):
            opened(remitted, case, **other)
    with pytest.raises(DisputeRefused, match="No dispute has that reference"):
        close_dispute(remitted.house, "D-19", "upheld", "jo")
    with pytest.raises(DisputeRefused, match="closed as upheld"):
        close_dispute(remitted.house, CASE, "overturned", "jo")
    assert remitted.count("provider_dispute") == before


def _two_at_once(remitted: Plan) -> None:
    """Of two people who record the same case one does."""
    claim = number(remitted)
    new: list[bool] = []

    def record() -> None:
        new.append(opened(remitted, "D-20", claim=claim)["is_new"])

    threads = [threading.Thread(target=record) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(new) == [False, True]
