"""GloVe: vectors whose inner products are the logarithms of the window counts.

    J = 1/2 sum over cells of f(X_ij) (w_i . c_j + b_i + b'_j - log X_ij)^2
    f(x) = (x / x_max)^alpha  below x_max, else 1

Pennington, Socher & Manning, "GloVe: Global Vectors for Word Representation", EMNLP 2014. Trained
by AdaGrad (Duchi, Hazan & Singer, JMLR 2011): each number's step is divided by the root of the sum
of its squared steps so far. As in the authors' program the learning rate is in those squares too,
which keeps the steps large for longer. A word's vector is w_i + c_i.

The cells are shuffled once, all of them together: taking them block by block, which is kinder to
the cache, costs accuracy.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.space import FloatArray
from explorer.training.cooccurrence import WEIGHTINGS, Cooccurrences
from explorer.training.corpus import Corpus
from explorer.training.counting_trainer import CountingTrainer
from explorer.training.draws import stream, whole_numbers
from explorer.training.progress import TrainingDivergedError
from explorer.training.setting import check_settings, setting
from explorer.training.trained_space import small_random

LANES = 16  # rows are padded to whole vectors of the processor
CLIP = 100.0  # bounds a single error, as in the authors' program
PIECE_NUMBERS = 2_000_000  # cells x dimensions that a thread works on at a time
HELD_OUT_ONE_IN = 100  # pairs of words
MOST_HELD_OUT = 10_000  # cells
HELD_OUT_EVERY = 1 / 50  # of the work


@dataclass(frozen=True)
class GloveSettings:
    """What GloVe's vectors depend on besides the text."""

    dimensions: int = setting(100, "numbers in a vector", least=1, most=2_000)
    window: int = setting(10, "words looked at on each side", least=1, most=1_000)
    weighting: str = setting(
        "harmonic", "how the weight of a neighbour falls with its distance", choices=WEIGHTINGS
    )
    epochs: int = setting(15, "passes over the counts", least=1, most=10_000)
    learning_rate: float = setting(0.05, "size of the first steps", above=0)
    x_max: float = setting(10.0, "counts from here on all weigh the same", above=0)
    alpha: float = setting(0.75, "how the weight falls for smaller counts", least=0, most=2)
    seed: int = setting(1, "of the random start and the order of the cells", least=0)
    threads: int = setting(1, "with more than one, runs differ a little", least=1, most=64)

    def __post_init__(self) -> None:
        check_settings(self)


class Cells(NamedTuple):
    """Cells of the matrix in the order of training: rows, columns, log counts and weights."""

    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    logs: FloatArray
    weights: FloatArray

    def part(self, which: slice | NDArray[Any]) -> Cells:
        return Cells(
            self.rows[which], self.columns[which], self.logs[which], self.weights[which]
        )  # fmt: skip


