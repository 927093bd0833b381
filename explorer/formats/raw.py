"""What a reader hands over: names and numbers as the file holds them, not yet checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from explorer.composer import Composer
from explorer.formats.sample import Sample
from explorer.limits import Limits
from explorer.space import Finding, StoredMap


class Origin(Protocol):
    """What checks and messages know of where vectors come from: a file, or a Python object.

    name : for messages and captions
    stem : what the space is called unless told
    limits : bounds on sizes
    """

    name: str
    stem: str
    limits: Limits


@dataclass
class RawVectors:
    """The contents of one file, before names are made distinct and bad rows kept out.

    vectors : (n, d) real numbers of any type; float32 is taken over without a copy
    format : what the file turned out to be, for the provenance: "word2vec text"
    names : n strings, or None where the file names no rows
    metadata : columns by name, n values each
    place : row -> "line 318" or "row 317", for messages
    trained_with : "dot", "cosine", "euclidean" where the file says so
    images : (n, h, w[, 3]) uint8
    maps : coordinates that the file brings
    findings : what the reader itself had to do
    steps, seed : of the preprocessing, where the file tells (our own Parquet files do)
    composer : makes vectors of other words, where the file holds what that takes
    sample : which rows of the file these are, where they are some at random
    """

    vectors: NDArray[Any]
    format: str
    names: Sequence[str] | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    place: Callable[[int], str] = lambda row: f"row {row:,}"
    trained_with: str | None = None
    images: NDArray[np.uint8] | None = None
    maps: dict[str, StoredMap] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    steps: tuple[str, ...] = ()
    seed: int | None = None
    composer: Composer | None = None
    sample: Sample | None = None


def type_name(dtype: np.dtype[Any]) -> str:
    """A type that is no real number, as people call it."""
    kinds = {
        "c": "complex numbers",
        "O": "Python objects",
        "U": "text",
        "S": "text",
        "V": "records",
        "M": "dates",
        "m": "durations",
    }
    return kinds.get(dtype.kind, str(dtype))
