"""GloVe: its gradient, its order, its promises."""

import io

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.training import glove
from explorer.training.cooccurrence import count_cooccurrences
from explorer.training.corpus import corpus_of_text
from explorer.training.glove import (
    GloveSettings,
    GloveTrainer,
    adagrad_numpy,
    cell_weights,
    training_and_held_out,
)
from explorer.training.glove_kernels import adagrad
from explorer.training.progress import TrainingDivergedError
from tests.training.law import finished
from tests.training.zipf import zipf_corpus

QUICK = GloveSettings(dimensions=8, window=3, epochs=4)


@pytest.fixture(scope="module")
def corpus():
    return zipf_corpus(60, 500)


@pytest.fixture
def state():
    """Six words with vectors of 16 numbers, and five cells of their matrix."""
    random = np.random.default_rng(0)
    rows = np.array([0, 1, 2, 0, 5], dtype=np.int32)
    columns = np.array([1, 0, 2, 3, 4], dtype=np.int32)
    logs = random.normal(size=5).astype(np.float32)
    weights = random.random(5).astype(np.float32)
    vectors = [random.normal(size=(6, 2, 16)).astype(np.float32) for _ in range(2)]
    biases = [random.normal(size=(6, 2)).astype(np.float32) for _ in range(2)]
    for array in (*vectors, *biases):
        array[:, 1] = 1
    return rows, columns, logs, weights, *vectors, *biases


def cost(state):
    rows, columns, logs, weights, words, contexts, word_biases, context_biases = state
    products = (words[rows, 0] * contexts[columns, 0]).sum(axis=1)
    error = products + word_biases[rows, 0] + context_biases[columns, 0] - logs
    return float(0.5 * (weights * error**2).sum())


def test_a_step_goes_down_the_gradient_that_finite_differences_measure(state):
    state = [part.astype(np.float64) if part.dtype == np.float32 else part for part in state]
    one = [part[3:4] if at < 4 else part for at, part in enumerate(state)]
    before = [part.copy() for part in one]
    rate = 1e-3
    adagrad_numpy(*one, rate)  # the sums of squares are 1, so the step is rate x gradient
    for which in (4, 5, 6, 7):
        changes = (before[which] - one[which])[:, 0].ravel() / rate
        for number in np.flatnonzero(changes):
            place = np.unravel_index(number, before[which][:, 0].shape)
            place = (place[0], 0, *place[1:])
            up, down = [part.copy() for part in before], [part.copy() for part in before]
            up[which][place] += 1e-5
            down[which][place] -= 1e-5
            assert changes[number] == pytest.approx((cost(up) - cost(down)) / 2e-5, rel=1e-5)
    assert np.count_nonzero(before[4] - one[4]) == 2 * 16  # vector and squares of one row


def test_the_kernel_does_what_numpy_does(state):
    fast, plain = [part.copy() for part in state], [part.copy() for part in state]
    for _ in range(20):
        fast_loss = adagrad(*fast, np.float32(0.05))
        plain_loss = adagrad_numpy(*plain, np.float32(0.05))
    assert fast_loss == pytest.approx(plain_loss, rel=1e-4)
    for ours, reference in zip(fast, plain, strict=True):
        assert np.allclose(ours, reference, atol=1e-4)


def test_the_loss_returned_is_the_cost_before_the_step(state):
    one = [part[:1] if at < 4 else part for at, part in enumerate(state)]
    expected = cost(one)
    assert adagrad(*one, np.float32(0.05)) == pytest.approx(expected, rel=1e-5)


def test_weights_grow_with_the_count_up_to_one():
    weights = cell_weights(np.float32([10, 100, 200]), 100, 0.5)
    assert weights == pytest.approx([np.sqrt(0.1), 1, 1])


def test_every_cell_is_trained_on_or_held_out_and_both_halves_of_a_pair_alike(corpus):
    counts = count_cooccurrences(corpus.ids, corpus.offsets, len(corpus.words), window=3)
    training, held_out = training_and_held_out(counts, QUICK)
    assert len(training.rows) + len(held_out.rows) == counts.cells
    trained = set(zip(training.rows.tolist(), training.columns.tolist(), strict=True))
    for i, j in zip(held_out.rows.tolist(), held_out.columns.tolist(), strict=True):
        assert (j, i) not in trained


def test_the_order_of_the_cells_is_random_through_and_through(corpus):
    counts = count_cooccurrences(corpus.ids, corpus.offsets, len(corpus.words), window=3)
    rows = training_and_held_out(counts, QUICK)[0].rows.astype(float)
    assert abs(np.corrcoef(rows[:-1], rows[1:])[0, 1]) < 0.1


def test_the_loss_falls_on_trained_and_on_held_out_cells(corpus):
    trainer = GloveTrainer(corpus, GloveSettings(dimensions=4, window=3, epochs=20))
    reports = []
    while not trainer.done:
        reports.append(trainer.advance(0))
    losses = [report.loss for report in reports if report.loss is not None]
    held_out = [report.held_out for report in reports if report.held_out is not None]
    assert losses[-1] < 0.5 * losses[0]
    assert held_out[-1] < held_out[0]
    assert [report.share for report in reports] == sorted(report.share for report in reports)
    assert reports[-1].share == 1


def test_a_run_with_one_thread_repeats_bit_for_bit_however_it_is_sliced(monkeypatch, corpus):
    whole = finished(GloveTrainer(corpus, QUICK)).vectors()
    monkeypatch.setattr(glove, "PIECE_NUMBERS", 1_000)
    sliced = GloveTrainer(corpus, QUICK)
    while not sliced.done:
        sliced.advance(0)
    assert np.array_equal(sliced.vectors(), whole)


@pytest.mark.parametrize("slices", [0, 4, 9])
def test_a_saved_training_goes_on_to_the_same_vectors(monkeypatch, corpus, slices):
    monkeypatch.setattr(glove, "PIECE_NUMBERS", 5_000)
    whole = finished(GloveTrainer(corpus, QUICK)).vectors()
    stopped, kept = GloveTrainer(corpus, QUICK), io.BytesIO()
    for _ in range(slices):
        stopped.advance(0.001)
    stopped.save(kept)
    kept.seek(0)
    assert np.array_equal(finished(GloveTrainer.load(kept)).vectors(), whole)


def test_two_threads_learn_as_well_as_one(corpus):
    losses = [
        finished(GloveTrainer(corpus, GloveSettings(8, 3, epochs=10, threads=threads)))
        .held_out_loss()
        for threads in (1, 2)
    ]  # fmt: skip
    assert losses[1] == pytest.approx(losses[0], rel=0.1)


def test_at_100_times_the_rate_it_diverges_with_a_clear_message(corpus):
    trainer = GloveTrainer(corpus, GloveSettings(dimensions=8, learning_rate=5.0))
    with pytest.raises(TrainingDivergedError, match="Lower the learning rate, which was 5"):
        finished(trainer)


@pytest.mark.parametrize("text", ["a", "a a a", "a b"])
def test_the_smallest_texts_end(text):
    vectors = finished(GloveTrainer(corpus_of_text(text, min_count=1), QUICK)).vectors()
    assert np.isfinite(vectors).all()


def test_the_space_says_how_it_was_trained(corpus):
    space = finished(GloveTrainer(corpus, QUICK)).space()
    assert list(space.items) == list(corpus.words)
    assert space.trained_with == "dot"
    assert "x_max 10" in str(space.provenance)


def test_wrong_settings_are_named():
    with pytest.raises(ExplorerError, match="x_max must be a number above 0; got 0"):
        GloveSettings(x_max=0.0)
