"""The short script that is written beside an exported model and shows how to use it without inkread.

Beside an ONNX file it needs numpy, onnxruntime and Pillow; beside a Keras file, Keras too.
"""

from __future__ import annotations

from inkread.decode.confidence import Calibration
from inkread.runtime.feeding import Feeding
from inkread.runtime.metadata import Metadata

__all__ = ["use_it"]

_HEAD = '''"""Read one handwritten character from a photo: python use_it.py photo.jpg

Needs {needs}. For shadows, ruled paper and several characters a photo: inkread read.
"""

import json
import sys
from pathlib import Path

{libraries}
from PIL import Image, ImageFilter, ImageOps

HERE = Path(__file__).parent
CLASSES = json.loads((HERE / "{card}").read_text(encoding="utf-8"))["classes"]
{load}


def mnist_form(photo):
    """28x28, white ink on black, the ink's longer side 20 pixels, its centre of mass in the middle."""
    grey = ImageOps.contain(ImageOps.exif_transpose(Image.open(photo)).convert("L"), (400, 400))
    paper = grey.filter(ImageFilter.GaussianBlur(50))  # most of a photo is paper
    ink = np.abs(np.asarray(grey, np.float32) - np.asarray(paper, np.float32))
    ink = np.clip(2 * ink / max(ink.max(), 32) - 0.8, 0, 1)
    rows, columns = np.nonzero(ink.max(1))[0], np.nonzero(ink.max(0))[0]
    if not rows.size:
        sys.exit(f"{{photo}}: nothing stands out from the paper")
    crop = np.uint8(255 * ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    small = np.asarray(ImageOps.contain(Image.fromarray(crop), (20, 20)), np.float32)
    centre = (np.indices(small.shape) * small).sum((1, 2)) / small.sum()
    top, left = np.clip(np.round(13.5 - centre).astype(int), 0, 28 - np.array(small.shape))
    picture = np.zeros((28, 28), np.float32)
    picture[top : top + small.shape[0], left : left + small.shape[1]] = small / small.max()
    return picture


if __name__ == "__main__":
    picture = mnist_form(sys.argv[1])
    {ask}
    {shares}
    best = int(shares.argmax())
    print(CLASSES[best] or "none of its classes", f"{{shares[best]:.1%}}")
'''
_ONNX = 'SESSION = onnxruntime.InferenceSession(str(HERE / "{model}"))'
_KERAS = 'MODEL = keras.saving.load_model(HERE / "{model}", compile=False)'
_ASK_ONNX = "answer = SESSION.run(None, {{SESSION.get_inputs()[0].name: {pictures}}})[0][0]"
_ASK_KERAS = "answer = np.asarray(MODEL.predict({pictures}, verbose=0))[0]"


def use_it(model: str, card: str, about: Metadata, way: Feeding) -> str:
    """Write the script.

    Args:
        model: the model file's name, in the script's own folder.
        card: the card's file name, there too.
        about: what the model says of itself.
        way: how it takes a picture.

    Returns:
        Python source; it prints the best class and its share.
    """
    is_onnx = model.endswith(".onnx")
    load, ask = (_ONNX, _ASK_ONNX) if is_onnx else (_KERAS, _ASK_KERAS)
    return _HEAD.format(
        needs="numpy, onnxruntime and pillow" if is_onnx else "keras and its backend, numpy and pillow",
        libraries="import numpy as np\nimport onnxruntime" if is_onnx else "import keras\nimport numpy as np",
        card=card,
        load=load.format(model=model),
        ask=ask.format(pictures=_pictures(way)),
        shares=_shares(about.outputs, about.calibration),
    )


def _pictures(way: Feeding) -> str:
    """The picture as the network takes it, as an expression."""
    if 3 in way.form:
        text = f"np.stack([picture] * 3, {way.form.index(3)})[None]"
    else:
        text = f"picture.reshape({', '.join(map(str, (1, *way.form)))})"
    text += f".repeat({way.batch}, 0)" if way.batch and way.batch > 1 else ""
    return text + (f'.astype("{way.dtype}")' if way.dtype != "float32" else "")


def _shares(outputs: str, calibration: Calibration | None) -> str:
    """From what the network gives to shares that sum to 1, as a line."""
    if outputs == "probabilities":
        return "shares = answer"
    heat = f" / {calibration.temperature:.4g}" if calibration else ""
    over = f"(answer - answer.max()){heat}" if heat else "answer - answer.max()"
    return f"shares = np.exp({over}) / np.exp({over}).sum()"
