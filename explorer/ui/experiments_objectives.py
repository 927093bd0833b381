"""Several objectives on one text: which learns what, in which time, with how much memory?"""

from __future__ import annotations

from typing import Any

import streamlit as st

from explorer.plots.experiments import bars_chart, scores_chart
from explorer.training import OBJECTIVES
from explorer.training.experiment import Experiment, Run, Trial
from explorer.ui.experiments_explained import objectives_explained
from explorer.ui.experiments_session import Begun
from explorer.ui.experiments_source import chosen_lists, chosen_text
from explorer.ui.experiments_table import Lead, draw, leads, score_series, told_apart
from explorer.ui.experiments_view import Kind, Ready
from explorer.ui.linked import linked
from explorer.ui.settings_form import settings_form
from explorer.ui.text import literal

FOUR = ["sgns", "cbow", "glove", "ppmi"]
SHARED = ("dimensions", "window", "seed", "threads")
MAIN = ("epochs", "negatives", "learning_rate")


def _plan() -> Ready | None:
    source = chosen_text()
    if source is None:
        return None
    tasks, list_lines = chosen_lists(source)
    linked("objectives", "four_objectives", list(FOUR), lambda some: set(some) <= set(OBJECTIVES))
    names = st.multiselect(
        "Objectives", list(OBJECTIVES), key="four_objectives",
        format_func=lambda name: OBJECTIVES[name].title,
    )  # fmt: skip
    linked("dimensions", "four_dimensions", 100, range(1, 2_001).__contains__)
    linked("window", "four_window", 5, range(1, 101).__contains__)
    linked("seed", "four_seed", 1, lambda seed: seed >= 0)
    left, middle, right = st.columns(3)
    shared = {
        "dimensions": int(left.number_input("Dimensions", 1, 2_000, key="four_dimensions")),
        "window": int(middle.number_input("Window", 1, 100, key="four_window")),
        "seed": int(right.number_input("Seed", 0, key="four_seed")),
        "threads": 1,
    }
    own = _own_settings(names)
    if not names:
        st.info("Choose an objective at least.")
        return None
    trials = [Trial(OBJECTIVES[name].title, name, {**shared, **own[name]}) for name in names]
    return Ready(
        source,
        lambda: Experiment(source.corpus, trials, tasks),
        python_lines(source.python, list_lines, trials),
    )


def _own_settings(names: list[str]) -> dict[str, dict[str, Any]]:
    """What each objective has beside the shared settings, as it likes it best."""
    own: dict[str, dict[str, Any]] = {}
    with st.expander("Settings of each objective"):
        for name in names:
            objective = OBJECTIVES[name]
            st.markdown(f"**{objective.title}**: {objective.summary}")
            own[name] = settings_form(
                objective.load_class(objective.settings), key=f"four_{name}", main=MAIN,
                fixed=SHARED,
            )  # fmt: skip
    return own


def python_lines(text: str, lists: list[str], trials: list[Trial], more: str = "") -> str:
    """The experiment from the library; `more` are further arguments of Experiment."""
    made = [
        f"    Trial({trial.label!r}, {trial.objective!r}, {dict(trial.settings)!r}),"
        for trial in trials
    ]
    return "\n".join(
        [
            text,
            *lists,
            "from explorer.training.experiment import Experiment, Trial, run_all",
            "trials = [",
            *made,
            "]",
            f"experiment = Experiment(corpus, trials, tasks{more})",
            "for run in run_all(experiment):",
            "    print(run)",
        ]
    )


def _results(begun: Begun, runs: list[Run]) -> None:
    labels = [run.trial.label for run in runs]
    scores, costs = st.container(key="stacked_scores").columns([6, 4], gap="medium")
    with scores:
        if runs[0].scores:
            draw(scores_chart(labels, score_series(runs)), "four_scores")
            for line in _sentences(labels, leads(begun, runs)):
                st.markdown(line)
    with costs:
        seconds = [run.seconds for run in runs]
        draw(bars_chart(labels, seconds, title="Time in training", unit="s"), "four_seconds")
        held = [run.training_bytes / 1e6 for run in runs]
        draw(bars_chart(labels, held, title="Arrays held in training", unit="MB"), "four_memory")


def _sentences(labels: list[str], found: list[tuple[str, int, list[Lead]]]) -> list[str]:
    """Who is best at each list, and who cannot be told from them."""
    if len(labels) < 2:
        return []
    lines = []
    for task, best, lead in found:
        others = [place for place in range(len(labels)) if place != best]
        equal = [
            f"{literal(labels[place])} ({lead[place][0]:+.3f} to {lead[place][1]:+.3f})"
            for place in others
            if not told_apart(lead[place])
        ]
        behind = [literal(labels[place]) for place in others if told_apart(lead[place])]
        line = f"- **{literal(task)}**: best is {literal(labels[best])}"
        if equal:
            line += f"; the list cannot tell it from {', '.join(equal)}"
        if behind:
            line += f"; behind by more than the choice of questions explains: {', '.join(behind)}"
        lines.append(line)
    return lines


OBJECTIVES_KIND = Kind(
    "Four objectives",
    "Press Start: skip-gram, CBOW, GloVe and PPMI + SVD learn the same words from the same text, "
    "one after another, and are asked the same questions.",
    _plan,
    _results,
    objectives_explained,
)
