"""What the browser needs once for a map: its points, colours, names and pictures as bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from explorer.plots import map as map_plot
from explorer.plots.map import Colouring, Drawn, View
from explorer.space import EmbeddingSpace, FloatArray


@dataclass(frozen=True, eq=False)
class Packed:
    """Bytes by slot (None: nothing to send), the key inside them, and the points drawn."""

    key: str
    stores: dict[str, bytes | None]
    drawn: Drawn

    @property
    def slots(self) -> dict[str, str | None]:
        """For map.js: which key each slot must hold."""
        return {
            slot: None if content is None else self.key for slot, content in self.stores.items()
        }


@st.cache_resource(max_entries=64, show_spinner=False)
def packed(
    key: str,
    _space: EmbeddingSpace,
    _coordinates: FloatArray,
    _colours: Colouring,
    *,
    place: str = "",
    viewport: View | None = None,
    _choose: Callable[[], Drawn] | None = None,
) -> Packed:
    """Pack a map for the browser; cached by `key`, `place` and `viewport`.

    key : names the map (its space and settings) and its colours
    place : where several maps stand on a page, what the names of this one's stores begin with
    viewport : the part that is looked at; None for the whole
    _choose : which points are drawn; as many as the map can show unless given
    """
    drawn = (
        map_plot.drawn_points(_coordinates, _colours, viewport) if _choose is None else _choose()
    )
    names = None if _space.items.are_numbers else _space.items.take(drawn.rows.tolist())
    pictures = _space.images
    bounds = viewport or map_plot.whole_view(_coordinates)
    stores = {
        "points": map_plot.pack_points(key, _coordinates, drawn, place),
        "colour": map_plot.pack_colours(key, _colours, drawn, place),
        "names": None if names is None else map_plot.pack_names(key, names, place),
        "pictures": None
        if pictures is None
        else map_plot.pack_pictures(key, pictures, drawn, place),
        "density": map_plot.pack_density(key, _coordinates, bounds, place)
        if drawn.sampled
        else None,
    }
    return Packed(key, stores, drawn)
