"""Real vectors for the benchmarks, from the shared data where that lies beside us.

Words that another program trained; words that ours trains on a text (some minutes); passages of
that text, each the mean of its words' vectors.
"""

from __future__ import annotations

import gzip
import lzma
from pathlib import Path

import numpy as np

from explorer.training.corpus import CorpusSettings, read_corpus
from explorer.training.sgns import SgnsSettings, SgnsTrainer

SHARED = Path(__file__).resolve().parents[2] / "shared/data"
GLOVE = SHARED / "vectors/glove.6B.100d.top20k.txt.gz"
TEXT = SHARED / "corpus/enwik8-clean.txt.xz"
MANY = 100_000


def are_there() -> bool:
    """Whether the shared data lies beside us."""
    return GLOVE.is_file() and TEXT.is_file()


def glove(most: int = 20_000) -> tuple[list[str], np.ndarray]:
    """The most frequent words of GloVe, and their vectors, (most, 100)."""
    with gzip.open(GLOVE, "rt", encoding="utf-8") as lines:
        rows = [line.rstrip().split(" ") for line, _ in zip(lines, range(most), strict=False)]
    return [row[0] for row in rows], np.array([row[1:] for row in rows], dtype=np.float32)


def trained_words(passes: int = 2) -> np.ndarray:
    """(100,000, 100) the most frequent words of the text, by skip-gram; most are rare."""
    corpus = read_corpus(TEXT, settings=CorpusSettings(min_count=1, max_size=MANY))
    trainer = SgnsTrainer(corpus, SgnsSettings(dimensions=100, epochs=passes, seed=1))
    while not trainer.done:
        trainer.advance()
    return trainer.vectors()


def passages() -> np.ndarray:
    """(100,000, 100) passages of equal length: of each the mean of its words, at length 1."""
    words, vectors = glove()
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = {word: row for row, word in enumerate(words)}
    with lzma.open(TEXT, "rt", encoding="utf-8") as lines:
        text = np.array([rows.get(word, -1) for word in lines.read().split()])
    text = text[: len(text) // MANY * MANY].reshape(MANY, -1)
    return np.stack([vectors[passage[passage >= 0]].mean(axis=0) for passage in text])
