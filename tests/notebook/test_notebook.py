"""docs/notebook.ipynb runs from its first cell to its last, and every cell shows what it says.

Its cells are run as they stand, the last expression of each shown, in a process that knows nothing
else: what a kernel would do beyond that is Jupyter's, and twenty packages more to install.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "docs" / "notebook.ipynb"

RUN = """
import ast, json, sys
shown, names = [], {}
for source in json.load(sys.stdin):
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    value = None
    if last is not None:
        value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
    html = getattr(value, "_repr_html_", lambda: None)()
    shown.append((type(value).__name__, html if isinstance(html, str) else ""))
print(json.dumps(shown))
"""


def code_cells():
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def test_the_notebook_runs_and_shows_a_space_its_neighbours_and_its_maps(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-c", RUN], input=json.dumps(code_cells()), capture_output=True,
        text=True, check=False, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    shown = json.loads(ran.stdout.splitlines()[-1])
    kinds = [kind for kind, _ in shown]
    assert kinds == [
        "EmbeddingSpace", "NeighborList", "Figure", "DataFrame", "Figure", "Figure", "NoneType",
        "NeighborList",
    ]  # fmt: skip
    assert "20,000" in shown[0][1]
    assert "<td>queen</td>" in shown[1][1]
    assert "<td>ship</td>" in shown[-1][1]


def test_the_notebook_is_kept_without_outputs():
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert all(not cell.get("outputs") for cell in cells)
