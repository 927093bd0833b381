"""Cutting n rows into blocks that fit a cache: no pass needs a second copy of the matrix."""

from __future__ import annotations

from collections.abc import Iterator

BLOCK_BYTES = 1 << 22  # 4 MB of float32 rows: large enough for BLAS, small enough for the cache


def row_blocks(n: int, width: int, *, block_bytes: int = BLOCK_BYTES) -> Iterator[slice]:
    """Slices that cover range(n), each about `block_bytes` of float32 rows of `width` numbers.

    list(row_blocks(5, 1, block_bytes=8)) -> [slice(0, 2), slice(2, 4), slice(4, 5)]
    """
    step = max(1, block_bytes // (4 * max(1, width)))
    for start in range(0, n, step):
        yield slice(start, min(start + step, n))
