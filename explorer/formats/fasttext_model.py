"""fastText's own models (.bin): a vector for each word, and n-grams for the words it never saw.

    magic, version                   int32
    12 settings                      int32, the last (t) float64
    words, labels, tokens, pruned    int32 x 3, int64 x 2
    each entry                       name, zero byte, count int64, kind int8 (0: word, 1: label)
    quantised                        1 byte
    rows, columns, numbers           int64, int64, float32: the words' rows, then the buckets'

A word's vector is the mean of its own row and its n-grams' rows (`explorer.ngrams`), as fastText
itself writes into the .vec file beside the model. Layout: fastText 0.9.2, src/fasttext.cc and
src/dictionary.cc. All numbers little-endian.
"""

from __future__ import annotations

import struct
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.composer import Subwords
from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats.encoding import decode_utf8
from explorer.formats.mapped import mapped
from explorer.formats.options import Options
from explorer.formats.raw import RawVectors
from explorer.formats.source import Source
from explorer.ngrams import mean_of_pieces, word_pieces
from explorer.space import Finding

VERSIONS = (11, 12)
SUPERVISED = 3
LONGEST_ENTRY = 1 << 16  # bytes


class _Settings(NamedTuple):
    """As fastText's Args::load reads them."""

    dim: int
    ws: int
    epoch: int
    min_count: int
    neg: int
    word_ngrams: int
    loss: int
    model: int
    bucket: int
    minn: int
    maxn: int
    lr_update_rate: int
    t: float


class _Dictionary(NamedTuple):
    """words, counts : the vocabulary; labels are left out, they have no row in the matrix
    pruned : n-grams were left out of the model, to make it small
    """

    words: list[str]
    counts: list[int]
    labels: int
    pruned: bool


def read(source: Source, options: Options) -> RawVectors:
    """A fastText model that is not quantised: its words, and a composer for all others.

    Raises VectorFileError for quantised models, other versions, and files that are cut short.
    """
    with source.file() as file:
        version = _unpack(file, "<2i", source)[1]
        if version not in VERSIONS:
            raise VectorFileError(
                source.name,
                f"is a fastText model of version {version}; versions 11 and 12 are read.",
            )
        settings = _Settings(*_unpack(file, "<12id", source))
        if version == 11 and settings.model == SUPERVISED:
            settings = settings._replace(maxn=0)  # as fastText itself does
        dictionary = _dictionary(file, source)
        if dictionary.pruned or _unpack(file, "<?", source)[0]:
            raise VectorFileError(
                source.name,
                "is a quantised fastText model (.ftz), whose numbers are rounded codes; open the "
                ".bin it was made from, or `fasttext print-word-vectors MODEL.ftz < words.txt`.",
            )
        matrix = _matrix(file, source, settings, len(dictionary.words))
    buckets = matrix[len(dictionary.words) :] if settings.maxn > 0 else matrix[:0]
    words = dictionary.words if options.limit is None else dictionary.words[: options.limit]
    findings = []
    if dictionary.labels:
        done = "left out: they are what the model predicts, not words"
        findings.append(Finding("labels", dictionary.labels, done))
    if len(words) < len(dictionary.words):
        left = len(dictionary.words) - len(words)
        done = f"left out: the first {len(words):,} were asked for"
        findings.append(Finding("items", left, done))
    return RawVectors(
        _word_vectors(matrix, words, len(dictionary.words), settings),
        "fastText model",
        words,
        metadata={"frequency": np.array(dictionary.counts[: len(words)], dtype=np.int64)},
        place=lambda row: f"entry {row + 1:,}",
        findings=findings,
        composer=Subwords(buckets, settings.minn, settings.maxn) if len(buckets) else None,
    )


def _word_vectors(
    matrix: NDArray[np.float32], words: list[str], total: int, settings: _Settings
) -> NDArray[np.float32]:
    if settings.maxn == 0 or settings.bucket == 0:
        return np.array(matrix[: len(words)])
    pieces = word_pieces(words, settings.minn, settings.maxn, settings.bucket)
    ngrams = pieces.rows >= len(words)
    pieces.rows[ngrams] += total - len(words)  # the buckets lie behind all words of the model
    return mean_of_pieces(matrix, pieces)


def _dictionary(file: BinaryIO, source: Source) -> _Dictionary:
    entries, _, labels, _, pruned = _unpack(file, "<3i2q", source)
    if entries < 1 or labels < 0 or entries > source.limits.cells:
        raise VectorFileError(source.name, f"promises {entries:,} words; is it damaged?")
    words, counts, found_labels = [], [], 0
    for entry in range(entries):
        offset = file.tell()
        name = _until_zero(file, source, entry, entries)
        count, kind = _unpack(file, "<qb", source)
        if kind == 0:
            words.append(decode_utf8(name, source.name, offset=offset))
            counts.append(count)
        else:
            found_labels += 1
    return _Dictionary(words, counts, found_labels, pruned > 0)


def _until_zero(file: BinaryIO, source: Source, entry: int, entries: int) -> bytes:
    """The bytes up to the next zero byte, which is read too."""
    name = bytearray()
    while len(name) <= min(LONGEST_ENTRY, 4 * source.limits.name_characters):
        byte = file.read(1)
        if not byte:
            raise _cut_short(source, f"in word {entry + 1:,} of {entries:,}")
        if byte == b"\0":
            return bytes(name)
        name += byte
    raise VectorFileError(source.name, f"word {entry + 1:,} has no end; is the file damaged?")


def _matrix(file: BinaryIO, source: Source, settings: _Settings, words: int) -> NDArray[np.float32]:
    """(words + buckets, d), mapped from disk where the file is plain."""
    rows, columns = _unpack(file, "<2q", source)
    if columns != settings.dim or rows < words or columns < 1:
        raise VectorFileError(
            source.name,
            f"holds {rows:,} x {columns:,} numbers for {words:,} words of {settings.dim:,}; "
            "is it damaged?",
        )
    if rows * columns > source.limits.cells:
        raise FileTooLargeError(
            source.name,
            f"holds {rows:,} x {columns:,} numbers, and the limit here is {source.limits.cells:,}.",
        )
    if settings.maxn > 0 and rows != words + settings.bucket:
        raise VectorFileError(
            source.name,
            f"holds {rows:,} rows; {words:,} words and {settings.bucket:,} buckets were promised.",
        )
    start = file.tell()
    size = file.seek(0, 2) - start
    if size < 4 * rows * columns:
        raise _cut_short(source, f"after {size // (4 * columns):,} of {rows:,} rows")
    large = mapped(source, "<f4", start, (rows, columns))
    if large is not None:
        return large
    file.seek(start)
    numbers = np.frombuffer(file.read(4 * rows * columns), dtype="<f4")
    return numbers.reshape(rows, columns)


def _unpack(file: BinaryIO, layout: str, source: Source) -> tuple[int, ...]:
    data = file.read(struct.calcsize(layout))
    if len(data) < struct.calcsize(layout):
        raise _cut_short(source, "in its header")
    return struct.unpack(layout, data)


def _cut_short(source: Source, where: str) -> VectorFileError:
    return VectorFileError(source.name, f"the fastText model ends {where}; is it cut short?")
