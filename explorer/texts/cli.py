"""`python -m explorer texts FILE`: make a vector for each text of a file, in the terminal."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from explorer.command_line import check_out, command_parser, ends_in_one_line, print_findings
from explorer.formats import save
from explorer.opened_file import OpenedFile, OpenedTexts, add_text_options

EXAMPLES = """examples:
  python -m explorer texts reviews.csv --column review --open
  python -m explorer texts sentences.txt --out sentences.npz
"""


@ends_in_one_line
def main(arguments: Sequence[str]) -> int:
    """Run `texts`; the exit code: 0, or 2 when no vectors could be made."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.out is None and not chosen.open:
        parser.error("say where the vectors go, --out FILE; or look at them, --open.")
    texts = OpenedTexts(chosen.file, chosen.column, chosen.limit)
    if chosen.out is not None:
        check_out(chosen.out)
    start = time.perf_counter()
    space = texts.open()
    seconds = time.perf_counter() - start
    print(
        f"{space.provenance.source}: {len(space):,} texts x {space.dimensions} dimensions, "
        f"in {seconds:.2f} s"
    )
    print_findings(space)
    if chosen.out is not None:
        save(space, Path(chosen.out))
        print(f"{chosen.out}: saved.")
    if not chosen.open:
        return 0
    from explorer.cli import open_space

    return open_space(texts if chosen.out is None else OpenedFile(chosen.out))


def _parser() -> argparse.ArgumentParser:
    parser = command_parser(
        "python -m explorer texts",
        "Make a vector for each text: sentences, titles, reviews.",
        EXAMPLES,
    )
    parser.add_argument(
        "file", metavar="FILE", help="a table (CSV, TSV, JSON lines, Parquet), or one text a line"
    )
    add_text_options(parser)
    parser.add_argument("--out", metavar="FILE", help=".npz, .txt, .bin, .parquet")
    parser.add_argument("--open", action="store_true", help="show them in the app")
    return parser
