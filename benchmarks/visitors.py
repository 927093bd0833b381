"""Many visitors at once on one server: every answer checked, every click timed, memory watched.

Thirty visitors open the same 20,000 x 100 vectors, look at items, click on neighbours, change the
metric and the page, with pauses as people make; one trains all the while and one computes UMAP
maps. Then two hundred sessions are opened and dropped. All on the loopback address; runs on Linux.

    python -m benchmarks visitors
    python -m benchmarks.visitors --visitors 5 --minutes 0.5 --dropped 20
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.measure import table
from benchmarks.server import Holding, Server, running_server
from benchmarks.streamlit_client import Answer, Session
from explorer.neighbors import nearest_neighbors

ITEMS, DIMENSIONS, GROUPS = 20_000, 100, 40
SHOWN = 10  # neighbours beside the map
METRICS = ("cosine", "dot", "euclidean")
PAUSE = (1.0, 5.0)  # seconds between a visitor's clicks
KEPT = 130.0  # seconds: Streamlit keeps a session that was dropped for two minutes, for its return


@dataclass
class Notes:
    """What all visitors saw."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    checked: int = 0

    def took(self, what: str, answer: Answer) -> Answer:
        self.seconds[what].append(answer.seconds)
        self.errors += [f"{what}: {error}" for error in answer.errors]
        return answer


class Truth:
    """The vectors that the server has open, and the right answers."""

    def __init__(self) -> None:
        generator = np.random.default_rng(0)
        centres = generator.standard_normal((GROUPS, DIMENSIONS)) * 2
        rows = centres[generator.integers(0, GROUPS, ITEMS)]
        rows = rows + generator.standard_normal((ITEMS, DIMENSIONS))
        self.vectors = rows.astype(np.float32)
        self.names = [f"item {row}" for row in range(ITEMS)]

    def write(self, file: Path) -> None:
        """As text, with names."""
        with file.open("w", encoding="utf-8") as out:
            out.write("\t".join(["name", *(f"d{i}" for i in range(DIMENSIONS))]) + "\n")
            for name, vector in zip(self.names, self.vectors, strict=True):
                out.write("\t".join([name, *map(repr, vector.tolist())]) + "\n")

    def neighbors(self, row: int, metric: str) -> list[str]:
        """Names of the nearest, nearest first."""
        found = nearest_neighbors(
            self.vectors, self.vectors[row], SHOWN, metric=metric, exclude=[row]
        )
        return [self.names[one] for one in found.indices[0].tolist()]


async def visitor(port: int, number: int, truth: Truth, notes: Notes, until: float) -> None:
    """One visitor, until the time is over."""
    choose = random.Random(number)
    async with Session(port) as session:
        row, metric = choose.randrange(ITEMS), "cosine"
        answer = notes.took("open", await session.open(focus=truth.names[row]))
        while time.monotonic() < until:
            check(answer, truth, row, metric, number, notes)
            await asyncio.sleep(choose.uniform(*PAUSE))
            step = choose.choice(("pick", "pick", "pick", "metric", "metrics", "map", "clusters"))
            if step == "pick" and (lists := list(answer.lists())):
                component, items = lists[0]
                row = choose.choice(items)["row"]
                answer = notes.took("click on a neighbour", await session.pick(component, row))
                continue
            page = {"metrics": "metrics", "clusters": "clusters"}.get(step, "")
            metric = choose.choice(METRICS) if step == "metric" else metric
            answer = notes.took(
                f"open {page or 'map'}",
                await session.open(page, focus=truth.names[row], metric=metric),
            )


def check(answer: Answer, truth: Truth, row: int, metric: str, who: int, notes: Notes) -> None:
    """Whether the first list is the true one; the Metrics page shows the cosine's first."""
    for component, items in list(answer.lists())[:1]:
        shown = [item["name"] for item in items]
        usual = metric if "focus_neighbors" in component else None
        if usual is None or not shown:
            continue
        notes.checked += 1
        if shown != truth.neighbors(row, usual):
            notes.wrong.append(f"visitor {who}, item {row}, {usual}: {shown[:3]}")


async def trainer(port: int, notes: Notes, until: float) -> None:
    """A visitor who trains on the bundled text again and again."""
    async with Session(port) as session:
        while time.monotonic() < until:
            page = notes.took("open train", await session.open("train"))
            notes.took("play", await session.press(page.button("Play")))
            ends = min(until, time.monotonic() + 30)
            while time.monotonic() < ends:
                await asyncio.sleep(0.5)
                frame = await session.look_again()
                if frame is None:
                    break
                notes.took("frame of a training", frame)


