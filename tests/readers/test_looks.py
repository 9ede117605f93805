"""Which look at a page is believed: not one of stripes of light, nor of a mere part of a digit."""

from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from inkread import Reader
from inkread.readers import looks
from inkread.readers.doubts import against
from inkread.readers.views import Seen, View
from inkread.types import Box

RECOGNIZER = SimpleNamespace(metadata=SimpleNamespace(classes=(*"0123456789", ""), digits=10))
PICTURE = SimpleNamespace(rgb=np.zeros((200, 100, 3), np.uint8))


def mark(box, text, sure=0.8, *, touches_border=False):
    shares = np.full(11, (1 - sure) / 10)
    shares[text] = sure
    blank = np.zeros((28, 28), np.float32)
    return Seen(Box(*box), blank, np.log(shares).astype(np.float32), shares, touches_border)


def view(*marks):
    return View(np.zeros((200, 100), np.float32), 1.0, marks, 0.8)


@pytest.mark.parametrize(
    ("marks", "holds"),
    [
        ([mark((20, 0, 60, 200), 1)], True),
        ([mark((10, 0, 40, 200), 1), mark((60, 0, 90, 200), 1)], True),
        ([mark((5, 0, 95, 200), 1)], False),
        ([mark((20, 40, 60, 200), 1)], False),
        ([mark((20, 0, 60, 200), 7)], False),
        ([mark((20, 0, 60, 200), 1), mark((70, 80, 90, 120), 4)], False),
        ([], False),
    ],
    ids=["a stripe", "stripes", "a crop of a 1", "an end in sight", "a 7", "a digit beside it", "nothing"],
)
def test_what_runs_across_the_picture_as_straight_as_a_1_is_a_stripe_of_light(marks, holds):
    assert looks._is_stripe(view(*marks), PICTURE, RECOGNIZER) is holds


@pytest.mark.parametrize(
    ("whole", "holds"),
    [
        (mark((20, 20, 80, 120), 0), True),
        (mark((20, 20, 80, 120), 0, touches_border=True), False),
        (mark((28, 28, 62, 64), 0), False),
        (mark((60, 20, 99, 120), 0), False),
    ],
    ids=["of a mark", "of what runs into the border", "nearly all of it", "beside it"],
)
def test_a_mark_within_another_looks_larger_one_is_a_part(whole, holds):
    lesser, surest = mark((70, 150, 90, 190), 5, 0.2), mark((30, 30, 60, 60), 3)
    assert looks._is_in_parts(view(lesser, surest), view(whole), RECOGNIZER) is holds
    assert not looks._is_in_parts(view(), view(whole), RECOGNIZER)


@pytest.mark.parametrize(("text", "at"), [("8", (150, 60)), ("2", (40, 90))])
def test_a_digit_is_read_beside_the_shadow_of_a_blind(text, at):
    side = 220
    page = np.full((side, side, 3), 225, np.uint8)
    cv2.putText(page, text, at, cv2.FONT_HERSHEY_SIMPLEX, 1.2, (70, 60, 60), 3, cv2.LINE_AA)
    y, x = np.mgrid[0:side, 0:side]
    light = cv2.GaussianBlur(np.where((x + 0.1 * y) % 160 < 80, 0.7, 1.0), (0, 0), 3)
    noise = np.random.default_rng(0).normal(0, 3, page.shape)
    photo = np.clip(page * light[..., None] + noise, 0, 255).astype(np.uint8)
    assert Reader("digit").read(photo).text == text


def egg(filled):
    page = np.full((200, 200, 3), 190, np.uint8)
    cv2.ellipse(page, (100, 100), (40, 60), 0, 0, 360, (60, 60, 60), -1 if filled else 9, cv2.LINE_AA)
    return page


@pytest.mark.parametrize("filled", [True, False], ids=["a blot", "a 0"])
@pytest.mark.parametrize("inverted", [True, False], ids=["light", "dark"])
def test_the_rim_of_a_blot_is_no_0(filled, inverted):
    ring = cv2.morphologyEx((egg(filled)[..., 0] < 125).astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((9, 9)))
    ink = ring.astype(np.float32) if filled else (egg(filled)[..., 0] < 125).astype(np.float32)
    page = 255 - egg(filled) if inverted else egg(filled)
    found = View(ink, 1.0, (mark((55, 35, 146, 166), 0, 0.99),), 0.99)
    told = looks._marked(found, SimpleNamespace(rgb=page))
    assert bool(against(told.seen[0])) is filled
