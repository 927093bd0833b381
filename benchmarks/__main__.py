"""`python -m benchmarks NAME`: one benchmark, ours and the peers in turn, in one run."""

from __future__ import annotations

import argparse
from importlib import import_module

BENCHMARKS = {  # name -> module, whose main() prints its tables
    "clusters": "benchmarks.clusters",
    "counting": "benchmarks.counting",
    "faithfulness": "benchmarks.faithfulness",
    "load": "benchmarks.load",
    "neighbors": "benchmarks.neighbors",
    "projection": "benchmarks.projection",
    "responsiveness": "benchmarks.responsiveness",
    "training": "benchmarks.training",
    "visitors": "benchmarks.visitors",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=BENCHMARKS)
    parser.add_argument("parts", nargs="*", help="only these of its tables, where it names parts")
    chosen = parser.parse_args()
    module = import_module(BENCHMARKS[chosen.name])
    known = getattr(module, "PARTS", {})
    for part in chosen.parts:
        if part not in known:
            has = ", ".join(known) or "none"
            parser.error(f"{chosen.name} has no part {part!r}; its parts: {has}.")
    module.main(*chosen.parts)


if __name__ == "__main__":
    main()
