"""The lessons, in the order in which they build on one another."""

from __future__ import annotations

from explorer.learn.lesson import Lesson
from explorer.learn.lessons import counting, maps_lie, metrics, negatives, skipgram, vector

LESSONS: tuple[Lesson, ...] = (
    vector.LESSON,
    metrics.LESSON,
    skipgram.LESSON,
    negatives.LESSON,
    counting.LESSON,
    maps_lie.LESSON,
)


def lesson_of(key: str) -> Lesson | None:
    """The lesson of that key; None for a key that no lesson has."""
    return next((lesson for lesson in LESSONS if lesson.key == key), None)
