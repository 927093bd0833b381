"""The errors a visitor may see: one sentence each, saying what was wanted, what came, what to do.

Everything that a person can cause ends in an `ExplorerError`; a page shows its text as it stands,
and any other exception is a fault of ours that goes to the log.
"""

from __future__ import annotations

from collections.abc import Sequence

LONGEST_FILE, LONGEST_PROBLEM = 120, 500  # characters: a file may hold, and be called, anything


def one_line(text: str, most: int) -> str:
    """Text as an error may quote it: no control characters, none that turn the writing round.

    What is longer than `most` loses its middle, so that the remedy at the end stays.
    """
    plain = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
    if len(plain) <= most:
        return plain
    end = most // 3
    return f"{plain[: most - end - 3]} … {plain[-end:]}"


class ExplorerError(ValueError):
    """The parent of all errors meant for the person who uses the program."""


class UnknownItemError(ExplorerError):
    """An item was asked for that the space does not hold.

    UnknownItemError("kings", 5000, "toy-50", ["king"]) reads:
    'kings' is not among the 5,000 items of toy-50. Did you mean king?
    """

    def __init__(self, item: str, count: int, space: str, suggestions: Sequence[str] = ()) -> None:
        self.item = item
        self.suggestions = tuple(suggestions)
        hint = f" Did you mean {' or '.join(suggestions)}?" if suggestions else ""
        super().__init__(f"{item!r} is not among the {count:,} items of {space}.{hint}")


class VectorFileError(ExplorerError):
    """A file could not be read as vectors: which file, where in it, why, and the remedy."""

    def __init__(self, file: str, problem: str, *, line: int | None = None) -> None:
        file, problem = one_line(file, LONGEST_FILE), one_line(problem, LONGEST_PROBLEM)
        self.file = file
        self.line = line
        self.problem = problem
        place = f"{file}, line {line:,}" if line is not None else file
        ExplorerError.__init__(self, f"{place}: {problem}")


class LimitError(ExplorerError):
    """Something is larger than the limit that keeps the program safe.

    rows : the number of items that would fit, where that is known
    """

    def __init__(self, message: str, *, rows: int | None = None) -> None:
        self.rows = rows
        super().__init__(message)


class FileTooLargeError(VectorFileError, LimitError):
    """A file holds, or unpacks to, more than its limit; `rows` of its items would fit."""

    def __init__(
        self, file: str, problem: str, *, line: int | None = None, rows: int | None = None
    ) -> None:
        VectorFileError.__init__(self, file, problem, line=line)
        self.rows = rows or None


class MissingDependencyError(ExplorerError):
    """An optional package is needed; the message names the command that installs it."""

    def __init__(self, what: str, package: str) -> None:
        self.package = package
        super().__init__(f"{what} needs the package {package}: pip install {package}")


class Cancelled(Exception):
    """Long work was stopped because its owner asked for it: not an error."""
