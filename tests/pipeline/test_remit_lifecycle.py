"""A run is composed, then released and closed, or given up: one open run, one payment, and no trace of what was not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from edi.import_problems import ImportRefused
from edi.trouble import Final
from loaders import decision_imports, numbers
from loaders.balance import balance
from loaders.outgoing import outgoing
from loaders.reference_data import load_reference
from loaders.warehouse import Warehouse
from pipeline.claim import view_claim
from pipeline.decision_import import import_decisions
from pipeline.deliver import deliver
from pipeline.house import House
from pipeline.provider_accounts import load_entries
from pipeline.remit import remit
from pipeline.remit_inspection import question_about
from pipeline.remit_lifecycle import RunRefused, ThroughRefused, abandon, compose, release
from tests.loaders.desk import SUNDAY, Desk
from tests.pipeline.remitting import NEXT_SUNDAY, content, count, house_of, later, outbox, rows, segments

RIVER_835 = "835_20260621_R000000001.x12"
ABANDONED = {"remittance_abandonment", "work_journal", "rules_bundle"}
"""Where it is said that there was a run."""


class Killed(BaseException):
    """Stands for SIGKILL."""


class Folder:
    """Stands for a partner's server: what was put there."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.killed_after: int | None = None

    def put(self, content: bytes, _folder: str, name: str) -> None:
        """Keep a file."""
        assert self.files.setdefault(name, content) == content
        if len(self.files) == self.killed_after:
            self.killed_after = None
            raise Killed

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def desk(warehouse: Warehouse) -> Desk:
    """A warehouse with a registry, a member and a file."""
    return Desk(warehouse).open()


@pytest.fixture
def house(desk: Desk, tmp_path: Path) -> House:
    """A plan whose runs a person releases, on the Monday after the week."""
    return house_of(desk, tmp_path, "person")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Folder:
    """All partners' server."""
    folder = Folder()
    monkeypatch.setattr(House, "remote", lambda *_: folder)
    return folder


def test_nothing_goes_out_before_a_person_releases_the_run(desk: Desk, house: House, server: Folder) -> None:
    """Composed, released and then closed, when its last file is out; all of it may be asked for twice."""
    desk.decide(desk.claim(), 8000)
    report = remit(house, SUNDAY)
    assert (report.state, report.is_new) == ("composed", True)
    assert "edi remit release 2026-06-21" in report.summary()["next_step"]
    assert deliver(house, house.now()).sent == []
    assert server.files == {}
    assert release(house, None, "ann", "looked at").state == "released"
    assert release(house, SUNDAY, "jo").is_new is False
    assert rows(house, "select released_by, release_note from remittance_run") == [("ann", "looked at")]
    told = deliver(house, house.now())
    assert sorted(server.files) == sorted(outbox(house))
    assert (len(told.sent), told.closed_runs) == (5, ["2026-06-21"])
    assert remit(house, SUNDAY).state == "closed"
    assert rows(house, "select work from work_journal where work in ('remit', 'release') order by entry_id") == [
        ("remit",),
        ("release",),
    ]
    assert deliver(house, house.now()).closed_runs == []


def test_a_killed_delivery_goes_on_and_closes_the_run(desk: Desk, house: House, server: Folder) -> None:
    """After any of its files: each arrives, always the same bytes, and the run is closed once."""
    desk.decide(desk.claim(), 8000)
    compose(house, SUNDAY)
    release(house, None, "ann")
    for killed_after in range(1, count(house, "outbox") + 1):
        server.killed_after = killed_after
        with pytest.raises(Killed):
            deliver(house, house.now())
        assert remit(house, SUNDAY).state == "released"
        with house.warehouse.begin() as conn:
            conn.execute(text("update outbox set state = 'pending', sent_at = null"))
        server.files.clear()
    assert deliver(house, house.now()).closed_runs == ["2026-06-21"]
    assert server.files == outbox(house)
    assert count(house, "remittance") == 1


def test_a_run_with_an_unsent_file_is_not_closed(desk: Desk, house: House, server: Folder) -> None:
    """One that a partner's folder has otherwise waits for a person."""
    desk.decide(desk.claim(), 8000)
    compose(house, SUNDAY)
    release(house, None, "ann")
    with house.warehouse.begin() as conn:
        conn.execute(text("update outbox set state = 'conflict' where kind = '835'"))
    assert deliver(house, house.now()).closed_runs == []
    assert remit(house, SUNDAY).state == "released"
    assert len(server.files) == count(house, "outbox") - 1


