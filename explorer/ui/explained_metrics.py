"""What am I looking at? The Metrics page."""

from __future__ import annotations

import streamlit as st

from explorer.metric_comparison import Comparison
from explorer.metrics import METRICS
from explorer.space import EmbeddingSpace
from explorer.ui.explained import ICON, TITLE
from explorer.ui.text import number
from explorer.ui.timed import Timed, duration


def metrics_explained(
    space: EmbeddingSpace, metrics: tuple[str, ...], k: int, found: Timed[Comparison] | None
) -> None:
    """The formulas, why they part, what it cost, and the usual mistake."""
    with st.expander(TITLE, icon=ICON):
        for name in metrics:
            st.latex(METRICS[name].formula)
        norms = space.norms
        st.markdown(
            "The dot product is the cosine times both norms, so it prefers long vectors; the "
            "Euclidean distance punishes them, because "
            r"$\|x-y\|^2 = \|x\|^2 + \|y\|^2 - 2\,x\cdot y$. "
            f"Norms run here from {number(float(norms.min()))} to {number(float(norms.max()))}. "
            "Where all are equal, the three give one order."
        )
        st.latex(
            r"\mathrm{RBO} = \frac{X_k}{k}\,p^k + \frac{1-p}{p} \sum_{d=1}^{k} "
            r"\frac{X_d}{d}\,p^d, \qquad \mathrm{overlap@}k = \frac{X_k}{k}"
        )
        took = "" if found is None else f"; this comparison took {duration(found.seconds)}"
        st.markdown(
            "X at depth d counts the items that the first d of both lists share (Webber, Moffat & "
            "Zobel 2010, extrapolated, p = 0.9).\n\n"
            f"**Cost**: O(m n d) time for m metrics{took}, O(n) memory beside the data; the whole "
            "space O(m n² d), or a stated sample of it. Hits are exact, ties in row order.\n\n"
            "**The usual mistake**: to pick a metric by taste. Vectors should be searched with the "
            "metric they were trained for; another one orders the same items by something that "
            "nobody optimised. And agreement alone says little: see how much two metrics agree in "
            "the random space."
        )
