"""Searchable PDF: the picture as it is, and over it, invisible, each word at its box.

What is found, marked and copied in a viewer is the text, in the place where it was written. A JPEG goes into
the file as it is, bit by bit; a page of a PDF keeps all that it had; other pictures become JPEGs of quality
92. A page is as large as its picture says (dots per inch), up to A3, else as high as A4.

Sources that could not be opened have no page and are left out; a page on which nothing could be read is the
picture alone.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import bidirectional

from inkread.errors import InkreadError, UsageError
from inkread.outputs.atomic import replacing
from inkread.outputs.layout import Corner, Word, quarters, words
from inkread.outputs.pdf_font import ADVANCE, ASCENT, codes, glyph_of_code, to_unicode, truetype
from inkread.outputs.picture import ADVICE, upright
from inkread.types import Box, Page

__all__ = ["write_pdf"]

_A3, _A4 = 16.6 * 72, 11.69 * 72
"""Longest side in points."""
_QUALITY = 92
_TURNED = {
    1: (1, 0, 0, 1, 0, 0),
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, 1, 1, 0, 0, 0),
    8: (0, 1, -1, 0, 1, 0),
}
"""By EXIF orientation: the matrix a, b, c, d, e, f that turns the stored picture upright in a unit square."""


def write_pdf(pages: Iterable[Page], path: Path) -> Path:
    """Write all pages into one file.

    Args:
        pages: taken one by one; their pictures are opened again.
        path: ends in .pdf.

    Raises:
        UsageError: no source could be opened; a picture is gone, came from memory, or is another by now.
        InkreadError: the file cannot be written; nothing is left under its name.
    """
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument.new()
    try:
        for page in pages:
            if page.status != "failed":
                _write(document, page)
        if not len(document):
            raise UsageError(f"{path} was not written: there is no picture that could be opened")
        content = BytesIO()
        document.save(content)
    finally:
        document.close()
    with replacing(path) as new:
        new.write_bytes(content.getbuffer())
    return path


def _write(document: Any, page: Page) -> None:
    """Add a page with its picture and its text."""
    sheet = _from_pdf(document, page) or _from_picture(document, page)
    lines = [(quarters(r), [w for w in words(r) if w.box]) for r in page]
    known = codes(word.text for _, line in lines for word in line)
    if len(known) > 1:
        pen = _Pen(document, sheet, page, known)
        for turn, line in lines:
            pen.line(line, turn)
        pen.close()
    sheet.gen_content()
    sheet.close()


def _from_pdf(document: Any, page: Page) -> Any:
    """The page of a PDF, as it is; None where the source is no PDF."""
    import pypdfium2 as pdfium

    try:
        with Path(page.source).open("rb") as file:
            if not file.read(1024).lstrip().startswith(b"%PDF"):
                return None
        source = pdfium.PdfDocument(page.source)
    except (OSError, ValueError):
        return None
    except pdfium.PdfiumError as error:
        raise UsageError(f"{page.source} cannot be opened again ({error}). {ADVICE}") from error
    try:
        document.import_pages(source, [page.page - 1])
    except (pdfium.PdfiumError, IndexError) as error:
        raise UsageError(f"{page.source} has no page {page.page} any more. {ADVICE}") from error
    finally:
        source.close()
    return document[len(document) - 1]


def _from_picture(document: Any, page: Page) -> Any:
    """A page with a picture that fills it."""
    import pypdfium2 as pdfium

    photo = _photo(page)
    wide, tall = photo.points
    sheet = document.new_page(wide, tall)
    image = pdfium.PdfImage.new(document)
    image.load_jpeg(BytesIO(photo.jpeg), inline=True)
    a, b, c, d, e, f = _TURNED[photo.orientation]
    image.set_matrix(pdfium.PdfMatrix(a * wide, b * tall, c * wide, d * tall, e * wide, f * tall))
    sheet.insert_obj(image)
    return sheet


@dataclass(frozen=True, slots=True)
class _Photo:
    """A picture ready for a PDF.

    Attributes:
        jpeg: the file's bytes.
        orientation: by EXIF, how its pixels must be turned; 1 for not at all.
        points: width and height of the page, upright, 72 an inch.
    """

    jpeg: bytes
    orientation: int
    points: tuple[float, float]


def _photo(page: Page) -> _Photo:
    """The picture of a page as a JPEG; one that is a JPEG already stays as it is.

    Raises:
        UsageError: it cannot be opened again, or is another by now.
    """
    stored = _jpeg(page)
    if stored is not None:
        return stored
    image = upright(page)
    _check_same(page, image.size)
    content = BytesIO()
    image.save(content, "JPEG", quality=_QUALITY)
    return _Photo(content.getvalue(), 1, _points(image.size, image.info.get("dpi")))


def _jpeg(page: Page) -> _Photo | None:
    """The file itself, where it is a JPEG in grey or RGB; else None."""
    from PIL import Image

    try:
        with Image.open(page.source) as stored:
            if stored.format != "JPEG" or stored.mode not in ("L", "RGB"):
                return None
            orientation = stored.getexif().get(0x0112, 1)
            orientation = orientation if orientation in _TURNED else 1
            size = stored.size if orientation < 5 else stored.size[::-1]
            points = _points(size, stored.info.get("dpi"))
        content = Path(page.source).read_bytes()
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    _check_same(page, size)
    return _Photo(content, orientation, points)


def _check_same(page: Page, size: tuple[int, int]) -> None:
    if page.width and (page.width, page.height) != size:
        raise UsageError(
            f"{page.source} is {size[0]} x {size[1]} px now and was {page.width} x {page.height} px when it "
            "was read; read it again"
        )


def _points(size: tuple[int, int], dpi: Any) -> tuple[float, float]:
    """The size of the page: what the picture says, up to A3; else its longest side is A4's."""
    longest = max(size)
    try:
        density = float(min(dpi))
    except (TypeError, ValueError):
        density = 0.0
    natural = longest / density * 72 if density > 1 else 0.0
    scale = (natural if 72 <= natural <= _A3 else _A4) / longest
    return size[0] * scale, size[1] * scale


