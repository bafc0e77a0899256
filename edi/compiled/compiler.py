"""numba's compiler as the kernels use it: what numba does for each function, done once for each kernel.

numba takes every function to machine code and optimises it together with all that it calls, again and again on the way
up to the kernel that Python calls. Here a helper is optimised on its own, and becomes machine code within the kernels
alone. Questions about types that are asked thousands of times are answered from memory. What goes in and comes out is
the same, so this knows numba's inner parts; its version is pinned.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Event
from typing import Any, ClassVar

from llvmlite import binding as llvm
from llvmlite import ir
from numba import _dynfunc
from numba.core import types
from numba.core.caching import FunctionCache
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler, Flags, _LowerResult
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.typed_passes import NativeLowering
from numba.core.untyped_passes import InlineClosureLikes

PYTHON_IS_FREE = Event()
"""Set while LLVM works on a large kernel: for a second, other threads can run Python and hold nobody up."""
LARGE = 40
"""Helpers and kernels that a large kernel calls at least."""


class HelperCode(JITCodeLibrary):
    """Code of a helper, which other code takes in; nobody calls it from Python."""

    is_inlined = False
    """Does it become a part of its callers?"""

    def finalize(self) -> None:
        """Optimise it: with all that it calls where it is inlined, for such are short, else alone."""
        self._raise_if_finalized()
        if self.is_inlined:
            _take_in(self, dict.fromkeys(self._linking_libraries))
            self._optimize_final_module()
        else:
            _optimise(self)
        self._finalized = True

    def _get_module_for_linking(self) -> llvm.ModuleRef:
        self._ensure_finalized()
        return _shareable(self._final_module)


class KernelCode(JITCodeLibrary):
    """Code of a kernel with all that it calls."""

    def finalize(self) -> None:
        """Take in what is called, directly or not, optimise it all at once and make machine code of it.

        Raises:
            RuntimeError: a kernel is called whose machine code was read from disk; it cannot be taken in.
        """
        self._raise_if_finalized()
        called = _all_called(self)
        _take_in(self, called)
        try:
            if len(called) >= LARGE:
                PYTHON_IS_FREE.set()
                _optimise(self)
            else:
                self._optimize_final_module()
            self._final_module.verify()
            self._finalize_final_module()
        finally:
            PYTHON_IS_FREE.clear()

    def serialize_using_object_code(self) -> tuple[str, str, tuple[bytes, bytes]]:
        """What is kept on disk: the machine code and the names in it, for numba looks them up there.

        numba would keep the code before it became machine code too, and read it at each start.
        """
        names = ir.Module()
        for function in self._final_module.functions:
            if not function.is_declaration:
                ir.GlobalVariable(names, ir.IntType(8), function.name).initializer = ir.IntType(8)(0)
        return self.name, "object", (self._get_compiled_object(), llvm.parse_assembly(str(names)).as_bitcode())


def _take_in(library: JITCodeLibrary, called: Iterable[JITCodeLibrary]) -> None:
    for one in called:
        if one._disable_inspection:  # noqa: SLF001 - as this file says
            raise RuntimeError(f"{library.name} calls {one.name}, which belongs to kernels that are kept apart")
        library._final_module.link_in(one._get_module_for_linking(), preserve=True)  # noqa: SLF001 - as above


def _optimise(library: JITCodeLibrary) -> None:
    """In one round; numba makes two, which small kernels gain by and a large one does not."""
    passes, builder = library.codegen._module_pass_manager()  # noqa: SLF001 - as this file says
    passes.run(library._final_module, builder)  # noqa: SLF001 - as above


def _shareable(module: llvm.ModuleRef) -> llvm.ModuleRef:
    """The same code, which several kernels may hold, each for itself."""
    for function in module.functions:
        if not function.is_declaration and function.linkage == llvm.Linkage.external:
            function.linkage = "linkonce_odr"
    return module


def _all_called(library: JITCodeLibrary) -> Sequence[JITCodeLibrary]:
    """The code that this code calls and that which that calls; numba's own brings along what it calls."""
    called: dict[JITCodeLibrary, None] = {}
    waiting = list(library._linking_libraries)  # noqa: SLF001 - as this file says
    while waiting:
        one = waiting.pop(0)
        if one not in called:
            called[one] = None
            if isinstance(one, HelperCode):
                waiting.extend(one._linking_libraries)  # noqa: SLF001 - as this file says
    return list(called)


