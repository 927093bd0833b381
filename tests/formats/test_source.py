import bz2
import gzip
import io
import lzma
import os
import zipfile

import pytest

from explorer.errors import FileTooLargeError, LimitError, VectorFileError
from explorer.formats.source import Source
from explorer.limits import Limits

TEXT = b"king 0.5 1\nqueen 0.25 2\n" * 100


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__dot__", "."), data)
    return file.getvalue()


PACKED = {
    "plain": TEXT,
    "gzip": gzip.compress(TEXT),
    "two gzips in a row": gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:]),
    "xz": lzma.compress(TEXT),
    "bzip2": bz2.compress(TEXT),
    "zip": zipped(vectors__dot__txt=TEXT),
}


@pytest.mark.parametrize("kind", PACKED)
@pytest.mark.parametrize("upload", [True, False])
def test_the_same_bytes_come_out_however_they_are_packed(kind, upload, tmp_path):
    file = tmp_path / "a.txt"  # the extension tells nothing
    file.write_bytes(PACKED[kind])
    with Source.open(io.BytesIO(PACKED[kind]) if upload else file) as source:
        assert source.head(4) == b"king"
        with source.stream() as stream:
            assert stream.read() == TEXT
        for _ in range(2):
            with source.file() as stream:
                stream.seek(-2, os.SEEK_END)
                assert stream.read() == b"2\n"
        assert (source.path is None) == (upload or kind != "plain")


def test_the_inner_name_is_without_the_packing(tmp_path):
    file = tmp_path / "glove.50d.txt.gz"
    file.write_bytes(PACKED["gzip"])
    source = Source.open(file)
    assert (source.inner_name, source.stem, source.suffix) == ("glove.50d.txt", "glove.50d", ".txt")
    source = Source.open(io.BytesIO(PACKED["zip"]), name="up.zip")
    assert (source.name, source.inner_name, source.size) == ("up.zip", "vectors.txt", len(TEXT))


def test_two_streams_of_an_upload_do_not_disturb_each_other():
    source = Source.open(io.BytesIO(TEXT))
    one, two = source.stream(), source.stream()
    assert one.read(10) == two.read(10) == TEXT[:10]
    assert one.read(10) == two.read(10) == TEXT[10:20]


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress])
def test_more_than_the_limit_does_not_come_out(pack):
    packed = pack(bytes(1_000_000))  # a small bomb: a thousandth of that when packed
    exact = Source.open(io.BytesIO(packed), limits=Limits(expanded_bytes=1_000_000))
    assert len(exact.stream().read()) == 1_000_000
    source = Source.open(io.BytesIO(packed), limits=Limits(expanded_bytes=900_000))
    with pytest.raises(FileTooLargeError, match=r"unpacks to more than 878\.9 kB, the limit here"):
        source.stream().read()
    with pytest.raises(LimitError):
        source.file()


def test_a_zip_that_declares_more_than_the_limit_is_not_begun():
    with pytest.raises(FileTooLargeError):
        Source.open(io.BytesIO(PACKED["zip"]), limits=Limits(expanded_bytes=1000))


@pytest.mark.parametrize("kind", ["gzip", "xz", "bzip2", "zip"])
def test_packed_data_that_is_cut_short_says_so(kind):
    data = zipped(a=os.urandom(3000)) if kind == "zip" else PACKED[kind]
    with pytest.raises(VectorFileError, match=r"upload: the \w+ data (ends too early|is damaged)"):
        Source.open(io.BytesIO(data[: len(data) // 2])).stream().read()


def test_a_damaged_zip_member_is_told_by_its_checksum():
    data = bytearray(zipped(a=os.urandom(3000)))
    data[1000] ^= 1
    with pytest.raises(VectorFileError, match="the zip data is damaged"):
        Source.open(io.BytesIO(bytes(data))).stream().read()


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"a.txt": TEXT, "b.txt": TEXT}, "must hold one file, this one holds 2 (a.txt, b.txt)"),
        ({}, "must hold one file, this one holds 0"),
        ({"../a.txt": TEXT}, "'../a.txt', outside the archive"),
        ({"/etc/a.txt": TEXT}, "outside the archive"),
        ({"a.gz": gzip.compress(TEXT)}, "holds another gzip file inside"),
        ({"a.txt": b""}, "holds nothing once unpacked"),
    ],
)
def test_a_zip_holds_one_plain_file(members, problem):
    with pytest.raises(VectorFileError) as caught:
        Source.open(io.BytesIO(zipped(**members)))
    assert problem in str(caught.value)


def test_what_a_mac_adds_to_a_zip_is_not_counted():
    data = zipped(**{"vectors.txt": TEXT, "__MACOSX/._vectors.txt": b"x"})
    assert Source.open(io.BytesIO(data)).stream().read() == TEXT


def test_archives_in_archives_are_refused():
    with pytest.raises(VectorFileError, match="another gzip file inside"):
        Source.open(io.BytesIO(gzip.compress(gzip.compress(TEXT))))


def test_what_is_no_file_is_named_with_a_remedy(tmp_path):
    with pytest.raises(VectorFileError, match=r"absent.txt: there is no such file; check the path"):
        Source.open(tmp_path / "absent.txt")
    (tmp_path / "empty.txt").touch()
    with pytest.raises(VectorFileError, match=r"empty.txt: is empty"):
        Source.open(tmp_path / "empty.txt")
    (tmp_path / "a.vec.gz").touch()
    with pytest.raises(VectorFileError, match=r"is a directory; it holds a.vec.gz, empty.txt"):
        Source.open(tmp_path)
    with pytest.raises(VectorFileError, match="is empty"):
        Source.open(io.BytesIO())
    with pytest.raises(VectorFileError, match="opened as text"):
        Source.open(io.StringIO("king 1 2"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(VectorFileError, match="is a pipe or a device"):
        Source.open(tmp_path / "pipe")
