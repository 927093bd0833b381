"""The lessons, in the order in which they build on one another."""

from __future__ import annotations

from explorer.learn.lesson import Lesson
from explorer.learn.lessons import (
    analogy,
    bias,
    counting,
    crowds,
    dimensions,
    groups,
    maps_lie,
    metrics,
    negatives,
    random_directions,
    skipgram,
    vector,
)

LESSONS: tuple[Lesson, ...] = (
    vector.LESSON,
    metrics.LESSON,
    skipgram.LESSON,
    negatives.LESSON,
    counting.LESSON,
    maps_lie.LESSON,
    groups.LESSON,
    analogy.LESSON,
    dimensions.LESSON,
    random_directions.LESSON,
    crowds.LESSON,
    bias.LESSON,
)


def lesson_of(key: str) -> Lesson | None:
    """The lesson of that key; None for a key that no lesson has."""
    return next((lesson for lesson in LESSONS if lesson.key == key), None)
