"""Nearest neighbours: exact search, the scores of all items, and neighbours by name."""

from explorer.neighbors.all_scores import (
    ScoreSummary,
    all_scores,
    random_pair_scores,
    summarize_scores,
)
from explorer.neighbors.exact import Neighbors, merge_top_k, nearest_neighbors
from explorer.neighbors.graph import NeighborGraph, approximate_graph, exact_graph
from explorer.neighbors.of_space import item_rows, neighbors_of, query_vector
from explorer.neighbors.quantized import QuantizedIndex
from explorer.neighbors.searcher import Searcher

__all__ = [
    "NeighborGraph",
    "Neighbors",
    "QuantizedIndex",
    "ScoreSummary",
    "Searcher",
    "all_scores",
    "approximate_graph",
    "exact_graph",
    "item_rows",
    "merge_top_k",
    "nearest_neighbors",
    "neighbors_of",
    "query_vector",
    "random_pair_scores",
    "summarize_scores",
]
