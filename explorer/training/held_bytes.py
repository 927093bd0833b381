"""How much memory a trainer takes: the arrays it holds, each counted once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def held_bytes(holder: object, *, without: object = None) -> int:
    """Bytes of all NumPy arrays in an object's fields, in the fields of those, and so on.

    without : what this holds is not counted, such as the text that was given to a trainer

    Looks into our own classes, tuples, lists and mappings; two views of one array count once.
    """
    given = _owners(without)
    return sum(size for owner, size in _owners(holder).items() if owner not in given)


def _owners(holder: object) -> dict[int, int]:
    """The memory behind every array, by its identity: how many bytes."""
    sizes: dict[int, int] = {}
    seen: set[int] = set()
    waiting = [holder]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, np.ndarray):
            owner = one
            while isinstance(owner.base, np.ndarray):
                owner = owner.base
            sizes[id(owner)] = owner.nbytes
        else:
            waiting += _parts(one)
    return sizes


def _parts(one: object) -> list[Any]:
    if isinstance(one, Mapping):
        return list(one.values())
    if isinstance(one, list | tuple):
        return list(one)
    if type(one).__module__.startswith("explorer."):
        return list(vars(one).values()) if hasattr(one, "__dict__") else []
    return []
