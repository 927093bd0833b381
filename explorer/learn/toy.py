"""The text that lessons on training share, and what is learned from it: the same for all."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

from explorer.space import EmbeddingSpace
from explorer.training.corpus import Corpus
from explorer.training.sgns import SgnsSettings, SgnsTrainer
from explorer.training.toy_corpus import toy_corpus

WORDS = 60_000
DIMENSIONS, EPOCHS, WINDOW = 20, 5, 4
ABOUT = "toy corpus of 60,000 words (seed 1), made here from a grammar whose truth is known"


@cache
def text() -> Corpus:
    """Some 60,000 words in sentences like "behind evening each bottle has repaired itself"."""
    return toy_corpus(WORDS).corpus


def sentence_with(word: str, *, longer_than: int = 6) -> tuple[str, ...]:
    """The first sentence with the word somewhere in its middle."""
    corpus = text()
    wanted = corpus.items.row(word)
    for first, last in pairwise(corpus.offsets.tolist()):
        ids = corpus.ids[first:last].tolist()
        if last - first > longer_than and wanted in ids[2:-2]:
            return tuple(corpus.items.take(ids))
    raise LookupError(word)


def trainer(dimensions: int = DIMENSIONS, epochs: int = EPOCHS) -> SgnsTrainer:
    """Skip-gram on the text, untrained."""
    settings = SgnsSettings(dimensions=dimensions, epochs=epochs, window=WINDOW)
    return SgnsTrainer(text(), settings)


@cache
def trained(dimensions: int = DIMENSIONS, epochs: int = EPOCHS) -> SgnsTrainer:
    """The same, trained to the end; not to be trained on."""
    one = trainer(dimensions, epochs)
    while not one.done:
        one.advance()
    return one


@cache
def space() -> EmbeddingSpace:
    """What skip-gram learned."""
    return trained().space()
