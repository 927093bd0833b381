""".h5ad in both layouts; expected values are those that h5py shows of the file itself."""

import io

import h5py
import numpy as np
import pytest
from scipy import sparse

from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats import load

TEXT = h5py.string_dtype()
X = np.array([[1, 0, 2, 0], [0, 0, 3, 0], [0, 4, 0, 0]], dtype=np.float32)
PCA = np.arange(15, dtype=np.float32).reshape(3, 5)
UMAP = np.arange(6, dtype=np.float64).reshape(3, 2)


@pytest.fixture
def cells(tmp_path):
    """A file in the layout of anndata 0.8 and later, and h5py's hand on it to add what is wrong."""

    def make(change=None):
        path = tmp_path / "cells.h5ad"
        with h5py.File(path, "w") as file:
            obs = group(file, "obs", "dataframe", _index="_index")
            obs.attrs["column-order"] = ["kind", "n", "flag", "age", "note", "stage", "old"]
            obs.create_dataset("_index", data=["a", "b", "é"], dtype=TEXT)
            kind = group(obs, "kind", "categorical")
            kind["codes"] = np.array([1, -1, 0], np.int8)
            kind.create_dataset("categories", data=["B cell", "T cell"], dtype=TEXT)
            obs["n"] = [5, 6, 7]
            obs["flag"] = [True, False, True]
            masked(obs, "age", np.array([1, 2, 3]))
            masked(obs, "note", ["x", "y", "z"])
            stage = group(obs, "stage", "categorical")
            stage["codes"], stage["categories"] = np.array([0, 1, 0], np.int8), [10, 20]
            names = obs.create_group("__categories")
            names.create_dataset("old", data=["u", "v"], dtype=TEXT)  # anndata 0.7
            obs["old"] = np.array([0, 1, 1], np.int8)
            obs["old"].attrs["categories"] = names["old"].ref
            file["obsm/X_pca"], file["obsm/X_umap"] = PCA, UMAP
            sparse_group(file, "X", sparse.csr_matrix(X))
            sparse_group(file, "layers/counts", sparse.csc_matrix(2 * X))
            if change:
                change(file)
        return path

    return make


def group(parent, name, encoding, **attributes):
    made = parent.create_group(name)
    made.attrs.update({"encoding-type": encoding, **attributes})
    return made


def masked(parent, name, values):
    made = group(parent, name, "nullable")
    made.create_dataset("values", data=values, dtype=TEXT if isinstance(values, list) else None)
    made["mask"] = [False, True, False]


def sparse_group(file, name, matrix):
    made = group(file, name, f"{matrix.format}_matrix", shape=matrix.shape)
    made["data"], made["indices"], made["indptr"] = matrix.data, matrix.indices, matrix.indptr


def test_pca_is_taken_and_the_flat_maps_come_along(cells):
    space = load(cells())
    np.testing.assert_array_equal(space.vectors, PCA)
    assert list(space.items) == ["a", "b", "é"]
    assert list(space.maps) == ["X_umap"]
    assert space.maps["X_umap"].coordinates.tolist() == UMAP.tolist()
    assert space.maps["X_umap"].note == "brought by the file"
    assert space.provenance.format == "AnnData, X_pca"
    assert space.provenance.findings[0].examples == (
        "X_umap (3 x 2)",
        "X (3 x 4)",
        "layers/counts (3 x 4)",
    )


def test_columns_of_every_kind_are_decoded(cells):
    metadata = load(cells()).metadata
    assert metadata["kind"].tolist() == ["T cell", "", "B cell"]
    assert metadata["n"].tolist() == [5, 6, 7]
    assert metadata["flag"].tolist() == [True, False, True]
    np.testing.assert_array_equal(metadata["age"], [1, np.nan, 3])
    assert metadata["note"].tolist() == ["x", "", "z"]
    assert metadata["stage"].tolist() == [10, 20, 10]
    assert metadata["old"].tolist() == ["u", "v", "v"]


@pytest.mark.parametrize(("name", "array"), [("X", X), ("layers/counts", 2 * X), ("X_umap", UMAP)])
def test_another_array_can_be_chosen_dense_or_sparse(cells, name, array):
    space = load(cells(), vector=name)
    kept = np.abs(array).sum(axis=1) > 0
    np.testing.assert_array_equal(space.vectors, array[kept])


def test_only_the_first_rows_are_read_on_request(cells):
    for name, array in (("X", X), ("X_pca", PCA), ("layers/counts", 2 * X)):
        space = load(cells(), vector=name, limit=2)
        np.testing.assert_array_equal(space.vectors, array[:2])
        assert len(space.metadata["kind"]) == 2


