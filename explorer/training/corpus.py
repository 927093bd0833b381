"""A text as numbers: which words there are, how often each comes, and in what order."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError, FileTooLargeError, VectorFileError
from explorer.formats.encoding import BOM, check_encoding
from explorer.formats.source import Source
from explorer.items import Items
from explorer.limits import Limits
from explorer.training.tokenizer import TOKENIZERS, spaced
from explorer.training.word_numbers import word_numbers

PIECE_BYTES = 1 << 22
IN_MEMORY_WORDS = 1 << 28  # ids of more words than this (1 GB) lie in a temporary file
LONGEST_SENTENCE = 1_000  # words; word2vec's bound, for text without line ends


@dataclass(frozen=True)
class CorpusSettings:
    """How a text is cut into words and sentences.

    tokenizer : "whitespace", or "words" for runs of letters and digits
    lowercase : The and the are one word
    min_count : rarer words are left out
    max_size : of the vocabulary, the most frequent words kept; None: all
    sentences : "lines", or a number: a sentence ends every so many words, line ends ignored
    longest : longer lines are cut every so many words
    """

    tokenizer: str = "whitespace"
    lowercase: bool = False
    min_count: int = 5
    max_size: int | None = None
    sentences: Literal["lines"] | int = "lines"
    longest: int = LONGEST_SENTENCE

    def __post_init__(self) -> None:
        if self.tokenizer not in TOKENIZERS:
            raise ExplorerError(
                f"tokenizer must be one of {', '.join(TOKENIZERS)}; got {self.tokenizer!r}."
            )
        _at_least("min_count", self.min_count, 1)
        _at_least("longest", self.longest, 2)
        if self.max_size is not None:
            _at_least("max_size", self.max_size, 1)
        if self.sentences != "lines":
            _at_least("sentences", self.sentences, 2)


def _at_least(name: str, value: Any, least: int) -> None:
    if not isinstance(value, int) or value < least:
        raise ExplorerError(f"{name} must be a whole number of at least {least}; got {value!r}.")


@dataclass(frozen=True, eq=False)
class Corpus:
    """A text in numbers, fixed once read.

    name : of the file
    words : the vocabulary, most frequent first; equally frequent ones in order of appearance
    counts : (V,) int64, how often each word comes
    ids : (N,) int32, the text: each word's place in `words`; rarer words are not in it
    offsets : (S + 1,) int64; sentence s is ids[offsets[s]:offsets[s + 1]]
    settings : how the text was cut
    read_words : words read, those left out too
    dropped_types : different words left out
    """

    name: str
    words: tuple[str, ...]
    counts: NDArray[np.int64]
    ids: NDArray[np.int32]
    offsets: NDArray[np.int64]
    settings: CorpusSettings = CorpusSettings()
    read_words: int = 0
    dropped_types: int = 0

    def __post_init__(self) -> None:
        for array in (self.counts, self.ids, self.offsets):
            array.setflags(write=False)

    def __len__(self) -> int:
        """N, the number of words in the text as it is trained on."""
        return len(self.ids)

    @property
    def sentences(self) -> int:
        return len(self.offsets) - 1

    @property
    def dropped_words(self) -> int:
        """Words of the text that were left out, each time they came."""
        return self.read_words - len(self)

    @cached_property
    def items(self) -> Items:
        """The vocabulary as items, by number and by name."""
        return Items(self.words)

    @cached_property
    def digest(self) -> str:
        """A hash of vocabulary, text and sentences, 32 hexadecimal digits."""
        hashed = hashlib.blake2b("\n".join(self.words).encode(), digest_size=16)
        for array in (self.ids, self.offsets):
            hashed.update(np.ascontiguousarray(array).data)
        return hashed.hexdigest()

    def __str__(self) -> str:
        return (
            f"{self.name}: {len(self):,} words, {len(self.words):,} different, "
            f"in {self.sentences:,} sentences"
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it as arrays that an .npz holds; `from_arrays` turns them back."""
        joined = "\n".join(self.words).encode()
        about = {
            "name": self.name,
            "settings": asdict(self.settings),
            "read_words": self.read_words,
            "dropped_types": self.dropped_types,
        }
        return {
            "corpus about": np.array(json.dumps(about)),
            "corpus words": np.frombuffer(joined, dtype=np.uint8),
            "corpus counts": self.counts,
            "corpus ids": self.ids,
            "corpus offsets": self.offsets,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Corpus:
        """The corpus that `arrays` wrote; KeyError, TypeError or ValueError for anything else."""
        about = json.loads(str(arrays["corpus about"]))
        words = tuple(arrays["corpus words"].tobytes().decode().split("\n"))
        counts, ids, offsets = (arrays[f"corpus {part}"] for part in ("counts", "ids", "offsets"))
        if (
            [str(array.dtype) for array in (counts, ids, offsets)] != ["int64", "int32", "int64"]
            or (counts.shape, ids.ndim, offsets.ndim) != ((len(words),), 1, 1)
            or not 0 <= ids.min(initial=0) <= ids.max(initial=0) < len(words)
            or offsets[[0, -1]].tolist() != [0, len(ids)]
            or (np.diff(offsets) < 0).any()
        ):
            raise ValueError("its text is not one of its own words")
        return cls(
            about["name"],
            words,
            counts,
            ids,
            offsets,
            CorpusSettings(**about["settings"]),
            about["read_words"],
            about["dropped_types"],
        )


def read_corpus(
    file: str | Path | BinaryIO,
    *,
    settings: CorpusSettings | None = None,
    name: str | None = None,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    **choices: Any,
) -> Corpus:
    """Read a text file, plain or .gz, .xz, .bz2, .zip, in one pass; it may be larger than memory.

    settings : how to cut it into words; or name single ones: read_corpus(f, min_count=2)

    VectorFileError where it is not UTF-8 (with the byte), empty, or nothing is left after
    `min_count` (with the largest count there is).
    """
    if settings is None:
        settings = CorpusSettings(**choices)
    with Source.open(file, name=name, limits=limits) as source:
        check_encoding(source.head(), source.name)
        return _read(_pieces(source), source.name, settings)


def corpus_of_text(text: str, *, name: str = "text", **choices: Any) -> Corpus:
    """A corpus of a string: corpus_of_text("a b\\na c", min_count=1).words -> ("a", "b", "c")."""
    data = text.encode("utf-8", "replace")
    if not data.strip():
        raise VectorFileError(name, "holds no words.")
    return _read(iter([(0, data + b"\n")]), name, CorpusSettings(**choices))


def _pieces(source: Source) -> Iterator[tuple[int, bytes]]:
    """The text in pieces that end between words, each with its byte offset in the file."""
    with source.stream() as stream:
        offset, rest = 0, b""
        while chunk := stream.read(PIECE_BYTES):
            chunk = rest + chunk
            if offset == 0 and chunk.startswith(BOM):
                offset, chunk = len(BOM), chunk[len(BOM) :]
            end = max(chunk.rfind(b" "), chunk.rfind(b"\n"), chunk.rfind(b"\t")) + 1
            if end == 0 and len(chunk) > source.limits.line_bytes:
                raise FileTooLargeError(
                    source.name, f"byte {offset:,}: a word of more than {len(chunk):,} bytes."
                )
            if end:
                yield offset, chunk[:end]
            offset, rest = offset + end, chunk[end:]
        yield offset, rest + b"\n"


def _read(pieces: Iterator[tuple[int, bytes]], name: str, settings: CorpusSettings) -> Corpus:
    numbers = word_numbers()
    text = _GrowingIds()
    line_ends: list[NDArray[np.int64]] = []
    counts = np.zeros(0, dtype=np.int64)
    for offset, piece in pieces:
        piece = spaced(
            piece, settings.tokenizer, lowercase=settings.lowercase, file=name, offset=offset
        )
        ids, lines = numbers.number(piece)
        if len(ids):
            counted = np.bincount(ids, minlength=len(counts))
            counted[: len(counts)] += counts
            counts = counted
        line_ends.append(lines + text.count)
        text.add(ids)
    if text.count == 0:
        raise VectorFileError(name, "holds no words.")
    kept = _kept_words(counts, settings, name)
    rank = np.full(len(counts), -1, dtype=np.int32)
    rank[kept] = np.arange(len(kept), dtype=np.int32)
    ends = _sentence_ends(np.concatenate(line_ends), text.count, settings)
    ids, offsets = text.renumbered(rank, ends)
    words = numbers.words()
    return Corpus(
        name,
        tuple([words[word] for word in kept.tolist()]),
        counts[kept],
        ids,
        offsets,
        settings,
        text.count,
        len(counts) - len(kept),
    )


def _kept_words(
    counts: NDArray[np.int64], settings: CorpusSettings, name: str
) -> NDArray[np.int64]:
    """The numbers of the vocabulary's words, most frequent first."""
    order = np.argsort(-counts, kind="stable")
    kept = order[: int((counts >= settings.min_count).sum())][: settings.max_size]
    if len(kept) == 0:
        most = int(counts.max())
        raise VectorFileError(
            name,
            f"no word comes {settings.min_count:,} times or more, the most frequent comes "
            f"{'once' if most == 1 else f'{most:,} times'}; lower min_count to {most:,}"
            f"{' or less' if most > 1 else ''}, or give more text.",
        )
    return kept


def _sentence_ends(
    line_ends: NDArray[np.int64], total: int, settings: CorpusSettings
) -> NDArray[np.int64]:
    """How many words had come at the end of each sentence, empty lines left out."""
    if settings.sentences != "lines":
        line_ends = np.array([total])
        longest = int(settings.sentences)
    else:
        line_ends = np.unique(np.append(line_ends, total))
        line_ends = line_ends[line_ends > 0]
        longest = settings.longest
    starts = np.append(0, line_ends[:-1])
    pieces = -(-(line_ends - starts) // longest)
    first = np.repeat(np.append(0, np.cumsum(pieces)[:-1]), pieces)
    within = np.arange(pieces.sum()) - first + 1
    ends: NDArray[np.int64] = np.repeat(starts, pieces) + within * longest
    return np.minimum(ends, np.repeat(line_ends, pieces))


class _GrowingIds:
    """The numbers of all words read: in memory, or in a temporary file when there are many."""

    def __init__(self) -> None:
        self.count = 0
        self._pieces: list[NDArray[np.int32]] = []
        self._file: Any = None

    def add(self, ids: NDArray[np.int32]) -> None:
        self.count += len(ids)
        if self._file is None and self.count > IN_MEMORY_WORDS:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the corpus)
            for piece in self._pieces:
                self._file.write(piece.data)
            self._pieces = []
        if self._file is not None:
            self._file.write(np.ascontiguousarray(ids).data)
        else:
            self._pieces.append(ids.copy())  # `ids` is a part of a larger array

    def renumbered(
        self, rank: NDArray[np.int32], ends: NDArray[np.int64]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The words with rank >= 0, by rank, and the offsets of the sentences not empty then."""
        if self._file is None:
            ids = np.empty(self.count, dtype=np.int32)
            np.concatenate(self._pieces, out=ids)
            self._pieces = []
        else:
            self._file.flush()
            ids = np.memmap(self._file, dtype=np.int32, mode="r+", shape=(self.count,))
        offsets = np.zeros(len(ends) + 1, dtype=np.int64)
        kept = done = 0
        step = 1 << 20
        for start in range(0, self.count, step):  # never past the block that was just read
            block = rank[ids[start : start + step]]
            chosen = block >= 0
            before = np.append(0, np.cumsum(chosen))
            last = int(np.searchsorted(ends, start + len(block), side="right"))
            offsets[done + 1 : last + 1] = kept + before[ends[done:last] - start]
            some = block[chosen]
            ids[kept : kept + len(some)] = some
            kept, done = kept + len(some), last
        return ids[:kept], np.unique(offsets)
