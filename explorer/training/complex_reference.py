"""ComplEx's step in plain NumPy: the one to read, and what runs where Numba is not installed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.space import FloatArray
from explorer.training.complex_vectors import Rows, conjugate, moduli, product
from explorer.training.triples import TripleArray

SMALLEST = np.float32(1e-12)


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
    """A step for each triple, one after another, in place; the summed loss.

    entities : (n, d), relations : (r, d), real parts first
    entity_squares : (n,), relation_squares : (r,) AdaGrad's sums of mean squared gradients
    negatives : (m, 2, k) other tails, and other heads; negative numbers are passed over

    The made-up tails move first, then the made-up heads, then the fact's own three rows. The loss
    is the mean over both sides, without the regularisation.
    """
    loss = 0.0
    for (h, r, t), sides, rate in zip(triples, negatives, rates, strict=True):
        head, relation, tail = entities[h].copy(), relations[r].copy(), entities[t].copy()
        d_head, d_relation, d_tail = (cubes(row, regularization) for row in (head, relation, tail))
        for side, others in enumerate(sides):
            others = others[others >= 0]
            query = product(head, relation) if side == 0 else product(tail, conjugate(relation))
            candidates = np.concatenate([[t if side == 0 else h], others])
            cost, blame, d_query = softmax_loss(query, entities[candidates])
            loss += cost / 2
            for other, share in zip(others, blame[1:], strict=True):
                adagrad(entities, entity_squares, other, share * query, rate)
            if side == 0:
                d_tail += blame[0] * query
                d_head += product(d_query, conjugate(relation))
                d_relation += product(d_query, conjugate(head))
            else:
                d_head += blame[0] * query
                d_tail += product(d_query, relation)
                d_relation += product(conjugate(d_query), tail)
        adagrad(entities, entity_squares, h, d_head, rate)
        adagrad(entities, entity_squares, t, d_tail, rate)
        adagrad(relations, relation_squares, r, d_relation, rate)
    return loss


def softmax_loss(query: Rows, candidates: Rows) -> tuple[float, Rows, Rows]:
    """(d,), (1 + k, d) with the true one first -> the loss, dloss/dscore, and dloss/dquery."""
    scores = candidates @ query
    likely = np.exp(scores - scores.max())
    likely /= likely.sum()
    blame = likely.copy()
    blame[0] -= 1
    return float(-np.log(np.maximum(likely[0], SMALLEST))), blame, blame @ candidates


def cubes(x: Rows, weight: Any) -> Rows:
    """The gradient of weight / 3 * sum |x_i|^3."""
    gradient: NDArray[Any] = weight * moduli(x) * x
    return gradient


def adagrad(rows: Rows, squares: Rows, row: int, gradient: Rows, rate: Any) -> None:
    """One step of one row, the shorter the more its gradients have summed up to (Duchi 2011)."""
    squares[row] += np.mean(gradient * gradient)
    rows[row] -= rate / np.sqrt(squares[row] + SMALLEST) * gradient
