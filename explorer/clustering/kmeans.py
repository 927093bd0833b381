"""k-means: k centres such that rows lie near the centre of their cluster (Lloyd 1982).

It looks for the centres c and labels l that make the sum of squared distances small,

    J = sum_i |x_i - c_(l_i)|^2,

by turns: each row goes to its nearest centre, each centre to the mean of its rows. Neither step
can raise J, so that the rounds end, in a minimum that depends on where they began.

`kmeans_reference.py` has the rounds as the textbook tells them; `lloyd.py` how most of their
distances are left out, `kmeans_seeding.py` where they begin.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import log
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.clustering.in_parts import Crew, Stop
from explorer.clustering.kmeans_seeding import SEEDINGS, first_centers, sample_sizes, seeding_sample
from explorer.clustering.lloyd import NOTHING, Lloyd, Rounds
from explorer.clustering.rows import Rows, as_they_are, rows_of
from explorer.errors import ExplorerError

OnProgress = Callable[[float], None]
ROUNDS_OF_FEW = 12  # of a preview that has no samples to begin from


@dataclass(frozen=True, eq=False)
class Clustering:
    """A partition of n rows into k clusters, each with its centre.

    labels : (n,) int32, from 0 to k - 1
    centers : (k, d) float32; spherical: of length 1
    inertia : sum of squared distances between rows and their centres, in the squared unit of the
        vectors; spherical: of the rows at length 1, so 2 n times the mean cosine distance
    iterations : updates of the centres
    converged : False where the rounds were cut off by their greatest number
    history : the objective after 0, 1, ... updates, never rising; the last is the inertia
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
    seeding: str | ArrayLike = "samples",
    starts: int = 1,
    seed: int = 0,
    tolerance: float = 1e-4,
    max_iterations: int = 300,
    threads: int | None = None,
    progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> Clustering:
    """Divide vectors into k clusters.

    vectors : (n, d), maybe a memory map; read in blocks, and copied only where they are neither
        float32 nor float64
    k : from 1 to the number of distinct vectors
    spherical : by the angle: rows count at length 1, and so do centres (Dhillon & Modha 2001); a
        row without length is as far from every centre as one at right angles
    seeding : "samples" (rounds on samples that grow, begun by k-means++; of few rows k-means++
        alone), "quick samples" (few rounds on them), "k-means++" (on a sample where
        there are many rows), "k-means||", or the first centres themselves, (k, d)
    starts : how often to begin anew, from seed, seed + 1, ...; the smallest inertia is kept
    tolerance : the rounds end when the squared movements of the centres sum to no more than this
        share of the mean variance of a dimension (as in scikit-learn), or when no label changes
    threads : at most; the result does not depend on it
    progress : called with the share done, from 0 to 1, as far as it can be foreseen
    stop : asked about twenty times a second; once it says True, `Cancelled` is raised

    The same arguments give the same result, to the bit on one kind of machine. Labels are those of
    plain rounds, but for rounding. A cluster that loses all its rows gets the row farthest from its
    centre. Cost: O(n k d) a round at most, mostly far less; memory beside the vectors: at most 26
    numbers a row, some of k d, and a sample of at most 100,000 rows.
    """
    _check(vectors, k, starts, tolerance, max_iterations)
    crew, work, report = Crew(threads, stop), _work(), progress or (lambda share: None)
    report(0.0)
    rows = rows_of(vectors, spherical, work, crew)
    given = None if isinstance(seeding, str) else _given(seeding, k, rows, spherical)
    if given is None and seeding not in SEEDINGS:
        raise ExplorerError(
            f"seeding must be {', '.join(SEEDINGS[:-1])} or {SEEDINGS[-1]}; got {seeding!r}."
        )
    best: tuple[float, int, Rounds] | None = None
    for start in range(1 if given is not None else starts):
        share = _Foreseen(start, 1 if given is not None else starts, max_iterations, report)
        random = np.random.default_rng(seed + start)
        centers = given
        if centers is None:
            centers = first_centers(rows, k, str(seeding), random, work, crew, spherical=spherical)
        share.seeded()
        lloyd = Lloyd(rows, centers, spherical=spherical, work=work, crew=crew)
        rounds = lloyd.run(tolerance, max_iterations, share.rounded)
        inertia = lloyd.inertia()
        _check_all_filled(rounds, inertia)
        if best is None or inertia < best[0]:
            best = inertia, seed + start, rounds
    assert best is not None
    inertia, kept, rounds = best
    report(1.0)
    method = _told(len(vectors), k, spherical, seeding, starts, kept, rounds)
    return clustering_of(rows, rounds, inertia, kept, method)


def mini_batch_k_means(
    vectors: NDArray[Any],
    k: int,
    *,
    spherical: bool = False,
    seed: int = 0,
    threads: int | None = None,
    progress: OnProgress | None = None,
    stop: Stop | None = None,
) -> Clustering:
    """A preview: (n, d) vectors in k clusters, nearly as tight as those of `k_means`, much sooner.

    It is `k_means` cut off after its first round, for those on samples come close (of so few rows
    that there are no samples, after some more). The arguments are those of `k_means`.
    """
    rounds = 1 if sample_sizes(len(vectors), k) else ROUNDS_OF_FEW
    found = k_means(
        vectors, k, spherical=spherical, seeding="quick samples", seed=seed,
        max_iterations=rounds, threads=threads, progress=progress, stop=stop,
    )  # fmt: skip
    return replace(found, method=f"preview: {found.method}")


