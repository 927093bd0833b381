"""Choices made on the command line arrive in the app as they were made."""

import pytest

from explorer.opened_file import OpenedCorpus, OpenedFile, parse_arguments, parse_corpus


@pytest.mark.parametrize(
    "opened",
    [
        OpenedFile("/tmp/a b.npy"),
        OpenedFile("/tmp/a.npy", labels="/tmp/-l.txt", metadata="/tmp/m.tsv", limit=5),
        OpenedFile("/tmp/a.parquet", vector="--vec", label="the name"),
    ],
)
def test_script_arguments_come_back_as_the_same_file(opened):
    assert parse_arguments(opened.script_arguments()) == opened


def test_paths_are_handed_on_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments = OpenedFile("a.npy", labels="names.txt").script_arguments()
    assert parse_arguments(arguments) == OpenedFile(
        str(tmp_path / "a.npy"), labels=str(tmp_path / "names.txt")
    )


@pytest.mark.parametrize("foreign", [[], ["-q", "tests/test_space.py"], ["vectors.npy"]])
def test_the_arguments_of_another_program_open_nothing(foreign):
    assert parse_arguments(foreign) is None
    assert parse_corpus(foreign) is None


def test_a_text_to_train_on_is_handed_on_absolute_and_is_no_file_of_vectors(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments = OpenedCorpus("my text.txt").script_arguments()
    assert parse_corpus(arguments) == OpenedCorpus(str(tmp_path / "my text.txt"))
    assert parse_arguments(arguments) is None
    assert parse_corpus(OpenedFile("a.npy").script_arguments()) is None
