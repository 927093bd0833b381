"""A view goes into a link and comes back; what strangers put into a link does no harm."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from explorer.ui.state.links import MOST_CHARACTERS, from_params, maps_from, to_params
from explorer.ui.state.view import View

DEFAULT = View("digits", map="UMAP", colour="digit", focus="3 · 17")
names = st.text(min_size=1, max_size=40)


@given(
    st.builds(
        View, names, metric=names, map=names, colour=st.text(max_size=40),
        focus=st.text(max_size=40), pins=st.lists(names, max_size=8, unique=True).map(tuple),
        maps=st.lists(names, max_size=4, unique=True).map(tuple),
    )
)  # fmt: skip
def test_every_view_comes_back_from_its_link(view):
    params = to_params(view, DEFAULT)
    asked, pins = from_params(params)
    maps = tuple(maps_from(params))
    base = {name: getattr(DEFAULT, name) for name in ("metric", "map", "colour", "focus")}
    assert View(**{"space": "", **base, **asked}, pins=tuple(pins), maps=maps) == view


def test_the_default_view_makes_a_short_link():
    assert to_params(DEFAULT, DEFAULT) == {"space": ["digits"]}


def test_a_cleared_focus_is_not_the_default_focus():
    cleared = View("digits", map="UMAP", colour="digit", focus="")
    assert from_params(to_params(cleared, DEFAULT))[0]["focus"] == ""


def test_unknown_parameters_and_overlong_values_are_left_out():
    params = {"space": ["x" * (MOST_CHARACTERS + 1)], "admin": ["1"], "pins": ["a", "", "b", "a"]}
    assert from_params(params) == ({}, ["a", "b"])


def test_at_most_eight_pins_are_taken_from_a_link():
    assert len(from_params({"pins": [str(i) for i in range(100)]})[1]) == 8


def test_at_most_four_maps_are_taken_from_a_link():
    assert len(maps_from({"maps": [f"PCA;first={i}" for i in range(100)]})) == 4
