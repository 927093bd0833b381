"""Maps learned from labels: gradients by finite differences, mining by hand, gains held out."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.bundled.digits import open_digits
from explorer.errors import ExplorerError
from explorer.items import Items
from explorer.metadata import Metadata
from explorer.space import EmbeddingSpace, Provenance
from explorer.training.dense_map import Adam, forward, make_map
from explorer.training.factorization import FactorizationTrainer
from explorer.training.label_batches import LabelBatches, hold_out
from explorer.training.metric_learning import (
    MetricSettings,
    MetricTrainer,
    loss_and_gradients,
    retrieval_before_and_after,
)
from explorer.training.metric_losses import cross_entropy, info_nce, mine, triplet_loss
from explorer.training.toy_labels import toy_labels
from tests.training.law import (
    check_divergence,
    check_foreign_files,
    check_repeatable,
    check_seeds,
    finish,
    numeric_gradient,
)

WAYS = [
    {"objective": "triplet", "mining": mining, "distance": distance}
    for mining in ("random", "semi-hard", "hard")
    for distance in ("euclidean", "cosine")
] + [{"objective": "softmax"}, {"objective": "infonce"}]
LABELS = np.array([0, 0, 0, 1, 1, 2, 2])


def way_name(way):
    return " ".join(way.values())


def chance():
    return np.random.default_rng(2)


@pytest.mark.parametrize("hidden", [0, 6])
@pytest.mark.parametrize("way", WAYS, ids=way_name)
def test_gradients_are_those_of_finite_differences(way, hidden):
    settings = MetricSettings(**way, hidden=hidden, margin=1.0)
    generator = np.random.default_rng(1)
    parameters = {
        name: array.astype(np.float64) + generator.normal(scale=0.1, size=array.shape)
        for name, array in make_map(5, hidden, 3, generator).items()
    }
    if settings.objective == "softmax":
        parameters["heads"] = generator.normal(size=(3, 3))
        parameters["biases"] = generator.normal(size=3)
    X = generator.normal(size=(len(LABELS), 5))

    def loss():
        return loss_and_gradients(parameters, X, LABELS, settings, chance())[0]

    value, gradients = loss_and_gradients(parameters, X, LABELS, settings, chance())
    assert value > 0
    assert set(gradients) == set(parameters)
    for name, array in parameters.items():
        assert np.allclose(gradients[name], numeric_gradient(loss, array), atol=1e-6), name


def test_a_triplet_costs_what_its_distances_miss_of_the_margin():
    Z = np.array([[0.0, 0.0], [0.0, 3.0], [4.0, 0.0]])
    labels = np.array([0, 0, 1])
    loss, gradient = triplet_loss(Z, labels, 2.0, "hard", "euclidean", chance())
    # anchor 0: 2 + 3 - 4 = 1; anchor 1: 2 + 3 - 5 = 0; the third has no positive
    assert loss == pytest.approx(0.5)
    assert np.allclose(gradient[0], [0.5, -0.5])


def test_mining_takes_random_semi_hard_or_hardest_negatives():
    D = np.array(
        [[0, 5, 3, 6, 9], [5, 0, 1, 1, 1], [3, 1, 0, 1, 1], [6, 1, 1, 0, 1], [9, 1, 1, 1, 0]]
    )
    D = D.astype(float)
    labels = np.array([0, 0, 1, 1, 1])
    semi_hard = mine(D, labels, "semi-hard", chance())
    first = dict(zip(zip(semi_hard.anchor.tolist(), semi_hard.positive.tolist(), strict=True),
                     semi_hard.negative.tolist(), strict=True))  # fmt: skip
    assert first[0, 1] == 3  # 6 is the nearest beyond 5
    assert first[1, 0] == 2  # none beyond 5: the farthest, all at 1, the first of them
    hard = mine(D, labels, "hard", chance())
    assert hard.negative[hard.anchor == 0].tolist() == [2]
    random = mine(D, labels, "random", chance())
    assert len(random.anchor) == 2 + 6
    assert (labels[random.anchor] == labels[random.positive]).all()
    assert (labels[random.anchor] != labels[random.negative]).all()
    assert (random.anchor != random.positive).all()


def test_a_batch_without_pairs_or_without_another_label_costs_nothing():
    Z = np.eye(3)
    for labels in (np.array([0, 1, 2]), np.zeros(3, dtype=int)):
        loss, gradient = triplet_loss(Z, labels, 1.0, "semi-hard", "cosine", chance())
        assert loss == 0
        assert not gradient.any()
    assert info_nce(Z, np.array([0, 1, 2]), 0.1)[0] == 0


def test_equal_and_zero_vectors_give_finite_gradients():
    Z = np.zeros((4, 2))
    Z[:2] = 1
    labels = np.array([0, 0, 1, 1])
    for distance in ("euclidean", "cosine"):
        assert np.isfinite(triplet_loss(Z, labels, 1.0, "hard", distance, chance())[1]).all()
    assert np.isfinite(info_nce(Z, labels, 0.1)[1]).all()


def test_info_nce_is_the_log_of_the_share_of_the_positive():
    Z = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    loss, _ = info_nce(Z, np.array([0, 0, 1]), 0.5)
    assert loss == pytest.approx(-np.log(np.exp(2) / (np.exp(2) + 1)))


def test_cross_entropy_of_even_heads_is_the_log_of_the_number_of_labels():
    loss, *_ = cross_entropy(np.ones((4, 2)), np.array([0, 1, 2, 0]), np.zeros((3, 2)), np.zeros(3))
    assert loss == pytest.approx(np.log(3))


def test_adams_first_step_is_the_learning_rate_against_the_sign():
    parameters = {"A": np.array([[1.0, -2.0, 3.0]])}
    Adam(parameters, weight_decay=0).step({"A": np.array([[5.0, -0.1, 0.0]])}, 0.01, 1)
    assert np.allclose(parameters["A"], [[0.99, -1.99, 3.0]])


def test_a_linear_map_is_linear_and_a_hidden_layer_is_not():
    X = np.random.default_rng(3).normal(size=(4, 5)).astype(np.float32)
    for hidden, linear in ((0, True), (8, False)):
        parameters = make_map(5, hidden, 2, np.random.default_rng(1))
        one, both = forward(parameters, X)[0], forward(parameters, 2 * X - X[:1])[0]
        assert np.allclose(both, 2 * one - one[:1], atol=1e-4) == linear


def test_batches_hold_several_items_of_several_labels_none_twice():
    labels = np.repeat([0, 1, 2, 3], [5, 9, 1, 4])
    batches = LabelBatches(np.arange(19) + 100, labels, least=2)
    drawn = batches.draw(2, 4, chance())
    assert len(set(drawn.tolist())) == 8
    assert sorted(np.bincount(labels[drawn - 100], minlength=4).tolist()) == [0, 0, 4, 4]
    seen = {
        int(row) for seed in range(50) for row in batches.draw(2, 4, np.random.default_rng(seed))
    }
    assert seen == {row + 100 for row in range(19) if labels[row] != 2}


def test_every_label_keeps_an_item_to_learn_from():
    labels = np.repeat([0, 1, 2], [1, 2, 10])
    held_out = hold_out(labels, 0.5, chance())
    assert np.bincount(labels[held_out], minlength=3).tolist() == [0, 1, 5]


@pytest.mark.parametrize("way", WAYS, ids=way_name)
def test_held_out_labels_hidden_under_noise_are_found_after_training(way):
    trainer = MetricTrainer(toy_labels(), "colour", MetricSettings(**way, hidden=0))
    reports = finish(trainer)
    before, after = retrieval_before_and_after(trainer)
    assert before.accuracy < 0.5 < 0.9 < after.accuracy
    assert after.mean_average_precision > before.mean_average_precision + 0.5
    assert reports[-1].loss < reports[0].loss
    assert any(report.held_out is not None for report in reports)


def test_a_hidden_layer_gathers_the_digits():
    trainer = MetricTrainer(open_digits(), "digit", MetricSettings(epochs=15))
    finish(trainer)
    before, after = retrieval_before_and_after(trainer)
    assert after.mean_average_precision > before.mean_average_precision + 0.2
    assert after.accuracy > 0.96


@pytest.mark.parametrize("objective", ["triplet", "softmax", "infonce"])
def test_slices_saving_and_loading_leave_no_trace(objective):
    settings = MetricSettings(objective=objective, epochs=20, mining="random", dimensions=4)
    space = toy_labels(20)
    check_repeatable(lambda: MetricTrainer(space, "colour", settings))
    check_seeds(lambda seed: MetricTrainer(space, "colour", replace(settings, seed=seed)))


def test_the_new_space_says_how_it_was_trained_and_what_was_held_out():
    trainer = MetricTrainer(open_digits(), "digit", MetricSettings(epochs=1, dimensions=7))
    finish(trainer)
    space = trainer.space()
    assert space.vectors.shape == (1797, 7)
    assert space.trained_with == "euclidean"
    assert space.images.shape == (1797, 8, 8)
    parts = space.metadata["part"]
    assert (parts == "held out").sum() == len(trainer.held_out) > 300
    assert str(space.provenance).startswith(
        "digit of digits (trained here by Triplet loss), seed 1; data "
    )
    assert "margin 0.5" in space.provenance.preprocessing


def labelled(labels, vectors=None):
    n = len(labels)
    if vectors is None:
        vectors = np.random.default_rng(1).normal(size=(n, 3))
    return EmbeddingSpace(
        "t", Items.numbered(n), vectors, Provenance("test"), Metadata({"label": labels})
    )


@pytest.mark.parametrize(
    ("space", "column", "told"),
    [
        (labelled(["a"] * 4), "label", "holds 1 label; two or more are needed"),
        (labelled(["a", "b", "", "c"]), "label", "no label of column 'label' has two"),
        (labelled([0.5, 1.5, 2.5]), "label", "holds numbers with fractions"),
        (labelled(["a", "b"]), "colour", "t has no column 'colour'; it has label."),
    ],
)
def test_labels_that_teach_nothing_are_told(space, column, told):
    with pytest.raises(ExplorerError) as caught:
        MetricTrainer(space, column)
    assert told.casefold() in str(caught.value).casefold()


def test_items_without_a_label_are_mapped_but_teach_nothing():
    vectors = np.random.default_rng(1).normal(size=(7, 3)).astype(np.float32)
    vectors[6] = 1e6  # would change the scale
    trainer = MetricTrainer(labelled([*"aaabbb", ""], vectors), "label", MetricSettings(epochs=2))
    finish(trainer)
    assert trainer.space().metadata["part"][6] == "no label"
    assert 6 not in trainer.training
    assert np.isfinite(trainer.vectors()).all()


def test_equal_vectors_train_without_a_number_going_wrong():
    trainer = MetricTrainer(labelled([*"aabb"], np.ones((4, 3))), "label", MetricSettings(epochs=2))
    finish(trainer)
    assert np.isfinite(trainer.vectors()).all()


def test_nothing_held_out_cannot_be_measured():
    trainer = MetricTrainer(toy_labels(5), "colour", MetricSettings(held_out=0, epochs=1))
    assert finish(trainer)[-1].held_out is None
    with pytest.raises(ExplorerError, match="train with held_out above 0"):
        retrieval_before_and_after(trainer)


def test_divergence_is_told_with_the_epoch():
    check_divergence(
        MetricTrainer(toy_labels(10), "colour", MetricSettings(learning_rate=1e30, hidden=8))
    )


def test_a_hundred_times_the_learning_rate_stays_finite_or_is_told():
    trainer = MetricTrainer(toy_labels(10), "colour", MetricSettings(learning_rate=1.0, epochs=5))
    finish(trainer)
    assert np.isfinite(trainer.vectors()).all()


def test_files_of_other_trainings_are_refused():
    from explorer.training.als import AlsTrainer

    check_foreign_files(MetricTrainer(toy_labels(5), "colour"), AlsTrainer)
    assert issubclass(AlsTrainer, FactorizationTrainer)


def test_settings_out_of_range_are_told():
    with pytest.raises(ExplorerError, match="mining must be one of random, semi-hard, hard; got"):
        MetricSettings(mining="easy")


def test_pictures_gather_by_their_digit(shared_data):
    from explorer.formats import load

    space = load(
        shared_data("images/mnist_10k_sprite.png"),
        labels=shared_data("images/mnist_10k_labels.tsv"),
    ).subset(np.arange(1_000), "the first 1,000")
    trainer = MetricTrainer(space, "label", MetricSettings(epochs=10))
    finish(trainer)
    before, after = retrieval_before_and_after(trainer)
    assert after.mean_average_precision > before.mean_average_precision + 0.2
