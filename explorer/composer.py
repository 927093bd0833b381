"""Vectors for words that a space does not hold.

UnknownWord   one vector for them all                        nothing is known, and it shows
HashedWord    one of many fixed vectors, chosen by a hash    unknown words can be told apart
Subwords      the mean of the word's character n-grams       what is spelled alike is alike

A space that brings one has it as `space.composer`; the others are chosen explicitly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.ngrams import fnv_hash, ngram_buckets
from explorer.space import EmbeddingSpace, FloatArray

RAREST = 100  # items whose mean stands for an unknown word


class Composer(Protocol):
    """Makes a vector of a word that the vocabulary does not hold."""

    @property
    def title(self) -> str:
        """What it does, in a few words, for a caption."""
        ...

    def compose(self, word: str) -> FloatArray:
        """(d,) a vector for any word; ExplorerError where there is none."""
        ...


class Pull(NamedTuple):
    """What one n-gram adds to a word's vector.

    ngram : with < and > for the word's beginning and end: "<un"
    share : of the vector's length along its own direction; the shares of a word sum to 1
    dot, cosine : of the n-gram's vector with the word's
    norm : the length of the n-gram's vector
    """

    ngram: str
    share: float
    dot: float
    cosine: float
    norm: float


@dataclass(frozen=True, eq=False)
class Subwords:
    """fastText's composition: the mean of the vectors of a word's character n-grams.

    vectors : (buckets, d) float32; an n-gram's row is its hash modulo the number of rows
    shortest, longest : characters of an n-gram

    Bojanowski, Grave, Joulin & Mikolov, "Enriching word vectors with subword information", 2017.
    """

    vectors: FloatArray
    shortest: int
    longest: int

    @property
    def title(self) -> str:
        return f"mean of its n-grams of {self.shortest} to {self.longest} characters"

    def compose(self, word: str) -> FloatArray:
        """(d,) float32. ExplorerError for a word too short to hold an n-gram."""
        mean: FloatArray = self._rows(word)[1].mean(axis=0, dtype=np.float64).astype(np.float32)
        return mean

    def pulls(self, word: str) -> list[Pull]:
        """Each n-gram's part in `compose(word)`, the strongest first; the shares sum to 1.

        With g the n-gram's vector, n their number and v the word's: (g / n) · v / (v · v).
        """
        names, rows = self._rows(word)
        rows = rows.astype(np.float64)
        whole = rows.mean(axis=0)
        dots, norms = rows @ whole, np.linalg.norm(rows, axis=1)
        tiny = np.finfo(float).tiny
        shares = dots / len(rows) / max(float(whole @ whole), tiny)
        cosines = dots / np.maximum(norms * np.linalg.norm(whole), tiny)
        columns = np.stack([shares, dots, cosines, norms], axis=1).tolist()
        order = np.argsort(-shares, kind="stable").tolist()
        return [Pull(names[at], *columns[at]) for at in order]

    def _rows(self, word: str) -> tuple[list[str], NDArray[Any]]:
        found = ngram_buckets(word, self.shortest, self.longest, len(self.vectors))
        if not found:
            raise ExplorerError(
                f"{word!r} holds no n-gram of {self.shortest} to {self.longest} characters, so "
                "there is nothing to make its vector of."
            )
        names, rows = zip(*found, strict=True)
        return list(names), np.asarray(self.vectors[list(rows)])


@dataclass(frozen=True, eq=False)
class UnknownWord:
    """Every unknown word gets the same vector."""

    vector: FloatArray
    title: str = "one vector for all unknown words"

    @classmethod
    def of(cls, space: EmbeddingSpace, rarest: int = RAREST) -> UnknownWord:
        """The mean of the rarest items: the last ones, unless a column tells their frequency."""
        order = np.arange(len(space))
        if "frequency" in space.metadata:
            order = np.argsort(-space.metadata["frequency"], kind="stable")
        some = np.asarray(space.vectors[np.sort(order[-rarest:])])
        mean = some.mean(axis=0, dtype=np.float64).astype(np.float32)
        return cls(mean, f"mean of the {len(some):,} rarest items")

    def compose(self, word: str) -> FloatArray:
        """(d,) the same for every word."""
        return self.vector


@dataclass(frozen=True, eq=False)
class HashedWord:
    """An unknown word gets one of many random vectors, always the same one.

    vectors : (buckets, d) float32; two words share one with chance 1 / buckets
    """

    vectors: FloatArray

    @property
    def title(self) -> str:
        return f"one of {len(self.vectors):,} random vectors, by the word's hash"

    @classmethod
    def of(cls, space: EmbeddingSpace, buckets: int = 1_000, seed: int = 1) -> HashedWord:
        """Random directions of the length that the space's vectors have (their median)."""
        if buckets < 1:
            raise ExplorerError(f"buckets must be at least 1; got {buckets}.")
        drawn = np.random.default_rng(seed).standard_normal((buckets, space.dimensions))
        drawn *= float(np.median(space.norms)) / np.linalg.norm(drawn, axis=1, keepdims=True)
        return cls(drawn.astype(np.float32))

    def compose(self, word: str) -> FloatArray:
        """(d,) the vector of the word's bucket."""
        vector: FloatArray = self.vectors[fnv_hash(word.encode()) % len(self.vectors)]
        return vector
