"""Counting who is nearer, in one pass over a tile of approximate scores (Numba).

What is counted, and why it is exact, is told in `ranks_among.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.kernel_cache import njit

CHUNK = 256  # scores that are written and read while they lie in the nearest cache
STEPS = 2048  # of the table; more are a larger table, fewer make more scores look closer
SHORTEST = 2.0**-80  # a span that steps can divide
DOT, COSINE, EUCLIDEAN = 0, 1, 2


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def product(vectors: NDArray[Any], one: int, other: int) -> float:
    """x.y of two rows in float64, summed in one fixed order, so that equal rows tie exactly."""
    s0 = s1 = s2 = s3 = 0.0
    d = vectors.shape[1]
    whole = d - d % 4
    for j in range(0, whole, 4):
        s0 += np.float64(vectors[one, j]) * np.float64(vectors[other, j])
        s1 += np.float64(vectors[one, j + 1]) * np.float64(vectors[other, j + 1])
        s2 += np.float64(vectors[one, j + 2]) * np.float64(vectors[other, j + 2])
        s3 += np.float64(vectors[one, j + 3]) * np.float64(vectors[other, j + 3])
    for j in range(whole, d):
        s0 += np.float64(vectors[one, j]) * np.float64(vectors[other, j])
    return (s0 + s1) + (s2 + s3)


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def squared_distance(vectors: NDArray[Any], one: int, other: int) -> float:
    """|x - y|^2 of two rows in float64, in the same order."""
    s0 = s1 = s2 = s3 = 0.0
    d = vectors.shape[1]
    whole = d - d % 4
    for j in range(0, whole, 4):
        d0 = np.float64(vectors[one, j]) - np.float64(vectors[other, j])
        d1 = np.float64(vectors[one, j + 1]) - np.float64(vectors[other, j + 1])
        d2 = np.float64(vectors[one, j + 2]) - np.float64(vectors[other, j + 2])
        d3 = np.float64(vectors[one, j + 3]) - np.float64(vectors[other, j + 3])
        s0 += d0 * d0
        s1 += d1 * d1
        s2 += d2 * d2
        s3 += d3 * d3
    for j in range(whole, d):
        d0 = np.float64(vectors[one, j]) - np.float64(vectors[other, j])
        s0 += d0 * d0
    return (s0 + s1) + (s2 + s3)


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def squared_norms(vectors: NDArray[Any], squares: NDArray[np.float64]) -> None:
    """(n,) squares[i] = x_i.x_i, in the same order."""
    for i in range(len(vectors)):
        squares[i] = product(vectors, i, i)


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def nearness(
    vectors: NDArray[Any], squares: NDArray[np.float64], one: int, other: int, kind: int
) -> Any:
    """x.y, the cosine, or minus the squared distance of two rows: larger is nearer."""
    if kind == EUCLIDEAN:
        return -squared_distance(vectors, one, other)
    if kind == DOT:
        return product(vectors, one, other)
    both = squares[one] * squares[other]
    return product(vectors, one, other) / np.sqrt(both) if both > 0 else 0.0


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def nearness_of(
    vectors: NDArray[Any], squares: NDArray[np.float64], rows: NDArray[np.int64],
    wanted: NDArray[Any], kind: int, near: NDArray[np.float64],
) -> None:  # fmt: skip
    """(s, w) near[i, a] = `nearness` of rows[i] and wanted[i, a]."""
    for i in range(len(rows)):
        for a in range(wanted.shape[1]):
            near[i, a] = nearness(vectors, squares, rows[i], wanted[i, a], kind)


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def fill_tables(
    low: NDArray[Any], high: NDArray[Any], scales: NDArray[Any], tables: NDArray[np.int16]
) -> None:
    """For each row and step: how many wanted items lie below it; -1 - that where some touch it.

    low, high : (s, w) rising; scales : (s,) filled, steps for each unit of score
    tables : (s, STEPS + 3) filled; step 0 is below all, the last one above all
    """
    w = low.shape[1]
    one, most = low.dtype.type(1), low.dtype.type(STEPS)
    for i in range(len(low)):
        least = low[i, 0]
        span = high[i, w - 1] - least
        scales[i] = most / span if span > SHORTEST else 0
        scale, table, step = scales[i], tables[i], 0
        for a in range(w):
            lowest = np.int32((low[i, a] - least) * scale + one)
            highest = np.int32((high[i, a] - least) * scale + one)
            while step < lowest:
                table[step] = a
                step += 1
            while step <= highest:
                table[step] = -1 - a
                step += 1
        table[step:] = w


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def count_between(
    products: NDArray[Any], first: int, factors: NDArray[Any], halves: NDArray[Any],
    vectors: NDArray[Any], squares: NDArray[np.float64], kind: int, rows: NDArray[np.int64],
    wanted: NDArray[Any], near: NDArray[np.float64], low: NDArray[Any], high: NDArray[Any],
    scales: NDArray[Any], tables: NDArray[np.int16], counts: NDArray[np.int32],
) -> None:  # fmt: skip
    """Add to counts[i, p] the items of a tile that are nearer to rows[i] than p wanted ones.

    products : (s, b) inner products of the s rows with the items first … first + b - 1; an
        approximate score is products[i, l] * factors[l] - halves[l]
    wanted : (s, w) the farthest first; near : (s, w) their nearness
    low, high : (s, w) a score below `low` is certainly not nearer than the wanted item, one above
        `high` certainly is; those between are compared by `nearness`, ties by row number
    scales, tables : of `fill_tables`: most scores are done with one look into the table
    counts : (s, w + 1)
    """
    width = products.shape[1]
    scores, steps = np.empty(CHUNK, products.dtype), np.empty(CHUNK, np.uint32)
    last = products.dtype.type(STEPS + 2)
    one, zero = products.dtype.type(1), products.dtype.type(0)
    for i in range(len(rows)):
        row, least, scale, table, mine = rows[i], low[i, 0], scales[i], tables[i], counts[i]
        for start in range(0, width, CHUNK):
            size = min(CHUNK, width - start)
            these = products[i, start : start + size]
            scaled, less = factors[start : start + size], halves[start : start + size]
            for j in range(size):
                score = these[j] * scaled[j] - less[j]
                step = (score - least) * scale + one
                step = step if step > zero else zero
                scores[j] = score
                steps[j] = np.uint32(step if step < last else last)
            own = row - first - start
            for j in range(size):
                place = np.int64(table[steps[j]])
                if place < 0:
                    place = look_closer(
                        scores[j], i, row, first + start + j, -1 - place, vectors, squares, kind,
                        wanted, near, low, high,
                    )  # fmt: skip
                if j != own:
                    mine[np.uint32(place)] += np.int32(1)


@njit(cache=True, nogil=True, error_model="numpy")  # type: ignore[untyped-decorator]
def look_closer(
    score: float, i: int, row: int, item: int, place: int, vectors: NDArray[Any],
    squares: NDArray[np.float64], kind: int, wanted: NDArray[Any], near: NDArray[np.float64],
    low: NDArray[Any], high: NDArray[Any],
) -> int:  # fmt: skip
    """How many of the wanted[i] this item is nearer to `row` than; at least `place`."""
    known, close = False, 0.0
    while place < wanted.shape[1]:
        if score <= high[i, place]:
            if score < low[i, place]:
                break
            if not known:
                known, close = True, nearness(vectors, squares, row, item, kind)
            if close < near[i, place]:
                break
            if close == near[i, place] and item >= wanted[i, place]:
                break
        place += 1
    return place
