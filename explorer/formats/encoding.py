"""Text is UTF-8, or the error says at which byte and line it is not."""

from __future__ import annotations

from explorer.errors import VectorFileError

BOM = b"\xef\xbb\xbf"  # UTF-8's own mark, which Excel writes: allowed, and skipped
_OTHER_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


def decode_utf8(data: bytes, file: str, *, offset: int = 0, line: int = 1) -> str:
    """`data`, which begins at byte `offset` and line `line` of `file`, as text.

    decode_utf8(b"caf\\xe9 1 2", "a.txt") reads: a.txt, line 1: byte 3 (0xE9) is not UTF-8; …
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        at = error.start
        raise VectorFileError(
            file,
            f"byte {offset + at:,} (0x{data[at]:02X}) is not UTF-8; save the file as UTF-8 "
            f"(iconv -f latin1 -t utf8, if it is Latin-1).",
            line=line + data.count(b"\n", 0, at),
        ) from None


def check_encoding(head: bytes, file: str, *, whole: bool = False) -> None:
    """Refuse text in UTF-16 or UTF-32, or with bytes in its head that no UTF-8 text holds.

    head : the first bytes; the last character may be cut unless they are the `whole` file
    """
    for mark, encoding in _OTHER_MARKS.items():
        if head.startswith(mark):
            raise VectorFileError(
                file,
                f"byte 0 (0x{head[0]:02X}) begins a {encoding} mark; save the file as UTF-8 "
                f"(iconv -f {encoding.lower()} -t utf8).",
                line=1,
            )
    decode_utf8(head if whole else cut_character_dropped(head), file)


def cut_character_dropped(data: bytes) -> bytes:
    """`data` without a UTF-8 character at its end that is not complete."""
    for back in range(1, min(4, len(data) + 1)):
        byte = data[-back]
        if byte >= 0xC0:
            wanted = 2 + (byte >= 0xE0) + (byte >= 0xF0)
            return data[:-back] if wanted > back else data
        if byte < 0x80:
            return data
    return data
