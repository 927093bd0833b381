"""Lists of word pairs and of analogy questions, answered together, beside random vectors.

A score alone says little: it stands here with its bootstrap interval, with how much of the list was
found, and with what random vectors of the same shape score at the same list.

Two spaces that answered the same list are compared question by question (`difference`): where both
find the same questions hard, their difference is surer than the two intervals make it look (paired
bootstrap: Efron & Tibshirani 1993; Berg-Kirkpatrick, Burkett & Klein, EMNLP 2012).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.evaluation.analogy_accuracy import AnalogyScore, analogy_accuracy
from explorer.evaluation.lists import PairList, QuestionList
from explorer.evaluation.vocabulary import Vocabulary
from explorer.evaluation.word_similarity import (
    FEWEST,
    LEVEL,
    SimilarityScore,
    spearman_rows,
    word_similarity,
)
from explorer.items import Items
from explorer.space import EmbeddingSpace, Provenance

RANDOM_SEED = 0  # of the vectors that know nothing
MOST_ANSWERS = 30_000  # words that may be the answer of an analogy, the most frequent
SAMPLES = 1_000  # of a bootstrap

Result = SimilarityScore | AnalogyScore


@dataclass(frozen=True)
class Coverage:
    """How much of a list a vocabulary has: `found` of `total`, `least` of which give a score."""

    task: str
    found: int
    total: int
    least: int

    @property
    def usable(self) -> bool:
        return self.found >= self.least

    def __str__(self) -> str:
        return f"{self.task}: {self.found:,} of {self.total:,} found"


@dataclass(frozen=True)
class WordTasks:
    """Lists to ask of spaces, all of the same words; there may be none."""

    pairs: tuple[PairList, ...] = ()
    questions: tuple[QuestionList, ...] = ()

    def __len__(self) -> int:
        return len(self.pairs) + len(self.questions)

    def coverage(self, items: Items) -> list[Coverage]:
        """How much of each list is found among the items: pairs first, then questions."""
        known, answers = Vocabulary(items), Vocabulary(items, first=MOST_ANSWERS)

        def found(words: list[tuple[str, ...]], vocabulary: Vocabulary) -> int:
            return sum(all(vocabulary.row(word) is not None for word in some) for some in words)

        covered = []
        for pairs in self.pairs:
            words: list[tuple[str, ...]] = [(one.first, one.second) for one in pairs.pairs]
            covered.append(Coverage(pairs.name, found(words, known), len(words), FEWEST))
        for questions in self.questions:
            words = [(one.a, one.b, one.c, one.d) for one in questions.questions]
            covered.append(Coverage(questions.name, found(words, answers), len(words), 1))
        return covered

    def usable(self, items: Items) -> WordTasks:
        """Only the lists of which enough is found among the items to give a score."""
        good = [one.usable for one in self.coverage(items)]
        kept = [
            one for one, use in zip((*self.pairs, *self.questions), good, strict=True) if use
        ]  # fmt: skip
        return WordTasks(
            tuple([one for one in kept if isinstance(one, PairList)]),
            tuple([one for one in kept if isinstance(one, QuestionList)]),
        )

    def results(self, space: EmbeddingSpace) -> Iterator[Result]:
        """Ask one list after the other; ExplorerError where too little of one is found."""
        for pairs in self.pairs:
            yield word_similarity(space, pairs, samples=SAMPLES)
        for questions in self.questions:
            yield analogy_accuracy(space, questions, first=MOST_ANSWERS, samples=SAMPLES)

    def random_results(self, items: Items, dimensions: int) -> Iterator[Result]:
        """The same of normal random vectors, seed 0: what knowing nothing scores."""
        drawn = np.random.default_rng(RANDOM_SEED)
        vectors = drawn.standard_normal((len(items), dimensions), dtype=np.float32)
        source = Provenance("random vectors", "normal numbers", seed=RANDOM_SEED)
        return self.results(EmbeddingSpace("random vectors", items, vectors, source))


@dataclass(frozen=True, eq=False)
class TaskScore:
    """How a space did at one list.

    result : the score, its interval, and the answer to every pair or question
    random : the same score of random vectors of the same shape
    """

    result: Result
    random: float

    @property
    def task(self) -> str:
        return self.result.list_name

    @property
    def measure(self) -> str:
        """What `value` is: a "rank correlation" from -1 to 1, or an "accuracy" from 0 to 1."""
        return "accuracy" if isinstance(self.result, AnalogyScore) else "rank correlation"

    @property
    def value(self) -> float:
        return value_of(self.result)

    @property
    def interval(self) -> tuple[float, float]:
        """95 % of bootstrap samples of the pairs or questions lie in it."""
        return self.result.interval

    def __str__(self) -> str:
        low, high = self.interval
        return (
            f"{self.task}: {self.measure} {self.value:.3f} ({low:.3f} to {high:.3f}), random "
            f"vectors {self.random:.3f}, {self.result.found:,} of {self.result.total:,} found"
        )


def value_of(result: Result) -> float:
    """The rank correlation or the accuracy."""
    return result.accuracy if isinstance(result, AnalogyScore) else result.correlation


def task_scores(space: EmbeddingSpace, tasks: WordTasks) -> tuple[TaskScore, ...]:
    """How a space does at every list."""
    random = tasks.random_results(space.items, space.dimensions)
    return tuple(
        TaskScore(result, value_of(guessed))
        for result, guessed in zip(tasks.results(space), random, strict=True)
    )


def difference(one: TaskScore, other: TaskScore, *, seed: int = 1) -> tuple[float, float]:
    """95 % of paired bootstrap samples of `one.value - other.value` lie between these.

    Both must have answered the same pairs or questions. Where 0 is not between them, the
    difference is more than the choice of the questions explains; the luck of the training's own
    seed comes on top.
    """
    a, b = one.result, other.result
    if isinstance(a, AnalogyScore) and isinstance(b, AnalogyScore):
        _check_same(a, b)
        samples = _accuracies(a, b, seed)
    elif isinstance(a, SimilarityScore) and isinstance(b, SimilarityScore):
        _check_same(a, b)
        samples = _correlations(a, b, seed)
    else:
        raise ExplorerError(f"{one.task} and {other.task} are two kinds of lists.")
    low, high = np.quantile(samples, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _check_same(one: Result, other: Result) -> None:
    if not np.array_equal(one.rows, other.rows):
        raise ExplorerError(
            f"Two scores of {one.list_name} are compared question by question: both spaces must "
            "have the same words in the same rows."
        )


def _accuracies(one: AnalogyScore, other: AnalogyScore, seed: int) -> NDArray[np.float64]:
    """(samples,) differences of two accuracies when the questions are drawn anew."""
    right = [(result.answers == result.rows[:, 3]).astype(np.int64) for result in (one, other)]
    n = len(right[0])
    better, worse = np.mean(right[0] > right[1]), np.mean(right[0] < right[1])
    shares = [better, worse, max(0.0, 1 - better - worse)]
    drawn = np.random.default_rng(seed).multinomial(n, shares, SAMPLES)
    differences: NDArray[np.float64] = (drawn[:, 0] - drawn[:, 1]) / n
    return differences


def _correlations(one: SimilarityScore, other: SimilarityScore, seed: int) -> NDArray[np.float64]:
    """(samples,) differences of two rank correlations when the pairs are drawn anew."""
    n = len(one.rows)
    drawn = np.random.default_rng(seed).integers(0, n, (SAMPLES, n))
    first, second = (
        np.nan_to_num(spearman_rows(result.scores[drawn], result.similarities[drawn]))
        for result in (one, other)
    )
    differences: NDArray[np.float64] = first - second
    return differences


def against_best(scores: Sequence[TaskScore]) -> tuple[int, list[tuple[float, float]]]:
    """Which of several scores at one list is the highest, and the best's lead over each.

    The lead is the interval that `difference` gives; where it holds 0, the list cannot tell the two
    apart. Of equal scores the first is the best.
    """
    best = int(np.argmax([score.value for score in scores]))
    return best, [difference(scores[best], score) for score in scores]
