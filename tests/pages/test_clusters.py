"""The Clusters page: clusters and their cards, space and map, how many, a column, step by step."""

import time

import numpy as np
import pytest

from explorer import catalog
from explorer.clustering.agreement import agreement
from explorer.clustering.cards import cards
from explorer.clustering.groups import largest_first
from explorer.clustering.kmeans import k_means
from explorer.projection.pca import pca
from explorer.space import normalized
from explorer.ui.cluster_settings import FIRST_K
from tests.pages.conftest import opened

PAGE = "pages/explore/clusters.py"
MAPS, COUNT, COLUMN, STEPS = "Space and map", "How many?", "Against a column", "Step by step"


def said(app) -> str:
    """All that the page says, without the strokes that keep Markdown from reading signs."""
    kinds = ("title", "header", "markdown", "caption", "info", "warning", "error", "success")
    text = "\n".join(element.value for kind in kinds for element in getattr(app, kind))
    return text.replace("\\", "")


def until(app, *words, seconds=180):
    """Run the page until all of these words stand on it; what takes a while runs beside it.

    On a new machine that begins with compiling kernels.
    """
    end = time.monotonic() + seconds
    while not all(word in said(app) for word in words):
        assert time.monotonic() < end, f"waited in vain for {words}: {said(app)}"
        time.sleep(0.1)
        app.run()
        assert not app.exception
        assert not app.error
    return app


def part(app, name):
    app.segmented_control(key="clusters_part").set_value(name).run()
    assert not app.exception
    assert not app.error
    return app


def clusters(app, space="small-world", **params):
    return until(opened(app, PAGE, space=space, **params), "What is in them?")


def words():
    return catalog.open_bundled("small-world")


def labels_of_page(k=12):
    return largest_first(k_means(words().vectors, k, spherical=True).labels)


def names_of_page() -> list[str]:
    """Each cluster by its number and the word nearest its centre."""
    space = words()
    known = cards(normalized(space).vectors, labels_of_page())
    return [f"{one.number + 1} · {space.items[one.nearest[0]]}" for one in known]


def test_the_page_opens_with_twelve_clusters_measured_beside_dealt_labels(app):
    clusters(app)
    until(app, "12 clusters", "| silhouette | 0.")
    assert "| | here | dealt at random |" in said(app)
    assert "spherical k-means, k = 12" in said(app)
    assert "drawn 530 of 530" in said(app)


def test_a_card_names_what_a_cluster_has_more_of_than_chance(app):
    clusters(app)
    largest = int((labels_of_page() == 0).sum())
    text = said(app)
    assert f"{largest} items" in text
    assert "**Nearest the centre**" in text
    assert "**Most its own**" in text
    assert "kind " in text.split("**More than chance**: ")[1]
    assert " expected, p " in text


def test_by_euclidean_distance_the_clusters_are_others_and_the_page_says_so(app):
    clusters(app, metric="euclidean")
    assert "spherical" not in app.caption[-1].value
    assert "By Euclidean distance, the sidebar's metric" in said(app)


def test_a_cluster_is_renamed_and_the_name_is_kept(app):
    clusters(app)
    box = next(one for one in app.text_input if one.label == "Name")
    box.set_value("birds").run()
    assert not app.exception
    assert ">birds<" in said(app)
    part(app, COLUMN)
    assert app.dataframe[0].value["cluster"].tolist()[0] == "birds"


def test_a_name_that_is_taken_is_answered_in_a_sentence(app):
    clusters(app)
    second = names_of_page()[1]
    next(one for one in app.text_input if one.label == "Name").set_value(second).run()
    assert not app.exception
    assert f"Another group is called '{second}'" in said(app)


def test_merged_clusters_are_one_group_until_that_is_undone(app):
    clusters(app)
    merge = next(one for one in app.multiselect if one.label == "Make one group of")
    merge.set_value([0, 1]).run()
    app.button(key="merge").click().run()
    assert not app.exception
    joined = " + ".join(names_of_page()[:2])
    assert joined in said(app)
    app.button(key="split").click().run()
    assert joined not in said(app)


