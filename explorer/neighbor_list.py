"""The neighbours of an item as a table that can be read, drawn, and handed on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from explorer.html_tables import html_table
from explorer.metrics import Metric, get_metric
from explorer.neighbors import neighbors_of, random_pair_scores
from explorer.plain_numbers import number
from explorer.space import EmbeddingSpace

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

VECTOR = "the given vector"


@dataclass(frozen=True, eq=False)
class NeighborList:
    """The k nearest, the nearest first: `for item, score in found`.

    asked : what they are neighbours of, in words
    rows, items, scores : one for each neighbour
    baseline : the median score of two random items, to tell near from usual
    """

    space: EmbeddingSpace
    asked: str
    metric: Metric
    rows: tuple[int, ...]
    items: tuple[str, ...]
    scores: tuple[float, ...]
    baseline: float

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[str, float]]:
        return iter(zip(self.items, self.scores, strict=True))

    @property
    def title(self) -> str:
        """ "3 nearest to king by cosine similarity"."""
        return f"{len(self)} nearest to {self.asked} by {self.metric.title.lower()}"

    @property
    def caption(self) -> str:
        """Where they were searched, how, and the score that two random items have."""
        return (
            f"Exact search among {len(self.space):,} items x {self.space.dimensions} dimensions "
            f"of {self.space.provenance}. Two random items: {number(self.baseline)}."
        )

    def columns(self) -> dict[str, list[Any]]:
        """item, score and metadata, as pandas.DataFrame(…) or polars.DataFrame(…) take them."""
        table: dict[str, list[Any]] = {"item": list(self.items), "score": list(self.scores)}
        for name, column in self.space.metadata.take(self.rows).items():
            table[name if name not in table else f"{name} (metadata)"] = column.tolist()
        return table

    def plot(self) -> Figure:
        """A bar for each neighbour, and a line at the score of two random items."""
        from explorer.plots.neighbors import neighbor_figure

        return neighbor_figure(self)

    def __repr__(self) -> str:
        lines = [f"{number(score):>10}  {item}" for item, score in self]
        return "\n".join([self.title, *lines])

    def _repr_html_(self) -> str:
        return html_table(self.columns(), title=self.title, caption=self.caption)


def neighbor_list(
    space: EmbeddingSpace, wanted: str | Sequence[str] | NDArray[Any], k: int, metric: str
) -> NeighborList:
    """See `EmbeddingSpace.neighbors`."""
    found = neighbors_of(space, wanted, k, metric=metric)
    rows = found.indices[0].tolist()
    asked = VECTOR
    if not isinstance(wanted, np.ndarray):
        asked = wanted if isinstance(wanted, str) else ", ".join(wanted)
    usual = float(np.median(random_pair_scores(space.vectors, metric)))
    return NeighborList(
        space, asked, get_metric(metric), tuple(rows), tuple(space.items.take(rows)),
        tuple(found.scores[0].tolist()), usual,
    )  # fmt: skip
