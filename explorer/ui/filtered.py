"""The part of a space that meets conditions on its metadata: what every page then works with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explorer.filters import Condition, all_matching
from explorer.space import EmbeddingSpace, IntArray


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a filtered space comes from.

    rows : of the whole space, ascending; row i of the part is rows[i] of the whole
    """

    whole: EmbeddingSpace
    rows: IntArray
    conditions: tuple[Condition, ...]

    def spread(self, values: NDArray[Any]) -> NDArray[Any]:
        """Values of the part as a column of the whole: NaN or "" where there is none."""
        values = np.asarray(values)
        if values.dtype.kind in "OU":
            column = np.full(len(self.whole), "", dtype=object)
        else:
            column = np.full(len(self.whole), np.nan)
        column[self.rows] = values
        return column


_origins: WeakKeyDictionary[EmbeddingSpace, Origin] = WeakKeyDictionary()


def part(whole: EmbeddingSpace, conditions: Sequence[Condition]) -> EmbeddingSpace | None:
    """The items that meet every condition, as a space; None where no item does."""
    key = " ".join(condition.to_text() for condition in conditions)
    return _part(whole.digest, whole.metadata.digest, key, whole, tuple(conditions))


@st.cache_resource(max_entries=4, ttl=3600, show_spinner="Filtering …")
def _part(
    digest: str,
    metadata: str,
    key: str,
    _whole: EmbeddingSpace,
    _conditions: tuple[Condition, ...],
) -> EmbeddingSpace | None:
    rows = np.flatnonzero(all_matching(_whole.metadata, _conditions))
    if not len(rows):
        return None
    where = " and ".join(map(str, _conditions))
    found = _whole.subset(rows, f"{len(rows):,} of {len(_whole):,} items, where {where}")
    _origins[found] = Origin(_whole, rows, _conditions)
    return found


def origin(space: EmbeddingSpace) -> Origin | None:
    """Where a space comes from, if it is what a filter left."""
    return _origins.get(space)


def whole(space: EmbeddingSpace) -> EmbeddingSpace:
    """The space without its filter."""
    known = origin(space)
    return space if known is None else known.whole


def python_lines(space: EmbeddingSpace) -> str:
    """Lines after which `rows` are those that a filter left; empty without one."""
    known = origin(space)
    if known is None:
        return ""
    conditions = ", ".join(map(repr, known.conditions))
    return (
        "\nimport numpy as np\nfrom explorer.filters import Condition, all_matching\n"
        f"rows = np.flatnonzero(all_matching(space.metadata, [{conditions}]))"
    )
