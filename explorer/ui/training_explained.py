"""What am I looking at? For the Train page: each objective's formula, its cost, the trap."""

from __future__ import annotations

import streamlit as st

from explorer.ui.explained import ICON, TITLE
from explorer.ui.text import number
from explorer.ui.training_session import Training

FORMULAS = {
    "sgns": (
        r"\ell = -\log\sigma(u_c\cdot v_w) - \sum_{i=1}^{k}\log\sigma(-u_{n_i}\cdot v_w),"
        r"\qquad n_i \sim f^{3/4}",
        "Each word w predicts each word c near it, and k random words n are pushed away (Mikolov "
        "et al. 2013). One step moves v by the learning rate times the error, 1 - σ for the true "
        "neighbour and -σ for each random word.",
        "O(tokens · window · (k + 1) · d) time",
    ),
    "cbow": (
        r"\ell = -\log\sigma(u_w\cdot h) - \sum_{i=1}^{k}\log\sigma(-u_{n_i}\cdot h),"
        r"\qquad h = \frac{1}{|C|}\sum_{c\in C} v_c",
        "The mean of the words around a gap predicts the word in it (Mikolov et al. 2013).",
        "O(tokens · (window + k) · d) time",
    ),
    "subword": (
        r"v_w = z_w + \sum_{g\in G_w} z_g",
        "Skip-gram in which a word's vector is made with those of its character n-grams "
        "(Bojanowski et al. 2017), so that unknown words get a vector as well.",
        "O(tokens · window · (k + 1) · d · n-grams) time",
    ),
    "glove": (
        r"J = \sum_{ij} \min\left(1, (X_{ij}/x_{max})^{\alpha}\right)"
        r"(w_i\cdot\tilde w_j + b_i + \tilde b_j - \log X_{ij})^2",
        "Counts how often words meet, X, and fits the logarithm (Pennington, Socher & Manning "
        "2014).",
        "O(tokens · window) to count, O(cells · d) for each epoch",
    ),
    "ppmi": (
        r"M_{wc} = \max\left(0, \log\frac{P(w,c)}{P(w)P(c)^{0.75}} - \log k\right),"
        r"\qquad M \approx U_d \Sigma_d^{p} V_d^\top",
        "Counts, and cuts the table down to its d strongest directions: what skip-gram does, seen "
        "as algebra (Levy & Goldberg 2014; Levy, Goldberg & Dagan 2015).",
        "O(tokens · window) to count, O(cells · d) for each round of the decomposition",
    ),
}


def training_explained(training: Training | None) -> None:
    """The objective of the training that is shown, with its numbers."""
    with st.expander(TITLE, icon=ICON):
        name = "sgns" if training is None else str(training.plan.settings.get("objective", ""))
        if name in FORMULAS:
            formula, words, cost = FORMULAS[name]
            st.latex(formula)
            st.markdown(words)
        else:
            cost = "grows with the number of examples and of dimensions"
        if training is not None and training.job.history:
            now = training.job.progress
            st.markdown(
                f"Here: {len(training.items):,} items, {now.examples:,} "
                f"{training.job.trainer.unit} so far in {now.seconds:.1f} s of training, "
                f"{now.rate:,.0f} a second"
                + (f"; the loss is {number(now.loss)}." if now.loss is not None else ".")
            )
        st.markdown(
            f"**Cost**: {cost}.\n\n"
            "**How to read the map**: each frame is the PCA of that moment, brought to the same "
            "spread and turned onto the frame before. Rotation and scale mean nothing and are "
            "taken out; what still moves is learning.\n\n"
            "**The usual mistake**: to trust one training. With another seed many neighbours "
            "differ, above all those of rare words; a falling loss says only that the objective "
            "is met, not that the neighbours are good."
        )
