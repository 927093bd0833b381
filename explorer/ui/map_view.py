"""The map with everything marked on it: focus, neighbours, pins, search hits, selection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from explorer import catalog
from explorer.plots import map as map_plot
from explorer.plots.map_file import MapFile, map_html
from explorer.plots.sampling import MOST_DRAWN
from explorer.space import EmbeddingSpace
from explorer.ui import cached, filtered, map_marks, moving_map, on_page, umap_settings
from explorer.ui.export import add_metadata, export_menu
from explorer.ui.map_as_file import map_as_file
from explorer.ui.map_component import mount_map
from explorer.ui.map_packs import packed
from explorer.ui.maps import RANDOM_SEED, ShownMap, shown_map
from explorer.ui.python_lines import whole_lines
from explorer.ui.state import current, narrowing, zoom

KEY = "map"


@dataclass(frozen=True, eq=False)
class DrawnMap:
    """The map that is on the page, "drawn n of N" in words, and the map as files show it.

    file : None while the map still moves
    """

    map: ShownMap
    text: str
    file: MapFile | None = None


def map_of(space: EmbeddingSpace) -> DrawnMap:
    """Draw the map of the view; while UMAP makes it, it moves."""
    view = current.view()
    whole = filtered.whole(space)
    shown = shown_map(space, view.map)
    if shown is None and whole is not space:
        shown = moving_map.map_or_pca(space, view.map)
    if shown is None:
        shown, moving = moving_map.stand_in(space, view.map, key=KEY)
        if moving:
            return DrawnMap(shown, "moving: not to be selected from yet")
    colours = cached.colouring(space.metadata.digest, view.colour, space.metadata)
    viewport = zoom.viewport()
    key = f"{shown.key}:{space.metadata.digest if view.colour else ''}:{view.colour}:{viewport}"
    packs = packed(key, space, shown.coordinates, colours, viewport=viewport)
    drawn = packs.drawn
    text = f"drawn {len(drawn.rows):,} of {len(space):,}"
    if whole is not space:
        text += f" that the filter leaves of {len(whole):,}"
    if viewport is not None:
        text = f"drawn {len(drawn.rows):,} of {drawn.in_view:,} in view, of {len(space):,}"
    if drawn.sampled:
        how = "every category seen" if colours.kind == "category" else "at random"
        text += f" (a sample, {how}, seed 0; shading: all points)"
    near, scores = map_marks.true_neighbors(space)
    marks = map_marks.marks(space, shown.coordinates, near)
    selection = narrowing.selection()
    mount_map(
        key=KEY,
        stores=packs.stores,
        data={
            **packs.slots,
            **marks,
            "polygon": [list(corner) for corner in selection.polygon] if selection else None,
            "view": shown.key,
            "bounds": list(shown.view),
            "axes": list(shown.axes),
            "legend": colours.legend(),
            "labels": map_plot.region_labels(shown.coordinates, colours),
            "reportViewport": len(space) > MOST_DRAWN,
            "caption": f"{space.name}, {len(space):,} x {space.dimensions}; {shown.note}; {text}",
            "alt": _alt(space, shown, text),
        },
        on_click=lambda: map_marks.look_at_clicked(KEY, space),
        on_polygon=lambda: narrowing.set_selection(st.session_state[KEY].get("polygon")),
        on_viewport=lambda: zoom.set_viewport(st.session_state[KEY].get("viewport")),
    )
    file = map_as_file(
        space, shown, drawn.rows, colours, marks, how_many=text, scores=scores,
        python=python_of_map(space, shown),
    )  # fmt: skip
    on_page.enter_map(KEY, file)
    return DrawnMap(shown, text, file)


def below(space: EmbeddingSpace, drawn: DrawnMap) -> None:
    """How to read the map, the settings of one that is made here, and the export."""
    view, whole = current.view(), filtered.whole(space)
    known = catalog.bundled().get(view.space)
    about = f"{known.description} " if known is not None else ""
    st.markdown(
        f"{about}Each dot is an item, and near means alike, but a flat map must distort: the lines "
        "lead to the true nearest neighbours in the space, wherever the map has put them."
    )
    made_here = view.map in umap_settings.ASK_ABOVE and view.map not in space.maps
    if made_here:
        moving_map.stopped(whole, view.map)
    with st.container(horizontal=True):
        if made_here:
            umap_settings.settings_menu(whole, view.map)
        if (file := drawn.file) is not None:
            export_menu(
                lambda: coordinate_table(space, drawn.map, view.colour),
                name=f"{space.name}-{drawn.map.name}", key="map",
                python=python_of_map(space, drawn.map),
                page=lambda: map_html(file),
            )  # fmt: skip


def coordinate_table(space: EmbeddingSpace, shown: ShownMap, colour: str) -> dict[str, list[Any]]:
    """item, x, y of every item, and the column that colours the map."""
    table: dict[str, list[Any]] = {
        "item": list(space.items),
        "x": shown.coordinates[:, 0].tolist(),
        "y": shown.coordinates[:, 1].tolist(),
    }
    shown_column = {colour: space.metadata[colour]} if colour in space.metadata else {}
    return add_metadata(table, shown_column)


def python_of_map(space: EmbeddingSpace, shown: ShownMap) -> str:
    """Lines that open the space and give `xy`, the coordinates of the map."""
    lines = {
        "PCA": "from explorer.projection.pca import pca\nxy = pca(space.vectors, 2).coordinates",
        "Random projection": (
            "from explorer.projection.random_projection import random_projection\n"
            f"xy = random_projection(space.vectors, 2, seed={RANDOM_SEED})"
        ),
    }
    if shown.name in space.maps:
        found = f"xy = space.maps[{shown.name!r}].coordinates  # {shown.note}"
    elif shown.name in lines:
        found = lines[shown.name]
    else:
        settings = umap_settings.chosen(shown.name)
        module, call = ("umap", "umap") if shown.name == umap_settings.OURS else (
            "umap_learn", "umap_learn_map"
        )  # fmt: skip
        found = (
            f"from explorer.projection.{module} import {call}, {type(settings).__name__}\n"
            f"xy = {call}(space.vectors, {settings!r})"
        )
    if filtered.origin(space) is not None:
        found += f"{filtered.python_lines(space)}\nxy = xy[rows]"
    return f"{whole_lines(filtered.whole(space))}\n{found}"


def _alt(space: EmbeddingSpace, shown: ShownMap, text: str) -> str:
    focus = current.view().focus
    looked = f" Focus: {focus}; its neighbours are listed beside the map." if focus else ""
    return f"Map of {space.name} by {shown.name}, {text}.{looked}"
