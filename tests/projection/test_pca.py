"""PCA: a case worked by hand, the SVD as the law, and vectors of all sizes."""

import numpy as np
import pytest

from explorer.errors import ExplorerError
from explorer.projection.eigen import largest_eigenpairs
from explorer.projection.pca import pca, pca_preview


def clouds():
    random = np.random.default_rng(0)
    sizes = 0.7 ** np.arange(12)
    return {
        "more rows than dimensions": random.standard_normal((3000, 12)) * sizes,
        "more dimensions than rows": random.standard_normal((40, 300)) * 0.9 ** np.arange(300),
        "far from the origin": random.standard_normal((3000, 12)) * sizes + 500,
        "huge": random.standard_normal((3000, 12)) * sizes * 1e30,
        "tiny": random.standard_normal((3000, 12)) * sizes * 1e-30,
    }


def test_points_on_a_line_vary_along_it_alone():
    found = pca(np.array([[0, 0], [3, 4], [6, 8]], dtype=np.float32), 2)
    np.testing.assert_allclose(found.axes[0], [0.6, 0.8], rtol=1e-6)
    np.testing.assert_allclose(found.coordinates[:, 0], [-5, 0, 5], rtol=1e-6)
    np.testing.assert_allclose(found.coordinates[:, 1], 0, atol=1e-6)
    np.testing.assert_allclose(found.variances, [25, 0], atol=1e-6)
    np.testing.assert_allclose(found.explained, [1, 0], atol=1e-6)
    assert found.mean.tolist() == [3, 4]
    assert found.total_variance == pytest.approx(25)


@pytest.mark.parametrize("name", clouds())
def test_pca_is_the_svd_of_the_centred_vectors(name):
    vectors = clouds()[name].astype(np.float32)
    wide = vectors.astype(np.float64)
    centred = wide - wide.mean(axis=0)
    _, singular, axes = np.linalg.svd(centred, full_matrices=False)
    found = pca(vectors, 3)
    expected = singular**2 / (len(vectors) - 1)
    np.testing.assert_allclose(found.variances, expected[:3], rtol=1e-4)
    assert found.total_variance == pytest.approx(expected.sum(), rel=1e-4)
    signs = np.sign(np.einsum("ij,ij->i", axes[:3], found.axes))
    np.testing.assert_allclose(found.axes, axes[:3] * signs[:, None], atol=2e-4)
    coordinates = centred @ (axes[:3] * signs[:, None]).T
    np.testing.assert_allclose(
        found.coordinates, coordinates, atol=3e-4 * np.abs(coordinates).max()
    )


def test_the_largest_loading_of_every_axis_is_positive():
    for seed in range(5):
        axes = pca(np.random.default_rng(seed).standard_normal((50, 6)), 6).axes
        assert (axes[np.arange(6), np.abs(axes).argmax(axis=1)] > 0).all()
        np.testing.assert_allclose(axes @ axes.T, np.eye(6), atol=1e-5)


@pytest.mark.parametrize("shape", [(30, 4), (4, 30)])
def test_axes_without_variance_are_still_unit_and_at_right_angles(shape):
    found = pca(np.ones(shape, dtype=np.float32), 3)
    np.testing.assert_allclose(found.axes @ found.axes.T, np.eye(3), atol=1e-9)
    np.testing.assert_allclose(found.coordinates, 0, atol=1e-6)
    assert found.explained.tolist() == [0, 0, 0]


def test_one_vector_lies_at_the_origin():
    found = pca(np.array([[5.0, 7.0, 9.0]]), 1)
    assert found.coordinates.tolist() == [[0]]
    assert found.total_variance == 0


def test_a_memory_map_is_projected_without_a_copy_of_it(tmp_path):
    import tracemalloc

    vectors = np.random.default_rng(0).standard_normal((100_000, 50)).astype(np.float32)
    np.save(tmp_path / "v.npy", vectors)
    mapped = np.load(tmp_path / "v.npy", mmap_mode="r")
    tracemalloc.start()
    found = pca(mapped, 2)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < mapped.nbytes / 2
    assert found.coordinates.tobytes() == pca(vectors, 2).coordinates.tobytes()


def test_progress_rises_to_one_and_what_it_raises_stops_the_work():
    seen: list[float] = []
    vectors = np.random.default_rng(0).standard_normal((9000, 300)).astype(np.float32)
    pca(vectors, 2, on_progress=seen.append)
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0, 1)
    assert len(seen) > 8

    def stop(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        pca(vectors, 2, on_progress=stop)


def test_components_out_of_range_and_infinite_numbers_are_told():
    with pytest.raises(ExplorerError, match="components must be from 1 to 3 for 9 vectors of 3"):
        pca(np.ones((9, 3)), 4)
    vectors = np.ones((9, 3))
    vectors[2, 1] = np.nan
    with pytest.raises(ExplorerError, match="not finite"):
        pca(vectors, 2)
    with pytest.raises(ExplorerError, match="not finite"):
        pca(vectors[:3].repeat(3, axis=1), 2)


@pytest.mark.parametrize("decay", [1.0, 0.999, 0.9])
def test_the_largest_eigenpairs_of_a_large_matrix_are_those_of_the_full_solution(decay):
    random = np.random.default_rng(0)
    rows = random.standard_normal((1500, 700)) * decay ** np.arange(700)
    matrix = rows.T @ rows
    values, vectors = largest_eigenpairs(matrix, 3)
    full_values, full_vectors = np.linalg.eigh(matrix)
    np.testing.assert_allclose(values, full_values[::-1][:3], rtol=1e-10)
    overlap = np.abs(np.einsum("ij,ij->j", vectors, full_vectors[:, ::-1][:, :3]))
    np.testing.assert_allclose(overlap, 1, atol=1e-8)


def test_a_preview_keeps_almost_all_the_variance_and_places_every_row():
    random = np.random.default_rng(3)
    vectors = (random.standard_normal((30_000, 20)) * 0.7 ** np.arange(20)).astype(np.float32) + 5
    exact, preview = pca(vectors, 2), pca_preview(vectors, 2, sample=3_000)
    assert preview.coordinates.shape == (30_000, 2)
    assert preview.variances.sum() > 0.995 * exact.variances.sum()
    assert preview.variances.sum() <= exact.variances.sum() * (1 + 1e-6)
    assert (preview.sample, exact.sample) == (3_000, 0)
    by_hand = (vectors - preview.mean) @ preview.axes.T
    assert preview.coordinates == pytest.approx(by_hand, abs=1e-3)


@pytest.mark.parametrize("offset", [0, 1e4, 1e7])
def test_a_preview_of_vectors_far_from_0_loses_no_digits(offset):
    vectors = np.random.default_rng(4).standard_normal((5_000, 4)) * [9, 4, 1, 1] + offset
    preview = pca_preview(vectors, 2, sample=1_000)
    by_hand = (vectors - preview.mean) @ preview.axes.T
    assert preview.coordinates == pytest.approx(by_hand, abs=1e-4)


def test_a_preview_of_few_rows_is_exact_and_infinite_numbers_are_refused():
    vectors = np.random.default_rng(5).standard_normal((50, 4))
    assert (pca_preview(vectors, 2).coordinates == pca(vectors, 2).coordinates).all()
    vectors = np.zeros((200, 3))
    vectors[:, 0], vectors[-1, 1] = np.arange(200), np.inf
    with pytest.raises(ExplorerError, match="not finite"):
        pca_preview(vectors, 1, sample=20)
