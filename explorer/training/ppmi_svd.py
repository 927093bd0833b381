"""Word vectors by counting and factorising: positive PMI and a truncated SVD.

    PMI(w, c)   = log( P(w, c) / (P(w) P_a(c)) ),   P_a(c) = X_c^a / sum over c' of X_c'^a
    M(w, c)     = max(0, PMI(w, c) - log k)                      shifted positive PMI
    M          ~= U S V^T,  the d largest singular values
    vector of w = row w of U S^p

X are the window counts, k the shift, a the context smoothing (0.75: rare contexts weigh less) and
p the eigenvalue weighting. SGNS with k negative samples factorises PMI - log k implicitly (Levy &
Goldberg, NIPS 2014); what each choice does: Levy, Goldberg & Dagan, TACL 2015.

The SVD is by subspace iteration from a random start (Halko, Martinsson & Tropp, SIAM Review 2011):
each iteration multiplies by M and by its transpose, and every iteration has vectors to show.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.space import FloatArray, IntArray
from explorer.training.cooccurrence import WEIGHTINGS, Cooccurrences
from explorer.training.corpus import Corpus
from explorer.training.counting_trainer import CountingTrainer
from explorer.training.setting import check_settings, setting
from explorer.training.trained_space import small_random

OVERSAMPLING = 12  # columns beyond those wanted, which make few iterations enough
PIECE_CELLS = 1 << 18  # of a product, so that a thread works for hundredths of a second


@dataclass(frozen=True)
class PpmiSettings:
    """What the vectors of PPMI + SVD depend on besides the text."""

    dimensions: int = setting(100, "numbers in a vector", least=1)
    window: int = setting(5, "words looked at on each side", least=1, most=1_000)
    weighting: str = setting(
        "linear", "how the weight of a neighbour falls with its distance", choices=WEIGHTINGS
    )
    shift: float = setting(1.0, "k: log k is taken off every PMI", least=1)
    smoothing: float = setting(
        0.75, "power of the contexts' counts; below 1, rare contexts weigh less", least=0, most=1
    )
    power: float = setting(
        0.5, "p: how much the larger singular values count more", least=0, most=2
    )
    iterations: int = setting(4, "rounds of the SVD; more are more exact", least=1, most=100)
    seed: int = setting(1, "of the SVD's random start", least=0)
    threads: int = setting(2, "do not change the result", least=1, most=64)

    def __post_init__(self) -> None:
        check_settings(self)


class PpmiMatrix(NamedTuple):
    """M and its transpose on one pattern: the cells where either is above 0, row by row.

    starts : (words + 1,); columns : (cells,) int32
    values : (cells,) M[row, column]; mirrored : (cells,) M[column, row]
    """

    starts: IntArray
    columns: NDArray[np.int32]
    values: FloatArray
    mirrored: FloatArray

    @property
    def square_sum(self) -> float:
        """The squared Frobenius norm of M."""
        return float(np.dot(self.values, self.values))

    def to_dense(self) -> FloatArray:
        """(words, words), for small vocabularies."""
        dense = np.zeros((len(self.starts) - 1,) * 2, dtype=np.float32)
        rows = np.repeat(np.arange(len(dense)), np.diff(self.starts))
        dense[rows, self.columns] = self.values
        return dense


def positive_pmi(
    counts: Cooccurrences, *, shift: float = 1.0, smoothing: float = 1.0
) -> PpmiMatrix:
    """Shifted positive PMI of window counts.

    shift : k of at least 1; log k is taken off every PMI
    smoothing : the power of the context's counts, 0.75 as in word2vec's noise; 1 for plain PMI

    Two words that only meet themselves: [[2, 0], [0, 2]] -> [[log 2, 0], [0, log 2]].
    """
    sums = counts.row_sums()
    with np.errstate(divide="ignore", invalid="ignore"):  # a word without company has no cells
        word = np.log(sums / sums.sum())
        context = np.log(sums**smoothing / (sums**smoothing).sum())
    rows = counts.row_numbers()
    log_joint = np.log(counts.counts / np.float32(sums.sum()))
    lowest = np.log(shift)
    word, context = (word + lowest).astype(np.float32), context.astype(np.float32)
    values = np.maximum(log_joint - word[rows] - context[counts.columns], 0)
    mirrored = np.maximum(log_joint - word[counts.columns] - context[rows], 0)
    kept = (values > 0) | (mirrored > 0)
    lengths = np.bincount(rows[kept], minlength=counts.words)
    return PpmiMatrix(
        starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        columns=counts.columns[kept],
        values=values[kept],
        mirrored=mirrored[kept],
    )


class PpmiTrainer(CountingTrainer):
    """Word vectors by PPMI and a truncated SVD, as a `progress.Trainer`.

    Its loss is the share of the matrix's squared norm that the vectors do not hold yet.
    """

    kind = "PPMI and SVD"
    title = "PPMI + SVD"
    settings_class = PpmiSettings
    settings: PpmiSettings

    def __init__(self, corpus: Corpus, settings: PpmiSettings | None = None) -> None:
        super().__init__(corpus, settings)
        self._svd: SubspaceIteration | None = None

    def _prepared(self, counts: Cooccurrences) -> SubspaceIteration:
        chosen = self.settings
        return SubspaceIteration(
            positive_pmi(counts, shift=chosen.shift, smoothing=chosen.smoothing),
            chosen.dimensions + OVERSAMPLING,
            chosen.iterations,
            seed=chosen.seed,
            threads=chosen.threads,
        )

    def _begin(self, prepared: SubspaceIteration) -> None:
        self._svd = prepared

    def _learn(self, until: float) -> tuple[float | None, float | None]:
        assert self._svd is not None
        svd, loss = self._svd, None
        while not svd.done:
            if svd.advance():
                loss = svd.unexplained
            if time.perf_counter() >= until:
                break
        return loss, None

    @property
    def _learned(self) -> float:
        return 0.0 if self._svd is None else self._svd.share

    @property
    def _passes(self) -> float:
        return 0.0 if self._svd is None else self._svd.share * (2 * self.settings.iterations - 1)

    def vectors(self) -> FloatArray:
        """(n, d) float32, as the last finished product has them; random before the first."""
        if self._svd is None:
            words = len(self.corpus.words)
            return small_random(words, self.settings.dimensions, self.settings.seed)
        return self._svd.left_vectors(self.settings.dimensions, self.settings.power)

    def _state(self) -> dict[str, NDArray[Any]]:
        assert self._svd is not None
        return self._svd.state()

    def _resume(self, state: dict[str, NDArray[Any]]) -> None:
        assert self._svd is not None
        self._svd.resume(state)


class SubspaceIteration:
    """The truncated SVD of a PPMI matrix in the making, a piece of one product at a time.

    size : columns of the basis: the dimensions wanted and some more, which speed it up
    iterations : each multiplies by M and, before another follows, by its transpose
    threads : do not change the result
    """

    def __init__(
        self, matrix: PpmiMatrix, size: int, iterations: int, *, seed: int = 1, threads: int = 2
    ) -> None:
        self.matrix, self.iterations, self.threads = matrix, iterations, threads
        n = len(matrix.starts) - 1
        start = np.random.default_rng(seed).standard_normal((n, min(size, n)), dtype=np.float32)
        self.basis: FloatArray = np.linalg.qr(start)[0]
        self.product: FloatArray | None = None  # M @ basis, once it is complete
        self.products = 0  # complete ones, by M and by its transpose
        self._pieces = list(_pieces(matrix.starts))
        self._next_piece = 0
        self._target = np.empty_like(self.basis)
        self._multiply = _multiplier()

    @property
    def done(self) -> bool:
        return self.products == 2 * self.iterations - 1

    @property
    def share(self) -> float:
        """Of all products, 0 to 1."""
        part = self._next_piece / max(1, len(self._pieces))
        return (self.products + part) / (2 * self.iterations - 1)

    @property
    def unexplained(self) -> float | None:
        """The share of M's squared norm that the basis does not hold; None before a product."""
        if self.product is None:
            return None
        held = float(np.einsum("ij,ij->", self.product, self.product, dtype=np.float64))
        return max(0.0, 1 - held / self.matrix.square_sum) if self.matrix.square_sum else 0.0

    def advance(self) -> bool:
        """One piece of the current product on each thread; True when the product is complete."""
        by_matrix = self.products % 2 == 0
        values = self.matrix.values if by_matrix else self.matrix.mirrored
        dense = self.basis if by_matrix else self.product
        todo = self._pieces[self._next_piece : self._next_piece + self.threads]

        def multiply(rows: slice) -> None:
            self._multiply(
                self.matrix.starts, self.matrix.columns, values, dense, self._target,
                rows.start, rows.stop,
            )  # fmt: skip

        if len(todo) < 2:
            for rows in todo:
                multiply(rows)
        else:
            with ThreadPoolExecutor(self.threads) as pool:
                list(pool.map(multiply, todo))
        self._next_piece += len(todo)
        if self._next_piece < len(self._pieces):
            return False
        if by_matrix:
            self.product = self._target
        else:
            self.basis = np.linalg.qr(self._target)[0]
        self._target = np.empty_like(self.basis)
        self._next_piece = 0
        self.products += 1
        return True

    def state(self) -> dict[str, NDArray[Any]]:
        """All that `resume` needs besides the matrix and the settings."""
        state = {"basis": self.basis, "products": np.array(self.products)}
        if self.product is not None:
            state["product"] = self.product
        if self._next_piece:
            state["target"], state["next piece"] = self._target, np.array(self._next_piece)
        return state

    def resume(self, state: dict[str, NDArray[Any]]) -> None:
        """Go on where `state` was told; ValueError where it is of another matrix or size."""
        for name in ("basis", "product", "target"):
            if name in state and state[name].shape != self.basis.shape:
                raise ValueError(f"{name} is {state[name].shape}, not {self.basis.shape}")
        self.basis, self.product = state["basis"], state.get("product")
        self.products = int(state["products"])
        self._next_piece = int(state.get("next piece", 0))
        self._target = state.get("target", self._target)

    def left_vectors(self, dimensions: int, power: float) -> FloatArray:
        """(n, dimensions) U S^power as far as they are known; the random start before that.

        Where the matrix has fewer singular values above 0, the last columns are 0. Of each
        column, the number furthest from 0 is positive, which settles the sign an SVD leaves open.
        """
        known = self.basis if self.product is None else self.product
        left, singular, _ = np.linalg.svd(known, full_matrices=False)
        nothing = singular <= 1e-6 * max(float(singular[0]), 1e-30)
        weights = np.where(nothing, 0, np.maximum(singular, 1e-30) ** power)
        left = left[:, :dimensions]
        signs = np.sign(left[np.abs(left).argmax(axis=0), np.arange(left.shape[1])])
        vectors = np.zeros((len(left), dimensions), dtype=np.float32)
        vectors[:, : left.shape[1]] = left * (signs * weights[:dimensions])
        return vectors


def multiply_rows_scipy(
    starts: IntArray,
    columns: NDArray[np.int32],
    values: FloatArray,
    dense: FloatArray,
    product: FloatArray,
    first: int,
    last: int,
) -> None:
    """The same as ppmi_svd_kernels.multiply_rows, by scipy."""
    from scipy.sparse import csr_array

    lo, hi = starts[first], starts[last]
    shape = (last - first, len(dense))
    part = csr_array((values[lo:hi], columns[lo:hi], starts[first : last + 1] - lo), shape=shape)
    product[first:last] = part @ dense


def _multiplier() -> Callable[..., None]:
    try:
        from explorer.training.ppmi_svd_kernels import multiply_rows
    except ImportError:
        return multiply_rows_scipy
    kernel: Callable[..., None] = multiply_rows
    return kernel


def _pieces(starts: IntArray) -> Iterator[slice]:
    """Runs of rows of about PIECE_CELLS cells."""
    first, words = 0, len(starts) - 1
    while first < words:
        end = int(np.searchsorted(starts, starts[first] + PIECE_CELLS, side="right")) - 1
        last = min(words, max(first + 1, end))
        yield slice(first, last)
        first = last
