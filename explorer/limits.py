"""How much is let in: bounds on one file, on a visitor and on the server, each a setting.

A setting is an environment variable, EMBEDDING_EXPLORER_ and the name of the field in capitals:

    EMBEDDING_EXPLORER_CELLS=20M EMBEDDING_EXPLORER_SESSION_BYTES=500M python -m explorer

k, M and G stand for 1,000, a million, a billion (1,024, … for bytes). How large an upload may be at
all is Streamlit's own setting: STREAMLIT_SERVER_MAX_UPLOAD_SIZE, in MB.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any, TypeVar

from explorer.errors import ExplorerError

PREFIX = "EMBEDDING_EXPLORER_"
POWERS = {"": 0, "k": 1, "M": 2, "G": 3}


@dataclass(frozen=True)
class Limits:
    """Bounds on one file. The defaults fit a person's own machine; a page gives smaller ones.

    expanded_bytes : what a compressed file may grow to; also all text of names, or of metadata
    line_bytes : the longest line of a text file
    name_characters : the longest name of an item or a column
    cells : items x dimensions
    metadata_cells : items x columns of metadata
    """

    expanded_bytes: int = 16 << 30
    line_bytes: int = 16 << 20
    name_characters: int = 10_000
    cells: int = 4_000_000_000
    metadata_cells: int = 500_000_000


@dataclass(frozen=True)
class ServerLimits:
    """Bounds on what visitors keep open.

    session_spaces, session_bytes : own spaces of one visitor, and what they take together
    server_bytes : what the own spaces of all visitors take together
    readings : files that are read at the same time; further visitors wait for their turn
    """

    session_spaces: int = 6
    session_bytes: int = 4 << 30
    server_bytes: int = 16 << 30
    readings: int = 2


UPLOAD = Limits(
    expanded_bytes=2 << 30,
    line_bytes=1 << 20,
    name_characters=1_000,
    cells=300_000_000,
    metadata_cells=20_000_000,
)
T = TypeVar("T", Limits, ServerLimits)


@cache
def upload_limits() -> Limits:
    """What one uploaded file may be, by this server's settings."""
    return from_environment(UPLOAD, os.environ)


@cache
def server_limits() -> ServerLimits:
    """What visitors may keep open, by this server's settings; at most half of its memory."""
    half = max(1 << 30, total_memory() // 2)
    return from_environment(
        ServerLimits(server_bytes=half, session_bytes=min(4 << 30, half)), os.environ
    )


def from_environment(defaults: T, environment: Mapping[str, str]) -> T:
    """`defaults`, with those fields changed that the environment sets.

    ExplorerError names a variable that holds no whole number above 0.
    """
    changes: dict[str, Any] = {}
    for field in fields(defaults):
        variable = variable_of(field.name)
        if text := environment.get(variable, "").strip():
            changes[field.name] = _whole(text, variable, bytes_=field.name.endswith("_bytes"))
    return replace(defaults, **changes)


def variable_of(field: str) -> str:
    """The environment variable that sets a field: variable_of("cells") ends in _CELLS."""
    return PREFIX + field.upper()


def _whole(text: str, variable: str, *, bytes_: bool) -> int:
    """ "20M" -> 20,000,000, or 20 x 1,024 x 1,024 bytes."""
    match = re.fullmatch(r"(\d{1,18})([kMG]?)", text, re.ASCII)
    number = int(match[1]) * (1024 if bytes_ else 1000) ** POWERS[match[2]] if match else 0
    if number < 1:
        raise ExplorerError(
            f"{variable} must be a whole number above 0, maybe with k, M or G; got {text[:40]!r}."
        )
    return number


def total_memory() -> int:
    """Bytes of memory of this machine; 16 GB where it does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return 16 << 30
