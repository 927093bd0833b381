"""Own texts become a space: by the real model where it is installed, which it is for developers."""

from __future__ import annotations

import io
import logging
import sys

import numpy as np
import pytest

from explorer import texts
from explorer.errors import ExplorerError, MissingDependencyError
from explorer.limits import Limits
from explorer.neighbors import neighbors_of
from explorer.texts import model, space_of_text_file, space_of_texts

SENTENCES = [
    "The harbour was calm and the boats lay still.",
    "Ships rested in the quiet port.",
    "Add the flour and the eggs, then stir.",
    "Bake the cake for forty minutes.",
]
CSV = "kind,review\n" + "".join(
    f'{kind},"{text}"\n' for kind, text in zip("sskk", SENTENCES, strict=True)
)


def upload(text, name):
    file = io.BytesIO(text.encode())
    file.name = name
    return file


@pytest.fixture(autouse=True, scope="module")
def installed():
    pytest.importorskip("wordllama", reason="pip install wordllama")


def test_texts_of_one_meaning_lie_together_though_they_share_no_word():
    space = space_of_texts(SENTENCES, metadata={"kind": list("sskk")})
    for row, other in ((0, 1), (2, 3)):
        assert neighbors_of(space, SENTENCES[row], 1).indices[0, 0] == other
    assert space.trained_with == "cosine"
    assert space.metadata["kind"].tolist() == list("sskk")
    assert "WordLlama" in str(space.provenance)


def test_the_vectors_are_those_of_the_package_itself():
    ours = model.embed(SENTENCES, limits=Limits())
    theirs = model._model()
    theirs.tokenizer.enable_padding()
    try:
        np.testing.assert_allclose(ours, theirs.embed(SENTENCES), rtol=1e-5, atol=1e-6)
    finally:
        theirs.tokenizer.no_padding()


def test_how_texts_are_cut_into_blocks_changes_nothing(monkeypatch):
    whole = model.embed(SENTENCES, limits=Limits())
    monkeypatch.setattr(model, "AT_ONCE", 50)
    shares = []
    np.testing.assert_array_equal(
        model.embed(SENTENCES, limits=Limits(), on_progress=shares.append), whole
    )
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len(shares) > 1


def test_long_texts_get_short_names_and_are_kept_whole_in_a_column():
    long = "A very long story. " * 20
    space = space_of_texts(["short", long])
    assert len(space.items[1]) == texts.LONGEST_NAME
    assert space.items[1].endswith("…")
    assert space.metadata["text"].tolist() == ["short", long]


def test_blank_texts_are_left_out_and_counted_and_repeated_ones_numbered():
    space = space_of_texts(["a cat", "", " \n", "a cat"], metadata={"n": [1, 2, 3, 4]})
    assert list(space.items) == ["a cat", "a cat #2"]
    assert space.metadata["n"].tolist() == [1, 4]
    assert [finding.count for finding in space.provenance.findings] == [2, 1]
    with pytest.raises(ExplorerError, match="found 2 blank ones"):
        space_of_texts(["", "  "])


def test_a_table_gives_the_column_asked_for_or_that_with_the_longest_texts():
    for column in (None, "review"):
        space = space_of_text_file(upload(CSV, "reviews.csv"), column=column)
        assert list(space.items) == SENTENCES
        assert space.name == "reviews"
        assert space.metadata["kind"].tolist() == list("sskk")
        assert (space.provenance.source, space.provenance.format) == (
            "reviews.csv", "texts by WordLlama, 256 dimensions, column 'review'",
        )  # fmt: skip
    with pytest.raises(ExplorerError, match="'words' is not there; columns of text are kind, rev"):
        space_of_text_file(upload(CSV, "reviews.csv"), column="words")


def test_a_file_of_lines_gives_a_text_a_line():
    file = upload("\n".join(SENTENCES), "notes.txt")
    assert list(space_of_text_file(file, limit=3).items) == SENTENCES[:3]


def test_more_than_the_limit_is_refused_before_the_work():
    with pytest.raises(ExplorerError, match="the limit here is 300"):
        space_of_texts(SENTENCES, limits=Limits(cells=300))


def test_the_program_s_own_log_stays_as_it_was():
    model._model.cache_clear()
    sys.modules.pop("wordllama", None)
    before = logging.getLogger().level, list(logging.getLogger().handlers)
    model._model()
    assert (logging.getLogger().level, list(logging.getLogger().handlers)) == before


def test_nothing_is_asked_of_the_network(monkeypatch):
    import socket

    def refused(*_):
        raise AssertionError("a connection was tried")

    model._model.cache_clear()
    monkeypatch.setattr(socket, "socket", refused)
    assert len(space_of_texts(SENTENCES)) == 4


def test_without_the_package_the_error_names_the_command_that_installs_it(monkeypatch):
    model._model.cache_clear()
    monkeypatch.setitem(sys.modules, "wordllama", None)
    with pytest.raises(MissingDependencyError, match="pip install wordllama"):
        space_of_texts(SENTENCES)
