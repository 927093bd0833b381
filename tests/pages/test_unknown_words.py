"""Words that a space does not hold: chosen explicitly, marked as composed, made in sight."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explorer.composer import HashedWord, Subwords, UnknownWord
from explorer.ui import unknown_words
from tests.pages.conftest import opened
from tests.pages.test_pages import NEIGHBORS, texts
from tests.pages.test_train import TRAIN, press


@pytest.fixture
def asked(app):
    """The Neighbours page, asked for any word of the small world."""
    opened(app, NEIGHBORS, space="small-world")
    app.segmented_control(key="query_kind").set_value("Word").run()
    assert not app.exception
    return app


def composer_box(app):
    return next(box for box in app.selectbox if box.label.startswith("A word outside"))


def test_a_word_outside_the_vocabulary_has_no_vector_unless_one_chooses(asked):
    asked.text_input(key="query_word_small-world").set_value("kingg").run()
    assert composer_box(asked).options == ["Nothing", "UNK vector", "Hashing trick"]
    (told,) = asked.error
    assert "Did you mean" in told.value
    assert "king" in told.value


@pytest.mark.parametrize("chosen", ["UNK vector", "Hashing trick"])
def test_a_composed_word_is_marked_and_has_neighbours_and_the_lines_that_repeat_it(asked, chosen):
    composer_box(asked).set_value(chosen).run()
    asked.text_input(key="query_word_small-world").set_value("kingg").run()
    assert not asked.error
    assert "10 nearest to kingg, composed" in texts(asked).replace("\\", "")
    shown = asked.dataframe[0].value["item"].tolist()
    namespace: dict[str, object] = {}
    lines = next(one.value for one in asked.code if "compose" in one.value)
    exec(lines.replace("\nspace.items.take", "\nnames = space.items.take"), namespace)
    assert list(namespace["names"][0]) == shown


def test_a_word_that_the_space_holds_keeps_its_own_vector(asked):
    asked.text_input(key="query_word_small-world").set_value("king").run()
    first = asked.dataframe[0].value["item"].tolist()
    composer_box(asked).set_value("UNK vector").run()
    assert asked.dataframe[0].value["item"].tolist() == first
    assert "The space holds king itself" in texts(asked)


@pytest.fixture
def subwords(app):
    """A text trained over subwords, played to its end."""
    opened(app, TRAIN)
    app.selectbox(key="train_source").set_value("Own text").run()
    text = b"the walker was walking\nthe talker was talking\na walker talks\n" * 200
    app.file_uploader(key="train_text").set_value(("talk.txt", text, "text/plain")).run()
    app.selectbox(key="train_objective").set_value("subword").run()
    app.number_input(key="train_subword_buckets").set_value(2_000).run()
    press(app, "Play")
    training = app.session_state["training"]
    assert training.job.wait(60)
    app.run()
    assert not app.exception
    return app, training


def test_the_n_grams_of_a_typed_word_and_their_pull_are_shown_and_the_space_keeps_them(subwords):
    app, training = subwords
    assert composer_box(app).value == "Character n-grams"
    app.text_input(key="unknown_1_word").set_value("walk").run()
    assert not app.exception
    pulls = next(one.value for one in app.dataframe if "pull" in one.value)
    composer = training.job.trainer.composer()
    assert set(pulls["n-gram"]) == {pull.ngram for pull in composer.pulls("walk")}
    assert pulls["pull"].sum() == pytest.approx(1)
    nearest = next(
        one.value for one in app.dataframe if "nearest to the composed vector" in one.value
    )
    assert len(nearest) == len(training.items)
    assert "walk**, composed" in texts(app)
    press(app, "Open as space")
    (space,) = app.session_state["shelf"].values()
    assert isinstance(space.composer, Subwords)
    assert np.array_equal(space.composer.compose("walk"), composer.compose("walk"))


def test_the_choice_goes_with_the_space_that_is_opened(subwords):
    app, _ = subwords
    composer_box(app).set_value("Nothing").run()
    app.text_input(key="unknown_1_word").set_value("walk").run()
    assert any("is not among" in one.value for one in app.info)
    composer_box(app).set_value("UNK vector").run()
    press(app, "Open as space")
    (space,) = app.session_state["shelf"].values()
    assert isinstance(space.composer, UnknownWord)
    namespace: dict[str, object] = {"space": replace(space, composer=None)}
    exec(unknown_words.python_kept(space.composer), namespace)
    again = namespace["space"].composer
    assert np.array_equal(again.compose("walk"), space.composer.compose("walk"))


def test_every_choice_says_what_it_does_and_has_its_composer():
    from explorer.catalog import open_bundled

    space = open_bundled("small-world")
    made = {name: unknown_words.composer_of(space, name) for name in unknown_words.TOLD}
    assert made[unknown_words.NOTHING] is None
    assert isinstance(made[unknown_words.HASHED], HashedWord)
    assert isinstance(made[unknown_words.UNKNOWN], UnknownWord)
