"""What principal components hold: the spectrum, how many are needed, and who lies at their ends.

The scree plot draws the variance along each component; `cumulative` sums them up as a share of the
whole. Its baseline is the spectrum of the same numbers with each column shuffled by itself, in
which no two dimensions have anything in common (parallel analysis; Horn, Psychometrika 30, 1965).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.projection.pca import PCA, OnProgress, principal_axes
from explorer.space import IntArray

Float64Array = NDArray[np.float64]

MOST_SHUFFLED = 20_000  # vectors that stand for more


class Spectrum(NamedTuple):
    """The variances along the principal components, the largest first.

    variances : (c,) in the squared unit of the vectors, with n - 1 in the denominator
    total : the variance summed over all d dimensions; more than theirs where c were asked for
    """

    variances: Float64Array
    total: float

    @property
    def explained(self) -> Float64Array:
        """(c,) the share of the total variance along each, 0 to 1; 0 where there is no variance."""
        return self.variances / self.total if self.total > 0 else self.variances

    @property
    def cumulative(self) -> Float64Array:
        """(c,) the share that the first 1, 2, … c components hold together."""
        summed: Float64Array = np.minimum(np.cumsum(self.explained), 1.0)
        return summed

    def components_for(self, share: float = 0.9) -> int | None:
        """How many components hold this share of the variance; None where more than c are needed.

        Spectrum([6, 3, 1], 10): 2 for 0.9.
        """
        if not 0 < share <= 1:
            raise ExplorerError(f"share must be above 0 and at most 1; got {share:g}.")
        enough = np.flatnonzero(self.cumulative >= share - 1e-9)
        return int(enough[0]) + 1 if len(enough) else None


class Ends(NamedTuple):
    """The items at both ends of a component.

    low, high : row numbers, the outermost first
    low_coordinates, high_coordinates : where they lie along it, from the mean
    """

    low: IntArray
    low_coordinates: Float64Array
    high: IntArray
    high_coordinates: Float64Array


class Loadings(NamedTuple):
    """The dimensions of the space that weigh most in a component, the heaviest first.

    dimensions : (m,) their numbers, from 0
    weights : (m,) entries of the unit axis, -1 to 1
    """

    dimensions: IntArray
    weights: Float64Array


def pca_spectrum(
    vectors: NDArray[Any], components: int | None = None, *, on_progress: OnProgress | None = None
) -> Spectrum:
    """The spectrum of (n, d) vectors: of all components, or of the first few.

    components : from 1 to the smaller of n and d; all of these unless given
    Cost: as `pca` without projecting, and O(m^3) for all components of m = min(n, d).
    """
    components = min(np.shape(vectors)) if components is None else components
    found = principal_axes(vectors, components, on_progress=on_progress)
    return Spectrum(found.variances, found.total_variance)


def shuffled_spectrum(
    vectors: NDArray[Any], components: int | None = None, *, seed: int = 0
) -> Spectrum:
    """The spectrum with each column shuffled by itself; of 20,000 vectors where there are more."""
    random = np.random.default_rng(seed)
    n = len(vectors)
    if n > MOST_SHUFFLED:
        vectors = vectors[np.sort(random.choice(n, MOST_SHUFFLED, replace=False))]
    return pca_spectrum(random.permuted(vectors, axis=0), components)


def component_ends(found: PCA, component: int = 0, count: int = 10) -> Ends:
    """The items that lie farthest out along a component (from 0), on either side of the mean."""
    along = _component(found, component)
    order = np.argsort(along, kind="stable")
    low, high = order[:count], order[::-1][:count]
    return Ends(low, along[low], high, along[high])


def largest_loadings(found: PCA, component: int = 0, count: int = 10) -> Loadings:
    """The dimensions with the largest weights, of either sign, in a component (from 0)."""
    _component(found, component)
    axis = found.axes[component]
    heaviest = np.argsort(-np.abs(axis), kind="stable")[:count]
    return Loadings(heaviest, axis[heaviest])


def _component(found: PCA, component: int) -> Float64Array:
    components = found.coordinates.shape[1]
    if not 0 <= component < components:
        raise ExplorerError(f"component must be from 0 to {components - 1:,}; got {component:,}.")
    along: Float64Array = found.coordinates[:, component].astype(np.float64)
    return along
