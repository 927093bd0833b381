"""Arithmetic with items: expressions, analogies, odd ones out, midpoints, axes and prototypes."""

from explorer.analogies.analogy import METHODS, Answer, Method, solve
from explorer.analogies.axes import Directions, OnAxes, axis, on_axes, parallelism, poles
from explorer.analogies.expression import ExpressionError, Term, parse
from explorer.analogies.midpoint import between
from explorer.analogies.odd_one_out import odd_one_out
from explorer.analogies.pairs import parse_pairs
from explorer.analogies.prototypes import Classified, Diversity, classify, diversity

__all__ = [
    "METHODS",
    "Answer",
    "Classified",
    "Directions",
    "Diversity",
    "ExpressionError",
    "Method",
    "OnAxes",
    "Term",
    "axis",
    "between",
    "classify",
    "diversity",
    "odd_one_out",
    "on_axes",
    "parallelism",
    "parse",
    "parse_pairs",
    "poles",
    "solve",
]
