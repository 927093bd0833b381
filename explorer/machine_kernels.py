"""Functions for kernels that are written in the processor's terms (LLVM), and one: prefetching."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

LINE = 16  # float32 numbers in a line of the cache


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


def _prefetch(matrix: Any, nearness: int) -> Any:
    index = ir.IntType(64)

    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, values[0])
        length = builder.extract_value(array.shape, 1)
        first = builder.gep(array.data, [builder.mul(values[1], length)])
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        how = [ir.Constant(number, value) for value in (0, nearness, 1)]  # to read, data
        zero, line = ir.Constant(index, 0), ir.Constant(index, LINE)
        with cgutils.for_range_slice(builder, zero, length, line, inc=True) as (at, _):
            builder.call(function, [builder.bitcast(builder.gep(first, [at]), byte), *how])
        return context.get_dummy_value()

    return types.void(matrix, types.int64), code
