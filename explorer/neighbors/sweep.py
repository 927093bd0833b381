"""A few queries and float32 rows where they lie: each row is read once, and nothing is written.

Reading is what such a search waits for, so all else is done on the way, and rows of a small matrix
are asked for before they are needed: much of it still lies in the last cache, from where more comes
than the processor asks for by itself. Of memory all is asked for already.

A score in float32 is wrong by no more than a margin; with gamma as in `block.py`,
    dot        x.q           gamma |x| |q|
    cosine     x.q / |x|     gamma |q|
    Euclidean  -|x - q|      gamma |x - q| + |q - q'|,   q' the query in float32
the last from the differences, so that no cloud lies too far from the origin. What the margins do
not tell apart is looked at again (`gathered.py`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.metrics import Metric
from explorer.neighbors.best import Best, IntArray
from explorer.neighbors.block import FEW, gamma
from explorer.neighbors.candidates import KINDS
from explorer.neighbors.gathered import MOST_K, NONE, FloatArray, Found, best_of_gathered
from explorer.neighbors.queries import LARGE, Queries, vector_norms
from explorer.neighbors.threads import side_by_side, threads_for

CAPACITY = 1024  # rows that may remain for a second look, at least
THREADS_FROM = 1 << 24  # bytes; for fewer a second thread costs more than it saves
KEPT = 1 << 26  # bytes, at most, of which the processor's last cache still holds a good part
AHEAD = 1 << 13  # numbers between one that is read and one that is asked for
MEASURED = np.empty(0, dtype=np.float32)  # norms that are not given
UP = 1 + 2.0**-20  # more than float32 rounds down
LOST = 2.0**-62  # what a length in float32 loses to underflow, for each dimension at most


def can_sweep(vectors: NDArray[Any], q: int, k: int, metric: Metric) -> bool:
    """Whether `sweep` serves for so many queries."""
    in_place = vectors.dtype == np.float32 and vectors.flags.c_contiguous
    return in_place and q <= FEW and k <= MOST_K and metric.by_products


def sweep(
    vectors: FloatArray, searched: IntArray | None, norms: NDArray[Any] | None, queries: Queries,
    k: int, metric: Metric, hidden: IntArray, bounds: IntArray,
) -> list[Best | None]:  # fmt: skip
    """The exact k nearest rows to each query; None where float32 could not prove them.

    searched : row numbers, rising; None for all
    norms : (n,) lengths of the vectors; those that are not float32 are measured on the way
    queries : from `prepare_queries`, without a centre
    hidden, bounds : rows that query m may not find at bounds[m] … bounds[m + 1] - 1, rising
    """
    from explorer.neighbors import sweep_kernels

    q, d = queries.exact.shape
    if metric.name == "euclidean" and not queries.norms.max() < LARGE:
        return [None] * q
    asked = queries.scaled.astype(np.float32)
    margins = _margins(queries, asked, metric)
    count = len(vectors) if searched is None else len(searched)
    places = NONE if searched is None else searched
    lengths = norms if norms is not None and norms.dtype == np.float32 else MEASURED
    threads = threads_for(4 * count * d, THREADS_FROM)
    ahead = AHEAD // d if searched is None and vectors.nbytes <= KEPT else 0
    found = Found.empty(threads * q, k, max(CAPACITY, 16 * k))

    fixed, lengths = _fixed(vectors), _fixed(np.ascontiguousarray(lengths))

    def work(thread: int) -> None:
        sweep_kernels.sweep(
            fixed, places, count * thread // threads, count * (thread + 1) // threads,
            lengths, asked, KINDS[metric.name], margins, ahead, hidden, bounds,
            thread * q, *found,
        )  # fmt: skip

    side_by_side(work, threads)
    return [
        best_of_gathered(
            vectors, found.together(slice(at, None, q)), queries.part(slice(at, at + 1)), k, metric
        )
        for at in range(q)
    ]


def _fixed(array: FloatArray) -> FloatArray:
    """The same, not to be written to: one kind for which the kernel is compiled."""
    view = array.view()
    view.setflags(write=False)
    return view


def _margins(queries: Queries, asked: FloatArray, metric: Metric) -> FloatArray:
    """(q, 2) reach and slack: scores are wrong by reach times a size, and by slack; rounded up."""
    d = asked.shape[1]
    either = gamma(d, np.float32) + gamma(d, np.float64)  # the formula rounds too
    if metric.name == "euclidean":
        lost = vector_norms(queries.scaled - asked) + LOST * d
        both = [(either * UP, one * UP) for one in lost.tolist()]
    else:
        each = [either * UP * norm for norm in queries.norms.tolist()]
        both = [(one, 0.0) if metric.name == "dot" else (0.0, one) for one in each]
    return np.array(both, dtype=np.float32)
