"""What a person may say about a file besides its name."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.formats.source import Source


@dataclass(frozen=True)
class Options:
    """Choices for reading one file; a reader uses those that mean something to its format.

    vector : the column (array, tensor, key) that holds the vectors
    label : the column that holds the items' names
    limit : read only the first so many items; a reader may hand over more, never fewer
    seed : the items are not the first but a random sample, drawn by it (see `sample`)
    metadata : a second file with columns for the items; joined after reading (`assemble`)
    labels : a second file with the items' names; joined after reading (`assemble`)
    """

    vector: str | None = None
    label: str | None = None
    limit: int | None = None
    seed: int | None = None
    metadata: Source | None = None
    labels: Source | None = None
