"""Numbers in words, for the text alternatives of figures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

MOST_LISTED = 12


def listed(names: Sequence[str], values: ArrayLike, form: str = ".2f") -> str:
    """Names with their values: "king 0.91, queen 0.84 and 3 more"."""
    pairs = list(zip(names, np.asarray(values).tolist(), strict=True))
    told = ", ".join(f"{name} {value:{form}}" for name, value in pairs[:MOST_LISTED])
    rest = len(pairs) - MOST_LISTED
    return f"{told} and {rest:,} more" if rest > 0 else told


def quartiles(values: ArrayLike) -> str:
    """Where the middle half of some numbers lies: "median 0.5, half from 0.25 to 0.75"."""
    low, middle, high = np.percentile(np.asarray(values, dtype=np.float64), [25, 50, 75])
    return f"median {middle:.3g}, half from {low:.3g} to {high:.3g}"
