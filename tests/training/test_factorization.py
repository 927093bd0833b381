"""BPR and implicit ALS: their steps by the formula, their runs repeatable, beating popularity."""

import io
from itertools import pairwise

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.evaluation.recommendation import by_chance, by_popularity, recommendation_quality
from explorer.items import Items
from explorer.training import (
    als_kernels,
    als_reference,
    bpr_kernels,
    bpr_reference,
    draws,
    draws_kernels,
)
from explorer.training.als import AlsSettings, AlsTrainer
from explorer.training.bpr import BprSettings, BprTrainer
from explorer.training.factorization import recommender
from explorer.training.interactions import interactions_from_pairs, split_random
from explorer.training.toy_ratings import toy_ratings
from tests.training.law import (
    check_divergence,
    check_foreign_files,
    check_repeatable,
    check_seeds,
    finish,
    numeric_gradient,
)

SPLIT = split_random(toy_ratings(), 0.2, seed=1)
BPR = BprSettings(dimensions=8, epochs=20)
ALS = AlsSettings(dimensions=8, epochs=4)


def bpr_numbers(dtype=np.float32):
    generator = np.random.default_rng(5)
    users, items = generator.normal(size=(4, 3)), generator.normal(size=(5, 3))
    return users.astype(dtype), items.astype(dtype), generator.normal(size=5).astype(dtype)


def test_a_bpr_step_goes_down_the_gradient_of_the_loss():
    users, items, biases = bpr_numbers(np.float64)
    shrink = 0.3

    def loss():
        x = biases[2] - biases[4] + users[1] @ (items[2] - items[4])
        rows = (users[1], items[2], items[4], biases[2], biases[4])
        return np.logaddexp(0, -x) + shrink / 2 * sum(np.sum(row**2) for row in rows)

    gradients = [numeric_gradient(loss, array) for array in (users, items, biases)]
    before = [array.copy() for array in (users, items, biases)]
    rate = 1e-3
    pair = [np.array([number], dtype=np.int32) for number in (1, 2, 4)]
    bpr_reference.bpr_steps(users, items, biases, *pair, np.array([rate]), shrink, True)
    for array, old, gradient in zip((users, items, biases), before, gradients, strict=True):
        assert np.allclose(array, old - rate * gradient, atol=1e-10)


@pytest.mark.parametrize("item_bias", [False, True])
def test_the_bpr_kernel_does_what_the_reference_does(item_bias):
    generator = np.random.default_rng(6)
    user, item, other = (generator.integers(0, n, 50).astype(np.int32) for n in (4, 5, 5))
    other[::7] = -1  # passed over
    other[other == item] = -1
    rates = np.full(50, 0.1, dtype=np.float32)
    fast, plain = bpr_numbers(), bpr_numbers()
    regularization = np.float32(0.02)
    losses = [
        module.bpr_steps(*numbers, user, item, other, rates, regularization, item_bias)
        for module, numbers in ((bpr_kernels, fast), (bpr_reference, plain))
    ]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)
    for one, two in zip(fast, plain, strict=True):
        assert np.allclose(one, two, atol=1e-5)


def test_both_draw_the_same_items_that_the_user_has_not_met_evenly():
    pairs = SPLIT.train
    user = np.zeros(4_000, dtype=np.int32)
    drawn, same = (
        module.draw_outside(
            draws.stream(3), np.arange(4_000), user, pairs.starts, pairs.item, 120, 50
        )
        for module in (draws_kernels, draws)
    )
    assert np.array_equal(drawn, same)
    met = pairs.item[: pairs.starts[1]]
    assert set(drawn) == set(range(120)) - set(met.tolist())
    counts = np.bincount(drawn)[np.unique(drawn)]
    expected = 4_000 / len(counts)
    assert np.sum((counts - expected) ** 2 / expected) < len(counts) + 4 * np.sqrt(2 * len(counts))


def test_a_user_who_met_everything_draws_nothing():
    starts, met = np.array([0, 3]), np.arange(3, dtype=np.int32)
    for module in (draws_kernels, draws):
        drawn = module.draw_outside(
            draws.stream(1), np.arange(5), np.zeros(5, np.int32), starts, met, 3, 20
        )
        assert set(drawn) == {-1}


def als_side():
    generator = np.random.default_rng(7)
    starts = np.array([0, 3, 3, 5])  # the second row met nobody
    others = np.array([0, 2, 3, 1, 3], dtype=np.int32)
    extra = generator.uniform(1, 5, size=5).astype(np.float32)
    return starts, others, extra, generator.normal(size=(4, 3)).astype(np.float32)


def als_loss(side, solved, shrink):
    """The loss by its definition, every cell of the table."""
    starts, others, extra, fixed = side
    loss = 0.0
    for row in range(len(solved)):
        sure, liked = np.ones(4), np.zeros(4)
        met = slice(starts[row], starts[row + 1])
        sure[others[met]] += extra[met]
        liked[others[met]] = 1
        loss += np.sum(sure * (liked - fixed @ solved[row]) ** 2) + shrink * np.sum(
            solved[row] ** 2
        )
    return loss


@pytest.mark.parametrize("module", [als_kernels, als_reference])
def test_als_finds_the_minimum_and_tells_its_loss(module):
    side = als_side()
    fixed = side[3].astype(np.float64)
    solved = np.zeros((3, 3), dtype=np.float32)
    loss = module.solve_rows(*side, fixed.T @ fixed, 0.5, solved, 0, 3)
    exact = solved.astype(np.float64)
    assert np.abs(numeric_gradient(lambda: als_loss(side, exact, 0.5), exact)).max() < 1e-4
    assert loss == pytest.approx(als_loss(side, exact, 0.5), rel=1e-5)
    assert not solved[1].any()


