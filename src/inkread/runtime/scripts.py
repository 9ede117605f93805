"""The short script that is written beside an exported model and shows how to use it without inkread.

Beside an ONNX file it needs numpy, onnxruntime and Pillow; beside a Keras file, Keras too.
"""

from __future__ import annotations

import json

from inkread.decode.confidence import Calibration
from inkread.imaging.strips import HEIGHT
from inkread.runtime.feeding import Feeding
from inkread.runtime.metadata import Metadata

__all__ = ["read_line", "use_it"]

_SCRIPT = '''"""Read one handwritten character from a photo: python use_it.py photo.jpg

Needs {needs}. For shadows, ruled paper and several characters a photo: inkread read.
"""

import json
import sys
from pathlib import Path

{libraries}
from PIL import Image, ImageChops, ImageFilter, ImageOps

here = Path(__file__).parent
classes = json.loads((here / "{card}").read_text(encoding="utf-8"))["classes"]
{load}

# Ink is what differs from the paper around it, and most of a photo is paper.
grey = ImageOps.contain(ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("L"), (400, 400))
ink = ImageChops.difference(grey, grey.filter(ImageFilter.GaussianBlur(50)))
most = max(ink.getextrema()[1], 32)
ink = ink.point(lambda value: max(0, min(255, 255 * (2 * value / most - 0.8))))

# As MNIST was made: the longer side 20 pixels, the centre of mass in the middle of 28x28, white on black.
box = ink.getbbox() or sys.exit("nothing stands out from the paper")
mark = np.asarray(ImageOps.contain(ink.crop(box), (20, 20)), np.float32)
centre = (np.indices(mark.shape) * mark).sum((1, 2)) / mark.sum()
top, left = np.clip(np.round(13.5 - centre), 0, 28 - np.array(mark.shape)).astype(int)
picture = np.pad(mark / mark.max(), [(top, 28 - top - len(mark)), (left, 28 - left - len(mark[0]))])

{ask}
{shares}
share, text = max(zip(shares, classes))
print(text or "none of its classes", f"{{share:.1%}}")
'''
_LINE_SCRIPT = '''"""Read one line of handwriting from a picture cut to it: python use_it.py line.jpg

Needs {needs}. For whole pages, shadows, ruled paper, and the help of a language: inkread read.
"""

import json
import sys
from pathlib import Path

{libraries}
from PIL import Image, ImageChops, ImageFilter, ImageOps

here = Path(__file__).parent
classes = json.loads((here / "{card}").read_text(encoding="utf-8"))["classes"]
{load}

# Ink is what differs from the paper around it, and most of a picture is paper.
grey = ImageOps.contain(ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("L"), (8000, {high}))
ink = ImageChops.difference(grey, grey.filter(ImageFilter.GaussianBlur({high})))
most = max(ink.getextrema()[1], 32)
ink = ink.point(lambda value: max(0, min(255, 255 * (1.6 * value / most - 0.4))))

# A strip {strip} pixels high: the rows that the line fills, with a little room, as wide as they ask for.
box = ink.getbbox() or sys.exit("nothing stands out from the paper")
rows = np.flatnonzero(np.asarray(ink).max(1) > 64)
room = max(1, round({room} * (rows[-1] + 1 - rows[0])))
line = ink.crop((box[0], rows[0] - room, box[2], rows[-1] + 1 + room))
line = line.resize((max(1, round(line.width * {strip} / line.height)), {strip}), Image.Resampling.BOX)
strip = np.asarray(line, np.float32)[None, :, :, None]{both} / 255

{ask}
best = answer.argmax(1)  # one class a frame; the first is the blank that parts two characters
print("".join(classes[k] for k, before in zip(best, [0, *best]) if k != before).strip())
'''
_ROOM = 0.06
"""Room above and below the line, as a share of its height; as `imaging.strips` has it."""
_HIGH = 160
"""Pixels of the height at which the script for lines looks for ink."""
_ONNX = "model = onnxruntime.InferenceSession(str(here / {model}))"
_KERAS = "model = keras.saving.load_model(here / {model}, compile=False)"
_ASK_ONNX = "answer = model.run(None, {{model.get_inputs()[0].name: {pictures}}})[0][0]"
_ASK_KERAS = "answer = np.asarray(model.predict({pictures}, verbose=0))[0]"


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
    return _SCRIPT.format(
        **_opening(model, _pictures(way)),
        card=card,
        shares=_shares(about.outputs, about.calibration),
    )


def read_line(model: str, card: str, channels: int = 1) -> str:
    """Write the script that goes with a reader of lines.

    Args:
        model: the model file's name, in the script's own folder.
        card: the card's file name, there too.
        channels: of a strip; where the model sees the shade of the pen, too, it gets the ink for that.

    Returns:
        Python source; it prints the text, each frame's likeliest character taken.
    """
    return _LINE_SCRIPT.format(
        **_opening(model, "strip"),
        card=card,
        high=_HIGH,
        strip=HEIGHT,
        room=_ROOM,
        both=".repeat(2, axis=3)" if channels == 2 else "",  # its ink twice
    )


def _opening(model: str, pictures: str) -> dict[str, str]:
    """What of a script depends on the kind of model file; `pictures` is what it is asked, an expression."""
    if model.endswith(".onnx"):
        needs, libraries = "numpy, onnxruntime and pillow", "import numpy as np\nimport onnxruntime"
        load, ask = _ONNX, _ASK_ONNX
    else:
        needs, libraries = "keras and its backend, numpy and pillow", "import keras\nimport numpy as np"
        load, ask = _KERAS, _ASK_KERAS
    return {
        "needs": needs,
        "libraries": libraries,
        "load": load.format(model=json.dumps(model)),
        "ask": ask.format(pictures=pictures),
    }


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
