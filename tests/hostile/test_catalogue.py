"""Every odd or hostile file loads rightly or is refused in one clear sentence, soon and in bounds.

What is tried stands in the modules *_cases.py; `python -m tests.hostile.catalogue` prints a table.
"""

from __future__ import annotations

import pytest

from tests.hostile.catalogue import TOGETHER, tried


@pytest.mark.parametrize("groups", TOGETHER, ids=", ".join)
def test_every_file_loads_rightly_or_is_refused_in_one_clear_sentence(groups):
    report = tried(groups)
    assert not report.wrong, "\n".join(report.wrong)
    assert len(report.tries) > 100
    assert report.count("right") > 20
