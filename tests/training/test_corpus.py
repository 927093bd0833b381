import bz2
import gzip
import lzma
import zipfile
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from explorer.errors import ExplorerError, VectorFileError
from explorer.training import corpus as corpus_module
from explorer.training import word_numbers
from explorer.training.corpus import Corpus, CorpusSettings, corpus_of_text, read_corpus
from explorer.training.word_numbers import HashedWordNumbers, PlainWordNumbers

TEXT = "the cat sat\nthe dog sat\n\nthe end\n"


def sentences(corpus):
    offsets = corpus.offsets.tolist()
    words = [corpus.words[i] for i in corpus.ids.tolist()]
    return [words[a:b] for a, b in pairwise(offsets)]


def test_words_are_numbered_by_frequency_and_sentences_are_lines():
    corpus = corpus_of_text(TEXT, min_count=1)
    assert corpus.words == ("the", "sat", "cat", "dog", "end")
    assert corpus.counts.tolist() == [3, 2, 1, 1, 1]
    assert corpus.ids.tolist() == [0, 2, 1, 0, 3, 1, 0, 4]
    assert corpus.offsets.tolist() == [0, 3, 6, 8]


def test_rare_words_leave_the_text_and_are_counted():
    corpus = corpus_of_text(TEXT, min_count=2)
    assert sentences(corpus) == [["the", "sat"], ["the", "sat"], ["the"]]
    assert (corpus.read_words, corpus.dropped_words, corpus.dropped_types) == (8, 3, 3)


def test_a_vocabulary_of_at_most_max_size_keeps_the_most_frequent():
    assert corpus_of_text(TEXT, min_count=1, max_size=2).words == ("the", "sat")


def test_a_sentence_of_which_nothing_is_left_is_gone():
    corpus = corpus_of_text("a a\nb\na", min_count=2)
    assert sentences(corpus) == [["a", "a"], ["a"]]


def test_running_text_is_cut_every_thousand_words():
    corpus = corpus_of_text("a b " * 1100, min_count=1)
    assert np.diff(corpus.offsets).tolist() == [1000, 1000, 200]


def test_sentences_of_n_words_ignore_line_ends():
    corpus = corpus_of_text("a b\nc d\ne", min_count=1, sentences=3)
    assert sentences(corpus) == [["a", "b", "c"], ["d", "e"]]


def test_words_are_runs_of_letters_and_digits_of_any_script():
    corpus = corpus_of_text("Don't “stop” наш мир, हिन्दी 42!", min_count=1, tokenizer="words")
    assert sentences(corpus) == [["Don", "t", "stop", "наш", "мир", "हिन्दी", "42"]]


def test_lower_case_is_one_word_in_any_script():
    corpus = corpus_of_text("The the ЁЖ ёж", min_count=1, lowercase=True)
    assert corpus.words == ("the", "ёж")


@pytest.mark.parametrize("text", ["a\tb\x0bc\x00d\r\ne f", "a\u00a0b\u3000c d\u2028e"])
def test_any_white_space_parts_words(text):
    found = corpus_of_text(text, min_count=1)
    assert found.words == tuple(text.replace("\x00", " ").split())


@pytest.mark.parametrize("packing", ["plain", "gz", "xz", "bz2", "zip"])
def test_packed_files_give_the_same_corpus(tmp_path, packing):
    file = tmp_path / f"text.{packing}"
    data = ("one two three\n" * 5).encode()
    if packing == "zip":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("text.txt", data)
    else:
        pack = {"gz": gzip.compress, "xz": lzma.compress, "bz2": bz2.compress}
        file.write_bytes(pack.get(packing, bytes)(data))
    assert read_corpus(file).digest == corpus_of_text(data.decode()).digest


def random_text(words, seed=1):
    generator = np.random.default_rng(seed)
    ranks = (generator.pareto(1.0, words) * 10).astype(int)
    breaks = generator.random(words) < 0.1
    pairs = zip(ranks.tolist(), breaks.tolist(), strict=True)
    return "".join(f"wörd{rank}{chr(10) if end else ' '}" for rank, end in pairs)


