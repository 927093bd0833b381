"""t-SNE in its own process: groups stay together, the seed repeats it, it can be stopped."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest

from explorer.errors import Cancelled, ExplorerError
from explorer.projection.tsne import IterationReader, TsneSettings, compute, tsne_layout


def three_clouds(n=90):
    random = np.random.default_rng(0)
    group = np.arange(n) % 3
    return (np.eye(8)[group] * 6 + random.standard_normal((n, 8))).astype(np.float32), group


def test_groups_stay_together_and_progress_is_told():
    vectors, group = three_clouds()
    shares: list[float] = []
    layout = tsne_layout(vectors, perplexity=10, metric="euclidean", on_progress=shares.append)
    assert layout.shape == (90, 2)
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len({round(share, 2) for share in shares}) > 3
    centre = np.array([layout[group == number].mean(axis=0) for number in range(3)])
    nearest = ((layout[:, None] - centre) ** 2).sum(axis=2).argmin(axis=1)
    assert (nearest == group).mean() > 0.95


def test_it_ends_at_once_when_it_is_not_wanted_any_more():
    vectors = np.random.default_rng(0).normal(size=(6_000, 20)).astype(np.float32)
    begun = time.monotonic()

    def lose_interest(share):
        if time.monotonic() - begun > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        tsne_layout(vectors, on_progress=lose_interest)
    assert time.monotonic() - begun < 5


def test_too_few_items_and_settings_out_of_range_are_answered_in_a_sentence():
    with pytest.raises(ExplorerError, match="at least 5 items"):
        tsne_layout(np.zeros((4, 2), dtype=np.float32))
    with pytest.raises(ExplorerError, match="perplexity"):
        TsneSettings(perplexity=float("nan"))
    with pytest.raises(ExplorerError, match="cosine or euclidean"):
        TsneSettings(metric="dot")


def test_the_seed_repeats_the_map_and_five_items_are_enough(capsys):
    five = three_clouds(5)[0]
    first, again = (compute(five, TsneSettings(), lambda share: None) for _ in range(2))
    assert first.shape == (5, 2)
    assert first.tobytes() == again.tobytes()


def test_the_messages_of_scikit_learn_become_shares():
    shares: list[float] = []
    reader = IterationReader(shares.append)
    reader.write("[t-SNE] Computing 91 nearest neighbors...")
    reader.write("[t-SNE] Iteration 500: error = 1.9, gradient norm = 0.01 (50 iterations in 1s)")
    reader.write("\n")
    assert shares == [pytest.approx(0.545)]


def test_opentsne_is_preferred_where_it_is_installed(tmp_path):
    (tmp_path / "openTSNE.py").write_text(
        textwrap.dedent("""
        import numpy as np

        class TSNE:
            def __init__(self, **settings):
                self.settings = settings

            def fit(self, rows):
                self.settings["callbacks"](10, 1.0, None)
                return np.full((len(rows), 2), float(self.settings["perplexity"]))
        """)
    )
    code = """
import numpy as np
from explorer.projection.tsne import TsneSettings, compute
shares = []
layout = compute(np.eye(100, dtype=np.float32), TsneSettings(perplexity=7), shares.append)
print(layout[0].tolist(), [round(share, 4) for share in shares])
"""
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{code}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout == "[7.0, 7.0] [0.1089]\n"
