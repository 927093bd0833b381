"""What completes an analogy? a is to b as c is to …, or any sum of items.

With all vectors at length 1 and `b - a + c` written as plus items P and minus items M:

3CosAdd        cos(x, sum_P w p - sum_M w m)                          Mikolov, Yih & Zweig 2013
3CosMul        prod_P ((1 + cos(x, p)) / 2)^w / (prod_M ((1 + cos(x, m)) / 2)^w + 1e-6)
                                                                      Levy & Goldberg 2014
PairDirection  cos(x - c, b - a), for b - a + c alone                 Mikolov, Yih & Zweig 2013

Usually the items asked with are not allowed as answers. Often one of them would have been the
answer: `king - man + woman` is nearest to king itself in many spaces. So both ranks of every answer
are told, with the inputs kept and with them dropped (Nissim, van Noord & van der Goot, Fair is
better than sensational: man is to doctor as woman is to doctor, Computational Linguistics 46, 2020;
Linzen, Issues in evaluating semantic spaces using word analogies, 2016).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.analogies.expression import Term
from explorer.blocks import row_blocks
from explorer.errors import ExplorerError
from explorer.space import EmbeddingSpace, FloatArray, IntArray

Float64Array = NDArray[np.float64]

EPSILON = 1e-6  # as in gensim; Levy & Goldberg write 0.001
BLOCK_BYTES = 1 << 21


@dataclass(frozen=True)
class Method:
    """A way to score candidates: the name on screen, and its formula in LaTeX."""

    name: str
    formula: str
    description: str


METHODS = {
    method.name: method
    for method in (
        Method(
            "3CosAdd",
            r"\arg\max_x \cos(x,\; b - a + c)",
            "The item nearest to the point b - a + c, all vectors at length 1.",
        ),
        Method(
            "3CosMul",
            r"\arg\max_x \frac{\cos'(x, b)\,\cos'(x, c)}{\cos'(x, a) + \varepsilon},"
            r"\quad \cos' = \tfrac{1 + \cos}{2}",
            "Multiplies the likenesses instead of adding them, so that none can outvote the rest.",
        ),
        Method(
            "PairDirection",
            r"\arg\max_x \cos(x - c,\; b - a)",
            "Looks only at the direction from c to the answer, not at how far away it is.",
        ),
    )
}


@dataclass(frozen=True, eq=False)
class Answer:
    """The best k answers to an expression.

    terms : what was asked
    inputs : the rows of its items, those that the space holds
    composed : its items that the space does not hold, whose vectors its composer made
    rows : (k,) best first, ties by row number; without the inputs where they were dropped
    scores : (k,) float64 in the method's own unit, larger is better
    ranks_kept, ranks_dropped : (k,) the place of each from 1 when the inputs count and when they do
        not; an input has no rank (0) when inputs are dropped
    all_scores : (n,) float64 of every item
    """

    terms: tuple[Term, ...]
    inputs: IntArray
    composed: tuple[str, ...]
    rows: IntArray
    scores: Float64Array
    ranks_kept: IntArray
    ranks_dropped: IntArray
    all_scores: Float64Array

    def ranks_of(self, row: int) -> tuple[int, int]:
        """An item's rank with the inputs kept, and with them dropped (0 for an input)."""
        before = _before(self.all_scores, row)
        kept = int(before.sum())
        if row in self.inputs:
            return kept + 1, 0
        return kept + 1, kept - int(before[self.inputs].sum()) + 1


def solve(
    space: EmbeddingSpace,
    terms: Sequence[Term],
    k: int = 10,
    *,
    method: str = "3CosAdd",
    keep_inputs: bool = False,
) -> Answer:
    """The k items that answer an expression best.

    terms : from `parse`, such as king - man + woman
    k : at least 1; fewer are given where fewer items are left
    method : a name of METHODS
    keep_inputs : whether the items of the expression may be answers

    An item that the space does not hold is composed where the space has a composer (subwords).
    Raises UnknownItemError where there is none, ExplorerError for an unknown
    method and for a shape of expression that the method has no meaning for. O(n d) for each item of
    the expression; float64, so that the same answer comes on any machine up to ties in the 15th
    digit.
    """
    if method not in METHODS:
        raise ExplorerError(f"method must be one of {', '.join(METHODS)}; got {method!r}.")
    terms = tuple(term for term in terms if term.weight != 0)
    if not terms:
        raise ExplorerError("Nothing is left of the expression: every item cancels out.")
    if k < 1:
        raise ExplorerError(f"k must be at least 1; got {k}.")
    points = input_points(space, terms)
    known = [space.items.get(term.item) for term in terms]
    inputs = np.array([row for row in known if row is not None], dtype=np.int64)
    composed = tuple(term.item for term, row in zip(terms, known, strict=True) if row is None)
    scores = _SCORES[method](space, points, np.array([term.weight for term in terms]))
    count = min(k + len(inputs), len(space))
    top = np.argpartition(-scores, count - 1)[:count]
    reached = np.flatnonzero(scores >= scores[top].min())
    order = reached[np.lexsort((reached, -scores[reached]))]
    is_input = np.isin(order, inputs)
    dropped = np.where(is_input, 0, np.cumsum(~is_input))
    shown = np.flatnonzero(np.ones_like(is_input) if keep_inputs else ~is_input)[:k]
    rows = order[shown]
    return Answer(terms, inputs, composed, rows, scores[rows], shown + 1, dropped[shown], scores)


