"""The maps that a visitor chose: at once where that is quick, else computed in the background."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from explorer.computation import Computation, OnProgress
from explorer.errors import ExplorerError
from explorer.projection.map_cache import MapCache, map_key
from explorer.projection.pca import PCA, SAMPLE, pca, pca_preview
from explorer.projection.random_projection import random_projection
from explorer.projection.tsne import TsneSettings, tsne_layout, tsne_program
from explorer.projection.umap import UmapSettings
from explorer.projection.umap_learn import UmapLearnSettings
from explorer.space import EmbeddingSpace, FloatArray
from explorer.ui import background, cached, umap_jobs
from explorer.ui.map_choice import MapChoice
from explorer.ui.maps import ShownMap
from explorer.ui.umap_jobs import HeldMap

Made = ShownMap | Computation[ShownMap] | HeldMap

UMAPS = ("UMAP", "UMAP (umap-learn)")
QUICK = 50_000_000  # numbers that PCA and random projection read within a rerun


def projected(space: EmbeddingSpace, choice: MapChoice) -> Made:
    """The map, or what makes it (and may have failed); ExplorerError where there can be none.

    What makes a map is kept alive by asking for it here.
    """
    if choice.method == "Stored":
        return _stored(space, choice)
    if choice.method == "Columns":
        return _columns(space, choice)
    if choice.method in UMAPS:
        return _umap(space, choice)
    quick = space.vectors.size <= QUICK
    if choice.method == "PCA" and quick:
        timed = cached.principal_components(space, _components(space, choice))
        return _pca_map(space, choice, timed.value, timed.seconds)
    if choice.method == "Random projection" and quick:
        return _random(space, choice)
    if choice.method == "PCA":
        return _large_pca(space, choice)
    run = background.runs().ask(
        f"{space.digest} {choice.text}",
        lambda report: _compute(space, choice, report),
        background.asker(),
    )
    return run.result() if run.state == "done" else run


def begin_again(space: EmbeddingSpace, choice: MapChoice) -> None:
    """Compute a map once more whose run failed or was cancelled."""
    if choice.method in UMAPS:
        umap_jobs.begin(space, umap_settings(choice))
        return
    key = f"{space.digest} {choice.text}"
    if choice.method == "PCA":
        background.begin_again(f"{key} preview", lambda report: _preview(space, choice, report))
        return
    background.begin_again(key, lambda report: _compute(space, choice, report))


def let_go(space: EmbeddingSpace, choice: MapChoice) -> None:
    """Wait no longer for a map; its run stops where nobody else waits for it."""
    if choice.method in UMAPS:
        held = umap_jobs.held(space, umap_settings(choice))
        if held is not None and not held.finished:
            held.cancel()
        return
    for key in (f"{space.digest} {choice.text}", f"{space.digest} {choice.text} preview"):
        run = background.runs().find(key)
        if run is not None and not run.finished:
            run.leave(background.asker())


def umap_settings(choice: MapChoice, components: int = 2) -> umap_jobs.Settings:
    """The settings of our UMAP, or of umap-learn's."""
    if choice.method == "UMAP (umap-learn)":
        chosen = {**choice.settings, "densmap": choice["densmap"] == "yes"}
        return UmapLearnSettings(**chosen)
    return UmapSettings(**choice.settings, components=components)


def _umap(space: EmbeddingSpace, choice: MapChoice) -> ShownMap | HeldMap:
    settings = umap_settings(choice)
    held = umap_jobs.held(space, settings) or umap_jobs.begin(space, settings)
    coordinates = held.coordinates
    if coordinates is None:
        return held
    key = f"{held.key}:{choice.text}"
    axes = ("UMAP 1", "UMAP 2")
    return ShownMap(choice.title(), key, coordinates, axes, held.note, seconds=held.seconds)


def _large_pca(space: EmbeddingSpace, choice: MapChoice) -> Made:
    """On the components of a sample first, then exact."""
    server, me, key = background.runs(), background.asker(), f"{space.digest} {choice.text}"
    first = server.ask(f"{key} preview", lambda report: _preview(space, choice, report), me)
    if first.state != "done":
        return first
    run = server.ask(key, lambda report: _compute(space, choice, report), me)
    return run.result() if run.state == "done" else first.result()


def refining(space: EmbeddingSpace, choice: MapChoice) -> Computation[ShownMap] | None:
    """The run that makes the exact map of which a preview is shown, while it lasts."""
    run = background.runs().find(f"{space.digest} {choice.text}")
    return None if run is None or run.finished else run


