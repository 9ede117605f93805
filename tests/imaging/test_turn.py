"""A plain frame around a photo is taken off; a band of shadow in which somebody wrote is none."""

import cv2
import numpy as np

from inkread.imaging.turn import photo_in_frame


def between_bands(left=50, right=170):
    """A lively picture, a plain dark band on either side of it."""
    page = np.full((200, 220, 3), 120, np.uint8)
    page[:, left:right] = np.random.default_rng(0).normal(200, 12, (200, right - left, 3)).clip(0, 255)
    return page


def test_the_photo_between_plain_bands_is_found():
    rows, columns = photo_in_frame(between_bands())
    assert 50 <= columns.start <= 56 and 164 <= columns.stop <= 170
    assert rows.start <= 6 and rows.stop >= 194


def test_bands_that_hold_writing_are_no_frame():
    page = between_bands()
    cv2.putText(page, "8", (15, 110), cv2.FONT_HERSHEY_SIMPLEX, 1, (40, 40, 40), 3, cv2.LINE_AA)
    assert photo_in_frame(page) is None
