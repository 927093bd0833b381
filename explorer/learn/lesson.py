"""What a lesson is: steps of *predict, then reveal*, and a quiz: data and small functions.

A step is a title, a few lines of text and one function, `work(scene) -> Exercise`, which computes
from the open space the question, the options, which of them is right, and what is then shown. No
answer is ever stored: on another space, or another item, another option may be the right one.

All texts are plain text; names of items are put into them by `named`, into formulas by `tex`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from explorer.learn.pictures import Picture
from explorer.space import EmbeddingSpace

LONGEST_NAME = 24
TEX_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "_": r"\_", "%": r"\%", "#": r"\#",
    "$": r"\$", "&": r"\&", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Scene:
    """What a lesson works on: the open space, and the row of the item that is looked at."""

    space: EmbeddingSpace
    row: int

    @property
    def item(self) -> str:
        return self.space.items[self.row]


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


@dataclass(frozen=True, eq=False)
class Exercise:
    r"""What a step asks, and what it then shows.

    found : what came out, in a sentence with this space's numbers
    why : the reason, in two sentences at most
    formula : LaTeX, with this space's numbers put in; a line may end at each \quad
    picture : what is drawn with the answer; before : what can be looked at while predicting
    note : what was computed, on how many of how many items, with which seed, exact or sampled
    of_space : false where it works on data of its own, which the note names
    """

    question: Question
    found: str
    why: str
    formula: str
    picture: Picture
    note: str
    before: Picture | None = None
    of_space: bool = True


@dataclass(frozen=True)
class Step:
    """One thing to understand.

    text : what has to be known before the question, two or three sentences
    say : what a teacher can say or ask here, for the printed sheet
    """

    title: str
    text: str
    work: Callable[[Scene], Exercise]
    say: str


Ask = Callable[[Scene], Question]


def any_space(scene: Scene) -> str:
    """For lessons that every space serves, or that bring their own data."""
    return ""


@dataclass(frozen=True)
class Lesson:
    """Five to eight steps and a quiz.

    key : stands in links, 8 letters at most
    promise : what one can do or tell afterwards, in one line
    goals : for the teacher's sheet
    quiz : functions of the scene, like the steps'
    misses : why this scene cannot serve, in a sentence; "" where it can
    space : the bundled space that can; controls : what of the sidebar the lesson needs
    kernels : tasks of `explorer.warm_up` that it needs compiled
    page : address of the page on which one can go on alone
    data : what it works on where that is not the open space, for the status line
    """

    key: str
    title: str
    promise: str
    minutes: int
    goals: tuple[str, ...]
    steps: tuple[Step, ...]
    quiz: tuple[Ask, ...]
    misses: Callable[[Scene], str] = any_space
    space: str = "english"
    controls: tuple[str, ...] = ("space", "search")
    kernels: tuple[str, ...] = ("neighbors.exact",)
    page: str = ""
    data: str = ""


def mixed(text: str, right: str, *wrong: Option) -> Question:
    """A question whose options stand in an order that tells nothing, and is always the same.

    A wrong option that reads as another one does is left out.
    """
    others = {one.text: one for one in wrong if one.text != right}
    options = [Option(right, ""), *others.values()]
    options.sort(key=lambda one: blake2b(f"{text} {one.text}".encode()).digest())
    return Question(text, tuple(options), [one.text for one in options].index(right))


def named(name: str) -> str:
    """An item's name in a sentence: “king”, cut where it is long."""
    name = " ".join(name.split())
    return f"“{name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + '…'}”"


def tex(name: str) -> str:
    r"""An item's name in a formula: \text{king}, with what LaTeX would read in it escaped."""
    name = " ".join(name.split())[:LONGEST_NAME]
    return rf"\text{{{''.join(TEX_SPECIAL.get(sign, sign) for sign in name)}}}"


def parts_of(formula: str) -> list[str]:
    r"""A formula cut at its wide gaps, where a line may end: "a = 1, \quad b = 2" in two."""
    return re.split(r"\s*\\q{1,2}uad\b\s*", formula)


def big(value: float) -> str:
    """A whole number in a formula, with commas that LaTeX sets without a gap: 20{,}000."""
    return f"{value:,.0f}".replace(",", "{,}")


def closest(value: float, choices: Sequence[float]) -> int:
    """The place of the choice that comes nearest to the value, the first of two as near."""
    return min(range(len(choices)), key=lambda place: abs(choices[place] - value))
