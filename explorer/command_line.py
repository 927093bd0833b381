"""What the commands share: their parser, and how each ends when something cannot be done."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec

from explorer.errors import ExplorerError
from explorer.space import EmbeddingSpace

FAILED = 2  # exit code; argparse uses the same for wrong options
Asked = ParamSpec("Asked")


def command_parser(command: str, description: str, examples: str) -> argparse.ArgumentParser:
    """A parser for what stands behind `command`; no option may be shortened."""
    return argparse.ArgumentParser(
        prog=command,
        description=description,
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def ends_in_one_line(command: Callable[Asked, int]) -> Callable[Asked, int]:
    """The command; an ExplorerError becomes one line on standard error and exit code 2."""

    @wraps(command)
    def run(*arguments: Asked.args, **named: Asked.kwargs) -> int:
        try:
            return command(*arguments, **named)
        except ExplorerError as error:
            print(error, file=sys.stderr)
            return FAILED

    return run


def print_findings(space: EmbeddingSpace) -> None:
    """What was found odd while the space was read or made, a line each."""
    for finding in space.provenance.findings:
        print(f"  {finding}")


def check_out(out: str) -> None:
    """Before the work rather than after it: a file of this name can be saved here."""
    from explorer.formats import WRITERS

    path = Path(out)
    known = [suffix for writer in WRITERS.values() for suffix in writer.suffixes]
    if path.suffix.lower() not in known:
        raise ExplorerError(
            f"{path.name}: the extension tells the format, and it must be one of {' '.join(known)}."
        )
    if not path.absolute().parent.is_dir():
        raise ExplorerError(f"{path.name} cannot be saved: there is no folder {path.parent}.")
