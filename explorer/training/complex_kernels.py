"""ComplEx's step in Numba; `complex_reference` says what it does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.kernel_cache import njit
from explorer.space import FloatArray
from explorer.training.triples import TripleArray

ANY_ORDER = {"reassoc", "contract"}  # of sums, so that they fill the vector units; NaN stays NaN
SMALLEST = np.float32(1e-12)


@njit(cache=True, nogil=True, fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def complex_steps(
    entities: FloatArray,
    relations: FloatArray,
    entity_squares: FloatArray,
    relation_squares: FloatArray,
    triples: TripleArray,
    negatives: TripleArray,
    rates: FloatArray,
    regularization: np.float32,
) -> float:
    d = entities.shape[1]
    half = d // 2
    k = negatives.shape[2]
    query, d_query = np.empty(d, np.float32), np.empty(d, np.float32)
    d_head, d_relation, d_tail = (
        np.empty(d, np.float32),
        np.empty(d, np.float32),
        np.empty(d, np.float32),
    )
    blame = np.empty(k + 1, np.float32)
    loss = 0.0
    for s in range(triples.shape[0]):
        h, r, t, rate = triples[s, 0], triples[s, 1], triples[s, 2], rates[s]
        head, relation, tail = entities[h].copy(), relations[r].copy(), entities[t].copy()
        _cubes(head, regularization, d_head)
        _cubes(relation, regularization, d_relation)
        _cubes(tail, regularization, d_tail)
        for side in range(2):
            others = negatives[s, side]
            given, sign = (head, np.float32(1)) if side == 0 else (tail, np.float32(-1))
            for i in range(half):
                a, b = given[i], given[half + i]
                c, e = relation[i], sign * relation[half + i]
                query[i] = a * c - b * e
                query[half + i] = a * e + b * c
            loss += 0.5 * _softmax_loss(entities, query, t if side == 0 else h, others, blame)
            true = t if side == 0 else h
            for c in range(d):
                d_query[c] = blame[0] * entities[true, c]
            square = np.float32(0)
            for c in range(d):
                square += query[c] * query[c]
            square /= d
            for j in range(k):
                other, share = others[j], blame[j + 1]
                if other < 0:
                    continue
                for c in range(d):
                    d_query[c] += share * entities[other, c]
            for j in range(k):
                other, share = others[j], blame[j + 1]
                if other < 0:
                    continue
                entity_squares[other] += share * share * square
                step = rate / np.sqrt(entity_squares[other] + SMALLEST) * share
                for c in range(d):
                    entities[other, c] -= step * query[c]
            for i in range(half):
                x, y = d_query[i], d_query[half + i]
                c, e = relation[i], relation[half + i]
                if side == 0:
                    a, b = head[i], head[half + i]
                    d_tail[i] += blame[0] * query[i]
                    d_tail[half + i] += blame[0] * query[half + i]
                    d_head[i] += x * c + y * e
                    d_head[half + i] += y * c - x * e
                    d_relation[i] += x * a + y * b
                    d_relation[half + i] += y * a - x * b
                else:
                    a, b = tail[i], tail[half + i]
                    d_head[i] += blame[0] * query[i]
                    d_head[half + i] += blame[0] * query[half + i]
                    d_tail[i] += x * c - y * e
                    d_tail[half + i] += x * e + y * c
                    d_relation[i] += x * a + y * b
                    d_relation[half + i] += x * b - y * a
        _adagrad(entities, entity_squares, h, d_head, rate)
        _adagrad(entities, entity_squares, t, d_tail, rate)
        _adagrad(relations, relation_squares, r, d_relation, rate)
    return loss


@njit(cache=True, nogil=True, fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def _softmax_loss(
    entities: FloatArray, query: FloatArray, true: int, others: NDArray[np.int32], blame: FloatArray
) -> float:
    """The loss; `blame` is filled with dloss/dscore, the true one's first."""
    largest = np.float32(-np.inf)
    for j in range(len(blame)):
        row = true if j == 0 else others[j - 1]
        if row < 0:
            blame[j] = -np.inf
            continue
        score = np.float32(0)
        for c in range(len(query)):
            score += query[c] * entities[row, c]
        blame[j] = score
        largest = max(largest, score)
    total = np.float32(0)
    for j in range(len(blame)):
        blame[j] = np.exp(blame[j] - largest)
        total += blame[j]
    for j in range(len(blame)):
        blame[j] /= total
    likely = blame[0]
    blame[0] -= np.float32(1)
    return -np.log(max(likely, SMALLEST))  # type: ignore[no-any-return]


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _cubes(x: FloatArray, weight: np.float32, gradient: FloatArray) -> None:
    half = len(x) // 2
    for i in range(half):
        modulus = np.sqrt(x[i] * x[i] + x[half + i] * x[half + i])
        gradient[i] = weight * modulus * x[i]
        gradient[half + i] = weight * modulus * x[half + i]


@njit(cache=True, nogil=True, fastmath=ANY_ORDER)  # type: ignore[untyped-decorator]
def _adagrad(
    rows: FloatArray, squares: FloatArray, row: int, gradient: FloatArray, rate: np.float32
) -> None:
    square = np.float32(0)
    for c in range(len(gradient)):
        square += gradient[c] * gradient[c]
    squares[row] += square / np.float32(len(gradient))
    step = rate / np.sqrt(squares[row] + SMALLEST)
    for c in range(len(gradient)):
        rows[row, c] -= step * gradient[c]
