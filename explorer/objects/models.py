"""Models that hold a vector for each word or token."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.formats.raw import RawVectors


def from_keyed_vectors(keyed: Any) -> RawVectors:
    """gensim's KeyedVectors: words, vectors, and what it knows of each word (its count)."""
    names = [str(word) for word in keyed.index_to_key]
    attributes = {
        str(name): np.asarray(column)[: len(names)]
        for name, column in getattr(keyed, "expandos", {}).items()
        if np.asarray(column).dtype.kind in "iufb" and name != "sample_int"
    }  # sample_int is how often a trainer draws the word: no fact about it
    return RawVectors(np.asarray(keyed.vectors), "gensim", names, metadata=attributes)


def is_static_model(thing: Any) -> bool:
    """model2vec's StaticModel: a table of tokens, each with a vector."""
    return hasattr(thing, "embedding") and hasattr(thing, "tokens") and hasattr(thing, "tokenizer")


def from_static_model(model: Any) -> RawVectors:
    """model2vec's tokens with their vectors, weighted as the model weights them in a text."""
    tokens = [str(token) for token in model.tokens]
    vectors = np.asarray(model.embedding)
    if model.token_mapping is not None:  # several tokens share a vector
        vectors = vectors[np.asarray(model.token_mapping)]
    if model.weights is not None:
        vectors = vectors * np.asarray(model.weights)[:, None]
    return RawVectors(vectors, "model2vec", tokens)
