"""Asks visitors to log in, where whoever runs the server wants that (docs/deploy.md)."""

from __future__ import annotations

import os

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

SWITCH = "EMBEDDING_EXPLORER_LOGIN"


def require_login() -> None:
    """Let logged-in visitors pass; all others see a button, and nothing of the app.

    Only where the environment says EMBEDDING_EXPLORER_LOGIN=required. Who may log in is for the
    identity provider to decide, which the [auth] section of .streamlit/secrets.toml names.
    """
    if os.environ.get(SWITCH, "") in ("", "0"):
        return
    if st.user.get("is_logged_in"):
        st.sidebar.button("Log out", icon=":material/logout:", on_click=st.logout)
        return
    st.title("Embedding Explorer", anchor=False)
    if _provider_named():
        st.button("Log in", icon=":material/login:", type="primary", on_click=st.login)
    else:
        st.error(
            f"This server asks for a login ({SWITCH}), but .streamlit/secrets.toml has no [auth] "
            "section. Whoever runs it finds the lines to add in docs/deploy.md."
        )
    st.stop()


def _provider_named() -> bool:
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False
