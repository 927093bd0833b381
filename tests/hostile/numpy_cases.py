""".npy and .npz: types, orders, headers that lie, objects and pickles."""

from __future__ import annotations

import io
import os
import pickle
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.hostile.case import Case, cuts, refused, right, right_or_refused
from tests.hostile.contents import (
    NAMES,
    ODD_NAMES,
    SPACED_NAMES,
    VECTORS,
    npy,
    npy_header,
    npz,
    spread,
    zipped,
)

ROWS = list(map(str, range(5)))
NUMBERED = right(ROWS, VECTORS)
WHOLE = np.arange(1, 16).reshape(5, 3)
ALL_NAMES = [*ODD_NAMES, *SPACED_NAMES]


class Attack:
    """Runs a program when it is unpickled: it leaves a file that the runner looks for."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch ${HOSTILE_CANARY:-/dev/null}",)


def cases() -> Iterator[Case]:
    yield from npy_cases()
    yield from npz_cases()
    yield from pickles()


def npy_cases() -> Iterator[Case]:
    file = "v.npy"
    yield Case("npy, float32", file, npy(VECTORS), NUMBERED)
    for dtype in ("<f8", ">f4", ">f8", "<f2", ">f2", "g"):
        wanted = VECTORS.astype(dtype).astype(np.float32)
        yield Case(f"npy, {dtype}", file, npy(VECTORS.astype(dtype)), right(ROWS, wanted))
    for dtype in ("i1", "u1", "<i2", ">i2", "<i4", ">i8", "<u8", "?"):
        wanted = WHOLE.astype(dtype).astype(np.float32)
        yield Case(f"npy, {dtype}", file, npy(WHOLE.astype(dtype)), right(ROWS, wanted))
    yield Case("npy, Fortran order", file, npy(np.asfortranarray(VECTORS)), NUMBERED)
    yield Case(
        "npy, Fortran order, big-endian",
        file,
        npy(np.asfortranarray(VECTORS.astype(">f8"))),
        NUMBERED,
    )
    yield Case(
        "npy, Fortran order, limited",
        file,
        npy(np.asfortranarray(VECTORS)),
        right(ROWS[:2], VECTORS[:2]),
        options={"limit": 2},
    )
    for version in ((2, 0), (3, 0)):
        yield Case(f"npy, version {version[0]}", file, npy(VECTORS, version=version), NUMBERED)
    yield Case("npy, complex", file, npy(VECTORS.astype(complex)), refused("complex"))
    yield Case("npy, text", file, npy(np.array([["a", "b"], ["c", "d"]])), refused("text"))
    yield Case(
        "npy, dates", file, npy(np.array([["2020-01-01"]], "M8[D]")), refused("real numbers")
    )
    yield Case(
        "npy, structured",
        file,
        npy(np.zeros((5, 3), [("x", "f4"), ("y", "f4")])),
        refused("records"),
    )
    yield Case(
        "npy, structured table", file, npy(np.zeros(5, [("x", "f4"), ("y", "f4")])), refused("2-D")
    )
    objects = np.array([[Attack()]], dtype=object)
    yield Case("npy, objects", file, npy(objects, allow_pickle=True), refused("Python objects"))
    for shape in ((), (5,), (5, 0), (0, 5), (0, 0), (2, 2, 2), (1,) * 32):
        words = ("2-D",) if len(shape) != 2 else ()
        yield Case(f"npy, shape {shape}", file, npy(np.ones(shape, "f4")), refused(*words))
    yield Case("npy, 1 x 1", file, npy(np.ones((1, 1), "f4")), right(["0"], [[1]]))
    yield Case("npy, all NaN", file, npy(np.full((3, 2), np.nan, "f4")), refused("zero or not"))
    strange = np.array([[1, 2], [np.nan, 1], [np.inf, 1], [0, 0], [1e-45, 0], [3e38, 3e38]], "f4")
    yield Case(
        "npy, NaN, infinite, zero, denormal, huge",
        file,
        npy(strange),
        right(["0", "4", "5"], strange[[0, 4, 5]], found=["1 zero", "2 rows"]),
    )
    large = np.array([[1.0, 2.0], [1e39, 1.0], [1e-60, 0.0]])
    yield Case(
        "npy, float64 beyond float32",
        file,
        npy(large),
        right(["0"], [[1, 2]], found=["too large for float32", "zero"]),
    )
    for header, words in LIES.items():
        yield Case(
            f"npy, header {header[:60]!r}",
            file,
            npy_header(header) + VECTORS.tobytes(),
            refused(*words),
        )
    for header in (
        "{'descr':'<f4','fortran_order':False,'shape':(5,3),}",
        GOOD_HEADER + " " * 9_000,
    ):
        yield Case(
            f"npy, header of {len(header)} characters",
            file,
            npy_header(header) + VECTORS.tobytes(),
            NUMBERED,
        )
    yield Case(
        "npy, header of 65,000 characters",
        file,
        npy_header(GOOD_HEADER + " " * 65_000) + VECTORS.tobytes(),
        right_or_refused(NUMBERED),
    )
    yield Case(
        "npy, header of 3 GB promised",
        file,
        b"\x93NUMPY\x02\x00" + b"\xff\xff\xff\xbf" + GOOD_HEADER.encode(),
        refused("header"),
    )
    yield Case("npy, version 9", file, b"\x93NUMPY\x09\x00" + npy(VECTORS)[8:], refused("header"))
    yield Case("npy, more numbers than promised", file, npy(VECTORS) + bytes(4_000), NUMBERED)
    yield Case("npy, magic alone", file, b"\x93NUMPY", refused("header"))
    for place, cut in cuts(npy(VECTORS)):
        yield Case(f"npy, cut at {place}", file, cut, refused())
    yield Case("npy, over the limit", file, npy(np.ones((2_100, 1_000), "i1")), refused("limit"))
    yield Case(
        "npy, over the limit, first rows",
        file,
        npy(np.ones((2_100, 1_000), "i1")),
        right(list(map(str, range(10)))),
        options={"limit": 10},
    )


GOOD_HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (5, 3), }"
LIES = {
    "": ("header",),
    "{": ("header",),
    "[]": ("header",),
    "None": ("header",),
    "{'descr': '<f4', 'fortran_order': False}": ("header",),
    GOOD_HEADER.replace("5, 3", "5, 4"): ("cut short",),
    GOOD_HEADER.replace("5, 3", "5000000, 3"): (),
    GOOD_HEADER.replace("5, 3", "-5, 3"): ("impossible",),
    GOOD_HEADER.replace("5, 3", "-5, -3"): ("impossible",),
    GOOD_HEADER.replace("5, 3", f"{2**62}, 4"): (),
    GOOD_HEADER.replace("5, 3", f"{2**64}, 1"): ("header",),
    GOOD_HEADER.replace("5, 3", f"{'9' * 4_000}, 1"): ("header",),
    GOOD_HEADER.replace("5, 3", f"{'9' * 5_000}, 1"): (),
    GOOD_HEADER.replace("5, 3", f"{2**62}, 0"): (),
    GOOD_HEADER.replace("5, 3", f"{2**40}, 300"): ("limit",),
    GOOD_HEADER.replace("5, 3", "True, 3"): (),
    GOOD_HEADER.replace("5, 3", "5.0, 3"): ("header",),
    GOOD_HEADER.replace("(5, 3)", "[5, 3]"): ("header",),
    GOOD_HEADER.replace("(5, 3)", "__import__('os').system('touch $HOSTILE_CANARY')"): ("header",),
    GOOD_HEADER.replace("False", "7"): ("header",),
    GOOD_HEADER.replace("<f4", "<f9"): ("header",),
    GOOD_HEADER.replace("<f4", "O"): ("Python objects",),
    GOOD_HEADER.replace("<f4", "V0"): (),
    GOOD_HEADER.replace("<f4", "U0"): (),
    GOOD_HEADER.replace("<f4", "U999999999"): (),
    GOOD_HEADER.replace("'<f4'", "('<f4', (1000, 1000))"): (),
    GOOD_HEADER.replace("'<f4'", "[('a', '<f4', (1000000000,))]"): (),
    GOOD_HEADER.replace("'<f4'", "(" * 150 + "'<f4'" + ",)" * 150): ("header",),
    "(" * 30_000: ("header",),
    "{'descr': '<f4', " + "'a': 1, " * 5_000 + "}": ("header",),
    GOOD_HEADER + "\n\n\nlies": ("header",),
    "\x00" * 118: ("header",),
    "\u00e9" * 118: ("header",),
}


def npz_cases() -> Iterator[Case]:
    file = "s.npz"
    good = right(NAMES, VECTORS)
    words = np.array(NAMES)
    yield Case("npz, vectors and names", file, npz(vectors=VECTORS, names=words), good)
    yield Case("npz, vectors alone", file, npz(whatever=VECTORS), NUMBERED)
    yield Case(
        "npz, compressed",
        file,
        zipped({"vectors.npy": npy(VECTORS), "names.npy": npy(words)}, zipfile.ZIP_DEFLATED),
        good,
    )
    for name, method in (("bzip2", zipfile.ZIP_BZIP2), ("lzma", zipfile.ZIP_LZMA)):
        yield Case(
            f"npz, {name}",
            file,
            zipped({"vectors.npy": npy(VECTORS)}, method),
            right_or_refused(NUMBERED),
        )
    yield Case(
        "npz, several arrays",
        file,
        npz(a=VECTORS, b=VECTORS),
        refused("2 arrays", "a, b", "--vector"),
    )
    yield Case(
        "npz, several arrays, one chosen",
        file,
        npz(a=VECTORS, b=VECTORS * 2),
        right(ROWS, VECTORS * 2),
        options={"vector": "b"},
    )
    yield Case(
        "npz, chosen array is no matrix",
        file,
        npz(a=VECTORS, b=words),
        refused("2-D"),
        options={"vector": "b"},
    )
    yield Case(
        "npz, chosen array has no shape",
        file,
        npz(a=VECTORS, b=np.float32(1)),
        refused("2-D"),
        options={"vector": "b"},
    )
    yield Case("npz, nobody", file, npz(a=VECTORS), refused("nobody"), options={"vector": "nobody"})
    yield Case(
        "npz, label nobody", file, npz(a=VECTORS), refused("nobody"), options={"label": "nobody"}
    )
    yield Case("npz, no array of two dimensions", file, npz(a=words), refused("2-D array"))
    yield Case("npz, a name too few", file, npz(vectors=VECTORS, names=words[:4]), NUMBERED)
    yield Case(
        "npz, pickled names",
        file,
        zipped(
            {
                "vectors.npy": npy(VECTORS),
                "names.npy": npy(np.array([Attack()] * 5), allow_pickle=True),
            }
        ),
        right(ROWS, VECTORS, found=["Python objects"]),
    )
    yield Case(
        "npz, pickled vectors",
        file,
        zipped({"vectors.npy": npy(np.array([[Attack()]] * 5), allow_pickle=True)}),
        refused("2-D array"),
    )
    yield Case(
        "npz, a member that is a pickle",
        file,
        zipped({"vectors.npy": pickle.dumps(Attack())}),
        refused("header"),
    )
    yield Case(
        "npz, a damaged array beside",
        file,
        zipped({"vectors.npy": npy(VECTORS), "more.npy": b"\x93NUMPY"}),
        refused("header"),
    )
    yield Case(
        "npz, odd names",
        file,
        npz(vectors=spread(len(ALL_NAMES)), names=np.array([name + "." for name in ALL_NAMES])),
        right([name + "." for name in ALL_NAMES], spread(len(ALL_NAMES))),
    )
    yield Case(
        "npz, names of bytes in Latin-1",
        file,
        npz(vectors=VECTORS[:1], names=np.array(["ü".encode("latin1")])),
        refused("names"),
    )
    yield Case(
        "npz, names beyond Unicode",
        file,
        npz(vectors=VECTORS[:1], names=np.array([0x7FFFFFFF], "<u4").view("<U1")),
        refused("names"),
    )
    yield Case(
        "npz, names that are half a surrogate pair",
        file,
        npz(vectors=VECTORS[:1], names=np.array([0xD800], "<u4").view("<U1")),
        right_or_refused(right()),
    )
    yield Case(
        "npz, names of 10 MB",
        file,
        npz(vectors=VECTORS[:1], names=np.array(["x" * 2_500_000])),
        refused("limit"),
    )
    for starts in ([0, 2], [0, 3, 1], [-1, 2, 3], [0, 1, 999], [[0, 1, 3]], [0.0, np.nan, 3.0], []):
        yield Case(
            f"npz, packed names with starts {starts}",
            file,
            npz(
                **{
                    "vectors": VECTORS[:2],
                    "names utf-8": np.frombuffer(b"a\0b", "u1"),
                    "names starts": np.array(starts),
                }
            ),
            right_or_refused(right()),
        )
    yield Case(
        "npz, metadata of odd kinds",
        file,
        npz(
            vectors=VECTORS,
            names=words,
            c=np.ones(5, complex),
            t=np.ones(5, "M8[s]"),
            r=np.zeros(5, [("a", "i4")]),
            m=np.ones((5, 5, 5)),
            b=np.ones(5, bool),
        ),
        good,
    )
    yield Case(
        "npz, a column of float16 with NaN",
        file,
        npz(vectors=VECTORS, names=words, h=np.array([1, 2, np.nan, np.inf, 5], "f2")),
        good,
    )
    yield Case(
        "npz, our maps, damaged",
        file,
        npz(
            **{
                "vectors": VECTORS,
                "names": words,
                "map PCA": np.ones((5, 7), "f4"),
                "about": np.array('{"maps": {"PCA": 7}}'),
            }
        ),
        right_or_refused(good),
    )
    yield Case(
        "npz, our maps, not finite",
        file,
        npz(**{"vectors": VECTORS, "names": words, "map PCA": np.full((5, 2), np.nan)}),
        right_or_refused(good),
    )
    yield Case(
        "npz, our images, of a wrong shape",
        file,
        npz(vectors=VECTORS, names=words, images=np.ones((5, 2), "u1")),
        right_or_refused(good),
    )
    for about in (
        "[]",
        "7",
        "{",
        '{"steps": 7}',
        '{"maps": 7}',
        '{"trained_with": []}',
        "{" * 9_999,
        '{"seed": true, "steps": {"a": 1}}',
        '{"trained_with": {"a": 1}}',
    ):
        yield Case(
            f"npz, about {about[:40]!r}",
            file,
            npz(vectors=VECTORS, names=words, about=np.array(about)),
            good,
        )
    yield Case("npz, two members of one name", file, doubled, right_or_refused(right()))
    yield Case(
        "npz, a member outside", file, zipped({"../v.npy": npy(VECTORS)}), refused("outside")
    )
    yield Case(
        "npz, a member with an absolute name",
        file,
        zipped({"/v.npy": npy(VECTORS)}),
        refused("outside"),
    )
    yield Case("npz, a password", file, encrypted, refused())
    yield Case("npz, a bomb of zeros", file, bomb, refused("limit"))
    yield Case("npz, a bomb beside the vectors", file, bomb_beside, refused("limit"))
    yield Case("npz, sizes in the directory that lie", file, lying_sizes, refused())
    yield Case("npz, 20,000 arrays", file, many_members, right_or_refused(right()))
    for place, cut in cuts(npz(vectors=VECTORS, names=words)):
        yield Case(f"npz, cut at {place}", file, cut, refused())


def pickles() -> Iterator[Case]:
    for protocol in range(6):
        for file in ("m.pkl", "v.npy", "w.bin", "w.txt", "model.pt", "w.model"):
            yield Case(
                f"pickle, protocol {protocol}, {file}",
                file,
                pickle.dumps({"a": Attack()}, protocol),
                refused(),
            )
    torch = zipped({"model/data.pkl": pickle.dumps(Attack()), "model/data/0": bytes(60)})
    yield Case("pickle, of PyTorch", "model.pt", torch, refused("pickle"))


def doubled(path: Path) -> None:
    import warnings

    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")
        for factor in (1, 2):
            archive.writestr("vectors.npy", npy(VECTORS * factor))


def encrypted(path: Path) -> None:
    content = bytearray(npz(vectors=VECTORS))
    content[6] |= 1  # the flag in the member's own header …
    content[content.find(b"PK\x01\x02") + 8] |= 1  # … and in the directory
    path.write_bytes(content)


def bomb(path: Path) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("vectors.npy", "w", force_zip64=True) as member,
    ):
        member.write(npy_header(GOOD_HEADER.replace("5, 3", "1000, 1000")))
        for _ in range(40):
            member.write(bytes(1 << 20))


def bomb_beside(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("vectors.npy", npy(VECTORS))
        archive.writestr("names.npy", npy(np.zeros(5, "U2000000")))


def lying_sizes(path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("vectors.npy", npy(np.ones((1_000, 1_000), "f4")))
    content = bytearray(buffer.getvalue())
    directory = content.find(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (1_000).to_bytes(4, "little")
    path.write_bytes(content)


def many_members(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("vectors.npy", npy(VECTORS))
        column = npy(np.arange(5))
        for number in range(20_000):
            archive.writestr(f"c{number}.npy", column)
