"""Do trainings that differ in their seed alone find the same neighbours? Item by item.

    overlap@k of an item in two spaces = |its k nearest in one, and in the other| / k

averaged over every two of the spaces: 1 where all agree, k / (n - 1) where neighbours are random.
Neighbours of rare words are often an accident of the seed (Hellrich & Hahn, COLING 2016; Antoniak &
Mimno, TACL 2018; Wendlandt, Kummerfeld & Mihalcea, NAACL 2018).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.rank_agreement import shared_per_line, spearman_rho
from explorer.space import IntArray

Float64Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Stability:
    """The neighbours of r items in s spaces of the same n items.

    rows : (r,) the items
    neighbors : (s, r, k) rows, nearest first, the item itself left out
    n : items in each space
    """

    rows: IntArray
    neighbors: IntArray
    n: int

    def __post_init__(self) -> None:
        shape = self.neighbors.shape
        if len(shape) != 3 or shape[0] < 2 or shape[1] != len(self.rows):
            raise ExplorerError(
                "Stability is asked of two spaces or more, and of the same items in each; got "
                f"neighbours of shape {shape} for {len(self.rows):,} items."
            )

    @property
    def k(self) -> int:
        return int(self.neighbors.shape[2])

    @property
    def spaces(self) -> int:
        return len(self.neighbors)

    @cached_property
    def pairs(self) -> dict[tuple[int, int], Float64Array]:
        """Of every two spaces the (r,) overlap@k of each item."""
        return {
            (one, other): shared_per_line(self.neighbors[one], self.neighbors[other]) / self.k
            for one, other in combinations(range(self.spaces), 2)
        }

    @cached_property
    def overlaps(self) -> Float64Array:
        """(r,) the mean overlap@k of each item over every two spaces, from 0 to 1."""
        return np.mean(list(self.pairs.values()), axis=0)  # type: ignore[no-any-return]

    @property
    def chance(self) -> float:
        """The overlap@k to expect of random spaces: k / (n - 1)."""
        return self.k / (self.n - 1)

    def random_overlaps(self, seed: int = 0) -> Float64Array:
        """(r,) what `overlaps` is for random spaces: each item's neighbours are any k others."""
        others = self.n - 1 - self.k
        drawn = np.random.default_rng(seed).hypergeometric(
            self.k, others, self.k, (len(self.pairs), len(self.rows))
        )
        return drawn.mean(axis=0) / self.k  # type: ignore[no-any-return]

    def order(self) -> IntArray:
        """(r,) places in `rows`, the least stable first; ties by row."""
        return np.lexsort((self.rows, self.overlaps))

    def correlation(self, values: NDArray[Any]) -> float:
        """Spearman's rho of the overlaps and (r,) a number of each item, such as its frequency."""
        return spearman_rho(self.overlaps, values)
