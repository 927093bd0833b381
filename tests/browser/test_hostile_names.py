"""Names of items and columns that are HTML or scripts are shown to the letter, and do nothing."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visit

NAMES = (
    "<img src=x onerror=window.hacked=1>",
    "<script>window.hacked=1</script>",
    "<svg/onload=window.hacked=1>",
    "[click](javascript:window.hacked=1)",
    "</textarea><b>bold</b>",
    "<a href='javascript:window.hacked=1'>link</a>",
    '" onmouseover="window.hacked=1',
    "{{constructor.constructor('window.hacked=1')()}}",
)
CLASSES = ("<b>red</b>", "<img src=x onerror=window.hacked=1>")


def test_names_that_are_html_are_shown_as_text_on_every_page(browser, start_server, tmp_path):
    rows = ['word,"<i>kind</i>",x0,x1,x2']
    for row in range(40):
        name = NAMES[row] if row < len(NAMES) else f"w{row}"
        quoted = '"' + name.replace('"', '""') + '"'
        rows.append(f'{quoted},"{CLASSES[row % 2]}",{row % 7}.5,{row % 5}.25,{row % 3 + 1}')
    file = tmp_path / "names.csv"
    file.write_text("\n".join(rows))
    server = start_server("--open", str(file))
    visit = Visit(browser, server)
    page = visit.open_map("/")
    expect(page.get_by_text(NAMES[0]).first).to_be_visible()
    for path, said in (("/neighbors", "nearest to"), ("/data", "Open a file"), ("/metrics", "")):
        visit.open(path)
        if said:
            expect(page.get_by_text(said).first).to_be_visible()
        visit.settled()
        assert page.evaluate("() => window.hacked") is None, path
        made = "img[src='x'], svg[onload], a[href^='javascript'], [onmouseover], [onerror]"
        assert page.locator(made).count() == 0, path
    assert not visit.errors
    strangers = [url for url in visit.strangers if not url.startswith(server.address)]
    visit.close()
    server.stop()
    assert not strangers
