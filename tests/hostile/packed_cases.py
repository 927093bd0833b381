"""gzip, xz, bzip2 and zip: bombs, archives in archives, names that lead outside, damage."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.hostile.case import Case, cuts, refused, right, right_or_refused
from tests.hostile.contents import NAMES, VECTORS, glove, npy, npz, word2vec_binary, zipped

TEXT = glove().encode()
GOOD = right(NAMES, VECTORS)
PACKERS = {"gz": gzip.compress, "xz": lzma.compress, "bz2": bz2.compress}


def cases() -> Iterator[Case]:
    for suffix, pack in PACKERS.items():
        file = f"a.txt.{suffix}"
        yield Case(f"{suffix}, text", file, pack(TEXT), GOOD)
        yield Case(f"{suffix}, no extension", "a", pack(TEXT), GOOD)
        yield Case(f"{suffix}, binary", f"a.bin.{suffix}", pack(word2vec_binary()), GOOD)
        yield Case(f"{suffix}, .npy", f"a.npy.{suffix}", pack(npy(VECTORS)), right(None, VECTORS))
        yield Case(
            f"{suffix}, .npz", f"a.npz.{suffix}", pack(npz(vectors=VECTORS)), right(None, VECTORS)
        )
        yield Case(f"{suffix}, two after each other", file, pack(TEXT[:40]) + pack(TEXT[40:]), GOOD)
        yield Case(f"{suffix}, empty", file, pack(b""), refused("nothing"))
        yield Case(f"{suffix}, nested", file, pack(pack(TEXT)), refused("another"))
        yield Case(f"{suffix}, zip inside", file, pack(zipped({"a.txt": TEXT})), refused("another"))
        yield Case(
            f"{suffix}, zero bytes behind", file, pack(TEXT) + bytes(512), right_or_refused(GOOD)
        )
        yield Case(
            f"{suffix}, other bytes behind",
            file,
            pack(TEXT) + b"lies" * 128,
            right_or_refused(GOOD),
        )
        for place, cut in cuts(pack(TEXT)):
            yield Case(f"{suffix}, cut at {place}", file, cut, refused())
        for place in range(10, len(pack(TEXT)), 16):
            hurt = bytearray(pack(TEXT))
            hurt[place] ^= 0xFF
            yield Case(
                f"{suffix}, a byte wrong at {place}", file, bytes(hurt), right_or_refused(right())
            )
    bombs = {
        "lines": b"\n" * (1 << 20), "zeros": bytes(1 << 20), "one line": b"1 " * (1 << 19),
        "rows": b"a 1\n" * (1 << 18),
    }  # fmt: skip
    for name, piece in bombs.items():
        yield Case(f"gz, a bomb of {name}", "b.txt.gz", gz_bomb(piece), refused())
    yield Case(
        "gz, a bomb of CSV",
        "b.csv.gz",
        gz_bomb(b"a,1,2\n" * (1 << 18), b"word,x,y\n"),
        refused("limit"),
    )
    yield Case(
        "gz, a bomb of JSON lines",
        "b.jsonl.gz",
        gz_bomb(b'{"word":"a","v":[1,2]}\n' * (1 << 16)),
        refused("limit"),
    )
    yield Case("gz, a bomb of a JSON array", "b.json.gz", gz_bomb(b"[[" * (1 << 19)), refused())
    yield Case(
        "gz, a bomb behind an .npy",
        "b.npy.gz",
        gz_bomb(bytes(1 << 20), npy(VECTORS)),
        right(None, VECTORS),
    )
    yield Case(
        "gz, a bomb as Parquet", "b.parquet.gz", gz_bomb(bytes(1 << 20), b"PAR1"), refused("limit")
    )
    yield Case(
        "gz, a bomb as .h5ad",
        "b.h5ad.gz",
        gz_bomb(bytes(1 << 20), b"\x89HDF\r\n\x1a\n"),
        refused("limit"),
    )
    yield Case(
        "gz, a bomb as Arrow",
        "b.arrow.gz",
        gz_bomb(bytes(1 << 20), b"ARROW1\0\0"),
        refused("limit"),
    )
    yield Case(
        "gz, a bomb as .npz",
        "b.npz.gz",
        gz_bomb(bytes(1 << 20), npz(vectors=VECTORS)[:-30]),
        refused(),
    )
    yield Case(
        "gz, a bomb as raw numbers",
        "b.bytes.gz",
        gz_bomb(bytes(1 << 20)),
        refused("limit"),
        beside={"l.txt": b"a\n"},
        options={"labels": "l.txt"},
    )
    yield Case(
        "gz, a bomb as labels",
        "a.npy",
        npy(VECTORS),
        refused(),
        beside={"l.txt.gz": gzip.compress(b"a\n" * (1 << 25))},
        options={"labels": "l.txt.gz"},
    )
    yield Case(
        "gz, a bomb as metadata",
        "a.npy",
        npy(VECTORS),
        refused(),
        beside={"m.csv.gz": gzip.compress(b"a,b\n" * (1 << 24))},
        options={"metadata": "m.csv.gz"},
    )
    yield Case(
        "xz, a bomb", "b.txt.xz", lzma.compress(b"a 1\n" * (1 << 20), preset=0) * 10, refused()
    )
    yield Case("bz2, a bomb", "b.txt.bz2", bz2.compress(b"a 1\n" * (1 << 20)) * 10, refused())
    yield Case("xz, a dictionary of 1.5 GB promised", "b.xz", greedy_xz(), refused())
    yield from zips()
    yield Case("zstd", "a.zst", b"\x28\xb5\x2f\xfd" + bytes(99), refused("zstd", "unpack"))


def zips() -> Iterator[Case]:
    file = "a.zip"
    yield Case("zip, text", file, zipped({"a.txt": TEXT}), GOOD)
    yield Case("zip, text in a folder", file, zipped({"x/y/a.txt": TEXT}), GOOD)
    yield Case(
        "zip, with what a Mac adds", file, zipped({"a.txt": TEXT, "__MACOSX/._a.txt": b"x"}), GOOD
    )
    yield Case("zip, nothing", file, zipped({}), refused("holds 0"))
    yield Case("zip, an empty member", file, zipped({"a.txt": b""}), refused("nothing"))
    yield Case("zip, two members", file, zipped({"a.txt": TEXT, "b.txt": TEXT}), refused("holds 2"))
    yield Case("zip, nested", file, zipped({"a.zip": zipped({"a.txt": TEXT})}), refused("another"))
    yield Case("zip, gz inside", file, zipped({"a.gz": gzip.compress(TEXT)}), refused("another"))
    for name in (
        "../a.txt",
        "/etc/a.txt",
        "C:\\a.txt",
        "..\\a.txt",
        "x/../../a.txt",
        "\\\\host\\a",
    ):
        yield Case(f"zip, member {name!r}", file, zipped({name: TEXT}), refused("outside"))
    yield Case(
        "zip, member of a long name", file, zipped({"x" * 60_000: TEXT}), right_or_refused(GOOD)
    )
    yield Case(
        "zip, members of long names",
        file,
        zipped({"x" * 60_000: TEXT, "y" * 60_000: TEXT}),
        refused("holds 2"),
    )
    yield Case("zip, member with an odd name", file, zipped({"<b>\u202e\n.txt": TEXT}), GOOD)
    yield Case(
        "zip, a bad member with an odd name",
        file,
        zipped({"../<b>\u202e\x01.txt": TEXT}),
        refused("outside"),
    )
    yield Case("zip, a bomb", file, zip_bomb, refused("limit"))
    yield Case("zip, a bomb that lies of its size", file, lying_bomb, refused())
    yield Case("zip, 100,000 members", file, many_members, refused("holds 100,000"))
    yield Case("zip, a link", file, linked, refused())
    yield Case("zip, an unknown method", file, unknown_method(), refused("unpacked"))
    yield Case("zip, members on top of each other", file, overlapped(), refused())
    yield Case("zip, the end alone", file, b"PK\x05\x06" + bytes(18), refused())
    yield Case(
        "zip, an end that promises 65,535 members",
        file,
        b"PK\x05\x06" + bytes(4) + b"\xff\xff\xff\xff" + bytes(10),
        refused(),
    )
    yield Case(
        "zip, bytes in front",
        file,
        b"PK\x03\x04" + b"x" * 99 + zipped({"a.txt": TEXT}),
        right_or_refused(GOOD),
    )
    for place, cut in cuts(zipped({"a.txt": TEXT})):
        yield Case(f"zip, cut at {place}", file, cut, refused())


def gz_bomb(piece: bytes, head: bytes = b"") -> bytes:
    """64 MB once unpacked: twice the limit."""
    return gzip.compress(head + piece * 64, 1)


def greedy_xz() -> bytes:
    return lzma.compress(TEXT, preset=9 | lzma.PRESET_EXTREME, filters=None)[:-4] + b"\0\0YZ"


def zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"a 1\n" * (1 << 24))


def lying_bomb(path: Path) -> None:
    zip_bomb(path)
    content = bytearray(path.read_bytes())
    directory = content.find(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (1_000).to_bytes(4, "little")
    path.write_bytes(content)


def many_members(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(100_000):
            archive.writestr(str(number), b"")


def linked(path: Path) -> None:
    """A member that says it is a symbolic link to a file of the server."""
    entry = zipfile.ZipInfo("a.txt")
    entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, "/etc/passwd")


def unknown_method() -> bytes:
    content = bytearray(zipped({"a.txt": TEXT}))
    content[8] = 77
    content[content.find(b"PK\x01\x02") + 10] = 77
    return bytes(content)


def overlapped() -> bytes:
    """The directory names one member many times, as the densest bombs do."""
    content = zipped({"a.txt": TEXT})
    at = content.find(b"PK\x01\x02")
    entry, end = (
        content[at : content.find(b"PK\x05\x06")],
        bytearray(content[content.find(b"PK\x05\x06") :]),
    )
    end[8:12] = (50).to_bytes(2, "little") * 2
    end[12:16] = (50 * len(entry)).to_bytes(4, "little")
    return content[:at] + entry * 50 + bytes(end)
