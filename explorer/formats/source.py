"""One input file, plain or compressed, on disk or uploaded, with a bound on what it grows to."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from explorer.errors import ExplorerError, FileTooLargeError, VectorFileError
from explorer.limits import Limits

HEAD_BYTES = 1 << 16  # read once and kept, for detection by content
IN_MEMORY_BYTES = 1 << 26  # an unpacked file up to this size stays in memory, a larger one on disk
VECTOR_SUFFIXES = {
    *(".txt", ".vec", ".bin", ".npy", ".npz", ".csv", ".tsv", ".jsonl"),
    *(".parquet", ".arrow", ".feather", ".safetensors", ".bytes", ".h5ad"),
}
PACKED_SUFFIXES = (".gz", ".xz", ".bz2", ".zip")


class Source:
    """One input file: its uncompressed bytes as a stream, as a seekable file, or as a path.

    name : the file's own name, for messages and captions
    path : a plain, uncompressed file on disk, which can be memory-mapped; else None
    inner_name : the name without .gz, .xz, .bz2; the member's name for a .zip
    stem : inner_name without its extension
    size : bytes after unpacking, where the file says so; else None
    limits : the bounds it was opened with

    Compression is recognised by the first bytes, not by the extension. An .npz, though a zip
    file, counts as plain: its members are the parts of one thing.
    """

    def __init__(self, name: str, origin: Path | BinaryIO, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self._origin = origin
        self._head = b""
        self._expanded: BinaryIO | None = None
        with self._raw() as raw:
            self._bytes = raw.seek(0, io.SEEK_END)
            raw.seek(0)
            self._packing = packing(raw.read(16))
            self._member = self._zip_member(raw) if self._packing == "zip" else None
        if self._packing == "zip" and self._member is None:
            self._packing = None  # .npz and friends
        if self._packing == "zstd":
            raise VectorFileError(name, "is compressed with zstd; unpack it first: unzstd FILE.")
        self.path = origin if isinstance(origin, Path) and self._packing is None else None
        self.inner_name = name
        if self._member is not None:
            self.inner_name = PurePosixPath(self._member.filename).name
        elif self._packing and Path(name).suffix.lower() in PACKED_SUFFIXES:
            self.inner_name = Path(name).stem
        self.stem = Path(self.inner_name).stem
        self.size = self._bytes if self._packing is None else None
        if self._member is not None:
            self.size = self._member.file_size
            if self.size > limits.expanded_bytes:
                raise self._too_large()
        if self._packing:
            self._refuse_nested_archive()

    @classmethod
    def open(
        cls,
        file: str | Path | BinaryIO,
        *,
        name: str | None = None,
        limits: Limits = Limits(),  # noqa: B008 (frozen)
    ) -> Source:
        """Check that there is something to read, and see how it is packed.

        file : a path, or an uploaded or opened binary file that can seek
        name : what to call it in messages; the file's own name unless given

        VectorFileError for what is missing, a directory, empty, a pipe or device, truncated,
        nested archives, archives with several files, and whatever grows past its limit.
        """
        if not isinstance(file, str | Path):
            return cls(name or _upload_name(file), _checked_upload(file, name), limits)
        path = Path(file)
        return cls(name or path.name, _checked_path(path), limits)

    def __repr__(self) -> str:
        return f"Source({self.name!r})"

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back the unpacked copy, if one was made."""
        if self._expanded is not None:
            self._expanded.close()
            self._expanded = None

    @property
    def suffix(self) -> str:
        """The extension of `inner_name`, lower case, with its dot: ".txt"."""
        return Path(self.inner_name).suffix.lower()

    def head(self, n: int = HEAD_BYTES) -> bytes:
        """The first n uncompressed bytes (fewer when the file is shorter)."""
        if len(self._head) < n:
            with self.stream() as stream:
                self._head = stream.read(max(n, HEAD_BYTES))
        return self._head[:n]

    def stream(self) -> BinaryIO:
        """The uncompressed bytes from the start; each call begins anew.

        Reading raises VectorFileError where the packed data is cut short or damaged, and
        FileTooLargeError as soon as more than limits.expanded_bytes have come out.
        """
        raw = self._raw()
        if self._packing is None:
            return raw
        return cast(BinaryIO, io.BufferedReader(_Unpacked(self, raw), 1 << 18))

    def file(self) -> BinaryIO:
        """The uncompressed bytes as a seekable file; a packed file is unpacked once."""
        if self._packing is None:
            return self._raw()
        if self._expanded is None:
            spooled = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 (see close)
            expanded = cast(BinaryIO, spooled)
            with self.stream() as stream:
                while piece := stream.read(1 << 20):
                    expanded.write(piece)
            self._expanded = expanded
        return _window(self._expanded)

    def _raw(self) -> BinaryIO:
        """The bytes as they lie in the file, packed or not."""
        if not isinstance(self._origin, Path):
            return _window(self._origin)
        try:
            return self._origin.open("rb")
        except OSError as error:
            raise VectorFileError(self.name, f"cannot be opened: {error.strerror}.") from None

    def _unpacker(self, raw: BinaryIO) -> BinaryIO:
        if self._packing == "gzip":
            return cast(BinaryIO, gzip.GzipFile(fileobj=raw))
        if self._packing == "xz":
            return cast(BinaryIO, lzma.LZMAFile(raw))
        if self._packing == "bzip2":
            return cast(BinaryIO, bz2.BZ2File(raw))
        assert self._member is not None
        return cast(BinaryIO, zipfile.ZipFile(raw).open(self._member))

    def _zip_member(self, raw: BinaryIO) -> zipfile.ZipInfo | None:
        """The one file in a zip archive; None where the archive itself is the format (.npz)."""
        with damage_reported(self.name, "zip"):
            entries = [entry for entry in zipfile.ZipFile(raw).infolist() if entry.filename]
        files = [e for e in entries if not e.is_dir() and not e.filename.startswith("__MACOSX/")]
        for entry in files:
            parts = PurePosixPath(entry.filename.replace("\\", "/"))
            if parts.is_absolute() or ".." in parts.parts or ":" in entry.filename[:2]:
                raise VectorFileError(
                    self.name, f"holds a file named {entry.filename!r}, outside the archive."
                )
        names = [entry.filename for entry in files]
        if names and all(name.endswith(".npy") for name in names):
            return None
        if any(PurePosixPath(name).name == "data.pkl" for name in names):
            return None  # PyTorch's: `detect` refuses it with a line on how to convert
        if sorted(names) == ["metadata.tsv", "tensors.tsv"]:
            return None  # an Embedding Projector pair: see `projector.read_zip`
        if len(files) != 1:
            some = ", ".join(name[:60] for name in names[:5]) + (", …" if len(names) > 5 else "")
            raise VectorFileError(
                self.name,
                f"a zip file must hold one file, this one holds {len(files):,}"
                + (f" ({some}); unpack it and open one of them." if files else "."),
            )
        if files[0].flag_bits & 1:
            raise VectorFileError(self.name, "is protected by a password; unpack it first.")
        return files[0]

    def _refuse_nested_archive(self) -> None:
        head = self.head(256)
        if not head:
            raise VectorFileError(self.name, "holds nothing once unpacked.")
        nested = packing(head)
        inner_npz = nested == "zip" and b".npy" in head[30:256]
        if nested and not inner_npz:
            raise VectorFileError(
                self.name, f"holds another {nested} file inside; unpack it once and open that."
            )

    def _too_large(self) -> FileTooLargeError:
        limit = byte_size(self.limits.expanded_bytes)
        return FileTooLargeError(
            self.name,
            f"unpacks to more than {limit}, the limit here; unpack it and use a part of it.",
        )


