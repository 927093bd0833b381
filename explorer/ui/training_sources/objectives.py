"""What the sources share: an objective and its settings are chosen, and a plan is made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from explorer.training.progress import Trainer
from explorer.ui.settings_form import settings_form
from explorer.ui.training_session import Plan
from explorer.ui.training_sources.choices import chosen_objective
from explorer.ui.warm import kernels_of


@dataclass(frozen=True)
class Objective:
    """summary : one line on screen
    trainer, settings : their classes; trainer(train, settings, held_out)
    """

    summary: str
    trainer: Any
    settings: Any


@dataclass(frozen=True)
class SplitExamples:
    """Examples of which some are held out.

    title : "the toy ratings", or the file's name
    digests : of the data, by what they are: {"ratings": …}
    train, held_out : what trainers take
    python : the lines after which `train` and `held_out` are these
    """

    title: str
    digests: Mapping[str, str]
    train: Any
    held_out: Any
    python: str


def split_plan(
    examples: SplitExamples,
    objectives: Mapping[str, Objective],
    main: Sequence[str],
    *,
    key: str,
    watched: tuple[str, ...],
    report: Callable[[Trainer], dict[str, list[Any]]],
    toy: bool,
) -> Plan:
    """The choice of an objective and of its settings, the `main` ones first.

    key : of the box; watched, report, toy : as in `Plan`
    """
    name = chosen_objective({one: one for one in objectives}, key)
    objective = objectives[name]
    st.caption(objective.summary)
    chosen = settings_form(objective.settings, key=f"train_{name}", main=main, in_link=True)
    trainer, settings = objective.trainer, objective.settings
    setup = f"{examples.python}\nfrom {trainer.__module__} import "
    setup += ", ".join(sorted((trainer.__name__, settings.__name__)))
    make = f"{trainer.__name__}(train, {settings.__name__}({keywords(chosen)}), held_out)"
    return Plan(
        title=f"{name} on {examples.title}",
        make=lambda: trainer(examples.train, settings(**chosen), examples.held_out),
        python=python_training(setup, make),
        settings={"objective": name, **examples.digests, **chosen},
        watched=watched,
        report=report,
        toy=toy,
        kernels=kernels_of(trainer),
    )


def keywords(chosen: Mapping[str, Any]) -> str:
    """{"dimensions": 8, "seed": 1} -> "dimensions=8, seed=1"."""
    return ", ".join(f"{name}={value!r}" for name, value in chosen.items())


def python_training(setup: str, make: str, result: str = "space") -> str:
    """The lines that train to the end: `setup`, then the trainer that `make` makes."""
    return (
        f"{setup}\ntrainer = {make}\n"
        f"while not trainer.done:\n    trainer.advance()\n{result} = trainer.space()"
    )
