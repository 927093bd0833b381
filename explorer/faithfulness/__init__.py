"""How far a map can be trusted: as a whole, and item by item.

`measure_faithfulness` takes all scores at once; each has a module of its own beside it.
"""

from explorer.faithfulness.baselines import PCA_MAP, RANDOM, baseline_maps, random_layout
from explorer.faithfulness.mistakes import (
    Mistakes,
    Worst,
    false_neighbors,
    missing_neighbors,
    worst_false,
    worst_missing,
)
from explorer.faithfulness.neighbor_ranks import NeighborRanks, neighbor_ranks, ranks_of_maps
from explorer.faithfulness.report import (
    BY_K,
    KS,
    Faithfulness,
    fitting_ks,
    measure_faithfulness,
    rows_to_score,
)

__all__ = [
    "BY_K",
    "KS",
    "PCA_MAP",
    "RANDOM",
    "Faithfulness",
    "Mistakes",
    "NeighborRanks",
    "Worst",
    "baseline_maps",
    "false_neighbors",
    "fitting_ks",
    "measure_faithfulness",
    "missing_neighbors",
    "neighbor_ranks",
    "random_layout",
    "ranks_of_maps",
    "rows_to_score",
    "worst_false",
    "worst_missing",
]
