"""Rows of a float32 matrix, sixteen numbers at a time (LLVM vectors): copied, added, averaged.

The row length is a multiple of sixteen and not known when a kernel is compiled. Numba vectorises
plain loops only where it is; so the vectors are spelled out.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils

from explorer.machine_kernels import INDEX, LANES, loop, machine_code

FLOAT = ir.FloatType()
VECTOR = ir.VectorType(FLOAT, LANES)


class Row:
    """A row of a C-contiguous float32 matrix, as the address of its first number."""

    def __init__(self, builder: Any, matrix: Any, row: Any) -> None:
        width = builder.extract_value(matrix.shape, 1)
        self._builder = builder
        self._first = builder.gep(matrix.data, [builder.mul(row, width)])

    def _address(self, at: Any) -> Any:
        return vector_at(self._builder, self._builder.gep(self._first, [at]))

    def load(self, at: Any) -> Any:
        return self._builder.load(self._address(at), align=4)

    def store(self, at: Any, value: Any) -> None:
        self._builder.store(value, self._address(at), align=4)


def multiply_add(builder: Any, a: Any, b: Any, c: Any) -> Any:
    """a b + c, rounded once."""
    return call(builder, "fma", a, b, c)


def constant(number: float) -> Any:
    return ir.Constant(VECTOR, [number] * LANES)


def call(builder: Any, name: str, *vectors: Any) -> Any:
    kind = ir.FunctionType(VECTOR, [VECTOR] * len(vectors))
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.v{LANES}f32")
    return builder.call(function, vectors)


def shuffled(builder: Any, a: Any, b: Any, order: list[int]) -> Any:
    """The lanes of a and b, numbered 0 to 31, in another order."""
    mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), order)
    return builder.shuffle_vector(a, b, mask)


def everywhere(builder: Any, number: Any) -> Any:
    """A vector with the same number in all lanes."""
    zero = ir.Constant(ir.IntType(32), 0)
    first = builder.insert_element(ir.Constant(VECTOR, ir.Undefined), number, zero)
    return shuffled(builder, first, ir.Constant(VECTOR, ir.Undefined), [0] * LANES)


def vector_at(builder: Any, address: Any) -> Any:
    return builder.bitcast(address, ir.PointerType(VECTOR))


@machine_code
def copy_row(typing: Any, target: Any, at: Any, source: Any, row: Any) -> Any:
    """target[at] = source[row]"""
    return _row_operation(target, source, lambda builder, old, new, factor: new)


@machine_code
def add_row(typing: Any, target: Any, at: Any, source: Any, row: Any, factor: Any) -> Any:
    """target[at] += factor source[row]"""

    def sum_of(builder: Any, old: Any, new: Any, factor: Any) -> Any:
        return multiply_add(builder, new, factor, old)

    return _row_operation(target, source, sum_of, types.float32)


def _row_operation(target: Any, source: Any, combine: Any, *factor: Any) -> Any:
    """target[at] = combine(target[at], source[row], factor), sixteen numbers at a time."""
    signature = types.void(target, types.int64, source, types.int64, *factor)

    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        target, source = (
            context.make_array(signature.args[at])(context, builder, values[at]) for at in (0, 2)
        )
        to, of = Row(builder, target, values[1]), Row(builder, source, values[3])
        number = everywhere(builder, values[4]) if factor else None
        with loop(builder, builder.extract_value(target.shape, 1)) as (at, _):
            to.store(at, combine(builder, to.load(at), of.load(at), number))
        return context.get_dummy_value()

    return signature, code


@machine_code
def mean_row(typing: Any, target: Any, at: Any, source: Any, rows: Any, count: Any) -> Any:
    """target[at] = the mean of source[rows[j]] for j below count, at least 1 (rows: int32)"""
    signature = types.void(target, types.int64, source, rows, types.int64)

    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        target, source, rows = (
            context.make_array(signature.args[at])(context, builder, values[at]) for at in (0, 2, 3)
        )
        to, count = Row(builder, target, values[1]), values[4]
        part = builder.fdiv(ir.Constant(FLOAT, 1.0), builder.sitofp(count, FLOAT))
        factor = everywhere(builder, part)
        total = cgutils.alloca_once(builder, VECTOR)
        with loop(builder, builder.extract_value(target.shape, 1)) as (at, _):
            builder.store(constant(0.0), total)
            with cgutils.for_range(builder, count) as turn:
                row = builder.sext(builder.load(builder.gep(rows.data, [turn.index])), INDEX)
                number = Row(builder, source, row).load(at)
                builder.store(builder.fadd(builder.load(total), number), total)
            to.store(at, builder.fmul(builder.load(total), factor))
        return context.get_dummy_value()

    return signature, code
