"""`edi claim`: a claim's history, and the way back from a decision to its segment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.adjudicate import adjudicate
from pipeline.claim import ClaimUnknown, view_claim
from pipeline.claim_places import of_statuses
from pipeline.command.claim_page import page
from pipeline.process import process_files
from pipeline.remit_lifecycle import compose, release
from tests.pipeline.plan import WEEK, Plan

Told = dict[str, Any]


@pytest.fixture
def decided(plan: Plan) -> Plan:
    """The demo's first week, decided."""
    plan.load_registry()
    for partner, path in WEEK:
        process_files(plan.house, plan.take_in(partner, path.read_bytes()))
    adjudicate(plan.house)
    return plan


def numbers(plan: Plan, where: str = "true") -> list[str]:
    """Our numbers of claims."""
    return [row["claim_number"] for row in plan.rows(f"select claim_number from claim where {where} order by claim_id")]


def one(plan: Plan, number: str, *, show_source: bool = False) -> Told:
    """The only claim of a history."""
    (claim,) = view_claim(plan.house, number, show_source=show_source).claims
    return dict(claim)


def sources(told: object) -> Iterator[Told]:
    """Every source in a history."""
    if isinstance(told, dict):
        if "segment_id" in told:
            yield told
        for value in told.values():
            yield from sources(value)
    elif isinstance(told, list):
        for value in told:
            yield from sources(value)


def test_every_source_is_the_segment_it_says(decided: Plan) -> None:
    """Position in the set, id, bytes and text agree with the archived file, for every decision of the week."""
    seen = 0
    for number in numbers(decided):
        claim = one(decided, number, show_source=True)
        (file,) = [file for file in decided.files() if file.file_id == claim["file"]["file_id"]]
        data = decided.house.archive.read(file.archive_path)
        for source in sources(claim):
            start, stop = source["bytes"]
            assert data[start:stop].decode() == source["text"]
            assert source["text"].split("*")[0] == source["segment_id"]
            assert data[stop : stop + 1] == b"~"
            opened = data.rfind(b"ST*837*", 0, start)
            assert data[opened:start].count(b"~") + 1 == source["segment"]
            assert len(source["text"].split("*")) > source["element"]
            seen += 1
    assert seen > 2 * decided.count("adjustment")


def test_a_late_line_leads_to_its_date_of_service(decided: Plan) -> None:
    """From CO 29 to DTP*472 of the line that was late, with the days counted in words (domain.md 5.6)."""
    late = "claim_id in (select claim_id from decision join adjustment using (decision_id) where reason_code = '29')"
    (number,) = numbers(decided, f"kind = 'P' and {late}")
    (decision,) = one(decided, number, show_source=True)["decisions"]
    (line,) = decision["lines"]
    (adjustment,) = line["adjustments"]
    assert (adjustment["group_code"], adjustment["reason_code"]) == ("CO", "29")
    assert (adjustment["source"]["segment_id"], adjustment["source"]["element"]) == ("DTP", 3)
    (measured,) = [fact for fact in line["facts"] if "limit" in fact]
    day = adjustment["source"]["text"].split("*")[3]
    assert day == measured["anchor"].replace("-", "")
    assert measured["day"] > measured["limit"]
    assert str(measured["limit"]) in measured["text"]


def test_health_data_are_shown_only_where_they_are_asked_for(decided: Plan) -> None:
    """Without --show-source a source is a place."""
    for number in numbers(decided):
        assert all("text" not in source for source in sources(one(decided, number)))


def test_a_claim_is_found_by_any_of_its_numbers(decided: Plan) -> None:
    """Ours as people write it, and the provider's."""
    for number in numbers(decided):
        claim = one(decided, number)
        written = f" {number[:5].lower()}-{number[5:]} "
        assert one(decided, written) == claim
        assert claim in view_claim(decided.house, claim["provider_number"], of_provider=True).claims


