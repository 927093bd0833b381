"""`python -m explorer train CORPUS`: learn vectors of a text's words in the terminal.

Ctrl-C stops the training and saves what there is; a second one within the saving gives up.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from explorer.command_line import check_out, command_parser, ends_in_one_line
from explorer.errors import ExplorerError
from explorer.formats import save
from explorer.opened_file import whole_number
from explorer.training import OBJECTIVES, Objective
from explorer.training.corpus import CorpusSettings, read_corpus
from explorer.training.progress import Progress, Trainer

REPORT_SECONDS = 0.2
BAR = 24  # characters

EXAMPLES = """examples:
  python -m explorer train text.txt.gz --out vectors.npz --open
  python -m explorer train text.txt.gz --open        on the Train page
  python -m explorer train text.txt --objective subword --dimensions 50 --threads 2 --out v.txt
"""
TRAINER_OPTIONS: dict[
    str, Callable[[str], float]
] = {  # option -> field of the settings, and its type
    "dimensions": whole_number,
    "window": whole_number,
    "epochs": whole_number,
    "threads": whole_number,
    "negatives": whole_number,
    "learning_rate": float,
    "seed": int,
}


@ends_in_one_line
def main(arguments: Sequence[str]) -> int:
    """Run `train`; the exit code: 0, or 2 when there is nothing to save."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.out is None:
        return _on_the_page(parser, chosen, arguments)
    objective = OBJECTIVES[chosen.objective]
    check_out(chosen.out)
    settings = _settings(objective, chosen)
    corpus = read_corpus(
        chosen.corpus,
        settings=CorpusSettings(
            tokenizer=chosen.tokenizer,
            lowercase=chosen.lowercase,
            min_count=chosen.min_count,
            max_size=chosen.max_words,
        ),
    )
    print(corpus)
    print(f"{objective.title}: getting ready …", end="", flush=True)
    try:
        stopped = train(objective.make_trainer(corpus, settings), Path(chosen.out))
    except ExplorerError:
        print()  # what went wrong begins a line of its own
        raise
    if chosen.open and not stopped:
        from explorer.cli import main as open_file

        return open_file([chosen.out])
    return 0


def _on_the_page(
    parser: argparse.ArgumentParser, chosen: argparse.Namespace, arguments: Sequence[str]
) -> int:
    """`train CORPUS --open`: the Train page, with this text."""
    if not chosen.open:
        parser.error("say where the vectors go, --out FILE; or train on the page, --open alone.")
    if list(arguments) not in ([chosen.corpus, "--open"], ["--open", chosen.corpus]):
        parser.error("with --open alone all else is chosen on the page; or name --out FILE.")
    from explorer.cli import open_corpus

    return open_corpus(chosen.corpus)


def train(trainer: Trainer, out: Path) -> bool:
    """Train to the end or until Ctrl-C, then save the space; True when it was stopped."""
    stopped = False
    last = 0.0
    try:
        while not trainer.done:
            progress = trainer.advance()
            if time.perf_counter() - last > REPORT_SECONDS or trainer.done:
                last = time.perf_counter()
                print(f"\r{line(progress, trainer.unit)}", end="", flush=True)
    except KeyboardInterrupt:
        stopped = True
        print("\nStopped; saving what there is.", end="")
    save(trainer.space(), out)
    print(f"\n{out}: {len(trainer.vectors()):,} items saved.")
    return stopped


def line(progress: Progress, unit: str) -> str:
    """One line for the terminal: [####....]  50 %  1,000,000 words/s  loss 2.34  3 s left"""
    filled = round(BAR * progress.share)
    parts = [
        f"[{'#' * filled}{'.' * (BAR - filled)}] {100 * progress.share:3.0f} %",
        f"{progress.rate:,.0f} {unit}/s",
    ]
    if progress.loss is not None:
        parts.append(f"loss {progress.loss:.3f}")
    parts.append(
        f"{progress.seconds_left:.0f} s left" if progress.share < 1 else f"{progress.seconds:.1f} s"
    )
    return f"{'  '.join(parts):<78}"


def _settings(objective: Objective, chosen: argparse.Namespace) -> Any:
    """The objective's settings; ExplorerError for an option that it does not have."""
    known = {field.name for field in fields(objective.load_class(objective.settings))}
    given = {
        name: getattr(chosen, name) for name in TRAINER_OPTIONS if getattr(chosen, name) is not None
    }
    for name in given:
        if name not in known:
            option = name.replace("_", "-")
            raise ExplorerError(f"{objective.title} has no option --{option}; leave it out.")
    return objective.make_settings(**given)


def _parser() -> argparse.ArgumentParser:
    parser = command_parser(
        "python -m explorer train", "Learn a vector for each word of a text.", EXAMPLES
    )
    parser.add_argument("corpus", metavar="CORPUS", help="a text file, plain or packed")
    parser.add_argument("--out", metavar="FILE", help=".npz, .txt, .bin, .parquet")
    parser.add_argument(
        "--objective", choices=OBJECTIVES, default="sgns", help="how to learn; default: sgns"
    )
    for name, kind in TRAINER_OPTIONS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", metavar="N", type=kind, help=_hint(name))
    parser.add_argument(
        "--min-count", metavar="N", type=whole_number, default=5, help="leave out rarer words; 5"
    )
    parser.add_argument(
        "--max-words", metavar="N", type=whole_number, help="keep the most frequent words alone"
    )
    parser.add_argument(
        "--tokenizer",
        choices=("whitespace", "words"),
        default="whitespace",
        help="words: runs of letters and digits; default: whatever stands between spaces",
    )
    parser.add_argument("--lowercase", action="store_true", help="The and the are one word")
    parser.add_argument(
        "--open",
        action="store_true",
        help="show the vectors in the app; without --out: train there, on the Train page",
    )
    return parser


def _hint(name: str) -> str:
    """What the first objective that has this setting says of it."""
    for objective in OBJECTIVES.values():
        for field in fields(objective.load_class(objective.settings)):
            if field.name == name:
                return f"{field.metadata['hint']} (default for sgns: {field.default})".replace(
                    "%", "%%"
                )
    return ""
