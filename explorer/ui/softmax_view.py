"""Scores as probabilities: what temperature does to them, and what overflow does."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explorer.metrics import METRICS
from explorer.plots import metrics as charts
from explorer.plots.in_words import listed
from explorer.softmax import LARGEST_EXPONENT, cross_entropy, entropy, naive_softmax, softmax
from explorer.space import EmbeddingSpace
from explorer.ui import cached_metrics
from explorer.ui.figure import show_figure
from explorer.ui.text import literal, number

TEMPERATURES = tuple(float(f"{t:.3g}") for t in np.logspace(-2, 2, 41))
SHOWN = 10


def softmax_view(space: EmbeddingSpace, row: int, metrics: tuple[str, ...]) -> None:
    """Probabilities of all other items, given one, by a metric and a temperature."""
    which, how_warm, whose = st.columns([3, 4, 3], gap="large", vertical_alignment="bottom")
    name = which.segmented_control(
        "Scores", metrics, default=metrics[0], key="softmax_metric",
        format_func=lambda metric: METRICS[metric].title.split()[0],
    ) or metrics[0]  # fmt: skip
    temperature = how_warm.select_slider(
        "Temperature T", TEMPERATURES, 1.0, key="temperature",
        help="Scores are divided by T: below 1 the largest take all, above 1 all grow alike.",
    )  # fmt: skip
    scores = _signed(space, row, name)
    others = np.delete(np.arange(len(space)), row)
    order = np.lexsort((others, -scores))
    best = order[:SHOWN]
    options = best.tolist()
    true = whose.selectbox(
        "The true item", options, index=0, key=f"true_item_{space.name}_{row}_{name}",
        format_func=lambda place: space.items[int(others[place])],
    )  # fmt: skip
    p = softmax(scores, temperature)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(
            f"**P(item | {literal(space.items[row])})** over the other {len(others):,} items"
        )
        rest = len(others) - len(best)
        names = [*space.items.take(others[best].tolist()), f"{rest:,} others"]
        shares = [*p[best].tolist(), max(0.0, 1 - float(p[best].sum()))]
        marked = options.index(true) if true in options else -1
        show_figure(
            charts.probability_bars(names, shares, marked), key="probabilities",
            alt=f"Probabilities given {space.items[row]}: {listed(names, shares, '.1%')}.",
        )  # fmt: skip
    with right:
        _numbers(scores, p, temperature, int(true))
        entropies = {
            metric: [entropy(softmax(_signed(space, row, metric), t)) for t in TEMPERATURES[::2]]
            for metric in metrics
        }
        chart = charts.entropy_lines(
            TEMPERATURES[::2], entropies, temperature, float(np.log2(len(others)))
        )
        now = [f"{metric} {lowest:.1f} to {highest:.1f} bits" for metric, lowest, highest in (
            (metric, min(bits), max(bits)) for metric, bits in entropies.items()
        )]  # fmt: skip
        show_figure(
            chart, key="entropies",
            alt=f"Entropy rises with the temperature, by {'; by '.join(now)}.",
        )  # fmt: skip


def _signed(space: EmbeddingSpace, row: int, name: str) -> NDArray[np.float64]:
    """Scores of all others, turned so that larger is nearer: a distance counts as minus itself."""
    scores = cached_metrics.scores(space, row, name).astype(np.float64)
    return scores if METRICS[name].larger_is_nearer else -scores


def _numbers(
    scores: NDArray[np.float64], p: NDArray[np.float64], temperature: float, true: int
) -> None:
    count = len(scores)
    bits = entropy(p)
    first, second, third = st.columns(3)
    first.metric(
        "Entropy (bits)", f"{bits:.2f}",
        help=f"From 0 (certain) to {np.log2(count):.2f} (all alike).",
    )  # fmt: skip
    second.metric(
        "Perplexity", number(2**bits),
        help="2 to the entropy: as unsure as a choice among so many items that are all alike.",
    )  # fmt: skip
    third.metric(
        "Loss (bits)", number(cross_entropy(scores, true, temperature)),
        help="Cross-entropy, -log2 of the true item's probability: the softmax loss. Guessing "
        f"costs {np.log2(count):.2f} bits.",
    )  # fmt: skip
    largest, limit = float(scores.max()) / temperature, LARGEST_EXPONENT["float32"]
    plain = naive_softmax(scores, temperature)
    if np.isnan(plain).any():
        how = "overflows" if largest > limit else "underflows to 0 / 0"
        st.markdown(
            f":red[**The plain formula fails here**]: the largest score / T is "
            f"**{number(largest)}**, and exp of it {how} in float32 (limit {limit:.1f}): "
            f"{int(np.isnan(plain).sum()):,} probabilities become NaN. Shown are the numbers of "
            "the stable form, which subtracts the largest score first: its exponents are at most 0."
        )
    else:
        st.markdown(
            f"The largest score / T is **{number(largest)}**; exp overflows float32 above "
            f"{limit:.1f}. The stable form subtracts the largest score first, so its exponents are "
            "at most 0, whatever the temperature."
        )
