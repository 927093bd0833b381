"""What every score of a map rests on: neighbours in the space, neighbours on the map, and the rank
that each has on the other side.

Never n x n numbers: for each of the s items scored, the k nearest on both sides and two ranks for
each; an item is ranked among all n others even where only a sample of the items is scored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.faithfulness.ranks_among import Ranker, Ranks
from explorer.metrics import EUCLIDEAN, Metric, get_metric
from explorer.neighbors.exact import nearest_neighbors
from explorer.space import FloatArray, IntArray

OnProgress = Callable[[float], None]

AT_ONCE = 1024  # items between two reports, fewer of a large space:
SCORES_AT_ONCE = 40_000_000  # some half a second
FEWEST = 128
PLACES_AT_ONCE = 1 << 21  # 8 MB of places


@dataclass(frozen=True, eq=False)
class NeighborRanks:
    """The k nearest of each scored item, in the space and on the map, and their ranks across.

    rows : (s,) the items scored, as row numbers; all n of them unless a sample was asked for
    n : items among which they are ranked, themselves included
    metric : by which the space was searched; the map is always searched by Euclidean distance
    in_space : (s, k) row numbers of the nearest in the space, nearest first
    on_map : (s, k) row numbers of the nearest on the map, nearest first
    ranks_on_map : (s, k) the rank on the map, from 1 to n - 1, of in_space[i, a]
    ranks_in_space : (s, k) the rank in the space of on_map[i, a]
    """

    rows: IntArray
    n: int
    metric: str
    in_space: Ranks
    on_map: Ranks
    ranks_on_map: Ranks
    ranks_in_space: Ranks

    @property
    def k(self) -> int:
        return int(self.in_space.shape[1])

    @property
    def sampled(self) -> bool:
        """Whether fewer than all items are scored."""
        return len(self.rows) < self.n

    def place(self, row: int) -> int | None:
        """Where an item stands among those scored; None where it is not one of them."""
        at = int(np.searchsorted(self.rows, row))
        return at if at < len(self.rows) and self.rows[at] == row else None


def neighbor_ranks(
    vectors: FloatArray,
    coordinates: NDArray[Any],
    k: int = 50,
    *,
    metric: str | Metric = "cosine",
    rows: IntArray | None = None,
    norms: FloatArray | None = None,
    on_progress: OnProgress | None = None,
) -> NeighborRanks:
    """The k nearest on both sides, and the rank of each on the other, for one map.

    vectors : (n, d) the space; norms : (n,) its Euclidean norms, if known
    coordinates : (n, 2) or (n, 3), or any number of columns; compared by Euclidean distance
    k : from 1 to n - 1
    rows : items to score, distinct, in order; all of them unless given
    on_progress : called with the share done, from 0 to 1; what it raises stops the work

    Exact: neighbours as `nearest_neighbors` finds them, ties by row number. Cost: O(s n (d + k)).
    """
    maps = {"": coordinates}
    return ranks_of_maps(
        vectors, maps, k, metric=metric, rows=rows, norms=norms, on_progress=on_progress
    )[""]


def ranks_of_maps(
    vectors: FloatArray,
    maps: Mapping[str, NDArray[Any]],
    k: int = 50,
    *,
    metric: str | Metric = "cosine",
    rows: IntArray | None = None,
    norms: FloatArray | None = None,
    on_progress: OnProgress | None = None,
) -> dict[str, NeighborRanks]:
    """`neighbor_ranks` of several maps, by their names, with one pass over the space for all."""
    metric, n = get_metric(metric), len(vectors)
    rows = np.arange(n) if rows is None else np.asarray(rows)
    _check(n, k, rows, maps)
    report = on_progress or (lambda share: None)
    report(0.0)

    def empty() -> Ranks:
        return np.empty((len(rows), k), dtype=np.int32)

    in_space = empty()
    found = {
        name: NeighborRanks(rows, n, metric.name, in_space, empty(), empty(), empty())
        for name in maps
    }
    space = Ranker(vectors, metric, norms)
    rankers = {name: Ranker(points, EUCLIDEAN) for name, points in maps.items()}
    step = min(AT_ONCE, max(FEWEST, SCORES_AT_ONCE // n))
    for start in range(0, len(rows), step):
        part = slice(start, min(start + step, len(rows)))
        own = rows[part]
        in_space[part] = nearest_neighbors(
            vectors, vectors[own], k, metric=space.metric, exclude=own, norms=norms
        ).indices
        for name, points in maps.items():
            ranks = found[name]
            ranks.on_map[part] = nearest_neighbors(
                points, points[own], k, metric=EUCLIDEAN, exclude=own
            ).indices
            counted = rankers[name].ranks(own, in_space[part])
            ranks.ranks_on_map[part] = _agreed(in_space[part], ranks.on_map[part], counted, n)
        across = np.concatenate([found[name].on_map[part] for name in maps], axis=1)
        counted = space.ranks(own, across)
        for ranks, mine in zip(found.values(), np.split(counted, len(maps), axis=1), strict=True):
            ranks.ranks_in_space[part] = _agreed(ranks.on_map[part], in_space[part], mine, n)
        report(part.stop / len(rows))
    return found


def _agreed(wanted: Ranks, nearest: Ranks, counted: Ranks, n: int) -> Ranks:
    """The ranks counted, but for the k nearest their places: one order, to the last tie."""
    k = nearest.shape[1]
    ranks: Ranks = np.maximum(counted, k + 1)
    step = max(1, PLACES_AT_ONCE // n)
    places = np.zeros((min(step, len(wanted)), n), dtype=np.int32)
    counting = np.arange(1, k + 1, dtype=np.int32)[None]
    for start in range(0, len(wanted), step):
        part = slice(start, start + step)
        here = places[: len(wanted[part])]
        np.put_along_axis(here, nearest[part], counting, axis=1)
        known = np.take_along_axis(here, wanted[part], axis=1)
        np.put_along_axis(here, nearest[part], 0, axis=1)
        ranks[part] = np.where(known > 0, known, ranks[part])
    return ranks


def _check(n: int, k: int, rows: IntArray, maps: Mapping[str, NDArray[Any]]) -> None:
    if not maps:
        raise ExplorerError("Name at least one map to score.")
    for name, points in maps.items():
        if points.ndim != 2 or len(points) != n:
            raise ExplorerError(
                f"The map {name or 'to be scored'} needs a point for each of {n:,} items; "
                f"got shape {points.shape}."
            )
    if not 1 <= k < n:
        raise ExplorerError(f"k must be from 1 to {n - 1:,} for {n:,} items; got {k:,}.")
    if len(rows) == 0 or rows[0] < 0 or rows[-1] >= n or (np.diff(rows) <= 0).any():
        raise ExplorerError(
            f"The items to score must be distinct rows from 0 to {n - 1:,}, in order, at least one."
        )