def test_pieces_of_any_size_and_a_temporary_file_give_the_same_corpus(tmp_path, monkeypatch):
    file = tmp_path / "text.txt"
    file.write_text(random_text(5000), encoding="utf-8")
    whole = read_corpus(file, min_count=2)
    monkeypatch.setattr(corpus_module, "PIECE_BYTES", 97)
    monkeypatch.setattr(corpus_module, "IN_MEMORY_WORDS", 100)
    assert read_corpus(file, min_count=2).digest == whole.digest


def test_counts_are_those_of_a_counter():
    text = random_text(5000)
    corpus = corpus_of_text(text, min_count=3)
    counted = {word: n for word, n in Counter(text.split()).items() if n >= 3}
    assert dict(zip(corpus.words, corpus.counts.tolist(), strict=True)) == counted
    assert np.bincount(corpus.ids).tolist() == corpus.counts.tolist()


def test_the_hash_table_numbers_as_a_dictionary_does_and_grows():
    pytest.importorskip("numba")
    from explorer.training import corpus_kernels

    fast, plain = HashedWordNumbers(corpus_kernels), PlainWordNumbers()
    generator = np.random.default_rng(2)
    for _ in range(3):
        numbers = generator.integers(0, 150_000, 100_000).tolist()
        text = " ".join(f"{'x' * (n % 30)}{n}" for n in numbers).encode() + b"\n\n"
        a, b = fast.number(text), plain.number(text)
        assert np.array_equal(a.ids, b.ids)
        assert np.array_equal(a.lines, b.lines)
    assert fast.words() == plain.words()


def test_without_numba_the_corpus_is_the_same(monkeypatch):
    text = random_text(500)
    fast = corpus_of_text(text, min_count=1)
    monkeypatch.setattr(corpus_module, "word_numbers", word_numbers.PlainWordNumbers)
    assert corpus_of_text(text, min_count=1).digest == fast.digest


def test_arrays_hold_the_whole_corpus():
    corpus = corpus_of_text(TEXT, min_count=2, tokenizer="words")
    again = Corpus.from_arrays(corpus.arrays())
    assert again.digest == corpus.digest
    assert (again.name, again.settings, again.read_words) == ("text", corpus.settings, 8)


def test_a_byte_that_is_not_utf8_is_told_with_its_place(tmp_path):
    file = tmp_path / "latin1.txt"
    file.write_bytes(b"word " * 20_000 + "café".encode("latin1"))
    with pytest.raises(VectorFileError, match=r"byte 100,003 \(0xE9\) is not UTF-8"):
        read_corpus(file)


def test_utf16_is_told(tmp_path):
    file = tmp_path / "wide.txt"
    file.write_bytes("a b c".encode("utf-16"))
    with pytest.raises(VectorFileError, match="UTF-16"):
        read_corpus(file)


def test_an_empty_file_and_one_of_spaces_hold_no_words(tmp_path):
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "spaces.txt").write_bytes(b" \n \n")
    with pytest.raises(VectorFileError, match="empty"):
        read_corpus(tmp_path / "empty.txt")
    with pytest.raises(VectorFileError, match="holds no words"):
        read_corpus(tmp_path / "spaces.txt")


def test_when_all_words_are_rare_the_largest_count_is_told():
    with pytest.raises(VectorFileError, match=r"the most frequent comes 3 times; lower min_count"):
        corpus_of_text(TEXT, min_count=5)
    with pytest.raises(VectorFileError, match=r"comes once; lower min_count to 1, or give more"):
        corpus_of_text("each word comes one time", min_count=5)


def test_a_byte_order_mark_is_no_part_of_a_word(tmp_path):
    file = tmp_path / "bom.txt"
    file.write_bytes(b"\xef\xbb\xbfa b")
    assert read_corpus(file, min_count=1).words == ("a", "b")


@pytest.mark.parametrize(
    "wrong",
    [{"min_count": 0}, {"tokenizer": "bpe"}, {"sentences": "dots"}, {"max_size": 0}],
)
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(ExplorerError, match=next(iter(wrong))):
        CorpusSettings(**wrong)
