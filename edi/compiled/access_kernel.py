"""Ways to the numbers of an array that cost one instruction.

numba looks at every signed place for being negative, and asks an array how wide its rows are. Here the width is known
when a kernel is compiled, and the place is trusted; only with NUMBA_BOUNDSCHECK it must be one of the array. All
numbers come as 64 bits.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils, config
from numba.extending import intrinsic

from edi.compiled import extraction_layout as x
from edi.compiled.batch import RECORD_FIELDS


@intrinsic
def get(_context: Any, array: Any, place: Any) -> Any:
    """The number at that place."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        at = _place(context, builder, signature, arguments)
        return context.cast(builder, builder.load(at), signature.args[0].dtype, types.int64)

    return types.int64(array, place), generate


@intrinsic
def put(_context: Any, array: Any, place: Any, value: Any) -> Any:
    """Write a number to that place, as many bits of it as fit."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _store(context, builder, signature, arguments, _place(context, builder, signature, arguments))
        return context.get_dummy_value()

    return types.void(array, place, value), generate


@intrinsic
def expect(_context: Any, array: Any, place: Any) -> Any:
    """The place will be written to soon: the memory is fetched meanwhile; it need not be one of the array."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        byte = ir.IntType(8).as_pointer()
        at = builder.bitcast(_place(context, builder, signature, arguments, checked=False), byte)
        number = ir.IntType(32)
        fetch = builder.module.declare_intrinsic(
            "llvm.prefetch", (byte,), ir.FunctionType(ir.VoidType(), (byte, number, number, number))
        )
        builder.call(fetch, (at, number(1), number(3), number(1)))
        return context.get_dummy_value()

    return types.void(array, place), generate


def _fields(width: int) -> tuple[Any, Any]:
    """Ways to read and to write a field of a row of an array of this width."""

    @intrinsic
    def get_field(_context: Any, array: Any, row: Any, field: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            at = _place(context, builder, signature, arguments, width)
            return context.cast(builder, builder.load(at), signature.args[0].dtype, types.int64)

        return types.int64(array, row, field), generate

    @intrinsic
    def put_field(_context: Any, array: Any, row: Any, field: Any, value: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            _store(context, builder, signature, arguments, _place(context, builder, signature, arguments, width))
            return context.get_dummy_value()

        return types.void(array, row, field, value), generate

    return get_field, put_field


def _place(context: Any, builder: Any, signature: Any, arguments: Any, width: int = 0, *, checked: bool = True) -> Any:
    """Where the number lies; with a width, a row and a field are given."""
    array = context.make_array(signature.args[0])(context, builder, arguments[0])
    numbers = [
        context.cast(builder, argument, kind, types.int64)
        for argument, kind in zip(arguments[1:3], signature.args[1:3], strict=True)
    ]
    place = numbers[0]
    if width:
        place = builder.add(builder.mul(place, ir.Constant(ir.IntType(64), width)), numbers[1])
    if checked and config.BOUNDSCHECK:
        cgutils.do_boundscheck(context, builder, place, array.nitems)
    return builder.gep(array.data, [place])


def _store(context: Any, builder: Any, signature: Any, arguments: Any, place: Any) -> None:
    value = context.cast(builder, arguments[-1], signature.args[-1], signature.args[0].dtype)
    builder.store(value, place)


get_record, _ = _fields(RECORD_FIELDS)
get_place, _ = _fields(x.PLACE_FIELDS)
get_group, _ = _fields(x.GROUP_FIELDS)
get_reading, _ = _fields(x.READING_FIELDS)
get_anchor, _ = _fields(x.ANCHOR_FIELDS)
get_copy, _ = _fields(x.COPY_FIELDS)
get_fixed, _ = _fields(x.FIXED_FIELDS)
get_table, put_table = _fields(x.TABLE_FIELDS)
get_column, put_column = _fields(x.LAYOUT_FIELDS)
get_open, put_open = _fields(x.STACK_FIELDS)
