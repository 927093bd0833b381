"""What am I looking at? For each page the formula with this view's numbers, the cost, the trap."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from explorer.metrics import METRICS, Metric
from explorer.neighbors import Neighbors
from explorer.projection import PROJECTIONS
from explorer.space import EmbeddingSpace
from explorer.ui import cached
from explorer.ui.maps import ShownMap
from explorer.ui.query import Query
from explorer.ui.state import current
from explorer.ui.text import literal, number
from explorer.ui.timed import Timed, duration

TITLE = "What am I looking at?"
ICON = ":material/help:"
RANGES = {
    "cosine": "from -1 to 1",
    "dot": "unbounded",
    "euclidean": "from 0, without upper bound",
    "manhattan": "from 0, without upper bound",
    "angular": "from 0 to 180",
}


def map_explained(space: EmbeddingSpace, shown: ShownMap) -> None:
    """The method of the map."""
    with st.expander(TITLE, icon=ICON):
        st.markdown(
            f"**{len(space):,} items**, each with a vector of **{space.dimensions} numbers**, "
            f"laid flat: {literal(shown.note)}."
        )
        if shown.kept is not None:
            st.latex(PROJECTIONS["PCA"].formula)
            by_chance = min(1.0, 2 / space.dimensions)
            st.markdown(
                f"The two axes hold **{shown.kept:.1%}** of the variance; the other "
                f"{max(0.0, 1 - shown.kept):.1%} is not on the picture. Two directions taken at "
                f"random would hold about {by_chance:.1%}."
            )
            cost = "O(n d² + d³) time, O(d²) memory beside the data"
        elif shown.name == "Random projection":
            st.latex(PROJECTIONS["Random projection"].formula)
            st.markdown(
                "Squared distances are kept on average, but each strays by about 100% in two "
                "dimensions: a baseline for what a map owes to chance."
            )
            cost = "O(n d) time"
        elif "umap" in shown.name.lower():
            st.latex(PROJECTIONS["UMAP"].formula)
            st.markdown(
                "UMAP keeps neighbourhoods and gives up distances: w is the fuzzy graph of nearest "
                "neighbours in the space, q the same graph on the map. It begins with PCA; joined "
                "items pull each other, items drawn at random push (McInnes, Healy & Melville "
                "2018, arXiv 1802.03426)."
            )
            cost = "about O(n log n) time for the graph and O(n) for each epoch"
        else:
            st.markdown("These coordinates came with the file; how they were made is its secret.")
            cost = "none: they are stored"
        took = f"; this one took {duration(shown.seconds)}" if shown.seconds is not None else ""
        metric = METRICS[current.view().metric].title.lower()
        st.markdown(
            f"**Cost**: {cost}{took}.\n\n"
            "**The usual mistake**: to read distances, gaps and the sizes of clusters off the "
            "picture. Two dots that touch may be far apart in the space, and the nearest item may "
            "lie across the map. The list beside the map is computed in all "
            f"{space.dimensions} dimensions, by {metric}."
        )


def neighbors_explained(
    space: EmbeddingSpace, asked: Query, metric: Metric, answer: Timed[Neighbors] | None
) -> None:
    """The metric, with the numbers of the first neighbour put in."""
    with st.expander(TITLE, icon=ICON):
        st.latex(metric.formula)
        if answer is not None and len(asked.items) == 1:
            row, other = asked.items[0], int(answer.value.indices[0, 0])
            st.markdown(
                f"x is **{literal(space.items[row])}**, y its first neighbour "
                f"**{literal(space.items[other])}**:"
            )
            st.latex(_with_numbers(space, row, other, metric, float(answer.value.scores[0, 0])))
        elif len(asked.items) > 1:
            what = "unit vectors" if metric.name == "cosine" else "vectors"
            st.markdown(
                f"The query is the mean of the {what} of {len(asked.items)} items, themselves left "
                "out of the answer."
            )
        took = "" if answer is None else f"; this one took {duration(answer.seconds)}"
        nearer = "larger" if metric.larger_is_nearer else "smaller"
        st.markdown(
            f"**Range**: {RANGES[metric.name]}; {nearer} is nearer; unit: {metric.unit}. "
            f"**Baseline**: {_baseline(space, metric)}.\n\n"
            f"**Cost**: O(n d) time for a query{took}, O(n) memory beside the data. Each of the "
            f"{len(space):,} items is compared: the answer is exact, ties in row order.\n\n"
            "**The usual mistake**: to take a score for a probability, or to compare the scores of "
            "two spaces or two metrics. Only the order means something, and how far the first "
            "stand out from the crowd in the histogram. A zero vector has cosine 0 to everything."
        )


def pins_explained(space: EmbeddingSpace, rows: Sequence[int]) -> None:
    """The metric, with the numbers of the first two pins put in."""
    metric = METRICS[current.view().metric]
    with st.expander(TITLE, icon=ICON):
        st.latex(metric.formula)
        first, second = rows[:2]
        score = float(metric.pairwise(space.vectors[[first]], space.vectors[[second]])[0, 0])
        names = [literal(space.items[row]) for row in (first, second)]
        st.markdown(f"x is **{names[0]}**, y is **{names[1]}**:")
        st.latex(_with_numbers(space, first, second, metric, score))
        count = len(rows)
        st.markdown(
            f"{metric.how_to_read} **Baseline**: {_baseline(space, metric)}.\n\n"
            f"**Cost**: O(p² d) time for p pins: {count * (count - 1) // 2} scores here.\n\n"
            "**The usual mistake**: to read a row as a ranking of the space. It holds the pins "
            "alone: far nearer items may not be pinned."
        )


def data_explained(space: EmbeddingSpace) -> None:
    """The space as a table."""
    n, d = len(space), space.dimensions
    with st.expander(TITLE, icon=ICON):
        st.latex(rf"X \in \mathbb R^{{n \times d}}, \quad n = {n}, \; d = {d}")
        st.markdown(
            "An embedding space is a table with a row of numbers for each item, made so that items "
            f"that are alike lie near each other. This one holds {n * d:,} float32 numbers, "
            f"{space.vectors.nbytes / 1e6:,.1f} MB.\n\n"
            "**Norm**: the length of a vector. Where norms vary much, dot product and cosine "
            "disagree. **Random cosine**: the mean cosine of two random items; far from 0, all "
            "vectors point one way, and a cosine of 0.5 may be no news.\n\n"
            "**Cost**: reading is O(n d); a plain .npy file is mapped, not copied.\n\n"
            "**The usual mistake**: to compare vectors of two spaces. Axes have no meaning of "
            "their own, and two trainings on the same data turn them differently."
        )


def _baseline(space: EmbeddingSpace, metric: Metric) -> str:
    if len(space) < 2:
        return "none, with one item"
    usual = cached.usual_scores(space, metric.name)
    return (
        f"two random items of this space score {number(usual.median)} (median of "
        f"{usual.pairs:,} pairs, seed 0)"
    )


def _with_numbers(space: EmbeddingSpace, row: int, other: int, metric: Metric, score: float) -> str:
    x, y = space.vectors[row].astype(np.float64), space.vectors[other].astype(np.float64)
    product = number(float(x @ y))
    if metric.name == "cosine":
        first, second = (number(float(np.linalg.norm(vector))) for vector in (x, y))
        return rf"\cos(x, y) = \frac{{{product}}}{{{first} \cdot {second}}} = {number(score)}"
    if metric.name == "angular":
        cosine = number(float(np.cos(np.radians(score))))
        return rf"\theta(x, y) = \arccos {cosine} = {number(score)}^\circ"
    if metric.name == "manhattan":
        sizes = " + ".join(rf"|{number(float(a - b))}|" for a, b in zip(x[:2], y[:2], strict=True))
        return rf"\|x - y\|_1 = {sizes} + \dots = {number(score)}"
    if metric.name == "euclidean":
        square = number(float(((x - y) ** 2).sum()))
        return rf"\|x - y\| = \sqrt{{{square}}} = {number(score)}"
    terms = " + ".join(rf"({number(a)})({number(b)})" for a, b in zip(x[:2], y[:2], strict=True))
    return rf"x \cdot y = {terms} + \dots = {number(score)}"
