"""Method 4: read a photo of one's own, and see every step from the photo to the answer.

    python examples/4_your_own_photo.py                  # a picture that is here
    python examples/4_your_own_photo.py my_photo.jpg     # yours
    python examples/4_your_own_photo.py my_photo.jpg --model handwriting_model.keras   # the net of example 1

The tutorial shrinks the whole photo to 28x28 and inverts it. That reads a digit only where it fills the
frame, dark on an evenly lit white. The steps here are what a photo needs; `inkread.normalize` does them for
any model.
Writes `4_your_own_photo.png`.
"""

import setting

# isort: split
import argparse
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import inkread
from inkread.imaging import ink, load
from inkread.imaging.normalize import textbook

words = argparse.ArgumentParser(description="Read a photo of one digit, and draw the steps.")
words.add_argument("photo", nargs="?", default=Path(__file__).parent / "pictures" / "in_a_shadow.jpg")
words.add_argument("--model", default="digits", help="a shipped model's name or a model file")
words.add_argument("--quick", action="store_true", help="nothing: it is quick anyway")
wanted = words.parse_args()

try:
    # 1. The photo, upright (telephones store it lying down, with a note how to turn it).
    photo = next(iter(load.pages(wanted.photo))).rgb
    # 2. Where the digit is: the reader finds the marks on the page. The surest is the one that we follow.
    page = inkread.Reader("digit", model=wanted.model).read(photo)
except inkread.InkreadError as error:
    raise SystemExit(str(error)) from None
reading = max(page, key=lambda r: r.confidence)
box = reading.box
print(f"{Path(wanted.photo).name}: {reading.text or 'no digit'}, {reading.status}, {reading.confidence:.3f}")
if not reading.guess:
    raise SystemExit(f"nothing to look at: {reading.reason}")
room = max(box.right - box.left, box.bottom - box.top) // 4
crop = photo[max(0, box.top - room) : box.bottom + room, max(0, box.left - room) : box.right + room]

# 3. Grey. A shadow is now as dark as a stroke: no fixed threshold tells them apart.
grey = crop @ np.array([0.299, 0.587, 0.114])

# 4. Ink: the light on the paper is estimated and divided away. 0 is bare paper, 1 the darkest stroke.
darkness = ink.extract(crop).ink

# 5. 28x28 as MNIST was made: the mark in a box of 20 px, its centre of mass in the middle, white on black.
small = inkread.normalize(crop)

# Beside it what the tutorial's way feeds its network, all of the photo squeezed and inverted, and its answer.
squeezed = textbook(photo)
naive = inkread.Reader("digit", model="textbook").read(photo)[0].guess

setting.style()
figure = plt.figure(figsize=(10, 5.4))
grid = figure.add_gridspec(2, 4, hspace=0.3, wspace=0.2)
cells = [grid[0, 0], grid[0, 1], grid[0, 2], grid[0, 3], grid[1, 0], grid[1, 1:3], grid[1, 3]]
places = [figure.add_subplot(cell) for cell in cells]
steps = [
    ("1  photo", photo, {}),
    ("2  crop", crop, {}),
    ("3  grey", grey, {"cmap": "gray"}),
    ("4  ink", darkness, {"cmap": "gray_r", "vmin": 0, "vmax": 1}),
    ("5  28x28", small[..., 0], {"cmap": "gray"}),
]
for axes, (title, pixels, look) in zip(places, steps, strict=False):
    axes.imshow(pixels, **look)
    axes.set_title(title)
    axes.axis("off")
frame = plt.Rectangle((box.left, box.top), box.right - box.left, box.bottom - box.top, fill=False)
frame.set(edgecolor=setting.ORANGE, linewidth=2)
places[0].add_patch(frame)

# 6. The answer: a bar a digit.
shares = {a.text: a.confidence for a in reading.alternatives if a.text}
digits = [str(d) for d in range(10)]
best = max(shares, key=shares.get)
colours = [setting.BLUE if d == best else setting.GREY for d in digits]
places[5].barh(digits, [shares.get(d, 0.0) for d in digits], color=colours)
places[5].set(title=f"6  reads {reading.text or best}, {reading.status}", xlim=(0, 1), xlabel="probability")
places[5].invert_yaxis()
places[6].imshow(squeezed[..., 0], cmap="gray")
places[6].set_title(f"the tutorial's way: {naive}", color=setting.ORANGE)
places[6].axis("off")
setting.save(figure, "4_your_own_photo.png")
