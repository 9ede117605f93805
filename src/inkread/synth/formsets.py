"""Whole sets of filled forms, on disk: what `inkread data make forms` writes.

| file | what |
|---|---|
| `photos/000000.jpg` ... | the photos, the three designs in turn |
| `templates/claim.toml` ... | a template each, with its blank page and its list of words beside it |
| `forms.csv` | document, file, template, writer, taken: one row a photo |
| `values.csv` | document, page, field, text, fault: one row a field |

`text` is what the writer meant in the end, empty where nothing is written; `fault` tells what went wrong on
the way. Form i depends on the seed and on i alone.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from inkread.errors import DataError, UsageError
from inkread.synth.fieldhands import FieldHands
from inkread.synth.folders import check_new
from inkread.synth.formdesigns import DESIGNS, PRODUCTS
from inkread.synth.forms import Form, blank, render, template

__all__ = ["FORMS", "STREAM", "VALUES", "items", "write", "write_templates"]

STREAM = 29
"""Keeps these forms' random numbers apart from those of other sets with the same seed."""
FORMS = ("document", "file", "template", "writer", "taken")
VALUES = ("document", "page", "field", "text", "fault")
_QUALITY = 92
_BLANK_DPI = 200


def items(seed: int, count: int, bank: FieldHands, half: int | None = None) -> Iterator[Form]:
    """The forms of a set, one by one.

    Args:
        seed: the same seed gives the same forms.
        count: how many.
        bank: the hands.
        half: of the hands, as `formhands.sample_person` takes it.
    """
    for i in range(count):
        rng = np.random.default_rng([seed, STREAM, i])
        yield render(rng, bank, DESIGNS[i % len(DESIGNS)], half=half)


def write(seed: int, count: int, bank: FieldHands, output: Path, half: int | None = None) -> Path:
    """Make a set and write it.

    Args:
        seed: the same seed gives the same forms.
        count: how many.
        bank: the hands.
        output: a folder that is not there yet or is empty.
        half: of the hands, as `formhands.sample_person` takes it.

    Returns:
        The path of `values.csv`, which comes last, so that a broken run leaves none.

    Raises:
        UsageError: a file was asked for, or no form.
        DataError: the folder is not empty, or cannot be written.
    """
    if count < 1:
        raise UsageError(f"a set of {count} forms cannot be made; give 1 or more")
    if output.suffix:
        raise UsageError(f"-o is {str(output)!r}; forms come as a folder: give a name without a suffix")
    check_new(output)
    try:
        write_templates(output / "templates")
        return _folder(items(seed, count, bank, half), output)
    except OSError as error:
        raise DataError(f"{output} cannot be written: {error.strerror or error}") from error


def write_templates(folder: Path) -> None:
    """Write the three templates, their blank pages and the list of words that one of them reads by.

    Args:
        folder: made where it is not there.

    Raises:
        OSError: it cannot be written.
    """
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "products.txt").write_text("\n".join(PRODUCTS) + "\n", encoding="utf-8")
    for name in DESIGNS:
        (folder / f"{name}.toml").write_text(template(name).dump(), encoding="utf-8")
        page = Image.fromarray(blank(name, _BLANK_DPI))
        page.save(folder / f"{name}.png", dpi=(_BLANK_DPI, _BLANK_DPI))


def _folder(forms_of_set: Iterator[Form], output: Path) -> Path:
    """Write photos and tables."""
    photos = output / "photos"
    photos.mkdir(parents=True, exist_ok=True)
    partial = output / ".values.csv.partial"
    with (
        (output / "forms.csv").open("w", newline="", encoding="utf-8") as forms,
        partial.open("w", newline="", encoding="utf-8") as texts,
    ):
        rows, cells = (csv.writer(file, lineterminator="\n") for file in (forms, texts))
        rows.writerow(FORMS)
        cells.writerow(VALUES)
        for i, form in enumerate(forms_of_set):
            name = f"photos/{i:06d}.jpg"
            bgr = np.ascontiguousarray(form.photo.rgb[..., ::-1])
            _, code = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
            (output / name).write_bytes(code.tobytes())
            filled = form.filled
            rows.writerow([i, name, f"templates/{filled.design}.toml", filled.writer, _taken(form)])
            for field in template(filled.design).fields:
                text, fault = filled.texts[field.name], filled.faults.get(field.name, "")
                cells.writerow([i, field.page, field.name, text, fault])
    return partial.replace(output / "values.csv")


def _taken(form: Form) -> str:
    """How a photo was taken, in words."""
    taking = form.photo.taking
    if taking.is_scan:
        return "scan"
    shape = "flat" if not taking.curl else "folded" if taking.fold else "curled"
    return f"photo, {shape}, {taking.light}"
