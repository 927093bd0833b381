"""A map in the colours of clusters, one of several on a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from explorer.plots import map as map_plot
from explorer.plots.map import Colouring
from explorer.space import EmbeddingSpace
from explorer.ui import moving_map, state
from explorer.ui.map_component import mount_map
from explorer.ui.maps import ShownMap, shown_map

MOST_LABELS = 20


def map_of_view(space: EmbeddingSpace) -> ShownMap:
    """The map of the sidebar; while UMAP is being computed PCA stands in and says so."""
    shown = shown_map(space, state.view().map)
    if shown is None:
        moving_map.progress(space, state.view().map)
        shown = shown_map(space, "PCA")
        assert shown is not None
    return shown


@st.cache_resource(max_entries=24, show_spinner=False)
def _packed(
    key: str, place: str, _space: EmbeddingSpace, _shown: ShownMap, _colours: Colouring
) -> dict[str, Any]:
    """What the browser needs once: bytes by slot, and the points drawn."""
    coordinates = _shown.coordinates
    drawn = map_plot.drawn_points(coordinates, _colours)
    names = None if _space.items.are_numbers else _space.items.take(drawn.rows.tolist())
    pictures = _space.images
    packs: dict[str, Any] = {
        "points": map_plot.pack_points(key, coordinates, drawn, place),
        "colour": map_plot.pack_colours(key, _colours, drawn, place),
        "names": None if names is None else map_plot.pack_names(key, names, place),
        "pictures": None,
        "density": None,
    }
    if pictures is not None:
        packs["pictures"] = map_plot.pack_pictures(key, pictures, drawn, place)
    if drawn.sampled:
        packs["density"] = map_plot.pack_density(key, coordinates, _shown.view, place)
    return {"drawn": drawn, "stores": packs}


def cluster_map(
    space: EmbeddingSpace, shown: ShownMap, colours: Colouring, colours_key: str, *, name: str,
    height: str, alone: bool = True,
) -> str:  # fmt: skip
    """Draw the map; "drawn n of N" in words.

    colours_key : names the colours for caches
    name : of the component, and of its stores where the map is not alone on the page
    """
    place = "" if alone else f"{name} "
    key = f"{shown.key}:{colours_key}"
    packs = _packed(key, place, space, shown, colours)
    stores, drawn = packs["stores"], packs["drawn"]
    text = f"drawn {len(drawn.rows):,} of {len(space):,}"
    if drawn.sampled:
        text += " (a sample, every cluster seen, seed 0; shading: all points)"
    focus = state.focus_row()

    def marked(rows: list[int]) -> list[dict[str, object]]:
        return map_plot.points_at(shown.coordinates, rows, space.items.take(rows))

    mount_map(
        key=name,
        stores=stores,
        data={
            **{slot: None if stores[slot] is None else key for slot in stores},
            "place": place,
            "bare": not alone,
            "height": height,
            "minHeight": "300px",
            "view": shown.key,
            "bounds": list(shown.view),
            "axes": list(shown.axes),
            "legend": colours.legend(),
            "labels": map_plot.region_labels(shown.coordinates, colours, MOST_LABELS),
            "focus": marked([focus])[0] if focus is not None else None,
            "neighbors": [],
            "pins": marked(state.pinned_rows()),
            "hits": marked(state.hits()),
            "polygon": None,
            "reportViewport": False,
            "caption": f"{space.name}, {len(space):,} x {space.dimensions}; {shown.note}; "
            f"{colours.title}; {text}",
            "alt": f"Map of {space.name} by {shown.name}, coloured by {colours.title}; {text}.",
        },
        on_click=_look_at(name, space),
        on_polygon=lambda: None,
        on_viewport=lambda: None,
    )
    return text


def _look_at(name: str, space: EmbeddingSpace) -> Callable[[], None]:
    def look() -> None:
        row = st.session_state[name].get("click")
        if isinstance(row, int) and 0 <= row < len(space):
            state.set_focus(row)

    return look
