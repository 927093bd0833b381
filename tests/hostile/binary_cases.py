"""word2vec binary, fastText, safetensors, raw numbers, sprite sheets, configurations."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.hostile.case import Case, beginning, cuts, refused, right, right_or_refused
from tests.hostile.contents import (
    NAMES,
    ODD_NAMES,
    SPACED_NAMES,
    VECTORS,
    fasttext,
    png,
    safetensors,
    spread,
    tensor,
    word2vec_binary,
    zipped,
)  # fmt: skip

GOOD = right(NAMES, VECTORS)
ROWS = list(map(str, range(5)))
NUMBERED = right(ROWS, VECTORS)
ALL_NAMES = [*ODD_NAMES, *(name for name in SPACED_NAMES if name)]


def cases() -> Iterator[Case]:
    yield from word2vec_cases()
    yield from fasttext_cases()
    yield from safetensors_cases()
    yield from projector_cases()
    yield from sprite_cases()
    for name, content in FOREIGN.items():
        yield Case(f"foreign: {name}", f"a.{name}", content, refused())


def word2vec_cases() -> Iterator[Case]:
    file, content = "w.bin", word2vec_binary()
    wide = word2vec_binary(NAMES, np.tile(VECTORS, 30))
    yield Case("binary, plain", file, content, GOOD)
    yield Case("binary, no newlines", file, wide.replace(b"\nqueen", b"queen"), right(NAMES))
    yield Case(
        "binary, odd names", file, word2vec_binary(ODD_NAMES, spread(len(ODD_NAMES))),
        right(ODD_NAMES, spread(len(ODD_NAMES))),
    )  # fmt: skip
    yield Case("binary, Latin-1", file, wide.replace("ü".encode(), b"\xfc"), refused("not UTF-8"))
    yield Case(
        "binary, one name five times", file, word2vec_binary(["a"] * 5),
        right(["a", "a #2", "a #3", "a #4", "a #5"]),
    )  # fmt: skip
    yield Case(
        "binary, no name", file, word2vec_binary(["", *NAMES[1:]]), right(["row 0", *NAMES[1:]])
    )
    yield Case(
        "binary, name of 2,000 characters", file, word2vec_binary(["x" * 2_000, *NAMES[1:]]),
        refused("limit"),
    )  # fmt: skip
    yield Case(
        "binary, name of 10 MB", file, word2vec_binary(["x" * 10_000_000, *NAMES[1:]]), refused()
    )
    for header, words in (
        ("6 3", ("promises 6",)), ("4 3", ("promises 4", "there is more")), ("0 3", ()),
        ("5 0", ()), ("5 4", ()), ("5 2", ()), ("999999999999 300", ("limit",)),
        ("3 999999999", ("limit",)), ("9" * 4_000 + " 3", ()), ("5 " + "9" * 5_000, ()),
        ("1999999 1", ()), ("1 1999999", ()),
    ):  # fmt: skip
        yield Case(
            f"binary, header {header[:20]!r}", file, word2vec_binary(header=header), refused(*words)
        )
    strange = VECTORS.copy()
    strange[0, 0], strange[1, 0], strange[2], strange[3, 0] = np.nan, np.inf, 0, 1e-45
    yield Case(
        "binary, NaN, infinite, zero, denormal", file, word2vec_binary(vectors=strange),
        right(NAMES[3:], strange[3:], found=["2 rows with numbers", "1 zero"]),
    )  # fmt: skip
    yield Case(
        "binary, numbers of random bits", file,
        word2vec_binary([f"w{i}" for i in range(99)], np.frombuffer(
            np.random.default_rng(1).bytes(99 * 40), "<f4").reshape(99, 10)),
        right_or_refused(right()),
    )  # fmt: skip
    for place, cut in cuts(content):
        expect = GOOD if place == len(content) - 1 else refused()
        expect = beginning(NAMES, VECTORS) if place < 16 else expect
        yield Case(f"binary, cut at {place}", file, cut, expect)


def fasttext_cases() -> Iterator[Case]:
    file = "f.bin"
    yield Case("fasttext, plain", file, fasttext(), GOOD)
    yield Case(
        "fasttext, with buckets", file,
        fasttext(vectors=np.vstack([VECTORS, VECTORS]), bucket=5, minn=3, maxn=6), right(NAMES),
    )  # fmt: skip
    names = [name for name in ALL_NAMES if name != " "]
    yield Case(
        "fasttext, odd names", file, fasttext(names, spread(len(names))),
        right(names, spread(len(names))),
    )  # fmt: skip
    lies: dict[str, dict[str, int]] = {
        "version": {"version": 99}, "quantised": {"quantised": 1}, "pruned": {"pruned": 3},
        "more words": {"entries": 6}, "fewer words": {"entries": 4}, "no words": {"entries": 0},
        "minus words": {"entries": -5}, "two billion words": {"entries": 2**31 - 1},
        "other width": {"dim": 4}, "no width": {"dim": 0}, "minus width": {"dim": -3},
        "more rows": {"rows": 6}, "fewer rows": {"rows": 4}, "many rows": {"rows": 2**62},
        "minus rows": {"rows": -5}, "buckets that are not there": {"bucket": 7, "maxn": 3},
        "two billion buckets": {"bucket": 2**31 - 1, "maxn": 6, "minn": 3},
        "minus buckets": {"bucket": -5, "maxn": 3, "minn": 1},
        "n-grams of minus length": {"bucket": 0, "maxn": 3, "minn": -3},
        "n-grams of huge length": {"bucket": 0, "maxn": 2**31 - 1, "minn": 0},
    }  # fmt: skip
    for name, changes in lies.items():
        yield Case(f"fasttext, {name}", file, fasttext(**changes), right_or_refused(right()))  # type: ignore[arg-type]
    few = np.vstack([VECTORS, VECTORS])
    for minn, maxn in ((0, 2**31 - 1), (-3, 3), (6, 3), (0, 0), (1, 1)):
        yield Case(
            f"fasttext, n-grams of {minn} to {maxn}", file,
            fasttext(vectors=few, bucket=5, minn=minn, maxn=maxn), right_or_refused(right()),
        )  # fmt: skip
    yield Case(
        "fasttext, a long word and n-grams without end", file,
        fasttext(["x" * 900] * 5, few, bucket=5, minn=1, maxn=2**31 - 1), right_or_refused(right()),
    )  # fmt: skip
    yield Case(
        "fasttext, a pruned table that is skipped far", file, fasttext(pruned=2**62), refused()
    )
    yield Case("fasttext, Latin-1", file, fasttext().replace("ü".encode(), b"\xfc\xfc"),
               refused("not UTF-8"))  # fmt: skip
    yield Case("fasttext, a word without an end", file,
               fasttext(["x" * 100_000, *NAMES[1:]]), refused())  # fmt: skip
    for place, cut in cuts(fasttext()):
        yield Case(f"fasttext, cut at {place}", file, cut, refused())


def safetensors_cases() -> Iterator[Case]:
    file, data = "t.safetensors", VECTORS.tobytes()
    good = {"v": tensor()}
    yield Case("safetensors, plain", file, safetensors(good, data), NUMBERED)
    yield Case(
        "safetensors, notes", file,
        safetensors({"__metadata__": {"a": "<b>"}, **good}, data), NUMBERED,
    )  # fmt: skip
    yield Case(
        "safetensors, two", file,
        safetensors({"a": tensor(), "b": tensor(data_offsets=[60, 120])}, data * 2),
        refused("2 2-D tensors", "--vector"),
    )  # fmt: skip
    for length in (0, 1, 7, 10**6, 2**63, 2**64 - 1):
        yield Case(f"safetensors, header of {length} bytes promised", file,
                   safetensors(good, data, length), refused())  # fmt: skip
    for header in LYING_TENSORS:
        raw = header if isinstance(header, bytes) else json.dumps(header).encode()
        yield Case(f"safetensors, header {raw[:70]!r}", file, safetensors(raw, data), refused())
    for dtype in ("F16", "BF16", "F64", "I8", "U64", "BOOL", "F8_E4M3", "C64", "", "O", "<f4"):
        width = {"F16": 2, "BF16": 2, "F64": 8, "I8": 1, "U64": 8}.get(dtype, 4)
        numbers = np.frombuffer(data, "u1")[: 60 - 60 % (3 * width)]
        rows = len(numbers) // (3 * width)
        entry = {"v": {"dtype": dtype, "shape": [rows, 3], "data_offsets": [0, len(numbers)]}}
        yield Case(f"safetensors, {dtype!r}", file, safetensors(entry, numbers.tobytes()),
                   right_or_refused(right()))  # fmt: skip
    many = {f"t{i}": tensor(data_offsets=[0, 0], shape=[0, 3]) for i in range(20_000)}
    yield Case("safetensors, 20,000 tensors", file, safetensors({**many, **good}, data),
               right_or_refused(NUMBERED))  # fmt: skip
    yield Case("safetensors, a header of 40 MB", file, huge_header, refused())
    for place, cut in cuts(safetensors(good, data)):
        yield Case(f"safetensors, cut at {place}", file, cut, refused())


LYING_TENSORS: tuple[object, ...] = (
    b"", b"{", b"[]", b"null", b'{"v":7}', b'{"v":[]}', b'{"v":{}}', b'{"a":' * 50_000,
    b'{"v":\xff\xfe}', {}, {"v": tensor(shape=[5])}, {"v": tensor(shape=[5, 4])},
    {"v": tensor(shape=[-5, -3])}, {"v": tensor(shape=[2**62, 4])}, {"v": tensor(shape=[0, 3])},
    {"v": tensor(shape=[5.0, 3])}, {"v": tensor(shape=[True, 15])}, {"v": tensor(shape="53")},
    {"v": tensor(shape={"a": 1})}, {"v": tensor(shape=[[5], 3])}, {"v": tensor(shape=[1] * 1000)},
    {"v": tensor(data_offsets=[0, 61])}, {"v": tensor(data_offsets=[60, 0])},
    {"v": tensor(data_offsets=[-60, 0])}, {"v": tensor(data_offsets=[2**62, 2**62 + 60])},
    {"v": tensor(data_offsets=[0])}, {"v": tensor(data_offsets=None)}, {"v": tensor(dtype=7)},
    {"v": tensor(dtype=["F32"])}, {"a": tensor(), "b": tensor()},
    {"v": tensor(shape=[5, 10**400])},
)  # fmt: skip


def projector_cases() -> Iterator[Case]:
    data = VECTORS.tobytes()
    labels = "".join(name + "\n" for name in NAMES).encode()
    given = {"options": {"labels": "labels.tsv"}}
    yield Case("bytes, labels", "x.bytes", data, GOOD, beside={"labels.tsv": labels}, **given)
    yield Case("bytes, no labels", "x.bytes", data, refused("--labels"))
    yield Case("bytes, empty labels", "x.bytes", data, refused(),
               beside={"labels.tsv": b""}, **given)  # fmt: skip
    yield Case("bytes, labels of blank lines", "x.bytes", data, right_or_refused(right()),
               beside={"labels.tsv": b"\n" * 99}, **given)  # fmt: skip
    yield Case("bytes, zero bytes for labels", "x.bytes", data, right_or_refused(right()),
               beside={"labels.tsv": bytes(99)}, **given)  # fmt: skip
    for place, cut in cuts(data):
        yield Case(f"bytes, cut at {place}", "x.bytes", cut, right_or_refused(right()),
                   beside={"labels.tsv": labels}, **given)  # fmt: skip
    config = "projector_config.json"
    beside = {"t.bytes": data, "m.tsv": labels, "secret.tsv": b"1\t2\n" * 5}
    for name, entry, expect in (
        ("plain", {"tensorPath": "t.bytes", "tensorShape": [5, 3], "metadataPath": "m.tsv"}, GOOD),
        ("no shape", {"tensorPath": "t.bytes"}, refused("tensorShape")),
        ("other shape", {"tensorPath": "t.bytes", "tensorShape": [5, 4]}, refused()),
        ("huge shape", {"tensorPath": "t.bytes", "tensorShape": [2**60, 2**60]}, refused()),
        ("minus shape", {"tensorPath": "t.bytes", "tensorShape": [-5, -3]}, refused()),
        ("shape of words", {"tensorPath": "t.bytes", "tensorShape": ["5", "3"]}, refused()),
        ("outside", {"tensorPath": "../t.bytes", "tensorShape": [5, 3]}, refused("own folder")),
        ("absolute", {"tensorPath": "/etc/passwd", "tensorShape": [5, 3]}, refused("own folder")),
        ("Windows", {"tensorPath": "C:\\t.bytes", "tensorShape": [5, 3]}, refused("own folder")),
        ("address", {"tensorPath": "http://x/t.bytes"}, refused("own folder")),
        ("zero byte", {"tensorPath": "t\0.bytes"}, refused()),
        ("itself", {"tensorPath": config}, refused()),
        ("the folder", {"tensorPath": "."}, refused()),
        ("missing", {"tensorPath": "nobody.tsv"}, refused("no such file")),
        ("a number", {"tensorPath": 7}, refused()),
        ("long", {"tensorPath": "x" * 5_000}, refused()),
        ("sprite outside", {"tensorPath": "t.bytes", "tensorShape": [5, 3],
                            "sprite": {"imagePath": "../x.png"}}, refused("own folder")),
        ("metadata outside", {"tensorPath": "t.bytes", "tensorShape": [5, 3],
                              "metadataPath": "../../etc/passwd"}, refused("own folder")),
    ):  # fmt: skip
        yield Case(f"configuration, {name}", config, json.dumps({"embeddings": [entry]}).encode(),
                   expect, beside=beside, upload=False)  # fmt: skip
    content = json.dumps({"embeddings": [{"tensorPath": "t.bytes"}]}).encode()
    yield Case("configuration, uploaded alone", "c.json", content, refused())
    for text in ('{"embeddings": []}', '{"embeddings": 7, "tensorPath": 1}',
                 '{"embeddings": [7], "tensorPath": 1}',
                 '{"embeddings": {"tensorPath": ' + "[" * 99_999):  # fmt: skip
        yield Case(f"configuration {text[:40]}", config, text.encode(), refused(), upload=False)
    pair = zipped({"tensors.tsv": b"0.5\t2\n3.5\t4\n", "metadata.tsv": b"a\nb\n"})
    yield Case("pair, plain", "p.zip", pair, right(["a", "b"], [[0.5, 2], [3.5, 4]]))
    for place, cut in cuts(pair):
        yield Case(f"pair, cut at {place}", "p.zip", cut, refused())


def sprite_cases() -> Iterator[Case]:
    sheet = png(np.arange(64, dtype=np.uint8).reshape(8, 8))
    four = {"beside": {"labels.txt": b"a\nb\nc\nd\n"}, "options": {"labels": "labels.txt"}}
    yield Case("sprite, four tiles", "s.png", sheet, right(["a", "b", "c", "d"]), **four)
    yield Case("sprite, no labels", "s.png", sheet, refused("--labels"))
    yield Case("sprite, too many labels", "s.png", sheet, refused(),
               beside={"labels.txt": b"a\n" * 5_000}, options={"labels": "labels.txt"})  # fmt: skip
    yield Case("sprite, one billion pixels", "s.png", bomb_image(40_000, 40_000),
               refused("pixels"), **four)  # fmt: skip
    yield Case(
        "sprite, 2^31 pixels wide", "s.png", bomb_image(2**31 - 1, 2**31 - 1), refused(), **four
    )
    yield Case("sprite, no pixels", "s.png", bomb_image(0, 0), refused(), **four)
    yield Case("sprite, a JPEG mark alone", "s.jpg", b"\xff\xd8\xff\xe0" * 9, refused(), **four)
    for place, cut in cuts(png(np.random.default_rng(0).integers(0, 255, (16, 16)).astype("u1"))):
        yield Case(f"sprite, cut at {place}", "s.png", cut, right_or_refused(right()), **four)


def bomb_image(width: int, height: int) -> bytes:
    """A PNG whose header promises so many pixels, and which holds none."""
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(1_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def huge_header(path: Path) -> None:
    header = b'{"v":' + b" " * 40_000_000 + b"}"
    path.write_bytes(safetensors(header, VECTORS.tobytes()))


FOREIGN = {
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
    "exe": b"MZ\x90\x00\x03" + bytes(200),
    "elf": b"\x7fELF\x02\x01\x01" + bytes(200),
    "sqlite": b"SQLite format 3\x00" + bytes(200),
    "gif": b"GIF89a" + bytes(200),
    "docx": zipped({"word/document.xml": b"<x/>", "[Content_Types].xml": b"<x/>"}),
    "gguf": b"GGUF\x03\x00\x00\x00" + bytes(200),
    "mat": b"MATLAB 5.0 MAT-file" + bytes(200),
    "feather1": b"FEA1" + bytes(200) + b"FEA1",
    "orc": b"ORC" + bytes(200),
    "avro": b"Obj\x01" + bytes(200),
    "rds": b"X\n\x00\x00\x00\x03" + bytes(200),
    "tar": b"vectors.txt".ljust(100, b"\0") + bytes(157) + b"ustar\x0000" + bytes(248),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "yaml": b"king: [0.1, 0.2]\nqueen: [0.3, 0.4]\n",
    "7z": b"7z\xbc\xaf\x27\x1c" + bytes(200),
    "rar": b"Rar!\x1a\x07\x01\x00" + bytes(200),
}
