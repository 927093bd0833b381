"""A teacher's sheet: a lesson as one HTML file to print, with the answers computed."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from explorer.learn.lesson import Exercise, Lesson, Scene, Step
from explorer.learn.mathml import mathml
from explorer.learn.questions import Question
from explorer.learn.wording import parts_of

STYLE = """
body { font: 11pt/1.45 Georgia, serif; max-width: 46em; margin: 2em auto; padding: 0 1em;
  color: #111; background: #fff; }
h1 { margin-bottom: 0; } h2 { margin: 1.6em 0 .3em; font-size: 1.15em; }
section { break-inside: avoid; } ol { margin: .3em 0; } li.right { font-weight: bold; }
li small { font-weight: normal; display: block; color: #444; }
.say { border-left: 3px solid #999; padding-left: .8em; font-style: italic; }
.formula { display: flex; flex-wrap: wrap; place-content: center; align-items: center;
  gap: .5em 2em; margin: .8em 0; }
.formula math { margin: 0; } .note, footer { color: #444; font-size: .85em; }
"""


def sheet_html(lesson: Lesson, scene: Scene) -> str:
    """The whole sheet: goals, then each step with its answer and what to say, then the quiz."""
    space = scene.space
    where = lesson.data or f"{space.name}, {len(space):,} × {space.dimensions}, item {scene.item}"
    steps = "".join(
        _step(number, step, step.work(scene)) for number, step in enumerate(lesson.steps, start=1)
    )
    quiz = "".join(_question(ask(scene)) for ask in lesson.quiz)
    goals = "".join(f"<li>{escape(goal)}</li>" for goal in lesson.goals)
    place = {"space": space.name, "focus": scene.item, "lesson": lesson.key, "step": 1}
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(lesson.title)}'
        f"</title><style>{STYLE}</style><h1>{escape(lesson.title)}</h1>"
        f"<p>{escape(lesson.promise)} About {lesson.minutes} minutes, {len(lesson.steps)} steps "
        f"and a quiz; on {escape(where)}.</p><h2>Goals</h2><ul>{goals}</ul>{steps}"
        f"<section><h2>Quiz</h2>{quiz}</section><footer><p>Source of the vectors: "
        f"{escape(str(space.provenance))}. Every answer on this sheet was computed from them; on "
        f"another space, or another item, answers may differ. Digest {space.digest}. Link: "
        f"{escape(f'lessons?{urlencode(place)}')}</p></footer></html>\n"
    )


def _step(number: int, step: Step, exercise: Exercise) -> str:
    return (
        f"<section><h2>{number}. {escape(step.title)}</h2><p>{escape(step.text)}</p>"
        f"{_question(exercise.question)}"
        f"<p>{escape(exercise.found)} {escape(exercise.why)}</p>"
        f'<div class="formula">{"".join(map(mathml, parts_of(exercise.formula)))}</div>'
        f"<p><b>Picture:</b> {escape(exercise.picture.alt)}</p>"
        f'<p class="say">{escape(step.say)}</p>'
        f'<p class="note">Computed: {escape(exercise.note)}.</p></section>'
    )


def _question(question: Question) -> str:
    """The options with the right one in bold, and under each other the mistake behind it."""
    lines = []
    for place, option in enumerate(question.options):
        if place == question.right:
            lines.append(f'<li class="right">{escape(option.text)} (right)</li>')
        else:
            lines.append(f"<li>{escape(option.text)}<small>{escape(option.mistake)}</small></li>")
    return f"<p><b>{escape(question.text)}</b></p><ol>{''.join(lines)}</ol>"
