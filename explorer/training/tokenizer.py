"""What counts as a word: everything between spaces, or runs of letters and digits."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from explorer.formats.encoding import decode_utf8

Tokenizer = Literal["whitespace", "words"]
TOKENIZERS: dict[str, str] = {
    "whitespace": "whatever stands between spaces is a word",
    "words": "runs of letters and digits of any script; all else parts them (don't -> don t)",
}
CODE_POINTS = 0x110000


def spaced(piece: bytes, tokenizer: str, *, lowercase: bool, file: str, offset: int) -> bytes:
    """The same words in UTF-8, parted by ASCII white space alone; newlines stay.

    spaced(b"Don't stop.", "words", lowercase=True, ...) -> b"don t stop "

    VectorFileError with the place where `piece`, at byte `offset` of `file`, is not UTF-8.
    """
    if piece.isascii():
        if lowercase:
            piece = piece.lower()
        return piece.translate(_ascii_table(tokenizer))
    text = decode_utf8(piece, file, offset=offset)
    if lowercase:
        text = text.lower()
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    codes = np.where(_parts_words(tokenizer)[codes], np.uint32(32), codes)
    return codes.tobytes().decode("utf-32-le").encode()


@lru_cache
def _parts_words(tokenizer: str) -> NDArray[np.bool_]:
    """(0x110000,) which characters part words; a newline is left alone, it ends a line."""
    from unicodedata import category

    characters = map(chr, range(CODE_POINTS))
    if tokenizer == "whitespace":
        parts = [character.isspace() or character < " " for character in characters]
    else:  # marks belong to letters: Hindi vowels, Arabic points
        parts = [category(character)[0] not in "LNM" for character in characters]
    parts[ord("\n")] = False
    return np.array(parts)


@lru_cache
def _ascii_table(tokenizer: str) -> bytes:
    if tokenizer == "whitespace":
        return bytes(32 if code < 32 and code != 10 else code for code in range(256))
    return bytes(code if chr(code).isalnum() or code == 10 else 32 for code in range(256))
