"""Files from anywhere: odd ONNX networks, and what is no model at all, each in one line."""

import pickle
import zipfile

import numpy as np
import pytest

from inkread.errors import ModelError
from inkread.runtime import recognizer

PICTURES = np.random.default_rng(0).random((5, 28, 28, 1), dtype=np.float32)


class Bomb:
    """Runs code when it is unpickled."""

    def __reduce__(self):
        return (eval, ("1/0",))


@pytest.mark.parametrize("ending", [".onnx", ".keras", ".h5"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(pickle.dumps(Bomb()), "is a Python pickle, which is never opened", id="a pickle"),
        pytest.param(b"", "is empty; expected a model file", id="empty"),
        pytest.param(b"version https://git-lfs.github.com/spec/v1\n", "Run: git lfs pull", id="a pointer"),
    ],
)
def test_what_is_no_model_is_told_in_one_line(tmp_path, ending, content, message):
    if ending != ".onnx":
        pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")
    path = tmp_path / f"model{ending}"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=message) as caught:
        recognizer.load(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("other.keras", "is a zip archive without config.json and model.weights.h5"),
        ("other.onnx", r"is a zip archive by its content; if it is a Keras model, rename it to other\.keras"),
    ],
)
def test_another_archive_is_not_a_keras_file(tmp_path, name, message):
    if name.endswith(".keras"):
        pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        archive.writestr("data.pkl", b"nothing")
    with pytest.raises(ModelError, match=message):
        recognizer.load(tmp_path / name)


def graph(path, shape, *, kind="FLOAT", outputs=1):
    """An ONNX file of one matrix: flattened pictures in, ten sums out."""
    onnx = pytest.importorskip("onnx", reason="needs onnx: pip install '.[train]'")
    from onnx import TensorProto, helper, numpy_helper

    size = int(np.prod([s for s in shape[1:] if isinstance(s, int)]))
    matrix = np.random.default_rng(1).normal(size=(size, 10)).astype(np.float32)
    element = getattr(TensorProto, kind)
    nodes = [
        helper.make_node("Cast", ["x"], ["real"], to=TensorProto.FLOAT),
        helper.make_node("Flatten", ["real"], ["flat"]),
        helper.make_node("MatMul", ["flat", "matrix"], ["y"]),
    ]
    gives = [helper.make_tensor_value_info("y", TensorProto.FLOAT, [shape[0], 10])]
    if outputs == 2:
        gives.append(helper.make_tensor_value_info("flat", TensorProto.FLOAT, [shape[0], size]))
    taken = [helper.make_tensor_value_info("x", element, shape)]
    made = helper.make_graph(nodes, "sums", taken, gives, [numpy_helper.from_array(matrix, "matrix")])
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(made, opset_imports=opset, ir_version=8), path)
    return matrix


@pytest.mark.parametrize("batch", ["n", 1, 2])
@pytest.mark.parametrize("kind", ["FLOAT", "DOUBLE", "FLOAT16"])
def test_an_onnx_network_of_a_fixed_batch_or_another_precision_is_read(tmp_path, batch, kind):
    matrix = graph(tmp_path / "torch.onnx", [batch, 1, 28, 28], kind=kind)
    found = recognizer.load(tmp_path / "torch.onnx")
    assert found.metadata.calibration is None and found.metadata.classes == tuple("0123456789")
    np.testing.assert_allclose(found.logits(PICTURES), PICTURES.reshape(5, -1) @ matrix, atol=0.1)


@pytest.mark.parametrize(
    ("shape", "more", "message"),
    [
        (["n", 32, 32, 1], {}, r"takes pictures of shape \(32, 32, 1\); expected 28x28 pixels"),
        (["n", 28, 28, 1], {"kind": "UINT8"}, r"takes a tensor\(uint8\); expected floating point ink"),
        (["n", 28, 28, 1], {"outputs": 2}, "has 1 inputs and 2 outputs; expected one of each"),
    ],
)
def test_an_onnx_network_that_takes_or_gives_something_else(tmp_path, shape, more, message):
    graph(tmp_path / "other.onnx", shape, **more)
    with pytest.raises(ModelError, match=message):
        recognizer.load(tmp_path / "other.onnx")
