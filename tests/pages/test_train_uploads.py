"""What visitors upload to train on: read, said, trained; and one sentence where it is odd."""

from __future__ import annotations

import io

import numpy as np
import pytest

from explorer import EmbeddingSpace, Items, Metadata, Provenance, save
from tests.pages.conftest import opened
from tests.pages.test_pages import texts
from tests.pages.test_train import TRAIN, press

RATINGS = "userId,movieId,rating,timestamp\n" + "".join(
    f"{user},{item},{1 + (user + item) % 5},{user * 100 + item}\n"
    for user in range(30) for item in range(user % 7, 20, 3)
)  # fmt: skip
MOVIES = "movieId,title,genres\n" + "".join(
    f'{item},"Film, the {item}th (19{50 + item})",{"Drama|War" if item % 2 else "Comedy"}\n'
    for item in range(20)
)
FACTS = "".join(
    f"person{number}\tparent of\tperson{number + 1}\nperson{number + 1}\tchild of\tperson{number}\n"
    for number in range(40)
)


def labelled(labels) -> bytes:
    """A space as .npz, each item with its label."""
    random = np.random.default_rng(1)
    vectors = random.standard_normal((len(labels), 6)).astype(np.float32)
    items = Items(f"item {row}" for row in range(len(labels)))
    kept = io.BytesIO()
    metadata = Metadata({"colour": labels})
    save(EmbeddingSpace("s", items, vectors, Provenance("s"), metadata), kept, "npz")
    return kept.getvalue()


@pytest.fixture
def page(app):
    """The page with a source chosen and a file uploaded; what was begun ends with the test."""

    def choose(source: str, slot: str, name: str, content: bytes | str):
        if not app.selectbox:
            opened(app, TRAIN)
        app.selectbox(key="train_source").set_value(source).run()
        return upload(slot, name, content)

    def upload(slot: str, name: str, content: bytes | str):
        data = content.encode() if isinstance(content, str) else content
        app.file_uploader(key=slot).set_value((name, data, "application/octet-stream")).run()
        assert not app.exception
        return app

    choose.upload = upload
    yield choose
    if "training" in app.session_state:
        app.session_state["training"].job.stop()


def trained(app):
    """Play to the end."""
    app.toggle(key="train_slow_True").set_value(False).run()
    press(app, "Play")
    training = app.session_state["training"]
    assert training.job.wait(60)
    assert training.job.state == "done"
    app.run()
    assert not app.exception
    assert not app.error
    return training


def test_ratings_with_titles_are_trained_and_the_items_carry_them(page):
    app = page("Own ratings", "train_ratings", "ratings.csv", RATINGS)
    app = page.upload("train_items", "movies.csv", MOVIES)
    assert "pairs of 30 users and 20 items" in texts(app)
    app.number_input(key="train_BPR_epochs").set_value(3).run()
    training = trained(app)
    assert "Film, the 3th (1953)" in list(training.items)
    assert set(training.metadata["genre"]) == {"Drama", "Comedy"}
    assert "items='movies.csv')" in training.plan.python


def test_only_ratings_from_a_threshold_on_count_as_met(page):
    app = page("Own ratings", "train_ratings", "ratings.csv", RATINGS)
    every = app.session_state["train_liked"][1][0]
    app.number_input(key="train_least").set_value(3.0).run()
    liked = app.session_state["train_liked"][1][0]
    assert 0 < len(liked) < len(every)
    assert liked.rating.min() >= 3
    app.number_input(key="train_least").set_value(9.0).run()
    assert [one.value.replace("\\", "") for one in app.error] == [
        "No rating of ratings.csv is 9 or higher; the highest is 5. Lower the threshold."
    ]


def test_facts_are_trained(page):
    app = page("Own facts", "train_graph", "facts.tsv", FACTS)
    assert "80 facts of 41 entities in 2 relations" in texts(app)
    app.number_input(key="train_TransE_epochs").set_value(3).run()
    assert len(trained(app).items) == 41


def test_labelled_vectors_are_trained_with_labels_inside_or_beside(page):
    colours = ["red", "green", "blue"] * 20
    app = page("Own labelled vectors", "train_vectors", "things.npz", labelled(colours))
    app.number_input(key="train_metric_epochs").set_value(3).run()
    assert len(trained(app).items) == 60
    rows = "".join(f"item {row},{['dark', 'light'][row % 2]}\n" for row in range(60))
    app = page.upload("train_labels", "shades.csv", f"item,shade\n{rows}")
    columns = next(box for box in app.selectbox if box.label == "Labels").options
    assert {"colour", "shade"} <= set(columns)


@pytest.mark.parametrize(
    ("source", "slot", "name", "content", "told"),
    [
        ("Own ratings", "train_ratings", "empty.csv", b"", "empty.csv"),
        ("Own ratings", "train_ratings", "names.csv", b"a\nb\n", "a column of users and one of"),
        ("Own ratings", "train_ratings", "cut.csv", b"user,item,rating\n1,2,3\n4,5\n", "line 3"),
        ("Own ratings", "train_ratings", "word.csv", b"user,item,rating\n1,2,x\n", "is no number"),
        ("Own ratings", "train_ratings", "one.csv", b"user,item\n1,2\n", "hold one out"),
        ("Own ratings", "train_ratings", "p.csv", b"\x89PNG\r\n\x1a\n\x00\xff\xfe", "p.csv"),
        ("Own facts", "train_graph", "two.tsv", b"a\tb\n", "found 2 fields"),
        ("Own facts", "train_graph", "bytes.tsv", b"a\tb\t\xff\xfe\n", "bytes.tsv, line 1"),
        ("Own facts", "train_graph", "blank.tsv", b"\n\n", "blank.tsv"),
        ("Own facts", "train_graph", "one.tsv", b"a\tb\tc\n", "too few triples"),
        ("Own labelled vectors", "train_vectors", "odd.npz", b"PK\x03\x04 odd", "odd.npz"),
        ("Own labelled vectors", "train_vectors", "m.pkl", b"\x80\x04\x95\x00.", "m.pkl"),
        ("Own text", "train_text", "latin.txt", "café ".encode("latin-1") * 90, "UTF-8"),
        ("Own text", "train_text", "blank.txt", b"  \n", "holds no words"),
    ],
)
def test_an_odd_file_is_answered_in_one_sentence(page, source, slot, name, content, told):
    app = page(source, slot, name, content)
    assert len(app.error) == 1
    assert told in app.error[0].value.replace("\\", "")
    assert "\n" not in app.error[0].value
    assert app.button(key="train_play").disabled


def test_vectors_without_labels_are_told_what_to_do(page):
    app = page(
        "Own labelled vectors", "train_vectors", "v.npz", labelled([f"n{i}" for i in range(9)])
    )
    assert not app.error
    assert "Upload a table of labels beside it." in texts(app)


def test_what_was_read_and_held_out_is_not_computed_again_on_the_next_run(page):
    for source, slot, name, content, kept in (
        ("Own ratings", "train_ratings", "r.csv", RATINGS, "train_liked"),
        ("Own facts", "train_graph", "f.tsv", FACTS, "train_triples"),
    ):
        app = page(source, slot, name, content)
        held = app.session_state[kept][1]
        app.run()
        assert app.session_state[kept][1] is held


def test_toy_data_is_made_once_for_a_server():
    from explorer.ui.training_sources import graphs, ratings

    assert ratings._toy() is ratings._toy()
    assert graphs._toy() is graphs._toy()
