"""`inkread export`: the file, its card, and a script that works without inkread."""

from __future__ import annotations

import ast
import hashlib
import json
import subprocess
import sys

import cv2
import numpy as np
import pytest

from inkread.cli import main
from inkread.runtime import export, feeding, linewise, recognizer
from inkread.runtime.metadata import Metadata
from inkread.runtime.scripts import use_it

PICTURES = np.random.default_rng(0).random((4, 28, 28, 1), dtype=np.float32)


@pytest.fixture
def run(capsys):
    def call(*words):
        with pytest.raises(SystemExit) as ended:
            main(["export", *map(str, words)])
        told = capsys.readouterr()
        return ended.value.code or 0, told.out, told.err

    return call


@pytest.fixture(scope="module")
def letters(tmp_path_factory):
    """A network of three classes that nobody named, as Keras saves it."""
    keras = pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")
    layers = [keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(3)]
    path = tmp_path_factory.mktemp("strangers") / "letters.h5"
    keras.Sequential(layers).save(path)
    return path


def test_a_shipped_model_comes_with_its_card_and_a_script(run, tmp_path):
    code, out, err = run("digits", "-o", tmp_path / "out")
    assert (code, out.strip()) == (0, str(tmp_path / "out" / "digits.onnx"))
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["card.json", "digits.onnx", "use_it.py"]
    card = json.loads((tmp_path / "out" / "card.json").read_text(encoding="utf-8"))
    data = (tmp_path / "out" / "digits.onnx").read_bytes()
    assert card["sha256"] == hashlib.sha256(data).hexdigest() and card["card"]["summary"]
    assert "parity: largest difference 0.0e+00" in err


def test_the_script_reads_a_photo_with_neither_keras_nor_inkread(run, tmp_path, digit_photo):
    run("digits", "-o", tmp_path)
    script = tmp_path / "use_it.py"
    lines = ast.unparse(ast.parse(script.read_text()).body[1:]).splitlines()  # no docstring, no comments
    assert len([line for line in lines if line]) <= 22
    spy = f"import runpy, sys; sys.argv = ['use_it.py', {str(digit_photo)!r}]\n"
    spy += f"runpy.run_path({str(script)!r}, run_name='__main__')\n"
    spy += "print(sorted({'keras', 'tensorflow', 'inkread'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", spy], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("7 ") and done.stdout.endswith("[]\n")


def test_the_script_is_python_whatever_the_model_is_called():
    about = recognizer.load("digits").metadata
    written = use_it('my "best".onnx', "card.json", about, feeding.Feeding((28, 28, 1)))
    assert 'my "best".onnx' in [n.value for n in ast.walk(ast.parse(written)) if isinstance(n, ast.Constant)]


@pytest.mark.parametrize("to", ["keras", "h5", "onnx"])
def test_every_format_keeps_numbers_and_classes(run, tmp_path, letters, to):
    code, out, _ = run(letters, "--to", to, "--classes", "A-C", "-o", tmp_path, "--json")
    told = json.loads(out)
    assert code == 0 and told["largest_difference"] <= export.PARITY
    found, given = recognizer.load(told["model"]), recognizer.load(letters, classes=("A", "B", "C"))
    assert found.metadata.classes == ("A", "B", "C") and found.metadata.name == "letters"
    assert found.metadata.calibration is None
    np.testing.assert_allclose(found.logits(PICTURES), given.logits(PICTURES), atol=export.PARITY)


@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_plain_keras_does_not_stumble_over_our_metrics(run, tmp_path, letters, ending):
    import keras

    from inkread import metrics

    network = keras.saving.load_model(letters, compile=False)
    network.compile("sgd", "sparse_categorical_crossentropy", metrics=[metrics.FieldAccuracy()])
    network.evaluate(PICTURES, np.zeros(4), verbose=0)
    network.save(tmp_path / f"mine.{ending}")
    out = run(tmp_path / f"mine.{ending}", "--to", ending, "--classes", "A-C", "-o", tmp_path / "out")[1]
    with keras.saving.custom_object_scope({}):
        registered = keras.saving.get_custom_objects()
        ours = {key: registered.pop(key) for key in [*registered] if key.startswith("inkread>")}
        try:
            assert ours and keras.saving.load_model(out.strip()).count_params() == 3 * 785
        finally:
            registered.update(ours)


@pytest.fixture(scope="module")
def bars(tmp_path_factory):
    """A Keras network of lines, as small as they come."""
    keras = pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")
    keras.utils.set_random_seed(0)
    ink = keras.Input((40, None, 1))
    x = keras.layers.Conv2D(4, (40, 4), strides=(40, 4), padding="same", activation="silu")(ink)
    path = tmp_path_factory.mktemp("lines") / "bars.keras"
    told = Metadata("bars", "1", "lines", ("", "a", "b", "c"), "strip-1")
    return export.save_keras(keras.Model(ink, keras.layers.Reshape((-1, 4))(x)), path, told)


@pytest.mark.parametrize("to", ["keras", "h5", "onnx"])
def test_a_reader_of_lines_keeps_numbers_and_alphabet_in_every_format(run, tmp_path, bars, to):
    code, out, _ = run(bars, "--to", to, "-o", tmp_path, "--json")
    told = json.loads(out)
    assert code == 0 and told["largest_difference"] <= export.PARITY
    found, given = linewise.load(told["model"]), linewise.load(bars)
    assert found.metadata == given.metadata and found.alphabet.characters == "abc"
    strips = [np.random.default_rng(width).random((40, width), np.float32) for width in (7, 90)]
    for ours, theirs in zip(found.logits(strips), given.logits(strips), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=export.PARITY)


