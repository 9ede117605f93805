"""Look at a page in the ways that may show its digits, and choose the view that shows them best.

In: a `Picture` and a recognizer. Out: a `View`. The first look takes the picture as it most likely is. Where
that shows no clear digit, the network that finds ink has its say, which shadows, squares and textures mislead
least. Where that is unclear, too, others are tried: without what runs into the border, the light taken more
locally, only the darkest of the marks, the other polarity; a clear digit in one of them wins, unless it
stands where the finder saw something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from inkread.decode.confidence import probabilities
from inkread.imaging.ink import Assumption, Sheet, extract
from inkread.imaging.learned import find
from inkread.imaging.load import Picture
from inkread.imaging.normalize import textbook
from inkread.imaging.segment import is_filled, is_rim
from inkread.imaging.sheet import sheet_in
from inkread.readers.doubts import FILLED, PART, doubted, is_part, is_same
from inkread.readers.views import CLEAR, ONE, Seen, View, lone_one, view
from inkread.runtime.finder import ink_finder
from inkread.runtime.recognizer import Recognizer
from inkread.types import Box

__all__ = ["TEXTBOOK", "look"]

TEXTBOOK = "textbook"
"""The normaliser of models that were trained on whole pictures squeezed to 28 x 28."""
_CLEARER = 0.95
"""A look this sure needs no other, and another look must be this sure to be preferred to the first."""
_LIKELY = 0.5
"""A mark this sure is likely a digit."""
_HOPELESS = 0.3
"""A first look less sure than this shows nothing; another must be surer than this to be preferred."""
_TINY = 0.5
"""Pictures enlarged to twice their size or more are all digit: a look may not see mere parts of it."""
_USUAL_LIGHT = Assumption().widest
_LOCAL_LIGHT = 0.12, 0.06
"""Widest strokes, as shares of the picture: what is wider is taken for a shadow."""
_SHARED = 0.4
"""Another look's marks are ink to the finder, too, by this share at least."""
_FILLS = 0.7
"""A stroke across the picture that takes this share of its width is a crop of a digit."""
_PART_OF_LINES = 0.9
"""Instead of `doubts.PART`, of what reads as 1: any line that is cut out of a drawing does."""


def look(picture: Picture, recognizer: Recognizer) -> View:
    """See a page as its model wants it: mark by mark, or, the textbook way, squeezed whole into 28 x 28.

    Args:
        picture: upright.
        recognizer: gives ten digits and, where it can, "not a digit".
    """
    is_textbook = recognizer.metadata.normalizer == TEXTBOOK
    return _squeezed(picture, recognizer) if is_textbook else _clearest(picture, recognizer)


def _squeezed(picture: Picture, recognizer: Recognizer) -> View:
    """The textbook way: the whole picture, grey, 28 x 28, inverted."""
    small = textbook(picture.rgb)[..., 0]
    logits = recognizer.logits(small[None, ..., None])
    shares = probabilities(logits, recognizer.metadata.calibration)[0]
    grey = 1 - picture.rgb.mean(-1, dtype=np.float32) / 255
    box = Box(0, 0, picture.rgb.shape[1], picture.rgb.shape[0])
    return View(grey, 1.0, (Seen(box, small, logits[0], shares, True),), float(shares.max()))


def _clearest(picture: Picture, recognizer: Recognizer, *, is_inner: bool = False) -> View:
    """The most likely view; where it shows no clear digit on plain paper, the finder's or another."""
    sheet = Sheet.of(picture.rgb)
    first = lone_one(view(extract(sheet), recognizer), recognizer)
    runs_out = any(s.touches_border for s in first.seen)
    is_line = runs_out and (_is_line(first, recognizer) or _is_stripe(first, picture, recognizer))
    if first.clarity >= _CLEARER and first.is_plain and not is_line:
        return replace(first, seen=doubted(first.seen, recognizer))
    learned = lone_one(view(find(picture.rgb, ink_finder()), recognizer), recognizer)
    is_agreed = not is_line and _agree(first, learned, recognizer)
    is_better = learned.clarity > (CLEAR if first.clarity >= CLEAR and not is_agreed else first.clarity)
    is_broken = _is_broken(first, learned)
    is_whole = learned.clarity >= _LIKELY and _is_in_parts(first, learned, recognizer)
    best = learned if is_line or is_whole or (is_better and not is_broken) else first
    if best.clarity < _CLEARER and not is_agreed:
        inner = None if is_inner else _on_the_sheet(picture, recognizer)
        if inner is not None and inner.clarity >= max(best.clarity, CLEAR):
            return inner
        shown = replace(first, clarity=0.0) if is_line else first
        best = _clearer(picture, sheet, (shown, learned), recognizer) or best
    ways = ("learned look",) if best is learned else ("other look",) if best is not first else ()
    rivals = tuple(v for v in (first, learned) if v is not best)
    return _marked(replace(best, seen=doubted(best.seen, recognizer, ways, rivals)), picture)


def _marked(found: View, picture: Picture) -> View:
    """A view, its marks that are rims of blots told."""
    seen = tuple(
        replace(s, circumstances=(*s.circumstances, FILLED))
        if is_filled(s.box, found.ink, picture.rgb)
        else s
        for s in found.seen
    )
    return replace(found, seen=seen)


