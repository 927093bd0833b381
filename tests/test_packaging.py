"""The pinned requirements are those that pyproject.toml asks for; the wheel runs anywhere."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def pins(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    wanted = [Requirement(line.split("#")[0]) for line in lines if line.split("#")[0].strip()]
    return {canonicalize_name(requirement.name): requirement for requirement in wanted}


def pinned_version(requirement):
    (specifier,) = requirement.specifier
    assert specifier.operator == "=="
    return specifier.version


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_one_exact_version_without_an_address(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.search(r"://|^-|file:/|@|/work|/home", text, re.MULTILINE) is None
    assert all(pinned_version(requirement) for requirement in pins(name).values())


@pytest.mark.parametrize(
    ("name", "ranges"),
    [
        ("requirements.txt", PROJECT["dependencies"]),
        (
            "requirements-dev.txt",
            [*PROJECT["dependencies"], *EXTRAS["text"], *EXTRAS["peers"], *EXTRAS["dev"]],
        ),
    ],
)
def test_every_pin_lies_in_the_range_of_pyproject(name, ranges):
    pinned = pins(name)
    for wanted in map(Requirement, ranges):
        version = pinned_version(pinned[canonicalize_name(wanted.name)])
        assert wanted.specifier.contains(version), f"{wanted} is pinned to {version}"


def test_developers_run_what_users_run():
    users, developers = pins("requirements.txt"), pins("requirements-dev.txt")
    for name, requirement in users.items():
        assert str(developers[name]) == str(requirement)


def test_pandas_is_of_version_3_or_later():
    assert int(pinned_version(pins("requirements.txt")["pandas"]).split(".")[0]) >= 3


def test_the_python_versions_are_those_that_the_readme_names():
    assert PROJECT["requires-python"] == ">=3.11,<3.14"
    assert "Python 3.11 to 3.13" in (ROOT / "README.md").read_text(encoding="utf-8")


OPENED = """
import sys
from streamlit.testing.v1 import AppTest
from explorer import app_files
sys.argv = ["streamlit_app.py"]
app = AppTest.from_file(str(app_files.ENTRY), default_timeout=60)
app.query_params["space"] = "digits"
app.run()
app.switch_page("pages/explore/neighbors.py").run()
assert not app.exception and not app.error, app
print(app_files.FOLDER, *(one.value for one in app.title))
"""


def test_an_installed_wheel_brings_the_command_the_pages_and_the_data(tmp_path):
    left_out = shutil.ignore_patterns(".*_cache", ".git", "tests", "docs", "build", "__pycache__")
    shutil.copytree(ROOT, tmp_path / "source", ignore=left_out)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    elsewhere, site = tmp_path / "elsewhere", tmp_path / "site"
    elsewhere.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(site)}

    def run(*command):
        return subprocess.run(
            command, cwd=elsewhere, env=environment, check=True, capture_output=True, text=True
        ).stdout

    run(*pip, "wheel", "--no-deps", "--wheel-dir", str(elsewhere), str(tmp_path / "source"))
    shutil.rmtree(tmp_path / "source")
    (wheel,) = elsewhere.glob("*.whl")
    run(*pip, "install", "--no-deps", "--target", str(site), str(wheel))
    assert "items            20,000" in run(str(site / "bin" / "embedding-explorer"), "--check")
    assert run(sys.executable, "-c", OPENED).split("\n")[0] == (
        f"{site / 'explorer' / 'app'} Nearest neighbours"
    )
