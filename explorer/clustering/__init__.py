"""Groups of items: k-means, exact and as a quick preview, and step by step."""

from __future__ import annotations

from explorer.clustering.kmeans import Clustering, k_means, mini_batch_k_means
from explorer.clustering.kmeans_steps import Step, k_means_steps

__all__ = ["Clustering", "Step", "k_means", "k_means_steps", "mini_batch_k_means"]
