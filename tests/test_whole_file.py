"""Files appear whole or not at all, and the program writes none in another way."""

from __future__ import annotations

import ast
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.errors import ExplorerError
from explorer.formats import save
from explorer.items import Items
from explorer.space import EmbeddingSpace, Provenance
from explorer.whole_file import written_whole

ROOT = Path(__file__).resolve().parents[1]
SCRATCH = {
    "explorer/projection/tsne.py": "its job's own temporary folder",
    "explorer/projection/tsne_process.py": "its job's own temporary folder",
    "explorer/projection/umap_process.py": "its worker's own temporary folder",
    "explorer/projection/umap_worker.py": "its own temporary folder",
    "explorer/training/corpus.py": "a nameless file for the numbers of a large text",
    "explorer/formats/source.py": "a nameless file for what was unpacked",
    "explorer/formats/projector.py": "a nameless file for what was unpacked",
    "explorer/warm_up.py": "an empty file that is locked, and empty notes",
    "explorer/whole_file.py": "this is the one",
}
WRITES = {
    *("write_text", "write_bytes", "tofile", "mkstemp", "to_csv", "to_parquet", "open_memmap"),
    *("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile"),
}
SAVES = {"np.save", "np.savez", "np.savez_compressed", "pq.write_table"}  # to a file or by name
KILLED = """
import os, signal, sys
from explorer.whole_file import written_whole
with written_whole(sys.argv[1]) as file:
    file.write(b"new" * 1_000_000)
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def space(n: int = 4) -> EmbeddingSpace:
    import numpy as np

    names = [str(i) + "x" for i in range(n)]
    return EmbeddingSpace("s", Items(names), np.eye(n, dtype=np.float32), Provenance("a test"))


def test_a_file_takes_its_place_when_it_is_whole(tmp_path):
    path = tmp_path / "a"
    with written_whole(path) as file:
        file.write(b"one")
        assert not path.exists()
    assert path.read_bytes() == b"one"
    with written_whole(path) as file:
        file.write(b"two")
        assert path.read_bytes() == b"one"
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("end", [ValueError, KeyboardInterrupt, OSError])
def test_whatever_ends_it_early_leaves_what_was_there(tmp_path, end):
    path = tmp_path / "a"
    path.write_bytes(b"old")

    def ended_early() -> None:
        with written_whole(path) as file:
            file.write(b"half")
            raise end

    with pytest.raises(end):
        ended_early()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's here")
def test_a_program_killed_in_the_middle_leaves_what_was_there(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"old")
    ended = subprocess.run([sys.executable, "-c", KILLED, str(path)], cwd=ROOT, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"old"
    (left,) = set(tmp_path.iterdir()) - {path}
    assert left.suffix == ".unfinished"


def test_a_link_is_followed_and_any_name_can_be_written(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere/b", tmp_path / "a"
    link.symlink_to(target)
    with written_whole(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    with written_whole(tmp_path / ("\u00e9" * 120)) as file:  # 240 bytes
        file.write(b"new")


def test_others_may_read_it_as_the_users_mask_says(tmp_path):
    before = os.umask(0o022)
    try:
        with written_whole(tmp_path / "a"):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o644


def test_many_may_write_the_same_file_and_none_reads_half_of_it(tmp_path):
    path, wrong, over = tmp_path / "a", [], threading.Event()

    def write(letter: bytes) -> None:
        for _ in range(25):
            with written_whole(path) as file:
                for _ in range(50):
                    file.write(letter * 1_000)

    def read() -> None:
        while not over.is_set():
            content = path.read_bytes() if path.exists() else b""
            if content and content not in (letter * 50_000 for letter in (b"a", b"b", b"c")):
                wrong.append(content)

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(letter,)) for letter in (b"a", b"b", b"c")]
    for thread in [reader, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    over.set()
    reader.join()
    assert not wrong
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", [".npz", ".parquet", ".txt", ".bin", ".zip"])
def test_a_disk_that_is_full_is_told_and_the_older_file_stays(tmp_path, suffix, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / f"space{suffix}"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ExplorerError, match=rf"space\{suffix} cannot be written: No space left"):
        save(space(), path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_no_module_writes_a_file_in_another_way():
    found = [
        f"{file.relative_to(ROOT)}:{line}"
        for folder in ("explorer", "pages")
        for file in sorted((ROOT / folder).rglob("*.py"))
        if str(file.relative_to(ROOT)) not in SCRATCH
        for line in _writes(ast.parse(file.read_text()))
    ]
    assert not found, f"use explorer.whole_file.written_whole: {found}"


def _writes(tree: ast.AST) -> Iterator[int]:
    """The lines of calls that write a file other than one `written_whole` or memory holds."""
    held = {
        one.optional_vars.id
        for node in ast.walk(tree)
        if isinstance(node, ast.With)
        for one in node.items
        if isinstance(one.optional_vars, ast.Name) and "written_whole" in ast.unparse(one)
    } | {
        node.targets[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and ast.unparse(node.value) == "io.BytesIO()"
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        called = ast.unparse(node.func)
        if called in SAVES:
            if not {ast.unparse(one) for one in node.args} & (held | {"file"}):
                yield node.lineno
        elif name in WRITES or (called == "os.open" and "os.O_RDONLY" not in ast.unparse(node)):
            yield node.lineno
        elif name == "open" and called != "archive.open":
            given = [*node.args, *(key.value for key in node.keywords if key.arg == "mode")]
            modes = [one.value for one in given if isinstance(one, ast.Constant)]
            if any(isinstance(mode, str) and set(mode) & set("wax+") and len(mode) < 4
                   for mode in modes):  # fmt: skip
                yield node.lineno
