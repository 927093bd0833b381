"""One objective with more and more dimensions: where is too few, and where too many?"""

from __future__ import annotations

import streamlit as st

from explorer.errors import ExplorerError
from explorer.plots.experiments import Series, lines_chart
from explorer.training import OBJECTIVES
from explorer.training.experiment import Experiment, Run, Trial
from explorer.ui.experiments_explained import dimensions_explained
from explorer.ui.experiments_objectives import python_lines
from explorer.ui.experiments_session import Begun
from explorer.ui.experiments_source import chosen_lists, chosen_text
from explorer.ui.experiments_table import draw, leads, score_series, told_apart
from explorer.ui.experiments_view import Kind, Ready
from explorer.ui.linked import linked
from explorer.ui.settings_form import settings_form
from explorer.ui.text import literal
from explorer.ui.training_sources.choices import word_objective

USUAL = "2, 5, 10, 20, 50, 100, 200"
MOST_DIMENSIONS, MOST_SIZES = 2_000, 12
MAIN = ("window", "epochs", "negatives", "learning_rate")


def dimensions_of(text: str) -> list[int]:
    """ "20, 5 5" -> [5, 20]; ExplorerError with what is wrong."""
    words = text.replace(",", " ").replace(";", " ").split()
    wrong = [
        word for word in words if not word.isdecimal() or not 1 <= int(word) <= MOST_DIMENSIONS
    ]
    if wrong or not words:
        raise ExplorerError(
            f"Numbers of dimensions are whole numbers from 1 to {MOST_DIMENSIONS:,}, with commas "
            f"between; got {wrong[0] if wrong else 'none'!r}."
        )
    sizes = sorted({int(word) for word in words})
    if len(sizes) > MOST_SIZES:
        raise ExplorerError(f"At most {MOST_SIZES} numbers of dimensions; got {len(sizes)}.")
    return sizes


def _plan() -> Ready | None:
    source = chosen_text()
    if source is None:
        return None
    tasks, list_lines = chosen_lists(source)
    linked("sizes", "sizes", USUAL, bool)
    asked = st.text_input("Numbers of dimensions", key="sizes", max_chars=200)
    name = word_objective("sizes_objective")
    objective = OBJECTIVES[name]
    chosen = settings_form(
        objective.load_class(objective.settings), key=f"sizes_{name}", main=MAIN,
        fixed=("dimensions", "threads"), in_link=True,
    )  # fmt: skip
    try:
        sizes = dimensions_of(asked)
    except ExplorerError as error:
        st.error(literal(str(error)))
        return None
    trials = [
        Trial(
            f"{objective.title}, {size} dimension{'s' if size > 1 else ''}",
            name,
            {"dimensions": size, "threads": 1, **chosen},
        )
        for size in sizes
    ]
    return Ready(
        source,
        lambda: Experiment(source.corpus, trials, tasks),
        python_lines(source.python, list_lines, trials),
    )


def _results(begun: Begun, runs: list[Run]) -> None:
    sizes = [run.trial.dimensions for run in runs]
    across = "dimensions"
    charts = []
    if runs[0].scores:
        charts.append(("scores", score_series(runs), "correlation or accuracy"))
    losses = [Series("training", [run.loss for run in runs])]
    if any(run.held_out is not None for run in runs):
        losses.append(Series("held out", [run.held_out for run in runs]))
    charts += [
        ("losses", losses, "loss"),
        ("seconds", [Series("seconds", [run.seconds for run in runs])], "seconds in training"),
        (
            "memory",
            [
                Series("vectors", [run.bytes / 1e6 for run in runs]),
                Series("held in training", [run.training_bytes / 1e6 for run in runs]),
            ],
            "MB",
        ),
    ]
    halves = st.container(key="stacked_sizes").columns(2, gap="medium")
    for place, column in enumerate(halves):
        with column:
            for name, series, up in charts[place::2]:
                draw(lines_chart(sizes, series, across=across, up=up), f"sizes_{name}")
    for line in _sentences(begun, runs, sizes):
        st.markdown(line)


def _sentences(begun: Begun, runs: list[Run], sizes: list[int]) -> list[str]:
    """Where each list sees no gain any more, and where the held-out loss is least."""
    if len(sizes) < 2:
        return []
    lines = []
    for task, best, lead in leads(begun, runs):
        enough = next(size for size, one in zip(sizes, lead, strict=True) if not told_apart(one))
        lost = [
            size
            for size, one in zip(sizes, lead, strict=True)
            if size > sizes[best] and told_apart(one)
        ]
        line = (
            f"- **{literal(task)}**: best at {sizes[best]}; the fewest that the list cannot tell "
            f"from it: **{enough}**"
        )
        if lost:
            line += f"; worse again at {', '.join(map(str, lost))}"
        lines.append(line)
    held = [(run.held_out, size) for run, size in zip(runs, sizes, strict=True)]
    known = [(loss, size) for loss, size in held if loss is not None]
    if known:
        loss, size = min(known)
        lines.append(f"- **held-out loss**: least at **{size}** dimensions, {loss:.4f}")
    return lines


DIMENSIONS_KIND = Kind(
    "How many dimensions?",
    "Press Start: the same training with few dimensions and with many. Too few cannot hold what "
    "there is to tell; too many cost time and memory, and learn the text's accidents by heart.",
    _plan,
    _results,
    dimensions_explained,
)
