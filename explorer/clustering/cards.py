"""What a cluster is: its size and spread, its members, what sets it apart, what it is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.clustering.stability import nearest_center
from explorer.clustering.validity import Summary, summarize
from explorer.errors import ExplorerError
from explorer.space import FloatArray, IntArray

Float64Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Card:
    """One cluster, by rows of the space.

    number : its label
    size : items in it
    nearest : the members nearest to its mean, nearest first
    apart : the members that are most its own: far from the next cluster, near to this one's mean
    farthest : the members farthest from its mean
    spread : root mean square distance of its members to their mean
    random_spread : the same of as many items drawn at random: the baseline
    neighbor : the cluster whose mean is nearest, or None when there is no other
    distance : between both means
    border : the share of its members that are nearer to another cluster's mean than to their own
    """

    number: int
    size: int
    nearest: IntArray
    apart: IntArray
    farthest: IntArray
    spread: float
    random_spread: float
    neighbor: int | None
    distance: float
    border: float


def cards(
    vectors: ArrayLike, labels: ArrayLike, *, members: int = 8, found: Summary | None = None
) -> list[Card]:
    """A card for each cluster that has items, in the order of the labels.

    vectors : (n, d), at length 1 for clusters by cosine; distances are Euclidean
    labels : (n,), -1 for noise
    members : how many are named in each list
    found : `summarize(vectors, labels)`, where it is known

    O(n k d) time for k clusters.
    """
    points = np.asarray(vectors, dtype=np.float32)
    codes = np.asarray(labels, dtype=np.int64)
    summary = summarize(points, codes) if found is None else found
    present = np.flatnonzero(summary.sizes)
    if not len(present):
        raise ExplorerError("No item is in a cluster: there is nothing to describe.")
    variance = total_variance(points)
    apart = _between(summary.means[present])
    margins = next_distances(points, codes, summary) - summary.distances
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(summary.sizes) + int((codes < 0).sum())
    found_cards = []
    for place, number in enumerate(present.tolist()):
        rows = order[ends[number] - summary.sizes[number] : ends[number]]
        near = rows[np.argsort(summary.distances[rows], kind="stable")]
        own = rows[np.argsort(-margins[rows], kind="stable")]
        other = int(apart[place].argmin()) if len(present) > 1 else None
        found_cards.append(
            Card(
                number=number,
                size=len(rows),
                nearest=near[:members],
                apart=own[:members],
                farthest=near[::-1][:members],
                spread=float(np.sqrt(summary.inertias[number] / len(rows))),
                random_spread=random_spread(variance, len(points), len(rows)),
                neighbor=None if other is None else int(present[other]),
                distance=float("nan") if other is None else float(apart[place, other]),
                border=float((margins[rows] < 0).mean()) if other is not None else 0.0,
            )
        )
    return found_cards


def total_variance(points: FloatArray) -> float:
    """The mean squared distance of all items to their mean."""
    return summarize(points, np.zeros(len(points), dtype=np.int64)).inertia / len(points)


def random_spread(variance: float, n: int, size: int) -> float:
    """The root mean square distance to their mean that `size` of n random items have, on average.

    Squared it is the variance of all times (1 - 1 / size) n / (n - 1).
    """
    return float(np.sqrt(variance * (1 - 1 / size) * n / max(1, n - 1)))


def next_distances(points: FloatArray, codes: IntArray, found: Summary) -> Float64Array:
    """(n,) the distance of each item to the nearest mean that is not its own; inf without one."""
    present = np.flatnonzero(found.sizes)
    if len(present) < 2:
        return np.full(len(points), np.inf)
    distances = np.full(len(points), np.nan)
    for place, number in enumerate(present.tolist()):
        rows = np.flatnonzero(codes == number)
        others = np.delete(found.means[present], place, axis=0)
        nearest = nearest_center(points[rows], others)
        distances[rows] = np.linalg.norm(points[rows] - others[nearest], axis=1)
    return distances


def _between(means: Float64Array) -> Float64Array:
    """(k, k) distances between means, infinite on the diagonal."""
    off = means[:, None, :] - means[None]
    apart: Float64Array = np.sqrt(np.einsum("ijk,ijk->ij", off, off))
    np.fill_diagonal(apart, np.inf)
    return apart
