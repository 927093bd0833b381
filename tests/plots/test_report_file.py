"""A report: complete, of its own, in its order, and safe whatever stands in it."""

from __future__ import annotations

import re

import plotly.graph_objects as go

from explorer.plots.html_page import figure_json
from explorer.plots.printed import figure_html, printed
from explorer.plots.report_file import ReportEntry, ReportFigure, ReportTable, report_html

BAD = "</script><script>window.hit=1</script><b>bold</b>"


def figure(title="A chart"):
    made = go.Figure(go.Bar(x=[1, 2], y=[3, 4])).to_dict()
    return ReportFigure(title, figure_json(printed(made, title)), f"{title}: two bars")


def entry(**changes):
    table = ReportTable.of("near", {"item": ["queen", BAD], "score": [0.9, 0.8]})
    arguments = {
        "title": "Neighbours", "facts": ["Space: words"], "figures": [figure()],
        "tables": [table], "python": ["found = 1 < 2"], "link": "neighbors?focus=king",
        "made": "2026-11-22 12:00", "note": "See here.", **changes,
    }  # fmt: skip
    return ReportEntry(**arguments)


def page(*entries, title="Report"):
    return report_html(title, entries).decode()


def own(text):
    """What is ours: without plotly.js."""
    return re.sub(r"<script>(?:(?!</script>).)*</script>", "", text, count=1, flags=re.S)


def test_plotly_is_inside_once_and_every_figure_has_its_place():
    text = page(entry(), entry(figures=[figure("B"), figure("C")]))
    assert text.count("<script>") == 2  # plotly.js, and the lines that draw
    assert re.findall(r'<div id="(\w+)" role="img"', text) == [
        "figure1x0", "figure2x0", "figure2x1",
    ]  # fmt: skip


def test_everything_is_text_whatever_is_written():
    text = own(page(entry(title=BAD, note=BAD, facts=[BAD], python=[BAD], link=BAD,
                          figures=[figure(BAD)]), title=BAD))  # fmt: skip
    assert "window.hit=1</script>" not in text
    assert "<b>bold" not in text


def test_it_names_no_other_host():
    assert "http" not in own(page(entry()))


def test_views_stand_in_their_order_with_note_facts_lines_and_link():
    text = page(entry(title="First"), entry(title="Second"))
    assert text.index("1. First") < text.index("2. Second")
    for told in ("See here.", "Space: words", "found = 1 &lt; 2", "/neighbors?focus=king",
                 "<td>queen</td>", "Computed with Python"):  # fmt: skip
        assert told in text


def test_a_long_table_is_cut_and_says_so():
    long = ReportTable.of("numbers", {"n": range(5_000)})
    assert long.rows == 5_000
    assert "100 of 5,000 rows" in page(entry(tables=[long]))


def test_a_printed_figure_has_its_title_above_its_origin_below_and_room_for_both():
    made = go.Figure(go.Bar(x=[1], y=[1]), {"margin": {"t": 0, "b": 8}}).to_dict()
    layout = printed(made, "A <b>title</b>", ["from here", "x " * 300])["layout"]
    assert layout["title"]["text"] == "A &lt;b&gt;title&lt;/b&gt;"
    assert layout["annotations"][-1]["text"].startswith("from here<br>x x")
    assert layout["margin"]["t"] >= 40
    assert layout["margin"]["b"] > 100
    assert made["layout"]["margin"]["b"] == 8  # the page's own figure stays


def test_one_figure_is_a_page_too():
    made = go.Figure(go.Bar(x=[1], y=[1])).to_dict()
    text = figure_html(made, BAD, BAD, ["from here"]).decode()
    assert "window.hit=1</script>" not in own(text)
    assert "from here" in text
