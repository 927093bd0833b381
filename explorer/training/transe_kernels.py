"""TransE's step in Numba; `transe_reference` says what it does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.kernel_cache import njit
from explorer.space import FloatArray
from explorer.training.triples import TripleArray

ANY_ORDER = {"reassoc", "contract"}  # of sums, so that they fill the vector units; NaN stays NaN
SHORTEST = np.float32(1e-12)


@njit(cache=True, nogil=True, fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def transe_steps(
    entities: FloatArray,
    relations: FloatArray,
    triples: TripleArray,
    negatives: TripleArray,
    rates: FloatArray,
    margin: np.float32,
    absolute: bool,
) -> float:
    loss = 0.0
    d = entities.shape[1]
    for s in range(triples.shape[0]):
        h, r, t, rate = triples[s, 0], triples[s, 1], triples[s, 2], rates[s]
        for side in range(2):
            for j in range(negatives.shape[2]):
                other = negatives[s, side, j]
                if other < 0:
                    continue
                false_h = h if side == 0 else other
                false_t = other if side == 0 else t
                true, false = np.float32(0), np.float32(0)
                if absolute:
                    for c in range(d):
                        true += abs(entities[h, c] + relations[r, c] - entities[t, c])
                        false += abs(entities[false_h, c] + relations[r, c] - entities[false_t, c])
                else:
                    for c in range(d):
                        x = entities[h, c] + relations[r, c] - entities[t, c]
                        y = entities[false_h, c] + relations[r, c] - entities[false_t, c]
                        true += x * x
                        false += y * y
                    true, false = np.sqrt(true), np.sqrt(false)
                violation = margin + true - false
                if violation <= 0:
                    continue
                loss += violation / (2 * negatives.shape[2])
                shorter, longer = rate / max(true, SHORTEST), rate / max(false, SHORTEST)
                for c in range(d):
                    x = entities[h, c] + relations[r, c] - entities[t, c]
                    y = entities[false_h, c] + relations[r, c] - entities[false_t, c]
                    if absolute:
                        down, up = rate * np.sign(x), rate * np.sign(y)
                    else:
                        down, up = shorter * x, longer * y
                    entities[h, c] -= down
                    entities[t, c] += down
                    entities[false_h, c] += up
                    entities[false_t, c] -= up
                    relations[r, c] += up - down
                _to_unit_length(entities, h)
                _to_unit_length(entities, t)
                _to_unit_length(entities, other)
    return loss


@njit(cache=True, nogil=True, fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def _to_unit_length(rows: FloatArray, row: int) -> None:
    total = np.float32(0)
    for c in range(rows.shape[1]):
        total += rows[row, c] * rows[row, c]
    scale = np.float32(1) / max(np.sqrt(total), SHORTEST)
    for c in range(rows.shape[1]):
        rows[row, c] *= scale


@njit(cache=True, nogil=True, fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def distances(queries: FloatArray, entities: FloatArray, absolute: bool) -> NDArray[np.float32]:
    found = np.empty((queries.shape[0], entities.shape[0]), dtype=np.float32)
    for q in range(queries.shape[0]):
        for e in range(entities.shape[0]):
            total = np.float32(0)
            if absolute:
                for c in range(queries.shape[1]):
                    total += abs(entities[e, c] - queries[q, c])
            else:
                for c in range(queries.shape[1]):
                    x = entities[e, c] - queries[q, c]
                    total += x * x
                total = np.sqrt(total)
            found[q, e] = total
    return found
