"""Find the places of the declarations in a guide: what to do at each of its segments, and what to judge when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from edi.business.declarations import DECLARATIONS
from edi.business.language import (
    Amount,
    Balance,
    Choose,
    Condition,
    Count,
    Declaration,
    Element,
    Enter,
    Entry,
    Fact,
    Form,
    Judgment,
    Key,
    Listed,
    Observation,
    Pointer,
    Scope,
    Service,
    Situation,
    Wrong,
    has,
)
from edi.codes.lists import ALWAYS, CodeLists, Validity, shipped_lists
from edi.finding_codes import CODES
from edi.guides.guide import Guide
from edi.guides.node import NOT_USED, ElementSpecification, SegmentNode

PLACE = re.compile(r"(\S+) ([A-Z][A-Z0-9]{1,2})(?:\[([^\]]+)\])?")
PRESENCE = frozenset({"present", "zero", "nonzero", "negative", "form"})
"""Conditions that an absent element cannot meet."""


class Test(NamedTuple):
    """A condition, with its place taken apart."""

    element: int
    component: int
    kind: str
    values: frozenset[str]


class Step(NamedTuple):
    """One observation at one node."""

    observation: Observation
    element: int
    component: int
    tests: tuple[Test, ...]
    reach: int
    """A segment whose last element comes before this one has nothing for this step, nor for those after it."""
    listed_by_guide: bool = False
    """The guide has the codes of the element."""


@dataclass(frozen=True, slots=True)
class NodePlan:
    """What happens at the segments of one node."""

    inside: int
    """Mask of the scopes whose loop it stands in."""
    scope: int
    """The innermost of them."""
    opening: int
    """The scope that it opens, or -1."""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A judgment, with its facts as masks."""

    judgment: Judgment
    needs: int
    without: int
    at: int
    """Bit of the fact that a finding is placed at, or -1."""
    missing: SegmentNode | None = None
    sums: tuple[tuple[int, int], ...] = ()
    """Sum and sign."""
    ledger: int = -1
    columns: tuple[tuple[int, int], ...] = ()
    having: int = 0
    any_of: int = 0


Owned: TypeAlias = dict[str, int]


@dataclass(slots=True)
class Program:
    """The declarations as they apply to a guide."""

    guide: Guide
    scopes: tuple[Scope, ...]
    plans: list[NodePlan | None]
    """By node; None: nothing happens there."""
    facts: Owned = field(default_factory=dict)
    """Name -> bit number."""
    sums: Owned = field(default_factory=dict)
    sum_scopes: list[int] = field(default_factory=list)
    ledgers: Owned = field(default_factory=dict)
    ledger_scopes: list[int] = field(default_factory=list)
    columns: list[Owned] = field(default_factory=list)
    """Of each ledger: name -> number."""
    rules: list[tuple[Rule, ...]] = field(default_factory=list)
    """By scope, in the order declared."""
    validities: dict[str, dict[str, Validity]] = field(default_factory=dict)
    """Code list -> code -> when it is valid."""


def place_of(element: Element) -> tuple[int, int]:
    """Element and component, 0: the whole element."""
    return element if isinstance(element, tuple) else (element, 0)


def segments_at(guide: Guide, place: str) -> Iterator[tuple[SegmentNode, tuple[Test, ...]]]:
    """The nodes of a place in a guide, with the test of the qualifier where the node takes other values too.

    Raises:
        ValueError: the place is not written as one.
    """
    match = PLACE.fullmatch(place)
    if match is None:
        raise ValueError(f"{place} is no place")
    loops = None if match[1] == "*" else frozenset(match[1].split("|"))
    wanted = frozenset(match[3].split(",")) if match[3] else frozenset()
    for node in guide.nodes:
        if not isinstance(node, SegmentNode) or node.id != match[2] or not _stands_in(node, loops):
            continue
        if not wanted:
            yield node, ()
        elif node.key_codes & wanted:
            covered = node.key_codes <= wanted
            element: Element = (node.key_element, node.key_component) if node.key_component else node.key_element
            yield node, () if covered else (_test(has(element, *wanted)),)


def _stands_in(node: SegmentNode, loops: frozenset[str] | None) -> bool:
    outer = node.parent.parent
    return loops is None or node.loop in loops or (outer is not None and f"{outer.id}>{node.loop}" in loops)


def _test(condition: Condition) -> Test:
    return Test(*place_of(condition.element), condition.kind, condition.values)


@lru_cache(maxsize=32)
def program_of(guide: Guide, snip: int, lists: CodeLists | None = None) -> Program:
    """The program of a guide up to a SNIP type, kept for the next file. Without lists those that are shipped count."""
    mine = [declaration for declaration in DECLARATIONS if guide.kind in declaration.kinds]
    return _Builder(guide, mine, snip, lists if lists is not None else shipped_lists()).build()


