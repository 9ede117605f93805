"""Strings of one hand: what they say, how they stand, what a form does to them, and that they come again."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest

from inkread.alphabet import FIELDS
from inkread.data import sources
from inkread.errors import DataError, UsageError
from inkread.synth import fieldforms, fieldscenes, fieldsets, fieldtexts, strings
from inkread.synth.fieldforms import Place
from inkread.synth.fieldhands import SIGNS, UNIT, FieldHands
from inkread.synth.fieldscenes import Order


@cache
def bank() -> FieldHands:
    """Some of MNIST's digits, as if twenty people had written them."""
    images, labels = (a[:4000] for a in sources.mnist("test"))
    return FieldHands.load(images, labels, np.arange(4000) // 200, None)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("kind", list(fieldtexts.KINDS))
def test_texts_are_in_the_alphabet(kind: str) -> None:
    for seed in range(60):
        told, text = fieldtexts.sample(rng(seed), kind)
        assert told == kind and text.strip() == text and text
        assert not FIELDS.unknown(text), text


def test_check_digits() -> None:
    assert fieldtexts.luhn("7992739871") == "3"
    for seed in range(20):
        number = fieldtexts.sample(rng(seed), "routing")[1]
        assert sum(int(d) * (3, 7, 1)[k % 3] for k, d in enumerate(number)) % 10 == 0


def test_unknown_kinds_are_named_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="zip4"):
        fieldtexts.sample(rng(), "zip5")


def test_all_signs_are_drawn() -> None:
    assert set(SIGNS) == set(fieldtexts.MARKS)
    hand = bank().of("mnist", rng())
    for sign in SIGNS:
        glyph = hand.glyph(sign, rng())
        assert 0.2 < float(glyph.mask.max()) <= 1
    assert hand.glyph(",", rng()).rise < 0.4 * UNIT < hand.glyph("+", rng()).rise