def test_an_abandoned_run_leaves_no_trace_and_comes_again_the_same(desk: Desk, house: House, tmp_path: Path) -> None:
    """Every row but that it was given up; then the same files under the same numbers (domain.md 9.6).

    It takes back, pays anew, settles an entry of an account, and leaves an overpayment with a payee.
    """
    corrected, decided_again, voided = (desk.claim() for _ in range(3))
    for claim_id in (corrected, decided_again, voided):
        desk.decide(claim_id, 8000)
    compose(house, SUNDAY)
    release(house, None, "ann")
    desk.decide(desk.correct(corrected), 9000)
    desk.decide(decided_again, 8500)
    desk.decide(desk.correct(voided, frequency="8"), 0, outcome="paid", claim_status_code="void")
    desk.decide(desk.claim(payee="LAKE"), 100)
    with house.warehouse.begin() as conn:
        conn.execute(text(f"update remittance_claim set stands = false where claim_id = {decided_again}"))
    entries = tmp_path / "entries.csv"
    entries.write_text("payee_id,reason_code,reference,amount_cents,due_from\nLAKE,LE,L-1,5000,2026-06-29\n", "utf-8")
    house = later(house)
    load_entries(house, entries, "ann")
    settings = replace(house.configuration.payments, recovery_after_days=30)
    house = replace(house, configuration=replace(house.configuration, payments=settings))
    before = content(house)
    compose(house, NEXT_SUNDAY)
    composed, files = content(house), outbox(house)
    assert count(house, "provider_account_entry") == 2
    assert abandon(house, None, "jo", "a claim was forgotten").state == "abandoned"
    after = content(house)
    assert {name for name in before if before[name] != after[name]} <= ABANDONED
    assert rows(house, "select through_date, abandoned_by, note from remittance_abandonment") == [
        (NEXT_SUNDAY, "jo", "a claim was forgotten")
    ]
    compose(house, NEXT_SUNDAY)
    again = content(house)
    assert {name for name in composed if composed[name] != again[name]} <= ABANDONED
    assert outbox(house) == files
    release(house, None, "ann")
    with house.warehouse.begin() as conn:
        assert balance(conn).faults == {}


def test_control_numbers_that_others_drew_since_stay_drawn(desk: Desk, house: House) -> None:
    """The series has a gap then; trace numbers have none."""
    desk.decide(desk.claim(), 8000)
    compose(house, SUNDAY)
    with house.warehouse.begin() as conn:
        assert numbers.draw(conn, "isa:P") == 2
    abandon(house, SUNDAY, "jo")
    compose(house, SUNDAY)
    sent = outbox(house)[RIVER_835]
    assert sent[90:99] == b"000000003"


def test_one_run_is_open_at_a_time(desk: Desk, house: House) -> None:
    """The next week waits for a decision about this one."""
    desk.decide(desk.claim(), 8000)
    compose(house, SUNDAY)
    with pytest.raises(RunRefused, match=r"edi remit release 2026-06-21") as refused:
        compose(later(house), NEXT_SUNDAY)
    assert isinstance(refused.value, Final)
    release(house, None, "ann")
    assert compose(later(house), NEXT_SUNDAY).state == "composed"
    with pytest.raises(ThroughRefused):
        compose(later(house), SUNDAY - timedelta(days=1))


def test_a_correction_of_what_an_open_run_pays_is_settled_by_the_next(desk: Desk, house: House) -> None:
    """Which takes back what this one pays; where it is given up, the correction alone is paid."""
    original = desk.claim()
    desk.decide(original, 8000)
    compose(house, SUNDAY)
    desk.decide(desk.correct(original), 9000)
    assert compose(house, SUNDAY).claims == 1
    abandon(house, None, "jo")
    only = compose(house, SUNDAY)
    assert (only.claims, only.paid_cents) == (1, 9000)
    abandon(house, None, "jo")
    with house.warehouse.begin() as conn:
        conn.execute(text("update decision set decided_on = '2026-06-24' where paid_cents = 9000"))
        conn.execute(text("update claim set version_state = 'active' where version = 1"))
    compose(house, SUNDAY)
    with house.warehouse.begin() as conn:
        conn.execute(text("update claim set version_state = 'replaced' where version = 1"))
    release(house, None, "ann")
    house = later(house)
    compose(house, NEXT_SUNDAY)
    entries = rows(house, "select entry, paid_cents from remittance_claim order by remittance_claim_id")
    assert entries == [("payment", 8000), ("reversal", -8000), ("payment", 9000)]


