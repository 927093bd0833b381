"""Names stand where they hide neither each other nor a point, if there is such a place."""

import numpy as np
import pytest

from explorer.plots.names import HIGH, SIDES, WIDE, _overlap, sides, sides_in_pixels

ROOM = (400, 300)


def boxes(points, names, chosen, *, font=12, marker=12):
    """Where the names are drawn, as [left, right, lower, upper], on axes of one pixel a unit."""
    found = []
    for (x, y), name, side in zip(points, names, chosen, strict=True):
        across, up = SIDES[side]
        width, height = WIDE * font * len(name), HIGH * font
        x, y = x + across * (width + marker) / 2, y + up * (height + marker) / 2
        found.append([x - width / 2, x + width / 2, y - height / 2, y + height / 2])
    return np.array(found)


def in_pixels(points):
    """Room in which one unit is one pixel."""
    extent = np.ptp(points, axis=0) * 1.32
    return tuple(np.where(extent > 0, extent, 1.32))


def test_a_name_alone_stands_above_its_point():
    assert sides([[0, 0]], ["one"], room=ROOM) == ["top center"]
    assert sides([[0, 0], [9, 9]], ["one", "two"], room=ROOM) == ["top center"] * 2
    assert sides(np.empty((0, 2)), [], room=ROOM) == []


def test_names_of_points_in_one_place_stand_on_different_sides():
    chosen = sides([[0, 0]] * 4, ["name"] * 4, room=ROOM, unnamed=[[10, 10]])
    assert set(chosen) == {"top center", "middle right", "bottom center", "middle left"}


def test_a_name_makes_way_for_a_point_without_one():
    points = [[0, 0], [200, 200]]
    above = [[0, 15]]
    assert sides(points, ["here", "far"], room=in_pixels(points))[0] == "top center"
    chosen = sides(points, ["here", "far"], room=in_pixels(points), unnamed=above)
    assert chosen[0] != "top center"


def test_a_name_at_the_edge_stands_inside_the_frame():
    frame = (0, 100, 0, 100)
    corners = [[2, 50], [98, 50], [50, 2], [50, 98], [98, 98]]
    chosen = sides_in_pixels(corners, ["four"] * 5, frame=frame)
    drawn = boxes(corners, ["four"] * 5, chosen)
    assert chosen[:4] == ["middle right", "middle left", "top center", "bottom center"]
    assert (drawn[:, ::2] >= 0).all()
    assert (drawn[:, 1::2] <= 100).all()


@pytest.mark.parametrize("seed", range(5))
def test_much_less_is_hidden_than_with_all_names_above(seed):
    points = np.random.default_rng(seed).uniform(0, 300, (25, 2))
    names = [f"word{row:02}" for row in range(25)]

    def hidden(chosen):
        drawn = boxes(points, names, chosen)
        return _overlap(drawn, drawn).sum() - np.trace(_overlap(drawn, drawn))

    chosen = sides(points, names, room=in_pixels(points))
    assert hidden(chosen) < 0.35 * hidden(["top center"] * 25)
    assert sides(points, names, room=in_pixels(points)) == chosen


def test_what_two_boxes_share_is_counted_in_pixels():
    one = np.array([[0.0, 4, 0, 2]])
    assert _overlap(one, np.array([[3.0, 9, 1, 9], [4.0, 5, 0, 2]])).tolist() == [[1, 0]]
