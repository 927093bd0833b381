"""One of several linked maps: its points, its colours, what is marked on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from explorer.neighbors import nearest_neighbors
from explorer.plots import map as map_plot
from explorer.plots.map import Colouring, Drawn
from explorer.plots.sampling import stratified_sample
from explorer.space import EmbeddingSpace, FloatArray, IntArray
from explorer.ui import map_marks, on_page
from explorer.ui.map_as_file import map_as_file
from explorer.ui.map_choice import MapChoice
from explorer.ui.map_component import mount_map
from explorer.ui.map_packs import packed
from explorer.ui.maps import ShownMap
from explorer.ui.state import narrowing, picked
from explorer.ui.text import literal
from explorer.ui.timed import duration

MOST_DRAWN = 40_000  # points on each of several maps, beyond that a sample
MOST_LABELS = 12
MOVING = "min(44vh, 420px)"  # height of a map that is being made
FRAME = [-1.08, 1.08, -1.08, 1.08]  # its view


@dataclass(frozen=True, eq=False)
class Paint:
    """What colours a map: how, under which name for caches, and which rows alone it is known of."""

    colours: Colouring
    key: str
    rows: IntArray | None = None


def drawn_rows(shown: ShownMap, paint: Paint) -> Drawn:
    """The rows that a map shows: all, those its paint is known of, or a sample."""
    n = len(shown.coordinates)
    if paint.rows is not None:
        return Drawn(paint.rows, n, False)
    if n <= MOST_DRAWN:
        return Drawn(np.arange(n), n, False)
    return Drawn(stratified_sample(np.arange(n), paint.colours.codes, MOST_DRAWN, seed=0), n, True)


def draw_map(
    space: EmbeddingSpace, choice: MapChoice, shown: ShownMap, place: int, paint: Paint,
    shared: Mapping[str, str | None], *, height: str, places: Sequence[dict[str, object]] = (),
) -> None:  # fmt: skip
    """Mount the map at this place of the page.

    shared : keys of the stores "near" and "selected" that all maps read
    height : in CSS
    places : of the map to mark besides, as `points_at` gives them
    """
    own = f"map{place} "
    key = f"{shown.key}:{paint.key}"
    packs = packed(
        key, space, shown.coordinates, paint.colours, place=own,
        _choose=lambda: drawn_rows(shown, paint),
    )  # fmt: skip
    drawn = packs.drawn
    name = f"projection_{place}"
    near_drawn = shared["near"] if len(drawn.rows) == len(space) else None
    selection = narrowing.any_selection()
    mine = selection is not None and selection.map == choice.drawn_on
    marks = _marks(space, shown, places)
    how_many = f"drawn {len(drawn.rows):,} of {len(space):,}"
    on_page.enter_map(
        name, map_as_file(space, shown, drawn.rows, paint.colours, marks, how_many=how_many)
    )
    mount_map(
        key=name,
        stores=packs.stores,
        data={
            **packs.slots,
            **marks,
            "place": own,
            "shared": ["near", "selected"],
            "near": near_drawn,
            "selected": shared["selected"],
            "bare": True,
            "height": height,
            "minHeight": "300px",
            "view": shown.key,
            "bounds": list(shown.view),
            "axes": list(shown.axes),
            "legend": paint.colours.legend(),
            "labels": map_plot.region_labels(shown.coordinates, paint.colours, MOST_LABELS),
            "polygon": [list(corner) for corner in selection.polygon]
            if mine and selection is not None
            else None,
            "reportViewport": False,
            "caption": f"{space.name}, {len(space):,} x {space.dimensions}; {shown.note}; "
            + how_many,
            "alt": f"Map of {space.name} by {shown.note}, {how_many}.",
        },
        on_click=lambda: map_marks.look_at_clicked(name, space),
        on_polygon=lambda: narrowing.set_selection(
            st.session_state[name].get("polygon"), choice.drawn_on
        ),
        on_viewport=lambda: None,
    )
    st.caption(literal(_caption(space, shown, drawn)))


def draw_frame(
    space: EmbeddingSpace, coordinates: FloatArray, key: str, number: int, place: int, paint: Paint
) -> None:
    """A map that is being made, as it is now: points in a fixed view, and the focus.

    coordinates : (n, 2) within [-1, 1]
    key, number : of the map, and of this frame of it
    """
    own = f"map{place} "
    shown = ShownMap("", f"{key}:{number}", coordinates, ("", ""), "")
    drawn = drawn_rows(shown, paint)
    fixed = f"{space.digest}:{paint.key}:frames"
    colours = map_plot.pack_colours(fixed, paint.colours, drawn, own)
    name = f"projection_{place}"
    stores = {
        "points": map_plot.pack_points(shown.key, coordinates, drawn, own), "colour": colours,
    }  # fmt: skip
    mount_map(
        key=name, stores=stores,
        data={
            "place": own, "points": shown.key, "colour": fixed if colours is not None else None,
            "names": None, "pictures": None, "density": None, "bare": True,
            "height": MOVING, "minHeight": "300px", "view": f"{key} moving", "bounds": FRAME,
            "axes": ["", ""], "legend": paint.colours.legend(), "labels": [],
            **map_marks.marks(space, coordinates),
            "polygon": None, "reportViewport": False, "caption": "",
            "alt": f"A map of {space.name} that is being made.",
        },
        on_click=lambda: map_marks.look_at_clicked(name, space),
        on_polygon=lambda: None, on_viewport=lambda: None,
    )  # fmt: skip


def _caption(space: EmbeddingSpace, shown: ShownMap, drawn: Drawn) -> str:
    took = "" if shown.seconds is None else f", {duration(shown.seconds)}"
    text = f"{shown.note}{took}"
    if len(drawn.rows) < len(space):
        what = "a sample, seed 0; shading: all" if drawn.sampled else "those that are scored"
        text += f"; drawn {len(drawn.rows):,} of {len(space):,} ({what})"
    return text


def _marks(
    space: EmbeddingSpace, shown: ShownMap, places: Sequence[dict[str, object]]
) -> map_marks.Marks:
    """Focus, true neighbours, those that are near on this map alone, pins and search hits."""
    focus = picked.focus_row()
    near, _ = map_marks.true_neighbors(space)
    strangers: list[int] = []
    if focus is not None and near:
        beside = near_on_map(shown.key, focus, len(near), shown)
        strangers = [row for row in beside.tolist() if row not in near]
    marks = map_marks.marks(space, shown.coordinates, near)
    marks["hits"] += places
    return {**marks, "false": map_marks.places(space.items, shown.coordinates, strangers)}


@st.cache_data(max_entries=512, show_spinner=False)
def near_on_map(key: str, row: int, k: int, _shown: ShownMap) -> IntArray:
    """(k,) rows of the items nearest to one on the map."""
    points = np.ascontiguousarray(_shown.coordinates)
    found = nearest_neighbors(points, points[[row]], k, metric="euclidean", exclude=np.array([row]))
    nearest: IntArray = found.indices[0]
    return nearest
