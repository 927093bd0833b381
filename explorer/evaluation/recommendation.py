"""How well scores find the items that users turned to later, beside popularity and chance.

Every item that a user did not already meet in training is ranked by its score for the user; the
held-out ones should come first. No sample of the other items is taken: sampled metrics can order
two recommenders the wrong way round (Krichene & Rendle, On sampled metrics for item
recommendation, KDD 2020).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.blocks import row_blocks
from explorer.errors import ExplorerError
from explorer.evaluation.retrieval import ndcg, recall
from explorer.training.interactions import Interactions

Scorer = Callable[[NDArray[np.int64]], NDArray[np.float32]]  # (b,) users -> (b, items) scores


@dataclass(frozen=True)
class RecommendationQuality:
    """Means over the users who have held-out items, each from 0 to 1.

    recall : the share of a user's held-out items among the first k
    ndcg : the same with earlier places worth more, 1 for the best possible order
    k : how many places are looked at
    users : how many were asked
    """

    recall: float
    ndcg: float
    k: int
    users: int

    def __str__(self) -> str:
        return f"recall@{self.k} {self.recall:.3f}, NDCG@{self.k} {self.ndcg:.3f}"


def recommendation_quality(
    score: Scorer, train: Interactions, held_out: Interactions, k: int = 10
) -> RecommendationQuality:
    """Recall@k and NDCG@k over all items, those met in training left out.

    Ties take their mean place, so that equal scores for all are no better than chance.
    """
    if k < 1:
        raise ExplorerError(f"k must be 1 or more; got {k}.")
    asked = np.unique(held_out.user).astype(np.int64)
    if len(asked) == 0:
        raise ExplorerError("Nothing is held out: there is nothing to find again.")
    recalls, ndcgs = np.empty(len(asked)), np.empty(len(asked))
    for rows in row_blocks(len(asked), len(train.items)):
        scores = score(asked[rows])
        for at, user in enumerate(asked[rows].tolist(), rows.start):
            own = scores[at - rows.start].astype(np.float64)
            wanted = held_out.item[held_out.starts[user] : held_out.starts[user + 1]]
            met = train.item[train.starts[user] : train.starts[user + 1]]
            places = _places(own, wanted, met)
            recalls[at], ndcgs[at] = recall(places, k), ndcg(places, k)
    return RecommendationQuality(float(recalls.mean()), float(ndcgs.mean()), k, len(asked))


def _places(
    scores: NDArray[np.float64], wanted: NDArray[np.int32], met: NDArray[np.int32]
) -> NDArray[np.float64]:
    """The place of each wanted item, from 1, among those not met."""
    open_to = np.ones(len(scores), dtype=bool)
    open_to[met] = False
    open_to[wanted] = True
    ranked = np.sort(scores[open_to])
    above = len(ranked) - np.searchsorted(ranked, scores[wanted], side="right")
    equal = len(ranked) - above - np.searchsorted(ranked, scores[wanted], side="left")
    places: NDArray[np.float64] = above + (equal + 1) / 2
    # several wanted items in one tie share it: spread them over its places, one apart at most
    return _spread(places)


def _spread(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Equal places moved apart, so that no two items stand in one: [2, 2] -> [1.5, 2.5]."""
    ordered = np.sort(places)
    for place, count in zip(*np.unique(ordered, return_counts=True), strict=True):
        if count > 1:
            ordered[ordered == place] = place + np.arange(count) - (count - 1) / 2
    return ordered


def by_popularity(train: Interactions) -> Scorer:
    """The baseline to beat: the same scores for everybody, how many users met the item."""
    counts = train.popularity.astype(np.float32)
    return lambda users: np.broadcast_to(counts, (len(users), len(counts)))


def by_chance(train: Interactions, seed: int = 1) -> Scorer:
    """The floor: random scores, the same for the same seed and user."""

    def score(users: NDArray[np.int64]) -> NDArray[np.float32]:
        rows = [np.random.default_rng((seed, int(user))) for user in users]
        return np.array([row.random(len(train.items), dtype=np.float32) for row in rows])

    return score
