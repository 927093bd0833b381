"""Where the server asks for a login, nothing of the app is shown before it."""

from __future__ import annotations

from tests.pages.conftest import opened

MAP = "pages/explore/map.py"


def test_without_the_switch_nobody_is_asked(app):
    assert not [one for one in opened(app, MAP).button if one.label == "Log in"]


def test_a_server_that_asks_but_names_no_provider_says_so_and_shows_nothing_else(app, monkeypatch):
    monkeypatch.setenv("EMBEDDING_EXPLORER_LOGIN", "required")
    shown = opened(app, MAP)
    assert "has no [auth] section" in shown.error[0].value
    assert not shown.sidebar.selectbox


def test_a_visitor_who_is_not_logged_in_sees_a_button_and_nothing_else(app, monkeypatch):
    monkeypatch.setenv("EMBEDDING_EXPLORER_LOGIN", "required")
    app.secrets["auth"] = {"redirect_uri": "http://127.0.0.1/oauth2callback"}
    shown = opened(app, MAP)
    assert [one.label for one in shown.button] == ["Log in"]
    assert not shown.error
    assert not shown.sidebar.selectbox
