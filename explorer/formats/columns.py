"""Which columns of a table are the vector, which one names the items: one rule for every format.

CSV, JSON lines, Parquet and Arrow files all come here with the kind of each column, and get the
same answer for the same table.

The vector, first that fits:
1. `--vector COLUMN`: a column of lists of that name; or the numbered columns COLUMN_0, COLUMN_1, …;
   or every number column whose name begins so; or that one number column.
2. The only column of lists of numbers; lists of whole numbers count only where there is no list of
   fractions. (Several: an error that names them.)
3. A numbered series of at least two number columns: dim_0, dim_1, …; x1, x2; 0, 1, 2. The longest
   one; taken by number, so that dim_10 stands behind dim_9.
4. All number columns but those that by their name are known of an item: its name, count, year, …
   (`ITEM_COLUMNS`, `ABOUT_AN_ITEM`).

The names, first that fits:
1. `--label COLUMN`.
2. A text column called item, word, token, … (`ITEM_COLUMNS`, in that order), then any text column
   from the left; then a column of ids. A column that repeats itself (fewer distinct values than
   half the rows: a class, a species) does not name anything: it is passed over and kept as
   metadata, unless it is called item, word, token or term.
3. Where only such classes are there, the items are called by class and row, "setosa · 0"; where
   no text is there at all, by their row number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from explorer.errors import VectorFileError

# number: a number a row; numbers, whole numbers: a list of them a row; text: a string a row;
# other: a date, a truth value, … ; left out: what no metadata column can hold
Kind = Literal["number", "numbers", "whole numbers", "text", "other", "left out"]

ITEM_COLUMNS = (
    "__index_level_0__",
    "item",
    "word",
    "token",
    "term",
    "name",
    "title",
    "label",
    "key",
    "symbol",
    "gene",
    "entity",
    "phrase",
    "sentence",
    "text",
    "id",
    "index",
)  # fmt: skip; the first is the row index that pandas writes into Parquet
SURE_NAMES = frozenset({"item", "word", "token", "term"})  # may repeat: homonyms are numbered
ABOUT_AN_ITEM = frozenset({
    "id", "ids", "index", "idx", "row", "count", "counts", "n", "freq", "frequency", "rank",
    "label", "class", "category", "cluster", "group", "target", "split", "fold", "year", "",
})  # fmt: skip
_NUMBER_AT_END = re.compile(r"(\d{1,9})[\])]?\Z")
_SEPARATORS = " _.:-[("


@dataclass(frozen=True)
class VectorColumns:
    """names : one column of lists, or one number column for each dimension, in order"""

    names: tuple[str, ...]
    are_lists: bool


def vector_columns(kinds: Mapping[str, Kind], wanted: str | None, file: str) -> VectorColumns:
    """The column or columns that hold the vectors (the rule stands at the top of this module).

    Raises VectorFileError when none fits or when several fit equally well.
    """
    whole = [name for name, kind in kinds.items() if kind == "whole numbers"]
    lists = [name for name, kind in kinds.items() if kind == "numbers"] or whole
    numbers = [name for name, kind in kinds.items() if kind == "number"]
    if wanted is not None:
        return _wanted_columns([*lists, *whole], numbers, wanted, file, list(kinds))
    if len(lists) > 1:
        raise VectorFileError(
            file,
            f"{len(lists)} columns hold vectors: {listed(lists)}. Choose one with --vector COLUMN.",
        )
    if lists:
        return VectorColumns(tuple(lists), are_lists=True)
    series = numbered_series(numbers)
    if series:
        longest = max(map(len, series.values()))
        best = [prefix for prefix, names in series.items() if len(names) == longest]
        if len(best) > 1:
            shown = listed([f"{p} ({series[p][0]} to {series[p][-1]})" for p in best])
            raise VectorFileError(
                file,
                f"{len(best)} numbered series of columns could be the vector: {shown}. "
                "Choose one with --vector PREFIX.",
            )
        return VectorColumns(tuple(series[best[0]]), are_lists=False)
    dimensions = [name for name in numbers if not is_about_an_item(name)]
    if not dimensions:
        raise VectorFileError(
            file,
            f"expected a column of vectors or number columns, found {listed(list(kinds))}. "
            "Is this a file of vectors? If so, name the column with --vector COLUMN.",
        )
    return VectorColumns(tuple(dimensions), are_lists=False)


def _wanted_columns(
    lists: list[str], numbers: list[str], wanted: str, file: str, known: list[str]
) -> VectorColumns:
    if wanted in lists:
        return VectorColumns((wanted,), are_lists=True)
    series = numbered_series(numbers)
    prefix = wanted.rstrip(" _.:-[(")
    for name in (wanted, prefix):
        if name in series and name:
            return VectorColumns(tuple(series[name]), are_lists=False)
    if wanted in numbers:
        return VectorColumns((wanted,), are_lists=False)
    begin = tuple(name for name in numbers if name.startswith(wanted))
    if begin and wanted:
        return VectorColumns(begin, are_lists=False)
    raise VectorFileError(
        file,
        f"no column of numbers is called {wanted!r} or begins so; the columns are {listed(known)}.",
    )


def is_numbered(name: str) -> bool:
    """True for "x0", "dim_12", "0": a name that ends in a number."""
    return _number_at_end(name) is not None


def numbered_series(names: Sequence[str]) -> dict[str, list[str]]:
    """Columns whose names differ in a number at the end only, in the order of that number.

    ["x2", "x10", "x1", "count"] -> {"x": ["x1", "x2", "x10"]}; a series has two columns or more.
    """
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for name in names:
        parts = _number_at_end(name.strip())
        if parts:
            found[parts[0]].append((parts[1], name))
    return {
        prefix: [name for _, name in sorted(members, key=lambda member: member[0])]
        for prefix, members in found.items()
        if len(members) > 1
    }


def _number_at_end(name: str) -> tuple[str, int] | None:
    """ "dim_12" -> ("dim", 12), "v[3]" -> ("v", 3); None without a number at the end."""
    match = _NUMBER_AT_END.search(name, max(0, len(name) - 10))  # nine digits and a bracket
    return None if match is None else (name[: match.start()].rstrip(_SEPARATORS), int(match[1]))


def is_about_an_item(name: str) -> bool:
    """True for "count", "movieId", "word_count": by its last word no dimension of a vector."""
    words = re.sub(r"([a-z])([A-Z])", r"\1 \2", name)
    last = re.split(r"[^A-Za-z0-9]+", words.strip())[-1].casefold()
    return (
        last in ABOUT_AN_ITEM
        or last in ITEM_COLUMNS
        or name.startswith(("Unnamed: ", "__index_level_"))
    )


def first_columns(names: Sequence[str], wanted: str | None, most: int) -> list[str]:
    """At most `most` of the columns, in their order: those that may name the items, then others."""
    if len(names) <= most:
        return list(names)
    chosen = set(label_order(names)[:most])
    return [name for name in names if name in chosen or name == wanted]


def label_order(names: Sequence[str]) -> list[str]:
    """Columns in the order in which they are tried as the items' names.

    ["class", "word"] -> ["word", "class"].
    """
    known = {name: place for place, name in enumerate(ITEM_COLUMNS)}
    return sorted(names, key=lambda name: known.get(name.strip().casefold(), len(known)))


@dataclass(frozen=True)
class Names:
    """names : one for each row, or None where nothing names them
    column : the column they were taken from whole, which then is no metadata
    """

    names: list[str] | None
    column: str | None


def item_names(
    columns: Mapping[str, Any], texts: Sequence[str], wanted: str | None, file: str
) -> Names:
    """The items' names out of the columns that are not the vector.

    columns : all of them, an array or sequence each, in row order
    texts : the names of those that hold text
    """
    if wanted is not None:
        if wanted not in columns:
            raise VectorFileError(
                file,
                f"no column {wanted!r} to take the items' names from; "
                f"besides the vector there {'are' if len(columns) > 1 else 'is'} "
                f"{listed(list(columns)) or 'no column'}.",
            )
        return Names(_strings(columns[wanted]), wanted)
    classes: list[str] | None = None
    for name in label_order(texts):
        values = _strings(columns[name])
        if name.strip().casefold() in SURE_NAMES or not repeats(values):
            return Names(values, name)
        if classes is None and not any(value == "" for value in values):
            classes = values
    for name in label_order([name for name in columns if name not in texts]):
        if name.strip().casefold() in ITEM_COLUMNS or name.casefold().endswith(("_id", " id")):
            values = _strings(columns[name])
            if not repeats(values):
                return Names(values, name)
    return Names(None if classes is None else numbered_classes(classes), None)


def repeats(values: Sequence[str]) -> bool:
    """True when fewer than half of the values are distinct: classes, not names."""
    return 2 * len(set(values)) < len(values)


def numbered_classes(values: Sequence[str]) -> list[str]:
    """Names for items of which only the class is known: the class and the row, from 0.

    ["7", "2", "7"] -> ["7 · 0", "2 · 1", "7 · 2"].
    """
    return [f"{value} · {row}" for row, value in enumerate(values)]


def listed(names: Sequence[str], most: int = 8) -> str:
    """ "a, b, c and 12 more", for messages."""
    shown = ", ".join(name if name.strip() else repr(name) for name in names[:most])
    return f"{shown} and {len(names) - most:,} more" if len(names) > most else shown


def _strings(values: Any) -> list[str]:
    plain = values.tolist() if hasattr(values, "tolist") else values
    return ["" if value is None else str(value) for value in plain]
