"""A map in three dimensions: what is drawn, in which colours, joined to what."""

import json

import numpy as np

from explorer.metadata import Metadata
from explorer.plots.map import Colouring, colouring
from explorer.plots.space_3d import MOST_DRAWN, drawn_in_3d, figure_in_3d

POINTS = np.arange(12, dtype=np.float32).reshape(4, 3)
AXES = ("one", "two", "three")


def drawn(colours, focus=None, near=()):
    rows = np.arange(4)
    return figure_in_3d(POINTS, rows, list("abcd"), colours, AXES, focus, near)


def test_each_category_is_a_cloud_of_its_own_points():
    traces = drawn(colouring(Metadata({"kind": ["x", "y", "x", "x"]}), "kind"))["traces"]
    assert [trace["name"] for trace in traces] == ["x", "y"]
    assert traces[0]["x"] == [0, 6, 9]
    assert traces[0]["text"] == ["a", "c", "d"]
    assert traces[1]["z"] == [5]


def test_the_focus_is_joined_to_its_neighbours():
    cloud, lines, mark = drawn(Colouring("none"), 0, [2, 3])["traces"]
    assert len(cloud["x"]) == 4
    assert lines["x"] == [0, 6, None, 0, 9, None]
    assert (mark["x"], mark["y"], mark["z"]) == ([0], [1], [2])


def test_numbers_colour_by_a_scale_and_the_whole_is_json():
    figure = drawn(colouring(Metadata({"size": [1.5, 2.5, float("nan"), 4.0]}), "size"), 1, [0])
    assert figure["traces"][0]["marker"]["color"][3] == 4.0
    assert figure["layout"]["scene"]["zaxis"]["title"]["text"] == "three"
    json.dumps(figure, allow_nan=False)


def test_of_many_points_a_sample_is_drawn_that_holds_those_that_matter():
    assert len(drawn_in_3d(50, Colouring("none"), [3])) == 50
    rows = drawn_in_3d(3 * MOST_DRAWN, Colouring("none"), [7, 29_999])
    assert MOST_DRAWN <= len(rows) <= MOST_DRAWN + 2
    assert {7, 29_999} <= set(rows.tolist())
    assert (np.diff(rows) > 0).all()
