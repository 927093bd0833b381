"""The moving map of a training: its first items on a plane, a click watches one."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from explorer.plots import map as map_plot
from explorer.training.job import Snapshot
from explorer.ui import map_marks, training_session
from explorer.ui.map_component import mount_map
from explorer.ui.training_session import Training

FRAME = (-2.4, 2.4, -2.1, 2.1)  # of maps at unit spread
MOST_LABELS = 12
LANDMARK = 30  # the first row that is named where there are no groups
KEY = "train_map"


def training_map(training: Training, snapshot: Snapshot) -> None:
    """The first items on a plane; every frame turned onto the one before."""
    column = (training.metadata.of_kind("category") or [""])[0]
    shown = training.shown
    colours = map_plot.colouring(training.metadata.take(training.job.shown), column)
    drawn = map_plot.drawn_points(snapshot.coordinates, colours)
    frame = f"{training.number}:{snapshot.progress.examples}"
    fixed = f"{training.number}:fixed"
    names = training.items.take(range(shown))
    stores = {
        "points": map_plot.pack_points(frame, snapshot.coordinates, drawn),
        "colour": map_plot.pack_colours(fixed, colours, drawn),
        "names": map_plot.pack_names(fixed, names),
    }
    watched = [row for row in training.job.watched if row < shown]
    coordinates = snapshot.coordinates
    marked = partial(map_marks.places, training.items, coordinates)
    near = [row for row in snapshot.watched.get(watched[0], ()) if row < shown] if watched else []
    mount_map(
        key=KEY,
        stores=stores,
        data={
            "points": frame,
            "colour": fixed if stores["colour"] is not None else None,
            "names": fixed,
            "pictures": None,
            "density": None,
            "height": "min(56vh, 560px)",
            "view": f"training {training.number}",
            "bounds": list(FRAME),
            "axes": ["PC 1, turned onto the frame before", "PC 2"],
            "legend": colours.legend(),
            "focus": marked(watched[:1])[0] if watched else None,
            "neighbors": marked(near),
            "pins": marked(watched[1:]),
            "hits": [],
            "labels": map_plot.region_labels(coordinates, colours, MOST_LABELS)
            or marked(_landmarks(shown)),
            "polygon": None,
            "reportViewport": False,
            "caption": f"{training.plan.title}, epoch {snapshot.progress.epoch:.2f}",
            "alt": f"Map of {shown} items at epoch {snapshot.progress.epoch:.2f}",
        },
        on_click=_watch_clicked,
        on_polygon=lambda: None,
        on_viewport=lambda: None,
    )
    st.caption(
        f"drawn {shown:,} of {len(training.items):,} items, the most frequent first · PCA of this "
        "moment, at unit spread, turned onto the frame before (Procrustes), so that what moves is "
        "learning · click a point to watch it"
    )


def _landmarks(shown: int) -> list[int]:
    """Rows named on a map without groups: some frequent ones and ever fewer rare ones."""
    spread = np.geomspace(min(LANDMARK, shown), shown, MOST_LABELS)
    return sorted({int(place) - 1 for place in spread})


def _watch_clicked() -> None:
    training = training_session.current()
    if training is None:
        return
    row = map_marks.clicked_row(KEY, len(training.items))
    if row is not None:
        training.job.watch(row)
