"""The words in which rules about a transaction set are declared.

A place is written `2300 REF[F8]`: loop ids (`|` between several, `*` for any, `2000B>2300` where it matters in which
other loop it stands), segment id, and perhaps values of the
qualifier that tells such segments apart. An element is its number, a component `(element, component)`.

Rules live in scopes: the whole set, a claim, a service line. A scope opens with a segment and closes before the next
one of its kind, when its loop is left, or at the end of the set; then its rules are judged, on

- facts: something stands there, or has one of some values. A fact belongs to the scope its segment is in. A rule sees
  the facts of its own scope, of those inside it and of those around it.
- amounts: exact sums in cents. One that is no amount of whole cents spoils its sum, and no rule is judged on it: its
  form is reported elsewhere.
- ledgers: amounts kept apart by a key, such as one payer's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Element: TypeAlias = int | tuple[int, int]
"""An element, or an element and a component; both count from 1."""
Days = Literal["range", "last"]
"""Which days of a range a code may be valid on."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of one element of the segment. An absent element has the value ''."""

    element: Element
    kind: Literal["in", "not in", "present", "absent", "zero", "nonzero", "negative", "form"]
    values: frozenset[str] = frozenset()
    """Of `in` and `not in`; of `form` the name of one."""


def has(element: Element, *values: str) -> Condition:
    """The element is one of the values; '' stands for an absent one."""
    return Condition(element, "in", frozenset(values))


def lacks(element: Element, *values: str) -> Condition:
    """The element is none of the values."""
    return Condition(element, "not in", frozenset(values))


def present(element: Element) -> Condition:
    """The element is there."""
    return Condition(element, "present")


def absent(element: Element) -> Condition:
    """The element is not there."""
    return Condition(element, "absent")


def zero(element: Element) -> Condition:
    """The element is an amount of nothing."""
    return Condition(element, "zero")


def nonzero(element: Element) -> Condition:
    """The element is an amount of something."""
    return Condition(element, "nonzero")


def negative(element: Element) -> Condition:
    """The element is an amount below zero."""
    return Condition(element, "negative")


def formed(element: Element, form: str) -> Condition:
    """The element has a form (`edi.business.forms`)."""
    return Condition(element, "form", frozenset({form}))


@dataclass(frozen=True, slots=True)
class Scope:
    """Opened by a segment, the first of its loop. Declared from the outside in."""

    name: str
    opener: str


@dataclass(frozen=True, slots=True)
class Form:
    """An element that is there must have a form."""

    code: str
    place: str
    element: Element
    form: str
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Wrong:
    """Every segment for which the conditions hold is wrong, at this element."""

    code: str
    place: str
    element: Element
    when: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """An element that is there must be in a code list, if that list is known, on the days of its scope.

    The finding codes are `name_UNKNOWN` and `name_NOT_EFFECTIVE`. Where the guide itself lists the codes, only the
    days are looked at. A scope without days leaves it to the one around it; without any day a code is valid.
    """

    name: str
    place: str
    element: Element
    list: str
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """Something stands in a set. `element` is where a finding about it is placed (0: the whole segment)."""

    name: str
    place: str
    when: tuple[Condition, ...] = ()
    element: Element = 0


@dataclass(frozen=True, slots=True)
class Amount:
    """Adds an element to a sum. An absent element adds nothing."""

    name: str
    scope: str
    place: str
    element: Element
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """Adds one hundred (a whole number in cents) to a sum for each segment."""

    name: str
    scope: str
    place: str
    element: Element = 0
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """The days of a scope: a day, or a range of days. A day in a scope inside counts too where it has none itself."""

    scope: str
    place: str
    element: Element
    days: Days = "range"
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Pointer:
    """A number from 1 to what a sum has counted so far."""

    code: str
    place: str
    element: Element
    count: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Begins an entry in a ledger; `element` 0: without a key for now."""

    ledger: str
    scope: str
    place: str
    element: Element = 0


@dataclass(frozen=True, slots=True)
class Key:
    """Gives the ledger's current entry its key. Two entries of one key cannot be told apart: neither is judged."""

    ledger: str
    place: str
    element: Element


@dataclass(frozen=True, slots=True)
class Choose:
    """Makes the entry with this key the current one, or none; `create` begins one where there is none."""

    ledger: str
    place: str
    element: Element
    create: bool = False
    scope: str = ""
    """The ledger's, where entries begin here."""


@dataclass(frozen=True, slots=True)
class Enter:
    """Adds an element to a column of the ledger's current entry."""

    ledger: str
    column: str
    place: str
    element: Element
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """Judged when a scope closes: with all of `needs` and none of `without`, something is wrong.

    The finding is placed at the fact `at`, of this scope or one around it, if it is known, else at the scope's opener.
    `missing` names the segment that should be there: the finding bears its id, at the opener's position.
    """

    code: str
    scope: str
    needs: tuple[str, ...]
    without: tuple[str, ...] = ()
    at: str = ""
    missing: str = ""
    days_from: int = 0
    """CCYYMMDD: only where the scope's first day is known, and this or later."""
    days_before: int = 0
    """CCYYMMDD: only where the scope's last day is known, and earlier."""


@dataclass(frozen=True, slots=True)
class Balance:
    """Judged when a scope closes: with all of `needs` and none of `without`, the sum of the terms must be nothing.

    Terms are written `name` or `-name`, of amounts of this scope. With a ledger, once for each of its entries that
    has all the columns `having` and one of `any_of`, and columns stand among the terms; the finding is at the entry.
    """

    code: str
    scope: str
    terms: tuple[str, ...]
    needs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    at: str = ""
    ledger: str = ""
    having: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()


Observation: TypeAlias = (
    Form | Wrong | Listed | Fact | Amount | Count | Service | Pointer | Entry | Key | Choose | Enter
)
"""What is looked at in a segment."""
Judgment: TypeAlias = Situation | Balance
"""What is decided when a scope closes."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """The rules of some kinds of guides. Observations of one segment are made in the order of their elements."""

    kinds: frozenset[str]
    scopes: tuple[Scope, ...]
    observations: tuple[Observation, ...]
    judgments: tuple[Judgment, ...]
