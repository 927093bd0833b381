"""The answer of the Neighbours page: found, said in words, listed, explained."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explorer.metrics import Metric
from explorer.neighbors import Neighbors, neighbors_of, query_vector
from explorer.plots.in_words import listed
from explorer.plots.neighbors import score_bars, score_histogram
from explorer.space import EmbeddingSpace
from explorer.ui import cached
from explorer.ui.export import add_metadata, export_menu
from explorer.ui.figure import show_figure
from explorer.ui.item_table import ticked_row
from explorer.ui.pictures import picture_address
from explorer.ui.python_lines import opening_lines
from explorer.ui.query import FOCUS, Query
from explorer.ui.state import current, picked
from explorer.ui.text import literal
from explorer.ui.timed import Timed, timed


def find(space: EmbeddingSpace, asked: Query, metric: Metric, k: int) -> Timed[Neighbors] | None:
    """The k nearest and the seconds it took; fewer where fewer are left, None where none is."""
    k = min(k, len(space) - len(asked.items))
    if k < 1:
        return None
    if len(asked.items) == 1:
        return cached.neighbors(space, asked.items[0], metric.name, k)
    wanted: Any = asked.vector if asked.vector is not None else space.items.take(asked.items)
    kept = cached.searcher(space)
    return timed(lambda: neighbors_of(space, wanted, k, metric=metric, searcher=kept))


def heading(asked: Query, metric: Metric, found: Neighbors) -> str:
    """ "10 nearest to king by cosine similarity, where kind is person"."""
    count = found.indices.shape[1]
    condition = " and ".join(map(str, current.filters()))
    where = f", where {literal(condition)}" if condition else ""
    return f"{count} nearest to {literal(asked.title)} by {metric.title.lower()}{where}"


def charts(space: EmbeddingSpace, asked: Query, metric: Metric, found: Neighbors) -> None:
    """How near the neighbours are, and how near that is among all items."""
    bars, shape = st.columns(2, gap="medium")
    names = space.items.take(found.indices[0].tolist())
    with bars:
        st.markdown("**How near** are they?")
        show_figure(
            score_bars(names, found.scores[0], metric), key="score_bars",
            alt=f"{metric.title} of the nearest: {listed(names, found.scores[0], '.3g')}.",
        )  # fmt: skip
    with shape:
        st.markdown("**How near is near?** All items by their score, the neighbours as ticks")
        wanted: Any = asked.vector if asked.vector is not None else space.items.take(asked.items)
        spread = cached.score_spread(space, query_vector(space, wanted, metric), metric.name)
        usual = cached.usual_scores(space, metric.name)
        chart = score_histogram(
            spread.edges, spread.counts, found.scores[0].tolist(), usual.median, metric
        )
        show_figure(
            chart, key="score_histogram",
            alt=f"All items by their {metric.title.lower()}: from {spread.edges[0]:.3g} to "
            f"{spread.edges[-1]:.3g}; the neighbours from {found.scores[0].min():.3g} to "
            f"{found.scores[0].max():.3g}; two random items {usual.median:.3g}.",
        )  # fmt: skip


def columns(space: EmbeddingSpace, metric: Metric, found: Neighbors) -> dict[str, list[Any]]:
    """rank, item, score, norm and metadata of the neighbours, as columns of a table."""
    rows = found.indices[0]
    table: dict[str, list[Any]] = {
        "rank": list(range(1, len(rows) + 1)),
        "item": space.items.take(rows.tolist()),
        metric.title.lower(): found.scores[0].tolist(),
        "norm": space.norms[rows].tolist(),
    }
    return add_metadata(table, space.metadata.take(rows))


def table(space: EmbeddingSpace, asked: Query, metric: Metric, found: Neighbors) -> None:
    """The table, whose rows can be clicked to be looked at, and its export."""
    shown = columns(space, metric, found)
    config: dict[str, Any] = {
        metric.title.lower(): st.column_config.NumberColumn(format="%.4f", help=metric.how_to_read),
        "norm": st.column_config.NumberColumn(format="%.4g", help="The length of the vector"),
    }
    if space.images is not None:
        rows = found.indices[0].tolist()
        shown = {"picture": [picture_address(space.images[row]) for row in rows], **shown}
        config["picture"] = st.column_config.ImageColumn("", width="small")
    st.dataframe(
        shown, hide_index=True, column_config=config, key="neighbor_table",
        on_select=lambda: _look(found), selection_mode="single-row",
    )  # fmt: skip
    hint, menu = st.columns([9, 1], vertical_alignment="center")
    hint.caption("Tick a row to look at that item.")
    with menu:
        export_menu(
            lambda: columns(space, metric, found), name=f"{space.name}-neighbours", key="neighbors",
            python=python_lines(space, asked, metric, found),
        )  # fmt: skip


def _look(found: Neighbors) -> None:
    row = ticked_row("neighbor_table", found.indices[0])
    if row is not None:
        picked.set_focus(row)
        st.session_state["query_kind"] = FOCUS


def python_lines(space: EmbeddingSpace, asked: Query, metric: Metric, found: Neighbors) -> str:
    """The lines of Python that give the same answer from the library."""
    names = space.items.take(asked.items)
    query, before = repr(names[0] if len(names) == 1 else names), ""
    if asked.vector is not None:
        query, before = "query", f"{asked.python}\n"
    return (
        f"{opening_lines(space)}\nfrom explorer.neighbors import neighbors_of\n"
        f"{before}found = neighbors_of(space, {query}, {found.indices.shape[1]}, "
        f"metric={metric.name!r})\n"
        "space.items.take(found.indices[0]), found.scores[0]"
    )
