"""The Python that makes the maps of the page again, and scores them."""

from __future__ import annotations

from explorer.space import EmbeddingSpace
from explorer.ui import projections_maps
from explorer.ui.map_choice import MapChoice
from explorer.ui.python_lines import opening_lines
from explorer.ui.state import current, shown_maps


def scoring_lines(space: EmbeddingSpace, k: int) -> str:
    """Lines that make the maps that stand side by side and measure each beside the baselines."""
    made = [(choice.title(), *map_lines(choice)) for choice in shown_maps.compared_maps()]
    imports = sorted({line for _, line, _ in made if line})
    entries = [f"    {title!r}: {expression}," for title, _, expression in made]
    metric = current.view().metric
    return "\n".join(
        [
            opening_lines(space),
            "from explorer.faithfulness import baseline_maps, measure_faithfulness",
            *imports,
            "maps = {",
            *entries,
            "    **baseline_maps(space.vectors),",
            "}",
            f"found = measure_faithfulness(space.vectors, maps, metric={metric!r})",
            f"one = found[{made[0][0]!r}]",
            f"one.trustworthiness, one.continuity, one.per_point('trustworthiness', {k})",
        ]
    )


def map_lines(choice: MapChoice) -> tuple[str, str]:
    """An import, and the expression that gives (n, 2) coordinates of a map of `space`."""
    if choice.method == "PCA":
        first, second = choice["first"], choice["second"]
        columns = "" if (first, second) == (1, 2) else f"[:, [{first - 1}, {second - 1}]]"
        return (
            "from explorer.projection.pca import pca",
            f"pca(space.vectors, {max(first, second)}).coordinates{columns}",
        )
    if choice.method == "Random projection":
        return (
            "from explorer.projection.random_projection import random_projection",
            f"random_projection(space.vectors, 2, kind={choice['kind']!r}, seed={choice['seed']})",
        )
    if choice.method == "t-SNE":
        return (
            "from explorer.projection.tsne import tsne_layout",
            f"tsne_layout(space.vectors, perplexity={choice['perplexity']:g}, "
            f"seed={choice['seed']})",
        )
    if choice.method == "UMAP":
        settings = projections_maps.umap_settings(choice).as_dict()
        return (
            "from explorer.projection.umap import UmapSettings, umap",
            f"umap(space.vectors, UmapSettings(**{settings}))",
        )
    if choice.method == "UMAP (umap-learn)":
        settings = projections_maps.umap_settings(choice).as_dict()
        imports = "from explorer.projection.umap_learn import UmapLearnSettings, umap_learn_map"
        told = ""
        if choice["told"]:
            imports = f"from explorer.metadata import category_codes\n{imports}"
            told = f", target=category_codes(space.metadata[{choice['told']!r}])"
        return imports, f"umap_learn_map(space.vectors, UmapLearnSettings(**{settings}){told})"
    if choice.method == "Columns":
        columns = ", ".join(f"space.metadata[{choice[axis]!r}]" for axis in "xy")
        return "import numpy as np", f"np.column_stack([{columns}])"
    return "", f"space.maps[{choice['name']!r}].coordinates[:, :2]"
