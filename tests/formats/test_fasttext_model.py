import struct

import numpy as np
import pytest

from explorer import load
from explorer.errors import ExplorerError, VectorFileError
from explorer.formats.fasttext_model import VERSIONS

MODEL = "vectors/fasttext-enwik8-32d.bin"
WORDS = ["</s>", "the", "cat"]
DIM, BUCKETS = 4, 10


def model(
    version=12, words=WORDS, labels=(), quantised=False, pruned=-1, maxn=3, rows=None, cut=None
):
    """A small model as fastText would write it; rows of consecutive numbers."""
    data = struct.pack("<2i", 793_712_314, version)
    data += struct.pack("<12id", DIM, 5, 1, 1, 5, 1, 2, 2, BUCKETS, 3, maxn, 100, 1e-4)
    entries = [(word, 0) for word in words] + [(label, 1) for label in labels]
    data += struct.pack("<3i2q", len(entries), len(words), len(labels), 100, pruned)
    for place, (name, kind) in enumerate(entries):
        data += name.encode() + b"\0" + struct.pack("<qb", 100 - place, kind)
    data += b"\0" * 8 * max(0, pruned) + struct.pack("<?", quantised)
    rows = len(words) + (BUCKETS if maxn else 0) if rows is None else rows
    data += struct.pack("<2q", rows, DIM)
    data += np.arange(rows * DIM, dtype="<f4").tobytes()
    return data[:cut]


def opened(tmp_path, data, **options):
    file = tmp_path / "model.bin"
    file.write_bytes(data)
    return load(file, **options)


def test_words_have_the_vectors_that_fasttext_writes_itself(shared_data):
    space = load(shared_data(MODEL))
    written = load(shared_data(MODEL.replace(".bin", ".vec")))
    assert list(space.items) == list(written.items)
    assert np.abs(space.vectors - written.vectors).max() < 6e-5  # the .vec has five digits


def test_unknown_words_get_the_vectors_that_fasttext_prints(shared_data):
    space = load(shared_data(MODEL))
    expected = shared_data(MODEL.replace(".bin", ".expected.txt")).read_text().splitlines()
    for line in expected:
        word, *numbers = line.split()
        known = word in space.items
        assert known == (word == "king")
        vector = space.vector(word) if known else space.composer.compose(word)
        assert np.abs(vector - np.array(numbers, float)).max() < 6e-6


def test_a_packed_model_is_the_same(tmp_path, shared_data):
    import gzip

    plain = shared_data(MODEL)
    packed = tmp_path / "model.bin.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes(), 1))
    assert load(packed).digest == load(plain).digest


def test_the_first_words_alone_have_the_same_vectors(tmp_path):
    whole = opened(tmp_path, model())
    part = opened(tmp_path, model(), limit=2)
    assert list(part.items) == ["</s>", "the"]
    assert np.array_equal(part.vectors, whole.vectors[:2])


def test_counts_are_the_frequency_column_and_the_end_of_a_sentence_has_no_ngrams(tmp_path):
    space = opened(tmp_path, model())
    assert space.metadata["frequency"].tolist() == [100, 99, 98]
    assert space.vector("</s>").tolist() == [0, 1, 2, 3]


def test_labels_are_left_out_and_told(tmp_path):
    space = opened(tmp_path, model(labels=["__label__good"]))
    assert list(space.items) == WORDS
    assert "1 labels: left out" in str(space.provenance.findings[0])


def test_a_model_without_ngrams_has_no_composer(tmp_path):
    space = opened(tmp_path, model(maxn=0))
    assert space.composer is None
    assert space.vector("cat").tolist() == [8, 9, 10, 11]


def test_changed_vectors_have_no_composer_for_it_would_not_fit(tmp_path):
    from explorer import normalized

    assert normalized(opened(tmp_path, model())).composer is None


@pytest.mark.parametrize("wrong", [{"quantised": True}, {"pruned": 3}])
def test_a_quantised_model_is_refused_with_what_to_do(tmp_path, wrong):
    with pytest.raises(VectorFileError, match=r"quantised fastText model.*print-word-vectors"):
        opened(tmp_path, model(**wrong))


def test_another_version_is_refused(tmp_path):
    assert 13 not in VERSIONS
    with pytest.raises(VectorFileError, match="version 13; versions 11 and 12"):
        opened(tmp_path, model(version=13))


@pytest.mark.parametrize("cut", [6, 40, 85, 100, 150, -1])
def test_a_model_cut_short_is_told(tmp_path, cut):
    with pytest.raises(VectorFileError, match="cut short"):
        opened(tmp_path, model(cut=cut))


def test_a_model_whose_matrix_does_not_fit_its_words_is_told(tmp_path):
    with pytest.raises(VectorFileError, match=r"12 rows; 3 words and 10 buckets"):
        opened(tmp_path, model(rows=12))


def test_a_word_that_is_not_utf8_is_told(tmp_path):
    with pytest.raises(VectorFileError, match="is not UTF-8"):
        opened(tmp_path, model().replace(b"cat", b"c\xe9t"))


def test_a_word_too_short_for_an_ngram_has_no_vector(tmp_path):
    space = opened(tmp_path, model())
    with pytest.raises(ExplorerError, match="holds no n-gram"):
        space.composer.compose("")
