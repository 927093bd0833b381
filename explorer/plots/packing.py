"""Arrays as one run of bytes, in the layout that the map's store.js reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

TYPES = {"float32": np.float32, "int32": np.int32, "uint8": np.uint8}
ALIGNMENT = 8


def pack(
    slot: str,
    key: str,
    arrays: Mapping[str, NDArray[Any] | str],
    facts: Mapping[str, Any] | None = None,
) -> bytes:
    """uint32 header length, JSON header, then the arrays, each at a multiple of 8 bytes.

    arrays : float32, int32 or uint8 arrays of any shape (sent flat), or text (sent as UTF-8)
    facts : small JSON values that go with them: a shape, bounds
    """
    parts: list[bytes] = []
    described: list[dict[str, Any]] = []
    for name, array in arrays.items():
        if isinstance(array, str):
            part, kind, length = array.encode("utf-8", "replace"), "text", 0
            length = len(part)
        else:
            kind, length = array.dtype.name, array.size
            if kind not in TYPES:
                raise TypeError(f"{name} is {kind}; the map reads {', '.join(TYPES)}.")
            part = np.ascontiguousarray(array).tobytes()
        described.append({"name": name, "type": kind, "length": length})
        parts.append(part + b"\0" * (-len(part) % ALIGNMENT))
    # The header holds where each array starts, and its own length moves them: pad it generously.
    template = {"slot": slot, "key": key, "facts": dict(facts or {}), "arrays": described}
    start = 4 + len(json.dumps(template)) + 24 * len(described) + ALIGNMENT
    start += -start % ALIGNMENT
    at = start
    for entry, part in zip(described, parts, strict=True):
        entry["start"] = at
        at += len(part)
    header = json.dumps(template).encode().ljust(start - 4)
    return len(header).to_bytes(4, "little") + header + b"".join(parts)
