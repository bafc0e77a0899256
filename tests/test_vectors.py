"""Every test vector of docs/domain.md is named by a test that drives it: in its docstring, or in the id of a case."""

from __future__ import annotations

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
DOMAIN = HERE.parent / "docs" / "domain.md"
VECTOR = re.compile(r"\bT(\d+)(?: to T(\d+))?\b")


def vectors() -> set[int]:
    """Numbers of the table in appendix A."""
    return {int(number) for number in re.findall(r"^\| T(\d+) \|", DOMAIN.read_text(encoding="utf-8"), re.MULTILINE)}


def named(path: Path) -> set[int]:
    """Vectors that the test functions of a module name."""
    found: set[int] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            texts = [ast.get_docstring(node) or "", *_ids(node)]
            found |= {number for text in texts for number in _numbers(text)}
    return found


def _ids(function: ast.FunctionDef) -> list[str]:
    """The `id` of each case of a function."""
    return [
        keyword.value.value
        for decorator in function.decorator_list
        for call in ast.walk(decorator)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "id" and isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str)
    ]


def _numbers(text: str) -> set[int]:
    found: set[int] = set()
    for first, last in VECTOR.findall(text):
        found |= set(range(int(first), int(last or first) + 1))
    return found


def test_each_is_named() -> None:
    """A vector that nobody names is one that nobody drives; the reverse is for the reader to see."""
    found = set().union(*(named(path) for path in HERE.rglob("test_*.py")))
    assert vectors() <= found
    assert found <= vectors()
