"""Which words negatives are, and which frequent words are passed over."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.space import FloatArray


def noise_distribution(counts: NDArray[Any], exponent: float = 0.75) -> NDArray[np.float64]:
    """(V,) the chance of each word to be a negative: count^exponent, summing to 1.

    counts : (V,) above 0, in any unit
    1 draws as the text does, 0 draws all words alike; 0.75 is word2vec's.
    """
    powers = counts.astype(np.float64) ** exponent
    distribution: NDArray[np.float64] = powers / powers.sum()
    return distribution


def alias_table(distribution: NDArray[np.float64]) -> tuple[FloatArray, NDArray[np.int32]]:
    """(share, other): draw i evenly, keep it with chance share[i], else take other[i].

    That draws i with its chance in `distribution` (Walker 1977; in Vose's order, 1991). What a
    word lacks of an even share is filled up by one word that has more than it.
    """
    n = len(distribution)
    left = distribution * n
    other = np.arange(n, dtype=np.int32)
    small = np.flatnonzero(left < 1).tolist()
    large = np.flatnonzero(left >= 1).tolist()
    rest = left.tolist()
    while small and large:
        poor, rich = small.pop(), large[-1]
        other[poor] = rich
        rest[rich] -= 1 - rest[poor]
        if rest[rich] < 1:
            small.append(large.pop())
    share = np.array(rest, dtype=np.float32)
    share[[*small, *large]] = 1  # what rounding left over
    return share, other


def keep_chance(counts: NDArray[Any], sample: float) -> FloatArray:
    """(V,) the chance of each word to stay in the text when frequent ones are thinned out.

    With f the word's share of the text: sqrt(sample / f) + sample / f, at most 1, as word2vec.c
    and gensim have it (the paper's formula is another). sample = 0 keeps everything.
    """
    if sample == 0:
        return np.ones(len(counts), dtype=np.float32)
    ratio = sample / (counts / counts.sum())
    chance: FloatArray = np.minimum(1.0, np.sqrt(ratio) + ratio).astype(np.float32)
    return chance
