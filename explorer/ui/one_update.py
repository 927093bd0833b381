"""One update by hand, on the Train page: the step of the textbook on vectors of the moment."""

from __future__ import annotations

from typing import Any, cast

import streamlit as st

from explorer.errors import ExplorerError
from explorer.training.worked_example import Parts, draw, parts_of, rates, work
from explorer.training.worked_step import Choice, Moved, Score, WorkedExample
from explorer.ui.text import literal, number
from explorer.ui.training_session import Training

FIRST_NUMBERS = 3  # of each vector
STEP = r"h \leftarrow h + \eta \sum_i e_i u_i, \quad u_i \leftarrow u_i + \eta\, e_i h"
ERRORS = r"s_i = u_i \cdot h, \quad e_i = y_i - \sigma(s_i)"
FORMULAS = {  # by what the target is; a line each
    "Word in the middle": (ERRORS, STEP),
    "Word in the gap": (r"h = \frac{1}{|C|} \sum_{c \in C} v_c, \quad " + ERRORS, STEP),
    "Word near it": (r"h = \frac{1}{|G|} \sum_{g \in G} z_g, \quad " + ERRORS, STEP),
    "User": (
        r"x = u \cdot (v_i - v_j), \quad e = 1 - \sigma(x)",
        r"u \leftarrow u + \eta\,(e\,(v_i - v_j) - \lambda u)",
        r"v_i \leftarrow v_i + \eta\,(e\,u - \lambda v_i), \quad "
        r"v_j \leftarrow v_j - \eta\,(e\,u + \lambda v_j)",
    ),
    "Word": (
        r"e = f(X)\,(\log X - w \cdot c - b_w - b_c)",
        r"w \leftarrow w + \frac{\eta\, e}{\sqrt{G_w}}\, c, \quad "
        r"c \leftarrow c + \frac{\eta\, e}{\sqrt{G_c}}\, w",
    ),
}
MOMENT, FIRST = "of this moment", "of the first step"


def one_update(training: Training) -> None:
    """The expander; nothing for an objective whose update is not worked by hand."""
    parts = parts_of(training.job.trainer)
    if parts is None:
        return
    with st.expander("One update by hand", icon=":material/calculate:"):
        st.fragment(_example)(training, parts)


def _example(training: Training, parts: Parts) -> None:
    key = f"update_{training.number}"
    try:
        choice = _chosen(training, parts, key)
        rate = _rate(training, key)
        example = cast(WorkedExample, training.job.with_lock(lambda one: work(one, choice, rate)))
    except ExplorerError as error:
        st.info(literal(str(error), 500), icon=":material/info:")
        return
    epoch = training.job.progress.epoch
    st.latex(_lines(*FORMULAS[parts.target]))
    st.latex(_lines(*_with_numbers(example)))
    st.dataframe(_scores(example, parts), hide_index=True, key=f"{key}_scores")
    st.dataframe(
        _vectors(example), hide_index=True, key=f"{key}_vectors",
        column_config={name: st.column_config.TextColumn() for name in ("before", "after")},
    )  # fmt: skip
    change = example.loss_after - example.loss_before
    st.markdown(
        f"The loss of this example: **{number(example.loss_before)}** before the step, "
        f"**{number(example.loss_after)}** after it ({'+' if change > 0 else '−'}"
        f"{number(abs(change))})."
    )
    running = not training.job.finished and training.job.state != "paused"
    moment = "of this moment, while the training goes on" if running else f"at epoch {epoch:.2f}"
    st.caption(
        f"Vectors {moment}; learning rate η = {number(example.rate)}; the first {FIRST_NUMBERS} of "
        f"{len(example.vectors[0].before)} numbers are shown. The step is taken on copies: looking "
        "trains nothing."
    )
    if running:
        st.button("Look again", key=f"{key}_again", icon=":material/refresh:")


