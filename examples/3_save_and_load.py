"""Method 3: save the trained model in one file, and use it in another process without training again.

    python examples/3_save_and_load.py

Takes the model of `1_cnn.py` where it lies here, else trains one. Then three fresh processes each load a file
and read the first five digits of the test set; the last one has no Keras. Writes `3_save_and_load.png`.
"""

import quiet  # noqa: F401  Keras starts without a word
import setting

# isort: split
import subprocess
import sys
import time

import keras
import matplotlib.pyplot as plt

import inkread

(x_train, y_train), (x_test, y_test) = inkread.datasets.mnist()
home = setting.FIGURES
home.mkdir(parents=True, exist_ok=True)

if (home / "handwriting_model.keras").exists() and not setting.QUICK:
    model = keras.saving.load_model(home / "handwriting_model.keras")
else:
    keras.utils.set_random_seed(0)
    model = inkread.models.tutorial()  # the network of example 1, as a function
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    n = 4000 if setting.QUICK else len(x_train)
    model.fit(x_train[:n, ..., None] / 255.0, y_train[:n], epochs=3, batch_size=64, verbose=2)

# One file holds it all: layers, weights, optimizer. `.keras` is the format of Keras 3; `.h5` is the
# tutorial's, still written and read; `.onnx` runs without Keras.
model.save(home / "handwriting_model.keras")
model.save(home / "handwriting_model.h5")
words = ["export", home / "handwriting_model.keras", "-o", home / "handwriting_model.onnx", "--overwrite"]
subprocess.run([sys.executable, "-c", "from inkread.cli import main; main()", *words], check=True)

# What a desktop application or a web service does: load, scale, predict. Nothing of the training is needed.
WITH_KERAS = """
import sys, keras, inkread
_, (x, y) = inkread.datasets.mnist()
model = keras.saving.load_model(sys.argv[1], compile=False)
print("Predicted digits:", model.predict(x[:5, ..., None] / 255.0, verbose=0).argmax(axis=1))
"""
WITHOUT_KERAS = """
import sys, onnxruntime, inkread
_, (x, y) = inkread.datasets.mnist()
session = onnxruntime.InferenceSession(sys.argv[1])
name = session.get_inputs()[0].name
shares = session.run(None, {name: (x[:5, ..., None] / 255.0).astype("float32")})[0]
print("Predicted digits:", shares.argmax(axis=1))
assert "keras" not in sys.modules
"""
told = []
for ending, code in ((".keras", WITH_KERAS), (".h5", WITH_KERAS), (".onnx", WITHOUT_KERAS)):
    file = home / f"handwriting_model{ending}"
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code, file], capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - started
    print(f"{done.stdout.strip()}   {file.name}, {file.stat().st_size / 1e6:.1f} MB, {seconds:.1f} s")
    told.append((ending, done.stdout.split("[")[1].split("]")[0].split(), seconds))

# The figure: the five digits with what each file said, and how long each process took from start to answer.
setting.style()
figure = plt.figure(figsize=(9, 2.6))
left, right = figure.add_gridspec(1, 2, width_ratios=[1.5, 1], wspace=0.3)
strip = left.subgridspec(1, 5, wspace=0.1)
for place in range(5):
    axes = figure.add_subplot(strip[place])
    axes.imshow(x_test[place], cmap="gray_r")
    said = {digits[place] for _, digits, _ in told}
    axes.set_title(" / ".join(sorted(said)), fontsize=17, loc="center")
    axes.axis("off")
figure.text(0.125, 0.89, "what all three files read", fontsize=11)
axes = figure.add_subplot(right)
bars = axes.barh(
    [e for e, _, _ in told], [s for _, _, s in told], color=[setting.BLUE] * 2 + [setting.ORANGE]
)
axes.bar_label(bars, fmt="%.1f s", padding=4)
axes.set(title="a fresh process, start to answer", xlim=(0, 1.25 * max(s for _, _, s in told)), xticks=[])
axes.spines.bottom.set_visible(False)
axes.invert_yaxis()
setting.save(figure, "3_save_and_load.png")
