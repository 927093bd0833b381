"""An experiment in the background: its runs come one after another, and it can be stopped."""

from __future__ import annotations

import time
from typing import Literal

from explorer.training.background import BackgroundWork
from explorer.training.experiment import Experiment

State = Literal["waiting", "running", "done", "stopped", "failed"]


class ExperimentJob(BackgroundWork):
    """Starts at once; like a training it ends when its owner has gone, and takes its turn."""

    def __init__(self, experiment: Experiment) -> None:
        super().__init__()
        self.experiment = experiment
        self._thread.start()

    @property
    def state(self) -> State:
        if self.error is not None:
            return "failed"
        if self.finished:
            return "done" if self.experiment.done else "stopped"
        return "running" if self._in_place else "waiting"

    def _work(self) -> None:
        while not self._stop.is_set() and not self.experiment.done:
            with self._turn() as end:
                self._advance(end)

    def _advance(self, end: float) -> None:
        while time.monotonic() < end and not self._stop.is_set() and not self.experiment.done:
            self.experiment.advance()
            if self._left_alone():
                self._stop.set()
