"""Imports go one way, and the slow ones wait until they are needed."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CORE = [
    file
    for file in sorted((ROOT / "explorer").rglob("*.py"))
    if file.relative_to(ROOT).parts[1] not in ("ui", "plots")
]
PLOTS = sorted((ROOT / "explorer" / "plots").rglob("*.py"))
UI = sorted((ROOT / "explorer" / "ui").rglob("*.py"))
PAGES = [ROOT / "streamlit_app.py", *sorted((ROOT / "pages").rglob("*.py"))]
DRAW = {"explorer/space.py", "explorer/neighbor_list.py"}  # space.map(), found.plot()
SLOW = (
    "pandas", "sklearn", "scipy", "numba", "umap", "pyarrow", "h5py", "PIL", "streamlit", "plotly",
)  # fmt: skip


def imported(file):
    """Every module that a file imports anywhere, functions included: "explorer.ui.state.view"."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.name}: imports are written in full"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def who_imports(files, *modules):
    return [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in files
        for name in imported(file)
        if any(name == module or name.startswith(module + ".") for module in modules)
    ]


def test_only_ui_and_pages_import_streamlit():
    assert who_imports([*CORE, *PLOTS], "streamlit") == []


def test_only_plots_import_plotly():
    assert set(who_imports([*CORE, *UI, *PAGES], "plotly")) == {
        f"{file} imports plotly.graph_objects.Figure"
        for file in DRAW  # for the type checker alone
    }


def test_the_core_knows_no_screen():
    assert who_imports(CORE, "explorer.ui", "pages") == []


def test_of_the_core_only_what_draws_in_a_notebook_reaches_plots_and_not_before_it_is_asked():
    assert {line.split()[0] for line in who_imports(CORE, "explorer.plots")} == DRAW
    for file in DRAW:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        at_import = {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}
        assert not any(module.startswith("explorer.plots") for module in at_import)


def test_plots_know_no_screen():
    assert who_imports(PLOTS, "explorer.ui", "pages") == []


def test_ui_imports_no_page():
    assert who_imports(UI, "pages", "streamlit_app") == []


def test_nothing_unpickles_and_nothing_evaluates_text():
    assert who_imports([*CORE, *PLOTS, *UI, *PAGES], "pickle", "joblib", "dill", "marshal") == []


def test_a_page_lies_in_the_folder_of_its_section_and_its_address_beside_it_only_starts_the_app():
    navigation = (ROOT / "streamlit_app.py").read_text(encoding="utf-8")
    pages = re.findall(r'"pages/\w+/(\w+)\.py", title="[^"]+"(?!.*default=True)', navigation)
    files = (ROOT / "pages").glob("*.py")
    addresses = {file.stem: file.read_text(encoding="utf-8") for file in files}
    assert sorted(addresses) == sorted(pages)
    for text in addresses.values():
        assert text.count("\n") < 6
        assert text.endswith("import run_app\n\nrun_app()\n")


def modules_after(code):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport json, sys\nprint(json.dumps(list(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=environment,
    )
    return {module.split(".")[0] for module in json.loads(ran.stdout)}


@pytest.mark.parametrize(
    "code",
    [
        "import explorer",
        "from explorer.catalog import open_bundled; open_bundled()",
        "from explorer.catalog import open_bundled; open_bundled('small-world')",
        "import explorer.formats, explorer.neighbors, explorer.projection, explorer.cli",
        "import explorer.objects, explorer.texts",
    ],
)
def test_no_slow_package_is_imported_before_it_is_needed(code):
    assert modules_after(code).intersection(SLOW) == set()
