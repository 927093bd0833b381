"""Prototypes: groups of items as centroids, how well they tell items apart, how wide they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from explorer.analogies import Classified
from explorer.analogies.prototypes import MOST_GROUPS
from explorer.errors import ExplorerError
from explorer.metadata import categories
from explorer.plots import analogies as charts
from explorer.plots.in_words import quartiles
from explorer.space import EmbeddingSpace, IntArray
from explorer.ui import cached_analogies
from explorer.ui.export import export_menu
from explorer.ui.figure import show_figure
from explorer.ui.python_lines import opening_lines
from explorer.ui.query import parse_items
from explorer.ui.text import literal, number

TYPED = "(groups typed below)"
EXAMPLE = "animals: cat, dog, horse, cow\ncities: paris, rome, madrid, berlin"


def prototypes(space: EmbeddingSpace) -> None:
    """Groups by a metadata column or typed; accuracy, confusions and width."""
    which, leave = st.columns([5, 5], vertical_alignment="bottom")
    columns = space.metadata.of_kind("category")
    column = which.selectbox("Groups by", [*columns, TYPED], key=f"groups_{space.name}")
    leave_out = leave.toggle(
        "Leave each item out of its own prototype", value=True, key="leave_out",
        help="Else every item votes for its own group, and groups look better than they are.",
    )  # fmt: skip
    labels, codes = _typed(space) if column == TYPED else _by_column(space, column)
    if len(labels) < 2:
        st.info("Two groups or more are needed.")
        return
    found = cached_analogies.classified(space, labels, codes, leave_out)
    left, right = st.columns([6, 5], gap="large")
    with left:
        _accuracy(space, found, column, leave_out)
    with right:
        _width(space, labels, codes)


def _by_column(space: EmbeddingSpace, column: str) -> tuple[list[str], IntArray]:
    """The categories of a column and every item's place among them; -1 where it has none."""
    labels, codes, _ = categories(space.metadata[column])
    if "" in labels:
        empty = labels.index("")
        labels = [label for label in labels if label]
        codes = np.where(codes == empty, -1, codes - (codes > empty))
    return labels, codes


def _typed(space: EmbeddingSpace) -> tuple[list[str], IntArray]:
    """Groups as lines `name: item, item`; an item belongs to the first group that names it."""
    known = all(word in space.items for word in ("cat", "paris"))
    text = st.text_area(
        "Groups, one a line", EXAMPLE if known else "", key=f"typed_groups_{space.name}",
        placeholder="name: item, item, item", max_chars=20_000,
    )  # fmt: skip
    labels: list[str] = []
    codes = np.full(len(space), -1, dtype=np.int64)
    for number_, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name, colon, items = line.partition(":")
        rows = np.array(parse_items(items, space) if colon else (), dtype=np.int64)
        if not name.strip() or not len(rows):
            raise ExplorerError(
                f"Line {number_}, {line[:60]!r}: a group is written as name: item, item, item."
            )
        codes[rows[codes[rows] < 0]] = len(labels)
        labels.append(name.strip())
    if len(labels) > MOST_GROUPS:
        raise ExplorerError(f"At most {MOST_GROUPS:,} groups; got {len(labels):,}.")
    return labels, codes


def _accuracy(space: EmbeddingSpace, found: Classified, column: str, leave_out: bool) -> None:
    st.header(f"{found.accuracy:.1%} fall to the prototype of their own group", anchor=False)
    alone = f" {found.alone:,} items alone in their group were not counted." if found.alone else ""
    st.markdown(
        f"Always naming the largest group would reach {found.by_size:.1%}; guessing evenly "
        f"{1 / len(found.groups):.1%}.{alone}"
    )
    table = group_table(found)
    st.dataframe(
        table, hide_index=True, key="prototype_table", height=min(460, 38 + 35 * len(found.groups)),
        column_config={
            "accuracy": st.column_config.ProgressColumn(min_value=0, max_value=1, format="percent")
        },
    )  # fmt: skip
    lines = [opening_lines(space), "from explorer.analogies import classify"]
    if column != TYPED:
        lines += [
            "from explorer.metadata import categories",
            f"labels, codes, _ = categories(space.metadata[{column!r}])",
        ]
    lines.append(f"classify(space, labels, codes, leave_out={leave_out})")
    export_menu(
        lambda: table, name=f"{space.name}-prototypes", key="prototypes", python="\n".join(lines)
    )


def group_table(found: Classified) -> dict[str, list[Any]]:
    """Each group with its size, accuracy, and the group its items are most often taken for."""
    counted = found.counts.sum(axis=1)
    wrong = found.counts.copy()
    np.fill_diagonal(wrong, 0)
    worst = wrong.argmax(axis=1)
    return {
        "group": list(found.groups),
        "items": found.sizes.tolist(),
        "accuracy": [
            float(right / count) if count else None
            for right, count in zip(np.diag(found.counts).tolist(), counted.tolist(), strict=True)
        ],
        "most often taken for": [
            f"{found.groups[other]} ({times:,})" if times else "–"
            for other, times in zip(worst.tolist(), wrong.max(axis=1).tolist(), strict=True)
        ],
    }


def _width(space: EmbeddingSpace, labels: list[str], codes: IntArray) -> None:
    st.header("How wide is a group?", anchor=False)
    group = st.selectbox("Group", labels, key=f"wide_group_{space.name}")
    rows = np.flatnonzero(codes == labels.index(group))
    if len(rows) < 2:
        st.info("A group of one item has no width.")
        return
    found = cached_analogies.width(space, rows)
    show_figure(
        charts.against_random(
            found.mean, found.random, title="mean pairwise distance, 1 - cosine", what=group[:20]
        ),
        key="width_histogram",
        alt=f"Mean distance within {group}: {found.mean:.3g}; in random groups: "
        f"{quartiles(found.random)}.",
    )
    st.caption(
        f"Two of the {len(rows):,} items of {literal(group)} are {number(found.mean)} apart on "
        f"average; of {len(found.random)} random groups of that size (seed 0) "
        f"{found.share_below:.0%} are narrower."
    )
