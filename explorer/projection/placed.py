"""A map of a space by its name, with what is said of it: axes, method, settings, seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.errors import ExplorerError
from explorer.projection import PROJECTIONS
from explorer.projection.pca import PCA, pca
from explorer.space import EmbeddingSpace, FloatArray, StoredMap

SEED = 1


@dataclass(frozen=True, eq=False)
class Placed:
    """name : of the method or the stored map
    coordinates : (n, 2), or (n, 3) of a stored map
    axes : titles of the two axes
    note : method, settings and seed, for captions
    kept : share of the variance that the two axes hold, where that is known
    """

    name: str
    coordinates: FloatArray
    axes: tuple[str, str]
    note: str
    kept: float | None = None


def placed(space: EmbeddingSpace, name: str = "", *, seed: int = SEED) -> Placed:
    """The map of that name: one that came with the space, else computed now.

    name : a key of `space.maps`, "PCA", "UMAP" or "Random projection"; a stored UMAP, else PCA,
        unless given
    seed : of a random projection or of UMAP; a stored map has its own
    """
    stored = next((key for key in space.maps if "umap" in key.lower()), "PCA")
    name = name or stored
    if name in space.maps:
        return stored_placed(name, space.maps[name])
    if name == "PCA":
        return pca_placed(pca(space.vectors, min(2, len(space), space.dimensions)), space)
    if name == "Random projection":
        from explorer.projection.random_projection import random_projection

        return random_placed(random_projection(space.vectors, 2, seed=seed), seed)
    if name == "UMAP":
        from explorer.projection.umap import UmapSettings, umap

        settings = UmapSettings(seed=seed)
        return Placed(name, umap(space.vectors, settings), ("UMAP 1", "UMAP 2"), str(settings))
    known = ", ".join(dict.fromkeys([*space.maps, *PROJECTIONS]))
    raise ExplorerError(f"{space.name} has no map named {name!r}; there are {known}.")


def stored_placed(name: str, stored: StoredMap) -> Placed:
    """A map that came with the space."""
    return Placed(name, stored.coordinates, (f"{name} 1", f"{name} 2"), stored.note)


def pca_placed(found: PCA, space: EmbeddingSpace) -> Placed:
    """The first two components, or the first alone where there is no second."""
    shares = found.explained
    axes = [f"PC {i + 1} ({share:.1%} of the variance)" for i, share in enumerate(shares)]
    coordinates = found.coordinates
    if len(axes) == 1:  # one item or one dimension: everything lies on a line
        axes.append("no second component")
        coordinates = np.column_stack([coordinates, np.zeros_like(coordinates)])
    note = f"PCA, the first two of {space.dimensions} components, centred"
    return Placed("PCA", coordinates, (axes[0], axes[1]), note, float(sum(shares)))


def random_placed(coordinates: FloatArray, seed: int) -> Placed:
    """Two random directions."""
    return Placed(
        "Random projection",
        coordinates,
        ("random direction 1", "random direction 2"),
        f"Gaussian random projection to 2 dimensions, seed {seed}",
    )
