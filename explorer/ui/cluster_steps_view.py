"""k-means one step at a time on a plane: seeds, borders, means, and the objective that falls."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explorer.clustering.kmeans_steps import Step, k_means_steps
from explorer.clustering.toy_planes import PLANES, toy_plane
from explorer.clustering.voronoi import MOST_CENTERS
from explorer.plots.clusters import frame_of, objective_figure, step_figure
from explorer.space import EmbeddingSpace
from explorer.ui.cluster_map import map_of_view
from explorer.ui.cluster_results import Chosen
from explorer.ui.figure_component import live_figure
from explorer.ui.text import number

POINTS = 1_500  # drawn at each step
TICK = 0.8  # seconds a step is shown while it plays
ON_MAP = "the map of this space"
TOLD = {
    "seeding": "**Seeding** (k-means++): a new centre is an item drawn with a chance that grows "
    "with the square of its distance to the centres so far.",
    "assign": "**Assign**: every item goes to its nearest centre, so that the borders are those of "
    "the Voronoi cells. No item can be nearer to another centre: J cannot rise.",
    "update": "**Update**: every centre moves to the mean of its items, the point from which their "
    "squared distances are smallest: J cannot rise.",
}


def step_by_step(space: EmbeddingSpace, chosen: Chosen) -> str:
    """Choose points, then play k-means on them."""
    which, many, seeds = st.columns([4, 4, 3.2], vertical_alignment="bottom")
    name = which.selectbox("Points", [*PLANES, ON_MAP], key="plane")
    k = many.slider("Centres", 1, 12, 4, key="step_k")
    seed = int(seeds.number_input("Seed", 0, 2**31 - 1, 0, key="step_seed"))
    points, told = _points(space, name)
    k = min(k, len(points), MOST_CENTERS)
    steps = _steps(f"{name} {space.digest if name == ON_MAP else ''} {told}", k, seed, points)
    st.markdown(
        "Two turns, again and again, and neither can raise the objective "
        r"$J = \sum_i \| x_i - c_{l_i} \|^2$: that is why k-means ends. It ends in *a* minimum: "
        "try another seed, and watch clusters that are not round be cut."
    )
    key = f"{name} {k} {seed} {space.name}"
    if st.session_state.get("steps_of") != key:
        st.session_state["steps_of"] = key
        st.session_state["step"] = 0
        st.session_state["step_plays"] = False
    playing = bool(st.session_state.get("step_plays"))
    st.fragment(_show, run_every=TICK if playing else None)(points, steps)
    return f"step by step: {told}, k = {k}, seed {seed}"


def _points(space: EmbeddingSpace, name: str) -> tuple[NDArray[np.float32], str]:
    if name != ON_MAP:
        return toy_plane(name), f"{name}, made up, seed 0"
    shown = map_of_view(space)
    plane = shown.coordinates[:, :2]
    n = len(plane)
    if n <= POINTS:
        return np.ascontiguousarray(plane), f"all {n:,} items on the map ({shown.note})"
    rows = np.sort(np.random.default_rng(0).choice(n, POINTS, replace=False))
    return plane[rows], f"{POINTS:,} of {n:,} items on the map ({shown.note}), drawn with seed 0"


@st.cache_resource(max_entries=16, show_spinner=False)
def _steps(key: str, k: int, seed: int, _points: NDArray[np.float32]) -> list[Step]:
    return list(k_means_steps(_points, k, seed=seed))


def _show(points: NDArray[np.float32], steps: list[Step]) -> None:
    last = len(steps) - 1
    if st.session_state.get("step_plays"):
        st.session_state["step"] = min(last, st.session_state["step"] + 1)
        if st.session_state["step"] == last:
            st.session_state["step_plays"] = False
            st.rerun()
    place = min(last, int(st.session_state.get("step", 0)))
    _buttons(place, last)
    step = steps[place]
    picture, side = st.container(key="stacked_steps").columns([6, 4], gap="medium")
    with picture:
        live_figure(
            step_figure(points, step, frame_of(points), steps[place - 1] if place else None),
            key="step_picture", alt=_alt(step, place, last),
        )  # fmt: skip
    with side:
        st.markdown(f"Step **{place + 1} of {len(steps)}**. {TOLD[step.kind]}")
        if place == last:
            st.success("No item changes its centre: k-means has ended.", icon=":material/flag:")
        live_figure(
            objective_figure(steps, place), key="step_objective",
            alt=f"The objective after each step; now {number(step.objective)}.",
        )  # fmt: skip
        fallen = ""
        if place and step.kind != "seeding":
            before = steps[place - 1].objective
            fallen = f", {number(max(0.0, before - step.objective))} less than before"
        st.markdown(f"J = **{number(step.objective)}**{fallen}")
        moved = _changed(steps, place)
        if moved is not None:
            st.markdown(moved)


def _buttons(place: int, last: int) -> None:
    playing = bool(st.session_state.get("step_plays"))
    play, back, on, start, end = st.columns([1.3, 1, 1, 1, 1])
    if play.button(
        "Pause" if playing else "Play", key="step_play", type="primary", width="stretch",
        icon=":material/pause:" if playing else ":material/play_arrow:",
    ):  # fmt: skip
        st.session_state["step_plays"] = not playing
        if not playing and place == last:
            st.session_state["step"] = 0
        st.rerun()
    jumps: dict[str, tuple[Any, int, bool]] = {
        "Back": (back, place - 1, place == 0),
        "Step": (on, place + 1, place == last),
        "Start": (start, 0, place == 0),
        "End": (end, last, place == last),
    }
    for label, (column, goal, off) in jumps.items():
        column.button(
            label, key=f"step_{label.lower()}", disabled=off or playing, width="stretch",
            on_click=_go, args=(goal,),
        )  # fmt: skip


def _go(goal: int) -> None:
    st.session_state["step"] = goal


def _changed(steps: list[Step], place: int) -> str | None:
    """How many items changed their centre, or how far the centres went."""
    step = steps[place]
    if not place or step.kind == "seeding":
        return None
    before = steps[place - 1]
    if step.kind == "assign":
        items = int((step.labels != before.labels).sum())
        return f"{items:,} of {len(step.labels):,} items change their centre."
    way = np.linalg.norm(step.centers - before.centers, axis=1)
    return f"The centres move by {number(float(way.mean()))} on average."


def _alt(step: Step, place: int, last: int) -> str:
    return (
        f"Step {place + 1} of {last + 1}, {step.kind}: {len(step.centers)} centres with the "
        f"borders of their cells, objective {number(step.objective)}."
    )
