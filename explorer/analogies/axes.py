"""Directions with a meaning: opposed pairs make an axis, items are placed on it, what is missed.

An axis is the mean of the directions from one end to the other of several pairs,

    u = sum_i (b_i - a_i) / |b_i - a_i|   at length 1   (vectors at length 1),

and an item's place on it is x.u, which for unit vectors is the cosine of item and axis. Two axes
make a map; what lies outside their plane is the residual. Whether the pairs have a direction in
common at all is told by the mean cosine of their differences, against pairs shuffled at random.

Kozlowski, Taddy & Evans, The geometry of culture, American Sociological Review 84, 2019 (axes);
Vylomova et al., Take and took, gaggle and goose, book and read, ACL 2016 (differences).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.analogies.analogy import unit_rows
from explorer.errors import ExplorerError
from explorer.space import EmbeddingSpace, IntArray

Float64Array = NDArray[np.float64]
Pairs = Sequence[tuple[int, int]]


class OnAxes(NamedTuple):
    """Items on m axes.

    coordinates : (r, m) cosines of item and axis, from -1 to 1
    residual : (r,) the share of each squared length outside the span of the axes, 0 to 1
    by_chance : the residual of a random direction, 1 - m / d
    crossing : (m, m) cosines of the axes: 0 where they are at right angles
    """

    coordinates: Float64Array
    residual: Float64Array
    by_chance: float
    crossing: Float64Array


class Directions(NamedTuple):
    """How parallel the differences of pairs are.

    mean : mean cosine of two of the differences, -1 to 1
    each : (p,) of every pair, the mean cosine to the others' differences
    shuffled : (s,) the mean when the second items are dealt out anew at random
    share : of the shuffles that reach the mean, counting the mean itself: (1 + reached) / (1 + s)
    """

    mean: float
    each: Float64Array
    shuffled: Float64Array
    share: float


def differences(space: EmbeddingSpace, pairs: Pairs) -> Float64Array:
    """(p, d) unit vectors from the first to the second item of each pair, items at length 1."""
    if not pairs:
        raise ExplorerError("An axis needs a pair of items at least, such as bad - good.")
    ends = np.asarray(pairs, dtype=np.int64)
    moved = unit_rows(space.vectors[ends[:, 1]]) - unit_rows(space.vectors[ends[:, 0]])
    still = np.flatnonzero(np.sqrt(np.vecdot(moved, moved)) < 1e-6)
    if len(still):
        one, other = (space.items[row] for row in ends[still[0]].tolist())
        raise ExplorerError(
            f"{one!r} and {other!r} point the same way: no direction leads between."
        )
    return unit_rows(moved)


def axis(space: EmbeddingSpace, pairs: Pairs) -> Float64Array:
    """(d,) the unit vector from the first ends of the pairs to the second."""
    mean = differences(space, pairs).mean(axis=0)
    length = float(np.linalg.norm(mean))
    if length < 1e-6:
        raise ExplorerError("The pairs cancel out: they name no direction in common.")
    unit: Float64Array = mean / length
    return unit


def on_axes(space: EmbeddingSpace, rows: IntArray, axes: Float64Array) -> OnAxes:
    """Place items, at length 1, on (m, d) unit axes that may cross at any angle."""
    unit = unit_rows(space.vectors[rows])
    directions, sizes, _ = np.linalg.svd(axes.T, full_matrices=False)
    plane = directions[:, sizes > 1e-6]  # an orthonormal basis of what the axes span
    inside = ((unit @ plane) ** 2).sum(axis=1)
    residual = np.clip(np.where(np.vecdot(unit, unit) > 0, 1 - inside, 1.0), 0, 1)
    by_chance = 1 - plane.shape[1] / space.dimensions
    return OnAxes(unit @ axes.T, residual, by_chance, axes @ axes.T)


def poles(space: EmbeddingSpace, row: int, others: IntArray) -> Float64Array:
    """(m,) cosines of one item and m others: what a polar picture shows."""
    cosines: Float64Array = unit_rows(space.vectors[others]) @ unit_rows(space.vectors[[row]])[0]
    return np.clip(cosines, -1, 1)


def parallelism(
    space: EmbeddingSpace, pairs: Pairs, *, shuffles: int = 200, seed: int = 0
) -> Directions:
    """How parallel the differences of at least two pairs are, beside shuffled pairs.

    The baseline deals the second items out anew. Two differences between two groups of items have a
    cosine above 0 whatever the pairing; what the pairing adds is what lies above the shuffles. A
    shuffled pair whose ends point the same way counts as cosine 0.
    """
    moved = differences(space, pairs)
    count = len(moved)
    if count < 2:
        raise ExplorerError("Two pairs at least are needed to see whether they are parallel.")
    ends = np.asarray(pairs, dtype=np.int64)
    starts, goals = unit_rows(space.vectors[ends[:, 0]]), unit_rows(space.vectors[ends[:, 1]])
    random = np.random.default_rng(seed)
    shuffled = np.array([
        _mean_cosine(unit_rows(goals[random.permutation(count)] - starts))
        for _ in range(shuffles)
    ])  # fmt: skip
    mean = _mean_cosine(moved)
    each = (moved @ moved.sum(axis=0) - 1) / (count - 1)
    share = (1 + int((shuffled >= mean - 1e-12).sum())) / (1 + shuffles)
    return Directions(mean, each, shuffled, share)


def _mean_cosine(unit: Float64Array) -> float:
    """The mean over all pairs of different rows: (|sum|^2 - sum of squares) / (p (p - 1))."""
    total, count = unit.sum(axis=0), len(unit)
    return float((total @ total - np.vecdot(unit, unit).sum()) / (count * (count - 1)))
