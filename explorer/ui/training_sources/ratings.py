"""Users and what they met: a table of ratings becomes a space in which the norm carries fame."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explorer.evaluation.recommendation import (
    Scorer,
    by_chance,
    by_popularity,
    recommendation_quality,
)
from explorer.limits import UPLOAD
from explorer.training.als import AlsSettings, AlsTrainer
from explorer.training.bpr import BprSettings, BprTrainer
from explorer.training.factorization import recommender
from explorer.training.interactions import Interactions, Split, read_interactions, split_random
from explorer.training.progress import Trainer
from explorer.ui.text import literal
from explorer.ui.training_session import Plan
from explorer.ui.training_sources.objectives import Objective, SplitExamples, split_plan
from explorer.ui.training_sources.uploads import read_once

OBJECTIVES = {
    "BPR": Objective("An item met is to score above a random one.", BprTrainer, BprSettings),
    "Implicit ALS": Objective("Users and items are solved for in turn.", AlsTrainer, AlsSettings),
}
SETTINGS = ("dimensions", "epochs", "learning_rate", "alpha", "regularization")
HELD_OUT = 0.2
K = 10
SMALL = 20_000  # ratings, learned in a second


def toy_ratings_plan() -> Plan:
    """200 made-up users with known tastes."""
    st.caption(
        "200 made-up users, each with one of six tastes, and 120 items (seed 1). The kinds are "
        "known, so one sees whether they come apart, and the famous items get the longer vectors."
    )
    lines = "from explorer.training.toy_ratings import toy_ratings\nratings = toy_ratings()"
    ratings, split = _toy()
    return _plan(ratings, split, "the toy ratings", lines)


@st.cache_resource(max_entries=1, show_spinner=False)
def _toy() -> tuple[Interactions, Split]:
    """The same for all visitors."""
    from explorer.training.toy_ratings import toy_ratings

    ratings = toy_ratings()
    return ratings, split_random(ratings, HELD_OUT, seed=1)


def own_ratings() -> Plan | None:
    """A table with a user, an item and maybe a rating in each row."""
    file = st.file_uploader("Ratings: user, item, maybe rating and time", key="train_ratings")
    told = st.file_uploader("Items: id, title and more (may be left out)", key="train_items")
    least = st.number_input(
        "Rating that counts as met, at least", value=0.0, step=0.5, key="train_least"
    )
    if file is None:
        st.info("Upload a table of ratings, such as MovieLens' ratings.csv.")
        return None
    about = None if told is None else told.file_id
    every = read_once(
        "train_interactions", file, about,
        lambda: read_interactions(file, items=told, limits=UPLOAD),
    )  # fmt: skip

    def liked() -> tuple[Interactions, Split]:
        kept = every.at_least(float(least)) if least > 0 else every
        return kept, split_random(kept, HELD_OUT, seed=1)

    ratings, split = read_once("train_liked", file, (about, least), liked)
    _say_what_was_read(ratings)
    lines = (
        "from explorer.training.interactions import read_interactions\n"
        f"ratings = read_interactions({file.name!r}"
        + (f", items={told.name!r})" if told is not None else ")")
        + (f".at_least({float(least)!r})" if least > 0 else "")
    )
    return _plan(ratings, split, file.name, lines)


def _say_what_was_read(ratings: Interactions) -> None:
    met = "; ".join(str(finding) for finding in ratings.findings)
    st.caption(
        f"{len(ratings):,} pairs of {len(ratings.users):,} users and {len(ratings.items):,} items."
        + (f" {literal(met, 500)}." if met else "")
    )


def _plan(ratings: Interactions, split: Split, source: str, lines: str) -> Plan:
    python = (
        f"{lines}\nfrom explorer.training.interactions import split_random\n"
        f"train, held_out = split_random(ratings, {HELD_OUT}, seed=1)"
    )
    famous = ratings.popularity.argsort()[::-1][:2].tolist()
    return split_plan(
        SplitExamples(source, {"ratings": ratings.digest}, split.train, split.held_out, python),
        OBJECTIVES, SETTINGS, key="train_rating_objective",
        watched=tuple(ratings.items.take(famous)),
        report=lambda trainer: _quality(trainer, split), toy=len(ratings) < SMALL,
    )  # fmt: skip


def _quality(trainer: Trainer, split: Split) -> dict[str, list[Any]]:
    """Recall and NDCG on the held-out pairs, beside popularity and chance."""
    scorers: dict[str, Scorer] = {
        "this training": recommender(trainer),  # type: ignore[arg-type]
        "most popular first": by_popularity(split.train),
        "random": by_chance(split.train),
    }
    found = [
        recommendation_quality(scorer, split.train, split.held_out, K)
        for scorer in scorers.values()
    ]
    return {
        "recommender": list(scorers),
        f"recall@{K}": [one.recall for one in found],
        f"NDCG@{K}": [one.ndcg for one in found],
    }
