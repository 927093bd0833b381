"""Files appear whole or not at all: written beside their place, then moved there.

Every file that this program leaves behind is written through `written_whole`; a test reads the
code and keeps it so.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

UNFINISHED = ".unfinished"  # the ending of a file that is being written, or was when its end came


@contextmanager
def written_whole(path: str | Path) -> Iterator[BinaryIO]:
    """A new binary file that takes its place at `path` when the block ends well.

    Whatever ends the block or the program earlier leaves what was there before untouched. Several
    may write the same path: the last to end stays. A link is followed to the file it names.

    OSError where the folder or the disk refuses.
    """
    place = Path(os.path.realpath(path))
    part = place.with_name(f"{place.name[:40]}.{secrets.token_hex(6)}{UNFINISHED}")
    try:
        with part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())  # else a machine that fails may keep the name alone
        part.replace(place)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
