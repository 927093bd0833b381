"""Finding what is near, and computing with directions."""

from explorer.learn.term import Term

TERMS = (
    Term(
        "k nearest neighbours",
        "The k items with the best score to a query, the query itself left out.",
        r"\mathrm{kNN}(q) = \operatorname*{arg\,top\text{-}k}_{i \ne q} s(x_q, x_i)",
        "s: a metric, larger is nearer",
        "O(n d) a query by exact search, bound by reading the vectors once",
        "Reading them off a map: on a flat picture many of the nearest are missing.",
        "Cover & Hart, Nearest Neighbor Pattern Classification (1967)",
        "neighbors",
        ("kNN", "nearest neighbors"),
    ),
    Term(
        "Exact search",
        "Every vector is looked at, so the answer is certain. An 8-bit copy may prune the work "
        "where a bound proves that nothing was missed.",
        r"|\hat s - s| \le \varepsilon \;\Rightarrow\; \hat s_i < s_{(k)} - 2\varepsilon \text{ "
        r"cannot be among the } k",
        "ŝ: score by the copy",
        "O(n d)",
        "Reaching for an index at 10,000 items: exact search answers in a millisecond.",
        "Higham, Accuracy and Stability of Numerical Algorithms (2002), 3.1",
        "neighbors",
        ("brute force", "flat index"),
    ),
    Term(
        "Approximate search",
        "An index looks at part of the vectors. Its recall is the share of the true neighbours "
        "that it finds.",
        r"\text{recall@}k = \frac{|\text{found} \cap \text{true}|}{k}",
        "",
        "below O(n d) a query, plus building the index",
        "Quoting speed without recall.",
        "Malkov & Yashunin, HNSW, TPAMI (2018); Sivic & Zisserman, Video Google (2003)",
        "neighbors",
        ("ANN", "HNSW", "IVF", "recall"),
    ),
    Term(
        "Analogy",
        "a is to b as c is to what? The item nearest to b - a + c.",
        r"\arg\max_{w \notin \{a, b, c\}} \cos(w, b - a + c)",
        "",
        "O(n d)",
        "Not saying that the three inputs were left out: often the nearest item is one of them.",
        "Mikolov, Yih & Zweig, NAACL (2013); Nissim, van Noord & van der Goot (2020)",
        "analogies",
        ("3CosAdd", "word arithmetic"),
    ),
    Term(
        "3CosMul",
        "The analogy by products of shifted cosines, so that no one term can outweigh the others.",
        r"\arg\max_w \frac{\cos'(w, b)\, \cos'(w, c)}{\cos'(w, a) + \varepsilon}, \quad \cos' = "
        r"\frac{\cos + 1}{2}",
        "ε = 0.001",
        "O(n d)",
        "Using it on plain cosines: negative factors make nonsense of the product.",
        "Levy & Goldberg, Linguistic Regularities in Sparse and Explicit Word Representations "
        "(2014)",
        "analogies",
    ),
    Term(
        "PairDirection",
        "The analogy that asks for a parallel difference and ignores where the pair lies.",
        r"\arg\max_w \cos(w - c, b - a)",
        "",
        "O(n d)",
        "Expecting near answers: anything far away in the right direction scores well.",
        "Mikolov, Yih & Zweig (2013)",
        "analogies",
    ),
    Term(
        "Axis",
        "A direction with a meaning, such as the mean difference of several opposed pairs. Items "
        "are placed by their projection on it.",
        r"a = \frac{1}{m} \sum_j (p_j - q_j), \quad y_i = \frac{x_i \cdot a}{\|a\|}",
        "m pairs (p_j, q_j)",
        "O(n d)",
        "Forgetting the residual: two axes show two of d dimensions.",
        "Kozlowski, Taddy & Evans, The Geometry of Culture, ASR (2019)",
        "analogies",
        ("semantic axis", "projection"),
    ),
    Term(
        "Prototype",
        "The centroid of a group of items; each item may be classified by the nearest one.",
        r"c_g = \frac{1}{|g|} \sum_{i \in g} x_i",
        "",
        "O(n d)",
        "Testing on the items that made the centroid.",
        "Rosch, Natural Categories (1973); Snell, Swersky & Zemel, NIPS (2017)",
        "analogies",
        ("centroid", "nearest centroid"),
    ),
    Term(
        "Procrustes alignment",
        "The rotation (with shift and scale, if wanted) that lays one set of points best onto "
        "another.",
        r"\min_{R^\top R = I} \|X R - Y\|_F, \quad R = U V^\top, \; X^\top Y = U \Sigma V^\top",
        "X, Y: (n, d), the same items in the same order",
        "O(n d² + d³)",
        "Comparing coordinates of two trainings without it: each has axes of its own.",
        "Schönemann, Psychometrika (1966)",
        "train",
        ("orthogonal Procrustes", "alignment"),
    ),
)
