"""Line readers: any width in, the same answer alone and in company, and files that keep the numbers."""

import json
from dataclasses import replace

import numpy as np
import pytest

from inkread.alphabet import Alphabet
from inkread.decode.line_confidence import LineCalibration
from inkread.errors import ModelError
from inkread.runtime import linewise, recognizer
from inkread.runtime.metadata import KEY, Metadata

TOLD = Metadata("bars", "1", "lines", ("", "a", "b", "c"), "strip-1")


def strip(width, seed=0):
    return np.random.default_rng(seed).random((40, width), np.float32)


def test_strips_of_any_width_get_a_frame_each_four_pixels(line_model):
    reader = linewise.load(line_model)
    answers = reader.logits([strip(w) for w in (1, 4, 5, 400)])
    assert [a.shape for a in answers] == [(1, 4), (1, 4), (2, 4), (100, 4)]
    assert reader.alphabet.characters == "abc" and reader.logits([]) == []


def test_a_network_that_sees_the_shade_is_given_the_ink_for_it_where_there_is_none():
    def run(strips):
        return np.stack([strips.sum(axis=(1, 2))] * 3, axis=1)

    seen, shade = strip(9, 1), strip(9, 2)
    metadata = replace(TOLD, normalizer="strip-1+shade-1", classes=("", "a"))
    reader = linewise.LineRecognizer(metadata, Alphabet("a"), run)
    both, alone = reader.logits([np.stack([seen, shade], -1), seen])
    np.testing.assert_allclose(both[0], [seen.sum(), shade.sum()], rtol=1e-5)
    np.testing.assert_allclose(alone[0], [seen.sum(), seen.sum()], rtol=1e-5)
    plain = linewise.LineRecognizer(replace(metadata, normalizer="strip-1"), Alphabet("a"), run)
    with pytest.raises(ModelError, match="expected"):
        plain.logits([np.stack([seen, shade], -1)])


def test_a_line_is_read_alike_alone_and_among_others(line_model):
    reader = linewise.load(line_model)
    strips = [strip(w, w) for w in (37, 200, 37, 120, 200)]
    together = reader.logits(strips)
    for alone, answer in zip(strips, together, strict=True):
        np.testing.assert_allclose(answer, reader.logits([alone])[0], atol=1e-5)


def test_a_strip_of_another_height_is_told(line_model):
    with pytest.raises(ModelError, match=r"\(28, 28\) came; expected \(40, width\)"):
        linewise.load(line_model).logits([np.zeros((28, 28), np.float32)])


def test_the_calibration_rides_in_the_file(line_model):
    told = linewise.load(line_model).metadata.line_calibration
    assert told == LineCalibration((2.0, 1.0, 0.0), ((0.01, 0.9), (0.05, 0.5)), n=300, data="bars")


def test_metadata_without_lines_say_nothing_of_them():
    assert "line_calibration" not in json.loads(TOLD.to_json())
    assert Metadata.from_json(TOLD.to_json()) == TOLD


@pytest.mark.parametrize(
    ("model", "says"),
    [
        pytest.param("digits", "reads no lines; expected a line reader", id="a reader of digits"),
        pytest.param("textbook", "reads no lines", id="an older one"),
        pytest.param("no.onnx", "is not there", id="no file"),
        pytest.param("lnes", "no model is called 'lnes'", id="no name"),
    ],
)
def test_what_is_no_line_reader_is_told(model, says):
    with pytest.raises(ModelError, match=says):
        linewise.load(model)


def test_where_none_ships_the_way_to_one_is_told(monkeypatch):
    monkeypatch.setattr(recognizer.shelf, "names", lambda: ["digits"])
    with pytest.raises(ModelError, match=r"inkread train lines.*--model RUN/best.onnx"):
        linewise.load("lines")


def test_a_reader_of_single_characters_refuses_a_reader_of_lines(line_model):
    with pytest.raises(ModelError, match="kind line, note or field"):
        recognizer.load(line_model)
    assert recognizer.told(line_model).name == "bars"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"classes": ("", "a", "b")}, r"expected \(1, 16, 3\)", id="too few classes"),
        pytest.param(
            {"classes": ("a", "b", "c", "")}, "expected the blank '' and then", id="no blank in front"
        ),
        pytest.param({"classes": ("", "a", "b", "b")}, "'b' stand twice", id="a character twice"),
        pytest.param(
            {"normalizer": "strip-0"}, "'strip-0', and this version gives 'strip-1'", id="other strips"
        ),
    ],
)
def test_metadata_that_do_not_fit_are_told(line_model, tmp_path, change, says):
    import onnx

    graph = onnx.load(line_model)
    onnx.helper.set_model_props(graph, {KEY: replace(TOLD, **change).to_json()})
    onnx.save(graph, tmp_path / "odd.onnx")
    with pytest.raises(ModelError, match=says):
        linewise.load(tmp_path / "odd.onnx")


@pytest.fixture(scope="module")
def network():
    """Two layers that look to the sides, as a line network does."""
    keras = pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")
    keras.utils.set_random_seed(0)
    ink = keras.Input((40, None, 1))
    x = keras.layers.Conv2D(4, (40, 4), strides=(40, 4), padding="same", activation="silu")(ink)
    x = keras.layers.Reshape((-1, 4))(x)
    return keras.Model(ink, keras.layers.Conv1D(4, 5, padding="same", dilation_rate=2)(x))


def test_a_keras_file_and_its_onnx_file_give_the_same(network, tmp_path):
    from inkread.runtime import export

    export.save_keras(network, tmp_path / "a.keras", TOLD)
    linewise.save_onnx(network, tmp_path / "a.onnx", TOLD)
    strips = [strip(w) for w in (9, 90, 91)]
    both = [linewise.load(tmp_path / name).logits(strips) for name in ("a.keras", "a.onnx")]
    for ours, theirs in zip(*both, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-4)
    assert linewise.parity(linewise.wrap(network), tmp_path / "a.onnx").is_kept


def test_an_onnx_file_that_differs_is_not_kept(network, tmp_path, monkeypatch):
    monkeypatch.setattr(linewise, "parity", lambda *_: linewise.Parity(0.5, 1.0, 8))
    with pytest.raises(ModelError, match="does not give the numbers"):
        linewise.save_onnx(network, tmp_path / "a.onnx", TOLD)
    assert list(tmp_path.iterdir()) == []
