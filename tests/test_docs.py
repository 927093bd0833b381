"""What the program offers is told in its documentation."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.catalog import bundled
from explorer.formats import READERS, WRITERS
from explorer.metrics import METRICS
from explorer.projection import PROJECTIONS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def words(text):
    return set(re.findall(r"[\w.]+", text.casefold()))


@pytest.mark.parametrize("title", sorted(reader.title for reader in READERS.values()))
def test_every_format_is_named_in_the_readme(title):
    table = README.split("## Formats")[1].split("\n## ")[0]
    assert words(title) - {"text", "raw", "or"} <= words(table)


def test_every_page_is_named_in_the_readme():
    titles = re.findall(r'title="([^"]+)"', (ROOT / "streamlit_app.py").read_text(encoding="utf-8"))
    assert titles
    for title in titles:
        assert f"| {title} |" in README


@pytest.mark.parametrize("metric", METRICS.values(), ids=str)
def test_every_metric_is_named_in_the_readme(metric):
    assert metric.title.split()[0].casefold() in README.casefold()


@pytest.mark.parametrize("projection", PROJECTIONS)
def test_every_projection_is_named_in_the_readme(projection):
    wanted = "Principal components" if projection == "PCA" else projection
    assert wanted in README


@pytest.mark.parametrize("entry", bundled().values(), ids=lambda entry: entry.name)
def test_every_bundled_space_is_named_in_the_readme(entry):
    assert entry.title in README


def test_every_option_of_the_readme_is_one_of_the_command_line():
    told = set(re.findall(r"(?<=\s)--[a-z-]+", README.split("## The pages")[0]))
    ran = subprocess.run(
        [sys.executable, "-m", "explorer", "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert told
    assert told <= set(re.findall(r"--[a-z-]+", ran.stdout))


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_files_that_the_documentation_names_exist(text):
    named = re.findall(r"`((?:explorer|tests|data|benchmarks|docs|pages|\.ci)/[\w./-]*)`", text)
    named += re.findall(r"\]\(((?!http)[^)]+)\)", text)
    for name in named:
        if "yours" not in name and "<" not in name:
            assert (ROOT / name).exists(), name


def test_the_two_commands_of_the_readme_are_those_that_ci_runs():
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "pip install -r requirements-dev.txt && pytest" in README
    assert "-r requirements-dev.txt\n" in ci
    assert "streamlit run streamlit_app.py" in README
    assert "streamlit run streamlit_app.py" in ci


def test_the_library_offers_what_the_readme_imports():
    import explorer

    for names in re.findall(r"from explorer import (.+)", README):
        assert set(names.split(", ")) <= set(explorer.__all__)


def test_every_name_that_the_library_offers_is_there():
    import explorer

    for name in explorer.__all__:
        assert getattr(explorer, name) is not None


@pytest.mark.parametrize("title", sorted(writer.title for writer in WRITERS.values()))
def test_every_format_that_is_written_is_marked_so_in_the_readme(title):
    rows = [row.split("|")[1:4] for row in README.splitlines() if row.startswith("| ")]
    written = " ".join(f"{name} {how}" for name, _, how in rows if how.strip())
    assert words(title) - {"pair", "everything"} <= words(written)
