"""k-means in plain NumPy: the rounds as the textbook has them, to read and to test against.

The second half says what the kernels say, without bounds and without haste: it is what runs where
Numba is not installed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.blocks import row_blocks

Float64Array = NDArray[np.float64]
Labels = NDArray[np.int32]


def nearest_centers(rows: NDArray[Any], centers: NDArray[Any]) -> tuple[Labels, Float64Array]:
    """(n, d), (k, d) -> the nearest centre of each row, the first of equals; squared distances."""
    n = len(rows)
    labels, squares = np.empty(n, dtype=np.int32), np.empty(n)
    centers = np.asarray(centers, dtype=np.float64)
    for part in row_blocks(n, max(centers.shape)):
        block = np.asarray(rows[part], dtype=np.float64)
        labels[part] = (block @ centers.T - np.square(centers).sum(axis=1) / 2).argmax(axis=1)
        squares[part] = np.square(block - centers[labels[part]]).sum(axis=1)
    return labels, squares


def mean_centers(
    rows: NDArray[Any],
    labels: Labels,
    squares: Float64Array,
    centers: NDArray[Any],
    *,
    spherical: bool = False,
) -> Float64Array:
    """The mean of each cluster's rows; spherical: at length 1 (Dhillon & Modha 2001).

    A cluster that lost all its rows gets the row that lies farthest from its centre.
    """
    k = len(centers)
    sums, sizes = np.zeros(centers.shape), np.bincount(labels, minlength=k)
    for part in row_blocks(len(rows), rows.shape[1]):
        np.add.at(sums, labels[part], np.asarray(rows[part], dtype=np.float64))
    farthest = iter(np.argsort(-squares, kind="stable"))
    for empty in np.flatnonzero(sizes == 0):
        row = next((row for row in farthest if sizes[labels[row]] > 1), None)
        if row is None:
            break
        sums[labels[row]] -= rows[row]
        sizes[labels[row]] -= 1
        sums[empty], sizes[empty] = rows[row], 1
    if not spherical:
        return np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], centers)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.where(lengths > 0, sums / np.where(lengths > 0, lengths, 1), centers)


def seed_centers(rows: NDArray[Any], k: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Greedy k-means++ (Arthur & Vassilvitskii 2007): the row numbers of k first centres.

    Each is drawn with a probability proportional to the squared distance from those before it;
    of 2 + log k such rows the one that leaves the smallest sum is taken. Fewer than k come back
    where the rows hold fewer distinct ones.
    """
    tries = 2 + int(np.log(k))
    chosen = [int(random.random(1)[0] * len(rows))]
    squares = np.square(np.asarray(rows, dtype=np.float64) - rows[chosen[0]]).sum(axis=1)
    while len(chosen) < k and squares.sum() > 0:
        edges = np.cumsum(squares)
        drawn = np.searchsorted(edges, random.random(tries) * edges[-1], side="right")
        best = np.full(1, np.inf)
        for row in drawn.clip(0, np.flatnonzero(squares)[-1]):
            left = np.minimum(squares, np.square(rows - np.float64(rows[row])).sum(axis=1))
            if left.sum() < best.sum():
                best, winner = left, int(row)
        squares = best
        chosen.append(winner)
    return np.array(chosen)


# ---- as the kernels


def _made(vectors: Any, shift: Any, factors: Any, first: int, last: int) -> NDArray[np.float32]:
    factor = factors if len(factors) == 1 else factors[first:last, None]
    return np.asarray((vectors[first:last] - shift) * factor, dtype=np.float32)


def moments(
    vectors: Any, about: Any, first: int, last: int, factors: Any, sums: Any, counted: Any
) -> None:
    """As `kmeans_kernels.moments`."""
    with np.errstate(over="ignore", invalid="ignore"):
        block = vectors[first:last].astype(np.float64) - about
        if len(factors):
            lengths = np.linalg.norm(block, axis=1)
            has = lengths > 1e-35
            factors[first:last] = np.where(has, 1 / np.where(has, lengths, 1), 0)
            block = block * factors[first:last, None]
            counted[1] += int((~has).sum())
        sums += block.sum(axis=0)
        counted[0] += np.square(block).sum()


def assign(
    vectors: Any, shift: Any, factors: Any, first: int, last: int, begin: bool,
    centers: Any, packs: Any, halves: Any, wide: int,
    travelled: Any, drift: Any, slack: float,
    labels: Any, upper: Any, lower: Any, sums: Any, sizes: Any, counted: Any,
) -> None:  # fmt: skip
    """As `kmeans_kernels.assign`; every distance is measured, and no bound is kept."""
    slots = np.flatnonzero(halves.reshape(-1) > -1e36)
    for part in row_blocks(last - first, max(vectors.shape[1], len(slots))):
        here = slice(first + part.start, first + part.stop)
        rows = _made(vectors, shift, factors, here.start, here.stop).astype(np.float64)
        found = slots[nearest_centers(rows, centers[slots])[0]]
        before = labels[here]
        changed = np.ones(len(rows), dtype=bool) if begin else found != before
        np.add.at(sums, found[changed], rows[changed])
        np.add.at(sizes, found[changed], 1)
        if begin:
            counted[2] += np.square(rows).sum()
        else:
            np.subtract.at(sums, before[changed], rows[changed])
            np.subtract.at(sizes, before[changed], 1)
        counted[0] += int(changed.sum())
        counted[1] += len(packs) // wide * len(rows)
        labels[here] = found


def squares(
    vectors: Any, shift: Any, factors: Any, first: int, last: int, centers: Any, labels: Any,
    out: Any,
) -> float:  # fmt: skip
    """As `kmeans_kernels.squares`."""
    everything = 0.0
    for part in row_blocks(last - first, vectors.shape[1]):
        here = slice(first + part.start, first + part.stop)
        rows = _made(vectors, shift, factors, here.start, here.stop).astype(np.float64)
        found = np.square(rows - centers[labels[here]]).sum(axis=1)
        if len(out):
            out[here] = found
        everything += float(found.sum())
    return everything


def potentials(
    vectors: Any, shift: Any, factors: Any, first: int, last: int, weights: Any, pack: Any,
    best: Any, found: Any, left: Any,
) -> None:  # fmt: skip
    """As `kmeans_kernels.potentials`."""
    rows = _made(vectors, shift, factors, first, last)
    for c in range(pack.shape[1]):
        away = np.square(rows - pack[:, c]).sum(axis=1)
        found[first:last, c] = np.minimum(away, best[first:last])
    left += found[first:last].astype(np.float64).T @ weights[first:last].astype(np.float64)
