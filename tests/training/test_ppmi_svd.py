"""PPMI by hand, the SVD against NumPy's, and the trainer's promises."""

import io

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.training import ppmi_svd
from explorer.training.cooccurrence import Cooccurrences, count_cooccurrences
from explorer.training.corpus import corpus_of_text
from explorer.training.ppmi_svd import (
    PpmiSettings,
    PpmiTrainer,
    SubspaceIteration,
    multiply_rows_scipy,
    positive_pmi,
)
from tests.training.law import finished
from tests.training.zipf import zipf_corpus


def counts_of(matrix):
    matrix = np.asarray(matrix, dtype=np.float32)
    rows, columns = np.nonzero(matrix)
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(matrix)))])
    return Cooccurrences(starts, columns.astype(np.int32), matrix[rows, columns])


def random_counts(n=60, seed=0):
    half = np.random.default_rng(seed).poisson(0.4, (n, n))
    return counts_of(half + half.T)


@pytest.fixture(scope="module")
def corpus():
    return zipf_corpus(90, 800)


def test_two_words_that_only_meet_themselves_have_pmi_log_2():
    ppmi = positive_pmi(counts_of([[2, 0], [0, 2]])).to_dense()
    assert ppmi == pytest.approx(np.array([[np.log(2), 0], [0, np.log(2)]]))


def test_independent_words_have_no_pmi():
    ppmi = positive_pmi(counts_of([[4, 4], [4, 4]]))
    assert ppmi.to_dense().tolist() == [[0, 0], [0, 0]]


def test_a_shift_takes_its_logarithm_off():
    counts = counts_of([[8, 1], [1, 8]])
    plain, shifted = positive_pmi(counts).to_dense(), positive_pmi(counts, shift=1.5).to_dense()
    assert plain[0, 0] == pytest.approx(np.log((8 / 18) / 0.25))
    assert shifted[0, 0] == pytest.approx(plain[0, 0] - np.log(1.5))


def test_smoothing_raises_the_chance_of_rare_contexts_and_so_lowers_their_pmi():
    # sums 9 and 3: P = 3/4 and 1/4; with power 0.5 the contexts have 3 and sqrt 3 parts
    counts = counts_of([[7, 2], [2, 1]])
    smoothed = positive_pmi(counts, smoothing=0.5).to_dense()
    chance = np.sqrt(3) / (3 + np.sqrt(3))
    assert smoothed[1, 1] == pytest.approx(max(0, np.log((1 / 12) / (0.25 * chance))), abs=1e-6)
    assert smoothed[0, 0] == pytest.approx(np.log((7 / 12) / (0.75 * (1 - chance))), abs=1e-6)


def test_the_mirrored_values_are_the_transpose():
    ppmi = positive_pmi(random_counts(), smoothing=0.75)
    mirrored = ppmi._replace(values=ppmi.mirrored).to_dense()
    assert np.array_equal(mirrored, ppmi.to_dense().T)
    assert not np.array_equal(mirrored, ppmi.to_dense())


def test_the_singular_vectors_are_numpys():
    ppmi = positive_pmi(random_counts(), smoothing=0.75)
    svd = SubspaceIteration(ppmi, 20, 30)
    while not svd.done:
        svd.advance()
    left, singular, _ = np.linalg.svd(ppmi.to_dense())
    ours = svd.left_vectors(5, power=1)
    expected = left[:, :5] * singular[:5]
    assert np.allclose(np.abs(ours), np.abs(expected), atol=1e-2)
    held = (singular[:20] ** 2).sum() / (singular**2).sum()
    assert svd.unexplained == pytest.approx(1 - held, abs=1e-3)


def test_power_weights_the_columns_by_their_singular_values():
    svd = SubspaceIteration(positive_pmi(random_counts()), 20, 5)
    while not svd.done:
        svd.advance()
    flat, half, full = (svd.left_vectors(4, power) for power in (0, 0.5, 1))
    assert np.linalg.norm(flat, axis=0) == pytest.approx(np.ones(4), abs=1e-5)
    assert np.allclose(half**2, np.abs(flat * full), atol=1e-5)


