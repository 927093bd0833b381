"""What is shown of one update is the update: checked by differences, and beside each reference."""

import re

import numpy as np
import pytest

from explorer.errors import ExplorerError, UnknownItemError
from explorer.training import bpr_reference, worked_ratings, worked_words
from explorer.training.als import AlsTrainer
from explorer.training.bpr import BprSettings, BprTrainer
from explorer.training.corpus import corpus_of_text
from explorer.training.glove import GloveSettings, GloveTrainer, adagrad_numpy
from explorer.training.prediction_reference import step
from explorer.training.sgns import CbowSettings, CbowTrainer, SgnsSettings, SgnsTrainer
from explorer.training.subwords import SubwordSettings, SubwordTrainer
from explorer.training.toy_ratings import toy_ratings
from explorer.training.worked_example import draw, parts_of, rates, work
from explorer.training.worked_step import Choice
from tests.training.law import finish, numeric_gradient

TEXT = "the cat sat on the mat\nthe dog sat on the log\na cat and a dog met on the mat\n" * 40
SMALL = {"dimensions": 6, "epochs": 3, "window": 3, "held_out": 0}


def corpus():
    return corpus_of_text(TEXT, min_count=1)


def begun(trainer, slices=3):
    """A trainer somewhere in the middle of its work."""
    for _ in range(slices):
        trainer.advance(0)
    assert not trainer.done
    return trainer


def skip_gram(**choices):
    return begun(SgnsTrainer(corpus(), SgnsSettings(**{**SMALL, "epochs": 200, **choices})))


def glove():
    trainer = GloveTrainer(corpus(), GloveSettings(dimensions=6, window=3, epochs=10_000))
    while trainer.counts is None:
        trainer.advance()
    return begun(trainer)


def test_the_gradients_of_a_prediction_are_those_that_differences_give():
    random = np.random.default_rng(1)
    hidden, outputs = random.standard_normal(5), random.standard_normal((4, 5))
    labels, times = np.array([1.0, 0, 0, 0]), np.array([1.0, 1, 3, 2])

    def loss():
        return worked_words.loss_and_gradients(hidden, outputs, labels, times)[0]

    _, by_hidden, by_outputs = worked_words.loss_and_gradients(hidden, outputs, labels, times)
    assert by_hidden == pytest.approx(numeric_gradient(loss, hidden), abs=1e-7)
    assert by_outputs == pytest.approx(numeric_gradient(loss, outputs), abs=1e-7)


def test_the_gradients_of_a_pair_of_items_are_those_that_differences_give():
    random = np.random.default_rng(2)
    U, V, W, biases = *random.standard_normal((3, 5)), random.standard_normal(2)
    pull = 0.3

    def loss():
        score = worked_ratings.loss_and_gradients(U, V, W, biases, pull)[0]
        return np.logaddexp(0, -score) + pull / 2 * (U @ U + V @ V + W @ W)

    gradients = worked_ratings.loss_and_gradients(U, V, W, biases, pull)[1]
    for vector, gradient in zip((U, V, W), gradients, strict=True):
        assert gradient == pytest.approx(numeric_gradient(loss, vector), abs=1e-7)


@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_a_step_of_skip_gram_is_that_of_its_reference_and_a_word_drawn_twice_counts_twice(l2):
    trainer = skip_gram(l2=l2)
    example = work(trainer, Choice("cat", ("sat",), ("dog", "mat", "dog", "cat")))
    items = trainer.corpus.items
    rows = [items.row(word) for word in ("cat", "dog", "mat")]
    X = trainer.inputs[[items.row("sat")], :6].astype(float)
    B = trainer.outputs[rows, :6].astype(float)
    label, weight = np.array([1, 0, 0]), np.array([1, 2, 1])
    X, B = step(X, B, weight, label, trainer.rate, l2)
    assert [one.name for one in example.vectors] == ["sat", "cat", "dog", "mat"]
    assert example.vectors[0].after == pytest.approx(X[0], rel=1e-12)
    for moved, row in zip(example.vectors[1:], B, strict=True):
        assert moved.after == pytest.approx(row, rel=1e-12)
    assert example.scores[1].error == pytest.approx(-2 * example.scores[1].predicted)
    assert [one.after for one in example.scores] == pytest.approx((B @ X[0]).tolist())


def test_the_rate_is_that_of_the_moment():
    trainer = skip_gram()
    assert 0.0001 < trainer.rate < 0.025
    assert work(trainer, draw(trainer, 1)).rate == trainer.rate
    finish(trainer)
    assert rates(trainer) == (pytest.approx(0.0001), 0.025)
    assert work(trainer, draw(trainer, 1)).rate == trainer.rate


def test_in_cbow_the_mean_of_the_context_predicts():
    trainer = begun(CbowTrainer(corpus(), CbowSettings(**{**SMALL, "epochs": 200})))
    example = work(trainer, Choice("sat", ("cat", "on"), ("log",)))
    rows = [trainer.corpus.items.row(word) for word in ("cat", "on")]
    assert example.vectors[0].before == pytest.approx(trainer.inputs[rows, :6].mean(axis=0))
    assert example.vectors[0].role == "input: mean of 2 rows"


