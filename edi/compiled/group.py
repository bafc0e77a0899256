"""A functional group while it is scanned: its header, its sets as the kernel leaves them, its trailer."""

from __future__ import annotations

from edi.compiled import layout as at
from edi.compiled.headers import Headers
from edi.compiled.machine import Machine
from edi.envelope import (
    TRAILER_ELEMENTS,
    InterchangeStart,
    group_trailer_faults,
)
from edi.guides.guide import Guide
from edi.limits import LONGEST_TEXT
from edi.scan import FunctionalGroup, TransactionSet

Place = tuple[int, int]
"""Start and stop of a segment in the file."""
MOST_NAMES = 256


class OpenTexts:
    """Texts of the open set that have left the window."""

    transaction = number = guide_id = ""
    reference = ""


class Group:
    """GS to GE, or to what ended it."""

    def __init__(
        self,
        elements: list[str],
        place: Place,
        ordinal: int,
        header: InterchangeStart,
        machine: Machine,
        *,
        headers: Headers,
        numbers_seen: set[tuple[str, ...]],
    ) -> None:
        self.machine = machine
        self.ordinal = ordinal
        self.start = place[0]
        self.fields = headers.kept(elements)
        self.trailer: tuple[str, ...] | None = None
        self.sets: list[TransactionSet] = []
        self.texts = OpenTexts()
        self.names: dict[str, str] = {}
        state = machine.state
        state[at.GROUP] = ordinal
        state[at.GROUP_STRAYS] = state[at.SET_STRAYS] = state[at.GROUP_SETS] = state[at.SET] = 0
        state[at.MODE] = at.OUTSIDE_SET
        machine.forget_numbers()
        self.guide = self._check_header(elements, place, header, headers, numbers_seen)
        machine.use_guide(self.guide, self.fields[8])

    def _check_header(
        self,
        elements: list[str],
        place: Place,
        header: InterchangeStart,
        headers: Headers,
        numbers_seen: set[tuple[str, ...]],
    ) -> Guide | None:
        fields, note = self.fields, self.machine.note
        guide, faults, known_elsewhere = headers.group(elements, header.fields[12])
        for code, element in faults:
            note(code, *place, "GS", element)
        number = (*fields[1:4], fields[6])
        if number in numbers_seen:
            note("GROUP_CONTROL_DUPLICATE", *place, "GS", 6)
        numbers_seen.add(number)
        if known_elsewhere:
            note("GROUP_UNSUPPORTED", *place, "GS", 1)
        elif guide is None:
            note("GUIDE_UNSUPPORTED", *place, "GS", 8)
        return guide

    def take_sets(self) -> None:
        """The sets that are closed leave the kernel's buffer; the open one stays there."""
        machine, state = self.machine, self.machine.state
        count = state[at.SETS]
        if not count:
            return
        machine.keep_news(count)
        self.sets.extend(self._transaction_set(row) for row in machine.sets[:count].tolist())
        if state[at.MODE] > at.OUTSIDE_SET:
            machine.sets[0] = machine.sets[count]
        state[at.SETS] = 0

    def leave_window(self) -> None:
        """The window moves on: keep the texts of the open set."""
        self.take_sets()
        if self.machine.state[at.MODE] <= at.OUTSIDE_SET:
            return
        row = self.machine.sets[0]
        values, texts = row.tolist(), self.texts
        if values[at.R_TRANSACTION] >= 0:
            texts.transaction = self._text(values, at.R_TRANSACTION)
            texts.number = self._text(values, at.R_NUMBER)
            texts.guide_id = self._text(values, at.R_GUIDE)
            row[at.R_TRANSACTION] = -1
        if values[at.R_REFERENCE_LENGTH] >= 0:
            texts.reference = self._text(values, at.R_REFERENCE)
            row[at.R_REFERENCE_LENGTH] = -2

    def _transaction_set(self, row: list[int]) -> TransactionSet:
        if row[at.R_TRANSACTION] >= 0:
            transaction, number = self._text(row, at.R_TRANSACTION), self._text(row, at.R_NUMBER)
            guide_id = self._text(row, at.R_GUIDE)
        else:
            transaction, number, guide_id = self.texts.transaction, self.texts.number, self.texts.guide_id
        length = row[at.R_REFERENCE_LENGTH]
        reference = self.texts.reference if length == -2 else self._text(row, at.R_REFERENCE) if length > 0 else ""  # noqa: PLR2004
        return TransactionSet(
            ordinal=row[at.R_ORDINAL],
            transaction=self._name(transaction),
            control_number=number,
            guide_id=self._name(guide_id) or None,
            segment_count=row[at.R_SEGMENTS],
            source_start=row[at.R_START],
            source_stop=row[at.R_STOP],
            reference=reference or None,
        )

    def _text(self, row: list[int], column: int) -> str:
        """A text of a set's row: its start in the window is in that column, its length in the next."""
        return self.machine.window.text(row[column], row[column] + min(row[column + 1], LONGEST_TEXT))

    def _name(self, text: str) -> str:
        """The same text, kept once: a group's sets mostly agree in it."""
        if len(self.names) > MOST_NAMES:
            self.names.clear()
        return self.names.setdefault(text, text)

    def close(self, elements: list[str], place: Place) -> None:
        """GE."""
        self.take_sets()
        self.trailer = tuple([element[:LONGEST_TEXT] for element in elements[: TRAILER_ELEMENTS + 1]])
        for code, element in group_trailer_faults(elements, self.fields[6], len(self.sets)):
            self.machine.note(code, *place, "GE", element)

    def end(self, place: int) -> FunctionalGroup:
        """The group, which ends at that place in the file, with or without GE."""
        machine, state = self.machine, self.machine.state
        if state[at.MODE] > at.OUTSIDE_SET:
            machine.end_set(place)
        self.take_sets()
        if self.trailer is None:
            machine.note("GROUP_TRAILER_MISSING", place, place, "GE")
        state[at.GROUP] = 0
        state[at.MODE] = at.OUTSIDE_GROUP
        return FunctionalGroup(
            ordinal=self.ordinal,
            fields=self.fields,
            guide=self.guide,
            trailer=self.trailer,
            sets=tuple(self.sets),
            source_start=self.start,
            source_stop=place,
        )
