"""Training in a real browser: the map moves, the loss falls, Stop stops, the space opens."""

from __future__ import annotations

import re


def numbers(visit) -> str:
    """What the line above the bar says: state, epoch, rate, loss."""
    return visit.page.get_by_test_id("stProgress").inner_text()


def places(visit) -> list[float]:
    return visit.page.evaluate(
        "() => Array.from(window.embeddingExplorer.stores.get('points').x.slice(0, 20))"
    )


def moves(visit) -> None:
    """Wait until some of the points are elsewhere."""
    before = places(visit)
    visit.until(lambda: max(abs(x - y) for x, y in zip(places(visit), before, strict=True)) > 0.05)


def curve(visit) -> list[float]:
    """The loss curve as it is drawn."""
    return visit.page.evaluate(
        "() => [...document.querySelectorAll('.js-plotly-plot')]"
        ".find((plot) => plot.data[0].name === 'training').data[0].y"
    )


def test_play_shows_a_moving_map_and_a_falling_loss_and_stop_stops(visit):
    page = visit.open("/train")
    main = page.get_by_test_id("stMain")
    main.get_by_label("Learn from").click()
    page.get_by_role("option", name="Toy ratings", exact=True).click()
    visit.settled()  # settings of another form come
    # In slow motion, as toy data run, so many epochs last for ten minutes: it still runs when Stop
    # is pressed, on any machine.
    main.get_by_role("spinbutton", name="Epochs").fill("10000")
    main.get_by_role("spinbutton", name="Epochs").press("Enter")
    visit.settled()
    page.locator(".st-key-train_play button").click()
    drawn = page.locator(".ee-map[data-drawn]")
    drawn.wait_for(state="attached")  # kernels may have to be compiled first
    moves(visit)
    view = visit.ranges()
    moves(visit)
    assert visit.ranges() == view  # points move, the view does not
    page.wait_for_function(
        "() => { const plot = [...document.querySelectorAll('.js-plotly-plot')]"
        ".find((one) => one.data?.[0]?.name === 'training');"
        " return plot && plot.data[0].y.length > 20; }"
    )
    losses = curve(visit)
    assert sum(losses[-5:]) < sum(losses[:5])
    page.get_by_role("button", name="Stop").click()
    page.get_by_text(re.compile("on the toy ratings: stopped")).wait_for()
    page.get_by_text("How good is it?").wait_for()
    page.get_by_role("button", name="Open as space").click()
    page.get_by_text(re.compile("trained")).first.wait_for()
    visit.map_drawn()
    visit.draws(120)
    page.get_by_test_id("stSidebarNav").get_by_text("Neighbours").click()
    page.get_by_text(re.compile("10 nearest to")).wait_for()
