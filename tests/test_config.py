"""The settings that the app is shipped with."""

import tomllib
from pathlib import Path

import pytest

FILE = Path(__file__).resolve().parents[1] / ".streamlit" / "config.toml"
CONFIG = tomllib.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("section", "option", "value"),
    [
        ("server", "address", "127.0.0.1"),
        ("server", "showEmailPrompt", False),
        ("browser", "gatherUsageStats", False),
        ("client", "showErrorDetails", "none"),
        ("client", "toolbarMode", "viewer"),
    ],
)
def test_the_app_keeps_to_this_machine_asks_nothing_and_shows_no_traceback(section, option, value):
    assert CONFIG[section][option] == value


def test_the_protections_that_are_on_by_default_stay_on():
    assert CONFIG["server"].get("enableXsrfProtection", True)
    assert CONFIG["server"].get("enableCORS", True)


def test_uploads_are_bounded():
    assert CONFIG["server"]["maxUploadSize"] <= 1_000
