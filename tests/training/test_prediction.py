"""Skip-gram, CBOW and subwords: the step, the kernels, the slices."""

import io
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

pytest.importorskip("numba")

from explorer.errors import ExplorerError
from explorer.ngrams import ngrams
from explorer.training import OBJECTIVES, prediction_reference, sentence_kernels
from explorer.training.corpus import corpus_of_text
from explorer.training.noise import alias_table, keep_chance, noise_distribution
from explorer.training.prediction import aligned_zeros
from explorer.training.progress import TrainingDivergedError
from explorer.training.sgns import CbowSettings, CbowTrainer, SgnsSettings, SgnsTrainer
from explorer.training.subwords import SubwordSettings, SubwordTrainer
from explorer.training.tile_kernels import OUTPUTS, error_tile, score_tile, update_tile
from tests.training.law import finish, finished

TRAINERS = [(SgnsTrainer, SgnsSettings), (CbowTrainer, CbowSettings)]
TRAINERS += [(SubwordTrainer, lambda **chosen: SubwordSettings(buckets=500, **chosen))]


def corpus(words=4_000, seed=1):
    """Sentences about fruit or about metals, with a frequent word in all of them."""
    generator = np.random.default_rng(seed)
    topics = [["apple", "pear", "plum", "cherry", "quince"], ["iron", "zinc", "copper", "lead"]]
    lines = []
    for _ in range(words // 10):
        topic = topics[generator.integers(2)]
        drawn = generator.integers(2 * len(topic), size=10).tolist()
        lines.append(" ".join((topic + ["the"] * len(topic))[at] for at in drawn))
    return corpus_of_text("\n".join(lines), min_count=1)


CORPUS = corpus()


def trained(make, settings, **chosen):
    return finished(make(CORPUS, settings(dimensions=8, epochs=2, **chosen)))


def test_a_step_goes_down_the_gradient_of_the_loss():
    generator = np.random.default_rng(1)
    X, B = generator.standard_normal((2, 3)), generator.standard_normal((4, 3))
    weight, label = np.array([1, 2, 1, 3]), np.array([1, 0, 0, 0])
    new_X, new_B = prediction_reference.step(X, B, weight, label, rate=1.0)
    for matrix, new in ((X, new_X), (B, new_B)):
        for place in np.ndindex(matrix.shape):
            value, tiny = matrix[place], 1e-6
            matrix[place] = value + tiny
            above = prediction_reference.loss(X, B, weight, label)
            matrix[place] = value - tiny
            below = prediction_reference.loss(X, B, weight, label)
            matrix[place] = value
            assert value - new[place] == pytest.approx((above - below) / (2 * tiny), abs=1e-7)


def test_the_pull_towards_zero_is_a_share_of_each_row():
    X, B = np.ones((1, 2)), np.zeros((1, 2))
    new_X, _ = prediction_reference.step(X, B, np.ones(1), np.ones(1), rate=0.1, l2=0.5)
    assert new_X == pytest.approx(0.95 * X)


@pytest.mark.parametrize("inputs", [1, 2, 4])
@pytest.mark.parametrize("width", [16, 112])
def test_the_tiles_are_the_matrix_products_of_the_reference(inputs, width):
    from numba import njit

    @njit
    def tiles(X, chosen, B, scores, weight, label, rate):
        score_tile(X, chosen, B, OUTPUTS, scores)
        before = scores.copy()
        wrong = error_tile(scores, 0, weight, label, 0, rate)
        if len(chosen) > 2:
            wrong |= error_tile(scores, 1, weight, label, 0, rate)
        update_tile(X, chosen, B, OUTPUTS, scores)
        return before, wrong

    generator = np.random.default_rng(1)
    X, B = aligned_zeros((5, width), np.float32), aligned_zeros((12, width), np.float32)
    X[:] = generator.standard_normal(X.shape)
    B[:] = generator.standard_normal(B.shape)
    weight = generator.random((1, 16)).astype(np.float32)
    label = np.zeros((1, 16), np.float32)
    label[0, [0, 6]] = 1
    chosen = (3, 1, 4, 0)[:inputs]
    old_X, old_B = X.astype(float), B.astype(float)
    scores = np.zeros((2, 16), np.float32)
    before, wrong = tiles(X, chosen, B, scores, weight, label, np.float32(0.1))
    before = before[:, :12].reshape(4, 6)[:inputs]
    weight, label = (
        np.tile(part[0, :12].reshape(2, 6), (2, 1))[:inputs] for part in (weight, label)
    )
    expected = old_X[list(chosen)] @ old_B[6:].T
    new_X, new_B = prediction_reference.step(old_X[list(chosen)], old_B[6:], weight, label, 0.1)
    assert not wrong
    assert np.allclose(before, expected, atol=1e-4)
    assert np.allclose(X[list(chosen)], new_X, atol=1e-5)
    assert np.allclose(B[6:], new_B, atol=1e-5)
    assert np.array_equal(B[:6], old_B[:6])


def test_the_same_row_twice_in_a_tile_gets_both_steps():
    from numba import njit

    @njit
    def update(X, B, errors):
        update_tile(X, (0, 0), B, 0, errors)

    X, B = aligned_zeros((1, 16), np.float32), aligned_zeros((6, 16), np.float32)
    errors = np.ones((2, 16), np.float32)
    B[:] = 1
    update(X, B, errors)
    assert X[0, 0] == 12


@pytest.mark.parametrize("score", [-1e4, -20, -8, -0.5, 0, 3, 15, 88, 1e4])
def test_the_sigmoid_is_stable_and_right_to_float32(score):
    from numba import njit

    @njit
    def errors(scores, weight, label):
        return error_tile(scores, 0, weight, label, 0, np.float32(1))

    scores = np.full((1, 16), score, np.float32)
    assert not errors(scores, np.ones((1, 16), np.float32), np.ones((1, 16), np.float32))
    assert 1 - scores[0] == pytest.approx(prediction_reference.sigmoid(np.float64(score)), abs=3e-7)


@pytest.mark.parametrize("score", [np.nan, np.inf, -np.inf, 1e35])
def test_a_score_that_is_no_number_is_noticed(score):
    from numba import njit

    @njit
    def errors(scores, weight, label):
        return error_tile(scores, 0, weight, label, 0, np.float32(1))

    scores = np.zeros((1, 16), np.float32)
    scores[0, 3] = score
    assert errors(scores, np.ones((1, 16), np.float32), np.ones((1, 16), np.float32))


@pytest.mark.parametrize("negatives", [1, 5, 14])
@pytest.mark.parametrize("l2", [0.0, 0.1])
@pytest.mark.parametrize("objective", ["sgns", "cbow", "subword"])
def test_the_kernels_do_what_the_reference_does(objective, negatives, l2):
    chosen = {
        "dimensions": 10,
        "epochs": 1,
        "window": 3,
        "held_out": 15,
        "sample": 0.05,
    }
    chosen["learning_rate"] = 0.1 / (1 + negatives)
    if objective == "subword":
        chosen["buckets"] = 300
    o = OBJECTIVES[objective]
    text = corpus(1_500)  # short: float32 and float64 part slowly
    trainer = o.make_trainer(text, o.make_settings(negatives=negatives, l2=l2, **chosen))
    inputs, outputs = trainer.inputs.astype(float), trainer.outputs.astype(float)
    arguments = (trainer._work.text, trainer._work.noise)
    if objective == "subword":
        arguments = (*arguments, trainer._pieces)
    reference = {"sgns": "skip_gram", "cbow": "cbow", "subword": "subwords"}[objective]
    getattr(prediction_reference, reference)(*arguments, inputs, outputs, trainer._work.plan, 0)
    finish(trainer)
    assert np.abs(outputs).max() > 0.005  # something was learned
    assert np.allclose(trainer.inputs, inputs, atol=2e-4)
    assert np.allclose(trainer.outputs, outputs, atol=2e-4)


@pytest.mark.parametrize(("make", "settings"), TRAINERS)
def test_the_loss_falls_on_the_text_and_on_what_was_held_out(make, settings):
    trainer = make(CORPUS, settings(dimensions=8, epochs=10, held_out=1000, learning_rate=0.05))
    first = trainer.held_out_loss()
    finish(trainer)
    examples = trainer._examples
    told_apart = 1 + (examples.negatives != examples.target[:, None]).sum(axis=1).mean()
    assert first == pytest.approx(told_apart * np.log(2), rel=1e-3)  # all scores are 0 at first
    assert trainer.held_out_loss() < 0.8 * first


@pytest.mark.parametrize(("make", "settings"), TRAINERS)
def test_words_of_one_topic_come_together(make, settings):
    trainer = finished(make(CORPUS, settings(dimensions=8, epochs=20, learning_rate=0.05)))
    unit = trainer.vectors() / np.linalg.norm(trainer.vectors(), axis=1, keepdims=True)
    row = {word: unit[i] for i, word in enumerate(CORPUS.words)}
    assert row["apple"] @ row["plum"] > row["apple"] @ row["zinc"] + 0.3


@pytest.mark.parametrize(("make", "settings"), TRAINERS)
def test_one_thread_repeats_bit_for_bit_and_a_seed_changes_it(make, settings):
    once, again = trained(make, settings), trained(make, settings)
    assert np.array_equal(once.vectors(), again.vectors())
    assert not np.array_equal(once.vectors(), trained(make, settings, seed=2).vectors())


@pytest.mark.parametrize(("make", "settings"), TRAINERS)
def test_stopped_saved_and_loaded_it_ends_as_if_it_had_not_been(make, settings):
    trainer = make(CORPUS, settings(dimensions=8, epochs=2))
    trainer.advance(seconds=0)
    assert not trainer.done
    file = io.BytesIO()
    trainer.save(file)
    file.seek(0)
    loaded = make.load(file)
    assert loaded.examples == trainer.examples
    assert np.array_equal(finished(loaded, seconds=0).vectors(), trained(make, settings).vectors())


@pytest.mark.parametrize(("make", "settings"), TRAINERS)
def test_a_hundredfold_learning_rate_ends_in_one_sentence_or_in_numbers(make, settings):
    trainer = make(CORPUS, settings(dimensions=8, epochs=20, learning_rate=5.0, sample=0))
    message = ""
    while not (trainer.done or message):
        try:
            trainer.advance()
        except TrainingDivergedError as error:
            message = str(error)
    if message:
        assert message.endswith("Lower the learning rate, which was 5.")
    else:
        assert np.isfinite(trainer.vectors()).all()


def test_divergence_is_told_with_the_epoch():
    trainer = SgnsTrainer(CORPUS, SgnsSettings(dimensions=8))
    trainer.inputs[:] = np.inf
    with pytest.raises(TrainingDivergedError, match=r"diverged at epoch 0\.\d\d"):
        trainer.advance(seconds=0)


def test_two_threads_go_through_all_words_and_learn():
    trainer = SgnsTrainer(CORPUS, SgnsSettings(dimensions=8, epochs=10, threads=2, held_out=1000))
    first = trainer.held_out_loss()
    progress = trainer.advance()
    while not trainer.done:
        progress = trainer.advance()
    assert progress.examples == 10 * len(CORPUS)
    assert (progress.share, progress.epoch) == (1.0, 10.0)
    assert progress.held_out < first


def test_progress_counts_words_and_a_slice_is_short():
    trainer = SgnsTrainer(corpus(200_000), SgnsSettings(dimensions=64, epochs=50))
    seen = [trainer.advance(seconds=0.05) for _ in range(3)]
    assert all(0 < a.examples < b.examples for a, b in pairwise(seen))
    assert seen[-1].loss > 0
    assert not trainer.done
    assert seen[-1].seconds < 3 * 0.15


def test_the_space_says_how_it_came_about():
    space = trained(SgnsTrainer, SgnsSettings).space()
    assert list(space.items) == list(CORPUS.words)
    assert space.metadata["frequency"].tolist() == CORPUS.counts.tolist()
    assert space.trained_with == "dot"
    assert CORPUS.digest in str(space.provenance)
    assert space.provenance.seed == 1


def test_a_space_of_subwords_makes_vectors_of_unknown_words():
    trainer = trained(SubwordTrainer, TRAINERS[2][1])
    space = trainer.space()
    unknown = space.composer.compose("apples")
    assert unknown.shape == (8,)
    names = [pull.ngram for pull in space.composer.pulls("apples")]
    assert sorted(names) == sorted(ngrams("apples", 3, 6))


def test_noise_comes_as_often_as_count_to_the_power():
    from numba import njit

    @njit
    def count(noise, seed, draws, counted):
        state = np.empty(1, np.uint64)
        state[0] = seed
        for _ in range(draws):
            counted[sentence_kernels.draw_noise(noise, state)] += 1

    counts = np.array([10_000, 3_000, 500, 70, 20, 5, 1])
    expected = noise_distribution(counts, 0.75)
    assert expected == pytest.approx(counts**0.75 / (counts**0.75).sum())
    counted, draws = np.zeros(7, np.int64), 1_000_000
    noise = sentence_kernels.Noise(*alias_table(expected))
    count(noise, np.uint64(1), draws, counted)
    chi_squared = ((counted - draws * expected) ** 2 / (draws * expected)).sum()
    assert chi_squared < 22.5  # 6 degrees of freedom: passed by 99.9 % of fair draws


def test_an_alias_table_holds_its_distribution():
    distribution = noise_distribution(np.random.default_rng(1).integers(1, 1000, 300), 0.75)
    share, other = alias_table(distribution)
    chance = share.astype(float) / len(share)
    np.add.at(chance, other, (1 - share) / len(share))
    assert np.allclose(chance, distribution, atol=1e-7)


def test_frequent_words_stay_as_often_as_the_formula_says():
    counts = np.array([9_000, 900, 99, 1])
    keep = keep_chance(counts, 0.001)
    share = counts / counts.sum()
    assert keep == pytest.approx(np.minimum(1, np.sqrt(0.001 / share) + 0.001 / share))
    assert keep_chance(counts, 0).tolist() == [1, 1, 1, 1]
    draws = prediction_reference.Draws(1, 0, 0)
    stayed = sum(draws.stays(keep[0]) for _ in range(20_000)) / 20_000
    assert stayed == pytest.approx(keep[0], abs=0.005)


def test_the_seed_of_a_sentence_is_the_same_in_both():
    for numbers in [(1, 0, 0), (7, 3, 12345), (2**62, 1, 1)]:
        draws = prediction_reference.Draws(*numbers)
        assert draws._state == int(sentence_kernels.seed_of(*numbers))


@pytest.mark.parametrize(("make", "settings"), TRAINERS)
@pytest.mark.parametrize("text", ["a b", "a a a a b", "a\nb\na", "a b " * 3000])
def test_tiny_texts_train(make, settings, text):
    trainer = make(corpus_of_text(text, min_count=1), settings(dimensions=3, threads=2))
    while not trainer.done:
        trainer.advance()
    assert np.isfinite(trainer.vectors()).all()


def test_a_text_of_one_word_is_refused():
    with pytest.raises(ExplorerError, match="one word only, 'a'"):
        SgnsTrainer(corpus_of_text("a a a a a a"))


@pytest.mark.parametrize(
    "wrong", [{"dimensions": 0}, {"window": 0}, {"learning_rate": 0.0}, {"threads": 0}]
)
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(ExplorerError, match=next(iter(wrong))):
        replace(SgnsSettings(), **wrong)


def test_ngrams_of_no_length_are_refused():
    with pytest.raises(ExplorerError, match="longest must be at least shortest, 4; got 3"):
        SubwordSettings(shortest=4, longest=3)
