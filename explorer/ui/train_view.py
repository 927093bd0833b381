"""The right column of the Train page: the moving map, the loss, the watched words, the end."""

from __future__ import annotations

import math
from dataclasses import replace

import streamlit as st

from explorer.errors import UnknownItemError
from explorer.plots.training import loss_curve
from explorer.training.job import Snapshot, slow_motion
from explorer.ui import training_session, warm
from explorer.ui.figure_component import live_figure
from explorer.ui.one_update import one_update
from explorer.ui.state import opening
from explorer.ui.text import literal, number
from explorer.ui.timed import duration
from explorer.ui.training_map import training_map
from explorer.ui.training_session import Plan, Training
from explorer.ui.unknown_words import python_kept, try_a_word

TICK = 0.5  # seconds between looks at a running training
MOST_GONE = 4  # names of those who left
LOOK_BACK = 5  # snapshots, for who entered and who left
PLAY_WIDTH, BUTTON_WIDTH = 200, 110  # pixels
FIRST_TIME = ": this training's kernels are compiled, once on a machine, for some ten seconds"


def play_button(plan: Plan | None) -> None:
    """Begin the plan, in place of what ran before."""
    training = training_session.current()
    running = training is not None and not training.job.finished
    row = st.container(horizontal=True, vertical_alignment="center", gap="medium")
    key = f"train_slow_{plan and plan.toy}"
    label = "Start over" if running else "Play"
    pressed = row.button(
        label, icon=":material/play_arrow:", type="primary", disabled=plan is None,
        key="train_play", width=PLAY_WIDTH,
    )  # fmt: skip
    slow = row.toggle(
        "Slow motion", plan is not None and plan.toy, key=key, on_change=_pace, args=(key,),
        help="Small data would be learned before one can look. The result is the same, bit for "
        "bit; it can be switched while the training runs.",
    )  # fmt: skip
    if pressed and plan is not None:
        kernels = (plan.kernels, "neighbors.exact")  # the second for the watched items
        first = "" if warm.is_ready(*kernels) else FIRST_TIME
        with st.spinner(f"Getting ready{first} …"):
            warm.make_ready(*kernels)
            training_session.begin(plan, slow=slow).job.play()
        st.rerun()


def _pace(key: str) -> None:
    """Slow motion switched on or off: for the training that runs, too."""
    training = training_session.current()
    if training is not None and not training.job.finished:
        slow = st.session_state[key]
        training.job.pace(slow_motion(training.job.trainer) if slow else None)


def live(training: Training) -> None:
    """The training as it is now; looks again twice a second while it runs."""
    every = None if training.job.finished else TICK
    st.fragment(_live, run_every=every)(training)
    one_update(training)


def _live(training: Training) -> None:
    job = training.job
    job.touch()
    _controls(training)
    _numbers(training)
    snapshots = list(job.snapshots)
    shown = snapshots[-1]
    if (job.finished or job.state == "paused") and len(snapshots) > 1:
        place = st.select_slider(
            "Replay", range(len(snapshots)), len(snapshots) - 1, key=f"replay_{training.number}",
            format_func=lambda at: f"epoch {snapshots[at].progress.epoch:.2f}",
            help="Snapshots from the first to the newest.",
        )  # fmt: skip
        shown = snapshots[place]
    picture, side = st.container(key="stacked_training").columns([6, 4], gap="medium")
    with picture:
        training_map(training, shown)
    with side:
        back = None if shown is snapshots[-1] else shown.progress.epoch
        curve = loss_curve(job.history, replayed=back)
        live_figure(curve, key="train_loss", alt=_loss_in_words(training))
        _watched(training, snapshots, shown)
    if job.finished and not st.session_state.get(f"ended_{training.number}"):
        st.session_state[f"ended_{training.number}"] = True
        st.rerun()


def _controls(training: Training) -> None:
    job = training.job
    if job.error is not None:
        st.error(literal(job.error, 500), icon=":material/error:")
    if job.finished:
        return
    row = st.container(horizontal=True, vertical_alignment="center")
    paused, width = job.state == "paused", BUTTON_WIDTH
    if paused:
        row.button("Go on", icon=":material/play_arrow:", on_click=job.play, width=width)
    else:
        row.button("Pause", icon=":material/pause:", on_click=job.pause, width=width)
    told = "a tenth of a second of training" if paused else "pause first"
    row.button("Step", on_click=job.step, disabled=not paused, width=width, help=told)
    row.button("Stop", icon=":material/stop:", on_click=job.stop, width=width)
    if job.position:
        row.caption(
            f"{job.position} other training{'s' if job.position > 1 else ''} of this server "
            "go first; yours begins by itself."
        )


