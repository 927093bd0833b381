"""Analogies: worked by hand, true in the small world, and gensim's to the tenth answer."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.analogies import METHODS, parse, solve
from explorer.analogies.analogy import target_vector
from explorer.bundled.small_world import small_world
from explorer.errors import ExplorerError, UnknownItemError
from explorer.items import Items
from explorer.space import EmbeddingSpace, Provenance


@pytest.fixture(scope="module")
def world():
    return small_world()


def space_of(**vectors):
    return EmbeddingSpace(
        "toy", Items(vectors), np.array(list(vectors.values()), dtype=np.float32), Provenance("toy")
    )


# man (1, 0), woman (0, 1), king at 20 degrees, queen at 110: woman turned as king is from man.
TURN = np.radians([0, 90, 20, 110, 200])
TOY = space_of(
    **{
        name: [np.cos(angle), np.sin(angle)]
        for name, angle in zip(("man", "woman", "king", "queen", "stone"), TURN, strict=True)
    }
)


def test_3cosadd_is_the_cosine_to_the_sum_worked_by_hand():
    # king - man + woman = (cos 20 - 1, sin 20 + 1) = (-0.0603, 1.3420), at 92.57 degrees
    found = solve(TOY, parse("king - man + woman"), 1)
    assert target_vector(TOY, parse("king - man + woman")) == pytest.approx(
        [-0.0603, 1.342], abs=1e-4
    )
    assert [TOY.items[row] for row in found.rows] == ["queen"]
    assert found.scores[0] == pytest.approx(np.cos(np.radians(110 - 92.5726)), abs=1e-5)


def test_kept_and_dropped_ranks_are_told_for_every_answer():
    # with the inputs kept woman (2.6 degrees away) stands before queen (17.4 degrees)
    dropped = solve(TOY, parse("king - man + woman"), 2)
    assert (dropped.ranks_kept.tolist(), dropped.ranks_dropped.tolist()) == ([2, 5], [1, 2])
    kept = solve(TOY, parse("king - man + woman"), 3, keep_inputs=True)
    assert [TOY.items[row] for row in kept.rows] == ["woman", "queen", "king"]
    assert (kept.ranks_kept.tolist(), kept.ranks_dropped.tolist()) == ([1, 2, 3], [0, 1, 0])
    assert dropped.ranks_of(TOY.row("queen")) == (2, 1)
    assert dropped.ranks_of(TOY.row("woman")) == (1, 0)


def test_3cosmul_is_the_quotient_worked_by_hand():
    def likeness(degrees):
        return (1 + np.cos(np.radians(degrees))) / 2

    found = solve(TOY, parse("king - man + woman"), 2, method="3CosMul")
    queen = likeness(90) * likeness(20) / (likeness(110) + 1e-6)
    assert found.scores[0] == pytest.approx(queen, rel=1e-6)


def test_pair_direction_is_the_cosine_of_two_differences():
    found = solve(TOY, parse("king - man + woman"), 1, method="PairDirection")
    a, b, c, d = (TOY.vector(item) for item in ("man", "king", "woman", "queen"))
    expected = (d - c) @ (b - a) / np.linalg.norm(d - c) / np.linalg.norm(b - a)
    assert found.all_scores[TOY.row("queen")] == pytest.approx(expected, abs=1e-6)
    assert found.all_scores[TOY.row("woman")] == 0


@pytest.mark.parametrize("method", METHODS)
def test_stretching_vectors_changes_no_answer(method):
    stretched = TOY.with_vectors(TOY.vectors * np.array([[1], [5], [0.2], [3], [9]]), "stretched")
    terms = parse("king - man + woman")
    one, other = (
        solve(space, terms, 5, method=method, keep_inputs=True) for space in (TOY, stretched)
    )
    assert one.rows.tolist() == other.rows.tolist()


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("king - man + woman", "queen"),
        ("paris - france + italy", "rome"),
        ("bigger - big + small", "smaller"),
        ("kings - king + queen", "queens"),
    ],
)
def test_what_is_true_in_the_small_world_is_the_first_answer(world, text, answer):
    found = solve(world.space, parse(text), 3)
    assert world.space.items[int(found.rows[0])] == answer


def test_most_true_analogies_of_the_small_world_are_solved_only_while_inputs_are_dropped(world):
    questions = [
        question
        for relation in world.truth.relations
        for question in list(relation.analogies())[:400:40]
    ]
    dropped = kept = 0
    for a, b, c, d in questions:
        found = solve(world.space, parse(f'"{b}" - "{a}" + "{c}"'), 1)
        ranks = found.ranks_of(world.space.row(d))
        dropped += ranks[1] == 1
        kept += ranks[0] == 1
    assert dropped > 0.5 * len(questions)
    assert kept < dropped


@pytest.mark.parametrize("method", ["3CosAdd", "3CosMul"])
def test_the_ten_answers_are_gensim_s(shared_data, method):
    models = pytest.importorskip("gensim.models")
    file = shared_data("vectors/fasttext-enwik8-32d.vec")
    theirs = models.KeyedVectors.load_word2vec_format(str(file), limit=20_000)
    space = EmbeddingSpace("fasttext", Items(theirs.index_to_key), theirs.vectors, Provenance("f"))
    for a, b, c in [
        ("man", "king", "woman"),
        ("france", "paris", "italy"),
        ("one", "two", "three"),
    ]:
        ask = theirs.most_similar if method == "3CosAdd" else theirs.most_similar_cosmul
        expected = ask(positive=[b, c], negative=[a], topn=10)
        found = solve(space, parse(f"{b} - {a} + {c}"), 10, method=method)
        assert space.items.take(found.rows.tolist()) == [item for item, _ in expected]
        assert found.scores == pytest.approx([score for _, score in expected], abs=1e-4)


def test_an_unknown_item_is_answered_with_close_spellings(world):
    with pytest.raises(UnknownItemError, match="Did you mean queen"):
        solve(world.space, parse("quen - woman"))


class Spelled:
    """Composes one word, and no other."""

    title = "made for a test"

    def compose(self, word):
        if word != "queens":
            raise ExplorerError(f"{word!r} cannot be composed.")
        return TOY.vector("queen") * 3


@pytest.mark.parametrize("method", METHODS)
def test_a_word_that_the_space_lacks_is_composed_where_it_has_a_composer_and_told(method):
    space = replace(TOY, composer=Spelled())
    found = solve(space, parse("queens - woman + man"), 5, method=method)
    same = solve(TOY, parse("queen - woman + man"), 5, method=method)
    assert found.composed == ("queens",)
    assert found.inputs.tolist() == [TOY.row("woman"), TOY.row("man")]
    assert found.all_scores == pytest.approx(same.all_scores, abs=1e-6)
    with pytest.raises(ExplorerError, match="'kings' cannot be composed"):
        solve(space, parse("kings"))


@pytest.mark.parametrize(
    "text", ["king + man", "king - man + woman + queen", "2*king - man + woman"]
)
def test_pair_direction_refuses_what_is_no_analogy(text):
    with pytest.raises(ExplorerError, match="b - a \\+ c alone"):
        solve(TOY, parse(text), method="PairDirection")


def test_an_expression_that_cancels_out_and_an_unknown_method_are_refused():
    with pytest.raises(ExplorerError, match="cancels out"):
        solve(TOY, parse("king - king"))
    with pytest.raises(ExplorerError, match="one of 3CosAdd, 3CosMul, PairDirection"):
        solve(TOY, parse("king"), method="4CosAdd")


def test_fewer_answers_come_where_fewer_items_are_left():
    assert len(solve(TOY, parse("king - man + woman"), 50).rows) == 2
    assert len(solve(TOY, parse("king"), 50, keep_inputs=True).rows) == 5
