"""Method 1: a small convolutional network learns to read handwritten digits.

    python examples/1_cnn.py            # five epochs, about a minute on two cores
    python examples/1_cnn.py --quick    # seconds, to see that it runs

Writes `handwriting_model.keras`, which examples 3 and 4 use, and `1_cnn.png`: how it learned, and what it
still gets wrong.
"""

import quiet  # noqa: F401  Keras starts without a word
import setting

# isort: split
import keras
import matplotlib.pyplot as plt
import numpy as np

import inkread

keras.utils.set_random_seed(0)  # the same digits in the same order every time

# MNIST rides in the package: no download. Pictures are (n, 28, 28) uint8, white ink on black.
(x_train, y_train), (x_test, y_test) = inkread.datasets.mnist()
if setting.QUICK:
    x_train, y_train = x_train[:4000], y_train[:4000]

# A convolution wants a channel, and ink between 0 and 1. The same two steps at reading as at training.
x_train = x_train[..., None].astype("float32") / 255
x_test = x_test[..., None].astype("float32") / 255

# Keras 3 wants the input as a line of its own, not as `input_shape=` of the first layer.
model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        keras.layers.Conv2D(32, 3, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Conv2D(64, 3, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
# "sparse": the labels stay the digits 0 to 9, nobody needs to_categorical.
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

# A tenth of the training pictures is held back to watch by. The test set is looked at once, at the end.
history = model.fit(
    x_train, y_train, epochs=2 if setting.QUICK else 5, batch_size=64, validation_split=0.1, verbose=2
).history

_, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"Model Accuracy: {accuracy:.4f}")
setting.FIGURES.mkdir(parents=True, exist_ok=True)
model.save(setting.FIGURES / "handwriting_model.keras")

# The figure: two curves, and the ten mistakes that the model was surest of.
setting.style()
shares = model.predict(x_test, batch_size=512, verbose=0)
guess, sure = shares.argmax(axis=1), shares.max(axis=1)
wrong = np.flatnonzero(guess != y_test)
wrong = wrong[np.argsort(-sure[wrong])][:10]
figure = plt.figure(figsize=(9, 5.4))
rows = figure.add_gridspec(2, 1, height_ratios=[2.1, 1], hspace=0.62)
curves = rows[0].subgridspec(1, 2, wspace=0.25)
epochs = range(1, len(history["loss"]) + 1)
for place, (name, title) in enumerate([("loss", "Loss"), ("accuracy", "Accuracy")]):
    axes = figure.add_subplot(curves[place])
    axes.plot(epochs, history[name], "o-", label="training")
    axes.plot(epochs, history[f"val_{name}"], "s--", label="held back")
    axes.set(title=title, xlabel="epoch", xticks=list(epochs))
    axes.legend()
strip = rows[1].subgridspec(1, 10, wspace=0.15)
for place, item in enumerate(wrong):
    axes = figure.add_subplot(strip[place])
    axes.imshow(x_test[item, ..., 0], cmap="gray_r")
    axes.set_title(f"{y_test[item]} read {guess[item]}\n{100 * sure[item]:.1f} %", fontsize=8, loc="center")
    axes.axis("off")
figure.text(0.125, 0.365, f"{int((guess != y_test).sum())} of 10,000 wrong; the surest of them:", fontsize=11)
setting.save(figure, "1_cnn.png")