def test_without_pca_another_array_goes_before_x(cells):
    def change(file):
        del file["obsm/X_pca"]
        file["obsm/X_scvi"] = 2 * PCA

    np.testing.assert_array_equal(load(cells(change)).vectors, 2 * PCA)


def test_x_is_taken_where_there_are_only_maps(cells):
    def change(file):
        del file["obsm/X_pca"]

    np.testing.assert_array_equal(load(cells(change)).vectors, X)


def test_a_column_can_name_the_items(cells):
    space = load(cells(), label="note")
    assert list(space.items) == ["x", "row 1", "z"]
    with pytest.raises(VectorFileError, match="obs has no column 'q'; it has kind, n"):
        load(cells(), label="q")


def test_an_upload_reads_like_a_file(cells):
    upload = io.BytesIO(cells().read_bytes())
    np.testing.assert_array_equal(load(upload).vectors, PCA)


def test_an_unknown_array_is_answered_with_those_there_are(cells):
    with pytest.raises(VectorFileError, match=r"'q'; there are X_pca \(3 x 5\), X_umap"):
        load(cells(), vector="q")


def test_hdf5_of_another_kind_is_told(tmp_path):
    with h5py.File(tmp_path / "t.h5", "w") as file:
        file["weights"] = [1.0]
    with pytest.raises(VectorFileError, match=r"without a table 'obs'.*it holds weights"):
        load(tmp_path / "t.h5")


def external_link(file):
    file["obsm/evil"] = h5py.ExternalLink("other.h5", "/secret")


def external_storage(file):
    file["obsm"].create_dataset("evil", (3, 4), "u1", external=[("other.bin", 0, 12)])


def virtual_dataset(file):
    layout = h5py.VirtualLayout((3, 4), "f4")
    layout[:] = h5py.VirtualSource("other.h5", "secret", (3, 4))
    file["obsm"].create_virtual_dataset("evil", layout)


@pytest.mark.parametrize("change", [external_link, external_storage, virtual_dataset])
def test_what_leads_into_another_file_is_refused(cells, change):
    with pytest.raises(VectorFileError, match="/obsm/evil leads into another file"):
        load(cells(change), vector="evil")


def column_outside(file):
    file["X/indices"][0] = 99


def pointers_fall(file):
    file["X/indptr"][1] = 9_999


def no_data(file):
    del file["X/data"]


@pytest.mark.parametrize("change", [column_outside, pointers_fall, no_data])
def test_a_damaged_sparse_array_is_told(cells, change):
    with pytest.raises(VectorFileError, match=r"/X is an? (damaged|incomplete) sparse array"):
        load(cells(change), vector="X")


def test_a_category_that_does_not_exist_is_told(cells):
    def change(file):
        file["obs/kind/codes"][0] = 7

    with pytest.raises(VectorFileError, match=r"column kind has the code 7.*2 categories"):
        load(cells(change))


def test_an_array_beyond_the_limit_is_refused_unread(cells):
    def change(file):
        file["obsm"].create_dataset("huge", (3, 1 << 40), "f4", chunks=(1, 1024))

    with pytest.raises(FileTooLargeError, match="3 x 1,099,511,627,776"):
        load(cells(change), vector="huge")


def test_text_that_is_not_utf8_is_told(cells):
    def change(file):
        file["obs/n"][...] = 0
        del file["obs/n"]
        file["obs/n"] = np.array([b"caf\xe9", b"b", b"c"])

    with pytest.raises(VectorFileError, match="column n holds text that is not UTF-8"):
        load(cells(change))


def test_a_file_that_is_cut_short_is_told(cells, tmp_path):
    whole = cells().read_bytes()
    for share in (0.1, 0.5, 0.9):
        (tmp_path / "cut.h5ad").write_bytes(whole[: int(share * len(whole))])
        with pytest.raises(VectorFileError, match="cut short"):
            load(tmp_path / "cut.h5ad")


def test_the_old_layout_of_compound_tables(shared_data):
    file = shared_data("cells/10x_pbmc68k_reduced.h5ad")
    space = load(file)
    with h5py.File(file) as raw:
        np.testing.assert_array_equal(space.vectors, raw["obsm"]["X_pca"])
        stored = raw["obsm"]["X_umap"].astype(np.float32)
        np.testing.assert_array_equal(space.maps["X_umap"].coordinates, stored)
        np.testing.assert_array_equal(load(file, vector="X").vectors, raw["X"][:])
    assert space.items[0] == "AAAGCCTGGCTAAC-1"
    assert space.metadata["bulk_labels"][:3].tolist() == ["CD14+ Monocyte", "Dendritic", "CD56+ NK"]
    assert space.metadata["n_genes"][0] == 1003
