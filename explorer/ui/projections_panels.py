"""Up to four maps of one space side by side: one focus, one selection, one colour."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from explorer.computation import Computation
from explorer.errors import ExplorerError
from explorer.plots import map as map_plot
from explorer.plots.polygon import inside_polygon
from explorer.space import EmbeddingSpace, IntArray
from explorer.ui import background, projections_maps, umap_jobs
from explorer.ui.map_choice import MapChoice
from explorer.ui.map_component import mount_stores
from explorer.ui.maps import ShownMap
from explorer.ui.projections_draw import Paint, draw_frame, draw_map
from explorer.ui.projections_settings import heading
from explorer.ui.state import current, narrowing, shown_maps
from explorer.ui.text import literal
from explorer.ui.umap_jobs import HeldMap

TICK = 0.5  # seconds between looks at a map that is being computed
TWO, MORE = "min(52vh, 520px)", "min(44vh, 420px)"  # heights


@dataclass(frozen=True, eq=False)
class Panel:
    """One of the maps: there, being computed, or not to be had.

    making : what makes it, or makes it exact, where it is not there or of a sample alone
    problem : one sentence, where it is not to be had
    """

    choice: MapChoice
    map: ShownMap | None = None
    making: Computation[ShownMap] | HeldMap | None = None
    problem: str = ""

    @property
    def given_up(self) -> bool:
        """True where nothing is being made: it failed, or was cancelled."""
        if isinstance(self.making, HeldMap):
            return self.making.finished
        return self.making is None or self.making.given_up


def panels(space: EmbeddingSpace) -> list[Panel]:
    """The chosen maps, in their order."""
    found = []
    for choice in shown_maps.compared_maps():
        try:
            made = projections_maps.projected(space, choice)
        except ExplorerError as error:
            found.append(Panel(choice, problem=str(error)))
            continue
        if isinstance(made, ShownMap):
            found.append(Panel(choice, made, projections_maps.refining(space, choice)))
        else:
            found.append(Panel(choice, making=made, problem=made.error or ""))
    return found


def draw_panels(
    space: EmbeddingSpace, shown: list[Panel], paints: dict[str, Paint], near: IntArray | None
) -> None:
    """The maps, two in a row (three stand in one), each below its name and its settings.

    paints : by the text of the choice
    near : (n, k) every item's nearest in the space, for the lines that follow the pointer
    """
    keys = mount_shared(space, shown, near)
    in_a_row = 3 if len(shown) == 3 else min(2, len(shown))
    for start in range(0, len(shown), in_a_row):
        for column, place in zip(
            st.columns(in_a_row, gap="medium"), range(start, len(shown)), strict=False
        ):
            with column:
                panel = shown[place]
                heading(space, panel.choice, place, alone=len(shown) == 1)
                if panel.map is None:
                    _not_there(space, panel, place, paints[panel.choice.text])
                else:
                    draw_map(
                        space, panel.choice, panel.map, place, paints[panel.choice.text], keys,
                        height=TWO if len(shown) <= 2 else MORE,
                    )  # fmt: skip
                    if isinstance(panel.making, Computation):
                        _coming(space, panel, panel.making, place)


def mount_shared(
    space: EmbeddingSpace, shown: list[Panel], near: IntArray | None
) -> dict[str, str | None]:
    """Mount what all maps read; the keys of it."""
    stores: dict[str, bytes | None] = {}
    keys: dict[str, str | None] = {"near": None, "selected": None}
    if near is not None:
        key = f"{space.digest}:{current.view().metric}:{near.shape[1]}"
        keys["near"], stores["near"] = key, _packed_near(key, near)
    selection, rows = narrowing.any_selection(), selected_rows(shown)
    if selection is not None and rows is not None:
        key = f"{space.digest}:{hash((selection.map, selection.polygon))}"
        keys["selected"] = key
        stores["selected"] = map_plot.pack_selected(key, rows, len(space))
    with st.container(gap=None):
        mount_stores(stores, key="projections")
    return keys


def selected_rows(shown: list[Panel]) -> IntArray | None:
    """The rows of what was drawn around, where that map is one of those shown."""
    selection = narrowing.any_selection()
    if selection is None:
        return None
    for panel in shown:
        if panel.map is not None and panel.choice.drawn_on == selection.map:
            return inside_polygon(panel.map.coordinates, selection.polygon)
    return None


@st.cache_resource(max_entries=4, show_spinner=False)
def _packed_near(key: str, _near: IntArray) -> bytes:
    return map_plot.pack_near(key, _near)


# --- A map that is not there yet ---------------------------------------------------------------


def _not_there(space: EmbeddingSpace, panel: Panel, place: int, paint: Paint) -> None:
    if panel.given_up:
        st.error(literal(panel.problem or "This map was cancelled.", 500))
        if panel.making is not None:
            st.button(
                "Try again", key=f"map_again_{place}", on_click=projections_maps.begin_again,
                args=(space, panel.choice),
            )  # fmt: skip
    elif isinstance(panel.making, HeldMap):
        _moving(space, panel, panel.making, place, paint)
    elif panel.making is not None:
        _coming(space, panel, panel.making, place)


@st.fragment(run_every=TICK)
def _moving(space: EmbeddingSpace, panel: Panel, held: HeldMap, place: int, paint: Paint) -> None:
    """UMAP at work: the map moves while it is made, and can be stopped where it stands."""
    if held.finished:
        st.rerun()
    st.progress(held.progress, literal(held.words))
    stop, cancel = st.columns(2)
    stop.button(
        "Stop here", key=f"map_stop_{place}", on_click=held.stop, width="stretch",
        help="Keep the map as it is now.", disabled=held.frame() is None,
    )  # fmt: skip
    cancel.button("Cancel", key=f"map_cancel_{place}", on_click=held.cancel, width="stretch")
    frame = held.frame()
    if frame is not None:
        draw_frame(
            space, umap_jobs.in_unit_box(frame), held.key, held.frame_number, place, paint
        )  # fmt: skip


@st.fragment(run_every=TICK)
def _coming(space: EmbeddingSpace, panel: Panel, run: Computation[ShownMap], place: int) -> None:
    if run.finished:
        st.rerun()
    run.touch(background.asker())
    ahead = run.position
    exact = ", exact" if panel.map is not None else ""
    words = f"{panel.choice.title()}{exact}, {run.progress:.0%}"
    if run.state == "waiting" and ahead:
        words = f"{panel.choice.title()} waits for {ahead} other computation{'s'[: ahead > 1]}"
    with st.container(height=300 if panel.map is None else "content", border=panel.map is None):
        st.progress(run.progress, literal(words))
        st.button(
            "Cancel", key=f"map_cancel_{place}", on_click=projections_maps.let_go,
            args=(space, panel.choice),
        )  # fmt: skip
