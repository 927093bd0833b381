"""Lesson 12: words of two poles and two groups, and how items lean between the poles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.evaluation.association import Association, association, pulls
from explorer.learn.lesson import Scene
from explorer.space import IntArray

SHE = ["she", "her", "hers", "woman", "women", "girl", "female", "mother", "daughter", "sister"]
HE = ["he", "him", "his", "man", "men", "boy", "male", "father", "son", "brother"]
FAMILY = ["home", "children", "family", "marriage", "wedding", "parents", "relatives", "cousins"]
CAREER = [
    "office", "business", "salary", "career", "professional", "company", "management",
    "executive",
]  # fmt: skip
JOBS = [
    "nurse", "singer", "dancer", "artist", "teacher", "writer", "lawyer", "scientist",
    "librarian", "secretary", "doctor", "painter", "judge", "carpenter", "mathematician",
    "pilot", "engineer", "soldier", "philosopher", "mechanic",
]  # fmt: skip


def held(scene: Scene, names: list[str]) -> IntArray:
    rows = [scene.space.items.get(name) for name in names]
    return np.array([row for row in rows if row is not None], dtype=np.int64)


def names(scene: Scene, names: list[str]) -> list[str]:
    return scene.space.items.take(held(scene, names).tolist())


def poles(scene: Scene) -> tuple[IntArray, IntArray]:
    return held(scene, SHE), held(scene, HE)


def groups(scene: Scene) -> tuple[IntArray, IntArray]:
    return held(scene, FAMILY), held(scene, CAREER)


def tested(scene: Scene) -> Association:
    return association(scene.space, groups(scene), poles(scene))


def of_all(scene: Scene) -> NDArray[np.float64]:
    """(n,) how each item leans."""
    return pulls(scene.space, np.arange(len(scene.space)), poles(scene))


def direction(scene: Scene) -> NDArray[np.float64]:
    """The unit vector from the words of he to those of she, all at length 1."""
    she, he = (at_length_one(scene.space.vectors[rows]).mean(axis=0) for rows in poles(scene))
    direction: NDArray[np.float64] = (she - he) / np.linalg.norm(she - he)
    return direction


def without(vectors: NDArray[np.float32], direction: NDArray[np.float64]) -> NDArray[np.float64]:
    left: NDArray[np.float64] = vectors - np.outer(vectors @ direction, direction)
    return left


def told_apart(vectors: NDArray[np.floating], sides: NDArray[np.int64]) -> float:
    """The share of rows whose nearest by cosine is from their own side."""
    unit = at_length_one(vectors)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, -np.inf)
    return float(np.mean(sides[cosines.argmax(axis=1)] == sides))


def at_length_one(vectors: NDArray[np.floating]) -> NDArray[np.float64]:
    rows = vectors.astype(np.float64)
    unit: NDArray[np.float64] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
