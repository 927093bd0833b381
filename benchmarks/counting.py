"""Window counts beside SciPy's, GloVe beside a plain port of its authors' loop, PPMI and SVD.

The authors' C program is not installed here: its loop (float64, one cell after the other, vectors
and squares apart) is written out in Numba, with fast-math, which its own Makefile leaves out. Built
once by hand with gcc 12 it ran 0.6 million cells a second on one thread with that Makefile's -O3,
1.2 to 1.4 million with -Ofast, to which the port is equal: so the port is the harder peer.

The text is the one of `benchmarks.training`, cut to its most frequent words, or a made-up one that
follows Zipf's law; then nothing is said of quality.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise

import numpy as np
from numba import njit
from scipy.sparse import coo_array

from benchmarks.measure import interleave, table, timed
from benchmarks.training import TEXT
from benchmarks.training import quality as scores
from explorer import EmbeddingSpace, Items, Provenance
from explorer.training.cooccurrence import count_cooccurrences
from explorer.training.corpus import Corpus, read_corpus
from explorer.training.glove import Cells, GloveSettings, GloveTrainer, training_and_held_out
from explorer.training.ppmi_svd import PpmiSettings, PpmiTrainer

WORDS, CELLS, VOCABULARY, WINDOW, DIMENSIONS = 2_000_000, 2_000_000, 10_000, 10, 100
EPOCHS, SEEDS = 5, 2  # of the comparison of quality
SETTINGS = GloveSettings(dimensions=DIMENSIONS, window=WINDOW, epochs=EPOCHS)


def main() -> None:
    """Print the tables."""
    corpus = read_corpus(TEXT, max_size=VOCABULARY) if TEXT.exists() else zipf_text()
    print(f"{corpus}\n", flush=True)
    print(table(counting(corpus), f"{WORDS:,} words, window {WINDOW}"), end="\n\n", flush=True)
    counts = count_cooccurrences(corpus.ids, corpus.offsets, len(corpus.words), window=WINDOW)
    cells, _ = training_and_held_out(counts, SETTINGS)
    some = cells.part(slice(CELLS))
    title = f"one pass of GloVe over {len(some.rows):,} cells, {DIMENSIONS} dimensions"
    print(table(one_pass(corpus, some), title), end="\n\n", flush=True)
    print(table(factorised(corpus), "PPMI + SVD, 2 threads"), end="\n\n", flush=True)
    if TEXT.exists():
        title = f"GloVe, {EPOCHS} passes over the same {len(cells.rows):,} cells, 2 threads"
        print(table(quality(corpus, cells), title))
    else:
        print(f"No {TEXT.name} in ../shared/data/corpus: quality is not compared.")


def zipf_text() -> Corpus:
    chances = 1 / np.arange(1, VOCABULARY + 1)
    random = np.random.default_rng(0)
    ids = random.choice(VOCABULARY, WORDS, p=chances / chances.sum()).astype(np.int32)
    words = tuple(str(word) for word in range(VOCABULARY))
    counts = np.bincount(ids, minlength=VOCABULARY)
    return Corpus("Zipf's law", words, counts, ids, np.arange(0, WORDS + 1, 1_000))


def counting(corpus: Corpus) -> list[dict]:
    """Ours with one thread and two, and SciPy, on the beginning of the text."""
    last = int(np.searchsorted(corpus.offsets, WORDS, side="right")) - 1
    offsets = corpus.offsets[: last + 1]
    ids, n = corpus.ids[: offsets[-1]], len(corpus.words)
    ours = partial(count_cooccurrences, ids, offsets, n, window=WINDOW)
    seconds = interleave(
        {
            "ours, 1 thread": lambda: ours(threads=1),
            "ours, 2 threads": lambda: ours(threads=2),
            "SciPy": lambda: scipy_counts(ids, offsets, n),
        },
        rounds=3,
    )
    same = np.allclose(ours().row_sums(), scipy_counts(ids, offsets, n).sum(axis=1), rtol=1e-3)
    return [
        {"program": name, "seconds": took, "words/s": len(ids) / took,
         "times SciPy": seconds["SciPy"] / took, "same sums": str(same)}
        for name, took in seconds.items()
    ]  # fmt: skip


def scipy_counts(ids: np.ndarray, offsets: np.ndarray, words: int) -> coo_array:
    """One sparse matrix for each distance, summed, and its mirror image added."""
    sentence = np.repeat(np.arange(len(offsets) - 1, dtype=np.int32), np.diff(offsets))
    total = None
    for distance in range(1, WINDOW + 1):
        together = sentence[distance:] == sentence[:-distance]
        left, right = ids[:-distance][together], ids[distance:][together]
        weights = np.full(len(left), 1 / distance, dtype=np.float32)
        one = coo_array((weights, (left, right)), shape=(words, words)).tocsr()
        total = one if total is None else total + one
    return total + total.T


def one_pass(corpus: Corpus, cells: Cells) -> list[dict]:
    """A pass over the same cells in the same order, with one thread and with two."""
    ours, port = GloveTrainer(corpus, SETTINGS), Port(len(corpus.words), seed=1)
    work = {"ours": (ours._steps, cells), "plain port": (port.steps, with_counts(cells))}
    seconds = interleave(
        {
            f"{name}, {threads} thread{'s' * (threads > 1)}": partial(in_threads, *what, threads)
            for threads in (1, 2)
            for name, what in work.items()
        },
        rounds=5,
    )
    return [
        {"program": name, "seconds": took, "cells/s": len(cells.rows) / took,
         "times the port": seconds["plain port" + name[name.index(",") :]] / took}
        for name, took in seconds.items()
    ]  # fmt: skip


def factorised(corpus: Corpus) -> list[dict]:
    """The whole way from the numbered words to vectors."""
    settings = PpmiSettings(dimensions=DIMENSIONS, threads=2)
    trainer = PpmiTrainer(corpus, settings)
    seconds = timed(partial(to_the_end, trainer))
    row = {"words": len(corpus.ids), "different": len(corpus.words), "seconds": seconds}
    return [row | (scores(trainer.space()) if TEXT.exists() else {})]


def quality(corpus: Corpus, cells: Cells) -> list[dict]:
    """Scores of ours and of the port's vectors: the same cells, passes, rates, and w + c."""
    rows, counted = [], with_counts(cells)
    for seed in range(1, SEEDS + 1):
        ours = GloveTrainer(
            corpus, GloveSettings(DIMENSIONS, WINDOW, epochs=EPOCHS, seed=seed, threads=2)
        )
        to_the_end(ours)
        port = Port(len(corpus.words), seed)
        for _ in range(EPOCHS):
            in_threads(port.steps, counted, 2)
        learned = EmbeddingSpace(
            "port", Items(corpus.words), port.vectors(), Provenance("plain port")
        )
        for name, space in (("ours", ours.space()), ("plain port", learned)):
            rows.append({"program": name, "seed": seed, **scores(space)})
    return rows


