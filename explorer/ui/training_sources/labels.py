"""Vectors with labels: a map is learned over the space that is open, so that neighbours agree."""

from __future__ import annotations

from typing import Any, cast

import streamlit as st

from explorer.formats import load
from explorer.limits import UPLOAD
from explorer.metadata import categories
from explorer.space import EmbeddingSpace
from explorer.training.metric_learning import (
    TITLES,
    MetricSettings,
    MetricTrainer,
    retrieval_before_and_after,
)
from explorer.training.progress import Trainer
from explorer.ui.linked import linked
from explorer.ui.python_lines import opening_lines
from explorer.ui.settings_form import settings_form
from explorer.ui.state import current
from explorer.ui.text import literal
from explorer.ui.training_session import Plan
from explorer.ui.training_sources.objectives import keywords, python_training
from explorer.ui.training_sources.uploads import read_once

SETTINGS = ("objective", "dimensions", "hidden", "epochs", "learning_rate")
SMALL = 5_000  # items, learned in seconds
MOST_LABELS = 200


def open_space_and_labels() -> Plan | None:
    """The space of the sidebar and one of its columns; None where no column will do."""
    space = current.space()
    return _plan(space, opening_lines(space), "Choose another space in the sidebar.")


def own_labelled_vectors() -> Plan | None:
    """Vectors that the visitor uploads, with their labels; None until there are some."""
    file = st.file_uploader("Vectors, in any format that the Data page opens", key="train_vectors")
    told = st.file_uploader(
        "Their labels: a table with a row for each item (may be left out)", key="train_labels"
    )
    if file is None:
        st.info("Upload vectors with labels: a table with a column of them, or two files.")
        return None
    space = read_once(
        "train_labelled", file, None if told is None else told.file_id,
        lambda: load(file, metadata=told, name=file.name, limits=UPLOAD),
    )  # fmt: skip
    for finding in space.provenance.findings:
        st.caption(literal(str(finding), 500))
    second = "" if told is None else f", metadata={told.name!r}"
    lines = f"from explorer import load\nspace = load({file.name!r}{second})"
    return _plan(space, lines, "Upload a table of labels beside it.")


def _plan(space: EmbeddingSpace, lines: str, remedy: str) -> Plan | None:
    """The choice of a column and of the settings; the remedy where no column will do."""
    columns = [name for name in space.metadata.of_kind("category") if _usable(space, name)]
    if not columns:
        st.info(
            f"{literal(space.name)} has no column of labels of which two come twice or more. "
            f"{remedy}"
        )
        return None
    key = f"train_label_{space.name}"
    linked("labels", key, columns[0], columns.__contains__)
    label = st.selectbox("Labels", columns, key=key)
    st.caption(
        f"The {len(space):,} vectors of {literal(space.name)} go through a learned map; items with "
        f"the same {literal(label)} are pulled together. Some of each label is held out, to see "
        "whether the map serves items it never saw."
    )
    chosen = settings_form(MetricSettings, key="train_metric", main=SETTINGS, in_link=True)
    setup = f"{lines}\nfrom explorer.training.metric_learning import MetricSettings, MetricTrainer"
    make = f"MetricTrainer(space, {label!r}, MetricSettings({keywords(chosen)}))"
    return Plan(
        title=f"{TITLES[chosen['objective']]} on {space.name}",
        make=lambda: MetricTrainer(space, label, MetricSettings(**chosen)),
        python=python_training(setup, make, "learned"),
        settings={"space": space.digest, "label": label, **chosen},
        watched=tuple(space.items[row] for row in (0, len(space) // 2)),
        report=_before_and_after,
        toy=len(space) < SMALL,
    )


def _usable(space: EmbeddingSpace, column: str) -> bool:
    """Some labels, and most of them more than once."""
    names, _, counts = categories(space.metadata[column])
    return 2 <= len(names) <= MOST_LABELS and int((counts > 1).sum()) >= 2


def _before_and_after(trainer: Trainer) -> dict[str, list[Any]]:
    """How well held-out items find their own label, before and after, beside chance."""
    found = retrieval_before_and_after(cast(MetricTrainer, trainer))
    rows = {"before": found.before, "after": found.after}
    return {
        "held-out items": list(rows),
        "nearest has the label": [one.recall_at_1 for one in rows.values()],
        "the same by chance": [one.chance for one in rows.values()],
        "5 nearest vote rightly": [one.accuracy for one in rows.values()],
        "mean average precision": [one.mean_average_precision for one in rows.values()],
    }
