"""The session's state: the one module that reads and writes it. Pages read, and call setters.

`view` holds what a link can carry (see view.py); `selection` what was drawn around on the map;
`shelf` the spaces that belong to this visitor alone. Everything is checked when it is set, so that
a page never meets a focus or a column that its space does not have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import streamlit as st

from explorer import catalog
from explorer.errors import ExplorerError
from explorer.filters import Condition, from_text
from explorer.metadata import Metadata
from explorer.metrics import METRICS
from explorer.projection import PROJECTIONS
from explorer.space import EmbeddingSpace
from explorer.ui import cached, filtered, held, links, map_choice
from explorer.ui.map_choice import MapChoice
from explorer.ui.view import MOST_FILTERS, MOST_PINS, Selection, View

MOST_HITS = 50
MOST_LOOKED_AT = 8
MOST_UNDONE = 20
PRESENTATION = "present"  # in the address: drawn larger


# --- Spaces ------------------------------------------------------------------------------------


def shelf() -> dict[str, EmbeddingSpace]:
    """The visitor's own spaces by name, the oldest first."""
    return cast("dict[str, EmbeddingSpace]", st.session_state.setdefault("shelf", {}))


def server_spaces() -> dict[str, Callable[[], EmbeddingSpace]]:
    """Spaces of this server by name: the file of the command line first, then the bundled ones."""
    spaces: dict[str, Callable[[], EmbeddingSpace]] = {}
    opened, problem = cached.command_line_space()
    if problem and not st.session_state.get("told_problem"):
        st.session_state["told_problem"] = True
        notify(problem)
    if opened is not None:
        spaces[opened.name] = lambda: opened
    for name in catalog.bundled():
        spaces.setdefault(name, lambda name=name: cached.bundled_space(name))  # type: ignore[misc]
    return spaces


def space_names() -> list[str]:
    """All spaces this visitor can open, their own first."""
    return list(dict.fromkeys([*shelf(), *server_spaces()]))


def open_space(name: str) -> EmbeddingSpace:
    """A space by name; the visitor's own hides a server's space of the same name."""
    own = shelf().get(name) or _with_columns().get(name)
    return own if own is not None else server_spaces()[name]()


def whole_space() -> EmbeddingSpace:
    """The space that is looked at, without its filters."""
    return open_space(view().space)


def space() -> EmbeddingSpace:
    """The space that is looked at: what its filters leave; all of it where they leave nothing."""
    whole, conditions = whole_space(), filters()
    return (filtered.part(whole, conditions) or whole) if conditions else whole


def add_space(new: EmbeddingSpace) -> str:
    """Put a space on the visitor's shelf and look at it; the name it got, distinct from others."""
    own = shelf()
    taken = {*own, *server_spaces()}
    name, number = new.name, 2
    while name in taken:
        name, number = f"{new.name} ({number})", number + 1
    held.check_room(own.values(), new)
    own[name] = replace(new, name=name)
    held.shelves().add(own[name])
    set_space(name)
    return name


def close_space(name: str) -> None:
    """Take a space off the visitor's shelf."""
    shelf().pop(name, None)
    if view().space == name:
        set_space(next(iter(server_spaces())))


def _with_columns() -> dict[str, EmbeddingSpace]:
    """Spaces of the server to which this visitor has added columns, by name."""
    return cast("dict[str, EmbeddingSpace]", st.session_state.setdefault("with_columns", {}))


def set_column(column: str, values: Any | None) -> None:
    """Give the space looked at one more metadata column, for this visitor alone.

    values : one for each item shown (those that a filter hides get none); None takes it away
    Every page can colour by it and be restricted to its values.
    """
    part = filtered.origin(space())
    if part is not None and values is not None:
        values = part.spread(values)
    shown, name = whole_space(), view().space
    columns = {one: shown.metadata[one] for one in shown.metadata if one != column}
    if values is not None:
        columns[column] = values
    changed = shown.with_metadata(Metadata(columns, rows=len(shown)))
    (shelf() if name in shelf() else _with_columns())[name] = changed
    set_filter(column, None)
    if values is not None or view().colour == column:
        set_colour(column if values is not None else "")


# --- The view ----------------------------------------------------------------------------------