def to_the_end(trainer: GloveTrainer | PpmiTrainer) -> None:
    while not trainer.done:
        trainer.advance()


def in_threads(step: Callable[[Cells], object], cells: Cells, threads: int) -> None:
    """Each thread takes its part of the cells, and none waits for another, as in the original."""
    cuts = np.linspace(0, len(cells.rows), threads + 1).astype(int).tolist()
    parts = [cells.part(slice(*cut)) for cut in pairwise(cuts)]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(step, parts))


def with_counts(cells: Cells) -> Cells:
    """The counts in place of their logarithms, which the authors' program takes itself."""
    return cells._replace(logs=np.exp(cells.logs.astype(np.float64)))


class Port:
    """The arrays of the authors' program."""

    def __init__(self, words: int, seed: int) -> None:
        random, shape = np.random.default_rng(seed), (words, DIMENSIONS)
        self.rows = [(random.random(shape) - 0.5) / DIMENSIONS for _ in range(2)]
        self.squares = [np.ones(shape) for _ in range(2)]
        self.biases, self.bias_squares = np.zeros((2, words)), np.ones((2, words))

    def steps(self, cells: Cells) -> None:
        plain_pass(
            cells.rows, cells.columns, cells.logs, *self.rows, *self.squares, self.biases,
            self.bias_squares, SETTINGS.learning_rate, SETTINGS.x_max,
        )  # fmt: skip

    def vectors(self) -> np.ndarray:
        return (self.rows[0] + self.rows[1]).astype(np.float32)


@njit(nogil=True, fastmath=True, error_model="numpy")
def plain_pass(rows, columns, counts, W, C, W2, C2, biases, bias_squares, rate, x_max):
    """One pass as the authors' program makes it."""
    d = W.shape[1]
    for cell in range(len(rows)):
        i, j = rows[cell], columns[cell]
        error = biases[0, i] + biases[1, j] - np.log(counts[cell])
        for k in range(d):
            error += W[i, k] * C[j, k]
        weight = 1.0 if counts[cell] > x_max else (counts[cell] / x_max) ** 0.75
        step = rate * weight * error
        for k in range(d):
            w_step = min(100.0, max(-100.0, step * C[j, k]))
            c_step = min(100.0, max(-100.0, step * W[i, k]))
            W[i, k] -= w_step / np.sqrt(W2[i, k])
            C[j, k] -= c_step / np.sqrt(C2[j, k])
            W2[i, k] += w_step * w_step
            C2[j, k] += c_step * c_step
        biases[0, i] -= step / np.sqrt(bias_squares[0, i])
        biases[1, j] -= step / np.sqrt(bias_squares[1, j])
        bias_squares[0, i] += step * step
        bias_squares[1, j] += step * step


if __name__ == "__main__":
    main()
