"""Large arrays stay on the disk as memory maps; small ones are read.

A map costs no copy and no time, but it is the file itself: where somebody writes that file anew
while the program runs, as every second notebook does, the machine ends the program (SIGBUS) or
the numbers change under the visitors. So only a file that is too large to copy at ease is mapped,
and only where a lease tells before it is written (`lease`), or where memory has no room for it. All
others are read once and are then safe from whatever happens to the file.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from explorer.formats.lease import held
from explorer.formats.source import Source
from explorer.limits import total_memory

MAPPED_BYTES = 1 << 28  # from this size on
READ_SHARE = 0.25  # of the machine's memory that a file without a lease may take


def worth_mapping(source: Source) -> bool:
    """Whether a file lies plain on the disk, is too large to copy at ease, and safe to map."""
    size = source.size or 0
    return source.path is not None and size >= MAPPED_BYTES and _may_be_mapped(source.path, size)


def _may_be_mapped(path: Path, size: int) -> bool:
    return held(path) or sys.platform == "win32" or size > total_memory() * READ_SHARE


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
    if not _may_be_mapped(source.path, size):
        return None
    numbers: Any = np.memmap(source.path, dtype, "r", offset, shape, order)
    return np.asarray(numbers)