def _chosen(training: Training, parts: Parts, key: str) -> Choice:
    """What the boxes hold: an example that was drawn, or what the visitor wrote over it."""
    names = [f"{key}_{part}" for part in ("target", "context", "negatives")]
    if names[0] not in st.session_state:
        _draw(training, key)
    widths = [1.5, 2.5 if parts.several else 1.5, *([3] if parts.negatives else []), 1.6]
    columns = st.container(key="stacked_update").columns(widths, vertical_alignment="bottom")
    target = columns[0].text_input(parts.target, key=names[0], max_chars=300)
    context = columns[1].text_input(parts.context, key=names[1], max_chars=1_000)
    negatives = ""
    if parts.negatives:
        negatives = columns[2].text_input(parts.negatives, key=names[2], max_chars=1_000)
    columns[-1].button(
        "Draw", key=f"{key}_draw", on_click=_draw, args=(training, key), width="stretch",
        icon=":material/casino:", help="another example, as training draws them",
    )  # fmt: skip
    if parts.target == "User":  # names with spaces in them, one each
        return Choice(target.strip(), (context.strip(),), (negatives.strip(),))
    return Choice(target.strip(), tuple(context.split()), tuple(negatives.split()))


def _draw(training: Training, key: str) -> None:
    """Fill the boxes with the next example of a sequence that is the same for every visitor."""
    seed = st.session_state.get(f"{key}_seed", 0) + 1
    drawn = cast(Choice, training.job.with_lock(lambda trainer: draw(trainer, seed)))
    st.session_state[f"{key}_seed"] = seed
    st.session_state[f"{key}_target"] = drawn.target
    st.session_state[f"{key}_context"] = " ".join(drawn.context)
    st.session_state[f"{key}_negatives"] = " ".join(drawn.negatives)


def _rate(training: Training, key: str) -> float:
    """The learning rate of the step: late in a training it is next to nothing."""
    now, first = cast("tuple[float, float]", training.job.with_lock(rates))
    if now == first:
        return now
    told = {MOMENT: now, FIRST: first}
    chosen = st.segmented_control(
        "Learning rate η", list(told), default=MOMENT if now > first / 20 else FIRST,
        key=f"{key}_rate", format_func=lambda name: f"{name}: {told[name]:.3g}",
    )  # fmt: skip
    return told[chosen or MOMENT]


def _lines(*formulas: str) -> str:
    return r"\begin{gathered}" + r" \\[4pt] ".join(formulas) + r"\end{gathered}"


def _with_numbers(example: WorkedExample) -> tuple[str, str]:
    """The error of the first score, and what it does to the first number of what predicts."""
    first, moved = example.scores[0], example.vectors[0]
    value, error = number(first.value), number(first.error)
    if first.wanted == 1:
        told = rf"e_1 = 1 - \sigma({value}) = 1 - {number(first.predicted)} = {error}"
    else:
        told = (
            rf"\log X = {number(first.wanted)}, \quad w \cdot c + b_w + b_c = {value}, "
            rf"\quad e = {error}"
        )
    before, after = f"{moved.before[0]:.6f}", f"{moved.after[0]:.6f}"
    return told, rf"\text{{its first number: }} {before} \;\to\; {after}"


def _scores(example: WorkedExample, parts: Parts) -> dict[str, list[Any]]:
    """A row for each score."""
    rows: tuple[Score, ...] = example.scores
    table: dict[str, list[Any]] = {
        "scored": [one.name for one in rows],
        "wanted": [one.wanted for one in rows],
        "score": [one.value for one in rows],
        "σ(score)": [one.predicted for one in rows],
        "error": [one.error for one in rows],
        "loss": [one.loss for one in rows],
        "score after": [one.after for one in rows],
    }
    if parts.target == "Word":
        del table["σ(score)"]
    return table


def _vectors(example: WorkedExample) -> dict[str, list[Any]]:
    """A row for each vector that moves."""
    rows: tuple[Moved, ...] = example.vectors
    return {
        "vector": [one.name for one in rows],
        "is the": [one.role for one in rows],
        "gradient, length": [one.gradient_norm for one in rows],
        "step, length": [one.step_norm for one in rows],
        "before": [_first(one.before) for one in rows],
        "after": [_first(one.after) for one in rows],
    }


def _first(vector: Any) -> str:
    return ", ".join(f"{value:.5f}" for value in vector[:FIRST_NUMBERS].tolist()) + (
        ", …" if len(vector) > FIRST_NUMBERS else ""
    )
