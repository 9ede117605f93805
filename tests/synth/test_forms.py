"""Simulated forms: what a form says is what its writer meant, its print and its template agree to a hair."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

from inkread.errors import DataError, UsageError
from inkread.formats import find
from inkread.forms.rules import broken
from inkread.forms.template import FormField, Template
from inkread.synth import formhands, forms, formvalues
from inkread.synth.fieldhands import FieldHands, is_of_half
from inkread.synth.formdesigns import DESIGNS, PRODUCTS, design
from inkread.synth.formphoto import Taking
from inkread.synth.formsets import write, write_templates

SMALL = Taking(long_side=700)


@pytest.fixture(scope="module")
def bank(one_font: Path, ten_digits: np.ndarray) -> FieldHands:
    """One font, and digits of one writer."""
    return FieldHands.load(ten_digits, np.arange(10), np.zeros(10, int), one_font)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("name", DESIGNS)
def test_the_values_fit_their_formats_and_break_no_rule(name: str) -> None:
    template = forms.template(name)
    for seed in range(10):
        meant = formvalues.values(name, rng(seed))
        assert set(meant) == {field.name for field in template.fields}
        plain = {}
        for field in template.fields:
            text = meant[field.name]
            plain[field.name] = text
            if field.type.startswith("lexicon:"):
                assert not text or text in PRODUCTS
            elif field.is_format and text:
                assert find(field.type).valid(text), (field.name, text)
                plain[field.name] = find(field.type).normal(text)
                assert not field.cells or len(text) <= len(field.cells)
        assert broken(template, plain) == []


@pytest.mark.parametrize("name", DESIGNS)
def test_the_print_is_where_the_template_says(name: str) -> None:
    page, scale = forms.blank(name), 200 / 25.4
    for field in forms.template(name).fields:
        for left, _, right, bottom in field.rects:
            row = round(bottom * scale)
            strip = page[row - 3 : row + 3, round(left * scale) + 3 : round(right * scale) - 3]
            assert strip.max(2).min(0).mean() < 254 and strip.min(2).min(0).max() < 200, field.name


def test_marks_are_found_where_they_are_printed() -> None:
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50))
    corners, ids, _ = detector.detectMarkers(forms.blank("order"))
    found = {int(number): points[0] for number, points in zip(ids.ravel(), corners, strict=True)}
    for mark in forms.template("order").pages[0].marks:
        left, top, right, bottom = (v * 200 / 25.4 for v in mark.box)
        wanted = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
        assert np.abs(found[mark.id] + 0.5 - wanted).max() < 1.5


def test_nothing_is_written_where_nothing_is_meant_and_something_where_it_is(bank: FieldHands) -> None:
    filled = forms.fill(rng(3), bank, "claim")
    bare = forms.blank("claim", formhands.DPI)
    changed = (np.abs(filled.rgb.astype(int) - bare).max(2) > 60).astype(np.uint8)

    def written(field: FormField, rect: tuple[float, float, float, float]) -> int:
        left, top, right, bottom = (round(v * formhands.PX) for v in rect)
        return int(changed[top + 4 : bottom - 4, left + 4 : right - 4].sum())

    for field in forms.template("claim").fields:
        if field.name in filled.faults:
            continue
        if field.type == "choice":
            for option in field.options:
                is_chosen = option.text in filled.texts[field.name].split(formvalues.JOINT)
                assert option.box is not None and (written(field, option.box) > 20) == is_chosen
        else:
            is_meant = filled.texts[field.name] not in ("", formvalues.NO)
            assert (written(field, field.bounds) > 20) == is_meant, field.name


def test_the_same_state_gives_the_same_form(bank: FieldHands) -> None:
    first, again = (forms.render(rng(5), bank, "order", SMALL) for _ in range(2))
    assert first.filled.texts == again.filled.texts and np.array_equal(first.photo.rgb, again.photo.rgb)
    assert not np.array_equal(first.photo.rgb, forms.render(rng(6), bank, "order", SMALL).photo.rgb)


def test_people_correct_take_back_and_write_beyond(bank: FieldHands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "_CORRECTED", 0.5)
    monkeypatch.setattr(forms, "_TAKEN_BACK", 0.5)
    monkeypatch.setattr(forms, "_SPREAD", 1.0)
    filled = forms.fill(rng(1), bank, "clinic")
    assert set(filled.faults.values()) == {"corrected", "taken back", "beyond"}
    taken_back = [name for name, fault in filled.faults.items() if fault == "taken back"]
    fields = forms.template("clinic")
    assert all(filled.texts[n] == "no" for n in taken_back if fields.field(n).type == "checkbox")


def test_a_hand_without_fonts_cannot_fill_in_a_form(bank: FieldHands) -> None:
    with pytest.raises(DataError, match="fonts"):
        forms.fill(rng(), FieldHands(False, bank.digits, bank.writers), "claim")


def test_a_set_on_disk(bank: FieldHands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inkread.synth.formphoto.sample", lambda rng: SMALL)
    table = write(1, 2, bank, tmp_path / "set")
    with table.open(newline="", encoding="utf-8") as file:
        texts = list(csv.DictReader(file))
    with (tmp_path / "set" / "forms.csv").open(newline="", encoding="utf-8") as file:
        told = list(csv.DictReader(file))
    assert [row["template"] for row in told] == ["templates/claim.toml", "templates/clinic.toml"]
    for row in told:
        template = Template.load(tmp_path / "set" / row["template"])
        names = [text["field"] for text in texts if text["document"] == row["document"]]
        assert names == [field.name for field in template.fields]
        assert cv2.imread(str(tmp_path / "set" / row["file"])) is not None
    with pytest.raises(DataError, match="exists already"):
        write(1, 2, bank, tmp_path / "set")
    with pytest.raises(UsageError, match="without a suffix"):
        write(1, 2, bank, tmp_path / "set.zip")


def test_templates_load_with_all_that_they_name(tmp_path: Path) -> None:
    write_templates(tmp_path)
    for name in DESIGNS:
        template = Template.load(tmp_path / f"{name}.toml")
        page = template.pages[0]
        blank = cv2.imread(str(tmp_path / str(page.reference)))
        assert blank.shape[1] == pytest.approx(page.width * 200 / 25.4, abs=1)
        assert len(template.fields) == len(design(name).fields)
    order = Template.load(tmp_path / "order.toml")
    assert find(order.spec("item_1") or "").valid("Kettle")


def test_fonts_and_drawn_hands_are_of_one_half_and_writers_of_both():
    named = [f"drawn-{k}" for k in range(40)] + ["caveat", "homemade-apple"]
    assert all(is_of_half(name, 0) != is_of_half(name, 1) for name in named)
    assert {is_of_half(name, 0) for name in named} == {True, False}
    assert is_of_half("mnist-7", 0) and is_of_half("mnist-7", 1)