async def mapper(port: int, notes: Notes, until: float) -> None:
    """A visitor who asks for UMAP maps."""
    async with Session(port) as session:
        notes.took("open map", await session.open(map="UMAP"))
        while time.monotonic() < until:
            await asyncio.sleep(0.5)
            if (frame := await session.look_again()) is not None:
                notes.took("frame of a map", frame)


async def drop(port: int, count: int, seconds: float) -> None:
    """Sessions that open a page and are gone."""
    for number in range(count):
        async with Session(port) as session:
            await session.open(("", "neighbors", "metrics")[number % 3])
        await asyncio.sleep(seconds / count)


async def all_gone(port: int) -> None:
    """Wait until the server has let go of all sessions: it looks when another one comes."""
    await asyncio.sleep(KEPT)
    async with Session(port) as session:
        await session.open()
    await asyncio.sleep(5)


async def watch(server: Server, seen: list[Holding]) -> None:
    """Note what the server holds, once a second."""
    while True:
        seen.append(server.holds())
        await asyncio.sleep(1)


async def crowd(server: Server, truth: Truth, visitors: int, minutes: float) -> Notes:
    """All of them at once."""
    notes, until = Notes(), time.monotonic() + minutes * 60
    people = {
        f"visitor {one}": visitor(server.port, one, truth, notes, until) for one in range(visitors)
    }
    people["the one who trains"] = trainer(server.port, notes, until)
    people["the one who maps"] = mapper(server.port, notes, until)
    results = await asyncio.gather(*people.values(), return_exceptions=True)
    failed = zip(people, results, strict=True)
    notes.errors += [f"{who}: {why!r}" for who, why in failed if why is not None]
    return notes


async def measure(
    server: Server, truth: Truth, visitors: int, minutes: float, dropped: int
) -> None:
    """Print the tables."""
    stages = []
    await crowd(server, truth, 1, 0.5)  # what is loaded once is loaded: compiled kernels, libraries
    await all_gone(server.port)
    stages.append(("warmed up: one visitor, one training, one map", server.holds()))
    seen: list[Holding] = []
    watching = asyncio.create_task(watch(server, seen))
    notes = await crowd(server, truth, visitors, minutes)
    stages.append(("highest with all of them", max(seen)))
    await all_gone(server.port)
    stages.append(("after they have gone", server.holds()))
    await drop(server.port, dropped, 600 if dropped >= 200 else 3 * dropped)
    await all_gone(server.port)
    stages.append((f"after {dropped} sessions opened and dropped", server.holds()))
    watching.cancel()
    rows = [
        {
            "what": what, "times": len(took), "median s": float(np.median(took)),
            "99 % s": float(np.quantile(took, 0.99)), "longest s": max(took),
        }
        for what, took in sorted(notes.seconds.items())
    ]  # fmt: skip
    print(table(rows, f"{visitors} visitors for {minutes:g} minutes, one training, one mapping"))
    clicks = [one for what, took in notes.seconds.items() if "frame" not in what for one in took]
    print(
        f"\nall clicks: {len(clicks):,}, median {np.median(clicks):.3f} s, "
        f"99 % {np.quantile(clicks, 0.99):.3f} s\nanswers checked: {notes.checked:,}, wrong: "
        f"{len(notes.wrong)}; errors shown: {len(notes.errors)}; tracebacks in the server's log: "
        f"{server.complaints()}\n"
    )
    for line in [*notes.wrong[:5], *notes.errors[:5]]:
        print("  ", line[:300])
    print(table([{"when": when, **held._asdict()} for when, held in stages], "The server holds"))


def main(arguments: Sequence[str] = ()) -> None:
    """Start a server of its own on made-up vectors, and measure it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.visitors")
    parser.add_argument("--visitors", type=int, default=30)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--dropped", type=int, default=200)
    chosen = parser.parse_args(arguments)
    truth = Truth()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "crowd.tsv"
        truth.write(file)
        with running_server("--open", str(file)) as server:
            asyncio.run(measure(server, truth, chosen.visitors, chosen.minutes, chosen.dropped))


if __name__ == "__main__":
    main(sys.argv[1:])
