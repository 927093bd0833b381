"""Embedding Explorer: see an embedding space, its map and its neighbours.

    from explorer import load, neighbors_of
    space = load("vectors.txt.gz")
    neighbors_of(space, "king", k=3, metric="cosine")

The names below are imported when they are first used, so that `import explorer` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from explorer import kernel_cache

if TYPE_CHECKING:
    from explorer.catalog import open_bundled as open_bundled
    from explorer.errors import ExplorerError as ExplorerError
    from explorer.formats import load as load
    from explorer.formats import save as save
    from explorer.items import Items as Items
    from explorer.limits import Limits as Limits
    from explorer.metadata import Metadata as Metadata
    from explorer.metrics import METRICS as METRICS
    from explorer.neighbors import nearest_neighbors as nearest_neighbors
    from explorer.neighbors import neighbors_of as neighbors_of
    from explorer.objects import space_of as space_of
    from explorer.projection.pca import pca as pca
    from explorer.space import EmbeddingSpace as EmbeddingSpace
    from explorer.space import Provenance as Provenance
    from explorer.space import centred as centred
    from explorer.space import normalized as normalized
    from explorer.texts import space_of_texts as space_of_texts

kernel_cache.prepare()  # before Numba is imported, which reads it once

_HOME = {
    "METRICS": "explorer.metrics",
    "EmbeddingSpace": "explorer.space",
    "ExplorerError": "explorer.errors",
    "Items": "explorer.items",
    "Limits": "explorer.limits",
    "Metadata": "explorer.metadata",
    "Provenance": "explorer.space",
    "centred": "explorer.space",
    "load": "explorer.formats",
    "nearest_neighbors": "explorer.neighbors",
    "neighbors_of": "explorer.neighbors",
    "normalized": "explorer.space",
    "open_bundled": "explorer.catalog",
    "pca": "explorer.projection.pca",
    "save": "explorer.formats",
    "space_of": "explorer.objects",
    "space_of_texts": "explorer.texts",
}

__all__ = sorted(_HOME)  # noqa: PLE0605 (the keys are names)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'explorer' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
