"""How many clusters? What each measure says for several k, beside points without clusters."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from explorer.clustering.baseline import uniform_reference
from explorer.clustering.kmeans import Clustering, k_means
from explorer.clustering.stability import agreement_of_all, over_bootstrap, over_seeds
from explorer.clustering.validity import (
    EXACT_ITEMS,
    calinski_harabasz,
    davies_bouldin,
    elbow,
    silhouettes,
    summarize,
)
from explorer.errors import ExplorerError
from explorer.space import FloatArray, IntArray

OnProgress = Callable[[float], None]

REFERENCES = 3  # uniform point sets, for the gap
SEEDS = 4  # runs compared, for stability
BOOTSTRAPS = 4
ROUNDS = 100  # of k-means, for one value of a curve
TOLERANCE = 1e-3
SILHOUETTE_SHARE = 0.15  # of the time


@dataclass(frozen=True)
class Measure:
    """One curve: its title, which k it favours, its range and what it means."""

    title: str
    favours: str
    meaning: str


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "inertia": Measure(
            "Elbow: inertia", "bend",
            "Sum of squared distances to the centre. It always falls; look for a bend.",
        ),
        "silhouette": Measure(
            "Silhouette", "largest",
            "How much nearer the own cluster is than the next, -1 to 1; 0 is no structure.",
        ),
        "calinski": Measure(
            "Calinski–Harabasz", "largest", "Scatter between clusters over scatter inside."
        ),
        "davies": Measure(
            "Davies–Bouldin", "smallest",
            "Width of a cluster and its most similar other over their distance.",
        ),
        "gap": Measure(
            "Gap", "first",
            "How far log inertia falls below that of uniform points; error bars: one s.",
        ),
        "seeds": Measure(
            "Stability over seeds", "largest",
            "Mean adjusted Rand index of two runs from other seeds; 1: the same again.",
        ),
        "bootstrap": Measure(
            "Stability over bootstrap", "largest",
            "The same for items drawn anew with replacement.",
        ),
    }
)  # fmt: skip


@dataclass(frozen=True)
class Curves:
    """The measures for each k so far; a list shorter than `ks` is not finished.

    ks : increasing
    measured, of : the curves are of so many items, drawn at random (seed 0) where `of` is more
    found : by measure, a value for each k
    baseline : the same for points spread uniformly over the same box
    gap_errors : s of each gap
    """

    ks: tuple[int, ...]
    measured: int
    of: int
    found: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    baseline: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    gap_errors: tuple[float, ...] = ()

    @property
    def finished(self) -> bool:
        return all(len(self.found.get(name, ())) == len(self.ks) for name in MEASURES)

    def favoured(self, measure: str) -> int | None:
        """The k that a measure speaks for; None where it says nothing (yet)."""
        values = self.found.get(measure, ())
        if len(values) < len(self.ks) or not any(map(math.isfinite, values)):
            return None
        how = MEASURES[measure].favours
        if how == "bend":
            return elbow(self.ks, values) if len(self.ks) > 2 else None
        if how == "first":
            return first_gap(self.ks, values, self.gap_errors)
        best = (np.nanargmax if how == "largest" else np.nanargmin)(values)
        return self.ks[int(best)]


def sampled_points(vectors: FloatArray, *, seed: int = 0) -> IntArray:
    """The rows that curves are measured on: all up to 10,000, else a sorted sample of so many."""
    n = len(vectors)
    if n <= EXACT_ITEMS:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, EXACT_ITEMS, replace=False))


def candidate_ks(n: int, most: int = 40) -> tuple[int, ...]:
    """The k that are tried: 2 to 10 one by one, then in steps of about an eighth, below n.

    >>> candidate_ks(1000, 20)
    (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20)
    """
    last = min(most, n - 1)
    ks: list[int] = []
    k = 2
    while k <= last:
        ks.append(k)
        k += max(1, round(k / 8)) if k < 10 else max(2, round(k / 8))
    return tuple(ks)


def measure_curves(
    vectors: ArrayLike,
    ks: Sequence[int],
    *,
    of: int | None = None,
    spherical: bool = False,
    seed: int = 0,
    on_progress: OnProgress | None = None,
) -> Iterator[Curves]:
    """The curves as they grow, a k at a time; silhouettes come last, for all k at once.

    vectors : (n, d) the items measured, at length 1 for spherical clusters
    of : how many items they are a sample of
    on_progress : called with the share done; what it raises stops the work
    """
    points = np.ascontiguousarray(vectors, dtype=np.float32)
    n = len(points)
    if len(ks) < 1 or min(ks) < 2 or max(ks) >= n:
        raise ExplorerError(f"k must be from 2 to {n - 1:,} for {n:,} items; got {list(ks)}.")
    report = on_progress or (lambda share: None)
    work = _Work(len(ks), report)
    cluster = _runs(spherical, work)
    references = [
        uniform_reference(points, seed=seed + draw, unit_length=spherical)
        for draw in range(REFERENCES)
    ]
    curves = Curves(tuple(ks), n, n if of is None else of)
    kept: list[tuple[Clustering, Clustering]] = []
    for k in ks:
        found = _measured(points, k, cluster, seed)
        base = _measured(references[0], k, cluster, seed)
        kept.append((found[1], base[1]))
        expected = [base[0]["inertia"]]
        expected += [summarize(one, cluster(k)(one, seed).labels).inertia for one in references[1:]]
        gap, error = gap_statistic(found[0]["inertia"], expected)
        curves = _longer(curves, {**found[0], "gap": gap}, {**base[0], "gap": 0.0}, error)
        yield curves
    widths = [
        silhouettes(one, [pair[place].labels for pair in kept], np.arange(n), work.widths(place))
        for place, one in enumerate((points, references[0]))
    ]
    found_widths, base_widths = (tuple(one.mean for one in side) for side in widths)
    report(1.0)
    yield replace(
        curves,
        found={**curves.found, "silhouette": found_widths},
        baseline={**curves.baseline, "silhouette": base_widths},
    )


def gap_statistic(inertia: float, expected: Sequence[float]) -> tuple[float, float]:
    """Gap(k) and its s: mean log inertia of the references, less that of the data.

    References
    ----------
    Tibshirani, Walther & Hastie, Estimating the number of clusters in a data set via the gap
    statistic (2001), equations 3 and 4 and step 3.
    """
    logs = np.log(np.maximum(np.asarray(expected, dtype=np.float64), np.finfo(float).tiny))
    gap = float(logs.mean() - math.log(max(inertia, np.finfo(float).tiny)))
    return gap, float(logs.std() * math.sqrt(1 + 1 / len(logs)))


def first_gap(ks: Sequence[int], gaps: Sequence[float], errors: Sequence[float]) -> int | None:
    """The smallest k whose gap is not below the next one less its s; None where it still rises."""
    for place in range(len(ks) - 1):
        if gaps[place] >= gaps[place + 1] - errors[place + 1]:
            return ks[place]
    return None


class _Work:
    """How far the work is, in runs of k-means; the silhouettes come after them."""

    def __init__(self, count: int, report: OnProgress) -> None:
        self._report = report
        self._runs = count * (2 * (SEEDS + BOOTSTRAPS) + REFERENCES - 1)
        self._done = 0

    def within(self, share: float) -> None:
        """A run is so far."""
        self._report((1 - SILHOUETTE_SHARE) * (self._done + share) / self._runs)

    def run_done(self) -> None:
        self._done += 1
        self.within(0.0)

    def widths(self, place: int) -> OnProgress:
        """How far the silhouettes are: of the items (0), then of the reference (1)."""
        return lambda share: self._report(1 - SILHOUETTE_SHARE * (1 - (place + share) / 2))


def _runs(spherical: bool, work: _Work) -> Callable[[int], Callable[[FloatArray, int], Clustering]]:
    """k -> (points, seed) -> k-means of a curve: fewer rounds than a clustering to look at."""

    def of_k(k: int) -> Callable[[FloatArray, int], Clustering]:
        def run(points: FloatArray, seed: int) -> Clustering:
            found = k_means(
                points, k, spherical=spherical, seed=seed, tolerance=TOLERANCE,
                max_iterations=ROUNDS, progress=work.within,
            )  # fmt: skip
            work.run_done()
            return found

        return run

    return of_k


def _measured(
    points: FloatArray,
    k: int,
    cluster: Callable[[int], Callable[[FloatArray, int], Clustering]],
    seed: int,
) -> tuple[dict[str, float], Clustering]:
    """All measures of one k but gap and silhouette, and the first clustering."""
    run = cluster(k)
    first = run(points, seed)
    others = over_seeds(points, run, range(seed + 1, seed + SEEDS))
    resampled = list(over_bootstrap(points, run, BOOTSTRAPS, seed=seed))
    shape = summarize(points, first.labels)
    values = {
        "inertia": shape.inertia,
        "calinski": calinski_harabasz(shape),
        "davies": davies_bouldin(shape),
        "seeds": float(np.mean(agreement_of_all([first.labels, *others]))),
        "bootstrap": float(np.mean(agreement_of_all(resampled))),
    }
    return values, first


def _longer(
    curves: Curves, found: Mapping[str, float], base: Mapping[str, float], error: float
) -> Curves:
    """The curves with the values of one k more."""
    return replace(
        curves,
        found={name: (*curves.found.get(name, ()), value) for name, value in found.items()},
        baseline={name: (*curves.baseline.get(name, ()), value) for name, value in base.items()},
        gap_errors=(*curves.gap_errors, error),
    )
