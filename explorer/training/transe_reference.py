"""TransE's step in plain NumPy: the one to read, and what runs where Numba is not installed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.space import FloatArray
from explorer.training.triples import TripleArray

SHORTEST = np.float32(1e-12)


def transe_steps(
    entities: FloatArray,
    relations: FloatArray,
    triples: TripleArray,
    negatives: TripleArray,
    rates: FloatArray,
    margin: np.float32,
    absolute: bool,
) -> float:
    """A step for every made-up fact of every triple, one after another, in place.

    entities : (n, d) rows of length 1, and so again after each step; relations : (r, d)
    negatives : (m, 2, k) other tails, and other heads; negative numbers are passed over
    absolute : L1 distances; else L2

    The summed loss, each triple's being the mean over its made-up facts.
    """
    loss = 0.0
    for (h, r, t), sides, rate in zip(triples, negatives, rates, strict=True):
        for side, others in enumerate(sides):
            for other in others[others >= 0]:
                false_h, false_t = (h, other) if side == 0 else (other, t)
                true = entities[h] + relations[r] - entities[t]
                false = entities[false_h] + relations[r] - entities[false_t]
                violation = margin + _length(true, absolute) - _length(false, absolute)
                if violation <= 0:
                    continue
                loss += float(violation) / sides.size
                down = rate * _slope(true, absolute)
                up = rate * _slope(false, absolute)
                entities[h] -= down
                entities[t] += down
                entities[false_h] += up
                entities[false_t] -= up
                relations[r] += up - down
                for row in (h, t, other):
                    entities[row] /= max(np.linalg.norm(entities[row]), SHORTEST)
    return loss


def distances(queries: FloatArray, entities: FloatArray, absolute: bool) -> NDArray[np.float32]:
    """(b, d), (n, d) -> (b, n) L1 or L2 distances, from the differences."""
    found = np.empty((len(queries), len(entities)), dtype=np.float32)
    for row, query in enumerate(queries):
        found[row] = _length(entities - query, absolute)
    return found


def _length(x: NDArray[Any], absolute: bool) -> Any:
    return np.abs(x).sum(axis=-1) if absolute else np.sqrt((x * x).sum(axis=-1))


def _slope(x: NDArray[Any], absolute: bool) -> NDArray[Any]:
    """How the length grows with each number of x."""
    slope: NDArray[Any] = np.sign(x) if absolute else x / max(_length(x, False), SHORTEST)
    return slope
