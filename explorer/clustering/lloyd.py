"""Lloyd's rounds without most of their distances: bounds tell which rows can have changed.

A row keeps an upper bound of the distance to its own centre and at most 24 lower bounds of those to
all others: one for each centre (Elkan 2003), or for a few that lie together (Ding et al. 2015,
Yinyang k-means; with one for all, Hamerly 2010). When centres move, bounds are off by no more than
the way they went, so that a row is looked at only when a lower bound falls below its upper one; the
labels are those of the plain rounds, but for rounding. A row that does change its cluster is moved
from one sum to the other, and the objective follows from the sums:

    J = sum_i |x_i|^2 - 2 sum_j c_j . s_j + sum_j n_j |c_j|^2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.clustering.in_parts import Crew
from explorer.clustering.rows import Rows

LANES = 8  # centres that are compared with a row at once, as in pack_kernels
EMPTY = -1e37  # where a slot has no centre: a score that never is the largest
NOTHING = 1e-12  # a squared distance, where a dimension varies by about 1
CANCELLED = 1e-3  # of the rows' squared lengths: a smaller objective has lost digits
BOUNDS = 24  # at most: memory is a number for each row and bound

Floats = NDArray[np.float32]
Float64Array = NDArray[np.float64]


class Rounds(NamedTuple):
    """Where Lloyd's rounds ended, in the rows' own frame.

    labels (n,), centers (k, d), history of the objective after 0, 1, ... updates
    """

    labels: NDArray[np.int32]
    centers: Floats
    history: list[float]
    converged: bool


class Lloyd:
    """n rows and k centres, with what is known of their distances."""

    def __init__(
        self, rows: Rows, centers: Floats, *, spherical: bool, work: Any, crew: Crew
    ) -> None:
        n, (k, d) = len(rows), centers.shape
        self.rows, self.k, self.spherical, self.work, self.crew = rows, k, spherical, work, crew
        self.wide = -(-k // (LANES * BOUNDS))
        self.slot_of = grouped(centers, LANES * self.wide)
        self.groups = int(self.slot_of.max()) // (LANES * self.wide) + 1
        self.slots = self.groups * LANES * self.wide
        self.center_of = np.zeros(self.slots, dtype=np.int32)
        self.center_of[self.slot_of] = np.arange(k, dtype=np.int32)
        self.centers = np.zeros((self.slots, d), dtype=np.float32)
        self.centers[self.slot_of] = centers
        self.labels = np.zeros(n, dtype=np.int32)
        self.upper = np.empty(n, dtype=np.float32)
        self.bounds = self.groups
        while 2 * self.bounds <= BOUNDS and self.bounds < self.slots:
            self.bounds *= 2
        self.lower = np.empty((self.bounds, n), dtype=np.float32)
        self.travelled, self.drift = np.zeros(self.slots), np.zeros(self.bounds)
        self.sums = np.zeros((crew.parts, self.slots, d))
        self.sizes = np.zeros((crew.parts, self.slots), dtype=np.int64)
        self.squares = 0.0
        self.looked: list[float] = []  # comparisons with a group in each round, over n groups

    def assign(self, begin: bool = False) -> int:
        """Every row to its nearest centre; how many changed."""
        d = self.centers.shape[1]
        packs = self.centers.reshape(-1, LANES, d).transpose(0, 2, 1).copy()
        halves = np.full(self.slots, EMPTY, dtype=np.float32)
        own = self.centers[self.slot_of].astype(np.float64)
        halves[self.slot_of] = np.square(own).sum(axis=1) / -2
        travelled, drift = self.travelled.astype(np.float32), self.drift.astype(np.float32)
        slack = 2.0**-20 * float(self.travelled.max() + self.drift.max())
        counted = np.zeros((self.crew.parts, 3))

        def work(part: int, first: int, last: int) -> None:
            self.work.assign(
                self.rows.vectors, self.rows.shift, self.rows.factors, first, last, begin,
                self.centers, packs, halves.reshape(-1, LANES), self.wide, travelled, drift,
                np.float32(slack), self.labels, self.upper, self.lower, self.sums[part],
                self.sizes[part], counted[part],
            )  # fmt: skip

        self.crew.over(len(self.rows), work, cost=self.slots * d)
        moved, looked, squares = counted.sum(axis=0)
        self.squares += squares
        self.looked.append(looked / (len(self.rows) * self.groups))
        return int(moved)

    def objective(self) -> float:
        """J of the labels and the centres as they are, from the sums."""
        centers = self.centers.astype(np.float64)
        sums, sizes = self.sums.sum(axis=0), self.sizes.sum(axis=0)
        pull = float((centers * sums).sum())
        return max(float(self.squares - 2 * pull + sizes @ np.square(centers).sum(axis=1)), 0.0)

    def update(self) -> float:
        """Every centre to the mean of its rows; the sum of the squared movements."""
        sums, sizes = self.sums.sum(axis=0), self.sizes.sum(axis=0)
        empty = self.slot_of[sizes[self.slot_of] == 0]
        if len(empty):
            self._fill(empty, sums, sizes)
        filled = sizes > 0
        means = self.centers.astype(np.float64)
        if self.spherical:
            lengths = np.linalg.norm(sums, axis=1)
            filled &= lengths > 1e-12 * np.maximum(sizes, 1)
            means[filled] = sums[filled] / lengths[filled, None]
        else:
            means[filled] = sums[filled] / sizes[filled, None]
        centers = means.astype(np.float32)
        moved = np.linalg.norm(centers.astype(np.float64) - self.centers, axis=1)
        self.travelled += moved * (1 + 1e-6)
        self.drift += moved.reshape(self.bounds, -1).max(axis=1) * (1 + 1e-6)
        self.centers = centers
        return float(np.square(moved).sum())

    def inertia(self, out: Float64Array | None = None) -> float:
        """The sum of squared distances to the own centres; `out` (n,) is filled with each.

        Without `out` it is the objective, where that is no small difference of large sums.
        """
        if out is None:
            told = self.objective()
            if told > CANCELLED * self.squares:
                return told
            out = np.empty(0)
        sums = np.zeros(self.crew.parts)

        def work(part: int, first: int, last: int) -> None:
            sums[part] += self.work.squares(
                self.rows.vectors, self.rows.shift, self.rows.factors, first, last, self.centers,
                self.labels, out,
            )  # fmt: skip

        self.crew.over(len(self.rows), work, cost=4 * self.centers.shape[1])
        return float(sums.sum())

    def _fill(self, empty: NDArray[np.int64], sums: Float64Array, sizes: NDArray[np.int64]) -> None:
        """Give each empty cluster the row farthest from its centre, taken from another's sum.

        Where all rows lie on their centres it stays empty.
        """
        away = np.empty(len(self.rows))
        self.inertia(away)
        farthest = iter(np.argsort(-away, kind="stable"))
        for slot in empty:
            row = next((r for r in farthest if sizes[self.labels[r]] > 1), None)
            if row is None or away[row] <= NOTHING:
                return  # fewer distinct rows than centres
            vector = self.rows.made(np.array([row]))[0]
            sums[self.labels[row]] -= vector
            sizes[self.labels[row]] -= 1
            sums[slot], sizes[slot] = vector, 1

    def run(
        self,
        tolerance: float,
        max_iterations: int,
        on_round: Callable[[float, float], None] | None = None,
        enough: float = 0.0,
    ) -> Rounds:
        """Rounds until the centres stand still, or a label no longer changes.

        on_round : called after each with the squared movements and what they may be at the end
        enough : they end, too, when one improves the objective by no more than this share
        """
        bound = tolerance * self.rows.variance
        self.assign(begin=True)
        history = [self.objective()]
        converged = False
        while len(history) <= max_iterations and not converged:
            shift = self.update()
            changed = self.assign()
            history.append(self.objective())
            converged = shift <= bound or not changed
            if on_round is not None:
                on_round(shift, bound)
            if history[-2] - history[-1] < enough * history[-2]:
                break
        return Rounds(self.center_of[self.labels], self.centers[self.slot_of], history, converged)


def grouped(centers: Floats, size: int) -> NDArray[np.int64]:
    """(k,) the slot of each centre, such that those of a group of `size` slots lie together.

    Centres are halved again and again, across the line through the two that lie far apart.
    """
    slots = np.empty(len(centers), dtype=np.int64)
    groups = -(-len(centers) // size)
    waiting = [(np.arange(len(centers)), 0, groups)]
    while waiting:
        mine, first, count = waiting.pop()
        if count == 1:
            slots[mine] = first * size + np.arange(len(mine))
            continue
        points = centers[mine].astype(np.float64)
        one = points[np.square(points - points.mean(axis=0)).sum(axis=1).argmax()]
        other = points[np.square(points - one).sum(axis=1).argmax()]
        order = np.argsort(points @ (other - one), kind="stable")
        half = count // 2
        cut = len(mine) * half // count
        waiting.append((mine[order[:cut]], first, half))
        waiting.append((mine[order[cut:]], first + half, count - half))
    return slots
