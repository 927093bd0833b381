"""Addresses are untrusted: whatever stands behind the ?, the page is shown and nothing is run."""

from __future__ import annotations

import random
import re

import pytest

from tests.pages.conftest import APP, app  # noqa: F401 (the fixture)

PARAMETERS = (
    "space", "metric", "map", "colour", "focus", "pins", "query", "page", "embed", "session",
    "__proto__", "",
)  # fmt: skip
VALUES = (
    "", " ", "\0", "\n", "../../../etc/passwd", "/etc/passwd", "C:\\boot.ini", "file:///etc/passwd",
    "<script>window.hacked=1</script>", "<img src=x onerror=window.hacked=1>", "javascript:1",
    "'; DROP TABLE spaces; --", "\" onload=\"x", "{{7*7}}", "${7*7}", "#{7*7}", "%00", "%s%n%x",
    "__import__('os').system('id')", "().__class__.__bases__", "king) + (queen", "a" * 200,
    "a" * 201, "a" * 20_000, "\u202egnp", "\ud7ff", "😀" * 50, "NaN", "-1", "1e999", "null", "None",
    "[1, 2]", '{"a": 1}', "digits\x00", "digits/../digits", "DIGITS", "cosine'", "UMAP<b>",
    "digit; ls", "3 · 17", "=1+1", ":red[x]", "[x](javascript:1)", "![x](http://nobody.invalid/x)",
)  # fmt: skip
PAGES = sorted(file.relative_to(APP.parent).as_posix() for file in APP.parent.glob("pages/*/*.py"))
EACH = -(-200 // len(PAGES))  # addresses a page: 200 together, at least


@pytest.mark.parametrize("page", PAGES)
def test_no_address_shows_an_error_page_or_runs_anything(app, page, monkeypatch):  # noqa: F811
    run: list[str] = []
    monkeypatch.setattr("os.system", run.append)
    monkeypatch.setattr("subprocess.run", lambda *a, **k: run.append(str(a)))
    chance = random.Random(page)
    app.query_params["space"] = "digits"
    app.run()
    if page != "pages/explore/map.py":
        app.switch_page(page).run()
    for _ in range(EACH):
        app.query_params.clear()
        for name in chance.sample(PARAMETERS, chance.randint(1, 4)):
            values = chance.choices(VALUES, k=chance.choice((1, 1, 1, 9)))
            app.query_params[name] = values if len(values) > 1 else values[0]
        asked = {name: app.query_params[name] for name in app.query_params}
        app.run()
        assert not app.exception, asked
        assert not [one.value for one in app.error if "went wrong" in one.value], asked
        assert_nothing_raw(app, asked)
    assert not run


def assert_nothing_raw(app, asked) -> None:  # noqa: F811
    """No value of the address stands as markup in what the page says."""
    for kind in ("markdown", "info", "warning", "error", "success", "caption"):
        for element in getattr(app, kind):
            html = re.search(r"(?<!\\)<(script|img)", element.value)
            assert not html or getattr(element, "allow_html", False), (asked, element.value)
