"""What holds for every lesson on every bundled space; each lesson's own facts stand in lessons/."""

from __future__ import annotations

import re
from html import escape, unescape

import pytest

from explorer.catalog import bundled, open_bundled
from explorer.learn.course import LESSONS, lesson_of
from explorer.learn.lesson import Scene
from explorer.learn.mathml import mathml
from explorer.learn.progress import Progress, from_text, to_text
from explorer.learn.questions import Option, closest, mixed
from explorer.learn.sheet import sheet_html
from explorer.learn.wording import named, parts_of, tex
from explorer.plots.lessons import figure
from explorer.warm_up import tasks


@pytest.fixture(scope="module", params=list(bundled()))
def scene(request) -> Scene:
    space = open_bundled(request.param)
    return Scene(space, space.row(bundled()[request.param].default_focus))


def lessons():
    return pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.key)


def check_question(question):
    assert 2 <= len(question.options) <= 4
    assert 0 <= question.right < len(question.options)
    texts = [option.text for option in question.options]
    assert len(set(texts)) == len(texts)
    assert all(texts)
    wrong = [one for place, one in enumerate(question.options) if place != question.right]
    assert all(option.mistake.endswith((".", "?")) for option in wrong)
    assert question.text.endswith(("?", "…"))


def sentences(text):
    return len(re.findall(r"[.?!](?=\s|$)", text))


@lessons()
def test_a_lesson_serves_a_bundled_space_or_says_which_one_does(lesson, scene):
    missed = lesson.misses(scene)
    assert missed == "" or missed.endswith(".")
    own = open_bundled(lesson.space)
    assert lesson.misses(Scene(own, 0)) == ""


@lessons()
def test_every_step_asks_judges_and_shows(lesson, scene):
    if lesson.misses(scene):
        return
    assert 5 <= len(lesson.steps) <= 8
    for step in lesson.steps:
        exercise = step.work(scene)
        check_question(exercise.question)
        assert exercise.found.endswith(".")
        assert 1 <= sentences(exercise.why) <= 2, exercise.why
        assert re.search(r"\d", exercise.formula), exercise.formula
        assert exercise.picture.alt
        assert exercise.note
        assert step.say


@lessons()
def test_the_answers_of_a_quiz_are_computed(lesson, scene):
    if lesson.misses(scene):
        return
    assert 3 <= len(lesson.quiz) <= 5
    for ask in lesson.quiz:
        check_question(ask(scene))


@lessons()
def test_the_sheet_holds_every_step_and_every_right_answer(lesson):
    space = open_bundled(lesson.space)
    scene = Scene(space, space.row(bundled()[lesson.space].default_focus))
    sheet = sheet_html(lesson, scene)
    assert sheet.count("(right)") == len(lesson.steps) + len(lesson.quiz)
    formulas = re.findall(r'<div class="formula">(.+?)</div>', sheet, re.DOTALL)
    assert len(formulas) == len(lesson.steps)
    assert all(formula.startswith("<math ") and "\\" not in formula for formula in formulas)
    for step in lesson.steps:
        assert escape(step.title) in sheet
    assert space.digest in sheet


@pytest.mark.parametrize("name", [r"a\b_{c}^~", "<script>", "5 % & $1 #2", "}{", "日本"])
def test_a_name_stands_in_a_drawn_formula_to_the_letter(name):
    drawn = mathml(rf"\cos(v_{{{tex(name)}}}, y) = 0.5 \text{{ of }} 1")
    assert unescape(re.findall("<mtext>(.+?)</mtext>", drawn)[0]) == name
    assert "<script" not in drawn


def test_lessons_have_keys_of_their_own_that_fit_a_link():
    keys = [lesson.key for lesson in LESSONS]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z-]{2,8}", key) for key in keys)
    everything = {
        lesson.key: Progress(frozenset(range(1, len(lesson.steps) + 1)), len(lesson.quiz))
        for lesson in LESSONS
    }
    assert len(to_text(everything)) * 12 / len(LESSONS) < 200


def test_progress_comes_back_from_a_link():
    first = LESSONS[0]
    progress = {first.key: Progress(frozenset({1, 3}), 2)}
    assert to_text(progress) == f"{first.key}.5.2"
    assert from_text(to_text(progress), LESSONS) == progress


@pytest.mark.parametrize(
    "text", ["", "x", "nothing.3", "vector", "vector.zz", "vector.-1", "a.b.c.d"]
)
def test_what_is_no_progress_is_ignored(text):
    assert from_text(text, LESSONS) == {}


def test_steps_and_answers_beyond_those_there_are_do_not_count():
    found = from_text(f"{LESSONS[0].key}.ffff.99", LESSONS)[LESSONS[0].key]
    assert found == Progress(frozenset(range(1, len(LESSONS[0].steps) + 1)), len(LESSONS[0].quiz))
    assert found.share(LESSONS[0]) == 1


def test_an_unknown_key_is_no_lesson():
    assert lesson_of("nothing") is None


def test_the_right_option_is_found_wherever_the_order_puts_it():
    question = mixed("Which?", "b", Option("a", "No."), Option("c", "No."), Option("b", "No."))
    assert question.answer == "b"
    assert len(question.options) == 3
    assert mixed("Which?", "b", Option("c", "No."), Option("a", "No.")).options == question.options


def test_names_are_cut_in_sentences_and_escaped_in_formulas():
    assert named("king") == "“king”"
    assert len(named("x" * 100)) == 26
    assert tex("a_b%{}") == r"\text{a\_b\%\{\}}"
    assert closest(0.4, (1, 0.5, 0)) == 1


def test_a_formula_is_cut_at_its_wide_gaps():
    assert parts_of(r"a = 1, \quad b: \qquad \text{c}") == ["a = 1,", "b:", r"\text{c}"]


def test_what_is_no_picture_is_refused():
    with pytest.raises(TypeError, match="no picture"):
        figure("text")


@lessons()
def test_the_kernels_of_a_lesson_are_tasks_of_the_warm_up(lesson):
    assert set(lesson.kernels) <= set(tasks())