@register_pass(mutates_CFG=True, analysis_only=False)
class LowerKernel(NativeLowering):
    """Turns a kernel into code."""

    _name = "lower_kernel"

    def run_pass(self, state: Any) -> bool:  # noqa: ANN401 - numba is untyped
        """As numba does, but into a code library of ours."""
        state.library = KernelCode(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        super().run_pass(state)
        return True


@register_pass(mutates_CFG=True, analysis_only=False)
class LowerHelper(NativeLowering):
    """Turns a helper into code that kernels take in."""

    _name = "lower_helper"

    def run_pass(self, state: Any) -> bool:  # noqa: ANN401 - as above
        """As numba does, without machine code; what Python would call stands for it."""
        state.library = HelperCode(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.is_inlined = bool(state.flags.forceinline)
        state.flags.no_compile = True
        super().run_pass(state)
        lowered = state.cr
        description, library = lowered.fndesc, state.library
        stand_in = _dynfunc.make_function(
            description.lookup_module(), description.qualname, "", 0, lowered.env, (library,)
        )
        state.targetctx.insert_user_function(stand_in, description, [library])
        state.cr = _LowerResult(description, lowered.call_helper, cfunc=stand_in, env=lowered.env)
        return True


class KeptCode(FunctionCache):
    """A kernel's machine code on disk."""

    def load_overload(self, signature: object, context: Any) -> Any:  # noqa: ANN401 - as above
        """The machine code, if it is kept; numba would first load all that it knows of types, to compile with."""
        return self._load_overload(signature, context)


class KernelFlags(Flags):
    """Options of a compilation that are compared as they were set; numba asks for all the others first."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Were the same options set?"""
        return isinstance(other, KernelFlags) and self._values == other._values

    def __hash__(self) -> int:
        """By the names alone: there are two or three of these."""
        return hash(frozenset(self._values))


class RememberedTypes:
    """numba's knowledge of types, which is asked once what a function makes of such arguments."""

    _known: ClassVar[dict[object, object]] = {}

    def __init__(self, context: Any) -> None:  # noqa: ANN401 - as above
        self._context = context

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as above
        return getattr(self._context, name)

    def resolve_function_type(self, function: object, arguments: Sequence[object], named: Any) -> object:  # noqa: ANN401 - as above
        """The signature of a call; kernels and helpers are not remembered, for they have one."""
        if named or isinstance(function, types.Dispatcher):
            return self._context.resolve_function_type(function, arguments, named)
        call = function, tuple(arguments)
        found = self._known.get(call)
        if found is None:
            found = self._known[call] = self._context.resolve_function_type(function, arguments, named)
        return found

    def resolve_setitem(self, target: object, index: object, value: object) -> object:
        """The signature of an assignment to a place in an array."""
        call = "setitem", target, index, value
        found = self._known.get(call)
        if found is None:
            found = self._known[call] = self._context.resolve_setitem(target, index, value)
        return found


class KernelCompiler(Compiler):
    """Compiles a function that Python calls."""

    lowering: type[NativeLowering] = LowerKernel

    def define_pipelines(self) -> list[PassManager]:
        """Give numba's steps without its search for functions within functions, and with our own for its last."""
        self.state.flags = KernelFlags(self.state.flags)
        self.state.typingctx = RememberedTypes(self.state.typingctx)
        pipelines: list[PassManager] = super().define_pipelines()
        for pipeline in pipelines:
            pipeline.passes = [
                (self.lowering if step is NativeLowering else step, name)
                for step, name in pipeline.passes
                if step is not InlineClosureLikes
            ]
            pipeline._finalized = False  # noqa: SLF001 - as this file says
            pipeline.finalize()
        return pipelines


class HelperCompiler(KernelCompiler):
    """Compiles a function that only kernels and other helpers call."""

    lowering = LowerHelper
