"""The end of a run: calibrate the best weights, write them for reading, and tell in a card how they came."""

from __future__ import annotations

import json
import platform
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import metadata as installed
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras

from inkread.decode.confidence import Calibration
from inkread.runtime import export, recognizer
from inkread.runtime.metadata import Metadata
from inkread.training import calibrate, checkpoint, judge, rehearse, report
from inkread.training.networks import outputs
from inkread.training.recipes import CHARACTERS, Recipe

if TYPE_CHECKING:
    from inkread.training.materials import Materials

__all__ = ["finish", "kind", "name", "settled", "ship", "swift", "versions"]

LIBRARIES = ("inkread", "keras", "tensorflow", "tensorflow_cpu", "numpy", "opencv-python-headless")


def finish(run: Path, recipe: Recipe, stock: Materials, say: Callable[[str], None]) -> Path:
    """Calibrate and export a run's best weights, and write its report.

    Args:
        run: its folder, with `best.keras`.
        recipe: how it was trained.
        stock: its data; the calibration part decides confidences and thresholds.
        say: hears what the user should know of the result.

    Returns:
        `best.keras`, now with classes, calibration and card inside. `best.onnx` (under the TensorFlow
        backend), `card.json` and the report lie beside it.

    Raises:
        ModelError: the exported file does not give the same numbers.
    """
    path = run / "best.keras"
    network = keras.saving.load_model(path, compile=False, safe_mode=True)
    calibration = None
    if stock.calibration is not None:
        calibration = calibrate.fit(
            judge.logits_of(network, stock.calibration.images),
            stock.calibration.labels,
            digits=stock.readable,
            data=f"pictures of {Path(recipe.data).name}, held back"
            if recipe.is_own
            else "simulated photos, hands and conditions held back",
        )
    told = Metadata(
        name=name(recipe),
        version=f"{recipe.name}-{recipe.seed}",
        kind=kind(recipe),
        classes=stock.classes,
        normalizer=stock.normalizer,
        calibration=calibration,
        outputs=outputs(recipe),
        card=_card(run, recipe, stock, network.count_params()),
    )
    export.save_keras(network, path, told)
    if keras.backend.backend() == "tensorflow":
        export.save_onnx(network, run / "best.onnx", told)
        if calibration is not None and recipe.pool:
            told = replace(told, calibration=_rehearsed(run / "best.onnx", recipe))
            for file in (path, run / "best.onnx"):
                export.write_metadata(file, told)
    say(_promise(told.calibration, recipe))
    checkpoint.replace_file(run / "card.json", json.dumps(told.card, indent=1, ensure_ascii=False) + "\n")
    say(report.write(run, network, told, recipe, stock))
    return path


def _rehearsed(model: Path, recipe: Recipe) -> Calibration:
    """The calibration through the reader; of characters on no more photos than were held back."""
    if recipe.what == CHARACTERS:
        photos = min(rehearse.PHOTOS, max(200, recipe.held_back))
        return rehearse.calibrate_by_reading(model, recipe.seed, photos=photos, what=CHARACTERS)
    return rehearse.calibrate_by_reading(model, recipe.seed)


def name(recipe: Recipe) -> str:
    """What the model calls itself: digits, characters, or as the folder or file that it learned from."""
    return Path(recipe.data).resolve().stem if recipe.is_own else recipe.what


def kind(recipe: Recipe) -> str:
    """What the model reads."""
    return "character" if recipe.what == CHARACTERS else "digit"


def _promise(calibration: Calibration | None, recipe: Recipe) -> str:
    """What the confidences are worth, in one line."""
    if calibration is None:
        why = (
            "MNIST shows no photos" if not recipe.is_own else "too few pictures are held back (400 would do)"
        )
        return f"not calibrated, since {why}: readings go to review unless --threshold says otherwise"
    kept = [target for target, _ in calibration.curve]
    least = (
        f"target errors from {kept[0]:.2%} on" if kept else "no target error yet: more pictures are needed"
    )
    return f"calibrated on {calibration.n} pictures held back, which is enough for {least}"


