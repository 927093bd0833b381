"""The quiz at the end of a lesson: every question at once, judged together."""

from __future__ import annotations

import streamlit as st

from explorer.learn.lesson import Lesson, Scene
from explorer.learn.progress import Progress
from explorer.learn.questions import Question
from explorer.ui import lesson_state
from explorer.ui.text import literal
from explorer.ui.try_it import try_it

LONGEST = 2_000


def quiz(shown: Lesson, now: Scene) -> None:
    """The questions; with the last answer, which were right, and what was mistaken in others."""
    key = lesson_state.question_key(shown, "quiz", now)
    questions = _asked(now.space.digest, now.row, shown.key, now)
    judged = f"{key} 0" in lesson_state.answers()
    st.markdown("The right answers are computed from this space: another one may have others.")
    columns = st.columns(2, gap="large")
    for place, question in enumerate(questions):
        with columns[place % 2].container(border=True):
            _one(question, f"{key} {place}")
    places = range(len(questions))
    chosen = [st.session_state.get(f"choice {key} {place}") for place in places]
    with st.container(horizontal=True, vertical_alignment="center"):
        if judged:
            done = lesson_state.answers()
            right = sum(done[f"{key} {place}"] == questions[place].right for place in places)
            st.badge(f"{right} of {len(questions)} right", icon=":material/flag:", color="green")
            st.button(
                "Try again", key="quiz_again", icon=":material/replay:", on_click=_forget,
                args=(key, len(questions)),
            )  # fmt: skip
        else:
            st.button(
                "Check", key="quiz_check", type="primary", icon=":material/fact_check:",
                disabled=None in chosen, on_click=_check, args=(shown, key, questions),
            )  # fmt: skip
        if shown.page:
            try_it(shown.page)


@st.cache_resource(max_entries=64, show_spinner="Computing the quiz …")
def _asked(digest: str, row: int, key: str, _scene: Scene) -> tuple[Question, ...]:
    from explorer.learn.course import lesson_of

    shown = lesson_of(key)
    assert shown is not None
    return tuple(ask(_scene) for ask in shown.quiz)


def options(question: Question, key: str) -> int | None:
    """The question and its options, with the right one told once it is judged; the one chosen."""
    text, done = literal(question.text, LONGEST), lesson_state.answers().get(key)
    st.markdown(f"**{text}**")
    if done is None:
        return st.radio(
            text, range(len(question.options)), index=None, key=f"choice {key}",
            label_visibility="collapsed",
            format_func=lambda place: literal(question.options[place].text),
        )  # fmt: skip
    places = range(len(question.options))
    st.markdown("\n".join(_after(question, place, done) for place in places))
    return done


def _after(question: Question, place: int, chosen: int) -> str:
    """One option once it is judged."""
    text = literal(question.options[place].text)
    right = f"**{text}** :material/check:" if place == question.right else text
    return f"- {right}{' · your choice' if place == chosen else ''}"


def _one(question: Question, key: str) -> None:
    chosen = options(question, key)
    if key in lesson_state.answers() and chosen is not None and chosen != question.right:
        mistake = literal(question.options[chosen].mistake, LONGEST)
        st.markdown(f":material/lightbulb: {mistake}")


def _check(shown: Lesson, key: str, questions: tuple[Question, ...]) -> None:
    chosen = [st.session_state[f"choice {key} {place}"] for place in range(len(questions))]
    for place, choice in enumerate(chosen):
        lesson_state.answers()[f"{key} {place}"] = choice
    right = sum(one.right == choice for one, choice in zip(questions, chosen, strict=True))
    lesson_state.mark(shown, Progress(right=right))


def _forget(key: str, count: int) -> None:
    for place in range(count):
        lesson_state.answers().pop(f"{key} {place}", None)
        st.session_state.pop(f"choice {key} {place}", None)
