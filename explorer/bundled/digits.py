"""Handwritten digits: 1,797 pictures of 8 x 8 pixels, each one a vector of 64 grey values.

The pictures are read from the copy that scikit-learn installs, without importing scikit-learn
(which would cost a second). Nobody trained these vectors: a dimension is a pixel.

E. Alpaydin & C. Kaynak, Cascading classifiers, Kybernetika 34 (1998) 369-374; Optical
Recognition of Handwritten Digits, UCI Machine Learning Repository (its test set).
"""

from __future__ import annotations

import gzip
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from explorer.app_files import DATA
from explorer.bundled.stored_maps import with_stored_maps
from explorer.errors import MissingDependencyError
from explorer.items import Items
from explorer.metadata import Metadata
from explorer.space import EmbeddingSpace, FloatArray, IntArray, Provenance

SIDE = 8  # pixels
BRIGHTEST = 16  # each pixel counts the inked ones of 4 x 4 in the scan: 0 to 16
MAPS = DATA / "digits.npz"


def open_digits() -> EmbeddingSpace:
    """1,797 x 64; items "3 · 17" (the 17th three), the digit and its ink as metadata, pictures."""
    pixels, digits = _read(_data_file())
    grey = np.rint(pixels * (255 / BRIGHTEST)).astype(np.uint8)
    space = EmbeddingSpace(
        name="digits",
        items=Items(item_names(digits)),
        vectors=pixels,
        metadata=Metadata({"digit": digits, "ink": pixels.mean(axis=1) / BRIGHTEST}),
        images=grey.reshape(-1, SIDE, SIDE),
        provenance=Provenance(
            source="handwritten digits (Alpaydin & Kaynak 1998, UCI; copy of scikit-learn)",
            format="8 x 8 pixels, 0 to 16",
        ),
    )
    return with_stored_maps(space, MAPS)


def item_names(digits: IntArray) -> list[str]:
    """Each picture's class and its number within the class: [3, 0, 3] -> 3 · 1, 0 · 1, 3 · 2."""
    seen = dict.fromkeys(range(10), 0)
    names = []
    for digit in digits.tolist():
        seen[digit] += 1
        names.append(f"{digit} · {seen[digit]}")
    return names


def _data_file() -> Path:
    sklearn = find_spec("sklearn")  # finds the folder; imports nothing
    if sklearn is None or sklearn.origin is None:
        raise MissingDependencyError("The digits space", "scikit-learn")
    return Path(sklearn.origin).parent / "datasets" / "data" / "digits.csv.gz"


def _read(file: Path) -> tuple[FloatArray, IntArray]:
    """64 pixels and the class on each line -> (n, 64) pixels, (n,) classes."""
    with gzip.open(file, "rt", encoding="ascii") as lines:
        table = np.loadtxt(lines, delimiter=",", dtype=np.float32)
    return np.ascontiguousarray(table[:, :-1]), table[:, -1].astype(np.int64)
