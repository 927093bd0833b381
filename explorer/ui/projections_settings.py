"""The name of each map, its settings in a popover, and the menu that adds another."""

from __future__ import annotations

import streamlit as st

from explorer.space import EmbeddingSpace
from explorer.ui import map_choice, projections_maps
from explorer.ui.map_choice import METHODS, MapChoice, Option
from explorer.ui.state import shown_maps
from explorer.ui.text import literal

METHOD_TITLES = {"Columns": "Coordinates from two columns", "Stored": "A map that came along"}
LABELS = {
    "name": "Map",
    "first": "Component along x", "second": "Component along y", "neighbors": "Neighbours",
    "min_dist": "Minimum distance", "densmap": "densMAP",
}  # fmt: skip


def heading(space: EmbeddingSpace, choice: MapChoice, place: int, *, alone: bool) -> None:
    """The name of the map at this place, its settings, and a cross that takes it away."""
    name, settings, away = st.columns([6, 1.4, 0.9], vertical_alignment="center", gap="small")
    name.markdown(f"**{literal(choice.title())}**")
    with settings.popover("", icon=":material/tune:", help="Method and settings"):
        _settings(space, choice, place)
    if not alone:
        away.button(
            "✕", key=f"map_away_{place}", type="tertiary", help="Take this map away",
            on_click=_remove, args=(space, place),
        )  # fmt: skip


def _settings(space: EmbeddingSpace, choice: MapChoice, place: int) -> None:
    """The method, and a form of its settings; a map is begun when the form is sent."""
    methods = _methods(space)
    key = f"map_method_{place}"
    st.session_state[key] = choice.method
    st.selectbox(
        "Method", methods, key=key, format_func=lambda name: METHOD_TITLES.get(name, name),
        on_change=lambda: _replace(space, place, _default(space, st.session_state[key])),
    )  # fmt: skip
    known = METHODS[choice.method]
    with st.form(f"map_form_{place}_{choice.text}", border=False):
        for name, option in known.items():
            _field(space, choice, name, option, _key(place, choice, name))
        left, right = st.columns(2)
        sent = left.form_submit_button("Show", type="primary", width="stretch")
        again = "seed" in known and right.form_submit_button(
            "Another draw", width="stretch", help="the next seed"
        )
    if sent or again:
        wanted = {name: st.session_state[_key(place, choice, name)] for name in known}
        if again:
            wanted["seed"] += 1
        _send(space, place, choice.having(**wanted))


def _key(place: int, choice: MapChoice, name: str) -> str:
    """Of a field: another choice has fields of its own, which begin with what it says."""
    return f"map_{place}_{choice.text}_{name}"


def _field(space: EmbeddingSpace, choice: MapChoice, name: str, option: Option, key: str) -> None:
    """One setting. Its value is given as a default: a closed popover takes no other."""
    label, value = LABELS.get(name, name.capitalize()), choice[name]
    words = {
        "Stored": list(space.maps), "Columns": map_choice.number_columns(space),
    }.get(choice.method, list(option.words))  # fmt: skip
    if name == "told":
        words = ["", *space.metadata.of_kind("category")]
    if words:
        at = words.index(value) if value in words else 0
        st.selectbox(label, words, at, key=key, help=option.hint)
        return
    kind = type(option.default)
    most = option.most
    if choice.method == "PCA":
        most = max(2, min(most, len(space), space.dimensions))
    st.number_input(
        label, kind(option.least), kind(most), value, key=key, help=option.hint,
        step=0.05 if name == "min_dist" else kind(1),
    )  # fmt: skip


def _send(space: EmbeddingSpace, place: int, wanted: MapChoice) -> None:
    if map_choice.from_text(wanted.text) is None:
        st.error("The two components must differ.")
        return
    _replace(space, place, wanted)
    st.rerun()


def _methods(space: EmbeddingSpace) -> list[str]:
    """The methods that the space has something for."""
    without = set() if space.maps else {"Stored"}
    if not map_choice.number_columns(space):
        without.add("Columns")
    return [name for name in METHODS if name not in without]


def _default(space: EmbeddingSpace, method: str) -> MapChoice:
    choice = MapChoice(method)
    if method == "Stored":
        return choice.having(name=list(space.maps)[-1])
    if method == "Columns":
        columns = map_choice.number_columns(space)
        return choice.having(x=columns[0], y=columns[-1])
    return choice


def _replace(space: EmbeddingSpace, place: int, wanted: MapChoice) -> None:
    chosen = list(shown_maps.compared_maps())
    projections_maps.let_go(space, chosen[place])
    chosen[place] = wanted
    shown_maps.set_compared_maps(chosen)


def _remove(space: EmbeddingSpace, place: int) -> None:
    chosen = list(shown_maps.compared_maps())
    projections_maps.let_go(space, chosen.pop(place))
    shown_maps.set_compared_maps(chosen)


def add_menu(space: EmbeddingSpace) -> None:
    """A menu that puts another map beside those that are shown."""
    chosen = shown_maps.compared_maps()
    if len(chosen) >= map_choice.MOST_MAPS:
        return
    with st.popover("Add a map", icon=":material/add:"):
        for wanted in _offered(space, chosen):
            st.button(
                METHOD_TITLES.get(wanted.method, wanted.title()) if wanted.method == "Columns"
                else wanted.title(),
                key=f"add_{wanted.text}", width="stretch", type="tertiary",
                on_click=shown_maps.set_compared_maps, args=((*chosen, wanted),),
            )  # fmt: skip


def _offered(space: EmbeddingSpace, chosen: tuple[MapChoice, ...]) -> list[MapChoice]:
    stored = [MapChoice("Stored").having(name=name) for name in space.maps if name != "PCA"]
    plain = [_default(space, method) for method in _methods(space) if method != "Stored"]
    more = [
        MapChoice("PCA").having(first=3, second=4),
        MapChoice("Random projection").having(kind="sparse"),
        MapChoice("Random projection").having(seed=2),
    ]
    offered = [*plain[:1], *stored, *plain[1:], *more]
    return [one for one in offered if one not in chosen and map_choice.fits(one, space)]