class _Builder:
    def __init__(self, guide: Guide, declarations: list[Declaration], snip: int, lists: CodeLists) -> None:
        self.guide = guide
        self.scopes = next((one.scopes for one in declarations if one.scopes), ())
        self.names = {scope.name: number for number, scope in enumerate(self.scopes)}
        self.lists = lists
        self.program = Program(guide, self.scopes, [None] * len(guide.nodes))
        judgments = [one for declaration in declarations for one in declaration.judgments]
        observations = [one for declaration in declarations for one in declaration.observations]
        there = {one.name for one in observations if isinstance(one, Fact) and self._observable(one)}
        self.judgments = [one for one in judgments if self._applies(one, snip, there)]
        self.observations = [one for one in observations if self._wanted(one, snip)]

    def _exists(self, place: str) -> bool:
        return any(True for _ in segments_at(self.guide, place))

    def _observable(self, fact: Fact) -> bool:
        return any(_step(fact, node, tests) is not None for node, tests in segments_at(self.guide, fact.place))

    def _applies(self, judgment: Judgment, snip: int, there: set[str]) -> bool:
        """Of this SNIP type or a lower one, and about something that the guide has."""
        if CODES[judgment.code].snip > snip or not there.issuperset(judgment.needs):
            return False
        return not (isinstance(judgment, Situation) and judgment.missing) or self._exists(judgment.missing)

    def _wanted(self, observation: Observation, snip: int) -> bool:
        match observation:
            case Form() | Wrong() | Pointer():
                return CODES[observation.code].snip <= snip
            case Listed():
                return CODES[f"{observation.name}_UNKNOWN"].snip <= snip and observation.list in self.lists
        return True

    def build(self) -> Program:
        self.observations = self._used()
        self._number()
        self._place()
        self.program.rules = [
            tuple(self._rule(one) for one in self.judgments if self.names[one.scope] == scope)
            for scope in range(len(self.scopes))
        ]
        listed = {one.list for one in self.observations if isinstance(one, Listed)}
        self.program.validities = {name: dict(self.lists[name]) for name in sorted(listed)}
        return self.program

    def _used(self) -> list[Observation]:
        """Without what no judgment asks for."""
        names = {name for one in self.judgments for name in (*one.needs, *one.without)}
        names |= {term.removeprefix("-") for one in self.judgments if isinstance(one, Balance) for term in one.terms}
        names |= {one.count for one in self.observations if isinstance(one, Pointer)}
        ledgers = {one.ledger for one in self.judgments if isinstance(one, Balance)}
        dated = any(isinstance(one, Listed) for one in self.observations) or any(
            isinstance(one, Situation) and (one.days_from or one.days_before) for one in self.judgments
        )

        def is_used(one: Observation) -> bool:
            match one:
                case Fact() | Amount() | Count():
                    return one.name in names
                case Entry() | Key() | Choose() | Enter():
                    return one.ledger in ledgers
                case Service():
                    return dated
            return True

        return [one for one in self.observations if is_used(one)]

    def _number(self) -> None:
        program = self.program
        for one in self.observations:
            match one:
                case Fact():
                    program.facts.setdefault(one.name, len(program.facts))
                case Amount() | Count() if one.name not in program.sums:
                    program.sums[one.name] = len(program.sums)
                    program.sum_scopes.append(self.names[one.scope])
                case Entry() | Choose() if one.scope and one.ledger not in program.ledgers:
                    program.ledgers[one.ledger] = len(program.ledgers)
                    program.ledger_scopes.append(self.names[one.scope])
                    program.columns.append({})
        for one in self.observations:
            if isinstance(one, Enter):
                columns = program.columns[program.ledgers[one.ledger]]
                columns.setdefault(one.column, len(columns))

    def _place(self) -> None:
        steps: dict[int, list[Step]] = {}
        for one in self.observations:
            for step_node, tests in segments_at(self.guide, one.place):
                step = _step(one, step_node, tests)
                if step is not None and not self._is_idle(step):
                    steps.setdefault(step_node.index, []).append(step)
        openings: dict[int, int] = {}
        inside = [0] * len(self.guide.nodes)
        for number, scope in enumerate(self.scopes):
            for opener, _ in segments_at(self.guide, scope.opener):
                openings[opener.index] = number
                for index in range(opener.parent.index, opener.parent.stop):
                    inside[index] |= 1 << number
        for index in sorted({*steps, *openings}):
            ordered = sorted(steps.get(index, ()), key=_order)
            self.program.plans[index] = NodePlan(
                inside[index], inside[index].bit_length() - 1, openings.get(index, -1), tuple(ordered)
            )

    def _is_idle(self, step: Step) -> bool:
        """A list that the guide has itself, and whose codes are always valid, says nothing new."""
        if not (isinstance(step.observation, Listed) and step.listed_by_guide):
            return False
        return all(validity[0] == ALWAYS for validity in self.lists[step.observation.list].values())

    def _mask(self, names: Iterable[str]) -> int:
        facts = self.program.facts
        return sum(1 << facts[name] for name in set(names) if name in facts)

    def _rule(self, judgment: Judgment) -> Rule:
        program = self.program
        at = program.facts[judgment.at] if judgment.at else -1
        needs, without = self._mask(judgment.needs), self._mask(judgment.without)
        if isinstance(judgment, Situation):
            missing = next(segments_at(self.guide, judgment.missing))[0] if judgment.missing else None
            return Rule(judgment, needs, without, at, missing)
        signed = [(term.removeprefix("-"), -1 if term.startswith("-") else 1) for term in judgment.terms]
        ledger = program.ledgers[judgment.ledger] if judgment.ledger else -1
        columns = program.columns[ledger] if judgment.ledger else {}
        return Rule(
            judgment,
            needs,
            without,
            at,
            sums=tuple((program.sums[name], sign) for name, sign in signed if name not in columns),
            ledger=ledger,
            columns=tuple((columns[name], sign) for name, sign in signed if name in columns),
            having=sum(1 << columns[name] for name in judgment.having),
            any_of=sum(1 << columns[name] for name in judgment.any_of),
        )


