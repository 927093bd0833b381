"""Objects of other programs become spaces: each by the real library where it is installed."""

from __future__ import annotations

import numpy as np
import pytest

from explorer import EmbeddingSpace, space_of
from explorer.errors import ExplorerError

WORDS = ["king", "queen", "apple"]
VECTORS = np.array([[1, 0], [0.9, 0.1], [0, 1]], dtype=np.float32)
KIND = ["person", "person", "fruit"]


def holds_the_words(space):
    assert isinstance(space, EmbeddingSpace)
    assert list(space.items) == WORDS
    np.testing.assert_array_equal(space.vectors, VECTORS)
    return True


# --- Plain Python and NumPy --------------------------------------------------------------------


def test_names_and_an_array():
    assert holds_the_words(space_of(WORDS, VECTORS, metadata={"kind": KIND}))
    assert list(space_of(WORDS, VECTORS, metadata={"kind": KIND}).metadata["kind"]) == KIND


def test_a_mapping_of_names_to_vectors():
    assert holds_the_words(space_of(dict(zip(WORDS, VECTORS.tolist(), strict=True))))


def test_an_array_alone_names_its_rows_by_number():
    assert list(space_of(VECTORS).items) == ["0", "1", "2"]
    assert list(space_of(VECTORS.tolist()).items) == ["0", "1", "2"]


def test_a_space_stays_itself_and_can_get_a_name():
    space = space_of(WORDS, VECTORS)
    assert space_of(space) is space
    assert space_of(space, name="three").name == "three"


def test_what_is_met_on_the_way_is_told_as_for_a_file():
    space = space_of(["a", "a", "b"], [[1, 2], [3, 4], [0, 0]])
    assert list(space.items) == ["a", "a #2"]
    assert {finding.what for finding in space.provenance.findings} == {
        "repeated names", "zero rows",
    }  # fmt: skip


def test_only_the_first_are_taken_where_a_limit_is_given():
    assert list(space_of(WORDS, VECTORS, limit=2).items) == WORDS[:2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((object(),), "object is not known here"),
        ((WORDS, VECTORS[:2]), "3 names, but 2 vectors"),
        ((WORDS, [[1, 2], [3], [4, 5]]), "one vector of the same length"),
        ((WORDS,), r"texts without vectors.*space_of\(texts, vectors\)"),
        (({},), "expected a 2-D array"),
        ((np.zeros((2, 2)),), "all 2 rows are zero"),
        ((np.zeros((2, 2, 2)),), "expected a 2-D array"),
    ],
)
def test_what_holds_no_vectors_is_refused_in_one_sentence(arguments, said):
    with pytest.raises(ExplorerError, match=said):
        space_of(*arguments)


def test_metadata_of_another_length_are_refused():
    with pytest.raises(ExplorerError, match="3 vectors, but metadata for 2"):
        space_of(WORDS, VECTORS, metadata={"kind": KIND[:2]})


# --- What model.encode(texts) of sentence-transformers gives ------------------------------------


class Tensor:
    """As PyTorch's: no array while it is on another device or part of a graph."""

    def __init__(self, values, dtype="torch.float32", ready=False):
        self.values, self.dtype, self.ready = np.asarray(values), dtype, ready

    def detach(self):
        return self

    def cpu(self):
        return Tensor(self.values, self.dtype, ready=True)

    def float(self):
        return Tensor(self.values, ready=self.ready)

    def __len__(self):
        return len(self.values)

    def __getitem__(self, row):
        return Tensor(self.values[row], self.dtype)

    def __array__(self, dtype=None, copy=None):
        if not self.ready or self.dtype == "torch.bfloat16":
            raise TypeError("can't convert this tensor to numpy")
        return self.values


@pytest.mark.parametrize("dtype", ["torch.float32", "torch.bfloat16"])
def test_texts_and_a_tensor_on_another_device(dtype):
    assert holds_the_words(space_of(WORDS, Tensor(VECTORS, dtype)))


def test_texts_and_a_list_of_tensors():
    assert holds_the_words(space_of(WORDS, [Tensor(row) for row in VECTORS]))


# --- Data frames -------------------------------------------------------------------------------


def test_pandas_with_a_column_for_each_dimension_and_the_index_as_names():
    pd = pytest.importorskip("pandas")
    assert holds_the_words(space_of(pd.DataFrame(VECTORS, index=WORDS)))


def test_pandas_with_one_column_of_vectors_and_metadata():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"word": WORDS, "embedding": list(VECTORS), "kind": KIND})
    space = space_of(frame)
    assert holds_the_words(space)
    assert list(space.metadata["kind"]) == KIND
    assert space.name == "DataFrame"
    indexed = space_of(frame.set_index("word"), vector="embedding", name="words")
    assert holds_the_words(indexed)
    assert indexed.name == "words"


def test_pandas_with_a_chosen_label_and_rows_filtered():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"id": [7, 8, 9], "title": WORDS, "v": VECTORS.tolist()})
    assert list(space_of(frame[frame.id > 7], label="title").items) == WORDS[1:]


