"""A third dimension: PCA or UMAP, to be turned by hand."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from explorer.plots.space_3d import MOST_DRAWN, drawn_in_3d, figure_in_3d
from explorer.space import EmbeddingSpace, FloatArray
from explorer.ui import cached, projections_maps, umap_jobs
from explorer.ui.figure_component import live_figure
from explorer.ui.linked import linked
from explorer.ui.map_choice import MapChoice
from explorer.ui.map_marks import NEIGHBORS
from explorer.ui.state import current, picked, shown_maps
from explorer.ui.text import literal
from explorer.ui.umap_jobs import HeldMap

COMPONENTS = 10
BEGIN_UP_TO = 20_000  # items; a larger map is begun by a button
TICK = 0.5


@dataclass(frozen=True, eq=False)
class Map3D:
    """(n, 3) coordinates, the titles of the axes, and how they were made."""

    coordinates: FloatArray
    axes: tuple[str, str, str]
    note: str


def in_3d(space: EmbeddingSpace) -> None:
    """The map, and what its third axis adds."""
    if min(len(space), space.dimensions) < 3:
        st.info("Three components need three items and three dimensions at least.")
        return
    methods = ["PCA", "UMAP"]
    linked("method", "method_3d", "PCA", methods.__contains__)
    method = st.segmented_control("Method", methods, key="method_3d")
    made = _umap(space) if method == "UMAP" else _pca(space)
    if made is None:
        return
    focus = picked.focus_row()
    near: list[int] = []
    if focus is not None:
        found = cached.neighbors(space, focus, current.view().metric, NEIGHBORS).value
        near = found.indices[0].tolist()
    column = current.view().colour
    colours = cached.colouring(space.metadata.digest, column, space.metadata)
    rows = drawn_in_3d(len(space), colours, [focus, *near] if focus is not None else [])
    figure = figure_in_3d(
        made.coordinates, rows, space.items.take(rows.tolist()), colours, made.axes, focus, near
    )
    drawn = f"drawn {len(rows):,} of {len(space):,}" + (
        f" (above {MOST_DRAWN:,} a sample, every category seen, seed 0)"
        if len(rows) < len(space) else ""
    )  # fmt: skip
    live_figure(figure, key="map_3d", alt=f"{space.name} in three dimensions: {made.note}, {drawn}")
    st.caption(literal(f"{made.note}; {drawn}. Drag to turn, scroll to come nearer."))


def _pca(space: EmbeddingSpace) -> Map3D:
    found = cached.principal_components(space, COMPONENTS)
    shares = found.value.explained.tolist()
    names = [str(place + 1) for place in range(len(shares))]
    linked("components", "components_3d", names[:3], lambda three: set(three) <= set(names))
    asked = st.multiselect(
        "Three components", names, max_selections=3, key="components_3d",
        format_func=lambda name: f"PC {name} ({shares[int(name) - 1]:.1%})",
    )  # fmt: skip
    chosen = sorted(int(name) - 1 for name in (asked if len(asked) == 3 else names[:3]))
    kept, flat = sum(shares[place] for place in chosen), sum(shares[:2])
    st.markdown(
        f"These three hold **{kept:.1%}** of the variance; the first two of a flat map {flat:.1%}, "
        f"three directions at random about {min(1.0, 3 / space.dimensions):.1%}."
    )
    axes = [f"PC {place + 1} ({shares[place]:.1%})" for place in chosen]
    told = ", ".join(str(place + 1) for place in chosen)
    note = f"PCA, components {told} of {min(len(space), space.dimensions)}, centred"
    return Map3D(found.value.coordinates[:, chosen], (axes[0], axes[1], axes[2]), note)


def _umap(space: EmbeddingSpace) -> Map3D | None:
    """UMAP in three dimensions; None, and how far it is, while it is made."""
    compared = shown_maps.compared_maps()
    chosen = next((one for one in compared if one.method == "UMAP"), MapChoice("UMAP"))
    settings = projections_maps.umap_settings(chosen, components=3)
    held = umap_jobs.held(space, settings)
    if held is None and (len(space) <= BEGIN_UP_TO or umap_jobs.on_disk(space, settings)):
        held = umap_jobs.begin(space, settings)
    if held is None or held.state in ("failed", "cancelled"):
        why = "" if held is None else held.error or "It was cancelled."
        st.info(f"{why} UMAP of {len(space):,} items in three dimensions takes a while.".strip())
        st.button("Compute", on_click=_begin, args=(space, settings), type="primary")
        return None
    coordinates = held.coordinates
    if coordinates is None:
        _progress(held)
        return None
    return Map3D(coordinates, ("UMAP 1", "UMAP 2", "UMAP 3"), held.note)


def _begin(space: EmbeddingSpace, settings: umap_jobs.Settings) -> None:
    umap_jobs.begin(space, settings)


@st.fragment(run_every=TICK)
def _progress(held: HeldMap) -> None:
    if held.finished:
        st.rerun()
    bar, button = st.columns([5, 1], vertical_alignment="center")
    bar.progress(held.progress, literal(held.words))
    button.button("Cancel", key="cancel_3d", on_click=held.cancel, width="stretch")
