"""The Train page: played to its end, looked at, opened as a space; and what goes wrong."""

from __future__ import annotations

import io
import json
import math
import time
import zipfile

import pytest

from explorer.training import OBJECTIVES as WORDS
from explorer.training.metric_learning import OBJECTIVES as LABELS
from explorer.ui.text import literal
from explorer.ui.training_explained import FORMULAS
from explorer.ui.training_sources.graphs import OBJECTIVES as GRAPHS
from explorer.ui.training_sources.ratings import OBJECTIVES as RATINGS
from tests.pages.conftest import opened
from tests.pages.test_pages import texts

TRAIN = "pages/make/train.py"


@pytest.fixture
def train(app):
    """The page on the toy ratings; its training ends with the test."""
    opened(app, TRAIN)
    app.selectbox(key="train_source").set_value("Toy ratings").run()
    yield app
    if "training" in app.session_state:
        app.session_state["training"].job.stop()


def press(app, label: str):
    return next(button for button in app.button if button.label == label).click().run()


def played(app, epochs: int = 5):
    """Play to the end, at full speed."""
    app.number_input(key="train_BPR_epochs").set_value(epochs).run()
    app.toggle(key="train_slow_True").set_value(False).run()
    press(app, "Play")
    training = app.session_state["training"]
    assert training.job.wait(60)
    app.run()
    assert not app.exception
    assert not app.error
    return training


def test_before_the_first_training_the_page_says_what_play_does(app):
    opened(app, TRAIN)
    assert "Press Play" in texts(app)
    assert "usual mistake" in texts(app)


def test_a_training_is_played_to_its_end_and_says_how_good_it_is(train):
    training = played(train)
    assert training.job.state == "done"
    said = texts(train)
    assert "Nearest by cosine" in said
    table = next(one.value for one in train.dataframe if "recommender" in one.value)
    assert table["recommender"].tolist() == ["this training", "most popular first", "random"]
    assert table["recall@10"].iloc[0] > table["recall@10"].iloc[2]


def test_what_was_learned_opens_as_a_space_with_its_history_in_the_provenance(train):
    played(train)
    press(train, "Open as space")
    assert len(train.session_state["shelf"]) == 1
    space = next(iter(train.session_state["shelf"].values()))
    assert len(space) == 120
    assert space.provenance.seed == 1
    assert space.trained_with == "dot"
    assert "kind" in space.metadata


def test_the_archive_holds_vectors_settings_history_and_the_lines_that_repeat_it(train):
    training = played(train)
    with zipfile.ZipFile(io.BytesIO(training.archive())) as archive:
        names = set(archive.namelist())
        assert names == {"vectors.npz", "settings.json", "history.csv", "again.py"}
        settings = json.loads(archive.read("settings.json"))["settings"]
        assert (settings["objective"], settings["epochs"]) == ("BPR", 5)
        lines = archive.read("history.csv").decode().splitlines()
        assert len(lines) == 1 + len(training.job.history)
        compile(archive.read("again.py"), "again.py", "exec")


def test_the_lines_that_the_page_shows_repeat_the_training_bit_for_bit(train):
    training = played(train)
    namespace: dict[str, object] = {}
    exec(training.plan.python, namespace)  # our own lines, made on the page
    assert (namespace["space"].vectors == training.space().vectors).all()


def test_a_second_training_ends_the_first(train):
    train.number_input(key="train_BPR_epochs").set_value(10_000).run()
    press(train, "Play")
    first = train.session_state["training"]
    assert not first.job.finished
    press(train, "Start over")
    assert first.job.wait(10)
    assert train.session_state["training"].number == first.number + 1


def at_rest(job) -> None:
    """Wait until the job is paused and the slice that ran is over."""
    made = -1
    while job.state != "paused" or made != len(job.history):
        made = len(job.history)
        time.sleep(0.5)


def test_a_paused_training_can_be_stepped_and_replayed(train):
    train.number_input(key="train_BPR_epochs").set_value(10_000).run()
    press(train, "Play")
    job = train.session_state["training"].job
    end = time.monotonic() + 20
    while len(job.snapshots) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    job.pause()
    at_rest(job)
    train.run()
    made = len(job.history)
    press(train, "Step")
    while len(job.history) == made and time.monotonic() < end:
        time.sleep(0.01)
    at_rest(job)
    assert len(job.history) == made + 1
    train.run()
    replay = next(slider for slider in train.select_slider if slider.label == "Replay")
    replay.set_value(0).run()
    assert not train.exception


def test_a_name_can_be_watched_also_when_the_training_is_over_and_an_unknown_one_is_told(train):
    job = played(train).job
    names = train.session_state["training"].items
    train.text_input(key="watch_1").set_value(names[7][:-1]).run()
    assert "is not among the 120 items of this training" in texts(train)
    train.text_input(key="watch_1").set_value(names[7]).run()
    assert job.watched[0] == 7
    assert f"- **{literal(names[7])}**: " in texts(train)
    assert "is not among" not in texts(train)
    next(one for one in train.select_slider if one.label == "Replay").set_value(0).run()
    assert f"**{literal(names[7])}**: not watched at that time" in texts(train)