def default_view(name: str) -> View:
    """How a space is first shown: bundled ones with their chosen focus, colour and map."""
    shown = open_space(name)
    known = catalog.bundled().get(name) if name not in shelf() else None
    if known is not None and len(shown):
        return View(name, map=known.map, colour=known.colour, focus=known.default_focus)
    colours = shown.metadata.of_kind("category")
    numbers = shown.metadata.of_kind("number")
    stored = [name for name in shown.maps if "umap" in name.lower()]
    return View(
        name,
        map=stored[0] if stored else "PCA",
        colour=(colours or numbers or [""])[0],
        focus=shown.items[0],
    )


def view() -> View:
    """What the visitor looks at."""
    if "view" not in st.session_state or st.session_state["view"].space not in space_names():
        st.session_state["view"] = default_view(space_names()[0])
    return cast(View, st.session_state["view"])


def _set(**changes: Any) -> None:
    _look_at(replace(view(), **changes))
    st.session_state["changed"] = True


def _look_at(new: View) -> None:
    """Take this view; the item that it leaves comes first among those looked at."""
    old = view()
    if new.space == old.space and new.focus != old.focus:
        names = [old.focus, *looked_at()]
        kept = [name for name in dict.fromkeys(names) if name and name != new.focus]
        st.session_state.setdefault("looked_at", {})[old.space] = kept[:MOST_LOOKED_AT]
    st.session_state["view"] = new


def looked_at() -> list[str]:
    """The items looked at before the present one, the last first."""
    return list(st.session_state.get("looked_at", {}).get(view().space, ()))


def set_space(name: str) -> None:
    """Look at another space: its own first view; the selection and the viewport go."""
    if name not in space_names():
        raise ExplorerError(f"No space named {name!r} is open here.")
    st.session_state["view"] = default_view(name)
    st.session_state["changed"] = True
    st.session_state["selection"] = None
    set_viewport(None)


def set_metric(metric: str) -> None:
    if metric in METRICS:
        _set(metric=metric)


def map_names(shown: EmbeddingSpace) -> list[str]:
    """The maps of a space: the computed ones, then those that its file brought."""
    return list(dict.fromkeys([*PROJECTIONS, *shown.maps]))


def set_map(name: str) -> None:
    if name in map_names(space()):
        _set(map=name)
        set_viewport(None)


def compared_maps() -> tuple[MapChoice, ...]:
    """The maps that stand side by side on the Projections page: one to four, distinct."""
    chosen = map(map_choice.from_text, view().maps)
    shown = space()
    kept = [one for one in chosen if one is not None and map_choice.fits(one, shown)]
    return tuple(kept) or map_choice.first_choices(shown)


def set_compared_maps(choices: Sequence[MapChoice]) -> None:
    """Show these maps side by side; a map that is asked for twice is shown once."""
    texts = tuple(dict.fromkeys(one.text for one in choices))[: map_choice.MOST_MAPS]
    first = tuple(one.text for one in map_choice.first_choices(space()))
    _set(maps=() if texts == first else texts)


def set_colour(column: str) -> None:
    if column == "" or column in whole_space().metadata:
        _set(colour=column)


def focus_row() -> int | None:
    """The row of the focused item."""
    return space().items.get(view().focus) if view().focus else None


def set_focus(row: int | None) -> None:
    """Look at the item in this row; None for none."""
    shown = space()
    if row is None:
        _set(focus="")
    elif 0 <= row < len(shown):
        _set(focus=shown.items[row])


def set_focus_name(name: str) -> None:
    """Look at the item of that name, which a filter may hide."""
    if name in whole_space().items:
        _set(focus=name)


def pinned_rows() -> list[int]:
    """The rows of the pinned items, in the order in which they were pinned."""
    items = space().items
    rows = (items.get(pin) for pin in view().pins)
    return [row for row in rows if row is not None]


def toggle_pin(row: int) -> None:
    """Pin an item or take its pin away; the oldest pin makes room for a ninth."""
    name = space().items[row]
    pins = view().pins
    kept = tuple(pin for pin in pins if pin != name)
    _set(pins=kept if name in pins else (*kept, name)[-MOST_PINS:])


# --- Filters, the selection, and undo -----------------------------------------------------------