class _Unpacked(io.RawIOBase):
    """What comes out of an unpacker, counted against the limit, its errors made readable."""

    def __init__(self, source: Source, raw: BinaryIO) -> None:
        self._source, self._raw = source, raw
        self._left = source.limits.expanded_bytes
        with damage_reported(source.name, str(source._packing)):
            self._file = source._unpacker(raw)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        with damage_reported(self._source.name, str(self._source._packing)):
            piece = self._file.read(len(buffer))
        self._left -= len(piece)
        if self._left < 0:
            raise self._source._too_large()
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        if not self.closed and hasattr(self, "_file"):
            self._file.close()
            self._raw.close()
        super().close()


class _Window(io.RawIOBase):
    """An independent reading position in an open file: two readers do not disturb each other."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._at = file, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_CUR:
            offset, whence = self._at + offset, io.SEEK_SET
        self._at = self._file.seek(offset, whence)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._file.seek(self._at)
        piece = self._file.read(len(buffer))
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def packing(head: bytes) -> str | None:
    """How a file that begins with `head` is packed: "gzip", "xz", "bzip2", "zip", "zstd"."""
    if head[:3] == b"\x1f\x8b\x08" and head[3:4] < b"\x20":
        return "gzip"
    if head[:6] == b"\xfd7zXZ\x00":
        return "xz"
    if head[:3] == b"BZh" and head[4:10] in (b"1AY&SY", b"\x17rE8P\x90"):
        return "bzip2"
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return "zip"
    if head[:4] == b"\x28\xb5\x2f\xfd":
        return "zstd"
    return None


def byte_size(n: float) -> str:
    """A number of bytes as people say it: byte_size(2 << 30) -> "2.0 GB"."""
    for unit in ("bytes", "kB", "MB"):
        if n < 1024:
            return f"{n:,.0f} {unit}" if unit == "bytes" else f"{n:,.1f} {unit}"
        n /= 1024
    return f"{n:,.1f} GB"


@contextmanager
def damage_reported(name: str, kind: str) -> Iterator[None]:
    """Turn whatever an unpacker raises over bad data into one sentence."""
    try:
        yield
    except ExplorerError:
        raise
    except EOFError:
        raise VectorFileError(
            name, f"the {kind} data ends too early; is the file cut short?"
        ) from None
    except (zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile, OSError) as error:
        raise VectorFileError(name, f"the {kind} data is damaged ({error}).") from None
    except (ValueError, LookupError, OverflowError, struct.error):  # what zipfile does not check
        raise VectorFileError(name, f"the {kind} data is damaged.") from None
    except (NotImplementedError, RuntimeError) as error:  # a zip method Python does not know
        raise VectorFileError(
            name, f"cannot be unpacked ({error}); unpack it with another program."
        ) from None


def _checked_path(path: Path) -> Path:
    try:
        status = path.stat()
    except OSError as error:
        reason = "there is no such file" if not path.exists() else str(error.strerror)
        raise VectorFileError(path.name or str(path), f"{reason}; check the path.") from None
    except ValueError:
        raise VectorFileError(repr(str(path)), "is not a path.") from None
    if stat.S_ISDIR(status.st_mode):
        raise VectorFileError(
            path.name or str(path), f"is a directory; {_inside(path)} name one file."
        )
    if not stat.S_ISREG(status.st_mode):
        raise VectorFileError(
            path.name, "is a pipe or a device; save its contents in a file and open that."
        )
    if status.st_size == 0:
        raise VectorFileError(path.name, "is empty; was it saved or downloaded completely?")
    return path


def _inside(directory: Path) -> str:
    """What a person may have meant: the files in a directory that look like vectors."""
    try:
        names = sorted(
            file.name
            for file in directory.iterdir()
            if VECTOR_SUFFIXES & {suffix.lower() for suffix in file.suffixes}
        )
    except OSError:
        names = []
    if not names:
        return "it holds no file that looks like vectors;"
    return f"it holds {', '.join(names[:5])}{', …' if len(names) > 5 else ''}:"


def _upload_name(file: BinaryIO) -> str:
    name = getattr(file, "name", None)
    return Path(name).name if isinstance(name, str) and name else "upload"


def _checked_upload(file: BinaryIO, name: str | None) -> BinaryIO:
    name = name or _upload_name(file)
    try:
        file.seek(0)
        first = file.read(1)
        file.seek(0)
    except (OSError, AttributeError, ValueError):
        raise VectorFileError(name, "a path or an open binary file that can seek is wanted.") from (
            None
        )
    if not isinstance(first, bytes):
        raise VectorFileError(name, "was opened as text; open it in binary mode ('rb').")
    if not first:
        raise VectorFileError(name, "is empty; was it uploaded completely?")
    return file


def _window(file: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(_Window(file), 1 << 18))
