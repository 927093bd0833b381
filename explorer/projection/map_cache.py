"""Coordinates kept on disk between runs: what took minutes is there at once the next time.

One .npz a map, in the user's cache folder. Nothing in it is trusted: no pickle is read, and each
file carries its key and a digest of its numbers. What does not fit is ignored and removed.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.whole_file import UNFINISHED, written_whole

FOLDER_VARIABLE = "EMBEDDING_EXPLORER_CACHE"
LAYOUT = "embedding-explorer map 1"  # of the file; another version is another map
MOST_BYTES = 512 << 20
LEFTOVER_SECONDS = 3600  # an unfinished file this old belongs to nobody

log = logging.getLogger(__name__)


def map_key(digest: str, method: str, version: str, settings: Mapping[str, Any]) -> str:
    """What a map depends on, as text: the space's content, method, program version, settings."""
    return json.dumps([digest, method, version, dict(settings)], sort_keys=True)


def cache_folder() -> Path | None:
    """$EMBEDDING_EXPLORER_CACHE, or the platform's folder for caches; None where no home is."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen)
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "darwin":
        base = home / "Library" / "Caches"
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "embedding-explorer" / "maps"


class MapCache:
    """Maps by key, the least recently used removed when all together pass `most_bytes`.

    folder : None for `cache_folder()`. Where it cannot be written nothing is kept, and all else
        works. Several processes may share it: a file appears whole or not at all.
    """

    def __init__(self, folder: Path | None = None, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder or cache_folder()
        self.most_bytes = most_bytes

    def holds(self, key: str) -> bool:
        """Whether something is stored under `key`; it is read, and may not fit, when it is got."""
        path = self._path(key)
        return path is not None and path.is_file()

    def get(self, key: str) -> NDArray[np.float32] | None:
        """The read-only coordinates stored under `key`, or None."""
        found = self.get_with_note(key)
        return None if found is None else found[0]

    def get_with_note(self, key: str) -> tuple[NDArray[np.float32], str] | None:
        """The read-only coordinates stored under `key` and what was noted of them, or None."""
        path = self._path(key)
        if path is None or not path.is_file():
            return None
        found = _read(path, key)
        try:
            if found is None:
                log.warning("A stored map did not fit its key or digest and was removed: %s", path)
                path.unlink(missing_ok=True)
            else:
                os.utime(path)  # used now
        except OSError:
            pass  # not ours to change
        return found

    def put(self, key: str, coordinates: NDArray[np.float32], note: str = "") -> None:
        """Keep (n, 2) or (n, 3) coordinates under `key`; a disk that refuses is logged only.

        note : how they were made, as far as the key does not tell
        """
        path = self._path(key)
        if path is None or coordinates.nbytes > self.most_bytes:
            return
        coordinates = np.ascontiguousarray(coordinates, dtype=np.float32)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with written_whole(path) as file:
                np.savez(
                    file, layout=np.array(LAYOUT), key=np.array(key),
                    digest=np.array(_digest(coordinates)), coordinates=coordinates,
                    note=np.array(note),
                )  # fmt: skip
            self._remove_oldest(keep=path)
        except OSError as error:
            log.info("The map was not stored: %s", error)

    def _path(self, key: str) -> Path | None:
        if self.folder is None:
            return None
        return self.folder / f"{hashlib.blake2b(key.encode(), digest_size=16).hexdigest()}.npz"

    def _remove_oldest(self, keep: Path) -> None:
        files = [(path, path.stat()) for path in keep.parent.iterdir() if path.is_file()]
        for path, about in files:
            if path.suffix == UNFINISHED and time.time() - about.st_mtime > LEFTOVER_SECONDS:
                path.unlink(missing_ok=True)
        maps = sorted(
            (about.st_mtime, about.st_size, path) for path, about in files if path.suffix == ".npz"
        )
        total = sum(size for _, size, _ in maps)
        for _, size, path in maps:
            if total <= self.most_bytes:
                return
            if path != keep:
                path.unlink(missing_ok=True)
                total -= size


def _read(path: Path, key: str) -> tuple[NDArray[np.float32], str] | None:
    """The coordinates of a file and its note, if it is one of ours, whole, and of this key."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            if str(stored["layout"]) != LAYOUT or str(stored["key"]) != key:
                return None
            coordinates: NDArray[np.float32] = stored["coordinates"]
            if str(stored["digest"]) != _digest(coordinates):
                return None
            note = str(stored["note"]) if "note" in stored else ""
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    coordinates.setflags(write=False)
    return coordinates, note


def _digest(coordinates: NDArray[np.float32]) -> str:
    about = f"{coordinates.shape} {coordinates.dtype.str} ".encode()
    return hashlib.blake2b(about + coordinates.tobytes(), digest_size=16).hexdigest()
