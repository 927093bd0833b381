"""One odd or hostile input, and what must come of it: a right load, or one clear sentence."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from explorer.errors import ExplorerError
from explorer.limits import Limits
from explorer.space import EmbeddingSpace

Writer = Callable[[Path], object]  # makes the file at this path, alone in its folder at first

SMALL = Limits(
    expanded_bytes=1 << 25, line_bytes=1 << 20, name_characters=1_000, cells=2_000_000
)  # as a careful server sets them: what lies beyond is made in a moment
LONGEST_MESSAGE = 700
NOT_FOR_PEOPLE = ("Traceback", " object at 0x", "0x7f", "<class", "errno", "std::", "/tmp/")


@dataclass(frozen=True)
class Expect:
    """What may come of a case.

    space : what a loaded space must be like (AssertionError tells); None where it must not load
    words : a refusal holds all of them; None where it must load
    """

    space: Callable[[EmbeddingSpace], None] | None = None
    words: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Case:
    """file, content : the name of the input, and its bytes or who writes them
    beside : other files of the folder; an option that is called like one of them means that file
    options : of `explorer.load`
    upload : tried as an uploaded file too, not by its path alone
    """

    name: str
    file: str
    content: bytes | Writer
    expect: Expect
    beside: Mapping[str, bytes] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = SMALL
    upload: bool = True


def right(
    names: Sequence[str] | None = None,
    vectors: Any = None,
    *,
    found: Sequence[str] = (),
    also: Callable[[EmbeddingSpace], None] | None = None,
) -> Expect:
    """It loads: these names, these numbers to the last bit of float32, these words in findings."""

    def check(space: EmbeddingSpace) -> None:
        if names is not None:
            assert list(space.items) == list(names), f"names {list(space.items)[:8]}"
        if vectors is not None:
            wanted = np.asarray(vectors, dtype=np.float32)
            assert space.vectors.shape == wanted.shape, f"shape {space.vectors.shape}"
            assert np.array_equal(space.vectors, wanted), f"numbers {space.vectors[:3]}"
        told = "; ".join(map(str, space.provenance.findings))
        for words in found:
            assert words in told, f"findings {told!r}"
        if also is not None:
            also(space)

    return Expect(space=check)


def refused(*words: str) -> Expect:
    """One sentence that holds these words."""
    return Expect(words=words)


def right_or_refused(expected: Expect) -> Expect:
    """Where a cut file may still be whole: what loads is as expected, or it is refused."""
    return Expect(space=expected.space, words=())


def beginning(names: Sequence[str], vectors: Any) -> Expect:
    """A cut file: refused, or its first rows, of which the last may be cut itself."""
    whole = np.asarray(vectors, dtype=np.float32)

    def check(space: EmbeddingSpace) -> None:
        n = len(space)
        assert list(space.items)[: n - 1] == list(names)[: n - 1]
        assert n == 1 or np.array_equal(space.vectors[: n - 1], whole[: n - 1])

    return Expect(space=check, words=())


def cuts(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The content cut at every 64th byte, in the first few, and before the last."""
    places = {1, 4, 8, 9, 12, 16, 32, *range(64, len(content), 64), len(content) - 1}
    for place in sorted(place for place in places if 0 < place < len(content)):
        yield place, content[:place]


def assert_one_clear_sentence(error: ExplorerError, file: str, words: Sequence[str]) -> None:
    """Short, in one line, with the place and the remedy, and nothing that only we understand."""
    text = str(error)
    assert len(text) <= LONGEST_MESSAGE, f"{len(text)} characters: {text[:200]} …"
    assert "\n" not in text, repr(text)
    assert text.rstrip()[-1:] in tuple(".?)…"), text
    for sign in NOT_FOR_PEOPLE:
        assert sign not in text, text
    for word in words:
        assert word in text, text
    assert not any(ord(sign) < 32 or sign in "\u202e\u2066\u2067" for sign in text), repr(text)


def named(content: bytes, name: str) -> io.BytesIO:
    """An uploaded file as Streamlit hands it over: bytes in memory with a name."""
    upload = io.BytesIO(content)
    upload.name = name
    return upload