def _numbers(training: Training) -> None:
    progress, state = training.job.progress, training.job.state
    left = training.job.seconds_left
    facts = [
        f"**{literal(training.plan.title)}**: {state}",
        f"epoch {progress.epoch:.2f}",
        f"{progress.rate:,.0f} {training.job.trainer.unit}/s",
    ]
    if progress.loss is not None:
        facts.append(f"loss {number(progress.loss)}")
    if not training.job.finished and math.isfinite(left):
        facts.append(f"about {duration(max(1.0, left))} left")
    st.progress(min(1.0, progress.share), " · ".join(facts))


def _loss_in_words(training: Training) -> str:
    losses = [one.loss for one in training.job.history if one.loss is not None]
    if not losses:
        return "The loss; nothing is measured yet."
    return f"The loss, from {number(losses[0])} at first to {number(losses[-1])} now."


def _watch_named(training: Training) -> None:
    """Watch the item whose name was typed, or note why that cannot be."""
    key, problem = f"watch_{training.number}", ""
    name = st.session_state[key].strip()
    try:
        training.job.watch(training.items.row(name, "this training"))
        st.session_state[key] = ""
    except UnknownItemError as error:
        problem = str(error) if name else ""
    st.session_state["watch_problem"] = problem


def _watched(training: Training, snapshots: list[Snapshot], shown: Snapshot) -> None:
    """The neighbours of each watched item, who has just come and who has gone."""
    at = next((i for i, one in enumerate(snapshots) if one is shown), len(snapshots) - 1)
    before = snapshots[max(0, at - LOOK_BACK)].watched
    lines = []
    for row, near in shown.watched.items():
        earlier = before.get(row, near)
        names = [
            f"**+{literal(training.items[one])}**" if one not in earlier
            else literal(training.items[one])
            for one in near
        ]  # fmt: skip
        gone = [literal(training.items[one]) for one in earlier if one not in near]
        line = f"- **{literal(training.items[row])}**: {', '.join(names)}"
        shown_gone = ", ".join(gone[:MOST_GONE]) + (", …" if len(gone) > MOST_GONE else "")
        lines.append(line + (f" (left: {shown_gone})" if gone else ""))
    if shown is not snapshots[-1]:
        new = [row for row in training.job.watched if row not in shown.watched]
        lines += [f"- **{literal(training.items[row])}**: not watched at that time" for row in new]
    if lines:
        st.markdown("Nearest by cosine; **+** has just come\n\n" + "\n".join(lines))
    else:
        st.caption("Click a point to watch its neighbours settle.")
    st.text_input(
        "Watch another", key=f"watch_{training.number}", max_chars=300, on_change=_watch_named,
        args=(training,), placeholder="a name, or click a point",
    )  # fmt: skip
    if st.session_state.get("watch_problem"):
        st.caption(literal(st.session_state["watch_problem"], 500))


def ended(training: Training) -> None:
    """What can be done with what was learned."""
    if not training.job.finished or not training.job.history:
        return
    table = training_session.report(training)
    if table is not None:
        st.markdown("**How good is it?** On examples that were held out, beside its baselines")
        st.dataframe(table, hide_index=True, key="train_report")
    space, python = training_session.learned(training), training.plan.python
    if training.job.trainer.unit == "words":
        with st.expander("Words outside the vocabulary", icon=":material/spellcheck:"):
            composer = try_a_word(space, f"unknown_{training.number}")
        if composer is not space.composer:
            python += f"\n{python_kept(composer)}"
            space = replace(space, composer=composer)
    opened, zipped = st.columns(2)
    if opened.button(
        "Open as space", icon=":material/scatter_plot:", type="primary", width="stretch",
        key="train_open",
    ):  # fmt: skip
        opening.add_space(space)
        st.switch_page("pages/explore/map.py")
    zipped.download_button(
        "Vectors, settings and history", lambda: training.archive(space), "training.zip",
        "application/zip",
        on_click="ignore", icon=":material/download:", width="stretch", key="train_zip",
    )  # fmt: skip
    with st.expander("The same from Python"):
        st.code(python, language="python")
