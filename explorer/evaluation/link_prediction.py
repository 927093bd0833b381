"""How well the missing end of a fact is found: filtered ranks, exact, over all entities.

For (h, r, ?) every entity is scored as the tail, and for (?, r, t) as the head. Other answers that
are known to be true do not count as mistakes: they are left out of the ranking ("filtered", Bordes
et al. 2013). Equal scores take their mean rank, so that a model that scores all alike is at chance
(Sun et al., A re-evaluation of knowledge graph completion methods, ACL 2020).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from explorer.blocks import row_blocks
from explorer.errors import ExplorerError
from explorer.training.triples import KnowledgeGraph, Known, known_heads, known_tails

SIDES = (("tail", 0, 2), ("head", 2, 0))  # what is missing; the columns known and missing


class LinkScorer(Protocol):
    """Scores every entity as the missing end of some facts."""

    def score(
        self, known: NDArray[np.int64], relation: NDArray[np.int64], side: str
    ) -> NDArray[np.float32]:
        """(b,) heads (side "tail") or tails (side "head"), (b,) relations -> (b, entities)."""
        ...


@dataclass(frozen=True, eq=False)
class LinkPrediction:
    """Filtered ranks and what follows from them.

    ranks : (m, 2) float64, of the true tail and of the true head, from 1; ties have mean ranks
    chance : the mean reciprocal rank of guessing, over the same candidates
    unseen : triples with an entity or a relation that training never met
    """

    ranks: NDArray[np.float64]
    chance: float
    unseen: int

    @property
    def mean_reciprocal_rank(self) -> float:
        """Mean of 1 / rank over tails and heads: MRR, from 0 to 1."""
        return float((1 / self.ranks).mean())

    def hits(self, k: int) -> float:
        """The share of ranks up to k: Hits@k."""
        return float((self.ranks <= k).mean())

    def __str__(self) -> str:
        return (
            f"MRR {self.mean_reciprocal_rank:.3f} (chance {self.chance:.3f}), Hits@1 "
            f"{self.hits(1):.3f}, Hits@3 {self.hits(3):.3f}, Hits@10 {self.hits(10):.3f}"
        )


def link_prediction(
    scorer: LinkScorer,
    asked: KnowledgeGraph,
    train: KnowledgeGraph,
    known: Sequence[KnowledgeGraph] = (),
) -> LinkPrediction:
    """Rank the true tail and the true head of every triple asked.

    train : what the scorer learned from; known : other parts whose facts are true (validation)
    """
    if len(asked.entities) != len(train.entities):
        raise ExplorerError(
            "The triples asked must be of the same entities as those learned from; read them "
            "together with read_graph."
        )
    relations, n = len(train.relations), len(train.entities)
    true = np.concatenate([part.triples for part in (train, asked, *known)])
    facts = asked.triples.astype(np.int64)
    ranks, chances = np.empty((len(facts), 2)), np.empty((len(facts), 2))
    for at, (side, given, missing) in enumerate(SIDES):
        filtered = (known_tails if side == "tail" else known_heads)(true, relations)
        groups = np.searchsorted(filtered.keys, facts[:, given] * relations + facts[:, 1])
        for rows in row_blocks(len(facts), n):
            scores = scorer.score(facts[rows, given], facts[rows, 1], side)
            ranks[rows, at], counts = _ranks(scores, facts[rows, missing], groups[rows], filtered)
            chances[rows, at] = _mean_reciprocal(counts, n)
    return LinkPrediction(ranks, float(chances.mean()), _unseen(asked, train))


def _ranks(
    scores: NDArray[np.float32], missing: NDArray[np.int64], groups: NDArray[np.int64], true: Known
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The filtered rank of each row's missing entity, and how many candidates it had."""
    own = scores[np.arange(len(scores)), missing][:, None]
    above, equal = (scores > own).sum(axis=1), (scores == own).sum(axis=1)
    counts = np.full(len(scores), scores.shape[1])
    for row, group in enumerate(groups.tolist()):
        others = true.members[true.starts[group] : true.starts[group + 1]]
        others = others[others != missing[row]]
        above[row] -= (scores[row, others] > own[row]).sum()
        equal[row] -= (scores[row, others] == own[row]).sum()
        counts[row] -= len(others)
    return above + (equal + 1) / 2, counts


def _mean_reciprocal(counts: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    """The mean of 1 / rank over ranks 1 to each count: the harmonic number over the count."""
    harmonic = np.cumsum(1 / np.arange(1, n + 1))
    means: NDArray[np.float64] = harmonic[counts - 1] / counts
    return means


def _unseen(asked: KnowledgeGraph, train: KnowledgeGraph) -> int:
    seen = np.zeros(len(train.entities), dtype=bool)
    seen[train.triples[:, [0, 2]]] = True
    relations = np.isin(asked.triples[:, 1], train.triples[:, 1])
    return int((~(seen[asked.triples[:, [0, 2]]].all(axis=1) & relations)).sum())
