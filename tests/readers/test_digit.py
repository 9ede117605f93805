"""A digit that is hardly sure enough is accepted only where no turn makes it a surer, other one."""

from types import SimpleNamespace

import numpy as np
import pytest

from inkread.decode.confidence import softmax
from inkread.readers import digit
from inkread.readers.views import Seen
from inkread.types import Box


def recognizer(upright, surely, below, below_surely):
    """Reads one digit where most ink is in the upper half, and another where it is in the lower half."""

    def logits(pictures):
        told = np.zeros((len(pictures), 11), np.float32)
        for row, picture in zip(told, pictures[..., 0], strict=True):
            above, under = picture[:14].sum(), picture[14:].sum()
            if above > 1.2 * under:
                row[int(upright)] = surely
            elif under > 1.2 * above:
                row[int(below)] = below_surely
            else:
                row[10] = 9
        return told

    metadata = SimpleNamespace(classes=(*"0123456789", ""), digits=10, calibration=None)
    return SimpleNamespace(metadata=metadata, logits=logits)


def verdict(network, threshold=0.9):
    """Of a mark that has a bar above a thin stem, which stands in the middle."""
    ink = np.zeros((28, 28), np.float32)
    ink[4:9, 5:23], ink[4:24, 13:15] = 1, 1
    told = network.logits(ink[None, ..., None])[0]
    seen = Seen(Box(0, 0, 28, 28), ink, told, softmax(told), touches_border=False)
    asked = SimpleNamespace(recognizer=network, threshold=threshold, cut_at_border=True)
    best = int(told.argmax())
    options = [SimpleNamespace(text=str(best), confidence=float(softmax(told)[best]))] * 2
    return digit._verdict(seen, options, asked)


@pytest.mark.parametrize(
    ("network", "status"),
    [
        (recognizer("4", 5.5, "7", 12), "review"),
        (recognizer("4", 12, "7", 12), "accepted"),
        (recognizer("4", 5.5, "7", 5.5), "accepted"),
        (recognizer("4", 5.5, "4", 12), "accepted"),
        (recognizer("6", 5.5, "9", 12), "accepted"),
    ],
    ids=["surer on its head", "sure as it is", "no surer", "the same digit", "a 6 is a 9"],
)
def test_a_surer_other_digit_on_its_head_is_for_a_person(network, status):
    told, reason = verdict(network)
    assert told == status
    assert (status == "review") == ("rotate 180" in reason)
