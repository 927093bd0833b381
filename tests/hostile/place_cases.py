"""What is no plain file, files that change while they are read, and second files beside them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.hostile.case import Case, refused, right, right_or_refused
from tests.hostile.contents import (
    NAMES,
    ODD_NAMES,
    VECTORS,
    arrow,
    csv_text,
    fasttext,
    glove,
    jsonl,
    npy,
    npz,
    parquet,
    safetensors,
    spread,
    tensor,
    word2vec_binary,
)  # fmt: skip

GOOD = right(NAMES, VECTORS)


def cases() -> Iterator[Case]:
    yield from places()
    yield from shrinking()
    yield from beside()
    for name in ("a b.npy", "ü.npy", "<img src=x onerror=alert(1)>.npy", "-rf.npy", "a\nb.npy",
                 "\u202egpj.npy", "x" * 240 + ".npy", "....npy", "a.npy.", "~.npy", "%s%n.npy"):  # fmt: skip
        yield Case(f"file called {name[:30]!r}", name, npy(VECTORS), right(None, VECTORS))
        yield Case(f"bad file called {name[:30]!r}", name, b"\x93NUMPY", refused())


def places() -> Iterator[Case]:
    yield Case("a directory", "d", Path.mkdir, refused("directory"), upload=False)
    yield Case(
        "a directory with vectors", "d", full_directory, refused("it holds a.npy"), upload=False
    )
    yield Case("a directory of odd names", "d", odd_directory, refused("directory"), upload=False)
    yield Case("a pipe", "p", os.mkfifo, refused("pipe"), upload=False)
    for device in ("zero", "random", "null", "tty"):
        yield Case(f"/dev/{device}", device, lambda path, device=device: path.symlink_to(f"/dev/{device}"),
                   refused(), upload=False)  # fmt: skip
    yield Case(
        "a file of the kernel",
        "m",
        lambda path: path.symlink_to("/proc/self/maps"),
        refused(),
        upload=False,
    )
    yield Case(
        "memory of the process",
        "m",
        lambda path: path.symlink_to("/proc/self/mem"),
        refused(),
        upload=False,
    )
    yield Case("a link", "l.npy", linked, right(None, VECTORS), upload=False)
    yield Case(
        "a link to itself", "l.npy", lambda path: path.symlink_to(path), refused(), upload=False
    )
    yield Case(
        "a link to nothing",
        "l.npy",
        lambda path: path.symlink_to("nobody"),
        refused("no such file"),
        upload=False,
    )
    yield Case("nothing there", "n.npy", lambda path: None, refused("no such file"), upload=False)
    yield Case(
        "a path through a file",
        "a/b",
        lambda path: path.parent.write_bytes(b"x"),
        refused(),
        upload=False,
    )
    yield Case("a sparse file of a terabyte", "s.npy", sparse_file, refused(), upload=False)
    yield Case("a sparse file of zeros", "s.txt", sparse_file, refused(), upload=False)


def shrinking() -> Iterator[Case]:
    """A file that another program writes anew, shorter, while it is read."""
    n = 40_000
    names, vectors = [f"w{i}" for i in range(n)], spread(n, 10)
    for file, content in (
        ("v.npy", npy(vectors)), ("v.npz", npz(vectors=vectors)), ("v.txt", glove(names, vectors)),
        ("v.csv", csv_text(names, vectors)), ("v.jsonl", jsonl(names, vectors)),
        ("v.bin", word2vec_binary(names, vectors)), ("f.bin", fasttext(names, vectors)),
        ("v.safetensors", safetensors({"v": tensor(vectors)}, vectors.tobytes())),
        ("v.parquet", parquet({"word": names, "v": vectors.tolist()})),
        ("v.arrow", arrow({"word": names, "v": vectors.tolist()})),
    ):  # fmt: skip
        raw = content.encode() if isinstance(content, str) else content
        for size in (0, len(raw) // 2):
            for delay in (0.0, 0.004, 0.02):
                yield Case(
                    f"shrinks to {size}, {file}, after {delay} s", file, Shrinking(raw, size, delay),
                    right_or_refused(right()), upload=False,
                )  # fmt: skip


class Shrinking:
    """Writes a file, and cuts it a moment later."""

    def __init__(self, content: bytes, size: int, delay: float) -> None:
        self.content, self.size, self.delay = content, size, delay

    def __call__(self, path: Path) -> None:
        path.write_bytes(self.content)
        threading.Thread(target=self._cut, args=(path,), daemon=True).start()

    def _cut(self, path: Path) -> None:
        time.sleep(self.delay)
        os.truncate(path, self.size)


def beside() -> Iterator[Case]:
    """Labels and metadata from second files."""
    text = "".join(name + "\n" for name in NAMES)
    odd = "".join(name + "\n" for name in ODD_NAMES).encode()
    many = npy(spread(len(ODD_NAMES)))
    labels = (
        ("plain", text.encode(), GOOD),
        ("mark", b"\xef\xbb\xbf" + text.encode(), GOOD),
        ("CRLF", text.replace("\n", "\r\n").encode(), GOOD),
        ("CR alone", text.replace("\n", "\r").encode(), refused()),
        ("Latin-1", text.replace("日本", "x").encode("latin1"), refused("not UTF-8")),
        ("UTF-16", text.encode("utf-16"), refused("UTF-16")),
        ("too few", b"a\nb\n", refused("2 lines")),
        ("too many", b"a\n" * 99, refused("lines")),
        ("empty", b"", refused("empty")),
        ("blank", b"\n" * 5, right_or_refused(right())),
        ("zero bytes", bytes(5), refused()),
        ("a name of 2 MB", b"a\nb\nc\nd\n" + b"e" * 2_000_000 + b"\n", refused("limit")),
        ("a pickle", b"\x80\x04\x95" + bytes(99), refused()),
        ("numbers of 5,000 digits", (b"9" * 5_000 + b"\n") * 5, refused("limit")),
        ("JSON", b'{"word":"a"}\n{"word":"b"}\n{"word":"c"}\n{"word":"d"}\n{"word":"e"}\n', right(list("abcde"))),
        ("broken JSON", b'{"word":"a"}\n{"word":\n', refused()),
        ("deep JSON", b'{"a":' * 100_000, refused()),
        ("ragged CSV", b"word,n\na,1\nb\nc,3\nd,4\ne,5\n", right_or_refused(right())),
        ("CSV with a quote without end", b'word,n\n"a,1\nb,2\nc,3\nd,4\ne,5\n', right_or_refused(right())),
        ("CSV with columns alike", b"n,n\na,1\nb,2\nc,3\nd,4\ne,5\n", refused()),
        ("Parquet", parquet({"word": NAMES, "n": [1, 2, 3, 4, 5]}), GOOD),
        ("Parquet, cut", parquet({"word": NAMES})[:-9], refused()),
        ("Parquet, no column", parquet({"v": [[1.0]] * 5}), refused()),
        ("Arrow", arrow({"word": NAMES}), GOOD),
        ("an .npy", npy(VECTORS), refused()),
        ("wide CSV", (b",".join([b"a"] * 60_000) + b"\n") * 6, refused()),
    )  # fmt: skip
    for name, content, expect in labels:
        yield Case(f"labels, {name}", "v.npy", npy(VECTORS), expect,
                   beside={"labels": content}, options={"labels": "labels"})  # fmt: skip
        loose = right_or_refused(right())
        yield Case(f"metadata, {name}", "v.npy", npy(VECTORS), loose,
                   beside={"meta": content}, options={"metadata": "meta"})  # fmt: skip
    yield Case("labels, odd names", "v.npy", many, right(ODD_NAMES, spread(len(ODD_NAMES))),
               beside={"labels": odd}, options={"labels": "labels"})  # fmt: skip
    yield Case(
        "a limit below one", "v.npy", npy(VECTORS), refused("at least 1"), options={"limit": 0}
    )
    yield Case("the whole file as labels", "v.npy", npy(np.ones((3, 3), "f4")), refused(),
               beside={"v2.npy": npy(VECTORS)}, options={"labels": "v2.npy"})  # fmt: skip


def full_directory(path: Path) -> None:
    path.mkdir()
    (path / "a.npy").write_bytes(npy(VECTORS))


def odd_directory(path: Path) -> None:
    path.mkdir()
    for name in ("<b>\n.npy", "\u202e.npy", "x" * 200 + ".npy"):
        (path / name).write_bytes(b"x")


def linked(path: Path) -> None:
    path.with_name("real").write_bytes(npy(VECTORS))
    path.symlink_to("real")


def sparse_file(path: Path) -> None:
    with path.open("wb") as file:
        if path.suffix == ".npy":
            file.write(npy(np.ones((5, 3), "f4"))[:128])
        file.truncate(1 << 40)
