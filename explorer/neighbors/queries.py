"""Queries made ready, and the lengths of vectors with all their digits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.metrics import Metric
from explorer.neighbors.best import IntArray
from explorer.neighbors.formula import Float64Array

SMALL, LARGE = 2.0**-40, 2.0**40  # norms whose products float32 holds without under- or overflow
TINY, HUGE = 1e-60, 1e60  # the same for float64


class Queries(NamedTuple):
    """Queries made ready for many blocks.

    exact : (q, d) float64, as they were given
    scaled : (q, d) float64; for dot and cosine, where float32 could not hold products with them,
        times a power of two that brings the norm near 1, which changes no ranking and loses no
        digit; for Euclidean less the centre
    norms : (q,) of `scaled`
    centre : (d,) float32 that is taken from the vectors too, or None for none
    """

    exact: Float64Array
    scaled: Float64Array
    norms: Float64Array
    centre: NDArray[np.float32] | None = None

    def part(self, queries: slice | IntArray) -> Queries:
        return Queries(self.exact[queries], self.scaled[queries], self.norms[queries], self.centre)


def prepare_queries(
    queries: NDArray[Any], metric: Metric, centre: NDArray[np.float32] | None = None
) -> Queries:
    """Check and scale (q, d) queries; ExplorerError when one is not finite or beyond 1e60."""
    exact = queries.astype(np.float64)
    norms = vector_norms(exact)
    if centre is None and all(SMALL < norm < LARGE for norm in norms.tolist()):
        return Queries(exact, exact, norms)
    check_norms(norms, "Query", range(len(norms)))
    scaled = exact
    if metric.name == "euclidean":
        if centre is not None:
            scaled = exact - centre
            norms = vector_norms(scaled)
        return Queries(exact, scaled, norms, centre)
    _, exponents = np.frexp(norms)
    scaled = np.ldexp(exact, -exponents[:, None])
    return Queries(exact, scaled, np.ldexp(norms, -exponents))


def vector_norms(rows: Float64Array) -> Float64Array:
    """(m, d) -> (m,) norms in float64."""
    with np.errstate(over="ignore", invalid="ignore"):
        norms: Float64Array = np.sqrt(np.vecdot(rows, rows))
    return norms


def block_norms(block: NDArray[Any], numbers: Sequence[int] | IntArray) -> NDArray[Any]:
    """(b, d) -> (b,) norms good to the last float32 digits, whatever their size.

    Squares are summed in float32; rows whose norm comes out near the ends of its range are done
    again in float64. `numbers` are the rows' numbers, for the message when one is not finite.
    """
    narrow = block.astype(np.float32, copy=False)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        norms = np.sqrt(np.vecdot(narrow, narrow))
    return careful_norms(norms, block, numbers)


def careful_norms(
    norms: NDArray[Any], block: NDArray[Any], numbers: Sequence[int] | IntArray
) -> NDArray[Any]:
    """The same norms, those near the ends of float32's range measured again in float64."""
    if len(norms) and not (norms.min() > SMALL and norms.max() < LARGE):  # NaN fails this too
        odd = np.flatnonzero(~((norms > SMALL) & (norms < LARGE)))
        norms = norms.astype(np.float64)
        norms[odd] = vector_norms(block[odd].astype(np.float64))
        check_norms(norms, "Row", numbers)
    return norms


def check_norms(norms: NDArray[Any], what: str, numbers: Sequence[int] | IntArray) -> None:
    """ExplorerError when a norm is neither 0 nor within the range that float64 can compare."""
    if len(norms) == 0 or (norms.min() > TINY and norms.max() < HUGE):  # NaN fails this too
        return
    bad = np.flatnonzero(~((norms == 0) | ((norms > TINY) & (norms < HUGE))))
    if len(bad):
        raise ExplorerError(
            f"{what} {numbers[bad[0]]:,} has length {norms[bad[0]]:.3g}; lengths must be 0 or "
            f"from {TINY:g} to {HUGE:g} to be compared."
        )
