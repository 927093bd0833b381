"""Lists asked of spaces, beside random vectors; two spaces compared question by question."""

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.evaluation.lists import PairList, Question, QuestionList, ScoredPair
from explorer.evaluation.word_tasks import WordTasks, difference, task_scores
from explorer.items import Items
from explorer.space import EmbeddingSpace, Provenance

WORDS = tuple(f"word{number}" for number in range(60))


def space_of(vectors, words=WORDS):
    return EmbeddingSpace("s", Items(words), np.asarray(vectors, np.float32), Provenance("test"))


def cosine_pairs(vectors, count=100, noise=0.0):
    """Pairs whose scores are the cosines in these vectors, and some noise."""
    random = np.random.default_rng(3)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    pairs = []
    for left, right in random.integers(0, len(vectors), (count, 2)).tolist():
        if left != right:
            score = float(unit[left] @ unit[right] + noise * random.standard_normal())
            pairs.append(ScoredPair(WORDS[left], WORDS[right], score))
    return PairList("cosines", tuple(pairs))


@pytest.fixture
def vectors():
    return np.random.default_rng(1).standard_normal((60, 8))


def square_questions():
    """Five groups of words of which a grid of vectors answers each analogy."""
    return QuestionList(
        "grid",
        tuple(
            Question(WORDS[2 * one], WORDS[2 * one + 1], WORDS[2 * other], WORDS[2 * other + 1], "")
            for one in range(5)
            for other in range(5)
            if one != other
        ),
    )


def grid():
    """word0, word1 differ as word2, word3 do, and so on; the others lie elsewhere."""
    vectors = np.random.default_rng(2).standard_normal((60, 12))
    vectors[1:10:2] = vectors[0:10:2] + 3 * np.eye(12)[0]
    return vectors


def test_what_scored_the_pairs_agrees_with_them_and_random_vectors_do_not(vectors):
    (score,) = task_scores(space_of(vectors), WordTasks((cosine_pairs(vectors),)))
    assert score.value == pytest.approx(1)
    assert abs(score.random) < 0.3
    assert score.measure == "rank correlation"
    assert "cosines: rank correlation 1.000" in str(score)


def test_pairs_come_first_and_each_list_has_its_score(vectors):
    tasks = WordTasks((cosine_pairs(vectors),), (square_questions(),))
    scores = task_scores(space_of(grid()), tasks)
    assert [one.task for one in scores] == ["cosines", "grid"]
    assert scores[1].measure == "accuracy"
    assert scores[1].value > 0.8 > scores[1].random


def test_coverage_counts_what_is_found_and_lists_without_enough_are_left_out(vectors):
    few = PairList("few", (ScoredPair("word0", "word1", 1), ScoredPair("word0", "zebra", 2)))
    tasks = WordTasks((cosine_pairs(vectors), few), (square_questions(),))
    covered = tasks.coverage(Items(WORDS))
    assert [(one.task, one.found == one.total, one.usable) for one in covered] == [
        ("cosines", True, True),
        ("few", False, False),
        ("grid", True, True),
    ]
    assert str(covered[1]) == "few: 1 of 2 found"
    kept = tasks.usable(Items(WORDS))
    assert [one.name for one in (*kept.pairs, *kept.questions)] == ["cosines", "grid"]
    assert len(tasks.usable(Items(["zebra", "lion"]))) == 0


def test_a_space_differs_from_itself_by_nothing(vectors):
    tasks = WordTasks((cosine_pairs(vectors, noise=0.2),), (square_questions(),))
    for score in task_scores(space_of(vectors), tasks):
        assert difference(score, score) == (0, 0)


def test_a_clear_difference_is_told_with_its_sign_and_the_other_way_round(vectors):
    tasks = WordTasks((cosine_pairs(vectors, noise=0.1),), (square_questions(),))
    good, bad = space_of(vectors), space_of(np.random.default_rng(9).standard_normal((60, 8)))
    better, worse = task_scores(good, tasks)[0], task_scores(bad, tasks)[0]
    low, high = difference(better, worse)
    assert 0 < low < better.value - worse.value < high
    assert difference(worse, better) == pytest.approx((-high, -low))
    better, worse = task_scores(space_of(grid()), tasks)[1], task_scores(bad, tasks)[1]
    assert difference(better, worse)[0] > 0.5


def test_pairing_sees_a_difference_that_two_intervals_would_hide(vectors):
    """A little noise on all vectors: hard pairs stay hard, so the difference is surer than each."""
    tasks = WordTasks((cosine_pairs(vectors, count=300, noise=0.3),))
    noisy = vectors + 0.25 * np.random.default_rng(4).standard_normal(vectors.shape)
    one, other = (task_scores(space_of(some), tasks)[0] for some in (vectors, noisy))
    assert one.interval[0] < other.interval[1]  # they overlap
    low, high = difference(one, other)
    assert low > 0
    assert high - low < one.interval[1] - one.interval[0]


def test_scores_of_other_words_or_of_other_kinds_are_not_compared(vectors):
    tasks = WordTasks((cosine_pairs(vectors),), (square_questions(),))
    pairs, questions = task_scores(space_of(vectors), tasks)
    with pytest.raises(ExplorerError, match="two kinds of lists"):
        difference(pairs, questions)
    turned = space_of(vectors, WORDS[::-1])
    with pytest.raises(ExplorerError, match="the same words in the same rows"):
        difference(pairs, task_scores(turned, tasks)[0])
