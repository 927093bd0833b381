"""What kind of file this is, told from its first bytes; the extension only breaks ties.

Binary formats have a signature. Text is split at spaces, tabs, commas or semicolons, whichever
leaves most numbers, and then has one of four shapes:

    3 50               a header "items dimensions", then a name and numbers:  word2vec text
    the 0.1 0.2        a name and numbers                                      GloVe
    word,x,y           names of columns, then values                           table
    0.1 0.2            numbers alone                                           projector tensors
"""

from __future__ import annotations

import re

from explorer.errors import FileTooLargeError, VectorFileError
from explorer.formats.encoding import BOM, check_encoding
from explorer.formats.source import Source
from explorer.formats.vector_lines import NUMBER as VECTOR_NUMBER

PICKLE = re.compile(
    rb"\x80[\x02-\x05]"  # protocols 2 to 5
    rb"|c[\w.]+\n[\w.]+\n"  # protocol 0: a global name first
    rb"|\([dl]p\d+\n"  # protocol 0: a dictionary or list first
    rb"|[}\])]q\x00"  # protocol 1
)
HEADER = re.compile(rb"[ \t]*(\d+)[ \t]+(\d+)[ \t]*\r?\n")
LINE_HEAD_BYTES = 1 << 20  # of a file whose first line is longer than the head: 30,000 columns
JSON_BEGINS = re.compile(r'\s*(\{\s*["}]|\[\s*[\[{])')
NUMBER = re.compile(
    r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?(nan|inf|infinity)", re.IGNORECASE
)
SIGNATURES = {
    b"\x93NUMPY": "npy",
    (793_712_314).to_bytes(4, "little"): "fasttext_model",
    b"PAR1": "parquet",
    b"ARROW1": "arrow",
    b"\xff\xff\xff\xff": "arrow",  # a stream rather than a file
    b"FEA1": "arrow",  # Feather, version 1
    b"\x89HDF\r\n\x1a\n": "anndata",
    b"\x89PNG\r\n\x1a\n": "sprite",
    b"\xff\xd8\xff": "sprite",  # JPEG
}
KNOWN = (
    "word2vec or GloVe text, word2vec binary, fastText models, .npy, .npz, CSV, TSV, JSON lines, "
    "Parquet, Arrow, safetensors, Embedding Projector files, .h5ad"
)
SAMPLE_LINES = 20
BINARY = 0.02  # the share of control bytes from which data is no text


def detect(source: Source) -> str:
    """The key in `READERS` of the format that the first bytes show.

    VectorFileError for pickles (with a line on how to convert), text that is not UTF-8, and
    whatever holds no vectors.
    """
    head = source.head()
    if source.suffix == ".bytes":
        return "projector_bytes"  # raw numbers: any first bytes are possible
    if kind := _binary_signature(source, head):
        return kind
    if _is_word2vec_binary(head):
        return "word2vec_binary"
    if _control_share(head) > BINARY and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise VectorFileError(source.name, f"is of no kind known here; known are {KNOWN}.")
    return _text_shape(source, head)


def _binary_signature(source: Source, head: bytes) -> str | None:
    if PICKLE.match(head) or _is_torch(head):
        raise VectorFileError(source.name, _how_to_convert(source.suffix))
    if head.startswith(b"PK\x03\x04"):
        return "projector_zip" if b"tensors.tsv" in head[30:300] else "npz"
    if 2 <= int.from_bytes(head[:8], "little") < 1 << 32 and head[8:10] in (b'{"', b"{}", b"{ "):
        return "safetensors"
    return next((kind for mark, kind in SIGNATURES.items() if head.startswith(mark)), None)


def _is_torch(head: bytes) -> bool:
    return head.startswith(b"PK\x03\x04") and b"data.pkl" in head[30:300]


def _how_to_convert(suffix: str) -> str:
    """Pickles can run any program when they are opened: say how their owner gets a safe file."""
    if suffix == ".model":
        way = 'gensim: model.wv.save_word2vec_format("vectors.bin", binary=True)'
    elif suffix in (".pt", ".pth", ".bin", ".ckpt"):
        way = 'PyTorch: numpy.save("vectors.npy", weight.detach().numpy())'
    else:
        way = 'Python: numpy.savez("vectors.npz", vectors=vectors, names=names)'
    return f"is a pickle, which can run any program when opened, so it is not; save with {way}."


def _is_word2vec_binary(head: bytes) -> bool:
    """A header "items dimensions" with something other than text after it."""
    header = HEADER.match(head)
    if not header:
        return False
    body = head[header.end() :]
    if _is_text_row(body, int(header[2][:7])):
        return False
    if _control_share(body) > BINARY:
        return True
    number = body[body.find(b" ") + 1 :][:8].split(b"\n")[0]  # of the first item, if it is text
    return not number.isascii() and not _is_utf8(body)


def _is_text_row(body: bytes, d: int) -> bool:
    """Whether the first line reads as a name and d numbers, whatever bytes the name has."""
    words = body.partition(b"\n")[0].split()
    return 0 < d < len(words) and all(map(VECTOR_NUMBER.fullmatch, words[-d:]))


def _control_share(data: bytes) -> float:
    """The share of bytes that text does not use: 0 for text, near 0.1 for float32 numbers."""
    controls = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
    return 1 - len(data.translate(None, controls)) / max(1, len(data))


