"""A link restores the state of every page: opened, it is the link that the page writes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.pages.conftest import opened

PAGES = {
    "map": st.fixed_dictionaries({}),
    "neighbors": st.fixed_dictionaries(
        {}, optional={"k": st.integers(11, 100).map(str), "by": st.sampled_from(["Items", "Word"])}
    ),
    "metrics": st.fixed_dictionaries(
        {},
        optional={
            "k": st.integers(11, 30).map(str), "centred": st.just("1"), "normalised": st.just("1"),
            "part": st.just("Softmax"), "metrics": st.just("cosine,manhattan"),
        },
    ),
    "analogies": st.fixed_dictionaries(
        {}, optional={"part": st.sampled_from(["Odd one out", "Poles"])}
    ),
    "pins": st.fixed_dictionaries({}),
}  # fmt: skip
VIEW = st.fixed_dictionaries(
    {},
    optional={
        "metric": st.sampled_from(["dot", "euclidean"]), "map": st.just("Random projection"),
        "focus": st.sampled_from(["man", ""]), "pins": st.just(["king", "queen"]),
        "where": st.just(['["kind", "is", "family"]']), "present": st.just("1"),
    },
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_a_link_that_is_opened_is_the_link_that_is_written(app, page):
    opened(app, f"pages/explore/{page}.py", space="small-world")

    @settings(
        max_examples=6, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(VIEW, PAGES[page])
    def restored(view, own):
        link = {"space": "small-world", **view, **own}
        app.query_params.clear()
        for name, value in link.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        written = {
            name: value if isinstance(value, list) else [value]
            for name, value in app.query_params.items()
        }
        assert written == {
            name: value if isinstance(value, list) else [value] for name, value in link.items()
        }

    restored()
