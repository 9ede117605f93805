"""Draw docs/images/form-*.jpg: a form's way from a list of fields to a row of a table.

    INKREAD_DATA=... .venv/bin/python docs/make_forms.py --draw

The list of fields below is laid out and printed by `inkread form print`, filled in by a simulated hand
(digits of one MNIST writer, CC BY-SA 3.0; words by a handwriting font, OFL-1.1), photographed by the
simulator, and read. What is read is shown as it is, mistakes and all. Without `--draw` the photo stays, and
is read again: run this after a change of a model. Writes docs/images/form.jpg (the photo), form.toml and
form.pdf (its template and blank page), form-made.jpg (list, print, photo) and form-read.jpg (what was read,
field by field).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import textwrap
from dataclasses import replace
from pathlib import Path

import numpy as np
from make_images import CARD, FAINT, FINE, ROOT, STATUS, WORD, compose, font
from PIL import Image, ImageDraw

import inkread
from inkread.cli.form_print import print_form
from inkread.data import fieldpools
from inkread.forms.template import Template
from inkread.imaging.load import pages
from inkread.synth import formhands, forms
from inkread.synth.faces import Faces
from inkread.synth.fieldhands import FieldHands
from inkread.synth.formphoto import Taking, photograph

IMAGES = ROOT / "docs" / "images"
PHOTO, TEMPLATE = IMAGES / "form.jpg", IMAGES / "form.toml"
MADE, READ = IMAGES / "form-made.jpg", IMAGES / "form-read.jpg"
PANEL = (620 * FINE, 860 * FINE)
"""Pixels of a panel, before all is shrunk."""
FACE, SEED, LAID = "nothing-you-could-do", 5, 4
"""The font, and the seeds of the hand and of the photo."""
LIST = """\
name = "river-club"
title = "Join the River Club"

[[fields]]
name = "last_name"
type = "text"
lines = 1
required = true

[[fields]]
name = "first_name"
type = "text"
lines = 1

[[fields]]
name = "birth"
type = "date:mdy"
label = "Date of birth"
required = true

[[fields]]
name = "zip"
type = "us_zip"
label = "ZIP code"

[[fields]]
name = "phone"
type = "phone:us"

[[fields]]
name = "boat"
type = "choice"
label = "Your boat"
options = ["Canoe", "Kayak", "Rowing boat"]

[[fields]]
name = "swims"
type = "checkbox"
label = "I can swim"

[[fields]]
name = "member"
type = "digits:8"
label = "Member number, if you have been one"

[[fields]]
name = "days"
type = "choice"
label = "When do you want to row?"
multiple = true
options = ["Weekday mornings", "Weekday evenings", "Saturday", "Sunday"]

[[fields]]
name = "fee"
type = "amount"
label = "Yearly fee, dollars"

[[fields]]
name = "signed"
type = "date:mdy"
label = "Date of today"

[[rules]]
kind = "order"
first = "birth"
then = "signed"
"""
SHOWN = 34
"""Lines of the list that are shown."""
TEXTS = {
    "last_name": "Harper",
    "first_name": "Nora",
    "birth": "04171988",
    "zip": "02139",
    "phone": "6175550142",
    "boat": "Kayak",
    "swims": "yes",
    "member": "20481963",
    "days": "Weekday evenings; Sunday",
    "fee": "45.00",
    "signed": "05082026",
}
TAKING = Taking(
    long_side=2000, tilt=(9.0, -5.0), turn=-3.0, room=0.05, curl=0.06, light="vignette", blur=0.7, noise=0.008
)


def main(argv: list[str]) -> int:
    """Print, fill in and photograph the form, or take the photo that is there; then read it."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        fields, pdf = Path(folder, "fields.toml"), Path(folder, "form.pdf")
        fields.write_text(LIST, encoding="utf-8")
        print_form(fields, output=pdf, template=None, paper="Letter")
        template = Template.load(pdf.with_suffix(".toml"))
        if "--draw" in argv or not PHOTO.is_file():
            shutil.copy(pdf, IMAGES)
            shutil.copy(pdf.with_suffix(".toml"), IMAGES)
        sheet = printed(template, pdf)
    if "--draw" in argv or not PHOTO.is_file():
        Image.fromarray(drawn(sheet, template)).save(PHOTO, quality=88)
    photo = Image.open(PHOTO).convert("RGB")
    made = [
        ("list the fields", listed()),
        ("print the form", framed(Image.fromarray(sheet))),
        ("photograph it", framed(photo)),
    ]
    compose(made).save(MADE, quality=88, optimize=True)
    page = inkread.read(PHOTO, kind="form", template=TEMPLATE)
    panels = [("the form is found, every field read", boxed(photo, page)), ("a row of the table", told(page))]
    compose(panels).save(READ, quality=88, optimize=True)
    for reading in page:
        print(f"{reading.name or '':<12}{reading.text:<14}{reading.status:<10}{reading.reason}")
    return 0


