"""Groups of words to colour a first map by: k-means in the space, named by their middle words.

Used when data/english.npz is made, not when it is opened: it needs scikit-learn.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from explorer.space import FloatArray

TOPICS = 18
NAMED_BY = slice(60, 3_000)  # ranks of the words that may name a topic: neither rare nor empty
STEM = 5  # letters by which the second word of a name must differ from the first


def word_topics(
    words: Sequence[str], vectors: FloatArray, *, topics: int = TOPICS, seed: int = 1
) -> tuple[list[str], NDArray[np.uint8]]:
    """The topics' names, "troops, army", and each word's topic by number.

    words : most frequent first; vectors : (n, d). k-means of the vectors at length 1; a topic is
    named by the two frequent members nearest to its middle, half a random word's share taken off,
    so that words near to everything name nothing.
    """
    from sklearn.cluster import KMeans

    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    found = KMeans(topics, n_init=3, random_state=seed).fit(unit)
    middles = found.cluster_centers_
    middles = middles / np.linalg.norm(middles, axis=1, keepdims=True)
    codes = found.labels_.astype(np.uint8)
    near = unit[NAMED_BY] @ middles.T - 0.5 * (unit[NAMED_BY] @ unit.mean(axis=0))[:, None]
    names = []
    for topic in range(topics):
        members = np.flatnonzero(codes[NAMED_BY] == topic)
        ordered = members[np.argsort(-near[members, topic])] + NAMED_BY.start
        first = words[ordered[0]]
        others = (words[row] for row in ordered[1:] if words[row][:STEM] != first[:STEM])
        names.append(f"{first}, {next(others, '')}".rstrip(", "))
    return names, codes
