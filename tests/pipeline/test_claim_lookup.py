"""`edi claim`: which claim is meant, what became of it in a sentence, and what to do next. One week serves all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from pipeline.adjudicate import adjudicate
from pipeline.claim import ClaimUnknown, ClaimView, view_claim
from pipeline.command.claim_page import candidates_page, page
from pipeline.pend_work import assign
from pipeline.process import process_files
from pipeline.remit import remit
from rules.front_end.settings import FrontEndSettings
from tests.pipeline.plan import WEEK, Plan


@pytest.fixture
def screened(plan: Plan) -> Plan:
    """The demo's first week with all edits, decided and remitted; and the voids and corrections that follow."""
    plan.load_registry()
    plan.change(front_end=FrontEndSettings())
    for partner, path in WEEK:
        process_files(plan.house, plan.take_in(partner, path.read_bytes()))
    adjudicate(plan.house)
    remit(plan.house, plan.house.today())
    original = view(plan, "R-3001").claims[0]["claim_number"]
    void = dict(WEEK)["riverclinic"].read_text()
    for was, becomes in (
        *(("000003001", "000003002"), ("*3001*", "*3002*"), ("GE*1*3001", "GE*1*3002"), ("RC20260601", "RC20260602")),
        *(("11:B:1", "11:B:8"), ("REF*D9", f"REF*F8*{original}~\nREF*D9"), ("SE*26*", "SE*27*")),
    ):
        void = void.replace(was, becomes)
    process_files(plan.house, plan.take_in("riverclinic", void.encode()))
    adjudicate(plan.house)
    return plan


def view(plan: Plan, number: str | None = None, **options: Any) -> ClaimView:  # noqa: ANN401 - options by name
    """A look-up."""
    return view_claim(plan.house, number, **options)


STANDINGS: Mapping[str, tuple[str, str]] = {
    "P-1001": (r"paid \$67\.50 of \$150\.00", r"frequency 7 that quotes \d{12}"),
    "P-1003": (r"denied, CO 29", "does not make it timely"),
    "P-1004": (r"denied, PR 27", r"enrolment \(834\) has to say so first"),
    "P-1007": (r"returned at the door", r"in REF\*F8"),
    "P-1008": (r"returned at the door", "sends the claim again with frequency 1"),
    "P-1009": (r"waits for NO_PRICE", r"edi pend price \d{12} --line"),
    "D-4002": (r"waits for PREDETERMINATION", r"edi pend release \d{12}"),
    "D-4003": (r"denied, PR 177", "enrolment"),
}
"""By CLM01: what became of it, and what to do next."""


def test_each_kind_of_claim_says_what_happened_and_what_is_next(screened: Plan) -> None:
    """In words of people who were not there when it was decided, and where it stands in the file."""
    for number, (standing, next_step) in STANDINGS.items():
        (claim,) = view(screened, number, show_source=True).claims
        assert re.search(standing, claim["standing"]), number
        assert re.search(next_step, claim["next_step"]), number
        assert claim["source"]["text"].startswith(f"CLM*{number}*")
    paid, void = view(screened, "R-3001").claims
    assert paid["standing"] == f"paid $99.00 of $200.00, then voided by {void['claim_number']}"
    assert paid["next_step"] == f"Nothing: {void['claim_number']} took its place."
    assert void["standing"] == f"accepted: it takes {paid['claim_number']} back"
    assert void["next_step"].startswith("It goes out with the next remittance.")
    told = view(screened, paid["claim_number"]).timeline
    assert [event["text"].split(":")[0].split(" with")[0] for event in told] == [
        *("received from riverclinic", "paid", "remitted", "received from riverclinic", "void accepted"),
    ]
    # by somebody who looks after it now
    number = view(screened, "P-1009").claims[0]["claim_number"]
    assign(screened.house, number, "ann", "jo")
    assert any(event["text"] == "assigned to ann by jo" for event in view(screened, number).timeline)
    _every_source_is_of_the_claim_itself(screened)
    _lookups(screened)


def _every_source_is_of_the_claim_itself(screened: Plan) -> None:
    """Never a segment of another claim or patient of the file: a subscriber id is the claim's own."""
    (claim,) = view(screened, "P-1008", show_source=True).claims
    (edit,) = claim["edits"]
    assert (edit["source"]["segment_id"], edit["source"]["element"]) == ("NM1", 9)
    assert edit["source"]["text"].endswith("*MI*M9999999")
    assert edit["meaning"]
    subscribers = {
        row["claim_id"]: row["subscriber_id"] for row in screened.rows("select claim_id, subscriber_id from claim")
    }
    assert len(subscribers) > len(STANDINGS)
    for number in STANDINGS:
        for source in _sources(view(screened, number, show_source=True).claims):
            if source["text"].startswith("NM1*IL"):
                (row,) = screened.rows(f"select subscriber_id from claim where patient_control_number = '{number}'")
                assert source["text"].endswith(str(row["subscriber_id"]))


def _sources(told: object) -> Iterator[dict[str, Any]]:
    if isinstance(told, dict):
        if "segment_id" in told:
            yield told
        for value in told.values():
            yield from _sources(value)
    elif isinstance(told, list | tuple):
        for value in told:
            yield from _sources(value)


def _lookups(screened: Plan) -> None:
    """By member or file: one claim is shown, several are listed, and each is found by what the list says."""
    listed = view(screened, subscriber=" m1000003 ")
    assert (listed.claims, listed.timeline) == ((), ())
    assert len(listed.candidates) > 1
    json.dumps(listed.summary())
    lines = [line.text for line in candidates_page(listed.candidates, 200)][1:]
    for line, candidate in zip(lines, listed.candidates, strict=True):
        asked, *options = line.removeprefix("edi claim ").split(":")[0].split()
        found = view(screened, asked, of_provider="--provider-number" in options)
        assert candidate["claim_number"] in {claim["claim_number"] for claim in found.claims}
    (nobody,) = view(screened, subscriber="M9999999").claims
    assert nobody["provider_number"] == "P-1008"
    everything = view(screened, subscriber="M1000003", everything=True)
    assert len(everything.claims) == len(listed.candidates)
    by_file = view(screened, file_id=nobody["file"]["file_id"])
    assert len(by_file.candidates) == 9
    unnumbered = next(line.text for line in candidates_page(by_file.candidates, 200) if "P-1008" in line.text)
    assert f"edi claim P-1008 --provider-number --file {nobody['file']['file_id']}: rejected (A3:33)" in unnumbered
    (again,) = view(screened, "P-1008", of_provider=True, file_id=nobody["file"]["file_id"]).claims
    assert again == nobody
    # sent twice under one number, by nobody's fault
    screened.execute("update claim set patient_control_number = 'P-1001' where patient_control_number = 'P-1008'")
    assert {one["provider_number"] for one in view(screened, "P-1001").candidates} == {"P-1001"}
    for unknown in (
        {"number": "P-1008"},
        {"subscriber": "M1"},
        {"file_id": 999},
        {"number": "P-1001", "file_id": 999},
        {},
    ):
        with pytest.raises(ClaimUnknown) as told:
            view(screened, **unknown)
        assert "P-1" not in str(told.value)
        assert "M1" not in str(told.value)
    shown = "\n".join(line.text for line in page(everything.claims, everything.timeline))
    assert shown.startswith("Timeline of")
