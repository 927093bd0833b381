"""The glossary: all terms, and the search in them."""

from __future__ import annotations

import unicodedata

from explorer.learn.term import Term
from explorer.learn.terms import clusters, maps, metrics, search, spaces, training

TOPICS: dict[str, tuple[Term, ...]] = {
    "Spaces": spaces.TERMS,
    "Metrics": metrics.TERMS,
    "Search & arithmetic": search.TERMS,
    "Training": training.TERMS,
    "Maps": maps.TERMS,
    "Clusters": clusters.TERMS,
}


def find_terms(text: str) -> list[Term]:
    """Terms that hold all words of the text: those in whose names they stand come first."""
    words = _plain(text).split()
    if not words:
        return []
    named, told = [], []
    for terms in TOPICS.values():
        for term in terms:
            names = _plain(" ".join((term.name, *term.also)))
            everything = f"{names} {_plain(term.meaning)} {_plain(term.mistake)}"
            if all(word in names for word in words):
                named.append(term)
            elif all(word in everything for word in words):
                told.append(term)
    return named + told


def term_named(name: str) -> Term | None:
    """The term of that very name, upper and lower case alike; None when there is none."""
    for terms in TOPICS.values():
        for term in terms:
            if _plain(term.name) == _plain(name):
                return term
    return None


def _plain(text: str) -> str:
    """Lower case without accents and hyphens, so that "Kendalls" is found and "tsne" too."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return kept.replace("-", "").replace("'", "")
