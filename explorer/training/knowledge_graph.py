"""What trainers of knowledge graphs share: facts to be told from made-up ones, and their scores.

Each fact (h, r, t) is set against facts with another tail, and with another head, drawn among
those that are not known. An entity's vector is an item of the space; relations have their own.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import asdict
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.space import EmbeddingSpace, FloatArray
from explorer.training import draws
from explorer.training.checkpoint import (
    items_from,
    metadata_from,
    plain_items,
    plain_metadata,
)
from explorer.training.stepwise import StepwiseTrainer, decayed
from explorer.training.triples import KnowledgeGraph, TripleArray, known_heads, known_tails

TRIES = 20  # draws of an entity before a fact counts as one that is true of all
HELD_OUT_TRIPLES = 200  # at most so many are measured each epoch
NEGATIVES, HELD_OUT_NEGATIVES = 1, 2  # streams of random numbers
FloatBlock = NDArray[np.float32]


class GraphTrainer(StepwiseTrainer):
    """Entities' and relations' vectors, learned from triples.

    graph : the triples to learn from
    held_out : other triples of the same entities, to measure the loss on; or None
    """

    unit = "triples"
    title: ClassVar[str]
    trained_with: ClassVar[str]

    def __init__(
        self, graph: KnowledgeGraph, settings: Any, held_out: KnowledgeGraph | None
    ) -> None:
        if held_out is not None and len(held_out.entities) != len(graph.entities):
            raise ExplorerError(
                "Held-out triples must be of the same entities; read them together."
            )
        super().__init__(len(graph), settings.epochs, settings.learning_rate)
        self.graph, self.held_out, self.settings = graph, held_out, settings
        self._drawer = draws.outside_drawer()
        relations = len(graph.relations)
        facts = graph.triples.astype(np.int64)
        tails, heads = known_tails(graph.triples, relations), known_heads(graph.triples, relations)
        self._sides = tuple(
            (known, np.searchsorted(known.keys, facts[:, column] * relations + facts[:, 1]))
            for known, column in ((tails, 0), (heads, 2))
        )
        self._order: tuple[int, NDArray[np.int64]] = (-1, np.empty(0, np.int64))
        self._learned = self._start()
        self._train_on(np.arange(0), np.arange(0))  # compiled before the first slice

    @abstractmethod
    def _start(self) -> dict[str, NDArray[Any]]:
        """Random "entities" and "relations", and whatever else is learned."""

    @abstractmethod
    def _steps(self, triples: TripleArray, negatives: TripleArray, rates: FloatArray) -> float:
        """A step for each triple; the summed loss. negatives : (m, 2, k) tails, and heads."""

    @abstractmethod
    def _losses(self, true: FloatBlock, false: FloatBlock) -> NDArray[np.float64]:
        """(m,) the loss of each fact, from its score (m, 1) and those of made-up ones (m, k)."""

    @abstractmethod
    def queries(self, known: NDArray[Any], relation: NDArray[Any], side: str) -> FloatBlock:
        """(b, d) what the missing entity of each fact is compared with.

        side : "tail" where the heads are known, "head" where the tails are
        """

    @abstractmethod
    def compare(self, queries: FloatBlock, entities: FloatBlock) -> FloatBlock:
        """(b, d), (n, d) -> (b, n) scores, larger for facts more likely."""

    def score(self, known: NDArray[Any], relation: NDArray[Any], side: str) -> FloatBlock:
        """(b,) known heads or tails, (b,) relations -> (b, entities) scores of what is missing."""
        return self.compare(self.queries(known, relation, side), self._learned["entities"])

    def _train(self, count: int) -> tuple[int, float]:
        epoch, at = divmod(self.examples, len(self.graph))
        if self._order[0] != epoch:
            generator = np.random.default_rng((self.settings.seed, 2, epoch))
            self._order = epoch, generator.permutation(len(self.graph))
        rows = self._order[1][at : at + count]
        return len(rows), self._train_on(rows, self.examples + np.arange(len(rows)))

    def _train_on(self, rows: NDArray[np.int64], numbers: NDArray[np.int64]) -> float:
        negatives = self._negatives(NEGATIVES, numbers, [groups[rows] for _, groups in self._sides])
        rates = decayed(self.settings.learning_rate, numbers, self.total)
        return self._steps(self.graph.triples[rows], negatives, rates)

    def _negatives(
        self, stream: int, numbers: NDArray[np.int64], groups: list[NDArray[np.int64]]
    ) -> TripleArray:
        """(m, 2, k) entities that make a fact not known to be true; -1 where there is none."""
        k, n = self.settings.negatives, len(self.graph.entities)
        key = draws.stream(self.settings.seed, stream)
        drawn = np.empty((len(numbers), 2, k), dtype=np.int32)
        for side, ((known, _), group) in enumerate(zip(self._sides, groups, strict=True)):
            counters = ((numbers * 2 + side)[:, None] * k + np.arange(k)).ravel()
            drawn[:, side] = self._drawer(
                key, counters, np.repeat(group, k), known.starts, known.members, n, TRIES
            ).reshape(-1, k)
        return drawn

    def _held_out_loss(self) -> float | None:
        """The mean loss of held-out facts, each against the same made-up ones each time."""
        if self.held_out is None:
            return None
        facts = self.held_out.triples[:: 1 + len(self.held_out) // HELD_OUT_TRIPLES]
        key = draws.stream(self.settings.seed, HELD_OUT_NEGATIVES)
        entities, n = self._learned["entities"], len(self.graph.entities)
        counters = np.arange(2 * len(facts) * self.settings.negatives)
        drawn = draws.whole_numbers(key, counters, n).reshape(2, len(facts), -1)
        losses = []
        for side, known, missing, others in (
            ("tail", 0, 2, drawn[0]),
            ("head", 2, 0, drawn[1]),
        ):
            queries = self.queries(facts[:, known], facts[:, 1], side)
            candidates = np.concatenate([facts[:, [missing]], others], axis=1)
            scores = np.stack(
                [
                    self.compare(query[None], entities[rows])[0]
                    for query, rows in zip(queries, candidates, strict=True)
                ]
            )
            losses.append(self._losses(scores[:, :1], scores[:, 1:]).mean())
        return float(np.mean(losses))

    def vectors(self) -> FloatArray:
        """(entities, dimensions) a copy."""
        return self._learned["entities"].copy()

    def relation_vectors(self) -> FloatArray:
        """(relations, dimensions) a copy, in the order of graph.relations."""
        return self._learned["relations"].copy()

    def space(self) -> EmbeddingSpace:
        """The entities, with the number of their triples as metadata."""
        graph = self.graph
        return EmbeddingSpace(
            name=f"{self.title} of {graph.source}",
            items=graph.entities,
            vectors=self.vectors(),
            provenance=self._provenance(self.title, graph.source, graph.digest),
            metadata=graph.metadata.with_column("triples", graph.degree),
            trained_with=self.trained_with,
        )

    def _parameters(self) -> dict[str, NDArray[Any]]:
        return self._learned

    def _about(self) -> dict[str, Any]:
        graph = self.graph
        return {
            "settings": asdict(self.settings),
            "source": graph.source,
            "entities": plain_items(graph.entities),
            "relations": plain_items(graph.relations),
            "metadata": plain_metadata(graph.metadata),
        }

    def _data(self) -> dict[str, NDArray[Any]]:
        held_out = {} if self.held_out is None else {"held out": self.held_out.triples}
        return {"triples": self.graph.triples, **held_out}


def restored_graphs(
    about: dict[str, Any], arrays: dict[str, NDArray[Any]]
) -> tuple[KnowledgeGraph, KnowledgeGraph | None]:
    """The triples, and those held out, from what `_about` and `_data` gave."""
    entities = items_from(about["entities"])
    graph = KnowledgeGraph(
        about["source"],
        entities,
        items_from(about["relations"]),
        arrays["triples"],
        metadata_from(about["metadata"], len(entities)),
    )
    if "held out" not in arrays:
        return graph, None
    held_out = KnowledgeGraph(graph.source, entities, graph.relations, arrays["held out"])
    return graph, held_out
