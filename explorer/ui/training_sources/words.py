"""Words to train: a toy corpus with known truth, or a text of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from explorer.evaluation.analogy_accuracy import analogy_accuracy
from explorer.evaluation.word_similarity import word_similarity
from explorer.items import Items
from explorer.training import OBJECTIVES
from explorer.training.corpus import Corpus, CorpusSettings, read_corpus
from explorer.training.progress import Trainer
from explorer.training.tokenizer import TOKENIZERS
from explorer.ui.settings_form import settings_form
from explorer.ui.text import literal
from explorer.ui.training_session import Plan
from explorer.ui.training_sources.uploads import read_once

if TYPE_CHECKING:
    from explorer.training.toy_corpus import ToyCorpus

WORD_SETTINGS = ("dimensions", "window", "epochs", "negatives", "learning_rate")
TOY_WATCHED = ("king", "paris", "cat")


def toy_words() -> Plan:
    """The corpus of our own grammar."""
    toy = _toy()
    corpus = toy.corpus
    st.caption(
        f"{corpus.read_words:,} words of {len(corpus.words):,} kinds from a small grammar of our "
        "own (seed 1), in which gender, number, capitals and kinds leave their traces: the "
        "analogies are known, so one can see whether they come out."
    )
    lines = "from explorer.training.toy_corpus import toy_corpus\ncorpus = toy_corpus().corpus"
    return _word_plan(
        corpus, "the toy corpus", lines, TOY_WATCHED, facts=_small_world_kinds,
        report=lambda trainer: _truth_found(trainer, toy), toy=True,
    )  # fmt: skip


def own_text() -> Plan | None:
    """A text that the visitor uploads; None until there is one."""
    file = st.file_uploader("A text: plain, .gz, .xz, .bz2 or .zip", key="train_text")
    left, right = st.columns(2)
    tokenizer = left.selectbox("Words are cut by", list(TOKENIZERS), key="train_tokenizer")
    lowercase = left.checkbox("Lower-case", True, key="train_lowercase")
    min_count = right.number_input("Rarest word kept comes", 1, None, 5, key="train_min_count")
    most = right.number_input("Words at most (0: all)", 0, None, 20_000, 1_000, key="train_most")
    if file is None:
        st.info("Upload a text. Some 100,000 words show something, a million show more.")
        return None
    settings = CorpusSettings(
        tokenizer=tokenizer, lowercase=lowercase, min_count=int(min_count),
        max_size=int(most) or None,
    )  # fmt: skip
    corpus = read_once("train_corpus", file, settings, lambda: read_corpus(file, settings=settings))
    left_out = corpus.read_words - len(corpus.ids)
    st.caption(
        f"{corpus.read_words:,} words read, {len(corpus.words):,} kinds kept; {left_out:,} words "
        f"left out, of {corpus.dropped_types:,} kinds that are rarer or beyond the limit."
    )
    lines = (
        "from explorer.training.corpus import read_corpus\n"
        f"corpus = read_corpus({file.name!r}, tokenizer={tokenizer!r}, lowercase={lowercase}, "
        f"min_count={int(min_count)}, max_size={settings.max_size})"
    )
    watched = tuple(corpus.words[place] for place in (20, 60, 180) if place < len(corpus.words))
    return _word_plan(corpus, literal(file.name), lines, watched)


@st.cache_resource(max_entries=1, show_spinner="Writing the toy corpus …")
def _toy() -> ToyCorpus:
    """The grammar's corpus, the same for all visitors."""
    from explorer.training.toy_corpus import toy_corpus

    return toy_corpus()


def _truth_found(trainer: Trainer, toy: ToyCorpus) -> dict[str, list[Any]]:
    """The grammar's own analogies and likenesses, beside what chance would find."""
    space = trainer.space()
    answered = analogy_accuracy(space, toy.questions)
    likeness = word_similarity(space, toy.pairs)
    return {
        "measure": ["analogies answered (3CosAdd, inputs dropped)", "rank correlation of pairs"],
        "value": [answered.accuracy, likeness.correlation],
        "95 % interval": [_interval(answered.interval), _interval(likeness.interval)],
        "by chance": [f"{answered.chance:.4f}", f"within ± {likeness.chance:.2f}"],
    }


def _interval(bounds: tuple[float, float]) -> str:
    return f"{bounds[0]:.3f} to {bounds[1]:.3f}"


def _word_plan(
    corpus: Corpus,
    source: str,
    lines: str,
    watched: tuple[str, ...],
    *,
    facts: Callable[[Items], dict[str, Any]] = lambda items: {},
    report: Callable[[Trainer], dict[str, list[Any]]] | None = None,
    toy: bool = False,
) -> Plan:
    name = st.selectbox(
        "Objective", list(OBJECTIVES), key="train_objective",
        format_func=lambda key: OBJECTIVES[key].title,
    )  # fmt: skip
    objective = OBJECTIVES[name]
    st.caption(objective.summary)
    chosen = settings_form(
        objective.load_class(objective.settings), key=f"train_{name}", main=WORD_SETTINGS
    )  # fmt: skip
    arguments = ", ".join(f"{field}={value!r}" for field, value in chosen.items())
    python = (
        f"{lines}\nfrom explorer.training import OBJECTIVES\nobjective = OBJECTIVES[{name!r}]\n"
        f"trainer = objective.make_trainer(corpus, objective.make_settings({arguments}))\n"
        "while not trainer.done:\n    trainer.advance()\nspace = trainer.space()"
    )
    return Plan(
        title=f"{objective.title} on {source}",
        make=lambda: objective.make_trainer(corpus, objective.make_settings(**chosen)),
        python=python,
        settings={"objective": name, "corpus": corpus.digest, **chosen},
        watched=watched,
        facts=facts,
        report=report,
        toy=toy,
    )


def _small_world_kinds(items: Items) -> dict[str, Any]:
    """The kind of each word of the toy grammar; what only keeps company is a "companion"."""
    from explorer.ui import cached

    world = cached.bundled_space("small-world")
    kinds = world.metadata["kind"]
    rows = [world.items.get(word) for word in items]
    return {"kind": ["companion" if row is None else str(kinds[row]) for row in rows]}
