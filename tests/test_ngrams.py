import numpy as np
import pytest

from explorer import ngrams
from explorer.ngrams import Pieces, fnv_hash, mean_of_pieces, word_pieces
from explorer.packed_names import PackedNames

WORDS = ("</s>", "the", "naïve", "日本語", "a", "untrainableness", "ab")


def test_the_hash_is_fnv_1a_for_plain_letters():
    assert fnv_hash(b"") == 0x811C9DC5
    assert fnv_hash(b"foobar") == 0xBF9CF968  # from the authors' test vectors


def test_ngrams_stand_between_marks_as_in_the_paper():
    assert ngrams.ngrams("where", 3, 3) == ["<wh", "whe", "her", "ere", "re>"]


def test_an_ngram_counts_characters_and_not_bytes():
    assert ngrams.ngrams("日本", 3, 4) == ["<日本", "<日本>", "日本>"]


def test_the_marks_alone_are_no_ngram():
    assert ngrams.ngrams("ab", 1, 2) == ["<a", "a", "ab", "b", "b>"]


@pytest.mark.parametrize(("shortest", "longest"), [(3, 6), (1, 2), (2, 2)])
@pytest.mark.parametrize("pack", [tuple, PackedNames.pack])
def test_the_kernel_finds_the_rows_that_python_finds(shortest, longest, pack):
    pytest.importorskip("numba")
    fast = word_pieces(pack(WORDS), shortest, longest, 1_000)
    plain = ngrams._word_pieces(WORDS, shortest, longest, 1_000)
    assert np.array_equal(fast.starts, plain.starts)
    assert np.array_equal(fast.rows, plain.rows)


def test_a_word_is_the_mean_of_its_rows(monkeypatch):
    matrix = np.arange(8, dtype=np.float32).reshape(4, 2)
    pieces = Pieces(np.array([0, 2, 3, 1], np.int32), np.array([0, 3, 4]))
    expected = [[(0 + 4 + 6) / 3, (1 + 5 + 7) / 3], [2, 3]]
    assert np.allclose(mean_of_pieces(matrix, pieces), expected)
    monkeypatch.setattr(ngrams, "_kernels", lambda: None)
    assert np.allclose(mean_of_pieces(matrix, pieces), expected)
