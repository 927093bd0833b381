import pytest

from explorer import cli, load, train_cli
from explorer.training.progress import Progress
from explorer.training.sgns import SgnsSettings, SgnsTrainer

pytest.importorskip("numba")
OPTIONS = ["--dimensions", "8", "--epochs", "2", "--min-count", "1"]


@pytest.fixture
def text(tmp_path):
    file = tmp_path / "text.txt"
    file.write_text("the cat sat on the mat\nthe dog sat on the cat\n" * 20)
    return file


@pytest.mark.parametrize("objective", ["sgns", "cbow", "subword"])
@pytest.mark.parametrize("suffix", ["npz", "txt"])
def test_a_text_becomes_a_file_of_vectors(text, capsys, objective, suffix):
    out = text.with_suffix(f".{objective}.{suffix}")
    chosen = ["--objective", objective, "--out", str(out), *OPTIONS]
    assert cli.main(["train", str(text), *chosen]) == 0
    space = load(out)
    assert space.dimensions == 8
    assert set(space.items) == {"the", "cat", "sat", "on", "mat", "dog"}
    told = capsys.readouterr().out
    assert "240 words, 6 different" in told
    assert "100 %" in told
    assert "words/s" in told


def test_ctrl_c_saves_what_there_is(text, tmp_path, capsys):
    from explorer.training.corpus import read_corpus

    class Interrupted(SgnsTrainer):
        def advance(self, seconds=0.1):
            if self.examples:
                raise KeyboardInterrupt
            return super().advance(seconds=0)

    corpus = read_corpus(text, min_count=1)
    trainer = Interrupted(corpus, SgnsSettings(dimensions=8, epochs=1_000))
    out = tmp_path / "v.npz"
    assert train_cli.train(trainer, out)
    assert "Stopped; saving what there is." in capsys.readouterr().out
    assert len(load(out)) == 6


def test_open_starts_the_app_on_the_vectors(text, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(cli, "_serve", lambda file, port, browser: opened.append(file.path) or 0)
    out = tmp_path / "v.npz"
    assert cli.main(["train", str(text), "--out", str(out), "--open", *OPTIONS]) == 0
    assert opened == [str(out)]


def test_open_alone_starts_the_train_page_with_the_text(text, monkeypatch):
    opened = []
    monkeypatch.setattr(cli, "_serve", lambda file, port, browser: opened.append(file) or 0)
    assert cli.main(["train", str(text), "--open"]) == 0
    assert cli.main(["--corpus", str(text)]) == 0
    assert [(one.page, one.path) for one in opened] == [("train", str(text))] * 2


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "--out FILE; or train on the page, --open alone"),
        (["--open", "--epochs", "3"], "all else is chosen on the page"),
    ],
)
def test_without_a_file_to_save_to_the_way_is_told(text, capsys, options, told):
    with pytest.raises(SystemExit):
        cli.main(["train", str(text), *options])
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (["--out", "v.doc"], "extension tells the format"),
        (["--out", "nowhere/v.npz"], "there is no folder nowhere"),
        (["--out", "v.npz", "--min-count", "99"], "the most frequent comes 80 times"),
        (["--out", "v.npz", "--objective", "ppmi", "--negatives", "3"], "no option --negatives"),
        (["--out", "v.npz", "--learning-rate", "0"], "learning_rate must be"),
    ],
)
def test_what_cannot_work_is_told_before_the_work(text, tmp_path, monkeypatch, capsys, wrong, told):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["train", str(text), *wrong]) == 2
    assert told in capsys.readouterr().err


def test_the_line_shows_share_speed_loss_and_time_left():
    progress = Progress(0.25, 1.25, 2.5, None, 1_000_000, 2.0)
    shown = train_cli.line(progress, "words")
    assert shown.startswith(
        "[######..................]  25 %  500,000 words/s  loss 2.500  6 s left"
    )


def test_help_lists_every_option(capsys):
    with pytest.raises(SystemExit):
        cli.main(["train", "--help"])
    told = capsys.readouterr().out
    for option in ("--objective", "--dimensions", "--window", "--epochs", "--min-count"):
        assert option in told
    for option in ("--threads", "--seed", "--out", "--open"):
        assert option in told
