"""One lesson: where one is, the step with its prediction and its reveal, or the quiz."""

from __future__ import annotations

import streamlit as st

from explorer import catalog
from explorer.learn.lesson import Exercise, Lesson, Scene
from explorer.learn.progress import Progress
from explorer.learn.questions import Question
from explorer.learn.sheet import sheet_html
from explorer.learn.wording import parts_of
from explorer.ui import lesson_state, warm
from explorer.ui.lesson_pictures import draw
from explorer.ui.lesson_quiz import options, quiz
from explorer.ui.state import current, opening, picked
from explorer.ui.text import literal

CONTROLS = {  # of the sidebar, by the rule that finds them
    "space": ".st-key-pick_space",
    "search": ".st-key-search",
    "map": ".st-key-pick_map",
    "colour": ".st-key-pick_colour",
    "metric": ".st-key-pick_metric",
    "filter": '[data-testid="stSidebar"] [data-testid="stExpander"]',
}
LAYOUT = """
.st-key-lesson_header { margin-top: 1.25rem; }
.st-key-lesson_header h1 { font-size: 1.75rem; padding: 0.5rem 0 1rem; }
[data-testid="stMainBlockContainer"] { padding-bottom: 1rem; }
.st-key-lesson_formula { row-gap: 0.75rem; }
.st-key-lesson_formula .katex-display { margin: 0.4em 0; }
"""
LONGEST = 2_000


def scene() -> Scene:
    """The open space and the item looked at, the first where none is."""
    row = picked.focus_row()
    return Scene(current.space(), 0 if row is None else row)


def lesson(shown: Lesson) -> None:
    """Its header, then the step or the quiz; a way to a space that can serve where this cannot."""
    _hide_controls(shown)
    now = scene()
    _header(shown, now)
    missed = shown.misses(now)
    if missed:
        _another_space(shown, missed)
        return
    if lesson_state.at_quiz(shown):
        quiz(shown, now)
    else:
        _step(shown, lesson_state.step(), now)


def _hide_controls(shown: Lesson) -> None:
    """Of the sidebar's controls, those that this lesson has no use for."""
    hidden = ", ".join(rule for name, rule in CONTROLS.items() if name not in shown.controls)
    st.html(f"<style>{hidden} {{ display: none; }} {LAYOUT}</style>")


def _header(shown: Lesson, now: Scene) -> None:
    """The title, how far one is, and the buttons, always in the same place."""
    number, last = lesson_state.step(), len(shown.steps) + 1
    place = "Quiz" if number == last else f"Step {number} of {last - 1}"
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key="lesson_header"
    ):
        st.title(shown.title, anchor=False)
        st.space("stretch")
        st.button(
            "All lessons", key="lesson_list", icon=":material/apps:", type="tertiary",
            on_click=lesson_state.go, args=(None,),
        )  # fmt: skip
        with st.popover("Teacher", icon=":material/school:", type="tertiary"):
            _teacher(shown, now)
        st.button(
            "Back", key="lesson_back", icon=":material/arrow_back:", disabled=number == 1,
            on_click=lesson_state.go, args=(shown, number - 1),
        )  # fmt: skip
        revealed = number in lesson_state.progress().get(shown.key, Progress()).steps
        st.button(
            "Quiz" if number == last - 1 else "Next", key="lesson_next",
            icon=":material/arrow_forward:", icon_position="right",
            type="primary" if revealed else "secondary", disabled=number == last,
            on_click=lesson_state.go, args=(shown, number + 1),
        )  # fmt: skip
    st.progress((number - 1) / (last - 1), f"{place} · about {shown.minutes} minutes in all")


def _teacher(shown: Lesson, now: Scene) -> None:
    st.markdown("**Teacher's sheet**: goals, steps, questions, computed answers, what to say.")
    st.download_button(
        "Download (HTML, to print)", lambda: sheet_html(shown, now).encode(),
        f"lesson-{shown.key}.html", "text/html", on_click="ignore", key="lesson_sheet",
        icon=":material/print:", width="stretch", disabled=bool(shown.misses(now)),
    )  # fmt: skip
    st.caption(
        "The address of this page holds lesson, step, space and item: hand it out to have all "
        "begin here. Without its part done= the progress is empty."
    )