def test_every_half_sweep_of_als_lowers_the_loss():
    trainer = AlsTrainer(SPLIT.train, ALS)
    trainer._piece = 10**9  # a half sweep a slice
    losses = []
    while not trainer.done:
        trainer._piece = 10**9
        trained, loss = trainer._train(trainer.per_epoch)
        trainer.examples += trained
        losses.append(loss)
    assert len(losses) == 2 * ALS.epochs
    assert all(after <= before + 1e-6 * before for before, after in pairwise(losses))


@pytest.mark.parametrize(("trainer", "settings"), [(BprTrainer, BPR), (AlsTrainer, ALS)])
def test_slices_saving_and_loading_leave_no_trace(trainer, settings):
    reports = check_repeatable(lambda: trainer(SPLIT.train, settings, SPLIT.held_out))
    measured = [report.held_out for report in reports if report.held_out is not None]
    assert measured[-1] < 0.7
    assert reports[-1].loss < reports[0].loss or len(reports) == 1
    check_seeds(
        lambda seed: trainer(SPLIT.train, type(settings)(dimensions=4, epochs=2, seed=seed))
    )


@pytest.mark.parametrize(
    ("trainer", "settings"),
    [
        (BprTrainer, BprSettings(dimensions=8)),
        (BprTrainer, BprSettings(dimensions=8, item_bias=True)),
        (AlsTrainer, ALS),
    ],
)
def test_items_held_out_are_found_better_than_by_popularity_and_by_chance(trainer, settings):
    model = trainer(SPLIT.train, settings)
    finish(model)
    ours = recommendation_quality(recommender(model), *SPLIT)
    popular = recommendation_quality(by_popularity(SPLIT.train), *SPLIT)
    chance = recommendation_quality(by_chance(SPLIT.train), *SPLIT)
    assert ours.recall > 1.5 * popular.recall > 1.5 * chance.recall
    assert ours.ndcg > 1.5 * popular.ndcg


@pytest.mark.parametrize("trainer", [BprTrainer, AlsTrainer])
def test_the_space_has_kinds_in_directions_and_popularity_in_lengths(trainer):
    model = trainer(SPLIT.train)
    finish(model)
    space = model.space()
    assert space.trained_with == "dot"
    assert space.provenance.seed == 1
    popularity = space.metadata["popularity"]
    assert np.corrcoef(space.norms, np.log1p(popularity))[0, 1] > 0.5
    unit = space.vectors / space.norms[:, None]
    kinds = space.metadata["kind"]
    same = kinds[:, None] == kinds
    cosines = unit @ unit.T
    assert cosines[same].mean() > cosines[~same].mean() + 0.2


def test_one_user_is_enough_and_one_who_met_all_is_told():
    one = interactions_from_pairs("t", Items("a"), Items("xyz"), [0, 0], [0, 1])
    for trainer in (BprTrainer(one, BPR), AlsTrainer(one, ALS)):
        finish(trainer)
        assert np.isfinite(trainer.vectors()).all()
    everything = interactions_from_pairs("t", Items("a"), Items("x"), [0], [0])
    with pytest.raises(ExplorerError, match="Every user of t has all 1 items"):
        BprTrainer(everything)


def test_divergence_is_told_with_the_epoch():
    check_divergence(BprTrainer(SPLIT.train, BprSettings(learning_rate=100.0, regularization=1.0)))


def test_ratings_too_large_to_weigh_are_told():
    huge = interactions_from_pairs("t", Items("ab"), Items("xy"), [0, 1], [0, 1], [1, 1e12])
    with pytest.raises(ExplorerError, match="lower alpha"):
        AlsTrainer(huge, AlsSettings(use_ratings=True))


def test_files_of_other_trainings_are_refused():
    check_foreign_files(BprTrainer(SPLIT.train, BPR), AlsTrainer)


def test_metadata_and_settings_survive_saving():
    kept = io.BytesIO()
    trainer = AlsTrainer(SPLIT.train, ALS, SPLIT.held_out)
    trainer.save(kept)
    kept.seek(0)
    loaded = AlsTrainer.load(kept)
    assert loaded.settings == ALS
    assert loaded.space().metadata.digest == trainer.space().metadata.digest
    assert loaded.interactions.digest == trainer.interactions.digest
    assert len(loaded.held_out) == len(SPLIT.held_out)


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"dimensions": 0}, "dimensions must be a whole number from 1 to 1024; got 0."),
        ({"dimensions": 2.5}, "dimensions must be a whole number from 1 to 1024; got 2.5."),
        ({"learning_rate": 0}, "learning_rate must be a number above 0; got 0."),
        ({"regularization": float("nan")}, "regularization must be a number from 0; got nan."),
        ({"item_bias": 1}, "item_bias must be True or False; got 1."),
    ],
)
def test_settings_out_of_range_are_told(chosen, told):
    with pytest.raises(ExplorerError) as caught:
        BprSettings(**chosen)
    assert str(caught.value) == told


def test_movielens_is_recommended_better_than_by_popularity(shared_data):
    from explorer.training.interactions import read_interactions

    liked = read_interactions(shared_data("ratings/ratings.csv.gz")).at_least(3.5)
    split = split_random(liked, 0.2, seed=1)
    popular = recommendation_quality(by_popularity(split.train), *split)
    als = AlsSettings(epochs=5)
    for trainer in (BprTrainer(split.train), AlsTrainer(split.train, als)):
        finish(trainer)
        assert recommendation_quality(recommender(trainer), *split).recall > 1.3 * popular.recall
