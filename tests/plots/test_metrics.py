"""The chart of ranks: every item's line is drawn once, at its ranks, in the colour of its kind."""

from __future__ import annotations

import numpy as np

from explorer.metric_comparison import compare_metrics
from explorer.plots.metrics import ALL, MEANING, ONE, SOME, bump_chart


def test_every_item_has_one_line_through_its_ranks():
    random = np.random.default_rng(3)
    vectors = (random.standard_normal((200, 8)) * random.uniform(0.2, 3, (200, 1))).astype("f4")
    found = compare_metrics(vectors, 5, k=6)
    names = [f"item {row}" for row in found.union.tolist()]
    figure = bump_chart(names, found)
    lines = {trace.name: trace for trace in figure.data if trace.name in MEANING.values()}
    drawn = {}
    for colour in (ALL, SOME, ONE):
        trace = lines[MEANING[colour]]
        if not trace.text:
            continue  # nothing is of that kind: it stands in the legend alone
        points = [(x, y, text) for x, y, text in zip(trace.x, trace.y, trace.text, strict=True)]
        assert len(points) % 4 == 0  # three metrics and a gap
        for at in range(0, len(points), 4):
            name = trace.hovertemplate[at].split("</b>")[0].removeprefix("<b>")
            assert [x for x, _, _ in points[at : at + 4]] == [0, 1, 2, None]
            drawn[name] = ([int(text) for _, _, text in points[at : at + 3]], colour)
    assert sorted(drawn) == sorted(names)
    for item, name in enumerate(names):
        ranks, colour = drawn[name]
        assert ranks == found.ranks[:, item].tolist()
        by = int((found.ranks[:, item] <= 6).sum())
        assert colour == {3: ALL, 1: ONE}.get(by, SOME)
    first, last = figure.data[-2:]
    assert list(first.text) == list(last.text) == names
    within = found.ranks[0] <= 6
    assert np.array_equal(np.asarray(first.y)[within], found.ranks[0][within])
