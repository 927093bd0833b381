"""What the trainers by prediction share: text cut among threads, slices, how they are watched.

    loss of a word w with a context word c and negatives n1 … nk
        -log σ(w · c) - log σ(-w · n1) - … - log σ(-w · nk)

A word has two rows: `inputs`, which become its vector, and `outputs`. Mikolov, Sutskever, Chen,
Corrado & Dean, "Distributed representations of words and phrases", NIPS 2013.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError, MissingDependencyError
from explorer.metadata import Metadata
from explorer.space import EmbeddingSpace, FloatArray, Provenance
from explorer.training.checkpoint import read_checkpoint, write_checkpoint
from explorer.training.corpus import Corpus
from explorer.training.held_out import HeldOut, held_out_sentences
from explorer.training.noise import alias_table, keep_chance, noise_distribution
from explorer.training.progress import (
    LONGEST_SLICE,
    SLICE,
    File,
    Progress,
    TrainingDivergedError,
)
from explorer.training.setting import check_settings, setting

LANES, OUTPUTS = 16, 6  # the kernels' tiles: numbers a vector, output rows
FIRST_PIECE, PIECE_SECONDS = 1_000, 0.01  # words of the first call of a kernel; then so long a call
SHORTEST_PIECE = 0.0005  # seconds of a call in short slices
HELD_OUT_EVERY = 1 / 200  # of the work, between two measurements on the held-out examples


@dataclass(frozen=True)
class PredictionSettings:
    """The choices that all trainers by prediction have; ExplorerError for one out of range."""

    dimensions: int = setting(100, "numbers in each vector", least=1, most=2_000)
    window: int = setting(
        5, "words looked at on each side, at most; nearer ones count more often", least=1, most=100
    )
    epochs: int = setting(5, "passes over the text", least=1, most=10_000)
    negatives: int = setting(
        5, "random words told apart from each true one; more for small texts", least=1, most=100
    )
    learning_rate: float = setting(0.025, "size of the first steps", above=0)
    last_rate: float = setting(0.0001, "size of the last steps; a straight line between", least=0)
    sample: float = setting(
        0.001, "words of a larger share of the text are passed over at times; 0: never", least=0
    )
    noise_exponent: float = setting(
        0.75, "negatives come as often as count to this power; 0: all alike", least=-2, most=2
    )
    l2: float = setting(0.0, "pull of every used row towards zero", least=0)
    held_out: int = setting(10_000, "words kept from training, at most 1 %, to test on", least=0)
    threads: int = setting(1, "with more than one, runs differ a little", least=1, most=64)
    seed: int = setting(1, "start of all random numbers", least=0, most=2**62)

    def __post_init__(self) -> None:
        check_settings(self)


class PredictionTrainer(ABC):
    """A `progress.Trainer` that goes through a text and learns to tell true words from random ones.

    kind : what a saved file says it is; title : what a space says it was trained by
    inputs, outputs : aligned float32 rows, padded with zeros to a multiple of 16 numbers

    A subclass says which input rows there are, calls its kernel and makes vectors of the rows.
    """

    kind: ClassVar[str]
    title: ClassVar[str]
    settings_class: ClassVar[type]
    unit = "words"

    def __init__(self, corpus: Corpus, settings: Any = None) -> None:
        if len(corpus.words) < 2:
            raise ExplorerError(
                f"{corpus.name} has one word only, {corpus.words[0]!r}: there is nothing to tell "
                "it from; lower min_count or give another text."
            )
        self.corpus = corpus
        self.settings = self.settings_class() if settings is None else settings
        self.seconds = 0.0
        self._kernels = _kernels()
        chosen = self.settings
        width = -(-chosen.dimensions // LANES) * LANES
        self.inputs = aligned_rows(self._input_rows(), width)
        self.outputs = aligned_rows(len(corpus.words), width)
        self._start(np.random.default_rng(chosen.seed))
        skip = held_out_sentences(corpus, chosen.held_out, chosen.seed)
        keep = keep_chance(corpus.counts, chosen.sample)
        self._text = self._kernels.Text(corpus.ids, corpus.offsets, skip, keep)
        noise = noise_distribution(corpus.counts, chosen.noise_exponent)
        self._noise = self._kernels.Noise(*alias_table(noise))
        self._plan = self._kernels.Plan(
            chosen.window,
            chosen.negatives,
            chosen.epochs,
            float(chosen.learning_rate),
            float(chosen.last_rate),
            float(chosen.l2),
            chosen.seed,
        )
        self._parts = self._cut(chosen.threads)
        self._scratch = [self._room(width) for _ in self._parts]
        self._epochs = np.zeros(len(self._parts), dtype=np.int64)  # passes each part has done
        self._at = np.array([part.first for part in self._parts])  # its next sentence
        self._piece = [FIRST_PIECE] * len(self._parts)
        self._examples = HeldOut.of(corpus, skip, chosen.window, chosen.negatives, noise)
        self._next_test = 0.0
        self._train(0, 0)  # compiles, or reads what was compiled before

    @abstractmethod
    def _train(self, thread: int, budget: int) -> int:
        """Train on the sentences of a thread from its place on, about `budget` words; its next."""

    @abstractmethod
    def _hidden(self, examples: HeldOut) -> FloatArray:
        """(m, width) what predicts the target of each held-out example."""

    def _input_rows(self) -> int:
        return len(self.corpus.words)

    def _start(self, random: np.random.Generator) -> None:
        """Small random input rows, as word2vec has them; output rows of zeros."""
        d = self.settings.dimensions
        drawn = random.random((len(self.inputs), d), dtype=np.float32)
        self.inputs[:, :d] = (drawn - np.float32(0.5)) / np.float32(d)

    def _cut(self, threads: int) -> list[Any]:
        """Parts of the text with about as many words each; a sentence belongs to one of them."""
        offsets = self.corpus.offsets
        cuts = np.searchsorted(offsets, np.linspace(0, len(self.corpus), threads + 1)[1:-1])
        ends = np.unique(np.concatenate([[0], cuts, [self.corpus.sentences]])).tolist()
        return [self._kernels.Part(first, last) for first, last in pairwise(ends)]

    def _room(self, width: int) -> Any:
        longest = int(np.diff(self.corpus.offsets).max())
        negatives, window = self.settings.negatives, self.settings.window
        tiles = -(-(negatives + 1) // OUTPUTS)
        label = np.zeros((tiles, LANES), dtype=np.float32)
        label[0, [0, OUTPUTS]] = 1  # the target stands first; in both halves of the first tile
        return self._kernels.Scratch(
            words=np.zeros(longest, dtype=np.int32),
            draws=np.zeros((longest, negatives), dtype=np.int32),
            rows=np.zeros(tiles * OUTPUTS, dtype=np.int64),
            weight=np.zeros((tiles, LANES), dtype=np.float32),
            label=label,
            scores=aligned_rows(1, LANES)[0],
            buffer=aligned_rows(tiles * OUTPUTS, width),
            hidden=aligned_rows(2, width),
            context=np.zeros(2 * window, dtype=np.int32),
            report=np.zeros(3, dtype=np.float64),
        )

    @property
    def done(self) -> bool:
        """All epochs are done; another slice would change nothing."""
        return bool((self._epochs >= self.settings.epochs).all())

    @property
    def examples(self) -> int:
        """Words of the text gone through so far, all epochs together."""
        offsets = self.corpus.offsets
        words = 0
        for part, epochs, at in zip(self._parts, self._epochs, self._at, strict=True):
            whole = offsets[part.last] - offsets[part.first]
            words += int(epochs * whole + offsets[at] - offsets[part.first])
        return words

    @property
    def rate(self) -> float:
        """The learning rate of this moment."""
        first, last = self.settings.learning_rate, self.settings.last_rate
        share = self.examples / (len(self.corpus) * self.settings.epochs)
        return float(first - (first - last) * share)

    def advance(self, seconds: float = SLICE) -> Progress:
        """Train for about that long, at most 0.15 s; TrainingDivergedError where it diverges."""
        begun = time.perf_counter()
        until = begun + min(seconds, LONGEST_SLICE - 2 * PIECE_SECONDS)
        for scratch in self._scratch:
            scratch.report[:] = 0
        threads = range(len(self._parts))
        if len(threads) == 1:
            self._run(0, until)
        else:
            with ThreadPoolExecutor(len(threads)) as pool:
                list(pool.map(lambda thread: self._run(thread, until), threads))
        loss, pairs, wrong = np.sum([scratch.report for scratch in self._scratch], axis=0)
        words = self.examples
        share = words / (len(self.corpus) * self.settings.epochs)
        if wrong:
            epoch = words / len(self.corpus)
            raise TrainingDivergedError(epoch, self.settings.learning_rate)
        held_out = None
        if share >= self._next_test or self.done:
            held_out = self.held_out_loss()
            self._next_test = share + HELD_OUT_EVERY
        self.seconds += time.perf_counter() - begun
        return Progress(
            share=share,
            epoch=words / len(self.corpus),
            loss=loss / pairs if pairs else None,
            held_out=held_out,
            examples=words,
            seconds=self.seconds,
        )

    def _run(self, thread: int, until: float) -> None:
        """One thread's work of one slice: pieces of a hundredth of a second, at least one."""
        part = self._parts[thread]
        now = time.perf_counter()
        piece_seconds = min(PIECE_SECONDS, max(SHORTEST_PIECE, until - now))
        while self._epochs[thread] < self.settings.epochs:
            begun, at = now, self._at[thread]
            next_at = self._train(thread, self._piece[thread])
            words = self.corpus.offsets[next_at] - self.corpus.offsets[at]
            self._at[thread] = next_at
            if next_at == part.last:
                self._epochs[thread] += 1
                self._at[thread] = part.first
            now = time.perf_counter()
            pace = int(words * piece_seconds / max(now - begun, 1e-6))
            self._piece[thread] = max(1, min(4 * self._piece[thread], pace))
            if now >= until:
                return

    def held_out_loss(self) -> float | None:
        """Mean loss of the held-out examples, always the same ones; None where there are none."""
        examples = self._examples
        return None if examples is None else examples.loss(self._hidden(examples), self.outputs)

    def vectors(self) -> FloatArray:
        """(n, d) float32, a copy of the words' vectors as they are now."""
        return self.inputs[:, : self.settings.dimensions].copy()

    def space(self) -> EmbeddingSpace:
        """The words with their vectors as they are now, their frequency, and how they came."""
        chosen = ", ".join(
            f"{name} {value}" for name, value in asdict(self.settings).items() if name != "seed"
        )
        done = f"{self.examples / len(self.corpus):.2f} epochs done in {self.seconds:.1f} s"
        return EmbeddingSpace(
            name=f"{self.corpus.name} {self.title}",
            items=self.corpus.items,
            vectors=self.vectors(),
            provenance=Provenance(
                source=str(self.corpus),
                format=f"trained here by {self.title}",
                steps=(f"text {self.corpus.digest}", f"{chosen}; {done}"),
                seed=self.settings.seed,
            ),
            metadata=Metadata({"frequency": self.corpus.counts}),
            trained_with="dot",
        )

    def save(self, file: File) -> None:
        """Text, settings, rows and place in the text, as .npz."""
        about = {"settings": asdict(self.settings), "seconds": self.seconds}
        arrays = self.corpus.arrays()
        arrays |= {"inputs": self.inputs, "outputs": self.outputs}
        arrays |= {"epochs": self._epochs, "at": self._at}
        write_checkpoint(file, self.kind, about, arrays)

    @classmethod
    def load(cls, file: File) -> Self:
        """The training that `save` kept, to go on where it stopped; ExplorerError for others."""
        about, arrays = read_checkpoint(file, cls.kind)
        trainer = cls(Corpus.from_arrays(arrays), cls.settings_class(**about["settings"]))
        trainer.seconds = about["seconds"]
        trainer.inputs[:], trainer.outputs[:] = arrays["inputs"], arrays["outputs"]
        trainer._epochs[:], trainer._at[:] = arrays["epochs"], arrays["at"]
        return trainer


def aligned_rows(rows: int, width: int) -> FloatArray:
    """(rows, width) zeros from a multiple of 64 bytes on: no vector lies in two cache lines."""
    raw = np.zeros(rows * width * 4 + 64, dtype=np.uint8)
    first = -raw.ctypes.data % 64
    zeros: NDArray[np.float32] = raw[first : first + rows * width * 4].view(np.float32)
    return zeros.reshape(rows, width)


def _kernels() -> Any:
    try:
        from explorer.training import prediction_kernels
    except ImportError:
        raise MissingDependencyError("Training words", "numba") from None
    return prediction_kernels