def _on_the_sheet(picture: Picture, recognizer: Recognizer) -> View | None:
    """What the sheet of paper shows that lies on a table; None where there is none."""
    place = sheet_in(picture.rgb)
    if place is None:
        return None
    rows, columns = place
    inside = replace(picture, rgb=np.ascontiguousarray(picture.rgb[place]))
    found = _clearest(inside, recognizer, is_inner=True)
    if (surest := _surest(found, recognizer)) is None or surest.touches_border:
        return None  # cut through by the sheet's edge, or nothing
    ink = np.zeros(picture.rgb.shape[:2], np.float32)
    ink[place] = found.ink
    seen = tuple(replace(s, box=s.box.moved(columns.start, rows.start)) for s in found.seen)
    return replace(found, ink=ink, seen=seen)


def _is_broken(first: View, learned: View) -> bool:
    """Whether the finder's look shows the one mark of a plain page in pieces that stand above one another.

    A straight upright stroke alone looks like a rule to the finder, which leaves its ends.
    """
    if not first.is_plain or first.seen[0].touches_border or len(learned.seen) < 2:
        return False
    return max(s.box.left for s in learned.seen) < min(s.box.right for s in learned.seen)


def _is_in_parts(tried: View, whole: View, recognizer: Recognizer) -> bool:
    """Whether what a look shows most clearly is a mere part of a mark that another look shows whole."""
    surest = _surest(tried, recognizer)
    if surest is None:
        return False
    part = _PART_OF_LINES if _is_one(surest, recognizer) else PART
    return any(is_part(surest.box, s.box, part) for s in whole.seen if not s.touches_border)


def _surest(view: View, recognizer: Recognizer) -> Seen | None:
    """The mark of a view that is most likely a digit."""
    digits = recognizer.metadata.digits
    return max(view.seen, key=lambda s: float(s.shares[:digits].max()), default=None)


def _is_one(seen: Seen, recognizer: Recognizer) -> bool:
    """Whether a mark reads as 1, as any straight stroke does."""
    meta = recognizer.metadata
    return meta.classes[int(seen.shares[: meta.digits].argmax())] == ONE


def _agree(first: View, learned: View, recognizer: Recognizer) -> bool:
    """Whether the finder's look confirms every likely digit of the first: ink is not what is in doubt."""
    digits = recognizer.metadata.digits
    likely = [s for s in first.seen if float(s.shares[:digits].max()) >= _LIKELY]
    return bool(likely) and all(any(is_same(s, other, digits) for other in learned.seen) for s in likely)


def _clearer(
    picture: Picture, sheet: Sheet, before: tuple[View, View], recognizer: Recognizer
) -> View | None:
    """The clearest of other looks where one is clearer than both before it; None where none is."""
    first, learned = before
    is_crop, is_tiny = picture.scale < 1, picture.scale < _TINY
    is_hopeless = first.clarity < _HOPELESS and not is_tiny
    least = max(first.clarity, learned.clarity, _CLEARER if first.seen and not is_hopeless else 0.0)
    best = None
    light_on_dark = extract(sheet).light_on_dark
    for other in _other_looks(light_on_dark, is_crop=is_crop, is_hopeless=is_hopeless):
        tried = view(extract(sheet, other), recognizer, doubtful=ONE)
        is_sound = not is_crop or is_hopeless or not first.seen or _is_whole(tried, first)
        if tried.clarity <= least or not is_sound or not _is_shared(tried, learned):
            continue
        if _is_in_parts(tried, learned, recognizer):
            continue
        if any(is_rim(mark.box, tried.ink, first.ink) for mark in tried.seen):
            continue
        best, least = tried, tried.clarity
        if least >= _CLEARER:
            break
    return best


def _is_line(view: View, recognizer: Recognizer) -> bool:
    """Whether all that a look shows clearly is a straight stroke that runs into the border, as shadows do."""
    meta = recognizer.metadata
    clear = [s for s in view.seen if float(s.shares[: meta.digits].max()) >= CLEAR]
    return bool(clear) and all(s.touches_border and _is_one(s, recognizer) for s in clear)


def _is_stripe(view: View, picture: Picture, recognizer: Recognizer) -> bool:
    """Whether all that a look shows is straight and runs across the picture, as the light of blinds does.

    A stroke that fills the picture is a crop of a 1.
    """
    meta = recognizer.metadata
    height, width = picture.rgb.shape[:2]
    likely = [s for s in view.seen if float(s.shares[: meta.digits].max()) >= _LIKELY]
    crosses = [s.box.height >= 0.98 * height and s.box.width < _FILLS * width for s in likely]
    return bool(likely) and all(crosses) and all(_is_one(s, recognizer) for s in likely)


def _other_looks(light_on_dark: bool, *, is_crop: bool, is_hopeless: bool) -> Iterator[Assumption]:
    """What else may be true of a picture. A tiny crop shows no table around a sheet: its digit fills it."""
    if not is_crop:
        yield Assumption(light_on_dark, framed=True)
        yield Assumption(not light_on_dark, framed=True)
    for widest in _LOCAL_LIGHT:
        yield Assumption(light_on_dark, widest=widest)
    for widest in (_USUAL_LIGHT, *_LOCAL_LIGHT) if is_hopeless or not is_crop else ():
        yield Assumption(light_on_dark, widest=widest, darkest=True)
    yield Assumption(not light_on_dark)
    if is_hopeless:
        yield Assumption(not light_on_dark, widest=_LOCAL_LIGHT[0])


def _is_shared(tried: View, learned: View) -> bool:
    """Whether what a look shows is ink to the finder, too, where the finder sees any."""
    if not learned.seen:
        return True
    ink = float(tried.ink.sum())
    return float(np.minimum(tried.ink, learned.ink).sum()) > _SHARED * ink


def _is_whole(view: View, first: View) -> bool:
    """Whether a view shows no mere fragments of what the first look showed."""
    return len(view.seen) <= len(first.seen) + 1 and float(view.ink.sum()) > 0.35 * float(first.ink.sum())
