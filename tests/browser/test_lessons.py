"""A visitor walks a lesson from start to end, and takes the progress along in a link."""

from __future__ import annotations

from explorer.learn.course import LESSONS
from explorer.learn.lesson import Lesson


def press(visit, key: str) -> None:
    visit.page.locator(f".st-key-{key} button:enabled").click()


def walk(visit, lesson: Lesson) -> None:
    """Predict the first option of each step, reveal, go on; the quiz at the end."""
    page = visit.page
    press(visit, f"lesson_open_{lesson.key}")
    for number in range(1, len(lesson.steps) + 1):
        visit.says(f"Step {number} of {len(lesson.steps)}")
        visit.settled()
        if page.locator(".st-key-lesson_space").count():
            press(visit, "lesson_space")
        page.locator('[data-testid="stRadio"] [role="radiogroup"] label').first.click()
        visit.settled()
        press(visit, "lesson_reveal")
        page.locator('[data-testid="stMain"] .katex').first.wait_for()
        assert not page.locator(".katex-error").count()
        press(visit, "lesson_next")
    visit.link_says("step=quiz")
    quiz = page.locator('[data-testid="stRadio"]')
    quiz.nth(len(lesson.quiz) - 1).wait_for()
    for place in range(len(lesson.quiz)):
        quiz.nth(place).locator('[role="radiogroup"] label').first.click()
    press(visit, "quiz_check")
    visit.says(f"of {len(lesson.quiz)} right")
    press(visit, "lesson_list")


def test_a_lesson_is_walked_from_start_to_end_and_the_link_keeps_it(visit):
    visit.open("/lessons?space=small-world")
    walk(visit, LESSONS[0])  # tests/pages walks them all
    told = f"1 of {len(LESSONS)} lessons done"
    visit.says(told)
    visit.link_says(f"done={LESSONS[0].key}")
    visit.settled()
    visit.page.reload()
    visit.says(told)


def test_back_leads_from_a_step_to_the_one_before_and_to_the_list(visit):
    visit.open("/lessons?space=small-world")
    press(visit, "lesson_open_vector")
    visit.link_says("step=1")
    visit.settled()
    press(visit, "lesson_next")
    visit.link_says("step=2")
    visit.settled()
    visit.page.go_back()
    visit.says("Step 1 of")
    visit.page.go_back()
    visit.says("Predict first, then look")
