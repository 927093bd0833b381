"""Maps computed once and kept in data/, so that a bundled space opens with its UMAP finished.

A file data/NAME.npz holds the digest of the space it was made from and, for each map, its
coordinates and a note on how they were made. `python -m explorer.bundled.make` writes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.space import EmbeddingSpace, StoredMap
from explorer.whole_file import written_whole


def with_stored_maps(space: EmbeddingSpace, file: Path) -> EmbeddingSpace:
    """The space with the maps of `file`: only if they were made from exactly these vectors."""
    return replace(space, maps=read_maps(file, space.digest))


def read_maps(file: Path, digest: str) -> dict[str, StoredMap]:
    """The maps by name; none when the file is absent or was made from other vectors."""
    if not file.is_file():
        return {}
    with np.load(file, allow_pickle=False) as stored:
        return maps_in(stored) if str(stored["digest"]) == digest else {}


def write_maps(file: Path, digest: str, maps: Mapping[str, StoredMap]) -> None:
    """Keep `maps` of the space with this digest; read_maps gives them back."""
    with written_whole(file) as whole:
        np.savez_compressed(whole, allow_pickle=False, digest=np.array(digest), **arrays_of(maps))


def maps_in(stored: Mapping[str, NDArray[Any]]) -> dict[str, StoredMap]:
    """The maps that `arrays_of` wrote down."""
    return {
        str(name): StoredMap(stored[f"{name} coordinates"], str(stored[f"{name} note"]))
        for name in stored["maps"]
    }


def arrays_of(maps: Mapping[str, StoredMap]) -> dict[str, NDArray[Any]]:
    """Maps as arrays of an .npz file."""
    arrays = {"maps": np.array(list(maps))}
    for name, stored in maps.items():
        arrays[f"{name} coordinates"] = stored.coordinates
        arrays[f"{name} note"] = np.array(stored.note)
    return arrays
