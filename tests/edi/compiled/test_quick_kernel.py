from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from edi.compiled import layout as at
from edi.compiled.kernel_cache import load
from edi.compiled.keys import GOLDEN, text_key

load()

from edi.compiled.options import BOOL, BYTES, INT, KEY, KEY_TABLE, SHARED  # noqa: E402 - kernels load each other
from edi.compiled.quick_kernel import KNOWN_SHIFT, LONGEST_KNOWN, is_known, is_plain_decimal  # noqa: E402

VALUE, ROW, FORM = b"AB345678abcdefgh01234567", 17, text_key("D8")


def _ask(raw: Any, start: Any, length: Any, row: Any, form: Any, known: Any, learns: Any) -> Any:  # noqa: ANN401
    return is_known(raw, start, length, row, form, known, learns)


def _plain(raw: Any, start: Any, length: Any) -> Any:  # noqa: ANN401
    return is_plain_decimal(raw, start, length)


@pytest.fixture(scope="module")
def ask() -> Callable[..., bool]:
    """`is_known` as a function that Python can call."""
    kernel = njit(BOOL(BYTES, INT, INT, KEY, KEY, KEY_TABLE, BOOL), **SHARED)(_ask)

    def call(value: bytes, row: int, form: int, known: np.ndarray, *, learns: bool = False) -> bool:
        return bool(kernel(_buffer(value), 3, len(value), np.uint64(row), np.uint64(form), known, learns))

    return call


@pytest.fixture(scope="module")
def is_plain() -> Callable[[bytes], bool]:
    """`is_plain_decimal` as a function that Python can call."""
    kernel = njit(BOOL(BYTES, INT, INT), **SHARED)(_plain)
    return lambda value: bool(kernel(_buffer(value), 3, len(value)))


def _buffer(value: bytes) -> np.ndarray:
    return np.frombuffer(bytearray(b"0.~" + value + b"*9.9" + bytes(at.SPARE_BYTES)), np.uint8)


def _neighbour() -> int:
    """Another row that the same value is kept in the same place for."""
    word = int.from_bytes(VALUE[:8], "little")
    slots = [(word ^ row) * GOLDEN % (1 << 64) >> int(KNOWN_SHIFT) for row in range(1 << 16)]
    return next(row for row, slot in enumerate(slots) if slot == slots[ROW] and row != ROW)


@pytest.mark.parametrize("length", [1, 7, 8, 9, 15, 16, 17, 23, 24])
def test_a_value_is_known_where_it_was_learnt_alone(ask: Callable[..., bool], length: int) -> None:
    """Another value, length, row or format qualifier is something else."""
    known = np.zeros((at.KNOWN_VALUES, at.KNOWN_FIELDS), np.uint64)
    value = VALUE[:length]
    assert not ask(value, ROW, FORM, known)
    ask(value, ROW, FORM, known, learns=True)
    assert ask(value, ROW, FORM, known)
    assert not ask(value, ROW, 0, known)
    assert not ask(value, ROW, text_key("RD8"), known)
    assert not ask(value, ROW + 1, FORM, known)
    if length < LONGEST_KNOWN:
        assert not ask(value + b"\0", ROW, FORM, known)
    for place in range(length):
        assert not ask(value[:place] + b"!" + value[place + 1 :], ROW, FORM, known)


def test_rows_that_share_a_place_are_told_apart(ask: Callable[..., bool]) -> None:
    """As are values that only a hash would confuse."""
    known = np.zeros((at.KNOWN_VALUES, at.KNOWN_FIELDS), np.uint64)
    ask(VALUE[:8], ROW, 0, known, learns=True)
    assert not ask(VALUE[:8], _neighbour(), 0, known)
    for field in range(at.KNOWN_FIELDS):
        other = known.copy()
        other[:, field] ^= np.uint64(1 << 40)
        assert not ask(VALUE[:8], ROW, 0, other)


def test_what_is_too_long_is_never_known(ask: Callable[..., bool]) -> None:
    """It does not fit."""
    known = np.zeros((at.KNOWN_VALUES, at.KNOWN_FIELDS), np.uint64)
    ask(VALUE + b"x", ROW, 0, known, learns=True)
    assert not ask(VALUE + b"x", ROW, 0, known)
    assert not known.any()


@given(st.text("0123456789.-+ eE\x00\x80/:", min_size=1, max_size=9))
def test_a_plain_decimal_is_an_amount_of_cents(is_plain: Callable[[bytes], bool], text: str) -> None:
    """Digits, a point, and one or two digits; nothing else is plain, and of these all that fit in a word are."""
    whole, point, cents = text.partition(".")
    digits = set("0123456789")
    right = point == "." and set(whole + cents) <= digits and 1 <= len(cents) <= 2 and len(text) <= 8
    assert is_plain(text.encode("latin-1")) == right
    if right:
        try:
            amount = Decimal(text)
        except InvalidOperation:
            pytest.fail("a plain decimal is no number")
        assert amount == round(amount, 2)
