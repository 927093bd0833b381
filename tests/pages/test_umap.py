"""UMAP on the Map page: it moves, is stopped or cancelled, and comes back at once."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.items import Items
from explorer.metadata import Metadata
from explorer.projection.umap import UmapSettings
from explorer.space import EmbeddingSpace, Provenance
from explorer.ui import umap_jobs

SECONDS = 90
ENDLESS = UmapSettings(epochs=100_000)


@pytest.fixture(autouse=True)
def own_runs(monkeypatch):
    """No child that compiles, and no runs left from another test."""
    monkeypatch.setenv("EMBEDDING_EXPLORER_WARM_UP", "off")
    umap_jobs.runs.clear()
    umap_jobs.worker.clear()
    yield
    for run in list(umap_jobs.runs()._live.values()):
        run.stop.set()
        run.finished.wait(SECONDS)
    umap_jobs.runs.clear()


def cloud(n=300, seed=0):
    vectors = np.random.default_rng(seed).normal(size=(n, 6)).astype(np.float32)
    group = ["odd" if row % 2 else "even" for row in range(n)]
    return EmbeddingSpace(
        name="cloud", items=Items([f"i{row}" for row in range(n)]), vectors=vectors,
        metadata=Metadata({"group": group}, rows=n), provenance=Provenance("a test", "arrays"),
    )  # fmt: skip


def with_cloud(app, name="UMAP", settings=None):
    space = cloud()
    app.session_state["shelf"] = {"cloud": space}
    if settings is not None:
        app.session_state[f"{name} settings"] = settings
    app.query_params["space"] = "cloud"
    app.query_params["map"] = name
    app.run()
    assert not app.exception
    held = list(app.session_state["umap_held"].values())
    return space, held[-1]


def captions(app):
    return " ".join(one.value for one in app.caption)


def test_a_map_is_begun_by_looking_at_it_and_stands_there_when_it_is_made(app):
    _, held = with_cloud(app)
    assert held.wait(SECONDS)
    app.run()
    assert not app.exception
    assert "map: UMAP, 15 neighbours, minimum distance 0\\.1, cosine, seed 1; neighbours exact" in (
        captions(app).replace("\\,", ",").replace("\\;", ";")
    )
    assert held.seconds is not None


def test_while_it_is_made_its_progress_is_shown_and_stop_keeps_the_frame(app):
    _, held = with_cloud(app, settings=ENDLESS)
    while held.frame_number < 3:
        assert not held.finished
    app.run()
    assert {"umap_stop", "umap_cancel"} <= {button.key for button in app.button}
    app.button(key="umap_stop").click().run()
    assert held.state == "stopped"
    assert "stopped at epoch" in captions(app)
    assert umap_jobs.MapCache().get("anything") is None
    app.button(key="umap_again").click().run()
    again = list(app.session_state["umap_held"].values())[-1]
    assert again is not held
    assert again.state in ("queued", "starting", "running")


def test_cancel_goes_back_to_pca(app):
    _, held = with_cloud(app, settings=ENDLESS)
    while held.frame_number < 2:
        assert not held.finished
    app.run()
    app.button(key="umap_cancel").click().run()
    assert held.state == "cancelled"
    assert app.session_state["view"].map == "PCA"
    assert not app.exception


def test_new_settings_make_another_map_beside_the_first(app):
    _, first = with_cloud(app, settings=UmapSettings(epochs=20))
    assert first.wait(SECONDS)
    app.run()
    app.number_input(key="umap_seed").set_value(2)
    app.number_input(key="umap_epochs").set_value(20)
    next(button for button in app.button if button.label == "Make the map").click().run()
    assert not app.exception
    held = list(app.session_state["umap_held"].values())
    assert [one.settings.seed for one in held] == [1, 2]
    assert held[1].wait(SECONDS)


def test_a_map_made_before_is_there_at_once_for_another_session(app):
    _, first = with_cloud(app, settings=UmapSettings(epochs=20))
    assert first.wait(SECONDS)
    app.session_state["umap_held"].clear()
    app.run()
    again = list(app.session_state["umap_held"].values())[-1]
    assert (again.state, again.seconds) == ("done", None)
    assert (again.coordinates == first.coordinates).all()


def test_the_menu_of_umap_learn_offers_what_ours_does_not(app):
    _, held = with_cloud(app, "UMAP (umap-learn)")
    kinds = app.selectbox(key="learn_kind").options
    assert kinds == ["plain", "densMAP", "told: group"]
    assert "manhattan" in app.selectbox(key="learn_metric").options
    held.cancel()


def test_a_moving_map_stays_in_its_box():
    frame = np.array([[3.0, 10.0], [5.0, 30.0]], dtype=np.float32)
    assert umap_jobs.in_unit_box(frame) == pytest.approx(np.array([[-0.1, -1], [0.1, 1]]))
    assert umap_jobs.in_unit_box(np.ones((2, 2), dtype=np.float32)).tolist() == [[0, 0], [0, 0]]
