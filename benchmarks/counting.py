"""Window counts beside SciPy's, GloVe beside a plain port of its authors' loop: in turn, one run.

The authors' C program is not installed here: its loop (float64, one cell after the other, vectors
and squares apart) is written out in Numba without fast-math, as its compiler flags have it.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from scipy.sparse import coo_array

from benchmarks.measure import interleave, table
from benchmarks.training import TEXT
from benchmarks.training import quality as scores
from explorer import EmbeddingSpace, Items, Provenance
from explorer.training.cooccurrence import count_cooccurrences
from explorer.training.corpus import Corpus, read_corpus
from explorer.training.glove import GloveSettings, GloveTrainer, training_and_held_out

WORDS, VOCABULARY, WINDOW, DIMENSIONS = 2_000_000, 10_000, 10, 100
EPOCHS, SEEDS = 5, 3  # of the comparison of quality


def main() -> None:
    """Print both tables, on a made-up text that follows Zipf's law."""
    ids, offsets = zipf_text()
    print(table(counting(ids, offsets), f"{WORDS:,} words, window {WINDOW}"), end="\n\n")
    print(table(one_pass(ids, offsets), f"one pass of GloVe, {DIMENSIONS} dimensions, 1 thread"))
    if TEXT.exists():
        print("\n" + table(quality(), f"GloVe, {EPOCHS} passes over the same cells of a real text"))
    else:
        print(f"No {TEXT.name} in ../shared/data/corpus: quality is not compared.")


def zipf_text() -> tuple[np.ndarray, np.ndarray]:
    chances = 1 / np.arange(1, VOCABULARY + 1)
    random = np.random.default_rng(0)
    ids = random.choice(VOCABULARY, WORDS, p=chances / chances.sum()).astype(np.int32)
    return ids, np.arange(0, WORDS + 1, 1_000)


def counting(ids: np.ndarray, offsets: np.ndarray) -> list[dict]:
    seconds = interleave(
        {
            "ours, 1 thread": lambda: count_cooccurrences(ids, offsets, VOCABULARY, threads=1),
            "ours, 2 threads": lambda: count_cooccurrences(ids, offsets, VOCABULARY, threads=2),
            "SciPy": lambda: scipy_counts(ids, offsets),
        },
        rounds=3,
    )
    same = np.allclose(
        count_cooccurrences(ids, offsets, VOCABULARY).row_sums(),
        scipy_counts(ids, offsets).sum(axis=1), rtol=1e-3,
    )  # fmt: skip
    return [
        {"program": name, "seconds": took, "words/s": WORDS / took,
         "times SciPy": seconds["SciPy"] / took, "same sums": str(same)}
        for name, took in seconds.items()
    ]  # fmt: skip


def scipy_counts(ids: np.ndarray, offsets: np.ndarray) -> coo_array:
    """One sparse matrix for each distance, summed, and its mirror image added."""
    sentence = np.repeat(np.arange(len(offsets) - 1, dtype=np.int32), np.diff(offsets))
    total = None
    for distance in range(1, WINDOW + 1):
        together = sentence[distance:] == sentence[:-distance]
        left, right = ids[:-distance][together], ids[distance:][together]
        weights = np.full(len(left), 1 / distance, dtype=np.float32)
        shape = (VOCABULARY, VOCABULARY)
        one = coo_array((weights, (left, right)), shape=shape).tocsr()
        total = one if total is None else total + one
    return total + total.T


def one_pass(ids: np.ndarray, offsets: np.ndarray) -> list[dict]:
    part = ids[: WORDS // 4], offsets[offsets <= WORDS // 4]
    counts = count_cooccurrences(*part, VOCABULARY)
    settings = GloveSettings(dimensions=DIMENSIONS, epochs=1)
    cells, _ = training_and_held_out(counts, settings)
    words = tuple(str(word) for word in range(VOCABULARY))
    corpus = Corpus("zipf", words, np.bincount(ids, minlength=VOCABULARY), *part)
    ours = GloveTrainer(corpus, settings)
    random = np.random.default_rng(0)
    vectors = [(random.random((VOCABULARY, DIMENSIONS)) - 0.5) / DIMENSIONS for _ in range(2)]
    squares = [np.ones((VOCABULARY, DIMENSIONS)) for _ in range(2)]
    biases, bias_squares = np.zeros((2, VOCABULARY)), np.ones((2, VOCABULARY))
    exact = np.exp(cells.logs.astype(np.float64))
    plain = (cells.rows, cells.columns, exact, *vectors, *squares, biases, bias_squares)
    seconds = interleave(
        {"ours": lambda: ours._steps(cells), "plain port": lambda: plain_pass(*plain, 0.05, 10.0)},
        rounds=3,
    )
    return [
        {"program": name, "seconds": took, "cells/s": len(exact) / took,
         "times the port": seconds["plain port"] / took}
        for name, took in seconds.items()
    ]  # fmt: skip


def quality() -> list[dict]:
    """Scores of ours and of the port's vectors: the same cells, passes, rates, and w + c."""
    corpus = read_corpus(TEXT, max_size=VOCABULARY)
    rows = []
    for seed in range(1, SEEDS + 1):
        settings = GloveSettings(
            dimensions=DIMENSIONS, window=WINDOW, epochs=EPOCHS, seed=seed, threads=2
        )
        ours = GloveTrainer(corpus, settings)
        while not ours.done:
            ours.advance()
        rows.append({"program": "ours", "seed": seed, **scores(ours.space())})
    counts = count_cooccurrences(corpus.ids, corpus.offsets, len(corpus.words), window=WINDOW)
    cells, _ = training_and_held_out(counts, GloveSettings())
    random = np.random.default_rng(1)
    shape = (len(corpus.words), DIMENSIONS)
    vectors = [(random.random(shape) - 0.5) / DIMENSIONS for _ in range(2)]
    squares = [np.ones(shape) for _ in range(2)]
    biases, bias_squares = np.zeros((2, shape[0])), np.ones((2, shape[0]))
    exact = np.exp(cells.logs.astype(np.float64))
    for _ in range(EPOCHS):
        plain_pass(
            cells.rows, cells.columns, exact, *vectors, *squares, biases, bias_squares,
            GloveSettings().learning_rate, GloveSettings().x_max,
        )  # fmt: skip
    summed = (vectors[0] + vectors[1]).astype(np.float32)
    port = EmbeddingSpace("plain port", Items(corpus.words), summed, Provenance("plain port"))
    return [*rows, {"program": "plain port", "seed": 1, **scores(port)}]


@njit(nogil=True, error_model="numpy")
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