def target_vector(space: EmbeddingSpace, terms: Sequence[Term]) -> Float64Array:
    """(d,) the point that the expression names: the weighted sum of its items at length 1."""
    weights: Float64Array = np.array([term.weight for term in terms])
    point: Float64Array = weights @ input_points(space, terms)
    return point


def input_points(space: EmbeddingSpace, terms: Sequence[Term]) -> Float64Array:
    """(m, d) the items of an expression at length 1, composed where the space holds them not."""
    points = np.empty((len(terms), space.dimensions))
    for place, term in enumerate(terms):
        if space.composer is not None and term.item not in space.items:
            points[place] = space.composer.compose(term.item)
        else:
            points[place] = space.vector(term.item)
    return unit_rows(points)


def unit_rows(vectors: FloatArray | Float64Array) -> Float64Array:
    """(m, d) rows at length 1 in float64; a zero row stays zero."""
    rows = np.asarray(vectors, dtype=np.float64)
    scale = np.abs(rows).max(axis=1, keepdims=True)
    rows = rows / np.where(scale > 0, scale, 1)
    lengths = np.sqrt(np.vecdot(rows, rows))[:, None]
    unit: Float64Array = rows / np.where(lengths > 0, lengths, 1)
    return unit


def _cosines(space: EmbeddingSpace, points: Float64Array) -> Float64Array:
    """(n, p) cosines of every item and (p, d) points."""
    cosines = np.empty((len(space), len(points)))
    units = unit_rows(points)
    for rows in row_blocks(len(space), space.dimensions, block_bytes=BLOCK_BYTES):
        block = unit_rows(space.vectors[rows])
        for place, point in enumerate(units):
            cosines[rows, place] = np.vecdot(block, point)
    return cosines


def _by_sum(space: EmbeddingSpace, points: Float64Array, weights: Float64Array) -> Float64Array:
    return _cosines(space, (weights @ points)[None])[:, 0]


def _by_product(space: EmbeddingSpace, points: Float64Array, weights: Float64Array) -> Float64Array:
    likeness = (1 + np.clip(_cosines(space, points), -1, 1)) / 2
    plus, minus = weights > 0, weights < 0
    with np.errstate(over="ignore"):
        above = np.prod(likeness[:, plus] ** weights[plus], axis=1)
        below = np.prod(likeness[:, minus] ** -weights[minus], axis=1)
    scores: Float64Array = above / (below + EPSILON)
    return scores


def _by_direction(
    space: EmbeddingSpace, points: Float64Array, weights: Float64Array
) -> Float64Array:
    plus, minus = np.flatnonzero(weights == 1), np.flatnonzero(weights == -1)
    if (len(plus), len(minus), len(weights)) != (2, 1, 3):
        raise ExplorerError(
            "PairDirection answers b - a + c alone: two items added, one taken away, no factors, "
            "such as king - man + woman (man is to king as woman is to …)."
        )
    b, c, a = points[[plus[0], plus[1], minus[0]]]
    direction = unit_rows((b - a)[None])[0]
    scores = np.empty(len(space))
    for rows in row_blocks(len(space), space.dimensions, block_bytes=BLOCK_BYTES):
        moved = unit_rows(space.vectors[rows]) - c
        lengths = np.sqrt(np.vecdot(moved, moved))
        near = lengths > 1e-7  # c itself has no direction from c: score 0
        scores[rows] = np.where(near, np.vecdot(moved, direction) / np.where(near, lengths, 1), 0.0)
    return scores


_SCORES: dict[str, Callable[[EmbeddingSpace, Float64Array, Float64Array], Float64Array]] = {
    "3CosAdd": _by_sum,
    "3CosMul": _by_product,
    "PairDirection": _by_direction,
}


def _before(scores: Float64Array, row: int) -> NDArray[np.bool_]:
    """(n,) True for the items that stand before one item: better, or equal with a lower row."""
    before: NDArray[np.bool_] = scores > scores[row]
    before[:row] |= scores[:row] == scores[row]
    return before
