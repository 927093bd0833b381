"""What the map draws: samples, colours, density, polygons, bytes."""

from __future__ import annotations

import json

import numpy as np
import pytest

from explorer.metadata import Metadata
from explorer.plots.density import density
from explorer.plots.map import colouring, drawn_points, region_labels, whole_view
from explorer.plots.packing import pack
from explorer.plots.polygon import inside_polygon
from explorer.plots.sampling import MOST_DRAWN, in_view, stratified_sample
from explorer.plots.theme import MOST_COLOURS


def unpack(data: bytes) -> tuple[dict, dict]:
    """The reading half of store.js, in Python."""
    length = int.from_bytes(data[:4], "little")
    header = json.loads(data[4 : 4 + length])
    arrays = {}
    for entry in header["arrays"]:
        if entry["type"] == "text":
            raw = data[entry["start"] : entry["start"] + entry["length"]]
            arrays[entry["name"]] = raw.decode()
        else:
            assert entry["start"] % 8 == 0
            arrays[entry["name"]] = np.frombuffer(
                data, entry["type"], entry["length"], entry["start"]
            )
    return header, arrays


def test_packed_arrays_come_back_as_they_were():
    sent = {
        "x": np.array([1.5, -2, 3], dtype=np.float32),
        "code": np.array([[1, 2], [3, 4]], dtype=np.uint8),
        "text": "a\nß\n😀",
        "row": np.arange(5, dtype=np.int32),
    }
    header, arrays = unpack(pack("points", "key", sent, {"shape": [2, 2]}))
    assert (header["slot"], header["key"], header["facts"]) == ("points", "key", {"shape": [2, 2]})
    assert arrays["text"] == sent["text"]
    for name in ("x", "row"):
        assert arrays[name].tolist() == sent[name].tolist()
    assert arrays["code"].tolist() == [1, 2, 3, 4]


def test_an_array_of_a_type_that_the_map_does_not_read_is_refused():
    with pytest.raises(TypeError, match="float64"):
        pack("points", "key", {"x": np.zeros(3)})


def test_a_sample_shows_every_rare_category_whole_and_has_the_size_asked_for():
    codes = np.repeat([0, 1, 2], [90_000, 9_990, 10])
    rows = np.arange(len(codes))
    sample = stratified_sample(rows, codes, 3_000, seed=1)
    counts = np.bincount(codes[sample])
    assert counts[2] == 10
    assert counts[0] > counts[1] >= 500
    assert 2_990 <= len(sample) <= 3_000
    assert np.all(np.diff(sample) > 0)


def test_a_sample_without_categories_is_uniform_and_repeats_with_its_seed():
    rows = np.arange(100_000)
    sample = stratified_sample(rows, None, 10_000, seed=3)
    assert sample.tolist() == stratified_sample(rows, None, 10_000, seed=3).tolist()
    assert sample.mean() == pytest.approx(50_000, rel=0.03)


def test_up_to_the_limit_every_point_is_drawn_and_above_it_a_sample_that_says_so():
    rng = np.random.default_rng(0)
    few = rng.normal(size=(1_000, 2)).astype(np.float32)
    many = rng.normal(size=(MOST_DRAWN + 1, 2)).astype(np.float32)
    nothing = colouring(Metadata(), "")
    assert len(drawn_points(few, nothing).rows) == 1_000
    drawn = drawn_points(many, nothing)
    assert drawn.sampled
    assert len(drawn.rows) < drawn.in_view == MOST_DRAWN + 1


def test_zooming_in_draws_all_points_of_the_part_that_is_seen():
    rng = np.random.default_rng(0)
    points = rng.uniform(0, 10, size=(MOST_DRAWN * 2, 2)).astype(np.float32)
    view = (0.0, 5.0, 0.0, 5.0)
    drawn = drawn_points(points, colouring(Metadata(), ""), view)
    assert not drawn.sampled
    assert drawn.rows.tolist() == in_view(points, view).tolist()
    assert len(drawn.rows) == pytest.approx(MOST_DRAWN / 2, rel=0.05)


def test_density_counts_points_in_cells_with_the_top_row_first():
    points = np.array([[0.5, 0.5], [0.5, 0.5], [0.5, 0.5], [1.5, 1.5]], dtype=np.float32)
    levels = density(points, (0, 2, 0, 2), shape=(2, 2))
    # 3 points at the lower left: log 4; one at the upper right: log 2, half of that
    assert levels.tolist() == [[0, 127], [255, 0]]


def test_points_inside_a_polygon_with_a_bay_are_found():
    bay = [(0, 0), (4, 0), (4, 4), (2, 1), (0, 4)]
    points = np.array([[0.5, 2], [2, 3], [3.5, 2], [2, 0.5], [5, 5]], dtype=np.float32)
    assert inside_polygon(points, bay).tolist() == [0, 2, 3]


def test_the_polygon_test_equals_counting_by_winding_for_a_circle():
    rng = np.random.default_rng(1)
    points = rng.uniform(-2, 2, size=(2_000, 2)).astype(np.float32)
    angles = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    distance = np.hypot(*points.T)
    clear = np.abs(distance - 1) > 0.01
    found = np.zeros(len(points), dtype=bool)
    found[inside_polygon(points, circle)] = True
    assert np.array_equal(found[clear], (distance < 1)[clear])


@pytest.mark.parametrize("polygon", [[], [(0, 0)], [(0, 0), (1, 1)]])
def test_a_polygon_of_fewer_than_three_corners_holds_nothing(polygon):
    assert len(inside_polygon(np.zeros((3, 2), dtype=np.float32), polygon)) == 0


def test_more_than_twenty_categories_are_the_largest_nineteen_and_other():
    values = [f"c{i:02}" for i in range(30) for _ in range(30 - i)]
    colours = colouring(Metadata({"kind": values}), "kind")
    assert len(colours.entries) == MOST_COLOURS
    assert colours.entries[0]["name"] == "c00"
    assert colours.entries[-1]["name"] == "other (11 more)"
    assert sum(entry["count"] for entry in colours.entries) == len(values)
    assert colours.codes.max() == MOST_COLOURS - 1


def test_whole_numbers_stand_in_their_own_order():
    colours = colouring(Metadata({"year": [3, 1, 2, 3, 3, 2]}), "year")
    assert [entry["name"] for entry in colours.entries] == ["1", "2", "3"]
    assert colours.codes.tolist() == [2, 0, 1, 2, 2, 1]


def test_one_far_value_does_not_take_the_whole_colour_scale():
    values = np.append(np.linspace(0.0, 1.0, 999), 1e9)
    assert colouring(Metadata({"x": values}), "x").high < 2


def test_a_column_without_one_finite_number_is_drawn_in_one_colour():
    assert colouring(Metadata({"x": [np.nan, np.inf]}), "x").kind == "none"


def test_the_label_of_a_ring_stands_on_the_ring_and_not_in_its_empty_middle():
    angles = np.linspace(0, 2 * np.pi, 100, endpoint=False)
    ring = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    colours = colouring(Metadata({"kind": ["ring"] * 100}), "kind")
    label = region_labels(ring, colours)[0]
    assert np.hypot(label["x"], label["y"]) == pytest.approx(1, abs=1e-5)


def test_the_whole_view_of_one_point_is_not_empty():
    x0, x1, y0, y1 = whole_view(np.array([[3.0, 3.0]], dtype=np.float32))
    assert x0 < 3 < x1
    assert y0 < 3 < y1