def filters() -> tuple[Condition, ...]:
    """The conditions on metadata that the items shown meet."""
    found = (_usable(text, whole_space().metadata) for text in view().where)
    return tuple(condition for condition in found if condition is not None)


def _usable(text: str, metadata: Metadata) -> Condition | None:
    """A condition that this metadata can be asked; None for any other text."""
    condition = from_text(text)
    if condition is None or condition.column not in metadata:
        return None
    numbers = metadata[condition.column].dtype != object
    return condition if numbers or condition.between is None else None


def set_filter(column: str, condition: Condition | None) -> None:
    """Restrict every page to the items that meet this; None lifts the condition on the column."""
    kept = [one for one in filters() if one.column != column]
    kept += [condition] if condition is not None else []
    _set_where(tuple(one.to_text() for one in kept[-MOST_FILTERS:]))


def clear_filters() -> None:
    _set_where(())


def _set_where(where: tuple[str, ...]) -> None:
    if where != view().where:
        _remember()
        _set(where=where)
        set_viewport(None)


def _remember() -> None:
    """Keep what undo brings back: the filters and the selection as they are now."""
    past = st.session_state.setdefault("past", [])
    past.append((view().space, view().where, any_selection()))
    del past[:-MOST_UNDONE]


def can_undo() -> bool:
    past = st.session_state.get("past", [])
    return bool(past) and past[-1][0] == view().space


def undo() -> None:
    """Take the last change of the filters or the selection back."""
    if can_undo():
        _, where, drawn = st.session_state["past"].pop()
        _set(where=where)
        st.session_state["selection"] = drawn


def selection() -> Selection | None:
    """What is drawn around on the map that is shown, if anything."""
    drawn = any_selection()
    return drawn if drawn is not None and drawn.map == view().map else None


def any_selection() -> Selection | None:
    """What is drawn around on some map of the space, if anything."""
    drawn = cast("Selection | None", st.session_state.get("selection"))
    return drawn if drawn is not None and drawn.space == view().space else None


def set_selection(polygon: object, on: str = "") -> None:
    """Keep a polygon [[x, y], …]; None clears it.

    on : the map it was drawn on, the present one unless told
    """
    corners = _corners(polygon)
    drawn = Selection(corners, on or view().map, view().space) if len(corners) >= 3 else None
    if drawn != any_selection():
        _remember()
        st.session_state["selection"] = drawn


def viewport() -> tuple[float, float, float, float] | None:
    """(x0, x1, y0, y1) that the visitor zoomed to on a sampled map; None for the whole."""
    return cast("tuple[float, float, float, float] | None", st.session_state.get("viewport"))


def set_viewport(bounds: object) -> None:
    """Remember where the visitor zoomed to; None for the whole map."""
    numbers = _numbers(bounds)
    good = len(numbers) == 4 and numbers[0] < numbers[1] and numbers[2] < numbers[3]
    st.session_state["viewport"] = tuple(numbers) if good else None


def _numbers(values: object) -> list[float]:
    """Finite numbers from what a browser sent; nothing where it is something else."""
    if not isinstance(values, list | tuple):
        return []
    kept = [float(value) for value in values if isinstance(value, int | float)]
    return kept if len(kept) == len(values) and all(abs(v) < 1e30 for v in kept) else []


def _corners(polygon: object) -> tuple[tuple[float, float], ...]:
    if not isinstance(polygon, list | tuple) or len(polygon) > 1_000:
        return ()
    pairs = [_numbers(pair) for pair in polygon]
    return tuple((pair[0], pair[1]) for pair in pairs if len(pair) == 2)


def query() -> str:
    """What stands in the search box."""
    return cast(str, st.session_state.get("query", ""))


def set_query(text: str) -> None:
    st.session_state["query"] = text[:200]
    st.session_state["changed"] = True


def hits() -> list[int]:
    """Rows of at most 50 items whose name holds what stands in the search box."""
    return space().items.search(query(), MOST_HITS) if query().strip() else []


# --- Links -------------------------------------------------------------------------------------


def notices() -> list[str]:
    """Things to tell the visitor once: taken from the list when read."""
    return cast("list[str]", st.session_state.pop("notices", []))


