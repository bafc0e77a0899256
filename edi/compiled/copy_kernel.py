"""Copy short texts eight bytes at a time; numba itself would go byte by byte.

Up to seven bytes more than asked for are read and written, so both arrays need room behind the text: `SLACK`.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from edi.compiled.options import BYTES, INT, KEY, inlined

SLACK = 8
WORD = 8
EIGHT_BYTES = ir.IntType(64)


@intrinsic
def load_word(_context: Any, array: Any, place: Any) -> Any:
    """The eight bytes of `array` from `place` on, wherever that is."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        at = _pointer(context, builder, signature, arguments)
        return builder.load(at, align=1)

    return types.uint64(array, place), generate


@intrinsic
def store_word(_context: Any, array: Any, place: Any, word: Any) -> Any:
    """Write eight bytes of `array` from `place` on."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(arguments[2], _pointer(context, builder, signature, arguments), align=1)
        return context.get_dummy_value()

    return types.void(array, place, word), generate


def _pointer(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    array = context.make_array(signature.args[0])(context, builder, arguments[0])
    return builder.bitcast(builder.gep(array.data, [arguments[1]]), EIGHT_BYTES.as_pointer())


@inlined(KEY(BYTES, INT, BYTES, INT, INT))
def copy_words(source, start, target, at, length):
    """Copy `length` bytes; returns all that was read, or-ed together."""
    seen = load_word(source, start)
    store_word(target, at, seen)
    if length > WORD:  # two words hold nearly all of what is longer
        word = load_word(source, start + WORD)
        store_word(target, at + WORD, word)
        seen |= word
        for place in range(2 * WORD, length, WORD):
            word = load_word(source, start + place)
            store_word(target, at + place, word)
            seen |= word
    return seen