def _preview(space: EmbeddingSpace, choice: MapChoice, report: OnProgress) -> ShownMap:
    report(0.0)
    found = pca_preview(space.vectors, _components(space, choice))
    shown = _pca_map(space, choice, found, None)
    note = f"{shown.note}; preview: the components are those of {SAMPLE:,} items, seed 0"
    return replace(shown, key=f"{shown.key}:preview", note=note)


def _compute(space: EmbeddingSpace, choice: MapChoice, report: OnProgress) -> ShownMap:
    """The map, in a thread: nothing of the session is at hand."""
    if choice.method == "PCA":
        components = _components(space, choice)
        return _pca_map(space, choice, pca(space.vectors, components, on_progress=report), None)
    if choice.method == "t-SNE":
        return _tsne(space, choice, report)
    return _random(space, choice)


def _stored(space: EmbeddingSpace, choice: MapChoice) -> ShownMap:
    name = choice["name"]
    stored = space.maps[name]
    axes = (f"{name} 1", f"{name} 2")
    return ShownMap(
        choice.title(),
        f"{space.digest}:{choice.text}",
        stored.coordinates[:, :2],
        axes,
        stored.note,
    )


def _columns(space: EmbeddingSpace, choice: MapChoice) -> ShownMap:
    names = (choice["x"], choice["y"])
    columns = [space.metadata[name].astype(np.float64) for name in names]
    for name, column in zip(names, columns, strict=True):
        missing = int((~np.isfinite(column)).sum())
        if missing:
            raise ExplorerError(
                f"The column {name!r} has no number for {missing:,} of {len(space):,} items: a map "
                "needs a place for each. Fill them in, or choose another column."
            )
    coordinates = np.column_stack(columns).astype(np.float32)
    key = f"{space.digest}:{space.metadata.digest}:{choice.text}"
    note = f"coordinates that came with the data: columns {names[0]} and {names[1]}"
    return ShownMap(choice.title(), key, coordinates, names, note)


def _components(space: EmbeddingSpace, choice: MapChoice) -> int:
    return int(min(max(choice["first"], choice["second"]), space.dimensions, len(space)))


def _pca_map(
    space: EmbeddingSpace, choice: MapChoice, found: PCA, seconds: float | None
) -> ShownMap:
    places = (choice["first"] - 1, choice["second"] - 1)
    shares = found.explained
    axes, columns, kept = [], [], 0.0
    for place in places:
        if place < len(shares):
            axes.append(f"PC {place + 1} ({shares[place]:.1%} of the variance)")
            columns.append(found.coordinates[:, place])
            kept += float(shares[place])
        else:  # one item or one dimension: everything lies on a line
            axes.append("no such component")
            columns.append(np.zeros(len(space), dtype=np.float32))
    names = " and ".join(str(place + 1) for place in places)
    note = f"PCA, components {names} of {min(len(space), space.dimensions)}, centred"
    return ShownMap(
        choice.title(), f"{space.digest}:{choice.text}", np.column_stack(columns),
        (axes[0], axes[1]), note, kept, seconds,
    )  # fmt: skip


def _random(space: EmbeddingSpace, choice: MapChoice) -> ShownMap:
    coordinates = random_projection(space.vectors, 2, kind=choice["kind"], seed=choice["seed"])
    kind = {"gaussian": "Gaussian", "sparse": "sparse"}[choice["kind"]]
    note = f"{kind} random projection to 2 dimensions, seed {choice['seed']}"
    axes = ("random direction 1", "random direction 2")
    return ShownMap(choice.title(), f"{space.digest}:{choice.text}", coordinates, axes, note)


def _tsne(space: EmbeddingSpace, choice: MapChoice, report: OnProgress) -> ShownMap:
    settings = TsneSettings(choice["perplexity"], choice["seed"])

    def compute() -> FloatArray:
        return tsne_layout(space.vectors, **settings.as_dict(), on_progress=report)

    key = map_key(space.digest, "t-SNE", tsne_program(), settings.as_dict())
    coordinates = MapCache().get(key)
    if coordinates is None:
        coordinates = compute()
        MapCache().put(key, coordinates)
    axes = ("t-SNE 1", "t-SNE 2")
    return ShownMap(
        choice.title(), f"{space.digest}:{choice.text}", coordinates, axes, str(settings)
    )
