"""Conditions on metadata: which items a search or a picture is restricted to."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.metadata import Metadata


@dataclass(frozen=True)
class Condition:
    """One condition on one column; of the three kinds exactly one is set.

    values : the value, as text, is one of these
    between : low <= value <= high; a missing number (NaN) never is
    contains : the text holds this, case ignored
    """

    column: str
    values: tuple[str, ...] | None = None
    between: tuple[float, float] | None = None
    contains: str | None = None

    def __post_init__(self) -> None:
        kinds = (self.values, self.between, self.contains)
        if sum(kind is not None for kind in kinds) != 1:
            raise ExplorerError(f"A condition on {self.column!r} needs values, a range or a text.")

    def __str__(self) -> str:
        if self.values is not None:
            return f"{self.column} is {' or '.join(self.values)}"
        if self.between is not None:
            return f"{self.column} from {self.between[0]:g} to {self.between[1]:g}"
        return f"{self.column} contains {self.contains!r}"

    def to_text(self) -> str:
        """As JSON, for a link: ["kind", "is", "animal", "person"]."""
        if self.values is not None:
            parts: list[str | float] = [self.column, "is", *self.values]
        elif self.between is not None:
            parts = [self.column, "from", *self.between]
        else:
            parts = [self.column, "contains", str(self.contains)]
        return json.dumps(parts, ensure_ascii=False)


def from_text(text: str) -> Condition | None:
    """The condition that `to_text` wrote; None for anything else, as from a stranger's link."""
    try:
        column, kind, *rest = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return None
    if not isinstance(column, str):
        return None
    if kind == "is" and rest and all(isinstance(value, str) for value in rest):
        return Condition(column, values=tuple(rest))
    if kind == "contains" and len(rest) == 1 and isinstance(rest[0], str) and rest[0]:
        return Condition(column, contains=rest[0])
    numbers = [float(value) for value in rest if type(value) in (int, float)]
    if kind == "from" and len(numbers) == len(rest) == 2 and all(map(math.isfinite, numbers)):
        return Condition(column, between=(numbers[0], numbers[1]))
    return None


def matching(metadata: Metadata, condition: Condition) -> NDArray[np.bool_]:
    """(n,) True where the condition holds."""
    if condition.column not in metadata:
        raise ExplorerError(
            f"There is no column {condition.column!r}; there are {', '.join(metadata)}."
        )
    column = metadata[condition.column]
    if condition.between is not None:
        if column.dtype == object:
            raise ExplorerError(f"{condition.column!r} holds text; a range needs numbers.")
        low, high = condition.between
        return (column >= low) & (column <= high)
    texts = column if column.dtype == object else column.astype(str)
    if condition.values is not None:
        return np.isin(texts.astype(str), condition.values)
    wanted = str(condition.contains).casefold()
    return _flags([wanted in text.casefold() for text in texts.tolist()])


def all_matching(metadata: Metadata, conditions: Sequence[Condition]) -> NDArray[np.bool_]:
    """(n,) True where every condition holds; all True without conditions."""
    mask = np.ones(metadata.rows, dtype=bool)
    for condition in conditions:
        mask &= matching(metadata, condition)
    return mask


def _flags(values: list[bool]) -> NDArray[np.bool_]:
    return np.array(values, dtype=bool)
