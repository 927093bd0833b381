"""The glossary is complete: each term says what it must, once, and is found."""

from __future__ import annotations

import pytest

from explorer.learn.glossary import TOPICS, find_terms, term_named

ALL = [term for terms in TOPICS.values() for term in terms]


@pytest.mark.parametrize("term", ALL, ids=lambda term: term.name)
def test_a_term_says_what_it_is_what_goes_wrong_and_where_that_stands(term):
    assert term.meaning.endswith(".")
    assert term.mistake.endswith(".")
    assert term.source
    assert term.page
    assert term.formula.count("{") == term.formula.count("}")
    assert term.formula.count(r"\left") == term.formula.count(r"\right")


def test_no_term_stands_twice():
    names = [term.name.casefold() for term in ALL]
    assert len(set(names)) == len(names)


def test_a_term_is_found_by_its_name_first():
    assert find_terms("cosine")[0].name == "Cosine similarity"


def test_a_term_is_found_by_another_name_with_or_without_hyphens():
    assert find_terms("tsne")[0].name == "t-SNE"
    assert find_terms("word2vec")[0].name == "Skip-gram with negative sampling"
    assert find_terms("KENDALLS")[0].name == "Kendall's tau"


def test_all_words_must_stand_there():
    assert find_terms("cosine umap") == []
    assert find_terms("  ") == []


def test_a_name_is_looked_up_whole():
    found = term_named("umap")
    assert found is not None
    assert found.name == "UMAP"
    assert term_named("uma") is None
