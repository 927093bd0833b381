"""The address bar: the view and the parameters of a page, read from it and written to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import streamlit as st

from explorer.metrics import METRICS
from explorer.space import EmbeddingSpace
from explorer.ui import map_choice
from explorer.ui.state import changes, current, links, opening, presentation, shown_maps, spaces
from explorer.ui.state.messages import notify
from explorer.ui.state.view import View
from explorer.ui.state.zoom import set_viewport


def read_link() -> None:
    """Take over what the address bar asks for, when the visitor changed it (a link, Back, Forward).

    The address that this session wrote itself is no request, and a click of the visitor in the
    same run is newer than the address.
    """
    params = _address()
    st.session_state["page_params"] = {}
    if changes.take() or params == link_params() or not params:
        return
    presentation.set_presenting(presentation.PARAMETER in params)
    _apply(params)
    changes.take()


def _address() -> dict[str, list[str]]:
    """What stands in the address bar now."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _apply(params: Mapping[str, Sequence[str]]) -> None:
    asked, pins = links.from_params(params)
    name = asked.get("space", current.view().space)
    if name not in spaces.names():
        notify(
            f"The link asks for the space {name!r}, which is not open here. If you had opened or "
            "trained it: it ended with its session or server; open its file again on the Data page."
        )
        return
    if name != current.view().space:
        opening.set_space(name)
    shown = current.whole_space()
    wanted = _known_view(name, asked, shown)
    kept = tuple(pin for pin in pins if pin in shown.items)
    if len(kept) < len(pins):
        notify(f"{len(pins) - len(kept)} of the link's {len(pins)} pins are not found in {name}.")
    where = _known_filters(links.where_from(params), shown)
    if wanted.map != current.view().map or where != current.view().where:
        set_viewport(None)
    maps = _known_maps(links.maps_from(params), shown)
    current.look_at(replace(wanted, pins=kept, maps=maps, where=where))


def _known_view(name: str, asked: Mapping[str, str], shown: EmbeddingSpace) -> View:
    """The view asked for; what the space does not have, as the space is first shown."""
    base = current.first_view(name)
    wanted = View(name, **{key: asked.get(key, getattr(base, key)) for key in links.NAMES[1:]})
    checks = {
        "metric": wanted.metric in METRICS,
        "map": wanted.map in shown_maps.map_names(shown),
        "colour": wanted.colour == "" or wanted.colour in shown.metadata,
        "focus": wanted.focus == "" or wanted.focus in shown.items,
    }
    for key, known in checks.items():
        if not known:
            notify(f"The link asks for the {key} {getattr(wanted, key)!r}, not found in {name}.")
            wanted = replace(wanted, **{key: getattr(base, key)})
    return wanted


def _known_filters(texts: list[str], shown: EmbeddingSpace) -> tuple[str, ...]:
    kept = []
    for text in texts:
        if current.usable(text, shown.metadata) is not None:
            kept.append(text)
        else:
            notify(f"The link asks for the filter {text!r}, which does not fit {shown.name}.")
    return tuple(kept)


def _known_maps(texts: list[str], shown: EmbeddingSpace) -> tuple[str, ...]:
    kept = []
    for text in texts:
        choice = map_choice.from_text(text)
        if choice is not None and map_choice.fits(choice, shown):
            kept.append(choice.text)
        else:
            notify(f"The link asks for the map {text!r}, not found in {shown.name}.")
    return tuple(kept)


def asked_of_page(name: str) -> str | None:
    """What a link, Back or Forward has just asked of this page by a parameter of its own.

    None when the address holds what this session wrote itself, so that what the visitor chose
    since is not undone. Untrusted, as all that comes from an address.
    """
    value = st.query_params.get(name)
    if value is None or [value] == link_params().get(name) or len(value) > links.MOST_CHARACTERS:
        return None
    return value


def dropped_from_address(name: str) -> bool:
    """Whether the address no longer holds a page's parameter that this session had written there.

    So it is after Back to where it was not yet, or when the page is opened anew from the menu.
    """
    return name in link_params() and name not in st.query_params


def address_is_new() -> bool:
    """Whether the address is another than this session wrote: a link, Back, Forward, the menu."""
    return _address() != link_params()


def keep_in_link(name: str, value: str) -> None:
    """Let a parameter of this page stand in the address for as long as the page is shown."""
    if name in (*links.NAMES, "pins", "maps", "where", presentation.PARAMETER):
        raise ValueError(f"{name} belongs to the view")
    if value and len(value) <= links.MOST_CHARACTERS:
        st.session_state["page_params"][name] = value


def link_params() -> dict[str, list[str]]:
    """What `write_link` last put into the address bar."""
    return cast("dict[str, list[str]]", st.session_state.get("written_params", {}))


def write_link() -> None:
    """Put the view into the address bar, so that it can be copied and gone back to."""
    view = current.view()
    params = links.to_params(view, current.first_view(view.space))
    if presentation.presenting():
        params[presentation.PARAMETER] = ["1"]
    params |= {name: [value] for name, value in st.session_state.get("page_params", {}).items()}
    if params != _address():
        st.query_params.from_dict(params)
    st.session_state["written_params"] = params
