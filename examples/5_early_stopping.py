"""Method 5: stop when the network has stopped learning, and keep its best weights.

    python examples/5_early_stopping.py            # up to 20 epochs, minutes on two cores
    python examples/5_early_stopping.py --quick

The tutorial goes on with the model of method 1, validated on pictures that it was trained on: its loss there
tells nothing. So this starts from a fresh model, and holds pictures back first: whole writers, where the file
that names them is there (INKREAD_DATA/mnist/writers.npz), else the last 20 %, as in the tutorial.
Writes `5_early_stopping.png`.
"""

import quiet  # noqa: F401  Keras starts without a word
import setting

# isort: split
import time

import keras
import matplotlib.pyplot as plt
import numpy as np

import inkread
from inkread.data.sources import mnist_writers
from inkread.data.splits import by_group

keras.utils.set_random_seed(0)
(x_train, y_train), (x_test, y_test) = inkread.datasets.mnist()
writers = mnist_writers("train")
if setting.QUICK:
    x_train, y_train = x_train[:3000], y_train[:3000]
    writers = None if writers is None else writers[:3000]
x_train, x_test = x_train[..., None] / np.float32(255), x_test[..., None] / np.float32(255)

# Who is in the held-back part must not be in the other: a net that has seen a hand reads it better than the
# next stranger's. `validation_split` cannot know that; it takes the end of the file.
if writers is not None:
    learn, held = by_group(writers, 0.2, np.random.default_rng(0))
    how = f"held back by writer: {len(np.unique(writers[held]))} of {len(np.unique(writers))} hands"
else:
    cut = len(x_train) * 4 // 5
    learn, held = np.arange(cut), np.arange(cut, len(x_train))
    how = "held back: the last 20 %, since the file that names the writers is not there"
print(how)


class Clock(keras.callbacks.Callback):
    """How long each epoch took."""

    def on_train_begin(self, logs=None):
        """Start the list."""
        self.seconds = []

    def on_epoch_begin(self, epoch, logs=None):
        """Note when it began."""
        self.began = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        """Note how long it took."""
        self.seconds.append(time.perf_counter() - self.began)


MOST = 20
stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=2, restore_best_weights=True)
clock = Clock()
model = inkread.models.tutorial()
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(
    x_train[learn],
    y_train[learn],
    validation_data=(x_train[held], y_train[held]),
    epochs=MOST,
    batch_size=64,
    callbacks=[stop, clock],
    verbose=2,
).history

ran, kept = len(history["val_loss"]), int(np.argmin(history["val_loss"])) + 1
saved = (MOST - ran) * float(np.median(clock.seconds))
_, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"Stopped after epoch {ran}, weights of epoch {kept} restored.")
print(f"Saved {MOST - ran} of {MOST} epochs, about {saved:.0f} s of {sum(clock.seconds) + saved:.0f} s.")
print(f"Model Accuracy: {accuracy:.4f}")

setting.style()
figure, axes = plt.subplots(figsize=(8, 3.8))
epochs = range(1, ran + 1)
axes.plot(epochs, history["loss"], "o-", label="training")
axes.plot(epochs, history["val_loss"], "s--", label="held back")
axes.axvline(kept, color=setting.INK, linewidth=1, linestyle=":")
axes.annotate(
    f"epoch {kept}: best, restored",
    (kept, 1.01),
    xycoords=("data", "axes fraction"),
    ha="left",
    va="bottom",
)
axes.axvspan(ran, MOST, color=setting.GREY, alpha=0.14, linewidth=0)
if ran < MOST:
    axes.text(
        (ran + MOST) / 2,
        0.5 * max(history["loss"]),
        f"not run: {MOST - ran} epochs\nabout {saved:.0f} s",
        ha="center",
        va="center",
        color=setting.GREY,
    )
axes.set(xlabel="epoch", ylabel="loss", xlim=(0.5, MOST), xticks=range(1, MOST + 1), ylim=(0, None))
axes.legend(loc="upper right")
figure.text(0.125, -0.04, f"{how}; test accuracy {100 * accuracy:.2f} %", color=setting.GREY)
setting.save(figure, "5_early_stopping.png")
