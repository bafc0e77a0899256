"""YAML files as sections whose keys are asked for one by one.

A section never raises at a fault: it notes the fault with its line, hands back a harmless value of
the right type, and reading goes on, so that one run names everything that is wrong. Scalars stay
the text that was written: `0.10` is money without a float, `NO` is no boolean, `0120` keeps its zero.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from datetime import date, time
from pathlib import Path
from typing import TypeVar

import yaml

from edi.money import to_cents
from pipeline.configuration.problems import Problem
from pipeline.configuration.shapes import IDENTIFIER, TEXT, Shape, one_of

Value = TypeVar("Value")
Word = TypeVar("Word", bound=str)
WHOLE = 10_000
"""All of something, in hundredths of a percent."""
NULL_TAG = "tag:yaml.org,2002:null"


class Document:
    """One YAML file and the faults found in it and in the other files of the folder."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        self.file = path.name
        self.problems = problems
        self.sections: list[Section] = []
        self.root = Section(self, self._compose(path), "", 1)

    def _compose(self, path: Path) -> yaml.MappingNode | None:
        try:
            node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        except FileNotFoundError:
            self.note(0, "", "the file is missing")
        except UnicodeDecodeError:
            self.note(0, "", "the file is not UTF-8 text")
        except OSError as problem:
            self.note(0, "", f"the file cannot be read ({problem.strerror})")
        except yaml.MarkedYAMLError as problem:
            mark = problem.problem_mark or problem.context_mark
            self.note(mark.line + 1 if mark else 0, "", f"not valid YAML: {problem.problem or problem.context}")
        except yaml.YAMLError:
            self.note(0, "", "not valid YAML: it holds a character that YAML does not allow")
        else:
            if isinstance(node, yaml.MappingNode):
                return node
            self.note(1, "", "expected keys with values, as in 'key: value'")
        return None

    def note(self, line: int, key: str, text: str) -> None:
        """Remember a fault of this file."""
        self.problems.append(Problem(self.file, line, key, text))

    def note_unknown_keys(self) -> None:
        """Call when everything was read: keys that nobody asked for are faults."""
        for section in self.sections:
            section.note_unknown_keys()


