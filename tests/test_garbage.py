"""Garbage is collected now and then, and not by Streamlit after every run."""

from __future__ import annotations

import gc
import tomllib
import weakref
from pathlib import Path

from explorer.ui.garbage import NowAndThen

CONFIG = Path(__file__).resolve().parents[1] / ".streamlit" / "config.toml"


class Cycle:
    def __init__(self) -> None:
        self.itself = self


def test_streamlit_does_not_collect_after_every_run():
    assert tomllib.loads(CONFIG.read_text())["runner"]["postScriptGC"] is False


def test_what_is_left_in_a_cycle_goes_when_a_collection_is_due():
    gc.disable()
    try:
        for every, stays in ((0.0, False), (60.0, True)):
            collect = NowAndThen(every)
            left = weakref.ref(Cycle())
            assert collect() is not stays
            assert (left() is not None) is stays
    finally:
        gc.enable()
