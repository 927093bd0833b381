"""The real worker program with a layout that takes as long as the first vector says.

vectors[0] = [seconds, what]; what: 0 gives columns back, 1 and 3 raise, 2 kills the process.
"""

import os
import sys
import time
import types

sys.modules["umap"] = types.ModuleType("umap")  # not needed here, and slow

from explorer.errors import ExplorerError  # noqa: E402
from explorer.projection import umap_learn, umap_process  # noqa: E402


def layout(vectors, settings, *, target, on_progress):
    print("a library talks on stdout")
    seconds, what = vectors[0, :2].tolist()
    for step in range(10):
        on_progress(step / 10)
        time.sleep(seconds / 10)
    if what == 1:
        raise ExplorerError("The stub was asked to fail.")
    if what == 2:
        os.kill(os.getpid(), 9)
    if what == 3:
        raise RuntimeError("two\nlines")
    on_progress(1.0)
    return vectors[:, :2] + settings.neighbors


umap_learn.umap_learn_map = layout
umap_process.main(sys.argv[1])
