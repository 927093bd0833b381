"""Where do the metrics disagree most? Item by item over the space, beside a random one."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explorer.metric_comparison import Disagreement, Pair
from explorer.metrics import METRICS
from explorer.plots import metrics as charts
from explorer.plots.in_words import quartiles
from explorer.space import EmbeddingSpace
from explorer.ui import cached_metrics
from explorer.ui.figure import show_figure
from explorer.ui.item_table import item_table
from explorer.ui.text import literal
from explorer.ui.timed import duration

WORST = 50
FREQUENCIES = ("frequency", "freq", "count", "counts", "n", "occurrences")


def disagreement(space: EmbeddingSpace, k: int, metrics: tuple[str, ...]) -> None:
    """A histogram of overlap@k, the worst items, and what the disagreement goes with."""
    pairs = {
        " and ".join(METRICS[name].title.lower() for name in pair): pair
        for pair in combinations(metrics, 2)
    }
    first = next(iter(pairs))
    key = "disagreeing_" + "_".join(metrics)
    pair = pairs[st.segmented_control("Between", list(pairs), default=first, key=key) or first]
    k = min(k, len(space) - 1)
    answer = cached_metrics.disagreement(space, k, metrics)
    found = answer.value
    chance = cached_metrics.chance_disagreement(
        max(len(space), k + 2), space.dimensions, k, metrics
    ).overlaps[pair]
    overlaps = found.overlaps[pair]
    asked = "all items" if len(found.rows) == len(space) else (
        f"a sample of {len(found.rows):,} of {len(space):,} items, drawn with seed 0"
    )  # fmt: skip
    st.markdown(
        f"On average **{overlaps.mean():.0%}** of the {k} nearest are shared (random space: "
        f"{chance.mean():.0%}). Asked: {asked}; it took {duration(answer.seconds)}."
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**How many neighbours are shared?**")
        title = f"of {k} neighbours, shared by both"
        chart = charts.overlap_histogram(overlaps, chance, k, title=title)
        show_figure(
            chart, key="overlap_histogram",
            alt=f"Of {k} neighbours, the share that both metrics find: {quartiles(overlaps)}; in a "
            f"random space {chance.mean():.3g} on average.",
        )  # fmt: skip
    with right:
        _worst(space, found, pair)
    _against(space, found, pair)


def _worst(space: EmbeddingSpace, found: Disagreement, pair: Pair) -> None:
    places = found.worst(pair, WORST)
    rows = found.rows[places]
    table: dict[str, list[Any]] = {
        "item": space.items.take(rows.tolist()),
        f"overlap@{found.k}": found.overlaps[pair][places].tolist(),
        "norm": space.norms[rows].tolist(),
    }
    frequency = frequency_column(space)
    if frequency:
        table[frequency] = space.metadata[frequency][rows].tolist()

    st.markdown(f"**The {len(rows)} items with the least in common**; tick one to look at it")
    item_table(
        table, rows, height=290, key="worst_items",
        column_config={
            f"overlap@{found.k}": st.column_config.ProgressColumn(
                min_value=0, max_value=1, format="%.2f"
            ),
            "norm": st.column_config.NumberColumn(format="%.4g"),
        },
    )  # fmt: skip


def _against(space: EmbeddingSpace, found: Disagreement, pair: Pair) -> None:
    causes: dict[str, NDArray[Any]] = {"norm": space.norms[found.rows]}
    frequency = frequency_column(space)
    if frequency:
        causes[frequency] = space.metadata[frequency][found.rows].astype(np.float64)
    names = space.items.take(found.rows.tolist())
    for place, (column, (cause, values)) in enumerate(
        zip(st.columns(2, gap="large"), causes.items(), strict=False)
    ):
        with column:
            rho = found.correlation(pair, values)
            if rho != rho or np.ptp(values) < 1e-5 * np.abs(values).max():
                st.markdown(
                    f"**Disagreement and {literal(cause)}**: nothing to compare, because "
                    "one of them is the same for all items."
                )
                continue
            st.markdown(
                f"**Disagreement and {literal(cause)}**: rank correlation {rho:+.2f} (unrelated "
                f"numbers: 0 ± {_spread(len(values)):.2f})"
            )
            logarithmic = cause != "norm" and bool(np.nanmin(values) > 0)
            chart = charts.disagreement_scatter(
                values, 1 - found.overlaps[pair], names,
                title=f"{cause} (log scale)" if logarithmic else cause, k=found.k,
                logarithmic=logarithmic,
            )  # fmt: skip
            show_figure(
                chart, key=f"against_{place}",
                alt=f"Disagreement of each item over its {cause}: rank correlation {rho:+.2f}.",
            )  # fmt: skip


def _spread(count: int) -> float:
    """The standard deviation of Spearman's rho of unrelated numbers."""
    return float(1 / np.sqrt(max(1, count - 1)))


def frequency_column(space: EmbeddingSpace) -> str:
    """The metadata column that tells how frequent an item is, or ""."""
    for name in space.metadata.of_kind("number"):
        if name.casefold() in FREQUENCIES:
            return name
    return ""