def test_the_history_of_a_family_is_the_same_from_every_member(decided: Plan) -> None:
    """A correction that was refused has no version, and belongs to it all the same."""
    first, second = numbers(decided)[:2]
    decided.execute(
        f"update claim set frequency_code = '7', version_state = 'refused', version = null, tracking_number = 'T01',"
        f" correction_problem = 'F8_SUPERSEDED', original_claim_id = (select claim_id from claim where claim_number ="
        f" '{first}') where claim_number = '{second}'"
    )
    views = [view_claim(decided.house, number).claims for number in (first, second, "t01")]
    assert views[0] == views[1] == views[2]
    assert [claim["claim_number"] for claim in views[0]] == [first, second]
    assert views[0][1]["corrects"] == first


def test_a_refused_claim_shows_its_statuses_and_their_segments(decided: Plan) -> None:
    """Those of the 277CA: A7:464 is about REF*F8 where there is one, else about the frequency."""
    number = numbers(decided, "kind = 'P'")[0]
    decided.execute(
        "insert into claim_edit (claim_id, ordinal, edit, severity, statuses) select claim_id, 1, 'F8-KNOWN', 'reject',"
        f" 'A7:464 A7:535' from claim where claim_number = '{number}'"
    )
    (edit,) = one(decided, number)["edits"]
    assert edit["statuses"] == ["A7:464", "A7:535"]
    assert (edit["source"]["segment_id"], edit["source"]["element"]) == ("CLM", 5)
    assert any("277CA A7:464 A7:535" in line.text for line in page(view_claim(decided.house, number).claims))


@pytest.mark.parametrize("statuses", ["A7:464", "A8:562:85 A8:128", "A3:9999", ""])
def test_every_status_leads_somewhere(statuses: str) -> None:
    """At least to the claim."""
    assert [place.segment for place in of_statuses(statuses)][-1] == "CLM"


def test_what_was_remitted_is_told(decided: Plan) -> None:
    """Trace number, days and amount of the claim's loop; as long as its run may be given up, that it is in it."""
    paid = numbers(decided, "state = 'paid'")[0]
    today = decided.house.today()
    compose(decided.house, today)
    view = view_claim(decided.house, paid)
    shown = [*(event["text"] for event in view.timeline), *(line.text for line in page(view.claims))]
    assert not any(text.startswith("remitted") for text in shown)
    assert sum(f"in the run through {today}, not released yet" in text for text in shown) == 2
    assert f"edi remit release {today}" in view.claims[0]["next_step"]
    release(decided.house, today, "ann")
    claim = one(decided, paid)
    assert claim["next_step"].startswith("To correct it")
    (sent,) = claim["remittances"]
    assert sent["paid_cents"] == claim["decisions"][-1]["paid_cents"] > 0
    assert sent["trace_number"]


def test_people_and_programs_are_told_the_same_money(decided: Plan) -> None:
    """Every amount, code and fact of the JSON object is on the page, for every claim."""
    for number in numbers(decided):
        claims = view_claim(decided.house, number).claims
        json.dumps(claims)
        shown = "\n".join(line.text for line in page(claims))
        for claim in claims:
            for decision in claim["decisions"]:
                assert all(fact["text"] in shown for fact in decision["facts"])
                for line in decision["lines"]:
                    assert all(fact["text"] in shown for fact in line["facts"])
                    for each in line.get("adjustments", ()):
                        assert f"{each['group_code']} {each['reason_code']} ${each['amount_cents'] // 100:,}" in shown


def test_a_file_that_left_the_archive_takes_no_history_with_it(decided: Plan) -> None:
    """The decisions stay; there is no source then."""
    for file in decided.files():
        decided.house.archive.path(file.archive_path).unlink(missing_ok=True)
    claim = one(decided, numbers(decided)[0])
    assert claim["decisions"]
    assert list(sources(claim)) == []


@pytest.mark.parametrize("of_provider", [False, True])
def test_an_unknown_number_is_told_without_repeating_it(decided: Plan, of_provider: bool) -> None:
    """What was asked for may be an element's value."""
    with pytest.raises(ClaimUnknown) as told:
        view_claim(decided.house, "SECRET-9", of_provider=of_provider)
    assert "SECRET" not in str(told.value)
