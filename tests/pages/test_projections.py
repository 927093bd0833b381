"""The Projections page: maps side by side, their scores, every part of it."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from explorer import catalog
from explorer.faithfulness import baseline_maps, measure_faithfulness
from explorer.items import Items
from explorer.metadata import Metadata
from explorer.space import EmbeddingSpace, Provenance
from explorer.ui.projections_view import PARTS
from tests.pages.conftest import opened
from tests.pages.test_metrics import said

PAGE = "pages/explore/projections.py"


def until(app, there, seconds=60.0):
    """Run the page again until something is there: computations end in their own time."""
    end = time.monotonic() + seconds
    while not there(said(app)):
        assert time.monotonic() < end, said(app)
        time.sleep(0.05)
        app.run()
        assert not app.exception
    return said(app)


def scored(text):
    return "Continuity" in text and "…" not in text and "± " not in text


def column_of(text, title):
    """The scores of one map in the table, by their names."""
    rows = [line[1:-1].split("|") for line in text.splitlines() if line.startswith("|")]
    place = [cell.strip() for cell in rows[0]].index(title)
    return {row[0].strip(): row[place].strip() for row in rows[2:]}


def part(app, name):
    app.segmented_control(key="projections_part").set_value(name).run()
    assert not app.exception


def on_shelf(app, space, page=PAGE):
    opened(app, page, space="small-world")
    app.session_state["shelf"] = {space.name: space}
    app.run()
    app.selectbox(key="pick_space").set_value(space.name).run()
    assert not app.exception


def cloud(n=40, d=6, **metadata):
    vectors = np.random.default_rng(0).normal(size=(n, d)).astype(np.float32)
    items = Items([f"item {row}" for row in range(n)])
    return EmbeddingSpace(
        "cloud", items, vectors, Provenance("made"), metadata=Metadata(metadata, rows=n)
    )


def test_pca_and_the_stored_umap_stand_side_by_side_at_once(app):
    opened(app, PAGE)
    assert not app.error
    text = said(app)
    assert "**PCA**" in text
    assert "**UMAP (stored)**" in text
    assert "PCA, components 1 and 2 of 64, centred" in text
    assert "15 neighbours" in text


def test_the_table_holds_the_scores_of_the_library_and_those_of_a_random_layout(app):
    opened(app, PAGE)
    text = until(app, scored)
    space = catalog.open_bundled("digits")
    maps = {"UMAP": space.maps["UMAP"].coordinates[:, :2], **baseline_maps(space.vectors)}
    found = measure_faithfulness(space.vectors, maps)
    for title, name in (("UMAP (stored)", "UMAP"), ("PCA", "PCA")):
        column, one = column_of(text, title), found[name]
        assert column["Trustworthiness, k = 15"] == f"**{one.trustworthiness[1]:.3f}**"
        assert column["Continuity, k = 15"] == f"**{one.continuity[1]:.3f}**"
        assert column["Distances, rank correlation"] == f"{one.spearman:.3f}"
        assert column["Distances, linear correlation"] == f"{one.pearson:.3f}"
    random = column_of(text, "Random layout")["Trustworthiness, k = 15"]
    assert abs(float(random.strip("*")) - 0.5) < 0.02


def test_a_link_says_which_map_it_does_not_find(app):
    opened(app, "pages/explore/map.py", maps=["Isomap", "Stored;name=../x"])
    assert "the map 'Isomap', not found in digits" in said(app)
    assert "the map 'Stored;name=../x', not found" in said(app)
    assert app.session_state["view"].maps == ()


def test_a_link_restores_the_maps(app):
    opened(
        app, PAGE,
        maps=["PCA;first=2;second=3", "Random projection;kind=sparse;seed=5", "Isomap", "PCA;x=1"],
    )  # fmt: skip
    text = said(app)
    assert "**PCA 2, 3**" in text
    assert "**Random projection, sparse, seed 5**" in text
    assert app.session_state["view"].maps == (
        "PCA;first=2;second=3", "Random projection;kind=sparse;seed=5",
    )  # fmt: skip


def test_the_link_holds_the_size_of_the_neighbourhood_and_restores_it(app):
    opened(app, PAGE)
    control = app.segmented_control(key="projections_k_50")
    assert control.value == 15
    assert "k" not in app.query_params
    control.set_value(5).run()
    assert app.query_params["k"] == "5"
    app.query_params["k"] = "50"
    app.run()
    assert app.segmented_control(key="projections_k_50").value == 50


def test_maps_are_added_changed_and_taken_away_up_to_four(app):
    opened(app, PAGE, space="small-world")
    app.button(key="add_Random projection").click().run()
    app.button(key="add_PCA;first=3;second=4").click().run()
    assert len(app.session_state["view"].maps) == 4
    assert not [one for one in app.button if str(one.key).startswith("add_")]
    app.button(key="map_away_0").click().run()
    assert app.session_state["view"].maps == (
        "Stored;name=UMAP", "Random projection", "PCA;first=3;second=4",
    )  # fmt: skip
    again = [one for one in app.button if one.label == "Another draw"]
    again[-1].click().run()
    assert "Random projection;seed=2" in app.session_state["view"].maps
    assert not app.exception


def test_two_components_that_are_one_are_answered_in_a_sentence(app):
    opened(app, PAGE, maps=["PCA"])
    app.number_input(key="map_0_PCA_second").set_value(1)
    next(one for one in app.button if one.label == "Show").click().run()
    assert "must differ" in said(app)
    app.number_input(key="map_0_PCA_second").set_value(5)
    next(one for one in app.button if one.label == "Show").click().run()
    assert app.session_state["view"].maps == ("PCA;second=5",)


def test_the_settings_of_a_map_begin_with_what_it_is(app):
    opened(app, PAGE, maps=["Stored;name=UMAP", "UMAP;metric=euclidean;neighbors=7;epochs=20"])
    assert app.selectbox(key="map_0_Stored;name=UMAP_name").proto.default == 1
    field = "map_1_UMAP;neighbors=7;epochs=20;metric=euclidean"
    assert app.number_input(key=f"{field}_neighbors").value == 7
    assert app.selectbox(key=f"{field}_metric").value == "euclidean"
    app.selectbox(key=f"{field}_metric").set_value("cosine")
    [one for one in app.button if one.label == "Show"][1].click().run()
    assert "UMAP;neighbors=7;epochs=20" in app.session_state["view"].maps


def test_maps_are_painted_by_their_mistakes_on_one_scale(app):
    opened(app, PAGE)
    until(app, scored)
    app.segmented_control(key="projections_paint").set_value("trustworthiness").run()
    assert not app.exception
    legend = next(one for one in app.get("html") if "linear-gradient" in one.proto.body)
    assert "False neighbours, k = 15" in legend.proto.body


def test_the_lines_of_python_make_the_same_scores(app):
    opened(
        app, PAGE, space="small-world",
        maps=["PCA;first=2;second=3", "Stored;name=UMAP", "Random projection;kind=sparse",
              "UMAP;epochs=20"],
    )  # fmt: skip
    text = until(app, scored)
    lines = next(one.value for one in app.code if "measure_faithfulness" in one.value)
    names: dict = {}
    exec(lines, names)
    for title, one in names["found"].items():
        if title != "Random layout":
            known = one.trustworthiness[names["one"].ks.index(15)]
            column = column_of(text.replace("PCA (baseline)", "PCA"), title)
            assert column["Trustworthiness, k = 15"] == f"**{known:.3f}**"


def test_the_users_own_columns_are_a_map_that_is_scored_as_any_other(app):
    perfect = cloud(d=2)
    space = replace(
        perfect, metadata=Metadata({"east": perfect.vectors[:, 0], "north": perfect.vectors[:, 1]})
    )
    on_shelf(app, space)
    app.selectbox(key="pick_metric").set_value("euclidean").run()
    app.button(key="add_Columns;x=east;y=north").click().run()
    text = until(app, scored)
    column = column_of(text, "east × north")
    assert column["Trustworthiness, k = 15"] == column["Continuity, k = 15"] == "**1.000**"
    assert column["Neighbours kept, k = 5"] == "1.000"


def test_columns_with_gaps_are_refused_in_a_sentence(app):
    space = cloud(east=[float("nan"), *range(39)], north=list(range(40)))
    on_shelf(app, space)
    app.button(key="add_Columns;x=east;y=north").click().run()
    assert not app.exception
    assert "'east' has no number for 1 of 40 items" in said(app)


def test_tsne_is_made_in_its_own_process(app):
    on_shelf(app, cloud(12))
    app.button(key="add_t-SNE").click().run()
    until(app, lambda text: "t-SNE by" in text and "perplexity 30" in text, seconds=120)
    assert "**t-SNE**: keeps who is near whom" in said(app)


def test_pca_of_a_large_space_is_there_by_a_sample_first_then_exact(app, monkeypatch):
    from explorer.ui import projections_maps

    gate = threading.Event()
    exact = projections_maps.pca

    def slow(*arguments, **options):
        gate.wait(30)
        return exact(*arguments, **options)

    monkeypatch.setattr(projections_maps, "QUICK", 1)
    monkeypatch.setattr(projections_maps, "pca", slow)
    opened(app, PAGE, space="small-world", maps=["PCA;first=2;second=3"])
    until(app, lambda text: "preview: the components are those of 20,000 items" in text)
    assert app.get("progress")
    gate.set()
    until(app, lambda text: "components 2 and 3 of 50, centred" in text and "preview" not in text)


def test_umap_is_made_beside_the_others_and_scored_when_it_is_there(app):
    opened(app, PAGE, space="small-world", maps=["PCA", "UMAP;neighbors=10;epochs=40"])
    text = until(app, lambda text: "UMAP, 10 neighbours" in text and scored(text))
    column = column_of(text, "UMAP, neighbors 10, epochs 40")
    assert float(column["Trustworthiness, k = 15"].strip("*")) > 0.8


def test_umap_can_be_cancelled_and_begun_again(app):
    opened(app, PAGE, maps=["PCA", "UMAP;epochs=2000"])
    app.button(key="map_cancel_1").click().run()
    until(app, lambda text: "cancelled" in text)
    app.button(key="map_again_1").click().run()
    assert not app.exception
    until(app, lambda text: "cancelled" not in text)
    app.button(key="map_away_1").click().run()
    assert app.session_state["view"].maps == ("PCA",)


def test_umap_stopped_half_way_is_a_map_that_says_so(app):
    opened(app, PAGE, maps=["PCA", "UMAP;epochs=2000;seed=9"])
    until(app, lambda text: any(b.key == "map_stop_1" and not b.disabled for b in app.button))
    app.button(key="map_stop_1").click().run()
    until(app, lambda text: "stopped at epoch" in text)


def test_umap_in_three_dimensions(app):
    opened(app, PAGE, space="small-world", maps=["PCA", "UMAP;epochs=30"])
    part(app, "3-D")
    app.segmented_control(key="method_3d").set_value("UMAP").run()
    until(app, lambda text: "3 dimensions" in text and "Drag to turn" in text)


def test_seeds_are_laid_on_each_other_and_the_wanderers_named(app):
    opened(app, PAGE, space="small-world", maps=["PCA", "UMAP;epochs=30;neighbors=8"])
    part(app, "Other seeds")
    app.slider(key="seed_count").set_value(3).run()
    text = until(app, lambda text: "Over 3 seeds" in text)
    wander, chance = (
        float(found) for found in re.findall(r"\*\*(0\.\d+)\*\* of.*by (\d\.\d+)\.", text)[0]
    )
    assert 0 < wander < chance
    spread = app.dataframe[0].value["spread"]
    assert spread.is_monotonic_decreasing
    assert "Dashed rings" in text


def test_every_part_opens_and_explains_itself(app):
    opened(app, PAGE)
    for name in PARTS:
        part(app, name)
        until(app, lambda text: "usual mistake" in text and not app.get("progress"))
        assert not app.error, name
        assert "exact search" in said(app)


def test_the_worst_item_of_a_map_is_the_first_of_the_table(app):
    opened(app, PAGE)
    until(app, scored)
    part(app, "Item by item")
    until(app, lambda text: "wrongs most" in text)
    space = catalog.open_bundled("digits")
    maps = {"UMAP": space.maps["UMAP"].coordinates[:, :2]}
    found = measure_faithfulness(space.vectors, maps)["UMAP"]
    worst = int(found.ranks.rows[found.worst("trustworthiness", 15, 1)[0]])
    assert app.dataframe[0].value["item"].iloc[0] == space.items[worst]
    assert "a random layout 0." in said(app)


@pytest.mark.parametrize(("n", "d"), [(1, 3), (2, 2), (3, 1), (7, 2)])
def test_small_spaces_are_answered_in_every_part(app, n, d):
    on_shelf(app, cloud(n, d))
    for name in PARTS:
        part(app, name)
        until(app, lambda text: not app.get("progress"))
        assert not app.error, name
