"""Who met what: ratings, purchases, plays. Read from a table, and split into known and held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError
from explorer.formats.source import Source
from explorer.items import Items
from explorer.limits import Limits
from explorer.metadata import Metadata
from explorer.space import Finding, content_digest
from explorer.training.item_table import told_of_items
from explorer.training.rating_columns import read_columns

IdArray = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Interactions:
    """m different pairs of a user and an item, sorted by user, then item.

    source : the file's name, for captions
    users, items : the names, by number
    user, item : (m,) int32 numbers
    rating : (m,) float32, 1 where the table has none
    time : (m,) float64, larger is later; the line's number where the table has none
    metadata : one row an item: title, year, genre, …
    findings : what reading met
    """

    source: str
    users: Items
    items: Items
    user: IdArray
    item: IdArray
    rating: NDArray[np.float32]
    time: NDArray[np.float64]
    metadata: Metadata = field(default_factory=Metadata)
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        return len(self.user)

    @cached_property
    def popularity(self) -> NDArray[np.int64]:
        """(items,) how many users each item met."""
        return np.bincount(self.item, minlength=len(self.items))

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """(users + 1,) user u's pairs are those from starts[u] to starts[u + 1] - 1."""
        counts = np.bincount(self.user, minlength=len(self.users))
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

    @cached_property
    def digest(self) -> str:
        """A hash of all pairs, ratings and names, 32 hexadecimal digits."""
        pairs = np.stack([self.user, self.item, self.rating.view(np.int32)], axis=1)
        return content_digest(pairs, self.users.digest, self.items.digest)

    def part(self, rows: NDArray[Any]) -> Interactions:
        """Some of the pairs (row numbers or booleans); all users and items stay."""
        kept = {name: getattr(self, name)[rows] for name in ("user", "item", "rating", "time")}
        return replace(self, **kept)

    def at_least(self, rating: float) -> Interactions:
        """The pairs rated so or higher: what the user liked, for a model of likes alone."""
        kept = self.rating >= rating
        if not kept.any():
            raise ExplorerError(
                f"No rating of {self.source} is {rating:g} or higher; the highest is "
                f"{self.rating.max():g}. Lower the threshold."
            )
        return self.part(kept)


class Split(NamedTuple):
    """The same users and items twice: pairs to learn from, and pairs to be found again."""

    train: Interactions
    held_out: Interactions


def interactions_from_pairs(
    source: str,
    users: Items,
    items: Items,
    user: Sequence[int] | NDArray[Any],
    item: Sequence[int] | NDArray[Any],
    rating: Sequence[float] | NDArray[Any] | None = None,
    time: Sequence[float] | NDArray[Any] | None = None,
    metadata: Metadata | None = None,
) -> Interactions:
    """Pairs by number, sorted; of a pair that comes twice the latest is kept."""
    m = len(user)
    if m == 0:
        raise ExplorerError(f"{source} holds no pair of a user and an item.")
    columns: dict[str, NDArray[Any]] = {
        "user": np.asarray(user, np.int32),
        "item": np.asarray(item, np.int32),
        "rating": np.ones(m, np.float32) if rating is None else np.asarray(rating, np.float32),
        "time": np.arange(m, dtype=np.float64) if time is None else np.asarray(time, np.float64),
    }
    order = np.lexsort((columns["time"], columns["item"], columns["user"]))
    keys = columns["user"][order].astype(np.int64) * len(items) + columns["item"][order]
    last = np.append(keys[1:] != keys[:-1], True)
    repeats = int(m - last.sum())
    finding = Finding("repeated pairs", repeats, "the latest kept")
    kept = {name: column[order][last] for name, column in columns.items()}
    return Interactions(
        source, users, items, **kept, metadata=metadata or Metadata(),
        findings=(finding,) if repeats else (),
    )  # fmt: skip


def split_last(interactions: Interactions) -> Split:
    """Each user's latest pair is held out; a user with one pair keeps it (leave one out)."""
    order = np.lexsort((interactions.time, interactions.user))
    user = interactions.user[order]
    last = np.append(user[1:] != user[:-1], True)
    several = np.diff(interactions.starts)[user] > 1
    return _split(interactions, order[last & several])


def split_random(interactions: Interactions, share: float = 0.2, seed: int = 1) -> Split:
    """A random share of each user's pairs is held out, rounded down, always leaving one."""
    if not 0 < share < 1:
        raise ExplorerError(f"The held-out share must be between 0 and 1; got {share:g}.")
    random = np.random.default_rng(seed).random(len(interactions))
    order = np.lexsort((random, interactions.user))
    user = interactions.user[order]
    place = np.arange(len(user)) - interactions.starts[user]
    return _split(interactions, order[place < np.floor(share * np.diff(interactions.starts)[user])])


def _split(interactions: Interactions, held_out: NDArray[np.int64]) -> Split:
    if len(held_out) == 0:
        raise ExplorerError(
            f"No user of {interactions.source} has enough items to hold one out; "
            "two or more are needed."
        )
    mask = np.zeros(len(interactions), dtype=bool)
    mask[held_out] = True
    return Split(interactions.part(~mask), interactions.part(mask))


def read_interactions(
    file: str | Path | BinaryIO,
    *,
    items: str | Path | BinaryIO | None = None,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
) -> Interactions:
    """A table of user, item, and perhaps rating and time; plain, gz, xz, bz2 or zip.

    file : separated by commas, tabs, semicolons, bars, spaces or "::"; the columns are found by
        the names of a header (userId, movieId, rating, timestamp, …), else by their order
    items : a table whose first column is the item and whose others are told of it: MovieLens's
        movies.csv. A column named title or name gives the items their names; a year in brackets
        at a title's end and the first of the genres joined by bars become columns.

    Raises VectorFileError with the line of what is no number, or has too few columns.
    """
    with Source.open(file, limits=limits) as source:
        name, columns = source.name, read_columns(source)
    names, metadata = columns.items, Metadata()
    if items is not None:
        with Source.open(items, limits=limits) as source:
            names, metadata = told_of_items(source, columns.items)
    return interactions_from_pairs(
        name, Items(columns.users), Items(names), columns.user, columns.item,
        columns.rating, columns.time, metadata,
    )  # fmt: skip
