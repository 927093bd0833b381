"""The visitor's training: one at a time, kept in the session, ended with it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import streamlit as st

from explorer import formats
from explorer.items import Items
from explorer.metadata import Metadata
from explorer.space import EmbeddingSpace
from explorer.training.job import TrainingJob, slow_motion
from explorer.training.progress import Trainer

MOST_SHOWN = 2_000  # items on the moving map: the first, which are the most frequent


@dataclass(frozen=True)
class Plan:
    """What pressing Play begins.

    title : "Skip-gram (SGNS) on the toy corpus"
    make : makes the trainer; an ExplorerError says what is wrong with the choice
    python : the lines that do the same from the library
    settings : what was chosen, by name
    watched : names of items to watch from the start
    facts : metadata columns for the trained items, to colour the map by
    report : a table of how good the result is, beside its baselines
    toy : True for data so small that it is learned in a second
    kernels : the task of `explorer.warm_up` that compiles what the training needs; "" for none
    """

    title: str
    make: Callable[[], Trainer]
    python: str
    settings: dict[str, Any]
    watched: tuple[str, ...] = ()
    facts: Callable[[Items], dict[str, Any]] = field(default=lambda items: {})
    report: Callable[[Trainer], dict[str, list[Any]]] | None = None
    toy: bool = False
    kernels: str = ""


@dataclass(frozen=True, eq=False)
class Training:
    """A plan that was begun.

    items, metadata : of the whole vocabulary; the map shows the first `shown` rows
    number : tells this training from the session's earlier ones
    """

    plan: Plan
    job: TrainingJob
    items: Items
    metadata: Metadata
    number: int

    @property
    def shown(self) -> int:
        return len(self.job.shown)

    def space(self) -> EmbeddingSpace:
        """The items with their vectors as they are now, and the facts known of them."""
        made = cast(EmbeddingSpace, self.job.with_lock(lambda trainer: trainer.space()))
        return made.with_metadata(self.metadata)

    def archive(self, space: EmbeddingSpace | None = None) -> bytes:
        """Vectors (.npz), settings and the whole history in one zip file.

        space : what was learned, where it was asked for already
        """
        vectors, packed = io.BytesIO(), io.BytesIO()
        formats.save(self.space() if space is None else space, vectors, format="npz")
        header = "epoch,share,loss,held_out,examples,seconds\n"
        lines = [
            f"{one.epoch!r},{one.share!r},{_cell(one.loss)},{_cell(one.held_out)},"
            f"{one.examples},{one.seconds!r}\n"
            for one in self.job.history
        ]
        about = {"title": self.plan.title, "settings": self.plan.settings}
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("vectors.npz", vectors.getvalue(), zipfile.ZIP_STORED)
            archive.writestr("settings.json", json.dumps(about, indent=2, default=str))
            archive.writestr("history.csv", header + "".join(lines))
            archive.writestr("again.py", self.plan.python + "\n")
        return packed.getvalue()


def _cell(value: float | None) -> str:
    return "" if value is None else repr(value)


def current() -> Training | None:
    """The session's training, begun or ended; None before the first."""
    return cast("Training | None", st.session_state.get("training"))


def begin(plan: Plan, *, slow: bool = False) -> Training:
    """Make the trainer and its job, paused; an earlier job of this session is ended.

    slow : in slow motion
    """
    earlier = current()
    trainer = plan.make()
    if earlier is not None:
        earlier.job.stop()
    start = trainer.space()
    facts = {**dict(start.metadata), **plan.facts(start.items)}
    metadata = Metadata(facts, rows=len(start))
    rows = [row for name in plan.watched if (row := start.items.get(name)) is not None]
    shown = np.arange(min(len(start), MOST_SHOWN))
    lasting = slow_motion(trainer) if slow else None
    job = TrainingJob(trainer, shown, watched=rows, lasting=lasting)
    number = 1 if earlier is None else earlier.number + 1
    st.session_state["training"] = Training(plan, job, start.items, metadata, number)
    return cast(Training, current())


def report(training: Training) -> dict[str, list[Any]] | None:
    """How good the result of an ended training is; computed once."""
    make = training.plan.report
    if make is None:
        return None
    key = f"report_{training.number}"
    if key not in st.session_state:
        st.session_state[key] = training.job.with_lock(make)
    return cast("dict[str, list[Any]]", st.session_state[key])


def learned(training: Training) -> EmbeddingSpace:
    """The space of an ended training; made once, and only the newest is kept."""
    kept = st.session_state.get("learned")
    if kept is None or kept[0] != training.number:
        kept = st.session_state["learned"] = training.number, training.space()
    return cast(EmbeddingSpace, kept[1])