def test_scipys_product_is_the_same(monkeypatch):
    ppmi = positive_pmi(random_counts())
    fast = SubspaceIteration(ppmi, 10, 3)
    monkeypatch.setattr(ppmi_svd, "_multiplier", lambda: multiply_rows_scipy)
    plain = SubspaceIteration(ppmi, 10, 3)
    for svd in (fast, plain):
        while not svd.done:
            svd.advance()
    assert np.allclose(fast.left_vectors(5, 0.5), plain.left_vectors(5, 0.5), atol=1e-4)


def test_threads_and_pieces_do_not_change_a_bit(monkeypatch, corpus):
    one = finished(PpmiTrainer(corpus, PpmiSettings(dimensions=8, threads=1))).vectors()
    monkeypatch.setattr(ppmi_svd, "PIECE_CELLS", 200)
    two = finished(PpmiTrainer(corpus, PpmiSettings(dimensions=8, threads=2))).vectors()
    assert np.array_equal(one, two)


@pytest.mark.parametrize("slices", [0, 1, 3, 7])
def test_a_saved_training_goes_on_to_the_same_vectors(monkeypatch, corpus, slices):
    monkeypatch.setattr(ppmi_svd, "PIECE_CELLS", 500)
    settings = PpmiSettings(dimensions=8, threads=1)
    whole = finished(PpmiTrainer(corpus, settings)).vectors()
    stopped, kept = PpmiTrainer(corpus, settings), io.BytesIO()
    for _ in range(slices):
        stopped.advance(0)
    stopped.save(kept)
    kept.seek(0)
    assert np.array_equal(finished(PpmiTrainer.load(kept)).vectors(), whole)


def test_the_loss_falls_and_the_share_grows_to_one(corpus):
    trainer = PpmiTrainer(corpus, PpmiSettings(dimensions=8, iterations=6))
    reports = []
    while not trainer.done:
        reports.append(trainer.advance(0))
    shares = [report.share for report in reports]
    losses = [report.loss for report in reports if report.loss is not None]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert losses[-1] < losses[0]


def test_there_are_vectors_to_show_at_every_moment(corpus):
    trainer = PpmiTrainer(corpus, PpmiSettings(dimensions=8))
    while not trainer.done:
        assert trainer.vectors().shape == (len(corpus.words), 8)
        assert np.isfinite(trainer.vectors()).all()
        trainer.advance(0)


def test_the_space_says_how_it_was_trained(corpus):
    space = finished(PpmiTrainer(corpus, PpmiSettings(dimensions=4, seed=7))).space()
    assert list(space.items) == list(corpus.words)
    assert space.metadata["frequency"].tolist() == corpus.counts.tolist()
    assert space.provenance.seed == 7
    assert "smoothing 0.75" in str(space.provenance)
    assert corpus.digest in str(space.provenance)


def test_a_text_with_fewer_words_than_dimensions_gets_zeros_in_the_rest():
    corpus = corpus_of_text("a b a c b a", min_count=1)
    vectors = finished(PpmiTrainer(corpus, PpmiSettings(dimensions=10))).vectors()
    assert vectors.shape == (3, 10)
    assert not vectors[:, 3:].any()


def test_one_word_alone_ends_in_zeros_and_no_warning():
    vectors = finished(PpmiTrainer(corpus_of_text("a a a a", min_count=1))).vectors()
    assert not vectors.any()


def test_wrong_settings_are_named():
    with pytest.raises(ExplorerError, match="shift must be a number from 1; got 0"):
        PpmiSettings(shift=0.0)
    with pytest.raises(ExplorerError, match="weighting must be one of harmonic, linear, flat"):
        PpmiSettings(weighting="cubic")


def test_words_that_share_contexts_become_neighbours():
    lines = ["the cat eats fish", "the dog eats meat", "a car needs fuel", "a bus needs fuel"] * 40
    corpus = corpus_of_text("\n".join(lines), min_count=1)
    space = finished(PpmiTrainer(corpus, PpmiSettings(dimensions=4, window=2))).space()
    unit = space.vectors / space.norms[:, None]
    cat, dog, car = (unit[space.row(word)] for word in ("cat", "dog", "car"))
    assert cat @ dog > cat @ car


def test_the_counts_are_those_of_the_text(corpus):
    trainer = finished(PpmiTrainer(corpus, PpmiSettings(dimensions=4)))
    expected = count_cooccurrences(
        corpus.ids, corpus.offsets, len(corpus.words), window=5, weighting="linear"
    )
    assert np.array_equal(trainer.counts.counts, expected.counts)
