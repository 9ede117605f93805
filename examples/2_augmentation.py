"""Method 2: vary the training pictures, so that messy writing is no surprise.

    python examples/2_augmentation.py            # two networks, a few minutes on two cores
    python examples/2_augmentation.py --quick

`ImageDataGenerator` has left Keras 3. `inkread.Augment` takes its words, and gives `fit` batches on any
backend; `steps_per_epoch` is not needed, the flow knows its length. Two networks are trained alike, one on
the pictures as they are and one on varied ones. Then both read three sets that neither has seen: MNIST's test
part, European hands from another scanner (UCI optdigits, where INKREAD_DATA holds it), and simulated photos.
What comes out is printed, whatever it is. Writes `2_augmentation_sheet.png` and `2_augmentation.png`.
"""

import quiet  # noqa: F401  Keras starts without a word
import setting

# isort: split
import csv
import subprocess
import sys
import tempfile
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np

import inkread
from inkread.data.sources import data_folder
from inkread.evaluation.metrics import bootstrap_interval

(x_train, y_train), (x_test, y_test) = inkread.datasets.mnist()
if setting.QUICK:
    x_train, y_train, x_test, y_test = x_train[:3000], y_train[:3000], x_test[:500], y_test[:500]
x_train, x_test = x_train[..., None] / np.float32(255), x_test[..., None] / np.float32(255)

# The tutorial's numbers: at most 10 degrees, a tenth larger or smaller, a tenth of the side this way or that.
# No flips: a mirrored 2 is no 2.
augment = inkread.Augment(
    rotation_range=10, zoom_range=0.1, width_shift_range=0.1, height_shift_range=0.1, seed=0
)

# Look at what it does before training on it: five digits, and nine variations of each.
setting.style()
figure, places = plt.subplots(5, 10, figsize=(9, 4.8))
items = [7, 2, 21, 18, 4]
nine = np.repeat(items, 9)
varied, _ = augment.flow(x_train[nine], y_train[nine], batch_size=45, shuffle=False)[0]
for row, item, variations in zip(places, items, varied.reshape(5, 9, 28, 28), strict=True):
    for axes, picture in zip(row, [x_train[item, ..., 0], *variations], strict=True):
        axes.imshow(picture, cmap="gray_r", vmin=0, vmax=1)
        axes.axis("off")
    row[0].add_patch(plt.Rectangle((-0.5, -0.5), 28, 28, fill=False, edgecolor=setting.ORANGE, linewidth=2))
figure.suptitle("as it is (framed), and nine variations", x=0.125, ha="left", y=0.95, fontsize=11)
setting.save(figure, "2_augmentation_sheet.png")


def trained(*data, **how):
    """Train the tutorial's network on pictures, or on a flow of varied ones, from the same first weights."""
    keras.utils.set_random_seed(0)
    model = inkread.models.tutorial()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(*data, **how, epochs=1 if setting.QUICK else 5, verbose=2)
    return model


nets = {
    "as they are": trained(x_train, y_train, batch_size=64),
    "varied": trained(augment.flow(x_train, y_train, batch_size=64)),
}

# Three sets. Pictures that are not in MNIST's form are brought into it as a photo would be.
sets = {f"MNIST test ({len(x_test):,})": (x_test, y_test)}
folder = data_folder()
if folder is not None and (folder / "eval" / "optdigits32.npz").is_file():
    with np.load(folder / "eval" / "optdigits32.npz") as archive:
        n = 100 if setting.QUICK else len(archive["images"])
        hands = np.stack([inkread.normalize(picture) for picture in archive["images"][:n]])
        sets[f"European hands, optdigits ({n:,})"] = hands, archive["labels"][:n].astype(int)
else:
    print("UCI optdigits is not there (INKREAD_DATA): left out")
n = 40 if setting.QUICK else 500
with tempfile.TemporaryDirectory() as place:
    photos = Path(place) / "photos"
    make = ["data", "make", "digits", "--seed", "7", "--n", str(n), "--held-out", "-o", str(photos)]
    command = [sys.executable, "-c", "from inkread.cli import main; main()", *make]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    rows = list(csv.DictReader((photos / "labels.csv").open(encoding="utf-8")))
    pictures = np.stack([inkread.normalize(photos / row["file"]) for row in rows])
    sets[f"simulated photos ({n:,})"] = pictures, np.array([int(row["label"]) for row in rows])

# Each network on each set, with its 95 % interval. Simulated pictures stand apart: they are no real photos.
real = [title for title in sets if not title.startswith("simulated")]
panels = {"real handwriting": real, "simulated photos": [title for title in sets if title not in real]}
figure, places = plt.subplots(
    2, 1, figsize=(8, 1.6 + 0.8 * len(sets)), height_ratios=[len(real), 1], gridspec_kw={"hspace": 0.75}
)
for axes, (panel, titles) in zip(places, panels.items(), strict=True):
    for shift, (name, net) in zip((-0.15, 0.15), nets.items(), strict=True):
        colour = setting.BLUE if name == "varied" else setting.GREY
        for row, title in enumerate(titles):
            x, y = sets[title]
            right = net.predict(x, batch_size=512, verbose=0).argmax(axis=1) == y
            share, (low, high) = 100 * right.mean(), (100 * v for v in bootstrap_interval(right))
            told = f"{share:.2f} %  ({low:.2f} to {high:.2f})"
            print(f"{title:<36}trained on digits {name:<12}{told:>28}")
            axes.plot([low, high], [row + shift] * 2, color=colour, label=None if row else f"digits {name}")
            axes.plot(share, row + shift, "o", color=colour)
            axes.text(high, row + shift, f"  {share:.2f}", va="center", fontsize=8, color=colour)
    axes.set(title=panel, yticks=range(len(titles)), yticklabels=titles, ylim=(len(titles) - 0.5, -0.5))
    axes.margins(x=0.1)
places[0].legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2)
places[1].set_xlabel("right, %  (bars: 95 % intervals)")
setting.save(figure, "2_augmentation.png")
