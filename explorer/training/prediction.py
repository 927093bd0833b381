"""What the trainers by prediction share: text handed to threads, slices, how they are watched.

    loss of a word w with a context word c and negatives n1 … nk
        -log σ(w · c) - log σ(-w · n1) - … - log σ(-w · nk)

A word has two rows: `inputs`, which become its vector, and `outputs`. Mikolov, Sutskever, Chen,
Corrado & Dean, "Distributed representations of words and phrases", NIPS 2013.
"""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError, MissingDependencyError
from explorer.space import EmbeddingSpace, FloatArray
from explorer.training.checkpoint import read_checkpoint, restoring, write_checkpoint
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
from explorer.training.trained_space import small_random, word_space

LANES, OUTPUTS = 16, 6  # the kernels' tiles: numbers a vector, output rows
LINE = 64  # bytes of a cache line, and of a vector
FIRST_PIECE, PIECE_SECONDS = 1_000, 0.01  # words of a thread's first piece; then so long a piece
SHORTEST_PIECE = 0.0005  # seconds, at the end of a slice
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
    held_out: int = setting(10_000, "words kept from training, at most 1%, to test on", least=0)
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
        kernels = _kernels()
        chosen = self.settings
        width = -(-chosen.dimensions // LANES) * LANES
        self.inputs = aligned_zeros((self._input_rows(), width), np.float32)
        self.outputs = aligned_zeros((len(corpus.words), width), np.float32)
        start = small_random(len(self.inputs), chosen.dimensions, chosen.seed)
        self.inputs[:, : chosen.dimensions] = start
        skip = held_out_sentences(corpus, chosen.held_out, chosen.seed)
        keep = keep_chance(corpus.counts, chosen.sample)
        noise = noise_distribution(corpus.counts, chosen.noise_exponent)
        plan = kernels.Plan(
            chosen.window,
            chosen.negatives,
            chosen.epochs,
            float(chosen.learning_rate),
            float(chosen.last_rate),
            float(chosen.l2),
            chosen.seed,
        )
        self._work = kernels.Work(
            kernels.Text(corpus.ids, corpus.offsets, skip, keep),
            kernels.Noise(*alias_table(noise)),
            plan,
            self.inputs,
            self.outputs,
        )
        self._scratch = [self._room(kernels.Scratch, width) for _ in range(chosen.threads)]
        self._pace = [FIRST_PIECE / PIECE_SECONDS] * chosen.threads  # words a second
        self._epoch, self._at = 0, 0  # what is next to be trained on: this sentence of this epoch
        self._handing_out = Lock()
        self._examples = HeldOut.of(corpus, skip, chosen.window, chosen.negatives, noise)
        self._next_test = 0.0
        self._train = self._kernel()
        self._train(self._work, 0, 0, 0, self._scratch[0])  # compiles, or reads what was compiled

    @abstractmethod
    def _kernel(self) -> Callable[..., None]:
        """(work, epoch, first sentence, last + 1, scratch): trains on these sentences."""

    @abstractmethod
    def _hidden(self, examples: HeldOut) -> FloatArray:
        """(m, width) what predicts the target of each held-out example."""

    def _input_rows(self) -> int:
        return len(self.corpus.words)

    def _room(self, scratch: Any, width: int) -> Any:
        longest = int(np.diff(self.corpus.offsets).max())
        negatives, window = self.settings.negatives, self.settings.window
        tiles = -(-(negatives + 1) // OUTPUTS)
        label = aligned_zeros((tiles, LANES), np.float32)
        label[0, [0, OUTPUTS]] = 1  # the target stands first; in both halves of the first tile
        return scratch(
            state=aligned_zeros((1,), np.uint64),
            words=aligned_zeros((longest,), np.int32),
            draws=aligned_zeros((longest, negatives), np.int32),
            context=aligned_zeros((2 * window,), np.int32),
            rows=aligned_zeros((tiles * OUTPUTS,), np.int64),
            weight=aligned_zeros((tiles, LANES), np.float32),
            label=label,
            scores=aligned_zeros((2, LANES), np.float32),
            buffer=aligned_zeros((tiles * OUTPUTS, width), np.float32),
            hidden=aligned_zeros((2, width), np.float32),
            report=aligned_zeros((3,), np.float64),
        )

    @property
    def done(self) -> bool:
        """All epochs are done; another slice would change nothing."""
        return bool(self._epoch >= self.settings.epochs)

    @property
    def examples(self) -> int:
        """Words of the text gone through so far, all epochs together."""
        return self._epoch * len(self.corpus) + int(self.corpus.offsets[self._at])

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
        threads = self.settings.threads
        if threads == 1:
            self._run(0, until)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(self._run, range(threads), [until] * threads))
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
        offsets, scratch = self.corpus.offsets, self._scratch[thread]
        now = time.perf_counter()
        while not self.done:
            seconds = min(PIECE_SECONDS, max(SHORTEST_PIECE, until - now))
            epoch, first, last = self._hand_out(int(self._pace[thread] * seconds))
            self._train(self._work, epoch, first, last, scratch)
            begun, now = now, time.perf_counter()
            pace = (offsets[last] - offsets[first]) / max(now - begun, 1e-6)
            self._pace[thread] = min(4 * self._pace[thread], pace)
            if now >= until:
                return

    def _hand_out(self, words: int) -> tuple[int, int, int]:
        """(epoch, first, last + 1): the next sentences, of about so many words; none if all are."""
        with self._handing_out:
            epoch, first = self._epoch, self._at
            if self.done:
                return epoch, first, first
            offsets = self.corpus.offsets
            last = int(np.searchsorted(offsets, offsets[first] + max(1, words)))
            self._at = last = min(last, self.corpus.sentences)
            if last == self.corpus.sentences:
                self._epoch, self._at = epoch + 1, 0
            return epoch, first, last

    def held_out_loss(self) -> float | None:
        """Mean loss of the held-out examples, always the same ones; None where there are none."""
        examples = self._examples
        return None if examples is None else examples.loss(self._hidden(examples), self.outputs)

    def vectors(self) -> FloatArray:
        """(n, d) float32, a copy of the words' vectors as they are now."""
        return self.inputs[:, : self.settings.dimensions].copy()

    def space(self) -> EmbeddingSpace:
        """The words with their vectors as they are now, their frequency, and how they came."""
        done = f"{self.examples / len(self.corpus):.4g} epochs, {self.seconds:.1f} s"
        return word_space(self.corpus, self.title, self.vectors(), self.settings, done)

    def save(self, file: File) -> None:
        """Text, settings, rows and place in the text, as .npz."""
        about = {"settings": asdict(self.settings), "seconds": self.seconds}
        about |= {"epoch": self._epoch, "at": self._at}
        arrays = self.corpus.arrays()
        arrays |= {"inputs": self.inputs, "outputs": self.outputs}
        write_checkpoint(file, self.kind, about, arrays)

    @classmethod
    def load(cls, file: File) -> Self:
        """The training that `save` kept, to go on where it stopped; ExplorerError for others."""
        about, arrays = read_checkpoint(file, cls.kind)
        with restoring(cls.kind):
            trainer = cls(Corpus.from_arrays(arrays), cls.settings_class(**about["settings"]))
            trainer.seconds = about["seconds"]
            trainer.inputs[:], trainer.outputs[:] = arrays["inputs"], arrays["outputs"]
            trainer._epoch, trainer._at = about["epoch"], about["at"]
        return trainer


def aligned_zeros(shape: tuple[int, ...], kind: type) -> NDArray[Any]:
    """Zeros in cache lines of their own: no vector lies in two of them, no thread meets another."""
    wanted = math.prod(shape) * np.dtype(kind).itemsize
    raw = np.zeros(-(-wanted // LINE) * LINE + LINE, dtype=np.uint8)
    first = -raw.ctypes.data % LINE
    zeros: NDArray[Any] = raw[first : first + wanted].view(kind).reshape(shape)
    return zeros


def _kernels() -> Any:
    try:
        from explorer.training import sentence_kernels
    except ImportError:
        raise MissingDependencyError("Training words", "numba") from None
    return sentence_kernels
