"""How much of a map is owed to its seed: the same map made with several seeds, laid on each other.

Neither place nor scale nor turning of such a map means anything, so all are brought to unit spread
and turned onto their mean (generalised Procrustes analysis; Gower 1975). What then is left of an
item's wandering, relative to the size of the map, is its spread: 0 where every seed puts it in the
same place, about 1 where it may be anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from explorer.alignment import aligned, unit_spread
from explorer.errors import ExplorerError

if TYPE_CHECKING:
    from explorer.projection.umap import UmapSettings

Float64Array = NDArray[np.float64]

ROUNDS = 20
STILL = 1e-9  # change of the mean, relative to the map's size, at which turning ends


@dataclass(frozen=True, eq=False)
class SeedStability:
    """s maps of the same n items, laid on each other.

    maps : (s, n, c) at unit spread, turned onto their mean
    mean : (n, c) where an item is on average
    spread : (n,) root mean square distance of an item's places from their mean, in units of the
        map's own (root mean square) radius
    baseline : (n,) the same when every map's places are dealt out to the items at random
    """

    maps: Float64Array
    mean: Float64Array
    spread: Float64Array
    baseline: Float64Array

    @property
    def typical(self) -> float:
        """The median spread."""
        return float(np.median(self.spread))

    @property
    def typical_baseline(self) -> float:
        """The median spread of places dealt out at random."""
        return float(np.median(self.baseline))

    def order(self) -> NDArray[np.int64]:
        """(n,) rows, those that wander most first; ties by row."""
        return np.argsort(-self.spread, kind="stable")


def seed_stability(maps: Sequence[NDArray[Any]], *, seed: int = 0) -> SeedStability:
    """Lay two or more (n, c) maps of the same items on each other, and measure their wandering.

    seed : of the baseline
    """
    if len(maps) < 2 or any(one.shape != maps[0].shape for one in maps):
        raise ExplorerError(
            "Stability is asked of two maps or more of the same items; got "
            f"{', '.join(str(one.shape) for one in maps) or 'none'}."
        )
    laid = align_maps(maps)
    mean = laid.mean(axis=0)
    random = np.random.default_rng(seed)
    dealt = align_maps([random.permutation(one) for one in laid])
    return SeedStability(laid, mean, _spread(laid), _spread(dealt))


def align_maps(maps: Sequence[NDArray[Any]]) -> Float64Array:
    """(n, c) maps -> (s, n, c) at unit spread, each turned (and mirrored) onto the mean of all."""
    laid = np.stack([unit_spread(one) for one in maps])
    target = laid[0]
    for _ in range(ROUNDS):
        laid = np.stack([aligned(one, target) for one in laid])
        mean = laid.mean(axis=0)
        if np.abs(mean - target).max() < STILL:
            break
        target = mean
    return laid


def _spread(laid: Float64Array) -> Float64Array:
    wandering = np.square(laid - laid.mean(axis=0)).sum(axis=2).sum(axis=0)
    spread: Float64Array = np.sqrt(wandering / (len(laid) - 1))
    return spread


def maps_by_seed(
    vectors: NDArray[Any],
    settings: UmapSettings,
    seeds: Sequence[int],
    *,
    on_progress: Callable[[float], None] | None = None,
) -> list[NDArray[np.float32]]:
    """One UMAP map of the vectors for each seed; the neighbours are searched once.

    on_progress : called with the share done of all; what it raises stops the work
    """
    from explorer.projection.umap import Umap

    report = on_progress or (lambda share: None)
    maps, graph = [], None
    for number, seed in enumerate(seeds):
        making = Umap(vectors, replace(settings, seed=seed), graph=graph)
        try:
            while not making.done:
                report((number + making.advance().share) / len(seeds))
        finally:
            making.close()
        graph = making.graph
        maps.append(making.coordinates())
    return maps
