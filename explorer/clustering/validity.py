"""How good a clustering is by its own shape: tight inside, far apart.

All measures are Euclidean. For clusters by cosine give vectors of length 1: there the squared
distance is 2 - 2 cos. Labels are (n,) whole numbers; items with -1 (noise) are not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.blocks import row_blocks
from explorer.errors import ExplorerError
from explorer.space import FloatArray, IntArray

Float64Array = NDArray[np.float64]
OnProgress = Callable[[float], None]

EXACT_ITEMS = 10_000  # up to so many the silhouette is that of all items
DISTANCES = EXACT_ITEMS**2  # measured at most, unless fewer than FEWEST items could be asked
FEWEST = 500
BLOCK_ITEMS = 2_048  # by as many others: 16 MB of distances at a time


class Summary(NamedTuple):
    """What one pass over the data tells of g groups.

    sizes : (g,) items in each
    means : (g, d) float64
    inertias : (g,) sums of squared distances to the group's mean
    spreads : (g,) mean distances to it
    distances : (n,) of each item to its group's mean; NaN where it has no group
    """

    sizes: IntArray
    means: Float64Array
    inertias: Float64Array
    spreads: Float64Array
    distances: Float64Array

    @property
    def inertia(self) -> float:
        """The within-cluster sum of squares: what k-means makes small."""
        return float(self.inertias.sum())


class Silhouettes(NamedTuple):
    """Silhouettes of some items.

    rows : which; all items, or a sample
    values : (m,) -1 to 1
    """

    rows: IntArray
    values: Float64Array

    @property
    def mean(self) -> float:
        return float(self.values.mean())


def summarize(vectors: ArrayLike, labels: ArrayLike) -> Summary:
    """Sizes, means and spreads of all groups, in two passes; a group without items has mean 0."""
    points, codes = _checked(vectors, labels)
    groups = int(codes.max(initial=-1)) + 1
    sizes = np.bincount(codes[codes >= 0], minlength=groups)
    sums = np.zeros((groups, points.shape[1]))
    for rows in row_blocks(len(points), points.shape[1]):
        _add_by_group(sums, points[rows], codes[rows])
    means = sums / np.maximum(sizes, 1)[:, None]
    squares = np.full(len(points), np.nan)
    for rows in row_blocks(len(points), points.shape[1]):
        inside = codes[rows] >= 0
        off = points[rows][inside] - means[codes[rows][inside]]
        squares[rows][inside] = np.einsum("ij,ij->i", off, off)
    kept = codes >= 0
    distances = np.sqrt(squares)
    inertias = _sums(squares[kept], codes[kept], groups)
    spreads = _sums(distances[kept], codes[kept], groups) / np.maximum(sizes, 1)
    return Summary(sizes, means, inertias, spreads, distances)


def calinski_harabasz(found: Summary) -> float:
    """Scatter between the means over scatter inside, each by its degrees of freedom (0 to ∞).

    Larger is better. It grows with n: compare it on the same items only.

    References
    ----------
    Caliński & Harabasz, A dendrite method for cluster analysis (1974).
    """
    sizes, means = _present(found)
    n, k = int(sizes.sum()), len(sizes)
    if k < 2 or n <= k:
        return float("nan")
    middle = sizes @ means / n
    between = float(sizes @ ((means - middle) ** 2).sum(axis=1))
    return float("inf") if found.inertia == 0 else between / (k - 1) / (found.inertia / (n - k))


def davies_bouldin(found: Summary) -> float:
    """Each cluster beside its most similar other: (spread + spread) / distance, on average.

    0 to ∞, smaller is better; two clusters with the same mean give ∞.

    References
    ----------
    Davies & Bouldin, A cluster separation measure (1979).
    """
    present = found.sizes > 0
    means, spreads = found.means[present], found.spreads[present]
    if len(means) < 2:
        return float("nan")
    apart = np.sqrt(_squares_between(means, means))
    np.fill_diagonal(apart, np.inf)
    together = spreads[:, None] + spreads
    with np.errstate(divide="ignore", invalid="ignore"):
        alike = np.where(together == 0, 0.0, together / apart)
    return float(alike.max(axis=1).mean())


def silhouette_rows(n: int, *, seed: int = 0) -> IntArray:
    """The items whose silhouettes are measured: all up to 10,000, else a sorted sample.

    Each of the sample is held against all n items, so its silhouette is exact; as many are asked
    as 100 million distances allow, 500 at least.
    """
    if n <= EXACT_ITEMS:
        return np.arange(n)
    size = min(n, max(FEWEST, DISTANCES // n))
    return np.sort(np.random.default_rng(seed).choice(n, size, replace=False))


def silhouette(
    vectors: ArrayLike,
    labels: ArrayLike,
    rows: ArrayLike | None = None,
    on_progress: OnProgress | None = None,
) -> Silhouettes:
    """(b - a) / max(a, b): a, the mean distance to the own group; b, to the nearest other one.

    1: deep in its own group; 0: between two; below 0: nearer to another. An item alone in its
    group has 0. Cost: O(m n d) for m rows.

    References
    ----------
    Rousseeuw, Silhouettes: a graphical aid (1987).
    """
    return silhouettes(vectors, [labels], rows, on_progress)[0]


def silhouettes(
    vectors: ArrayLike,
    labelings: Sequence[ArrayLike],
    rows: ArrayLike | None = None,
    on_progress: OnProgress | None = None,
) -> list[Silhouettes]:
    """The silhouettes of several clusterings of the same items: distances are measured once.

    rows : the items asked about, by default those of `silhouette_rows`
    on_progress : called with the share done; what it raises stops the work
    """
    points = np.asarray(vectors, dtype=np.float32)
    codings = [_checked(points, labels)[1] for labels in labelings]
    asked = silhouette_rows(len(points)) if rows is None else np.asarray(rows, dtype=np.int64)
    found = []
    report = on_progress or (lambda share: None)
    for codes, sums in zip(codings, _distance_sums(points, asked, codings, report), strict=True):
        inside = codes[asked] >= 0
        values = _silhouettes(sums[inside], codes[asked][inside], np.bincount(codes[codes >= 0]))
        found.append(Silhouettes(asked[inside], values))
    return found


def _distance_sums(
    points: FloatArray, asked: IntArray, codings: Sequence[IntArray], report: OnProgress
) -> list[Float64Array]:
    """For each clustering (m, g): the sum of distances of each item asked to each group's items.

    A sum over a group is a matrix product with the table of who is in which group, so that one
    block of distances serves all clusterings.
    """
    n = len(points)
    middle = points.mean(axis=0, dtype=np.float64).astype(np.float32)  # far from 0 digits are lost
    widths = [int(codes.max(initial=-1)) + 1 for codes in codings]
    ends = np.cumsum(widths)
    sums = np.zeros((len(asked), int(ends[-1])))
    for others in row_blocks(n, 1, block_bytes=4 * BLOCK_ITEMS):
        second = points[others] - middle
        norms = np.einsum("ij,ij->i", second, second)
        in_group = np.zeros((others.stop - others.start, int(ends[-1])), dtype=np.float32)
        for codes, end, width in zip(codings, ends.tolist(), widths, strict=True):
            inside = np.flatnonzero(codes[others] >= 0)
            in_group[inside, end - width + codes[others][inside]] = 1
        for block in row_blocks(len(asked), 1, block_bytes=4 * BLOCK_ITEMS):
            report((others.start + (others.stop - others.start) * block.start / len(asked)) / n)
            some = asked[block]
            first = points[some] - middle
            squares = first @ second.T
            squares *= -2
            squares += norms
            squares += np.einsum("ij,ij->i", first, first)[:, None]
            itself = np.flatnonzero((some >= others.start) & (some < others.stop))
            squares[itself, some[itself] - others.start] = 0
            np.sqrt(np.maximum(squares, 0, out=squares), out=squares)
            sums[block] += squares @ in_group
    return np.split(sums, ends[:-1], axis=1)


def _silhouettes(sums: Float64Array, own: IntArray, sizes: IntArray) -> Float64Array:
    """(m, g) sums of distances -> (m,) silhouettes of items in the groups `own`."""
    line = np.arange(len(own))
    means = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.inf)
    means[line, own] = np.inf
    nearest = means.min(axis=1, initial=np.inf)
    inside = sums[line, own] / np.maximum(sizes[own] - 1, 1)
    wider = np.maximum(inside, nearest)
    measured = (sizes[own] > 1) & (wider > 0) & np.isfinite(nearest)
    values = np.zeros(len(own))
    values[measured] = (nearest - inside)[measured] / wider[measured]
    return values


def elbow(ks: Sequence[int], inertias: Sequence[float]) -> int:
    """The k where the curve bends most: farthest below the straight line from end to end.

    Both axes are scaled to 1 (Satopää et al., Finding a "kneedle" in a haystack, 2011). Any
    falling curve has such a point, clusters or not: a hint, not a proof.

    >>> elbow([1, 2, 3, 4, 5], [100, 60, 20, 15, 10])
    3
    """
    if len(ks) < 3 or len(ks) != len(inertias):
        raise ExplorerError(f"An elbow needs three values of k at least; got {len(ks)}.")
    x = (np.asarray(ks, dtype=float) - ks[0]) / (ks[-1] - ks[0])
    y = np.asarray(inertias, dtype=float)
    spread = float(np.ptp(y))
    below = 1 - x - (y - y[-1]) / (spread if spread else 1.0)
    return int(ks[int(np.argmax(below))])


def _sums(values: Float64Array, codes: IntArray, groups: int) -> Float64Array:
    """(groups,) the sum of each group's values."""
    return np.bincount(codes, weights=values, minlength=groups).astype(np.float64)


