"""Open a blank form: its pages at 200 dpi, upright and level, their size on paper, and the words of a PDF.

In: a PDF or a picture of a form that nobody has filled. Out: `BlankPage`s. A PDF tells its size; that of a
scan is guessed from the shape of the sheet: A4 or Letter where that fits, else as long as A4.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.errors import MissingExtra, SourceError
from inkread.imaging.load import name_of, pages
from inkread.imaging.skew import skew_degrees

__all__ = ["BlankPage", "Word", "blank_pages", "png"]

PX = 200 / 25.4
"""Pixels of a page in a millimetre."""
_MOST_PAGES, _LARGEST = 20, 600.0
"""Pages of a form; and the longest side of its paper in millimetres."""
_PAPERS = ((210.0, 297.0), (215.9, 279.4))
"""A4 and Letter."""
_SAME_SHAPE = 0.035
_LEAST_LEAN, _MOST_LEAN = 0.03, 8.0
"""Degrees that a scan may lean."""
_LONG_PIECE = 0.03
"""Of a line, as a share of the longest side, that tells how a scan leans."""
_MOST_RECTS = 5000

Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Word:
    """A run of printed text.

    Attributes:
        text: without blanks at its ends.
        rect: left, top, right, bottom in millimetres.
        size: of its letters, millimetres.
    """

    text: str
    rect: Rect

    @property
    def size(self) -> float:
        """How high it is, millimetres."""
        return self.rect[3] - self.rect[1]


@dataclass(frozen=True, slots=True, eq=False)
class BlankPage:
    """One page of a blank form.

    Attributes:
        rgb: uint8 `(height, width, 3)` at 200 dpi.
        size: width and height in millimetres.
        words: of the text layer; none of a scan.
        guessed: whether the size was guessed from the shape of a picture.
    """

    rgb: NDArray[np.uint8]
    size: tuple[float, float]
    words: tuple[Word, ...] = ()
    guessed: bool = False


def blank_pages(source: str | Path | bytes) -> Iterator[BlankPage]:
    """Open a blank form, page by page.

    Args:
        source: a PDF, or a picture of one page; a path or the content of the file.

    Raises:
        SourceError: it cannot be opened, is too large, or has too many pages.
        MissingExtra: a PDF or HEIC without its library.
    """
    content = source if isinstance(source, bytes) else _read(Path(source))
    name = name_of(source)
    if b"%PDF-" in content[:1024]:
        yield from _of_pdf(content, name)
        return
    for number, picture in enumerate(pages(content if isinstance(source, bytes) else source, detail=True)):
        if number >= _MOST_PAGES:
            raise _too_many(name)
        yield _of_picture(picture.rgb)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(
            f"{path} cannot be opened: {error.strerror or error}; give a PDF or a picture"
        ) from None


def _too_many(name: str) -> SourceError:
    return SourceError(f"{name} has more than {_MOST_PAGES} pages; give the pages of one form")


def _of_pdf(content: bytes, name: str) -> Iterator[BlankPage]:
    try:
        import pypdfium2 as pdfium
    except ImportError:
        raise MissingExtra(f"{name}: reading PDF pages", "pypdfium2", "pdf") from None
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError:
        raise SourceError(f"{name}: the PDF cannot be opened; save it again") from None
    try:
        if not len(document):
            raise SourceError(f"{name}: the PDF has no pages")
        if len(document) > _MOST_PAGES:
            raise _too_many(name)
        for number in range(len(document)):
            yield _of_pdf_page(document[number], f"{name}, page {number + 1}")
    except pdfium.PdfiumError:
        raise SourceError(f"{name}: a page of the PDF is damaged; save it again") from None
    finally:
        document.close()


def _of_pdf_page(page: Any, name: str) -> BlankPage:
    width, height = (float(side) * 25.4 / 72 for side in page.get_size())
    if min(width, height) < 10 or max(width, height) > _LARGEST:
        raise SourceError(
            f"{name} is {width:.0f} x {height:.0f} mm; wanted paper of 10 to {_LARGEST:.0f} mm each way"
        )
    rgb = page.render(scale=200 / 72, rev_byteorder=True, may_draw_forms=False).to_numpy()[..., :3].copy()
    return BlankPage(rgb, (round(width, 2), round(height, 2)), tuple(_words(page, height)))


def _words(page: Any, height: float) -> Iterator[Word]:
    """Runs of text of a page, as its text layer has them."""
    text = page.get_textpage()
    try:
        for number in range(min(text.count_rects(), _MOST_RECTS)):
            left, bottom, right, top = text.get_rect(number)
            told = " ".join(text.get_text_bounded(left, bottom, right, top).split())
            if told:
                left, top, right, bottom = (v * 25.4 / 72 for v in (left, top, right, bottom))
                yield Word(told, (left, height - top, right, height - bottom))
    finally:
        with suppress(Exception):
            text.close()


def _of_picture(rgb: NDArray[np.uint8]) -> BlankPage:
    """A scan of the whole sheet, level and at 200 dpi."""
    rgb = _level(rgb)
    height, width = rgb.shape[:2]
    size = _paper(width / height)
    target = round(size[0] * PX), round(size[1] * PX)
    how = cv2.INTER_AREA if width > target[0] else cv2.INTER_CUBIC
    return BlankPage(np.asarray(cv2.resize(rgb, target, interpolation=how), np.uint8), size, (), True)


def _paper(shape: float) -> tuple[float, float]:
    """The paper of this width by height: A4 or Letter where that fits, else as long as A4."""
    for wide, high in _PAPERS:
        for size in ((wide, high), (high, wide)):
            if abs(size[0] / size[1] / shape - 1) <= _SAME_SHAPE:
                return size
    longest = 297.0
    return (longest, round(longest / shape, 1)) if shape > 1 else (round(longest * shape, 1), longest)


def _lean(grey: NDArray[np.uint8]) -> float:
    """How far the lines of a form lean, degrees clockwise; by rows of print where it has hardly any."""
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(grey)[0]
    pieces = np.asarray(found, np.float64).reshape(-1, 4) if found is not None else np.zeros((0, 4))
    x, y = pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1]
    long = np.hypot(x, y)
    turns = (np.degrees(np.arctan2(y, x)) + 45) % 90 - 45
    kept = (long > _LONG_PIECE * max(grey.shape)) & (np.abs(turns) < _MOST_LEAN)
    if float(long[kept].sum()) < 0.5 * max(grey.shape):
        dark = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones((9, 9), np.uint8))
        return skew_degrees((dark > 40).astype(np.uint8))
    order = np.argsort(turns[kept])
    share = np.cumsum(long[kept][order])
    return float(turns[kept][order][int(np.searchsorted(share, share[-1] / 2))])


def _level(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture turned so that its lines run across."""
    lean = _lean(np.asarray(rgb.min(axis=2), np.uint8))
    if abs(lean) < _LEAST_LEAN:
        return rgb
    height, width = rgb.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2 - 0.5, height / 2 - 0.5), lean, 1.0)
    turned = cv2.warpAffine(
        rgb, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(turned, np.uint8)


def png(rgb: NDArray[np.uint8]) -> bytes:
    """A page as the content of a PNG file; `(height, width, 3)`."""
    encoded = cv2.imencode(".png", rgb[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 6])[1]
    return bytes(encoded.tobytes())
