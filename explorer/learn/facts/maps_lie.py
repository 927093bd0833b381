"""Lesson 6: the maps of a space, and what is known of its neighbours on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from explorer.faithfulness import NeighborRanks, random_layout, ranks_of_maps
from explorer.faithfulness.preservation import point_preservation
from explorer.learn.lesson import Scene
from explorer.metric_comparison import sampled_rows
from explorer.neighbors import nearest_neighbors
from explorer.projection.pca import pca
from explorer.projection.random_projection import random_projection
from explorer.projection.umap import UmapSettings, umap
from explorer.space import EmbeddingSpace, FloatArray, IntArray

K = 10
SCORED = 200  # items whose neighbours are compared
UMAP = "UMAP"
RANDOM = "Random projection"
LAYOUT = "Random layout"  # coordinates that know nothing of the items


@dataclass(frozen=True, eq=False)
class Flattened:
    """The maps of a space and what is known of its neighbours on them.

    maps : (n, 2) coordinates by name
    umap : how the UMAP map was made
    kept : the share of the variance that the two axes of PCA hold
    ranks : of a sample of the items, for each map
    """

    maps: dict[str, FloatArray]
    umap: str
    kept: float
    ranks: dict[str, NeighborRanks]

    def preserved(self, name: str) -> float:
        """Of the K nearest in the space, how many are among the K nearest on the map."""
        return K * float(point_preservation(self.ranks[name], K).mean())


_known: WeakKeyDictionary[EmbeddingSpace, Flattened] = WeakKeyDictionary()


def umap_of(space: EmbeddingSpace) -> str:
    """The name of the UMAP map: of the one that came with the space, else of the one made here."""
    flat = (name for name, one in space.maps.items() if one.coordinates.shape[1] == 2)
    return next((name for name in flat if "umap" in name.lower()), UMAP)


def _umap(space: EmbeddingSpace) -> tuple[FloatArray, str]:
    """The UMAP map, and how it was made."""
    stored = space.maps.get(umap_of(space))
    if stored is not None:
        return stored.coordinates, f"{stored.note}; stored with the space"
    settings = UmapSettings()
    return umap(space.vectors, settings), f"{settings}; made for this lesson"


def flat(scene: Scene) -> Flattened:
    """The maps and ranks of the scene's space, computed once while it is open."""
    space = scene.space
    if space not in _known:
        n, name = len(space), umap_of(space)
        found = pca(space.vectors, 2)
        points, made = _umap(space)
        maps = {
            "PCA": found.coordinates,
            name: points,
            RANDOM: random_projection(space.vectors, 2, seed=1),
            LAYOUT: random_layout(n),
        }
        rows = sampled_rows(n, SCORED)
        ranks = ranks_of_maps(space.vectors, maps, K, rows=rows, norms=space.norms)
        _known[space] = Flattened(maps, made, float(sum(found.explained)), ranks)
    return _known[space]


def nearest_dots(points: FloatArray, row: int) -> list[int]:
    """Rows of the K dots nearest to one on a map."""
    found = nearest_neighbors(points, points[row], K, metric="euclidean", exclude=[row])
    return list(map(int, found.indices[0]))


def reach(
    points: FloatArray, rows: IntArray, others: NDArray[np.integer[Any]]
) -> NDArray[np.float64]:
    """(s,) how far each row is from its other."""
    away: NDArray[np.float64] = np.linalg.norm(points[rows] - points[others], axis=1)
    return away
