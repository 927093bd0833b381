"""Each page is opened and asked its question."""

from __future__ import annotations

import io

import numpy as np
import pytest

from tests.pages.conftest import APP, opened

MAP, NEIGHBORS, DATA = (
    "pages/explore/map.py", "pages/explore/neighbors.py", "pages/space/data.py",
)  # fmt: skip


def texts(app) -> str:
    """All that the page says."""
    kinds = ("title", "header", "markdown", "caption", "info", "warning", "error", "success")
    return "\n".join(element.value for kind in kinds for element in getattr(app, kind))


@pytest.mark.parametrize("page", [MAP, NEIGHBORS, DATA])
def test_every_page_says_which_space_metric_and_source_it_shows(app, page):
    said = texts(opened(app, page))
    for part in ("1,797 × 64", "preprocessing: none", "exact search", "source:"):
        assert part in said


@pytest.mark.parametrize("page", [MAP, NEIGHBORS, DATA])
def test_every_page_explains_what_one_looks_at_and_the_usual_mistake(app, page):
    opened(app, page)
    assert [part.label for part in app.expander if part.label == "What am I looking at?"]
    assert "usual mistake" in texts(app)


def test_every_page_has_a_file_for_links_to_a_server_that_has_just_started():
    folder = APP.parent / "pages"
    pages = {file.stem for file in folder.glob("*/*.py")} - {"map"}  # the map's address is /
    assert {file.stem for file in folder.glob("*.py")} == pages


def test_the_neighbors_page_puts_the_nearest_word_first(app):
    opened(app, NEIGHBORS, space="small-world", focus="king")
    table = app.dataframe[0].value
    space = app.session_state["view"].space
    assert space == "small-world"
    from explorer import catalog
    from explorer.metrics import cosine

    words = catalog.open_bundled("small-world")
    scores = cosine(words.vectors, words.vector("king"))[0]
    scores[words.row("king")] = -np.inf
    assert table["item"].iloc[0] == words.items[int(np.argmax(scores))]
    assert table["cosine similarity"].iloc[0] == pytest.approx(scores.max(), abs=1e-6)


def test_the_metric_of_the_sidebar_changes_the_answer_and_keeps_the_item(app):
    opened(app, NEIGHBORS, space="small-world", focus="king")
    app.selectbox(key="pick_metric").set_value("euclidean").run()
    assert "euclidean distance" in app.dataframe[0].value.columns
    assert "nearest to king by euclidean distance" in texts(app)


def test_a_pasted_vector_of_an_item_finds_that_item_itself_first(app):
    from explorer import catalog

    words = catalog.open_bundled("small-world")
    opened(app, NEIGHBORS, space="small-world")
    app.segmented_control(key="query_kind").set_value("Vector").run()
    pasted = " ".join(str(float(number)) for number in words.vector("queen"))
    app.text_area(key="query_vector").set_value(pasted).run()
    assert app.dataframe[0].value["item"].iloc[0] == "queen"


def test_a_pasted_vector_of_the_wrong_length_is_answered_with_both_lengths(app):
    opened(app, NEIGHBORS, space="small-world")
    app.segmented_control(key="query_kind").set_value("Vector").run()
    app.text_area(key="query_vector").set_value("1, 2, x").run()
    assert "Number 3 of the pasted vector is 'x'" in app.error[0].value.replace("\\", "")
    app.text_area(key="query_vector").set_value("1, 2, 3").run()
    assert "50 dimensions; the pasted vector has 3" in app.error[0].value.replace("\\", "")


def test_an_unknown_item_is_answered_with_close_spellings(app):
    opened(app, NEIGHBORS, space="small-world")
    app.segmented_control(key="query_kind").set_value("Items").run()
    app.text_area(key="query_items_small-world").set_value("king\nquen").run()
    assert "Did you mean queen" in app.error[0].value.replace("\\", "")


def upload(name: str, vectors: np.ndarray) -> tuple[str, bytes, str]:
    buffer = io.BytesIO()
    np.save(buffer, vectors)
    return name, buffer.getvalue(), "application/octet-stream"


def test_an_uploaded_file_becomes_the_space_that_all_pages_show(app):
    opened(app, DATA)
    vectors = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
    app.file_uploader(key="upload_vectors").set_value(upload("mine.npy", vectors)).run()
    app.button(key="upload_open").click().run()
    assert not app.exception
    assert "30 × 4" in texts(app)
    assert "Opened mine" in texts(app).replace("\\", "")


def test_a_broken_file_is_answered_with_one_sentence_and_the_open_space_stays(app):
    opened(app, DATA)
    app.file_uploader(key="upload_vectors").set_value(
        ("broken.txt", b"2 3\nking 0.1 0.2 0.3\nqueen 0.1 0.2\n", "text/plain")
    ).run()
    app.button(key="upload_open").click().run()
    assert len(app.error) == 1
    assert "broken.txt, line 3" in app.error[0].value.replace("\\", "")
    assert "1,797 × 64" in texts(app)


def test_a_pickle_is_refused_with_a_way_to_convert_it(app):
    opened(app, DATA)
    app.file_uploader(key="upload_vectors").set_value(
        ("model.pkl", b"\x80\x04\x95\x0a\x00\x00\x00\x00\x00\x00\x00.", "application/octet-stream")
    ).run()
    app.button(key="upload_open").click().run()
    assert "pickle" in app.error[0].value.lower()


def test_normalising_makes_a_new_space_whose_provenance_says_so(app):
    opened(app, DATA, space="small-world")
    next(button for button in app.button if button.label == "Normalise").click().run()
    assert "preprocessing: unit length" in texts(app)
    assert list(app.session_state["shelf"]) == ["small-world, unit length"]
