"""The kernels of clustering, called once on a few rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


def _rows() -> NDArray[np.float32]:
    return np.random.default_rng(1).standard_normal((400, 8), dtype=np.float32)


def _kmeans() -> None:
    from explorer.clustering import k_means, mini_batch_k_means

    k_means(_rows(), 20)
    mini_batch_k_means(_rows(), 20)


def _density() -> None:
    from explorer.clustering.spanning_tree import spanning_tree

    spanning_tree(_rows())


TASKS: dict[str, Callable[[], None]] = {"kmeans": _kmeans, "density": _density}
