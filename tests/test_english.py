"""The bundled English vectors: light to open, and good at what they are shown for."""

import time

import numpy as np
import pytest

from explorer.bundled.english import FILE, open_english, rank_bands, write_english, write_maps
from explorer.evaluation.analogy_accuracy import analogy_accuracy
from explorer.evaluation.lists import Question, QuestionList, read_pairs, read_questions
from explorer.evaluation.word_similarity import word_similarity
from explorer.neighbors import nearest_neighbors
from explorer.space import StoredMap


@pytest.fixture(scope="module")
def english():
    return open_english()


def test_it_opens_in_a_tenth_of_a_second_of_work_and_is_small(english):
    start = time.process_time()
    open_english()
    assert time.process_time() - start < 0.1
    assert FILE.stat().st_size < 5_000_000


def test_it_holds_20_000_words_the_most_frequent_first(english):
    assert english.vectors.shape == (20_000, 100)
    counts = english.metadata["frequency"]
    assert (np.diff(counts) <= 0).all()
    assert english.items[0] == "the"
    assert list(english.maps) == ["PCA", "UMAP"]
    assert english.metadata.kind("rank") == "category"


@pytest.mark.parametrize(
    ("word", "near"),
    [("king", "queen"), ("paris", "france"), ("dog", "cat"), ("red", "blue"), ("three", "four")],
)
def test_near_words_are_near(english, word, near):
    row = english.row(word)
    found = nearest_neighbors(english.vectors, english.vectors[[row]], 9, metric="cosine")
    assert near in english.items.take(found.indices[0].tolist())


@pytest.mark.parametrize(
    "question",
    [("man", "king", "woman", "queen"), ("man", "actor", "woman", "actress"),
     ("germany", "berlin", "england", "london"), ("good", "better", "bad", "worse")],
)  # fmt: skip
def test_the_analogies_people_try_first_are_answered(english, question):
    questions = QuestionList("first", (Question(*question, "first"),))
    assert analogy_accuracy(english, questions).accuracy == 1


def test_the_scores_are_those_in_the_readme(english, shared_data):
    readme = (FILE.parent / "README.md").read_text(encoding="utf-8")
    wordsim = word_similarity(english, read_pairs(shared_data("eval/EN-WS-353-ALL.txt")))
    simlex = word_similarity(english, read_pairs(shared_data("eval/EN-SIMLEX-999.txt")))
    questions = analogy_accuracy(english, read_questions(shared_data("eval/questions-words.txt")))
    for score in (wordsim.correlation, simlex.correlation, questions.accuracy):
        assert f"| {score:.3f} |" in readme


def test_what_is_written_is_opened_again(tmp_path):
    maps = {"PCA": StoredMap(np.ones((3, 2)), "note")}
    file = tmp_path / "words.npz"
    vectors = np.arange(6, dtype=np.float32).reshape(3, 2)
    topics = ["first, best", "last"], np.array([0, 1, 0], dtype=np.uint8)
    write_english(["a", "b", "c"], np.array([3, 2, 1]), vectors, "by hand", maps, topics, file)
    space = open_english(file)
    assert list(space.items) == ["a", "b", "c"]
    assert np.array_equal(space.vectors, vectors)
    assert space.maps["PCA"].note == "note"
    assert space.metadata["topic"].tolist() == ["first, best", "last", "first, best"]
    assert "by hand" in str(space.provenance)
    write_maps({"UMAP": StoredMap(np.zeros((3, 2)), "another")}, file)
    again = open_english(file)
    assert list(again.maps) == ["UMAP"]
    assert again.digest == space.digest
    assert again.metadata["topic"].tolist() == space.metadata["topic"].tolist()


def test_ranks_fall_into_bands():
    bands = rank_bands(20_001)
    assert (bands[99], bands[100], bands[999], bands[4_999]) == (
        "1 to 100", "101 to 1,000", "101 to 1,000", "1,001 to 5,000",
    )  # fmt: skip
    assert bands[19_999:] == ["5,001 to 20,000", "above 20,000"]


def test_topics_gather_words_of_one_kind(english):
    topic = dict(zip(english.items, english.metadata["topic"], strict=True))
    assert topic["soldiers"] == topic["army"] != topic["theorem"] == topic["equations"]
    assert topic["king"] == topic["emperor"] != topic["software"] == topic["computers"]
