"""A real server and a real browser, for what AppTest cannot see.

The browser is the one named by EMBEDDING_EXPLORER_BROWSER, else the machine's Chromium or Chrome,
else Playwright's own. Without one the tests skip and say how to get it; with
EMBEDDING_EXPLORER_REQUIRE_BROWSER=1 (as .ci/run sets it) they fail instead.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).resolve().parents[2]
CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist",
    "--disable-gpu-compositing", "--disable-gpu-rasterization",  # graphics in software: maps alone
    "--disable-features=LocalNetworkAccessChecks",  # a page that a test has changed is nobody's
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no other host has an address
)  # fmt: skip
TOURED = "embedding-explorer-tour"  # what tour.js remembers
PATIENCE = 90  # seconds: a busy machine is no failure
INSTALL = "apt-get install chromium, or: playwright install chromium"


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


class Server:
    """`streamlit run streamlit_app.py` on a free port, with its log."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"server-{self.port}.log"
        self._environment = {**os.environ, "EMBEDDING_EXPLORER_CACHE": str(folder / "cache")}
        self._command = [
            sys.executable, "-m", "streamlit", "run", "streamlit_app.py",
            "--server.headless", "true",
            "--server.port", str(self.port),
            "--server.address", "127.0.0.1",
        ]  # fmt: skip
        if arguments:
            self._command += ["--", *arguments]
        self.begin()

    def begin(self) -> None:
        """Start it; once more at the same address where it was stopped or killed."""
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=log,
                stderr=subprocess.STDOUT,
            )  # fmt: skip

    def wait(self) -> Server:
        for _ in range(300):
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended: {self.log.read_text()}")
            try:
                urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=1).read()
            except OSError:
                time.sleep(0.1)
            else:
                return self
        raise RuntimeError(f"the server did not answer in 30 s: {self.log.read_text()}")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


@pytest.fixture(scope="session")
def start_server(tmp_path_factory) -> Iterator:
    """A function that starts a server of its own with script arguments; all end with the tests."""
    servers: list[Server] = []

    def start(*arguments: str) -> Server:
        servers.append(Server(tmp_path_factory.mktemp("server"), *arguments))
        return servers[-1].wait()

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def server(start_server) -> Server:
    """One server that most tests share: it opens the bundled spaces."""
    return start_server()


def _missing(reason: str) -> None:
    if os.environ.get("EMBEDDING_EXPLORER_REQUIRE_BROWSER"):
        pytest.fail(f"browser tests must run here, but {reason}")
    pytest.skip(f"{reason}; to run the browser tests: {INSTALL}")


