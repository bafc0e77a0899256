"""Run the declared checks in plain Python: the reference that the compiled scanner is held to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from edi.business.forms import FORMS
from edi.business.language import (
    Amount,
    Balance,
    Choose,
    Count,
    Enter,
    Entry,
    Fact,
    Form,
    Key,
    Listed,
    Pointer,
    Service,
    Situation,
    Wrong,
)
from edi.business.limits import MOST_PENDING, MOST_POINTER_DIGITS, WHOLE
from edi.business.program import Rule, Step, Test, program_of
from edi.business.sums import Ledger, cents_of
from edi.codes.lists import ALWAYS, CodeLists, Validity
from edi.delimiters import Delimiters
from edi.guides.guide import Guide
from edi.guides.node import SegmentNode


class BusinessFinding(NamedTuple):
    """What is wrong, and where; as `edi.findings.Finding` within its transaction set."""

    code: str
    position: int
    segment_id: str
    loop: str
    element: int
    component: int
    repetition: int
    data_element: str
    source_start: int
    source_stop: int


class _Segment(NamedTuple):
    node: SegmentNode
    elements: Sequence[str]
    position: int
    start: int
    stop: int


class _Place(NamedTuple):
    """A segment, element or component, and its bytes."""

    node: SegmentNode
    position: int
    element: int
    component: int
    start: int
    stop: int


class _Waiting(NamedTuple):
    """A code that is valid at some times only."""

    code: str
    place: _Place
    validity: Validity


@dataclass(slots=True)
class _Scope:
    """One scope while it is open; facts of the scopes inside it are lifted into it when these close."""

    place: _Place | None = None
    facts: int = 0
    lifted: int = 0
    days: tuple[int, int] | None = None
    lifted_days: tuple[int, int] | None = None
    waiting: int = 0
    """How many codes waited when it was opened."""


class BusinessChecks:
    """Takes the segments of one transaction set, ST first, and tells what is wrong between them."""

    def __init__(
        self,
        guide: Guide,
        delimiters: Delimiters,
        snip: int,
        note: Callable[[BusinessFinding], None],
        lists: CodeLists | None = None,
    ) -> None:
        self.program = program_of(guide, snip, lists)
        self.component = delimiters.component
        self.note = note
        self.open = 0
        """Mask of the scopes that are open."""
        self.scopes = [_Scope() for _ in self.program.scopes]
        self.scope_numbers = {scope.name: number for number, scope in enumerate(self.program.scopes)}
        self.fact_places: dict[int, _Place] = {}
        self.sums = [0] * len(self.program.sums)
        self.spoilt = [False] * len(self.program.sums)
        self.ledgers = [Ledger[_Place]() for _ in self.program.ledgers]
        self.waiting: list[_Waiting] = []

    def take(self, node: SegmentNode, elements: Sequence[str], position: int, start: int, stop: int) -> None:
        """A segment that has a place in the guide, with its position in the set and its byte range."""
        plan = self.program.plans[node.index]
        if plan is None:
            return
        self._close(self.open & ~plan.inside)
        segment = _Segment(node, elements, position, start, stop)
        if plan.opening >= 0:
            self._close(self.open & 1 << plan.opening)
            self._open(plan.opening, segment)
        for step in plan.steps:
            if step.reach >= len(elements):
                break
            if all(self._holds(test, segment) for test in step.tests):
                self._observe(step, segment, plan.scope)

    def end(self, position: int, at: int) -> None:  # noqa: ARG002 - every finding is at a segment that was seen
        """The set ends: whatever is still open is judged."""
        self._close(self.open)

    def _value(self, segment: _Segment, element: int, component: int) -> str:
        if element >= len(segment.elements):
            return ""
        value = segment.elements[element]
        if not component:
            return value
        parts = value.split(self.component)
        return parts[component - 1] if component <= len(parts) else ""

    def _place(self, segment: _Segment, element: int, component: int) -> _Place:
        if not element:
            return _Place(segment.node, segment.position, 0, 0, segment.start, segment.stop)
        before = segment.elements[:element]
        start = segment.start + sum(map(len, before)) + len(before)
        if element >= len(segment.elements):
            return _Place(segment.node, segment.position, element, component, start - 1, start - 1)
        value = segment.elements[element]
        if component:
            parts = value.split(self.component)
            start += sum(map(len, parts[: component - 1])) + min(component - 1, len(parts) - 1)
            value = parts[component - 1] if component <= len(parts) else ""
        return _Place(segment.node, segment.position, element, component, start, start + len(value))

    def _tell(self, code: str, place: _Place) -> None:
        node = place.node
        data_element = ""
        if place.element:
            specification = node.elements[place.element - 1]
            if place.component:
                specification = specification.components[place.component - 1]
            data_element = specification.data_element
        self.note(
            BusinessFinding(
                code,
                place.position,
                node.id,
                node.loop,
                place.element,
                place.component,
                0,
                data_element,
                place.start,
                place.stop,
            )
        )

    def _holds(self, test: Test, segment: _Segment) -> bool:
        value = self._value(segment, test.element, test.component)
        match test.kind:
            case "in":
                return value in test.values
            case "not in":
                return value not in test.values
            case "present" | "absent":
                return bool(value) == (test.kind == "present")
            case "form":
                return bool(value) and all(FORMS[form](value) for form in test.values)
        cents = cents_of(value)
        return cents is not None and {"zero": cents == 0, "nonzero": cents != 0, "negative": cents < 0}[test.kind]

    def _observe(self, step: Step, segment: _Segment, scope: int) -> None:
        """What concerns the segment as a whole."""
        observation, program = step.observation, self.program
        value = self._value(segment, step.element, step.component) if step.element else ""
        match observation:
            case Fact():
                self._learn(program.facts[observation.name], scope, self._place(segment, step.element, step.component))
            case Wrong():
                self._tell(observation.code, self._place(segment, step.element, step.component))
            case Count():
                self.sums[program.sums[observation.name]] += WHOLE
            case Entry():
                self.ledgers[program.ledgers[observation.ledger]].begin(self._place(segment, 0, 0), value)
            case _ if value:
                self._read(step, segment, value)

    def _read(self, step: Step, segment: _Segment, value: str) -> None:
        """What concerns a value that is there."""
        observation, program = step.observation, self.program
        match observation:
            case Form() if not FORMS[observation.form](value):
                self._tell(observation.code, self._place(segment, step.element, step.component))
            case Pointer() if not _points(value, self.sums[program.sums[observation.count]] // WHOLE):
                self._tell(observation.code, self._place(segment, step.element, step.component))
            case Listed():
                self._look_up(observation, step, segment, value)
            case Amount():
                self._add(program.sums[observation.name], value)
            case Service():
                self._serve(self.scopes[self.scope_numbers[observation.scope]], observation, value)
            case Key():
                self.ledgers[program.ledgers[observation.ledger]].name(value)
            case Choose():
                ledger = self.ledgers[program.ledgers[observation.ledger]]
                if not ledger.choose(value) and observation.create:
                    ledger.begin(self._place(segment, 0, 0), value)
            case Enter():
                number = program.ledgers[observation.ledger]
                self.ledgers[number].enter(program.columns[number][observation.column], value)

    def _learn(self, fact: int, scope: int, place: _Place) -> None:
        bit = 1 << fact
        if not self.scopes[scope].facts & bit:
            self.scopes[scope].facts |= bit
            self.fact_places[fact] = place

    def _add(self, number: int, value: str) -> None:
        cents = cents_of(value)
        if cents is None:
            self.spoilt[number] = True
        else:
            self.sums[number] += cents

    def _look_up(self, observation: Listed, step: Step, segment: _Segment, value: str) -> None:
        validity = self.program.validities[observation.list].get(value)
        if validity is None:
            if not step.listed_by_guide:
                self._tell(f"{observation.name}_UNKNOWN", self._place(segment, step.element, step.component))
        elif validity[0] != ALWAYS and len(self.waiting) < MOST_PENDING:
            place = self._place(segment, step.element, step.component)
            self.waiting.append(_Waiting(f"{observation.name}_NOT_EFFECTIVE", place, validity))

    def _serve(self, scope: _Scope, observation: Service, value: str) -> None:
        days = _days(value)
        if days is not None:
            first, last = days if observation.days == "range" else (days[1], days[1])
            scope.days = _widen(scope.days, (first, last))

    def _open(self, number: int, segment: _Segment) -> None:
        self.open |= 1 << number
        self.scopes[number] = _Scope(self._place(segment, 0, 0), waiting=len(self.waiting))
        for one, scope in enumerate(self.program.sum_scopes):
            if scope == number:
                self.sums[one], self.spoilt[one] = 0, False
        for one, scope in enumerate(self.program.ledger_scopes):
            if scope == number:
                self.ledgers[one] = Ledger[_Place]()

    def _close(self, mask: int) -> None:
        """Close these scopes, the innermost first."""
        while mask:
            number = mask.bit_length() - 1
            mask &= ~(1 << number)
            self.open &= ~(1 << number)
            self._judge(number)
            scope = self.scopes[number]
            if self.open & ((1 << number) - 1):
                outer = self.scopes[(self.open & ((1 << number) - 1)).bit_length() - 1]
                outer.lifted |= scope.facts | scope.lifted
                for days in (scope.days, scope.lifted_days):
                    if days is not None:
                        outer.lifted_days = _widen(outer.lifted_days, days)

    def _judge(self, number: int) -> None:
        scope = self.scopes[number]
        around = [self.scopes[one] for one in range(number) if self.open >> one & 1]
        days = scope.days or scope.lifted_days or next((one.days for one in reversed(around) if one.days), None)
        if days is not None:  # else the scope around may know
            for waiting in self.waiting[scope.waiting :]:
                if not any(first <= days[1] and days[0] <= last for first, last in waiting.validity):
                    self._tell(waiting.code, waiting.place)
            del self.waiting[scope.waiting :]
        known = scope.facts | scope.lifted
        for one in around:
            known |= one.facts
        for rule in self.program.rules[number]:
            if rule.needs & ~known or rule.without & known:
                continue
            if isinstance(rule.judgment, Situation):
                self._judge_situation(rule, rule.judgment, self._where(rule, scope, known), days)
            else:
                self._judge_balance(rule, rule.judgment, self._where(rule, scope, known))

    def _where(self, rule: Rule, scope: _Scope, known: int) -> _Place | None:
        """The fact that findings are placed at, if it is known, else the opener of the scope."""
        return self.fact_places[rule.at] if rule.at >= 0 and known >> rule.at & 1 else scope.place

    def _judge_situation(
        self, rule: Rule, situation: Situation, place: _Place | None, days: tuple[int, int] | None
    ) -> None:
        if situation.days_from and (days is None or days[0] < situation.days_from):
            return
        if situation.days_before and (days is None or days[1] >= situation.days_before):
            return
        if place is not None:
            self._tell(situation.code, place._replace(node=rule.missing) if rule.missing else place)

    def _judge_balance(self, rule: Rule, balance: Balance, place: _Place | None) -> None:
        if any(self.spoilt[number] for number, _ in rule.sums):
            return
        total = sum(sign * self.sums[number] for number, sign in rule.sums)
        if rule.ledger < 0:
            if total and place is not None:
                self._tell(balance.code, place)
            return
        ledger = self.ledgers[rule.ledger]
        if ledger.overflown:
            return
        for entry in ledger.entries:
            filled = sum(1 << column for column in entry.columns)
            if entry.spoilt or rule.having & ~filled or (rule.any_of and not rule.any_of & filled):
                continue
            if total + sum(sign * entry.columns.get(column, 0) for column, sign in rule.columns):
                self._tell(balance.code, entry.place)


def _points(value: str, count: int) -> bool:
    """Is it a number from 1 to the count? Where nothing was counted there is nothing to say."""
    if not count:
        return True
    return value.isascii() and value.isdigit() and len(value) <= MOST_POINTER_DIGITS and 1 <= int(value) <= count


def _days(value: str) -> tuple[int, int] | None:
    """First and last day of CCYYMMDD, CCYYMMDDHHMM or CCYYMMDD-CCYYMMDD; None for anything else, or if reversed."""
    if not value.isascii():
        return None
    match len(value):
        case 8 | 12 if value.isdigit():
            return int(value[:8]), int(value[:8])
        case 17 if value[8] == "-" and value[:8].isdigit() and value[9:].isdigit() and value[:8] <= value[9:]:
            return int(value[:8]), int(value[9:])
    return None


def _widen(days: tuple[int, int] | None, more: tuple[int, int]) -> tuple[int, int]:
    return more if days is None else (min(days[0], more[0]), max(days[1], more[1]))
