"""Replay: everything that the journal tells, done again in its order in an empty warehouse, and compared.

Each entry is done as of its recorded instant and under its recorded rules bundle. Archived files are read again from
their bytes; nothing is read from the replayed warehouse but what people and the world brought: deliveries, registry and
reference versions, actions, decisions about holds. That warehouse is never written to, and nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from edi.import_problems import ImportRefused
from edi.trouble import Usage
from loaders import (
    bank_notices,
    claim_actions,
    holds,
    journal,
    ledger,
    migrate,
    open_disputes,
    readjudications,
    replay_comparison,
)
from loaders import replay as replays
from loaders.replay_comparison import Difference
from pipeline import disputes
from pipeline.adjudicate import decide_claims
from pipeline.bank_files import take_bank_file
from pipeline.commit import answer_set_aside, commit
from pipeline.decision_import import import_decisions
from pipeline.file_steps import each_file
from pipeline.house import House
from pipeline.opening_balances import import_opening_balances
from pipeline.opening_import import import_opening_claims
from pipeline.pend_work import ActionRefused, assign, deny, price, release
from pipeline.process import expect_files, translate_files
from pipeline.readjudicate import decide_again
from pipeline.replay_money import compose_again, end_again, load_again, pay_again
from pipeline.replay_past import Past
from pipeline.replay_report import ReplayReport, beside_the_bundle
from pipeline.rules_bundle import enter

if TYPE_CHECKING:
    from loaders.journal import Entry
    from loaders.warehouse import Warehouse
    from pipeline.configuration import Configuration

REFUSED = (
    ActionRefused,
    ImportRefused,
    bank_notices.ReissueRefused,
    claim_actions.NotPended,
    holds.NotHeld,
    ledger.WrongState,
    open_disputes.DisputeRefused,
)
"""What people and others brought finds no place where, under other rules, claims and files are in other states."""


class NeverCommitted(Usage):
    """The journal has no commit of a file, so there is nothing to replay."""


def replay_warehouse(house: House, target: Warehouse, var: Path) -> ReplayReport:
    """Replay the whole journal into an empty warehouse; `var` is a folder of the replay's own.

    Raises:
        loaders.replay.NotReplayable: the warehouse is not empty, or the journal does not tell everything.
        pipeline.rules_bundle.BundleUnusable: a recorded bundle cannot be had.
    """
    replayer = _Replayer(house, target, var)
    return replayer.run(replayer.journal)


def replay_file(
    house: House, file_id: int, target: Warehouse, var: Path, configuration: Configuration | None = None
) -> ReplayReport:
    """Replay one file as of its recorded instants: the journal up to the last entry about the file or its claims.

    With `configuration`, that judges and decides this file, and everything before and beside it is done under the
    recorded bundles. Compared are the answers to the file and the decisions of its claims.

    Raises:
        NeverCommitted: the file was not committed.
        loaders.replay.NotReplayable: as `replay_warehouse`.
        pipeline.rules_bundle.BundleUnusable: likewise.
    """
    replayer = _Replayer(house, target, var, file_id, configuration)
    last = max((entry.entry_id for entry in replayer.journal if replayer.is_about_file(entry)), default=None)
    if last is None:
        raise NeverCommitted(f"The journal tells nothing of file {file_id}.")
    return replayer.run([entry for entry in replayer.journal if entry.entry_id <= last])


class _Replayer:
    """The state of one replay."""

    def __init__(
        self,
        house: House,
        target: Warehouse,
        var: Path,
        file_id: int | None = None,
        configuration: Configuration | None = None,
    ) -> None:
        self.past = Past(house, target, var, configuration)
        self.original = house
        self.target = target
        self.file_id = file_id
        self.other = configuration
        with house.warehouse.begin() as connection:
            replays.require_whole_journal(connection)
            self.journal = journal.entries(connection)
            self.actions = {action.action_id: action for action in claim_actions.actions(connection)}
            of_file = [] if file_id is None else replays.claims_of_file(connection, file_id)
        self.claims = frozenset(of_file)

    def is_about_file(self, entry: Entry) -> bool:
        """Is it about the file, or about any of its claims?"""
        if entry.work in {"expect", "commit", "answer", "hold", "bank"}:
            return entry.subject_id == self.file_id
        if entry.work == "act" and entry.subject_id is not None:
            return self.actions[entry.subject_id].claim_id in self.claims
        return not self.claims.isdisjoint(entry.claim_ids or ())

    def run(self, journal_entries: Collection[Entry]) -> ReplayReport:
        """Do these entries again, and compare."""
        migrate.upgrade(self.target.engine)
        with self.original.warehouse.begin() as source, self.target.begin() as target:
            replays.require_empty(target)
            replays.copy_deliveries(source, target)
        report = ReplayReport()
        for entry in journal_entries:
            try:
                self._steps()[entry.work](entry)
            except REFUSED as refused:
                told = {"refused": (None, str(refused))}
                report.differences.append(Difference("work", f"{entry.work} of entry {entry.entry_id}", told))
            report.entries[entry.work] += 1
        with self.original.warehouse.begin() as source, self.target.begin() as target:
            report.answers, report.decisions = replay_comparison.compared(source, self.file_id)
            found = replay_comparison.differences(source, target, self.file_id)
        report.differences += found if self.other is None else list(beside_the_bundle(found))
        return report

    def _steps(self) -> Mapping[str, Callable[[Entry], None]]:
        return {
            "expect": self._commit,
            "commit": self._commit,
            "answer": self._answer,
            "decide": self._decide,
            "act": self._act,
            "import": self._import,
            "opening": self._opening,
            "prior": self._prior,
            "dispute": self._dispute,
            "registry": self._registry,
            "reference": self._reference,
            "hold": self._hold,
            "remit": self._remit,
            "release": self._end_run,
            "abandon": self._end_run,
            "decide_again": self._decide_again,
            "accounts": self._accounts,
            "bank": self._bank,
            "reissue": self._reissue,
        }

    def _of_file(self, entry: Entry) -> tuple[int, House]:
        file_id = _subject(entry)
        return file_id, self.past.house(entry.done_at, entry.rules_bundle, other=file_id == self.file_id)

    def _commit(self, entry: Entry) -> None:
        """Translate and check the file unless that was done, and commit it if nobody has to decide first."""
        file_id, house = self._of_file(entry)
        with self.original.warehouse.begin() as connection:
            recorded = ledger.read_file(connection, file_id)
        bundle = recorded.rules_bundle if recorded is not None else None
        translator = self.past.house(entry.done_at, bundle, other=file_id == self.file_id)
        translate_files(translator, [file_id])
        expect_files(house, [file_id])

        def step(file: ledger.LedgerFile) -> None:
            if file.state == "checked":
                commit(house, file)

        if entry.work == "commit":
            each_file(house, [file_id], step)

    def _answer(self, entry: Entry) -> None:
        file_id, house = self._of_file(entry)

        def step(file: ledger.LedgerFile) -> None:
            answer_set_aside(house, file)

        each_file(house, [file_id], step)

    def _decide(self, entry: Entry) -> None:
        """Decide the same claims together; under another configuration those of the file for themselves."""
        named = set(entry.claim_ids or ())
        apart = named & self.claims if self.other is not None else set()
        for claim_ids, is_other in ((named - apart, False), (apart, True)):
            house = self.past.house(entry.done_at, entry.rules_bundle, other=is_other)
            with self.original.warehouse.begin() as source, self.target.begin() as target:
                same = replays.same_claims(source, target, sorted(claim_ids))
                if same:
                    decide_claims(house, target, same, entry.done_at)

    def _act(self, entry: Entry) -> None:
        action = self.actions[_subject(entry)]
        house = self.past.house(entry.done_at, entry.rules_bundle, other=action.claim_id in self.claims)
        self.past.number("claim_action", "action_id", action.action_id)
        with self.original.warehouse.begin() as source, self.target.begin() as target:
            number = replays.same_number(source, target, action.claim_id)
        by, note = action.acted_by, action.note
        if number is None:
            raise ActionRefused("Under these rules the claim is not taken in.")
        if action.action == "assign":
            assign(house, number, action.owner, by, note)
        elif action.action == "release":
            release(house, number, by, note, action.pend_reason)
        elif action.action == "price":
            price(house, number, {int(line): cents for line, cents in (action.prices or {}).items()}, by, note)
        else:
            remarks = (action.remark_codes or "").split()
            deny(house, number, (action.group_code or "", action.reason_code or "", remarks), by, note)

    def _import(self, entry: Entry) -> None:
        imported, path = self._imported(entry)
        house = self.past.house(entry.done_at, entry.rules_bundle)
        import_decisions(house, path, imported.source_system, imported.imported_by)

    def _prior(self, entry: Entry) -> None:
        imported, path = self._imported(entry)
        with self.original.warehouse.begin() as connection:
            self.past.number("file", "file_id", replays.file_of_import(connection, _subject(entry)))
        house = self.past.house(entry.done_at, entry.rules_bundle)
        import_opening_claims(house, path, imported.source_system, imported.imported_by)

    def _imported(self, entry: Entry) -> tuple[replays.ImportedFile, Path]:
        """What was imported, and where it is archived; the next import has the same id."""
        import_id = _subject(entry)
        with self.original.warehouse.begin() as connection:
            imported = replays.imported_file(connection, import_id)
        self.past.number("decision_import", "import_id", import_id)
        # proven by its hash before it is read as it was
        self.original.archive.read(imported.archive_path)
        return imported, self.original.archive.path(imported.archive_path)

    def _opening(self, entry: Entry) -> None:
        import_id = _subject(entry)
        with self.original.warehouse.begin() as connection:
            imported = replays.opening_file(connection, import_id)
        self.past.number("opening_import", "opening_import_id", import_id)
        self.original.archive.read(imported.archive_path)
        path = self.original.archive.path(imported.archive_path)
        house = self.past.house(entry.done_at, entry.rules_bundle)
        import_opening_balances(house, path, imported.source_system, imported.imported_by)

    def _dispute(self, entry: Entry) -> None:
        """Open it, or close it where it is open."""
        with self.original.warehouse.begin() as source, self.target.begin() as target:
            told = open_disputes.by_id(source, _subject(entry))
            is_open = any(one.reference == told.reference for one in open_disputes.list_disputes(target))
        house = self.past.house(entry.done_at, entry.rules_bundle)
        if is_open:
            disputes.close_dispute(house, told.reference, told.outcome or "", told.closed_by or "")
        else:
            about = told.claim_number, told.reference, told.channel, told.opened_on, told.opened_by, told.note
            disputes.open_dispute(house, *about)

    def _accounts(self, entry: Entry) -> None:
        self.past.number("provider_account_load", "load_id", _subject(entry))
        load_again(self.original, self.past.house(entry.done_at, entry.rules_bundle), _subject(entry))

    def _registry(self, entry: Entry) -> None:
        with self.original.warehouse.begin() as source, self.target.begin() as target:
            replays.copy_registry(source, target, _subject(entry))

    def _reference(self, entry: Entry) -> None:
        with self.original.warehouse.begin() as source, self.target.begin() as target:
            replays.copy_reference(source, target, _subject(entry))

    def _hold(self, entry: Entry) -> None:
        """What the person said of the holds that were decided then."""
        file_id = _subject(entry)
        with self.original.warehouse.begin() as connection:
            rows = holds.list_holds(connection, file_id=file_id)
        said = next(row for row in rows if row.decided_at == entry.done_at)
        decision: holds.Decision = "rejected" if said.decision == "rejected" else "released"
        with self.target.begin() as connection:
            holds.decide(connection, file_id, decision, said.decided_by or "", said.note, entry.done_at)

    def _remit(self, entry: Entry) -> None:
        self.past.number("remittance_run", "remittance_run_id", _subject(entry))
        compose_again(self.original, self.past.house(entry.done_at, entry.rules_bundle), _subject(entry))

    def _end_run(self, entry: Entry) -> None:
        house = self.past.house(entry.done_at, entry.rules_bundle)
        end_again(self.original, house, _subject(entry), entry.work)

    def _bank(self, entry: Entry) -> None:
        file_id, house = self._of_file(entry)
        each_file(house, [file_id], lambda file: take_bank_file(house, file))

    def _reissue(self, entry: Entry) -> None:
        pay_again(self.original, self.past.house(entry.done_at, entry.rules_bundle), _subject(entry))

    def _decide_again(self, entry: Entry) -> None:
        """The same claims, by the rules that they were decided by again."""
        asked_id = _subject(entry)
        self.past.number("readjudication", "readjudication_id", asked_id)
        with self.original.warehouse.begin() as source, self.target.begin() as target:
            asked = readjudications.read(source, asked_id)
            house = self.past.house(entry.done_at, entry.rules_bundle, other=asked.file_id == self.file_id)
            same = replays.same_claims(source, target, entry.claim_ids or ())
            if same:
                decide_again(house, target, asked, same, entry.done_at)
                enter(house, target, "decide_again", entry.done_at, asked_id, decided=True)


def _subject(entry: Entry) -> int:
    if entry.subject_id is None:
        raise replays.NotReplayable(f"Entry {entry.entry_id} of the journal does not say what it is about.")
    return entry.subject_id
