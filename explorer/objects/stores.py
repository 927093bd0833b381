"""Chroma: a collection of documents with their vectors, read a page at a time."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.errors import VectorFileError
from explorer.formats.options import Options
from explorer.formats.raw import RawVectors
from explorer.objects.origin import ObjectOrigin

PAGE = 5_000  # rows asked for at a time: a collection is a database


def is_chroma(thing: Any) -> bool:
    return hasattr(thing, "peek") and hasattr(thing, "upsert") and hasattr(thing, "count")


def from_chroma(collection: Any, origin: ObjectOrigin, options: Options) -> RawVectors:
    """Ids as names; the document, and every key of the items' metadata, as columns.

    `options.label` names the items by one of those columns: "document".
    """
    n = min(collection.count(), options.limit or collection.count())
    ids: list[str] = []
    parts: list[Any] = []
    documents: list[str | None] = []
    records: list[dict[str, Any]] = []
    for start in range(0, n, PAGE):
        page = collection.get(
            include=["embeddings", "documents", "metadatas"],
            limit=min(PAGE, n - start), offset=start,
        )  # fmt: skip
        ids += page["ids"]
        parts.append(np.asarray(page["embeddings"], dtype=np.float32))
        documents += page["documents"]
        records += [record or {} for record in page["metadatas"]]
    if not parts:
        raise VectorFileError(origin.name, f"the collection {origin.stem} is empty.")
    keys = dict.fromkeys(key for record in records for key in record)
    columns: dict[str, list[Any]] = {key: [record.get(key) for record in records] for key in keys}
    if any(documents):
        columns["document"] = [document or "" for document in documents]
    names = ids
    if options.label is not None:
        if options.label not in columns:
            raise VectorFileError(
                origin.name, f"no item has {options.label!r}; there are {', '.join(columns)}."
            )
        names = ["" if value is None else str(value) for value in columns.pop(options.label)]
        columns["id"] = ids
    return RawVectors(np.concatenate(parts), "Chroma", names, metadata=dict(columns))
