"""How far someone is in the lessons, as a short text that a link can carry.

vector.7f.4_maps-lie.3 : of `vector` all seven steps (the bits of 7f) and 4 right in the quiz; of
`maps-lie` the first two steps. Twelve finished lessons take 150 characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from explorer.learn.lesson import Lesson


@dataclass(frozen=True)
class Progress:
    """Of one lesson.

    steps : numbers of the steps revealed, from 1
    right : answers right in the quiz; None before it was done
    """

    steps: frozenset[int] = frozenset()
    right: int | None = None

    def together(self, other: Progress) -> Progress:
        """What was done in either; the better quiz."""
        quizzes = [one.right for one in (self, other) if one.right is not None]
        return Progress(self.steps | other.steps, max(quizzes, default=None))

    def share(self, lesson: Lesson) -> float:
        """From 0 to 1; the quiz counts as a step."""
        done = len(self.steps) + (self.right is not None)
        return done / (len(lesson.steps) + 1)


def to_text(progress: Mapping[str, Progress]) -> str:
    """Progress by the keys of lessons, as a link carries it."""
    parts = []
    for key, one in progress.items():
        bits = sum(1 << (step - 1) for step in one.steps)
        quiz = "" if one.right is None else f".{one.right}"
        if bits or quiz:
            parts.append(f"{key}.{bits:x}{quiz}")
    return "_".join(parts)


def from_text(text: str, lessons: Iterable[Lesson]) -> dict[str, Progress]:
    """What `to_text` wrote. It comes from an address: what is no progress is ignored."""
    known = {lesson.key: lesson for lesson in lessons}
    found: dict[str, Progress] = {}
    for part in text.split("_"):
        key, *numbers = part.split(".")
        lesson = known.get(key)
        bits = _number(numbers[0], 16) if numbers else None
        if lesson is None or bits is None or len(numbers) > 2:
            continue
        steps = frozenset(n for n in range(1, len(lesson.steps) + 1) if bits >> (n - 1) & 1)
        right = _number(numbers[1], 10) if len(numbers) == 2 else None
        right = None if right is None else min(right, len(lesson.quiz))
        found[key] = found.get(key, Progress()).together(Progress(steps, right))
    return found


def _number(text: str, base: int) -> int | None:
    digits = "0123456789abcdef"[:base]
    good = 0 < len(text) <= 4 and all(sign in digits for sign in text)
    return int(text, base) if good else None