@pytest.mark.parametrize(
    ("spoil", "days", "words"),
    [
        ("select 1", 3, "payment date of the run through 2026-06-21, 2026-06-24, is over"),
        (
            "update remittance set payment_cents = 8001",
            0,
            r"payment = claim payments - provider adjustments .payment R0",
        ),
        (
            "update remittance_service set paid_cents = 7999",
            0,
            r"service payment .payment R000000001, claim 26152\d{7} line 1.",
        ),
        ("update remittance_claim set paid_cents = 8001", 0, "claim payment = service payments"),
        (
            "update outbox set content = 'x' where kind = '835'",
            0,
            r"835_20260621_R000000001.x12 is not as it was written",
        ),
    ],
    ids=["its day is over", "payment", "line", "claim", "bytes"],
)
def test_a_run_that_may_not_go_out_is_not_released(desk: Desk, house: House, spoil: str, days: int, words: str) -> None:
    """On the payment date itself it may; the words say what to do."""
    desk.decide(desk.claim(), 8000)
    compose(house, SUNDAY)
    with house.warehouse.begin() as conn:
        conn.execute(text(spoil))
    with pytest.raises(RunRefused, match=words) as refused:
        release(later(house, days), None, "ann")
    assert "edi remit abandon 2026-06-21" in str(refused.value)
    assert rows(house, "select state from remittance_run") == [("composed",)]
    if spoil == "select 1":
        assert release(later(house, 2), None, "ann").state == "released"


def test_a_run_that_missed_its_day_is_composed_again_where_no_person_releases_it(
    desk: Desk, house: House, tmp_path: Path
) -> None:
    """After an outage: the same trace number, a later payment date, told once; where a person releases, it waits."""
    desk.decide(desk.claim(), 8000)
    compose(house, SUNDAY)
    assert remit(later(house, 3), SUNDAY).state == "composed"
    by_itself = house_of(desk, tmp_path)
    report = remit(later(by_itself, 3), SUNDAY)
    assert (report.state, report.new_remittances, report.paid_cents) == ("released", 1, 8000)
    assert report.summary()["missed_payment_date"] == "2026-06-24"
    assert rows(house, "select trace_number, cast(payment_date as text) from remittance") == [
        ("R000000001", "2026-06-29")
    ]
    assert rows(house, "select abandoned_by, note from remittance_abandonment") == [
        ("settings.yaml", "Its payment date, 2026-06-24, passed before its release.")
    ]
    assert remit(later(by_itself, 3), SUNDAY).missed_payment_date is None


IMPORTED = "claim_number,line_number,outcome,decided_on,charge_cents,allowed_cents,paid_cents,adjustments,remark_codes"


def list_of_core(house: House, folder: Path) -> None:
    """A CORE list in which CO 45 stands without a remark."""
    listed = folder / "core.csv"
    listed.write_text("scenario,group_code,reason_code,remark_code,effective_from\n3,CO,45,,2020-01-01\n", "utf-8")
    with house.warehouse.begin() as conn:
        load_reference(conn, "core_combination", listed, house.now())


def test_codes_that_core_does_not_list_are_not_released(desk: Desk, house: House, tmp_path: Path) -> None:
    """Where the plan has loaded the list since the run was composed; composed again, it goes without them."""
    desk.decide(desk.claim(), 8000)
    desk.decide(desk.claim(), 9000, remarks=("N130",))
    assert compose(house, SUNDAY).left_out == ()
    list_of_core(house, tmp_path)
    with pytest.raises(RunRefused, match=r"one that CORE lists .payment R000000001, claim 26152\d{7} line 1."):
        release(house, None, "ann")
    abandon(house, None, "ann")
    again = compose(house, SUNDAY)
    assert (again.claims, again.paid_cents, len(again.left_out)) == (1, 8000, 1)
    assert release(house, None, "ann").state == "released"


