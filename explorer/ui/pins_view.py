"""The pinned items in one table: how alike each two are, norm, metadata."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from explorer.metrics import METRICS, Metric
from explorer.space import EmbeddingSpace
from explorer.ui import cached
from explorer.ui.export import add_metadata, export_menu
from explorer.ui.python_lines import opening_lines
from explorer.ui.state import current
from explorer.ui.text import number


def compared(space: EmbeddingSpace, rows: Sequence[int]) -> None:
    """The table, what two random items score, and the export."""
    metric = METRICS[current.view().metric]
    table = pin_table(space, rows, metric)
    names = space.items.take(rows)
    st.markdown(f"**{metric.title} of each two of {len(rows)} pins**, in all dimensions")
    scores = {
        _to(name): st.column_config.NumberColumn(
            format="%.4f", help=f"{metric.title} of the row's item and {name}"
        )
        for name in names
    }
    norm = st.column_config.NumberColumn(format="%.4g", help="The length of the vector")
    st.dataframe(
        table, hide_index=True, key="pin_table", column_config={**scores, "norm": norm},
        placeholder="–",
        alt=f"{metric.title}, norm and metadata of the pins {', '.join(names)}",
    )  # fmt: skip
    usual = cached.usual_scores(space, metric.name)
    said, menu = st.columns([9, 1], vertical_alignment="center")
    said.caption(
        f"For scale: two random items of this space score {number(usual.median)} (median of "
        f"{usual.pairs:,} pairs, 90% from {number(usual.low)} to {number(usual.high)}, seed 0)."
    )
    with menu:
        export_menu(
            lambda: table, name=f"{space.name}-pins", key="pins",
            python=(
                f"{opening_lines(space)}\nfrom explorer.metrics import METRICS\n"
                f"rows = [space.row(item) for item in {names!r}]\n"
                f"METRICS[{metric.name!r}].pairwise(space.vectors[rows], space.vectors[rows])"
            ),
        )  # fmt: skip


def pin_table(space: EmbeddingSpace, rows: Sequence[int], metric: Metric) -> dict[str, list[Any]]:
    """item, its score to each pin (none to itself), norm and metadata, as columns."""
    names = space.items.take(rows)
    vectors = space.vectors[list(rows)]
    scores = np.asarray(metric.pairwise(vectors, vectors), dtype=np.float64)
    table: dict[str, list[Any]] = {"item": names}
    for place, name in enumerate(names):
        column = scores[:, place].tolist()
        column[place] = None
        table[_to(name)] = column
    table["norm"] = space.norms[list(rows)].tolist()
    return add_metadata(table, space.metadata.take(list(rows)))


def _to(name: str) -> str:
    return f"to {name}"
