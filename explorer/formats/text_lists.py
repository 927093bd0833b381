"""Vectors written as text: "[0.1, 0.2]", "(1 2)", "{0.1;0.2}", or bare "0.1 0.2"."""

from __future__ import annotations

import re
from typing import Any

MARKS = "[](){} \t\r\n"
_BETWEEN = r"\s*[,;\s]\s*"


def lists_from_text(texts: Any) -> Any:
    """A pyarrow list<float32> array out of an array of strings, one list for each.

    Numbers may be separated by commas, semicolons, spaces and line ends, in any mixture (NumPy
    breaks the lines of a long vector). pyarrow.ArrowInvalid where a piece is no number.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    bare = pc.utf8_trim(pc.fill_null(texts, ""), characters=MARKS)
    bare = pc.replace_substring_regex(bare, pattern=_BETWEEN, replacement=" ")
    pieces = pc.split_pattern(bare, pattern=" ")
    return pa.ListArray.from_arrays(pieces.offsets, pieces.flatten().cast(pa.float32()))


def list_from_text(text: str) -> list[float]:
    """One vector, by plain Python; ValueError says what is wrong with it.

    "[0.1, 0.2]" -> [0.1, 0.2].
    """
    numbers = []
    for piece in re.split(_BETWEEN, text.strip(MARKS)):
        if piece in ("...", "…"):
            raise ValueError(
                "the vector was shortened to '...' when it was written; write it again in full, "
                "for example with vector.tolist()"
            )
        try:
            numbers.append(float(piece))
        except ValueError:
            found = repr(piece[:40]) if piece else "nothing"
            raise ValueError(f"expected a list of numbers, found {found}") from None
    return numbers