class _Pen:
    """Sets invisible words on one page."""

    def __init__(self, document: Any, sheet: Any, page: Page, known: dict[str, int]) -> None:
        from pypdfium2 import raw

        self._raw = raw
        self._document, self._sheet = document, sheet
        self._size = page.width or 1, page.height or 1
        self._codes = known
        font, glyphs = truetype(), glyph_of_code(known)
        self._font = raw.FPDFText_LoadCidType2Font(
            document, _bytes(font), len(font), to_unicode(known).encode(), _bytes(glyphs), len(glyphs)
        )
        if not self._font:
            raise InkreadError("the text cannot be set: this pypdfium2 takes no font; install a newer one")

    def close(self) -> None:
        """Let the font go; the document keeps what it needs."""
        self._raw.FPDFFont_Close(self._font)

    def line(self, words: Sequence[Word], turn: int) -> None:
        """The words of one line and the spaces between them."""
        for number, word in enumerate(words):
            if number:
                self._space(words[number - 1], turn, word)
            self._word(word, turn)

    def _word(self, word: Word, turn: int) -> None:
        """A word that fills its box; one that is written from the right is set from its end."""
        if word.box is None:
            return
        reverse = any(bidirectional(letter) in ("R", "AL") for letter in word.text)
        self._set(word.text[::-1] if reverse else word.text, _corners(word.box, turn))

    def _space(self, word: Word, turn: int, following: Word) -> None:
        """A space from a word to the next of the line; a thin one where they touch."""
        if word.box is None or following.box is None:
            return
        start, along, up = _corners(word.box, turn)
        other = _corners(following.box, turn)[0]
        length = _length(start, along) or 1.0
        way = (along[0] - start[0]) / length, (along[1] - start[1]) / length
        gap = (other[0] - along[0]) * way[0] + (other[1] - along[1]) * way[1]
        aside = abs((other[0] - along[0]) * way[1] - (other[1] - along[1]) * way[0])
        first, wide = 0.0, gap
        if gap <= 1 or aside > _length(start, up):  # they touch, or stand on different heights
            first, wide = min(gap, 0.0) - 1.0, 1.0
        begin = along[0] + way[0] * first, along[1] + way[1] * first
        end = begin[0] + way[0] * wide, begin[1] + way[1] * wide
        self._set(" ", (begin, end, (begin[0] + up[0] - start[0], begin[1] + up[1] - start[1])))

    def _set(self, text: str, frame: tuple[Corner, Corner, Corner]) -> None:
        """Set a text into a frame: where it begins, where it ends, and the corner above its beginning."""
        raw = self._raw
        start, along, up = (self._in_page(corner) for corner in frame)
        wide = len(text) * ADVANCE
        a, b = (along[0] - start[0]) / wide, (along[1] - start[1]) / wide
        c, d = up[0] - start[0], up[1] - start[1]
        size = max(abs(c), abs(d), 0.01)
        a, b, c, d = a / size, b / size, c / size, d / size
        below = (1 - ASCENT) * size
        matrix = raw.FS_MATRIX(a, b, c, d, start[0] + c * below, start[1] + d * below)
        made = raw.FPDFPageObj_CreateTextObj(self._document, self._font, size)
        letters = (ctypes.c_uint32 * len(text))(*(self._codes[letter] for letter in text))
        raw.FPDFText_SetCharcodes(made, letters, len(text))
        raw.FPDFTextObj_SetTextRenderMode(made, raw.FPDF_TEXTRENDERMODE_INVISIBLE)
        raw.FPDFPageObj_SetMatrix(made, matrix)
        raw.FPDFPage_InsertObject(self._sheet, made)

    def _in_page(self, corner: Corner) -> Corner:
        """From pixels of the picture to points of the page, whichever way that is turned."""
        x, y = ctypes.c_double(), ctypes.c_double()
        wide, tall = self._size
        fine = 16  # the function takes whole numbers
        self._raw.FPDF_DeviceToPage(
            *(self._sheet, 0, 0, wide * fine, tall * fine, 0),
            *(round(corner[0] * fine), round(corner[1] * fine), x, y),
        )
        return x.value, y.value


def _bytes(content: bytes) -> Any:
    return (ctypes.c_uint8 * len(content)).from_buffer_copy(content)


def _length(one: Corner, other: Corner) -> float:
    return float(((other[0] - one[0]) ** 2 + (other[1] - one[1]) ** 2) ** 0.5)


def _corners(box: Box, turn: int) -> tuple[Corner, Corner, Corner]:
    """Where text begins and ends on its lower edge, and the corner above its beginning, by quarter turns."""
    ring = (box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)
    return ring[(3 + turn) % 4], ring[(2 + turn) % 4], ring[turn % 4]