def _step(observation: Observation, node: SegmentNode, qualifier: tuple[Test, ...]) -> Step | None:
    """The observation at a node, or None where the guide has no such element there."""
    element, component = place_of(observation.element)
    specification = _specification(node, element, component) if element else None
    if element and (specification is None or specification.usage == NOT_USED):
        return None
    listed_by_guide = specification is not None and bool(specification.codes)
    if isinstance(observation, Form) and specification is not None and specification.pattern:
        return None  # the guide has a pattern of its own
    conditions = () if isinstance(observation, Pointer | Entry | Key | Choose) else observation.when
    tests = (*qualifier, *map(_test, conditions))
    if any(_excluded(test, node) for test in tests):
        return None
    tests = tuple(_narrowed(test, node) for test in tests)
    needs_element = not isinstance(observation, Fact | Wrong | Count)
    reach = max(
        element if needs_element else 0,
        *(test.element for test in tests if test.kind in PRESENCE or (test.kind == "in" and "" not in test.values)),
        0,
    )
    if isinstance(observation, Form | Listed):
        tests = tuple(test for test in tests if not _certain(test, node))
    return Step(observation, element, component, tests, reach, listed_by_guide)


def _order(step: Step) -> tuple[int, int, int]:
    """By what must be there; then what is read of one amount together, and what is wrong with it last."""
    amounts = (Fact, Amount, Wrong)
    kind = amounts.index(type(step.observation)) if isinstance(step.observation, amounts) else len(amounts)
    return step.reach, kind if not step.component else len(amounts), step.element


def _specification(node: SegmentNode, element: int, component: int) -> ElementSpecification | None:
    """What the guide says of an element or component, None where it has none."""
    found = node.elements[element - 1] if element <= len(node.elements) else None
    if found is None or not component:
        return found
    return found.components[component - 1] if component <= len(found.components) else None


def _codes_at(node: SegmentNode, element: int, component: int) -> frozenset[str] | None:
    """The codes that the guide's map lists there, none where it lists none; None where nothing may stand."""
    specification = _specification(node, element, component)
    return None if specification is None or specification.usage == NOT_USED else specification.inline_codes


def _excluded(test: Test, node: SegmentNode) -> bool:
    """Does the test ask for something that the guide does not have there?"""
    if test.kind != "in" or "" in test.values:
        return False
    codes = _codes_at(node, test.element, test.component)
    return codes is None or bool(codes and codes.isdisjoint(test.values))


def _narrowed(test: Test, node: SegmentNode) -> Test:
    """Without the values that the guide does not have there."""
    if test.kind != "in" or "" in test.values:
        return test
    codes = _codes_at(node, test.element, test.component)
    return test._replace(values=test.values & codes) if codes else test


def _certain(test: Test, node: SegmentNode) -> bool:
    """Does every value that the guide allows there meet the test? Another one is reported as no code of the guide."""
    if test.kind != "in":
        return False
    codes = _codes_at(node, test.element, test.component)
    return bool(codes and codes <= test.values)
