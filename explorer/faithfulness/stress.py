"""Stress: how far the distances on a map are from those in the space, over pairs of items.

With d_p the distance of pair p in the space and e_p on the map:

normalised   sqrt( sum (d_p - e_p)^2 / sum d_p^2 )
             0 is perfect; it changes with the unit of the map, which means nothing for most maps
scale-free   the smallest of it over all maps stretched by one factor b,
             sqrt( 1 - (sum d_p e_p)^2 / (sum d_p^2 sum e_p^2) ),   from 0 to 1:
             Kruskal's stress 1 with disparities proportional to the distances
monotone     Kruskal's stress 1: sqrt( sum (e_p - f(d_p))^2 / sum e_p^2 ), f the rising curve that
             comes nearest to the cloud of the Shepard diagram; only the order of the d_p matters

Kruskal, Multidimensional scaling by optimizing goodness of fit to a nonmetric hypothesis,
Psychometrika 29, 1964; Smelser, Miller & Kobourov, "Normalized stress" is not normalized, 2024, on
why the first is no way to compare maps.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.faithfulness.shepard import Shepard

Float64Array = NDArray[np.float64]


class RisingCurve(NamedTuple):
    """The nearest rising curve through a Shepard diagram, its points sorted.

    in_space, on_map : (m,) for each pair the distance in the space and the curve's height there
    """

    in_space: Float64Array
    on_map: Float64Array


def normalised_stress(found: Shepard, scale: float = 1.0) -> float:
    """sqrt(sum (d - scale e)^2 / sum d^2), 0 or above; NaN where the metric has no distances.

    The dot product is one that has none: minus a product may be negative.
    """
    d, e = found.in_space, scale * found.on_map
    if not _are_distances(d):
        return float("nan")
    return float(np.sqrt(np.square(d - e).sum() / np.square(d).sum()))


def best_scale(found: Shepard) -> float:
    """The factor on the map with the least stress, sum d e / sum e^2; 0 for a map of one point."""
    d, e = found.in_space, found.on_map
    square = float(e @ e)
    return float(d @ e) / square if square > 0 else 0.0


def scale_free_stress(found: Shepard) -> float:
    """`normalised_stress` at the best scale, 0 to 1; NaN where the metric has no distances."""
    return normalised_stress(found, best_scale(found))


def monotone_stress(found: Shepard) -> float:
    """Kruskal's stress 1 against `rising_curve`, 0 to 1; NaN for a map of one point."""
    e = found.on_map[_rising(found)]
    square = float(e @ e)
    if square == 0:
        return float("nan")
    return float(np.sqrt(np.square(e - rising_curve(found).on_map).sum() / square))


def rising_curve(found: Shepard) -> RisingCurve:
    """The monotone regression of the distances on the map over those in the space.

    Pairs as far apart in the space may differ on the map (Kruskal's primary approach to ties).
    """
    from scipy.optimize import isotonic_regression

    order = _rising(found)
    return RisingCurve(found.in_space[order], isotonic_regression(found.on_map[order]).x)


def _rising(found: Shepard) -> NDArray[np.int64]:
    return np.lexsort((found.on_map, found.in_space))


def _are_distances(d: Float64Array) -> bool:
    return bool(d.min(initial=0) >= 0 and d.max(initial=0) > 0)
