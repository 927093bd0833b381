"""Maps of a space: the methods there are, as a page's picker lists them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Projection:
    """A method that places n vectors in the plane.

    title : its name on screen
    description : what it keeps and what it loses, in a line
    formula : LaTeX
    seconds_matter : True where it takes so long that it is made in the background
    """

    title: str
    description: str
    formula: str
    seconds_matter: bool = False


UMAP_FORMULA = (
    r"\min_y \sum_{ij} w_{ij} \log\frac{w_{ij}}{q_{ij}} + "
    r"(1 - w_{ij}) \log\frac{1 - w_{ij}}{1 - q_{ij}}, \quad "
    r"q_{ij} = \frac{1}{1 + a \|y_i - y_j\|^{2b}}"
)
PROJECTIONS = {
    "PCA": Projection(
        "PCA",
        "The two directions along which the vectors vary most; straight lines stay straight.",
        r"y_i = V^\top (x_i - \bar x), \quad V = \arg\max_{V^\top V = I} "
        r"\sum_i \|V^\top (x_i - \bar x)\|^2",
    ),
    "UMAP": Projection(
        "UMAP",
        "Keeps near items near; distances between groups, and their sizes, mean little.",
        UMAP_FORMULA,
        seconds_matter=True,
    ),
    "Random projection": Projection(
        "Random projection",
        "Two random directions: keeps distances on average, favours no structure.",
        r"y_i = R^\top x_i, \quad R_{ab} \sim \mathcal{N}(0, 1/m)",
    ),
    "UMAP (umap-learn)": Projection(
        "UMAP (umap-learn)",
        "The same by the package umap-learn: other metrics, densMAP, told categories; slower.",
        UMAP_FORMULA,
        seconds_matter=True,
    ),
}
