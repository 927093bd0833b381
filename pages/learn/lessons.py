"""Lessons: what would you expect, and what does the space say?"""

import streamlit as st

from explorer.ui import lesson_state, lesson_view, lessons_view

lesson_state.read()
shown = lesson_state.lesson()
if shown is None:
    st.title("Lessons", anchor=False)
    lessons_view.overview()
else:
    lesson_view.lesson(shown)
lesson_state.write()
