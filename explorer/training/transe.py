"""TransE: a relation is a step from head to tail.

    d(h, r, t) = |h + r - t|        with |x| the sum of absolute numbers (L1), or the length (L2)
    loss = max(0, margin + d(h, r, t) - d(h', r, t'))     (h', r, t') with another head or tail

Entities are brought back to length 1 after each step, or the margin would be met by growing.

Bordes, Usunier, García-Durán, Weston & Yakhnenko, Translating embeddings for modeling
multi-relational data, NIPS 2013.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from explorer.space import FloatArray
from explorer.training import transe_reference
from explorer.training.knowledge_graph import FloatBlock, GraphTrainer, restored_graphs
from explorer.training.setting import check_settings, setting
from explorer.training.triples import KnowledgeGraph, TripleArray


@dataclass(frozen=True)
class TransESettings:
    """The choices of TransE; ExplorerError for one out of range."""

    dimensions: int = setting(50, "numbers in each vector", least=1, most=1024)
    epochs: int = setting(100, "passes over all triples", least=1, most=100_000)
    learning_rate: float = setting(0.02, "size of the first steps; falls to zero", above=0)
    margin: float = setting(1.0, "how much farther a made-up fact has to be", above=0)
    distance: str = setting("L1", "sum of absolute numbers, or length", choices=("L1", "L2"))
    negatives: int = setting(4, "made-up tails and made-up heads for each fact", least=1, most=1000)
    seed: int = setting(1, "start of all random numbers", least=0)

    def __post_init__(self) -> None:
        check_settings(self)


class TransETrainer(GraphTrainer):
    """Translations between entities of length 1."""

    kind = "TransE"
    title = "TransE"
    trained_with = "euclidean"
    settings: TransESettings

    def __init__(
        self,
        graph: KnowledgeGraph,
        settings: TransESettings = TransESettings(),
        held_out: KnowledgeGraph | None = None,
    ) -> None:
        self._stepper, self._distances = transe_functions()
        none = np.empty((0, settings.dimensions), dtype=np.float32)
        self._distances(none, none, True)  # compiled before the first slice
        super().__init__(graph, settings, held_out)

    def _start(self) -> dict[str, NDArray[Any]]:
        """Rows of length 1 in random directions."""
        generator = np.random.default_rng((self.settings.seed, 0))
        d = self.settings.dimensions
        learned = {}
        for name, count in (
            ("entities", len(self.graph.entities)),
            ("relations", len(self.graph.relations)),
        ):
            rows = generator.uniform(-1, 1, size=(count, d)).astype(np.float32)
            learned[name] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return learned

    def _steps(self, triples: TripleArray, negatives: TripleArray, rates: FloatArray) -> float:
        return self._stepper(
            self._learned["entities"], self._learned["relations"], triples, negatives, rates,
            np.float32(self.settings.margin), self.settings.distance == "L1",
        )  # fmt: skip

    def _losses(self, true: FloatBlock, false: FloatBlock) -> NDArray[np.float64]:
        violations = np.maximum(0, self.settings.margin - true + false)
        losses: NDArray[np.float64] = violations.mean(axis=1, dtype=np.float64)
        return losses

    def queries(self, known: NDArray[Any], relation: NDArray[Any], side: str) -> FloatBlock:
        entities, relations = self._learned["entities"], self._learned["relations"]
        sign = np.float32(1 if side == "tail" else -1)
        point: FloatBlock = entities[known] + sign * relations[relation]
        return point

    def compare(self, queries: FloatBlock, entities: FloatBlock) -> FloatBlock:
        return -self._distances(queries, entities, self.settings.distance == "L1")

    @classmethod
    def _restored(cls, about: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Self:
        graph, held_out = restored_graphs(about, arrays)
        return cls(graph, TransESettings(**about["settings"]), held_out)


def transe_functions() -> tuple[Callable[..., float], Callable[..., FloatBlock]]:
    """`transe_steps` and `distances`: Numba's where it is installed."""
    try:
        from explorer.training import transe_kernels
    except ImportError:
        return transe_reference.transe_steps, transe_reference.distances
    return transe_kernels.transe_steps, transe_kernels.distances
