"""Small good files of every kind, made byte by byte or by the format's own library."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

NAMES = ["king", "queen", "München", "日本", "a.b"]
VECTORS = np.array(
    [[0.5, -1.25, 3.0], [1e-3, 2.0, -0.75], [4.0, 5.5, 6.25], [-7.0, 8.0, 0.1], [9.0, -1.0, 2.5]],
    dtype=np.float32,
)
ODD_NAMES = [
    "<script>window.hacked=1</script>",
    "<img/src=x/onerror=window.hacked=1>",
    "</textarea>",
    "javascript:window.hacked=1",
    "שלום",
    "\u202etxt.exe",
    "😀",
    "👩\u200d👩\u200d👧",
    "a\u00a0b",
    "a\u0085b",
    "a\u2028b",
    "\u200b",
    "e\u0301",
    "é",
    "x\x01y",
    "\x7f",
    "=1+1",
    "@SUM(A1)",
    "../../etc/passwd",
    "{{7*7}}",
    "${7*7}",
    "%s%n%x",
    "';DROP",
    "NaN",
    "null",
    "None",
    "true",
    "1e5",
    "-",
    "#",
    "\\",
    "[link](javascript:hacked)",
    ":red[x]",
    "$x^2$",
    "\U0010ffff",
    "\ufffe",
]  # fmt: skip; no space in any of them, so that every format can hold them
SPACED_NAMES = ["New York", " ", "", "a\tb", 'say "x"', "a,b", "a;b", "two\nlines", "x" * 999]


def spread(n: int, d: int = 3) -> np.ndarray:
    """(n, d) numbers that are all different and exact in float32 and in few digits."""
    return (np.arange(n * d, dtype=np.float32).reshape(n, d) + 1) / 4


def glove(names: list[str] = NAMES, vectors: Any = VECTORS, end: str = "\n") -> str:
    """A name and its numbers a line."""
    rows = zip(names, np.asarray(vectors), strict=True)
    return "".join(f"{name} {' '.join(map(str, row.tolist()))}{end}" for name, row in rows)


def word2vec(names: list[str] = NAMES, vectors: Any = VECTORS, end: str = "\n") -> str:
    n, d = np.asarray(vectors).shape
    return f"{n} {d}{end}" + glove(names, vectors, end)


def word2vec_binary(names: list[str] = NAMES, vectors: Any = VECTORS, header: str = "") -> bytes:
    numbers = np.asarray(vectors, dtype="<f4")
    rows = zip(names, numbers, strict=True)
    head = header or f"{len(numbers)} {numbers.shape[1]}"
    return (
        head.encode() + b"\n" + b"".join(n.encode() + b" " + r.tobytes() + b"\n" for n, r in rows)
    )


def csv_text(names: list[str] = NAMES, vectors: Any = VECTORS) -> str:
    def quoted(name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    d = np.asarray(vectors).shape[1]
    lines = ["word," + ",".join(f"x{i}" for i in range(d))]
    for name, row in zip(names, np.asarray(vectors), strict=True):
        lines.append(",".join([quoted(name), *map(str, row.tolist())]))
    return "\n".join(lines) + "\n"


def jsonl(names: list[str] = NAMES, vectors: Any = VECTORS) -> str:
    rows = zip(names, np.asarray(vectors), strict=True)
    return "".join(json.dumps({"word": n, "vector": r.tolist()}) + "\n" for n, r in rows)


def npy(array: Any, *, allow_pickle: bool = False, version: Any = None) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.asanyarray(array), version, allow_pickle=allow_pickle)
    return buffer.getvalue()


def npy_header(text: str, version: int = 1) -> bytes:
    """A header that says what we like, with its length told rightly."""
    raw = text.encode("latin1")
    length = struct.pack("<H" if version == 1 else "<I", len(raw))
    return b"\x93NUMPY" + bytes([version, 0]) + length + raw


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def npz(**arrays: Any) -> bytes:
    return zipped({f"{name}.npy": npy(array) for name, array in arrays.items()})


def safetensors(header: Any, data: bytes, length: int | None = None) -> bytes:
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(raw) if length is None else length) + raw + data


def tensor(vectors: Any = VECTORS, dtype: str = "F32", **changes: Any) -> dict[str, Any]:
    array = np.asarray(vectors)
    return {"dtype": dtype, "shape": list(array.shape), "data_offsets": [0, array.nbytes]} | changes


def fasttext(
    words: list[str] = NAMES, vectors: Any = VECTORS, *, dim: int | None = None, bucket: int = 0,
    maxn: int = 0, minn: int = 0, entries: int | None = None, rows: int | None = None,
    version: int = 12, quantised: int = 0, pruned: int = -1,
) -> bytes:  # fmt: skip
    """A fastText model whose every field may be told wrongly."""
    numbers = np.asarray(vectors, dtype="<f4")
    d = numbers.shape[1] if dim is None else dim
    count = len(words) if entries is None else entries
    parts = [struct.pack("<2i", 793_712_314, version)]
    parts.append(struct.pack("<12id", d, 5, 5, 1, 5, 1, 2, 2, bucket, minn, maxn, 100, 1e-4))
    parts.append(struct.pack("<3i2q", count, count, 0, 100, pruned))
    parts += [word.encode() + b"\0" + struct.pack("<qb", 7, 0) for word in words]
    parts.append(struct.pack("<?2q", quantised, len(numbers) if rows is None else rows, d))
    return b"".join(parts) + numbers.tobytes()


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, **options)
    return buffer.getvalue()


def arrow(columns: dict[str, Any], *, stream: bool = False) -> bytes:
    import pyarrow as pa

    table, buffer = pa.table(columns), io.BytesIO()
    new = pa.ipc.new_stream if stream else pa.ipc.new_file
    with new(buffer, table.schema) as writer:
        writer.write_table(table)
    return buffer.getvalue()


def hdf5(write: Any) -> Any:
    """A writer for a case: `write(h5py.File)` fills the file."""

    def make(path: Path) -> None:
        import h5py

        with h5py.File(path, "w") as file:
            write(file)

    return make


def anndata(file: Any, names: list[str] = NAMES, vectors: Any = VECTORS) -> None:
    """obs with an index, and one array in obsm, as anndata lays them out."""
    import h5py

    obs = file.create_group("obs")
    obs.attrs["_index"] = "_index"
    obs.attrs["column-order"] = np.array([], dtype=h5py.string_dtype())
    obs.create_dataset("_index", data=names, dtype=h5py.string_dtype())
    if vectors is not None:
        file.create_group("obsm").create_dataset("X_pca", data=np.asarray(vectors))


def png(pixels: np.ndarray) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()
