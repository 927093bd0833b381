"""What GloVe and PPMI + SVD share: first the text is counted, then the counts are learned from."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict
from typing import Any, ClassVar, Self

from numpy.typing import NDArray

from explorer.space import EmbeddingSpace, FloatArray
from explorer.training.checkpoint import read_checkpoint, restoring, write_checkpoint
from explorer.training.cooccurrence import Cooccurrences, Counting
from explorer.training.corpus import Corpus
from explorer.training.progress import LONGEST_SLICE, SLICE, File, Progress
from explorer.training.trained_space import word_space

COUNTING = 0.25  # of the work, as `Progress.share` has it
MARGIN = 0.04  # seconds of a slice kept free, as no piece of work is longer


class CountingTrainer(ABC):
    """A `progress.Trainer` that learns from window counts.

    kind : what a saved file says it is; title : what a space says it was trained by
    settings : its dataclass, with at least dimensions, window, weighting, seed and threads

    A subclass fills in what follows the counting. One pass over the text counts as epoch 0 to 1;
    later epochs are passes over the counts.
    """

    kind: ClassVar[str]
    title: ClassVar[str]
    settings_class: ClassVar[type]
    unit = "words"

    def __init__(self, corpus: Corpus, settings: Any = None) -> None:
        self.corpus = corpus
        self.settings = self.settings_class() if settings is None else settings
        self.seconds = 0.0
        self.counts: Cooccurrences | None = None
        self._counting: Counting | None = self._counter()
        self._preparing: Future[Any] | None = None

    @abstractmethod
    def _prepared(self, counts: Cooccurrences) -> Any:
        """What learning from the counts needs; may take seconds, so it runs in a thread."""

    @abstractmethod
    def _begin(self, prepared: Any) -> None:
        """Take what `_prepared` gave."""

    @abstractmethod
    def _learn(self, until: float) -> tuple[float | None, float | None]:
        """Some of the learning, until about `until` on the clock: loss and held-out loss."""

    @property
    @abstractmethod
    def _learned(self) -> float:
        """How much of the learning is done, 0 to 1; 0 before `_begin`."""

    @property
    @abstractmethod
    def _passes(self) -> float:
        """Over the counts so far."""

    @abstractmethod
    def vectors(self) -> FloatArray:
        """(n, d) float32, a copy of the words' vectors as they are now."""

    @abstractmethod
    def _state(self) -> dict[str, NDArray[Any]]:
        """What has been learned since `_begin`, for `_resume`."""

    @abstractmethod
    def _resume(self, state: dict[str, NDArray[Any]]) -> None:
        """Go on, after `_begin`, from what `_state` gave."""

    def _check(self) -> None:  # noqa: B027 (there may be nothing to check)
        """TrainingDivergedError where something learned is not finite."""

    @property
    def done(self) -> bool:
        """All the work is done; another slice would change nothing."""
        return self.counts is not None and self._learned >= 1

    @property
    def examples(self) -> int:
        """Words of the text whose company has been counted or learned from so far."""
        return int(len(self.corpus) * self._epoch)

    @property
    def _epoch(self) -> float:
        return (1.0 if self._counting is None else self._counting.share) + self._passes

    def advance(self, seconds: float = SLICE) -> Progress:
        """Work for about that long, at most 0.15 s."""
        begun = time.perf_counter()
        until = begun + min(seconds, LONGEST_SLICE - MARGIN)
        loss = held_out = None
        if self._counting is not None:
            self._count(until)
        elif self._preparing is not None:
            self._wait(until - time.perf_counter())
        elif not self.done:
            loss, held_out = self._learn(until)
            self._check()
        self.seconds += time.perf_counter() - begun
        counted = 1.0 if self._counting is None else self._counting.share
        return Progress(
            share=COUNTING * counted + (1 - COUNTING) * self._learned,
            epoch=self._epoch,
            loss=loss,
            held_out=held_out,
            examples=self.examples,
            seconds=self.seconds,
        )

    def _count(self, until: float) -> None:
        assert self._counting is not None
        while not self._counting.done:
            self._counting.advance()
            if time.perf_counter() >= until:
                return
        counting, self._counting = self._counting, None
        self._prepare(counting.result)

    def _prepare(self, result: Callable[[], Cooccurrences]) -> None:
        """Start what stands between the counts and the first step of the learning."""

        def prepare() -> tuple[Cooccurrences, Any]:
            counts = result()
            return counts, self._prepared(counts)

        pool = ThreadPoolExecutor(1)
        self._preparing = pool.submit(prepare)
        pool.shutdown(wait=False)

    def _wait(self, seconds: float | None) -> None:
        """For the preparation to end, or for so long."""
        assert self._preparing is not None
        if wait([self._preparing], timeout=seconds).done:
            self.counts, prepared = self._preparing.result()
            self._preparing = None
            self._begin(prepared)

    def _counter(self) -> Counting:
        return Counting(
            self.corpus.ids, self.corpus.offsets, len(self.corpus.words),
            window=self.settings.window, weighting=self.settings.weighting,
            threads=self.settings.threads,
        )  # fmt: skip

    def space(self) -> EmbeddingSpace:
        """The words with their vectors as they are now, their frequency, and how they came."""
        done = f"{self._epoch:.4g} epochs, {self.seconds:.1f} s"
        return word_space(self.corpus, self.title, self.vectors(), self.settings, done)

    def save(self, file: File) -> None:
        """Text, counts, settings and what has been learned, as .npz."""
        if self._preparing is not None:
            self._wait(None)
        about = {"settings": asdict(self.settings), "seconds": self.seconds}
        arrays = dict(self.corpus.arrays())
        if self.counts is not None:
            arrays |= {
                "counts starts": self.counts.starts,
                "counts columns": self.counts.columns,
                "counts counts": self.counts.counts,
            }
            arrays |= {f"learned {name}": array for name, array in self._state().items()}
        write_checkpoint(file, self.kind, about, arrays)

    @classmethod
    def load(cls, file: File) -> Self:
        """The training that `save` kept; one that was still counting counts anew."""
        about, arrays = read_checkpoint(file, cls.kind)
        with restoring(cls.kind):
            trainer = cls(Corpus.from_arrays(arrays), cls.settings_class(**about["settings"]))
            trainer.seconds = about["seconds"]
            if "counts starts" in arrays:
                counts = Cooccurrences(
                    *(arrays[f"counts {part}"] for part in ("starts", "columns", "counts"))
                )
                trainer._counting = None
                trainer._prepare(lambda: counts)
                trainer._wait(None)
                learned = {name[8:]: a for name, a in arrays.items() if name.startswith("learned ")}
                trainer._resume(learned)
        return trainer
