"""An i is read with its dot, and a dot over what is no i changes nothing."""

import cv2
import numpy as np
import pytest

from inkread.decode.characters import CLASSES
from inkread.imaging.load import pages
from inkread.readers.character import read_characters
from inkread.runtime.metadata import Metadata
from inkread.runtime.recognizer import Recognizer


def reads(dotted):
    """A recognizer that takes a mark of one piece for 1, one of several for what it is told."""

    def logits(images):
        pieces = [
            cv2.connectedComponents((np.squeeze(image) > 0.4).astype(np.uint8))[0] - 1 for image in images
        ]
        rows = np.full((len(pieces), 63), -9.0, np.float32)
        rows[np.arange(len(pieces)), [CLASSES.index(dotted if n > 1 else "1") for n in pieces]] = 3.0
        return rows

    return Recognizer(Metadata("characters", "test", "character", (*CLASSES, ""), "ink-1", None), logits)


def stem(dot=True):
    """An upright stroke on paper, with a dot far over it."""
    sheet = np.full((200, 200), 225, np.uint8)
    cv2.line(sheet, (100, 100), (100, 160), 40, 9)
    if dot:
        cv2.circle(sheet, (102, 62), 7, 40, -1)
    return next(pages(sheet))


@pytest.mark.parametrize(("letter", "dot", "told"), [("i", True, "i"), ("i", False, "1"), ("K", True, "1")])
def test_the_dot_counts_where_it_makes_an_i(letter, dot, told):
    (reading,) = read_characters(stem(dot), reads(letter), 0.5).readings
    assert reading.text == told
    assert (reading.box.top < 70) == (told == "i")
