"""`python -m explorer texts`: what it prints, what it saves, and what it hands to the app."""

from __future__ import annotations

import pytest

from explorer import cli, load
from explorer.opened_file import OpenedFile, OpenedTexts, parse_arguments
from explorer.texts.cli import main


@pytest.fixture
def reviews(tmp_path):
    pytest.importorskip("wordllama", reason="pip install wordllama")
    file = tmp_path / "reviews.csv"
    file.write_text("stars,review\n5,a fine book\n1,a dull film\n")
    return file


def test_it_saves_a_space_that_opens_again(reviews, tmp_path, capsys):
    out = tmp_path / "reviews.npz"
    assert main([str(reviews), "--column", "review", "--out", str(out)]) == 0
    assert "reviews.csv: 2 texts x 256 dimensions" in capsys.readouterr().out
    assert list(load(out).items) == ["a fine book", "a dull film"]
    assert load(out).metadata["stars"].tolist() == [5, 1]


def test_open_hands_the_texts_to_the_app_or_what_was_saved(reviews, tmp_path, monkeypatch):
    handed = []
    monkeypatch.setattr(cli, "open_space", lambda opened: handed.append(opened) or 0)
    assert cli.main(["texts", str(reviews), "--open", "--limit", "1"]) == 0
    out = str(tmp_path / "reviews.npz")
    assert cli.main(["texts", str(reviews), "--open", "--out", out]) == 0
    assert handed == [OpenedTexts(str(reviews), limit=1), OpenedFile(out)]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--column", "words", "--open"], "column 'words' is not there"),
        (["--column", "stars", "--open"], "column 'stars' holds no text"),
        (["--out", "reviews.xls"], "the extension tells the format"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_2(reviews, options, said, capsys):
    assert main([str(reviews), *options]) == 2
    assert said in capsys.readouterr().err


def test_neither_out_nor_open_is_explained(capsys):
    with pytest.raises(SystemExit):
        main(["reviews.csv"])
    assert "--out FILE; or look at them, --open" in capsys.readouterr().err


def test_the_choice_arrives_in_the_app_as_it_was_made():
    chosen = OpenedTexts("/tmp/a b.csv", column="--text", limit=5)
    assert parse_arguments(chosen.script_arguments()) == chosen
