"""What an embedding space is made of."""

from explorer.learn.term import Term

TERMS = (
    Term(
        "Embedding space",
        "A table that gives every item a vector, so that distance means likeness.",
        r"E \in \mathbb{R}^{n \times d}, \quad \text{row } i \text{ belongs to item } i",
        "n items, d dimensions",
        "4 n d bytes as float32",
        "Reading a single coordinate as a property: a rotation changes all of them and no "
        "distance.",
        "Bengio et al., A Neural Probabilistic Language Model, JMLR (2003)",
        "data",
        ("embedding", "vector space"),
    ),
    Term(
        "Lookup",
        "Taking the row of an item. The same as multiplying the matrix by a one-hot vector, "
        "without the n - 1 products by zero.",
        r"e_i^\top E = E_{i,:}",
        "e_i: n numbers, all 0 but a 1 at place i",
        "O(d) by index, O(n d) as a product",
        "Thinking that an embedding layer does more than fetch a row: what matters is how it is "
        "trained.",
        "Goodfellow, Bengio & Courville, Deep Learning (2016), 12.4",
        "neighbors",
        ("one-hot", "embedding layer"),
    ),
    Term(
        "Norm",
        "The length of a vector. In trained spaces it often follows how frequent or how specific "
        "an item is.",
        r"\|x\| = \sqrt{\sum_{i=1}^{d} x_i^2}",
        "x: d numbers",
        "O(d)",
        "Dividing it away without looking: for recommenders the norm carries popularity.",
        "Schakel & Wilson, Measuring Word Significance using Distributed Representations (2015)",
        "metrics",
        ("length", "magnitude"),
    ),
    Term(
        "Normalising",
        "Dividing each vector by its norm, so that all lie on the unit sphere. Dot product, cosine "
        "and Euclidean distance then rank alike.",
        r"\|a - b\|^2 = 2 - 2 \cos(a, b) \quad \text{when } \|a\| = \|b\| = 1",
        "",
        "O(n d)",
        "Normalising before a model that was trained for the dot product: its ranking changes.",
        "Manning, Raghavan & Schütze, Introduction to Information Retrieval (2008), 6.3",
        "metrics",
        ("unit length", "L2 normalisation", "normalize"),
    ),
    Term(
        "Centring",
        "Subtracting the mean of all vectors. Removes what all items share; needed before PCA.",
        r"x_i' = x_i - \frac{1}{n} \sum_j x_j",
        "",
        "O(n d)",
        "Centring one version of a space and not the other before comparing them.",
        "Mu & Viswanath, All-but-the-Top, ICLR (2018)",
        "metrics",
        ("mean centering", "centering"),
    ),
    Term(
        "Anisotropy",
        "The vectors point into a narrow cone, so that even random pairs have a high cosine.",
        r"\mathbb{E}_{i \ne j} \cos(x_i, x_j) \gg 0",
        "",
        "O(s d) on s sampled pairs",
        "Calling a cosine of 0.6 high without asking what two random items score.",
        "Ethayarajh, How Contextual are Contextualized Word Representations?, EMNLP (2019)",
        "neighbors",
        ("cone", "isotropy"),
    ),
    Term(
        "Hubness",
        "In many dimensions a few items are among the nearest neighbours of very many others, and "
        "many items of none.",
        r"N_k(i) = \#\{j : i \in \mathrm{kNN}(j)\}, \quad \text{hubness} = \mathrm{skew}(N_k)",
        "k neighbours of each of n items",
        "O(n² d) exact, for the graph of all neighbours",
        "Taking a hub for a relevant answer: it is near everything.",
        "Radovanović, Nanopoulos & Ivanović, Hubs in Space, JMLR (2010)",
        "neighbors",
        ("hub", "anti-hub"),
    ),
    Term(
        "Concentration of distances",
        "The more dimensions random points have, the more alike all their distances are.",
        r"\frac{\max_j d_j - \min_j d_j}{\min_j d_j} \to 0 \quad (d \to \infty)",
        "d_j: distances from one point to all others",
        "",
        "Concluding that neighbours mean nothing: real data have few effective dimensions.",
        "Beyer et al., When Is “Nearest Neighbor” Meaningful?, ICDT (1999)",
        "projections",
        ("curse of dimensionality",),
    ),
    Term(
        "Out-of-vocabulary word",
        "A word without a row of its own. A vector may be composed from its character n-grams, "
        "taken from a shared UNK row, or from a hashed one.",
        "",
        mistake="Treating a composed vector as one that was learned: it is a guess from spelling.",
        source="Bojanowski et al., Enriching Word Vectors with Subword Information, TACL (2017)",
        page="train",
        also=("OOV", "unknown word", "UNK", "hashing trick"),
    ),
)
