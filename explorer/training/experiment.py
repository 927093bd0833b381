"""Several trainings on one text, one after another, and what came of each, side by side.

Like a trainer, an experiment is advanced a slice at a time: training, then one list of pairs or
questions, then the neighbours; so whoever holds it can watch and stop it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from explorer.errors import ExplorerError
from explorer.evaluation.word_tasks import TaskScore, WordTasks, value_of
from explorer.neighbor_stability import Stability
from explorer.neighbors import nearest_neighbors
from explorer.space import EmbeddingSpace, IntArray
from explorer.training import OBJECTIVES
from explorer.training.corpus import Corpus, corpus_of_text
from explorer.training.held_bytes import held_bytes
from explorer.training.progress import SLICE, Progress, Trainer

MOST_TRIALS = 20
MOST_BYTES = 1 << 30  # of all vectors that are kept
QUERIES_AT_ONCE = 512  # items whose neighbours are sought in one slice
TINY = "one two three four\n" * 20
NOTHING_YET = Progress(0.0, 0.0, None, None, 0, 0.0)


@dataclass(frozen=True)
class Trial:
    """One training that is to be made.

    label : how it is told from the others: "CBOW", "50 dimensions", "seed 3"
    objective : of `OBJECTIVES`
    settings : by name; the rest as the objective has them
    """

    label: str
    objective: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    def trainer(self, corpus: Corpus) -> Trainer:
        """At its start; ExplorerError where a setting is out of range."""
        objective = OBJECTIVES[self.objective]
        made: Trainer = objective.make_trainer(corpus, objective.make_settings(**self.settings))
        return made

    @property
    def dimensions(self) -> int:
        return int(OBJECTIVES[self.objective].make_settings(**self.settings).dimensions)


@dataclass(frozen=True, eq=False)
class Run:
    """What came of a trial; of one that failed only `error`, which says why.

    space : what was learned
    progress : the trainer's last report; its seconds are of training alone, by the clock
    loss : of training, over the last slice that had one; held_out : the last that was measured
    training_bytes : of the arrays the trainer held, the text left out, at most
    scores : at each list; neighbors : (r, k) rows, where they were asked for
    """

    trial: Trial
    space: EmbeddingSpace | None = None
    progress: Progress = NOTHING_YET
    loss: float | None = None
    held_out: float | None = None
    training_bytes: int = 0
    scores: tuple[TaskScore, ...] = ()
    neighbors: IntArray | None = None
    error: str = ""

    @property
    def seconds(self) -> float:
        return self.progress.seconds

    @property
    def bytes(self) -> int:
        """Of the vectors."""
        return 0 if self.space is None else self.space.vectors.nbytes

    def __str__(self) -> str:
        if self.space is None:
            return f"{self.trial.label}: {self.error}"
        scores = "".join(f"; {score}" for score in self.scores)
        return f"{self.trial.label}: {self.seconds:.2f} s{scores}"


class Experiment:
    """Trials on one text, made in their order.

    tasks : lists that every space is asked
    rows, k : note the k nearest neighbours of these rows in every space, by cosine; None: not
    runs : what is finished

    ExplorerError at the start for a trial whose settings are out of range, or too many of them. A
    trial that diverges does not end the others.
    """

    def __init__(
        self,
        corpus: Corpus,
        trials: Sequence[Trial],
        tasks: WordTasks | None = None,
        *,
        rows: IntArray | None = None,
        k: int = 10,
    ) -> None:
        self.corpus, self.trials, self.tasks = corpus, tuple(trials), tasks or WordTasks()
        self.rows, self.k = rows, k
        self.runs: list[Run] = []
        self.doing = "getting ready"
        self.now = NOTHING_YET
        self._check()
        self._random: dict[int, list[float]] = {}
        self._slice = SLICE
        self._slices = self._all_slices()

    def _check(self) -> None:
        if not 1 <= len(self.trials) <= MOST_TRIALS:
            raise ExplorerError(
                f"An experiment is of 1 to {MOST_TRIALS} trainings; got {len(self.trials):,}."
            )
        kept = 4 * len(self.corpus.words) * sum(trial.dimensions for trial in self.trials)
        if kept > MOST_BYTES:
            raise ExplorerError(
                f"The vectors of all {len(self.trials)} trainings would take {kept / 1e9:.1f} GB, "
                f"and {MOST_BYTES / 1e9:.1f} GB are kept; take fewer dimensions or fewer words."
            )
        if self.rows is not None and not 1 <= self.k < len(self.corpus.words):
            raise ExplorerError(
                f"k must be from 1 to {len(self.corpus.words) - 1:,} for "
                f"{len(self.corpus.words):,} words; got {self.k:,}."
            )

    @property
    def done(self) -> bool:
        return len(self.runs) == len(self.trials)

    @property
    def share(self) -> float:
        """Of all the trainings, each counted alike, 0 to 1."""
        return min(1.0, (len(self.runs) + self.now.share) / len(self.trials))

    def advance(self, seconds: float = SLICE) -> None:
        """Work for about that long on the trial at hand; a list of questions may take longer."""
        self._slice = seconds
        next(self._slices, None)

    def stability(self, runs: Sequence[Run] | None = None) -> Stability | None:
        """How far the neighbours of runs agree, of all by default; None for fewer than two."""
        some = self.runs if runs is None else runs
        noted = [run.neighbors for run in some if run.neighbors is not None]
        if self.rows is None or len(noted) < 2:
            return None
        return Stability(self.rows, np.stack(noted), len(self.corpus.words))

    # --- slices ---------------------------------------------------------------------------------

    def _all_slices(self) -> Iterator[None]:
        warm: set[str] = set()
        for trial in self.trials:
            self.doing = f"{trial.label}: getting ready"
            if trial.objective not in warm:
                compile_kernels(trial.objective)
                warm.add(trial.objective)
                yield
            try:
                run = yield from self._run(trial)
            except ExplorerError as error:
                run = Run(trial, error=str(error))
            self.now = NOTHING_YET
            self.runs.append(run)
            yield

    def _run(self, trial: Trial) -> Generator[None, None, Run]:
        trainer = trial.trainer(self.corpus)
        loss = held_out = None
        self.doing = f"{trial.label}: training"
        while not trainer.done:
            self.now = trainer.advance(self._slice)
            loss = loss if self.now.loss is None else self.now.loss
            held_out = held_out if self.now.held_out is None else self.now.held_out
            yield
        space = trainer.space().renamed(f"{self.corpus.name}, {trial.label}")
        return Run(
            trial,
            space,
            self.now,
            loss,
            held_out,
            held_bytes(trainer, without=self.corpus),
            scores=(yield from self._scores(trial, space)),
            neighbors=(yield from self._neighbors(trial, space)),
        )

    def _scores(
        self, trial: Trial, space: EmbeddingSpace
    ) -> Generator[None, None, tuple[TaskScore, ...]]:
        self.doing = f"{trial.label}: asking the lists"
        random = self._random.setdefault(space.dimensions, [])
        if len(random) < len(self.tasks):
            random.clear()
            for guessed in self.tasks.random_results(space.items, space.dimensions):
                random.append(value_of(guessed))
                yield
        results = []
        for result in self.tasks.results(space):
            results.append(result)
            yield
        return tuple(TaskScore(*pair) for pair in zip(results, random, strict=True))

    def _neighbors(
        self, trial: Trial, space: EmbeddingSpace
    ) -> Generator[None, None, IntArray | None]:
        if self.rows is None:
            return None
        self.doing = f"{trial.label}: looking for neighbours"
        found = []
        for start in range(0, len(self.rows), QUERIES_AT_ONCE):
            asked = self.rows[start : start + QUERIES_AT_ONCE]
            near = nearest_neighbors(
                space.vectors, space.vectors[asked], self.k, metric="cosine", exclude=asked
            )
            found.append(near.indices)
            yield
        return np.concatenate(found)


def run_all(experiment: Experiment) -> list[Run]:
    """Every run, one after another."""
    while not experiment.done:
        experiment.advance()
    return experiment.runs


def compile_kernels(objective: str) -> None:
    """Train on a few words, so that what is measured next is training and not compiling."""
    tiny = corpus_of_text(TINY, min_count=1)
    trainer = Trial("", objective, {"dimensions": 4}).trainer(tiny)
    while not trainer.done:
        trainer.advance()
