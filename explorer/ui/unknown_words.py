"""Words that a space does not hold: the visitor chooses what stands for them, and sees it made."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explorer.composer import Composer, HashedWord, Subwords, UnknownWord
from explorer.errors import ExplorerError
from explorer.neighbors import neighbors_of
from explorer.space import EmbeddingSpace
from explorer.ui import cached
from explorer.ui.text import literal, number

NOTHING, UNKNOWN, HASHED, NGRAMS = "Nothing", "UNK vector", "Hashing trick", "Character n-grams"
TOLD = {
    NOTHING: "An unknown word has no vector; it is answered with those spelled alike.",
    UNKNOWN: "All unknown words share one vector, the mean of the {rarest} rarest items: what is "
    "rare and what is unknown may be alike. They cannot be told apart.",
    HASHED: "An unknown word gets one of {buckets:,} random directions, chosen by its hash, of "
    "the median length here: the same each time, and told apart from most others. Nothing about "
    "it is meant.",
    NGRAMS: "An unknown word is the mean of the vectors of its character n-grams, which were "
    "trained with the words: what is spelled alike lies alike.",
}
MOST_CHARACTERS = 100
MOST_NGRAMS = 200  # in the table
NEAREST = 10
BUCKETS, RAREST, SEED = 1_000, 100, 1


def choose(space: EmbeddingSpace, key: str) -> Composer | None:
    """The control; None where unknown words get no vector."""
    own = isinstance(space.composer, Subwords)
    names = [NOTHING, UNKNOWN, HASHED, *([NGRAMS] if own else [])]
    chosen = st.selectbox(
        "A word outside the vocabulary gets", names, len(names) - 1 if own else 0, key=key
    )
    rarest = min(RAREST, len(space))
    told = TOLD[chosen].format(rarest=rarest, buckets=BUCKETS)
    if not own:
        told += (
            " Character n-grams are offered where they were trained with the words: by Subwords on "
            "the Train page, or in fastText's .bin."
        )
    st.caption(told)
    return composer_of(space, chosen)


def composer_of(space: EmbeddingSpace, chosen: str) -> Composer | None:
    """What makes the vectors, by the name of the choice."""
    if chosen == UNKNOWN:
        return UnknownWord.of(space, RAREST)
    if chosen == HASHED:
        return HashedWord.of(space, BUCKETS, SEED)
    return space.composer if chosen == NGRAMS else None


def python_of(composer: Composer, word: str) -> str:
    """The lines after which `query` is the word's vector, where `space` is the space."""
    before, made = _made(composer)
    return f"{before}query = {made}.compose({word!r})"


def python_kept(composer: Composer | None) -> str:
    """The lines after which `space` has this composer; "" for n-grams, which it has already."""
    if isinstance(composer, Subwords):
        return ""
    before, made = ("", "None") if composer is None else _made(composer)
    return f"from dataclasses import replace\n{before}space = replace(space, composer={made})"


def _made(composer: Composer) -> tuple[str, str]:
    """The import that a composer needs, and the expression that makes it."""
    made = "space.composer"
    if isinstance(composer, UnknownWord):
        made = f"UnknownWord.of(space, {RAREST})"
    elif isinstance(composer, HashedWord):
        made = f"HashedWord.of(space, {BUCKETS}, {SEED})"
    else:
        return "", made
    return f"from explorer.composer import {type(composer).__name__}\n", made


def word_box(key: str) -> str:
    """The word that is asked about; "" while there is none."""
    return st.text_input(
        "Any word", key=key, max_chars=MOST_CHARACTERS, placeholder="kingliness"
    ).strip()  # fmt: skip


def made_of(space: EmbeddingSpace, composer: Composer, word: str) -> None:
    """How the vector of a word came about: for n-grams, the pull of each."""
    vector = composer.compose(word)
    length = number(float(np.linalg.norm(vector)))
    row = space.items.get(word)
    st.markdown(
        f"**{literal(word)}**, composed: {literal(composer.title)}; length {length} (the space's "
        f"median: {number(float(np.median(space.norms)))})."
    )
    if row is not None:
        own = space.vectors[row].astype(np.float64)
        wide = vector.astype(np.float64)
        scale = float(np.linalg.norm(own) * np.linalg.norm(wide)) or 1.0
        st.caption(
            f"The space holds {literal(word)} itself; its own vector and the composed one have "
            f"the cosine {number(float(own @ wide) / scale)}."
        )
    if isinstance(composer, Subwords):
        pulls = composer.pulls(word)
        shown = pulls[:MOST_NGRAMS]
        st.dataframe(
            {
                "n-gram": [one.ngram for one in shown],
                "pull": [one.share for one in shown],
                "dot": [one.dot for one in shown],
                "cosine": [one.cosine for one in shown],
                "norm": [one.norm for one in shown],
            },
            hide_index=True, height=240, key=f"pulls_{space.name}",
            column_config={"pull": st.column_config.NumberColumn(format="percent")},
        )  # fmt: skip
        st.caption(
            f"{len(pulls)} n-grams, the strongest first. Pull: how much of the vector's length "
            "along its own direction an n-gram brings; the pulls of a word sum to 100%. < and > "
            "are the word's beginning and end."
        )


def try_a_word(space: EmbeddingSpace, key: str) -> Composer | None:
    """The choice, and beneath it any word: how it is made and what lies nearest; the composer."""
    composer = choose(space, f"{key}_composer")
    word = word_box(f"{key}_word")
    if not word:
        return composer
    try:
        vector = space.vector(word) if composer is None else composer.compose(word)
        if composer is not None:
            made_of(space, composer, word)
        found = neighbors_of(space, vector, min(NEAREST, len(space)), metric="cosine")
    except ExplorerError as error:
        st.info(literal(str(error), 500), icon=":material/info:")
        return composer
    what = "its own vector" if composer is None else "the composed vector"
    usual = cached.usual_scores(space, "cosine") if len(space) > 1 else None
    st.dataframe(
        {
            f"nearest to {what}": space.items.take(found.indices[0].tolist()),
            "cosine": found.scores[0].tolist(),
        },
        hide_index=True, key=f"{key}_nearest",
    )  # fmt: skip
    if usual is not None:
        st.caption(f"Two random items have the cosine {number(usual.median)} (median, seed 0).")
    return composer
