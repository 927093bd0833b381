"""Texts that words are learned from: the toy corpus with its known truth, or one's own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from explorer import opened_file
from explorer.items import Items
from explorer.limits import UPLOAD
from explorer.opened_file import OpenedCorpus
from explorer.training.corpus import Corpus, CorpusSettings, read_corpus
from explorer.training.tokenizer import TOKENIZERS
from explorer.ui import warm
from explorer.ui.text import literal
from explorer.ui.training_sources.uploads import read_once

if TYPE_CHECKING:
    from explorer.training.toy_corpus import ToyCorpus


COMMAND_LINE = "Text of the command line"


@dataclass(frozen=True, eq=False)
class TextSource:
    """A text that was chosen.

    title : "the toy corpus", or the file's name for Markdown
    python : the lines after which `corpus` is this text
    truth : what is known of the toy corpus; None for others
    facts : metadata columns for its words
    """

    corpus: Corpus
    title: str
    python: str
    truth: ToyCorpus | None = None
    facts: Callable[[Items], dict[str, Any]] = field(default=lambda items: {})


def toy_source() -> TextSource:
    """The corpus of our own grammar."""
    toy = _toy()
    corpus = toy.corpus
    st.caption(
        f"{corpus.read_words:,} words of {len(corpus.words):,} kinds from a small grammar of our "
        "own (seed 1), in which gender, number, capitals and kinds leave their traces: the "
        "analogies are known, so one can see whether they come out."
    )
    python = "from explorer.training.toy_corpus import toy_corpus\ncorpus = toy_corpus().corpus"
    return TextSource(corpus, "the toy corpus", python, toy, _small_world_kinds)


def own_source() -> TextSource | None:
    """A text that the visitor uploads; None until there is one."""
    file = st.file_uploader("A text: plain, .gz, .xz, .bz2 or .zip", key="train_text")
    settings = _cut()
    if file is None:
        st.info("Upload a text. Some 100,000 words show something, a million show more.")
        return None
    corpus = read_once("train_corpus", file, settings, lambda: _read(file, settings))
    return _told(corpus, settings)


def command_line_text() -> OpenedCorpus | None:
    """The text that this server was started with: `python -m explorer --corpus FILE`."""
    return opened_file.parse_corpus(sys.argv[1:])


def command_line_source() -> TextSource | None:
    """That text, cut as the visitor chooses."""
    opened = command_line_text()
    if opened is None:
        return None
    st.caption(f"{literal(Path(opened.path).name)}, named on the command line.")
    settings = _cut()
    return _told(_server_text(opened.path, _stamp(opened.path), settings), settings)


def _cut() -> CorpusSettings:
    """How a text becomes words."""
    left, right = st.columns(2)
    tokenizer = left.selectbox("Words are cut by", list(TOKENIZERS), key="train_tokenizer")
    lowercase = left.checkbox("Lower-case", True, key="train_lowercase")
    min_count = right.number_input("Minimum count of a word", 1, None, 5, key="train_min_count")
    most = right.number_input("Words at most (0: all)", 0, None, 20_000, 1_000, key="train_most")
    return CorpusSettings(
        tokenizer=tokenizer, lowercase=lowercase, min_count=int(min_count),
        max_size=int(most) or None,
    )  # fmt: skip


def _told(corpus: Corpus, settings: CorpusSettings) -> TextSource:
    """Say what was read and what was left out."""
    left_out = corpus.read_words - len(corpus.ids)
    st.caption(
        f"{corpus.read_words:,} words read, {len(corpus.words):,} kinds kept; {left_out:,} words "
        f"left out, of {corpus.dropped_types:,} kinds that are rarer or beyond the limit."
    )
    python = (
        "from explorer.training.corpus import read_corpus\n"
        f"corpus = read_corpus({corpus.name!r}, tokenizer={settings.tokenizer!r}, "
        f"lowercase={settings.lowercase}, min_count={settings.min_count}, "
        f"max_size={settings.max_size})"
    )
    return TextSource(corpus, literal(corpus.name), python)


@st.cache_resource(max_entries=2, show_spinner="Reading the text …")
def _server_text(path: str, stamp: tuple[int, int], settings: CorpusSettings) -> Corpus:
    """A text of this server, read once for all visitors; anew when the file has changed."""
    warm.make_ready("training.corpus")
    return read_corpus(path, settings=settings)


def _stamp(path: str) -> tuple[int, int]:
    try:
        told = Path(path).stat()
    except OSError:
        return 0, 0  # reading it says what is wrong
    return told.st_mtime_ns, told.st_size


def _read(file: Any, settings: CorpusSettings) -> Corpus:
    warm.make_ready("training.corpus")
    return read_corpus(file, settings=settings, limits=UPLOAD)


@st.cache_resource(max_entries=1, show_spinner="Writing the toy corpus …")
def _toy() -> ToyCorpus:
    """The grammar's corpus, the same for all visitors."""
    from explorer.training.toy_corpus import toy_corpus

    return toy_corpus()


def _small_world_kinds(items: Items) -> dict[str, Any]:
    """The kind of each word of the toy grammar; what only keeps company is a "companion"."""
    from explorer.ui import cached

    world = cached.bundled_space("small-world")
    kinds = world.metadata["kind"]
    rows = [world.items.get(word) for word in items]
    return {"kind": ["companion" if row is None else str(kinds[row]) for row in rows]}