class Section:
    """The keys of one YAML mapping; in place of a missing one it answers with harmless values, silently."""

    def __init__(self, document: Document, node: yaml.Node | None, key: str, line: int) -> None:
        self.document = document
        self.key = key
        self.line = line
        """Line of the key that holds this section."""
        self.nodes: dict[str, yaml.Node] = {}
        self.lines: dict[str, int] = {}
        self.asked: set[str] = set()
        self.silent = not isinstance(node, yaml.MappingNode)
        document.sections.append(self)
        if isinstance(node, yaml.MappingNode):
            self._take(node)
        elif node is not None:
            document.note(line_of(node), key, "expected keys with values, as in 'key: value'")

    def _take(self, node: yaml.MappingNode) -> None:
        for key_node, value in node.value:
            line = line_of(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                self.document.note(line, self.key, "expected a plain key")
            elif key_node.value in self.nodes:
                first = self.lines[key_node.value]
                self.document.note(line, key_node.value, f"given twice; it stands in line {first} already")
            else:
                self.nodes[key_node.value] = value
                self.lines[key_node.value] = line

    def note(self, key: str, text: str) -> None:
        """Remember a fault of one key of this section."""
        self.document.note(self.lines.get(key, self.line), key, text)

    def note_unknown_keys(self) -> None:
        """Remember every key that was never asked for, with the known key that it resembles."""
        for key in self.nodes.keys() - self.asked:
            likely = difflib.get_close_matches(key, self.asked, n=1)
            advice = f"did you mean '{likely[0]}'?" if likely else "docs/configuration.md has those that there are"
            self.note(key, f"unknown key; {advice}")

    def has(self, key: str) -> bool:
        """Is there a value for this key?"""
        return self._node(key, required=False) is not None

    def is_section(self, key: str) -> bool:
        """Are there keys with values under this key, instead of a plain value?"""
        return isinstance(self._node(key, required=False), yaml.MappingNode)

    def text(self, key: str, shape: Shape = TEXT) -> str:
        """A required text; its scalar exactly as written."""
        return self._scalar(key, shape, required=True) or ""

    def optional_text(self, key: str, shape: Shape = TEXT) -> str | None:
        """A text that may be left out."""
        return self._scalar(key, shape, required=False)

    def choice(self, key: str, options: Sequence[Word], default: Word | None = None) -> Word:
        """One of a few words."""
        text = self._scalar(key, one_of(options), required=default is None)
        for option in options:
            if option == text:
                return option
        return default or options[0]

    def flag(self, key: str, default: bool | None = None) -> bool:
        """`true` or `false`."""
        text = self._scalar(key, one_of(("true", "false")), required=default is None)
        return text == "true" if text is not None else bool(default)

    def whole_number(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """A whole number between two limits, both allowed."""
        text = self._scalar(key, Shape(f"a whole number from {least} to {most}", _is_digits), required=default is None)
        if text is None:
            return default if default is not None else least
        number = int(text)
        if not least <= number <= most:
            self.note(key, f"expected a whole number from {least} to {most}")
            return least
        return number

    def cents(self, key: str) -> int:
        """A required amount of money, as exact cents."""
        return self.optional_cents(key, required=True) or 0

    def optional_cents(self, key: str, *, required: bool = False) -> int | None:
        """Money, exact: decimal text with at most two decimals, not negative."""
        text = self._scalar(key, Shape("an amount such as 92.50", _is_amount), required=required)
        return None if text is None else to_cents(text)

    def percent(self, key: str, default: int) -> int:
        """A share below the whole, exact, in hundredths of a percent; written as a percentage."""
        text = self._scalar(key, Shape("a percentage such as 2.5", _is_amount), required=False)
        if text is None:
            return default
        hundredths = to_cents(text)
        if hundredths >= WHOLE:
            self.note(key, "expected a percentage below 100")
            return default
        return hundredths

    def day(self, key: str) -> date:
        """A required day."""
        return self.optional_day(key, required=True) or date.min

    def optional_day(self, key: str, *, required: bool = False) -> date | None:
        """A day, written YYYY-MM-DD."""
        text = self._scalar(key, Shape("a day such as 2026-01-31", _is_day), required=required)
        return None if text is None else date.fromisoformat(text)

    def time_of_day(self, key: str) -> time:
        """A required time of day, written HH:MM."""
        text = self._scalar(key, Shape("a time of day such as 06:00", _is_time), required=True)
        return time.min if text is None else time.fromisoformat(text)

    def texts(self, key: str, shape: Shape = TEXT, *, required: bool = True) -> tuple[str, ...]:
        """A list of texts, each once; a required list has at least one."""
        found: list[str] = []
        for node in self._sequence(key, required=required):
            text = self._fitting(node, key, shape)
            if text is not None and text in found:
                self.document.note(line_of(node), key, "given twice in this list")
            elif text is not None:
                found.append(text)
        return tuple(found)

    def section(self, key: str) -> Section:
        """A required mapping inside this one."""
        return Section(self.document, self._node(key, required=True), key, self.lines.get(key, self.line))

    def entries(self, key: str, shape: Shape = IDENTIFIER) -> tuple[tuple[str, Section], ...]:
        """A required mapping of ids to mappings, in the order written."""
        holder = self.section(key)
        entries = []
        for name, node in holder.nodes.items():
            holder.asked.add(name)
            if not shape.fits(name):
                holder.note(name, f"expected as name {shape.expected}")
            if _is_null(node):
                holder.note(name, "empty")
            entries.append((name, Section(self.document, None if _is_null(node) else node, name, holder.lines[name])))
        if not entries and not holder.silent:
            self.note(key, "expected at least one entry")
        return tuple(entries)

    def items(self, key: str) -> tuple[Section, ...]:
        """A required list of mappings."""
        return tuple(Section(self.document, node, key, line_of(node)) for node in self._sequence(key, required=True))

    def make(self, build: Callable[[], Value]) -> Value | None:
        """The value that `build` reads from this section, or None where its own checks refuse what was read."""
        faults = len(self.document.problems)
        try:
            return build()
        except ValueError as problem:
            if len(self.document.problems) == faults:
                self.document.note(self.line, self.key, str(problem))
            return None

    def _node(self, key: str, *, required: bool) -> yaml.Node | None:
        self.asked.add(key)
        node = self.nodes.get(key)
        if node is None or _is_null(node):
            if required and not self.silent:
                self.note(key, "missing" if node is None else "empty")
            return None
        return node

    def _scalar(self, key: str, shape: Shape, *, required: bool) -> str | None:
        node = self._node(key, required=required)
        return None if node is None else self._fitting(node, key, shape)

    def _fitting(self, node: yaml.Node, key: str, shape: Shape) -> str | None:
        if isinstance(node, yaml.ScalarNode) and shape.fits(node.value):
            return str(node.value)
        self.document.note(line_of(node), key, f"expected {shape.expected}")
        return None

    def _sequence(self, key: str, *, required: bool) -> Sequence[yaml.Node]:
        node = self._node(key, required=required)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self.note(key, "expected a list")
            return ()
        if required and not node.value:
            self.note(key, "expected at least one entry")
        return tuple(node.value)


def line_of(node: yaml.Node) -> int:
    """Line where a node starts, from 1."""
    return int(node.start_mark.line) + 1


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == NULL_TAG


def _is_digits(text: str) -> bool:
    return re.fullmatch(r"\d{1,18}", text, re.ASCII) is not None


def _is_amount(text: str) -> bool:
    return re.fullmatch(r"\d{1,12}(\.\d{1,2})?", text, re.ASCII) is not None


def _is_day(text: str) -> bool:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_time(text: str) -> bool:
    return re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text, re.ASCII) is not None
