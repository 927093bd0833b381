"""Arrays, tensors and plain Python: vectors with names beside them, or with none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import VectorFileError
from explorer.formats.raw import RawVectors
from explorer.objects.origin import ObjectOrigin


def is_array(thing: Any) -> bool:
    """True for NumPy arrays, tensors, and sequences of vectors."""
    return hasattr(thing, "__array__") or (
        isinstance(thing, Sequence) and not isinstance(thing, str | bytes)
    )


def are_texts(thing: Any) -> bool:
    """True for a sequence of strings."""
    return isinstance(thing, Sequence) and len(thing) > 0 and isinstance(thing[0], str)


def matrix(thing: Any) -> NDArray[Any]:
    """An (n, d) array of real numbers from an array, a tensor (on any device), or rows of them.

    ValueError where the rows are no vectors of one length.
    """
    if isinstance(thing, Sequence) and len(thing) and hasattr(thing[0], "__array__"):
        return np.stack([matrix(row) for row in thing])
    if hasattr(thing, "detach"):  # a tensor of PyTorch: off its graph, off its device
        thing = thing.detach().cpu()
        if str(thing.dtype).endswith("bfloat16"):  # of which NumPy knows nothing
            thing = thing.float()
    if hasattr(thing, "toarray"):  # sparse
        thing = thing.toarray()
    array = np.asarray(thing)
    if array.dtype == object:
        array = np.array(array.tolist(), dtype=np.float64)
    return array


def with_names(names: Any, vectors: Any, origin: ObjectOrigin) -> RawVectors:
    """n names (texts, words, a column of a table) and the (n, d) vectors beside them."""
    numbers = _checked(vectors, origin)
    texts = [str(name) for name in names]
    if len(texts) != len(numbers):
        raise VectorFileError(origin.name, f"{len(texts):,} names, but {len(numbers):,} vectors.")
    return RawVectors(numbers, "names and vectors", texts)


def in_pairs(thing: Mapping[Any, Any], origin: ObjectOrigin) -> RawVectors:
    """A mapping of names to vectors."""
    return RawVectors(
        _checked(list(thing.values()), origin), "mapping", [str(name) for name in thing]
    )


def rows_alone(thing: Any, origin: ObjectOrigin) -> RawVectors:
    """An array whose rows have no names."""
    return RawVectors(_checked(thing, origin), "array")


def _checked(vectors: Any, origin: ObjectOrigin) -> NDArray[Any]:
    try:
        return matrix(vectors)
    except (ValueError, TypeError):
        raise VectorFileError(
            origin.name, "expected an array with one vector of the same length an item."
        ) from None
