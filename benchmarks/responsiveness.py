"""How long a visitor waits for a click while two others train on the same server.

Two visitors press Play on the Train page (skip-gram on the toy corpus, full speed, so that both
places for trainings are taken) and look at it twice a second, as their browsers would. A third
looks at one word after another on the Neighbours page of the bundled English words; the clock runs
from the request to the server's word that the page is complete. Quiet rounds and busy ones take
turns, so that other work on the machine falls on both.

The visitors are messages of Streamlit's protocol: no browser takes the server's cores, and what a
browser needs to draw comes on top.

    python -m benchmarks responsiveness
"""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack
from typing import Any

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg

from benchmarks.measure import available_cores, table
from benchmarks.server import running_server
from benchmarks.streamlit_client import Answer, Session
from explorer.catalog import open_bundled

ROUNDS, CLICKS = 3, 12
PAUSE = 0.3  # seconds between two clicks
WATCH = 0.5  # seconds from one look at a training to the next, as the page has it
EPOCHS = 10_000  # so many that the trainings outlast the measurement
SPACE = "english"


class Watcher(Session):
    """A visitor who trains and looks on; `looks` are the seconds that each look took."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.looks: list[float] = []
        self._states: dict[str, tuple[str, Any]] = {}  # of widgets, by their ids
        self._watching: asyncio.Task[None] | None = None
        self._over = False

    async def prepare(self) -> None:
        """Open the page and choose a long training at full speed."""
        page = await self.open("train")
        self._states[widget(page, "train_sgns_epochs")] = ("double_value", EPOCHS)
        self._states[widget(page, "train_slow_True")] = ("bool_value", False)

    async def play(self) -> None:
        """Press Play, and look on from then on."""
        self.fragment, self._over = "", False
        await self.press(widget(await self._again(), "train_play"))
        if not self.fragment:
            raise RuntimeError("Nothing is trained: the Train page is no longer as it was.")
        self._watching = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Press Stop."""
        if self._watching is not None:
            self._over = True
            await self._watching
            self._watching = None
            await self.press((await self._again()).button("Stop"))

    async def _watch(self) -> None:
        while not self._over:
            await asyncio.sleep(WATCH)
            if (answer := await self.look_again()) is not None:
                self.looks.append(answer.seconds)

    async def _again(self) -> Answer:
        return await self._run(self._rerun())

    def _rerun(self) -> BackMsg:
        message = super()._rerun()
        for name, (kind, value) in self._states.items():
            state = message.rerun_script.widget_states.widgets.add()
            state.id = name
            setattr(state, kind, value)
        return message


def widget(page: Answer, key: str) -> str:
    """The id of the widget of that key."""
    for element in page.elements:
        name: str = getattr(getattr(element, element.WhichOneof("type") or ""), "id", "")
        if name.endswith(f"-{key}"):
            return name
    raise LookupError(f"there is no widget {key!r}")


async def measure(port: int) -> tuple[dict[str, list[float]], list[float]]:
    """Seconds of each click, by what went on meanwhile; seconds of the looks at a training."""
    words = iter(open_bundled(SPACE).items.take(range(100, 10_000, 97)))
    waits: dict[str, list[float]] = {"nobody trains": [], "two train": []}
    async with AsyncExitStack() as visits:
        watchers = [await visits.enter_async_context(Watcher(port)) for _ in range(2)]
        reader = await visits.enter_async_context(Session(port))
        for watcher in watchers:
            await watcher.prepare()
        for _ in range(3):  # opens the space and draws the first pages
            await reader.open("neighbors", space=SPACE, focus=next(words))
        for _ in range(ROUNDS):
            for name, seconds in waits.items():
                if name == "two train":
                    for watcher in watchers:
                        await watcher.play()
                for _ in range(CLICKS):
                    await asyncio.sleep(PAUSE)
                    answer = await reader.open("neighbors", space=SPACE, focus=next(words))
                    seconds.append(answer.seconds)
                for watcher in watchers:
                    await watcher.stop()
    return waits, [seconds for watcher in watchers for seconds in watcher.looks]


def main() -> None:
    """Print the tables."""
    before = os.getloadavg()[0]
    with running_server() as server:
        waits, looks = asyncio.run(measure(server.port))
        complaints = server.complaints()
    print(
        f"{available_cores()} cores; load of the machine before: {before:.1f}; tracebacks in the "
        f"server's log: {complaints}\n"
    )
    rows = [_row(name, seconds) for name, seconds in waits.items()]
    print(table(rows, "A click on another word, to the end of the page: milliseconds"), end="\n\n")
    print(table([_row("two train", looks)], "A look at one's own training: milliseconds"))


def _row(name: str, seconds: list[float]) -> dict[str, Any]:
    low, middle, high, most = (1e3 * float(q) for q in np.quantile(seconds, [0.1, 0.5, 0.9, 1]))
    return {
        "while": name, "median": middle, "10 %": low, "90 %": high, "longest": most,
        "times": len(seconds),
    }  # fmt: skip


if __name__ == "__main__":
    main()
