"""Points on a plane, made up to show where k-means does well and where it does not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError

COUNT = 600


def _four_blobs(rng: np.random.Generator) -> NDArray[np.float64]:
    middles = np.array([[-2.0, -2.0], [2.0, -2.0], [-2.0, 2.0], [2.0, 2.0]])
    return middles[np.arange(COUNT) % 4] + rng.normal(scale=0.6, size=(COUNT, 2))


def _uneven(rng: np.random.Generator) -> NDArray[np.float64]:
    """A large wide group beside two small tight ones: k-means cuts the large one."""
    large = rng.normal(scale=1.3, size=(COUNT - 80, 2))
    small = np.repeat([[4.0, 1.5], [4.0, -1.5]], 40, axis=0) + rng.normal(scale=0.2, size=(80, 2))
    return np.concatenate([large, small])


def _moons(rng: np.random.Generator) -> NDArray[np.float64]:
    """Two interlocked half rings, which no straight border parts."""
    angles = rng.uniform(0, np.pi, size=COUNT)
    upper = np.arange(COUNT) % 2 == 0
    x = np.where(upper, np.cos(angles), 1 - np.cos(angles))
    y = np.where(upper, np.sin(angles), 0.5 - np.sin(angles))
    return 2 * np.column_stack([x, y]) + rng.normal(scale=0.15, size=(COUNT, 2))


def _no_groups(rng: np.random.Generator) -> NDArray[np.float64]:
    """Points everywhere alike: k-means divides them all the same."""
    return rng.uniform(-3, 3, size=(COUNT, 2))


PLANES: dict[str, Callable[[np.random.Generator], NDArray[np.float64]]] = {
    "four round groups": _four_blobs,
    "groups of uneven size": _uneven,
    "two half moons": _moons,
    "no groups at all": _no_groups,
}


def toy_plane(name: str, *, seed: int = 0) -> NDArray[np.float32]:
    """(600, 2) points of that name; always the same for a seed."""
    if name not in PLANES:
        raise ExplorerError(f"There are no points named {name!r}; there are {', '.join(PLANES)}.")
    points: NDArray[np.float32] = PLANES[name](np.random.default_rng(seed)).astype(np.float32)
    return points
