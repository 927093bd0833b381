"""The map as SVG: well formed, of the size asked for, whatever the items are called."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from explorer.metadata import Metadata
from explorer.plots.map import Colouring, colouring
from explorer.plots.map_file import MapFile
from explorer.plots.map_svg import map_svg

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ["king", "queen", "<b>boat</b> & \x00co", "ship"]
PLACES = np.array([[0, 0], [1, 0], [0, 1], [2, 2]], dtype=np.float32)


def drawn(colours=None, width=600, height=400, **changes):
    arguments = {
        "coordinates": PLACES, "names": NAMES, "drawn": np.arange(4),
        "colours": colours or Colouring("none"), "axes": ("PC 1", "PC 2"), "title": "Words <i>",
        "provenance": ["from a & b", "long " * 60], **changes,
    }  # fmt: skip
    return ElementTree.fromstring(map_svg(MapFile(**arguments), width, height))


def test_it_has_the_size_asked_for_within_bounds():
    assert (drawn().get("width"), drawn().get("height")) == ("600", "400")
    assert (drawn(width=1).get("width"), drawn(height=10**6).get("height")) == ("200", "8000")


def test_every_point_lies_on_the_paper_with_its_name_and_y_upwards():
    circles = drawn().findall(f".//{SVG}circle")
    assert [one.find(f"{SVG}title").text for one in circles] == [
        "king", "queen", "<b>boat</b> & co", "ship",
    ]  # fmt: skip
    x, y = (np.array([float(one.get(axis)) for one in circles]) for axis in ("cx", "cy"))
    assert x.min() >= 0 and x.max() <= 600 and y.min() >= 0 and y.max() <= 400  # noqa: PT018
    assert x[3] > x[1] > x[0]
    assert y[3] < y[2] < y[0]
    assert x[1] - x[0] == pytest.approx(y[0] - y[2], abs=0.11)  # one scale for both axes


def test_lines_lead_from_the_focus_to_each_neighbour_and_the_marked_are_named():
    picture = drawn(focus=0, neighbors=[1, 2], pins=[3])
    assert len(picture.findall(f".//{SVG}line")) == 2
    texts = [one.text for one in picture.findall(f".//{SVG}text")]
    assert {"king", "queen", "<b>boat</b> & co", "ship"} <= set(texts)


def test_title_axes_and_origin_are_written_and_long_lines_are_broken():
    texts = [one.text for one in drawn().findall(f".//{SVG}text")]
    assert {"Words <i>", "→ PC 1", "→ PC 2", "from a & b"} <= set(texts)
    assert " ".join(texts).count("long") == 60


def test_categories_have_their_colours_and_a_legend_and_numbers_a_scale():
    kinds = colouring(Metadata({"kind": ["a", "b", "a", "c"]}), "kind")
    groups = drawn(kinds).findall(f"{SVG}g[@fill]")
    assert [len(group) for group in groups] == [2, 1, 1]
    assert len({group.get("fill") for group in groups}) == 3
    assert "a (2)" in [one.text for one in drawn(kinds).findall(f".//{SVG}text")]
    sizes = colouring(Metadata({"size": np.array([0.0, 1.5, 2.5, np.nan])}), "size")
    fills = [one.get("fill") for one in drawn(sizes).findall(f".//{SVG}circle")]
    assert len(set(fills)) == 4


def test_many_points_are_written_without_their_names():
    many = np.random.default_rng(0).normal(size=(6_000, 2)).astype(np.float32)
    picture = drawn(
        coordinates=many, names=[str(row) for row in range(6_000)], drawn=np.arange(6_000)
    )
    circles = picture.findall(f".//{SVG}circle")
    assert len(circles) == 6_000
    assert not any(len(one) for one in circles)
