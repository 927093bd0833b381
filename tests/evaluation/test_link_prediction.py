"""Filtered ranks of missing ends, worked by hand."""

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.evaluation.link_prediction import link_prediction
from explorer.items import Items
from explorer.training.triples import KnowledgeGraph


def graph(*triples, entities="abcd", relations="r"):
    return KnowledgeGraph("t", Items(entities), Items(relations), np.array(triples))


class Fixed:
    """The same scores whatever is asked."""

    def __init__(self, scores):
        self.scores = np.array(scores, dtype=np.float32)

    def score(self, known, relation, side):
        return np.tile(self.scores, (len(known), 1))


TRAIN = graph((0, 0, 1), (1, 0, 2))
ASKED = graph((0, 0, 2))


def test_other_true_answers_do_not_count_as_mistakes():
    found = link_prediction(Fixed([4, 9, 5, 1]), ASKED, TRAIN)
    # tail: b (9) is a known tail of a, so c (5) is first; head: b is a known head of c, a (4)
    # follows c (5)
    assert found.ranks.tolist() == [[1, 2]]
    assert found.mean_reciprocal_rank == pytest.approx((1 + 1 / 2) / 2)
    assert (found.hits(1), found.hits(3)) == (0.5, 1)


def test_facts_of_other_parts_are_true_too():
    valid = graph((0, 0, 3))
    scores = Fixed([1, 0, 2, 9])
    assert link_prediction(scores, ASKED, TRAIN).ranks[0, 0] == 2
    assert link_prediction(scores, ASKED, TRAIN, [valid]).ranks[0, 0] == 1


def test_equal_scores_take_their_mean_rank():
    found = link_prediction(Fixed([0, 0, 0, 0]), ASKED, TRAIN)
    assert found.ranks.tolist() == [[2, 2]]  # of three candidates each


def test_chance_is_the_mean_reciprocal_rank_of_guessing():
    found = link_prediction(Fixed([0, 0, 0, 0]), ASKED, TRAIN)
    assert found.chance == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)
    generator = np.random.default_rng(1)
    guesses = [
        link_prediction(Fixed(generator.random(4)), ASKED, TRAIN).mean_reciprocal_rank
        for _ in range(500)
    ]
    assert np.mean(guesses) == pytest.approx(found.chance, abs=0.04)


def test_ranks_are_those_of_sorting_every_candidate():
    generator = np.random.default_rng(2)
    every = np.unique(np.column_stack([generator.integers(0, n, 300) for n in (30, 3, 30)]), axis=0)
    names = {"entities": [str(i) for i in range(30)], "relations": "xyz"}
    train, asked = graph(*every[:200], **names), graph(*every[200:], **names)
    table = generator.integers(0, 20, size=(2, 30, 3, 30)).astype(np.float32)  # with ties

    class Table:
        def score(self, known, relation, side):
            return table[int(side == "head")][known, relation]

    found = link_prediction(Table(), asked, train)
    facts = {tuple(row) for row in every.tolist()}
    for row, (h, r, t) in enumerate(asked.triples.tolist()):
        others = [e for e in range(30) if e == t or (h, r, e) not in facts]
        scores = table[0][h, r][others]
        own = table[0][h, r, t]
        assert found.ranks[row, 0] == (scores > own).sum() + ((scores == own).sum() + 1) / 2
        others = [e for e in range(30) if e == h or (e, r, t) not in facts]
        scores = table[1][t, r][others]
        own = table[1][t, r, h]
        assert found.ranks[row, 1] == (scores > own).sum() + ((scores == own).sum() + 1) / 2


def test_triples_with_an_entity_or_relation_that_training_never_met_are_counted():
    names = {"relations": "rs"}
    asked = graph((0, 0, 2), (0, 0, 3), (0, 1, 2), **names)
    assert link_prediction(Fixed([1, 2, 3, 4]), asked, graph(*TRAIN.triples, **names)).unseen == 2


def test_triples_of_other_entities_are_refused():
    with pytest.raises(ExplorerError, match="read them together with read_graph"):
        link_prediction(Fixed([1, 2]), graph((0, 0, 1), entities="ab"), TRAIN)


def test_the_result_reads_as_one_line():
    text = str(link_prediction(Fixed([4, 9, 5, 1]), ASKED, TRAIN))
    assert text == "MRR 0.750 (chance 0.611), Hits@1 0.500, Hits@3 1.000, Hits@10 1.000"
