"""What the program offers is told in its documentation, and what that says is true."""

import doctest
import re
import subprocess
import sys
from dataclasses import fields
from html import escape
from pathlib import Path

import pytest

from explorer.catalog import bundled
from explorer.formats import READERS, WRITERS
from explorer.learn.course import LESSONS
from explorer.learn.glossary import TOPICS
from explorer.limits import PREFIX, Limits, ServerLimits
from explorer.metrics import METRICS
from explorer.projection import PROJECTIONS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts)


def page(name):
    return (DOCS / name).read_text(encoding="utf-8")


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
def test_every_metric_is_weighed_against_the_others(metric):
    assert metric.title.split()[0].casefold() in page("questions/which_metric.md").casefold()


@pytest.mark.parametrize("projection", PROJECTIONS)
def test_every_projection_has_its_source(projection):
    wanted = "Principal components" if projection == "PCA" else projection
    assert wanted in page("methods.md")


@pytest.mark.parametrize("entry", bundled().values(), ids=lambda entry: entry.name)
def test_every_bundled_space_has_its_source(entry):
    assert entry.title in page("methods.md")


def options(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))


@pytest.mark.parametrize("command", ["", "train"], ids=["open", "train"])
def test_the_options_of_the_command_line_are_those_that_are_told(command):
    section = page("command_line.md").split("\n## ")[2 if command else 1]
    ran = subprocess.run(
        [sys.executable, "-m", "explorer", *command.split(), "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    offered = set(re.findall(r"^  (--[a-z-]+)", ran.stdout, re.MULTILINE))
    assert options(section) - {"--help"} == offered


def test_every_option_of_the_readme_is_told():
    assert options(README.split("## The pages")[0]) <= options(page("command_line.md"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_examples_of_the_documentation_give_what_they_say(path):
    text = path.read_text(encoding="utf-8")
    example = doctest.DocTestParser().get_doctest(text, {}, path.stem, str(path), 0)
    assert doctest.DocTestRunner().run(example).failed == 0


@pytest.mark.slow
def test_the_documentation_builds_without_a_warning_and_asks_no_other_host(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", str(DOCS), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert ran.returncode == 0, ran.stderr
    built = "".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.html"))
    assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=\"https?:[^\"]*", built)
    assert "<math" in built
    glossary = (tmp_path / "glossary.html").read_text(encoding="utf-8")
    for term in (term for terms in TOPICS.values() for term in terms):
        name, mistake = (  # up to an apostrophe, which is set as one
            escape(text, quote=False).split("'")[0] for text in (term.name, term.mistake)
        )
        assert f"<h3>{name}" in glossary
        assert mistake in glossary


def test_every_lesson_is_told_with_its_promise_and_link():
    for lesson in LESSONS:
        row = f"| {lesson.title} | {lesson.promise} | {lesson.minutes} | `?lesson={lesson.key}` |"
        assert row in page("questions/teach.md")


@pytest.mark.parametrize("of", [Limits, ServerLimits])
def test_every_limit_that_can_be_set_is_told(of):
    for field in fields(of):
        assert f"`{PREFIX}{field.name.upper()}`" in page("deploy.md")


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


def test_plain_docstrings_become_definitions_tables_and_text(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS / "extensions"))
    from plain_docstrings import in_markup

    assert in_markup(["n : how many,", "    at least 1"])[:3] == [
        "n",
        "    how many,",
        "    at least 1",
    ]
    assert in_markup(["|x| of `space`, *all*"])[0] == r"\|x\| of ``space``, \*all\*"
    assert in_markup(["dot     x . y", "cosine  the angle"])[:2] == ["::", ""]
    assert in_markup(["Raises", "------", "k : low"])[:3] == ["Raises", "------", "k"]
