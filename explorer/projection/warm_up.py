"""The kernels of UMAP, called once on as few rows as they serve."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def _umap() -> None:
    """Joining the two directions of a graph, and moving points."""
    from explorer.projection.umap import UmapSettings, umap

    umap(np.random.default_rng(1).standard_normal((50, 4)), UmapSettings(epochs=2))


TASKS: dict[str, Callable[[], None]] = {"umap": _umap}