def chromium() -> str | None:
    """The browser to drive; None for Playwright's own."""
    named = os.environ.get("EMBEDDING_EXPLORER_BROWSER")
    return named or next(filter(None, map(shutil.which, CANDIDATES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """Headless Chromium with software graphics."""
    try:
        from playwright.sync_api import Error, expect, sync_playwright
    except ImportError:
        _missing("playwright is not installed (pip install playwright)")
    expect.set_options(timeout=1_000 * PATIENCE)
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        except Error as error:
            _missing(f"no browser starts ({str(error).splitlines()[0]})")
        yield started
        started.close()


@pytest.fixture
def open_offline(browser) -> Iterator:
    """A function that opens a saved page with no network; in the end it may have asked for none."""
    opened = []
    asked: list[str] = []

    def open_file(file: Path):
        opened.append(browser.new_context(offline=True))
        page = opened[-1].new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        return page

    yield open_file
    for context in opened:
        context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


class Conversation:
    """What a page asks its server for, and whether the answer has come to its end."""

    def __init__(self, page) -> None:
        self.over = True
        page.on("websocket", self._begins)

    def _begins(self, socket) -> None:
        self.over, self._begun = True, False
        socket.on("framesent", self._asks)
        socket.on("framereceived", self._is_told)

    def _asks(self, frame: bytes) -> None:
        if isinstance(frame, bytes) and BackMsg.FromString(frame).HasField("rerun_script"):
            self.over, self._begun = False, False

    def _is_told(self, frame: bytes) -> None:
        message = ForwardMsg.FromString(frame) if isinstance(frame, bytes) else ForwardMsg()
        if message.HasField("new_session"):
            self._begun = True
        elif message.HasField("script_finished") and self._begun:
            self._begun = False
            self.over = message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN


class Visit:
    """One visitor: a page in a browser context of its own, watched for requests off the server."""

    def __init__(self, browser, server: Server, newcomer: bool = False, **context) -> None:
        self.server = server
        usual = {"viewport": {"width": 1440, "height": 900}, "accept_downloads": True}
        self.context = browser.new_context(**{**usual, **context})
        if not newcomer:
            self.context.add_init_script(f"localStorage.setItem('{TOURED}', '1')")
        self.page = self.context.new_page()
        self.page.set_default_timeout(1_000 * PATIENCE)
        self.strangers: list[str] = []
        self.errors: list[str] = []
        self.context.on("request", self._watch)
        self.page.on("websocket", self._watch)
        self.conversation = Conversation(self.page)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _watch(self, request) -> None:
        """Note what goes anywhere but to the server."""
        address = urlsplit(request.url)
        inside = address.scheme in ("data", "blob", "about")
        if not inside and address.netloc != f"127.0.0.1:{self.server.port}":
            self.strangers.append(request.url)

    def open(self, path: str = "/"):
        self.page.goto(self.server.address + path)
        return self.page

    def open_map(self, path: str = "/"):
        """Open the map and wait until its points are drawn."""
        self.open(path)
        self.map_drawn()
        return self.page

    def map_drawn(self) -> None:
        self.page.wait_for_selector(".ee-map[data-drawn]", state="attached")
        self.settled()

    def choose(self, label: str, option: str) -> None:
        """Pick an option of one of the sidebar's boxes."""
        box = self.page.get_by_test_id("stSidebar").get_by_label(label, exact=True)
        box.scroll_into_view_if_needed()  # a list that opens while its box scrolls closes again
        self.page.wait_for_timeout(300)
        box.click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def settled(self) -> None:
        """Wait until the server has answered all that was pressed, and nothing more comes."""
        idle = """() => {
            const app = document.querySelector('[data-testid="stApp"]');
            const icon = document.querySelector('[data-testid="stStatusWidgetRunningIcon"]');
            return !icon && app?.getAttribute("data-test-script-state") === "notRunning";
        }"""
        quiet = 0

        def rests() -> bool:
            nonlocal quiet
            quiet = quiet + 1 if self.conversation.over and self.page.evaluate(idle) else 0
            return quiet == 5

        self.until(rests, pause=50)

    def until(self, holds: Callable[[], Any], pause: int = 100) -> None:
        """Look again and again, `pause` milliseconds apart, until something holds of the page."""
        last = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < last, f"not so in {PATIENCE} s"
            self.page.wait_for_timeout(pause)

    def rested(self, look: Callable[[], Any]) -> Any:
        """What one sees once it no longer moves: seen twice, a third of a second apart."""
        seen = [look()]

        def same() -> bool:
            seen.append(look())
            return seen[-1] == seen[-2]

        self.page.wait_for_timeout(300)
        self.until(same, pause=300)
        return seen[-1]

    def lie(self, things, rule: Callable[[list[dict]], bool]) -> None:
        """Wait until the boxes of all things, taken at one moment, keep to a rule."""
        boxes = "(all) => all.map((one) => one.getBoundingClientRect().toJSON())"
        self.until(lambda: rule(things.evaluate_all(boxes)))

    def ranges(self) -> list[float]:
        """What the map's axes show: [x0, x1, y0, y1]."""
        return self.page.evaluate(
            "() => { const p = document.querySelector('.ee-plot')._fullLayout;"
            " return [...p.xaxis.range, ...p.yaxis.range].map(Number); }"
        )

    def text(self) -> str:
        return self.page.inner_text('[data-testid="stMain"]')

    def says(self, text: str) -> None:
        """Wait until the page shows the text."""
        self.page.wait_for_function(
            "(text) => document.querySelector('[data-testid=\"stMain\"]')"
            "?.innerText.includes(text)",
            arg=text,
        )

    def link_says(self, part: str) -> None:
        """Wait until the address holds the part: it follows a moment after the picture."""
        self.page.wait_for_function("(part) => location.href.includes(part)", arg=part)

    def link_drops(self, part: str) -> None:
        """Wait until the address no longer holds the part."""
        self.page.wait_for_function("(part) => !location.href.includes(part)", arg=part)

    def draws(self, count: int) -> None:
        """Wait until the map shows so many points."""
        self.page.wait_for_function(
            "(count) => document.querySelector('.ee-map')?.dataset.drawn === count", arg=str(count)
        )

    def looks_at(self, name: str) -> None:
        """Wait until the map's focus is the item of that name."""
        self.page.wait_for_function(
            "(name) => document.querySelector('.ee-map')?.dataset.focus === name", arg=name
        )

    def keeps_ranges(self, ranges: list[float]) -> None:
        """Wait until the map's axes show these ranges, as after a change that keeps the zoom."""
        self.until(lambda: self.ranges() == ranges)

    def close(self) -> None:
        """End the visit: no request may have left the server, no script have failed."""
        self.context.close()
        assert not self.strangers, f"requests off the server: {self.strangers}"
        assert not self.errors, f"script errors: {self.errors}"


@pytest.fixture
def visit(browser, server) -> Iterator[Visit]:
    """A visitor of the shared server."""
    one = Visit(browser, server)
    yield one
    one.close()
