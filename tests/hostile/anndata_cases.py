""".h5ad: what HDF5 can hold and what it can point at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.hostile.case import Case, cuts, refused, right, right_or_refused
from tests.hostile.contents import NAMES, ODD_NAMES, SPACED_NAMES, VECTORS, anndata, hdf5, spread

WIDE = np.tile(VECTORS, 2)  # arrays of two or three columns count as maps
GOOD = right(NAMES, WIDE)
ALL_NAMES = [name for name in (*ODD_NAMES, *SPACED_NAMES) if "\0" not in name]


def cases() -> Iterator[Case]:
    file = "c.h5ad"
    for name, make, expect in files():
        yield Case(f"h5ad, {name}", file, hdf5(make), expect)
    yield Case("h5ad, the mark alone", file, b"\x89HDF\r\n\x1a\n", refused())
    yield Case(
        "h5ad, the mark and zero bytes", file, b"\x89HDF\r\n\x1a\n" + bytes(4_096), refused()
    )
    yield Case("h5ad, the mark and ones", file, b"\x89HDF\r\n\x1a\n" + b"\xff" * 4_096, refused())
    content = in_memory(plain)
    for place, cut in cuts(content):
        if place == len(content) - 1 or place % 512 == 0 or place < 600:
            yield Case(f"h5ad, cut at {place}", file, cut, right_or_refused(GOOD))


def files() -> Iterator[tuple[str, Any, Any]]:
    yield "plain", plain, GOOD
    yield "no obs", lambda f: f.create_dataset("X", data=WIDE), refused("'obs'")
    yield "nothing at all", lambda f: None, refused("'obs'")
    yield "obs is a number", lambda f: f.create_dataset("obs", data=7), refused()
    yield "obs is a matrix", lambda f: f.create_dataset("obs", data=WIDE), refused()
    yield "obs is empty", lambda f: f.create_group("obs"), refused("index")
    yield "no X and no obsm", lambda f: anndata(f, vectors=None), refused("array of vectors")
    yield "X alone", lambda f: (anndata(f, vectors=None), f.create_dataset("X", data=WIDE)), GOOD
    yield "only a map", lambda f: anndata(f, vectors=VECTORS[:, :2]), refused("array of vectors")
    yield (
        "X of another length",
        lambda f: (anndata(f, vectors=None), f.create_dataset("X", data=WIDE[:3])),
        refused(),
    )
    yield (
        "X of text",
        lambda f: (anndata(f, vectors=None), f.create_dataset("X", data=[[b"a"] * 5] * 5)),
        refused(),
    )
    yield (
        "X of complex numbers",
        lambda f: (anndata(f, vectors=None), f.create_dataset("X", data=WIDE.astype(complex))),
        refused(),
    )
    yield (
        "X big-endian",
        lambda f: (anndata(f, vectors=None), f.create_dataset("X", data=WIDE.astype(">f8"))),
        GOOD,
    )
    yield (
        "X of float16 with NaN",
        lambda f: (
            anndata(f, vectors=None),
            f.create_dataset("X", data=np.where(WIDE == 3, np.nan, 1).astype("f2")),
        ),
        right(NAMES[1:]),
    )
    yield (
        "X without room",
        lambda f: (
            anndata(f, vectors=None),
            f.create_dataset("X", (5, 2**40), "f4", chunks=(1, 1024)),
        ),
        refused("limit"),
    )
    yield (
        "a bomb of nothing",
        lambda f: (
            anndata(f, vectors=None),
            f.create_dataset("X", (5, 10**9), "i1", chunks=(5, 10**6), compression="gzip"),
        ),
        refused("limit"),
    )
    yield "obs of a billion rows", many_rows, refused()
    yield (
        "odd names",
        lambda f: anndata(f, ALL_NAMES, np.tile(spread(len(ALL_NAMES)), 2)),
        right([name or f"row {row}" for row, name in enumerate(ALL_NAMES)]),
    )
    yield "names of Latin-1", latin, refused("not UTF-8")
    yield "names of numbers", numbers_as_names, right(list("01234"))
    yield "an outer link", outer_link, refused("another file")
    yield "a soft link", soft_link, refused("another file")
    yield "outer storage", outer_storage, refused("another file")
    yield "a virtual dataset", virtual, refused("another file")
    yield "a group that holds itself", loop, right_or_refused(right())
    yield "sparse, good", sparse, right(["a", "b"], [[1, 0, 0, 2], [0, 3, 0, 0]])
    for name, changes in SPARSE_LIES.items():
        yield (
            f"sparse, {name}",
            lambda f, changes=changes: sparse(f, **changes),
            right_or_refused(right()),
        )
    yield "sparse, a bomb", lambda f: sparse(f, shape=[2, 2**40]), refused()
    yield "categories", categories([0, 1, 0, 1, -1], ["x", "y"]), GOOD
    yield "categories beyond", categories([0, 1, 0, 1, 7], ["x", "y"]), refused("code")
    yield "categories below", categories([0, 1, 0, 1, -7], ["x", "y"]), refused("code")
    yield "categories of a wrong length", categories([0, 1], ["x", "y"]), refused()
    yield "no categories", categories([0, 0, 0, 0, 0], []), refused()
    yield "categories of fractions", categories([0, 1, 0, 1, 0], [0.5, np.nan]), GOOD
    yield (
        "codes of fractions",
        categories([0.5, np.nan, 0, 1, 0], ["x", "y"]),
        right_or_refused(right()),
    )
    yield (
        "a column of a wrong length",
        lambda f: (plain(f), f["obs"].create_dataset("n", data=[1, 2])),
        refused(),
    )
    yield (
        "a column of two dimensions",
        lambda f: (plain(f), f["obs"].create_dataset("n", data=WIDE)),
        GOOD,
    )
    yield (
        "a column of records",
        lambda f: (plain(f), f["obs"].create_dataset("n", data=np.zeros(5, [("a", "i4")]))),
        GOOD,
    )
    yield (
        "a column of bytes",
        lambda f: (plain(f), f["obs"].create_dataset("n", data=np.array([b"\xff"] * 5))),
        refused("not UTF-8"),
    )
    yield (
        "the index is not there",
        lambda f: (plain(f), f["obs"].attrs.__setitem__("_index", "nobody")),
        refused("index"),
    )
    yield (
        "the index is named by a number",
        lambda f: (plain(f), f["obs"].attrs.__setitem__("_index", 7)),
        refused(),
    )
    yield (
        "the order of columns is a number",
        lambda f: (plain(f), f["obs"].attrs.__setitem__("column-order", 7)),
        right_or_refused(GOOD),
    )
    yield (
        "a map that is not finite",
        lambda f: (plain(f), f["obsm"].create_dataset("X_umap", data=np.full((5, 2), np.nan))),
        right_or_refused(right()),
    )
    yield "old tables", old_tables, right_or_refused(right())


def plain(file: Any) -> None:
    anndata(file, NAMES, WIDE)


def in_memory(make: Any) -> bytes:
    import io

    import h5py

    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        make(file)
    return buffer.getvalue()


def many_rows(file: Any) -> None:
    import h5py

    obs = file.create_group("obs")
    obs.attrs["_index"] = "_index"
    obs.create_dataset("_index", (10**9,), h5py.string_dtype(), chunks=(10**6,))
    file.create_dataset("X", (10**9, 5), "f4", chunks=(10**6, 5))


def latin(file: Any) -> None:
    obs = file.create_group("obs")
    obs.attrs["_index"] = "_index"
    obs.create_dataset("_index", data=np.array(["ü".encode("latin1")] * 5))
    file.create_dataset("X", data=WIDE)


def numbers_as_names(file: Any) -> None:
    obs = file.create_group("obs")
    obs.attrs["_index"] = "_index"
    obs.create_dataset("_index", data=np.arange(5))
    file.create_dataset("X", data=WIDE)


def outer_link(file: Any) -> None:
    import h5py

    anndata(file, vectors=None)
    file["X"] = h5py.ExternalLink("/etc/passwd", "/")


def soft_link(file: Any) -> None:
    import h5py

    anndata(file, vectors=None)
    file["X"] = h5py.SoftLink("/obs")


def outer_storage(file: Any) -> None:
    anndata(file, vectors=None)
    file.create_dataset("X", (5, 6), "u1", external=[("/etc/passwd", 0, 30)])


def virtual(file: Any) -> None:
    import h5py

    anndata(file, vectors=None)
    layout = h5py.VirtualLayout((5, 6), "f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (5, 6))
    file.create_virtual_dataset("X", layout)


def loop(file: Any) -> None:
    plain(file)
    file["obsm/again"] = file["obsm"]
    file["obs/again"] = file["obs"]


def sparse(file: Any, **changes: Any) -> None:
    anndata(file, ["a", "b"], None)
    parts: dict[str, Any] = {"data": [1.0, 2, 3], "indices": [0, 3, 1], "indptr": [0, 2, 3]}
    group = file.create_group("X")
    group.attrs["encoding-type"] = changes.get("kind", "csr_matrix")
    group.attrs["shape"] = changes.get("shape", [2, 4])
    for name, values in (parts | changes).items():
        if name in parts and values is not None:
            group.create_dataset(name, data=values)


SPARSE_LIES: dict[str, dict[str, Any]] = {
    "indices beyond": {"indices": [0, 99, 1]},
    "indices below": {"indices": [0, -1, 1]},
    "huge indices": {"indices": np.array([0, 2**62, 1])},
    "offsets that fall": {"indptr": [0, 3, 2]},
    "offsets beyond": {"indptr": [0, 2, 99]},
    "minus offsets": {"indptr": [0, -2, 3]},
    "too few offsets": {"indptr": [0]},
    "no offsets": {"indptr": None},
    "offsets of fractions": {"indptr": [0.5, np.nan, 3.0]},
    "data of text": {"data": [b"a", b"b", b"c"]},
    "another shape": {"shape": [2, 2]},
    "minus shape": {"shape": [-2, -4]},
    "three sides": {"shape": [2, 4, 1]},
    "shape of text": {"shape": "24"},
    "shape of fractions": {"shape": [2.0, np.nan]},
    "columns": {"kind": "csc_matrix"},
    "unknown kind": {"kind": "coo_matrix"},
}


def categories(codes: list[Any], values: list[Any]) -> Any:
    def make(file: Any) -> None:
        import h5py

        plain(file)
        group = file["obs"].create_group("kind")
        group.attrs["encoding-type"] = "categorical"
        group.create_dataset("codes", data=np.array(codes))
        text = bool(values) and isinstance(values[0], str)
        kind = h5py.string_dtype() if text or not values else None
        group.create_dataset(
            "categories", data=np.array(values, dtype=object if text else None), dtype=kind
        )

    return make


def old_tables(file: Any) -> None:
    names = np.array(
        [(name.encode(), i) for i, name in enumerate(NAMES)], [("index", "S9"), ("n", "i4")]
    )
    file.create_dataset("obs", data=names)
    file.create_dataset("obsm", data=np.zeros(5, [("X_pca", "f4", (6,)), ("bad", "S3")]))
    file.create_dataset("X", data=WIDE)
