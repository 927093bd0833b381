"""word2vec and GloVe text, and lines of numbers for the Embedding Projector."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.hostile.case import Case, beginning, cuts, refused, right, right_or_refused
from tests.hostile.contents import NAMES, ODD_NAMES, VECTORS, glove, spread, word2vec

BOM = b"\xef\xbb\xbf"
GOOD = right(NAMES, VECTORS)
TINY = "1e-45"  # the smallest number that float32 holds


LONG = {
    "digits": "1",
    "spaces": " ",
    "lists that do not end": "[1,",
    "numbers": "1 ",
    "points": ".",
}


def cases() -> Iterator[Case]:
    for what, piece in LONG.items():
        for end in ("x", "\na 1 2\nb 3 4\n"):
            line = piece * (500_000 // len(piece)) + end
            yield Case(f"half a million bytes of {what}, then {end.split()[0]}", "s.txt",
                       line.encode(), right_or_refused(right()))  # fmt: skip
    for kind, text in (("word2vec", word2vec), ("glove", glove)):
        file = f"{kind}.txt"
        yield Case(f"{kind}, plain", file, text().encode(), GOOD)
        yield Case(f"{kind}, byte order mark", file, BOM + text().encode(), GOOD)
        yield Case(f"{kind}, CRLF", file, text(end="\r\n").encode(), GOOD)
        yield Case(
            f"{kind}, CR alone",
            file,
            text(end="\r").encode(),
            refused("line end") if kind == "word2vec" else GOOD,
        )
        yield Case(
            f"{kind}, Latin-1",
            file,
            text(NAMES[:3], VECTORS[:3]).encode("latin1"),
            refused("not UTF-8", "iconv"),
        )
        for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
            words = ("UTF-",) if encoding in ("utf-16", "utf-32") else ()
            yield Case(f"{kind}, {encoding}", file, text().encode(encoding), refused(*words))
        yield Case(
            f"{kind}, odd names",
            file,
            text(ODD_NAMES, spread(len(ODD_NAMES))).encode(),
            right(ODD_NAMES, spread(len(ODD_NAMES))),
        )
        yield Case(
            f"{kind}, a space in a name",
            file,
            text(["New York", "Rio"], spread(2)).encode(),
            right(["New York", "Rio"], spread(2)),
        )
        yield Case(
            f"{kind}, no name at all",
            file,
            text(["", "b"], spread(2)).encode(),
            right(["row 0", "b"], spread(2), found=["without a name"]),
        )
        yield Case(
            f"{kind}, one name five times",
            file,
            text(["a"] * 5).encode(),
            right(["a", "a #2", "a #3", "a #4", "a #5"], VECTORS, found=["4 repeated"]),
        )
        yield Case(
            f"{kind}, a zero byte in a name",
            file,
            text(["a\0b", "c"], spread(2)).encode(),
            right_or_refused(right(["a\0b", "c"], spread(2))),
        )
        yield Case(
            f"{kind}, a name of 2,000 characters",
            file,
            text(["a" * 2_000, "b"], spread(2)).encode(),
            refused("2,000", "limit"),
        )
        yield Case(
            f"{kind}, a name of 10 MB",
            file,
            text(["a" * 10_000_000, "b"], spread(2)).encode(),
            refused(),
        )
        yield Case(
            f"{kind}, a line of one million numbers",
            file,
            b"a" + b" 1" * 1_000_000 + b"\n",
            refused(),
        )
        yield Case(
            f"{kind}, a word among the numbers",
            file,
            text().replace("2.0", "two").encode(),
            refused("line", "'two'"),
        )
        for strange in ("1_000", "0x10", "٣", "1,5", "1e", "--1", "1.2.3", "1d5"):
            yield Case(
                f"{kind}, {strange!r} for a number",
                file,
                text().replace("2.0", strange).encode(),
                refused("line"),
            )
        yield Case(
            f"{kind}, NaN and infinity",
            file,
            text().replace("2.0", "nan").replace("5.5", "-inf").encode(),
            right(
                ["king", "日本", "a.b"],
                VECTORS[[0, 3, 4]],
                found=["2 rows with numbers that are not finite"],
            ),
        )
        yield Case(
            f"{kind}, denormal numbers",
            file,
            text().replace("0.5", TINY, 1).encode(),
            right(NAMES, np.vstack([[[np.float32(1e-45), -1.25, 3.0]], VECTORS[1:]])),
        )
        yield Case(
            f"{kind}, beyond float32",
            file,
            text().replace("3.0", "1e39", 1).encode(),
            right(NAMES[1:], VECTORS[1:], found=["not finite"]),
        )
        yield Case(
            f"{kind}, an exponent of a million digits",
            file,
            text().replace("3.0", "1e" + "9" * 500_000, 1).encode(),
            right(NAMES[1:], VECTORS[1:], found=["not finite"]),
        )
        yield Case(
            f"{kind}, a number of 500,000 digits",
            file,
            text().replace("3.0", "3." + "0" * 500_000, 1).encode(),
            GOOD,
        )
        yield Case(
            f"{kind}, every row zero",
            file,
            text(vectors=np.zeros((5, 3))).encode(),
            refused("all 5 rows are zero"),
        )
        yield Case(f"{kind}, blank lines between", file, text(end="\n\n").encode(), GOOD)
        yield Case(f"{kind}, tabs", file, text().replace(" ", "\t").encode(), GOOD)
        yield Case(f"{kind}, many spaces", file, text().replace(" ", "   ").encode(), GOOD)
        yield Case(f"{kind}, spaces at the ends of lines", file, text(end=" \n").encode(), GOOD)
        yield Case(f"{kind}, no newline at the end", file, text().encode()[:-1], GOOD)
        yield Case(f"{kind}, zero bytes behind", file, text().encode() + bytes(4096), refused())
        yield Case(
            f"{kind}, a line too short",
            file,
            text().replace(" -1.25", "", 1).encode(),
            refused("line"),
        )
        yield Case(
            f"{kind}, a line too long",
            file,
            text().replace("king ", "king 0.51251 ", 1).encode(),
            refused("line"),
        )
        for place, cut in cuts(text().encode()):
            yield Case(f"{kind}, cut at {place}", file, cut, beginning(NAMES, VECTORS))
    yield from headers()
    yield from numbers_alone()
    yield Case("empty", "a.txt", b"", refused("is empty"))
    yield Case("one newline", "a.txt", b"\n", refused())
    yield Case("blank lines only", "a.txt", b" \n\t\n" * 100, refused())
    yield Case("a mark and nothing else", "a.txt", BOM, refused())
    yield Case(
        "prose",
        "a.txt",
        b"It was the best of times, it was the worst of times.\n" * 50,
        refused("without columns of numbers"),
    )
    yield Case(
        "HTML",
        "a.txt",
        b"<!DOCTYPE html><html><body><h1>404 Not Found</h1></body></html>",
        refused(),
    )
    yield Case(
        "a Git LFS pointer",
        "a.vec",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n",
        refused(),
    )
    yield Case("one line of 40 MB", "a.txt", one_long_line, refused())
    yield Case("30 million blank lines", "a.txt", blank_lines, refused())
    yield Case("random bytes", "a.bin", np.random.default_rng(0).bytes(100_000), refused("known"))
    yield Case("zero bytes alone", "a.bin", bytes(100_000), refused("known"))


def headers() -> Iterator[Case]:
    """First lines that lie."""
    body = glove()
    for said, words in (
        ("5 3", None),
        ("6 3", ("promises 6", "found 5")),
        ("4 3", ("promises 4", "one more")),
        ("0 3", ("promises 0",)),
        ("5 0", ("promises",)),
        ("5 4", ("line 2",)),
        ("5 2", ("line",)),
        ("999999999999 300", ("promises", "limit")),
        ("3000000 1", ("limit",)),
        ("999999 1", ("cut short",)),
        ("9" * 4_000 + " 3", ("header",)),
        (f"{'9' * 5_000} 3", ()),
        ("00005 003", None),
        (f"{2**63} {2**63}", ("header",)),
        ("٥ ٣", ()),
        ("5 3 ", None),
        (" 5 3", None),
        ("5\t3", None),
    ):
        expect = GOOD if words is None else refused(*words)
        shown = said if len(said) < 30 else f"{len(said)} digits"
        yield Case(f"word2vec, header {shown!r}", "h.txt", f"{said}\n{body}".encode(), expect)
    yield Case("word2vec, header alone", "h.txt", b"5 3\n", refused())
    yield Case("word2vec, header alone, huge", "h.txt", b"1000000 300\n", refused())
    yield Case(
        "word2vec, header of numbers with a point",
        "h.txt",
        f"5.0 3.0\n{body}".encode(),
        right_or_refused(right()),
    )
    yield Case(
        "word2vec, header -5 3", "h.txt", f"-5 3\n{body}".encode(), right_or_refused(right())
    )
    yield Case(
        "word2vec, limited",
        "h.txt",
        word2vec().encode(),
        right(NAMES[:2], VECTORS[:2]),
        options={"limit": 2},
    )


def numbers_alone() -> Iterator[Case]:
    """tensors.tsv: no names."""
    lines = "".join("\t".join(map(str, row)) + "\n" for row in VECTORS.tolist())
    digits = list(map(str, range(5)))
    yield Case("tensors", "tensors.tsv", lines.encode(), right(digits, VECTORS))
    yield Case(
        "tensors, CRLF", "tensors.tsv", lines.replace("\n", "\r\n").encode(), right(digits, VECTORS)
    )
    yield Case("tensors, mark", "tensors.tsv", BOM + lines.encode(), right(digits, VECTORS))
    yield Case(
        "tensors, CR alone",
        "tensors.tsv",
        lines.replace("\n", "\r").encode(),
        right_or_refused(right(digits, VECTORS)),
    )
    yield Case("tensors, UTF-16", "tensors.tsv", lines.encode("utf-16"), refused("UTF-16"))
    yield Case(
        "tensors, ragged",
        "tensors.tsv",
        lines.replace("\t3.0", "").encode(),
        refused("line", "columns"),
    )
    yield Case(
        "tensors, one word",
        "tensors.tsv",
        lines.replace("2.0", "two").encode(),
        refused("line", "'two'"),
    )
    yield Case(
        "tensors, an empty field",
        "tensors.tsv",
        lines.replace("2.0", "").encode(),
        right(["0", "2", "3", "4"], VECTORS[[0, 2, 3, 4]], found=["not finite"]),
    )
    yield Case(
        "tensors, metadata beside with a line too few",
        "tensors.tsv",
        lines.encode(),
        right(digits, VECTORS, found=["left aside"]),
        beside={"metadata.tsv": b"a\nb\n"},
        upload=False,
    )
    yield Case(
        "tensors, metadata beside in Latin-1",
        "tensors.tsv",
        lines.encode(),
        right(digits, VECTORS, found=["left aside"]),
        beside={"metadata.tsv": "a\nü\nc\nd\ne\n".encode("latin1")},
        upload=False,
    )
    yield Case(
        "tensors, metadata beside of odd names",
        "tensors.tsv",
        "".join(f"{x}\t{y}\n" for x, y in spread(len(ODD_NAMES), 2).tolist()).encode(),
        right(ODD_NAMES, spread(len(ODD_NAMES), 2)),
        beside={"metadata.tsv": "".join(n + "\n" for n in ODD_NAMES).encode()},
        upload=False,
    )
    for place, cut in cuts(lines.encode()):
        yield Case(f"tensors, cut at {place}", "tensors.tsv", cut, beginning(digits, VECTORS))


def one_long_line(path: Path) -> None:
    path.write_bytes(b"king " + b"0.25 " * 8_000_000)


def blank_lines(path: Path) -> None:
    path.write_bytes(b"\n" * 30_000_000 + b"a 1 2\n")
