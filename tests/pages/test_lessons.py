"""The Lessons page: the list, each lesson from start to end, links, another space, the sheet."""

from __future__ import annotations

import pytest

from explorer.catalog import open_bundled
from explorer.learn.course import LESSONS, lesson_of
from explorer.learn.lesson import Scene
from explorer.ui.try_it import TRIED
from tests.pages.conftest import opened
from tests.pages.test_pages import texts

PAGE = "pages/learn/lessons.py"


def keys(app) -> set[str]:
    return {one.key for one in app.button}


def choose(app, radio, place: int):
    """Take an option by its place; the boxes count places, not texts."""
    return radio.set_value(range(len(radio.options))[place])


def plain(app) -> str:
    return texts(app).replace("\\", "")


def at(app, lesson: str, step: int | str = 1, **params: str):
    """The app on a step, opened by a link."""
    opened(app, PAGE, **{"space": "small-world", **params})
    app.query_params["lesson"], app.query_params["step"] = lesson, str(step)
    app.run()
    assert not app.exception
    return app


def test_the_list_has_a_card_for_each_lesson(app):
    shown = opened(app, PAGE)
    assert keys(shown) >= {f"lesson_open_{lesson.key}" for lesson in LESSONS}
    assert all(lesson.promise in texts(shown) for lesson in LESSONS)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.key)
def test_a_lesson_is_walked_from_start_to_end(app, lesson):
    small = open_bundled("small-world")
    shown = at(
        app, lesson.key, space=lesson.space if lesson.misses(Scene(small, 0)) else small.name
    )
    for number, step in enumerate(lesson.steps, start=1):
        assert f"Step {number} of {len(lesson.steps)}" in shown.get("progress")[0].proto.text
        assert step.title in plain(shown)
        assert shown.button(key="lesson_reveal").disabled
        assert not shown.latex
        choose(shown, shown.radio[0], 0).run()
        shown.button(key="lesson_reveal").click().run()
        assert not shown.exception
        assert not shown.error
        assert shown.latex
        assert shown.success or shown.info
        assert "lesson_reveal" not in keys(shown)
        shown.button(key="lesson_next").click().run()
    assert shown.query_params["step"] == "quiz"
    for radio in shown.radio:
        choose(shown, radio, 0)
    shown.run().button(key="quiz_check").click().run()
    assert not shown.exception
    assert "quiz_again" in keys(shown)
    done = shown.query_params["done"]
    assert done.startswith(f"{lesson.key}.{2 ** len(lesson.steps) - 1:x}.")
    shown.button(key="lesson_list").click().run()
    assert f"**1 of {len(LESSONS)}** lessons done" in texts(shown)


def test_the_right_prediction_is_told_apart_from_a_mistake(app):
    space = open_bundled("small-world")
    step = lesson_of("vector").steps[0]
    question = step.work(Scene(space, space.row("queen"))).question
    shown = at(app, "vector")
    choose(shown, shown.radio[0], question.right).run()
    shown.button(key="lesson_reveal").click().run()
    assert [one.value for one in shown.success] == ["As you predicted."]


def test_a_mistake_is_named(app):
    space = open_bundled("small-world")
    question = lesson_of("vector").steps[0].work(Scene(space, space.row("queen"))).question
    wrong = (question.right + 1) % len(question.options)
    shown = at(app, "vector")
    choose(shown, shown.radio[0], wrong).run()
    shown.button(key="lesson_reveal").click().run()
    assert question.options[wrong].mistake in shown.info[0].value.replace("\\", "")
    assert not shown.success


def test_a_link_opens_a_step_and_another_item_asks_it_anew(app):
    shown = at(app, "metrics", 2, focus="king")
    assert "“king”" in plain(shown)
    choose(shown, shown.radio[0], 0).run()
    shown.button(key="lesson_reveal").click().run()
    shown.query_params["focus"] = "paris"
    shown.run()
    assert "“paris”" in plain(shown)
    assert shown.button(key="lesson_reveal").disabled


def test_what_was_done_stands_in_the_link_and_comes_back_from_it(app):
    shown = opened(app, PAGE)
    shown.query_params["done"] = "vector.3f.4_metrics.3_nothing.1"
    shown.run()
    said = texts(shown)
    assert f"**1 of {len(LESSONS)}** lessons done" in said
    assert shown.query_params["done"] == "vector.3f.4_metrics.3"


def test_back_to_an_address_without_a_lesson_leads_to_the_list(app):
    shown = at(app, "vector")
    del shown.query_params["lesson"]
    del shown.query_params["step"]
    shown.run()
    assert shown.title[0].value == "Lessons"


def test_an_unknown_lesson_is_told_and_the_list_shown(app):
    shown = at(app, "<b>nothing</b>")
    assert "not here" in shown.warning[0].value
    assert shown.title[0].value == "Lessons"


@pytest.mark.parametrize("step", ["0", "-1", "99", "x", "quiz"])
def test_a_step_that_is_not_there_leads_to_one_that_is(app, step):
    shown = at(app, "vector", step)
    assert not shown.exception
    assert shown.get("progress")


def test_a_lesson_that_this_space_cannot_serve_offers_one_that_can(app):
    shown = at(app, "negative", space="digits")
    assert "how often each word comes" in shown.info[0].value
    shown.button(key="lesson_space").click().run()
    assert shown.session_state["view"].space == "english"
    assert shown.button(key="lesson_reveal").disabled


def test_every_page_that_a_lesson_sends_on_to_is_there():
    assert {lesson.page for lesson in LESSONS} - {""} <= set(TRIED)