def test_polars_with_a_column_of_lists_or_of_arrays_or_still_a_plan():
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"word": WORDS, "vector": VECTORS.tolist(), "kind": KIND})
    as_arrays = frame.with_columns(pl.col("vector").cast(pl.Array(pl.Float32, 2)))
    for one in (as_arrays, as_arrays.lazy()):
        assert holds_the_words(space_of(one))
    assert list(space_of(frame).metadata["kind"]) == KIND


def test_an_arrow_table():
    pa = pytest.importorskip("pyarrow")
    assert holds_the_words(
        space_of(pa.table({"word": WORDS, "x0": VECTORS[:, 0], "x1": VECTORS[:, 1]}))
    )


def test_a_hugging_face_dataset_with_an_embedding_column():
    datasets = pytest.importorskip("datasets")
    whole = datasets.Dataset.from_dict(
        {"text": [*WORDS, "pear"], "embedding": [*VECTORS.tolist(), [5.0, 5.0]]}
    )
    filtered = whole.filter(lambda row: row["text"] != "pear")
    assert holds_the_words(space_of(filtered))


# --- Databases ---------------------------------------------------------------------------------


def test_a_lancedb_table(tmp_path):
    lancedb = pytest.importorskip("lancedb")
    rows = [
        {"word": word, "vector": vector, "kind": kind}
        for word, vector, kind in zip(WORDS, VECTORS.tolist(), KIND, strict=True)
    ]
    table = lancedb.connect(tmp_path).create_table("words", rows)
    space = space_of(table)
    assert holds_the_words(space)
    assert space.name == "words"
    assert list(space.metadata["kind"]) == KIND


def test_a_chroma_collection_named_by_id_or_by_document():
    chromadb = pytest.importorskip("chromadb")
    collection = chromadb.EphemeralClient().create_collection("words")
    collection.add(
        ids=["a", "b", "c"], embeddings=VECTORS.tolist(), documents=WORDS,
        metadatas=[{"kind": kind} for kind in KIND],
    )  # fmt: skip
    space = space_of(collection)
    assert (space.name, list(space.items)) == ("words", ["a", "b", "c"])
    assert list(space.metadata["document"]) == WORDS
    assert list(space.metadata["kind"]) == KIND
    assert holds_the_words(space_of(collection, label="document"))
    with pytest.raises(ExplorerError, match="no item has 'title'; there are kind, document"):
        space_of(collection, label="title")


# --- Models ------------------------------------------------------------------------------------


def test_gensim_s_keyed_vectors_and_a_model_that_has_them():
    models = pytest.importorskip("gensim.models")
    keyed = models.KeyedVectors(2)
    keyed.add_vectors(WORDS, VECTORS)
    assert holds_the_words(space_of(keyed))
    trained = models.Word2Vec([["a", "b", "a"]] * 9, vector_size=4, min_count=1, epochs=1)
    space = space_of(trained)
    assert list(space.items) == trained.wv.index_to_key
    np.testing.assert_array_equal(space.vectors, trained.wv.vectors)
    assert space.metadata["count"].tolist() == [18, 9]


def test_model2vec_s_vocabulary_with_its_weights():
    static = pytest.importorskip("model2vec")
    tokenizers = pytest.importorskip("tokenizers")
    words = tokenizers.models.WordLevel({word: row for row, word in enumerate(WORDS)}, "apple")
    tokenizer = tokenizers.Tokenizer(words)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    model = static.StaticModel(VECTORS, tokenizer)
    assert holds_the_words(space_of(model))
    texts = ["king", "queen apple"]
    assert list(space_of(texts, model.encode(texts)).items) == texts
    shared = static.StaticModel(
        VECTORS[:2], tokenizers.Tokenizer(words),
        weights=np.array([1.0, 2.0, 3.0]), token_mapping=np.array([0, 1, 1]),
    )  # fmt: skip
    np.testing.assert_allclose(
        space_of(shared).vectors, [[1, 0], [1.8, 0.2], [2.7, 0.3]], rtol=1e-6
    )


# --- Cells -------------------------------------------------------------------------------------


def test_anndata_by_the_rule_for_its_files():
    anndata = pytest.importorskip("anndata", reason="anndata is not installed, or wants pandas 2")
    pd = pytest.importorskip("pandas")
    sparse = pytest.importorskip("scipy.sparse")
    counts = np.array([[0, 1, 2], [3, 0, 1], [1, 1, 0]], dtype=np.float32)
    cells = anndata.AnnData(
        sparse.csr_matrix(counts), obs=pd.DataFrame({"kind": KIND}, index=WORDS),
        obsm={"X_umap": VECTORS + 5},
    )  # fmt: skip
    space = space_of(cells)
    np.testing.assert_array_equal(space.vectors, counts)
    assert list(space.maps) == ["X_umap"]
    assert list(space.metadata["kind"]) == KIND
    cells.obsm["X_pca"] = np.hstack([VECTORS, counts])
    assert space_of(cells).dimensions == 5
    assert holds_the_words(space_of(cells, vector="X_umap").with_vectors(VECTORS, "moved back"))
    with pytest.raises(ExplorerError, match="no array for its items is called 'X_scvi'"):
        space_of(cells, vector="X_scvi")
