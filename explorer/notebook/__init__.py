"""What a notebook shows: a space's map and neighbours as Plotly figures, itself as a table.

    space.map(focus="king")            space.neighbors("king").plot()

A layer of its own, above the library and the figures: it knows both, and no screen. The methods
stand on EmbeddingSpace, because there a person looks for them (and Tab and the type checker find
them); each imports its part of this package when it is called, so that the library still imports
no Plotly. `tests/test_layers.py` lets `explorer/space.py`, and nothing else, do so.
"""
