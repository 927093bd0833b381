"""The vectors as k-means sees them: moved to their mean and scaled, or at length 1; not copied."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.clustering.in_parts import Crew
from explorer.errors import ExplorerError

Floats = NDArray[np.float32]
SAMPLE = 4096  # rows that tell where the middle is


@dataclass(frozen=True, eq=False)
class Rows:
    """n rows (x - shift) factor, of which only x is stored.

    vectors : (n, d) float32 or float64, maybe a memory map
    shift : (d,) of the same kind: the mean; spherical: zeros
    factors : (n,) float32, or (1,): one for all
    scale : the factor of all; 1 where each has its own
    variance : of a dimension, on average
    """

    vectors: NDArray[Any]
    shift: NDArray[Any]
    factors: Floats
    scale: float
    variance: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "vectors", fixed(self.vectors))

    def __len__(self) -> int:
        return len(self.vectors)

    def sample(self, chosen: NDArray[np.int64] | None, crew: Crew) -> Rows:
        """Some of the rows, copied; None: these rows."""
        if chosen is None:
            return self
        factors = self.factors[chosen] if len(self.factors) > 1 else self.factors
        copy = np.empty((len(chosen), self.vectors.shape[1]), dtype=self.vectors.dtype)

        def take(part: int, first: int, last: int) -> None:
            here = slice(first, last)
            self.vectors.take(chosen[here], axis=0, out=copy[here], mode="clip")

        crew.over(len(chosen), take, cost=4 * copy.shape[1])
        return replace(self, vectors=copy, factors=factors)

    def made(self, chosen: NDArray[np.int64] | slice) -> Floats:
        """(m, d) float32 rows themselves."""
        factors = self.factors[chosen][:, None] if len(self.factors) > 1 else self.factors
        return np.asarray((self.vectors[chosen] - self.shift) * factors, dtype=np.float32)

    def inside(self, points: NDArray[Any]) -> Floats:
        """Points of the vectors' space, moved and scaled as the rows are (not to length 1)."""
        moved = (np.asarray(points, dtype=np.float64) - self.shift) * self.scale
        return np.asarray(moved, dtype=np.float32)

    def outside(self, points: Floats) -> Floats:
        """The same points in the vectors' space again."""
        back = points.astype(np.float64) / self.scale + self.shift
        return np.asarray(back, dtype=np.float32)


def fixed(array: NDArray[Any]) -> NDArray[Any]:
    """The same numbers, not to be written: Numba compiles a kernel for each of the two kinds."""
    view = array.view()
    view.setflags(write=False)
    return view


def rows_of(vectors: NDArray[Any], spherical: bool, work: Any, crew: Crew) -> Rows:
    """Measure (n, d) vectors, by one pass; ExplorerError where a number is not finite."""
    if vectors.dtype not in (np.float32, np.float64) or not vectors.flags.c_contiguous:
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    vectors = fixed(np.asarray(vectors))
    n, d = vectors.shape
    about = np.zeros(d)
    if not spherical:
        some = vectors[:: max(1, n // SAMPLE)].astype(np.float64)
        about = np.nan_to_num(some.mean(axis=0), posinf=0, neginf=0)
    factors = np.empty(n if spherical else 0, dtype=np.float32)
    sums, counted = np.zeros((crew.parts, d)), np.zeros((crew.parts, 2))

    def measure(part: int, first: int, last: int) -> None:
        work.moments(vectors, about, first, last, factors, sums[part], counted[part])

    crew.over(n, measure, cost=8 * d)
    total, _ = counted.sum(axis=0)
    if not np.isfinite(total):
        raise ExplorerError(_not_finite(vectors))
    off = sums.sum(axis=0) / n
    variance = max(total / n - float(np.square(off).sum()), 0.0) / d
    if spherical:
        return Rows(vectors, np.zeros(d, dtype=vectors.dtype), factors, 1.0, variance)
    scale = float(2.0 ** -np.round(np.log2(variance) / 2)) if variance > 0 else 1.0
    return Rows(
        vectors, (about + off).astype(vectors.dtype), np.array([scale], dtype=np.float32),
        scale, variance * scale * scale,
    )  # fmt: skip


def as_they_are(points: Floats) -> Rows:
    """(m, d) points as rows, neither moved nor scaled."""
    return Rows(points, np.zeros_like(points[0]), np.ones(1, dtype=np.float32), 1.0, 0.0)


def _not_finite(vectors: NDArray[Any]) -> str:
    for row, vector in enumerate(vectors):
        if not np.isfinite(vector).all():
            return f"Row {row:,} holds a number that is not finite: leave such rows out."
    return "The vectors hold numbers too large to square: divide them all by the largest."
