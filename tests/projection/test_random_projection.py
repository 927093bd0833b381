"""Random projection: the lemma itself is the test."""

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.projection.johnson_lindenstrauss import johnson_lindenstrauss_dimensions
from explorer.projection.random_projection import random_directions, random_projection


def squared_distances(vectors):
    difference = vectors[:, None].astype(np.float64) - vectors[None]
    return np.einsum("ijk,ijk->ij", difference, difference)[np.triu_indices(len(vectors), 1)]


@pytest.mark.parametrize(
    "options", [{"kind": "gaussian"}, {"kind": "sparse"}, {"kind": "sparse", "density": 1 / 3}]
)
def test_pairs_leave_the_lemmas_bound_no_more_often_than_it_says(options):
    n, epsilon, seeds = 60, 0.4, 10
    m = johnson_lindenstrauss_dimensions(n, epsilon)
    assert m < 900
    outside = pairs = 0
    for seed in range(seeds):
        vectors = np.random.default_rng(seed + 100).standard_normal((n, 900)).astype(np.float32)
        projected = random_projection(vectors, m, seed=seed, **options)
        ratio = squared_distances(projected) / squared_distances(vectors)
        assert ratio.mean() == pytest.approx(1, abs=0.1)
        outside += np.count_nonzero(np.abs(ratio - 1) > epsilon)
        pairs += len(ratio)
    assert outside <= 2 / n**2 * pairs


def test_squared_lengths_are_kept_on_average_even_in_two_dimensions():
    vector = np.arange(1.0, 31.0, dtype=np.float32)[None]
    for options in ({"kind": "gaussian"}, {"kind": "sparse", "density": 0.2}):
        squares = [
            float((random_projection(vector, 2, seed=seed, **options) ** 2).sum())
            for seed in range(3000)
        ]
        assert np.mean(squares) == pytest.approx(float((vector**2).sum()), rel=0.08)


def test_the_lemmas_dimensions_are_those_of_scikit_learn():
    from sklearn.random_projection import johnson_lindenstrauss_min_dim

    for n in (2, 10, 1000, 10**6):
        for epsilon in (0.05, 0.1, 0.5, 0.9):
            exact = johnson_lindenstrauss_dimensions(n, epsilon)
            assert exact - 1 <= johnson_lindenstrauss_min_dim(n, eps=epsilon) <= exact
    assert johnson_lindenstrauss_dimensions(1000, 0.5) == 332


def test_a_sparse_matrix_holds_the_density_asked_for_and_two_values():
    matrix = random_directions(2000, 50, kind="sparse", density=0.1)
    assert np.mean(matrix != 0) == pytest.approx(0.1, abs=0.005)
    np.testing.assert_allclose(np.unique(matrix), [-(5**-0.5), 0, 5**-0.5])
    assert np.mean(random_directions(2500, 50, kind="sparse") != 0) == pytest.approx(0.02, abs=3e-3)


def test_the_same_seed_gives_the_same_map_and_another_seed_another():
    vectors = np.random.default_rng(0).standard_normal((1000, 70)).astype(np.float32)
    again = random_projection(vectors, 2, seed=3)
    assert again.tobytes() == random_projection(vectors, 2, seed=3).tobytes()
    assert (again != random_projection(vectors, 2, seed=4)).all()
    np.testing.assert_allclose(again, vectors @ random_directions(70, 2, seed=3), atol=1e-4)


def test_wrong_settings_are_told():
    vectors = np.ones((3, 4), dtype=np.float32)
    with pytest.raises(ExplorerError, match="dimensions must be at least 1; got 0"):
        random_projection(vectors, 0)
    with pytest.raises(ExplorerError, match="kind must be gaussian or sparse; got 'dense'"):
        random_projection(vectors, 2, kind="dense")
    with pytest.raises(ExplorerError, match="density must be above 0 and at most 1; got 2"):
        random_projection(vectors, 2, kind="sparse", density=2)
    with pytest.raises(ExplorerError, match="epsilon must lie between 0 and 1; got 1"):
        johnson_lindenstrauss_dimensions(10, 1)
