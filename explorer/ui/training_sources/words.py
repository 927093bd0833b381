"""Words to train: a toy corpus with known truth, or a text of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from explorer.evaluation.analogy_accuracy import analogy_accuracy
from explorer.evaluation.word_similarity import word_similarity
from explorer.training import OBJECTIVES
from explorer.training.progress import Trainer
from explorer.ui.settings_form import settings_form
from explorer.ui.training_session import Plan
from explorer.ui.training_sources.choices import word_objective
from explorer.ui.training_sources.corpora import (
    TextSource,
    command_line_source,
    own_source,
    toy_source,
)
from explorer.ui.training_sources.objectives import keywords, python_training

if TYPE_CHECKING:
    from explorer.training.toy_corpus import ToyCorpus

WORD_SETTINGS = ("dimensions", "window", "epochs", "negatives", "learning_rate")
TOY_WATCHED = ("king", "paris", "cat")


def toy_words() -> Plan:
    """The corpus of our own grammar."""
    source = toy_source()
    return _word_plan(
        source, TOY_WATCHED, report=lambda trainer: _truth_found(trainer, source.truth)
    )


def own_text() -> Plan | None:
    """A text that the visitor uploads; None until there is one."""
    return _any_text(own_source())


def command_line_words() -> Plan | None:
    """The text that the server was started with."""
    return _any_text(command_line_source())


def _any_text(source: TextSource | None) -> Plan | None:
    if source is None:
        return None
    words = source.corpus.words
    return _word_plan(source, tuple(words[at] for at in (20, 60, 180) if at < len(words)))


def _truth_found(trainer: Trainer, toy: ToyCorpus | None) -> dict[str, list[Any]]:
    """The grammar's own analogies and likenesses, beside what chance would find."""
    assert toy is not None
    space = trainer.space()
    answered = analogy_accuracy(space, toy.questions)
    likeness = word_similarity(space, toy.pairs)
    return {
        "measure": ["analogies answered (3CosAdd, inputs dropped)", "rank correlation of pairs"],
        "value": [answered.accuracy, likeness.correlation],
        "95% interval": [_interval(answered.interval), _interval(likeness.interval)],
        "by chance": [f"{answered.chance:.4f}", f"within ± {likeness.chance:.2f}"],
    }


def _interval(bounds: tuple[float, float]) -> str:
    return f"{bounds[0]:.3f} to {bounds[1]:.3f}"


def _word_plan(
    source: TextSource,
    watched: tuple[str, ...],
    *,
    report: Callable[[Trainer], dict[str, list[Any]]] | None = None,
) -> Plan:
    name = word_objective("train_objective")
    objective = OBJECTIVES[name]
    st.caption(objective.summary)
    chosen = settings_form(
        objective.load_class(objective.settings), key=f"train_{name}", main=WORD_SETTINGS,
        in_link=True,
    )  # fmt: skip
    setup = (
        f"{source.python}\nfrom explorer.training import OBJECTIVES\n"
        f"objective = OBJECTIVES[{name!r}]"
    )
    make = f"objective.make_trainer(corpus, objective.make_settings({keywords(chosen)}))"
    corpus = source.corpus
    on = source.title if source.truth is not None else corpus.name
    return Plan(
        title=f"{objective.title} on {on}",
        make=lambda: objective.make_trainer(corpus, objective.make_settings(**chosen)),
        python=python_training(setup, make),
        settings={"objective": name, "corpus": corpus.digest, **chosen},
        watched=watched,
        facts=source.facts,
        report=report,
        toy=source.truth is not None,
        kernels=f"training.{name}",
    )