def _is_utf8(data: bytes) -> bool:
    try:
        check_encoding(data, "")
    except VectorFileError:
        return False
    return True


def _text_shape(source: Source, head: bytes) -> str:
    if b"\n" not in head:
        head = source.head(LINE_HEAD_BYTES)
    check_encoding(head, source.name, whole=source.size is not None and source.size <= len(head))
    text = head.removeprefix(BOM).decode("utf-8", "ignore")
    if JSON_BEGINS.match(text):
        config = '"embeddings"' in text and '"tensorPath"' in text
        return "projector_config" if config else "jsonl"
    ends = "\n" if "\n" in text else "\r"  # CR alone: tables can be read so
    lines = [line.rstrip("\r") for line in text.split(ends)]
    if len(lines) > 1 and len(head) < (source.size or len(head) + 1):
        lines.pop()  # cut in two by the end of the head
    lines = [line for line in lines if line.strip(" \t")][:SAMPLE_LINES]
    if len(lines) < 2 and len(head) == LINE_HEAD_BYTES:
        raise FileTooLargeError(
            source.name,
            "its first two lines are longer than 1 MB together; save vectors of that length as "
            ".npy, which is read at any width.",
        )
    separator = max((" ", "\t", ",", ";"), key=lambda mark: _numbers_a_line(lines, mark))
    rows = [_fields(line, separator) for line in lines]
    if rows and _is_word2vec_header(rows):
        if "\n" not in text:
            raise VectorFileError(
                source.name,
                "has no line end but CR, which old Macs wrote; convert it: "
                "tr '\\r' '\\n' < FILE > NEW.",
            )
        return "word2vec_text"
    if _numbers_a_line(lines, separator) == 0:
        if _is_table(source):
            return "table"
        raise VectorFileError(
            source.name, f"is text without columns of numbers; known are {KNOWN}."
        )
    if separator in " \t" and _is_headerless(rows):
        return "glove" if ends == "\n" or "\r" not in text else "table"
    if all(_is_number(field) for row in rows for field in row) and not _counts_up(rows[0]):
        return "projector_tsv"
    return "table"


def _is_table(source: Source) -> bool:
    """Numbers in forms that only tables have: 0,5 and "[0.1, 0.2]", or between bars."""
    from explorer.formats.table_layout import find_layout

    try:
        kinds = find_layout(source).kinds.values()
    except VectorFileError:
        return False
    return "number" in kinds or "numbers" in kinds


def _fields(line: str, separator: str) -> list[str]:
    if separator == " ":
        return re.split(" +", line.strip(" \t"))
    return [field.strip(' "') for field in line.rstrip(separator).split(separator)]


def _is_number(field: str) -> bool:
    return NUMBER.fullmatch(field) is not None


def _numbers_a_line(lines: list[str], separator: str) -> int:
    """The number of numeric fields of a typical line, the first left aside: it may be a header."""
    counts = sorted(
        sum(map(_is_number, _fields(line, separator)))
        for line in (lines[1:] or lines)
        if separator == " " or separator in line
    )
    return counts[len(counts) // 2] if counts else 0


def _is_word2vec_header(rows: list[list[str]]) -> bool:
    """Two whole numbers, and below them more than two fields a line, or a name and a number."""
    first = rows[0][0].split() if len(rows[0]) == 1 else rows[0]
    if len(first) != 2 or not all(field.isascii() and field.isdecimal() for field in first):
        return False
    if len(rows) == 1:
        return True
    wide = sum(len(row) > 2 for row in rows[1:])
    n, d = int(first[0][:9]), int(first[1][:9])
    if n == len(rows) - 1 and all(len(row) == d + 1 for row in rows[1:]):
        return True  # just as it says
    named = first[1] == "1" and not all(_is_number(row[0]) for row in rows[1:])
    cut = len(rows) == 2 and not _is_number(rows[1][0])  # the first line of many, cut short
    return named or cut or (wide > 0 and 2 * wide >= len(rows) - 1)


def _is_headerless(rows: list[list[str]]) -> bool:
    """A name, then numbers, from the first line on (names may hold spaces, or be numbers)."""
    numbers = sorted(sum(map(_is_number, row[1:])) for row in rows)[len(rows) // 2]
    if numbers == 0 or _counts_up(rows[0]):
        return False
    first = rows[0][-numbers:]
    if len(rows[0]) <= numbers or not all(map(_is_number, first)):
        return False
    if not all(_is_number(row[0]) for row in rows):
        return True
    ids = [row[0] for row in rows]
    whole = all(id_.isdecimal() for id_ in ids) and len(set(ids)) == len(ids)
    return whole and all("." in field or "e" in field for row in rows for field in row[1:])


def _counts_up(row: list[str]) -> bool:
    """0, 1, 2, … after at most one name: the column names that data frames make up.

    After a name, five of them at least: "king 1 2" may well be a short vector.
    """
    numbers = [field for field in row if field.isdecimal()]
    start = int(numbers[0][:9]) if numbers else 0
    unnamed = len(numbers) == len(row) or not row[0]
    return (
        start in (0, 1)
        and len(numbers) >= max(2 if unnamed else 5, len(row) - 1)
        and numbers == [str(start + i) for i in range(len(numbers))]
    )
