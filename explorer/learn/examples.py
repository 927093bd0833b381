"""What several lessons need of a scene: its nearest items, some others, what is usual here."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from explorer.learn.lesson import Scene
from explorer.neighbors import neighbors_of, random_pair_scores

RANDOM_PAIRS = 1_000


def nearest(scene: Scene, k: int, metric: str = "cosine") -> list[int]:
    """Rows of the k nearest of the item, itself left out."""
    found = neighbors_of(scene.space, scene.item, k, metric=metric)
    return [int(row) for row in found.indices[0]]


def names_of(scene: Scene, rows: list[int]) -> list[str]:
    """The names of items by row."""
    return list(scene.space.items.take(rows))


def usual(scene: Scene, metric: str = "cosine") -> float:
    """The median score of 1,000 random pairs of items, seed 0."""
    scores = random_pair_scores(scene.space.vectors, metric, RANDOM_PAIRS, seed=0)
    return float(np.median(scores))


def some_rows(scene: Scene, count: int, *, seed: int = 1) -> list[int]:
    """Other rows than the item's, drawn without replacement, of the first 2,000."""
    n = min(len(scene.space), 2_000)
    drawn = np.random.default_rng(seed).permutation(n).tolist()
    return [row for row in drawn if row != scene.row][:count]


def row_numbers(n: int, count: int) -> list[int]:
    """Rows spread evenly from the first to the last."""
    return list(map(int, np.unique(np.linspace(0, n - 1, count).astype(np.int64))))


def needs_items(items: int, *, dimensions: int = 1) -> Callable[[Scene], str]:
    """For `Lesson.misses`: the space has to have so many items and dimensions."""

    def misses(scene: Scene) -> str:
        space = scene.space
        if len(space) >= items and space.dimensions >= dimensions:
            return ""
        return (
            f"This lesson needs {items:,} items and {dimensions:,} dimensions; {space.name} has "
            f"{len(space):,} and {space.dimensions:,}."
        )

    return misses
