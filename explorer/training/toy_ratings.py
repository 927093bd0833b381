"""Made-up ratings whose truth is known: each user has a taste, each item a kind and some fame.

The chance that user u meets item i is proportional to fame(i) * (MATCH where u's taste is i's kind,
else 1); fame falls as 1 / rank, the ranks shared out evenly over the kinds. So a good model puts
the items of one kind in one direction, and gives the famous ones the longer vectors.
"""

from __future__ import annotations

import numpy as np

from explorer.items import Items
from explorer.metadata import Metadata
from explorer.training.interactions import Interactions, interactions_from_pairs

TASTES = ("comedy", "crime", "nature", "romance", "science", "travel")
NOUNS = ("night", "river", "letter", "garden", "signal", "island", "stranger", "window", "winter",
         "engine", "promise", "mirror", "harbour", "orchard", "voice", "map", "candle", "bridge",
         "feather", "clock")  # fmt: skip
MATCH = 25.0


def toy_ratings(users: int = 200, seed: int = 1, per_user: int = 20) -> Interactions:
    """200 users and 120 items of 6 kinds (20 each), 20 items met by each user.

    The items' metadata tell the kind and the fame; user n's taste is TASTES[n % 6].
    """
    generator = np.random.default_rng(seed)
    names = [f"{taste}: the {noun}" for taste in TASTES for noun in NOUNS]
    kind = np.repeat(np.arange(len(TASTES)), len(NOUNS))
    fame = 1 / (1 + np.tile(np.arange(len(NOUNS)), len(TASTES)))
    user, item = [], []
    for u in range(users):
        weight = fame * np.where(kind == u % len(TASTES), MATCH, 1.0)
        met = generator.choice(len(names), per_user, replace=False, p=weight / weight.sum())
        user += [u] * per_user
        item += met.tolist()
    return interactions_from_pairs(
        "toy ratings",
        Items([f"user {u + 1} ({TASTES[u % len(TASTES)]})" for u in range(users)]),
        Items(names),
        user,
        item,
        metadata=Metadata({"kind": [TASTES[k] for k in kind], "fame": fame}),
    )
