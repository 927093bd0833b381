"""Lesson 5: which words meet, how much more often than by chance, and what that table holds."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from explorer.learn import toy
from explorer.neighbors import nearest_neighbors
from explorer.space import EmbeddingSpace
from explorer.training.cooccurrence import Cooccurrences, count_cooccurrences
from explorer.training.corpus import Corpus, corpus_of_text
from explorer.training.ppmi_svd import PpmiSettings, PpmiTrainer, positive_pmi

WORD = "king"
SMALL = "the king rules the land\nthe queen rules the land\nthe king drinks"
REACH = 2  # places on each side, in the small text
OFTEN = 3  # of the words met most often, that are shown with those of the highest PMI
K = 10
Float64Array = NDArray[np.float64]


def place() -> int:
    return toy.text().items.row(WORD)


@cache
def small() -> tuple[Corpus, Float64Array]:
    """The three sentences, and their table of counts."""
    corpus = corpus_of_text(SMALL, min_count=1)
    counts = count_cooccurrences(
        corpus.ids, corpus.offsets, len(corpus.words), window=REACH, weighting="flat"
    )
    return corpus, _dense(counts)


@cache
def window_counts() -> Cooccurrences:
    """Of the toy text, all places of the window alike."""
    text = toy.text()
    return count_cooccurrences(
        text.ids, text.offsets, len(text.words), window=toy.WINDOW, weighting="flat"
    )


def _dense(counts: Cooccurrences) -> Float64Array:
    table = np.zeros((counts.words, counts.words))
    table[counts.row_numbers(), counts.columns] = counts.counts
    return table


def meetings() -> Float64Array:
    """(words,) how often the word of the lesson meets each."""
    counts = window_counts()
    part = slice(*counts.starts[place() : place() + 2])
    row = np.zeros(counts.words)
    row[counts.columns[part]] = counts.counts[part]
    return row


@cache
def ppmi() -> Float64Array:
    """(words, words) positive PMI, symmetric."""
    return positive_pmi(window_counts()).to_dense().astype(np.float64)


def pmi_of_cells() -> Float64Array:
    """The PMI of every pair that meets."""
    counts = window_counts()
    sums = counts.row_sums()
    expected = sums[counts.row_numbers()] * sums[counts.columns] / sums.sum()
    pmi: Float64Array = np.log(counts.counts / expected)
    return pmi


@cache
def candidates() -> list[int]:
    """The words met most often and those of the highest PMI, by number."""
    often = np.argsort(-meetings(), kind="stable")[:OFTEN]
    special = np.argsort(-ppmi()[place()], kind="stable")
    rows = [*often.tolist(), *(row for row in special.tolist() if row not in often)]
    return rows[:4]


@cache
def held() -> Float64Array:
    """(words,) the share of the squared PPMI matrix in its first 1, 2, … singular directions."""
    squares = np.sort(np.linalg.eigvalsh(ppmi()) ** 2)[::-1]  # symmetric: s = |eigenvalue|
    held: Float64Array = np.cumsum(squares) / squares.sum()
    return held


@cache
def by_counting() -> EmbeddingSpace:
    settings = PpmiSettings(dimensions=toy.DIMENSIONS, window=toy.WINDOW)
    trainer = PpmiTrainer(toy.text(), settings)
    while not trainer.done:
        trainer.advance()
    return trainer.space()


def nearest(space: EmbeddingSpace) -> NDArray[np.int64]:
    """(words, K) the nearest of every word by cosine."""
    return nearest_neighbors(
        space.vectors, space.vectors, K, exclude=np.arange(len(space)), norms=space.norms
    ).indices


def cosines(space: EmbeddingSpace, rows: NDArray[np.int64], of: int | None = None) -> list[float]:
    unit = space.vectors / space.norms[:, None]
    scores: list[float] = (unit[rows] @ unit[place() if of is None else of]).tolist()
    return scores