def notify(message: str) -> None:
    """Tell the visitor something at the top of the next page drawn."""
    st.session_state.setdefault("notices", []).append(message)


def presenting() -> bool:
    """Whether all is drawn larger, for people at the far end of a room."""
    return bool(st.session_state.get("presenting"))


def set_presenting(on: bool) -> None:
    st.session_state["presenting"] = on
    st.session_state["changed"] = True


def read_link() -> None:
    """Take over what the address bar asks for, when the visitor changed it (a link, Back, Forward).

    The address that this session wrote itself is no request, and a click of the visitor in the
    same run is newer than the address.
    """
    params = {name: st.query_params.get_all(name) for name in st.query_params}
    st.session_state["page_params"] = {}
    changed = st.session_state.pop("changed", False)
    if changed or params == st.session_state.get("written_params") or not params:
        return
    st.session_state["presenting"] = PRESENTATION in params
    _apply(params)
    st.session_state.pop("changed", None)


def _apply(params: Mapping[str, Sequence[str]]) -> None:
    asked, pins = links.from_params(params)
    name = asked.get("space", view().space)
    if name not in space_names():
        notify(
            f"The link asks for the space {name!r}, which is not open here. If you had opened or "
            "trained it: it ended with its session or server; open its file again on the Data page."
        )
        return
    if name != view().space:
        set_space(name)
    shown = whole_space()
    base = default_view(name)
    wanted = View(name, **{key: asked.get(key, getattr(base, key)) for key in links.NAMES[1:]})
    checks = {
        "metric": wanted.metric in METRICS,
        "map": wanted.map in map_names(shown),
        "colour": wanted.colour == "" or wanted.colour in shown.metadata,
        "focus": wanted.focus == "" or wanted.focus in shown.items,
    }
    for key, known in checks.items():
        if not known:
            notify(f"The link asks for the {key} {getattr(wanted, key)!r}, not found in {name}.")
            wanted = replace(wanted, **{key: getattr(base, key)})
    kept = tuple(pin for pin in pins if pin in shown.items)
    if len(kept) < len(pins):
        notify(f"{len(pins) - len(kept)} of the link's {len(pins)} pins are not found in {name}.")
    where = []
    for text in links.where_from(params):
        if _usable(text, shown.metadata) is not None:
            where.append(text)
        else:
            notify(f"The link asks for the filter {text!r}, which does not fit {name}.")
    if wanted.map != view().map or tuple(where) != view().where:
        set_viewport(None)
    maps = _known_maps(links.maps_from(params), shown)
    _look_at(replace(wanted, pins=kept, maps=maps, where=tuple(where)))


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
    written = st.session_state.get("written_params", {}).get(name)
    if value is None or [value] == written or len(value) > links.MOST_CHARACTERS:
        return None
    return value


def dropped_from_address(name: str) -> bool:
    """Whether the address no longer holds a page's parameter that this session had written there.

    So it is after Back to where it was not yet, or when the page is opened anew from the menu.
    """
    return name in st.session_state.get("written_params", {}) and name not in st.query_params


def address_is_new() -> bool:
    """Whether the address is another than this session wrote: a link, Back, Forward, the menu."""
    now = {name: st.query_params.get_all(name) for name in st.query_params}
    return bool(now != st.session_state.get("written_params", {}))


def keep_in_link(name: str, value: str) -> None:
    """Let a parameter of this page stand in the address for as long as the page is shown."""
    if name in (*links.NAMES, "pins", "maps", "where", PRESENTATION):
        raise ValueError(f"{name} belongs to the view")
    if value and len(value) <= links.MOST_CHARACTERS:
        st.session_state["page_params"][name] = value


def link_params() -> dict[str, list[str]]:
    """What `write_link` last put into the address bar."""
    return cast("dict[str, list[str]]", st.session_state.get("written_params", {}))


def write_link() -> None:
    """Put the view into the address bar, so that it can be copied and gone back to."""
    params = links.to_params(view(), default_view(view().space))
    if presenting():
        params[PRESENTATION] = ["1"]
    params |= {name: [value] for name, value in st.session_state.get("page_params", {}).items()}
    if params != {name: st.query_params.get_all(name) for name in st.query_params}:
        st.query_params.from_dict(params)
    st.session_state["written_params"] = params
