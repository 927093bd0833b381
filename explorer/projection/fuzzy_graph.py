"""The graph that UMAP draws: how strongly each item is joined to its nearest neighbours.

Item i is joined to its neighbour j with the strength

    v_ij = exp(-max(0, d_ij - rho_i) / sigma_i),

where rho_i is the distance to the nearest, so that nobody is alone, and sigma_i is such that the
strengths sum to log2 of the number of neighbours: what is near is told by each item's own
surroundings. The two directions of a pair are put together as the probability that at least one
holds, w = v + v' - v v' (McInnes, Healy & Melville 2018, arXiv:1802.03426, 3.1 and 4.1).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.blocks import row_blocks

Float64Array = NDArray[np.float64]

ROUNDS = 64  # of Newton's method; some ten are enough but for ties
CLOSE = 1e-5  # to the wanted sum of strengths
LEAST_SHARE = 1e-3  # of a mean distance: sigma is never smaller
BLOCK_BYTES = 1 << 23


class FuzzyGraph(NamedTuple):
    """Symmetric strengths between n items, row after row.

    starts : (n + 1,) row i is others[starts[i]:starts[i + 1]], in rising order
    others : (edges,) int32, each pair from both sides
    strengths : (edges,) float32, above 0 and at most 1
    """

    starts: NDArray[np.int64]
    others: NDArray[np.int32]
    strengths: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def stronger_than(self, least: float) -> FuzzyGraph:
        """The graph without the edges below `least`."""
        kept = self.strengths >= least
        before = np.concatenate([[0], np.cumsum(kept)])
        return FuzzyGraph(before[self.starts], self.others[kept], self.strengths[kept])


def fuzzy_graph(indices: NDArray[Any], distances: NDArray[Any]) -> FuzzyGraph:
    """(n, k) neighbours and their distances, nearest first, the item itself left out.

    The number of neighbours of which log2 is taken is k + 1: it counts the item itself, as UMAP's
    `n_neighbors` does.
    """
    return join_directions(indices, memberships(distances))


def memberships(distances: NDArray[Any]) -> NDArray[np.float32]:
    """(n, k) distances, nearest first -> (n, k) strengths v_ij, from 0 to 1."""
    n, k = distances.shape
    strengths = np.empty((n, k), dtype=np.float32)
    overall = float(np.mean(distances, dtype=np.float64)) * k / (k + 1)
    for rows in row_blocks(n, 2 * k, block_bytes=BLOCK_BYTES):
        block = np.maximum(distances[rows].astype(np.float64), 0)
        strengths[rows] = _strengths(block, overall)
    return strengths


def _strengths(distances: Float64Array, overall: float) -> Float64Array:
    """overall : the mean of all distances, those of items to themselves counted too."""
    k = distances.shape[1]
    some = distances > 0
    first = some.argmax(axis=1)
    nearest = np.where(some.any(axis=1), distances[np.arange(len(distances)), first], 0.0)
    gaps = np.maximum(distances - nearest[:, None], 0)
    mean = np.where(nearest > 0, distances.sum(axis=1) / (k + 1), overall)
    with np.errstate(divide="ignore"):
        most = 1 / (LEAST_SHARE * mean)  # of 1 / sigma; infinite where all are equal
    decay = np.minimum(inverse_sigmas(gaps, np.log2(k + 1)), np.minimum(most, 1e30))
    fading: Float64Array = np.exp(-gaps * decay[:, None])
    return fading


def inverse_sigmas(gaps: Float64Array, wanted: float) -> Float64Array:
    """(n, k) gaps, at least 0 -> (n,) t with sum_j exp(-t gap_ij) = wanted; 0 where that is k.

    The sum falls and bends upwards in t, so that Newton's method from 0 comes nearer with every
    step and never passes the answer. More than `wanted` gaps of 0 have none: t grows large.
    """
    t = np.zeros(len(gaps))
    rows = np.arange(len(gaps))
    for _ in range(ROUNDS):
        fading = np.exp(-gaps[rows] * t[rows, None])
        excess = fading.sum(axis=1) - wanted
        slope = (gaps[rows] * fading).sum(axis=1)
        open_still = (excess > CLOSE) & (slope > 0)
        rows, excess, slope = rows[open_still], excess[open_still], slope[open_still]
        if not len(rows):
            break
        t[rows] += excess / slope
    return t


def join_directions(indices: NDArray[Any], strengths: NDArray[np.float32]) -> FuzzyGraph:
    """(n, k) neighbours and strengths -> the graph of v + v' - v v', which is symmetric."""
    order = np.argsort(indices, axis=1)
    others = np.take_along_axis(indices, order, 1).astype(np.int32)
    sorted_strengths = np.take_along_axis(strengths, order, 1).astype(np.float32)
    try:
        from explorer.projection.umap_kernels import merge_directions
    except ImportError:  # without Numba, the same more slowly
        return merged_by_sorting(others, sorted_strengths)
    return FuzzyGraph(*merge_directions(others, sorted_strengths))


def merged_by_sorting(indices: NDArray[np.int32], strengths: NDArray[np.float32]) -> FuzzyGraph:
    """What `umap_kernels.merge_directions` does, by sorting all pairs."""
    n, k = indices.shape
    own, others = np.repeat(np.arange(n), k), indices.reshape(-1).astype(np.int64)
    pairs, place = np.unique(
        np.concatenate([own * n + others, others * n + own]), return_inverse=True
    )
    there = np.zeros(len(pairs), dtype=np.float32)
    back = np.zeros(len(pairs), dtype=np.float32)
    there[place[: n * k]] = strengths.reshape(-1)
    back[place[n * k :]] = strengths.reshape(-1)
    joint = there + back - there * back
    pairs, joint = pairs[joint > 0], joint[joint > 0]
    starts = np.searchsorted(pairs, np.arange(n + 1) * n)
    return FuzzyGraph(starts, (pairs % n).astype(np.int32), joint)
