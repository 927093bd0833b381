"""A mapped file that is about to be written anew is taken into memory first.

A map is the file itself: whoever cuts the file ends the program at the next look (SIGBUS), and
whoever overwrites it changes the numbers of all who look. Linux lends a remedy, a lease (fcntl(2)):
opening the file for writing, by anybody, waits until the holder lets go, for 45 s at most. Here the
holder is a thread that sleeps until then, copies the file into memory at the very addresses of its
maps, and lets go. No reader notices. A lease is given for files of one's own (or to root), on local
disks, while nobody writes them.
"""

from __future__ import annotations

import ctypes
import errno
import logging
import os
import signal
import struct
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

F_SETOWN_EX, F_OWNER_TID = 15, 0
READ, WRITE, SHARED, PRIVATE, ANONYMOUS = 1, 2, 1, 2, 0x20  # mmap(2)
MAY_MOVE, FIXED = 1, 2  # mremap(2)
FAILED = ctypes.c_void_p(-1).value
PIECE = 1 << 26
SIGNAL: int = getattr(signal, "SIGURG", 0)  # harmless where nobody waits for it

log = logging.getLogger(__name__)


def held(path: Path) -> bool:
    """Whether the file can be mapped at ease from now on: a lease was given, or was before."""
    return sys.platform == "linux" and _leases().take(path)


@cache
def _leases() -> _Leases:
    return _Leases()


@dataclass
class _Held:
    """descriptor, path : of the file; was_mapped : a map of it was seen, so it may end"""

    descriptor: int
    path: Path
    was_mapped: bool = False


class _Leases:
    """The files that are held, and the thread that waits for their leases to break."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._files: dict[str, _Held] = {}  # by device and number, as /proc shows them
        self._thread = threading.Thread(target=self._wait, daemon=True, name="explorer leases")
        self._ready = threading.Event()
        self._thread.start()
        self._ready.wait()

    def take(self, path: Path) -> bool:
        import fcntl

        with self._lock:
            self._forget_unmapped()
            try:
                descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            except OSError:
                return False
            try:
                key = _shown(descriptor)
                if key in self._files:
                    os.close(descriptor)
                    return True
                owner = struct.pack("ii", F_OWNER_TID, self._thread.native_id)
                fcntl.fcntl(descriptor, F_SETOWN_EX, owner)
                fcntl.fcntl(descriptor, fcntl.F_SETSIG, SIGNAL)
                fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            except OSError:
                os.close(descriptor)
                return False
            self._files[key] = _Held(descriptor, path)
            return True

    def _forget_unmapped(self) -> None:
        for key, file in list(self._files.items()):
            if any(_maps(key)):
                file.was_mapped = True
            elif file.was_mapped:
                os.close(self._files.pop(key).descriptor)

    def _wait(self) -> None:
        import fcntl

        wanted = {SIGNAL}
        signal.pthread_sigmask(signal.SIG_BLOCK, wanted)
        self._ready.set()
        while True:
            signal.sigwaitinfo(wanted)
            with self._lock:
                for key, file in list(self._files.items()):
                    if fcntl.fcntl(file.descriptor, fcntl.F_GETLEASE) == fcntl.F_RDLCK:
                        continue
                    try:
                        for start, size, offset in _maps(key):
                            _into_memory(file.descriptor, start, size, offset)
                        log.info("%s is written anew; what is open stays as it was.", file.path)
                    except OSError:
                        log.exception("%s is written anew and could not be kept", file.path)
                    del self._files[key]
                    os.close(file.descriptor)  # and whoever waits may write


def _maps(key: str) -> Iterator[tuple[int, int, int]]:
    """Address, bytes and place in the file of each part of it that this process has mapped."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        addresses, _, offset, device, number, *_ = line.split(maxsplit=5)
        if f"{device} {number}" == key:
            start, end = (int(address, 16) for address in addresses.split("-"))
            yield start, end - start, int(offset, 16)


def _shown(descriptor: int) -> str:
    """How /proc shows maps of this file; the numbers of stat(2) are others on some file systems."""
    libc = _libc()
    probe = libc.mmap(None, 1, READ, SHARED, descriptor, 0)
    if probe == FAILED:
        raise OSError(ctypes.get_errno(), "mmap")
    try:
        for line in Path("/proc/self/maps").read_text().splitlines():
            addresses, _, _, device, number, *_ = line.split(maxsplit=5)
            start, end = (int(address, 16) for address in addresses.split("-"))
            if start <= probe < end:
                return f"{device} {number}"
        raise OSError(errno.ENOENT, "no such map")
    finally:
        libc.munmap(probe, 1)


def _into_memory(descriptor: int, start: int, size: int, offset: int) -> None:
    """Put memory of the same content in the place of a map, all at once."""
    libc = _libc()
    copy = libc.mmap(None, size, READ | WRITE, PRIVATE | ANONYMOUS, -1, 0)
    if copy == FAILED:
        raise OSError(ctypes.get_errno(), "mmap")
    whole = memoryview((ctypes.c_char * size).from_address(copy)).cast("B")
    at = 0
    while got := os.preadv(descriptor, [whole[at : at + PIECE]], offset + at):
        at += got  # the last page ends with zeros, here as in the map
    if libc.mremap(copy, size, size, MAY_MOVE | FIXED, ctypes.c_void_p(start)) == FAILED:
        raise OSError(ctypes.get_errno(), "mremap")


@cache
def _libc() -> Any:
    libc = ctypes.CDLL(None, use_errno=True)
    pointer, size = ctypes.c_void_p, ctypes.c_size_t
    libc.mmap.restype = libc.mremap.restype = pointer
    libc.mmap.argtypes = [pointer, size, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
    libc.mremap.argtypes = [pointer, size, size, ctypes.c_int, pointer]
    libc.munmap.argtypes = [pointer, size]
    return libc
