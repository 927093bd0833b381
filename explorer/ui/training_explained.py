"""What am I looking at? For the Train page: each objective's formula, its cost, the trap."""

from __future__ import annotations

import streamlit as st

from explorer.ui.explained import ICON, TITLE
from explorer.ui.text import number
from explorer.ui.training_session import Plan, Training

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
    "BPR": (
        r"\ell = -\log\sigma(x) + \tfrac{\lambda}{2}\lVert\theta\rVert^2,"
        r"\qquad x = b_i - b_j + u\cdot(v_i - v_j)",
        "An item i that a user u met is to score above a random item j that they did not (Rendle "
        "et al. 2009). Famous items are met often and get long vectors and high biases b.",
        "O(ratings · d) time for each epoch",
    ),
    "Implicit ALS": (
        r"\ell = \sum_{u,i} c_{ui}\,(p_{ui} - x_u\cdot y_i)^2 + \lambda\left("
        r"\textstyle\sum\lVert x_u\rVert^2 + \sum\lVert y_i\rVert^2\right),"
        r"\qquad c_{ui} = 1 + \alpha r_{ui}",
        "p is 1 where a user met an item, else 0, and c says how sure that is. With the items held "
        "fixed the best users follow exactly, then the other way round (Hu, Koren & Volinsky "
        "2008). The held-out loss is the mean of (1 - x · y)² over held-out pairs alone, so it is "
        "on another scale than the training loss, which has all cells and the penalty.",
        "O(ratings · d² + (users + items) · d³) time for each epoch",
    ),
    "triplet": (
        r"\ell = \max\left(0,\; m + D(z_a, z_p) - D(z_a, z_n)\right), \qquad z = f(x)",
        "An anchor is to be nearer to an item of its label, p, than to one of another, n, by the "
        "margin m. f is the learned map; mining chooses the n that teach most (Schroff, "
        "Kalenichenko & Philbin 2015).",
        "O(items · batch · d) time for each epoch",
    ),
    "softmax": (
        r"\ell = -\log\frac{e^{w_y\cdot z + b_y}}{\sum_c e^{w_c\cdot z + b_c}}, \qquad z = f(x)",
        "The label y is told from the embedding z by a linear head over all labels c; the head is "
        "thrown away and z is kept.",
        "O(items · labels · d) time for each epoch",
    ),
    "infonce": (
        r"\ell = -\log\frac{e^{\cos(z_a, z_p)/\tau}}"
        r"{e^{\cos(z_a, z_p)/\tau} + \sum_n e^{\cos(z_a, z_n)/\tau}}, \qquad z = f(x)",
        "An item of the anchor's label is to be told from all items of other labels in the batch. "
        "A low temperature τ looks at the nearest of them only (van den Oord, Li & Vinyals 2018).",
        "O(items · batch · d) time for each epoch",
    ),
    "TransE": (
        r"\ell = \max\left(0,\; m + \lVert h + r - t\rVert - \lVert h' + r - t'\rVert\right)",
        "A relation r is a step from head h to tail t; the same fact with a random head or tail is "
        "to miss by the margin m (Bordes et al. 2013).",
        "O(facts · d) time for each epoch",
    ),
    "ComplEx": (
        r"s(h,r,t) = \mathrm{Re} \sum_i h_i\, r_i\, \overline{t_i}, \qquad "
        r"\ell = -\log\frac{e^{s(h,r,t)}}{\sum_{t'} e^{s(h,r,t')}} + "
        r"\tfrac{\lambda}{3}\lVert\theta\rVert_3^3",
        "A relation turns and stretches each complex number of the head; the conjugate lets it "
        "hold one way only, as 'parent of' does (Trouillon et al. 2016; Lacroix, Usunier & "
        "Obozinski 2018). The same is asked of the head.",
        "O(facts · k · d) time for each epoch, k made-up facts beside each",
    ),
}


def training_explained(training: Training | None, plan: Plan | None) -> None:
    """The objective of the training that is shown, with its numbers; before one, of the plan."""
    with st.expander(TITLE, icon=ICON):
        shown = plan if training is None else training.plan
        formula, words, cost = FORMULAS["sgns" if shown is None else shown.settings["objective"]]
        st.latex(formula)
        st.markdown(words)
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
