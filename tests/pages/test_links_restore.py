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
    "projections": st.one_of(
        st.fixed_dictionaries(
            {"part": st.just("Johnson–Lindenstrauss")},
            optional={
                "epsilon": st.sampled_from(["0.05", "0.55"]), "m": st.sampled_from(["4", "128"]),
                "directions": st.just("sparse"), "seed": st.integers(2, 99).map(str),
            },
        ),
        st.fixed_dictionaries({"part": st.just("3-D"), "components": st.just("1,2,4")}),
        st.fixed_dictionaries(
            {"part": st.just("Components")},
            optional={"share": st.just("0.95"), "component": st.integers(2, 20).map(str)},
        ),
    ),
    "clusters": st.one_of(
        st.fixed_dictionaries(
            {}, optional={"k": st.integers(13, 20).map(str), "seed": st.just("7")}
        ),
        st.fixed_dictionaries(
            {"method": st.just("HDBSCAN")}, optional={"least": st.just("9"), "core": st.just("7")}
        ),
    ),
    "train": st.one_of(
        st.fixed_dictionaries(
            {},
            optional={
                "objective": st.sampled_from(["glove", "cbow"]), "learning_rate": st.just("0.01"),
                "dimensions": st.integers(2, 90).map(str), "seed": st.integers(2, 99).map(str),
            },
        ),
        st.fixed_dictionaries(
            {"source": st.just("Toy ratings"), "objective": st.just("Implicit ALS")}
        ),
        st.fixed_dictionaries(
            {"part": st.just("Other seeds"), "trainings": st.just("3"), "window": st.just("4")}
        ),
    ),
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
    section = "make" if page == "train" else "explore"
    opened(app, f"pages/{section}/{page}.py", space="small-world")

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