def test_a_hand_writes_with_its_own_digits() -> None:
    hand = bank().of("mnist", rng(3))
    rows = bank().writers[hand.key][7]
    assert set(np.asarray(rows) // 200) == {hand.key}
    assert hand.name == f"mnist-{hand.key}"


def test_letters_need_a_hand_that_has_them() -> None:
    with pytest.raises(DataError, match="fonts"):
        bank().pick(rng(), "AB")


def test_strings_come_again_and_grow_with_their_text() -> None:
    habit = strings.sample_habit(rng(1))
    hand = bank().of("mnist", rng(2))
    first, again = (strings.compose("90210", hand, habit, rng(5)) for _ in range(2))
    assert np.array_equal(first.ink, again.ink)
    longer = strings.compose("9021090210", hand, habit, rng(5))
    assert longer.ink.shape[1] > 1.5 * first.ink.shape[1]
    rows = np.flatnonzero((first.ink > 0.4).any(1))
    assert strings.ABOVE - 1.6 * UNIT < rows[0] < strings.ABOVE - 0.6 * UNIT
    assert rows[-1] < strings.ABOVE + 0.6 * UNIT


def test_neighbours_touch_often_but_not_always() -> None:
    touching = gaps = 0
    for seed in range(60):
        chance = rng(seed)
        habit = strings.sample_habit(chance)
        marks = [(np.ones((UNIT, 30), np.float32), float(UNIT))] * 6
        touching += strings._starts(list(marks), habit, chance)[2]
        gaps += 5
    assert 0.1 < touching / gaps < 0.4


def test_a_point_is_never_written_over():
    digit, point = (np.ones((48, 30), np.float32), 48.0), (np.ones((6, 6), np.float32), 7.0)
    tight = strings.Habit(0, 1, -0.14, 0.12, 0.5, 0.3, 0)
    for seed in range(50):
        marks = [digit, point, digit, digit]
        starts, _, touching = strings._starts(marks, tight, np.random.default_rng(seed))
        rooms = np.diff(starts) - [mark[0].shape[1] for mark in marks[:-1]]
        assert rooms[:2].min() > 0 and touching <= 1
        assert rooms[2] > -0.23 * 48


def test_neighbours_touch_but_are_not_written_across_one_another():
    slash = np.zeros((UNIT, UNIT), np.float32)
    for k in range(UNIT):
        slash[k, max(0, UNIT - k - 8) : UNIT - k] = 1
    tight = strings.Habit(0, 1, -1.0, 0.0, 0.5, 0.3, 0)
    for marks in (
        [slash, slash],
        [np.ones((UNIT, 8), np.float32), slash],
        [np.ones((UNIT, 30), np.float32)] * 2,
    ):
        both = [(mark, float(UNIT)) for mark in marks]
        (_, start), _, touching = strings._starts(list(both), tight, rng(1))
        sheet = np.zeros((2, UNIT, 3 * UNIT), np.float32)
        sheet[0, :, : marks[0].shape[1]] = marks[0]
        at = round(start)
        sheet[1, :, at : at + marks[1].shape[1]] = marks[1]
        across = np.minimum(*sheet).sum(axis=1).max()
        assert touching and across <= 0.03 * UNIT + 1
    assert strings._room(*both) == 0


def test_cells_hold_one_character_each() -> None:
    habit = strings.sample_habit(rng(4), in_cells=True)
    string = strings.compose("1234", bank().of("drawn", rng(1)), habit, rng(2))
    assert len(string.cells) == 5
    assert np.allclose(np.diff(string.cells), habit.cell * UNIT)


def test_struck_out_strings_have_no_text_and_more_ink() -> None:
    string = strings.compose("5678", bank().of("drawn", rng(1)), strings.sample_habit(rng(0)), rng(2))
    for seed in range(8):
        struck = strings.struck_out(string, rng(seed))
        assert struck.text == "" and struck.ink.sum() > 1.05 * string.ink.sum()


@pytest.mark.parametrize("kind", list(fieldforms.KINDS))
def test_forms_are_drawn_around_their_rows(kind: str) -> None:
    place = Place(150.0, (60.0, 110.0, 160.0, 210.0))
    printed = fieldforms.print_form(kind, [place], (240, 300), rng(1))
    assert printed.shape == (240, 300)
    assert (printed.max() > 0.5) == (kind != "none")


def test_scenes_come_again_and_say_where_their_rows_are() -> None:
    order = Order(texts=("123", "4567"), form="underline", struck=False, source="drawn")
    first, again = (fieldscenes.render(rng(9), bank(), order) for _ in range(2))
    assert np.array_equal(first.rgb, again.rgb) and first.rgb.dtype == np.uint8
    assert [row.text for row in first.rows] == ["123", "4567"]
    upper, lower = (row.box for row in first.rows)
    assert upper[3] < lower[3] and upper[1] < lower[1]
    left, top, right, bottom = (round(v) for v in upper)
    inside = first.ink[top:bottom, left:right]
    assert inside.max() > 0.8 and inside.shape[0] > 8


def test_sets_hold_what_must_not_be_accepted() -> None:
    made = list(fieldsets.items(1, 6, _digits_only()))
    again = list(fieldsets.items(1, 6, _digits_only()))
    assert all(np.array_equal(a.scene.rgb, b.scene.rgb) for a, b in zip(made, again, strict=True))
    for item in made:
        suite = fieldsets.SUITES[item.suite]
        assert (item.label == "") == suite.struck
    for seed in range(20):
        number = fieldsets.SUITES["routing: check digit"].text(rng(seed))
        assert sum(int(d) * (3, 7, 1)[k % 3] for k, d in enumerate(number)) % 10


def _digits_only() -> FieldHands:
    """Hands with letters that a test can make: the digit 4 stands for all of them."""
    found = bank()
    letters = dict.fromkeys(fieldtexts.LETTERS, found.digits[found.writers[0][4][:2]])
    return FieldHands(False, found.digits, found.writers, capitals=letters)


def test_a_set_is_a_folder(tmp_path) -> None:
    table = fieldsets.write(3, 3, _digits_only(), tmp_path / "set")
    lines = table.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("file,label,writer") and len(lines) == 4
    assert cv2.imread(str(tmp_path / "set" / "000002.png")) is not None
    with pytest.raises(DataError, match="exists already"):
        fieldsets.write(3, 3, _digits_only(), tmp_path / "set")
    with pytest.raises(UsageError, match="folder"):
        fieldsets.write(3, 3, _digits_only(), tmp_path / "set.npz")
