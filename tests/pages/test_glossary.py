"""The Glossary page: topics, search, links that can be passed on."""

from __future__ import annotations

from explorer.learn.glossary import TOPICS
from explorer.ui.try_it import TRIED
from tests.pages.conftest import APP, opened

GLOSSARY = "pages/learn/glossary.py"


def labels(app):
    return [one.label for one in app.main.expander]


def test_a_topic_lists_all_its_terms(app):
    shown = opened(app, GLOSSARY)
    assert len(labels(shown)) == len(TOPICS["Spaces"])
    assert "**Embedding space**" in labels(shown)[0]


def test_a_search_looks_through_all_topics_and_stands_in_the_link(app):
    shown = opened(app, GLOSSARY)
    shown.text_input(key="glossary_search").set_value("negative sampling").run()
    assert "Negative sampling" in labels(shown)[0].replace("\\", "")
    assert shown.query_params["term"] == "negative sampling"
    assert shown.latex


def test_a_link_opens_a_term(app):
    shown = opened(app, GLOSSARY)
    shown.query_params["term"] = "UMAP"
    shown.run()
    assert labels(shown)[0].startswith("**UMAP**")


def test_what_no_term_holds_is_said(app):
    shown = opened(app, GLOSSARY)
    shown.text_input(key="glossary_search").set_value("<b>nothing</b>").run()
    assert "No term has all these words" in shown.info[0].value


def test_the_term_leaves_the_link_with_the_page(app):
    shown = opened(app, GLOSSARY)
    shown.text_input(key="glossary_search").set_value("norm").run()
    shown.switch_page("pages/explore/neighbors.py").run()
    assert "term" not in shown.query_params


def test_every_page_that_a_term_can_be_tried_on_is_there():
    pages = {term.page for terms in TOPICS.values() for term in terms}
    assert pages <= set(TRIED)
    assert all((APP.parent / file).is_file() for file, _ in TRIED.values())
