"""The map as a file: complete, of its own, and safe whatever the items are called."""

from __future__ import annotations

import base64
import json
import re

import numpy as np
import pytest

from explorer.metadata import Metadata
from explorer.plots.map import Colouring, colouring
from explorer.plots.map_file import MapFile, map_html

NAMES = ["king", "queen", "</script><script>window.hit=1</script>", "<b>bold</b> & co"]
PLACES = np.array([[0, 0], [1, 0], [0, 1], [2, 2]], dtype=np.float32)


def shown(colours=None, **changes):
    arguments = {
        "coordinates": PLACES, "names": NAMES, "drawn": np.arange(4),
        "colours": colours or Colouring("none"), "axes": ("PC 1", "PC 2"),
        "title": "Words <script>", "provenance": ["from a & b"], "focus": 0, "neighbors": [1, 2],
        **changes,
    }  # fmt: skip
    return MapFile(**arguments)


def page_of(file):
    return map_html(file).decode("utf-8")


def figure_of(page):
    place = r'<script type="application/json" data-figure[^>]*>(.*?)</script>'
    found = re.search(place, page, re.S)
    return json.loads(found.group(1))


def test_all_points_travel_as_typed_numbers():
    trace = figure_of(page_of(shown()))["data"][0]
    assert trace["x"]["dtype"] == "f4"
    x = np.frombuffer(base64.b64decode(trace["x"]["bdata"]), dtype="<f4")
    np.testing.assert_array_equal(x, PLACES[:, 0])


def test_lines_lead_from_the_focus_to_each_neighbour():
    lines = next(one for one in figure_of(page_of(shown()))["data"] if one["mode"] == "lines")
    assert lines["x"] == [0, 1, None, 0, 0, None]
    assert lines["y"] == [0, 0, None, 0, 1, None]


def test_names_are_text_and_end_no_element():
    page = page_of(shown())
    assert "<script>window.hit" not in page
    assert "Words &lt;script&gt;" in page
    texts = figure_of(page)["data"][0]["text"]
    assert texts[3] == "&lt;b&gt;bold&lt;/b&gt; &amp; co"  # plotly.js shows <b>bold</b> & co


def test_each_category_is_a_trace_of_its_own_colour_and_absent_ones_are_left_out():
    colours = colouring(Metadata({"kind": ["a", "b", "a", "c"]}), "kind")
    traces = figure_of(page_of(shown(colours, drawn=np.array([0, 1, 2]))))["data"]
    named = {one["name"]: len(one["text"]) for one in traces if one.get("showlegend")}
    assert named == {"a": 2, "b": 1}


def test_numbers_get_a_scale_from_low_to_high():
    colours = colouring(Metadata({"size": np.array([1.0, 2.0, 3.0, 4.0])}), "size")
    marker = figure_of(page_of(shown(colours)))["data"][0]["marker"]
    assert marker["cmin"] < marker["cmax"]
    assert len(marker["colorscale"]) == 10


def test_the_file_names_no_other_host_outside_plotly_s_own_code():
    page = page_of(shown())
    own = re.sub(r"<script>(?:(?!</script>).)*</script>", "", page, count=1, flags=re.S)
    assert "http" not in own


@pytest.mark.parametrize("focus", [None, 3])
def test_a_map_without_neighbours_is_drawn_too(focus):
    page = page_of(shown(focus=focus, neighbors=[]))
    assert "Plotly.newPlot" in page


def test_the_neighbours_are_listed_with_their_scores_as_text():
    page = page_of(shown(neighbors=[1, 3], scores=["0.9", "0.8"], nearest="Nearest by cosine"))
    assert "<li>queen<span>0.9</span></li>" in page
    assert "<li>&lt;b&gt;bold&lt;/b&gt; &amp; co<span>0.8</span></li>" in page
