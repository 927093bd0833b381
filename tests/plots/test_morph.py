"""A neighbourhood that moves from one map to another: where it starts, where it ends."""

import numpy as np

from explorer.plots.morph import STEPS, morph_figure

FIRST = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]])
SECOND = np.array([[1.0, 1.0], [3.0, 0.0], [0.0, 4.0]])


def figure():
    return morph_figure(
        FIRST, SECOND, ["here", "<b>", "c"], ["focus", "true", "second"], ("PCA", "UMAP")
    )


def places(traces):
    """The places of the three items in one frame, from its traces."""
    _, true, first, second, both, focus = traces
    assert len(first.x) == len(both.x) == 0
    return np.array([[focus.x[0], focus.y[0]], [true.x[0], true.y[0]], [second.x[0], second.y[0]]])


def test_it_starts_on_the_first_map_ends_on_the_second_and_never_turns_back():
    drawn = figure()
    assert np.allclose(places(drawn.data), FIRST)
    frames = [places(frame.data) for frame in drawn.frames]
    assert len(frames) == STEPS + 1
    assert np.allclose(frames[0], FIRST)
    assert np.allclose(frames[-1], SECOND)
    along = [float(frame[0, 0]) for frame in frames]
    assert along == sorted(along)


def test_lines_join_the_focus_and_its_true_neighbours_alone():
    line = figure().data[0]
    assert line.x == (0.0, 1.0, None)
    assert line.y == (0.0, 0.0, None)


def test_names_are_shown_to_the_letter():
    assert figure().data[1].text == ("&lt;b>",)
