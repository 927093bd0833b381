"""A sparse matrix times a dense one, compiled: some rows of it, beside scipy's whole product."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.kernel_cache import njit


@njit(cache=True, nogil=True, fastmath={"contract"})  # type: ignore[untyped-decorator]
def multiply_rows(
    starts: NDArray[np.int64],
    columns: NDArray[np.int32],
    values: NDArray[np.float32],
    dense: NDArray[np.float32],
    product: NDArray[np.float32],
    first: int,
    last: int,
) -> None:
    """product[first:last] = (sparse @ dense)[first:last]; sparse in compressed rows."""
    width = dense.shape[1]
    for row in range(first, last):
        sums = product[row]
        sums[:] = 0
        for cell in range(starts[row], starts[row + 1]):
            value = values[cell]
            if value > 0:
                other = dense[columns[cell]]
                for k in range(width):
                    sums[k] += value * other[k]
