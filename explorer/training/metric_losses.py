"""Three losses that draw items of one label together, each with its gradient, written by hand.

Each takes the embeddings Z of a batch and their labels, and gives the mean loss and dloss/dZ; the
map that made Z takes it from there. All is matrices: the gradient of any function of the pairwise
distances D is gathered from G = dloss/dD in two products, never triplet by triplet.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Labels = NDArray[np.int64]
SHORTEST = 1e-6  # a distance or a length below it has no direction, and gets no gradient


class Triplets(NamedTuple):
    """(t,) rows each: an anchor, a positive of its label, a negative of another."""

    anchor: Labels
    positive: Labels
    negative: Labels


def triplet_loss(
    Z: Array, labels: Labels, margin: float, mining: str, distance: str,
    generator: np.random.Generator,
) -> tuple[float, Array]:  # fmt: skip
    """Mean of max(0, margin + D(anchor, positive) - D(anchor, negative)), and its gradient.

    mining : see `mine`
    distance : "euclidean" or "cosine" (1 - cos)

    Zero where the batch holds no triplet. Schroff, Kalenichenko & Philbin, FaceNet, CVPR 2015.
    """
    D = euclidean_distances(Z) if distance == "euclidean" else cosine_distances(Z)
    a, p, n = mine(D, labels, mining, generator)
    if len(a) == 0:
        return 0.0, np.zeros_like(Z)
    violation = margin + D[a, p] - D[a, n]
    active = violation > 0
    G = np.zeros_like(D)
    np.add.at(G, (a[active], p[active]), 1 / len(a))
    np.add.at(G, (a[active], n[active]), -1 / len(a))
    through = euclidean_gradient if distance == "euclidean" else cosine_gradient
    return float(violation[active].sum(dtype=np.float64) / len(a)), through(Z, D, G)


def mine(D: Array, labels: Labels, mining: str, generator: np.random.Generator) -> Triplets:
    """The triplets of a batch to learn from.

    random : every anchor and positive, with any negative
    semi-hard : every anchor and positive, with the nearest negative that is farther than the
        positive, or the farthest of all where none is (Schroff et al. 2015)
    hard : every anchor, with its farthest positive and its nearest negative (Hermans, Beyer &
        Leibe, In defense of the triplet loss, 2017)
    """
    same = labels[:, None] == labels
    other = ~same
    same &= ~np.eye(len(labels), dtype=bool)
    same &= other.any(axis=1)[:, None]  # an anchor needs a negative
    if mining == "hard":
        anchor = np.flatnonzero(same.any(axis=1))
        positive = np.where(same, D, -np.inf).argmax(axis=1)[anchor]
        return Triplets(anchor, positive, np.where(other, D, np.inf).argmin(axis=1)[anchor])
    anchor, positive = np.nonzero(same)
    allowed = other[anchor]
    if mining == "random":
        return Triplets(
            anchor, positive, np.where(allowed, generator.random(allowed.shape), -1).argmax(axis=1)
        )
    far = D[anchor]
    semi_hard = allowed & (far > D[anchor, positive][:, None])
    nearest = np.where(semi_hard, far, np.inf).argmin(axis=1)
    farthest = np.where(allowed, far, -np.inf).argmax(axis=1)
    return Triplets(anchor, positive, np.where(semi_hard.any(axis=1), nearest, farthest))


def info_nce(Z: Array, labels: Labels, temperature: float) -> tuple[float, Array]:
    """Which of the batch is the positive? Mean over pairs (i, p) of one label of

        -ln( exp(s_ip / T) / (exp(s_ip / T) + sum over n of another label exp(s_in / T)) )

    with s the cosine; and its gradient. van den Oord, Li & Vinyals, Contrastive predictive coding,
    2018; labels in place of augmentations as in Khosla et al., Supervised contrastive learning,
    NeurIPS 2020. Zero where no label comes twice.
    """
    D = cosine_distances(Z)
    s = (1 - D) / temperature
    same = labels[:, None] == labels
    other = ~same
    same &= ~np.eye(len(labels), dtype=bool)
    pairs = int(same.sum())
    if pairs == 0:
        return 0.0, np.zeros_like(Z)
    shift = s.max(axis=1, keepdims=True)
    e = np.exp(s - shift)
    negatives = np.where(other, e, 0).sum(axis=1, keepdims=True)
    surprise = np.where(same, negatives / (e + negatives), 0)  # 1 - the positive's probability
    losses = np.where(same, np.log(e + negatives) - (s - shift), 0)
    weight = np.where(same, 1 / (e + negatives), 0).sum(axis=1, keepdims=True)
    ds = (np.where(other, e * weight, 0) - surprise) / pairs
    return float(losses.sum(dtype=np.float64) / pairs), cosine_gradient(Z, D, -ds / temperature)


def cross_entropy(
    Z: Array, labels: Labels, heads: Array, biases: Array
) -> tuple[float, Array, Array, Array]:
    """Mean of -ln softmax(Z heads' + biases)[label]; gradients of Z, of the heads, of the biases.

    heads : (labels, d), biases : (labels,)
    """
    logits = Z @ heads.T + biases
    logits = logits - logits.max(axis=1, keepdims=True)
    total = np.exp(logits).sum(axis=1, keepdims=True)
    rows = np.arange(len(Z))
    loss = float((np.log(total[:, 0]) - logits[rows, labels]).mean(dtype=np.float64))
    error = np.exp(logits) / total  # probability less truth
    error[rows, labels] -= 1
    error /= len(Z)
    return loss, error @ heads, error.T @ Z, error.sum(axis=0)


def euclidean_distances(Z: Array) -> Array:
    """(m, d) -> (m, m) |z_i - z_j|."""
    squares = np.einsum("ij,ij->i", Z, Z)
    distances: Array = np.sqrt(np.maximum(squares[:, None] + squares - 2 * Z @ Z.T, 0))
    np.fill_diagonal(distances, 0)
    return distances


def euclidean_gradient(Z: Array, D: Array, G: Array) -> Array:
    """dloss/dZ from G = dloss/dD: each pair pulls along its difference, divided by its length."""
    S = np.where(D > SHORTEST, G / np.maximum(D, SHORTEST), 0)
    S = S + S.T
    gradient: Array = S.sum(axis=1, keepdims=True) * Z - S @ Z
    return gradient


def cosine_distances(Z: Array) -> Array:
    """(m, d) -> (m, m) 1 - cos(z_i, z_j); a zero row has cosine 0 with every row."""
    unit, _ = _unit(Z)
    distances: Array = 1 - unit @ unit.T
    return distances


def cosine_gradient(Z: Array, D: Array, G: Array) -> Array:
    """dloss/dZ from G = dloss/dD: only what is at right angles to z turns it, divided by |z|."""
    unit, lengths = _unit(Z)
    pull = -(G + G.T) @ unit
    along = np.einsum("ij,ij->i", pull, unit)[:, None]
    gradient: Array = np.where(lengths > SHORTEST, (pull - along * unit) / lengths, 0)
    return gradient


def _unit(Z: Array) -> tuple[Array, Array]:
    lengths = np.maximum(np.linalg.norm(Z, axis=1, keepdims=True), SHORTEST)
    return Z / lengths, lengths
