"""Check one element of a segment against its specification, under the delimiters of the interchange.

Each check has two halves: `accepts`, quick, says yes to nearly every right value; what it does not accept goes to
`explain`, which names every fault, and names none for a right value that `accepts` was too quick for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, Protocol

from edi.delimiters import Delimiters
from edi.encodings import Encoding
from edi.guides.node import NOT_USED, REQUIRED, ElementSpecification
from edi.values import fault_of_amount, fault_of_format, fault_of_type, is_printable, measured_length

FORMAT_QUALIFIER, FORMATTED = "1250", "1251"
MONETARY_AMOUNT = "782"
REMEMBERED = 4096
"""Right values that a check remembers before it begins anew."""
NUMERALS = frozenset("0123456789.")
"""A separator among them makes numbers hard to tell apart quickly."""
LEAST_AMOUNT, LONGEST_AMOUNT = 2, 10
"""Digits of the amounts that are accepted quickly: d.d to dddddddd.dd."""


class Fault(NamedTuple):
    """What is wrong in an element."""

    code: str
    component: int = 0
    repetition: int = 0
    """From 1 in an element that is repeated."""


class ElementCheck(Protocol):
    """A check of one element."""

    @property
    def accepts(self) -> Callable[[str], object]:
        """Truthy for a value that is right."""

    def explain(self, value: str, qualifier: str) -> list[Fault]:
        """The faults of a value; the qualifier is that of its date format, or empty."""


def make_check(
    specification: ElementSpecification, delimiters: Delimiters, encoding: Encoding, *, proven: bool
) -> ElementCheck:
    """The check of an element; `proven` where the transition has already looked at its code."""
    if specification.usage == NOT_USED:
        return NotUsedCheck()
    if specification.components:
        return CompositeCheck(specification, delimiters, encoding)
    return SimpleCheck(specification, delimiters, encoding, proven=proven)


def refuse(_value: str) -> bool:
    """An `accepts` that leaves everything to `explain`."""
    return False


class NotUsedCheck:
    """The guide does not want this element at all; its absence is what is right."""

    accepts: Callable[[str], object] = staticmethod(refuse)

    def explain(self, value: str, qualifier: str) -> list[Fault]:  # noqa: ARG002 - whatever it is
        """A value is there."""
        return [Fault("ELEMENT_NOT_USED")]


class SimpleCheck:
    """A simple element or a component."""

    def __init__(
        self, specification: ElementSpecification, delimiters: Delimiters, encoding: Encoding, *, proven: bool = False
    ) -> None:
        self.specification = specification
        self.delimiters = delimiters
        self.encoding: Encoding = encoding
        self.proven = proven
        self.accepts: Callable[[str], object] = refuse if specification.data_element == FORMATTED else self._quick()

    def _quick(self) -> Callable[[str], object]:
        specification = self.specification
        length = f"{{{max(specification.minimum, 1)},{max(specification.maximum, 1)}}}"
        separators = self.delimiters.component + self.delimiters.repetition
        if specification.pattern or specification.usage == NOT_USED or not NUMERALS.isdisjoint(separators):
            return refuse
        if specification.codes and not self.proven:
            good = {code for code in specification.codes if not self.explain(code, "")}
            return good.__contains__
        match specification.data_type[:1]:
            case "N":
                return re.compile(rf"\d{length}", re.ASCII).fullmatch
            case "R":
                if specification.data_element == MONETARY_AMOUNT:
                    length = f"{{{max(specification.minimum, 1)},{min(specification.maximum, LONGEST_AMOUNT)}}}"
                has_room = specification.minimum <= LEAST_AMOUNT and specification.maximum >= LONGEST_AMOUNT
                amount = r"|\d{1,8}\.\d{1,2}" if has_room else ""
                return re.compile(rf"\d{length}{amount}", re.ASCII).fullmatch
            case "D" | "T":
                return _Remembered(self)
        return re.compile(rf"[{_plain_characters(self.delimiters)}]{length}(?<! )").fullmatch

    def explain(self, value: str, qualifier: str) -> list[Fault]:
        """The faults of the value, of each repetition where there are any."""
        separator = self.delimiters.repetition
        if not separator or separator not in value:
            return [Fault(code) for code in self.faults(value, qualifier)]
        faults: list[Fault] = []
        for repetition, part in enumerate(value.split(separator), 1):
            if repetition > self.specification.repeat:
                return [*faults, Fault("ELEMENT_REPETITIONS", 0, repetition)]
            if part:
                faults += [Fault(code, 0, repetition) for code in self.faults(part, qualifier)]
        return faults

    def faults(self, value: str, qualifier: str) -> list[str]:
        """Finding codes of one present value that is not repeated."""
        specification, encoding = self.specification, self.encoding
        if specification.usage == NOT_USED:
            return ["ELEMENT_NOT_USED"]
        codes = []
        length = measured_length(value, specification.data_type, encoding)
        if length < specification.minimum:
            codes.append("ELEMENT_SHORT")
        elif length > specification.maximum:
            codes.append("ELEMENT_LONG")
        if not is_printable(value, specification.data_type, encoding) or self.delimiters.component in value:
            codes.append("ELEMENT_CHARACTER")
            return codes
        if specification.codes and not self.proven and value not in specification.codes:
            codes.append("ELEMENT_CODE")
        found = (
            fault_of_type(value, specification.data_type, specification.minimum, encoding),
            fault_of_format(value, qualifier) if qualifier else None,
            fault_of_amount(value) if specification.data_element == MONETARY_AMOUNT else None,
            None if not specification.pattern or re.fullmatch(specification.pattern, value) else "ELEMENT_PATTERN",
        )
        return list(dict.fromkeys((*codes, *filter(None, found))))


def _plain_characters(delimiters: Delimiters) -> str:
    """The inside of a regular expression's class: printable, and no separator."""
    separators = delimiters.component + delimiters.repetition
    return "".join(re.escape(chr(code)) for code in range(0x20, 0x7F) if chr(code) not in separators)


