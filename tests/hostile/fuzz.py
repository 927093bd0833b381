"""Files that nobody thought of: the catalogue's, cut, doubled, mixed and with bytes changed.

    python -m tests.hostile.fuzz --seconds 60            our own mutations, anywhere
    python -m tests.hostile.fuzz --seconds 60 --atheris  guided by coverage (pip install atheris)

Whatever comes must load or be refused with an ExplorerError. What does neither is written to
`--keep`; what taught us something stands in `seeds.py`, and `test_fuzz.py` tries it again.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import itertools
import random
import resource
import sys
import time
import traceback
import warnings
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from explorer.errors import ExplorerError
from explorer.limits import Limits
from tests.hostile.case import named

GROUPS = ("text", "table", "numpy", "binary", "columnar", "packed")
CORPUS = "corpus"  # the folder of what atheris builds on
GRACE = 20  # seconds for atheris to start and to end
TINY = Limits(expanded_bytes=1 << 20, line_bytes=1 << 16, name_characters=200, cells=100_000)
LONGEST_SEED = 20_000
MEMORY = 2 << 30
TOKENS = (
    b"\0", b"\xff", b"\n", b"\r", b" ", b"\t", b",", b'"', b"[", b"{", b"}", b"]", b"-1", b"0",
    b"nan", b"inf", b"1e999", b"99999999999999999999", b"\xef\xbb\xbf", b"\xff\xff\xff\x7f",
    b"\xff\xff\xff\xff", b"\x00\x00\x00\x80", "\u202e\u00a0\u0085".encode(), b"PK\x03\x04",
    b"\x93NUMPY", b"null", b"true", b"\\ud800", b"(", b")", b"'", b":", b"5 3\n", b"1e-45",
)  # fmt: skip


def seeds(groups: tuple[str, ...] = GROUPS) -> list[tuple[str, bytes]]:
    """(name, content) of the catalogue's smaller files, each content once."""
    from tests.hostile.catalogue import cases

    found: dict[bytes, str] = {}
    for case in itertools.chain.from_iterable(map(cases, groups)):
        if isinstance(case.content, bytes) and 0 < len(case.content) <= LONGEST_SEED:
            found.setdefault(case.content, case.file)
    return [(name, content) for content, name in found.items()]


def mutated(content: bytes, other: bytes, chance: random.Random) -> bytes:
    """One to four changes."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        end = min(end, at + 64)
        match chance.randrange(8):
            case 0 if data:
                data[at % len(data)] ^= 1 << chance.randrange(8)
            case 1 if data:
                data[at % len(data)] = chance.randrange(256)
            case 2:
                del data[at:end]
            case 3:
                data[at:at] = data[at:end]
            case 4:
                data[at:end] = chance.choice(TOKENS)
            case 5:
                data[at:at] = chance.choice(TOKENS)
            case 6 if other:
                cut = chance.randrange(len(other))
                data[at:] = other[cut : cut + LONGEST_SEED]
            case _:
                data[at:end] = bytes(reversed(data[at:end]))
    return bytes(data[: 2 * LONGEST_SEED])


def attempt(name: str, content: bytes) -> bool:
    """Whether it loads; any exception but an ExplorerError is a finding."""
    from explorer.formats import load

    try:
        space = load(named(content, name), limits=TINY)
    except ExplorerError as error:
        text = str(error)
        if "\n" in text or len(text) > 700 or " object at 0x" in text:
            raise AssertionError(f"no clear sentence: {text[:300]!r}") from None
        return False
    assert np.isfinite(space.vectors).all()
    assert len(set(space.items)) == len(space) > 0
    return True


def run(seconds: float, seed: int, keep: Path | None = None) -> tuple[int, int, list[str]]:
    """Tries made, how many of them loaded, and where the findings were raised, each place once."""
    chance, pool = random.Random(seed), seeds()
    tries = loaded = 0
    found: dict[str, str] = {}
    end = time.monotonic() + seconds
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        while time.monotonic() < end:
            name, content = chance.choice(pool)
            data = mutated(content, chance.choice(pool)[1], chance)
            tries += 1
            if keep is not None:
                (keep / "last").write_bytes(name.encode() + b"\n" + data)
            try:
                loaded += attempt(name, data)
            except Exception as error:
                place = _place(error)
                if place not in found:
                    found[place] = f"{type(error).__name__} at {place}: {error}"[:300]
                    _kept(keep, name, data, found[place])
    return tries, loaded, list(found.values())


def _place(error: BaseException) -> str:
    """The last line of ours that an exception came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "explorer" in frame.filename] or frames
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"


def _kept(keep: Path | None, name: str, data: bytes, what: str) -> None:
    if keep is not None:
        digest = hashlib.sha1(data).hexdigest()[:12]
        (keep / f"{digest}-{Path(name).name}").write_bytes(data)
        print(f"{digest}: {what}", flush=True)


def guided(seconds: int, seed: int, keep: Path) -> None:
    """The same through atheris (libFuzzer), which looks for inputs that reach new lines.

    It ends the process.
    """
    import atheris

    with atheris.instrument_imports(include=["explorer"]):
        for module in _parsers():
            __import__(module)
    corpus = keep / CORPUS
    corpus.mkdir(exist_ok=True)
    for name, content in seeds():
        data = name.encode() + b"\n" + content
        (corpus / hashlib.sha1(data).hexdigest()).write_bytes(data)
    known: set[str] = set()

    def one(data: bytes) -> None:
        name, _, content = data.partition(b"\n")
        try:
            attempt(name.decode("utf-8", "replace").replace("/", "_")[:60] or "x", content)
        except Exception as error:
            place = _place(error)
            if place not in known:
                known.add(place)
                what = f"{type(error).__name__} at {place}: {error}"[:300]
                _kept(keep, name.decode("ascii", "replace").replace("/", "_")[:40], content, what)

    options = ["-max_len=20000", "-rss_limit_mb=4000", "-timeout=60"]
    options += [f"-max_total_time={seconds}", f"-seed={seed + 1}", f"-artifact_prefix={keep}/"]
    atheris.Setup([sys.argv[0], str(corpus), *options], one)
    atheris.Fuzz()


def _parsers() -> Iterator[str]:
    folder = Path(__file__).resolve().parents[2] / "explorer/formats"
    for file in sorted(folder.glob("*.py")):
        if "kernels" not in file.stem and file.stem != "__init__":
            yield f"explorer.formats.{file.stem}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Try the loaders with files nobody thought of.")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="a folder for what is found")
    parser.add_argument("--atheris", action="store_true", help="guided by coverage")
    chosen = parser.parse_args()
    with contextlib.suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if chosen.keep is not None:
        chosen.keep.mkdir(parents=True, exist_ok=True)
    if chosen.atheris:
        if chosen.keep is None:
            parser.error("--atheris wants --keep FOLDER")
        child = get_context("fork").Process(
            target=guided, args=(chosen.seconds, chosen.seed, chosen.keep)
        )
        child.start()
        child.join(chosen.seconds + GRACE)
        overdue = child.is_alive()  # libraries' threads can hold up the end of a process
        if overdue:
            child.kill()
            child.join()
        found = [file.name for file in chosen.keep.iterdir() if file.name != CORPUS]
        print(*found, sep="\n")
        return 1 if found or (child.exitcode and not overdue) else 0
    tries, loaded, found = run(chosen.seconds, chosen.seed, chosen.keep)
    print(f"{tries:,} tries: {loaded:,} loaded, {tries - loaded:,} refused or found")
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