def test_over_subwords_the_mean_of_the_word_and_its_n_grams_predicts():
    trainer = SubwordTrainer(corpus(), SubwordSettings(**{**SMALL, "epochs": 200}, buckets=500))
    example = work(begun(trainer), Choice("sat", ("cat",), ("log",)))
    vector = trainer.vectors()[trainer.corpus.items.row("cat")]
    assert example.vectors[0].before == pytest.approx(vector.astype(float), rel=1e-5)
    assert example.vectors[0].role == "input: mean of its row and 6 n-grams"  # <cat>: 3 + 2 + 1


@pytest.mark.parametrize("item_bias", [False, True])
def test_a_step_of_bpr_is_that_of_its_reference(item_bias):
    trainer = begun(BprTrainer(toy_ratings(), BprSettings(dimensions=4, item_bias=item_bias)))
    choice = draw(trainer, 3)
    example = work(trainer, choice)
    users, items, biases = (factor.astype(float) for factor in trainer.factors)
    pairs = trainer.interactions
    u = np.array([pairs.users.row(choice.target)])
    i, j = (np.array([pairs.items.row(name[0])]) for name in choice[1:])
    pull = np.float64(trainer.settings.regularization)
    loss = bpr_reference.bpr_steps(
        users, items, biases, u, i, j, np.array([trainer.rate]), pull, item_bias
    )
    assert example.loss_before == pytest.approx(loss)
    after = np.stack([moved.after for moved in example.vectors])
    assert after == pytest.approx(np.concatenate([users[u], items[i], items[j]]), rel=1e-9)
    score = biases[i] - biases[j] + users[u[0]] @ (items[i[0]] - items[j[0]])
    assert example.scores[0].after == pytest.approx(float(score[0]))


def test_a_step_of_glove_is_that_of_its_reference():
    trainer = glove()
    choice = draw(trainer, 4)
    example = work(trainer, choice)
    i, j = (trainer.corpus.items.row(name) for name in (choice.target, choice.context[0]))
    log, weight = trainer.cell(i, j)
    learned = [trainer.words, trainer.contexts, trainer.word_biases, trainer.context_biases]
    words, contexts, *biases = (array.astype(float) for array in learned)
    cell = (np.array([number]) for number in (i, j, log, weight))
    loss = adagrad_numpy(*cell, words, contexts, *biases, np.float32(0.05))
    assert example.loss_before == pytest.approx(loss, rel=1e-6)
    assert example.vectors[0].after == pytest.approx(words[i, 0, :6], rel=1e-6)
    assert example.vectors[1].after == pytest.approx(contexts[j, 0, :6], rel=1e-6)


@pytest.mark.parametrize("make", [skip_gram, glove])
@pytest.mark.parametrize("seed", range(5))
def test_the_step_of_a_drawn_example_lowers_its_loss_and_trains_nothing(make, seed):
    trainer = make()
    before = trainer.vectors()
    example = work(trainer, draw(trainer, seed))
    assert example.loss_after < example.loss_before
    assert draw(trainer, seed) == draw(trainer, seed)
    assert np.array_equal(trainer.vectors(), before)


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (Choice("cat", (), ()), "name a word near the target"),
        (Choice("cat", ("sat", "on"), ()), "one word predicts at a time; 2 are given"),
        (Choice("cat", ("sat",), ("dog",) * 21), "At most 20 random words"),
    ],
)
def test_an_example_that_cannot_be_is_answered_in_a_sentence(choice, told):
    with pytest.raises(ExplorerError, match=told):
        work(skip_gram(), choice)


def test_a_word_outside_the_vocabulary_is_answered_with_those_spelled_alike():
    with pytest.raises(UnknownItemError, match="Did you mean cat"):
        work(skip_gram(), Choice("catt", ("sat",)))


def test_an_item_that_the_user_met_is_no_random_one():
    trainer = begun(BprTrainer(toy_ratings(), BprSettings(dimensions=4)))
    user, met, other = draw(trainer, 1)
    with pytest.raises(ExplorerError, match=re.escape(f"{user} has met {met[0]}")):
        work(trainer, Choice(user, met, met))
    with pytest.raises(ExplorerError, match=re.escape(f"{user} has not met {other[0]}")):
        work(trainer, Choice(user, other, met))
    with pytest.raises(ExplorerError, match="a user, an item"):
        work(trainer, Choice(user, met, ()))


def test_glove_learns_only_from_words_that_meet():
    trainer = GloveTrainer(corpus(), GloveSettings(dimensions=6, window=1, epochs=10_000))
    with pytest.raises(ExplorerError, match="still counts"):
        work(trainer, Choice("cat", ("log",)))
    while trainer.counts is None:
        trainer.advance()
    with pytest.raises(ExplorerError, match="never meet"):
        work(trainer, Choice("cat", ("log",)))


def test_other_trainers_have_no_example():
    trainer = AlsTrainer(toy_ratings())
    assert parts_of(trainer) is None
    with pytest.raises(ExplorerError, match="AlsTrainer is not worked"):
        draw(trainer, 1)
