"""Whether strokes are darker or lighter than what they stand on.

In: a small picture of one light. Out: a sign, and how sure it is.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.imaging.counts import quantile

__all__ = ["darker"]

_CLEAR_BALANCE = 0.5
"""From this balance on the energy of thin structures alone says which is the paper."""
_VERY_CLEAR_BALANCE = 0.75
"""From this balance on that of the thinnest structures does."""
_SQUARES = {side: np.ones((side, side), np.uint8) for side in (5, 9, 19)}
"""Windows of those sides."""
_STEP = 16
"""OpenCV moves windows twice as fast over rows that are so many bytes long, or a multiple."""


def darker(small: NDArray[np.uint8]) -> float:
    """Which of two shades is the paper: -1 light strokes on a dark ground .. +1 dark strokes on a light one.

    The energy of thin structures tells, in all but tight crops of thick strokes. There the strokes are what
    has one width throughout, and the paper is what most of the border shows.
    """
    grey = _clearest_channel(small)
    half = np.asarray(cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    dark = light = 1e-6
    told = 0.0
    for level, windows in ((grey, ((5, 5), (9, 9))), (half, ((9, 19), (19, 39)))):
        # A closing fills dark strokes narrower than its window, an opening takes light ones away. The paper
        # between strokes is light, too, but wider than they are: a narrow window's word counts more.
        framed = _framed(level, windows[-1][0])
        for window, width in windows:
            closed = cv2.morphologyEx(framed, cv2.MORPH_CLOSE, _SQUARES[window])
            opened = cv2.morphologyEx(framed, cv2.MORPH_OPEN, _SQUARES[window])
            dark += cv2.norm(closed, framed, cv2.NORM_L2SQR) / width**3
            light += cv2.norm(framed, opened, cv2.NORM_L2SQR) / width**3
        told = (dark - light) / (dark + light)
        if abs(told) >= _VERY_CLEAR_BALANCE:
            return float(told)
    if abs(told) >= _CLEAR_BALANCE:
        return float(told)
    low, span = float(grey.min()), max(float(np.ptp(grey)), 1.0)
    border = (float(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]]).mean()) - low) / span
    return float(np.clip(0.4 * told + 5 * _evenness(grey) + 2 * (border - 0.5), -1, 1))


def _clearest_channel(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Grey, or the channel in which the picture has half as much contrast again."""
    grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
    spread = cv2.meanStdDev(rgb)[1].ravel().tolist()
    best = spread.index(max(spread))
    is_clearer = spread[best] > 1.5 * float(cv2.meanStdDev(grey)[1][0, 0])
    return np.asarray(cv2.extractChannel(rgb, best), np.uint8) if is_clearer else grey


def _evenness(grey: NDArray[np.uint8]) -> float:
    """Which half of the picture has strokes of one width: above 0 the dark one, below 0 the light one."""
    _, light = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    spread = []
    for mask in (light, 1 - light):
        framed = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=[0])
        distance, area = cv2.distanceTransform(framed, cv2.DIST_L2, 3), cv2.countNonZero(framed)
        mean_square = cv2.norm(distance, cv2.NORM_L2SQR) / max(area, 1)
        spread.append(mean_square**0.5 * area / cv2.sumElems(distance)[0] if area else 2.0)
    return float(np.log(spread[0] / spread[1]))


def _framed(grey: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    """A picture with so much paper around it that no window meets its end."""
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    paper = int(quantile(border, 0.5))
    more = width + -(grey.shape[1] + 2 * width) % _STEP
    framed = cv2.copyMakeBorder(grey, width, width, width, more, cv2.BORDER_CONSTANT, value=[paper])
    return np.asarray(framed, np.uint8)
