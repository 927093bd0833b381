"""Charts of several trainings: what is drawn, and the sentence beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explorer.plots.experiments import (
    Series,
    bars_chart,
    lines_chart,
    scores_chart,
    stability_by_frequency,
    stability_histogram,
)

PAIRS = Series("pairs", [0.9, 0.7], [0.8, 0.5], [0.95, 0.8])
RANDOM = Series("random vectors", [0.01, -0.02], baseline=True)


def test_each_run_is_a_line_with_its_interval_and_the_legend_names_the_baseline_once():
    chart = scores_chart(["SGNS", "<b>"], [PAIRS, RANDOM, Series("x", [0, 1]), replace(RANDOM)])
    dots = chart.traces[0]
    assert dots["x"] == [0.9, 0.7]
    assert dots["error_x"]["array"] == pytest.approx([0.05, 0.1])
    assert dots["error_x"]["arrayminus"] == pytest.approx([0.1, 0.2])
    assert chart.traces[1]["y"] == dots["y"]  # the baseline beside its own list
    assert chart.layout["yaxis"]["ticktext"] == ["SGNS", "&lt;b>"]
    assert [trace["showlegend"] for trace in chart.traces] == [True, True, True, False]
    assert chart.alt == "Scores with 95% intervals. pairs: SGNS 0.9, <b> 0.7. x: SGNS 0, <b> 1."


def test_what_was_not_measured_is_a_gap_and_told_as_none():
    chart = lines_chart([2, 10], [Series("held out", [None, 2.5])], across="dimensions", up="loss")
    assert chart.traces[0]["y"] == [None, 2.5]
    assert chart.alt == "loss over dimensions. held out: 2 none, 10 2.5."
    assert chart.layout["xaxis"]["ticktext"] == ["2", "10"]


def test_bars_leave_room_for_their_numbers():
    chart = bars_chart(["a", "b"], [2.0, 150.4], title="Time", unit="s")
    assert chart.traces[0]["text"] == ["2 s", "150 s"]
    assert chart.layout["xaxis"]["range"][1] > 150.4


def test_overlaps_are_counted_as_shares_of_the_words_beside_random_ones():
    chart = stability_histogram(np.array([1.0, 1.0, 0.52]), np.zeros(5))
    bars, line = chart.traces
    assert sum(bars["y"]) == pytest.approx(1)
    assert (bars["y"][-1], line["y"][0]) == (pytest.approx(2 / 3), 1.0)
    assert "3 words: on average 0.84" in chart.alt


def test_overlap_over_frequency_has_the_means_of_tenths_rarest_first():
    frequency = np.arange(1, 21)
    chart = stability_by_frequency(frequency / 20, frequency, [f"w{n}" for n in frequency])
    means = chart.traces[1]
    assert means["x"][0] == 1.5
    assert means["y"] == pytest.approx([(2 * tenth + 1.5) / 20 for tenth in range(10)])
    assert "0.08 for the rarest tenth, 0.97 for the most frequent" in chart.alt