def test_a_cluster_is_isolated_on_the_map_and_shown_with_all_again(app):
    clusters(app)
    app.button(key="isolate_0").click().run()
    assert f"Only **{names_of_page()[0]}** is in colour" in said(app)
    app.button(key="show_all").click().run()
    assert "is in colour" not in said(app)


def test_a_cluster_opens_as_a_space_whose_provenance_names_it(app):
    clusters(app)
    app.button(key="open_0").click().run()
    assert not app.exception
    shelf = app.session_state["shelf"]
    name = names_of_page()[0]
    assert list(shelf) == [f"small-world, cluster {name}"]
    part_space = shelf[f"small-world, cluster {name}"]
    expected = np.flatnonzero(labels_of_page() == 0)
    assert list(part_space.items) == words().items.take(expected.tolist())
    assert f"of cluster {name} (spherical k-means" in part_space.provenance.preprocessing


def test_the_clusters_become_a_column_that_other_pages_can_use(app):
    clusters(app)
    app.button(key="as_column").click().run()
    assert app.session_state["view"].colour == "cluster (k-means, 12)"
    app.switch_page("pages/explore/map.py").run()
    assert not app.exception
    assert app.selectbox(key="pick_colour").value == "cluster (k-means, 12)"
    assert "shelf" not in app.session_state or not app.session_state["shelf"]
    app.switch_page(PAGE).run()
    app.button(key="as_column").click().run()
    assert app.session_state["view"].colour == ""
    assert "cluster (k-means, 12)" not in app.selectbox(key="pick_colour").options


def test_an_own_space_keeps_its_column_on_the_shelf(app):
    clusters(app)
    app.button(key="open_0").click().run()
    until(app, "What is in them?")
    app.button(key="as_column").click().run()
    assert not app.exception
    (own,) = app.session_state["shelf"].values()
    assert own.metadata["cluster (k-means, 12)"].tolist()[0].split(" · ")[0].isdigit()


def test_the_map_is_clustered_too_and_the_items_that_differ_are_listed(app):
    clusters(app)
    part(app, MAPS)
    until(app, "are elsewhere on the map", "agrees with itself")
    on_map = k_means(pca(words().vectors, 2).coordinates, 12).labels
    rand = agreement(labels_of_page(), on_map).rand
    assert f"Adjusted Rand index **{rand:.2f}**" in said(app)
    assert "shuffled: " in said(app)
    table = next(one.value for one in app.dataframe if "on the map" in one.value)
    assert (table["in the space"] != table["on the map"]).all()
    assert table["margin"].is_monotonic_decreasing


def test_curves_are_measured_and_a_k_can_be_taken_from_them(app):
    opened(app, PAGE, space="small-world")
    part(app, COUNT)
    app.segmented_control(key="most_k").set_value(12).run()
    until(app, "Silhouette: **")
    end = time.monotonic() + 180
    while "…" in said(app).split("They speak for k =")[1].split("W is the")[0]:
        assert time.monotonic() < end
        time.sleep(0.2)
        app.run()
    take = next(one for one in app.button if one.label.startswith("k = "))
    k = int(take.label.removeprefix("k = "))
    take.click().run()
    assert not app.exception
    assert app.slider(key="cluster_k").value == k


def test_clusters_stand_against_a_column_with_scores_beside_shuffled_ones(app):
    clusters(app)
    part(app, COLUMN)
    labels, space = labels_of_page(), words()
    names = sorted(set(space.metadata["kind"]))
    codes = np.array([names.index(one) for one in space.metadata["kind"]])
    found = agreement(labels, codes)
    app.selectbox(key="against_small-world").set_value("kind").run()
    assert [one.value for one in app.metric] == [
        f"{found.rand:.3f}", f"{found.information:.3f}", f"{found.purity:.3f}"
    ]  # fmt: skip
    assert said(app).count("20 shuffles, seed 0") == 3


def test_hdbscan_tells_how_many_items_are_noise(app):
    clusters(app, space="digits")
    app.segmented_control(key="cluster_method").set_value("HDBSCAN").run()
    until(app, "items in none")
    assert "HDBSCAN, at least 25 items a cluster" in said(app)


def test_too_many_items_for_hdbscan_are_told_in_a_sentence(app, monkeypatch):
    monkeypatch.setattr("explorer.clustering.density.MOST_ITEMS", 100)
    clusters(app)
    app.segmented_control(key="cluster_method").set_value("HDBSCAN").run()
    until(app, "it takes at most 100 items; got 530")
    assert "Use k-means, or open a part" in said(app)


