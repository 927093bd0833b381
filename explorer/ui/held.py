"""What the visitors' own spaces take of this server's memory, and whose turn it is to read."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import streamlit as st

from explorer.errors import LimitError
from explorer.formats.source import byte_size
from explorer.limits import server_limits
from explorer.space import EmbeddingSpace

TEXT_CELL = 64  # bytes that a short `str` takes, with its place in a column


class Shelves:
    """All own spaces of all sessions. One goes by itself when its session has gone."""

    def __init__(self) -> None:
        self._spaces: weakref.WeakSet[EmbeddingSpace] = weakref.WeakSet()
        self._lock = threading.Lock()
        self.turns = threading.BoundedSemaphore(server_limits().readings)

    @property
    def bytes(self) -> int:
        with self._lock:
            return sum(map(space_bytes, self._spaces))

    def add(self, space: EmbeddingSpace) -> None:
        with self._lock:
            self._spaces.add(space)


@st.cache_resource(show_spinner=False)
def shelves() -> Shelves:
    """The one register of this server."""
    return Shelves()


@contextmanager
def turn() -> Iterator[None]:
    """Wait until few enough others read a file."""
    with shelves().turns:
        yield


def space_bytes(space: EmbeddingSpace) -> int:
    """About what a space takes: vectors, pictures, maps, names and metadata."""
    arrays = [space.vectors, *(stored.coordinates for stored in space.maps.values())]
    size = sum(array.nbytes for array in arrays)
    size += 0 if space.images is None else space.images.nbytes
    size += 0 if space.items.are_numbers else TEXT_CELL * len(space)
    for column in space.metadata.values():
        size += TEXT_CELL * len(column) if column.dtype == object else column.nbytes
    return size


def check_room(own: Collection[EmbeddingSpace], new: EmbeddingSpace | None = None) -> None:
    """LimitError where one more space is too much for its visitor or for the server.

    new : None before it is read, when only its count can be told
    """
    limits = server_limits()
    if len(own) >= limits.session_spaces:
        raise LimitError(
            f"{len(own)} own spaces are open, and the limit is {limits.session_spaces}. "
            "Close one first."
        )
    held, everybody = sum(map(space_bytes, own)), shelves().bytes
    size = 1 if new is None else space_bytes(new)
    for taken, most, whose in (
        (held, limits.session_bytes, "your own spaces"),
        (everybody, limits.server_bytes, "the own spaces of all visitors"),
    ):
        if taken + size > most:
            takes = f"It takes {byte_size(size)}, and " if new is not None else "Here "
            rows = None if new is None else max(0, most - taken) * len(new) // size
            raise LimitError(
                f"{takes}{whose} hold {byte_size(taken)} of at most {byte_size(most)}. "
                "Close one, or open a part of it.",
                rows=rows or None,
            )
