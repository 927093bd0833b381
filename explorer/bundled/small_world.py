"""A small world of words whose truth is known, because every vector is made from it.

The vector of word w is a sum of directions and noise, stretched by how frequent w is:

    x(w) = g(w) * ( C common + sum over a of s(w, a) direction(a) + I identity(root of w)
                    + N noise(w) )

common      one unit direction that all words share, as trained embeddings have (Mu & Viswanath,
            All-but-the-Top, ICLR 2018): it raises every cosine, and centring removes it
direction   one unit direction for each kind, each continent and each fact (gender, plural,
            capital, comparative, superlative), all at right angles to one another and to `common`;
            s is 1 for what holds of w and 0 else; for gender +0.7 feminine, -0.7 masculine
identity    a random direction of length about 1 for each root, shared by the words that differ
            in a fact only: king, queen, kings and queens; france and paris; big and biggest
noise       a random direction of length about 1 for each word
g           1 + 0.12 ln(frequency / lowest frequency): from 1 to about 1.8, so that the dot
            product favours frequent words where the cosine does not
frequency   per million words, by Zipf's law 1 / rank: made up, the rank taken from the order of
            the lists in small_world_words.py

So queen - king is gender alone, up to stretch and noise, and king - man + woman is nearest to
queen: the arithmetic of Mikolov, Yih & Zweig, Linguistic regularities in continuous space word
representations, NAACL 2013. All of it is drawn from one seed, in plain NumPy, in milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from types import MappingProxyType

import numpy as np

from explorer.app_files import DATA
from explorer.bundled import small_world_words as words
from explorer.bundled.stored_maps import with_stored_maps
from explorer.items import Items
from explorer.metadata import Metadata
from explorer.space import EmbeddingSpace, FloatArray, Provenance

DIMENSIONS = 50
SEED = 1
COMMON = 0.6  # C
IDENTITY = 0.9  # I
NOISE = 0.5  # N
GENDER = 0.7
STRETCH = 0.12  # more length for each factor e of frequency
FACTS = ("gender", "plural", "capital", "comparative", "superlative")
COLUMNS = ("gender", "number", "degree", "country")
MAPS = DATA / "small_world.npz"


@dataclass(frozen=True)
class Word:
    """A word and all that is true of it.

    root : the word whose identity it shares: "king" for queens
    attributes : the directions it is made of, and how strongly
    told : what its metadata says: {"gender": "feminine", "number": "plural"}
    place : small for a frequent word; only the order counts
    """

    name: str
    root: str
    kind: str
    attributes: Mapping[str, float]
    told: Mapping[str, str]
    place: float


@dataclass(frozen=True)
class Relation:
    """A fact, and the pairs of words that differ in it alone: gender, ("king", "queen"), …"""

    name: str
    pairs: tuple[tuple[str, str], ...]

    def analogies(self) -> Iterator[tuple[str, str, str, str]]:
        """All (a, b, c, d) for which "a is to b as c is to d" is true by this fact."""
        for a, b in self.pairs:
            for c, d in self.pairs:
                if (a, b) != (c, d):
                    yield a, b, c, d


@dataclass(frozen=True, eq=False)
class Truth:
    """What the vectors were made from, for whoever measures how much of it can be recovered.

    directions : (50,) unit vectors by name: "common", kinds, continents and facts
    relations : the facts, each with all pairs of words that it connects
    noiseless : (n, 50) the vectors without their noise; row i belongs to items[i]
    """

    directions: Mapping[str, FloatArray]
    relations: tuple[Relation, ...]
    noiseless: FloatArray


@dataclass(frozen=True, eq=False)
class SmallWorld:
    """The space, and the truth behind it."""

    space: EmbeddingSpace
    truth: Truth


def open_small_world() -> EmbeddingSpace:
    """530 words x 50, with kind, gender, number, degree, country and frequency as metadata."""
    return with_stored_maps(small_world().space, MAPS)


def small_world(seed: int = SEED, noise: float = NOISE) -> SmallWorld:
    """Make the world. `noise` is the length of the part of each vector that means nothing."""
    world = _world()
    names = ["common", *dict.fromkeys(name for word in world for name in word.attributes)]
    roots = list(dict.fromkeys(word.root for word in world))

    random = np.random.default_rng(seed)
    directions = _orthonormal(random, len(names))
    identities = _about_unit(random, len(roots))
    noises = _about_unit(random, len(world))

    strengths = np.zeros((len(world), len(names)))
    for row, word in enumerate(world):
        for name, strength in {"common": COMMON, **word.attributes}.items():
            strengths[row, names.index(name)] = strength
    identity = identities[[roots.index(word.root) for word in world]]
    frequency = _frequencies(world)
    stretch = 1 + STRETCH * np.log(frequency / frequency.min())
    meaning = strengths @ directions + IDENTITY * identity

    columns = {name: [word.told.get(name, "") for word in world] for name in COLUMNS}
    space = EmbeddingSpace(
        name="small-world",
        items=Items(word.name for word in world),
        vectors=_rounded(stretch[:, None] * (meaning + noise * noises)),
        metadata=Metadata(
            {"kind": [word.kind for word in world], **columns, "frequency": frequency}
        ),
        provenance=Provenance("small world", format="generated from known facts", seed=seed),
    )
    truth = Truth(
        directions=MappingProxyType(dict(zip(names, _rounded(directions), strict=True))),
        relations=_relations(world),
        noiseless=_rounded(stretch[:, None] * meaning),
    )
    return SmallWorld(space, truth)


def all_words() -> tuple[Word, ...]:
    """Every word of the world with what is true of it, those of one root together."""
    return tuple(_world())


def _orthonormal(random: np.random.Generator, count: int) -> FloatArray:
    """(count, 50) unit rows at right angles to one another."""
    q, r = np.linalg.qr(random.normal(size=(DIMENSIONS, count)))
    rows: FloatArray = (q * np.sign(np.diag(r))).T  # settles the sign that LAPACK leaves open
    return rows


def _about_unit(random: np.random.Generator, count: int) -> FloatArray:
    """(count, 50) random rows of length about 1."""
    rows: FloatArray = random.normal(size=(count, DIMENSIONS)) / np.sqrt(DIMENSIONS)
    return rows


def _rounded(vectors: FloatArray) -> FloatArray:
    """To four decimals, so that every machine makes the same bits whatever its BLAS."""
    return np.round(vectors, 4).astype(np.float32)


def _frequencies(world: list[Word]) -> FloatArray:
    """(n,) occurrences per million words, in proportion to 1 / rank."""
    rank = np.empty(len(world))
    rank[np.argsort([word.place for word in world], kind="stable")] = 1 + np.arange(len(world))
    frequencies: FloatArray = np.round(1e6 / rank / (1 / rank).sum(), 1)
    return frequencies


def _world() -> list[Word]:
    """Every word; those of one root stand together."""
    return [*_people(), *_nouns(), *_places(), *_adjectives(), *_single_words()]


def _people() -> Iterator[Word]:
    couples = {
        "family": words.FAMILY,
        "royalty": words.ROYALTY,
        "profession": words.GENDERED_PROFESSIONS,
    }
    for kind, pairs in couples.items():
        for place, pair in enumerate(pairs):
            for name, gender, sign in zip(pair, ("masculine", "feminine"), (-1, 1), strict=True):
                attributes = {"person": 1, kind: 1, "gender": sign * GENDER}
                word = Word(name, pair[0], kind, attributes, {"gender": gender}, place)
                yield from _singular_and_plural(word)
    for place, name in enumerate(words.PROFESSIONS):
        word = Word(name, name, "profession", {"person": 1, "profession": 1}, {}, place)
        yield from _singular_and_plural(word)


def _nouns() -> Iterator[Word]:
    nouns = {"animal": words.ANIMALS, "food": words.FOODS, "thing": words.THINGS}
    for kind, names in nouns.items():
        for place, name in enumerate(names):
            yield from _singular_and_plural(Word(name, name, kind, {kind: 1}, {}, place))


def _singular_and_plural(word: Word) -> Iterator[Word]:
    yield replace(word, told={**word.told, "number": "singular"})
    yield replace(
        word,
        name=words.plural(word.name),
        attributes={**word.attributes, "plural": 1},
        told={**word.told, "number": "plural"},
        place=2 * word.place + 1,
    )


def _places() -> Iterator[Word]:
    for continent, pairs in words.COUNTRIES.items():
        for place, (country, capital) in enumerate(pairs):
            attributes = {"place": 1, continent: 1}
            told = {"country": country}
            yield Word(country, country, "country", attributes, told, place)
            yield Word(capital, country, "capital", {**attributes, "capital": 1}, told, place + 0.5)


def _adjectives() -> Iterator[Word]:
    for place, degrees in enumerate(words.ADJECTIVES):
        for step, degree in enumerate(("positive", "comparative", "superlative")):
            attributes = {"adjective": 1} if step == 0 else {"adjective": 1, degree: 1}
            word = Word(
                degrees[step], degrees[0], "adjective", attributes, {"degree": degree}, place
            )
            yield replace(word, place=place + 2 * step)


def _single_words() -> Iterator[Word]:
    for kind, names in {"colour": words.COLOURS, "numeral": words.NUMERALS}.items():
        for place, name in enumerate(names):
            yield Word(name, name, kind, {kind: 1}, {}, place)


def _relations(world: list[Word]) -> tuple[Relation, ...]:
    """For each fact, the pairs of one root that differ in it alone."""
    pairs: dict[str, list[tuple[str, str]]] = {fact: [] for fact in FACTS}
    for _, family in groupby(world, key=lambda word: word.root):
        forms = list(family)
        for a in forms:
            for b in forms:
                more = {
                    name: b.attributes.get(name, 0) - a.attributes.get(name, 0)
                    for name in {*a.attributes, *b.attributes}
                }
                changed = [name for name, difference in more.items() if difference != 0]
                if len(changed) == 1 and more[changed[0]] > 0:
                    pairs[changed[0]].append((a.name, b.name))
    return tuple(Relation(fact, tuple(found)) for fact, found in pairs.items())
