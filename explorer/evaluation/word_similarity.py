"""Do words that people find alike have vectors that are alike? Spearman's rank correlation.

    rho = correlation of the ranks of cos(w, v) with the ranks of the people's scores

from -1 to 1; 0 for vectors that know nothing. Pairs with a word that the space lacks are left out
and counted: a score over few pairs of a list cannot be compared with one over all of them.

Spearman, "The proof and measurement of association between two things", 1904; the interval is
Efron's percentile bootstrap over pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.evaluation.lists import PairList
from explorer.evaluation.vocabulary import Vocabulary
from explorer.space import EmbeddingSpace, IntArray

FEWEST = 3  # pairs with which a rank correlation says anything
LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class SimilarityScore:
    """How well a space agrees with one list of scored pairs.

    correlation : Spearman's rho over the pairs that were found
    interval : 95 % of bootstrap samples of the pairs lie in it
    chance : 95 % of shuffled scores have a correlation between -chance and chance
    found, total : pairs
    missing : words of the list that the space lacks, in the list's order
    rows : (found, 2) the pairs; scores, similarities : (found,) the people's and the space's
    """

    list_name: str
    correlation: float
    interval: tuple[float, float]
    chance: float
    found: int
    total: int
    missing: tuple[str, ...]
    rows: IntArray
    scores: NDArray[np.float64]
    similarities: NDArray[np.float64]

    @property
    def coverage(self) -> float:
        """The share of the list's pairs that were found."""
        return self.found / self.total


def word_similarity(
    space: EmbeddingSpace,
    pairs: PairList,
    *,
    first: int | None = None,
    samples: int = 1_000,
    seed: int = 1,
) -> SimilarityScore:
    """Spearman's correlation of cosines with people's scores.

    first : look at the space's first rows only; None: all
    samples : of the bootstrap and of the shuffling

    ExplorerError where fewer than 3 pairs are in the space.
    """
    vocabulary = Vocabulary(space.items, first=first)
    rows: list[tuple[int, int]] = []
    scores: list[float] = []
    missing: dict[str, None] = {}
    for pair in pairs.pairs:
        left, right = vocabulary.row(pair.first), vocabulary.row(pair.second)
        if left is not None and right is not None:
            rows.append((left, right))
            scores.append(pair.score)
        for word, row in ((pair.first, left), (pair.second, right)):
            if row is None:
                missing[word] = None
    if len(rows) < FEWEST:
        raise ExplorerError(
            f"{pairs.name}: {len(rows)} of {len(pairs.pairs):,} pairs are in {space.name}; a "
            f"correlation needs {FEWEST}. Are they in the same language and spelling?"
        )
    pair_rows = np.array(rows, dtype=np.int64)
    people = np.array(scores)
    similarities = _cosines(space, pair_rows)
    random = np.random.default_rng(seed)
    drawn = random.integers(0, len(rows), (samples, len(rows)))
    resampled = np.nan_to_num(spearman_rows(people[drawn], similarities[drawn]))
    shuffled = random.permuted(np.tile(people, (samples, 1)), axis=1)
    chance = spearman_rows(shuffled, np.tile(similarities, (samples, 1)))
    low, high = np.quantile(resampled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return SimilarityScore(
        list_name=pairs.name,
        correlation=spearman(people, similarities),
        interval=(float(low), float(high)),
        chance=float(np.quantile(np.abs(np.nan_to_num(chance)), LEVEL)),
        found=len(rows),
        total=len(pairs.pairs),
        missing=tuple(missing),
        rows=pair_rows,
        scores=people,
        similarities=similarities,
    )


def spearman(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """The rank correlation of two lists; 0 where one of them is all the same."""
    return float(np.nan_to_num(spearman_rows(a[None], b[None])[0]))


def spearman_rows(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """(m, n), (m, n) -> (m,) the rank correlation of each row; NaN where a row is all the same."""
    a, b = average_ranks(a), average_ranks(b)
    a -= a.mean(axis=1, keepdims=True)
    b -= b.mean(axis=1, keepdims=True)
    spread = np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
    both: NDArray[np.float64] = (a * b).sum(axis=1)
    correlations: NDArray[np.float64] = np.full(len(a), np.nan)
    np.divide(both, spread, out=correlations, where=spread > 0)
    return correlations


def average_ranks(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """(m, n) -> the rank of each number in its row from 1, equal ones sharing their mean rank.

    [[10, 30, 30]] -> [[1, 2.5, 2.5]]
    """
    m, n = rows.shape
    order = np.argsort(rows, axis=1, kind="stable")
    ordered = np.take_along_axis(rows, order, axis=1)
    begins = np.ones((m, n), dtype=bool)
    begins[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    group = np.cumsum(begins.ravel()) - 1
    starts = np.append(np.flatnonzero(begins.ravel()), m * n)
    within = (starts[:-1] % n) + (np.diff(starts) + 1) / 2
    ranks = np.empty((m, n))
    np.put_along_axis(ranks, order, within[group].reshape(m, n), axis=1)
    return ranks


def _cosines(space: EmbeddingSpace, rows: IntArray) -> NDArray[np.float64]:
    left, right = (space.vectors[rows[:, side]].astype(np.float64) for side in (0, 1))
    norms = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    products: NDArray[np.float64] = np.einsum("ij,ij->i", left, right)
    cosines: NDArray[np.float64] = np.zeros(len(rows))
    np.divide(products, norms, out=cosines, where=norms > 0)
    return cosines
