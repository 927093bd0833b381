"""What am I looking at? For each experiment what is measured and how, its cost, the trap."""

from __future__ import annotations

import streamlit as st

from explorer.ui.experiments_session import Begun
from explorer.ui.explained import ICON, TITLE
from explorer.ui.text import literal

SCORES = (
    "**Word pairs**: Spearman's rank correlation between the cosines of the pairs and the scores "
    "that people (or the grammar) gave them, from -1 to 1. **Analogies**: the share of questions a "
    ": b = c : ? whose answer, the word nearest to b - a + c by cosine (3CosAdd) without a, b and "
    "c, is right. Beside each stands what normal random vectors of the same shape score (seed "
    "0).\n\n"
    "**Intervals**: 95% of 1,000 bootstrap samples of the pairs or questions, seed 1. They say "
    "what another list of the same kind might give. Two trainings are compared question by "
    "question (paired bootstrap), which is sharper than to see whether two intervals overlap. The "
    "luck of the training's own seed is in neither: **Other seeds** shows it."
)
TIME = (
    "**Time** is of training alone, by the clock of this server, with one thread each and the "
    "kernels compiled before; whatever else the server does makes it longer. **Held in training**: "
    "the arrays that the trainer has at its end, the text left out."
)


def objectives_explained(begun: Begun | None) -> None:
    """Several objectives on one text."""
    _explained(
        begun,
        formula=(
            r"v_w\cdot u_c \approx \mathrm{PMI}(w,c) - \log k \;\text{(SGNS)}, \qquad "
            r"w_i\cdot\tilde w_j + b_i + \tilde b_j \approx \log X_{ij} \;\text{(GloVe)}"
        ),
        meaning=(
            "All see the same words in the same windows. Skip-gram and CBOW go through the text "
            "word by word; GloVe and PPMI + SVD count first how often words meet and then learn "
            "from the table of counts. What they learn is near: skip-gram factorises shifted PMI "
            "without ever writing the table down (Levy & Goldberg 2014)."
        ),
        rest=(
            f"{TIME}\n\n"
            "**Cost**: skip-gram O(tokens · window · negatives · d); CBOW about a window less; "
            "counting O(tokens · window), then GloVe O(cells · d) an epoch and PPMI + SVD O(cells "
            "· d) a round.\n\n"
            "**The usual mistake**: to compare losses of two objectives (they measure different "
            "things), or to take one table for the truth. Each objective stands here with its "
            "usual settings; tuned ones come close to each other (Levy, Goldberg & Dagan 2015), "
            "and on a text this small the order may be another than on a large one."
        ),
    )


def dimensions_explained(begun: Begun | None) -> None:
    """One objective with more and more dimensions."""
    _explained(
        begun,
        formula=(
            r"\text{vectors: } 4\,n\,d \text{ bytes}, \qquad \text{time} \propto d, \qquad "
            r"d^* = \min\{d : \text{no score tells it from the best}\}"
        ),
        meaning=(
            "The same text, seed and settings; only the length of the vectors differs. With too "
            "few dimensions different things must share a direction and scores stay low. From some "
            "number on nothing is gained, while time and memory go on growing; the **held-out "
            "loss**, on words kept from training (at most 1%), may rise again while the training "
            "loss falls: the text's accidents are learned by heart."
        ),
        rest=(
            f"{TIME}\n\n"
            "**Cost**: time and memory O(d) each, all trainings together their sum. PPMI + SVD has "
            "no held-out loss; its loss is the share of the table that the vectors do not hold.\n\n"
            "**The usual mistake**: to carry a number of dimensions over from another text. It "
            "grows with how much there is to tell; the toy corpus is told in a few dozen, English "
            "in hundreds (Yin & Shen 2018)."
        ),
    )


def seeds_explained(begun: Begun | None) -> None:
    """The same training with other seeds."""
    _explained(
        begun,
        formula=(
            r"\mathrm{overlap@}k(w) = \frac{|N_k^{(i)}(w) \cap N_k^{(j)}(w)|}{k}"
            r"\;\text{averaged over all pairs } i<j, \qquad \text{by chance } \frac{k}{n-1}"
        ),
        meaning=(
            "The seed sets the random start, the order of random words and which frequent words "
            "are passed over. Nothing that is known of the words depends on it: a neighbour that "
            "comes and goes with the seed is no finding. Spaces of two seeds lie turned against "
            "each other, so their vectors cannot be compared, but their neighbours can."
        ),
        rest=(
            "**Baseline**: the line *random spaces* draws each word's neighbours at random, as "
            "often as there are pairs of trainings (seed 0). The same seed twice gives 1, bit for "
            "bit, as each training has one thread.\n\n"
            "**Cost**: s trainings, and s searches of all words asked, O(s r n d).\n\n"
            "**The usual mistake**: to read a story out of the neighbours of one training, above "
            "all of rare words (Hellrich & Hahn 2016; Antoniak & Mimno 2018). PPMI + SVD draws "
            "nothing but the start of its SVD and hardly changes, which makes it repeatable, not "
            "right."
        ),
        here=_chance(begun),
    )


def _explained(
    begun: Begun | None, *, formula: str, meaning: str, rest: str, here: str = ""
) -> None:
    """What is measured, this experiment in numbers, its scores, its cost and the usual mistake.

    here : the formula again, with this experiment's numbers
    """
    with st.expander(TITLE, icon=ICON):
        st.latex(formula)
        st.markdown(meaning)
        if here:
            st.latex(here)
        _numbers(begun)
        st.markdown(SCORES)
        st.markdown(rest)


def _chance(begun: Begun | None) -> str:
    """The overlap by chance in the space of this experiment, once it has an overlap."""
    if begun is None or begun.experiment.rows is None:
        return ""
    n, k = len(begun.source.corpus.words), begun.experiment.k
    words = f"{n:,}".replace(",", "{,}")
    return rf"\text{{here by chance }} \frac{{{k}}}{{{words} - 1}} = {k / (n - 1):.4f}"


def _numbers(begun: Begun | None) -> None:
    """The experiment that is shown, in numbers."""
    if begun is None:
        return
    corpus, experiment = begun.source.corpus, begun.experiment
    lists = " ".join(
        f"{literal(score.task)}: {score.result.found:,} of {score.result.total:,} found."
        for run in begun.runs[:1]
        for score in run.scores
    )
    seeds = sorted({str(trial.settings.get("seed", 1)) for trial in experiment.trials}, key=int)
    st.markdown(
        f"Here: {len(corpus):,} words of text, {len(corpus.words):,} different (text "
        f"{corpus.digest[:8]}), {len(experiment.trials)} trainings, seed {', '.join(seeds)}. "
        f"{lists}"
    )
