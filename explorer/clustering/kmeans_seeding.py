"""Where k-means begins: centres drawn far from each other.

k-means++ (Arthur & Vassilvitskii 2007) draws rows one after another, each with a probability
proportional to the squared distance from those before it; greedily: of 2 + log k such rows the one
is taken that leaves the smallest sum. k-means|| (Bahmani et al. 2012) draws about 2 k rows at once,
five times, and picks k among them by k-means++, each counted as often as it is the nearest.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.blocks import row_blocks
from explorer.clustering.in_parts import Crew
from explorer.clustering.lloyd import Lloyd
from explorer.clustering.rows import Rows, as_they_are
from explorer.errors import ExplorerError

Floats = NDArray[np.float32]
ROWS_A_CENTER = 500  # of the sample that k-means++ draws from, for each centre
SMALLEST_SAMPLE, LARGEST_SAMPLE = 20_000, 100_000
ROUNDS = 5  # of k-means||
AT_ONCE = 2.0  # rows it draws in each, for each centre
LANES = 8  # points that distances are measured from at once, as in pack_kernels
SEEDINGS = ("k-means++", "k-means||")


def first_centers(
    rows: Rows, k: int, seeding: str, random: np.random.Generator, work: Any, crew: Crew
) -> Floats:
    """(k, d) distinct rows to begin with; ExplorerError where there are fewer distinct ones."""
    if seeding == "k-means||":
        points, weights = candidates(rows, k, random, work, crew)
    else:
        points = rows.sample(sampled(len(rows), seeding_sample(k), random))
        weights = np.ones(len(points), dtype=np.float32)
    found = plus_plus(points, weights, k, random, work, crew)
    if len(found) < k:
        points = distinct(rows, k)
        weights = np.ones(len(points), dtype=np.float32)
        found = plus_plus(points, weights, k, random, work, crew)
    return points.made(found)


def seeding_sample(k: int) -> int:
    """How many rows k-means++ draws from, where there are more."""
    return max(min(max(SMALLEST_SAMPLE, ROWS_A_CENTER * k), LARGEST_SAMPLE), 2 * k)


def sampled(n: int, size: int, random: np.random.Generator) -> NDArray[np.int64] | None:
    """Rising row numbers of a sample without repetition; None where all n rows are to be taken."""
    return np.sort(random.choice(n, size, replace=False)) if size < n else None


def plus_plus(
    rows: Rows, weights: Floats, k: int, random: np.random.Generator, work: Any, crew: Crew
) -> NDArray[np.int64]:
    """The numbers of k rows, by greedy k-means++; fewer where no other distinct ones are left.

    weights (n,) : how often each row counts
    """
    n, d = rows.vectors.shape
    tries = min(2 + int(np.log(k)), LANES)
    best = np.full(n, 3e38, dtype=np.float32)
    found = np.empty((n, LANES), dtype=np.float32)
    chances = weights.astype(np.float64)
    chosen: list[int] = []
    while len(chosen) < k:
        edges = np.cumsum(chances)
        if not edges[-1] > 0:
            break
        draws = random.random(tries if chosen else 1)  # the first is drawn like any row
        drawn = np.searchsorted(edges, draws * edges[-1], side="right")
        drawn = np.minimum(drawn, np.flatnonzero(chances)[-1])
        pack = np.zeros((d, LANES), dtype=np.float32)
        pack[:, : len(drawn)] = rows.made(drawn).T
        left = np.zeros((crew.parts, LANES))

        def measure(
            part: int, first: int, last: int, pack: Floats = pack, left: Any = left
        ) -> None:
            work.potentials(
                rows.vectors, rows.shift, rows.factors, first, last, weights, pack, best, found,
                left[part],
            )  # fmt: skip

        crew.over(n, measure, cost=LANES * d)
        winner = int(left.sum(axis=0)[: len(drawn)].argmin())
        best[:] = found[:, winner]
        np.multiply(best, weights, out=chances)
        chosen.append(int(drawn[winner]))
    return np.array(chosen, dtype=np.int64)


def candidates(
    rows: Rows, k: int, random: np.random.Generator, work: Any, crew: Crew
) -> tuple[Rows, Floats]:
    """Some 10 k rows drawn by k-means||, and how many of all rows are nearest to each."""
    n = len(rows)
    chosen = np.array([random.integers(n)])
    best, nearest = np.full(n, np.inf), np.zeros(n, dtype=np.int64)
    squares = np.empty(n)
    new = chosen
    for number in range(ROUNDS + 1):
        lloyd = Lloyd(rows, rows.made(new), spherical=False, work=work, crew=crew)
        lloyd.assign(begin=True)
        lloyd.inertia(squares)
        closer = squares < best
        best[closer] = squares[closer]
        nearest[closer] = len(chosen) - len(new) + lloyd.center_of[lloyd.labels[closer]]
        total = best.sum()
        if number == ROUNDS or not total > 0:
            break
        new = np.flatnonzero(random.random(n) * total < AT_ONCE * k * best)
        if not len(new):
            break
        chosen = np.concatenate([chosen, new])
    weights = np.bincount(nearest, minlength=len(chosen)).astype(np.float32)
    return rows.sample(chosen), weights


def distinct(rows: Rows, k: int) -> Rows:
    """Distinct rows, at least k of them."""
    found = rows.made(slice(0, 1))
    for part in row_blocks(len(rows), rows.vectors.shape[1]):
        found = np.unique(np.concatenate([found, rows.made(part)]), axis=0)
        if len(found) >= k:
            return as_they_are(found)
    raise ExplorerError(
        f"k must be at most the number of distinct vectors, {len(found):,}; got {k:,}."
    )
