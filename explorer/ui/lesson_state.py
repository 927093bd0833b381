"""Where the visitor is in the lessons: what the session keeps, and what the link carries.

?lesson=maps-lie&step=3&done=vector.7f.4_maps-lie.3
"""

from __future__ import annotations

from typing import cast

import streamlit as st

from explorer.learn.course import LESSONS, lesson_of
from explorer.learn.lesson import Lesson, Scene
from explorer.learn.progress import Progress, from_text, to_text
from explorer.ui.state import address_bar

QUIZ = "quiz"


def read() -> None:
    """Take over what the address asks for: a lesson, a step, what was done before."""
    asked = address_bar.asked_of_page("lesson")
    if asked is not None:
        go(lesson_of(asked), _step_number(st.query_params.get("step")))
        if lesson_of(asked) is None:
            st.warning("The link asks for a lesson that is not here.", icon=":material/info:")
    elif address_bar.dropped_from_address("lesson"):  # Back, or the menu: to the list of lessons
        go(None)
    elif (step := address_bar.asked_of_page("step")) is not None:
        go(lesson(), _step_number(step))
    for key, one in from_text(address_bar.asked_of_page("done") or "", LESSONS).items():
        progress()[key] = progress().get(key, Progress()).together(one)


def write() -> None:
    """Let the address follow."""
    shown = lesson()
    if shown is not None:
        address_bar.keep_in_link("lesson", shown.key)
        address_bar.keep_in_link("step", QUIZ if at_quiz(shown) else str(step()))
    address_bar.keep_in_link("done", to_text(progress()))


def lesson() -> Lesson | None:
    """The lesson that is open; None on the list of lessons."""
    return lesson_of(cast(str, st.session_state.get("lesson", "")))


def step() -> int:
    """The number of the step, from 1; one more than there are for the quiz."""
    shown = lesson()
    wanted = cast(int, st.session_state.get("lesson_step", 1))
    return max(1, min(wanted, len(shown.steps) + 1)) if shown is not None else 1


def at_quiz(shown: Lesson) -> bool:
    return step() > len(shown.steps)


def go(shown: Lesson | None, number: int = 1) -> None:
    """Open a lesson at a step; None: the list of lessons."""
    st.session_state["lesson"] = "" if shown is None else shown.key
    st.session_state["lesson_step"] = number


def progress() -> dict[str, Progress]:
    """What was done, by the keys of lessons."""
    return cast("dict[str, Progress]", st.session_state.setdefault("lesson_progress", {}))


def mark(shown: Lesson, done: Progress) -> None:
    """Add to what was done."""
    progress()[shown.key] = progress().get(shown.key, Progress()).together(done)


def answers() -> dict[str, int]:
    """What the visitor chose and had revealed, by the key of the question."""
    return cast("dict[str, int]", st.session_state.setdefault("lesson_answers", {}))


def question_key(shown: Lesson, number: int | str, scene: Scene) -> str:
    """Tells a question of one lesson on one item of one space from all others."""
    return f"{shown.key} {number} {scene.space.digest} {scene.row}"


def _step_number(text: str | None) -> int:
    if text == QUIZ:
        return 1_000
    return int(text) if text is not None and text.isdecimal() and len(text) < 4 else 1
