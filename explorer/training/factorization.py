"""What the two factorisations of a users x items table share: a vector for each, read by dot.

score(u, i) = x_u . y_i ranks the items for a user. The length of an item's vector carries its
popularity, so neighbours by dot and by cosine differ: that is what there is to see.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.space import EmbeddingSpace, FloatArray
from explorer.training.checkpoint import (
    items_from,
    metadata_from,
    plain_items,
    plain_metadata,
)
from explorer.training.interactions import Interactions
from explorer.training.stepwise import StepwiseTrainer


class FactorizationTrainer(StepwiseTrainer):
    """Users' and items' vectors, learned from pairs.

    interactions : the pairs to learn from
    held_out : other pairs of the same users and items, to measure the loss on; or None
    """

    unit = "ratings"
    objective: str

    def __init__(
        self,
        interactions: Interactions,
        settings: Any,
        held_out: Interactions | None,
        per_epoch: int,
    ) -> None:
        if held_out is not None and (
            len(held_out.users) != len(interactions.users)
            or len(held_out.items) != len(interactions.items)
        ):
            raise ExplorerError("Held-out pairs must be of the same users and items.")
        super().__init__(per_epoch, settings.epochs, getattr(settings, "learning_rate", 0.0))
        self.interactions = interactions
        self.held_out = held_out
        self.settings = settings

    @abstractmethod
    def vectors(self) -> FloatArray:
        """(items, d) a copy of the items' vectors."""

    @abstractmethod
    def user_vectors(self) -> FloatArray:
        """(users, d) a copy of the users' vectors: user_vectors() @ vectors().T are the scores."""

    def space(self) -> EmbeddingSpace:
        """The items, with popularity and whatever the table tells of them as metadata."""
        known = self.interactions
        return EmbeddingSpace(
            name=f"{self.objective} of {known.source}",
            items=known.items,
            vectors=self.vectors(),
            provenance=self._provenance(self.objective, known.source, known.digest),
            metadata=known.metadata.with_column("popularity", known.popularity),
            trained_with="dot",
        )

    def _about(self) -> dict[str, Any]:
        known = self.interactions
        return {
            "settings": asdict(self.settings),
            "source": known.source,
            "users": plain_items(known.users),
            "items": plain_items(known.items),
            "metadata": plain_metadata(known.metadata),
        }

    def _data(self) -> dict[str, NDArray[Any]]:
        arrays = _pairs("train", self.interactions)
        return arrays if self.held_out is None else arrays | _pairs("held out", self.held_out)


def restored_interactions(
    about: dict[str, Any], arrays: dict[str, NDArray[Any]]
) -> tuple[Interactions, Interactions | None]:
    """The pairs, and those held out, from what `_about` and `_data` gave."""
    items = items_from(about["items"])
    shared: dict[str, Any] = {
        "source": about["source"],
        "users": items_from(about["users"]),
        "items": items,
        "metadata": metadata_from(about["metadata"], len(items)),
    }

    def part(name: str) -> Interactions:
        return Interactions(**(shared | {field: arrays[f"{name} {field}"] for field in _FIELDS}))

    return part("train"), part("held out") if "held out user" in arrays else None


_FIELDS = ("user", "item", "rating", "time")


def _pairs(part: str, pairs: Interactions) -> dict[str, NDArray[Any]]:
    return {f"{part} {field}": getattr(pairs, field) for field in _FIELDS}


def random_vectors(n: int, d: int, scale: float, seed: tuple[int, ...]) -> FloatArray:
    """(n, d) normal numbers of standard deviation scale / sqrt(d): rows of length about scale."""
    generator = np.random.default_rng(seed)
    numbers = generator.standard_normal((n, d), dtype=np.float32) * np.float32(scale / np.sqrt(d))
    return numbers.astype(np.float32)


@dataclass(frozen=True)
class Recommender:
    """Scores of all items for some users, as `evaluation.recommendation` asks for them."""

    users: FloatArray
    items: FloatArray

    def __call__(self, users: NDArray[np.int64]) -> NDArray[np.float32]:
        """(b,) user numbers -> (b, items) scores, larger is better."""
        scores: NDArray[np.float32] = self.users[users] @ self.items.T
        return scores


def recommender(trainer: FactorizationTrainer) -> Recommender:
    """The scores of a trainer's vectors as they are now."""
    return Recommender(trainer.user_vectors(), trainer.vectors())
