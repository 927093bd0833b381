"""Our docstrings are plain text: this gives them to Sphinx as the markup it expects.

name : what it is        ->  a list of definitions
    indented lines       ->  set as they stand
a table  of columns      ->  set as it stands
everything else          ->  text, in which *, |, _ and ` mean themselves
"""

import re
from collections.abc import Iterator

from sphinx.application import Sphinx

DEFINITION = re.compile(r"(?P<names>\*{0,2}\w+(?:, \*{0,2}\w+)*) : (?P<meaning>\S.*)")
COLUMNS = re.compile(r"\S {2,}\S")
CODE = re.compile(r"`([^`]+)`")
MARKUP = re.compile(r"([\\*|_])")


def in_markup(lines: list[str]) -> list[str]:
    """The lines of a docstring as reStructuredText.

    in_markup(["n : how many"]) -> ["n", "    how many", ""]
    """
    return [line for paragraph in _paragraphs(lines) for line in (*_marked_up(paragraph), "")]


def _paragraphs(lines: list[str]) -> Iterator[list[str]]:
    paragraph: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            paragraph.append(line)
        elif paragraph:
            yield paragraph
            paragraph = []


def _marked_up(paragraph: list[str]) -> list[str]:
    if len(paragraph) > 1 and set(paragraph[1]) == {"-"}:  # "Parameters", "Returns"
        return [*paragraph[:2], *_marked_up(paragraph[2:])] if paragraph[2:] else paragraph
    if all(line.startswith("    ") for line in paragraph) or _is_table(paragraph):
        return ["::", "", *("    " + line for line in paragraph)]
    if DEFINITION.match(paragraph[0]):
        return list(_definitions(paragraph))
    return [_text(line.strip()) for line in paragraph]


def _is_table(paragraph: list[str]) -> bool:
    return sum(bool(COLUMNS.search(line)) for line in paragraph) > 1


def _definitions(paragraph: list[str]) -> Iterator[str]:
    for line in paragraph:
        if found := DEFINITION.match(line):
            yield _text(found["names"])
            yield "    " + _text(found["meaning"])
        else:
            yield "    " + _text(line.strip())


def _text(line: str) -> str:
    """A line of text; `name` becomes code, and what reStructuredText would read as markup text."""
    pieces = CODE.split(line)
    pieces[::2] = [MARKUP.sub(r"\\\1", piece) for piece in pieces[::2]]
    pieces[1::2] = [f"``{piece}``" for piece in pieces[1::2]]
    return "".join(pieces)


def _on_docstring(
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    lines[:] = in_markup(lines)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx; before napoleon, which reads the sections."""
    app.connect("autodoc-process-docstring", _on_docstring, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