def _another_space(shown: Lesson, missed: str) -> None:
    st.info(literal(missed, LONGEST), icon=":material/info:")
    known = catalog.bundled()[shown.space]
    st.button(
        f"Open {known.title}", key="lesson_space", type="primary", icon=":material/folder_open:",
        on_click=opening.set_space, args=(shown.space,),
    )  # fmt: skip


@st.cache_resource(max_entries=64, show_spinner="Computing the step …")
def _worked(digest: str, row: int, key: str, number: int, _scene: Scene) -> Exercise:
    from explorer.learn.course import lesson_of

    shown = lesson_of(key)
    assert shown is not None
    return shown.steps[number - 1].work(_scene)


def _step(shown: Lesson, number: int, now: Scene) -> None:
    step, key = shown.steps[number - 1], lesson_state.question_key(shown, number, now)
    if not warm.is_ready(*shown.kernels):
        with st.spinner("Getting ready: kernels are compiled, once on a machine …"):
            warm.make_ready(*shown.kernels)
    exercise = _worked(now.space.digest, now.row, shown.key, number, now)
    chosen = lesson_state.answers().get(key)
    left, right = st.columns([5, 6], gap="large")
    with left:
        stop = "" if step.title.endswith("?") else "."
        st.markdown(f"**{step.title}{stop}** {literal(step.text, LONGEST)}")
        _ask(shown, number, exercise.question, key)
        if chosen is not None:
            _judge(exercise.question, chosen)
            st.markdown(literal(exercise.found, LONGEST))
            st.markdown(literal(exercise.why, LONGEST))
    with right:
        if chosen is not None:
            draw(exercise.picture, key=f"lesson_{shown.key}_{number}")
            _formula(exercise.formula)
        elif exercise.before is not None:
            draw(exercise.before, key=f"lesson_{shown.key}_{number}_before")
        else:
            with st.container(border=True, height=400, vertical_alignment="center"):
                st.markdown(
                    ":material/visibility_off: Predict first: the picture comes with the answer.",
                    text_alignment="center",
                )
    st.caption(_source(shown, exercise, now))


def _formula(formula: str) -> None:
    """Its parts in one line, or each in a line of its own where there is no room."""
    with st.container(
        horizontal=True, horizontal_alignment="center", vertical_alignment="center", gap="medium",
        key="lesson_formula",
    ):  # fmt: skip
        for part in parts_of(formula):
            st.latex(part, width="content")


def _ask(shown: Lesson, number: int, question: Question, key: str) -> None:
    """The question with its options, and the button that is on once one is chosen."""
    choice = options(question, key)
    if key not in lesson_state.answers():
        st.button(
            "Reveal", key="lesson_reveal", type="primary", icon=":material/visibility:",
            disabled=choice is None, on_click=_reveal, args=(shown, number, key),
        )  # fmt: skip


def _reveal(shown: Lesson, number: int, key: str) -> None:
    choice = st.session_state.get(f"choice {key}")
    if choice is not None:
        lesson_state.answers()[key] = choice
        lesson_state.mark(shown, Progress(frozenset({number})))


def _judge(question: Question, chosen: int) -> None:
    if chosen == question.right:
        st.success("As you predicted.", icon=":material/check_circle:")
    else:
        st.info(
            f"Not this time. {literal(question.options[chosen].mistake, LONGEST)}",
            icon=":material/lightbulb:",
        )


def _source(shown: Lesson, exercise: Exercise, now: Scene) -> str:
    """What was computed from what: the lesson's own data, or the open space and its item."""
    if not exercise.of_space:
        return literal(exercise.note, LONGEST)
    space = now.space
    where = f"**{literal(space.name)}** {len(space):,} × {space.dimensions}"
    data = literal(shown.data, LONGEST) or f"{where} · item: {literal(now.item)}"
    return f"{data} · {literal(exercise.note, LONGEST)}"
