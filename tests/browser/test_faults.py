"""The server is killed and comes back, nobody does anything, and a strict policy for scripts."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import time
import urllib.request
from pathlib import Path

import numpy as np

from tests.browser.conftest import ROOT, Visit
from tests.browser.test_visitors import npy, upload

PAGES = re.findall(r'"pages/\w+/(\w+)\.py"', (ROOT / "streamlit_app.py").read_text())


def test_after_a_restart_the_next_click_finds_the_view_again_or_says_what_is_gone(
    browser, start_server
):
    server = start_server()
    bundled, own = Visit(browser, server), Visit(browser, server)
    bundled.open_map("/?space=digits&metric=euclidean&focus=3+%C2%B7+17")
    bundled.looks_at("3 · 17")
    own.open("/data")
    upload(own.page, "private.npy", npy(np.eye(7, dtype=np.float32)))
    own.link_says("space=private")
    server.process.kill()
    server.process.wait()
    server.begin()
    server.wait()
    for visit in (bundled, own):
        visit.page.get_by_test_id("stSidebarNav").get_by_text("Neighbours").click()
    bundled.says("nearest to 3 · 17 by euclidean distance")
    bundled.link_says("metric=euclidean")
    own.says("which is not open here")
    own.says("open its file again")
    assert "Traceback" not in own.text() + bundled.text()
    for visit in (bundled, own):
        visit.errors.clear()  # of a connection that was lost
        visit.close()


def test_a_page_that_nobody_uses_costs_nothing(browser, start_server):
    server = start_server()
    visits = [Visit(browser, server), Visit(browser, server)]
    visits[0].open_map("/")
    visits[1].open("/projections")
    visits[1].says("kept")
    for visit in visits:
        visit.settled()
    share, last = 1.0, time.monotonic() + 240  # what the pages have begun may end first
    while share >= 0.01 and time.monotonic() < last:
        share = _share_of_a_processor(server.process.pid, seconds=12)
    for visit in visits:
        visit.close()
    assert share < 0.01, f"{share:.1%} of a processor"


def _share_of_a_processor(process: int, seconds: float) -> float:
    begun, used = time.monotonic(), _cpu_seconds(process)
    time.sleep(seconds)
    return (_cpu_seconds(process) - used) / (time.monotonic() - begun)


def _cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def test_all_pages_work_under_the_policy_that_the_manual_gives(browser, server):
    policy = _policy((ROOT / "docs/deploy.md").read_text())
    index = urllib.request.urlopen(server.address).read().decode()
    (script,) = re.findall(r"<script>(.*?)</script>", index, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in policy, "Streamlit's own script has changed"
    visit = Visit(browser, server)
    broken: list[str] = []

    def note(what: str) -> None:
        broken.append(what)

    def with_policy(route) -> None:
        if route.request.resource_type != "document":
            return route.continue_()
        answer = route.fetch()
        headers = {**answer.headers, "content-security-policy": policy}
        return route.fulfill(response=answer, headers=headers)

    visit.page.route("**", with_policy)
    visit.page.expose_function("broken", note)
    visit.page.add_init_script(
        "document.addEventListener('securitypolicyviolation',"
        " e => window.broken(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`))"
    )
    visit.open_map("/")
    for page in PAGES[1:]:
        visit.open(f"/{page}")
        visit.page.wait_for_selector('[data-testid="stMain"] [data-testid="stVerticalBlock"] *')
        visit.settled()
        assert not broken, f"{page}: {broken}"
    visit.page.unroute_all(behavior="ignoreErrors")
    visit.close()


def _policy(manual: str) -> str:
    (policy,) = re.findall(r'add_header Content-Security-Policy "([^"]+)"', manual)
    return re.sub(r"\s+", " ", policy)