class _Remembered:
    """Accepts what its check found right before: dates and composites repeat."""

    def __init__(self, check: SimpleCheck | CompositeCheck) -> None:
        self.check = check
        self.right: set[str] = set()

    def __call__(self, value: str) -> bool:
        if value in self.right:
            return True
        if self.check.explain(value, ""):
            return False
        if len(self.right) >= REMEMBERED:
            self.right.clear()
        self.right.add(value)
        return True


class CompositeCheck:
    """A composite: components, which may refer to one another's format."""

    def __init__(self, specification: ElementSpecification, delimiters: Delimiters, encoding: Encoding) -> None:
        self.specification = specification
        self.delimiters = delimiters
        self.components = [SimpleCheck(component, delimiters, encoding) for component in specification.components]
        self.accepts: Callable[[str], object] = _Remembered(self)

    def explain(self, value: str, qualifier: str) -> list[Fault]:  # noqa: ARG002 - components bring their own
        """The faults of every repetition."""
        separator = self.delimiters.repetition
        if not separator or separator not in value:
            return self._faults(value, 0)
        faults: list[Fault] = []
        for repetition, part in enumerate(value.split(separator), 1):
            if repetition > self.specification.repeat:
                return [*faults, Fault("ELEMENT_REPETITIONS", 0, repetition)]
            faults += self._faults(part, repetition)
        return faults

    def _faults(self, value: str, repetition: int) -> list[Fault]:
        parts = value.split(self.delimiters.component)
        faults = []
        qualifier = ""
        for place, check in enumerate(self.components, 1):
            part = parts[place - 1] if place <= len(parts) else ""
            if not part:
                if check.specification.usage == REQUIRED:
                    faults.append(Fault("ELEMENT_MISSING", place, repetition))
                continue
            form = qualifier if check.specification.data_element == FORMATTED else ""
            if not check.accepts(part):
                faults += [Fault(code, place, repetition) for code in check.faults(part, form)]
            if check.specification.data_element == FORMAT_QUALIFIER:
                qualifier = part
        if len(parts) > len(self.components):
            faults.append(Fault("ELEMENT_COMPONENTS", len(self.components) + 1, repetition))
        return faults
