"""The bundled digits: the published facts about them, and no slow import on the way."""

import numpy as np
import pytest

from explorer.bundled.digits import MAPS, item_names, open_digits
from explorer.bundled.stored_maps import read_maps, write_maps
from explorer.projection.pca import pca
from explorer.space import StoredMap


@pytest.fixture(scope="module")
def digits():
    return open_digits()


def test_the_digits_are_those_that_scikit_learn_loads(digits):
    datasets = pytest.importorskip("sklearn.datasets")
    theirs = datasets.load_digits()
    assert np.array_equal(digits.vectors, theirs.data)
    assert digits.metadata["digit"].tolist() == theirs.target.tolist()


def test_there_are_1797_pictures_of_64_pixels_from_0_to_16(digits):
    assert digits.vectors.shape == (1797, 64)
    assert (digits.vectors.min(), digits.vectors.max()) == (0, 16)


def test_a_picture_is_its_vector_scaled_to_bytes(digits):
    assert digits.images.shape == (1797, 8, 8)
    assert digits.images.dtype == np.uint8
    assert digits.images.max() == 255
    assert np.abs(digits.images.reshape(1797, 64) * (16 / 255) - digits.vectors).max() < 0.04


def test_names_tell_the_class_and_count_within_it():
    assert item_names(np.array([3, 0, 3])) == ["3 · 1", "0 · 1", "3 · 2"]


def test_names_are_unique_and_begin_with_the_digit(digits):
    assert len(set(digits.items)) == 1797
    first = [int(name.split(" · ")[0]) for name in digits.items]
    assert first == digits.metadata["digit"].tolist()


def test_ink_is_the_mean_brightness_from_0_to_1(digits):
    row = 5
    assert digits.metadata["ink"][row] == pytest.approx(digits.vectors[row].sum() / (64 * 16))


def test_the_digit_colours_the_map_as_a_category(digits):
    assert digits.metadata.kind("digit") == "category"
    assert digits.metadata.kind("ink") == "number"


def test_the_stored_maps_belong_to_these_vectors(digits):
    assert list(digits.maps) == ["PCA", "UMAP"]
    assert all(stored.coordinates.shape == (1797, 2) for stored in digits.maps.values())
    made = "UMAP, 15 neighbours, minimum distance 0.8, cosine, seed 1"  # ours, no other program's
    assert digits.maps["UMAP"].note == made


def test_the_stored_pca_is_the_one_that_would_be_computed(digits):
    computed = pca(digits.vectors, 2).coordinates
    assert np.allclose(digits.maps["PCA"].coordinates, computed, atol=1e-3)


def test_maps_of_other_vectors_are_not_used():
    assert read_maps(MAPS, "0" * 32) == {}


def test_a_missing_map_file_means_no_maps(tmp_path):
    assert read_maps(tmp_path / "none.npz", "0" * 32) == {}


def test_stored_maps_come_back_as_they_were_written(tmp_path):
    made = StoredMap(np.array([[0.5, 1.5]], dtype=np.float32), "by hand")
    write_maps(tmp_path / "maps.npz", "f" * 32, {"X umap": made})
    back = read_maps(tmp_path / "maps.npz", "f" * 32)["X umap"]
    assert back.note == "by hand"
    assert back.coordinates.tolist() == [[0.5, 1.5]]
