"""What the Neighbours page asks for: an item, several items, any word, or a pasted vector."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import streamlit as st

from explorer.errors import ExplorerError
from explorer.space import EmbeddingSpace, FloatArray
from explorer.ui import filtered, unknown_words
from explorer.ui.linked import linked
from explorer.ui.state import current, picked
from explorer.ui.text import literal

FOCUS, ITEMS, WORD, VECTOR = "Focus", "Items", "Word", "Vector"
MOST_ITEMS = 100
MOST_CHARACTERS = 200_000


@dataclass(frozen=True, eq=False)
class Query:
    """A query in words and numbers.

    items : the rows it is made of; empty for a vector that belongs to no item
    vector : (d,) where it was pasted or composed, else None
    title : "king", "king, queen and 2 more", "the pasted vector", "kingish, composed"
    python : the lines after which `query` is the vector
    """

    items: tuple[int, ...]
    vector: FloatArray | None
    title: str
    python: str = "query = ...  # the numbers that were pasted"


def parse_vector(text: str, dimensions: int) -> FloatArray:
    """Numbers separated by spaces, commas, semicolons or line breaks, brackets around or not."""
    if len(text) > MOST_CHARACTERS:
        raise ExplorerError(f"A pasted vector may hold {MOST_CHARACTERS:,} characters.")
    words = [word for word in re.split(r"[\s,;\[\]()]+", text) if word]
    numbers = []
    for place, word in enumerate(words, start=1):
        try:
            numbers.append(float(word))
        except ValueError:
            raise ExplorerError(
                f"Number {place} of the pasted vector is {word[:40]!r}. Paste numbers only, "
                "separated by spaces or commas."
            ) from None
    if len(numbers) != dimensions:
        raise ExplorerError(
            f"The space has {dimensions} dimensions; the pasted vector has {len(numbers)} numbers."
        )
    vector = np.array(numbers, dtype=np.float64)
    if not np.isfinite(vector).all():
        raise ExplorerError("The pasted vector holds nan or inf; each number must be finite.")
    if np.abs(vector).max() > np.finfo(np.float32).max:
        raise ExplorerError("A number of the pasted vector is too large for float32 (3.4e38).")
    return vector.astype(np.float32)


def parse_items(text: str, space: EmbeddingSpace) -> tuple[int, ...]:
    """Item names, one a line (or separated by commas, where the whole line is no item)."""
    rows: dict[int, None] = {}
    for line in text.splitlines():
        name = line.strip()
        if not name:
            continue
        whole = space.items.get(name)
        names = [name] if whole is not None else [part.strip() for part in name.split(",")]
        for part in filter(None, names):
            rows[space.row(part)] = None
    if len(rows) > MOST_ITEMS:
        raise ExplorerError(f"At most {MOST_ITEMS} items make one query; got {len(rows):,}.")
    return tuple(rows)


def ask(space: EmbeddingSpace) -> Query | None:
    """The page's controls for a query; None while there is nothing to ask."""
    kinds = [FOCUS, ITEMS, WORD, VECTOR]
    linked("by", "query_kind", FOCUS, kinds.__contains__)
    kind = st.segmented_control("Query by", kinds, key="query_kind", width="stretch", required=True)
    if kind == ITEMS:
        named = [row for row in [picked.focus_row(), *picked.pinned_rows()] if row is not None]
        key = f"query_items_{space.name}"
        linked("items", key, "\n".join(space.items.take(dict.fromkeys(named))), bool)
        text = st.text_area(
            "Items, one a line", key=key, max_chars=20_000,
            help="Filled with the focus and the pins. Their mean is the query.",
        )  # fmt: skip
        rows = parse_items(text, space)
        if not rows:
            st.info("Type the items, one a line.")
            return None
        names = space.items.take(rows)
        title = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        return Query(rows, None, title)
    if kind == WORD:
        return _any_word(space)
    if kind == VECTOR:
        text = st.text_area(
            f"{space.dimensions} numbers", key="query_vector", max_chars=MOST_CHARACTERS,
            placeholder="0.12 -0.4 …  or  [0.12, -0.4, …]",
        )  # fmt: skip
        if not text.strip():
            st.info(f"Paste a vector of {space.dimensions} numbers.")
            return None
        return Query((), parse_vector(text, space.dimensions), "the pasted vector")
    return _focus(space)


def _focus(space: EmbeddingSpace) -> Query | None:
    """The item in focus, which may be one that a filter hides: it is asked by its vector then."""
    row, name = picked.focus_row(), current.view().focus
    if row is not None:
        return Query((row,), None, name)
    whole = filtered.whole(space)
    if name not in whole.items:
        st.info("Press / and type a name, or click a dot on the map.")
        return None
    st.caption(f"{literal(name)} does not pass the filter; it is compared with those that do.")
    return Query((), whole.vector(name), name, f"query = whole.vector({name!r})")


def _any_word(space: EmbeddingSpace) -> Query | None:
    """A word that the space need not hold."""
    word = unknown_words.word_box(f"query_word_{space.name}")
    composer = unknown_words.choose(space, f"query_composer_{space.name}")
    if not word:
        st.info("Type a word, whether the space holds it or not.")
        return None
    if composer is None or word in space.items:
        row = space.row(word)  # or tells what is spelled alike
    if composer is not None:
        unknown_words.made_of(space, composer, word)
        if word not in space.items:
            lines = unknown_words.python_of(composer, word)
            return Query((), composer.compose(word), f"{word}, composed", lines)
    return Query((row,), None, space.items[row])
