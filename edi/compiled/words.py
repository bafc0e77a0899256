"""Many bytes at once, in one register of the processor.

These read past the value they are asked for: behind the bytes of a buffer, `SPARE_BYTES` more must be there. Nothing
is checked here.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from edi.compiled.layout import SPARE_BYTES

BLOCK = SPARE_BYTES
"""Bytes of a block; a mask has a bit for each, the lowest for the first byte."""
BYTE, WORD = ir.IntType(8), ir.IntType(64)
VECTOR = ir.VectorType(BYTE, BLOCK)
LANES = ir.VectorType(ir.IntType(32), BLOCK)
FIRST_VISIBLE, VISIBLE = 33, 94
"""The visible characters of ASCII, from the exclamation mark to the tilde."""
FIRST_DIGIT, DIGITS = 48, 10

Untyped = Any
"""What numba and llvmlite hand over. An intrinsic is given a typing context first."""


def _address(
    context: Untyped, builder: Untyped, array: Untyped, value: Untyped, place: Untyped, kind: ir.Type
) -> Untyped:
    data = cgutils.create_struct_proxy(array)(context, builder, value).data
    return builder.bitcast(builder.gep(data, [place]), kind.as_pointer())


@intrinsic
def word_at(_typing: Untyped, raw: Untyped, place: Untyped) -> tuple[Untyped, Untyped]:
    """The eight bytes from a place on, an unsigned number, as a number whose lowest byte is the first."""

    def generate(context: Untyped, builder: Untyped, signature: Untyped, values: Untyped) -> Untyped:
        return builder.load(_address(context, builder, signature.args[0], values[0], values[1], WORD), align=1)

    return types.uint64(raw, place), generate


@intrinsic
def swapped(_typing: Untyped, word: Untyped) -> tuple[Untyped, Untyped]:
    """The bytes of a word the other way round."""

    def generate(_context: Untyped, builder: Untyped, _signature: Untyped, values: Untyped) -> Untyped:
        return builder.bswap(values[0])

    return types.uint64(word), generate


@intrinsic
def lowest_bit(_typing: Untyped, word: Untyped) -> tuple[Untyped, Untyped]:
    """The number of the lowest bit that is set; some bit must be."""

    def generate(_context: Untyped, builder: Untyped, _signature: Untyped, values: Untyped) -> Untyped:
        return builder.cttz(values[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(word), generate


@intrinsic
def masks_at(
    _typing: Untyped,
    raw: Untyped,
    place: Untyped,
    element: Untyped,
    terminator: Untyped,
    component: Untyped,
    repetition: Untyped,
) -> tuple[Untyped, Untyped]:
    """Masks of the block from a place on: ends of elements, terminators, no digits, blanks, odd bytes.

    Odd is every byte that is neither a blank nor a visible character of ASCII, and the separators within elements.
    """

    def generate(context: Untyped, builder: Untyped, signature: Untyped, values: Untyped) -> Untyped:
        block = builder.load(_address(context, builder, signature.args[0], values[0], values[1], VECTOR), align=1)

        def all_of(byte: Untyped) -> Untyped:
            first = builder.insert_element(ir.Constant(VECTOR, ir.Undefined), byte, ir.Constant(ir.IntType(32), 0))
            return builder.shuffle_vector(first, ir.Constant(VECTOR, ir.Undefined), ir.Constant(LANES, None))

        def constant(byte: int) -> ir.Constant:
            return ir.Constant(VECTOR, [byte] * BLOCK)

        def beyond(first: int, count: int) -> Untyped:
            return builder.icmp_unsigned(">=", builder.sub(block, constant(first)), constant(count))

        ends, stops, part, repeat = (builder.icmp_unsigned("==", block, all_of(byte)) for byte in values[2:])
        blank = builder.icmp_unsigned("==", block, constant(32))
        odd = builder.and_(beyond(FIRST_VISIBLE, VISIBLE), builder.not_(blank))
        odd = builder.or_(odd, builder.or_(part, repeat))
        masks = (builder.or_(ends, stops), stops, beyond(FIRST_DIGIT, DIGITS), blank, odd)
        return context.make_tuple(builder, signature.return_type, [builder.bitcast(one, WORD) for one in masks])

    return types.UniTuple(types.uint64, 5)(raw, place, element, terminator, component, repetition), generate
