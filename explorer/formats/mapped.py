"""Large arrays stay on the disk as memory maps; small ones are read.

A map costs no copy and no time, but it is the file itself: where somebody writes that file anew
while the program runs, as every second notebook does, the machine ends the program (SIGBUS) or
the numbers change under the visitors. So only a file that is too large to copy at ease is mapped;
all others are read once and are then safe from whatever happens to the file.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from explorer.formats.source import Source

MAPPED_BYTES = 1 << 28  # from this size on


def worth_mapping(source: Source) -> bool:
    """Whether a file lies plain on the disk and is too large to copy at ease."""
    return source.path is not None and (source.size or 0) >= MAPPED_BYTES


def mapped(
    source: Source,
    dtype: Any,
    offset: int,
    shape: tuple[int, ...],
    *,
    order: Literal["C", "F"] = "C",
) -> NDArray[Any] | None:
    """The array of a plain file on disk as a map; None where it is to be read instead.

    offset : its first byte. The caller has compared its size with that of the file.
    """
    dtype = np.dtype(dtype)
    size = math.prod(shape) * dtype.itemsize
    if source.path is None or size < MAPPED_BYTES or offset % dtype.alignment:
        return None
    numbers: Any = np.memmap(source.path, dtype, "r", offset, shape, order)
    return np.asarray(numbers)
