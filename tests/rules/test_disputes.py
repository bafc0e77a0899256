"""A payment dispute may not come by EDI (test vector T17)."""

from __future__ import annotations

from tests.rules.bills import CORRECTION, decide_one, line


def test_a_replacement_that_changes_nothing_is_a_dispute() -> None:
    """T17: CO 193 with N368 on every line, and the original stays in force."""
    decided = decide_one(CORRECTION | {"original_fingerprint": "new"}, [line(1), line(2)])
    assert decided.adjustments == [(1, "CO 193", 18250), (2, "CO 193", 18250)]
    assert decided.remarks == [(1, "N368"), (2, "N368")]
    assert (decided.outcome, decided.claim_status_code) == ("denied", "1")
    assert not decided.replaces_original
    assert [each["rule"] for each in decided.explanation] == ["DISPUTE-NOT-BY-EDI"]


def test_a_dispute_goes_before_the_window() -> None:
    """A late one is told that it is a dispute, not that it is late."""
    changes = {"original_fingerprint": "new", "received_date": "2030-01-01"}
    assert decide_one(CORRECTION | changes).codes == ["CO 193"]


def test_unknown_fingerprints_are_not_equal() -> None:
    """Two missing fingerprints say nothing."""
    changes = {"fingerprint": None, "original_fingerprint": None}
    assert decide_one(CORRECTION | changes).outcome == "paid"


def test_an_original_claim_is_never_a_dispute() -> None:
    """Only a 7 asks to decide again."""
    assert decide_one({"original_fingerprint": "new"}).outcome == "paid"


def test_a_note_that_speaks_of_an_appeal_is_a_suspicion() -> None:
    """The claim is decided, and the suspicion stands among its reasons."""
    decided = decide_one({"speaks_of_appeal": True})
    assert decided.outcome == "paid"
    assert len(decided.facts_of("NO-APPEAL-SPOKEN-OF")) == 1
    assert decide_one().facts_of("NO-APPEAL-SPOKEN-OF") == []
