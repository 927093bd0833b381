import numpy as np
import pytest

from explorer import EmbeddingSpace, Items, Metadata, Provenance
from explorer.composer import HashedWord, Subwords, UnknownWord
from explorer.errors import ExplorerError
from explorer.ngrams import ngram_buckets

generator = np.random.default_rng(1)
SPACE = EmbeddingSpace(
    "s",
    Items(f"w{i}" for i in range(50)),
    generator.standard_normal((50, 8)).astype(np.float32),
    Provenance("test"),
    Metadata({"frequency": np.arange(50)}),
)


def test_an_unknown_word_is_the_mean_of_the_rarest():
    unknown = UnknownWord.of(SPACE, rarest=2)
    assert np.allclose(unknown.compose("anything"), SPACE.vectors[:2].mean(axis=0))
    assert unknown.title == "mean of the 2 rarest items"


def test_a_hashed_word_keeps_its_vector_and_differs_from_most_others():
    hashed = HashedWord.of(SPACE, buckets=100)
    same = [np.array_equal(hashed.compose("tea"), hashed.compose(f"x{i}")) for i in range(100)]
    assert np.array_equal(hashed.compose("tea"), HashedWord.of(SPACE, buckets=100).compose("tea"))
    assert sum(same) < 6
    assert np.linalg.norm(hashed.compose("tea")) == pytest.approx(np.median(SPACE.norms), rel=1e-5)


def test_no_buckets_are_refused():
    with pytest.raises(ExplorerError, match="buckets"):
        HashedWord.of(SPACE, buckets=0)


def test_the_pulls_of_ngrams_sum_to_one_and_make_up_the_vector():
    vectors = generator.standard_normal((1000, 8)).astype(np.float32)
    subwords = Subwords(vectors, 3, 4)
    pulls = subwords.pulls("letters")
    assert sum(pull.share for pull in pulls) == pytest.approx(1)
    assert [pull.share for pull in pulls] == sorted((p.share for p in pulls), reverse=True)
    assert {pull.ngram for pull in pulls} >= {"<le", "tte", "ers>"}
    assert len(pulls) == 13


def test_a_pull_is_told_by_dot_cosine_and_norm_beside_its_share():
    subwords = Subwords(generator.standard_normal((1000, 8)).astype(np.float32), 3, 3)
    whole = subwords.compose("tea")
    rows = {ngram: subwords.vectors[row] for ngram, row in ngram_buckets("tea", 3, 3, 1000)}
    for pull in subwords.pulls("tea"):
        row = rows[pull.ngram]
        assert pull.dot == pytest.approx(float(row @ whole), rel=1e-5)
        assert pull.norm == pytest.approx(float(np.linalg.norm(row)), rel=1e-5)
        assert pull.cosine == pytest.approx(pull.dot / pull.norm / np.linalg.norm(whole), rel=1e-5)
        assert pull.share == pytest.approx(pull.dot / 3 / (whole @ whole), rel=1e-5)


def test_words_spelled_alike_get_vectors_alike():
    subwords = Subwords(generator.standard_normal((10_000, 20)).astype(np.float32), 3, 6)

    def cosine(a, b):
        a, b = subwords.compose(a), subwords.compose(b)
        return a @ b / np.linalg.norm(a) / np.linalg.norm(b)

    assert cosine("walking", "walkings") > 0.6 > 0.3 > cosine("walking", "umbrella")
