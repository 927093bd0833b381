"""What am I looking at? The page of analogies and axes."""

from __future__ import annotations

import streamlit as st

from explorer.analogies import METHODS
from explorer.space import EmbeddingSpace
from explorer.ui.explained import ICON, TITLE

FORMULAS = {
    "Odd one out": r"\arg\min_i \frac{1}{m-1} \sum_{j \neq i} \cos(x_i, x_j)",
    "Between two": r"(1-t)\,x + t\,y \quad\text{or}\quad "
    r"\frac{\sin((1-t)\omega)\,\hat x + \sin(t\omega)\,\hat y}{\sin\omega}",
    "Axes": r"u = \sum_i \frac{\hat b_i - \hat a_i}{\|\hat b_i - \hat a_i\|}, \quad "
    r"\text{place} = \hat x \cdot \frac{u}{\|u\|}, \quad \text{missed} = 1 - \|P_{u,v}\,\hat x\|^2",
    "Poles": r"\cos(x, p_1), \dots, \cos(x, p_m)",
    "Directions": r"\frac{2}{m(m-1)} \sum_{i<j} \cos(b_i - a_i,\; b_j - a_j)",
    "Prototypes": r"\arg\max_g \cos\Bigl(x_i, \sum_{j \in g,\, j \neq i} \hat x_j\Bigr), \quad "
    r"\text{width} = \frac{2}{m(m-1)} \sum_{i<j} (1 - \cos(x_i, x_j))",
}
MISTAKES = {
    "Expression": "to be impressed. Without the rule that drops the inputs, the first answer is "
    "often one of them, and the same arithmetic with any near neighbour of b would do as well "
    "(Linzen 2016; Nissim et al. 2020). That is why both ranks stand beside each answer.",
    "Odd one out": "to forget that there is always a last one, in any list.",
    "Between two": "to expect meaning half way. High-dimensional space is empty there, and the "
    "nearest items are often the two ends themselves.",
    "Axes": "to read a place near 0 as neutral: an item that the axes miss lies there too. See how "
    "much is missed, and try other pairs for the same idea.",
    "Poles": "to compare the poles' lengths without a baseline: where all vectors point one way, "
    "every cosine is large.",
    "Directions": "to take any cosine above 0 for a shared direction. Two groups of items give one "
    "whatever the pairing; only what lies above the shuffled pairs is due to it.",
    "Prototypes": "to let items vote for their own group, and to forget how large the largest "
    "group is.",
}
COSTS = {
    "Expression": "O(n d) for each item of the expression",
    "Odd one out": "O(m² d) for m items",
    "Between two": "O(n d)",
    "Axes": "O(p d) for p pairs and O(m d) for m items",
    "Poles": "O(m d) for m poles",
    "Directions": "O(p d) for p pairs, 200 times over for the shuffles",
    "Prototypes": "O(n d g) for g groups; the width of m items O(m d), 200 times over for chance",
}


def analogies_explained(space: EmbeddingSpace, part: str) -> None:
    """The formula of the part that is open, its cost, and the usual mistake."""
    with st.expander(TITLE, icon=ICON):
        if part in FORMULAS:
            st.latex(FORMULAS[part])
        else:
            for method in METHODS.values():
                st.markdown(f"**{method.name}**. {method.description}")
                st.latex(method.formula)
            st.markdown(
                "All vectors at length 1. 3CosAdd and PairDirection: Mikolov, Yih & Zweig 2013; "
                "3CosMul: Levy & Goldberg 2014, ε = 10⁻⁶."
            )
        st.markdown(
            f"Here n = {len(space):,} items and d = {space.dimensions}; x̂ is x at length 1.\n\n"
            f"**Cost**: {COSTS[part]} time.\n\n**The usual mistake**: {MISTAKES[part]}"
        )
