"""TransE and ComplEx: steps down the gradient, kernels as their references, facts found again."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.evaluation.link_prediction import link_prediction
from explorer.items import Items
from explorer.training import complex_kernels, complex_reference, transe_kernels, transe_reference
from explorer.training.complex import ComplExSettings, ComplExTrainer
from explorer.training.complex_vectors import conjugate, product
from explorer.training.toy_family import toy_family
from explorer.training.transe import TransESettings, TransETrainer
from explorer.training.triples import KnowledgeGraph, read_graph, split_triples
from tests.training.law import (
    check_divergence,
    check_foreign_files,
    check_repeatable,
    check_seeds,
    finish,
    numeric_gradient,
)

SPLIT = split_triples(toy_family())
BOTH = [
    (TransETrainer, TransESettings(dimensions=16, epochs=5)),
    (ComplExTrainer, ComplExSettings(dimensions=16, epochs=5, negatives=8)),
]
TRIPLE = np.array([[0, 1, 2]], dtype=np.int32)


def numbers(dtype, d=6):
    generator = np.random.default_rng(4)
    entities, relations = generator.normal(size=(7, d)), generator.normal(size=(2, d))
    entities /= np.linalg.norm(entities, axis=1, keepdims=True)
    return entities.astype(dtype), relations.astype(dtype)


@pytest.mark.parametrize("absolute", [True, False])
def test_a_transe_step_goes_down_the_gradient_and_back_to_length_one(absolute):
    entities, relations = numbers(np.float64)
    negatives = np.array([[[4], [-1]]], dtype=np.int32)  # one made-up tail

    def length(x):
        return np.abs(x).sum() if absolute else np.linalg.norm(x)

    def loss():
        true = length(entities[0] + relations[1] - entities[2])
        return 3 + true - length(entities[0] + relations[1] - entities[4])

    assert loss() > 0
    gradients = [numeric_gradient(loss, array) for array in (entities, relations)]
    wanted = [
        array - 1e-3 * gradient
        for array, gradient in zip((entities, relations), gradients, strict=True)
    ]
    wanted[0] /= np.linalg.norm(wanted[0], axis=1, keepdims=True)
    rate = np.array([1e-3])
    transe_reference.transe_steps(entities, relations, TRIPLE, negatives, rate, 3.0, absolute)
    assert np.allclose(entities, wanted[0], atol=1e-8)
    assert np.allclose(relations, wanted[1], atol=1e-8)


def test_a_transe_fact_that_keeps_its_margin_changes_nothing():
    entities, relations = numbers(np.float64)
    relations[1] = entities[2] - entities[0]  # the true fact fits exactly
    before = entities.copy()
    loss = transe_reference.transe_steps(
        entities, relations, TRIPLE, np.array([[[4], [5]]]), np.array([0.1]), 1e-3, False
    )
    assert loss == 0
    assert np.array_equal(entities, before)


def test_a_complex_step_goes_down_the_gradient():
    entities, relations = numbers(np.float64)
    negatives = np.array([[[3, 4], [5, -1]]], dtype=np.int32)
    weight = 0.2

    def one(h, t):
        return product(entities[h], relations[1]) @ entities[t]

    def surprise():
        tails = np.array([one(0, 2), one(0, 3), one(0, 4)])
        heads = np.array([one(0, 2), one(5, 2)])
        return sum(np.log(np.exp(scores).sum()) - scores[0] for scores in (tails, heads)) / 2

    def loss():
        cubes = sum(
            ((row[:3] ** 2 + row[3:] ** 2) ** 1.5).sum()
            for row in (entities[0], relations[1], entities[2])
        )
        return 2 * surprise() + weight / 3 * cubes

    gradients = [numeric_gradient(loss, array) for array in (entities, relations)]
    before, wanted = [entities.copy(), relations.copy()], surprise()
    square, step = 1e8, 1e-6  # squares so large that AdaGrad is a plain step
    told = complex_reference.complex_steps(
        entities, relations, np.full(7, square), np.full(2, square), TRIPLE, negatives,
        np.array([step * np.sqrt(square)]), weight,
    )  # fmt: skip
    assert told == pytest.approx(wanted)
    for array, old, gradient in zip((entities, relations), before, gradients, strict=True):
        assert np.allclose((old - array) / step, gradient, atol=1e-4)


def test_the_head_is_asked_for_by_the_conjugate_of_the_relation():
    entities, relations = numbers(np.float64)
    tail_side = product(entities[0], relations[1]) @ entities[2]
    head_side = product(entities[2], conjugate(relations[1])) @ entities[0]
    assert tail_side == pytest.approx(head_side)
    assert tail_side != pytest.approx(product(entities[2], relations[1]) @ entities[0])


def many():
    generator = np.random.default_rng(8)
    triples = np.column_stack([generator.integers(0, n, 40) for n in (7, 2, 7)]).astype(np.int32)
    negatives = generator.integers(-1, 7, size=(40, 2, 3)).astype(np.int32)
    return triples, negatives, np.full(40, 0.05, dtype=np.float32)


@pytest.mark.parametrize("absolute", [True, False])
def test_the_transe_kernel_does_what_the_reference_does(absolute):
    fast, plain = numbers(np.float32, 17), numbers(np.float32, 17)
    losses = [
        module.transe_steps(*arrays, *many(), np.float32(1), absolute)
        for module, arrays in ((transe_kernels, fast), (transe_reference, plain))
    ]
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)
    for one, two in zip(fast, plain, strict=True):
        assert np.allclose(one, two, atol=1e-4)
    found = [
        module.distances(fast[1], fast[0], absolute)
        for module in (transe_kernels, transe_reference)
    ]
    assert np.allclose(*found, atol=1e-5)


def test_the_complex_kernel_does_what_the_reference_does():
    results = []
    for module in (complex_kernels, complex_reference):
        arrays = [
            *numbers(np.float32, 18),
            np.full(7, 0.1, np.float32),
            np.full(2, 0.1, np.float32),
        ]
        loss = module.complex_steps(*arrays, *many(), np.float32(0.01))
        results.append([loss, *arrays])
    assert results[0][0] == pytest.approx(results[1][0], rel=1e-4)
    for one, two in zip(results[0][1:], results[1][1:], strict=True):
        assert np.allclose(one, two, atol=1e-3)


@pytest.mark.parametrize(("trainer", "settings"), BOTH)
def test_slices_saving_and_loading_leave_no_trace(trainer, settings):
    reports = check_repeatable(lambda: trainer(SPLIT.train, settings, SPLIT.test))
    assert any(report.held_out is not None for report in reports)
    check_seeds(lambda seed: trainer(SPLIT.train, replace(settings, epochs=1, seed=seed)))


@pytest.mark.parametrize(("trainer", "settings"), BOTH)
def test_made_up_facts_are_none_that_are_known(trainer, settings):
    model = trainer(SPLIT.train, settings)
    rows = np.arange(100)
    drawn = model._negatives(1, rows, [groups[rows] for _, groups in model._sides])
    known = {tuple(fact) for fact in SPLIT.train.triples.tolist()}
    for (h, r, t), (tails, heads) in zip(SPLIT.train.triples[:100].tolist(), drawn, strict=True):
        assert not known & {(h, r, int(e)) for e in tails}
        assert not known & {(int(e), r, t) for e in heads}


@pytest.mark.parametrize(
    ("trainer", "least"), [(TransETrainer, 0.5), (ComplExTrainer, 0.7)], ids=["TransE", "ComplEx"]
)
def test_family_facts_held_out_are_found(trainer, least):
    model = trainer(SPLIT.train, held_out=SPLIT.test)
    untrained = link_prediction(model, SPLIT.test, SPLIT.train)
    assert untrained.mean_reciprocal_rank < 0.2
    reports = finish(model)
    found = link_prediction(model, SPLIT.test, SPLIT.train)
    assert found.mean_reciprocal_rank > least > 10 * found.chance
    assert reports[-1].loss < reports[0].loss
    assert found.unseen == 0


def test_the_space_tells_its_similarity_and_how_many_triples_each_entity_has():
    for trainer, settings in BOTH:
        model = trainer(SPLIT.train, settings)
        finish(model)
        space = model.space()
        assert space.trained_with == trainer.trained_with
        assert np.array_equal(space.metadata["triples"], SPLIT.train.degree)
        assert "generation" in space.metadata
        assert model.relation_vectors().shape == (9, 16)
    norms = TransETrainer(SPLIT.train, BOTH[0][1]).space().norms
    assert np.allclose(norms, 1, atol=1e-5)


@pytest.mark.parametrize(("trainer", "settings"), BOTH)
def test_an_unseen_tail_and_a_fact_true_of_all_do_no_harm(trainer, settings):
    one = KnowledgeGraph("t", Items("abz"), Items("r"), np.array([[0, 0, 1], [0, 0, 0], [0, 0, 2]]))
    train, asked = one.part(np.array([0, 1])), one.part(np.array([2]))
    for graph in (train, one):  # in the second every entity is a known tail
        model = trainer(graph, settings)
        finish(model)
        assert np.isfinite(model.vectors()).all()
    assert link_prediction(trainer(train, settings), asked, train).unseen == 1


def test_divergence_is_told_with_the_epoch():
    check_divergence(
        ComplExTrainer(SPLIT.train, ComplExSettings(learning_rate=1e20, regularization=1.0))
    )
    check_divergence(TransETrainer(SPLIT.train, TransESettings(learning_rate=1e38)))


@pytest.mark.parametrize(("trainer", "settings"), BOTH)
def test_a_hundred_times_the_learning_rate_stays_finite(trainer, settings):
    model = trainer(SPLIT.train, replace(settings, learning_rate=100 * settings.learning_rate))
    finish(model)
    assert np.isfinite(model.vectors()).all()


def test_files_of_other_trainings_and_other_graphs_are_refused():
    check_foreign_files(TransETrainer(SPLIT.train, BOTH[0][1]), ComplExTrainer)
    with pytest.raises(ExplorerError, match="read them together"):
        TransETrainer(SPLIT.train, held_out=toy_family(2))
    with pytest.raises(ExplorerError, match="dimensions must be even"):
        ComplExSettings(dimensions=5)


def test_countries_are_placed_in_their_regions(shared_data):
    split = read_graph(
        *(shared_data(f"graphs/countries_S1/{part}.txt") for part in ("train", "valid", "test"))
    )
    model = TransETrainer(
        split.train, TransESettings(dimensions=20, margin=3.0, epochs=500), split.valid
    )
    finish(model)
    found = link_prediction(model, split.test, split.train, [split.valid])
    assert found.mean_reciprocal_rank > 0.6 > 10 * found.chance
