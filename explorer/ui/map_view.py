"""The map with everything marked on it: focus, neighbours, pins, search hits, selection."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from explorer import catalog
from explorer.metrics import METRICS
from explorer.plots import map as map_plot
from explorer.space import EmbeddingSpace
from explorer.ui import cached, state, umap_jobs
from explorer.ui.map_component import mount_map
from explorer.ui.maps import ShownMap, shown_map
from explorer.ui.text import literal
from explorer.ui.timed import duration

KEY = "map"
NEIGHBORS = 10


@dataclass(frozen=True, eq=False)
class DrawnMap:
    """The map that is on the page, and "drawn n of N" in words."""

    map: ShownMap
    text: str


def map_of(space: EmbeddingSpace) -> DrawnMap:
    """Draw the map of the view; while UMAP is being computed, PCA stands in and says so."""
    view = state.view()
    shown = shown_map(space, view.map)
    if shown is None:
        umap_jobs.progress(space)
        shown = shown_map(space, "PCA")
        assert shown is not None
    colours = cached.colouring(space.metadata.digest, view.colour, space.metadata)
    viewport = state.viewport()
    key = f"{shown.key}:{space.metadata.digest if view.colour else ''}:{view.colour}:{viewport}"
    packs = cached.packed(key, viewport, space, shown.coordinates, colours)
    drawn = packs["drawn"]
    text = f"drawn {len(drawn.rows):,} of {len(space):,}"
    if viewport is not None:
        text = f"drawn {len(drawn.rows):,} of {drawn.in_view:,} in view, of {len(space):,}"
    if drawn.sampled:
        text += " (a sample with every category, seed 0; shading: all points)"
    slots = {slot: key if packs[slot] is not None else None for slot in packs if slot != "drawn"}
    marks = _marks(space, shown)
    mount_map(
        key=KEY,
        stores={slot: packs[slot] for slot in slots},
        data={
            **slots,
            **marks,
            "view": shown.key,
            "bounds": list(shown.view),
            "axes": list(shown.axes),
            "legend": colours.legend(),
            "labels": map_plot.region_labels(shown.coordinates, colours),
            "reportViewport": len(space) > map_plot.MOST_DRAWN,
            "caption": f"{space.name}, {len(space):,} x {space.dimensions}; {shown.note}; {text}",
            "alt": _alt(space, shown, text),
        },
        on_click=lambda: state.set_focus(_row("click", space)),
        on_polygon=lambda: state.set_selection(st.session_state[KEY].get("polygon")),
        on_viewport=lambda: state.set_viewport(st.session_state[KEY].get("viewport")),
    )
    known = catalog.bundled().get(view.space)
    about = f"{known.description} " if known is not None else ""
    st.markdown(
        f"{about}Each dot is an item, and near means alike, but a flat map must distort: the lines "
        "lead to the true nearest neighbours in the space, wherever the map has put them."
    )
    return DrawnMap(shown, text)


def _row(name: str, space: EmbeddingSpace) -> int | None:
    row = st.session_state[KEY].get(name)
    return row if isinstance(row, int) and 0 <= row < len(space) else state.focus_row()


def _marks(space: EmbeddingSpace, shown: ShownMap) -> dict[str, object]:
    """The items to mark, with their places on the map."""
    focus = state.focus_row()
    near: list[int] = []
    if focus is not None and len(space) > 1:
        found = cached.neighbors(space, focus, state.view().metric, NEIGHBORS).value
        near = found.indices[0].tolist()

    def marked(rows: list[int]) -> list[dict[str, object]]:
        return map_plot.points_at(shown.coordinates, rows, space.items.take(rows))

    selection = state.selection()
    return {
        "focus": marked([focus])[0] if focus is not None else None,
        "neighbors": marked(near),
        "pins": marked(state.pinned_rows()),
        "hits": marked(state.hits()),
        "polygon": [list(corner) for corner in selection.polygon] if selection else None,
    }


def _alt(space: EmbeddingSpace, shown: ShownMap, text: str) -> str:
    focus = state.view().focus
    looked = f" Focus: {focus}; its neighbours are listed beside the map." if focus else ""
    return f"Map of {space.name} by {shown.name}, {text}.{looked}"


def explain(space: EmbeddingSpace, drawn: DrawnMap) -> None:
    """What am I looking at? The formula with this map's numbers, the cost, the usual mistake."""
    shown = drawn.map
    with st.expander("What am I looking at?", icon=":material/help:"):
        st.markdown(
            f"**{len(space):,} items**, each with a vector of **{space.dimensions} numbers**, laid "
            f"flat: {literal(shown.note)}."
        )
        if shown.kept is not None:
            st.latex(r"y_i = W^\top (x_i - \bar x), \qquad W = \text{the two directions of largest variance}")
            st.markdown(
                f"Here the two axes hold **{shown.kept:.1%}** of the variance; the other "
                f"{1 - shown.kept:.1%} is not on the picture. Two directions taken at random would "
                f"hold about {2 / space.dimensions:.1%}."
            )
            cost = "O(n d² + d³) time, O(d²) memory beside the data"
        elif shown.name == "Random projection":
            st.latex(r"y_i = R\,x_i, \qquad R_{jk} \sim \mathcal N(0, 1/2)")
            st.markdown(
                "Squared distances are kept on average, each with a relative spread of about 100 % in "
                "two dimensions: a baseline for what a map owes to chance alone."
            )
            cost = "O(n d) time"
        else:
            st.latex(r"\min_y \sum_{ij} w_{ij}\log\frac{w_{ij}}{v_{ij}} + (1-w_{ij})\log\frac{1-w_{ij}}{1-v_{ij}}, \quad v_{ij} = (1 + a\|y_i-y_j\|^{2b})^{-1}")
            st.markdown(
                "UMAP keeps neighbourhoods and gives up distances: w is the fuzzy graph of nearest "
                "neighbours in the space, v the same graph on the map (McInnes, Healy & Melville 2018)."
            )
            cost = "about O(n log n) time for the graph, O(n) an epoch"
        took = f"; took {duration(shown.seconds)} on this server" if shown.seconds is not None else ""
        st.markdown(
            f"**Cost**: {cost}{took}.\n\n"
            "**The usual mistake**: to read distances, gaps and cluster sizes off the picture. Two dots "
            "that touch may be far apart in the space, and the nearest item may lie across the map. The "
            f"list beside the map is computed in all {space.dimensions} dimensions, by "
            f"{METRICS[state.view().metric].title.lower()}."
        )
