"""A person's own texts as a space: sentences, titles, reviews; their vectors are made here.

    space_of_texts(["The harbour was calm.", "A storm came up."])
    space_of_text_file("reviews.csv", column="review")

The vectors are WordLlama's: the mean of the vectors of a text's tokens, taken from a large language
model's table and trained on so that cosine tells meaning (`explorer/texts/model.py`). Word order is
not seen: "dog bites man" and "man bites dog" are one point.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from explorer.errors import ExplorerError
from explorer.formats import File
from explorer.limits import Limits
from explorer.space import EmbeddingSpace, Finding

LONGEST_NAME = 120  # characters of a text that its item is called by
TEXT = "text"  # the column that holds the whole texts, where names had to be cut


def space_of_texts(
    texts: Sequence[str],
    *,
    metadata: Mapping[str, Any] | None = None,
    name: str = "own texts",
    source: str = "own texts",
    column: str = "",
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    on_progress: Callable[[float], None] = lambda share: None,
) -> EmbeddingSpace:
    """One item a text, with 256 dimensions to be compared by cosine.

    metadata : columns, one value a text
    source, column : where they come from, for the provenance
    on_progress : told the share of the work that is done, from 0 to 1

    An item is called by its text, cut after 120 characters; then the whole stands in the column
    "text". Blank texts are left out and counted.

    Raises MissingDependencyError without the package wordllama, ExplorerError without texts.
    """
    from explorer.formats.assemble import assemble
    from explorer.formats.options import Options
    from explorer.formats.raw import RawVectors
    from explorer.metadata import Metadata
    from explorer.objects.origin import ObjectOrigin
    from explorer.texts.model import DESCRIPTION, embed

    columns = Metadata({**(metadata or {})}, rows=len(texts))
    usable = [row for row, text in enumerate(texts) if text.strip()]
    if not usable:
        raise ExplorerError(f"{source}: expected texts, found {len(texts):,} blank ones.")
    kept = [texts[row] for row in usable]
    columns = columns.take(usable) if len(columns) else Metadata()
    names = [short_name(text) for text in kept]
    if names != kept:
        columns = columns.with_column(TEXT, kept)
    vectors = embed(kept, limits=limits, on_progress=on_progress)
    origin = f"{DESCRIPTION}, column {column!r}" if column else DESCRIPTION
    raw = RawVectors(
        vectors, origin, names, metadata=dict(columns), trained_with="cosine",
        place=lambda row: f"text {usable[row] + 1:,}",
    )  # fmt: skip
    if len(usable) < len(texts):
        raw.findings.append(Finding("blank texts", len(texts) - len(usable), "left out"))
    return assemble(raw, ObjectOrigin(source, name, limits), Options())


def space_of_text_file(
    file: File,
    *,
    column: str | None = None,
    limit: int | None = None,
    name: str | None = None,
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    on_progress: Callable[[float], None] = lambda share: None,
) -> EmbeddingSpace:
    """The texts of a file: a column of a table (CSV, TSV, JSON lines, Parquet), or its lines.

    column : which; the column of text with the longest values unless given. The others become
        metadata.
    limit : take only so many, the first
    """
    from explorer.formats.source import Source
    from explorer.texts.reading import read_texts

    with Source.open(file, limits=limits) as source:
        found = read_texts(source, column, limit)
        return space_of_texts(
            found.texts, metadata=found.metadata, name=name or source.stem, source=source.name,
            column=found.column, limits=limits, on_progress=on_progress,
        )  # fmt: skip


def short_name(text: str) -> str:
    """A text on one line, cut after 120 characters."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_NAME else line[: LONGEST_NAME - 1].rstrip() + "…"
