"""Who met what: ratings, purchases, plays. Read from a table, and split into known and held out."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from explorer.errors import ExplorerError, VectorFileError
from explorer.formats.source import Source
from explorer.items import Items, number_duplicates
from explorer.limits import Limits
from explorer.metadata import Metadata
from explorer.space import Finding, content_digest
from explorer.training.text_lines import text_lines

IdArray = NDArray[np.int32]

COLUMNS = {
    "user": ("user", "userid", "user_id", "customer", "customerid", "customer_id", "session"),
    "item": ("item", "itemid", "item_id", "movieid", "movie_id", "product", "productid",
             "product_id", "track", "trackid", "artistid", "artist", "isbn", "bookid", "book_id"),
    "rating": ("rating", "weight", "score", "count", "plays", "stars", "value"),
    "time": ("time", "timestamp", "date", "datetime"),
}  # fmt: skip
DELIMITERS = ("::", "\t", ";", ",", "|", " ")
YEAR = re.compile(r"\((\d{4})\)\s*$")


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
        rows = _rows(source)
        _, first = next(rows, (0, []))
        if not first:
            raise VectorFileError(source.name, "holds blank lines only.")
        at = _columns(source.name, first)
        has_header = any(_plain(name) in chain(*COLUMNS.values()) for name in first)
        if not has_header:
            rows = chain([(1, first)], rows)
        users: dict[str, int] = {}
        ids: dict[str, int] = {}
        columns: dict[str, list[Any]] = {"user": [], "item": [], "rating": [], "time": []}
        for line, row in rows:
            if len(row) < len(at) or max(at.values()) >= len(row):
                raise VectorFileError(
                    source.name, f"expected {len(first)} columns, found {len(row)}.", line=line
                )
            columns["user"].append(users.setdefault(row[at["user"]], len(users)))
            columns["item"].append(ids.setdefault(row[at["item"]], len(ids)))
            if "rating" in at:
                columns["rating"].append(_number(row[at["rating"]], "rating", source.name, line))
            if "time" in at:
                columns["time"].append(_moment(row[at["time"]], source.name, line))
        if not columns["user"]:
            raise VectorFileError(source.name, "holds a header, but no line below it.")
        name = source.name
    names, metadata = list(ids), Metadata()
    if items is not None:
        with Source.open(items, limits=limits) as source:
            names, metadata = _told_of_items(source, list(ids))
    return interactions_from_pairs(
        name, Items(users), Items(names), columns["user"], columns["item"],
        columns["rating"] or None, columns["time"] or None, metadata,
    )  # fmt: skip


def _columns(file: str, first: Sequence[str]) -> dict[str, int]:
    """Which column is which, by the header's names or, without a header, by order."""
    names = [_plain(name) for name in first]
    found = {
        role: next(names.index(known) for known in knowns if known in names)
        for role, knowns in COLUMNS.items()
        if any(known in names for known in knowns)
    }
    if not found:
        found = dict(zip(COLUMNS, range(len(first)), strict=False))
    if "user" not in found or "item" not in found:
        raise VectorFileError(
            file,
            f"needs a column of users and one of items; the first line is {', '.join(first)}. "
            "Name them user and item, or put them first and leave the header out.",
            line=1,
        )
    return found


def _plain(name: str) -> str:
    return name.strip().casefold().replace(" ", "")


def _rows(source: Source) -> Iterator[tuple[int, list[str]]]:
    """Each line that is not blank: its number and its fields, quotes taken off."""
    with source.stream() as stream:
        lines = text_lines(source, stream)
        _, first = head = next(lines, (0, ""))
        delimiter = next((mark for mark in DELIMITERS if mark in first), ",")
        lines = chain([head], lines)
        if delimiter == "::":
            yield from ((number, line.split("::")) for number, line in lines if line)
            return
        numbers: list[int] = []

        def texts() -> Iterator[str]:
            for number, line in lines:
                numbers[:] = [number]
                yield line

        try:
            for row in csv.reader(texts(), delimiter=delimiter):
                if row:
                    yield numbers[0], row
        except csv.Error as error:
            raise VectorFileError(source.name, f"{error}.", line=numbers[0]) from None


def _number(text: str, what: str, file: str, line: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise VectorFileError(file, f"the {what} {text!r} is no number.", line=line)
    return value


def _moment(text: str, file: str, line: int) -> float:
    """Seconds, or any number that grows; a date as 2018-09-26 or 2018-09-26T10:30:00."""
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return float(np.datetime64(text.strip().replace(" ", "T"), "s").astype(np.int64))
    except ValueError:
        raise VectorFileError(
            file, f"the time {text!r} is neither a number nor a date as 2018-09-26.", line=line
        ) from None


def _told_of_items(source: Source, ids: list[str]) -> tuple[list[str], Metadata]:
    """Distinct names and metadata for items known by id, from a table with a header."""
    rows = _rows(source)
    _, header = next(rows, (0, []))
    told: dict[str, list[str]] = {}
    for line, row in rows:
        if len(row) != len(header):
            raise VectorFileError(
                source.name, f"expected {len(header)} columns, found {len(row)}.", line=line
            )
        told[row[0]] = row
    if not any(name in told for name in ids):
        raise VectorFileError(
            source.name,
            f"its first column ({header[0] if header else 'none'}) holds none of the items, "
            f"such as {ids[0]!r}.",
        )
    blank = [""] * len(header)
    table = [told.get(name, blank) for name in ids]
    columns: dict[str, list[Any]] = {"id": ids}
    names = ids
    for at, column in enumerate(header[1:], 1):
        values = [row[at] for row in table]
        if _plain(column) in ("title", "name"):
            years = [YEAR.search(value) for value in values]
            names = [value or name for value, name in zip(values, ids, strict=True)]
            if any(years):
                columns["year"] = [float(year[1]) if year else None for year in years]
            continue
        if _plain(column) == "genres":
            columns["genre"] = [value.split("|")[0] for value in values]
        columns[column] = values
    return list(number_duplicates(names)[0]), Metadata(columns, rows=len(ids))
