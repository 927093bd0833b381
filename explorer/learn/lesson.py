"""What a lesson is: steps of *predict, then reveal*, and a quiz: data and small functions.

A step is a title, a few lines of text and one function, `work(scene) -> Exercise`, which computes
from the open space the question, the options, which of them is right, and what is then shown. No
answer is ever stored: on another space, or another item, another option may be the right one.

All texts are plain text; names of items are put into them by `named`, into formulas by `tex` (see
wording.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from explorer.learn.pictures import Picture
from explorer.learn.questions import Question
from explorer.space import EmbeddingSpace


@dataclass(frozen=True, eq=False)
class Scene:
    """What a lesson works on: the open space, and the row of the item that is looked at."""

    space: EmbeddingSpace
    row: int

    @property
    def item(self) -> str:
        return self.space.items[self.row]


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
