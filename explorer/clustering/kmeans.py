"""k-means: k centres such that rows lie near the centre of their cluster (Lloyd 1982).

It looks for the centres c and labels l that make the sum of squared distances small,

    J = sum_i |x_i - c_(l_i)|^2,

by turns: each row goes to its nearest centre, each centre to the mean of its rows. Neither step
can raise J, so that the rounds end, in a minimum that depends on where they began.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.clustering.kmeans_reference import mean_centers, nearest_centers, seed_centers
from explorer.errors import Cancelled, ExplorerError

OnProgress = Callable[[float], None]
Stop = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class Clustering:
    """A partition of n rows into k clusters, each with its centre.

    labels : (n,) int32, from 0 to k - 1
    centers : (k, d) float32; spherical: of length 1
    inertia : sum of squared distances between rows and their centres, in the squared unit of the
        vectors; spherical: of the rows at length 1, so 2 n times the mean cosine distance
    iterations : rounds, each an assignment and an update
    converged : False where the rounds were cut off by their greatest number
    history : the objective after 0, 1, ... updates of the centres; the last is the inertia
    seed : of the start that was kept
    method : how it was made, for a status line
    """

    labels: NDArray[np.int32]
    centers: NDArray[np.float32]
    inertia: float
    iterations: int
    converged: bool
    history: tuple[float, ...]
    seed: int
    method: str

    def __len__(self) -> int:
        return len(self.centers)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """(k,) rows in each cluster."""
        return np.bincount(self.labels, minlength=len(self.centers))


def k_means(
    vectors: NDArray[Any],
    k: int,
    *,
    spherical: bool = False,
    seeding: str | NDArray[Any] = "k-means++",
    starts: int = 1,
    seed: int = 0,
    tolerance: float = 1e-4,
    max_iterations: int = 300,
    threads: int | None = None,
    progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> Clustering:
    """Divide (n, d) vectors into k clusters.

    spherical : by the angle: rows count at length 1, and so do centres (Dhillon & Modha 2001)
    seeding : "k-means++", "k-means||", or the first centres themselves, (k, d)
    starts : how often to begin anew, from seed, seed + 1, ...; the smallest inertia is kept
    tolerance : the rounds end when the squared movements of the centres sum to no more than this
        share of the mean variance of a dimension (as in scikit-learn), or when no label changes
    progress : called with the share done, from 0 to 1
    stop : asked several times a second; once it says True, Cancelled is raised
    """
    n = len(vectors)
    if k < 1:
        raise ExplorerError(f"k must be at least 1; got {k:,}.")
    if k > n:
        raise ExplorerError(f"k must be at most the number of vectors, {n:,}; got {k:,}.")
    rows = np.asarray(vectors, dtype=np.float64)
    finite = np.isfinite(rows).all(axis=1)
    if not finite.all():
        raise ExplorerError(
            f"Row {int(finite.argmin()):,} holds a number that is not finite: leave such rows out."
        )
    if spherical:
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        rows = rows / np.where(norms > 0, norms, 1)
    report = progress or (lambda share: None)
    best: Clustering | None = None
    for start in range(starts):
        if isinstance(seeding, str):
            chosen = seed_centers(rows, k, np.random.default_rng(seed + start))
            if len(chosen) < k:
                raise ExplorerError(
                    f"k must be at most the number of distinct vectors, {len(chosen):,}; got {k:,}."
                )
            centers = rows[chosen].astype(np.float64)
        else:
            centers = np.asarray(seeding, dtype=np.float64)
        bound = tolerance * float(rows.var(axis=0).mean())
        history: list[float] = []
        labels, squares = nearest_centers(rows, centers)
        history.append(float(squares.sum()))
        converged = False
        while len(history) <= max_iterations and not converged:
            if stop is not None and stop():
                raise Cancelled
            moved = mean_centers(rows, labels, squares, centers, spherical=spherical)
            shift = float(np.square(moved - centers).sum())
            centers = moved
            before = labels
            labels, squares = nearest_centers(rows, centers)
            history.append(float(squares.sum()))
            converged = shift <= bound or bool((labels == before).all())
            report((start + len(history) / (max_iterations + 1)) / starts)
        if best is None or history[-1] < best.inertia:
            name = "given centres" if not isinstance(seeding, str) else seeding
            kind = "spherical k-means" if spherical else "k-means"
            best = Clustering(
                labels, centers.astype(np.float32), history[-1], len(history) - 1, converged,
                tuple(history), seed + start,
                f"{kind}, k = {k:,}, {name}, {len(history) - 1} rounds, seed {seed + start}",
            )  # fmt: skip
    report(1.0)
    assert best is not None
    return best
