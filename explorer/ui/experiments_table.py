"""The runs of an experiment as a table, and which of them a list can tell apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def runs_table(begun: Begun) -> None:
    """What came of each run so far; what failed, and why."""
    runs = begun.runs
    if runs:
        st.dataframe(_shown(runs), hide_index=True, key=f"runs_{begun.kind}")
    for run in list(begun.experiment.runs):
        if run.error:
            st.error(f"{literal(run.trial.label)}: {literal(run.error, 500)}")


def _shown(runs: Sequence[Run]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {"training": [run.trial.label for run in runs]}
    for place, first in enumerate(runs[0].scores):
        table[f"{first.task}: {first.measure}, 95 % interval"] = [
            _score(run.scores[place]) for run in runs
        ]
    table["training loss"] = [_loss(run.loss) for run in runs]
    table["held-out loss"] = [_loss(run.held_out) for run in runs]
    table["time"] = [duration(run.seconds) for run in runs]
    table["vectors"] = [megabytes(run.bytes) for run in runs]
    table["held in training"] = [megabytes(run.training_bytes) for run in runs]
    return table


def _score(score: TaskScore) -> str:
    low, high = score.interval
    return f"{score.value:.3f} ({low:.3f} to {high:.3f}); random vectors {score.random:.3f}"


def _loss(loss: float | None) -> str:
    return "–" if loss is None else number(loss)


def megabytes(count: int) -> str:
    """278400 -> "0.28 MB"."""
    return f"{count / 1e6:,.2f} MB" if count < 1e7 else f"{count / 1e6:,.0f} MB"


def exported(begun: Begun) -> dict[str, list[Any]]:
    """Every number of every run."""
    runs = begun.runs
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
                f"{first.task}: {first.measure}",
                [score.value for score in scores],
                [score.interval[0] for score in scores],
                [score.interval[1] for score in scores],
            )
        )
        guessed = [score.random for score in scores]
        series.append(Series("random vectors", guessed, baseline=True))
    return series


def leads(begun: Begun) -> list[tuple[str, int, list[Lead]]]:
    """For each list: its name, the place of the best run, and the best's lead over every run."""
    runs = begun.runs
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


def each(runs: Sequence[Run], value: Callable[[Run], float | None]) -> list[float | None]:
    return [value(run) for run in runs]
