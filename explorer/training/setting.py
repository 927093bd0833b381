"""A field of a trainer's settings: its default, its range, and the line a page shows beside it."""

from __future__ import annotations

import math
from dataclasses import field, fields
from typing import Any

from explorer.errors import ExplorerError


def setting(
    default: Any,
    hint: str,
    *,
    least: float = -math.inf,
    most: float = math.inf,
    above: float = -math.inf,
    choices: tuple[str, ...] = (),
) -> Any:
    """A dataclass field whose value `check_settings` keeps from `least` to `most`.

    hint : one line, kept in the field's `metadata` with the bounds, for whoever draws a form
    above : a bound that the value must not equal
    choices : the words there are, for a field that holds one
    """
    told = {"hint": hint, "least": least, "most": most, "above": above, "choices": choices}
    return field(default=default, metadata=told)


def check_settings(settings: Any) -> None:
    """ExplorerError for the first field of a settings dataclass that is out of its range."""
    for one in fields(settings):
        value, told = getattr(settings, one.name), one.metadata
        if not told:
            continue
        if told["choices"]:
            if value not in told["choices"]:
                raise ExplorerError(
                    f"{one.name} must be one of {', '.join(told['choices'])}; got {value!r}."
                )
            continue
        if isinstance(one.default, bool):
            if not isinstance(value, bool):
                raise ExplorerError(f"{one.name} must be True or False; got {value!r}.")
            continue
        whole = isinstance(one.default, int)
        is_number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        inside = is_number and told["least"] <= value <= told["most"] and value > told["above"]
        if not inside or not math.isfinite(value):
            kind = "a whole number" if whole else "a number"
            raise ExplorerError(f"{one.name} must be {kind} {_range(told)}; got {value!r}.")


def _range(told: Any) -> str:
    low = f"above {told['above']:g}" if told["above"] > -math.inf else f"from {told['least']:g}"
    return low if told["most"] == math.inf else f"{low} to {told['most']:g}"