@pytest.mark.parametrize("flip", [False, True])
def test_the_script_reads_a_line_with_neither_keras_nor_inkread(run, tmp_path, line_model, bar_line, flip):
    run(line_model, "-o", tmp_path)
    picture = bar_line("cabbac")
    cv2.imwrite(str(tmp_path / "line.png"), 255 - picture if flip else picture)
    script = tmp_path / "use_it.py"
    spy = f"import runpy, sys; sys.argv = ['use_it.py', {str(tmp_path / 'line.png')!r}]\n"
    spy += f"runpy.run_path({str(script)!r}, run_name='__main__')\n"
    spy += "print(sorted({'keras', 'tensorflow', 'inkread'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", spy], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["cabbac", "[]"]


def test_a_reader_of_lines_takes_no_names_for_its_classes(run, tmp_path, line_model):
    code, _, err = run(line_model, "--classes", "abc", "-o", tmp_path / "out")
    assert code == 2 and "leave --classes out" in err and not list(tmp_path.iterdir())


def test_a_reader_of_lines_that_is_onnx_alone_becomes_no_keras_file(run, tmp_path, line_model):
    code, _, err = run(line_model, "--to", "keras", "-o", tmp_path / "out")
    assert code == 1 and "ONNX keeps a network's sums, not its Keras layers" in err


def test_a_file_name_chooses_the_format(run, tmp_path, letters):
    code, out, _ = run(letters, "--classes", "yes,no,", "-o", tmp_path / "mine.keras")
    assert code == 0 and recognizer.load(out.strip()).metadata.classes == ("yes", "no", "")


@pytest.mark.parametrize("written", ["0-9,", "0,1,2,3,4,5,6,7,8,9,"])
def test_digits_and_none_of_them_can_be_named_shortly(run, tmp_path, written):
    code, out, _ = run("digits", "--classes", written, "-o", tmp_path)
    found = recognizer.load(out.strip()).metadata
    assert code == 0 and found == recognizer.load("digits").metadata


def test_what_is_there_is_replaced_only_on_demand(run, tmp_path):
    (tmp_path / "card.json").write_text("mine")
    code, _, err = run("digits", "-o", tmp_path)
    assert code == 2 and "already holds card.json" in err and "--overwrite" in err
    assert [p.name for p in tmp_path.iterdir()] == ["card.json"]
    assert run("digits", "-o", tmp_path, "--overwrite")[0] == 0
    assert (tmp_path / "card.json").read_text() != "mine"


def test_a_model_that_does_not_keep_its_numbers_is_not_kept(run, tmp_path, monkeypatch):
    monkeypatch.setattr(export, "parity", lambda run, path: export.Parity(float("nan"), 1.0, 64))
    code, _, err = run("digits", "-o", tmp_path / "out")
    assert code == 1 and "does not give the numbers of digits" in err and "Nothing was kept" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        pytest.param(
            ["textbook", "--to", "keras"], 1, "ONNX keeps a network's sums, not its Keras layers; 'textbook' "
            "ships as .onnx alone", id="no way back from ONNX"
        ),
        pytest.param(["digits", "--to", "onx"], 2, "did you mean 'onnx'?", id="a misspelt format"),
        pytest.param(["digits", "-o", "x.pt"], 2, "x.pt ends in .pt; expected .onnx", id="another format"),
        pytest.param(["digits", "--to", "h5", "-o", "x.onnx"], 2, "contradict each other", id="two formats"),
        pytest.param(["digits", "--classes", "abca"], 2, "'a' comes twice", id="a class twice"),
        pytest.param(["digits", "--classes", "0-9"], 1, "gives 11 numbers a picture, and 10", id="too few"),
        pytest.param(["digits", "--classes", "9-0"], 2, "it is empty", id="a range backwards"),
        pytest.param(["digits", "--classes", "a,,b"], 2, "only the last may be empty", id="a gap"),
        pytest.param(["digts"], 1, "did you mean 'digits'", id="a misspelt model"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_that_says_what_to_do(run, tmp_path, monkeypatch, words, code, message):
    monkeypatch.chdir(tmp_path)
    found, out, err = run(*words)
    assert (found, out, err.count("\n")) == (code, "", 1)
    assert message in err and list(tmp_path.iterdir()) == []


def test_an_onnx_file_says_where_its_keras_file_is(run, tmp_path, letters):
    run(letters, "--classes", "A-C", "-o", tmp_path)
    code, _, err = run(tmp_path / "letters.onnx", "--to", "keras", "-o", tmp_path / "out")
    assert code == 1 and "export the .keras or .h5 file" in err
    run(letters, "--classes", "A-C", "--to", "keras", "-o", tmp_path, "--overwrite")
    assert "letters.keras lies beside it: export that" in run(tmp_path / "letters.onnx", "--to", "h5")[2]


def test_a_folder_that_cannot_be_written_is_told(run, tmp_path):
    (tmp_path / "file").write_text("")
    code, _, err = run("digits", "-o", tmp_path / "file" / "out")
    assert code == 1 and "cannot be written: Not a directory" in err and err.count("\n") == 1
