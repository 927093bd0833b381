"""One, two or four input rows against six output rows, sixteen numbers at a time (LLVM vectors).

    score_tile    scores = X Bᵀ
    error_tile    E = rate · weight · (label - sigmoid(scores))
    update_tile   X += E B,  B += Eᵀ X   (both with the old values)

are all the arithmetic of training by prediction. Each number of a row is loaded once and used for
all its pairs (Ji, Satish, Li & Dubey, "Parallelizing Word2Vec in Shared and Distributed Memory",
2016).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils

from explorer.machine_kernels import INDEX, LANES, loop, machine_code
from explorer.training.row_kernels import (
    VECTOR,
    Row,
    call,
    constant,
    everywhere,
    multiply_add,
    shuffled,
    vector_at,
)

OUTPUTS = 6  # output rows a tile: a word and five negatives
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
            builder.fadd(shuffled(builder, a, b, low), shuffled(builder, a, b, high))
            for a, b in zip(vectors[::2], vectors[1::2], strict=True)
        ]
        width = half
    return vectors[0]


def _arguments(context: Any, builder: Any, signature: Any, values: Any, inputs: int) -> Any:
    """(rows of X, rows of B, row length, address of the inputs x 6 numbers)"""
    X, B, numbers = (
        context.make_array(signature.args[at])(context, builder, values[at]) for at in (0, 2, 4)
    )
    rows = cgutils.unpack_tuple(builder, values[1], inputs)
    input_rows = [Row(builder, X, row) for row in rows]
    first = values[3]
    output_rows = [
        Row(builder, B, builder.add(first, ir.Constant(INDEX, k))) for k in range(OUTPUTS)
    ]
    return input_rows, output_rows, builder.extract_value(X.shape, 1), numbers.data


@machine_code
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
        with loop(builder, length) as (at, _):
            x = [row.load(at) for row in X]
            for k in range(OUTPUTS):
                b = B[k].load(at)
                for i in range(inputs):
                    total = sums[i * OUTPUTS + k]
                    builder.store(multiply_add(builder, x[i], b, builder.load(total)), total)
        for p in range(0, inputs, 2):
            pair = sums[p * OUTPUTS : (p + 2) * OUTPUTS]
            totals = _sums(builder, [builder.load(total) for total in pair])
            place = builder.gep(out, [ir.Constant(INDEX, p // 2 * LANES)])
            builder.store(totals, vector_at(builder, place), align=4)
        return context.get_dummy_value()

    return signature, code


@machine_code
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
        place = Row(builder, arrays[0], values[1])
        score = place.load(zero)
        weights, labels = (Row(builder, array, values[4]) for array in arrays[1:])
        size = call(builder, "fabs", score)
        wrong = builder.fcmp_unordered(">", size, constant(SCORE_BOUND))
        half = builder.fmul(score, constant(0.5))
        x = call(builder, "minnum", half, constant(TANH_BOUND))
        x = call(builder, "maxnum", x, constant(-TANH_BOUND))
        square = builder.fmul(x, x)
        over, under = (
            _polynomial(builder, square, parts) for parts in (TANH_NUMERATOR, TANH_DENOMINATOR)
        )
        tanh = builder.fdiv(builder.fmul(x, over), under)
        sigmoid = multiply_add(builder, tanh, constant(0.5), constant(0.5))
        error = builder.fmul(weights.load(zero), builder.fsub(labels.load(zero), sigmoid))
        place.store(zero, builder.fmul(error, everywhere(builder, values[5])))
        bits = builder.bitcast(wrong, ir.IntType(LANES))
        return builder.icmp_unsigned("!=", bits, ir.Constant(ir.IntType(LANES), 0))

    return signature, code


def _polynomial(builder: Any, x: Any, parts: tuple[float, ...]) -> Any:
    """parts[0] xⁿ + … + parts[n], by Horner's rule."""
    value = constant(parts[0])
    for part in parts[1:]:
        value = multiply_add(builder, value, x, constant(part))
    return value


@machine_code
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
        e = [everywhere(builder, builder.load(place)) for place in places]
        zero = ir.Constant(VECTOR, [0.0] * LANES)
        with loop(builder, length) as (at, _):
            x = [row.load(at) for row in X]
            steps = [zero] * inputs
            for k in range(OUTPUTS):
                b = B[k].load(at)
                new = b
                for i in range(inputs):
                    error = e[i * OUTPUTS + k]
                    steps[i] = multiply_add(builder, error, b, steps[i])
                    new = multiply_add(builder, error, x[i], new)
                B[k].store(at, new)
            for i in range(inputs):
                X[i].store(at, builder.fadd(X[i].load(at), steps[i]))
        return context.get_dummy_value()

    return signature, code
