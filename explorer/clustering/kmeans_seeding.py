"""Where k-means begins: centres drawn far from each other.

k-means++ (Arthur & Vassilvitskii 2007) draws rows one after another, each with a probability
proportional to the squared distance from those before it; greedily: of 2 + log k such rows the one
is taken that leaves the smallest sum. k-means|| (Bahmani et al. 2012) draws about 2 k rows at once,
five times, and picks k among them by k-means++, each counted as often as it is the nearest.

Where there are many rows, both leave hundreds of rounds to do, each over all of them. Rounds on a
sample cost little and end near where rounds on all rows would (Bradley & Fayyad 1998): the best of
a few starts on a small one goes on to one of four times the rows, and so on.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.blocks import row_blocks
from explorer.clustering.in_parts import Crew
from explorer.clustering.lloyd import Lloyd, Rounds
from explorer.clustering.rows import Rows, as_they_are
from explorer.errors import ExplorerError

Floats = NDArray[np.float32]
ROWS_A_CENTER = 500  # of the sample that k-means++ draws from, for each centre
SMALLEST_SAMPLE, LARGEST_SAMPLE = 20_000, 100_000
ROUNDS = 5  # of k-means||
AT_ONCE = 2.0  # rows it draws in each, for each centre
LANES = 8  # points that distances are measured from at once, as in pack_kernels
SEEDINGS = ("samples", "quick samples", "k-means++", "k-means||")
FEWEST = 30_000  # of fewer rows there are no samples: rounds on all cost little
FIRST_SAMPLE = 10_000  # rows, or ROWS_A_CENTER for each centre
GROWTH = 4  # each sample has as many times the rows of the one before; the last half of all or less
COARSE, MOST_ROUNDS = 1e-3, 100  # tolerance and rounds on a sample
STARTS, CENTERS = 3, 60  # on the first sample: at most, and such that so many centres are drawn
SEEDS_FROM, ROWS_A_SEED = 4_000, 200  # rows of it that k-means++ draws from: at least; for each
TRIAL = 5  # rounds that tell the best of the starts
QUICK_STARTS, QUICK_ROUNDS, QUICK_MORE = 2, 20, 6  # with "quick samples": on the first, on others
QUICK_ENOUGH = 3e-4  # its rounds end where one improves the objective by no more than this share


def first_centers(
    rows: Rows, k: int, seeding: str, random: np.random.Generator, work: Any, crew: Crew,
    *, spherical: bool = False,
) -> Floats:  # fmt: skip
    """(k, d) centres to begin with; ExplorerError where there are fewer distinct rows."""
    sizes = sample_sizes(len(rows), k) if seeding.endswith("samples") else []
    if sizes:
        quick = seeding == "quick samples"
        centers = _from_samples(rows, k, sizes, quick, random, work, crew, spherical)
        if centers is not None:
            return centers
    if seeding == "k-means||":
        points, weights = candidates(rows, k, random, work, crew)
    else:
        points = rows.sample(sampled(len(rows), seeding_sample(k), random), crew)
        weights = np.ones(len(points), dtype=np.float32)
    found = plus_plus(points, weights, k, random, work, crew)
    if len(found) < k:
        points = distinct(rows, k)
        weights = np.ones(len(points), dtype=np.float32)
        found = plus_plus(points, weights, k, random, work, crew)
    return points.made(found)


def sample_sizes(n: int, k: int) -> list[int]:
    """How many rows each of the samples has, that "samples" goes through; none of few rows.

    (100_000, 20) -> [10_000, 40_000]
    """
    size = max(FIRST_SAMPLE, ROWS_A_CENTER * k)
    sizes = []
    while n >= FEWEST and size <= n // 2:
        sizes.append(size)
        size *= GROWTH
    return sizes


def _from_samples(
    rows: Rows, k: int, sizes: list[int], quick: bool, random: np.random.Generator, work: Any,
    crew: Crew, spherical: bool,
) -> Floats | None:  # fmt: skip
    """(k, d) where rounds on the samples end; None where the first has fewer distinct rows."""
    order = random.permutation(len(rows))
    parts = [rows.sample(np.sort(order[:size]), crew) for size in sizes]
    first = parts[0]
    few = first.sample(sampled(sizes[0], max(SEEDS_FROM, ROWS_A_SEED * k), random), crew)

    def rounds(part: Rows, centers: Floats, most: int) -> Rounds:
        lloyd = Lloyd(part, centers, spherical=spherical, work=work, crew=crew)
        return lloyd.run(COARSE, most, enough=QUICK_ENOUGH if quick else 0.0)

    weights = np.ones(len(few), dtype=np.float32)
    tried = []
    for _ in range(max(1, min(QUICK_STARTS if quick else STARTS, CENTERS // k))):
        found = plus_plus(few, weights, k, random, work, crew)
        if len(found) < k:
            return None
        tried.append(rounds(first, few.made(found), TRIAL))
    best = min(tried, key=lambda end: end.history[-1])
    for part in parts:
        few_rounds = QUICK_ROUNDS if part is first else QUICK_MORE
        best = rounds(part, best.centers, few_rounds if quick else MOST_ROUNDS)
    return best.centers


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
        drawn = np.minimum(drawn, np.searchsorted(edges, edges[-1]))
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
    return rows.sample(chosen, crew), weights


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
