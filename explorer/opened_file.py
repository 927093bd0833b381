"""The file a person named on the command line, and what they said about it.

`python -m explorer FILE --label word` reads FILE first and then starts the app, handing these same
choices on as the app's own script arguments; the app reads them with `parse_arguments`. A text to
train on (`--corpus FILE`) and texts that get vectors (`texts FILE`) go the same way. Nobody but who
starts the server names a path on it.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from explorer.space import EmbeddingSpace

HANDED_ON = "--open"  # what the script arguments begin with when they are ours
HANDED_CORPUS = "--corpus"
HANDED_TEXTS = "--texts"
SECOND_FILES = ("labels", "metadata")


@dataclass(frozen=True)
class OpenedFile:
    """A file of vectors and how to read it.

    path : the file (or a folder of the Embedding Projector)
    labels, metadata : second files: the items' names, columns for the items
    vector, label : the columns that hold the vectors and the names
    limit : read only the first so many items
    page : the address below the app's at which it is shown
    """

    page: ClassVar[str] = ""
    path: str
    labels: str | None = None
    metadata: str | None = None
    vector: str | None = None
    label: str | None = None
    limit: int | None = None

    def open(self) -> EmbeddingSpace:
        """Read it; an ExplorerError tells file, place and remedy."""
        from explorer.formats import load

        return load(
            self.path,
            labels=self.labels,
            metadata=self.metadata,
            vector=self.vector,
            label=self.label,
            limit=self.limit,
        )

    def script_arguments(self) -> list[str]:
        """What parse_arguments turns back into this: absolute paths, and only what was said."""
        arguments = [HANDED_ON, str(Path(self.path).absolute())]
        for name in SECOND_FILES:
            file = getattr(self, name)
            if file is not None:
                arguments += [f"--{name}", str(Path(file).absolute())]
        for name in ("vector", "label", "limit"):
            choice = getattr(self, name)
            if choice is not None:
                arguments.append(f"--{name}={choice}")  # one argument: a column may begin with "-"
        return arguments


@dataclass(frozen=True)
class OpenedTexts:
    """A file of texts that get vectors here.

    path : a table or lines; column : the one of the texts; limit : only the first so many
    """

    page: ClassVar[str] = ""
    path: str
    column: str | None = None
    limit: int | None = None

    def open(self) -> EmbeddingSpace:
        """Read them and make their vectors."""
        from explorer.texts import space_of_text_file

        return space_of_text_file(self.path, column=self.column, limit=self.limit)

    def script_arguments(self) -> list[str]:
        """What parse_arguments turns back into this."""
        arguments = [HANDED_TEXTS, str(Path(self.path).absolute())]
        chosen = {"column": self.column, "limit": self.limit}
        return arguments + [f"--{name}={v}" for name, v in chosen.items() if v is not None]


@dataclass(frozen=True)
class OpenedCorpus:
    """A text to train on, shown on the Train page, where it is read and cut into words."""

    page: ClassVar[str] = "train"
    path: str

    def check(self) -> None:
        """ExplorerError where it is no text that can be read; its first part is looked at."""
        from explorer.errors import VectorFileError
        from explorer.formats.encoding import check_encoding
        from explorer.formats.source import Source

        with Source.open(self.path) as source:
            head = source.head()
            check_encoding(head, source.name)
            if not head.strip():
                raise VectorFileError(source.name, "holds no words.")

    def script_arguments(self) -> list[str]:
        """What parse_corpus turns back into this."""
        return [HANDED_CORPUS, str(Path(self.path).absolute())]


def parse_corpus(arguments: Sequence[str]) -> OpenedCorpus | None:
    """The text handed to the app; None when its script arguments are not ours."""
    if len(arguments) != 2 or arguments[0] != HANDED_CORPUS:
        return None
    return OpenedCorpus(arguments[1])


def parse_arguments(arguments: Sequence[str]) -> OpenedFile | OpenedTexts | None:
    """The vectors or texts handed to the app, or None when its script arguments are not ours.

    parse_arguments(["--open", "/tmp/a.npy", "--limit=5"]) -> OpenedFile("/tmp/a.npy", limit=5)
    """
    handed = next(iter(arguments), None)
    parser = argparse.ArgumentParser(allow_abbrev=False)
    if handed == HANDED_TEXTS:
        parser.add_argument(HANDED_TEXTS, dest="file")
        add_text_options(parser)
        chosen = parser.parse_args(arguments)
        return OpenedTexts(chosen.file, chosen.column, chosen.limit)
    if handed != HANDED_ON:
        return None
    parser.add_argument(HANDED_ON, dest="file")
    add_reading_options(parser)
    return from_namespace(parser.parse_args(arguments))


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """The options that say how to read a file, for this module's parser and the command line's."""
    parser.add_argument(
        "--metadata",
        metavar="FILE",
        help="a CSV or TSV file with columns for the items, in the same order, with a header",
    )
    parser.add_argument(
        "--labels", metavar="FILE", help="a file with the items' names, one a line, in row order"
    )
    parser.add_argument("--vector", metavar="COLUMN", help="the column that holds the vectors")
    parser.add_argument("--label", metavar="COLUMN", help="the column that holds the names")
    _add_limit(parser)


def add_text_options(parser: argparse.ArgumentParser) -> None:
    """The options that say which texts of a file are meant."""
    parser.add_argument(
        "--column",
        metavar="NAME",
        help="the column that holds the texts; default: that with the longest",
    )
    _add_limit(parser)


def _add_limit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--limit", metavar="N", type=whole_number, help="read only the first N items of the file"
    )


def from_namespace(chosen: argparse.Namespace) -> OpenedFile:
    """The parsed options, and the file of `chosen.file`."""
    return OpenedFile(
        chosen.file, chosen.labels, chosen.metadata, chosen.vector, chosen.label, chosen.limit
    )


def whole_number(text: str) -> int:
    """A whole number of at least 1, for argparse."""
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"needs a whole number of at least 1; got {text!r}.")
    return int(text)
