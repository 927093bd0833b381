"""Pictures of lessons: what can be read stays apart, and axes have plain numbers."""

import numpy as np
import pytest

from explorer.learn.pictures import Arrow, Arrows, Bars, Dots, Grid, Lines
from explorer.plots.lessons import figure


def named(picture):
    """The trace that holds names."""
    return next(one for one in figure(picture)["traces"] if one["mode"] == "markers+text")


def test_names_of_arrows_that_end_side_by_side_stand_above_and_below():
    near = Arrow("upper", (0, 0), (-2, 0.1)), Arrow("lower", (0, 0), (-2, 0))
    places = named(Arrows("", [*near, Arrow("far", (0, 0), (2, 0))]))["textposition"]
    assert places == ["top left", "bottom left", "middle right"]


def test_an_arrow_from_a_point_to_itself_is_a_name_alone():
    picture = Arrows("", [Arrow("here", (1, 1), (1, 1)), Arrow("there", (1, 1), (2, 1))])
    assert len(figure(picture)["layout"]["annotations"]) == 1
    assert named(picture)["text"] == ["here", "there"]


def test_dots_lie_below_the_names_and_lines():
    xy = np.array([[0.0, 0.0], [1.0, 1.0]])
    kinds = [one["type"] for one in figure(Dots("", xy, named=[(0, "king")], linked=[1]))["traces"]]
    assert set(kinds) == {"scatter"}  # "scattergl" is drawn on top of all "scatter"


@pytest.mark.parametrize(("most", "ticks"), [(50, "D2"), (20_000, 1), (1e9, 2)])
def test_ticks_of_a_logarithmic_axis_are_plain_numbers_and_few(most, ticks):
    axis = figure(Lines("", {"a": ([1, most], [0, 1])}, "x", "y", log="x"))["layout"]["xaxis"]
    assert (axis["type"], axis["dtick"], axis["tickformat"]) == ("log", ticks, ",~r")
    axis = figure(Bars("", ["a", "b"], [1, most], "n", log=True))["layout"]["xaxis"]
    assert (axis["type"], axis["dtick"]) == ("log", ticks)


def test_a_grid_knows_no_minus_zero():
    drawn = figure(Grid("", ["a"], ["b", "c"], np.array([[-0.001, np.nan]])))
    assert drawn["traces"][0]["text"] == [["0.00", ""]]