def ship(
    run: Path,
    folder: Path,
    name: str,
    *,
    version: str,
    scores: Sequence[dict[str, Any]],
    normalizer: str | None = None,
) -> Path:
    """Put a finished run's model on the shelf, with the scores that were measured of it in its card.

    Args:
        run: a folder with `best.keras` and `best.onnx`.
        folder: the shelf, such as `src/inkread/runtime/models`.
        name: what it will be called.
        version: of the weights.
        scores: what `inkread evaluate --json` printed, each with the `command` that did.
        normalizer: how pictures are brought to the model; None keeps the run's.

    Returns:
        The `.onnx` file on the shelf; the `.keras` file lies beside it.
    """
    told = recognizer.told(run / "best.onnx")
    told = replace(
        told,
        name=name,
        version=version,
        normalizer=told.normalizer if normalizer is None else normalizer,
        card=told.card | {"scores": list(scores)},
    )
    for ending in (".keras", ".onnx"):
        partial = folder / f".{name}{ending}"
        shutil.copyfile(run / f"best{ending}", partial)
        partial.replace(folder / f"{name}{ending}")
        export.write_metadata(folder / f"{name}{ending}", told)
    return folder / f"{name}.onnx"


def settled(recipe: Recipe) -> Recipe:
    """The recipe with "auto" decided for this machine: bfloat16 where the processor multiplies in it."""
    if recipe.precision != "auto":
        return recipe
    plain = recipe.network in ("tutorial", "start")  # the text's own, and one that brings its precision
    return replace(recipe, precision="float32" if plain else swift())


def swift() -> str:
    """The precision that this machine trains fastest in: bfloat16 where the processor multiplies in it."""
    flags = Path("/proc/cpuinfo")
    text = flags.read_text(encoding="utf-8") if flags.is_file() else ""
    return "mixed_bfloat16" if "avx512_bf16" in text or "amx_bf16" in text else "float32"


def versions() -> dict[str, Any]:
    """What the run was made with."""
    found = {}
    for library in LIBRARIES:
        try:
            found[library] = installed.version(library)
        except installed.PackageNotFoundError:
            continue
    return {
        "versions": found | {"python": platform.python_version(), "backend": keras.backend.backend()},
        "machine": platform.machine(),
    }


def _card(run: Path, recipe: Recipe, stock: Materials, parameters: int) -> dict[str, Any]:
    """The model's card: data, recipe, validation scores. Test scores come from whoever measures them."""
    begun = json.loads((run / "recipe.json").read_text(encoding="utf-8"))
    lines = (run / "history.csv").read_text(encoding="utf-8").splitlines()
    rows = [dict(zip(lines[0].split(","), line.split(","), strict=True)) for line in lines[1:]]
    best = max(rows, key=lambda row: float(row.get("score") or row["epoch"]))
    what = "one handwritten digit" if recipe.what == "digits" else "one handwritten digit or letter"
    what = f"one of {stock.readable} characters" if recipe.is_own else what
    data = "INKREAD_DATA=DATA " if recipe.pool else ""
    shown = replace(recipe, data=Path(recipe.data).name)  # a card travels, and tells no folders
    own = f" --data {shown.data}" if recipe.is_own else ""
    return {
        "summary": f"{what}, or not a {kind(recipe)}" if recipe.pool else what,
        "parameters": parameters,
        "licence": "yours, as your pictures are" if recipe.is_own else "Apache-2.0 (the weights)",
        "data": stock.sources,
        "held_back": stock.held_back,
        "command": f"{data}inkread train {recipe.what} --recipe {recipe.name} --seed {recipe.seed}{own}",
        "start": Path(begun["start"]).name if begun.get("start") else None,
        "recipe": shown.to_dict(),
        "made_with": begun["versions"],
        "validation": {k: float(v) for k, v in best.items() if v},
        "scores": [],
    }
