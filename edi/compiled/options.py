"""How the kernels are compiled, and the names of the types in their signatures.

`_nrt=False` turns numba's reference counting off: with it every array handed to a function costs two atomic
operations. The price is that a kernel allocates nothing. What is left out of numba's usual work (rewriting of array
expressions, ways in from C and Python) makes compiling a fifth faster. Signatures are written out, because every mix
of int32, int64 and literal arguments would be compiled as a function of its own.

Only kernels that Python calls are kept on disk; they hold the code of all that they call. So the next start loads a
handful of functions instead of a hundred. Kernel modules are imported by `edi.compiled.kernel_cache.load`, which
decides where their machine code is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from numba import boolean, int16, int32, int64, njit, types, uint8, uint16, uint32, uint64, void

from edi.compiled.compiler import HelperCompiler, KeptCode, KernelCompiler

SHARED = {"nogil": True, "_nrt": False, "no_rewrites": True, "no_cfunc_wrapper": True}
ONLY_FOR_KERNELS = {"no_cpython_wrapper": True, "pipeline_class": HelperCompiler}


def compiled(signature: object) -> Callable[[Callable[..., object]], Any]:
    """Make a kernel that Python calls: compiled when it is imported, and kept on disk."""

    def decorate(function: Callable[..., object]) -> Any:  # noqa: ANN401 - numba is untyped
        dispatcher = njit(**SHARED, pipeline_class=KernelCompiler)(function)
        dispatcher._cache = KeptCode(function)  # noqa: SLF001 - as numba's enable_caching does, with its own
        dispatcher.compile(signature)
        dispatcher.disable_compile()
        return dispatcher

    return decorate


def _when_used(signature: object, *, forceinline: bool) -> Callable[[Callable[..., object]], Any]:
    """Compile a function with this signature when the first kernel that uses it is compiled; it is kept within that."""

    def decorate(function: Callable[..., object]) -> Any:  # noqa: ANN401 - numba is untyped
        dispatcher = njit(**SHARED, **ONLY_FOR_KERNELS, forceinline=forceinline)(function)
        template = dispatcher.get_call_template

        def compile_first(arguments: object, keywords: object) -> object:
            dispatcher.get_call_template = template
            dispatcher.compile(signature)
            dispatcher.disable_compile()
            return template(arguments, keywords)

        dispatcher.get_call_template = compile_first
        return dispatcher

    return decorate


helper = partial(_when_used, forceinline=False)
"""One that only other kernels call."""
inlined = partial(_when_used, forceinline=True)
"""One that becomes a part of its callers: an array costs seven numbers each time it is handed on."""

INT, KEY, BOOL, NONE = int64, uint64, boolean, void
BYTES, CLASSES = uint8[::1], uint16[::1]
INTS, KEYS, COUNTS, STARTS = int64[::1], uint64[::1], int32[::1], uint32[::1]
TABLE, LONG_TABLE, KEY_TABLE = int32[:, ::1], int64[:, ::1], uint64[:, ::1]
SHORT_TABLE = int16[:, ::1]
PAIR = types.Tuple((int64, int64))
