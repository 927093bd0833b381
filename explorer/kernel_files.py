"""Compiled kernels on disk: a file for each function and signature, checked before it is used.

Numba's own files have no digest and share an index, which two processes may overwrite for each
other; a damaged one, or a full disk, ends the call that needed the kernel. Here such a kernel is
compiled anew and all goes on. And where Numba looks at a kernel's own file alone to see whether it
has changed, here what that file imports counts too. Imported with Numba; `kernel_cache.njit` puts
it in place.
"""

from __future__ import annotations

import glob
import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba.core.caching import FunctionCache
from numba.core.serialize import dumps, loads

from explorer.kernel_cache import sources
from explorer.whole_file import written_whole

SUFFIX = ".kernel"
DIGEST_BYTES = 32

log = logging.getLogger(__name__)


class KernelCache(FunctionCache):  # type: ignore[misc]
    """What Numba asks for compiled code and gives it to; no fault of the disk comes through."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        stamp = _stamp(Path(function.__code__.co_filename))
        self._cache_file = _Files(Path(self.cache_path), self._impl.filename_base, stamp)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)
        except Exception:
            log.warning("A stored kernel could not be used and is compiled anew.", exc_info=True)
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
        except OSError as error:
            log.info("A compiled kernel was not stored: %s", error)


class _Files:
    """The files of one function.

    stamp : of its sources; those of older sources are removed when a new one is written
    """

    def __init__(self, folder: Path, name: str, stamp: str) -> None:
        self._folder, self._name, self._stamp = folder, name, stamp

    def load(self, key: object) -> Any:
        """What was kept under `key`; None where there is nothing whole."""
        path = self._path(key)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        digest, packed = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
        if digest != _digest(packed):
            log.warning("A stored kernel was damaged and is compiled anew: %s", path)
            with suppress(OSError):
                path.unlink()
            return None
        return loads(packed)  # who can write these files: see kernel_cache

    def save(self, key: object, data: object) -> None:
        packed = dumps(data)
        with written_whole(self._path(key)) as file:
            file.write(_digest(packed) + packed)
        for old in self._folder.glob(f"{glob.escape(self._name)}.*{SUFFIX}"):
            if not old.name.startswith(f"{self._name}.{self._stamp}."):
                old.unlink(missing_ok=True)

    def flush(self) -> None:
        """Forget all: Numba's `recompile` asks for it."""
        for old in self._folder.glob(f"{glob.escape(self._name)}.*{SUFFIX}"):
            old.unlink(missing_ok=True)

    def _path(self, key: object) -> Path:
        about = _digest(repr(key).encode()).hex()[:24]
        return self._folder / f"{self._name}.{self._stamp}.{about}{SUFFIX}"


@cache
def _stamp(module: Path) -> str:
    contents = [numba.__version__.encode(), *(_digest(f.read_bytes()) for f in sources(module))]
    return _digest(b" ".join(contents)).hex()[:12]


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=DIGEST_BYTES).digest()
