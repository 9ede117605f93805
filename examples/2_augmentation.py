"""Method 2: vary the training pictures, so that messy writing is no surprise.

    python examples/2_augmentation.py            # two networks, a few minutes on two cores
    python examples/2_augmentation.py --quick

`ImageDataGenerator` has left Keras 3. `inkread.Augment` takes its words, and gives `fit` batches on any
backend; `steps_per_epoch` is not needed, the flow knows its length. Two networks are trained alike, one on
the pictures as they are and one on varied ones. Then both read three sets that neither has seen: MNIST's test
part, European hands from another scanner (UCI optdigits, where INKREAD_DATA holds it), and simulated photos.
What comes out is printed, whatever it is. Writes `2_augmentation_sheet.png` and `2_augmentation.png`.
"""

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
for row, item in zip(places, [7, 2, 21, 18, 4], strict=True):
    varied, _ = next(iter(augment.flow(x_train[[item] * 9], y_train[[item] * 9], batch_size=9)))
    for axes, picture in zip(row, [x_train[item], *varied], strict=True):
        axes.imshow(picture[..., 0], cmap="gray_r", vmin=0, vmax=1)
        axes.axis("off")
    row[0].add_patch(plt.Rectangle((-0.5, -0.5), 28, 28, fill=False, edgecolor=setting.ORANGE, linewidth=2))
figure.suptitle("as it is (framed), and nine variations", x=0.125, ha="left", fontsize=11)
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

figure, axes = plt.subplots(figsize=(8, 1 + 0.8 * len(sets)))
for shift, (name, net) in zip((-0.12, 0.12), nets.items(), strict=True):
    for row, (title, (x, y)) in enumerate(sets.items()):
        right = net.predict(x, batch_size=512, verbose=0).argmax(axis=1) == y
        low, high = (100 * v for v in bootstrap_interval(right))
        share = 100 * right.mean()
        print(f"{title:<36}trained on digits {name:<12}{share:6.2f} %  ({low:.2f} to {high:.2f})")
        colour = setting.BLUE if name == "varied" else setting.GREY
        axes.errorbar(
            share, row + shift, xerr=[[share - low], [high - share]], fmt="o", color=colour, capsize=3,
            label=f"trained on digits {name}" if row == 0 else None,
        )  # fmt: skip
        axes.annotate(f"{share:.2f}", (low, row + shift), (-6, 0), textcoords="offset points", ha="right",
                      va="center", fontsize=8, color=colour)  # fmt: skip
axes.set(yticks=range(len(sets)), yticklabels=sets, xlabel="right, %  (bars: 95 % intervals)")
axes.set_ylim(len(sets) - 0.5, -0.5)
axes.margins(x=0.12)
axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.22), ncols=2)
setting.save(figure, "2_augmentation.png")