def test_what_was_let_go_for_another_k_is_computed_when_it_is_wanted_again(app, monkeypatch):
    from explorer.clustering import kmeans
    from explorer.ui import cluster_results

    def slow(vectors, k, **settings):
        while k == 13:  # until it is let go
            settings["progress"](0.5)
            time.sleep(0.01)
        return kmeans.k_means(vectors, k, **settings)

    clusters(app)
    monkeypatch.setattr(cluster_results, "k_means", slow)
    app.slider(key="cluster_k").set_value(13).run()
    assert "13 clusters" not in said(app)
    app.slider(key="cluster_k").set_value(14).run()
    until(app, "14 clusters")
    monkeypatch.undo()
    app.slider(key="cluster_k").set_value(13).run()
    until(app, "13 clusters")
    assert "was stopped" not in said(app)


def test_the_link_holds_k_and_the_part_and_restores_them(app):
    clusters(app)
    app.slider(key="cluster_k").set_value(7)
    part(app, COLUMN)
    assert app.query_params["k"] == "7"
    assert app.query_params["part"] == COLUMN
    app.query_params["k"], app.query_params["part"] = "9", COUNT
    app.run()
    assert app.slider(key="cluster_k").value == 9
    assert app.segmented_control(key="clusters_part").value == COUNT
    app.query_params["k"] = "many"
    app.run()
    assert app.slider(key="cluster_k").value == FIRST_K


def test_step_by_step_goes_on_back_and_to_the_end(app):
    opened(app, PAGE, space="small-world")
    part(app, STEPS)
    assert "Step **1 of " in said(app)
    app.button(key="step_step").click().run()
    assert "Step **2 of " in said(app)
    app.button(key="step_back").click().run()
    assert "Step **1 of " in said(app)
    app.button(key="step_end").click().run()
    assert "k-means has ended" in said(app)
    app.selectbox(key="plane").set_value("the map of this space").run()
    assert not app.exception
    assert "Step **1 of " in said(app)


@pytest.mark.parametrize("name", ["Clusters", MAPS, COUNT, COLUMN, STEPS])
@pytest.mark.parametrize("items", [1, 3])
def test_a_space_of_few_items_is_answered_on_every_part(app, name, items):
    from explorer.items import Items
    from explorer.space import EmbeddingSpace, Provenance

    opened(app, PAGE, space="small-world")
    vectors = np.eye(items, 4, dtype=np.float32)
    few = EmbeddingSpace("few", Items.numbered(items), vectors, Provenance("made"))
    app.session_state["shelf"] = {"few": few}
    app.run()
    app.selectbox(key="pick_space").set_value("few").run()
    part(app, name)
    if items == 1:
        assert "too few items" in said(app)


def test_before_kernels_are_compiled_a_preview_needs_none(monkeypatch):
    from explorer.ui import cluster_results
    from explorer.ui.cluster_results import Chosen

    monkeypatch.setattr("explorer.ui.warm.is_ready", lambda *tasks: False)
    chosen = Chosen(k=5)
    space = words()
    found = cluster_results._preview("a", space.vectors, chosen, lambda share: None)
    assert found.preview
    assert found.count == 5
    assert "k-means on 530 items" in found.note
    again = cluster_results._preview("a", space.vectors, chosen, lambda share: None)
    assert (again.labels == found.labels).all()


@pytest.mark.parametrize("settings", [{}, {"spherical": False}, {"method": "HDBSCAN"}])
def test_the_exported_lines_give_the_labels_of_the_page(settings):
    from explorer.ui.cluster_results import Chosen, _compute

    chosen = Chosen(k=7, seed=3, min_cluster_size=10, **settings)
    space = words()
    lines: dict[str, object] = {"space": space}
    exec(chosen.python(), lines)
    measured = normalized(space).vectors if chosen.spherical else space.vectors
    used = measured if chosen.method == "HDBSCAN" else space.vectors
    found = _compute("a", used, chosen, lambda share: None)
    assert (lines["labels"] == found.labels).all()
    assert (lines["vectors"] == measured).all()
