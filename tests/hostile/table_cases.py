"""CSV and TSV tables, and JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.hostile.case import Case, beginning, cuts, refused, right, right_or_refused
from tests.hostile.contents import (
    NAMES,
    ODD_NAMES,
    SPACED_NAMES,
    VECTORS,
    csv_text,
    jsonl,
    spread,
)

BOM = b"\xef\xbb\xbf"
GOOD = right(NAMES, VECTORS)
ALL_NAMES = [*ODD_NAMES, *SPACED_NAMES]
READ_NAMES = [name or f"row {row}" for row, name in enumerate(ALL_NAMES)]


def cases() -> Iterator[Case]:
    yield from csv_cases()
    yield from json_cases()


def csv_cases() -> Iterator[Case]:
    text, file = csv_text(), "t.csv"
    yield Case("csv, plain", file, text.encode(), GOOD)
    yield Case("csv, mark", file, BOM + text.encode(), GOOD)
    yield Case("csv, CRLF", file, text.replace("\n", "\r\n").encode(), GOOD)
    yield Case("csv, CR alone", file, text.replace("\n", "\r").encode(), GOOD)
    yield Case(
        "csv, Latin-1",
        file,
        csv_text(NAMES[:3], VECTORS[:3]).encode("latin1"),
        refused("not UTF-8"),
    )
    yield Case(
        "csv, Latin-1 far down",
        file,
        (csv_text(["a"], [[1, 2]]) + "b,1,2\n" * 100_000 + "ü,1,2\n").encode("latin1"),
        refused("line 100,003", "not UTF-8"),
    )
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        yield Case(f"csv, {encoding}", file, text.encode(encoding), refused())
    yield Case("csv, header alone", file, b"word,x0,x1\n", refused())
    yield Case("csv, header alone, no newline", file, b"word,x0,x1", refused())
    yield Case(
        "csv, header of 100,000 columns alone",
        file,
        b"word," + b",".join(b"x%d" % i for i in range(100_000)) + b"\n",
        refused(),
    )
    yield Case("csv, 30,000 columns", file, wide, right(["a", "b"]))
    yield Case("csv, 100,000 columns of text", file, wide_text, refused("100,002 columns", "limit"))
    yield Case("csv, 5,000 columns of metadata", file, metadata_columns, right_or_refused(right()))
    yield Case(
        "csv, odd names",
        file,
        csv_text(ALL_NAMES, spread(len(ALL_NAMES))).encode(),
        right(READ_NAMES, spread(len(ALL_NAMES))),
    )
    yield Case(
        "csv, name of 10 MB", file, csv_text(["x" * 10_000_000, "b"], spread(2)).encode(), refused()
    )
    yield Case(
        "csv, header name of 1 MB",
        file,
        csv_text().replace("x1", "y" * 1_000_000).encode(),
        right_or_refused(right()),
    )
    yield Case(
        "csv, ragged, short", file, text.replace(",2.0", "").encode(), refused("line 3", "columns")
    )
    yield Case(
        "csv, ragged, long",
        file,
        text.replace(",2.0", ",2.0,7").encode(),
        refused("line 3", "columns"),
    )
    yield Case(
        "csv, a word among numbers",
        file,
        text.replace("2.0", "two").encode(),
        refused("line 3", "'two'"),
    )
    yield Case(
        "csv, missing and infinite",
        file,
        text.replace("2.0", "").replace("5.5", "inf").encode(),
        right([NAMES[0], *NAMES[3:]], VECTORS[[0, 3, 4]], found=["2 rows"]),
    )
    yield Case(
        "csv, beyond float32",
        file,
        text.replace("5.5", "1e300").encode(),
        right([*NAMES[:2], *NAMES[3:]], VECTORS[[0, 1, 3, 4]], found=["1 row"]),
    )
    yield Case(
        "csv, denormal",
        file,
        text.replace("0.5", "1e-45", 1).encode(),
        right(NAMES, np.vstack([[[np.float32(1e-45), -1.25, 3.0]], VECTORS[1:]])),
    )
    yield Case(
        "csv, a quote that never ends",
        file,
        text.replace('"queen"', '"queen').encode(),
        right_or_refused(right()),
    )
    yield Case("csv, a quote that never ends, 20 MB", file, open_quote, refused())
    yield Case("csv, quotes alone", file, b'"' * 100_000, refused())
    yield Case("csv, commas alone", file, b"," * 1_000_000, refused())
    yield Case("csv, commas and lines", file, (b"," * 100 + b"\n") * 10_000, refused())
    yield Case("csv, zero bytes", file, text.encode().replace(b"\n", b"\0\n"), refused())
    yield Case(
        "csv, two columns of one name",
        file,
        text.replace("x1", "x0").encode(),
        refused("called 'x0'", "rename"),
    )
    yield Case(
        "csv, columns with odd names",
        file,
        b'"<b>x</b>","=1+1",""\n"a",1,2\n"b",3,4\n',
        right(["a", "b"], [[1, 2], [3, 4]]),
    )
    yield Case(
        "csv, whole numbers of 5,000 digits",
        file,
        f"word,x0,x1\na,{'9' * 5_000},1\nb,2,3\n".encode(),
        right(["b"], [[2, 3]], found=["not finite"]),
    )
    yield Case(
        "csv, header of numbers of 5,000 digits",
        file,
        f"word,{'1' * 5_000},{'2' * 5_000}\na,0.5,1\nb,2,3\n".encode(),
        right_or_refused(right()),
    )
    yield Case(
        "csv, only numbers of 5,000 digits",
        file,
        f"{'1' * 5_000},{'2' * 5_000}\n{'3' * 5_000},1\n".encode(),
        right_or_refused(right()),
    )
    yield Case(
        "csv, metadata of 5,000 digits",
        file,
        f"word,x0,x1,count\na,1,2,{'9' * 5_000}\nb,2,3,4\n".encode(),
        right(["a", "b"]),
    )
    yield Case(
        "csv, lists",
        file,
        b'word;v\na;"[0.5, 1]"\nb;"[2, 3]"\n',
        right(["a", "b"], [[0.5, 1], [2, 3]]),
    )
    yield Case(
        "csv, lists of two lengths",
        file,
        b'word;v\na;"[0.5, 1]"\nb;"[2, 3, 4]"\n',
        refused("line 3", "expected 2 numbers, found 3"),
    )
    yield Case(
        "csv, a shortened list",
        file,
        b'word;v\na;"[0.5 1 ... 7]"\nb;"[2 3 ... 8]"\n',
        refused("shortened"),
    )
    yield Case(
        "csv, lists that nest",
        file,
        b'word;v\na;"[[1, 2], [3]]"\nb;"[[1, 2], [3]]"\n',
        right_or_refused(right()),
    )
    yield Case("csv, empty lists", file, b'word;v\na;"[]"\nb;"[]"\n', refused())
    yield Case(
        "csv, no column of that name",
        file,
        text.encode(),
        refused("no column"),
        options={"label": "nobody"},
    )
    yield Case(
        "csv, no vectors of that name",
        file,
        text.encode(),
        refused("nobody"),
        options={"vector": "nobody"},
    )
    for place, cut in cuts(text.encode()):
        yield Case(f"csv, cut at {place}", file, cut, beginning(NAMES, VECTORS))


def json_cases() -> Iterator[Case]:
    text, file = jsonl(), "j.jsonl"
    good = right(["a", "b"], [[1, 2], [3, 4]])

    def lines(*objects: object) -> bytes:
        return "".join(json.dumps(one) + "\n" for one in objects).encode()

    a, b = {"word": "a", "v": [1.0, 2.0]}, {"word": "b", "v": [3.0, 4.0]}
    yield Case("jsonl, plain", file, text.encode(), GOOD)
    yield Case("jsonl, mark", file, BOM + text.encode(), GOOD)
    yield Case("jsonl, CRLF", file, text.replace("\n", "\r\n").encode(), GOOD)
    yield Case("jsonl, CR alone", file, text.replace("\n", "\r").encode(), right_or_refused(GOOD))
    yield Case(
        "jsonl, Latin-1",
        file,
        '{"word": "ü", "v": [1.0, 2.0]}\n'.encode("latin1"),
        refused("not UTF-8"),
    )
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        yield Case(f"jsonl, {encoding}", file, text.encode(encoding), refused())
    yield Case(
        "jsonl, odd names",
        file,
        jsonl(ALL_NAMES, spread(len(ALL_NAMES))).encode(),
        right(READ_NAMES, spread(len(ALL_NAMES))),
    )
    yield Case(
        "jsonl, half a surrogate pair",
        file,
        b'{"word": "\\ud800", "v": [1.0, 2.0]}\n{"word": "b", "v": [3.0, 4.0]}\n',
        right(["\ufffd", "b"]),
    )
    yield Case(
        "jsonl, a surrogate in a column",
        file,
        b'{"word": "a", "t": "\\udc00", "v": [1.0]}\n{"word": "b", "t": "", "v": [3.0]}\n',
        right(["a", "b"]),
    )
    yield Case(
        "jsonl, a surrogate in a column's name",
        file,
        b'{"word": "a", "\\udc00": "x", "v": [1.0]}\n{"word": "b", "\\udc00": "x", "v": [3.0]}\n',
        right(["a", "b"]),
    )
    yield Case(
        "jsonl, name of 10 MB",
        file,
        lines({"word": "x" * 10_000_000, "v": [1.0, 2]}),
        refused("limit"),
    )
    yield Case("jsonl, mixed types", file, lines({**a, "t": 1}, {**b, "t": "one"}), good)
    yield Case(
        "jsonl, more mixed types",
        file,
        lines({**a, "t": [1]}, {**b, "t": {"u": None}}),
        right(["a", "b"]),
    )
    yield Case(
        "jsonl, names of mixed types",
        file,
        lines({"word": 1, "v": [1.0]}, {"word": "b", "v": [2.0]}, {"word": None, "v": [3.0]}),
        right(["1", "b", "row 2"]),
    )
    yield Case(
        "jsonl, vectors of mixed types",
        file,
        lines(a, {"word": "b", "v": "no"}),
        refused("line 2", "list of numbers"),
    )
    yield Case(
        "jsonl, text in a vector",
        file,
        lines(a, {"word": "b", "v": [1.0, "2"]}),
        refused("line 2", "number"),
    )
    yield Case(
        "jsonl, null in a vector",
        file,
        lines(a, {"word": "b", "v": [1.0, None]}),
        refused("line 2"),
    )
    yield Case(
        "jsonl, a list in a vector",
        file,
        lines(a, {"word": "b", "v": [1.0, [2]]}),
        refused("line 2"),
    )
    yield Case(
        "jsonl, true in a vector",
        file,
        lines(a, {"word": "b", "v": [1.0, True]}),
        refused("line 2"),
    )
    yield Case("jsonl, no vector", file, lines(a, {"word": "b"}), refused("line 2"))
    yield Case("jsonl, an empty vector", file, lines(a, {"word": "b", "v": []}), refused("line 2"))
    yield Case(
        "jsonl, ragged", file, lines(a, {"word": "b", "v": [1.0]}), refused("line 2", "expected 2")
    )
    yield Case("jsonl, a number for an object", file, lines(a, 7), refused("line 2"))
    yield Case("jsonl, a list for an object", file, lines(a, [b]), refused("line 2"))
    yield Case(
        "jsonl, NaN and infinity",
        file,
        b'{"word": "a", "v": [NaN, 1.0]}\n{"word": "b", "v": [Infinity, 1.0]}\n'
        b'{"word": "c", "v": [1.0, 2.0]}\n',
        right(["c"], [[1, 2]]),
    )
    yield Case(
        "jsonl, 1e400",
        file,
        b'{"word": "a", "v": [1e400, 1.0]}\n{"word": "c", "v": [1.0, 2.0]}\n',
        right(["c"], [[1, 2]]),
    )
    yield Case(
        "jsonl, whole numbers beyond float",
        file,
        f'{{"word": "a", "v": [1{"0" * 400}, 1.0]}}\n{{"word": "c", "v": [1.0, 2.0]}}\n'.encode(),
        right(["c"], [[1, 2]]),
    )
    yield Case(
        "jsonl, 5,000 digits",
        file,
        f'{{"word": "a", "v": [{"9" * 5_000}, 1.0]}}\n{{"word": "c", "v": [1.0, 2.0]}}\n'.encode(),
        right_or_refused(right(["c"], [[1, 2]])),
    )
    yield Case(
        "jsonl, a column of numbers beyond float",
        file,
        f'{{"word": "a", "n": 1{"0" * 400}, "v": [1.0]}}\n{{"word": "c", "n": 2, "v": [2.0]}}'.encode(),
        right(["a", "c"]),
    )
    yield Case(
        "jsonl, one key twice",
        file,
        b'{"word": "a", "word": "b", "v": [1.0]}\n' * 2,
        right_or_refused(right()),
    )
    yield Case(
        "jsonl, an empty key", file, lines({"": "a", "v": [1.0]}, {"": "b", "v": [2.0]}), right()
    )
    yield Case("jsonl, deep lists", file, b'{"word": "a", "v": ' + b"[" * 100_000, refused())
    yield Case("jsonl, deep objects", file, b'{"a":' * 100_000, refused())
    yield Case("jsonl, deep in the second line", file, lines(a) + b'{"a":' * 100_000, refused())
    yield Case("json, deep array", file, b"[" * 100_000, refused())
    yield Case(
        "json, deep and whole",
        file,
        b'{"word": "a", "v": [1.0], "t": ' + b"[" * 900 + b"]" * 900 + b"}\n",
        right_or_refused(right()),
    )
    yield Case("jsonl, 3,000 columns", file, many_fields, right_or_refused(right()))
    yield Case("jsonl, a new column in every line", file, new_fields, right_or_refused(right()))
    yield Case("jsonl, empty objects", file, b"{}\n{}\n", refused())
    yield Case("jsonl, strings", file, b'"a"\n"b"\n', refused())
    yield Case("jsonl, no end", file, b'{"word": "a", "v": [1.0, 2.0', refused())
    yield Case("jsonl, blank lines", file, text.replace("\n", "\n\n").encode(), GOOD)
    yield Case("jsonl, a comma between lines", file, text.replace("\n", ",\n").encode(), refused())
    yield Case("json, array", file, json.dumps([a, b]).encode(), good)
    yield Case("json, array without an end", file, json.dumps([a, b])[:-1].encode(), refused())
    yield Case("json, empty array", file, b"[]", refused())
    yield Case("json, pairs", file, b'{"a": [1.0, 2.0], "b": [3.0, 4.0]}', good)
    yield Case("json, pairs, ragged", file, b'{"a": [1.0, 2.0], "b": [3.0]}', refused())
    yield Case("json, wrapped", file, json.dumps({"n": 2, "data": [a, b]}).encode(), good)
    for place, cut in cuts(text.encode()):
        yield Case(f"jsonl, cut at {place}", file, cut, beginning(NAMES, VECTORS))


def wide(path: Path) -> None:
    columns = b",".join(b"x%d" % i for i in range(30_000))
    row = b",0.5" * 30_000
    path.write_bytes(b"word," + columns + b"\na" + row + b"\nb" + row + b"\n")


def wide_text(path: Path) -> None:
    columns = b",".join(b"c%d" % i for i in range(100_000))
    row = b",z" * 100_000
    path.write_bytes(b"word,x0," + columns + b"\na,1" + row + b"\nb,2" + row + b"\n")


def metadata_columns(path: Path) -> None:
    columns = b",".join(b"c%d" % i for i in range(5_000))
    rows = b"".join(b"w%d,%d.5" % (i, i) + b",z" * 5_000 + b"\n" for i in range(100))
    path.write_bytes(b"word,x0," + columns + b"\n" + rows)


def open_quote(path: Path) -> None:
    path.write_bytes(b'word,x0,x1\n"a,1,2\n' + b"b,1,2\n" * 3_000_000)


def many_fields(path: Path) -> None:
    fields = {f"f{i}": i for i in range(3_000)}
    lines = (json.dumps({"word": f"w{n}", "v": [n, 0.5], **fields}) for n in range(50))
    path.write_text("\n".join(lines))


def new_fields(path: Path) -> None:
    lines = (json.dumps({"word": f"w{n}", "v": [n, 0.5], f"f{n}": n}) for n in range(1_000))
    path.write_text("\n".join(lines))
