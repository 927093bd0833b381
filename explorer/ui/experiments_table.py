"""The runs of an experiment as a table, and which of them a list can tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import streamlit as st

from explorer.evaluation.word_tasks import TaskScore, against_best
from explorer.plots.experiments import Chart, Series
from explorer.training.experiment import Run
from explorer.ui.experiments_session import Begun
from explorer.ui.figure_component import live_figure
from explorer.ui.text import literal, number
from explorer.ui.timed import duration

Lead = tuple[float, float]
SCORES = (
    "Pairs: Spearman's rank correlation; analogies: share answered (3CosAdd, inputs dropped). In "
    "brackets 95% of bootstrap samples; then what random vectors of the same shape score. "
)
COSTS = (
    "Loss and held-out loss are in the objective's own unit; time is by the clock; memory is that "
    "of the vectors, and of all arrays held in training."
)


def runs_table(begun: Begun, runs: Sequence[Run]) -> None:
    """What came of each run; what failed, and why."""
    if runs:
        st.dataframe(_shown(runs), hide_index=True, key=f"runs_{begun.kind}")
        st.caption(f"{SCORES if runs[0].scores else ''}{COSTS}")
    for run in list(begun.experiment.runs):
        if run.error:
            st.error(f"{literal(run.trial.label)}: {literal(run.error, 500)}")


def _shown(runs: Sequence[Run]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {"training": [own_name(run) for run in runs]}
    for place, first in enumerate(runs[0].scores):
        table[first.task] = [_score(run.scores[place]) for run in runs]
    table["loss"] = [_loss(run.loss) for run in runs]
    table["held out"] = [_loss(run.held_out) for run in runs]
    table["time"] = [duration(run.seconds) for run in runs]
    table["vectors"] = [megabytes(run.bytes) for run in runs]
    table["in training"] = [megabytes(run.training_bytes) for run in runs]
    return table


def own_name(run: Run) -> str:
    """What tells a run from the others of its experiment: "CBOW", "20 dimensions", "seed 3"."""
    return run.trial.label.rpartition(", ")[2]


def _score(score: TaskScore) -> str:
    low, high = score.interval
    return f"{score.value:.3f} ({low:.3f} to {high:.3f}), random {score.random:.3f}"


def _loss(loss: float | None) -> str:
    return "–" if loss is None else number(loss)


def megabytes(count: int) -> str:
    """278400 -> "0.28 MB"."""
    return f"{count / 1e6:,.2f} MB" if count < 1e7 else f"{count / 1e6:,.0f} MB"


def exported(runs: Sequence[Run]) -> dict[str, list[Any]]:
    """Every number of every run."""
    table: dict[str, list[Any]] = {
        "training": [run.trial.label for run in runs],
        "objective": [run.trial.objective for run in runs],
    }
    for name in dict.fromkeys(name for run in runs for name in run.trial.settings):
        table[name] = [run.trial.settings.get(name) for run in runs]
    for place, first in enumerate(runs[0].scores if runs else ()):
        scores = [run.scores[place] for run in runs]
        what = f"{first.task} {first.measure}"
        table[what] = [score.value for score in scores]
        table[f"{what} low"] = [score.interval[0] for score in scores]
        table[f"{what} high"] = [score.interval[1] for score in scores]
        table[f"{what} of random vectors"] = [score.random for score in scores]
        table[f"{first.task} found"] = [score.result.found for score in scores]
        table[f"{first.task} in the list"] = [score.result.total for score in scores]
    table |= {
        "training loss": [run.loss for run in runs],
        "held-out loss": [run.held_out for run in runs],
        "seconds": [run.seconds for run in runs],
        "words a second": [run.progress.rate for run in runs],
        "vector bytes": [run.bytes for run in runs],
        "training bytes": [run.training_bytes for run in runs],
    }
    return table


def score_series(runs: Sequence[Run]) -> list[Series]:
    """Each list's scores with their intervals, and those of random vectors behind it."""
    series = []
    for place, first in enumerate(runs[0].scores):
        scores = [run.scores[place] for run in runs]
        series.append(
            Series(
                first.task,
                [score.value for score in scores],
                [score.interval[0] for score in scores],
                [score.interval[1] for score in scores],
            )
        )
        guessed = [score.random for score in scores]
        series.append(Series("random vectors", guessed, baseline=True))
    return series


def leads(begun: Begun, runs: Sequence[Run]) -> list[tuple[str, int, list[Lead]]]:
    """For each list: its name, the place of the best run, and the best's lead over every run."""
    key = f"leads {len(runs)}"
    if key not in begun.kept:
        begun.kept[key] = [
            (first.task, *against_best([run.scores[place] for run in runs]))
            for place, first in enumerate(runs[0].scores if runs else ())
        ]
    return cast("list[tuple[str, int, list[Lead]]]", begun.kept[key])


def told_apart(lead: Lead) -> bool:
    """The interval of a lead does not hold 0."""
    return lead[0] > 0


def draw(chart: Chart, key: str) -> None:
    """A chart in place, with its sentence for those who do not see it."""
    live_figure({"traces": chart.traces, "layout": chart.layout}, key=key, alt=chart.alt)
