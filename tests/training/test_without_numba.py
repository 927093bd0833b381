"""Where Numba is not installed the plain references train, and come to the same vectors."""

import sys

import numpy as np
import pytest

from explorer.training.als import AlsSettings, AlsTrainer
from explorer.training.bpr import BprSettings, BprTrainer
from explorer.training.complex import ComplExSettings, ComplExTrainer
from explorer.training.toy_family import toy_family
from explorer.training.toy_ratings import toy_ratings
from explorer.training.transe import TransESettings, TransETrainer
from tests.training.law import finish

RATINGS, FAMILY = toy_ratings(20), toy_family(1)
KERNELS = ("als_kernels", "bpr_kernels", "complex_kernels", "draws_kernels", "transe_kernels")


@pytest.fixture
def without_numba(monkeypatch):
    import explorer.training

    monkeypatch.setitem(sys.modules, "numba", None)
    for name in KERNELS:
        monkeypatch.delitem(sys.modules, f"explorer.training.{name}", raising=False)
        monkeypatch.delattr(explorer.training, name, raising=False)


MAKERS = {
    "BPR": lambda: BprTrainer(RATINGS, BprSettings(dimensions=4, epochs=2, item_bias=True)),
    "ALS": lambda: AlsTrainer(RATINGS, AlsSettings(dimensions=4, epochs=2)),
    "TransE": lambda: TransETrainer(FAMILY, TransESettings(dimensions=4, epochs=2)),
    "ComplEx": lambda: ComplExTrainer(FAMILY, ComplExSettings(dimensions=4, epochs=2, negatives=3)),
}


@pytest.mark.parametrize("name", MAKERS)
def test_the_vectors_are_the_same_but_for_rounding(name, request):
    fast = MAKERS[name]()
    finish(fast)
    request.getfixturevalue("without_numba")
    plain = MAKERS[name]()
    finish(plain)
    assert not any(f"explorer.training.{kernels}" in sys.modules for kernels in KERNELS)
    assert np.allclose(plain.vectors(), fast.vectors(), atol=2e-3)
