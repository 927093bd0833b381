"""The texts in a file: one column of a table, or one a line."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.errors import VectorFileError
from explorer.formats.beside import Columns, read_columns
from explorer.formats.columns import listed
from explorer.formats.source import Source

LINES = "label"  # what `read_columns` calls the lines of a file that is no table
LOOKED_AT = 200  # values of a column, to tell texts from classes


@dataclass(frozen=True)
class FoundTexts:
    """column : the one they stand in; "" where the file is no table
    metadata : the other columns
    """

    texts: list[str]
    metadata: Columns
    column: str


def read_texts(source: Source, column: str | None, limit: int | None = None) -> FoundTexts:
    """VectorFileError where there is no such column, or none that holds text."""
    columns = read_columns(source, None)
    of_text = {name: values for name, values in columns.items() if values.dtype == object}
    if column is not None and column not in of_text:
        problem = "holds no text" if column in columns else "is not there"
        raise VectorFileError(
            source.name,
            f"column {column!r} {problem}; columns of text are {listed(list(of_text)) or 'none'}.",
        )
    if not of_text:
        raise VectorFileError(source.name, "expected a column of texts, or one text a line.")
    chosen = column or max(of_text, key=lambda name: sum(map(len, of_text[name][:LOOKED_AT])))
    cut = {name: values[:limit] for name, values in columns.items()}
    texts = [str(text) for text in cut.pop(chosen).tolist()]
    alone = chosen == LINES and not cut
    return FoundTexts(texts, cut, "" if alone else chosen)
