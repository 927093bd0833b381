"""Flat pictures, and how far they can be trusted."""

from explorer.learn.term import Term

TERMS = (
    Term(
        "Principal component analysis",
        "The directions along which the vectors vary most; two of them make a map on which "
        "straight lines stay straight.",
        r"y_i = V^\top (x_i - \bar x), \quad C V = V \Lambda, \quad C = \tfrac{1}{n} X_c^\top X_c",
        "V: (d, 2), the first eigenvectors of the covariance",
        "O(n d² + d³) time, O(d²) memory beside the data",
        "Reading empty space between groups as distance when two axes hold 10% of the variance.",
        "Pearson (1901); Hotelling (1933)",
        "projections",
        ("PCA", "scree", "loadings"),
    ),
    Term(
        "UMAP",
        "Lays a fuzzy graph of nearest neighbours out on the plane: neighbours attract, random "
        "pairs repel.",
        r"\min_y \sum_{ij} w_{ij} \log \frac{w_{ij}}{q_{ij}} + (1 - w_{ij}) \log \frac{1 - "
        r"w_{ij}}{1 - q_{ij}}, \quad q = \frac{1}{1 + a \|y_i - y_j\|^{2b}}",
        "w: from the k nearest neighbours; a, b: from the minimum distance",
        "O(n log n) or O(n²) for the graph, O(n k) an epoch",
        "Reading distances between groups, or their sizes and densities: they are not kept.",
        "McInnes, Healy & Melville (2018)",
        "projections",
    ),
    Term(
        "t-SNE",
        "Matches the probabilities of being neighbours in the space and on the map; near items "
        "stay near, all else is free.",
        r"\min_y \mathrm{KL}(P \,\|\, Q), \quad q_{ij} \propto \frac{1}{1 + \|y_i - y_j\|^2}",
        "perplexity: about how many neighbours count",
        "O(n log n) an iteration with Barnes-Hut",
        "Running one perplexity only, and reading sizes of groups.",
        "van der Maaten & Hinton, JMLR (2008)",
        "projections",
        ("tSNE", "perplexity"),
    ),
    Term(
        "Random projection",
        "Multiplies by a random matrix: distances are kept on average, whatever the data.",
        r"y = R x, \quad R_{ab} \sim \mathcal{N}(0, 1/m)",
        "R: (m, d)",
        "O(n d m)",
        "Using it for a picture: in two dimensions each squared distance strays by about 100%.",
        "Johnson & Lindenstrauss (1984); Achlioptas (2003)",
        "projections",
        ("sparse random projection",),
    ),
    Term(
        "Johnson-Lindenstrauss lemma",
        "n points fit into m dimensions with all distances within 1 ± ε, and m grows with the "
        "logarithm of n, not with d.",
        r"m \ge \frac{4 \ln n}{\varepsilon^2 / 2 - \varepsilon^3 / 3}",
        "of squared distances",
        "O(n d m)",
        "Taking the bound for what is needed: real data do better with far fewer.",
        "Dasgupta & Gupta, An Elementary Proof, RSA (2003)",
        "projections",
        ("JL", "distortion"),
    ),
    Term(
        "Trustworthiness",
        "Whether what is near on the map is near in the space: false neighbours cost, by their "
        "rank.",
        r"T(k) = 1 - \frac{2}{n k (2n - 3k - 1)} \sum_i \sum_{j \in U_i^k} (r(i, j) - k)",
        "U: near on the map, not in the space; r: rank in the space",
        "O(n² d) exact",
        "Quoting it without k, or without what a random layout scores (about 0.5).",
        "Venna & Kaski, ICANN (2001)",
        "projections",
        ("false neighbours", "faithfulness"),
    ),
    Term(
        "Continuity",
        "Whether what is near in the space is near on the map: missing neighbours cost.",
        r"C(k) = 1 - \frac{2}{n k (2n - 3k - 1)} \sum_i \sum_{j \in V_i^k} (\hat r(i, j) - k)",
        "V: near in the space, not on the map; r̂: rank on the map",
        "O(n² d) exact",
        "Looking at trustworthiness alone: a map that tears groups apart can still score well.",
        "Venna & Kaski (2001)",
        "projections",
        ("missing neighbours",),
    ),
    Term(
        "Neighbourhood preservation",
        "The share of an item's k nearest neighbours that are among its k nearest on the map.",
        r"\frac{1}{n k} \sum_i |N_k(i) \cap \hat N_k(i)|",
        "",
        "O(n² d) exact",
        "Expecting 1: two dimensions cannot keep the neighbours of a hundred.",
        "Lee & Verleysen, Neurocomputing (2009)",
        "projections",
        ("kept neighbours", "kNN recall of a map"),
    ),
    Term(
        "Shepard diagram",
        "Distance on the map against distance in the space, a dot a pair. A faithful map gives a "
        "thin rising line.",
        "",
        cost="O(s d) for s sampled pairs",
        mistake="Judging by the correlation alone: look where the cloud is wide.",
        source="Shepard, Psychometrika (1962)",
        page="projections",
    ),
    Term(
        "Stress",
        "How much distances on the map differ from those in the space, after the best scaling.",
        r"\sqrt{\frac{\sum_{ij} (d_{ij} - s \hat d_{ij})^2}{\sum_{ij} d_{ij}^2}}",
        "d in the space, d̂ on the map, s the best scale",
        "O(n² d), or a sample of pairs",
        "Comparing maps at different scales: without s the larger map loses.",
        "Kruskal, Psychometrika (1964)",
        "projections",
    ),
)
