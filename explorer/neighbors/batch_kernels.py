"""Many queries against the 8-bit copy at once, both in bytes (Numba); told in `batch.py`.

64 products of bytes and their sums by fours are one instruction (vpdpbusd) on processors that have
it: four times the numbers of a float32 product, and every block of rows is read once for all
queries.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import binding, ir
from numba import config, types
from numba.core import cgutils
from numpy.typing import NDArray

from explorer.kernel_cache import njit
from explorer.machine_kernels import machine_code
from explorer.neighbors.gathered_kernels import Floats, Rows, forget, nearly_best, take
from explorer.neighbors.quantized_kernels import BLOCK, ROUNDING, Ranking, ends

QUERIES = 6  # whose sums with 64 rows are held in registers: 24 of 32
SIGNS = np.uint32(0x80808080)  # turns four signed bytes into unsigned ones, 128 higher
UP = np.float32(1 + 2.0**-15)


def has_byte_products() -> bool:
    """Whether this processor multiplies bytes as the kernel needs it."""
    return config.CPU_NAME is None and bool(binding.get_host_cpu_features().get("avx512vnni"))


@machine_code
def _products(
    typing: Any, rows: Any, of_rows: Any, queries: Any, of_queries: Any, starts: Any, first: Any,
    quads: Any, sums: Any, reaching: Any,
) -> Any:  # fmt: skip
    """For 6 queries q from `first` and 64 rows r,

    sums[64 q + r] = starts[q] + sum over j of rows[j, r] queries[q, j];
    bit r of reaching[q] set where sum step factor + reach width + base + push pull + slack reaches
    the floor.

    rows uint32, (quads, 64) of four unsigned bytes; of_rows (5, 64) factor, width, base, pull;
    queries uint32, (any, quads) of four signed bytes; of_queries (any, 5) step, reach, push, slack,
    floor; all flat.
    """
    word, long, single = ir.IntType(32), ir.IntType(64), ir.FloatType()
    words, floats = ir.VectorType(word, 16), ir.VectorType(single, 16)
    registers = range(BLOCK // 16)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        def data(at: int) -> Any:
            return context.make_array(signature.args[at])(context, builder, arguments[at]).data

        def at(pointer: Any, *places: Any) -> Any:
            numbers = [ir.Constant(long, p) if isinstance(p, int) else p for p in places]
            total = numbers[0]
            for number in numbers[1:]:
                total = builder.add(total, number)
            return builder.gep(pointer, [total])

        def sixteen(pointer: Any, kind: Any) -> Any:
            return builder.load(builder.bitcast(pointer, kind.as_pointer()), align=4)

        def spread(pointer: Any, kind: Any) -> Any:
            none = ir.Constant(kind, ir.Undefined)
            one = builder.insert_element(none, builder.load(pointer), ir.Constant(word, 0))
            return builder.shuffle_vector(one, none, ir.Constant(words, [0] * 16))

        def plus(value: Any, one: Any, other: Any) -> Any:
            product = builder.fmul(one, other, flags=("contract",))
            return builder.fadd(product, value, flags=("contract",))

        row, of_row, query, of_query, start = (data(at) for at in range(5))
        first, quads = arguments[5], arguments[6]
        held_sums, reached = data(7), data(8)
        kind = ir.FunctionType(words, [words, words, words])
        multiply = cgutils.get_or_insert_function(
            builder.module, kind, "llvm.x86.avx512.vpdpbusd.512"
        )
        held = [[cgutils.alloca_once(builder, words) for _ in registers] for _ in range(QUERIES)]
        for q in range(QUERIES):
            value = spread(at(start, first, q), words)
            for r in registers:
                builder.store(value, held[q][r])
        lines = [
            builder.mul(builder.add(first, ir.Constant(long, q)), quads) for q in range(QUERIES)
        ]
        with cgutils.for_range(builder, quads, intp=long) as loop:
            place = builder.mul(loop.index, ir.Constant(long, BLOCK))
            loaded = [sixteen(at(row, place, 16 * r), words) for r in registers]
            for q in range(QUERIES):
                four = spread(at(query, lines[q], loop.index), words)
                for r in registers:
                    total = builder.call(multiply, [builder.load(held[q][r]), loaded[r], four])
                    builder.store(total, held[q][r])
        for q in range(QUERIES):
            line = builder.mul(builder.add(first, ir.Constant(long, q)), ir.Constant(long, 5))
            step, reach, push, slack, floor = (
                spread(at(of_query, line, part), floats) for part in range(5)
            )
            found = ir.Constant(long, 0)
            for r in registers:
                total = builder.load(held[q][r])
                to = builder.bitcast(at(held_sums, BLOCK * q + 16 * r), words.as_pointer())
                builder.store(total, to, align=4)
                factor, width, base, pull = (
                    sixteen(at(of_row, BLOCK * part + 16 * r), floats) for part in range(4)
                )
                high = plus(plus(builder.fadd(base, slack), reach, width), push, pull)
                scaled = builder.fmul(builder.sitofp(total, floats), step)
                hit = builder.fcmp_ordered(">=", plus(high, scaled, factor), floor)
                bits = builder.zext(builder.bitcast(hit, ir.IntType(16)), long)
                bits = builder.shl(bits, ir.Constant(long, 16 * r))
                found = builder.or_(found, bits)
            builder.store(found, at(reached, q))
        return context.get_dummy_value()

    arguments = (rows, of_rows, queries, of_queries, starts, types.int64, types.int64, sums)
    return types.void(*arguments, reaching), build


@machine_code
def _lowest(typing: Any, bits: Any) -> Any:
    """The number of the lowest bit that is set."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), build


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def scan_together(
    codes: NDArray[np.int8],
    pairs: NDArray[np.uint16],
    queries: NDArray[np.uint32],
    starts: NDArray[np.int32],
    ranking: Ranking,
    aims: Floats,
    n: int,
    allowed: NDArray[np.bool_],
    hidden: Rows,
    bounds: Rows,
    lows: Floats,
    rows: Rows,
    highs: Floats,
    counts: Rows,
) -> None:
    """`quantized_kernels.scan` of all blocks for m queries at once.

    codes : (blocks, pairs, 64, 2); pairs : the same bytes, two together
    queries : (6 or more, quads) of four signed bytes, a whole number of 6 queries
    starts : what each query's sums start from: minus 128 times the sum of its bytes
    hidden, bounds : rows that query m may not find at bounds[m] … bounds[m + 1] - 1, rising
    aims : (m, 6) step, reach, weight, loose, slack, and the length that rounding the query lost
    """
    m, quads = len(counts), queries.shape[1]
    of_queries = np.zeros((len(queries), 5), np.float32)
    of_queries[:, 4] = np.inf  # those that only fill the last 6 reach nothing
    for at in range(m):
        of_queries[at, 0], of_queries[at, 1] = aims[at, 0], aims[at, 1]
        of_queries[at, 2] = aims[at, 3] - aims[at, 2] + ROUNDING * aims[at, 2]
        of_queries[at, 4] = lows[at, -1]
    fours, of_rows = np.empty(quads * BLOCK, np.uint32), np.zeros((5, BLOCK), np.float32)
    flat, of_rows_flat, of_queries_flat = (
        queries.reshape(-1),
        of_rows.reshape(-1),
        of_queries.reshape(-1),
    )
    sums, reaching = np.empty(QUERIES * BLOCK, np.int32), np.empty(QUERIES, np.int64)
    for block in range(len(codes)):
        start = block * BLOCK
        _by_fours(pairs[block], fours)
        _terms(ranking, start, of_rows)
        longest = _longest(codes[block], ranking[0], start)
        for at in range(m):
            of_queries[at, 3] = aims[at, 4] + aims[at, 5] * longest
        for group in range(0, m, QUERIES):
            _products(
                fours, of_rows_flat, flat, of_queries_flat, starts, np.int64(group),
                np.int64(quads), sums, reaching,
            )  # fmt: skip
            for at in range(group, min(group + QUERIES, m)):
                if reaching[at - group] == 0 or counts[at] < 0:
                    continue
                step, reach, weight, loose = aims[at, 0], aims[at, 1], aims[at, 2], aims[at, 3]
                theirs = hidden[bounds[at] : bounds[at + 1]]
                bits = reaching[at - group]
                while bits:
                    r = _lowest(bits)
                    bits &= bits - 1
                    high, low = ends(
                        sums[(at - group) * BLOCK + r], of_rows[0, r], of_rows[4, r],
                        of_rows[3, r], of_rows[1, r], step, reach, weight, loose, of_queries[at, 3],
                    )  # fmt: skip
                    take(start + r, high, low, n, allowed, theirs, at, lows, rows, highs, counts)
                of_queries[at, 4] = lows[at, -1]


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _terms(ranking: Ranking, start: int, of_rows: Floats) -> None:
    """Factor, width, offset rounded up, pull and offset of 64 rows; zeros where there are none."""
    factor, offset, pull, width = ranking
    end = start + BLOCK
    of_rows[0] = factor[start:end]
    of_rows[1] = width[start:end]
    if len(offset):
        of_rows[4] = offset[start:end]
        of_rows[2] = of_rows[4] + ROUNDING * np.abs(of_rows[4])
    if len(pull):
        of_rows[3] = pull[start:end]


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _by_fours(pairs: NDArray[np.uint16], of_rows: NDArray[np.uint32]) -> None:
    """(pairs, 64) signed pairs of bytes -> (quads, 64) flat unsigned fours."""
    for at in range(0, len(pairs), 2):
        for r in range(BLOCK):
            four = np.uint32(pairs[at, r])
            if at + 1 < len(pairs):
                four |= np.uint32(pairs[at + 1, r]) << np.uint32(16)
            of_rows[at // 2 * BLOCK + r] = four ^ SIGNS


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def _longest(codes: NDArray[np.int8], factor: Floats, start: int) -> np.float32:
    """The largest factor |c| of 64 rows, rounded up."""
    squares = np.zeros(BLOCK, np.int32)
    for pair in range(len(codes)):
        for r in range(BLOCK):
            one, other = np.int32(codes[pair, r, 0]), np.int32(codes[pair, r, 1])
            squares[r] += one * one + other * other
    longest = np.float32(0)
    for r in range(BLOCK):
        longest = max(longest, factor[start + r] * np.sqrt(np.float32(squares[r])))
    return longest * UP


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def sift_together(
    vectors: NDArray[Any], queries: NDArray[np.float64], lengths: NDArray[np.float64], kind: int,
    lows: Floats, rows: Rows, highs: Floats, counts: Rows,
) -> None:  # fmt: skip
    """Keep of each query's gathered rows those that `nearly_best` keeps; m queries."""
    k = lows.shape[1]
    for at in range(len(counts)):
        if counts[at] >= 0:
            count = forget(at, counts[at], lows[at, k - 1], rows, highs)
            counts[at] = nearly_best(vectors, rows[at, :count], queries[at], lengths[at], kind, k)
