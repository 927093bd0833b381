"""The 8-bit scan at the speed of memory (Numba); what it computes is told in `quantized.py`.

Codes lie in blocks of 64 rows, two dimensions of all rows together: (blocks, pairs, 64, 2). So no
row is padded and no sum runs across a register. `_inner_products` is written as plain vector code
that LLVM turns into the processor's own 8-and-16-bit instructions (vpdpwssd, vpmaddwd, smlal).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numpy.typing import NDArray

from explorer.kernel_cache import njit
from explorer.machine_kernels import machine_code
from explorer.neighbors.gathered_kernels import ANY_ORDER, Floats, Rows, take

BLOCK = 64  # rows
ROUNDING = np.float32(2.0**-20)  # of the float32 sums below, relative to their terms
Ranking = tuple[Floats, Floats, Floats, Floats]  # factor, offset, pull, width


@machine_code
def _inner_products(typing: Any, codes: Any, at: Any, query: Any, pairs: Any, sums: Any) -> Any:
    """sums[r] = sum over p of codes[at][p, r, 0] query[p, 0] + codes[at][p, r, 1] query[p, 1].

    codes int8, query int16, sums (64,) int32; `at` is the place of the block's first byte.
    """
    byte, half, word, long = (ir.IntType(bits) for bits in (8, 16, 32, 64))
    bytes32, halves32, words32 = (ir.VectorType(kind, 32) for kind in (byte, half, word))
    words16 = ir.VectorType(word, 16)

    def constant(numbers: list[int]) -> Any:
        return ir.Constant(ir.VectorType(word, len(numbers)), numbers)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        of = signature.args
        codes = context.make_array(of[0])(context, builder, arguments[0]).data
        query = context.make_array(of[2])(context, builder, arguments[2]).data
        sums = context.make_array(of[4])(context, builder, arguments[4]).data
        block = builder.gep(codes, [arguments[1]])
        query = builder.bitcast(query, word.as_pointer())  # a pair of int16 at a time
        held = [cgutils.alloca_once_value(builder, constant([0] * 16)) for _ in range(4)]
        none, nothing = ir.Constant(words16, ir.Undefined), ir.Constant(words32, ir.Undefined)
        with cgutils.for_range(builder, arguments[3], intp=long) as loop:
            pair = builder.load(builder.gep(query, [loop.index]), align=2)
            pair = builder.insert_element(none, pair, ir.Constant(word, 0))
            pair = builder.bitcast(builder.shuffle_vector(pair, none, constant([0] * 16)), halves32)
            pair = builder.sext(pair, words32)  # q0 q1 q0 q1 ...
            start = builder.mul(loop.index, ir.Constant(long, 2 * BLOCK))
            for quarter in range(4):  # 16 rows each
                place = builder.add(start, ir.Constant(long, 32 * quarter))
                place = builder.bitcast(builder.gep(block, [place]), bytes32.as_pointer())
                rows = builder.sext(builder.load(place, align=1), words32)
                products = builder.mul(rows, pair)
                even = builder.shuffle_vector(products, nothing, constant(list(range(0, 32, 2))))
                odd = builder.shuffle_vector(products, nothing, constant(list(range(1, 32, 2))))
                total = builder.add(builder.load(held[quarter]), builder.add(even, odd))
                builder.store(total, held[quarter])
        for quarter in range(4):
            place = builder.gep(sums, [ir.Constant(long, 16 * quarter)])
            place = builder.bitcast(place, words16.as_pointer())
            builder.store(builder.load(held[quarter]), place, align=4)
        return context.get_dummy_value()

    return types.void(codes, types.int64, query, types.int64, sums), build


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def scan(
    codes: NDArray[np.int8],
    first: int,
    last: int,
    query: NDArray[np.int16],
    ranking: Ranking,
    aim: Floats,
    n: int,
    allowed: NDArray[np.bool_],
    hidden: Rows,
    at: int,
    lows: Floats,
    rows: Rows,
    highs: Floats,
    counts: Rows,
) -> None:
    """Pass over the blocks first … last - 1; gather the rows that may be among the k best.

    ranking : factor, offset, pull, width, one number a row, to the end of the last block; empty for
        zeros
    aim : step, reach, weight, loose, slack; what they mean is told in `ends`
    n, allowed, hidden : which rows may be found, see `take`
    at : which of the results below is filled
    lows : (m, k) the largest values that scores are sure to reach, falling; at first -inf
    rows, highs : (m, capacity) the gathered rows and what their scores reach at most
    counts : (m,) how many were gathered, at first 0; -1 when they are too many
    """
    factor, offset, pull, width = ranking
    step, reach, weight, loose, slack = aim
    pairs = codes.shape[1]
    flat = codes.reshape(-1)
    sums = np.empty(BLOCK, np.int32)
    high, low = np.empty(BLOCK, np.float32), np.empty(BLOCK, np.float32)
    zeros = np.zeros(BLOCK, np.float32)
    for block in range(first, last):
        _inner_products(flat, np.int64(block) * pairs * 2 * BLOCK, query, pairs, sums)
        start = block * BLOCK
        end = start + BLOCK
        factors, widths = factor[start:end], width[start:end]
        offsets = offset[start:end] if len(offset) else zeros
        pulls = pull[start:end] if len(pull) else zeros
        for r in range(BLOCK):
            high[r], low[r] = ends(
                sums[r], factors[r], offsets[r], pulls[r], widths[r], step, reach, weight, loose,
                slack,
            )  # fmt: skip
        floor = lows[at, -1]
        reaching = 0
        for r in range(BLOCK):
            reaching += high[r] >= floor
        if reaching == 0:
            continue
        for r in range(BLOCK):
            if high[r] >= floor:
                take(start + r, high[r], low[r], n, allowed, hidden, at, lows, rows, highs, counts)
        if counts[at] < 0:
            return


@njit(cache=True, nogil=True, error_model="numpy", inline="always")  # type: ignore[untyped-decorator]
def ends(
    total: int, factor: np.float32, offset: np.float32, pull: np.float32, width: np.float32,
    step: np.float32, reach: np.float32, weight: np.float32, loose: np.float32, slack: np.float32,
) -> tuple[np.float32, np.float32]:  # fmt: skip
    """The high and the low end of a row's score, from its inner product.

    score = step factor total + offset - weight pull, known within
    margin = reach width + rounding (|offset| + weight pull) + loose pull + slack.
    """
    pulled = weight * pull
    score = np.float32(total) * step * factor + offset - pulled
    margin = reach * width + ROUNDING * (abs(offset) + pulled) + loose * pull + slack
    return score + margin, score - margin


@njit(cache=True, nogil=True, error_model="numpy", fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def encode(
    vectors: NDArray[Any], mean: NDArray[np.float64], codes: NDArray[np.int8],
    scale: NDArray[np.float32], measured: NDArray[np.float64],
) -> None:  # fmt: skip
    """Codes of up to 64 rows, as `quantized.encode_numpy` writes them, in one pass over each row.

    vectors (m, d); codes (pairs, 64, 2), scale (m,) and measured (m, 4) are filled.
    """
    d = vectors.shape[1]
    centred = np.empty(d)
    rounded = np.empty(d)
    for r in range(vectors.shape[0]):
        row = vectors[r]
        x2 = y2 = largest = 0.0
        for j in range(d):
            x = np.float64(row[j])
            y = x - mean[j]
            centred[j] = y
            x2 += x * x
            y2 += y * y
        for j in range(d):
            largest = max(largest, abs(centred[j]))
        step = np.float32(largest / 127)
        if not step > 2.0**-100:
            step = np.float32(0)
        scale[r] = step
        wide = np.float64(step)
        inverse = 1 / wide if wide > 0 else 0.0
        c2 = r2 = 0.0
        for j in range(d):
            c = min(max(np.floor(centred[j] * inverse + 0.5), -127.0), 127.0)
            rounded[j] = c
            c2 += c * c
            rest = centred[j] - wide * c
            r2 += rest * rest
        for j in range(d):
            codes[j >> 1, r, j & 1] = np.int8(rounded[j])
        measured[r, 0] = np.sqrt(x2)
        measured[r, 1] = np.sqrt(y2)
        measured[r, 2] = wide * np.sqrt(c2)
        measured[r, 3] = np.sqrt(r2)
