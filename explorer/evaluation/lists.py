"""Lists with known answers: pairs of words that people scored, and analogy questions.

Text, UTF-8, one a line, as they are published: `word word score` with tabs, spaces, commas or
semicolons between, perhaps under a header (WordSim-353, SimLex-999); `a b c d` in groups that begin
with `: name` (Google's questions). Empty lines and lines that begin with # are skipped.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from explorer.errors import ExplorerError
from explorer.formats.encoding import BOM, decode_utf8
from explorer.formats.source import Source
from explorer.limits import UPLOAD, Limits
from explorer.whole_file import written_whole

File = str | Path | BinaryIO


class ListFileError(ExplorerError):
    """A list could not be read: which file, which line, why."""

    def __init__(self, file: str, line: int | None, problem: str) -> None:
        self.file, self.line = file, line
        super().__init__(f"{file}{f', line {line:,}' if line else ''}: {problem}")


@dataclass(frozen=True)
class ScoredPair:
    """Two words and how alike, or how related, people found them; in the list's own unit."""

    first: str
    second: str
    score: float


@dataclass(frozen=True)
class PairList:
    """Pairs of words with scores, in the order of the file."""

    name: str
    pairs: tuple[ScoredPair, ...]


@dataclass(frozen=True)
class Question:
    """`a` is to `b` as `c` is to `d`, in a group such as "capital-world"."""

    a: str
    b: str
    c: str
    d: str
    group: str


@dataclass(frozen=True)
class QuestionList:
    """Analogy questions, in the order of the file."""

    name: str
    questions: tuple[Question, ...]


def read_pairs(file: File, *, name: str | None = None, limits: Limits = UPLOAD) -> PairList:
    """Read scored pairs; ListFileError with the line where one is not two words and a number."""
    name, lines = _lines(file, name, limits)
    pairs: list[ScoredPair] = []
    first = True
    for number, line in lines:
        fields = _fields(line)
        score = _number(fields[2]) if len(fields) == 3 else None
        if score is None:
            if first:  # a header may have any form
                first = False
                continue
            raise ListFileError(
                name, number, f"expected two words and a score, found {_shown(line)}."
            )
        first = False
        pairs.append(ScoredPair(fields[0], fields[1], score))
    if not pairs:
        raise ListFileError(name, None, "holds no line of two words and a score.")
    return PairList(name, tuple(pairs))


def read_questions(file: File, *, name: str | None = None, limits: Limits = UPLOAD) -> QuestionList:
    """Read analogy questions; ListFileError with the line where one is not four words."""
    name, lines = _lines(file, name, limits)
    questions: list[Question] = []
    group = "all"
    for number, line in lines:
        if line.startswith(":"):
            group = line[1:].strip() or "all"
            continue
        words = _fields(line)
        if len(words) != 4:
            raise ListFileError(
                name, number, f"expected four words (or ': group'), found {_shown(line)}."
            )
        questions.append(Question(words[0], words[1], words[2], words[3], group))
    if not questions:
        raise ListFileError(name, None, "holds no line of four words.")
    return QuestionList(name, tuple(questions))


def write_pairs(pairs: PairList, file: str | Path) -> None:
    """The list as `read_pairs` reads it."""
    _write(file, (f"{pair.first}\t{pair.second}\t{pair.score:g}\n" for pair in pairs.pairs))


def write_questions(questions: QuestionList, file: str | Path) -> None:
    """The list as `read_questions` reads it."""
    lines, group = [], None
    for one in questions.questions:
        if one.group != group:
            group = one.group
            lines.append(f": {group}\n")
        lines.append(f"{one.a} {one.b} {one.c} {one.d}\n")
    _write(file, lines)


def _write(file: str | Path, lines: Iterable[str]) -> None:
    with written_whole(file) as whole:
        whole.write("".join(lines).encode())


def _lines(file: File, name: str | None, limits: Limits) -> tuple[str, Iterator[tuple[int, str]]]:
    """The file's name, and its lines that say something, with their numbers."""
    with Source.open(file, name=name, limits=limits) as source, source.stream() as stream:
        text = decode_utf8(stream.read().removeprefix(BOM), source.name)
    stripped = ((number, line.strip()) for number, line in enumerate(text.split("\n"), start=1))
    return source.name, ((n, line) for n, line in stripped if line and not line.startswith("#"))


def _fields(line: str) -> list[str]:
    """By the first of these that the line holds: tab, semicolon, comma; else by spaces."""
    for separator in "\t;,":
        if separator in line:
            return [field.strip() for field in line.split(separator)]
    return line.split()


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _shown(line: str) -> str:
    return repr(line if len(line) <= 60 else line[:57] + "…")
