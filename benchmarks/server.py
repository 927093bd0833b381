"""A server of this app to measure: started, asked how much memory, threads and files it holds."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]


class Holding(NamedTuple):
    """What a server and its child processes hold at a moment."""

    megabytes: float  # resident
    processes: int
    threads: int
    files: int  # open handles


class Server:
    """A running server; `port` on the loopback address."""

    def __init__(self, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
        self.port, self.process, self.log = port, process, log

    def holds(self) -> Holding:
        """Now."""
        family = list(_family(self.process.pid))
        held = [_held(one) for one in family]
        return Holding(
            sum(one[0] for one in held) / 1024, len(held),
            sum(one[1] for one in held), sum(one[2] for one in held),
        )  # fmt: skip

    def complaints(self) -> int:
        """Tracebacks in its log."""
        return self.log.read_text(encoding="utf-8", errors="replace").count("Traceback")


@contextmanager
def running_server(*arguments: str) -> Iterator[Server]:
    """Start `streamlit run streamlit_app.py -- arguments`; it ends with the block."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        command = [
            sys.executable, "-m", "streamlit", "run", "streamlit_app.py",
            "--server.headless", "true", "--server.address", "127.0.0.1",
            "--server.port", str(port), *(["--", *arguments] if arguments else []),
        ]  # fmt: skip
        environment = {**os.environ, "EMBEDDING_EXPLORER_CACHE": str(Path(folder) / "cache")}
        with log.open("wb") as out:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT
            )
        try:
            _wait_until_it_answers(port, process, log)
            yield Server(port, process, log)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_it_answers(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended: {log.read_text()}")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not answer in a minute")


def _family(parent: int) -> Iterator[int]:
    """A process and all that it began, as far as they still run."""
    yield parent
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _family(int(child))


def _held(process: int) -> tuple[int, int, int]:
    """(resident kB, threads, files) of one process; zeros when it has just ended."""
    folder = Path(f"/proc/{process}")
    try:
        status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
        return (
            int(status["VmRSS"].split()[0]), int(status["Threads"]),
            len(list((folder / "fd").iterdir())),
        )  # fmt: skip
    except (OSError, KeyError):
        return 0, 0, 0