def few_rounds(
    rows: NDArray[np.float32], start: NDArray[np.float32], rounds: int
) -> NDArray[np.float32]:
    """(m, d) rows near their mean, (k, d) start -> (k, d) centres after at most so many rounds.

    Nothing is asked of the rows: of equal ones there may be so many that a centre has none.
    """
    lloyd = Lloyd(as_they_are(rows), start, spherical=False, work=_work(), crew=Crew())
    return lloyd.run(0.0, rounds).centers


def clustering_of(rows: Rows, rounds: Rounds, inertia: float, seed: int, method: str) -> Clustering:
    """The outcome in the unit of the vectors."""
    unit = rows.scale**-2
    history = [max(value, inertia) * unit for value in rounds.history[:-1]]
    return Clustering(
        rounds.labels, rows.outside(rounds.centers), inertia * unit, len(history),
        rounds.converged, (*history, inertia * unit), seed, method,
    )  # fmt: skip


class _Foreseen:
    """The share done, guessed from how far the movement of the centres is from its end."""

    SEEDING = 0.1

    def __init__(self, start: int, starts: int, most: int, report: OnProgress) -> None:
        self._start, self._starts, self._most, self._report = start, starts, most, report
        self._first, self._rounds, self._share = 0.0, 0, 0.0

    def seeded(self) -> None:
        self._tell(self.SEEDING)

    def rounded(self, movement: float, end: float) -> None:
        self._rounds += 1
        self._first = max(self._first, movement)
        left = 1.0
        if 0 < end < movement < self._first:
            left = log(movement / end) / log(self._first / end)
        elif movement <= end:
            left = 0.0
        done = max(1 - left, self._rounds / self._most)
        self._tell(self.SEEDING + (1 - self.SEEDING) * done)

    def _tell(self, share: float) -> None:
        self._share = max(self._share, min(share, 1.0))
        self._report((self._start + self._share) / self._starts)


def _told(
    n: int, k: int, spherical: bool, seeding: Any, starts: int, seed: int, rounds: Rounds
) -> str:
    name = _seeding_told(n, k, seeding) if isinstance(seeding, str) else "given centres"
    best = f"best of {starts:,} starts, " if starts > 1 and isinstance(seeding, str) else ""
    count = len(rounds.history) - 1
    end = "" if rounds.converged else ", not converged"
    return (
        f"{'spherical ' * spherical}k-means, k = {k:,}, {name}, {best}"
        f"{count:,} round{'s' * (count != 1)}{end}, seed {seed}"
    )


def _seeding_told(n: int, k: int, seeding: str) -> str:
    sizes = sample_sizes(n, k) if seeding.endswith("samples") else []
    if sizes:
        return f"from {seeding} of {' and '.join(f'{size:,}' for size in sizes)}"
    name = "k-means++" if seeding.endswith("samples") else seeding
    if name == "k-means++" and n > seeding_sample(k):
        return f"k-means++ on a sample of {seeding_sample(k):,}"
    return name


def _check(vectors: Any, k: int, starts: int, tolerance: float, max_iterations: int) -> None:
    if vectors.ndim != 2 or 0 in vectors.shape:
        raise ExplorerError(f"k-means needs an (n, d) table of vectors; got {vectors.shape}.")
    if k < 1:
        raise ExplorerError(f"k must be at least 1; got {k:,}.")
    if k > len(vectors):
        raise ExplorerError(
            f"k must be at most the number of vectors, {len(vectors):,}; got {k:,}."
        )
    if starts < 1 or max_iterations < 1:
        what, got = ("starts", starts) if starts < 1 else ("max_iterations", max_iterations)
        raise ExplorerError(f"{what} must be at least 1; got {got:,}.")
    if not tolerance >= 0:
        raise ExplorerError(f"tolerance must be at least 0; got {tolerance:g}.")


def _check_all_filled(rounds: Rounds, inertia: float) -> None:
    """ExplorerError where centres are left over though all rows lie on theirs."""
    k = len(rounds.centers)
    filled = len(np.unique(rounds.labels)) if inertia <= NOTHING * len(rounds.labels) else k
    if filled < k:
        raise ExplorerError(
            f"k must be at most the number of distinct vectors, {filled:,}; got {k:,}."
        )


def _given(seeding: ArrayLike, k: int, rows: Rows, spherical: bool) -> NDArray[np.float32]:
    """(k, d) first centres that the caller brought, as rows are seen."""
    points = np.asarray(seeding, dtype=np.float64)
    d = rows.vectors.shape[1]
    if points.shape != (k, d):
        raise ExplorerError(f"The first centres must be ({k:,}, {d:,}); got {points.shape}.")
    if not np.isfinite(points).all():
        raise ExplorerError("The first centres hold a number that is not finite.")
    if spherical:
        lengths = np.linalg.norm(points, axis=1, keepdims=True)
        points = points / np.where(lengths > 0, lengths, 1)
    return rows.inside(points)


def _work() -> Any:
    """The kernels; where Numba is not installed, the same in NumPy."""
    try:
        from explorer.clustering import kmeans_kernels as work
    except ImportError:
        from explorer.clustering import kmeans_reference as work  # type: ignore[no-redef]
    return work
