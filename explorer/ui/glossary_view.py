"""The glossary page: terms by topic or by search, each with a way to try it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from explorer.learn.glossary import TOPICS, find_terms, term_named
from explorer.learn.term import Term
from explorer.ui.state import address_bar
from explorer.ui.text import literal
from explorer.ui.try_it import try_it

SEARCH = "glossary_search"
TOPIC = "glossary_topic"
MOST_SEARCH = 100  # characters


def search() -> str:
    """The search box; what is asked stands in the link, so that a term can be passed on."""
    asked = address_bar.asked_of_page("term")
    if asked is not None:
        st.session_state[SEARCH] = asked[:MOST_SEARCH]
    text = st.text_input(
        "Search the glossary", key=SEARCH, max_chars=MOST_SEARCH, icon=":material/search:",
        placeholder="cosine, UMAP, negative sampling …", label_visibility="collapsed",
    )  # fmt: skip
    address_bar.keep_in_link("term", text)
    return text


def shown_terms(text: str) -> tuple[Term, ...]:
    """The terms that fit what is searched for, or those of the chosen topic."""
    if not text.strip():
        topics = list(TOPICS)
        topic = st.segmented_control(
            "Topic", topics, default=topics[0], key=TOPIC, label_visibility="collapsed"
        )
        return TOPICS[topic or topics[0]]
    exact = term_named(text)
    found = [term for term in find_terms(text) if term is not exact]
    if exact is None and not found:
        st.info(f"No term has all these words: {literal(text)}. Try one of them alone.")
    return (*((exact,) if exact else ()), *found)


def entries(terms: Sequence[Term], *, opened: bool) -> None:
    """The terms as lines that open; the first is open when it is what was searched for."""
    for place, term in enumerate(terms):
        first_sentence = term.meaning.split(". ")[0].rstrip(".")
        label = f"**{literal(term.name)}** · {literal(first_sentence)}."
        with st.expander(label, expanded=opened and place == 0):
            _entry(term)


def _entry(term: Term) -> None:
    if term.formula:
        st.latex(term.formula)
    lines = [literal(term.meaning, 1_000)]
    facts = {
        "Where": term.where, "Cost": term.cost, "Usual mistake": term.mistake,
        "Source": term.source, "Also": ", ".join(term.also),
    }  # fmt: skip
    lines += [f"**{name}:** {literal(text, 1_000)}" for name, text in facts.items() if text]
    st.markdown("\n\n".join(lines))
    if term.page:
        try_it(term.page)
