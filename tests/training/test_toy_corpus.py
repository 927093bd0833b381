"""The toy corpus: its size, its truth, and that every objective finds its analogies."""

import time

import numpy as np
import pytest

from explorer.bundled.small_world import all_words
from explorer.errors import ExplorerError
from explorer.evaluation.analogy_accuracy import analogy_accuracy
from explorer.evaluation.word_similarity import word_similarity
from explorer.training import OBJECTIVES
from explorer.training.corpus import corpus_of_text
from explorer.training.toy_corpus import likeness, toy_corpus, toy_text
from tests.training.law import finished


@pytest.fixture(scope="module")
def toy():
    return toy_corpus(200_000)


def test_it_is_about_as_long_as_asked_and_quickly_made():
    start = time.process_time()
    toy = toy_corpus(300_000)
    assert time.process_time() - start < 2  # 0.6 s on a quiet machine
    assert len(toy.corpus) == pytest.approx(300_000, rel=0.05)


def test_every_word_of_the_small_world_comes_often_enough_to_be_learned(toy):
    counts = dict(zip(toy.corpus.words, toy.corpus.counts.tolist(), strict=True))
    assert min(counts[word.name] for word in all_words()) >= 10


def test_the_seed_alone_decides_the_text():
    assert toy_corpus(20_000, seed=3).corpus.digest == toy_corpus(20_000, seed=3).corpus.digest
    assert toy_corpus(20_000, seed=3).corpus.digest != toy_corpus(20_000, seed=4).corpus.digest


def test_its_text_read_again_is_the_same_corpus():
    toy = toy_corpus(20_000)
    read = corpus_of_text(toy_text(toy), min_count=1)
    assert len(read) == len(toy.corpus)
    assert sorted(read.words) == sorted(toy.corpus.words)
    first = toy.corpus.ids[: toy.corpus.offsets[1]]
    assert [read.words[i] for i in read.ids[: read.offsets[1]]] == [
        toy.corpus.words[i] for i in first
    ]


def test_feminine_words_stand_with_her_and_masculine_ones_with_his():
    lines = toy_text(toy_corpus(100_000)).split("\n")
    of_queen = [line.split() for line in lines if " queen " in line]
    feminine = sum(bool({"she", "her", "hers", "herself"} & set(line)) for line in of_queen)
    assert feminine == len(of_queen) > 0
    assert not any({"he", "his", "him", "himself"} & set(line) for line in of_queen)


def test_likeness_counts_what_is_true_of_both():
    words = {word.name: word for word in all_words()}
    assert likeness(words["king"], words["king"]) == 10
    assert likeness(words["king"], words["queen"]) == 6.7
    assert likeness(words["king"], words["prince"]) > likeness(words["king"], words["dog"])
    assert likeness(words["king"], words["lima"]) == 0


def test_the_questions_hold_each_fact(toy):
    groups = {question.group for question in toy.questions.questions}
    assert groups == {"gender", "plural", "capital", "comparative", "superlative"}


SETTINGS = {
    "sgns": {"dimensions": 50, "epochs": 8},
    "cbow": {"dimensions": 50, "epochs": 8},
    "glove": {"dimensions": 50, "window": 5, "epochs": 25},
    "ppmi": {"dimensions": 50},
}
# GloVe sees only pairs that occur, and so learns less from who never meets whom
LEAST = {"sgns": 0.9, "cbow": 0.9, "glove": 0.4, "ppmi": 0.9}


@pytest.mark.parametrize("name", SETTINGS)
def test_the_analogies_are_found_by(name, toy):
    objective = OBJECTIVES[name]
    settings = objective.make_settings(**SETTINGS[name])
    space = finished(objective.make_trainer(toy.corpus, settings)).space()
    assert np.isfinite(space.vectors).all()
    assert analogy_accuracy(space, toy.questions).accuracy > LEAST[name]
    similarity = word_similarity(space, toy.pairs)
    assert similarity.correlation > 0.6
    assert similarity.interval[0] > similarity.chance


def test_too_few_words_are_refused():
    with pytest.raises(ExplorerError, match="at least 20,000 words; got 500"):
        toy_corpus(500)
