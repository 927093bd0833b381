"""Colours of clusters, curves over k, tables that can be read, and k-means drawn step by step."""

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np

from explorer.clustering import k_means_steps
from explorer.clustering.choose_k import Curves
from explorer.clustering.toy_planes import PLANES, toy_plane
from explorer.plots import theme
from explorer.plots.clusters import (
    cluster_colouring,
    colour_of,
    confusion_map,
    curve,
    fewer_values,
    frame_of,
    objective_figure,
    step_figure,
)


def test_every_group_has_its_colour_and_noise_is_grey():
    colours = cluster_colouring([0, 1, 1, -1], ["animals", "2"])
    assert [entry["name"] for entry in colours.entries] == ["animals", "2", "(noise)"]
    assert [entry["count"] for entry in colours.entries] == [1, 2, 1]
    assert colours.codes.tolist() == [0, 1, 1, 2]
    assert colours.entries[0]["colour"] == colour_of(0, 2) == theme.CATEGORICAL[0]


def test_more_than_twenty_groups_are_nineteen_and_others():
    colours = cluster_colouring(np.arange(25), [str(n) for n in range(25)])
    assert len(colours.entries) == 20
    assert colours.entries[-1]["name"] == "other (6 more)"
    assert colours.entries[-1]["count"] == 6
    assert colours.codes.tolist() == [*range(19), *[19] * 6]
    assert colour_of(19, 25) == theme.OTHER
    assert colour_of(19, 20) != theme.OTHER


def test_an_isolated_group_alone_is_in_colour():
    codes = np.array([0, 1, 2, 1])
    colours = cluster_colouring(codes, ["1", "2", "3"], only=codes == 1)
    assert [entry["count"] for entry in colours.entries] == [0, 2, 0, 2]
    assert colours.entries[-1]["name"] == "the others"
    assert colours.codes.tolist() == [3, 1, 3, 1]


def test_a_curve_stands_beside_its_baseline_and_marks_the_k_it_speaks_for():
    curves = Curves(
        (2, 3, 4), 10, 10, found={"silhouette": (0.1, 0.5, 0.2)},
        baseline={"silhouette": (0.1, 0.1, 0.1)},
    )  # fmt: skip
    figure = curve("silhouette", curves, chosen=4)
    names = [trace["name"] for trace in figure["traces"]]
    assert names == ["uniform points", "this space", "speaks for 3"]
    assert figure["traces"][0]["y"] == [0.1, 0.1, 0.1]
    assert figure["layout"]["shapes"][0]["x0"] == 4
    growing = replace(curves, found={"silhouette": (0.1,)})
    assert len(curve("silhouette", growing, 2)["traces"]) == 2
    assert json.dumps(figure)


def test_values_that_are_not_finite_are_left_out_of_a_curve():
    curves = Curves((2, 3), 5, 5, found={"calinski": (float("inf"), 2.0)})
    assert curve("calinski", curves, 2)["traces"][1]["y"] == [None, 2.0]


def test_rare_values_of_a_column_are_one_column_of_the_table():
    counts = np.arange(40).reshape(2, 20)
    table, values = fewer_values(counts, [f"v{n}" for n in range(20)])
    assert table.shape == (2, 15)
    assert table.sum() == counts.sum()
    assert values[0] == "v19"
    assert values[-1] == "other (6 more)"
    assert fewer_values(counts[:, :3], list("abc"))[1] == list("abc")


def test_the_table_shows_the_share_of_each_cluster_and_its_count():
    figure = confusion_map(np.array([[3, 1], [0, 0]]), ["<b>", "2"], ["x", "y"], "kind")
    assert figure.data[0].z.tolist() == [[0.75, 0.25], [0, 0]]
    assert figure.data[0].y[0] == "&lt;b>"


def test_a_step_shows_borders_between_centres_and_the_way_they_went():
    points = toy_plane("four round groups")
    steps = list(k_means_steps(points, 3, seed=1))
    first = step_figure(points, steps[0], frame_of(points), None)
    assert first["traces"][1]["x"] == []  # one centre has no border
    place = next(n for n, step in enumerate(steps) if step.kind == "update")
    figure = step_figure(points, steps[place], frame_of(points), steps[place - 1])
    borders, ways = figure["traces"][1], figure["traces"][2]
    assert borders["x"].count(None) in (2, 3)
    assert ways["x"].count(None) == 3
    assert json.dumps(figure)


def test_the_objective_drawn_never_rises_once_the_seeds_are_there():
    points = toy_plane("two half moons")
    steps = list(k_means_steps(points, 4, seed=2))
    figure = objective_figure(steps, len(steps) - 1)
    line = figure["traces"][0]["y"]
    assert len(line) == len(steps)
    assert all(a >= b - 1e-6 for a, b in pairwise(line))
    kinds = {trace["name"]: len(trace["x"]) for trace in figure["traces"][1:]}
    assert kinds["seeding"] == 4
    assert sum(kinds.values()) == len(steps)


def test_all_made_up_points_are_the_same_each_time():
    for name in PLANES:
        points = toy_plane(name)
        assert points.shape == (600, 2)
        assert np.isfinite(points).all()
        assert (points == toy_plane(name)).all()
