"""What kernels need that is written in the processor's terms (LLVM): prefetching, vector loops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

LANES = 16  # float32 numbers in one vector, and in a line of the cache
INDEX, NUMBER, ADDRESS = ir.IntType(64), ir.IntType(32), ir.IntType(8).as_pointer()


def machine_code(build: Callable[..., Any]) -> Any:
    """numba.extending.intrinsic: `build` gives a function's types, and what writes its code."""
    return intrinsic(build)


@machine_code
def prefetch_row(typing: Any, matrix: Any, row: Any) -> Any:
    """Ask for a row of a C-contiguous float32 matrix that is soon to be needed."""
    return _prefetch(matrix, nearness=3)


@machine_code
def prefetch_row_far(typing: Any, matrix: Any, row: Any) -> Any:
    """The same for many rows at once: into the second cache, whose queue is longer."""
    return _prefetch(matrix, nearness=2)


@machine_code
def prefetch_to_write(typing: Any, address: Any) -> Any:
    """Ask for the line of the cache at an address that is soon to be written."""

    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        _ask_for(builder, builder.inttoptr(values[0], ADDRESS), write=1, nearness=3)
        return context.get_dummy_value()

    return types.void(address), code


def loop(builder: Any, length: Any) -> Any:
    """0, LANES, 2 LANES, … below a length."""
    return cgutils.for_range_slice(
        builder, ir.Constant(INDEX, 0), length, ir.Constant(INDEX, LANES), inc=True
    )


def _prefetch(matrix: Any, nearness: int) -> Any:
    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, values[0])
        length = builder.extract_value(array.shape, 1)
        first = builder.gep(array.data, [builder.mul(values[1], length)])
        with loop(builder, length) as (at, _):
            line = builder.bitcast(builder.gep(first, [at]), ADDRESS)
            _ask_for(builder, line, write=0, nearness=nearness)
        return context.get_dummy_value()

    return types.void(matrix, types.int64), code


def _ask_for(builder: Any, pointer: Any, *, write: int, nearness: int) -> None:
    kind = ir.FunctionType(ir.VoidType(), [ADDRESS, NUMBER, NUMBER, NUMBER])
    function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
    how = [ir.Constant(NUMBER, value) for value in (write, nearness, 1)]  # 1: data
    builder.call(function, [pointer, *how])