def _add_by_group(sums: Float64Array, points: FloatArray, codes: IntArray) -> None:
    """Add each row to the sum of its group, in float64; rows with -1 to none."""
    order = np.argsort(codes, kind="stable")[int((codes < 0).sum()) :]
    if len(order):
        present, starts = np.unique(codes[order], return_index=True)
        sums[present] += np.add.reduceat(points[order], starts, axis=0, dtype=np.float64)


def _present(found: Summary) -> tuple[IntArray, Float64Array]:
    present = found.sizes > 0
    return found.sizes[present], found.means[present]


def _squares_between(some: Float64Array, others: Float64Array) -> Float64Array:
    squares: Float64Array = ((some[:, None, :] - others[None]) ** 2).sum(axis=2)
    return squares


def _checked(vectors: ArrayLike, labels: ArrayLike) -> tuple[FloatArray, IntArray]:
    points: FloatArray = np.asarray(vectors, dtype=np.float32)
    codes: NDArray[Any] = np.asarray(labels)
    if points.ndim != 2 or codes.shape != (len(points),) or codes.dtype.kind not in "iu":
        raise ExplorerError(
            f"{len(points):,} vectors need a whole number each for their group; got {codes.dtype} "
            f"{codes.shape}."
        )
    return points, codes.astype(np.int64)
