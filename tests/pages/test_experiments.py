"""The experiments of the Train page: begun, finished, read, opened; and what goes wrong."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from explorer.training import background
from explorer.ui.experiments_table import exported
from explorer.ui.export import csv_bytes
from tests.pages.conftest import opened
from tests.pages.test_pages import texts

TRAIN = "pages/make/train.py"
FOUR, SIZES, SEEDS = "Four objectives", "How many dimensions?", "Other seeds"


@pytest.fixture
def page(app):
    """A function that opens one of the experiments; all that runs ends with the test."""

    def open_part(name: str):
        opened(app, TRAIN)
        app.segmented_control(key="train_part").set_value(name).run()
        assert not app.exception
        return app

    yield open_part
    for begun in app.session_state["experiments"].values():
        begun.job.stop()


def press(app, label: str):
    return next(button for button in app.button if button.label == label).click().run()


def finished(app, name: str):
    """Start, and wait for the end."""
    press(app, "Start")
    begun = app.session_state["experiments"][name]
    assert begun.job.wait(60)
    app.run()
    assert not app.exception
    assert not app.error
    return begun


def said(app) -> str:
    return texts(app).replace("\\", "")


def test_before_an_experiment_each_part_says_what_start_does(page):
    for name in (FOUR, SIZES, SEEDS):
        app = page(name)
        assert "Press Start" in texts(app)
        assert "usual mistake" in texts(app)
        assert "300 of 300 found" in said(app)


def test_four_objectives_stand_in_one_table_beside_random_vectors(page):
    app = page(FOUR)
    app.number_input(key="four_dimensions").set_value(20).run()
    begun = finished(app, FOUR)
    table = next(one.value for one in app.dataframe if "training" in one.value)
    assert table["training"].tolist() == ["Skip-gram (SGNS)", "CBOW", "GloVe", "PPMI + SVD"]
    scores = table["analogies of the toy corpus"]
    assert all(", random 0.00" in score for score in scores)
    assert "best is" in said(app)
    assert "analogies of the toy corpus: 1,000 of 1,000 found" in said(app)
    rows = list(csv.DictReader(io.StringIO(csv_bytes(exported(begun.runs)).decode())))
    assert [row["objective"] for row in rows] == ["sgns", "cbow", "glove", "ppmi"]
    assert all(float(row["seconds"]) > 0 for row in rows)


def test_the_lines_that_the_page_shows_repeat_the_experiment_bit_for_bit(page, capsys):
    app = page(FOUR)
    app.multiselect(key="four_objectives").set_value(["ppmi", "cbow"]).run()
    app.number_input(key="four_dimensions").set_value(10).run()
    begun = finished(app, FOUR)
    namespace: dict[str, object] = {}
    exec(begun.python, namespace)  # our own lines, made on the page
    again = namespace["experiment"].runs  # type: ignore[attr-defined]
    for first, second in zip(begun.runs, again, strict=True):
        assert np.array_equal(first.space.vectors, second.space.vectors)
        assert [s.value for s in first.scores] == [s.value for s in second.scores]
    assert "PPMI + SVD" in capsys.readouterr().out


def test_too_few_dimensions_are_seen_and_the_list_of_sizes_can_be_edited(page):
    app = page(SIZES)
    app.selectbox(key="sizes_objective").set_value("ppmi").run()
    app.text_input(key="sizes").set_value("40; 2, 10 2").run()
    begun = finished(app, SIZES)
    assert [run.trial.dimensions for run in begun.runs] == [2, 10, 40]
    few, _, many = (run.scores[1] for run in begun.runs)
    assert few.interval[1] < many.interval[0]
    assert "the fewest that the list cannot tell from it" in said(app)
    for wrong in ("", "10, many", "0", "5000", ", ".join(map(str, range(1, 20)))):
        app.text_input(key="sizes").set_value(wrong).run()
        assert len(app.error) == 1
        assert next(one for one in app.button if one.label == "Start").disabled


def test_other_seeds_say_which_words_keep_their_neighbours_beside_chance(page):
    app = page(SEEDS)
    app.number_input(key="seeds_sgns_dimensions").set_value(10)
    app.number_input(key="seeds_sgns_epochs").set_value(1)
    app.number_input(key="seeds_count").set_value(3).run()
    begun = finished(app, SEEDS)
    assert [run.space.provenance.seed for run in begun.runs] == [1, 2, 3]
    found = begun.experiment.stability()
    assert found.chance < found.overlaps.mean() < 1
    least = next(one.value for one in app.dataframe if "overlap@10" in one.value)
    assert least["overlap@10"].iloc[0] == round(found.overlaps.min(), 3)
    assert "between random spaces it would be 0.14" in said(app)
    app.text_input(key=f"seeds_word_{begun.number}").set_value("king").run()
    assert "- seed 3: " in said(app)
    app.text_input(key=f"seeds_word_{begun.number}").set_value("kinng").run()
    assert "king" in app.error[0].value


def test_all_runs_open_as_spaces_of_the_same_items(page):
    app = page(SEEDS)
    app.selectbox(key="seeds_objective").set_value("ppmi").run()
    app.number_input(key="seeds_ppmi_dimensions").set_value(5)
    app.number_input(key="seeds_count").set_value(2).run()
    finished(app, SEEDS)
    app.button(key="experiment_open_all").click().run()
    first, second = app.session_state["shelf"].values()
    assert first.items[:] == second.items[:]
    assert (first.provenance.seed, second.provenance.seed) == (1, 2)
    assert "kind" in first.metadata
    assert app.session_state["view"].space == "toy corpus (seed 1), PPMI + SVD, seed 1"


def test_uploaded_lists_are_asked_and_one_without_enough_words_is_left_out(page):
    app = page(FOUR)
    app.selectbox(key="train_source").set_value("Own text").run()
    text = b"the cat sat on the mat and the dog sat on the log\n" * 30
    app.file_uploader(key="train_text").set_value(("cats.txt", text, "text/plain")).run()
    pairs = b"cat\tdog\t9\nmat\tlog\t8\ncat\tmat\t3\nzebra\tlion\t7\n"
    app.file_uploader(key="experiment_pairs").set_value(("mine.tsv", pairs, "text/plain"))
    questions = b"king man queen woman\n"
    app.file_uploader(key="experiment_questions").set_value(("far.txt", questions, "text/plain"))
    app.run()
    assert "mine.tsv: 3 of 4 found" in said(app)
    assert any("far.txt is left out" in one.value.replace("\\", "") for one in app.warning)
    app.multiselect(key="four_objectives").set_value(["ppmi"]).run()
    app.number_input(key="four_dimensions").set_value(3).run()
    begun = finished(app, FOUR)
    assert [score.task for score in begun.runs[0].scores] == ["mine.tsv"]


def test_a_broken_list_is_told_with_its_line(page):
    app = page(FOUR)
    pairs = b"cat\tdog\t9\ncat dog\n"
    app.file_uploader(key="experiment_pairs").set_value(("odd.tsv", pairs, "text/plain")).run()
    assert "odd.tsv, line 2" in app.error[0].value.replace("\\", "")


def test_a_new_experiment_ends_the_one_that_still_runs_and_stop_keeps_what_is_finished(page):
    app = page(SIZES)
    app.number_input(key="sizes_sgns_epochs").set_value(10_000).run()
    press(app, "Start")
    long = app.session_state["experiments"][SIZES]
    assert not long.job.finished
    app.segmented_control(key="train_part").set_value(SEEDS).run()
    app.number_input(key="seeds_sgns_epochs").set_value(10_000).run()
    press(app, "Start")
    assert long.job.wait(10)
    assert long.job.state == "stopped"
    press(app, "Stop")
    assert app.session_state["experiments"][SEEDS].job.wait(10)
    app.run()
    assert "stopped · 0 of 5 trainings finished" in "".join(one.text for one in app.get("progress"))


def test_an_experiment_ends_with_its_visitor(page, monkeypatch):
    app = page(SIZES)
    app.number_input(key="sizes_sgns_epochs").set_value(10_000).run()
    press(app, "Start")
    monkeypatch.setattr(background, "OWNER_GONE_SECONDS", 0.2)
    assert app.session_state["experiments"][SIZES].job.wait(20)


def test_the_chosen_text_stays_from_one_part_of_the_page_to_the_next(page):
    app = page(FOUR)
    app.selectbox(key="train_source").set_value("Own text").run()
    app.segmented_control(key="train_part").set_value(SEEDS).run()
    assert app.selectbox(key="train_source").value == "Own text"
    app.segmented_control(key="train_part").set_value("One training").run()
    assert app.selectbox(key="train_source").value == "Own text"
    app.selectbox(key="train_source").set_value("Toy ratings").run()
    app.segmented_control(key="train_part").set_value(FOUR).run()
    assert app.selectbox(key="train_source").value == "Toy corpus"
