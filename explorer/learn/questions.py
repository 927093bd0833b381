"""What a lesson asks: a question, its options, and which of them is right, computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple


class Option(NamedTuple):
    """One answer to choose from.

    mistake : what is told to who chose it although it is wrong: the usual mistake behind it
    """

    text: str
    mistake: str


@dataclass(frozen=True)
class Question:
    """A question with 2 to 4 options; `right` is the place of the right one, computed."""

    text: str
    options: tuple[Option, ...]
    right: int

    @property
    def answer(self) -> str:
        """The right option's text."""
        return self.options[self.right].text


def mixed(text: str, right: str, *wrong: Option) -> Question:
    """A question whose options stand in an order that tells nothing, and is always the same.

    A wrong option that reads as another one does is left out.
    """
    others = {one.text: one for one in wrong if one.text != right}
    options = [Option(right, ""), *others.values()]
    options.sort(key=lambda one: blake2b(f"{text} {one.text}".encode()).digest())
    return Question(text, tuple(options), [one.text for one in options].index(right))


def largest(text: str, scores: Mapping[str, float], mistake: Callable[[float], str]) -> Question:
    """Which of these names has the largest score?

    mistake : of another one, by its score
    """
    best = max(scores, key=lambda name: scores[name])
    return mixed(text, best, *(Option(name, mistake(one)) for name, one in scores.items()))


def closest(value: float, choices: Sequence[float]) -> int:
    """The place of the choice that comes nearest to the value, the first of two as near."""
    return min(range(len(choices)), key=lambda place: abs(choices[place] - value))
