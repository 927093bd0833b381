"""The visitor's experiments: the newest of each kind, kept in the session, ended with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import streamlit as st

from explorer.errors import ExplorerError
from explorer.metadata import Metadata
from explorer.space import EmbeddingSpace
from explorer.training.experiment import Experiment, Run
from explorer.training.experiment_job import ExperimentJob
from explorer.ui import warm
from explorer.ui.state import messages, opening
from explorer.ui.training_sources.corpora import TextSource


@dataclass(frozen=True, eq=False)
class Begun:
    """An experiment that was begun.

    kind : which of the page's experiments
    python : the lines that do the same from the library
    number : tells it from the session's others
    kept : what was worked out of its runs, by name, so that it is worked out once
    """

    kind: str
    job: ExperimentJob
    source: TextSource
    python: str
    number: int
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def experiment(self) -> Experiment:
        return self.job.experiment

    @property
    def runs(self) -> list[Run]:
        """Those that are finished and have a space; there may be more of them a moment later."""
        return [run for run in list(self.experiment.runs) if run.space is not None]


def _all() -> dict[str, Begun]:
    return cast("dict[str, Begun]", st.session_state.setdefault("experiments", {}))


def current(kind: str) -> Begun | None:
    """The newest experiment of a kind, running or ended; None before the first."""
    return _all().get(kind)


def running() -> Begun | None:
    """The one that still runs, if any."""
    return next((one for one in _all().values() if not one.job.finished), None)


def touch() -> None:
    """The visitor is still on the page."""
    for begun in _all().values():
        begun.job.touch()


def begin(kind: str, experiment: Experiment, source: TextSource, python: str) -> Begun:
    """Start an experiment; one of this session that still runs is ended first."""
    kernels = {f"training.{trial.objective}" for trial in experiment.trials} | {"neighbors.exact"}
    with st.spinner("Getting ready …"):  # where they were never compiled on this machine
        warm.make_ready(*sorted(kernels))
    number = 1 + max((one.number for one in _all().values()), default=0)
    for earlier in _all().values():
        earlier.job.stop()
    _all()[kind] = Begun(kind, ExperimentJob(experiment), source, python, number)
    return _all()[kind]


def open_runs(begun: Begun, runs: list[Run]) -> None:
    """Put spaces on the visitor's shelf, as many as there is room for; the first is looked at."""
    names = []
    for run in runs:
        try:
            names.append(opening.add_space(_with_facts(begun, run)))
        except ExplorerError as error:
            messages.notify(f"{len(names)} of {len(runs)} spaces were opened. {error}")
            break
    if names:
        opening.set_space(names[0])


def _with_facts(begun: Begun, run: Run) -> EmbeddingSpace:
    assert run.space is not None
    facts = {**dict(run.space.metadata), **begun.source.facts(run.space.items)}
    return run.space.with_metadata(Metadata(facts, rows=len(run.space)))
