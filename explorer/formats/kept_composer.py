"""A composer as plain values and one table of numbers, so that a file can keep it.

    subwords   {"kind": "subwords", "shortest": 3, "longest": 6}    a row for each bucket of n-grams
    unknown    {"kind": "unknown", "title": "mean of the …"}        one row
    hashed     {"kind": "hashed"}                                   a row for each bucket of words

What comes back from a file is checked as if a stranger had written it: nothing but numbers and
short text is taken from it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.composer import Composer, HashedWord, Subwords, UnknownWord
from explorer.errors import ExplorerError
from explorer.space import FloatArray

LONGEST_NGRAM = 1_000  # characters
LONGEST_TITLE = 200


def plain_composer(composer: Composer) -> tuple[dict[str, Any], FloatArray] | None:
    """What tells a composer, and its (rows, d) float32; None for a kind that no file keeps."""
    if isinstance(composer, Subwords):
        about = {"kind": "subwords", "shortest": composer.shortest, "longest": composer.longest}
        return about, composer.vectors
    if isinstance(composer, UnknownWord):
        return {"kind": "unknown", "title": composer.title}, composer.vector[None, :]
    if isinstance(composer, HashedWord):
        return {"kind": "hashed"}, composer.vectors
    return None


def composer_from(about: Any, vectors: FloatArray, dimensions: int) -> Composer:
    """The composer again; ExplorerError says what about it cannot be.

    about, vectors : as `plain_composer` gave them, or anything
    dimensions : of the space that it belongs to
    """
    rows = np.asarray(vectors)
    if rows.ndim != 2 or rows.shape[1] != dimensions or len(rows) == 0 or rows.dtype.kind != "f":
        raise ExplorerError(
            f"its table is {' x '.join(map(str, rows.shape))} of {rows.dtype} and the vectors "
            f"have {dimensions} dimensions"
        )
    rows = rows.astype(np.float32, copy=False)
    if not np.isfinite(rows).all():
        raise ExplorerError("its table holds numbers that are not finite")
    told = about if isinstance(about, dict) else {}
    if told.get("kind") == "subwords":
        shortest, longest = (_characters(told.get(name)) for name in ("shortest", "longest"))
        if shortest > longest:
            raise ExplorerError(f"its n-grams have {shortest} to {longest} characters")
        return Subwords(rows, shortest, longest)
    if told.get("kind") == "unknown":
        title = " ".join(str(told.get("title", "")).split())[:LONGEST_TITLE]
        return UnknownWord(rows[0], title) if title else UnknownWord(rows[0])
    if told.get("kind") == "hashed":
        return HashedWord(rows)
    raise ExplorerError(f"its kind is {str(told.get('kind'))[:40]!r}")


def _characters(value: Any) -> int:
    if type(value) is not int or not 1 <= value <= LONGEST_NGRAM:
        raise ExplorerError(f"the length of its n-grams is {str(value)[:40]!r}")
    return value
