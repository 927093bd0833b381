"""The page of analogies in a real browser: typing, clicking an answer, every part draws."""

from __future__ import annotations


def open_page(visit, space="small-world"):
    visit.open(f"/analogies?space={space}")
    visit.page.get_by_text("On a map of just these points").wait_for()
    visit.settled()
    return visit.page


def ask(visit, text):
    box = visit.page.get_by_label("Expression", exact=True)
    box.fill(text)
    box.press("Enter")


def test_an_expression_is_answered_and_drawn(visit):
    page = open_page(visit)
    page.locator(".ee-list .ee-name").first.get_by_text("queen", exact=True).wait_for()
    ask(visit, "paris - france + italy")
    page.locator(".ee-list .ee-name").first.get_by_text("rome", exact=True).wait_for()
    page.locator(".js-plotly-plot").get_by_text("france").first.wait_for()


def test_a_slip_is_answered_in_a_sentence_and_the_next_try_works(visit):
    page = open_page(visit)
    ask(visit, "king - quen")
    page.get_by_text("Did you mean queen").wait_for()
    ask(visit, "king - queen")
    page.get_by_text("On a map of just these points").wait_for()


def test_a_click_on_an_answer_looks_at_it(visit):
    page = open_page(visit)
    page.locator(".ee-list .ee-item", has_text="lady").first.click()
    page.wait_for_function("() => location.search.includes('focus=lady')")


def test_every_part_draws_its_picture(visit):
    page = open_page(visit)
    for part in ("Odd one out", "Axes", "Poles", "Directions", "Prototypes"):
        page.get_by_role("radio", name=part).click()
        page.locator(".js-plotly-plot .main-svg").first.wait_for(state="attached")
        visit.settled()
        assert page.locator('[data-testid="stAlertContentError"]').count() == 0, part
