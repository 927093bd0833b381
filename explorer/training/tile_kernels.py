"""One, two or four input rows against six output rows, sixteen numbers at a time (LLVM vectors).

    score_tile    scores = X Bᵀ
    error_tile    E = rate · weight · (label - sigmoid(scores))
    update_tile   X += E B,  B += Eᵀ X   (both with the old values)

are all the arithmetic of training by prediction. Written as plain loops, Numba vectorises them only
where the row length is known when it compiles, so every number of dimensions would be compiled
anew. Here the vectors are spelled out: each number of a row is loaded once and used for all its
pairs (Ji, Satish, Li & Dubey, "Parallelizing Word2Vec in Shared and Distributed Memory", 2016).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

LANES = 16  # float32 numbers in one vector: rows are padded to a multiple of it
OUTPUTS = 6  # output rows a tile: a word and five negatives
FLOAT, INDEX = ir.FloatType(), ir.IntType(64)
VECTOR = ir.VectorType(FLOAT, LANES)
SCORE_BOUND = 2.0**100  # a score beyond it, or one that is no number, is divergence
TANH_BOUND = 7.90625  # beyond it tanh is 1 in float32
TANH_NUMERATOR = tuple(
    float(np.float32(part))
    for part in (
        *(-2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11),
        *(5.12229709037114e-08, 1.48572235717979e-05, 6.37261928875436e-04),
        4.89352455891786e-03,
    )
)
TANH_DENOMINATOR = tuple(
    float(np.float32(part))
    for part in (
        *(1.19825839466702e-06, 1.18534705686654e-04),
        *(2.26843463243900e-03, 4.89352518554385e-03),
    )
)


def _machine_code(build: Callable[..., Any]) -> Any:
    return intrinsic(build)


class _Row:
    """A row of a C-contiguous float32 matrix, as the address of its first number."""

    def __init__(self, builder: Any, matrix: Any, row: Any) -> None:
        width = builder.extract_value(matrix.shape, 1)
        self._builder = builder
        self._first = builder.gep(matrix.data, [builder.mul(row, width)])

    def _address(self, at: Any) -> Any:
        return _vector_at(self._builder, self._builder.gep(self._first, [at]))

    def load(self, at: Any) -> Any:
        return self._builder.load(self._address(at), align=4)

    def store(self, at: Any, value: Any) -> None:
        self._builder.store(value, self._address(at), align=4)


def _multiply_add(builder: Any, a: Any, b: Any, c: Any) -> Any:
    """a b + c, rounded once."""
    return _call(builder, "fma", a, b, c)


def _sums(builder: Any, vectors: list[Any]) -> Any:
    """A vector whose lane i is the sum over the lanes of vectors[i], for up to 16 of them.

    Two vectors become one of half sums, again and again: 16 vectors take 15 additions.
    """
    vectors = vectors + [ir.Constant(VECTOR, [0.0] * LANES)] * (LANES - len(vectors))
    width = LANES  # lanes that are still to be added up for each of the sums
    while len(vectors) > 1:
        half = width // 2
        low = [at for at in range(2 * LANES) if at % width < half]
        high = [at + half for at in low]
        vectors = [
            builder.fadd(_shuffled(builder, a, b, low), _shuffled(builder, a, b, high))
            for a, b in zip(vectors[::2], vectors[1::2], strict=True)
        ]
        width = half
    return vectors[0]


def _shuffled(builder: Any, a: Any, b: Any, order: list[int]) -> Any:
    """The lanes of a and b, numbered 0 to 31, in another order."""
    mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), order)
    return builder.shuffle_vector(a, b, mask)


def _everywhere(builder: Any, number: Any) -> Any:
    """A vector with the same number in all lanes."""
    zero = ir.Constant(ir.IntType(32), 0)
    first = builder.insert_element(ir.Constant(VECTOR, ir.Undefined), number, zero)
    return _shuffled(builder, first, ir.Constant(VECTOR, ir.Undefined), [0] * LANES)


def _vector_at(builder: Any, address: Any) -> Any:
    return builder.bitcast(address, ir.PointerType(VECTOR))


def _arguments(context: Any, builder: Any, signature: Any, values: Any, inputs: int) -> Any:
    """(rows of X, rows of B, row length, address of the inputs x 6 numbers)"""
    X, B, numbers = (
        context.make_array(signature.args[at])(context, builder, values[at]) for at in (0, 2, 4)
    )
    rows = cgutils.unpack_tuple(builder, values[1], inputs)
    input_rows = [_Row(builder, X, row) for row in rows]
    first = values[3]
    output_rows = [
        _Row(builder, B, builder.add(first, ir.Constant(INDEX, k))) for k in range(OUTPUTS)
    ]
    return input_rows, output_rows, builder.extract_value(X.shape, 1), numbers.data


def _loop(builder: Any, length: Any) -> Any:
    return cgutils.for_range_slice(
        builder, ir.Constant(INDEX, 0), length, ir.Constant(INDEX, LANES), inc=True
    )


@_machine_code
def score_tile(typing: Any, X: Any, rows: Any, B: Any, first: Any, scores: Any) -> Any:
    """X[rows[i]] · B[first + k] for one, two or four `rows` and k from 0 to 5.

    scores : (2, 16); number k of row i is scores[i // 2, 6 (i % 2) + k]
    """
    inputs = len(rows)
    signature = types.void(X, types.UniTuple(types.int64, inputs), B, types.int64, scores)

    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        X, B, length, out = _arguments(context, builder, signature, values, inputs)
        zero = ir.Constant(VECTOR, [0.0] * LANES)
        sums = [cgutils.alloca_once_value(builder, zero) for _ in range(inputs * OUTPUTS)]
        with _loop(builder, length) as (at, _):
            x = [row.load(at) for row in X]
            for k in range(OUTPUTS):
                b = B[k].load(at)
                for i in range(inputs):
                    total = sums[i * OUTPUTS + k]
                    builder.store(_multiply_add(builder, x[i], b, builder.load(total)), total)
        for p in range(0, inputs, 2):
            pair = sums[p * OUTPUTS : (p + 2) * OUTPUTS]
            totals = _sums(builder, [builder.load(total) for total in pair])
            place = builder.gep(out, [ir.Constant(INDEX, p // 2 * LANES)])
            builder.store(totals, _vector_at(builder, place), align=4)
        return context.get_dummy_value()

    return signature, code


@_machine_code
def error_tile(
    typing: Any, scores: Any, at: Any, weight: Any, label: Any, tile: Any, rate: Any
) -> Any:
    """scores[at] -> rate · weight[tile] · (label[tile] - sigmoid(scores[at])), sixteen in place.

    True where a score is beyond SCORE_BOUND or no number. The sigmoid is (1 + tanh(x / 2)) / 2,
    with Eigen's rational function for tanh: within 2e-7 of it, and never an overflow.
    """
    signature = types.boolean(scores, types.int64, weight, label, types.int64, types.float32)

    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        arrays = [
            context.make_array(signature.args[at])(context, builder, values[at]) for at in (0, 2, 3)
        ]
        zero = ir.Constant(INDEX, 0)
        place = _Row(builder, arrays[0], values[1])
        score = place.load(zero)
        weights, labels = (_Row(builder, array, values[4]) for array in arrays[1:])
        size = _call(builder, "fabs", score)
        wrong = builder.fcmp_unordered(">", size, _constant(SCORE_BOUND))
        half = builder.fmul(score, _constant(0.5))
        x = _call(builder, "minnum", half, _constant(TANH_BOUND))
        x = _call(builder, "maxnum", x, _constant(-TANH_BOUND))
        square = builder.fmul(x, x)
        over, under = (
            _polynomial(builder, square, parts) for parts in (TANH_NUMERATOR, TANH_DENOMINATOR)
        )
        tanh = builder.fdiv(builder.fmul(x, over), under)
        sigmoid = _multiply_add(builder, tanh, _constant(0.5), _constant(0.5))
        error = builder.fmul(weights.load(zero), builder.fsub(labels.load(zero), sigmoid))
        place.store(zero, builder.fmul(error, _everywhere(builder, values[5])))
        bits = builder.bitcast(wrong, ir.IntType(LANES))
        return builder.icmp_unsigned("!=", bits, ir.Constant(ir.IntType(LANES), 0))

    return signature, code


def _constant(number: float) -> Any:
    return ir.Constant(VECTOR, [number] * LANES)


def _call(builder: Any, name: str, *vectors: Any) -> Any:
    kind = ir.FunctionType(VECTOR, [VECTOR] * len(vectors))
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.v{LANES}f32")
    return builder.call(function, vectors)


def _polynomial(builder: Any, x: Any, parts: tuple[float, ...]) -> Any:
    """parts[0] xⁿ + … + parts[n], by Horner's rule."""
    value = _constant(parts[0])
    for part in parts[1:]:
        value = _multiply_add(builder, value, x, _constant(part))
    return value


@_machine_code
def update_tile(typing: Any, X: Any, rows: Any, B: Any, first: Any, errors: Any) -> Any:
    """X[rows[i]] += Σ e[i, k] B[first + k]; B[first + k] += Σ e[i, k] X[rows[i]].

    errors : (2, 16), each e[i, k] where `score_tile` has the score
    The sums are over the old values; the same row twice in `rows` gets both of its sums.
    """
    inputs = len(rows)
    signature = types.void(X, types.UniTuple(types.int64, inputs), B, types.int64, errors)

    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        X, B, length, given = _arguments(context, builder, signature, values, inputs)
        places = [
            builder.gep(given, [ir.Constant(INDEX, i // 2 * LANES + i % 2 * OUTPUTS + k)])
            for i in range(inputs)
            for k in range(OUTPUTS)
        ]
        e = [_everywhere(builder, builder.load(place)) for place in places]
        zero = ir.Constant(VECTOR, [0.0] * LANES)
        with _loop(builder, length) as (at, _):
            x = [row.load(at) for row in X]
            steps = [zero] * inputs
            for k in range(OUTPUTS):
                b = B[k].load(at)
                new = b
                for i in range(inputs):
                    error = e[i * OUTPUTS + k]
                    steps[i] = _multiply_add(builder, error, b, steps[i])
                    new = _multiply_add(builder, error, x[i], new)
                B[k].store(at, new)
            for i in range(inputs):
                X[i].store(at, builder.fadd(X[i].load(at), steps[i]))
        return context.get_dummy_value()

    return signature, code


@_machine_code
def copy_row(typing: Any, target: Any, at: Any, source: Any, row: Any) -> Any:
    """target[at] = source[row]"""
    return _row_operation(target, source, lambda builder, old, new, factor: new)


@_machine_code
def add_row(typing: Any, target: Any, at: Any, source: Any, row: Any, factor: Any) -> Any:
    """target[at] += factor source[row]"""

    def sum_of(builder: Any, old: Any, new: Any, factor: Any) -> Any:
        return _multiply_add(builder, new, factor, old)

    return _row_operation(target, source, sum_of, types.float32)


def _row_operation(target: Any, source: Any, combine: Any, *factor: Any) -> Any:
    """target[at] = combine(target[at], source[row], factor), sixteen numbers at a time."""
    signature = types.void(target, types.int64, source, types.int64, *factor)

    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        target, source = (
            context.make_array(signature.args[at])(context, builder, values[at]) for at in (0, 2)
        )
        to, of = _Row(builder, target, values[1]), _Row(builder, source, values[3])
        number = _everywhere(builder, values[4]) if factor else None
        with _loop(builder, builder.extract_value(target.shape, 1)) as (at, _):
            to.store(at, combine(builder, to.load(at), of.load(at), number))
        return context.get_dummy_value()

    return signature, code


@_machine_code
def mean_row(typing: Any, target: Any, at: Any, source: Any, rows: Any, count: Any) -> Any:
    """target[at] = the mean of source[rows[j]] for j below count, at least 1 (rows: int32)"""
    signature = types.void(target, types.int64, source, rows, types.int64)

    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        target, source, rows = (
            context.make_array(signature.args[at])(context, builder, values[at]) for at in (0, 2, 3)
        )
        to, count = _Row(builder, target, values[1]), values[4]
        part = builder.fdiv(ir.Constant(FLOAT, 1.0), builder.sitofp(count, FLOAT))
        factor = _everywhere(builder, part)
        total = cgutils.alloca_once(builder, VECTOR)
        with _loop(builder, builder.extract_value(target.shape, 1)) as (at, _):
            builder.store(_constant(0.0), total)
            with cgutils.for_range(builder, count) as loop:
                row = builder.sext(builder.load(builder.gep(rows.data, [loop.index])), INDEX)
                number = _Row(builder, source, row).load(at)
                builder.store(builder.fadd(builder.load(total), number), total)
            to.store(at, builder.fmul(builder.load(total), factor))
        return context.get_dummy_value()

    return signature, code


@_machine_code
def prefetch_row(typing: Any, matrix: Any, row: Any) -> Any:
    """Ask for a row soon to be needed, a cache line of sixteen numbers at a time."""
    return _prefetch(matrix, nearness=3)


@_machine_code
def prefetch_row_far(typing: Any, matrix: Any, row: Any) -> Any:
    """The same for many rows at once: into the second cache, whose queue is longer."""
    return _prefetch(matrix, nearness=2)


def _prefetch(matrix: Any, nearness: int) -> Any:
    signature = types.void(matrix, types.int64)

    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, values[0])
        length = builder.extract_value(array.shape, 1)
        first = builder.gep(array.data, [builder.mul(values[1], length)])
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        how = [ir.Constant(number, value) for value in (0, nearness, 1)]  # to read, data
        with _loop(builder, length) as (at, _):
            builder.call(function, [builder.bitcast(builder.gep(first, [at]), byte), *how])
        return context.get_dummy_value()

    return signature, code
