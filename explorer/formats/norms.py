"""One pass over the vectors: numbers of any type to float32, and the norm of every row.

The norm tells all that has to be known of a row: it is 0 for a zero row, NaN or infinite when an
entry is not finite (float64 sums cannot overflow from finite float32 numbers).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.blocks import row_blocks

FloatArray = NDArray[np.float32]
BLOCK_BYTES = 1 << 20  # of float32: with its float64 copy, a block stays in the cache
KERNEL_CELLS = 500_000_000  # fewer are done by NumPy sooner than Numba is imported


def row_norms_numpy(vectors: FloatArray, norms: FloatArray) -> None:
    """(n, d) float32 -> norms (n,), summed in float64; NaN or infinite where an entry is."""
    wide = vectors.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        norms[:] = np.sqrt(np.einsum("ij,ij->i", wide, wide))


def float32_and_norms(vectors: NDArray[Any]) -> tuple[FloatArray, FloatArray]:
    """(n, d) real numbers -> the same as float32, rows contiguous, and the (n,) norms.

    float32 in C order, in the machine's byte order, is handed back as it is, not copied: it may
    be a memory map. Everything else is converted block by block. Two threads.
    """
    n, d = vectors.shape
    norms = np.empty(n, dtype=np.float32)
    as_is = vectors.dtype == np.float32 and vectors.dtype.isnative and _rows_contiguous(vectors)
    single = vectors if as_is else np.empty((n, d), dtype=np.float32)
    kernel = _kernel(n * d)

    def work(rows: slice) -> None:
        if not as_is:
            with np.errstate(over="ignore"):
                single[rows] = vectors[rows]
        kernel(single[rows], norms[rows])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, row_blocks(n, d, block_bytes=BLOCK_BYTES)))
    return single, norms


def _rows_contiguous(vectors: NDArray[Any]) -> bool:
    return vectors.flags.c_contiguous and vectors.flags.aligned


def _kernel(cells: int) -> Callable[[FloatArray, FloatArray], None]:
    if cells < KERNEL_CELLS and "numba" not in sys.modules:
        return row_norms_numpy
    try:
        from explorer.formats.norms_kernels import row_norms
    except ImportError:
        return row_norms_numpy
    kernel: Callable[[FloatArray, FloatArray], None] = row_norms
    return kernel
