"""Which values of the metadata a cluster has more of than chance would give it.

If N items, K of them with a value, are dealt out at random, a cluster of m items gets x with the
value with the hypergeometric probability C(K, x) C(N - K, m - x) / C(N, m). The p-value is the
chance to get as many or more (Fisher's exact test, one-sided), times the number of tests made
(Bonferroni), because of hundreds of pairs of a cluster and a value some look odd by accident.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.clustering.agreement import confusion
from explorer.metadata import Metadata, categories
from explorer.space import IntArray

Float64Array = NDArray[np.float64]

MOST_VALUES = 1_000  # of a column; one with more tells single items apart, not groups
QUARTERS = ("lowest quarter", "second quarter", "third quarter", "highest quarter")


@dataclass(frozen=True)
class Enriched:
    """A value that a cluster has more of than chance would give it.

    count : items of the cluster with the value; expected : by chance; total : in all clusters
    p : corrected for all tests; 0 where it is below the smallest number a computer holds
    """

    column: str
    value: str
    count: int
    expected: float
    total: int
    p: float


class Table(NamedTuple):
    """Clusters against the values of all columns.

    by_cluster : for each label its enriched values, the smallest p first
    tests : how many pairs of a cluster and a value were tested
    """

    by_cluster: tuple[tuple[Enriched, ...], ...]
    tests: int


def enrichment(
    metadata: Metadata,
    labels: ArrayLike,
    *,
    columns: Iterable[str] | None = None,
    level: float = 0.01,
    most: int = 5,
) -> Table:
    """The values of categories and of quarters of numbers that clusters have too many of.

    labels : (n,) from 0; -1 (noise) belongs to no cluster, and is not counted
    columns : those that are looked at; all of them unless told
    level : the largest corrected p that is told
    most : values told of a cluster
    """
    codes = np.asarray(labels, dtype=np.int64)
    groups = int(codes.max(initial=-1)) + 1
    found: list[list[Enriched]] = [[] for _ in range(groups)]
    tests = 0
    for column in metadata if columns is None else columns:
        values, places = value_codes(metadata, column)
        if not 1 < len(values) <= MOST_VALUES:
            continue
        counts = confusion(codes, places)[:groups]
        tests += counts.size
        expected, p = over_represented(counts)
        for group, value in np.argwhere(p <= level).tolist():
            found[group].append(
                Enriched(
                    column, values[value], int(counts[group, value]),
                    float(expected[group, value]), int(counts[:, value].sum()),
                    float(p[group, value]),
                )
            )  # fmt: skip
    kept = []
    for lines in found:
        corrected = [replace(line, p=min(1.0, line.p * tests)) for line in lines]
        corrected.sort(key=lambda line: (line.p, -line.count / max(line.expected, 1e-9)))
        kept.append(tuple(line for line in corrected if line.p <= level)[:most])
    return Table(tuple(kept), tests)


def value_codes(metadata: Metadata, column: str) -> tuple[list[str], IntArray]:
    """The values of a column and each item's place among them; -1 where it has none.

    Numbers are cut into quarters of about as many items; text has no values.
    """
    kind, cells = metadata.kind(column), metadata[column]
    if kind == "text":
        return [], np.full(len(cells), -1, dtype=np.int64)
    if kind == "number":
        return _quarters(cells)
    values, codes, _ = categories(cells)
    if "" in values:
        empty = values.index("")
        codes = np.where(codes == empty, -1, codes - (codes > empty))
        values = [value for value in values if value]
    return values, codes


def over_represented(counts: IntArray) -> tuple[Float64Array, Float64Array]:
    """(a, b) counts -> expected counts, and the chance of as many or more in each cell alone.

    Rows and columns keep their sums. [[3, 0], [0, 3]]: expected 1.5, p = 1 / 20 for both 3s. Where
    a cell has no more than expected, p is put at 1.
    """
    sizes, totals = counts.sum(axis=1), counts.sum(axis=0)
    every = int(counts.sum())
    expected = sizes[:, None] * totals / max(1, every)
    rows, columns = np.nonzero(counts > expected)
    p = np.ones(counts.shape)
    p[rows, columns] = upper_tail(counts[rows, columns], every, totals[columns], sizes[rows])
    return expected, p


def upper_tail(x: ArrayLike, every: int, marked: ArrayLike, drawn: ArrayLike) -> Float64Array:
    """P(X >= x), X hypergeometric: of `every` items `marked` count, and `drawn` are taken.

    The first term by logarithms of factorials, each next one from the ratio of two terms. Above
    the mean the ratios are below 1 and fall, so that the sum ends soon; below it what is not taken
    is counted instead: P(X >= x) = 1 - P(drawn - X >= drawn - x + 1).
    """
    from scipy.special import gammaln

    x, marked, drawn = (np.asarray(one, dtype=np.float64) for one in (x, marked, drawn))
    below = x <= drawn * marked / max(1, every)
    x, marked = np.where(below, drawn - x + 1, x), np.where(below, every - marked, marked)

    def log_choose(n: Any, k: Any) -> Any:
        return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)

    least = np.maximum(0, drawn + marked - every)
    most = np.minimum(drawn, marked)
    start = np.clip(x, least, np.maximum(least, most))
    logs = (
        log_choose(marked, start)
        + log_choose(every - marked, drawn - start)
        - log_choose(every, drawn)
    )
    term = np.exp(np.minimum(logs, 0))
    total, at = term.copy(), start.copy()
    while True:
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = (marked - at) * (drawn - at) / ((at + 1) * (every - marked - drawn + at + 1))
        term = np.where(at < most, term * ratio, 0)
        total += term
        at += 1
        if not (term > total * 1e-16).any():
            break
    tail = np.where(x <= least, 1.0, np.where(x > most, 0.0, np.minimum(total, 1)))
    p: Float64Array = np.where(below, 1 - tail, tail)
    return p


def _quarters(numbers: NDArray[Any]) -> tuple[list[str], IntArray]:
    cells = numbers.astype(np.float64)
    finite = np.isfinite(cells)
    if not finite.any():
        return [], np.full(len(cells), -1, dtype=np.int64)
    borders = np.percentile(cells[finite], [25, 50, 75])
    codes = np.where(finite, np.searchsorted(borders, cells, side="right"), -1)
    low = [float(cells[finite].min()), *borders.tolist()]
    high = [*borders.tolist(), float(cells[finite].max())]
    names = [f"{name} ({a:.4g} to {b:.4g})" for name, a, b in zip(QUARTERS, low, high, strict=True)]
    return names, codes.astype(np.int64)
