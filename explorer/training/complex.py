"""ComplEx: a relation turns and stretches each complex number of the head; the tail should match.

    score(h, r, t) = Re sum over i of h_i r_i conj(t_i)

The conjugate makes it say different things of (h, r, t) and (t, r, h), where a relation has
imaginary parts: "parent of" needs them, "sibling of" does not.

    loss = -ln softmax of the true tail's score among k made-up ones, and of the true head's
           + L/3 (sum |h_i|^3 + |r_i|^3 + |t_i|^3)

Steps are scaled by AdaGrad, one number a row: what is met often moves less each time.

Trouillon, Welbl, Riedel, Gaussier & Bouchard, Complex embeddings for simple link prediction, ICML
2016; the softmax and the cubes from Lacroix, Usunier & Obozinski, Canonical tensor decomposition
for knowledge base completion, ICML 2018.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.space import FloatArray
from explorer.training import complex_reference
from explorer.training.complex_vectors import conjugate, product
from explorer.training.factorization import random_vectors
from explorer.training.knowledge_graph import FloatBlock, GraphTrainer, restored_graphs
from explorer.training.setting import check_settings, setting
from explorer.training.triples import KnowledgeGraph, TripleArray

FIRST_LENGTH = 0.5  # of the random rows
FIRST_SQUARE = 1e-4  # in AdaGrad's sums, or the first made-up fact would throw an entity far away


@dataclass(frozen=True)
class ComplExSettings:
    """The choices of ComplEx; ExplorerError for one out of range."""

    dimensions: int = setting(
        64, "numbers in each vector, two for each complex one", least=2, most=2048
    )
    epochs: int = setting(50, "passes over all triples", least=1, most=100_000)
    learning_rate: float = setting(0.1, "size of the first steps; falls to zero", above=0)
    negatives: int = setting(
        32, "made-up tails and made-up heads for each fact", least=1, most=4096
    )
    regularization: float = setting(0.01, "pull of every number towards zero, by cubes", least=0)
    seed: int = setting(1, "start of all random numbers", least=0)

    def __post_init__(self) -> None:
        check_settings(self)
        if self.dimensions % 2:
            raise ExplorerError(
                f"dimensions must be even, two for each complex number; got {self.dimensions}."
            )


class ComplExTrainer(GraphTrainer):
    """Complex vectors, kept as real ones: the real parts first, then the imaginary."""

    kind = "ComplEx"
    title = "ComplEx"
    trained_with = "dot"
    settings: ComplExSettings

    def __init__(
        self,
        graph: KnowledgeGraph,
        settings: ComplExSettings = ComplExSettings(),
        held_out: KnowledgeGraph | None = None,
    ) -> None:
        self._stepper = complex_stepper()
        super().__init__(graph, settings, held_out)

    def _start(self) -> dict[str, NDArray[Any]]:
        n, r, d = len(self.graph.entities), len(self.graph.relations), self.settings.dimensions
        return {
            "entities": random_vectors(n, d, FIRST_LENGTH, (self.settings.seed, 0)),
            "relations": random_vectors(r, d, FIRST_LENGTH, (self.settings.seed, 1)),
            "entity squares": np.full(n, FIRST_SQUARE, dtype=np.float32),
            "relation squares": np.full(r, FIRST_SQUARE, dtype=np.float32),
        }

    def _steps(self, triples: TripleArray, negatives: TripleArray, rates: FloatArray) -> float:
        return self._stepper(
            *self._learned.values(), triples, negatives, rates,
            np.float32(self.settings.regularization),
        )  # fmt: skip

    def _losses(self, true: FloatBlock, false: FloatBlock) -> NDArray[np.float64]:
        scores = np.concatenate([true, false], axis=1).astype(np.float64)
        losses: NDArray[np.float64] = np.logaddexp.reduce(scores, axis=1) - scores[:, 0]
        return losses

    def queries(self, known: NDArray[Any], relation: NDArray[Any], side: str) -> FloatBlock:
        given, turn = self._learned["entities"][known], self._learned["relations"][relation]
        return product(given, turn if side == "tail" else conjugate(turn)).astype(np.float32)

    def compare(self, queries: FloatBlock, entities: FloatBlock) -> FloatBlock:
        scores: FloatBlock = queries @ entities.T
        return scores

    @classmethod
    def _restored(cls, about: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Self:
        graph, held_out = restored_graphs(about, arrays)
        return cls(graph, ComplExSettings(**about["settings"]), held_out)


def complex_stepper() -> Callable[..., float]:
    """Numba's `complex_steps` where it is installed."""
    try:
        from explorer.training import complex_kernels
    except ImportError:
        return complex_reference.complex_steps
    fast: Callable[..., float] = complex_kernels.complex_steps
    return fast