class GloveTrainer(CountingTrainer):
    """GloVe as a `progress.Trainer`: counting first, then AdaGrad over the cells.

    One pair of words in a hundred is held out, and the loss on it reported now and then.
    """

    kind = "glove"
    title = "GloVe"
    settings_class = GloveSettings
    settings: GloveSettings

    def __init__(self, corpus: Corpus, settings: GloveSettings | None = None) -> None:
        super().__init__(corpus, settings)
        n, d = len(corpus.words), self.settings.dimensions
        self.words = _with_squares(small_random(n, d, self.settings.seed))
        self.contexts = _with_squares(small_random(n, d, self.settings.seed + 1))
        self.word_biases = np.tile(np.array([0, 1], dtype=np.float32), (n, 1))
        self.context_biases = self.word_biases.copy()
        self._adagrad = _adagrad()
        self._cells: Cells | None = None
        self._held_out: Cells | None = None
        self._at = 0  # cells trained on so far, over all epochs
        self._next_held_out = 0.0

    def _prepared(self, counts: Cooccurrences) -> tuple[Cells, Cells]:
        return training_and_held_out(counts, self.settings)

    def _begin(self, prepared: tuple[Cells, Cells]) -> None:
        self._cells, self._held_out = prepared

    def _learn(self, until: float) -> tuple[float | None, float | None]:
        assert self._cells is not None
        first, loss = self._at, 0.0
        n = len(self._cells.rows)
        piece = max(1, PIECE_NUMBERS // self.settings.dimensions) * self.settings.threads
        while self._at < self._total:
            start = self._at % n
            end = min(n, start + piece)
            loss += self._train(start, end)
            self._at += end - start
            if time.perf_counter() >= until:
                break
        if not math.isfinite(loss):
            raise TrainingDivergedError(self._passes, self.settings.learning_rate)
        held_out = None
        if self._learned >= self._next_held_out:
            held_out = self.held_out_loss()
            self._next_held_out = self._learned + HELD_OUT_EVERY
        return loss / max(1, self._at - first), held_out

    def _train(self, start: int, end: int) -> float:
        """One piece of cells, divided among the threads; the sum of their losses."""
        assert self._cells is not None
        threads = self.settings.threads
        cuts = np.linspace(start, end, threads + 1).astype(int).tolist()
        parts = [self._cells.part(slice(*cut)) for cut in pairwise(cuts)]
        if threads == 1:
            return self._steps(parts[0])
        with ThreadPoolExecutor(threads) as pool:
            return sum(pool.map(self._steps, parts))

    def _steps(self, cells: Cells) -> float:
        return self._adagrad(
            *cells, self.words, self.contexts, self.word_biases, self.context_biases,
            np.float32(self.settings.learning_rate),
        )  # fmt: skip

    def cell(self, i: int, j: int) -> tuple[float, float] | None:
        """The log count and the weight of two words; None where they are not trained on."""
        cells = self._counted()
        found = np.flatnonzero((cells.rows == i) & (cells.columns == j))
        if len(found) == 0:
            return None
        return float(cells.logs[found[0]]), float(cells.weights[found[0]])

    def any_cell(self, random: np.random.Generator) -> tuple[int, int]:
        """Two words that are trained on, by number."""
        cells = self._counted()
        if len(cells.rows) == 0:
            raise ExplorerError(f"No two words of {self.corpus.name} meet within the window.")
        at = int(random.integers(len(cells.rows)))
        return int(cells.rows[at]), int(cells.columns[at])

    def _counted(self) -> Cells:
        if self._cells is None:
            raise ExplorerError("GloVe still counts how often words meet; look again in a moment.")
        return self._cells

    def held_out_loss(self) -> float | None:
        """Mean loss on the cells that are held out; None where there are none."""
        cells = self._held_out
        if cells is None or len(cells.rows) == 0:
            return None
        products = np.einsum(
            "ij,ij->i", self.words[cells.rows, 0], self.contexts[cells.columns, 0]
        )  # fmt: skip
        biases = self.word_biases[cells.rows, 0] + self.context_biases[cells.columns, 0]
        return float(np.mean(0.5 * cells.weights * (products + biases - cells.logs) ** 2))

    def _check(self) -> None:
        if not math.isfinite(float(self.words[:, 0].sum() + self.contexts[:, 0].sum())):
            raise TrainingDivergedError(self._passes, self.settings.learning_rate)

    @property
    def _total(self) -> int:
        return 0 if self._cells is None else len(self._cells.rows) * self.settings.epochs

    @property
    def _learned(self) -> float:
        if self._cells is None:
            return 0.0
        return self._at / self._total if self._total else 1.0

    @property
    def _passes(self) -> float:
        return self._learned * self.settings.epochs

    def vectors(self) -> FloatArray:
        """(n, d) float32, w + c as they are now."""
        d = self.settings.dimensions
        vectors: FloatArray = self.words[:, 0, :d] + self.contexts[:, 0, :d]
        return vectors

    def _state(self) -> dict[str, NDArray[Any]]:
        return {
            "words": self.words,
            "contexts": self.contexts,
            "word_biases": self.word_biases,
            "context_biases": self.context_biases,
            "at": np.array(self._at),
        }

    def _resume(self, state: dict[str, NDArray[Any]]) -> None:
        for name in ("words", "contexts", "word_biases", "context_biases"):
            getattr(self, name)[:] = state[name]
        self._at = int(state["at"])


def training_and_held_out(counts: Cooccurrences, settings: GloveSettings) -> tuple[Cells, Cells]:
    """All cells in random order, those of one pair of words in a hundred apart."""
    rows, columns = counts.row_numbers(), counts.columns
    low, high = np.minimum(rows, columns), np.maximum(rows, columns)
    pairs = low.astype(np.int64) * counts.words + high
    held = whole_numbers(stream(settings.seed, 1), pairs, HELD_OUT_ONE_IN) == 0
    order = np.random.default_rng(settings.seed).permutation(counts.cells)
    held = held[order]
    kept = order[held][:MOST_HELD_OUT], order[~held]
    held_out, training = (
        Cells(
            rows[some],
            columns[some],
            np.log(counts.counts[some]),
            cell_weights(counts.counts[some], settings.x_max, settings.alpha),
        )
        for some in kept
    )
    return training, held_out


def cell_weights(counts: FloatArray, x_max: float, alpha: float) -> FloatArray:
    """f of each count: (x / x_max)^alpha up to 1. cell_weights([10, 200], 100, .5) -> [.316, 1]."""
    weights: FloatArray = np.minimum(1, (counts / np.float32(x_max)) ** np.float32(alpha))
    return weights


def adagrad_numpy(
    rows: NDArray[np.int32],
    columns: NDArray[np.int32],
    logs: FloatArray,
    weights: FloatArray,
    words: FloatArray,
    contexts: FloatArray,
    word_biases: FloatArray,
    context_biases: FloatArray,
    rate: np.float32,
) -> float:
    """The same as glove_kernels.adagrad, in NumPy: the one to read."""
    total = 0.0
    for i, j, log, weight in zip(rows, columns, logs, weights, strict=True):
        error = words[i, 0] @ contexts[j, 0] + word_biases[i, 0] + context_biases[j, 0] - log
        total += 0.5 * float(weight) * float(error) ** 2
        step = rate * np.clip(weight * error, -CLIP, CLIP)
        word_step, context_step = step * contexts[j, 0], step * words[i, 0]
        for parameter, change in (
            (words[i], word_step),
            (contexts[j], context_step),
            (word_biases[i], step),
            (context_biases[j], step),
        ):
            parameter[0] -= change / np.sqrt(parameter[1])
            parameter[1] += change**2
    return total


def _with_squares(vectors: FloatArray) -> FloatArray:
    """(n, d) -> (n, 2, padded d): vectors and sums of squares that start at 1; 64-byte aligned."""
    n, d = vectors.shape
    width = -(-d // LANES) * LANES
    numbers = np.zeros(n * 2 * width + LANES, dtype=np.float32)
    begin = -(numbers.ctypes.data // 4) % LANES
    rows = numbers[begin : begin + n * 2 * width].reshape(n, 2, width)
    rows[:, 0, :d] = vectors
    rows[:, 1] = 1
    return rows


def _adagrad() -> Callable[..., float]:
    try:
        from explorer.training.glove_kernels import adagrad
    except ImportError:
        return adagrad_numpy
    kernel: Callable[..., float] = adagrad
    return kernel
