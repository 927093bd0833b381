"""The map that is shown: stored with the space, computed at once, or by UMAP in the background."""

from __future__ import annotations

from dataclasses import dataclass, replace

from explorer.plots.map import View, whole_view
from explorer.projection.placed import SEED, Placed, pca_placed, random_placed, stored_placed
from explorer.space import EmbeddingSpace, FloatArray
from explorer.ui import cached, filtered, umap_jobs, umap_settings

RANDOM_SEED = SEED


@dataclass(frozen=True, eq=False)
class ShownMap:
    """Coordinates to draw and everything the page says of them.

    name : as the picker lists it
    key : names the coordinates for caches: the space's digest, the method and its settings
    axes : titles of the two axes
    note : method, settings and seed, for the status line
    kept : share of the variance that the two axes hold, where that is known
    seconds : what computing took on this server; None where it was stored
    bounds : of the whole map, where the coordinates are those of a part
    """

    name: str
    key: str
    coordinates: FloatArray
    axes: tuple[str, str]
    note: str
    kept: float | None = None
    seconds: float | None = None
    bounds: View | None = None

    @property
    def view(self) -> View:
        """The bounds of the whole map."""
        return self.bounds or whole_view(self.coordinates)


def shown_map(space: EmbeddingSpace, name: str) -> ShownMap | None:
    """The map of that name; None while UMAP is still to be made.

    What a filter leaves keeps its place on the map of all items.
    """
    part = filtered.origin(space)
    if part is not None:
        of_all = shown_map(part.whole, name)
        return of_all and replace(
            of_all, key=f"{of_all.key}:{space.digest}", coordinates=of_all.coordinates[part.rows],
            bounds=of_all.view, note=f"{of_all.note}, made of all {len(part.whole):,} items",
        )  # fmt: skip
    if name == "PCA":
        components = cached.principal_components(space)
        found = pca_placed(components.value, space)
        return _shown(found, f"{space.digest}:pca", components.seconds)
    if name in space.maps:
        return _shown(stored_placed(name, space.maps[name]), f"{space.digest}:{name}")
    if name == "Random projection":
        timed = cached.random_map(space.digest, RANDOM_SEED, space)
        found = random_placed(timed.value, RANDOM_SEED)
        return _shown(found, f"{space.digest}:random:{RANDOM_SEED}", timed.seconds)
    return _umap_map(space, name)


def _shown(found: Placed, key: str, seconds: float | None = None) -> ShownMap:
    return ShownMap(found.name, key, found.coordinates, found.axes, found.note, found.kept, seconds)


def _umap_map(space: EmbeddingSpace, name: str) -> ShownMap | None:
    settings = umap_settings.chosen(name)
    held = umap_jobs.held(space, settings)
    small = len(space) <= umap_settings.ASK_ABOVE[name]
    if held is None and (small or umap_jobs.on_disk(space, settings)):
        held = umap_jobs.begin(space, settings)
    if held is None or held.coordinates is None:
        return None
    axes = ("UMAP 1", "UMAP 2")
    return ShownMap(name, held.key, held.coordinates, axes, held.note, seconds=held.seconds)
