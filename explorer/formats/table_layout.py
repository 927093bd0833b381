"""How a text table is laid out: its delimiter, its header, and what each column holds.

Told from the first lines of the file. A column's kind is that of most of its first values, so that
a word among its numbers is an error with its line, not a column that quietly turns into text.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple, cast

from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats.columns import ITEM_COLUMNS, Kind, is_numbered
from explorer.formats.encoding import BOM, check_encoding
from explorer.formats.source import Source
from explorer.items import number_duplicates

MOST_COLUMNS = 50_000
SAMPLE_ROWS = 100
SAMPLE_LINES = 10_000  # looked at for stray quotes
SAMPLE_BYTES = 1 << 20
MISSING = frozenset(
    {
        "",
        "#N/A",
        "#N/A N/A",
        "#NA",
        "-1.#IND",
        "-1.#QNAN",
        "-NaN",
        "-nan",
        "1.#IND",
        "1.#QNAN",
        "N/A",
        "NA",
        "NULL",
        "NaN",
        "nan",
        "null",
    }
)  # fmt: skip; what data frames write for a missing number, the same as pyarrow's
_LIST_MARKS = ("[]", "()", "{}")


class Dialect(NamedTuple):
    """The marks of a text table. `decimal` is a comma where Excel follows a European country."""

    delimiter: str
    decimal: str = "."
    quoted: bool = True


DIALECTS = (
    Dialect("\t"), Dialect(","), Dialect(";"), Dialect("|"),
    Dialect("\t", ","), Dialect(";", ","), Dialect(" "),
)  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """dialect : the marks between fields and in numbers
    header : whether the first line names the columns
    names : of the columns, distinct; "column 1", … where nothing names them
    kinds : what each column holds
    """

    dialect: Dialect
    header: bool
    names: tuple[str, ...]
    kinds: dict[str, Kind]


def find_layout(source: Source) -> Layout:
    """Look at the first lines; VectorFileError where they are no table."""
    head = source.head(SAMPLE_BYTES)
    whole = len(head) < SAMPLE_BYTES
    check_encoding(head, source.name, whole=whole)
    text = head.removeprefix(BOM).decode("utf-8", "ignore")
    if not whole:
        text = text[: text.rfind("\n") + 1] or text
    dialect, rows = max(
        ((dialect, sample_rows(text, dialect)) for dialect in DIALECTS), key=_how_well_it_fits
    )
    if not rows:
        raise VectorFileError(source.name, "holds blank lines only.")
    _refuse_bare_brackets(source.name, rows)
    if dialect.quoted and quotes_mean_nothing(text, dialect):
        dialect = dialect._replace(quoted=False)
        rows = sample_rows(text, dialect)
    rows = _with_row_names_named(rows)
    width = len(rows[0])
    if width > MOST_COLUMNS:
        raise FileTooLargeError(
            source.name,
            f"has {width:,} columns, and the limit is {MOST_COLUMNS:,}; "
            "save the vectors as .npy, with the names in a file for --labels.",
        )
    below = [row for row in rows[1:] if len(row) == width]
    if len(rows) > 1 and not below:
        lines = [number for number, line in enumerate(text.split("\n"), 1) if line.strip()]
        raise VectorFileError(
            source.name,
            f"expected {width:,} columns as in the first line, found {len(rows[1]):,}.",
            line=lines[1] if len(lines) > 1 else None,  # CR alone ends no line here
        )
    kinds = [_kind(column, dialect) for column in zip(*below, strict=True)] or ["text"] * width
    header = has_header(rows[0], kinds, below, dialect)
    if not header:
        kinds = [_kind(column, dialect) for column in zip(rows[0], *below, strict=True)]
    if header:
        _refuse_repeated_dimensions(source.name, rows[0], kinds)
    names = _column_names(rows[0], kinds) if header else _made_up_names(kinds, [rows[0], *below])
    return Layout(dialect, header, names, dict(zip(names, kinds, strict=True)))


def sample_rows(text: str, dialect: Dialect) -> list[list[str]]:
    """The fields of the first lines that are not blank."""
    rows = []
    try:
        for row in reader(io.StringIO(text, newline=""), dialect):
            if row:
                rows.append(row)
            if len(rows) > SAMPLE_ROWS:
                break
    except csv.Error:  # a stray quote: the lines before it tell enough
        pass
    return rows


def reader(lines: Iterable[str], dialect: Dialect) -> Any:
    """Python's CSV reader for a dialect."""
    csv.field_size_limit(1 << 30)  # the length of lines is bounded by `Limits.line_bytes`
    if dialect.quoted:
        return csv.reader(lines, delimiter=dialect.delimiter)
    return csv.reader(lines, delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE)


