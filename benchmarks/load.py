"""Opening files beside polars and gensim: text, word2vec binary, and a memory-mapped .npy.

The files are made here, in a temporary folder, and lie in the page cache when they are read: this
measures parsing, not the disk. "of read limit" is the share that we reach of the speed at which
the same file can be read into a buffer, measured in the same run.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import (
    available_cores,
    fresh_process,
    interleave,
    read_bandwidth,
    table,
    timed,
    write_npy,
)
from explorer import EmbeddingSpace, Items, Provenance, load, save

ITEMS, DIMENSIONS = 400_000, 100
GENSIM_LINES = 40_000  # gensim's text reader takes half a minute for all: it reads the first tenth
NPY_SHAPE = (1_000_000, 300)
PEAK = """
import sys
from benchmarks.measure import anonymous_bytes, peak_bytes
from explorer import load
load(sys.argv[1])
before = peak_bytes()
space = load(sys.argv[2])
print(peak_bytes() - before, space.vectors.nbytes)
"""


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        files = _make_files(Path(folder))
        disk = files["text"].stat().st_size / min(
            timed(lambda: _drain(files["text"])) for _ in "123"
        )
        memory = read_bandwidth()
        print(
            f"{available_cores()} cores; memory is read at {memory / 1e9:.1f} GB/s, "
            f"a cached file at {disk / 1e9:.1f} GB/s\n"
        )
        print(_text_table(files, disk), end="\n\n")
        print(_binary_table(files, disk), end="\n\n")
        print(_npy_table(files["npy"], memory), end="\n\n")
        print(_peak_table(files))


def _make_files(folder: Path) -> dict[str, Path]:
    """The same 400,000 x 100 vectors as text (six decimals) and binary, and an .npy of 1.2 GB."""
    generator = np.random.default_rng(1)
    vectors = generator.standard_normal((ITEMS, DIMENSIONS), dtype=np.float32) * np.float32(0.4)
    vectors = np.round(vectors, 6)
    files = {name: folder / f"vectors.{name}" for name in ("text", "bin", "npy")}
    files |= {"part": folder / "part.text", "small": folder / "small.text"}
    line = " %.6f" * DIMENSIONS + "\n"
    with files["text"].open("w") as text:
        for row, vector in enumerate(vectors):
            text.write(f"word{row}" + line % tuple(vector.tolist()))
    with files["text"].open("rb") as text:
        lines = [text.readline() for _ in range(GENSIM_LINES)]
    files["part"].write_bytes(b"".join(lines))
    files["small"].write_bytes(b"".join(lines[:1000]))
    items = Items(f"word{row}" for row in range(ITEMS))
    space = EmbeddingSpace("bench", items, vectors, Provenance("bench"))
    save(space, files["bin"], "word2vec_binary")
    d = NPY_SHAPE[1]
    write_npy(
        files["npy"],
        NPY_SHAPE,
        lambda count, _: generator.standard_normal((count, d), dtype=np.float32),
    )
    os.sync()  # so that the machine does not write what it made while it reads
    return files


def _drain(file: Path) -> None:
    buffer = bytearray(1 << 22)
    with file.open("rb", buffering=0) as stream:
        while stream.readinto(buffer):
            pass


def _text_table(files: dict[str, Path], disk: float) -> str:
    size, part = files["text"].stat().st_size, files["part"].stat().st_size
    programs: dict[str, Callable[[], Any]] = {"ours": lambda: load(files["text"])}
    if polars := _peer("polars"):
        kinds = {"name": polars.String} | {f"x{at}": polars.Float32 for at in range(DIMENSIONS)}
        programs["polars.read_csv"] = lambda: polars.read_csv(
            files["text"], separator=" ", has_header=False, quote_char=None, schema=kinds
        )
    if gensim := _peer("gensim.models"):
        programs["gensim, first tenth"] = lambda: gensim.KeyedVectors.load_word2vec_format(
            str(files["part"]), no_header=True
        )
    seconds = interleave(programs, rounds=5)
    sizes = {name: part if "tenth" in name else size for name in seconds}
    rows = _speeds(seconds, sizes, disk)
    return table(rows, f"Text, {ITEMS:,} x {DIMENSIONS}, {size / 1e6:.0f} MB")


def _binary_table(files: dict[str, Path], disk: float) -> str:
    size = files["bin"].stat().st_size
    programs: dict[str, Callable[[], Any]] = {"ours": lambda: load(files["bin"])}
    if gensim := _peer("gensim.models"):
        programs["gensim"] = lambda: gensim.KeyedVectors.load_word2vec_format(
            str(files["bin"]), binary=True
        )
    seconds = interleave(programs, rounds=5)
    rows = _speeds(seconds, dict.fromkeys(seconds, size), disk)
    return table(rows, f"word2vec binary, {ITEMS:,} x {DIMENSIONS}, {size / 1e6:.0f} MB")


def _speeds(seconds: dict[str, float], sizes: dict[str, int], disk: float) -> list[dict[str, Any]]:
    """A row a program; sizes : bytes that each read; disk : bytes a second at best."""
    ours = sizes["ours"] / seconds["ours"]
    return [
        {
            "program": name,
            "s": took,
            "MB/s": sizes[name] / took / 1e6,
            "ours is faster by": ours / (sizes[name] / took),
            "of read limit": sizes[name] / took / disk,
        }
        for name, took in seconds.items()
    ]


def _npy_table(file: Path, memory: float) -> str:
    took = interleave({"ours": lambda: load(file)}, rounds=5)["ours"]
    size = file.stat().st_size
    row = {
        "program": "ours",
        "s": took,
        "GB/s": size / took / 1e9,
        "of memory": size / took / memory,
    }
    shape = " x ".join(map("{:,}".format, NPY_SHAPE))
    return table([row], f".npy, {shape}, mapped, every norm computed")


def _peak_table(files: dict[str, Path]) -> str:
    """How far the resident memory of a fresh process rises, as a share of the matrix."""
    rows = []
    for name in ("text", "bin"):
        run = fresh_process(PEAK, str(files["small"]), str(files[name]))
        rise, matrix = map(int, run.output.split())
        rows.append(
            {"file": name, "MB": rise / 1e6, "over the matrix": f"{rise / matrix - 1:+.1%}"}
        )
    return table(rows, "Peak memory of opening, names included")


def _peer(module: str) -> Any:
    """A program to compare with, or None (and a line that says so)."""
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError:
        print(
            f"{module} is not installed: its rows are left out (pip install {module.split('.')[0]})"
        )
        return None
