"""Analogies: by hand, against a plain loop, and what dropping the inputs does."""

import io

import numpy as np
import pytest

from explorer.bundled.small_world import small_world
from explorer.errors import ExplorerError
from explorer.evaluation import analogy_accuracy as module
from explorer.evaluation.analogy_accuracy import analogy_accuracy, answer
from explorer.evaluation.lists import (
    ListFileError,
    Question,
    QuestionList,
    read_questions,
    write_questions,
)
from explorer.items import Items
from explorer.space import EmbeddingSpace, Provenance


def space_of(words, vectors):
    return EmbeddingSpace("s", Items(words), np.asarray(vectors, np.float32), Provenance("test"))


def asked(*rows, group="all"):
    return QuestionList("list", tuple(Question(*row, group) for row in rows))


@pytest.fixture
def square():
    """man, king, woman, queen on a square off the origin, and one word far away."""
    return space_of(
        ["man", "king", "woman", "queen", "fish"],
        [[3, 1, 0], [3, 1, 1], [1, 3, 0], [1, 3, 1], [0, 0, -1]],
    )


def test_man_is_to_king_as_woman_is_to_queen(square):
    score = analogy_accuracy(square, asked(("man", "king", "woman", "queen")))
    assert (score.accuracy, score.correct, score.found) == (1, 1, 1)


@pytest.mark.parametrize("method", ["3CosAdd", "3CosMul"])
@pytest.mark.parametrize("keep_inputs", [False, True])
def test_a_plain_loop_gives_the_same_answers(monkeypatch, method, keep_inputs):
    monkeypatch.setattr(module, "BLOCK_CELLS", 300)
    random = np.random.default_rng(0)
    vectors = random.normal(size=(40, 6)).astype(np.float32)
    inputs = random.integers(0, 40, (50, 3))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    expected = []
    for a, b, c in inputs:
        cos = unit @ unit.T
        if method == "3CosAdd":
            scores = cos[b] - cos[a] + cos[c]
        else:
            scores = (1 + cos[b]) / 2 * (1 + cos[c]) / 2 / ((1 + cos[a]) / 2 + 0.001)
        if not keep_inputs:
            scores[[a, b, c]] = -np.inf
        expected.append(int(np.argmax(scores)))
    assert answer(vectors, inputs, method, keep_inputs).tolist() == expected


def test_with_the_inputs_kept_a_small_difference_is_answered_by_the_input():
    # b - a is small against the distance of c to d: c itself is nearest
    space = space_of(["a", "b", "c", "d"], [[1, 0, 0], [1, 0.1, 0], [0, 0, 1], [0, 0.5, 1]])
    questions = asked(("a", "b", "c", "d"))
    assert analogy_accuracy(space, questions).accuracy == 1
    assert analogy_accuracy(space, questions, keep_inputs=True).accuracy == 0


def test_groups_are_told_apart_and_count_what_is_missing(square):
    questions = QuestionList(
        "list",
        (
            Question("man", "king", "woman", "queen", "royal"),
            Question("Man", "King", "Woman", "Queen", "royal"),
            Question("man", "king", "fish", "queen", "odd"),
            Question("man", "king", "fish", "shark", "odd"),
        ),
    )
    royal, odd = analogy_accuracy(square, questions).groups
    assert (royal.name, royal.correct, royal.found, royal.total) == ("royal", 2, 2, 2)
    assert (odd.name, odd.correct, odd.found, odd.total) == ("odd", 0, 1, 2)


def test_only_the_first_rows_ask_and_answer(square):
    questions = asked(("man", "king", "woman", "queen"), ("man", "king", "fish", "queen"))
    assert analogy_accuracy(square, questions, first=4).found == 1


def test_no_question_in_the_space_is_an_error(square):
    with pytest.raises(ExplorerError, match="none of 1 questions has its four words among the 5"):
        analogy_accuracy(square, asked(("paris", "france", "rome", "italy")))


def test_an_unknown_method_is_refused(square):
    with pytest.raises(ExplorerError, match="3CosAdd or 3CosMul; got 'nearest'"):
        analogy_accuracy(square, asked(("man", "king", "woman", "queen")), method="nearest")


def test_the_small_worlds_true_analogies_are_far_above_chance():
    world = small_world()
    questions = QuestionList(
        "small world",
        tuple(
            Question(*analogy, relation.name)
            for relation in world.truth.relations
            for analogy in list(relation.analogies())[::17]
        ),
    )
    for method in ("3CosAdd", "3CosMul"):
        score = analogy_accuracy(world.space, questions, method=method)
        assert score.accuracy > 0.9
        assert score.interval[0] <= score.accuracy <= score.interval[1]
        assert score.chance < 0.01


def test_googles_form_is_read():
    text = ": family\nboy girl son daughter\n\n: gram8-plural\ncat cats dog dogs\n"
    questions = read_questions(io.BytesIO(text.encode()), name="q.txt").questions
    assert questions[0] == Question("boy", "girl", "son", "daughter", "family")
    assert questions[1].group == "gram8-plural"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (": g\na b c d\na b c\n", "q.txt, line 3: expected four words"),
        (": g\n", "q.txt: holds no line of four words"),
    ],
)
def test_a_bad_line_is_named(text, message):
    with pytest.raises(ListFileError, match=message):
        read_questions(io.BytesIO(text.encode()), name="q.txt")


def test_what_is_written_is_read_again(tmp_path):
    questions = asked(("a", "b", "c", "d"), group="letters")
    write_questions(questions, tmp_path / "list")
    assert read_questions(tmp_path / "list") == QuestionList("list", questions.questions)


def test_googles_questions_are_read_whole(shared_data):
    questions = read_questions(shared_data("eval/questions-words.txt"))
    assert len(questions.questions) == 19_544
    assert len({question.group for question in questions.questions}) == 14


def test_glove_scores_what_gensim_measured(shared_data):
    from explorer.formats import load

    space = load(shared_data("vectors/glove.6B.100d.top20k.txt.gz"))
    questions = read_questions(shared_data("eval/questions-words.txt"))
    score = analogy_accuracy(space, questions)
    assert score.found == 12_363
    assert score.accuracy == pytest.approx(0.676, abs=0.002)