@pytest.fixture
def words(app):
    """The page on a small text of one's own, played and stopped at once; the app and its job."""
    opened(app, TRAIN)
    app.selectbox(key="train_source").set_value("Own text").run()
    text = b"the cat sat on the mat\nthe dog sat on the log\na cat and a dog met\n" * 300
    app.file_uploader(key="train_text").set_value(("cats.txt", text, "text/plain")).run()
    app.number_input(key="train_sgns_epochs").set_value(10_000).run()
    press(app, "Play")
    job = app.session_state["training"].job
    yield app, job
    job.stop()
    assert job.wait(10)


def test_one_update_is_worked_in_numbers_on_the_vectors_of_a_running_and_an_ended_training(words):
    app, job = words
    assert "while the training goes on" in texts(app)
    app.text_input(key="update_1_target").set_value("cat")
    app.text_input(key="update_1_context").set_value("sat")
    app.text_input(key="update_1_negatives").set_value("dog log").run()
    job.stop()
    assert job.wait(10)
    app.run()
    assert not app.exception
    trainer, items = job.trainer, job.trainer.corpus.items
    scores = next(one.value for one in app.dataframe if "scored" in one.value)
    rows = [items.row(word) for word in ("cat", "dog", "log")]
    expected = trainer.outputs[rows] @ trainer.inputs[items.row("sat")]
    assert scores["score"].tolist() == pytest.approx(expected.tolist(), rel=1e-4)
    assert scores["wanted"].tolist() == [1, 0, 0]
    assert scores["error"].iloc[0] == pytest.approx(1 / (1 + math.exp(expected[0])), rel=1e-4)
    vectors = next(one.value for one in app.dataframe if "before" in one.value)
    assert vectors["vector"].tolist() == ["sat", "cat", "dog", "log"]
    assert "trains nothing" in texts(app)
    press(app, "Draw")
    assert not app.exception


def test_where_the_learning_rate_has_fallen_the_step_is_shown_at_the_first(train):
    played(train)
    assert train.segmented_control(key="update_1_rate").value == "of the first step"
    assert "learning rate η = 0.1000" in texts(train)
    train.segmented_control(key="update_1_rate").set_value("of this moment").run()
    assert not train.exception
    assert "learning rate η = 0.0000" in texts(train)


def test_a_word_that_was_not_learned_is_answered_beside_the_example(words):
    app, _ = words
    app.text_input(key="update_1_target").set_value("catt").run()
    assert not app.exception
    assert any("Did you mean" in one.value for one in app.info)


def test_a_text_without_enough_words_is_answered_with_what_would_help(app):
    opened(app, TRAIN)
    app.selectbox(key="train_source").set_value("Own text").run()
    app.file_uploader(key="train_text").set_value(("few.txt", b"one two three\n", "text/plain"))
    app.run()
    assert len(app.error) == 1
    assert "few.txt" in app.error[0].value.replace("\\", "")


def test_an_uploaded_text_is_read_once_for_each_choice_of_how_to_cut_it(app):
    opened(app, TRAIN)
    app.selectbox(key="train_source").set_value("Own text").run()
    text = b"the cat sat on the mat and The dog sat on the log\n" * 20
    app.file_uploader(key="train_text").set_value(("cats.txt", text, "text/plain")).run()
    assert not app.error
    read = app.session_state["train_corpus"][1]
    assert read.read_words == 13 * 20
    app.run()
    assert app.session_state["train_corpus"][1] is read
    app.checkbox(key="train_lowercase").set_value(False).run()
    assert app.session_state["train_corpus"][1] is not read
    assert "The" in app.session_state["train_corpus"][1].words


def test_a_text_named_on_the_command_line_is_what_the_page_learns_from(app, tmp_path, monkeypatch):
    file = tmp_path / "my cats.txt"
    file.write_text("the cat sat on the mat\nthe dog sat on the log\n" * 20)
    monkeypatch.setattr("sys.argv", ["streamlit_app.py", "--corpus", str(file)])
    opened(app, TRAIN)
    assert not app.error
    assert app.selectbox(key="train_source").value == "Text of the command line"
    said = texts(app).replace("\\", "")
    assert "my cats.txt, named on the command line" in said
    assert "240 words read, 7 kinds kept" in said
    assert str(tmp_path) not in said  # the server's folders are nobody's business
    app.segmented_control(key="train_part").set_value("How many dimensions?").run()
    assert not app.exception
    assert app.selectbox(key="train_source").value == "Text of the command line"
    app.segmented_control(key="train_part").set_value("One training").run()
    file.write_text("one two three\n" * 9)
    app.run()
    assert "27 words read, 3 kinds kept" in texts(app)
    file.unlink()
    app.run()
    assert len(app.error) == 1


def test_every_objective_is_explained_by_its_formula():
    known = {*WORDS, *RATINGS, *GRAPHS, *LABELS}
    assert known == set(FORMULAS)


def test_before_play_the_chosen_objective_is_explained_and_the_choice_closes_when_it_begins(train):
    formulas = [one.value for one in train.latex]
    assert any("b_i - b_j" in formula for formula in formulas)
    plan = next(one for one in train.expander if one.label.startswith("What is learned"))
    assert plan.proto.expanded
    played(train)
    plan = next(one for one in train.expander if one.label.startswith("What is learned"))
    assert not plan.proto.expanded
