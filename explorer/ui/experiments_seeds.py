"""The same training with other seeds: which neighbours are found again?"""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from explorer.errors import UnknownItemError
from explorer.items import Items
from explorer.metric_comparison import sampled_rows
from explorer.neighbor_stability import Stability
from explorer.plots.experiments import stability_by_frequency, stability_histogram
from explorer.training import OBJECTIVES
from explorer.training.experiment import Experiment, Run, Trial
from explorer.ui.experiments_explained import seeds_explained
from explorer.ui.experiments_objectives import python_lines
from explorer.ui.experiments_session import Begun
from explorer.ui.experiments_source import chosen_lists, chosen_text
from explorer.ui.experiments_table import draw
from explorer.ui.experiments_view import Kind, Ready
from explorer.ui.export import export_menu
from explorer.ui.linked import linked
from explorer.ui.settings_form import settings_form
from explorer.ui.text import literal
from explorer.ui.training_sources.choices import word_objective

MOST_ASKED = 5_000  # words whose neighbours are compared; of more a sample, seed 0
LISTED = 12  # words in each of the two tables
MAIN = ("dimensions", "window", "epochs", "negatives", "learning_rate")


def _plan() -> Ready | None:
    source = chosen_text()
    if source is None:
        return None
    tasks, list_lines = chosen_lists(source)
    name = word_objective("seeds_objective")
    linked("seed", "seeds_first", 1, lambda seed: seed >= 0)
    linked("trainings", "seeds_count", 5, range(2, 11).__contains__)
    linked("k", "seeds_k", 10, range(1, 51).__contains__)
    left, middle, right = st.columns(3)
    first = int(left.number_input("First seed", 0, key="seeds_first"))
    count = int(middle.number_input("Trainings", 2, 10, key="seeds_count"))
    k = int(right.number_input("Neighbours (k)", 1, 50, key="seeds_k"))
    objective = OBJECTIVES[name]
    chosen = settings_form(
        objective.load_class(objective.settings), key=f"seeds_{name}", main=MAIN,
        fixed=("seed", "threads"), in_link=True,
    )  # fmt: skip
    trials = [
        Trial(f"{objective.title}, seed {seed}", name, {**chosen, "seed": seed, "threads": 1})
        for seed in range(first, first + count)
    ]
    words = len(source.corpus.words)
    rows = sampled_rows(words, MOST_ASKED)
    asked = (
        "np.arange(len(corpus.words))"
        if len(rows) == words
        else (f"sampled_rows(len(corpus.words), {MOST_ASKED})")
    )
    if len(rows) == words:
        list_lines = ["import numpy as np", *list_lines]
    else:
        list_lines = ["from explorer.metric_comparison import sampled_rows", *list_lines]
    python = python_lines(source.python, list_lines, trials, f", rows={asked}, k={k}")
    return Ready(
        source,
        lambda: Experiment(source.corpus, trials, tasks, rows=rows, k=k),
        f"{python}\nexperiment.stability().overlaps",
    )


def _stability(begun: Begun, runs: list[Run]) -> Stability | None:
    """Of these runs; worked out once for each number of them."""
    key = f"stability {len(runs)}"
    if key not in begun.kept:
        begun.kept[key] = begun.experiment.stability(runs)
    found: Stability | None = begun.kept[key]
    return found


def _results(begun: Begun, runs: list[Run]) -> None:
    found = _stability(begun, runs)
    if found is None:
        st.caption("Neighbours are compared when a second training has finished.")
        return
    corpus = begun.source.corpus
    names = [corpus.words[row] for row in found.rows.tolist()]
    frequency = corpus.counts[found.rows]
    mean, random = float(found.overlaps.mean()), found.random_overlaps()
    st.markdown(
        f"From one training to another a word keeps **{mean * found.k:.1f} of its {found.k}** "
        f"nearest neighbours on average; between random spaces it would be "
        f"{found.chance * found.k:.2f}. {_noise(runs)}"
    )
    left, right = st.container(key="stacked_stability").columns(2, gap="medium")
    with left:
        draw(stability_histogram(found.overlaps, random), "seeds_overlaps")
    with right:
        draw(stability_by_frequency(found.overlaps, frequency, names), "seeds_frequency")
    sampled = "" if len(names) == len(corpus.words) else ", a sample (seed 0)"
    st.caption(
        f"{len(names):,} of {len(corpus.words):,} words{sampled} · {found.spaces} trainings, "
        f"{len(found.pairs)} pairs of them · cosine, exact · Spearman's correlation of overlap and "
        f"frequency {found.correlation(frequency):+.2f}"
    )
    _extremes(begun, found, names)
    _one_word(begun, runs, found)


def _noise(runs: list[Run]) -> str:
    """How far the scores of equal trainings lie apart."""
    parts = []
    for place, first in enumerate(runs[0].scores):
        values = [run.scores[place].value for run in runs]
        parts.append(f"{literal(first.task)}: {min(values):.3f} to {max(values):.3f}")
    return f"Scores differ by the seed alone: {'; '.join(parts)}." if parts else ""


def _extremes(begun: Begun, found: Stability, names: list[str]) -> None:
    order = found.order().tolist()
    count = min(LISTED, len(order))
    left, right = st.container(key="stacked_extremes").columns(2, gap="medium")
    parts = (
        (left, "Least stable words", order[:count]),
        (right, "Most stable words", order[::-1][:count]),
    )
    for column, title, places in parts:
        column.markdown(f"**{title}**")
        column.dataframe(
            words_table(begun, found, names, places), hide_index=True, height=250,
            key=f"seeds_{title.split()[0]}",
        )  # fmt: skip
    export_menu(
        lambda: words_table(begun, found, names, range(len(names))), name="stability",
        key="seeds_words", python=begun.python, label="Export all words",
    )  # fmt: skip


def words_table(
    begun: Begun, found: Stability, names: list[str], places: Any
) -> dict[str, list[Any]]:
    """word, how often it comes, its mean overlap."""
    counts = begun.source.corpus.counts
    return {
        "word": [names[place] for place in places],
        "comes": [int(counts[found.rows[place]]) for place in places],
        f"overlap@{found.k}": [round(float(found.overlaps[place]), 3) for place in places],
    }


def _one_word(begun: Begun, runs: list[Run], found: Stability) -> None:
    """The neighbours of one word in every run; bold those that all runs share."""
    words = begun.source.corpus.words
    least = words[int(found.rows[found.order()[0]])]
    asked = st.text_input(
        "Look at a word", key=f"seeds_word_{begun.number}", placeholder=least, max_chars=200
    )
    name = asked.strip() or least
    try:
        row = Items(words).row(name, begun.source.corpus.name)
    except UnknownItemError as error:
        st.error(literal(str(error)))
        return
    places = np.flatnonzero(found.rows == row)
    if not len(places):
        st.info(f"{literal(name)} is not in the sample of words that were compared.")
        return
    near = found.neighbors[:, int(places[0])].tolist()
    shared = set.intersection(*map(set, near))
    lines = [f"**{literal(name)}**: {len(shared)} of {found.k} in every training, in bold\n"]
    for run, line in zip(runs, near, strict=True):
        shown = [
            f"**{literal(words[one])}**" if one in shared else literal(words[one]) for one in line
        ]
        lines.append(f"- seed {run.trial.settings['seed']}: {', '.join(shown)}")
    st.markdown("\n".join(lines))


SEEDS_KIND = Kind(
    "Other seeds",
    "Press Start: the same text, the same settings, only the random numbers differ. Which "
    "neighbours are found again, and which are an accident of one training?",
    _plan,
    _results,
    seeds_explained,
)
