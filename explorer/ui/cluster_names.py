"""Names and mergers of clusters, and the one that alone is in colour: kept in the session."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import streamlit as st

from explorer.clustering.groups import Groups
from explorer.errors import ExplorerError
from explorer.space import EmbeddingSpace
from explorer.ui.cluster_measures import COLUMN, cards_of
from explorer.ui.cluster_results import Chosen, Clusters
from explorer.ui.state import messages

LONGEST_NOTE = 24  # characters of an item that stands for its cluster
MOST_KEPT = 50  # clusterings whose names are remembered
ISOLATED = "isolated_cluster"


def groups(space: EmbeddingSpace, chosen: Chosen, found: Clusters) -> Groups:
    """The visitor's names and mergers of these clusters; at first a number and a word for each."""
    kept = _kept().get(found.key)
    if kept is not None:
        return kept
    plain = Groups.numbered(found.count)
    if found.preview or not found.count or space.items.are_numbers or space.images is not None:
        return plain
    nearest = {one.number: one.nearest[0] for one in cards_of(space, chosen, found, plain)}
    if len(nearest) < found.count:
        return plain
    words = [space.items[int(nearest[number])] for number in range(found.count)]
    return Groups.numbered(found.count, [" ".join(word.split())[:LONGEST_NOTE] for word in words])


def are_changed(found: Clusters) -> bool:
    """Whether a name or a merger is the visitor's."""
    return found.key in _kept()


def undo_changes(found: Clusters) -> None:
    """Each cluster a group of its own again, under its first name."""
    _kept().pop(found.key, None)


def set_groups(found: Clusters, changed: Groups) -> None:
    """Keep names and mergers; those of the latest clusterings are remembered."""
    kept = _kept()
    kept.pop(found.key, None)
    kept[found.key] = changed
    while len(kept) > MOST_KEPT:
        del kept[next(iter(kept))]


def change_groups(found: Clusters, change: Callable[[], Groups]) -> None:
    """Keep what a visitor's change gives; what is wrong with it is told at the top of the page."""
    try:
        set_groups(found, change())
    except ExplorerError as error:
        messages.notify(str(error))


def isolated(found: Clusters) -> int | None:
    """The group that alone is coloured, if one is."""
    kept = st.session_state.get(ISOLATED)
    return kept[1] if isinstance(kept, tuple) and kept[0] == found.key else None


def isolate(found: Clusters, group: int | None) -> None:
    """Colour one group alone; None: all."""
    st.session_state[ISOLATED] = None if group is None else (found.key, group)


def _kept() -> dict[str, Groups]:
    return cast("dict[str, Groups]", st.session_state.setdefault("cluster_groups", {}))


def column_name(chosen: Chosen) -> str:
    """The metadata column that holds the clusters: "cluster (k-means, 12)"."""
    return f"{COLUMN}{chosen.title})"
