"""Searching one space again and again: the 8-bit copy is made beside the first questions."""

from __future__ import annotations

import logging
from threading import Event, Lock, Thread
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.errors import ExplorerError
from explorer.metrics import Metric, get_metric
from explorer.neighbors.exact import Neighbors, nearest_neighbors
from explorer.neighbors.quantized import QuantizedIndex

INDEX_FROM = 30_000  # rows; fewer are searched in a millisecond without a copy
BUILD_AFTER = 4.0  # seconds after the first question: its asker is still waiting for a first page
log = logging.getLogger(__name__)


class Searcher:
    """`nearest_neighbors` in one set of vectors, for many questions; threads may share one.

    Some seconds after the first question of a space of 30,000 rows or more a thread makes the copy
    (n d bytes and 36 n more; 0.1 s for 100,000 x 100). Until it is there, and where it cannot be
    made, the vectors themselves are scanned: the answers are the same, bit for bit.
    """

    def __init__(self, vectors: NDArray[Any], norms: ArrayLike | None = None) -> None:
        """vectors : (n, d), kept, not copied; norms : (n,) their lengths, where they are known"""
        self.vectors = vectors
        self.norms = norms
        self._index: QuantizedIndex | None = None
        self._builder: Thread | None = None
        self._hurry = Event()
        self._lock = Lock()

    def nearest(
        self,
        queries: ArrayLike,
        k: int,
        *,
        metric: str | Metric = "cosine",
        exclude: Any = None,
        subset: ArrayLike | None = None,
    ) -> Neighbors:
        """The k nearest rows of each query; the arguments are those of `nearest_neighbors`."""
        metric = get_metric(metric)
        found = nearest_neighbors(
            self.vectors, queries, k, metric=metric, exclude=exclude, subset=subset,
            norms=self.norms, index=self._index,
        )  # fmt: skip
        if metric.by_products:
            self.prepare()
        return found

    def prepare(self) -> None:
        """Start to make the copy, once, if the space is large enough for it to matter."""
        with self._lock:
            if self._builder is None and len(self.vectors) >= INDEX_FROM:
                self._builder = Thread(target=self._build, name="8-bit copy", daemon=True)
                self._builder.start()

    @property
    def indexed(self) -> bool:
        """True once the copy is there."""
        return self._index is not None

    def wait(self) -> None:
        """Return when the copy, if one is being made, is there."""
        builder = self._builder
        self._hurry.set()
        if builder is not None:
            builder.join()

    def _build(self) -> None:
        self._hurry.wait(BUILD_AFTER)
        try:
            self._index = QuantizedIndex.build(np.asarray(self.vectors))
        except ExplorerError as reason:  # no Numba, or lengths that eight bits cannot tell apart
            log.info("Searching without an 8-bit copy: %s", reason)
        except MemoryError:
            log.warning("Searching without an 8-bit copy: too little memory is free.")
