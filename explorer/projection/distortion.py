"""What a projection to m dimensions does to distances and cosines, measured on pairs of items.

The ratio |y_a - y_b|^2 / |x_a - x_b|^2 is 1 where a distance is kept; what the lemma promises of it
is told in `johnson_lindenstrauss.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.blocks import row_blocks
from explorer.errors import ExplorerError
from explorer.metrics import COSINE
from explorer.neighbors.formula import pair_scores
from explorer.pairs import Pairs, sample_pairs
from explorer.projection.pca import pca
from explorer.projection.random_projection import Kind, random_directions

Float64Array = NDArray[np.float64]
OnProgress = Callable[[float], None]

PAIRS = 5_000


@dataclass(frozen=True, eq=False)
class Distortions:
    """What a projection to m dimensions does to the squared distances of pairs.

    method : "gaussian", "sparse" or "pca"
    dimensions : m
    pairs : the pairs measured; those at distance 0 are left out, for they stay there
    ratios : (draws, p) |y_a - y_b|^2 / |x_a - x_b|^2, times `scale`
    seeds : of each draw; none for PCA
    scale : 1, or for PCA rescaled what makes the mean ratio 1, as it is for random projections
    """

    method: str
    dimensions: int
    pairs: Pairs
    ratios: Float64Array
    seeds: tuple[int, ...]
    scale: float = 1.0

    def outside(self, epsilon: float) -> float:
        """The share of ratios beyond 1 +- epsilon, over all draws."""
        return float(np.mean(np.abs(self.ratios - 1) > epsilon))

    def largest(self) -> Float64Array:
        """(draws,) the largest |ratio - 1| of each draw: the epsilon it reached."""
        largest: Float64Array = np.abs(self.ratios - 1).max(axis=1)
        return largest

    def quantile(self, share: float) -> float:
        """The |ratio - 1| that this share of the pairs stays within, over all draws."""
        return float(np.quantile(np.abs(self.ratios - 1), share))


def random_distortions(
    vectors: NDArray[Any],
    dimensions: int,
    pairs: Pairs | None = None,
    *,
    kind: Kind = "gaussian",
    density: float | None = None,
    draws: int = 5,
    seed: int = 1,
    on_progress: OnProgress | None = None,
) -> Distortions:
    """Measured distortions of several random projections, drawn with seeds seed, seed + 1, …

    pairs : 5,000 with seed 0 unless given
    kind, density : see `random_directions`
    on_progress : called with the share done; what it raises stops the work
    Only the differences of the pairs are projected: O(p d m) a draw.
    """
    if draws < 1:
        raise ExplorerError(f"draws must be at least 1; got {draws:,}.")
    pairs, differences, squares = _differences(vectors, pairs)
    seeds = tuple(range(seed, seed + draws))
    ratios = np.empty((draws, len(squares)))
    for number, one in enumerate(seeds):
        directions = random_directions(
            vectors.shape[1], dimensions, kind=kind, density=density, seed=one
        )
        ratios[number] = _projected_squares(differences, directions) / squares
        if on_progress is not None:
            on_progress((number + 1) / draws)
    return Distortions(kind, dimensions, pairs, ratios, seeds)


def pca_distortions(
    vectors: NDArray[Any],
    dimensions: int,
    pairs: Pairs | None = None,
    *,
    axes: Float64Array | None = None,
    rescaled: bool = False,
) -> Distortions:
    """Measured distortions of the first m principal components, for the same pairs.

    axes : (m or more, d) of `pca`, where they are known
    rescaled : PCA only ever shortens distances; stretched by one factor, they are kept on average
    """
    pairs, differences, squares = _differences(vectors, pairs)
    if axes is None:
        axes = pca(vectors, dimensions).axes
    if len(axes) < dimensions:
        raise ExplorerError(f"PCA has {len(axes):,} axes here; got {dimensions:,} dimensions.")
    ratios = _projected_squares(differences, axes[:dimensions].T) / squares
    mean = float(ratios.mean()) if len(ratios) else 0.0
    scale = 1 / mean if rescaled and mean > 0 else 1.0
    return Distortions("pca", dimensions, pairs, scale * ratios[None], (), scale)


class ByDimension(NamedTuple):
    """How far distances are off at several numbers of dimensions.

    dimensions : (c,) numbers of dimensions
    typical : (c,) the median of |ratio - 1|
    largest : (c,) its largest value over the pairs
    """

    dimensions: NDArray[np.int64]
    typical: Float64Array
    largest: Float64Array


def random_by_dimension(
    vectors: NDArray[Any],
    dimensions: ArrayLike,
    pairs: Pairs | None = None,
    *,
    kind: Kind = "gaussian",
    density: float | None = None,
    seed: int = 1,
) -> ByDimension:
    """Distortions of one random projection cut to its first 2, 3, … dimensions.

    The directions are independent, so the first m of them are a projection to m dimensions.
    """
    wanted = _dimensions(dimensions)
    directions = random_directions(
        vectors.shape[1], int(wanted.max()), kind=kind, density=density, seed=seed
    )
    directions *= np.sqrt(wanted.max())  # of m columns each is divided by sqrt(m)
    return _by_dimension(vectors, wanted, pairs, directions, 1 / wanted)


def pca_by_dimension(
    vectors: NDArray[Any], dimensions: ArrayLike, axes: Float64Array, pairs: Pairs | None = None
) -> ByDimension:
    """The same for the first 2, 3, … principal axes, each stretched to keep the mean ratio at 1."""
    wanted = _dimensions(dimensions)
    if len(axes) < wanted.max():
        raise ExplorerError(f"PCA has {len(axes):,} axes here; got {wanted.max():,} dimensions.")
    return _by_dimension(vectors, wanted, pairs, axes[: wanted.max()].T, None)


def _dimensions(given: ArrayLike) -> NDArray[np.int64]:
    wanted = np.asarray(given, dtype=np.int64)
    if wanted.ndim != 1 or len(wanted) == 0 or wanted.min() < 1:
        raise ExplorerError(f"dimensions must be a list of numbers from 1 up; got {given!r}.")
    return wanted


def _by_dimension(
    vectors: NDArray[Any], wanted: NDArray[np.int64], pairs: Pairs | None,
    directions: Float64Array, scales: Float64Array | None,
) -> ByDimension:  # fmt: skip
    pairs, differences, squares = _differences(vectors, pairs)
    ratios = np.empty((len(wanted), len(squares)))
    for rows in row_blocks(len(differences), directions.shape[1]):
        summed = np.cumsum(np.square(differences[rows] @ directions), axis=1)
        ratios[:, rows] = (summed[:, wanted - 1] / squares[rows, None]).T
    if scales is None:
        means = ratios.mean(axis=1)
        scales = 1 / np.where(means > 0, means, 1)
    off = np.abs(ratios * scales[:, None] - 1)
    return ByDimension(wanted, np.median(off, axis=1), off.max(axis=1))


class CosinesKept(NamedTuple):
    """Cosines of chosen pairs before a projection and after it.

    before : (p,)
    after : (draws, p)
    """

    before: Float64Array
    after: Float64Array


def cosines_kept(
    vectors: NDArray[Any],
    one: ArrayLike,
    other: ArrayLike,
    dimensions: int,
    *,
    kind: Kind = "gaussian",
    density: float | None = None,
    draws: int = 5,
    seed: int = 1,
) -> CosinesKept:
    """(p,), (p,) row numbers -> their cosines in the space and after each of several draws.

    A Gaussian projection moves a cosine by some (1 - cos^2) / sqrt(m): a right angle comes out at
    0 +- 1 / sqrt(m), and parallel vectors stay parallel.
    """
    x = vectors[np.asarray(one)].astype(np.float64)
    y = vectors[np.asarray(other)].astype(np.float64)
    after = [
        pair_scores(x @ directions, y @ directions, COSINE)
        for directions in (
            random_directions(x.shape[1], dimensions, kind=kind, density=density, seed=draw)
            for draw in range(seed, seed + draws)
        )
    ]
    return CosinesKept(pair_scores(x, y, COSINE), np.array(after))


def _differences(
    vectors: NDArray[Any], pairs: Pairs | None
) -> tuple[Pairs, Float64Array, Float64Array]:
    """The pairs apart, (p, d) their differences in float64, and (p,) squared distances."""
    pairs = sample_pairs(len(vectors), PAIRS) if pairs is None else pairs
    differences = vectors[pairs.one].astype(np.float64) - vectors[pairs.other]
    squares = np.einsum("ij,ij->i", differences, differences)
    apart = squares > 0
    if not apart.any():
        raise ExplorerError("All sampled pairs lie at one point: there are no distances to keep.")
    if apart.all():
        return pairs, differences, squares
    kept = pairs._replace(one=pairs.one[apart], other=pairs.other[apart])
    return kept, differences[apart], squares[apart]


def _projected_squares(differences: Float64Array, directions: Float64Array) -> Float64Array:
    squares = np.empty(len(differences))
    for rows in row_blocks(len(differences), directions.shape[1]):
        projected = differences[rows] @ directions
        squares[rows] = np.einsum("ij,ij->i", projected, projected)
    return squares
