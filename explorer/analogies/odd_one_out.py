"""Which item does not belong with the others?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.analogies.analogy import unit_rows
from explorer.errors import ExplorerError
from explorer.space import EmbeddingSpace, IntArray


class OddOneOut(NamedTuple):
    """Items and how well they belong.

    rows : (m,) the oddest first
    likeness : (m,) the mean cosine of each to the others
    """

    rows: IntArray
    likeness: NDArray[np.float64]


def odd_one_out(space: EmbeddingSpace, rows: IntArray) -> OddOneOut:
    """Order at least three items by their mean cosine to the others, the least alike first.

    The order is that of the cosine to the mean of all of them, which gensim's `doesnt_match` takes:
    an item's cosine to itself adds the same to each.
    """
    if len(np.unique(rows)) < 3:
        raise ExplorerError(f"An odd one out needs three items or more; got {len(rows)}.")
    unit = unit_rows(space.vectors[rows])
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, 0)
    likeness = cosines.sum(axis=1) / (len(rows) - 1)
    order = np.lexsort((rows, likeness))
    return OddOneOut(rows[order], likeness[order])
