"""The answer of the Neighbours page: found, said in words, listed, explained."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from explorer.metrics import Metric
from explorer.neighbors import Neighbors, neighbors_of, query_vector
from explorer.plots.neighbors import score_bars, score_histogram
from explorer.space import EmbeddingSpace, IntArray
from explorer.ui import cached, state
from explorer.ui.export import export_menu
from explorer.ui.pictures import picture_address
from explorer.ui.query import Query
from explorer.ui.text import literal, number
from explorer.ui.timed import Timed, duration, timed


def find(
    space: EmbeddingSpace, asked: Query, metric: Metric, k: int, rows: IntArray | None
) -> Timed[Neighbors] | None:
    """The k nearest and the seconds it took; fewer where fewer are left, None where none is."""
    searched = len(space) if rows is None else len(rows)
    own = len(asked.items) if rows is None else int(np.isin(asked.items, rows).sum())
    k = min(k, searched - own)
    if k < 1:
        return None
    if len(asked.items) == 1 and rows is None:
        return cached.neighbors(space, asked.items[0], metric.name, k)
    wanted: Any = asked.vector if asked.vector is not None else space.items.take(asked.items)
    return timed(lambda: neighbors_of(space, wanted, k, metric=metric, subset=rows))


def heading(asked: Query, metric: Metric, found: Neighbors, condition: str) -> str:
    """ "10 nearest to king by cosine similarity, where kind is person"."""
    count = found.indices.shape[1]
    where = f", where {literal(condition)}" if condition else ""
    return f"{count} nearest to {literal(asked.title)} by {metric.title.lower()}{where}"


def charts(space: EmbeddingSpace, asked: Query, metric: Metric, found: Neighbors) -> None:
    """How near the neighbours are, and how near that is among all items."""
    bars, shape = st.columns(2, gap="medium")
    names = space.items.take(found.indices[0].tolist())
    with bars:
        st.markdown("**How near** are they?")
        st.plotly_chart(score_bars(names, found.scores[0], metric), key="score_bars")
    with shape:
        st.markdown("**How near is near?** All items by their score, the neighbours as ticks")
        wanted: Any = asked.vector if asked.vector is not None else space.items.take(asked.items)
        spread = cached.score_spread(space, query_vector(space, wanted, metric), metric.name)
        usual = cached.usual_scores(space, metric.name)
        chart = score_histogram(
            spread.edges, spread.counts, found.scores[0].tolist(), usual.median, metric
        )
        st.plotly_chart(chart, key="score_histogram")


def columns(space: EmbeddingSpace, metric: Metric, found: Neighbors) -> dict[str, list[Any]]:
    """rank, item, score, norm and metadata of the neighbours, as columns of a table."""
    rows = found.indices[0]
    table: dict[str, list[Any]] = {
        "rank": list(range(1, len(rows) + 1)),
        "item": space.items.take(rows.tolist()),
        metric.title.lower(): found.scores[0].tolist(),
        "norm": space.norms[rows].tolist(),
    }
    for name, column in space.metadata.take(rows).items():
        table[name if name not in table else f"{name} (metadata)"] = column.tolist()
    return table


def table(
    space: EmbeddingSpace, asked: Query, metric: Metric, found: Neighbors, condition: str
) -> None:
    """The table, whose rows can be clicked to be looked at, and its export."""
    shown = columns(space, metric, found)
    exported = dict(shown)
    config: dict[str, Any] = {
        metric.title.lower(): st.column_config.NumberColumn(format="%.4f"),
        "norm": st.column_config.NumberColumn(format="%.4g"),
    }
    if space.images is not None:
        rows = found.indices[0].tolist()
        shown = {"picture": [picture_address(space.images[row]) for row in rows], **shown}
        config["picture"] = st.column_config.ImageColumn("", width="small")
    st.dataframe(
        shown, hide_index=True, column_config=config, key="neighbor_table",
        on_select=lambda: _look(found), selection_mode="single-row",
    )  # fmt: skip
    hint, menu = st.columns([5, 1.3], vertical_alignment="center")
    hint.caption("Tick a row to look at that item.")
    with menu:
        export_menu(
            exported, name=f"{space.name}-neighbours", key="neighbors",
            python=python_lines(space, asked, metric, found, condition),
        )  # fmt: skip


def _look(found: Neighbors) -> None:
    ticked = st.session_state["neighbor_table"]["selection"]["rows"]
    if ticked and ticked[0] < found.indices.shape[1]:
        state.set_focus(int(found.indices[0, ticked[0]]))
        st.session_state["query_kind"] = "The focus"


def python_lines(
    space: EmbeddingSpace, asked: Query, metric: Metric, found: Neighbors, condition: str
) -> str:
    """The lines of Python that give the same answer from the library."""
    names = space.items.take(asked.items)
    if asked.vector is not None:
        query = "vector  # the numbers that were pasted"
    else:
        query = repr(names[0] if len(names) == 1 else names)
    subset = f",\n    subset=rows,  # {condition}" if condition else ""
    return (
        "from explorer.neighbors import neighbors_of\n"
        f"found = neighbors_of(space, {query}, {found.indices.shape[1]}, "
        f"metric={metric.name!r}{subset})\n"
        "space.items.take(found.indices[0]), found.scores[0]"
    )


def explain(
    space: EmbeddingSpace, asked: Query, metric: Metric, answer: Timed[Neighbors] | None
) -> None:
    """What am I looking at? The metric with the numbers of the first neighbour put in."""
    found = None if answer is None else answer.value
    took = "" if answer is None else f"; this one took {duration(answer.seconds)}"
    with st.expander("What am I looking at?", icon=":material/help:"):
        st.latex(metric.formula)
        if found is not None and len(asked.items) == 1:
            row, other = asked.items[0], int(found.indices[0, 0])
            st.markdown(
                f"x is **{literal(space.items[row])}**, y its first neighbour "
                f"**{literal(space.items[other])}**:"
            )
            st.latex(_with_numbers(space, row, other, metric, float(found.scores[0, 0])))
        elif len(asked.items) > 1:
            mean = "of their unit vectors" if metric.name == "cosine" else "of their vectors"
            st.markdown(f"The query is the mean {mean} of {len(asked.items)} items, themselves left out.")
        usual = cached.usual_scores(space, metric.name)
        direction = "larger" if metric.larger_is_nearer else "smaller"
        limits = {
            "cosine": "from -1 to 1", "dot": "unbounded", "euclidean": "from 0, no upper bound",
        }[metric.name]  # fmt: skip
        st.markdown(
            f"**Range**: {limits}; {direction} is nearer; unit: {metric.unit}. **Baseline**: two random "
            f"items of this space score {number(usual.median)} (median of {usual.pairs:,} pairs, seed 0)."
            f"\n\n**Cost**: O(n d) time for one query, O(n) memory beside the data"
            f"{took}. Every one of the {len(space):,} items is compared: the "
            "answer is exact, and ties come in row order."
        )
        st.markdown(
            "**The usual mistake**: to take a score for a probability, or to compare scores of two "
            "spaces or metrics. Only the order means something, and how far the first stands out from "
            "the crowd in the histogram. A zero vector has cosine 0 to everything."
        )


def _with_numbers(
    space: EmbeddingSpace, row: int, other: int, metric: Metric, score: float
) -> str:
    x, y = space.vectors[row].astype(np.float64), space.vectors[other].astype(np.float64)
    product, lengths = number(float(x @ y)), (number(float(np.linalg.norm(v))) for v in (x, y))
    if metric.name == "cosine":
        first, second = lengths
        return rf"\cos(x, y) = \frac{{{product}}}{{{first} \cdot {second}}} = {number(score)}"
    if metric.name == "euclidean":
        square = number(float(((x - y) ** 2).sum()))
        return rf"\|x - y\| = \sqrt{{{square}}} = {number(score)}"
    terms = " + ".join(rf"({number(a)})({number(b)})" for a, b in zip(x[:2], y[:2], strict=True))
    return rf"x \cdot y = {terms} + \dots = {number(score)}"
