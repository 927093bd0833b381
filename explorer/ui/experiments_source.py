"""What experiments are made on: a text, and lists with known answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from explorer.evaluation.lists import PairList, QuestionList, read_pairs, read_questions
from explorer.evaluation.word_tasks import WordTasks
from explorer.items import Items
from explorer.ui.text import literal
from explorer.ui.training_sources.choices import chosen_source
from explorer.ui.training_sources.corpora import (
    COMMAND_LINE,
    TextSource,
    command_line_source,
    command_line_text,
    own_source,
    toy_source,
)
from explorer.ui.training_sources.uploads import read_once

SOURCES: dict[str, Callable[[], TextSource | None]] = {
    "Toy corpus": toy_source,
    "Own text": own_source,
}  # and, before them, the text that the server was started with, where there is one


def chosen_text() -> TextSource | None:
    """A text to train on; None until there is one."""
    sources = SOURCES
    if command_line_text() is not None:
        sources = {COMMAND_LINE: command_line_source, **SOURCES}
    return sources[chosen_source(sources)]()


def chosen_lists(source: TextSource) -> tuple[WordTasks, list[str]]:
    """Lists of which the text has enough, and the lines of Python that make them.

    The toy corpus brings its own, made of what was put into it; others are uploaded.
    """
    left, right = st.columns(2)
    pairs_file = left.file_uploader(
        "Word pairs with scores", key="experiment_pairs",
        help="One a line: word, word, score, with tabs, spaces, commas or semicolons between, as "
        "WordSim-353 and SimLex-999 are published.",
    )  # fmt: skip
    questions_file = right.file_uploader(
        "Analogy questions", key="experiment_questions",
        help="One a line: a b c d, meaning a is to b as c is to d; groups begin with : name, as in "
        "Google's questions.",
    )  # fmt: skip
    pairs: list[PairList] = []
    questions: list[QuestionList] = []
    lines = [
        "from explorer.items import Items",
        "from explorer.evaluation.word_tasks import WordTasks",
    ]
    if source.truth is not None:
        pairs, questions = [source.truth.pairs], [source.truth.questions]
        lines += ["truth = toy_corpus()"]
    pair_names = ["truth.pairs"] if pairs else []
    question_names = ["truth.questions"] if questions else []
    if pairs_file is not None:
        pairs.append(_read("experiment_pairs_list", pairs_file, read_pairs))
        pair_names.append(f"read_pairs({pairs_file.name!r})")
    if questions_file is not None:
        questions.append(_read("experiment_questions_list", questions_file, read_questions))
        question_names.append(f"read_questions({questions_file.name!r})")
    if pairs_file is not None or questions_file is not None:
        lines += ["from explorer.evaluation.lists import read_pairs, read_questions"]
    lines += [f"tasks = WordTasks({_tuple(pair_names)}, {_tuple(question_names)})"]
    lines += ["tasks = tasks.usable(Items(corpus.words))"]
    tasks = WordTasks(tuple(pairs), tuple(questions))
    return _found(tasks, Items(source.corpus.words)), lines


def _read(slot: str, file: Any, read: Callable[..., Any]) -> Any:
    return read_once(slot, file, None, lambda: read(file, name=file.name))


def _tuple(names: list[str]) -> str:
    return "(" + ", ".join(names) + ("," if len(names) == 1 else "") + ")"


def _found(tasks: WordTasks, items: Items) -> WordTasks:
    """Say how much of each list the text has; without those of which it has too little."""
    covered = tasks.coverage(items)
    for one in covered:
        if not one.usable:
            st.warning(
                f"{literal(one.task)} is left out: {one.found:,} of its {one.total:,} lines have "
                "all their words in this text. Is it in the same language and spelling, and the "
                "rarest word kept not too frequent?",
                icon=":material/info:",
            )
    good = [one for one in covered if one.usable]
    if good:
        st.caption("Asked: " + " · ".join(literal(str(one)) for one in good))
    else:
        st.caption(
            "Without a list, time, memory and losses are compared, and nothing tells how good the "
            "vectors are."
        )
    return tasks.usable(items)
