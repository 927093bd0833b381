"""A map in the colours of clusters, one of several on a page."""

from __future__ import annotations

from explorer.plots import map as map_plot
from explorer.plots.map import Colouring
from explorer.space import EmbeddingSpace
from explorer.ui import map_marks, moving_map, on_page
from explorer.ui.map_as_file import map_as_file
from explorer.ui.map_component import mount_map
from explorer.ui.map_packs import packed
from explorer.ui.maps import ShownMap
from explorer.ui.state import current

MOST_LABELS = 20


def map_of_view(space: EmbeddingSpace) -> ShownMap:
    """The map of the sidebar; while UMAP is being computed PCA stands in and says so."""
    return moving_map.map_or_pca(space, current.view().map)


def cluster_map(
    space: EmbeddingSpace, shown: ShownMap, colours: Colouring, colours_key: str, *, name: str,
    height: str, alone: bool = True,
) -> str:  # fmt: skip
    """Draw the map; "drawn n of N" in words.

    colours_key : names the colours for caches
    name : of the component, and of its stores where the map is not alone on the page
    """
    place = "" if alone else f"{name} "
    key = f"{shown.key}:{colours_key}"
    packs = packed(key, space, shown.coordinates, colours, place=place)
    drawn = packs.drawn
    text = f"drawn {len(drawn.rows):,} of {len(space):,}"
    if drawn.sampled:
        text += " (a sample, every cluster seen, seed 0; shading: all points)"
    marks = map_marks.marks(space, shown.coordinates)
    on_page.enter_map(name, map_as_file(space, shown, drawn.rows, colours, marks, how_many=text))
    mount_map(
        key=name,
        stores=packs.stores,
        data={
            **packs.slots,
            **marks,
            "place": place,
            "bare": not alone,
            "height": height,
            "minHeight": "300px",
            "view": shown.key,
            "bounds": list(shown.view),
            "axes": list(shown.axes),
            "legend": colours.legend(),
            "labels": map_plot.region_labels(shown.coordinates, colours, MOST_LABELS),
            "polygon": None,
            "reportViewport": False,
            "caption": f"{space.name}, {len(space):,} x {space.dimensions}; {shown.note}; "
            f"{colours.title}; {text}",
            "alt": f"Map of {space.name} by {shown.name}, coloured by {colours.title}; {text}.",
        },
        on_click=lambda: map_marks.look_at_clicked(name, space),
        on_polygon=lambda: None,
        on_viewport=lambda: None,
    )
    return text
