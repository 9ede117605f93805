"""What a model is made of: its layers, in order, with what each gives and how many numbers it learned.

Keras files tell through Keras, ONNX files through the package onnx; reading needs neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from inkread.errors import ModelError
from inkread.runtime import recognizer

__all__ = ["Layer", "layers"]


@dataclass(frozen=True, slots=True)
class Layer:
    """One step of a network.

    Attributes:
        name: its own.
        kind: what it does, such as "Conv2D", or an ONNX operator such as "Conv".
        output: the shape that it gives for one picture, such as (26, 26, 32); empty where unknown.
        parameters: how many numbers it learned.
    """

    name: str
    kind: str
    output: tuple[int | str, ...]
    parameters: int


def layers(path: Path) -> tuple[Layer, ...]:
    """Take a model file apart.

    Args:
        path: a `.keras`, `.h5` or `.onnx` file.

    Raises:
        ModelError: the package that reads such files is not installed, or the file is damaged.
    """
    if path.suffix.lower() == ".onnx":
        return _of_onnx(path)
    return tuple(
        Layer(layer.name, type(layer).__name__, _shape(getattr(layer, "output", None)), layer.count_params())
        for layer in recognizer.open_keras(path).layers
    )


def _of_onnx(path: Path) -> tuple[Layer, ...]:
    """The operators of an ONNX graph; a number that several use counts at the first."""
    try:
        import onnx
    except ImportError as error:
        raise ModelError("listing an ONNX file's layers needs onnx. Run: pip install '.[train]'") from error
    try:
        graph = onnx.shape_inference.infer_shapes(onnx.load(path)).graph
    except Exception as error:  # protobuf's and onnx' own
        raise ModelError(f"{path} cannot be taken apart: {(str(error).splitlines() or [''])[0]}") from error
    sizes = {
        tensor.name: prod(tensor.dims) for tensor in graph.initializer if tensor.data_type in (1, 10, 11)
    }
    shapes = {
        value.name: tuple(d.dim_value or d.dim_param or "?" for d in value.type.tensor_type.shape.dim)
        for value in (*graph.value_info, *graph.output)
    }
    found = []
    for node in graph.node:
        learned = sum(sizes.pop(name, 0) for name in node.input)
        name = node.name.removeprefix("StatefulPartitionedCall/")
        found.append(Layer(name, node.op_type, shapes.get(node.output[0], ())[1:], learned))
    return tuple(found)


def _shape(output: Any) -> tuple[int | str, ...]:
    """One picture's share of a symbolic output; sizes that are left open are "?"."""
    return tuple("?" if size is None else int(size) for size in tuple(getattr(output, "shape", ()))[1:])
