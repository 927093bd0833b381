"""The list of lessons: a card each, with its promise, its minutes and how far one is."""

from __future__ import annotations

import streamlit as st

from explorer.learn.course import LESSONS
from explorer.learn.lesson import Lesson
from explorer.learn.progress import Progress
from explorer.ui import lesson_state

ACROSS = 3


def overview() -> None:
    """All lessons, in the order in which they build on one another."""
    done = sum(lesson_state.progress().get(one.key, Progress()).share(one) == 1 for one in LESSONS)
    st.markdown(
        "Predict first, then look: each step asks what you expect, and shows what the open space "
        f"says. **{done} of {len(LESSONS)}** lessons done; the address of this page keeps how far "
        "you are."
    )
    for start in range(0, len(LESSONS), ACROSS):
        columns = st.columns(ACROSS)
        for column, place in zip(columns, range(start, start + ACROSS), strict=True):
            if place < len(LESSONS):
                with column.container(border=True, key=f"lesson_card_{LESSONS[place].key}"):
                    _card(LESSONS[place], place + 1)


def _card(shown: Lesson, number: int) -> None:
    one = lesson_state.progress().get(shown.key, Progress())
    share = one.share(shown)
    st.markdown(f"**{number} · {shown.title}**")
    st.caption(shown.promise)
    quiz = "" if one.right is None else f" · quiz {one.right} of {len(shown.quiz)}"
    st.progress(share, f"{len(one.steps)} of {len(shown.steps)} steps{quiz}")
    still = (n for n in range(1, len(shown.steps) + 2) if n not in one.steps)
    label = "Begin" if share == 0 else "Again" if share == 1 else "Go on"
    at = 1 if share == 1 else next(still)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            label, key=f"lesson_open_{shown.key}", icon=":material/play_arrow:",
            type="secondary" if share == 1 else "primary",
            on_click=lesson_state.go, args=(shown, at),
        )  # fmt: skip
        st.caption(f"{shown.minutes} minutes")
