"""Charts of faithfulness: what is drawn is what was measured, and a sentence says the same."""

import json

import numpy as np
import pytest

from explorer.faithfulness import PCA_MAP, RANDOM, baseline_maps, measure_faithfulness
from explorer.faithfulness.shepard import Shepard
from explorer.faithfulness.stress import rising_curve
from explorer.pairs import Pairs
from explorer.plots import faithfulness as charts
from explorer.plots import theme


@pytest.fixture(scope="module")
def scores():
    vectors = np.random.default_rng(0).standard_normal((120, 6)).astype(np.float32)
    maps = {"a <b>map</b>": vectors[:, :2], **baseline_maps(vectors)}
    return measure_faithfulness(vectors, maps, (5, 15))


def drawn(figure):
    return json.loads(figure.to_json())["data"]


def test_every_pair_is_counted_once_in_the_shepard_diagram(scores):
    found = scores[PCA_MAP].shepard
    figure = charts.shepard_figure(found, curve=rising_curve(found))
    assert np.nansum(figure.data[0].customdata) == len(found.in_space) == 120 * 119 // 2
    assert figure.layout.xaxis.title.text == "1 - cosine in the space"
    curve = figure.data[1]
    assert len(curve.x) <= charts.CORNERS
    assert (np.diff(curve.y) >= 0).all()
    assert "all 7,140 pairs" in charts.shepard_alt(found)


def test_a_shepard_diagram_of_one_distance_is_drawn():
    pairs = Pairs(np.zeros(9, np.int64), np.ones(9, np.int64), 2, None)
    found = Shepard(pairs, "euclidean", np.ones(9), np.zeros(9))
    assert drawn(charts.shepard_figure(found, curve=rising_curve(found)))


def test_baselines_are_grey_and_dashed_maps_are_not(scores):
    figure = charts.scores_by_k(scores, "continuity")
    own, random, pca = figure.data
    assert own.name == "a &lt;b>map&lt;/b>"
    assert own.line.color == theme.CATEGORICAL[0]
    assert random.line.color == pca.line.color == theme.OTHER
    assert random.line.dash != pca.line.dash
    assert tuple(own.x) == (5, 15)
    np.testing.assert_array_equal(random.y, scores[RANDOM].continuity)


def test_the_sentence_tells_the_scores(scores):
    alt = charts.scores_alt(scores, "preservation")
    assert f"{RANDOM} {scores[RANDOM].preservation[0]:.3f} at k = 5" in alt


@pytest.mark.parametrize("score", ["trustworthiness", "preservation"])
def test_a_distribution_holds_all_items(scores, score):
    values = {name: found.per_point(score, 15) for name, found in scores.items()}
    figure = charts.point_distribution(values, title="a score")
    for line in figure.data:
        assert sum(line.customdata) == 120
        assert sum(line.y) == pytest.approx(1)
    assert "median" in charts.point_alt(values, "a score")


def test_items_that_all_score_alike_are_drawn():
    figure = charts.point_distribution({"one": np.ones(7)}, title="a score")
    assert figure.data[0].customdata.tolist() == [7]
