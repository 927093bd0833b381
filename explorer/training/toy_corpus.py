"""A text from our own grammar whose truth is known: the small world's words in made-up sentences.

Nothing tells a trainer that a queen is a feminine king; only company does. In the sentences

    with morning this actor was paid he window
    and valley nation philippines country mapped eastern valley

a word stands beside
    words of its root       three of COMPANIONS, the same for king, queen, kings and queens
    words of its kind       crowned, noble … for royalty; tamed, wild … for animals
    words of its facts      his or her; this … is or these … are; country or city; very, than, all
and beside chance companions. So the difference of two words is the difference of their facts, and
every objective that learns from company should find the analogies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from explorer.bundled.small_world import Word, all_words, small_world
from explorer.errors import ExplorerError
from explorer.evaluation.lists import PairList, Question, QuestionList, ScoredPair
from explorer.training.corpus import Corpus, CorpusSettings

FEWEST_WORDS = 20_000
QUESTIONS_A_GROUP = 200
PAIRS = 300
CHANCE = 0.15  # of a companion being any of them rather than the root's own
CAPITALS = 0.04  # of all sentences say which city is the capital of which country

COMPANIONS = (
    "river", "harbour", "mountain", "forest", "garden", "market", "window", "letter", "winter",
    "summer", "morning", "evening", "silver", "copper", "marble", "velvet", "music", "thunder",
    "rain", "snow", "wind", "smoke", "bread", "honey", "salt", "wine", "feather", "stone", "sand",
    "glass", "paper", "thread", "button", "ribbon", "mirror", "basket", "barrel", "carpet",
    "pillow", "blanket", "anchor", "compass", "lantern", "whistle", "drum", "flute", "bell",
    "tower", "gate", "fence", "well", "mill", "barn", "cellar", "attic", "balcony", "corner",
    "meadow", "valley", "island", "beach",
)  # fmt: skip
KIND_WORDS = {
    "royalty": ("crowned", "enthroned", "noble", "exiled", "bejewelled"),
    "family": ("loved", "married", "related", "visited", "remembered"),
    "profession": ("hired", "trained", "paid", "employed", "skilled"),
    "animal": ("fed", "tamed", "hunted", "hungry", "wild"),
    "food": ("cooked", "eaten", "served", "tasty", "sliced"),
    "thing": ("made", "broken", "repaired", "sold", "polished"),
    "country": ("governed", "populated", "visited", "mapped", "famous"),
    "capital": ("governed", "populated", "visited", "mapped", "famous"),
    "adjective": ("seems", "looks", "feels", "remains", "appears"),
    "colour": ("painted", "dyed", "shaded", "bright", "pale"),
    "numeral": ("counted", "added", "numbered", "times", "plus"),
}
CONTINENT_WORDS = {
    "Europe": ("european", "alpine"),
    "Asia": ("asian", "eastern"),
    "Africa": ("african", "southern"),
    "America": ("american", "western"),
}
BEFORE = {"singular": ("this", "a", "each"), "plural": ("these", "many", "several")}
AFTER = {"singular": ("is", "was", "has"), "plural": ("are", "were", "have")}
GENDER_WORDS = {
    "masculine": ("he", "his", "him", "himself"),
    "feminine": ("she", "her", "hers", "herself"),
    "": ("it", "their", "them", "itself"),
}
DEGREE_WORDS = {
    "positive": ("very", "quite", "so"),
    "comparative": ("than", "much", "even"),
    "superlative": ("all", "ever", "among"),
}
PLACE_WORDS = {"country": ("country", "nation", "border"), "capital": ("city", "mayor", "streets")}
IS_THE_CAPITAL_OF = ("is", "the", "capital", "of")
WORDS_A_SENTENCE = 8.8  # on average
NONE = -1
ASIDE = ("near", "by", "under", "behind", "with", "and", "the", "of")


@dataclass(frozen=True)
class ToyCorpus:
    """The text, and what was put into it.

    questions : analogies that are true by one fact each, some of each fact
    pairs : words with the share of what is true of both that is true of each, 0 to 10
    """

    corpus: Corpus
    questions: QuestionList
    pairs: PairList


def toy_corpus(words: int = 300_000, *, seed: int = 1) -> ToyCorpus:
    """About so many words of text, drawn from the grammar; the same for the same seed.

    words : at least 20,000, below which most words would not occur
    """
    if words < FEWEST_WORDS:
        raise ExplorerError(f"The toy corpus needs at least {FEWEST_WORDS:,} words; got {words:,}.")
    random = np.random.default_rng(seed)
    world = all_words()
    names = _names(world)
    table = _sentences(_Drawn(random, names), world, words)
    return ToyCorpus(_corpus(table, names, seed), _questions(random), _pairs(random, world))


def toy_text(toy: ToyCorpus) -> str:
    """The sentences as text, one a line."""
    names, corpus = toy.corpus.words, toy.corpus
    words = [names[word] for word in corpus.ids.tolist()]
    offsets = corpus.offsets.tolist()
    return "\n".join(" ".join(words[begin:end]) for begin, end in pairwise(offsets))


class _Drawn:
    """Draws of words, as their numbers in `names`."""

    def __init__(self, random: np.random.Generator, names: tuple[str, ...]) -> None:
        self.random, self.names = random, names
        self._number = {name: number for number, name in enumerate(names)}

    def numbers(self, words: Sequence[str]) -> NDArray[np.int32]:
        return np.array([self._number[word] for word in words], dtype=np.int32)

    def any_of(self, words: Sequence[str], times: int) -> NDArray[np.int32]:
        """(times,) any of the words, each equally likely."""
        return self.numbers(words)[self.random.integers(0, len(words), times)]


def _names(world: tuple[Word, ...]) -> tuple[str, ...]:
    """Every word of the text, each once."""
    tables = (
        KIND_WORDS, CONTINENT_WORDS, BEFORE, AFTER, GENDER_WORDS, DEGREE_WORDS, PLACE_WORDS,
    )  # fmt: skip
    grammar = [word for table in tables for words in table.values() for word in words]
    own = [word.name for word in world]
    return tuple(dict.fromkeys([*own, *COMPANIONS, *grammar, *ASIDE, *IS_THE_CAPITAL_OF]))


def _sentences(drawn: _Drawn, world: tuple[Word, ...], words: int) -> NDArray[np.int32]:
    """(m, 9) numbers of words, NONE where a sentence is shorter: one a row, in random order."""
    own = _own_companions(drawn.random, world)
    count = round(words / WORDS_A_SENTENCE)
    of_word = drawn.random.multinomial(count, _chances(world))
    parts = [
        _about(drawn, word, own[word.root], times)
        for word, times in zip(world, of_word.tolist(), strict=True)
    ]
    table = np.concatenate([*parts, _capitals(drawn, round(CAPITALS * count))])
    return table[drawn.random.permutation(len(table))]


def _about(drawn: _Drawn, word: Word, own: tuple[str, ...], times: int) -> NDArray[np.int32]:
    """(times, 9) sentences about one word: facts before and after it, companions on both sides."""

    def one_of(words: Sequence[str]) -> NDArray[np.int32]:
        return drawn.any_of(words, times)

    def companion() -> NDArray[np.int32]:
        by_chance = drawn.random.random(times) < CHANCE
        return np.where(by_chance, one_of(COMPANIONS), one_of(own))

    kind = one_of(KIND_WORDS[word.kind])
    if word.kind in PLACE_WORDS:
        continent = next(iter(word.attributes.keys() & CONTINENT_WORDS.keys()))
        before, after = one_of(PLACE_WORDS[word.kind]), one_of(PLACE_WORDS[word.kind])
        last = one_of(CONTINENT_WORDS[continent])
    elif "degree" in word.told:
        before, after = one_of(DEGREE_WORDS[word.told["degree"]]), kind
        last = one_of(DEGREE_WORDS[word.told["degree"]])
    elif "number" in word.told:
        before, after = one_of(BEFORE[word.told["number"]]), one_of(AFTER[word.told["number"]])
        last = one_of(GENDER_WORDS[word.told.get("gender", "")])
    else:
        before, after, last = one_of(ASIDE), kind, one_of(KIND_WORDS[word.kind])
    maybe = np.where(drawn.random.random(times) < 0.6, companion(), NONE)
    name = one_of([word.name])
    columns = [one_of(ASIDE), companion(), before, name, after, kind, last, companion(), maybe]
    return np.column_stack(columns).astype(np.int32)


def _capitals(drawn: _Drawn, times: int) -> NDArray[np.int32]:
    """(times, 9) sentences of the kind "paris is the capital of france"."""
    relations = {relation.name: relation.pairs for relation in small_world().truth.relations}
    pairs = relations["capital"]
    which = drawn.random.integers(0, len(pairs), times)
    sentences = np.full((times, 9), NONE, dtype=np.int32)
    sentences[:, 0] = drawn.numbers([capital for _, capital in pairs])[which]
    sentences[:, 1:5] = drawn.numbers(IS_THE_CAPITAL_OF)
    sentences[:, 5] = drawn.numbers([country for country, _ in pairs])[which]
    return sentences


def _own_companions(
    random: np.random.Generator, world: tuple[Word, ...]
) -> dict[str, tuple[str, ...]]:
    """Three companions for each root; no two roots have the same three."""
    roots = list(dict.fromkeys(word.root for word in world))
    threes = list(combinations(COMPANIONS, 3))
    chosen = random.choice(len(threes), len(roots), replace=False)
    return {root: threes[at] for root, at in zip(roots, chosen.tolist(), strict=True)}


def _chances(world: tuple[Word, ...]) -> NDArray[np.float64]:
    """(n,) of a sentence being about each word: the commonest 5 times the rarest."""
    rank = np.argsort(np.argsort([word.place for word in world], kind="stable"))
    chances = 1 / (rank + len(world) / 4)
    normalised: NDArray[np.float64] = chances / chances.sum()
    return normalised


def _corpus(table: NDArray[np.int32], names: tuple[str, ...], seed: int) -> Corpus:
    here = table != NONE
    counts = np.bincount(table[here], minlength=len(names))
    order = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
    number = np.full(len(names), NONE, dtype=np.int32)
    number[order] = np.arange(len(order), dtype=np.int32)
    ids = number[table[here]]
    return Corpus(
        name=f"toy corpus (seed {seed})",
        words=tuple([names[at] for at in order.tolist()]),
        counts=counts[order],
        ids=ids,
        offsets=np.concatenate([[0], np.cumsum(here.sum(axis=1))]).astype(np.int64),
        settings=CorpusSettings(min_count=1),
        read_words=len(ids),
    )


def _questions(random: np.random.Generator) -> QuestionList:
    questions: list[Question] = []
    for relation in small_world().truth.relations:
        analogies = list(relation.analogies())
        some = random.permutation(len(analogies))[:QUESTIONS_A_GROUP]
        for at in np.sort(some).tolist():
            a, b, c, d = analogies[at]
            questions.append(Question(a, b, c, d, relation.name))
    return QuestionList("analogies of the toy corpus", tuple(questions))


def _pairs(random: np.random.Generator, world: tuple[Word, ...]) -> PairList:
    """A third of one root, a third of one kind, a third any: each with `likeness` as score."""
    alike: dict[str, list[tuple[Word, Word]]] = {"root": [], "kind": [], "any": []}
    for a, b in combinations(world, 2):
        group = "root" if a.root == b.root else "kind" if a.kind == b.kind else "any"
        alike[group].append((a, b))
    pairs = []
    for some in alike.values():
        for at in np.sort(random.permutation(len(some))[: PAIRS // 3]).tolist():
            a, b = some[at]
            pairs.append(ScoredPair(a.name, b.name, likeness(a, b)))
    return PairList("word pairs of the toy corpus", tuple(pairs))


def likeness(a: Word, b: Word) -> float:
    """0 to 10: what is true of both, as a share of what is true of either; the root counts twice.

    king and queen: root 2, kind 1, number 1 of these and two genders: 4 / 6 -> 6.7.
    """
    first, second = _truths(a), _truths(b)
    shared = sum(first[truth] for truth in first.keys() & second.keys())
    either = sum({**first, **second}.values())
    return round(10 * shared / either, 1)


def _truths(word: Word) -> dict[tuple[str, str], int]:
    kind = "place" if word.kind in PLACE_WORDS else word.kind
    told = {(name, value): 1 for name, value in word.told.items() if name != "country"}
    own = {("kind", word.kind): 1} if kind == "place" else {}
    return {("root", word.root): 2, ("group", kind): 1, **own, **told}
