"""The command line as a person meets it: what it prints, and its exit code."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import numpy as np
import pytest

from explorer import cli
from explorer.app_files import FOLDER as REPOSITORY


def explorer(*arguments, cwd=REPOSITORY):
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(
        [sys.executable, "-m", "explorer", *map(str, arguments)],
        capture_output=True,
        check=False,
        text=True,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )


@pytest.fixture
def vectors_file(tmp_path):
    np.save(tmp_path / "vectors.npy", np.array([[3, 4], [6, 8], [3, 4]], dtype=np.float32))
    return tmp_path / "vectors.npy"


def test_check_prints_the_numbers_and_exits_0(vectors_file):
    ran = explorer(vectors_file, "--check")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "3 items x 2 dimensions" in ran.stdout
    assert "equal vectors    1 (2 = 0)" in ran.stdout


@pytest.mark.parametrize("step", ["_read", "check"])
def test_what_does_not_fit_into_memory_ends_in_one_line(monkeypatch, capsys, vectors_file, step):
    def full(_):
        raise MemoryError

    monkeypatch.setattr(cli, step, full)
    assert cli.main([str(vectors_file), "--check"]) == 2
    assert capsys.readouterr().err == (
        f"{vectors_file}: does not fit into memory. Read part: --limit N\n"
    )


def test_check_counts_repeated_names_and_tells_the_type_of_the_numbers(tmp_path):
    (tmp_path / "names.txt").write_text("a\nb\na\n")
    np.save(tmp_path / "double.npy", np.array([[1.0, 2], [3, 4], [5, 6]]))
    ran = explorer(tmp_path / "double.npy", "--labels", tmp_path / "names.txt", "--check")
    assert "repeated names   1\n" in ran.stdout
    assert "numbers          float64, kept as float32" in ran.stdout


def test_relative_paths_are_those_of_the_person(vectors_file):
    assert explorer("vectors.npy", "--check", cwd=vectors_file.parent).returncode == 0


def test_limit_reads_only_the_first_items(vectors_file):
    assert "2 items x 2 dimensions" in explorer(vectors_file, "--check", "--limit", "2").stdout


def test_check_without_a_file_checks_the_bundled_words():
    assert "20,000" in explorer("--check").stdout


def write(name, content):
    def make(folder):
        (folder / name).write_bytes(content)
        return folder / name

    return make


BAD = {
    "a missing file": lambda folder: folder / "none.npy",
    "a directory": lambda folder: folder,
    "an empty file": write("empty.txt", b""),
    "a ragged row": write("ragged.txt", b"3 2\na 1 2\nb 1\nc 1 2\n"),
    "text for a number": write("words.txt", b"3 2\na 1 2\nb 1 x\nc 1 2\n"),
    "a header that lies": write("short.txt", b"4 2\na 1 2\nb 1 2\n"),
    "a pickle": write("model.pkl", b"\x80\x04]\x94."),
    "another encoding": write("latin.txt", b"2 2\nna\xefve 1 2\nb 1 2\n"),
    "a truncated binary": write("cut.bin", b"2 2\na \x00\x00\x80\x3f\x00\x00\x00\x40b \x00\x00"),
    "only zeros": write("zeros.txt", b"2 2\na 0 0\nb 0 0\n"),
    "a broken zip": write("broken.zip", b"PK\x03\x04 nonsense"),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_file_ends_with_one_line_and_exit_code_2(bad, tmp_path):
    ran = explorer(BAD[bad](tmp_path), "--check")
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert "Traceback" not in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1


def test_the_line_of_the_fault_is_named(tmp_path):
    ran = explorer(BAD["a ragged row"](tmp_path), "--check")
    assert "ragged.txt" in ran.stderr
    assert "line 3" in ran.stderr


def test_mismatched_labels_are_refused(vectors_file):
    labels = vectors_file.with_name("labels.txt")
    labels.write_text("one\ntwo\n")
    ran = explorer(vectors_file, "--labels", labels, "--check")
    assert ran.returncode == 2
    assert len(ran.stderr.strip().splitlines()) == 1


def test_a_missing_second_file_is_named(vectors_file):
    ran = explorer(vectors_file, "--metadata", "nowhere.tsv", "--check")
    assert ran.returncode == 2
    assert "nowhere.tsv" in ran.stderr


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (["a.npy", "--limit", "0"], "at least 1"),
        (["a.npy", "--port", "70000"], "at most 65535"),
        (["--labels", "a.txt"], "name their FILE too"),
        (["a.npy", "--lable", "word"], "unrecognized arguments"),
        (["a.npy", "--corpus", "text.txt"], "--corpus FILE stands alone"),
        (["--corpus", "nowhere.txt"], "nowhere.txt"),
    ],
)
def test_a_wrong_option_is_explained(wrong, told):
    ran = explorer(*wrong)
    assert ran.returncode == 2
    assert told in ran.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "text.txt"), (b" \n ", "holds no words"), (b"caf\xe9 au lait", "UTF-8")],
)
def test_a_text_that_is_none_is_told_before_anything_is_started(tmp_path, content, told):
    (tmp_path / "text.txt").write_bytes(content)
    ran = explorer("--corpus", tmp_path / "text.txt", "--no-browser")
    assert ran.returncode == 2
    assert told in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_the_browser_opens_the_train_page_once_the_server_listens(monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        cli._browse(f"http://127.0.0.1:{port}/train", port)
    assert opened == [f"http://127.0.0.1:{port}/train"]


def test_help_shows_examples():
    ran = explorer("--help")
    assert ran.returncode == 0
    assert "python -m explorer products.parquet --vector embedding" in ran.stdout


def test_a_taken_port_is_told_before_anything_is_started():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = explorer("--no-browser", "--port", taken.getsockname()[1])
    assert ran.returncode == 2
    assert "is taken" in ran.stderr


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def answers(url, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=2) as page:
                return page.status == 200
        except OSError:
            time.sleep(0.1)
    return False


@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_app_starts_and_stops_with_the_command(how, vectors_file):
    port = free_port()
    command = [sys.executable, "-m", "explorer", vectors_file, "--no-browser", "--port", str(port)]
    running = subprocess.Popen(
        command, cwd=REPOSITORY, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    try:
        assert answers(f"http://127.0.0.1:{port}/_stcore/health")
        running.send_signal(how)
        printed, _ = running.communicate(timeout=20)
    finally:
        running.kill()
    assert running.returncode == 0
    assert f"Opening http://127.0.0.1:{port}" in printed
    assert not answers(f"http://127.0.0.1:{port}/_stcore/health", seconds=0.3)
