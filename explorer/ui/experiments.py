"""The experiments of the Train page, by the name on their button."""

from __future__ import annotations

from explorer.ui.experiments_dimensions import DIMENSIONS_KIND
from explorer.ui.experiments_objectives import OBJECTIVES_KIND
from explorer.ui.experiments_seeds import SEEDS_KIND
from explorer.ui.experiments_view import Kind

EXPERIMENTS: dict[str, Kind] = {
    kind.name: kind for kind in (OBJECTIVES_KIND, DIMENSIONS_KIND, SEEDS_KIND)
}
