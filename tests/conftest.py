import os
from collections.abc import Callable
from pathlib import Path

import pytest

os.environ["EMBEDDING_EXPLORER_WARM_UP"] = "off"  # no test starts processes that it does not see
SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def shared_data() -> Callable[[str], Path]:
    """shared_data("vectors/NAME"): a file that another program wrote, or a skip that says why."""

    def find(name: str) -> Path:
        file = SHARED_DATA / name
        if not file.exists():
            pytest.skip(f"no ../shared/data/{name} beside the repository")
        return file

    return find
