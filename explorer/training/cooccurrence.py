"""How often, and how near, words stand together: the matrix that GloVe and PPMI learn from.

    X[w, c] = sum of weight(|i - j|) over all places i of w and j of c in one sentence,
              0 < |i - j| <= window

With "harmonic" weights, 1 / distance, these are GloVe's counts (Pennington, Socher & Manning,
EMNLP 2014); "linear" weights, (window + 1 - distance) / window, are what word2vec's random window
gives on average (Levy, Goldberg & Dagan, TACL 2015); "flat" ones count alike. X is symmetric.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.space import FloatArray, IntArray

Weighting = Literal["harmonic", "linear", "flat"]

WEIGHTINGS: tuple[Weighting, ...] = get_args(Weighting)
ROOM = 1 << 21  # cells that a piece of rows may need: a few hundredths of a second of counting
GAP = -1  # stands between sentences


@dataclass(frozen=True, eq=False)
class Cooccurrences:
    """The symmetric matrix of weighted window counts, row by row (compressed sparse rows).

    starts : (words + 1,) row w lies in starts[w] : starts[w + 1]
    columns : (cells,) int32, ascending within a row
    counts : (cells,) float32, all above 0
    """

    starts: IntArray
    columns: NDArray[np.int32]
    counts: FloatArray

    @property
    def words(self) -> int:
        return len(self.starts) - 1

    @property
    def cells(self) -> int:
        return len(self.counts)

    def row_sums(self) -> NDArray[np.float64]:
        """(words,) how much each word stands with any other: also the sums of the columns."""
        ends = np.concatenate([[0.0], np.cumsum(self.counts, dtype=np.float64)])
        sums: NDArray[np.float64] = ends[self.starts[1:]] - ends[self.starts[:-1]]
        return sums

    def row_numbers(self) -> NDArray[np.int32]:
        """(cells,) the row of each cell."""
        return np.repeat(np.arange(self.words, dtype=np.int32), np.diff(self.starts))

    def to_scipy(self) -> Any:
        """The same as a scipy.sparse.csr_array; shares the memory."""
        from scipy.sparse import csr_array

        shape = (self.words, self.words)
        return csr_array((self.counts, self.columns, self.starts), shape=shape)


class Counting:
    """Window counts in the making, some rows at a time.

    ids : (tokens,) word numbers from 0; offsets : (sentences + 1,) where each sentence begins
    words : how many different words there are

    >>> counting = Counting(ids, offsets, words=3, window=2)
    >>> while counting.share < 1: counting.advance()
    >>> counting.result()
    """

    def __init__(
        self,
        ids: NDArray[np.int32],
        offsets: IntArray,
        words: int,
        *,
        window: int = 10,
        weighting: Weighting = "harmonic",
        threads: int = 2,
    ) -> None:
        self._weights = distance_weights(window, weighting)
        self._text = _with_gaps(ids, offsets)
        self._words = words
        occurrences = np.bincount(ids, minlength=words)
        if len(occurrences) > words:
            raise ExplorerError(f"Word numbers go to {words - 1:,}; got {len(occurrences) - 1:,}.")
        self._bounds = np.minimum(2 * window * occurrences, words)
        self._index, self._count = _index_and_counter()
        self._starts = np.concatenate([[0], np.cumsum(occurrences)]).astype(np.int64)
        self._places: NDArray[np.int32] | None = None
        self._pieces = list(_pieces(self._bounds))
        self._threads = threads
        self._rows: list[tuple[IntArray, NDArray[np.int32], FloatArray]] = []

    @property
    def share(self) -> float:
        """How much of the work is done, 0 to 1."""
        if not self._rows:
            return 0.0
        counted = self._starts[self._pieces[len(self._rows) - 1].stop]
        return float(counted / max(1, self._starts[-1])) if not self.done else 1.0

    @property
    def done(self) -> bool:
        return len(self._rows) == len(self._pieces)

    def advance(self) -> None:
        """Count one more piece of rows on each thread: some hundredths of a second."""
        if self._places is None:
            self._places = np.empty(int(self._starts[-1]), dtype=np.int32)
            self._index(self._text, self._starts, self._places)
        todo = self._pieces[len(self._rows) : len(self._rows) + self._threads]
        if len(todo) < 2:
            self._rows.extend(map(self._counted, todo))
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                self._rows.extend(pool.map(self._counted, todo))

    def result(self) -> Cooccurrences:
        """The whole matrix, counting what is still to count."""
        while not self.done:
            self.advance()
        lengths = [lengths for lengths, _, _ in self._rows]
        return Cooccurrences(
            starts=np.concatenate([[0], np.cumsum(np.concatenate(lengths))]).astype(np.int64),
            columns=np.concatenate([columns for _, columns, _ in self._rows]),
            counts=np.concatenate([counts for _, _, counts in self._rows]),
        )

    def _counted(self, rows: slice) -> tuple[IntArray, NDArray[np.int32], FloatArray]:
        room = int(self._bounds[rows].sum())
        columns = np.empty(room, dtype=np.int32)
        counts = np.empty(room, dtype=np.float32)
        lengths = np.empty(rows.stop - rows.start, dtype=np.int64)
        assert self._places is not None
        cells = self._count(
            self._text, self._starts, self._places, self._weights, rows.start, rows.stop,
            columns, counts, lengths,
        )  # fmt: skip
        return lengths, columns[:cells].copy(), counts[:cells].copy()


def count_cooccurrences(
    ids: NDArray[np.int32],
    offsets: IntArray,
    words: int,
    *,
    window: int = 10,
    weighting: Weighting = "harmonic",
    threads: int = 2,
) -> Cooccurrences:
    """The matrix of weighted window counts of a text; the number of threads does not change it.

    ids = [0, 1, 2], one sentence, window 2, harmonic: 0 and 1 meet once at distance 1, 0 and 2 at
    distance 2 -> [[0, 1, .5], [1, 0, 1], [.5, 1, 0]].
    """
    counting = Counting(
        ids, offsets, words, window=window, weighting=weighting, threads=threads
    )  # fmt: skip
    return counting.result()


def distance_weights(window: int, weighting: Weighting) -> NDArray[np.float64]:
    """(window,) the weight of distance 1, 2, …: (3, "harmonic") -> 1, 1/2, 1/3."""
    if window < 1:
        raise ExplorerError(f"A window reaches at least 1 word to each side; got {window}.")
    distance = np.arange(1, window + 1)
    if weighting == "harmonic":
        return 1 / distance
    if weighting == "linear":
        return (window + 1 - distance) / window
    if weighting == "flat":
        return np.ones(window)
    raise ExplorerError(f"Weights of distances are {', '.join(WEIGHTINGS)}; got {weighting!r}.")


def count_rows_numpy(
    text: NDArray[np.int32],
    starts: IntArray,
    places: NDArray[np.int32],
    weights: NDArray[np.float64],
    first: int,
    last: int,
    columns: NDArray[np.int32],
    counts: FloatArray,
    lengths: IntArray,
) -> int:
    """The same as cooccurrence_kernels.count_rows, in NumPy."""
    words, window = len(starts) - 1, len(weights)
    total = 0
    for word in range(first, last):
        sums = np.zeros(words)
        at = places[starts[word] : starts[word + 1]].astype(np.int64)
        for side in (-1, 1):
            reached = at
            for distance in range(1, window + 1):
                others = text[reached + side * distance]
                reached = reached[others != GAP]  # a window ends where its sentence ends
                np.add.at(sums, others[others != GAP], weights[distance - 1])
        met = np.flatnonzero(sums)
        columns[total : total + len(met)] = met
        counts[total : total + len(met)] = sums[met]
        lengths[word - first] = len(met)
        total += len(met)
    return total


def places_of_words_numpy(
    text: NDArray[np.int32], starts: IntArray, places: NDArray[np.int32]
) -> None:
    """The same as cooccurrence_kernels.places_of_words, in NumPy."""
    tokens = np.flatnonzero(text != GAP)
    places[:] = tokens[np.argsort(text[tokens], kind="stable")]


def _with_gaps(ids: NDArray[np.int32], offsets: IntArray) -> NDArray[np.int32]:
    """The sentences with GAP before, between and after: [0, 1 | 2] -> [-1, 0, 1, -1, 2, -1]."""
    sentences = len(offsets) - 1
    text = np.full(len(ids) + sentences + 1, GAP, dtype=np.int32)
    lengths = np.diff(offsets)
    text[np.arange(len(ids)) + np.repeat(np.arange(1, sentences + 1), lengths)] = ids
    return text


def _pieces(bounds: IntArray) -> Iterator[slice]:
    """Runs of rows that need at most about ROOM cells together."""
    ends = np.cumsum(bounds)
    first = 0
    while first < len(bounds):
        used = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, used + ROOM, side="right")))
        yield slice(first, last)
        first = last


def _index_and_counter() -> tuple[Callable[..., None], Callable[..., int]]:
    try:
        from explorer.training.cooccurrence_kernels import count_rows, places_of_words
    except ImportError:
        return places_of_words_numpy, count_rows_numpy
    return places_of_words, count_rows
