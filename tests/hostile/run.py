"""Every case of a group in one process with bounded memory, each with a clock.

python -m tests.hostile.run GROUP … prints a line of JSON before and after each try, so that whoever
reads them knows which case a process died of. `tests/hostile/test_catalogue.py` is that reader.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import resource
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from importlib import import_module
from itertools import chain
from pathlib import Path
from types import FrameType
from typing import Any

LIBRARIES = (
    "h5py",
    "numba",
    "PIL.PngImagePlugin",
    "PIL.JpegImagePlugin",
    "pyarrow.csv",
    "pyarrow.json",
    "pyarrow.parquet",
    "scipy.sparse",
    "explorer.formats.text_kernels",
    "explorer.formats.word2vec_kernels",
)  # fmt: skip; imported and compiled before memory is bounded
MEMORY = 1 << 30  # bytes that a process may take beyond what its libraries take
EXTRA = 400 << 20  # bytes that one load may take at its peak
SECONDS = 5.0  # of processor time that a load may take, and all that is done with what it loads


def main(*groups: str) -> None:
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    from tests.hostile.catalogue import cases

    warm_up()
    gc.freeze()  # what the libraries hold is not looked through after each case
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    room = _status("VmSize") + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    signal.signal(signal.SIGPROF, _too_slow)
    warnings.simplefilter("error", RuntimeWarning)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HOSTILE_CANARY"] = str(Path(folder) / "canary")
        every = chain.from_iterable(map(cases, groups))
        for number, case in enumerate(every):
            for upload in (False, True) if case.upload else (False,):
                here = Path(folder) / str(number)
                here.mkdir(exist_ok=True)
                _say(begins=case.name, upload=upload)
                _say(**outcome(case, here, upload))


def warm_up() -> None:
    """Import and compile what loads need, so that a case pays for itself alone."""
    from explorer import load
    from tests.hostile import contents

    for module in LIBRARIES:
        import_module(module)
    for content in (contents.glove(), contents.csv_text(), contents.jsonl()):
        load(io.BytesIO(content.encode()))


def outcome(case: Any, folder: Path, upload: bool) -> dict[str, Any]:
    """What came of one case: "right", "refused", or "wrong" with why."""
    from explorer.errors import ExplorerError
    from tests.hostile.case import assert_one_clear_sentence

    path = folder / case.file
    if not upload:
        for name, content in case.beside.items():
            (folder / name).write_bytes(content)
        if callable(case.content):
            case.content(path)
        else:
            path.write_bytes(case.content)
    gc.collect()
    _forget_peak()
    before, started = _status("VmRSS"), time.process_time()
    said: dict[str, Any] = {"case": case.name, "upload": upload, "why": ""}
    refusal = None
    try:
        with _clock(SECONDS):
            space = load(case, path, upload)
            assert case.expect.space is not None, f"it loaded: {space!r} {list(space.items)[:5]}"
            used(space)
            case.expect.space(space)
        said["came"] = "right"
    except ExplorerError as error:
        refusal = error
    except BaseException as error:
        said |= {"came": "wrong", "why": f"{type(error).__name__}: {error}"[:600]}
    if refusal is not None:
        said |= {"came": "refused", "said": str(refusal)}
        try:
            assert case.expect.words is not None, f"it was refused: {refusal}"
            assert_one_clear_sentence(refusal, case.file, case.expect.words)
        except AssertionError as wrong:
            said |= {"came": "wrong", "why": str(wrong)}
    seconds, peak = time.process_time() - started, _status("VmHWM") - before
    said |= {"seconds": round(seconds, 3), "peak": peak}
    if said["came"] != "wrong" and peak > EXTRA:
        said |= {"came": "wrong", "why": f"took {peak / 2**20:,.0f} MB"}
    if Path(os.environ["HOSTILE_CANARY"]).exists():
        said |= {"came": "wrong", "why": "code of the file was run"}
        Path(os.environ["HOSTILE_CANARY"]).unlink()
    return said


def load(case: Any, path: Path, upload: bool) -> Any:
    """The space, by path or as Streamlit hands over an upload."""
    from explorer.formats import load
    from tests.hostile.case import named

    def given(name: str) -> Any:
        file = path.parent / name
        return named(file.read_bytes(), name) if upload else file

    options = {
        key: given(value) if value in case.beside else value for key, value in case.options.items()
    }
    return load(given(case.file), limits=case.limits, **options)


def used(space: Any) -> None:
    """What a page does with a space first, and a round trip through our own format."""
    import numpy as np

    from explorer.formats import load, save

    assert len(space.digest) == len(space.items.digest) == 32
    assert np.isfinite(space.vectors).all()
    assert space.vectors.any(axis=1).all()
    assert len(set(space.items)) == len(space)
    assert all(isinstance(name, str) and name for name in space.items)
    space.items.search("a")
    for column in space.metadata:
        space.metadata.kind(column)
        space.metadata.record(0)
    if space.vectors.size < 1_000_000:
        buffer = io.BytesIO()
        save(space, buffer, "npz")
        again = load(buffer)
        assert list(again.items) == list(space.items), "names change when saved as .npz"
        assert np.array_equal(again.vectors, space.vectors), "numbers change when saved as .npz"
        assert list(again.metadata) == list(space.metadata), "columns change when saved as .npz"


def _say(**line: Any) -> None:
    print(json.dumps(line), flush=True)


def _too_slow(number: int, frame: FrameType | None) -> None:
    raise TimeoutError("it did not end in time")


@contextlib.contextmanager
def _clock(seconds: float) -> Iterator[None]:
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _status(field: str) -> int:
    """Bytes of memory of this process: VmSize, VmRSS, VmHWM (the most since `_forget_peak`)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line.split()[1] for line in lines if line.startswith(f"{field}:")))


def _forget_peak() -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


if __name__ == "__main__":
    main(*sys.argv[1:])