def test_one_bad_claim_stops_no_other(desk: Desk, house: House, tmp_path: Path) -> None:
    """It is told until it is decided again, with the next run; and what it corrects stands as long (domain.md 8.1)."""
    remitted = desk.claim()
    desk.decide(remitted, 7000)
    house = house_of(desk, tmp_path)
    remit(house, SUNDAY)
    house = later(house)
    wrong, corrected, good = desk.claim(payee="LAKE"), desk.correct(remitted), desk.claim()
    with house.warehouse.begin() as conn:
        came = decision_imports.begin(conn, "0" * 64, "core", "jo", house.now())
    desk.decide(wrong, 0, source="imported", import_id=came)
    desk.decide(corrected, 6000, patient_responsibility_cents=1)
    desk.decide(good, 8000)
    report = remit(house, NEXT_SUNDAY)
    assert (report.state, report.claims, report.paid_cents, report.remittances) == ("released", 1, 8000, 1)
    told = {one.claim_number: (one.line_number, one.law, one.waits) for one in report.left_out}
    assert [told[number] for number in sorted(told)] == [
        (1, "reason 45 never takes the whole charge", True),
        (0, "patient responsibility = sum of PR adjustments, absent on a reversal", True),
    ]
    assert "`edi claim NUMBER`" in report.next_step
    files = outbox(house)
    assert sorted(name for name in files if name.startswith("EOP_20260628") and name.endswith("csv")) == [
        "EOP_20260628_LAKE.csv",
        "EOP_20260628_RIVER.csv",
    ]
    for payee in ("LAKE", "RIVER"):
        assert b",We are completing the codes of our decision.,27,Nothing.," in files[f"EOP_20260628_{payee}.csv"]
    with house.warehouse.begin() as conn:
        assert balance(conn).faults == {}
        assert (seen := outgoing(conn)).left_out == 2
        assert seen.waiting_claims == 2
    assert "2 claims, see edi remit show 2026-06-28" in question_about(house, NEXT_SUNDAY)
    views = {one.claim_number: view_claim(house, one.claim_number).claims[-1] for one in report.left_out}
    mended_by = [views[number]["next_step"] for number in sorted(views)]
    assert "2026-06-28 left it out, for its decision breaks a law of the 835 (line 1: reason 45 " in mended_by[0]
    assert ["edi decisions import" in each for each in mended_by] == [True, False]
    path = tmp_path / "again.csv"
    path.write_text(f"{IMPORTED}\n{min(views)},1,denied,2026-06-28,15000,0,0,CO:96:15000,N130\n", "utf-8")
    assert import_decisions(house, path, "core", "jo").stored.claims == 1
    path.write_text(path.read_text("utf-8").replace("N130", "N115"), "utf-8")
    with pytest.raises(ImportRefused, match="does not wait"):
        import_decisions(house, path, "core", "jo")
    assert [one.waits for one in remit(house, NEXT_SUNDAY).left_out if one.line_number] == [False]
    desk.decide(corrected, 6000)
    with house.warehouse.begin() as conn:
        assert outgoing(conn).left_out == 0
    last = remit(later(house), NEXT_SUNDAY + timedelta(days=7))
    assert (last.left_out, last.claims) == ((), 2)
    entries = rows(house, "select entry, paid_cents from remittance_claim order by remittance_claim_id")
    assert entries[-3:] == [("payment", 0), ("reversal", -7000), ("payment", 6000)]


def test_what_was_released_cannot_be_given_up(desk: Desk, house: House) -> None:
    """Nor what there never was; and nothing waits for a release."""
    with pytest.raises(RunRefused, match="No run waits"):
        release(house, None, "ann")
    with pytest.raises(RunRefused, match="no run through 2026-06-21"):
        abandon(house, SUNDAY, "ann")
    desk.decide(desk.claim(), 8000)
    compose(house, SUNDAY)
    release(house, SUNDAY, "ann")
    with pytest.raises(RunRefused, match="released on 2026-06-22"):
        abandon(house, SUNDAY, "ann")
    assert count(house, "remittance_claim") == 1


def test_release_and_abandonment_at_once_do_one_of_both(desk: Desk, house: House) -> None:
    """The other is refused, or finds nothing."""
    desk.decide(desk.claim(), 8000)
    compose(house, SUNDAY)

    def attempt(act: object) -> str:
        try:
            return act(house, SUNDAY, "ann").state  # type: ignore[operator, no-any-return] # one of the two
        except RunRefused:
            return "refused"

    with ThreadPoolExecutor(2) as both:
        told = sorted(both.map(attempt, (release, abandon)))
    assert told in (["abandoned", "refused"], ["refused", "released"])
    assert count(house, "remittance_run") == ("released" in told)


def test_an_empty_week_is_a_run_too(house: House, server: Folder) -> None:
    """Without files; it is closed by the next delivery, and the same day stays settled."""
    assert remit(house, SUNDAY).remittances == 0
    release(house, None, "ann")
    assert deliver(house, house.now()).closed_runs == ["2026-06-21"]
    assert server.files == {}


def test_an_abandoned_empty_week_can_be_composed_again(house: House) -> None:
    """It drew no numbers."""
    compose(house, SUNDAY)
    abandon(house, None, "jo")
    assert compose(house, SUNDAY).is_new


def test_an_automatic_release_is_made_up_for_after_a_kill(desk: Desk, house: House, tmp_path: Path) -> None:
    """Composed and then killed: the same command releases it, and nothing is paid twice."""
    desk.decide(desk.claim(), 8000)
    compose(house, SUNDAY)
    report = remit(house_of(desk, tmp_path), SUNDAY)
    assert (report.state, report.is_new) == ("released", False)
    assert rows(house, "select released_by from remittance_run") == [("settings.yaml",)]
    assert [segment.split("*")[2] for segment in segments(outbox(house)[RIVER_835], "BPR")] == ["80"]
