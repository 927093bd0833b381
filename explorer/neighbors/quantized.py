"""A copy of the vectors in one byte a number, which proves for nearly all rows that they are far.

One query reads n d bytes instead of 4 n d, and memory is what a search waits for. With a centre m
(the mean of some rows; any m is right), y = x - m is stored as s c, c whole numbers up to 127, and
with it how much was lost, e >= |y - s c|. For a query direction p then
    |y.p - s c.p| <= |y - s c| |p| = e |p|     (Cauchy and Schwarz),
and the query itself, rounded to 16 bits, adds |s c| |p| sqrt(d) / (2 L) at most (L: its
largest code).
For ranking, larger is nearer:
    dot        y.q                                       = x.q - m.q
    Euclidean  y.p - |y|^2 / 2,            p = q - m     = (|p|^2 - |x - q|^2) / 2
    cosine    (y.p - (|y|^2 - (|x| - R)^2 + |p|^2) / 2) / |x|,   p = R q / |q| - m
                                                         = R (cos(x, q) - 1), for any R > 0
Centred so, a cloud far from the origin loses no digits, under cosine either.

So each row's score is known between a low and a high end, and few rows need a second look
(`gathered.py`). When too many remain, `search` gives None and the caller scans.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError, MissingDependencyError
from explorer.metrics import Metric
from explorer.neighbors.best import Best
from explorer.neighbors.candidates import KINDS
from explorer.neighbors.formula import Float64Array
from explorer.neighbors.gathered import ALL, MOST_K, NONE, FloatArray, Found, best_of_gathered
from explorer.neighbors.queries import LARGE, SMALL, Queries
from explorer.neighbors.threads import in_turn, side_by_side, threads_for

BLOCK = 64  # rows whose codes lie together
SAMPLE = 4096  # rows that give the centre
CAPACITY = 1 << 13  # rows that may remain for a second look
THREADS_FROM = 1 << 24  # bytes of codes; for fewer a second thread costs more than it saves
BLOCKS_AT_ONCE = 256  # encoded by one call
TINY = 2.0**-120  # above what float32 loses to underflow


class Ranking(NamedTuple):
    """What turns inner products of codes into ranking scores, for one metric: one number a row.

    score = sum factor + offset - weight pull, wrong by at most |p| width and roundings.
    """

    factor: FloatArray
    offset: FloatArray  # empty for dot
    pull: FloatArray  # empty but for cosine
    width: FloatArray


@dataclass(frozen=True, eq=False)
class QuantizedIndex:
    """The 8-bit copy of (n, d) vectors, of n d bytes and 36 n more; made by `build`.

    codes : (blocks, pairs, 64, 2) int8: two dimensions of 64 rows together
    rankings : by metric name
    centre : (d,) m
    radius : R
    exact : the vectors themselves, for the second look; copied where they are not of floats that
        Numba knows
    """

    codes: NDArray[np.int8]
    rankings: dict[str, Ranking]
    centre: Float64Array
    radius: float
    exact: NDArray[Any]

    @staticmethod
    def build(
        vectors: NDArray[Any], on_progress: Callable[[float], None] | None = None
    ) -> QuantizedIndex:
        """Encode (n, d) vectors, which may be a memory map.

        on_progress : called with the share done; what it raises stops the work
        Raises ExplorerError when a length is not 0 or from 2^-40 to 2^40 (search without an index
        then), MissingDependencyError without Numba.
        """
        encode = _kernels().encode
        if vectors.dtype not in (np.float32, np.float64):
            vectors = vectors.astype(np.float64)
        n, d = vectors.shape
        sample = vectors[np.linspace(0, n - 1, min(n, SAMPLE)).astype(np.int64)].astype(np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            centre = sample.mean(axis=0)
            radius = float(np.linalg.norm(sample, axis=1).mean()) or 1.0
        if not LARGE > radius > SMALL:
            raise ExplorerError(f"No 8-bit copy of vectors whose lengths are about {radius:.3g}.")
        blocks = -(-n // BLOCK)
        codes = np.zeros((blocks, -(-d // 2), BLOCK, 2), dtype=np.int8)
        rankings = {name: _no_ranking(name, blocks * BLOCK) for name in KINDS}

        def work(part: range) -> None:
            rows = slice(part.start * BLOCK, min(part.stop * BLOCK, n))
            block = np.ascontiguousarray(vectors[rows])
            scale = np.empty(len(block), dtype=np.float32)
            measured = np.empty((len(block), 4))
            for number, at in enumerate(part):
                here = slice(number * BLOCK, (number + 1) * BLOCK)
                encode(block[here], centre, codes[at], scale[here], measured[here])
            _fill(rankings, rows, scale, Lengths(*measured.T), d, centre, radius)

        parts = [
            range(at, min(at + BLOCKS_AT_ONCE, blocks)) for at in range(0, blocks, BLOCKS_AT_ONCE)
        ]
        for number, _ in enumerate(in_turn(work, parts)):
            if on_progress is not None:
                on_progress((number + 1) / len(parts))
        return QuantizedIndex(codes, rankings, centre, radius, vectors)

    def __len__(self) -> int:
        return len(self.exact)

    @property
    def nbytes(self) -> int:
        arrays = {id(a): a.nbytes for ranking in self.rankings.values() for a in ranking}
        return self.codes.nbytes + sum(arrays.values())

    def search(
        self, query: Queries, k: int, metric: Metric, allowed: NDArray[np.bool_] = ALL,
        hidden: NDArray[np.int64] = NONE,
    ) -> Best | None:  # fmt: skip
        """The exact k nearest rows to one query, or None when the copy cannot prove them.

        query : one, from `prepare_queries`
        allowed : (n,) which rows may be found; empty: all
        hidden : rows that may not, rising
        """
        if k > MOST_K or not self.can_ask(query, metric)[0]:
            return None
        rows = self._candidates(query, k, metric, allowed, hidden)
        return best_of_gathered(self.exact, rows, query, k, metric)

    def can_ask(self, queries: Queries, metric: Metric) -> NDArray[np.bool_]:
        """(q,) whether the copy can be asked about each query."""
        if metric.name == "euclidean":
            return queries.norms < LARGE
        return (queries.norms > 0) & (metric.name in KINDS)

    def _candidates(
        self, query: Queries, k: int, metric: Metric, allowed: NDArray[np.bool_] = ALL,
        hidden: NDArray[np.int64] = NONE,
    ) -> NDArray[np.int64] | None:  # fmt: skip
        """Rows that may be among the k nearest, in any order."""
        scan = _kernels().scan
        directions, aims = self.aim(query, metric)
        codes, step = encode_query(directions[0], self.codes.shape[1])
        aim = np.array([step, *aims[0]], dtype=np.float32)
        ranking = tuple(self.rankings[metric.name])
        blocks, n = len(self.codes), len(self)
        threads = threads_for(self.codes.nbytes, THREADS_FROM)
        found = Found.empty(threads, k, CAPACITY)

        def work(thread: int) -> None:
            first, last = blocks * thread // threads, blocks * (thread + 1) // threads
            scan(self.codes, first, last, codes, ranking, aim, n, allowed, hidden, thread, *found)

        side_by_side(work, threads)
        return found.together()

    def aim(self, queries: Queries, metric: Metric) -> tuple[Float64Array, Float64Array]:
        """(q, d) the directions p, and (q, 4) the reach, weight, loose and slack of their scans."""
        d = len(self.centre)
        q, length = queries.scaled, queries.norms
        formula = (4 * d + 64) * 2.0**-53  # what the formula itself may round away
        none = np.zeros(len(q))
        if metric.name == "dot":
            return q, np.stack([length * (1 + 2.0**-20), none, none, none + TINY], axis=1)
        if metric.name == "euclidean":
            p = q - self.centre
            square = np.vecdot(p, p)
            reach, slack = np.sqrt(square) * (1 + 2.0**-20), 4 * formula * square + TINY
            return p, np.stack([reach, none, none, slack], axis=1)
        p = q * (self.radius / length)[:, None] - self.centre
        square = np.vecdot(p, p)
        size = self.radius + float(np.sqrt(self.centre @ self.centre))
        blur = d**0.5 * 2.0**-48 * size  # how far p itself may be rounded off
        reach = np.sqrt(square) * (1 + 2.0**-20) + 2.0**-30 * size
        slack = none + (blur + self.radius * formula + TINY)
        return p, np.stack([reach, square / 2, none + 2 * self.radius * blur, slack], axis=1)


class Lengths(NamedTuple):
    """Of some rows, each (m,) float64."""

    rows: Float64Array  # |x|
    centred: Float64Array  # |y|, y = x - m
    coded: Float64Array  # |s c|
    lost: Float64Array  # |y - s c|


def encode_numpy(
    vectors: NDArray[Any], centre: Float64Array
) -> tuple[NDArray[np.int8], FloatArray, Lengths]:
    """(m, d) -> codes (m, d), scales (m,), lengths: the definition of what `build` stores."""
    x = vectors.astype(np.float64)
    y = x - centre
    scale = (np.abs(y).max(axis=1) / 127).astype(np.float32)
    scale[scale <= 2.0**-100] = 0
    s = scale.astype(np.float64)[:, None]
    c = np.clip(np.floor(np.divide(y, s, out=np.zeros_like(y), where=s > 0) + 0.5), -127, 127)
    lengths = Lengths(*(np.sqrt(np.sum(a * a, axis=1)) for a in (x, y, s * c, y - s * c)))
    return c.astype(np.int8), scale, lengths


def encode_query(direction: Float64Array, pairs: int) -> tuple[NDArray[np.int16], float]:
    """(d,) -> (pairs, 2) int16 codes and their step; sums with 8-bit codes fit 32 bits."""
    largest = largest_query_code(2 * pairs)
    top = float(np.abs(direction).max())
    step = top / largest if top > 2.0**-100 else 0.0
    codes = np.zeros((pairs, 2), dtype=np.int16)
    if step:
        codes.reshape(-1)[: len(direction)] = np.rint(direction / step)
    return codes, step


def largest_query_code(d: int) -> int:
    """L: 32,767, or less where sums of d products with 127 would not fit 32 bits."""
    return max(1, min(32_767, (2**31 - 1) // (127 * d)))


def _no_ranking(name: str, rows: int) -> Ranking:
    none = np.empty(0, dtype=np.float32)
    factor, width, offset, pull = np.zeros((4, rows), dtype=np.float32)
    return Ranking(
        factor, none if name == "dot" else offset, pull if name == "cosine" else none, width
    )


def _fill(
    rankings: dict[str, Ranking], rows: slice, scale: FloatArray, of: Lengths, d: int,
    centre: Float64Array, radius: float,
) -> None:  # fmt: skip
    """Write the ranking arrays of some rows; every width is rounded up."""
    odd = np.flatnonzero(~((of.rows == 0) | ((of.rows > SMALL) & (of.rows < LARGE))))
    if len(odd):
        raise ExplorerError(
            f"No 8-bit copy of vectors whose lengths go from below {SMALL:.0e} to above "
            f"{LARGE:.0e}: row {rows.start + odd[0]:,} has length {of.rows[odd[0]]:.3g}."
        )
    query_rounding = d**0.5 / (2 * largest_query_code(d + d % 2))
    lost = of.lost + (query_rounding + 2.0**-20) * of.coded
    up = 1 + 2.0**-20

    dot = rankings["dot"]
    dot.factor[rows] = scale
    dot.width[rows] = (lost + (4 * d + 64) * 2.0**-53 * of.rows) * up

    euclidean = rankings["euclidean"]
    euclidean.factor[rows] = scale
    euclidean.offset[rows] = -(of.centred**2) / 2
    euclidean.width[rows] = lost * up

    cosine = rankings["cosine"]
    some = of.rows > 0
    inverse = np.divide(1, of.rows, out=np.zeros_like(of.rows), where=some)
    beyond = of.rows - radius
    size = radius + float(np.sqrt(centre @ centre))
    blur = 2.0**-15 * (of.centred**2 + np.abs(beyond) * (of.rows + radius)) / size
    cosine.factor[rows] = scale * inverse
    cosine.offset[rows] = np.where(some, (beyond**2 - of.centred**2) / 2 * inverse, -radius)
    cosine.pull[rows] = inverse
    cosine.width[rows] = (lost + blur) * inverse * up


def _kernels() -> Any:
    """The compiled kernels; Numba is imported now."""
    try:
        from explorer.neighbors import quantized_kernels
    except ImportError as error:
        raise MissingDependencyError("The 8-bit copy", "numba") from error
    return quantized_kernels
