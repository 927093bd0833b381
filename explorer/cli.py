"""The command line: read the file here first, then show it in the app.

A file that cannot be read ends with one line on standard error and exit code 2, before any server
is started. Otherwise the app runs on this machine alone (127.0.0.1) until Ctrl-C.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from explorer import app_files, catalog
from explorer.check import check, format_check
from explorer.command_line import command_parser, ends_in_one_line, print_findings
from explorer.errors import ExplorerError
from explorer.opened_file import (
    OpenedCorpus,
    OpenedFile,
    OpenedTexts,
    add_reading_options,
    from_namespace,
    whole_number,
)
from explorer.space import EmbeddingSpace

Opened = OpenedFile | OpenedTexts | OpenedCorpus
ADDRESS = "127.0.0.1"
FIRST_PORT = 8501  # the one that Streamlit's users know
STARTS_WITHIN = 60.0  # seconds
PATIENCE = 2.0  # seconds for the app to stop by itself after Ctrl-C

EXAMPLES = """examples:
  python -m explorer                                the bundled handwritten digits
  python -m explorer glove.6B.100d.txt.gz           text vectors, packed or not
  python -m explorer vectors.npy --labels words.txt
  python -m explorer products.parquet --vector embedding --label title
  python -m explorer tensors.tsv --metadata metadata.tsv
  python -m explorer vectors.vec --check            only say what is in it
  python -m explorer --corpus text.txt.gz           learn vectors of a text on the Train page
  python -m explorer train TEXT --out vectors.npz   learn them here (train --help)
  python -m explorer texts reviews.csv --open       make vectors of texts (texts --help)
"""


@ends_in_one_line
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code: 0, or 2 when the file could not be opened.

    What begins with "train" is for `explorer.train_cli`, with "texts" for `explorer.texts.cli`.
    """
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if arguments[:1] == ["train"]:  # a file of that name is ./train
        from explorer.train_cli import main as train

        return train(arguments[1:])
    if arguments[:1] == ["texts"]:
        from explorer.texts.cli import main as texts

        return texts(arguments[1:])
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.corpus is not None:
        if chosen.file is not None or chosen.check:
            parser.error("--corpus FILE stands alone: it is a text to train on, not vectors.")
        return open_corpus(chosen.corpus, chosen.port, browser=not chosen.no_browser)
    opened = from_namespace(chosen) if chosen.file is not None else None
    if opened is None and any((chosen.labels, chosen.metadata, chosen.vector, chosen.label)):
        parser.error("to open one's own vectors, name their FILE too.")
    try:
        space = _read(opened)
        if chosen.check:
            print(format_check(check(space)))
            return 0
    except MemoryError:
        raise ExplorerError(
            f"{chosen.file}: does not fit into memory. Read part: --limit N"
        ) from None
    print_findings(space)
    del space  # the app reads the file itself: no need to hold it twice
    return _serve(opened, _port(chosen.port), browser=not chosen.no_browser)


@ends_in_one_line
def open_corpus(path: str, port: int | None = None, *, browser: bool = True) -> int:
    """Start the app on its Train page with a text to train on; 2 where it is no text."""
    opened = OpenedCorpus(path)
    opened.check()
    return _serve(opened, _port(port), browser=browser)


@ends_in_one_line
def open_space(opened: OpenedFile | OpenedTexts) -> int:
    """Start the app with what was read before; 2 where it cannot start."""
    return _serve(opened, _port(None), browser=True)


def _parser() -> argparse.ArgumentParser:
    parser = command_parser(
        "python -m explorer",
        "See an embedding space: its map, its neighbours, and how far to trust both.",
        EXAMPLES,
    )
    parser.add_argument(
        "file", metavar="FILE", nargs="?", help="vectors in any of the formats that README.md lists"
    )
    add_reading_options(parser)
    parser.add_argument(
        "--corpus", metavar="FILE", help="a text, plain or packed, for the Train page"
    )
    parser.add_argument(
        "--port", metavar="N", type=_port_number, help=f"default: {FIRST_PORT} or the next free one"
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser window")
    parser.add_argument(
        "--check", action="store_true", help="print what is in the file and exit, without the app"
    )
    return parser


def _read(opened: OpenedFile | None) -> EmbeddingSpace:
    if opened is None:
        return catalog.open_bundled()
    start = time.perf_counter()
    space = opened.open()
    seconds = time.perf_counter() - start
    print(
        f"{opened.path}: {space.provenance.format}, {len(space):,} items x "
        f"{space.dimensions:,} dimensions, read in {seconds:.2f} s"
    )
    return space


def _serve(opened: Opened | None, port: int, *, browser: bool) -> int:
    """Run the app until it ends or Ctrl-C is pressed."""
    if not app_files.ENTRY.is_file():
        raise ExplorerError(
            f"{app_files.ENTRY.name} is not in {app_files.FOLDER}: install the program again."
        )
    page = "" if opened is None else opened.page
    itself = browser and not page  # Streamlit opens its first page, and no other
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(app_files.ENTRY)),
        *("--server.address", ADDRESS),
        *("--server.port", str(port)),
        *("--server.headless", str(not itself).lower()),
        *("--server.showEmailPrompt", "false"),
        *("--server.fileWatcherType", "none"),
        *("--browser.gatherUsageStats", "false"),
        *(("--", *opened.script_arguments()) if opened is not None else ()),
    ]
    address = f"http://{ADDRESS}:{port}" + (f"/{page}" if page else "")
    print(f"Opening {address} (Ctrl-C stops it)", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that `finally` ends the app too
    app = subprocess.Popen(command, cwd=app_files.FOLDER)  # where .streamlit/config.toml lies
    if browser and not itself:
        threading.Thread(target=_browse, args=(address, port), daemon=True).start()
    try:
        return app.wait()
    except KeyboardInterrupt:  # a terminal sends it to the app as well
        with contextlib.suppress(subprocess.TimeoutExpired):
            app.wait(PATIENCE)
        return 0
    finally:
        if app.poll() is None:
            app.terminate()
            app.wait()


def _browse(address: str, port: int) -> None:
    """Open a page in the browser as soon as the server listens."""
    import webbrowser

    for _ in range(int(STARTS_WITHIN / 0.2)):
        with contextlib.suppress(OSError), socket.create_connection((ADDRESS, port), timeout=1):
            webbrowser.open(address)
            return
        time.sleep(0.2)


def _port(wanted: int | None) -> int:
    """The wanted port if it is free; with none wanted, the first free one from 8501 on."""
    if wanted is not None:
        if not _is_free(wanted):
            raise ExplorerError(f"Port {wanted} is taken. Without --port a free one is found.")
        return wanted
    for port in range(FIRST_PORT, FIRST_PORT + 100):
        if _is_free(port):
            return port
    raise ExplorerError(f"No free port from {FIRST_PORT} on. Name one with --port N.")


def _is_free(port: int) -> bool:
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((ADDRESS, port))
        except OSError:
            return False
    return True


def _port_number(text: str) -> int:
    number = whole_number(text)
    if number > 65_535:
        raise argparse.ArgumentTypeError(f"is at most 65535; got {text!r}.")
    return number
