"""Clusters against a column of the metadata: are they what we already have a name for?"""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explorer.clustering.agreement import confusion
from explorer.plots.clusters import confusion_map
from explorer.space import EmbeddingSpace
from explorer.ui import cluster_measures, cluster_names
from explorer.ui.cluster_results import Chosen
from explorer.ui.clusters_view import clusters_or_progress
from explorer.ui.export import export_menu
from explorer.ui.figure import show_figure
from explorer.ui.python_lines import opening_lines
from explorer.ui.text import literal


def against_column(space: EmbeddingSpace, chosen: Chosen) -> str:
    """Scores beside shuffled ones, the table as a picture, and what each cluster mostly is."""
    columns = space.metadata.of_kind("category", "number")
    if not columns:
        st.info(
            "This space has no column of categories or numbers to hold clusters against. Add a "
            "metadata table on the Data page."
        )
        return ""
    found = clusters_or_progress(space, chosen)
    if found is None or not found.count:
        return "no clusters yet"
    column = st.selectbox("Column", columns, key=f"against_{space.name}")
    values, codes = cluster_measures.column_codes(space, column)
    named = cluster_names.groups(space, chosen, found)
    labels = named.codes(found.labels)
    known = int(((labels >= 0) & (codes >= 0)).sum())
    if not known:
        st.info("No item in a cluster has a value in this column.")
        return found.note
    counts = confusion(labels, codes)[:, : len(values)]
    scores, chance = cluster_measures.against(
        f"{found.key} {named}", labels, f"{space.metadata.digest} {column}", codes
    )
    told = {
        "Adjusted Rand index": ("rand", "1: the same partition; 0: chance"),
        "NMI": ("information", "shared information, 0 to 1; not corrected for chance"),
        "Purity": ("purity", "items in their cluster's most frequent value; grows with k"),
    }
    for place, (title, (name, meaning)) in zip(st.columns(3), told.items(), strict=True):
        place.metric(title, f"{getattr(scores, name):.3f}", help=meaning)
        place.caption(
            f"shuffled: {round(getattr(chance.mean, name), 3) + 0:.3f} ± "
            f"{getattr(chance.spread, name):.3f} ({chance.draws} shuffles, seed 0) · {meaning}"
        )
    picture, table = st.columns([7, 5], gap="medium")
    with picture:
        largest = [values[value] for value in counts.argmax(axis=1).tolist()]
        in_words = ", ".join(
            f"{name} most of all {value}" for name, value in zip(named.names, largest, strict=True)
        )
        show_figure(
            confusion_map(counts, named.names, values, column), key="confusion",
            alt=f"How many items of each cluster have each {column}: {in_words}.",
        )  # fmt: skip
    with table:
        st.markdown(f"**What is each cluster, by {literal(column)}?**")
        st.dataframe(
            main_values(counts, named.names, values), hide_index=True, key="main_values",
            height=min(460, 38 + 35 * len(named)),
            column_config={
                "share": st.column_config.ProgressColumn(
                    min_value=0, max_value=1, format="percent"
                )
            },
        )  # fmt: skip
        export_menu(
            lambda: confusion_table(counts, named.names, values),
            name=f"{space.name}-clusters-{column}", key="confusion_export",
            python=(
                f"{opening_lines(space)}\n{chosen.python()}\n"
                "from explorer.clustering.agreement import agreement, shuffled_agreement\n"
                "from explorer.clustering.enrichment import value_codes\n"
                f"values, codes = value_codes(space.metadata, {column!r})\n"
                "agreement(labels, codes), shuffled_agreement(labels, codes)"
            ),
        )  # fmt: skip
    if known < len(space):
        st.caption(
            f"{known:,} of {len(space):,} items are in a cluster and have a value; the others are "
            "not counted."
        )
    return found.note


def main_values(
    counts: NDArray[np.int64], groups: tuple[str, ...], values: list[str]
) -> dict[str, list[Any]]:
    """Each cluster's most frequent value, its share, and the share of that value over all."""
    sizes = counts.sum(axis=1)
    best = counts.argmax(axis=1)
    everywhere = counts.sum(axis=0) / max(1, counts.sum())
    return {
        "cluster": list(groups),
        "items": sizes.tolist(),
        "mostly": [values[one] for one in best.tolist()],
        "share": (counts.max(axis=1) / np.maximum(sizes, 1)).tolist(),
        "over all": [f"{everywhere[one]:.1%}" for one in best.tolist()],
    }


def confusion_table(
    counts: NDArray[np.int64], groups: tuple[str, ...], values: list[str]
) -> dict[str, list[Any]]:
    """The whole table: a line a cluster, a column a value."""
    table: dict[str, list[Any]] = {"cluster": list(groups)}
    for place, value in enumerate(values):
        table[value if value != "cluster" else "cluster (value)"] = counts[:, place].tolist()
    return table
