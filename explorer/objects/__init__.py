"""Embedding spaces from the Python objects of other programs, known by what they can do.

    space_of(frame)                 pandas, polars, Arrow, Hugging Face datasets, a LanceDB table
    space_of(model.wv)              gensim's vectors; model2vec's StaticModel
    space_of(texts, vectors)        what model.encode(texts) of sentence-transformers gave
    space_of(adata)                 AnnData
    space_of(collection)            Chroma

None of those packages is needed to read this, or imported here: an object is told by its methods.
What a table holds is decided by the rule that holds for files (`explorer/formats/columns.py`), and
what comes out is checked as a file is: names made distinct, rows without a direction kept out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from explorer.errors import ExplorerError, VectorFileError
from explorer.formats.assemble import assemble
from explorer.formats.options import Options
from explorer.formats.raw import RawVectors
from explorer.metadata import Metadata
from explorer.objects.arrays import are_texts, in_pairs, is_array, rows_alone, with_names
from explorer.objects.cells import from_anndata, is_anndata
from explorer.objects.models import from_keyed_vectors, from_static_model, is_static_model
from explorer.objects.origin import ObjectOrigin
from explorer.objects.stores import from_chroma, is_chroma
from explorer.objects.tables import arrow_table, from_table
from explorer.space import EmbeddingSpace


def space_of(
    thing: Any,
    vectors: Any = None,
    *,
    vector: str | None = None,
    label: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    limit: int | None = None,
    name: str | None = None,
) -> EmbeddingSpace:
    """The embedding space in another program's object.

    Parameters
    ----------
    thing : a table (pandas, polars, Arrow, `datasets.Dataset`, LanceDB), gensim's KeyedVectors or a
        model that has them, a model2vec StaticModel, AnnData, a Chroma collection; a mapping of
        names to vectors; an (n, d) array; or n names, with `vectors` beside them
    vectors : (n, d) array, tensor or sequence of vectors of those names
    vector : the column that holds the vectors; of AnnData a key of obsm, X or layers/KEY
    label : the column that holds the items' names; a pandas index names them where it is no count
    metadata : more columns, one value an item; a data frame will do
    limit : take only so many items, the first
    name : of the space; that of the object's class unless given

    Returns
    -------
    EmbeddingSpace : float32. What was met on the way is in `provenance.findings`.

    Raises
    ------
    ExplorerError : the object is of no kind known here, or holds no vectors; one sentence
    """
    if isinstance(thing, EmbeddingSpace):
        return thing if name is None else thing.renamed(name)
    if limit is not None and limit < 1:
        raise ExplorerError(f"limit must be at least 1; got {limit}.")
    origin = ObjectOrigin.of(thing)
    options = Options(vector=vector, label=label, limit=limit)
    raw = _raw(thing, vectors, origin, options)
    if metadata is not None:
        given = Metadata(dict(metadata.items()))
        if given.rows != len(raw.vectors):
            raise VectorFileError(
                origin.name, f"{len(raw.vectors):,} vectors, but metadata for {given.rows:,}."
            )
        raw.metadata |= dict(given)
    return assemble(raw, origin, options, name)


def _raw(thing: Any, vectors: Any, origin: ObjectOrigin, options: Options) -> RawVectors:
    if vectors is not None:
        return with_names(thing, vectors, origin)
    if is_anndata(thing):
        return from_anndata(thing, origin, options)
    if is_chroma(thing):
        return from_chroma(thing, origin, options)
    if is_static_model(thing):
        return from_static_model(thing)
    keyed = getattr(thing, "wv", thing)  # gensim's models hold their vectors so
    if hasattr(keyed, "index_to_key"):
        return from_keyed_vectors(keyed)
    if isinstance(thing, Mapping):
        return in_pairs(thing, origin)
    table = arrow_table(thing)
    if table is not None:
        return from_table(table, origin, options)
    if are_texts(thing):
        raise ExplorerError(
            "These are texts without vectors: space_of(texts, vectors) takes what a model made of "
            "them, explorer.space_of_texts(texts) makes vectors itself."
        )
    if is_array(thing):
        return rows_alone(thing, origin)
    raise ExplorerError(
        f"An object of type {origin.name} is not known here. Give its names and its vectors: "
        "space_of(names, vectors)."
    )
