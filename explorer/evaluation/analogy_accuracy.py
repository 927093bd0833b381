"""How many analogy questions a space answers: a is to b as c is to … d?

    3CosAdd   d = argmax over x of  cos(x, b) - cos(x, a) + cos(x, c)
    3CosMul   d = argmax over x of  cos'(x, b) cos'(x, c) / (cos'(x, a) + 0.001)
              with cos' = (1 + cos) / 2, from 0 to 1

3CosAdd: Mikolov, Yih & Zweig, NAACL 2013. 3CosMul: Levy & Goldberg, CoNLL 2014. The usual score
drops a, b and c from the answers, which flatters it: kept, the answer is mostly b or c itself
(Rogers, Drozd & Li, *SEM 2017), so both can be asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.evaluation.lists import Question, QuestionList
from explorer.evaluation.vocabulary import Vocabulary
from explorer.space import EmbeddingSpace, FloatArray, IntArray

AnalogyMethod = Literal["3CosAdd", "3CosMul"]
BLOCK_CELLS = 1 << 24  # questions x words scored at a time: 64 MB
EPSILON = np.float32(1e-3)


@dataclass(frozen=True)
class GroupScore:
    """One group of questions: how many are in the space, and how many of them were answered."""

    name: str
    correct: int
    found: int
    total: int

    @property
    def accuracy(self) -> float:
        """Of the questions found; NaN where there are none."""
        return self.correct / self.found if self.found else float("nan")


@dataclass(frozen=True, eq=False)
class AnalogyScore:
    """How many questions of a list were answered.

    accuracy : of the questions whose four words are in the space, over all groups
    interval : 95 % of bootstrap samples of the questions lie in it
    chance : the accuracy of a guess among all words that may be answered
    groups : in the order of the list
    rows : (found, 4) of a, b, c, d; answers : (found,) the row answered
    """

    list_name: str
    method: AnalogyMethod
    inputs_kept: bool
    accuracy: float
    interval: tuple[float, float]
    chance: float
    correct: int
    found: int
    total: int
    groups: tuple[GroupScore, ...]
    rows: IntArray
    answers: IntArray

    @property
    def coverage(self) -> float:
        """The share of the list's questions that were found."""
        return self.found / self.total


def analogy_accuracy(
    space: EmbeddingSpace,
    questions: QuestionList,
    *,
    method: AnalogyMethod = "3CosAdd",
    keep_inputs: bool = False,
    first: int | None = 30_000,
    samples: int = 1_000,
    seed: int = 1,
) -> AnalogyScore:
    """Answer every question and count.

    keep_inputs : let a, b and c themselves be answers
    first : ask and answer among the space's first rows only (most files have the most frequent
        words first); None: all
    samples : of the bootstrap

    ExplorerError where no question has its four words in the space.
    """
    if method not in get_args(AnalogyMethod):
        raise ExplorerError(
            f"A method of analogies is {' or '.join(get_args(AnalogyMethod))}; got {method!r}."
        )
    vocabulary = Vocabulary(space.items, first=first)
    found: list[tuple[Question, tuple[int, int, int, int]]] = []
    for question in questions.questions:
        four = _rows_of(question, vocabulary)
        if four is not None:
            found.append((question, four))
    if not found:
        raise ExplorerError(
            f"{questions.name}: none of {len(questions.questions):,} questions has its four words "
            f"among the {vocabulary.size:,} looked at of {space.name}."
        )
    rows = np.array([four for _, four in found], dtype=np.int64)
    answers = answer(space.vectors[: vocabulary.size], rows[:, :3], method, keep_inputs)
    right = answers == rows[:, 3]
    drawn = np.random.default_rng(seed).binomial(len(right), right.mean(), samples) / len(right)
    low, high = np.quantile(drawn, [0.025, 0.975])
    candidates = vocabulary.size - (0 if keep_inputs else 3)
    return AnalogyScore(
        list_name=questions.name,
        method=method,
        inputs_kept=keep_inputs,
        accuracy=float(right.mean()),
        interval=(float(low), float(high)),
        chance=1 / max(1, candidates),
        correct=int(right.sum()),
        found=len(found),
        total=len(questions.questions),
        groups=_by_group(questions, [question.group for question, _ in found], right),
        rows=rows,
        answers=answers,
    )


def answer(
    vectors: FloatArray, inputs: IntArray, method: AnalogyMethod, keep_inputs: bool
) -> IntArray:
    """(q, 3) rows of a, b, c -> (q,) the row with the highest score, by blocks of questions.

    The cosines of every word that is asked about are worked out once for each block, however many
    of its questions name it; ties go to the lower row.
    """
    norms = np.linalg.norm(vectors.astype(np.float64), axis=1)
    unit = (vectors / np.where(norms > 0, norms, 1)[:, None]).astype(np.float32)
    answers = np.empty(len(inputs), dtype=np.int64)
    step = max(1, BLOCK_CELLS // len(vectors))
    for start in range(0, len(inputs), step):
        block = inputs[start : start + step]
        if method == "3CosAdd":
            a, b, c = (unit[block[:, column]] for column in range(3))
            scores = (b - a + c) @ unit.T
        else:
            asked, place = np.unique(block, return_inverse=True)
            shifted = (unit[asked] @ unit.T + 1) / 2
            a, b, c = (shifted[column] for column in place.reshape(block.shape).T)
            scores = b * c / (a + EPSILON)
        if not keep_inputs:
            scores[np.arange(len(block))[:, None], block] = -np.inf
        answers[start : start + step] = scores.argmax(axis=1)
    return answers


def _rows_of(question: Question, vocabulary: Vocabulary) -> tuple[int, int, int, int] | None:
    a, b, c, d = map(vocabulary.row, (question.a, question.b, question.c, question.d))
    return None if a is None or b is None or c is None or d is None else (a, b, c, d)


def _by_group(
    questions: QuestionList, found: list[str], right: NDArray[np.bool_]
) -> tuple[GroupScore, ...]:
    names = list(dict.fromkeys(question.group for question in questions.questions))
    place = {name: at for at, name in enumerate(names)}
    total = np.bincount([place[q.group] for q in questions.questions], minlength=len(names))
    groups = np.array([place[group] for group in found])
    asked = np.bincount(groups, minlength=len(names))
    correct = np.bincount(groups[right], minlength=len(names))
    return tuple(
        GroupScore(name, int(correct[at]), int(asked[at]), int(total[at]))
        for at, name in enumerate(names)
    )
