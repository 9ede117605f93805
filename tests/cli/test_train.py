"""`inkread train` on the command line: what is wrong is said in one line, before anything is written."""

import subprocess
import sys

import numpy as np
import pytest

from inkread.cli import main

pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")

COMMAND = "from inkread.cli import main; main()"


def failed(capsys, *words):
    with pytest.raises(SystemExit) as ended:
        main(["train", *map(str, words)])
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    return ended.value.code, err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["digit"], "did you mean 'digits'?", id="something else"),
        pytest.param(["digits", "--recipe", "fats"], "did you mean 'fast'?", id="an unknown recipe"),
        pytest.param(["digits", "--patince", "2"], "--patience", id="an unknown option"),
        pytest.param(["digits", "--data", "mnits"], "did you mean 'mnist'?", id="data that is not there"),
        pytest.param(["digits", "--epochs", "0"], "epochs is 0; expected at least 1", id="no epoch"),
        pytest.param(["digits", "--resume", "a", "-o", "b"], "give one of them", id="two folders"),
        pytest.param(
            ["imk"], "digits, characters, fields, lines, ink, field-ink; did you mean 'ink'?", id="almost ink"
        ),
        pytest.param(["ink", "--recipe", "fast"], "--recipe is for digits", id="a recipe for ink"),
        pytest.param(["ink", "--data", "mnist"], "--data is for digits", id="data for ink"),
        pytest.param(["ink", "--from", "digits"], "--from is for digits", id="ink begun with a model"),
        pytest.param(["ink", "--patience", "2"], "--patience is for digits", id="patience for ink"),
        pytest.param(["ink", "--no-augment"], "--augment is for digits", id="ink and augmentation"),
        pytest.param(["ink", "--epochs", "0"], "epochs is 0; expected at least 1", id="no epoch of ink"),
        pytest.param(["ink", "--resume", "nowhere"], "holds no run to resume", id="no run of ink"),
    ],
)
def test_a_wrong_line_is_told_what_would_be_right(capsys, words, said):
    code, err = failed(capsys, *words)
    assert code == 2 and said in err


def test_a_model_to_begin_with_must_be_there(tmp_path, capsys):
    code, err = failed(capsys, "digits", "--from", "digts", "-o", tmp_path / "run")
    assert code == 1 and "did you mean 'digits'?" in err


def test_a_run_that_could_not_begin_leaves_its_folder_free(tmp_path, capsys):
    (tmp_path / "signs" / "cross").mkdir(parents=True)
    words = ["digits", "--data", tmp_path / "signs", "-o", tmp_path / "run"]
    for _ in range(2):  # the second try is not told of a run
        code, err = failed(capsys, *words)
        assert code == 1 and "holds no pictures in class folders" in err
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "mine.txt").write_text("mine")
    failed(capsys, *words)
    assert [p.name for p in (tmp_path / "run").iterdir()] == ["mine.txt"]


def test_a_run_that_could_not_begin_with_a_model_leaves_its_folder_free(tmp_path, capsys):
    (tmp_path / "notes.keras").write_text("no model")
    words = ["digits", "--recipe", "tutorial", "--from", tmp_path / "notes.keras", "-o", tmp_path / "run"]
    code, err = failed(capsys, *words)
    assert code == 1 and "notes.keras" in err and not (tmp_path / "run").exists()


def test_ctrl_c_is_one_line(tmp_path, capsys, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("inkread.training.fit.train", stopped)
    code, err = failed(capsys, "digits", "-o", tmp_path / "run")
    assert (code, err) == (130, "inkread: stopped\n")


@pytest.mark.slow
def test_signs_of_ones_own_are_learned_and_read_in_one_command_each(tmp_path):
    from PIL import Image, ImageDraw

    rng = np.random.default_rng(0)
    signs = {
        "cross": [((0, 0), (60, 60)), ((60, 0), (0, 60))],
        "table": [((0, 60), (0, 0)), ((0, 0), (60, 0)), ((60, 0), (60, 60))],
        "zig": [((0, 0), (60, 0)), ((60, 0), (0, 60)), ((0, 60), (60, 60))],
    }
    for name, lines in signs.items():
        (tmp_path / "signs" / name).mkdir(parents=True)
        for k in range(12):
            picture = Image.new("L", (140, 140), int(rng.integers(200, 250)))
            at = rng.integers(25, 50, 2)
            for start, end in lines:
                ends = [tuple(int(v) for v in at + point + rng.integers(-5, 6, 2)) for point in (start, end)]
                ImageDraw.Draw(picture).line(ends, fill=40, width=int(rng.integers(3, 8)))
            picture.save(tmp_path / "signs" / name / f"{k}.png")
    run = tmp_path / "run"
    line = ["-c", COMMAND, "train", "digits", "--data", tmp_path / "signs", "--epochs", 6, "-o", run]
    done = subprocess.run([sys.executable, *map(str, line)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(run / "best.keras")
    assert "3 classes (cross, table, zig)" in done.stderr and "not calibrated" in done.stderr
    assert "WARNING" not in done.stderr and "oneDNN" not in done.stderr
    read = ["-c", COMMAND, "read", tmp_path / "signs" / "zig" / "0.png", "--model", run / "best.onnx"]
    done = subprocess.run([sys.executable, *map(str, read)], capture_output=True, text=True, check=True)
    assert done.stdout.split("\t")[2:3] == ["zig"] and "review" in done.stdout
