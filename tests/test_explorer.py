import subprocess
import sys

import numpy as np
import pytest

import explorer

SLOW = ("numba", "pandas", "pyarrow", "scipy", "sklearn", "streamlit", "plotly", "umap", "h5py")


def modules_after(code: str, *arguments: str) -> set[str]:
    code += "\nimport sys; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    return set(run.stdout.split())


def test_importing_explorer_imports_nothing_slow():
    assert not modules_after("import explorer") & {*SLOW, "numpy"}


def test_opening_small_files_imports_nothing_slow(tmp_path):
    np.save(tmp_path / "a.npy", np.eye(3))
    (tmp_path / "a.txt").write_text("king 1 2\nqueen 3 4\n")
    code = "import sys, explorer; [explorer.load(file) for file in sys.argv[1:]]"
    assert not modules_after(code, str(tmp_path / "a.npy"), str(tmp_path / "a.txt")) & {*SLOW}


def test_every_public_name_is_there():
    for name in explorer.__all__:
        assert getattr(explorer, name) is not None
        assert name in dir(explorer)
    with pytest.raises(AttributeError, match="no attribute 'absent'"):
        explorer.absent  # noqa: B018
