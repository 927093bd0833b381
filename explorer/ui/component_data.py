"""How small values travel to a component of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def as_json(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The values in a list of one, which the component's script reads as data[0].

    Of a dict Streamlit looks whether each value is a table, and imports pandas and pyarrow to know
    (0.5 s on a cold server); of a list it does not ask.
    """
    return [dict(values)]
