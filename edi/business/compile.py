"""Make tables of a program, for the business kernel of the compiled scanner (`edi.compiled.business_layout`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from edi.business.forms import CALCULATED, SHAPES, read_shape
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
from edi.business.program import NodePlan, Program, Rule, Step, Test, program_of
from edi.codes.lists import ALWAYS, CodeLists, Validity
from edi.compiled import business_layout as layout
from edi.compiled.keys import spread, text_key
from edi.findings import CODE_NUMBERS
from edi.guides.guide import Guide
from edi.guides.node import SegmentNode

HASH_SHIFT = 40
BYTES = 256
Words = npt.NDArray[np.uint64]

CALCULATED_KINDS = {
    "npi": layout.NPI,
    "tax id": layout.TAX_ID,
    "routing number": layout.ROUTING_NUMBER,
    "forward range": layout.FORWARD_RANGE,
}
TEST_KINDS = {
    "in": layout.IN,
    "not in": layout.NOT_IN,
    "present": layout.PRESENT,
    "absent": layout.ABSENT,
    "form": layout.FORMED,
    "zero": layout.ZERO,
    "nonzero": layout.NONZERO,
    "negative": layout.NEGATIVE,
}


AMOUNT_SHAPES = [[*fact, *sums, *wrong] for fact in ([], [0]) for sums in ([1], [1, 1]) for wrong in ([], [2])] + [[0]]
"""Steps of an amount that one row can do: fact, sums, negative; a fact alone may begin them."""


class BusinessTables(NamedTuple):
    """One type for all guides. Every array is contiguous and has at least one entry."""

    roles: npt.NDArray[np.uint8]
    """By node: does anything happen there?"""
    rules: npt.NDArray[np.int32]
    lists: npt.NDArray[np.uint64]
    """Keys of values, masks of facts, sets of characters, code lists."""
    memory: npt.NDArray[np.int64]
    """As it is before the first transaction set."""


def compile_business(guide: Guide, snip: int, lists: CodeLists | None = None) -> BusinessTables:
    """The tables of a guide up to a SNIP type. Without lists those that are shipped count."""
    return _Compiler(program_of(guide, snip, lists)).run()


class _Compiler:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.rows: list[list[int]] = []
        self.lists: list[int] = []
        """Short ones; the code lists follow."""
        self.code_lists: list[Words] = []
        self.forms: dict[str, int] = {}
        self.characters: dict[frozenset[str], int] = {}
        self.sums = _by_scope(program)

    def run(self) -> BusinessTables:
        program = self.program
        _fits(len(program.scopes), layout.MOST_SCOPES, "scopes")
        _fits(len(program.facts), layout.MOST_FACTS, "facts")
        _fits(len(program.sums), layout.MOST_SUMS, "sums")
        _fits(len(program.ledgers), layout.MOST_LEDGERS, "ledgers")
        for columns in program.columns:
            _fits(len(columns), layout.MOST_COLUMNS, "columns")
        self._add([[0]])
        nodes = self._add([[0]] * len(program.plans))
        scopes = self._add([[0]] * max(1, len(program.scopes)))
        shapes = [shape for name in SHAPES for shape in SHAPES[name]]
        for text in shapes:
            for characters in read_shape(text).characters:
                self.characters.setdefault(characters, len(self.characters))
        _fits(len(self.characters), 64, "sets of characters")
        self.rows[0][: layout.H_CHARACTERS + 1] = nodes, scopes, len(program.sums), self._remember(self._classes())
        for scope, rules in enumerate(program.rules):
            self._scope(scopes + scope, scope, rules)
        self.code_list_rows = {name: self._add([[0]]) for name in program.validities}
        for index, plan in enumerate(program.plans):
            if plan is not None:
                self._node(nodes + index, plan)
        for node in program.guide.nodes:
            if isinstance(node, SegmentNode):
                self.rows[nodes + node.index][layout.N_SEGMENT] = text_key(node.id)
        self._code_lists()
        return BusinessTables(
            roles=np.array([plan is not None for plan in program.plans], np.uint8),
            rules=np.ascontiguousarray(self.rows, np.int32),
            lists=np.concatenate([np.array(self.lists, np.uint64), *self.code_lists]),
            memory=np.zeros(layout.MEMORY_FIELDS, np.int64),
        )

    def _add(self, rows: Iterable[Sequence[int]]) -> int:
        """Append rows; returns the place of the first."""
        first = len(self.rows)
        self.rows += [[*row, *[0] * (layout.RULE_FIELDS - len(row))] for row in rows]
        return first

    def _set(self, row: int, *values: int) -> None:
        self.rows[row][: len(values)] = values

    def _remember(self, words: Iterable[int]) -> int:
        first = len(self.lists)
        self.lists += words
        return first

    def _classes(self) -> list[int]:
        """For each byte a mask of the sets of characters that it is in."""
        return [
            sum(1 << number for characters, number in self.characters.items() if chr(byte) in characters)
            for byte in range(BYTES)
        ]

    def _scope(self, row: int, scope: int, rules: tuple[Rule, ...]) -> None:
        program = self.program
        mine = sorted(self.sums[number] for number, owner in enumerate(program.sum_scopes) if owner == scope)
        ledgers = sum(1 << number for number, owner in enumerate(program.ledger_scopes) if owner == scope)
        first = self._add([[0]] * len(rules))
        for at, rule in enumerate(rules, first):
            self._rule(at, rule)
        self._set(row, mine[0] if mine else 0, len(mine), ledgers, first, len(rules))

    def _rule(self, row: int, rule: Rule) -> None:
        judgment = rule.judgment
        terms = self._add([(self.sums[number], sign) for number, sign in rule.sums])
        columns = self._add(rule.columns)
        situation = isinstance(judgment, Situation)
        self._set(
            row,
            layout.SITUATION if situation else layout.BALANCE,
            CODE_NUMBERS[judgment.code],
            self._remember((rule.needs, rule.without)),
            rule.at,
            -1 if rule.missing is None else rule.missing.index,
            0 if isinstance(judgment, Balance) else judgment.days_from,
            0 if isinstance(judgment, Balance) else judgment.days_before,
            terms,
            len(rule.sums),
            rule.ledger,
            columns,
            len(rule.columns),
            rule.having,
            rule.any_of,
        )

    def _node(self, row: int, plan: NodePlan) -> None:
        groups = list(_fused(plan.steps))
        first = self._add([[0]] * len(groups))
        for at, group in enumerate(groups, first):
            self._step(at, group)
        self._set(row, first, len(groups), plan.inside, plan.scope, plan.opening)

    def _step(self, row: int, group: list[Step]) -> None:
        """A row for steps that are taken together: what is read of one amount, or a run of components."""
        step = next((one for one in group if isinstance(one.observation, Amount)), group[0])
        kind, first, second, code, other = self._what(step)
        if kind == layout.AMOUNT:
            second, code, other = self._with_amount(group)
        elif len(group) > 1:
            second = len(group)
        more = self._add([[0]] * (len(step.tests) - 1))
        at = _place(step.element, step.component)
        self._set(row, kind, step.reach, at, first, second, code, other, len(step.tests), more)
        for number, test in enumerate(step.tests):
            self._test(row if number == 0 else more + number - 1, test)

    def _with_amount(self, group: list[Step]) -> tuple[int, int, int]:
        """The second sum, the code where it is negative, and the fact that it is there plus one; -1, 0, 0: none."""
        second, code, fact = -1, 0, 0
        sums = []
        for step in group:
            match step.observation:
                case Amount() as one:
                    sums.append(self.sums[self.program.sums[one.name]])
                case Wrong() as one:
                    code = CODE_NUMBERS[one.code]
                case Fact() as one:
                    fact = self.program.facts[one.name] + 1
        if len(sums) > 1:
            second = sums[1]
        return second, code, fact

    def _what(self, step: Step) -> tuple[int, int, int, int, int]:  # noqa: C901, PLR0911 - one answer an observation
        """Kind, the two numbers that go with it, and the finding codes."""
        program = self.program
        scopes = [scope.name for scope in program.scopes]
        match step.observation:
            case Fact() as one:
                return layout.FACT, program.facts[one.name], 0, 0, 0
            case Wrong() as one:
                return layout.WRONG, 0, 0, CODE_NUMBERS[one.code], 0
            case Count() as one:
                return layout.COUNT, self.sums[program.sums[one.name]], 0, 0, 0
            case Entry() as one:
                return layout.ENTRY, program.ledgers[one.ledger], 0, 0, 0
            case Form() as one:
                return layout.FORM, self._form(one.form), 1, CODE_NUMBERS[one.code], 0
            case Listed() as one:
                unknown = 0 if step.listed_by_guide else CODE_NUMBERS[f"{one.name}_UNKNOWN"]
                expired = CODE_NUMBERS[f"{one.name}_NOT_EFFECTIVE"]
                return layout.LISTED, self.code_list_rows[one.list], int(step.listed_by_guide), unknown, expired
            case Amount() as one:
                return layout.AMOUNT, self.sums[program.sums[one.name]], -1, 0, 0
            case Service() as one:
                return layout.SERVICE, scopes.index(one.scope), int(one.days == "last"), 0, 0
            case Pointer() as one:
                return layout.POINTER, self.sums[program.sums[one.count]], 1, CODE_NUMBERS[one.code], 0
            case Key() as one:
                return layout.KEY, program.ledgers[one.ledger], 0, 0, 0
            case Choose() as one:
                return layout.CHOOSE, program.ledgers[one.ledger], int(one.create), 0, 0
            case Enter() as one:
                ledger = program.ledgers[one.ledger]
                return layout.ENTER, ledger, program.columns[ledger][one.column], 0, 0

    def _test(self, row: int, test: Test) -> None:
        keys, form = [], 0
        if test.kind == "form":
            (name,) = test.values
            form = self._form(name)
        else:
            keys = [text_key(value) for value in sorted(test.values)]
        at = _place(test.element, test.component)
        told = (TEST_KINDS[test.kind], at, self._remember(keys), len(keys), form)
        self.rows[row][layout.P_TEST : layout.P_TEST + len(told)] = told

    def _form(self, name: str) -> int:
        if name in self.forms:
            return self.forms[name]
        if name in CALCULATED:
            row = self._add([(CALCULATED_KINDS[name], 0, 0)])
        else:
            shapes = [read_shape(text) for text in SHAPES[name]]
            alternatives = self._add(
                [
                    (shape.least, len(shape.characters), *(self.characters[one] for one in shape.characters))
                    for shape in shapes
                ]
            )
            row = self._add([(layout.SHAPED, alternatives, len(shapes))])
        self.forms[name] = row
        return row

    def _code_lists(self) -> None:
        offset = len(self.lists)
        for name, codes in self.program.validities.items():
            table, periods = _hash(codes, offset)
            self._set(self.code_list_rows[name], offset, (len(table) // 2) - 1)
            self.code_lists += [table, periods]
            offset += len(table) + len(periods)


def _fused(steps: tuple[Step, ...]) -> Iterator[list[Step]]:
    """Steps in their order; those together that one row can do."""
    group: list[Step] = []
    for step in steps:
        if group and not (_is_run(group[-1], step) or _is_of_amount(group, step)):
            yield group
            group = []
        group.append(step)
    if group:
        yield group


def _is_run(before: Step, step: Step) -> bool:
    """The next component of the same element, looked at in the same way."""
    one, other = before.observation, step.observation
    if isinstance(one, Form) and isinstance(other, Form):
        alike = one.form == other.form
    elif isinstance(one, Pointer) and isinstance(other, Pointer):
        alike = one.count == other.count
    else:
        return False
    follows = before.component > 0 and (before.element, before.component + 1) == (step.element, step.component)
    return alike and follows and one.code == other.code and before.tests == step.tests


def _is_of_amount(group: list[Step], step: Step) -> bool:
    """Of the same element: that it is there, at most two sums, and that it is negative."""
    together = [*group, step]
    place = (group[0].element, group[0].component)
    if any((one.element, one.component) != place for one in together):
        return False
    shapes = []
    for one in together:
        kinds = {(test.kind, test.element, test.component) for test in one.tests}
        match one.observation:
            case Fact() if kinds == {("present", *place)}:
                shapes.append(0)
            case Amount() if not kinds:
                shapes.append(1)
            case Wrong() if kinds == {("negative", *place)}:
                shapes.append(2)
            case _:
                return False
    return shapes in AMOUNT_SHAPES


def _place(element: int, component: int) -> int:
    return element << layout.COMPONENT_BITS | component


def _by_scope(program: Program) -> list[int]:
    """The sums numbered anew, so that those of a scope stand together."""
    order = sorted(range(len(program.sum_scopes)), key=lambda number: program.sum_scopes[number])
    numbers = [0] * len(order)
    for place, number in enumerate(order):
        numbers[number] = place
    return numbers


def _hash(codes: dict[str, Validity], offset: int) -> tuple[Words, Words]:
    """Pairs of slots (key, periods) and the periods themselves, as they stand at this place of the lists."""
    slots = 1 << (2 * len(codes) + 1).bit_length()
    table = [0] * (2 * slots)
    periods: list[int] = []
    for code, validity in codes.items():
        key = text_key(code)
        slot = spread(key, HASH_SHIFT, slots)
        while table[2 * slot]:
            slot = (slot + 1) & (slots - 1)
        table[2 * slot] = key
        if validity[0] != ALWAYS:
            table[2 * slot + 1] = (offset + 2 * slots + len(periods)) << layout.PERIOD_BITS | len(validity)
            periods += [first << 32 | last for first, last in validity]
    return np.array(table, np.uint64), np.array(periods, np.uint64)


def _fits(count: int, most: int, what: str) -> None:
    if count > most:
        raise ValueError(f"The business kernel has room for {most} {what}, not {count}")
