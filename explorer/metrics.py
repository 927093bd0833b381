"""Five ways to say how alike two vectors are, each by its formula, direction, range and unit.

dot        x . y                    larger is nearer   grows with both norms
cosine     x . y / (|x| |y|)        larger is nearer   the angle alone; 0 when either vector is zero
Euclidean  |x - y|                  smaller is nearer  the length of the difference
Manhattan  sum_i |x_i - y_i|        smaller is nearer  no one coordinate can outweigh the others
angular    arccos of the cosine     smaller is nearer  ranks as the cosine does, and is a distance

On unit vectors all but Manhattan rank alike: |x - y|^2 = 2 - 2 x.y (Manning, Raghavan & Schütze,
Introduction to Information Retrieval, 2008, 6.3). Manhattan alone depends on how the axes lie.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.errors import ExplorerError

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Metric:
    """A metric: the name in code, the name on screen, and how to read its numbers.

    formula : LaTeX, in terms of x and y
    larger_is_nearer : True for similarities, False for distances
    lowest, highest : the range; infinite where unbounded
    unit : what one unit of the score is, in words
    pairwise : (n, d), (q, d) -> (q, n) scores in float64, by the formula
    by_products : True where inner products and norms give the order, so that a matrix product can
        search
    """

    name: str
    title: str
    formula: str
    larger_is_nearer: bool
    lowest: float
    highest: float
    unit: str
    pairwise: Callable[[ArrayLike, ArrayLike], Scores]
    by_products: bool = True

    def distance(self, scores: NDArray[Any]) -> NDArray[Any]:
        """Scores turned so that smaller is nearer: 1 - cos, the distance itself, minus the dot."""
        if not self.larger_is_nearer:
            return scores
        return 1 - scores if self.name == "cosine" else -scores

    def __str__(self) -> str:
        return self.name

    @property
    def how_to_read(self) -> str:
        """Which way is near, from where to where, and in what unit: a sentence."""
        near = "Larger is nearer" if self.larger_is_nearer else "Smaller is nearer"
        ends = [f"{end:.3g}" for end in (self.lowest, self.highest) if np.isfinite(end)]
        span = f"from {' to '.join(ends)}{' up' if len(ends) == 1 else ''}" if ends else "no bounds"
        return f"{near}; {span}. Unit: {self.unit}."


def _rows(vectors: ArrayLike) -> Scores:
    rows = np.asarray(vectors, dtype=np.float64)
    return rows[None] if rows.ndim == 1 else rows


def dot(vectors: ArrayLike, queries: ArrayLike) -> Scores:
    """(n, d), (q, d) -> (q, n) inner products. dot([3, 4], [1, 2]) -> [[11]]."""
    return _rows(queries) @ _rows(vectors).T


def cosine(vectors: ArrayLike, queries: ArrayLike) -> Scores:
    """(n, d), (q, d) -> (q, n) cosines from -1 to 1; a zero vector has cosine 0 to every vector.

    Each row is first divided by its largest value, so that no square over- or underflows.
    cosine([1, 1], [1, 0]) -> [[0.7071…]].
    """
    return np.clip(_unit(_rows(queries)) @ _unit(_rows(vectors)).T, -1, 1)


def euclidean(vectors: ArrayLike, queries: ArrayLike) -> Scores:
    """(n, d), (q, d) -> (q, n) distances, from the differences: no cancellation when near.

    euclidean([0, 3], [4, 0]) -> [[5]].
    """
    rows, columns = _rows(queries), _rows(vectors)
    distances = np.empty((len(rows), len(columns)))
    for i, query in enumerate(rows):
        difference = columns - query
        distances[i] = np.sqrt(np.einsum("ij,ij->i", difference, difference))
    return distances


def manhattan(vectors: ArrayLike, queries: ArrayLike) -> Scores:
    """(n, d), (q, d) -> (q, n) sums of absolute differences. manhattan([0, 3], [4, 0]) -> [[7]]."""
    rows, columns = _rows(queries), _rows(vectors)
    return np.stack([np.abs(columns - query).sum(axis=1) for query in rows])


def angular(vectors: ArrayLike, queries: ArrayLike) -> Scores:
    """(n, d), (q, d) -> (q, n) angles in degrees; a zero vector stands at 90 to every vector.

    angular([1, 1], [1, 0]) -> [[45]].
    """
    return np.degrees(np.arccos(cosine(vectors, queries)))


def _unit(rows: Scores) -> Scores:
    scale = np.abs(rows).max(axis=1, keepdims=True)
    rows = rows / np.where(scale > 0, scale, 1)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(norms > 0, norms, 1)


DOT = Metric(
    "dot", "Dot product", r"x \cdot y = \sum_i x_i y_i", True, -np.inf, np.inf,
    "product of both norms and the cosine", dot,
)  # fmt: skip
COSINE = Metric(
    "cosine", "Cosine similarity", r"\cos(x, y) = \frac{x \cdot y}{\|x\|\,\|y\|}", True, -1, 1,
    "cosine of the angle", cosine,
)  # fmt: skip
EUCLIDEAN = Metric(
    "euclidean", "Euclidean distance", r"\|x - y\| = \sqrt{\sum_i (x_i - y_i)^2}", False, 0, np.inf,
    "unit of the vectors", euclidean,
)  # fmt: skip

MANHATTAN = Metric(
    "manhattan", "Manhattan distance", r"\|x - y\|_1 = \sum_i |x_i - y_i|", False, 0, np.inf,
    "unit of the vectors", manhattan, by_products=False,
)  # fmt: skip
ANGULAR = Metric(
    "angular", "Angular distance", r"\theta(x, y) = \arccos \frac{x \cdot y}{\|x\|\,\|y\|}",
    False, 0, 180, "degree", angular, by_products=False,
)  # fmt: skip

METRICS = {metric.name: metric for metric in (COSINE, DOT, EUCLIDEAN, MANHATTAN, ANGULAR)}


def get_metric(metric: str | Metric) -> Metric:
    """The metric of that name; the error lists the names there are."""
    if isinstance(metric, Metric):
        return metric
    if metric not in METRICS:
        raise ExplorerError(f"metric must be one of {', '.join(METRICS)}; got {metric!r}.")
    return METRICS[metric]
