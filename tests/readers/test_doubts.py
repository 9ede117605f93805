"""Where a mark stands and how it was seen tells on its confidence; digits of like size do no harm."""

from types import SimpleNamespace

import numpy as np

from inkread.decode.confidence import Calibration
from inkread.readers.doubts import doubted
from inkread.readers.looks import Seen
from inkread.types import Box

COSTS = (("other look", 1.0), ("lesser mark", 3.0), ("at the border", 0.5))
KNOTS = ((-8.0, 0.01), (0.0, 0.5), (8.0, 0.99))
META = SimpleNamespace(
    classes=(*"0123456789", ""), digits=10, calibration=Calibration(1.0, 10, KNOTS, (), doubts=COSTS)
)


def mark(height=50, *, touches_border=False):
    logits = np.zeros(11, np.float32)
    logits[7] = 6
    return Seen(Box(0, 0, 20, height), np.zeros((28, 28), np.float32), logits, np.zeros(11), touches_border)


def confidence(*marks, is_other=False):
    told = doubted([mark(), *marks], SimpleNamespace(metadata=META), is_other=is_other)
    return float(told[-1].shares[7]) if told[-1].circumstances else None


def test_digits_of_like_size_do_not_hurt_each_other():
    assert confidence(mark(45), mark(40)) is None


def test_a_lesser_mark_is_doubted_most_and_one_at_the_border_least():
    lesser, border, other = (
        confidence(mark(20)),
        confidence(mark(touches_border=True)),
        confidence(is_other=True),
    )
    assert lesser < other < border < 0.99


def test_the_logits_stay_what_the_network_said():
    told = doubted([mark(), mark(10)], SimpleNamespace(metadata=META), is_other=True)
    assert all((s.logits == mark().logits).all() for s in told)
    assert told[1].circumstances == ("other look", "lesser mark", "lesser mark in other look")
