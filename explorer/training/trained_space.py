"""How a trained space came about, and the space of a text's words."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from explorer.metadata import Metadata
from explorer.space import EmbeddingSpace, FloatArray, Provenance
from explorer.training.corpus import Corpus


def trained_provenance(title: str, source: str, data: str, settings: Any, done: str) -> Provenance:
    """What was trained on what, with which settings, how far and in what time.

    data : kind and digest of what was learned from: "text 1f0a…"
    settings : a dataclass with a seed
    done : "5 epochs, 2.1 s"
    """
    chosen = ", ".join(
        f"{name} {value}" for name, value in asdict(settings).items() if name != "seed"
    )
    return Provenance(
        source=source,
        format=f"trained here by {title}",
        steps=(data, f"{chosen}; {done}"),
        seed=settings.seed,
    )


def word_space(
    corpus: Corpus, title: str, vectors: FloatArray, settings: Any, done: str
) -> EmbeddingSpace:
    """The words of a text with their vectors, their frequency, and how they came."""
    return EmbeddingSpace(
        name=f"{corpus.name} {title}",
        items=corpus.items,
        vectors=vectors,
        provenance=trained_provenance(title, str(corpus), f"text {corpus.digest}", settings, done),
        metadata=Metadata({"frequency": corpus.counts}),
        trained_with="dot",
    )


def small_random(rows: int, dimensions: int, seed: int) -> FloatArray:
    """(rows, dimensions) small random numbers, ± 1 / (2 dimensions), as word2vec starts."""
    random = np.random.default_rng(seed)
    start = random.random((rows, dimensions), dtype=np.float32) - np.float32(0.5)
    return start / np.float32(dimensions)
