"""Embedding Explorer: see an embedding space, its map and its neighbours.

    from explorer import load
    space = load("vectors.txt.gz")

The names below are imported when they are first used, so that `import explorer` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explorer.errors import ExplorerError as ExplorerError
    from explorer.formats import load as load
    from explorer.formats import save as save
    from explorer.items import Items as Items
    from explorer.limits import Limits as Limits
    from explorer.metadata import Metadata as Metadata
    from explorer.space import EmbeddingSpace as EmbeddingSpace
    from explorer.space import Provenance as Provenance

_HOME = {
    "EmbeddingSpace": "explorer.space",
    "ExplorerError": "explorer.errors",
    "Items": "explorer.items",
    "Limits": "explorer.limits",
    "Metadata": "explorer.metadata",
    "Provenance": "explorer.space",
    "load": "explorer.formats",
    "save": "explorer.formats",
}

__all__ = sorted(_HOME)  # noqa: PLE0605 (the keys are names)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'explorer' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
