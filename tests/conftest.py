"""Pictures that many tests need, made on the spot."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from hypothesis import settings

# How long an example takes says more of how busy the machine is than of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def digit_photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dark 7 drawn on light paper, 400 by 300 pixels, as a JPEG."""
    paper = np.full((300, 400, 3), 225, np.uint8)
    strokes = np.array([[150, 80], [250, 80], [190, 230]], np.int32)
    cv2.polylines(paper, [strokes], False, (90, 50, 40), 14, cv2.LINE_AA)
    path = tmp_path_factory.mktemp("photos") / "seven.jpg"
    cv2.imwrite(str(path), paper)
    return path


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    """Run a command line in an empty folder; gives exit code, stdout and stderr."""
    from inkread.cli import main

    monkeypatch.chdir(tmp_path)

    def call(*words):
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        told = capsys.readouterr()
        return SimpleNamespace(code=ended.value.code, out=told.out, err=told.err)

    return call


# --- a hand-made reader of lines ---------------------------------------------------------------------------

BARS = {"a": (0, 2), "b": (0, 3), "c": (1, 3)}
"""What `line_model` reads: upright bars; which thirds of the line's height each begins and ends with."""


@pytest.fixture(scope="session")
def line_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ONNX file of a line reader that needs no training: it reads the language of `bar_line`."""
    onnx = pytest.importorskip("onnx", reason="needs onnx: pip install '.[train]'")
    from inkread.decode.line_confidence import LineCalibration
    from inkread.runtime.metadata import KEY, Metadata

    kernel = np.zeros((4, 1, 40, 4), np.float32)
    head, middle, foot = slice(5, 11), slice(17, 23), slice(29, 35)
    for letter, weights in enumerate([(1, 1, -1), (1, 1, 1), (-1, 1, 1)], start=1):
        for rows, weight in zip((head, middle, foot), weights, strict=True):
            kernel[letter, 0, rows] = weight
    bias = np.array([18, 0, -24, 0], np.float32)
    make = onnx.helper.make_node
    graph = onnx.helper.make_graph(
        [
            make("Transpose", ["strip"], ["planes"], perm=[0, 3, 1, 2]),
            make("Conv", ["planes", "kernel", "bias"], ["bands"], strides=[40, 4], auto_pad="SAME_UPPER"),
            make("Squeeze", ["bands", "axis"], ["rows"]),
            make("Transpose", ["rows"], ["logits"], perm=[0, 2, 1]),
        ],
        "bars",
        [onnx.helper.make_tensor_value_info("strip", onnx.TensorProto.FLOAT, ["n", 40, "width", 1])],
        [onnx.helper.make_tensor_value_info("logits", onnx.TensorProto.FLOAT, ["n", "frames", 4])],
        [
            onnx.numpy_helper.from_array(kernel, "kernel"),
            onnx.numpy_helper.from_array(bias, "bias"),
            onnx.numpy_helper.from_array(np.array([2]), "axis"),
        ],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 13)], ir_version=8)
    calibration = LineCalibration((2.0, 1.0, 0.0), ((0.01, 0.9), (0.05, 0.5)), n=300, data="bars")
    told = Metadata("bars", "1", "lines", ("", *BARS), "strip-1", line_calibration=calibration)
    onnx.helper.set_model_props(model, {KEY: told.to_json()})
    path = tmp_path_factory.mktemp("models") / "bars.onnx"
    onnx.save(model, path)
    return path


@pytest.fixture(scope="session")
def field_model(line_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model of `line_model` as a reader of fields, whose bars are the digits 1, 2 and 3."""
    onnx = pytest.importorskip("onnx", reason="needs onnx: pip install '.[train]'")
    from inkread.decode.field_confidence import FieldCalibration
    from inkread.runtime.metadata import KEY, Metadata

    model = onnx.load(line_model)
    calibration = FieldCalibration((0.0, 1.0, 0.0, 0.0, 0.0, 0.0), ((0.01, 0.9),), n=300, data="bars")
    told = Metadata("fields", "1", "lines", ("", *"123"), "strip-1", field_calibration=calibration)
    onnx.helper.set_model_props(model, {KEY: told.to_json()})
    path = tmp_path_factory.mktemp("models") / "fields.onnx"
    onnx.save(model, path)
    return path


@pytest.fixture(scope="session")
def bar_line():
    """Draw a picture of one line of bars: `bar_line("abc")` is uint8 `(height, width, 3)`."""

    def draw(text: str, height: int = 90, paper: int = 225, ink: int = 40) -> np.ndarray:
        tall, wide = height // 2, max(2, height // 8)
        line = np.full((height, 2 * tall + 3 * wide * len(text), 3), paper, np.uint8)
        for place, character in enumerate(text):
            first, last = (height // 4 + tall * third // 3 for third in BARS[character])
            left = tall + 3 * wide * place
            line[first:last, left : left + wide] = ink
        return line

    return draw
