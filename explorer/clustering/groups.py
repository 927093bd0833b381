"""Clusters in order of size, under names of one's own: renamed, and merged into groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.errors import ExplorerError
from explorer.space import IntArray

MOST_CHARACTERS = 60
NOISE = "(noise)"


@dataclass(frozen=True)
class Groups:
    """Names for k clusters, and which of them are one group. Never changes.

    of_cluster : (k,) the group of each cluster, from 0
    names : a distinct name for each group
    """

    of_cluster: tuple[int, ...]
    names: tuple[str, ...]

    @classmethod
    def numbered(cls, k: int, notes: Sequence[str] = ()) -> Groups:
        """k clusters, each a group of its own, named by its number: "1", "2", …

        notes : a word for each, beside its number: "1 · robert"
        """
        numbers = [str(number + 1) for number in range(k)]
        if notes:
            numbers = [
                f"{number} · {note}"[:MOST_CHARACTERS]
                for number, note in zip(numbers, notes, strict=True)
            ]
        return cls(tuple(range(k)), tuple(numbers))

    def __len__(self) -> int:
        return len(self.names)

    def renamed(self, group: int, name: str) -> Groups:
        """The same groups, one of them under another name."""
        self._check(group)
        name = self._free_name(name, {group})
        names = [name if place == group else one for place, one in enumerate(self.names)]
        return replace(self, names=tuple(names))

    def merged(self, groups: Sequence[int], name: str = "") -> Groups:
        """Some groups made one, in the place of the first; by default its name joins theirs."""
        chosen = sorted(set(groups))
        for group in chosen:
            self._check(group)
        if len(chosen) < 2:
            raise ExplorerError("Merging takes two groups at least.")
        joined = name or " + ".join(self.names[group] for group in chosen)
        joined = self._free_name(joined[:MOST_CHARACTERS], set(chosen))
        kept = [group for group in range(len(self)) if group not in chosen[1:]]
        place = {group: kept.index(group if group in kept else chosen[0]) for group in chosen}
        place |= {group: kept.index(group) for group in kept}
        return Groups(
            tuple(place[group] for group in self.of_cluster),
            tuple(joined if group == chosen[0] else self.names[group] for group in kept),
        )

    def codes(self, labels: NDArray[np.integer[Any]]) -> IntArray:
        """(n,) cluster labels -> (n,) groups; -1 (noise) stays."""
        codes: IntArray = np.array([*self.of_cluster, -1], dtype=np.int64)[labels]
        return codes

    def column(self, labels: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """(n,) the name of every item's group, as a metadata column holds it."""
        return np.array([*self.names, NOISE], dtype=object)[self.codes(labels)]

    def _check(self, group: int) -> None:
        if not 0 <= group < len(self):
            raise ExplorerError(f"Groups go from 0 to {len(self) - 1}; got {group}.")

    def _free_name(self, name: str, own: set[int]) -> str:
        name = " ".join(name.split())
        if not name or len(name) > MOST_CHARACTERS:
            raise ExplorerError(f"A name has 1 to {MOST_CHARACTERS} characters; got {len(name)}.")
        others = [one for place, one in enumerate(self.names) if place not in own]
        if name in others or name == NOISE:
            raise ExplorerError(f"Another group is called {name!r}: choose a different name.")
        return name


def largest_first(labels: ArrayLike) -> NDArray[np.int32]:
    """Labels numbered anew by size, ties by the old number; -1 (noise) stays.

    >>> largest_first([2, 2, 0, -1])
    array([ 0,  0,  1, -1], dtype=int32)
    """
    codes = np.asarray(labels, dtype=np.int64)
    sizes = np.bincount(codes[codes >= 0])
    place = np.empty(len(sizes) + 1, dtype=np.int32)
    place[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    place[-1] = -1
    ordered: NDArray[np.int32] = place[codes]
    return ordered