def printed(template: Template, pdf: Path) -> np.ndarray:
    """The printed form as its PDF shows it, uint8 at the resolution that is filled in."""
    picture = next(pages(pdf))
    wide, high = (round(side * formhands.PX) for side in template.pages[0].size)
    return np.asarray(Image.fromarray(picture.rgb).resize((wide, high), Image.Resampling.LANCZOS))


def drawn(sheet: np.ndarray, template: Template, seed: int = SEED, laid: int = LAID) -> np.ndarray:
    """The photo of the form, filled in."""
    rng = np.random.default_rng(seed)
    bank = fieldpools.hands("test")
    person = somebody(bank, rng)
    filled = forms.fill_in(sheet, template, TEXTS, person, rng)
    if filled.faults:
        raise SystemExit(f"seed {seed} makes faults {filled.faults}; take another one")
    return photograph(filled.rgb, np.random.default_rng(laid), TAKING).rgb


def somebody(bank: FieldHands, rng: np.random.Generator) -> formhands.Person:
    """A hand whose pictures may be shown: MNIST's digits, and one font's letters."""
    faces = (*Faces.load(root()).faces, *Faces.load(root(), held_out=True).faces)
    face = next(face for face in faces if face.name == FACE)
    digits = bank.of("mnist", rng)
    person = formhands.sample_person(rng, bank)
    letters = replace(digits, name=f"font-{FACE}", source="font", face=face)
    return replace(
        person,
        digits=digits,
        letters=letters,
        face=face,
        in_capitals=False,
        tick="cross",
        size=3.8,
        haste=0.25,
    )


def root() -> Path:
    """The data folder."""
    from inkread.data import sources

    folder = sources.data_folder()
    if folder is None:
        raise SystemExit("set INKREAD_DATA to the folder with fonts/ and mnist/writers.npz")
    return folder


def framed(image: Image.Image) -> Image.Image:
    """A picture in the middle of a panel."""
    panel = Image.new("RGB", PANEL, CARD)
    scale = min(PANEL[0] / image.width, PANEL[1] / image.height)
    small = image.resize((round(scale * image.width), round(scale * image.height)), Image.Resampling.LANCZOS)
    panel.paste(small, ((PANEL[0] - small.width) // 2, (PANEL[1] - small.height) // 2))
    return panel


def listed() -> Image.Image:
    """The list of fields as it is typed."""
    panel = Image.new("RGB", PANEL, CARD)
    draw = ImageDraw.Draw(panel)
    lines = [*[line for line in LIST.splitlines() if line][:SHOWN], "..."]
    step = (PANEL[1] - 40 * FINE) / len(lines)
    for number, line in enumerate(lines):
        y = 20 * FINE + step * (number + 0.5)
        key, sign, value = line.partition(" = ")
        draw.text((26 * FINE, y), key, FAINT if not sign else WORD, font(round(0.8 * step)), anchor="lm")
        if sign:
            wide = draw.textlength(key, font(round(0.8 * step)))
            colour = STATUS["accepted"]
            draw.text((26 * FINE + wide, y), f" = {value}", colour, font(round(0.8 * step)), anchor="lm")
    return panel


def boxed(photo: Image.Image, page: inkread.Page) -> Image.Image:
    """The photo, washed out, with the outline of each field in the colour of its status."""
    image = framed(Image.blend(photo, Image.new("RGB", photo.size, CARD), 0.25))
    scale = min(PANEL[0] / photo.width, PANEL[1] / photo.height)
    aside = (PANEL[0] - scale * photo.width) / 2, (PANEL[1] - scale * photo.height) / 2
    draw = ImageDraw.Draw(image)
    for reading in page:
        points = [(aside[0] + scale * x, aside[1] + scale * y) for x, y in reading.polygon or ()]
        if points:
            draw.line([*points, points[0]], STATUS[reading.status], 3 * FINE, joint="curve")
    return image


def told(page: inkread.Page) -> Image.Image:
    """Name, text and status of every field; why a person must look."""
    panel = Image.new("RGB", PANEL, CARD)
    draw = ImageDraw.Draw(panel)
    readings = list(page)
    step = (PANEL[1] - 60 * FINE) / max(len(readings), 1)
    for row, reading in enumerate(readings):
        y = 30 * FINE + step * (row + 0.4)
        draw.text((26 * FINE, y), reading.name or "", FAINT, font(22 * FINE), anchor="lm")
        text = reading.text or "–"
        size = 30 if len(text) < 16 else 20
        draw.text((200 * FINE, y), text, WORD, font(size * FINE), anchor="lm")
        colour = STATUS[reading.status]
        draw.text((PANEL[0] - 26 * FINE, y), reading.status, colour, font(20 * FINE), anchor="rm")
        if reading.reason:
            reason = textwrap.shorten(reading.reason, 56, placeholder=" ...")
            draw.text((200 * FINE, y + 28 * FINE), reason, colour, font(16 * FINE), anchor="lm")
        if row:
            top = 30 * FINE + step * row
            draw.line((26 * FINE, top, PANEL[0] - 26 * FINE, top), (232, 231, 227), FINE)
    return panel


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
