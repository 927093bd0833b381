"""Every figure says in words what it shows."""

import ast
from pathlib import Path

from explorer.plots.in_words import listed, quartiles

ROOT = Path(__file__).resolve().parents[1]
UI = [*(ROOT / "explorer" / "ui").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]


def calls(name):
    """Where a function of that name is called: file and the names of its keyword arguments."""
    for file in UI:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and name in (
                getattr(node.func, "attr", ""), getattr(node.func, "id", ""),
            ):  # fmt: skip
                yield file.relative_to(ROOT).as_posix(), {word.arg for word in node.keywords}


def test_no_figure_is_drawn_without_words():
    found = [one for name in ("plotly_chart", "show_figure", "live_figure") for one in calls(name)]
    assert len(found) > 20
    assert not [file for file, words in found if "alt" not in words]


def test_a_long_list_of_values_says_how_many_more_there_are():
    names = [str(number) for number in range(14)]
    assert listed(["king", "queen"], [0.91, 0.84]) == "king 0.91, queen 0.84"
    assert listed(names, range(14), "d").endswith("11 11 and 2 more")


def test_quartiles_of_five_numbers_are_read_off():
    assert quartiles([0, 1, 2, 3, 4]) == "median 2, half from 1 to 3"