def _with_row_names_named(rows: list[list[str]]) -> list[list[str]]:
    """R leaves out the header of its row names: all other lines are one field longer."""
    first, below = rows[0], rows[1:]
    words = not any(is_number(field) for field in first)
    words = words and first[0].strip().casefold() not in ITEM_COLUMNS
    if words and below and all(len(row) == len(first) + 1 for row in below):
        return [["item", *first], *below]
    return rows


def quotes_mean_nothing(text: str, dialect: Dialect) -> bool:
    """True where a field begins with '"' and does not end so, and yet all lines are as wide."""
    lines = [
        line.rstrip("\r").split(dialect.delimiter) for line in text.split("\n") if line.strip()
    ]
    lone = any(
        field.startswith('"') and (len(field) == 1 or not field.endswith('"'))
        for line in lines[:SAMPLE_LINES]
        for field in line
    )
    return lone and len({len(line) for line in lines}) == 1


def unquoted(layout: Layout) -> Layout:
    """The same table where '"' is a character like any other."""
    return replace(layout, dialect=layout.dialect._replace(quoted=False))


def _how_well_it_fits(candidate: tuple[Dialect, list[list[str]]]) -> tuple[float, float]:
    """Numbers in a typical line below the first, then the share of lines as wide as that one."""
    dialect, rows = candidate
    below = rows[1:] or rows
    widths = sorted(len(row) for row in below)
    if not widths or widths[-1] < 2:
        alone = sum(is_list(row[0], dialect) for row in below if row)
        return (1.0 if below and 2 * alone > len(below) else 0.0, 0.0)
    width = widths[len(widths) // 2]
    counts = sorted(sum(_worth(field, dialect) for field in row) for row in below)
    even = sum(len(row) == width for row in rows) / len(rows)
    return counts[len(counts) // 2] * even, even


def _worth(field: str, dialect: Dialect) -> float:
    if is_list(field, dialect):
        return 1.5  # one column with all numbers
    return float(is_number(field, dialect) and field.strip() not in MISSING)


def number(field: str, decimal: str = ".") -> float:
    """A field as a number; a missing one is NaN. ValueError for text (and for 1_000)."""
    plain = field.strip()
    if plain in MISSING:
        return float("nan")
    try:
        if "_" in plain:
            raise ValueError
        return float(plain.replace(",", ".") if decimal == "," else plain)
    except ValueError:
        raise ValueError(f"expected a number, found {field[:40]!r}") from None


def is_number(field: str, dialect: Dialect = DIALECTS[0]) -> bool:
    """True for what `number` reads; "1.5" is none where the decimal mark is a comma."""
    if dialect.decimal == "," and "." in field:
        return False
    try:
        number(field, dialect.decimal)
    except ValueError:
        return False
    return True


def is_list(field: str, dialect: Dialect = DIALECTS[0]) -> bool:
    """True for "[0.1, 0.2]", "(1 2)", "{1,2}" and for bare "0.1 0.2 0.3"."""
    field = field.strip()
    if field[:1] + field[-1:] in _LIST_MARKS:
        field = field[1:-1]
        first = re.split(r"[\s,;]+", field.strip(), maxsplit=1)[0]
        return is_number(first) and first not in MISSING
    parts = field.replace(dialect.delimiter, " ").split()
    return len(parts) > 2 and all(map(is_number, parts[:8]))


def _kind(values: Sequence[str], dialect: Dialect) -> Kind:
    present = [value for value in values if value.strip() not in MISSING]
    for kind, fits in (("number", is_number), ("numbers", is_list)):
        if present and 2 * sum(fits(value, dialect) for value in present) >= len(present):
            return cast(Kind, kind)
    return "text"


def has_header(
    first: Sequence[str], kinds: Sequence[Kind], below: Sequence[Sequence[str]], dialect: Dialect
) -> bool:
    """Whether the first line names the columns.

    It does when it has words where the lines below have numbers; or when its numbers are whole and
    rise (0, 1, 2, … or years) beside nothing or a word such as "name", or count 0, 1, 2, … above
    fractions.
    """
    if not below:
        return False
    columns = [i for i, kind in enumerate(kinds) if kind in ("number", "numbers")]
    above = [first[i].strip() for i in columns if first[i].strip()]
    numbers = set(columns)
    beside = [first[i].strip().casefold() for i in range(len(first)) if i not in numbers]
    numeric = [field for field in above if is_number(field, dialect) or is_list(field, dialect)]
    if not columns or (above and not numeric):
        return True
    if len(numeric) < 2 or not all(field.isdecimal() and len(field) < 19 for field in numeric):
        return False
    counted = [int(field) for field in numeric]
    rising = all(a < b for a, b in pairwise(counted))
    counting = counted == list(range(len(counted)))
    fractions = any(not row[i].strip().lstrip("+-").isdecimal() for row in below for i in columns)
    named = len(numeric) < len(above) or any(not word or word in ITEM_COLUMNS for word in beside)
    return rising and (named or (counting and fractions))


def _column_names(first: Sequence[str], kinds: Sequence[Kind]) -> tuple[str, ...]:
    """The header's fields, distinct; a row index without a name is called "index"."""
    names = [
        name.strip() or ("index" if i == 0 and kinds[0] == "number" else f"column {i + 1}")
        for i, name in enumerate(first)
    ]
    return tuple(number_duplicates(names)[0])


def _made_up_names(kinds: Sequence[Kind], rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """ "column 1", …; but "id" for distinct whole numbers in front of fractions."""
    names = [f"column {i + 1}" for i in range(len(kinds))]
    ids = [row[0] for row in rows]
    whole = all(field.strip().isdecimal() for field in ids) and len(set(ids)) == len(ids)
    fractions = all(not field.strip().lstrip("+-").isdecimal() for row in rows for field in row[1:])
    if len(kinds) > 1 and all(kind == "number" for kind in kinds) and whole and fractions:
        names[0] = "id"
    return tuple(names)


def _refuse_repeated_dimensions(file: str, first: Sequence[str], kinds: Sequence[Kind]) -> None:
    """x0, x0, x2: one of them would be left aside, and the vectors be too short."""
    numbers = [name.strip() for name, kind in zip(first, kinds, strict=True) if kind == "number"]
    for name, count in Counter(numbers).items():
        if count > 1 and is_numbered(name):
            raise VectorFileError(
                file, f"has {count:,} columns of numbers called {name[:40]!r}; rename them.", line=1
            )


def _refuse_bare_brackets(file: str, rows: Sequence[Sequence[str]]) -> None:
    """[0.1, 0.2] without quotes falls apart at its commas: better said than half read."""
    for row in rows:
        ends = [at for at, field in enumerate(row) if re.search(r"\d\s*[\])}]\s*$", field)]
        for field in row[: max(ends, default=0)]:
            if re.match(r"\s*[\[({]\s*[-+.\d]", field) and not is_list(field):
                raise VectorFileError(
                    file, f"the field {field.strip()[:20]!r} begins a list that does not end; "
                    "put lists in quotes, as CSV wants it: \"[0.1, 0.2]\"."
                )  # fmt: skip
