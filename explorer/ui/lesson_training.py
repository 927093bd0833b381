"""A training within a lesson: it plays as soon as it is revealed, and can be played again."""

from __future__ import annotations

from typing import cast

import numpy as np
import streamlit as st

from explorer.learn.pictures import Dots, Live
from explorer.plots.lessons import figure
from explorer.plots.training import loss_curve
from explorer.training.job import TrainingJob
from explorer.ui.figure_component import live_figure
from explorer.ui.text import literal, number

TICK = 0.4  # seconds between looks at it
MOST_DOTS = 500
JOB = "lesson_job"
PICTURE_HEIGHT, LOSS_HEIGHT = 230, 165


def live_training(picture: Live, *, key: str) -> None:
    """The loss and the moving map of a training that this session began, or begins now."""
    job = _job(picture, key)
    st.fragment(_watch, run_every=None if job.finished else TICK)(picture, job, key)


def _job(picture: Live, key: str) -> TrainingJob:
    """The session's training of this picture; another one's is ended."""
    kept = cast("tuple[str, TrainingJob] | None", st.session_state.get(JOB))
    if kept is not None and kept[0] == key:
        return kept[1]
    _begin(picture, key)
    return cast("tuple[str, TrainingJob]", st.session_state[JOB])[1]


def _begin(picture: Live, key: str) -> None:
    kept = st.session_state.pop(JOB, None)
    if kept is not None:
        kept[1].stop()
    trainer = picture.make()
    items = trainer.space().items
    watched = [row for name in picture.watched if (row := items.get(name)) is not None]
    shown = np.arange(min(len(items), MOST_DOTS))
    job = TrainingJob(trainer, shown, watched=watched, k=5, lasting=picture.lasting)
    job.play()
    st.session_state[JOB] = key, job


def _watch(picture: Live, job: TrainingJob, key: str) -> None:
    job.touch()
    if job.error is not None:
        st.error(literal(job.error, 500), icon=":material/error:")
    ended = f"{key}_ended"
    if job.finished and st.session_state.get(ended) is not job:
        st.session_state[ended] = job
        st.rerun()
    items = job.trainer.space().items
    snapshot = job.snapshots[-1]
    dots = figure(
        Dots(
            "",
            snapshot.coordinates,
            [(row, items[row]) for row in job.watched if row < len(snapshot.coordinates)],
        )
    )
    dots["layout"] |= {"height": PICTURE_HEIGHT, "uirevision": "kept"}
    live_figure(
        dots, key=f"{key}_map", alt=f"Map of the words at epoch {snapshot.progress.epoch:.1f}"
    )
    curve = loss_curve(job.history)
    curve["layout"]["height"] = LOSS_HEIGHT
    losses = [one.loss for one in job.history if one.loss is not None]
    told = f"from {number(losses[0])} to {number(losses[-1])}" if losses else "not measured yet"
    live_figure(curve, key=f"{key}_loss", alt=f"The loss, {told}")
    near = [
        f"{literal(items[row])}: {', '.join(map(literal, items.take(list(rows))))}"
        for row, rows in snapshot.watched.items()
    ]
    st.caption(" · ".join([f"epoch {snapshot.progress.epoch:.1f}", *near]))
    if job.finished:
        st.button("Play again", key=f"{key}_again", on_click=_begin, args=(picture, key),
                  icon=":material/replay:")  # fmt: skip
