"""Random projection: few random directions keep all distances roughly (Johnson & Lindenstrauss).

y = R^T x with R of shape (d, m), scaled so that E|y|^2 = |x|^2: squared lengths last on average.
Gaussian   entries from N(0, 1/m)
sparse     entries +-sqrt(1 / (s m)) with probability s/2 each, else 0
           (s = 1/3 Achlioptas 2003; s = 1/sqrt(d) Li, Hastie & Church 2006)

How many dimensions keep the distances of n vectors is told in `johnson_lindenstrauss.py`. Two are
far fewer: such a map shows only what is very strong, and favours nothing.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from explorer.blocks import row_blocks
from explorer.errors import ExplorerError

Kind = Literal["gaussian", "sparse"]
PROJECTED_BYTES = 1 << 20


def random_projection(
    vectors: NDArray[Any],
    dimensions: int = 2,
    *,
    kind: Kind = "gaussian",
    density: float | None = None,
    seed: int = 1,
) -> NDArray[np.float32]:
    """(n, d) -> (n, m) float32 coordinates: the vectors times `random_directions`, in blocks.

    dimensions : m, at least 1; more than d keeps distances too, but saves nothing
    kind, density, seed : see `random_directions`
    Cost: n d m multiplications and one read of the vectors, which may be a memory map.
    """
    n, d = np.shape(vectors)
    directions = random_directions(d, dimensions, kind=kind, density=density, seed=seed)
    directions = directions.astype(np.float32)
    coordinates = np.empty((n, dimensions), dtype=np.float32)
    for rows in row_blocks(n, d, block_bytes=PROJECTED_BYTES):
        block = np.asarray(vectors[rows], dtype=np.float32)
        np.matmul(block, directions, out=coordinates[rows])
    return coordinates


def random_directions(
    d: int,
    dimensions: int,
    *,
    kind: Kind = "gaussian",
    density: float | None = None,
    seed: int = 1,
) -> NDArray[np.float64]:
    """The (d, m) matrix R of a random projection; the same seed gives the same matrix.

    kind : "gaussian" or "sparse"
    density : s, the share of entries that are not 0, above 0 and up to 1; for "sparse" only,
        1 / sqrt(d) unless given
    """
    if dimensions < 1:
        raise ExplorerError(f"dimensions must be at least 1; got {dimensions:,}.")
    random = np.random.default_rng(seed)
    if kind == "gaussian":
        return random.standard_normal((d, dimensions)) / math.sqrt(dimensions)
    if kind != "sparse":
        raise ExplorerError(f"kind must be gaussian or sparse; got {kind!r}.")
    share = 1 / math.sqrt(d) if density is None else density
    if not 0 < share <= 1:
        raise ExplorerError(f"density must be above 0 and at most 1; got {share:g}.")
    drawn = random.random((d, dimensions))
    signs = (drawn < share / 2).astype(np.float64) - (drawn > 1 - share / 2)
    return signs / math.sqrt(share * dimensions)
