"""What the experiments of the Train page share: start and stop, progress, runs that open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from explorer.training.experiment import Experiment, Run
from explorer.ui import experiments_session, training_session
from explorer.ui.experiments_session import Begun
from explorer.ui.experiments_table import exported, runs_table
from explorer.ui.export import export_menu
from explorer.ui.text import literal
from explorer.ui.training_sources.corpora import TextSource

TICK = 1.0  # seconds between looks at an experiment that runs


@dataclass(frozen=True)
class Ready:
    """What pressing Start begins.

    make : the experiment; an ExplorerError says what is wrong with the choice
    python : the lines that do the same from the library
    """

    source: TextSource
    make: Callable[[], Experiment]
    python: str


@dataclass(frozen=True)
class Kind:
    """One of the page's experiments.

    name : on its button; question : what it answers
    plan : the controls; None while something is missing
    results : what is drawn of some finished runs; explained : formulas, costs and traps
    """

    name: str
    question: str
    plan: Callable[[], Ready | None]
    results: Callable[[Begun, list[Run]], None]
    explained: Callable[[Begun | None], None]


def show(kind: Kind) -> None:
    """The whole of an experiment's part of the page."""
    training = training_session.current()
    if training is not None:
        training.job.touch()
    begun = experiments_session.current(kind.name)
    controls = st.container()
    with st.expander("On what, and how", expanded=begun is None):
        ready = kind.plan()
    with controls:
        _start_button(kind, begun, ready)
    if begun is not None:
        every = None if begun.job.finished else TICK
        st.fragment(_live, run_every=every)(kind, begun)
    kind.explained(begun)


def _start_button(kind: Kind, begun: Begun | None, ready: Ready | None) -> None:
    running = experiments_session.running()
    row = st.container(horizontal=True, vertical_alignment="center")
    again = begun is not None and begun is running
    if row.button(
        "Start over" if again else "Start", icon=":material/science:", type="primary",
        disabled=ready is None, key="experiment_start", width="content",
    ) and ready is not None:  # fmt: skip
        experiments_session.begin(kind.name, ready.make(), ready.source, ready.python)
        st.rerun()
    if running is not None and not again:
        row.caption(f"**{running.kind}** of yours still runs: Start ends it; its runs are kept.")
    else:
        row.caption(kind.question)


def _live(kind: Kind, begun: Begun) -> None:
    """The experiment as it is now; looks again every second while it runs."""
    experiments_session.touch()
    ended, runs = begun.job.finished, begun.runs
    _progress(begun)
    runs_table(begun, runs)
    if runs:
        kind.results(begun, runs)
        _after(begun, runs)
    if ended and not begun.kept.get("told"):
        begun.kept["told"] = True
        st.rerun()


def _progress(begun: Begun) -> None:
    job, experiment = begun.job, begun.experiment
    if job.error is not None:
        st.error(literal(job.error, 500), icon=":material/error:")
    doing = "" if job.finished else f" · {literal(experiment.doing)}"
    st.progress(
        experiment.share,
        f"**{literal(begun.source.title)}**: {job.state} · "
        f"{len(experiment.runs)} of {len(experiment.trials)} trainings finished{doing}",
    )
    if job.finished:
        return
    row = st.container(horizontal=True, vertical_alignment="center")
    row.button("Stop", icon=":material/stop:", on_click=job.stop, key="experiment_stop")
    if job.position:
        row.caption(
            f"{job.position} other training{'s' if job.position > 1 else ''} of this server "
            "go first; yours begins by itself."
        )


def _after(begun: Begun, runs: list[Run]) -> None:
    """Open the spaces that were learned, and take the numbers away."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    labels = [run.trial.label for run in runs]
    chosen = row.selectbox(
        "A space that was learned", labels, key=f"experiment_run_{begun.kind}",
        help="Every run is kept until the next experiment of this kind.",
    )  # fmt: skip
    if row.button("Open as space", key="experiment_open"):
        _open(begun, [run for run in runs if run.trial.label == chosen][:1])
    if row.button(
        f"Open all {len(runs)}", key="experiment_open_all",
        help="They hold the same items in the same rows, so that other pages can compare them.",
    ):  # fmt: skip
        _open(begun, runs)
    with row:
        export_menu(
            lambda: exported(runs), name="experiment", key=f"experiment_{begun.kind}",
            python=begun.python,
        )  # fmt: skip


def _open(begun: Begun, runs: list[Run]) -> None:
    experiments_session.open_runs(begun, runs)
    st.switch_page("pages/explore/map.py")
