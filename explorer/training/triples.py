"""A knowledge graph: facts (head, relation, tail), read from text and split into parts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError, VectorFileError
from explorer.formats.source import Source
from explorer.items import Items
from explorer.limits import Limits
from explorer.metadata import Metadata
from explorer.space import Finding, content_digest
from explorer.training.text_lines import text_lines

TripleArray = NDArray[np.int32]
File = str | Path | BinaryIO


@dataclass(frozen=True, eq=False)
class KnowledgeGraph:
    """m facts about entities.

    source : the file's name, for captions
    entities, relations : the names, by number
    triples : (m, 3) int32: head, relation, tail
    metadata : one row an entity
    findings : what reading met
    """

    source: str
    entities: Items
    relations: Items
    triples: TripleArray
    metadata: Metadata = field(default_factory=Metadata)
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        triples = np.asarray(self.triples, dtype=np.int32).reshape(-1, 3)
        if len(triples) == 0:
            raise ExplorerError(f"{self.source} holds no triple.")
        object.__setattr__(self, "triples", triples)

    def __len__(self) -> int:
        return len(self.triples)

    @cached_property
    def degree(self) -> NDArray[np.int64]:
        """(entities,) the triples each entity stands in, as head or as tail."""
        n = len(self.entities)
        return np.bincount(self.triples[:, 0], minlength=n) + np.bincount(
            self.triples[:, 2], minlength=n
        )

    @cached_property
    def digest(self) -> str:
        """A hash of all triples and names, 32 hexadecimal digits."""
        return content_digest(self.triples, self.entities.digest, self.relations.digest)

    def part(self, rows: NDArray[Any]) -> KnowledgeGraph:
        """Some of the triples; all entities and relations stay."""
        return replace(self, triples=self.triples[rows])


class GraphSplit(NamedTuple):
    """Triples of the same entities: to learn from, to watch while learning, to be measured on."""

    train: KnowledgeGraph
    valid: KnowledgeGraph | None
    test: KnowledgeGraph | None

    @property
    def parts(self) -> list[KnowledgeGraph]:
        """All that are there: together they are what is known to be true."""
        return [part for part in self if part is not None]


class Known(NamedTuple):
    """What is known of each pair, one side of the graph.

    keys : (g,) sorted numbers of the pairs (head, relation), or (tail, relation)
    starts, members : pair g goes with members[starts[g]:starts[g + 1]], in rising order
    """

    keys: NDArray[np.int64]
    starts: NDArray[np.int64]
    members: NDArray[np.int32]


def known_tails(triples: TripleArray, relations: int) -> Known:
    """The tails of each (head, relation); its key is head * relations + relation."""
    pairs = triples[:, 0].astype(np.int64) * relations + triples[:, 1]
    facts = np.unique(np.stack([pairs, triples[:, 2].astype(np.int64)], axis=1), axis=0)
    keys, first = np.unique(facts[:, 0], return_index=True)
    return Known(keys, np.append(first, len(facts)), facts[:, 1].astype(np.int32))


def known_heads(triples: TripleArray, relations: int) -> Known:
    """The heads of each (tail, relation); its key is tail * relations + relation."""
    return known_tails(triples[:, ::-1], relations)


def read_triples(file: File, *, limits: Limits = Limits()) -> KnowledgeGraph:  # noqa: B008
    """One file of lines head, relation, tail; see `read_graph`."""
    return read_graph(file, limits=limits).train


def read_graph(
    train: File,
    valid: File | None = None,
    test: File | None = None,
    *,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
) -> GraphSplit:
    """Triples, one a line, separated by tabs, or by spaces where there are no tabs.

    Plain, gz, xz, bz2 or zip. The entities and relations of all files are numbered together; one
    that the training file does not hold keeps the vector it was given at random.

    Raises VectorFileError with the line that is no triple. A triple that comes twice counts once.
    """
    entities: dict[str, int] = {}
    relations: dict[str, int] = {}
    read = [
        None if file is None else _read(file, entities, relations, limits)
        for file in (train, valid, test)
    ]
    names, kinds = Items(entities), Items(relations)
    parts = [
        None if one is None else KnowledgeGraph(one[0], names, kinds, one[1], findings=one[2])
        for one in read
    ]
    assert parts[0] is not None
    return GraphSplit(parts[0], parts[1], parts[2])


def _read(
    file: File, entities: dict[str, int], relations: dict[str, int], limits: Limits
) -> tuple[str, TripleArray, tuple[Finding, ...]]:
    triples: dict[tuple[int, int, int], None] = {}
    count = 0
    with Source.open(file, limits=limits) as source, source.stream() as stream:
        for number, line in text_lines(source, stream):
            fields = line.split("\t") if "\t" in line else line.split()
            if len(fields) != 3 or not all(fields):
                raise VectorFileError(
                    source.name,
                    f"expected head, relation and tail separated by tabs, found {len(fields)} "
                    f"field{'' if len(fields) == 1 else 's'}: {line[:60]!r}.",
                    line=number,
                )
            head, relation, tail = (part.strip() for part in fields)
            row = (
                entities.setdefault(head, len(entities)),
                relations.setdefault(relation, len(relations)),
                entities.setdefault(tail, len(entities)),
            )
            triples[row] = None
            count += 1
        if not triples:
            raise VectorFileError(source.name, "holds blank lines only.")
        repeats = count - len(triples)
        findings = (Finding("repeated triples", repeats, "counted once"),) if repeats else ()
        return source.name, np.array(list(triples), dtype=np.int32), findings


def split_triples(graph: KnowledgeGraph, share: float = 0.1, seed: int = 1) -> GraphSplit:
    """Hold out a random share, but no triple that alone names an entity or a relation."""
    if not 0 < share < 1:
        raise ExplorerError(f"The held-out share must be between 0 and 1; got {share:g}.")
    left = graph.degree.copy()
    kinds = np.bincount(graph.triples[:, 1], minlength=len(graph.relations))
    wanted, held_out = int(share * len(graph)), np.zeros(len(graph), dtype=bool)
    for row in np.random.default_rng(seed).permutation(len(graph)).tolist():
        if wanted == 0:
            break
        head, relation, tail = graph.triples[row].tolist()
        if min(left[head], left[tail]) > 1 + (head == tail) and kinds[relation] > 1:
            left[[head, tail]] -= 1
            kinds[relation] -= 1
            held_out[row] = True
            wanted -= 1
    if not held_out.any():
        raise ExplorerError(f"{graph.source} holds too few triples to hold any out.")
    return GraphSplit(graph.part(~held_out), None, graph.part(held_out))
