"""UMAP while it is made: the map moves, and can be stopped at any moment with what is there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from explorer.plots import map as map_plot
from explorer.space import EmbeddingSpace, FloatArray
from explorer.ui import cached, filtered, map_marks, umap_jobs, umap_settings
from explorer.ui.map_component import mount_map
from explorer.ui.map_packs import packed
from explorer.ui.maps import ShownMap, shown_map
from explorer.ui.state import current, shown_maps
from explorer.ui.text import literal
from explorer.ui.umap_jobs import HeldMap

TICK = 0.4  # seconds between two frames on the page
BOX = (-1.05, 1.05, -1.05, 1.05)
CLICKED = "moving_map_clicked"


def stand_in(space: EmbeddingSpace, name: str, *, key: str) -> tuple[ShownMap, bool]:
    """What there is of a map that is not made yet, and whether it was drawn here, moving.

    Above it stands how far it is, or why it is not there; PCA stands in where nothing is.
    key : of the map component
    """
    held = _running(space, name)
    if held is None:
        return _pca(space), False
    st.fragment(_moving, run_every=TICK)(space, held, key)
    return replace(_frame(space, held), note=f"{held.note}, in the making"), True


def map_or_pca(space: EmbeddingSpace, name: str) -> ShownMap:
    """The map of that name; while UMAP is made, how far it is, and PCA."""
    shown = shown_map(space, name)
    if shown is not None:
        return shown
    held = _running(filtered.whole(space), name)
    if held is not None:
        st.fragment(_waiting, run_every=TICK)(held)
    return _pca(space)


def _waiting(held: HeldMap) -> None:
    if held.finished:
        st.rerun()
    bar, cancel = st.columns([6, 1], vertical_alignment="center")
    bar.progress(held.progress, f"{held.words}. PCA is shown meanwhile.")
    cancel.button("Cancel", key="umap_cancel", on_click=_give_up, args=(held,), width="stretch")


def _running(space: EmbeddingSpace, name: str) -> HeldMap | None:
    """The map in the making; else a line that says why there is none, and a button to begin."""
    held = umap_jobs.held(space, umap_settings.chosen(name))
    if held is not None and not held.finished:
        return held
    text, button = st.columns([5, 2], vertical_alignment="center")
    if held is None:
        text.info(f"{name} of {len(space):,} items takes a while. PCA is shown meanwhile.")
        button.button(f"Compute {name}", on_click=_begin, args=(space, name), type="primary")
    else:
        reason = held.error or "UMAP was cancelled."
        text.error(f"{literal(reason, 500)} PCA is shown instead.")
        button.button("Try again", on_click=_begin, args=(space, name))
    return None


def stopped(space: EmbeddingSpace, name: str) -> None:
    """Below a map that was stopped: a way to have it made to the end."""
    held = umap_jobs.held(space, umap_settings.chosen(name))
    if held is None or held.state != "stopped":
        return
    text, button = st.columns([5, 2], vertical_alignment="center")
    text.caption(f"{literal(held.note)}.")
    button.button(
        "Make it to the end", on_click=_begin, args=(space, name), key="umap_again",
        width="stretch",
    )  # fmt: skip


def _begin(space: EmbeddingSpace, name: str) -> None:
    """Make the map from the start."""
    settings = umap_settings.chosen(name)
    umap_jobs.let_go(space, settings)
    umap_jobs.begin(space, settings)


def _moving(space: EmbeddingSpace, held: HeldMap, key: str) -> None:
    if held.finished or st.session_state.pop(CLICKED, False):
        st.rerun()
    bar, stop, cancel = st.columns([5, 1, 1], vertical_alignment="center")
    shown = _frame(space, held)
    meanwhile = "" if held.frame() is not None else ". PCA is shown meanwhile."
    bar.progress(held.progress, f"{held.words}{meanwhile}")
    if held.frame() is not None:
        stop.button(
            "Stop", key="umap_stop", on_click=held.stop, width="stretch",
            help="End now and keep the map as it is",
        )  # fmt: skip
    cancel.button("Cancel", key="umap_cancel", on_click=_give_up, args=(held,), width="stretch")
    _draw(space, held, shown, key)


def _give_up(held: HeldMap) -> None:
    held.cancel()
    shown_maps.set_map("PCA")


def _pca(space: EmbeddingSpace) -> ShownMap:
    shown = shown_map(space, "PCA")
    assert shown is not None
    return shown


def _frame(space: EmbeddingSpace, held: HeldMap) -> ShownMap:
    """The newest frame in a box of fixed size; PCA before the first."""
    frame = held.frame()
    if frame is None:
        return _pca(space)
    return ShownMap(
        "UMAP", f"{held.key}:{held.frame_number}", umap_jobs.in_unit_box(frame),
        ("UMAP 1", "UMAP 2"), f"{held.words}: {held.note}",
    )  # fmt: skip


def _draw(space: EmbeddingSpace, held: HeldMap, shown: ShownMap, key: str) -> None:
    """The frame; names and colours travel once, only the points with every frame."""
    view = current.view()
    colours = cached.colouring(space.metadata.digest, view.colour, space.metadata)
    moving = held.frame() is not None
    column = f"{space.metadata.digest}:{view.colour}" if view.colour else ""
    fixed = f"{space.digest}:moving:{column}"
    packs = packed(fixed, space, _still(space), colours)
    points = map_plot.pack_points(shown.key, shown.coordinates, packs.drawn)
    mount_map(
        key=key,
        stores={**packs.stores, "density": None, "points": points},
        data={
            **packs.slots,
            **map_marks.marks(space, shown.coordinates),
            "density": None,
            "points": shown.key,
            "view": f"{space.digest}:moving" if moving else shown.key,
            "bounds": list(BOX if moving else shown.view),
            "axes": list(shown.axes),
            "legend": colours.legend(),
            "labels": map_plot.region_labels(shown.coordinates, colours),
            "polygon": None,
            "reportViewport": False,
            "caption": f"{space.name}, {len(space):,} x {space.dimensions}; {shown.note}",
            "alt": f"Map of {space.name} while UMAP moves it: {held.words}",
        },
        on_click=lambda: _clicked(space, key),
        on_polygon=lambda: None,
        on_viewport=lambda: None,
    )


def _clicked(space: EmbeddingSpace, key: str) -> None:
    if map_marks.clicked_row(key, len(space)) is not None:
        map_marks.look_at_clicked(key, space)
        st.session_state[CLICKED] = True  # the whole page follows, not this part alone


def _still(space: EmbeddingSpace) -> FloatArray:
    """Any coordinates: which points are drawn does not depend on them while the view is whole."""
    return np.zeros((len(space), 2), dtype=np.float32)
