"""Made-up families, whose relations follow from who is married and who is whose child.

Every family has a couple, their children (each married to somebody from outside) and the
children's children. All facts of nine relations are written down; whoever learns that the parent
of a parent is a grandparent can find the ones held out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import numpy as np

from explorer.items import Items
from explorer.metadata import Metadata
from explorer.training.triples import KnowledgeGraph

WOMEN = ("Ada", "Bea", "Clara", "Dora", "Edith", "Flora", "Greta", "Hilda", "Ida", "Julia")
MEN = ("Abel", "Bruno", "Carl", "David", "Emil", "Felix", "Georg", "Hugo", "Ivan", "Jonas")
SURNAMES = ("Alder", "Birch", "Cedar", "Elm", "Hazel", "Larch", "Maple", "Oak", "Pine", "Rowan",
            "Spruce", "Willow")  # fmt: skip
RELATIONS = ("married to", "parent of", "child of", "sibling of", "grandparent of",
             "grandchild of", "uncle or aunt of", "nephew or niece of", "member of")  # fmt: skip
Fact = tuple[str, str, str]


def toy_family(families: int = 12, seed: int = 1) -> KnowledgeGraph:
    """Some 160 persons of 12 families, the families themselves, and all facts between them."""
    generator = np.random.default_rng(seed)
    told: dict[str, tuple[str, int]] = {}
    facts: dict[Fact, None] = {}
    for number in range(families):
        surname = SURNAMES[number % len(SURNAMES)] + (
            f" {number // len(SURNAMES) + 1}" if number >= len(SURNAMES) else ""
        )
        for fact in _family(f"the {surname} family", surname, generator, told):
            facts[fact] = None
    entities = {name: at for at, name in enumerate(told)}
    triples = [(entities[h], RELATIONS.index(r), entities[t]) for h, r, t in facts]
    return KnowledgeGraph(
        "toy families",
        Items(entities),
        Items(RELATIONS),
        np.array(triples, dtype=np.int32),
        Metadata(
            {
                "family": [family for family, _ in told.values()],
                "generation": [generation for _, generation in told.values()],
            }
        ),
    )


def _family(
    family: str, surname: str, generator: np.random.Generator, told: dict[str, tuple[str, int]]
) -> Iterator[Fact]:
    """All facts of one family; its members are entered in `told`: their family and generation."""
    told[family] = (family, 0)
    names = [f"{name} {surname}" for name in generator.permutation([*WOMEN, *MEN]).tolist()]
    members = iter(names)

    def person(generation: int) -> str:
        name = next(members)
        told[name] = (family, generation)
        return name

    first, second = person(1), person(1)
    couples = [(person(2), person(2)) for _ in range(int(generator.integers(2, 4)))]
    children = [[person(3) for _ in range(int(generator.integers(1, 4)))] for _ in couples]
    for name, (of, generation) in list(told.items()):
        if of == family and generation:
            yield name, "member of", family
    for one, other in [(first, second), *couples]:
        yield one, "married to", other
        yield other, "married to", one
    own = [couple[0] for couple in couples]
    for siblings in [own, *children]:
        for one, other in permutations(siblings, 2):
            yield one, "sibling of", other
    yield from _both(("parent of", "child of"), [(p, c) for p in (first, second) for c in own])
    for couple, cousins in zip(couples, children, strict=True):
        yield from _both(("parent of", "child of"), [(p, c) for p in couple for c in cousins])
        yield from _both(
            ("grandparent of", "grandchild of"), [(g, c) for g in (first, second) for c in cousins]
        )
        uncles = [one for one in own if one != couple[0]]
        yield from _both(
            ("uncle or aunt of", "nephew or niece of"), [(u, c) for u in uncles for c in cousins]
        )


def _both(relations: tuple[str, str], pairs: list[tuple[str, str]]) -> Iterator[Fact]:
    """Each pair under the first relation, and turned round under the second."""
    for one, other in pairs:
        yield one, relations[0], other
        yield other, relations[1], one
