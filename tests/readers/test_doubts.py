"""Where a mark stands and how it was seen tells on its confidence; digits of like size do no harm."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from inkread.decode.confidence import Calibration, probabilities
from inkread.imaging.ink import Ink
from inkread.readers import views
from inkread.readers.doubts import AMONG_STRANGERS, doubted, kept_company
from inkread.readers.views import Seen, View
from inkread.runtime import recognizer
from inkread.types import Box

COSTS = (("other look", 1.0), ("lesser mark", 3.0), ("at the border", 0.5), ("disputed", 2.0))
KNOTS = ((-8.0, 0.01), (0.0, 0.5), (8.0, 0.99))
META = SimpleNamespace(
    classes=(*"0123456789", ""), digits=10, calibration=Calibration(1.0, 10, KNOTS, (), doubts=COSTS)
)
RECOGNIZER = SimpleNamespace(metadata=META)


def mark(height=50, *, text=7, touches_border=False, left=0):
    logits = np.zeros(11, np.float32)
    logits[text] = 6
    shares = probabilities(logits[None], META.calibration)[0]
    return Seen(
        Box(left, 0, left + min(20, height), height),
        np.zeros((28, 28), np.float32),
        logits,
        shares,
        touches_border,
    )


def view(*marks):
    return View(np.zeros((60, 60), np.float32), 1.0, marks, 0.9)


def confidence(*marks, ways=(), rivals=()):
    told = doubted([mark(), *marks], RECOGNIZER, ways, rivals)
    return float(told[-1].shares[7]) if told[-1].circumstances else None


def test_digits_of_like_size_do_not_hurt_each_other():
    assert confidence(mark(45), mark(40)) is None


def test_a_lesser_mark_is_doubted_most_and_one_at_the_border_least():
    lesser, border, other = (
        confidence(mark(20)),
        confidence(mark(touches_border=True)),
        confidence(ways=("other look",)),
    )
    assert lesser < other < border < 0.99


def test_the_logits_stay_what_the_network_said():
    told = doubted([mark(), mark(10)], RECOGNIZER, ("other look",))
    assert all((s.logits == mark().logits).all() for s in told)
    assert told[1].circumstances == ("other look", "lesser mark", "lesser mark in other look")


@pytest.mark.parametrize(
    ("rival", "is_disputed"),
    [(mark(48, text=1), True), (mark(48, text=7), False), (mark(48, text=1, left=15), False)],
    ids=["another digit", "the same digit", "elsewhere"],
)
def test_another_look_disputes_another_digit_in_the_same_place(rival, is_disputed):
    told = doubted([mark()], RECOGNIZER, rivals=[view(rival)])
    assert ("disputed" in told[0].circumstances) is is_disputed


@pytest.mark.parametrize(("height", "holds"), [(40, True), (12, False)], ids=["a letter", "a dot"])
def test_a_digit_beside_what_is_none_is_doubted(height, holds):
    told = doubted([mark(), mark(height, text=10)], RECOGNIZER)
    assert ("beside no digit" in told[0].circumstances) is holds


@pytest.mark.parametrize(("others", "holds"), [((10,), True), ((10, 10, 3), True), ((10, 3, 5), False)])
def test_a_digit_among_more_that_is_none_is_told(others, holds):
    told = doubted([mark(), *(mark(text=text) for text in others)], RECOGNIZER)
    assert (AMONG_STRANGERS in told[0].circumstances) is holds


@pytest.mark.parametrize(
    ("likely", "holds"),
    [((0.9,), False), ((0.3,), True), ((0.3, 0.9), True), ((0.3, 0.9, 0.9), False), ((), False)],
    ids=["a digit", "hardly a digit", "one of two", "one of three", "nothing"],
)
def test_a_digit_is_among_strangers_where_half_beside_it_is_hardly_a_digit(likely, holds):
    beside = [replace(mark(), shares=np.array([share, *[0.0] * 9, 1 - share])) for share in likely]
    told = kept_company((mark(), *beside), 10)
    assert (AMONG_STRANGERS in told[0].circumstances) is holds


def test_specks_are_no_company():
    speck = replace(mark(8), shares=np.array([0.1, *[0.0] * 9, 0.9]))
    assert AMONG_STRANGERS not in kept_company((mark(), speck), 10)[0].circumstances


@pytest.mark.parametrize(
    ("beside", "holds"),
    [
        (replace(mark(text=10), strength=0.9), True),
        (replace(mark(text=10), strength=0.4), False),
        (replace(mark(text=10), box=Box(0, 60, 55, 66)), False),
        (replace(mark(text=10), box=Box(0, 60, 6, 115)), True),
        (replace(mark(text=10), box=Box(0, 60, 30, 64)), True),
    ],
    ids=["a drawing", "a shadow", "a rule", "a stroke", "a dash"],
)
def test_shadows_and_what_is_left_of_rules_are_no_strangers(beside, holds):
    digit, other = doubted([mark(), beside], RECOGNIZER)
    assert (AMONG_STRANGERS in digit.circumstances) is holds
    unlike = replace(other, shares=np.array([0.1, *[0.0] * 9, 0.9]))
    told = kept_company((mark(), unlike), 10)
    assert (AMONG_STRANGERS in told[0].circumstances) is holds


@pytest.mark.parametrize(
    ("other", "holds"),
    [
        (mark(100, text=10), True),
        (mark(50, text=10), False),
        (mark(100, text=3), False),
        (mark(100, text=10, touches_border=True), False),
        (mark(50, text=10, left=15), False),
    ],
    ids=["around it", "as large", "a digit", "at the border", "elsewhere"],
)
def test_a_mark_is_doubted_that_another_look_shows_as_part_of_what_is_no_digit(other, holds):
    told = doubted([mark()], RECOGNIZER, rivals=[view(other)])
    assert ("part of no digit" in told[0].circumstances) is holds


def test_how_dark_the_strokes_are_is_told_of_every_mark():
    ink = np.zeros((80, 160), np.float32)
    ink[20:60, 30:36], ink[20:60, 110:116] = 1.0, 0.6
    seen = views.view(Ink(ink, 1.0, 0.0, light_on_dark=False, sure=1.0), recognizer.load("digits")).seen
    assert [round(one.strength, 2) for one in seen] == [1.0, 0.6]
