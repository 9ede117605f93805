"""Open any picture people have and give upright RGB.

In: a path, bytes, a Pillow image or an array. Out: `Picture`s, one a page, each with the way back from its
pixels to the pixels of the picture the user gave (upright, as a viewer shows it). Nothing is guessed about
the content here.

Pictures are brought to a working size of 96 to 2,400 px on their longest side: a larger one is shrunk while
it is decoded, a tiny crop is enlarged, so that every later stage sees strokes of more than a pixel.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil, floor, hypot
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.errors import MissingExtra, SourceError
from inkread.imaging.decoders import opened
from inkread.imaging.turn import after, crop_and_turn, photo_in_frame
from inkread.types import Box

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Picture", "Source", "name_of", "pages", "size_of"]

Source = Any
"""A path, bytes, a Pillow image or an array."""

SMALLEST, DRAFT, LARGEST, DETAILED = 96, 1400, 2400, 2800
"""Longest side in pixels: enlarged to, decoded JPEG at least, shrunk to; and both where detail is wanted, so
that a sheet which fills most of a photo keeps its 200 dots an inch."""
MOST_PIXELS = 90_000_000
MOST_PIXELS_JPEG = 170_000_000
PDF_DPI, PDF_LONGEST = 200, 2400
_SHORTEST_SIDE = 4
_BAND = 256  # rows of a transparent picture that are worked on at once, to need little memory
_BROKEN = OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError, AttributeError
"""What Pillow's decoders raise on damaged files."""
_HEIF = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1", b"ftypheim", b"ftypheis")


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One upright page, ready to be looked at.

    Attributes:
        rgb: uint8 `(height, width, 3)` at the working size.
        to_user: float64 `(2, 3)`; maps (x, y, 1) in `rgb` to (x, y) in the user's upright picture.
        source: the path as the user wrote it, or "<array>" and the like.
        page: page of the source, from 1.
        width: pixels of the user's upright picture.
        height: pixels of the user's upright picture.
    """

    rgb: NDArray[np.uint8]
    to_user: NDArray[np.float64]
    source: str
    page: int
    width: int
    height: int

    @property
    def scale(self) -> float:
        """User's pixels per pixel of `rgb`."""
        return hypot(self.to_user[0, 0], self.to_user[1, 0])

    @property
    def is_turned(self) -> bool:
        """Whether `rgb` stands at an angle that is not a multiple of 90 degrees."""
        return bool(min(abs(self.to_user[0, 0]), abs(self.to_user[0, 1])) > 1e-6)

    def corners(self, box: Box) -> tuple[tuple[float, float], ...]:
        """The corners of a box of `rgb`, in the user's picture: four (x, y)."""
        (a, b, left), (c, d, top) = self.to_user.tolist()
        corners = (box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)
        return tuple((a * x + b * y + left, c * x + d * y + top) for x, y in corners)

    def user_box(self, box: Box) -> Box:
        """The upright box around a box of `rgb`, in the user's picture, clipped to it."""
        x, y = zip(*self.corners(box), strict=True)
        left, top, right, bottom = (
            floor(min(x) + 0.01),
            floor(min(y) + 0.01),
            ceil(max(x) - 0.01),
            ceil(max(y) - 0.01),
        )
        left, top = min(max(left, 0), self.width - 1), min(max(top, 0), self.height - 1)
        right, bottom = min(max(right, left + 1), self.width), min(max(bottom, top + 1), self.height)
        return Box(left, top, right, bottom)


def pages(
    picture: Source,
    *,
    crop: tuple[int, int, int, int] | None = None,
    rotate: float = 0.0,
    detail: bool = False,
) -> Iterator[Picture]:
    """Open a picture, page by page.

    Args:
        picture: path, bytes, Pillow image, or array: `(h, w)`, `(h, w, 1)`, `(h, w, 3)` or `(h, w, 4)` of
            bool, unsigned integers, or floats in 0..1 or 0..255.
        crop: left, top, right, bottom in pixels of the upright picture; taken before turning.
        rotate: degrees, clockwise positive, by which the picture must be turned to stand upright.
        detail: whether it is a sheet with small writing: larger, and its edge is no frame to take off.

    Yields:
        One Picture a page (TIFF and PDF have several).

    Raises:
        SourceError: missing, empty, truncated, too large, not a picture, or a crop outside of it.
        MissingExtra: PDF or HEIC without its library.
    """
    name = name_of(picture)
    draft = None if crop is not None else DETAILED if detail else DRAFT
    for number, (rgb, size) in enumerate(_decode(picture, name, draft), start=1):
        if min(size) < _SHORTEST_SIDE:
            raise SourceError(
                f"{name}: the picture is {size[0]} x {size[1]} px, too small to show anything; "
                f"give one of at least {_SHORTEST_SIDE} px each way"
            )
        to_user = np.array([[size[0] / rgb.shape[1], 0, 0], [0, size[1] / rgb.shape[0], 0]], float)
        upright = crop_and_turn(rgb, to_user, crop, rotate)
        working, to_user = _working_size(*upright, DETAILED if detail else LARGEST)
        # In a tiny crop the digit itself is as large as a photo in a frame.
        inner = photo_in_frame(working) if not detail and max(upright[0].shape) >= SMALLEST else None
        if inner is not None:
            working = np.ascontiguousarray(working[inner])
            to_user = after(to_user, np.array([[1, 0, inner[1].start], [0, 1, inner[0].start]], float))
        yield Picture(working, to_user, name, number, *size)


def size_of(content: bytes) -> tuple[int, int] | None:
    """Width and height of a picture as its file says, before it is decoded; of several pages the first.

    Args:
        content: of a file.

    Returns:
        None of a PDF, of HEIC, and of what is no picture.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings(action="ignore"), opened(content) as image:
            return image.size
    except (Image.DecompressionBombError, *_BROKEN):
        return None


def name_of(picture: Source) -> str:
    """What to call a source: the path as written, or the kind of thing in angle brackets."""
    if isinstance(picture, (str, Path)):
        return str(picture)
    if isinstance(picture, (bytes, bytearray, memoryview)):
        return "<bytes>"
    return str(getattr(picture, "filename", "") or "<picture>") if hasattr(picture, "convert") else "<array>"


def _working_size(
    rgb: NDArray[np.uint8], to_user: NDArray[np.float64], largest: int
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    height, width = rgb.shape[:2]
    longest = max(height, width)
    if SMALLEST <= longest <= largest:
        return np.ascontiguousarray(rgb), to_user
    factor = (largest if longest > largest else SMALLEST) / longest
    size = max(1, round(width * factor)), max(1, round(height * factor))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR  # cubic leaves halos
    small = np.asarray(cv2.resize(rgb, size, interpolation=how), np.uint8)
    shrink = np.array([[width / size[0], 0, 0], [0, height / size[1], 0]], float)
    return small, after(to_user, shrink)


def _decode(
    picture: Source, name: str, draft: int | None
) -> Iterator[tuple[NDArray[np.uint8], tuple[int, int]]]:
    """RGB arrays and the upright size (width, height) in the user's pixels, page by page.

    A JPEG is decoded to `draft` pixels of its longest side at least; None decodes it whole.
    """
    if (
        isinstance(picture, np.ndarray)
        or hasattr(picture, "__array_interface__")
        and not hasattr(picture, "convert")
    ):
        rgb = _from_array(np.asarray(picture))
        yield rgb, (rgb.shape[1], rgb.shape[0])
    elif hasattr(picture, "convert") and hasattr(picture, "getexif"):
        with _clear_errors(name):
            yield _from_pillow(picture)
    elif isinstance(picture, (str, Path, bytes, bytearray, memoryview)):
        content = bytes(picture) if not isinstance(picture, (str, Path)) else _content(Path(picture), name)
        yield from _from_bytes(content, name, draft)
    else:
        raise SourceError(
            f"cannot read a {type(picture).__name__} as a picture; "
            "give a path, bytes, a Pillow image or an array"
        )


def _content(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise SourceError(f"{name}: there is no such file; check the path") from None
    except IsADirectoryError:
        raise SourceError(f"{name}: is a folder; give its files, or read it with `inkread read`") from None
    except (OSError, ValueError) as error:
        raise SourceError(f"{name}: cannot be opened ({_reason(error)}); check its permissions") from None


def _from_bytes(
    content: bytes, name: str, draft: int | None
) -> Iterator[tuple[NDArray[np.uint8], tuple[int, int]]]:
    if not content:
        raise SourceError(f"{name}: the file is empty (0 bytes); copy or save it again")
    if content[:1024].lstrip().startswith(b"%PDF"):
        yield from _from_pdf(content, name)
        return
    if content[4:12] in _HEIF:
        _register_heif(name)
    with _clear_errors(name), opened(content) as image:
        is_jpeg = image.format in ("JPEG", "MPO")
        _check_size(image.size, name, MOST_PIXELS_JPEG if is_jpeg and draft else MOST_PIXELS)
        frames = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
        for frame in range(frames):
            if frames > 1:
                image.seek(frame)
                _check_size(image.size, name, MOST_PIXELS)
            size = image.size
            if is_jpeg and draft:
                factor = draft / max(size)
                image.draft("RGB", (max(1, int(size[0] * factor)), max(1, int(size[1] * factor))))
            yield _from_pillow(image, size)


def _check_size(size: tuple[int, int], name: str, most: int) -> None:
    if size[0] * size[1] > most:
        raise SourceError(
            f"{name}: unpacks to {size[0]} x {size[1]} px ({size[0] * size[1] / 1e6:,.0f} megapixels); "
            f"at most {most / 1e6:.0f} are opened: shrink it first"
        )


@contextmanager
def _clear_errors(name: str) -> Iterator[None]:
    """Turn what Pillow raises on broken files into one clear line."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except UnidentifiedImageError:
        raise SourceError(
            f"{name}: is not a picture that can be opened; give JPEG, PNG, TIFF, WebP, BMP, GIF, HEIC or PDF"
        ) from None
    except Image.DecompressionBombError as error:
        pixels = re.search(r"\d+", str(error))
        size = f"{int(pixels[0]) / 1e6:,.0f}" if pixels else "far more than that many"
        raise SourceError(
            f"{name}: unpacks to {size} megapixels; at most {MOST_PIXELS // 10**6} are opened: "
            "shrink it first"
        ) from None
    except _BROKEN as error:
        raise SourceError(
            f"{name}: the picture is damaged or cut off ({_reason(error)}); copy or save it again"
        ) from None
    except MemoryError:
        raise SourceError(f"{name}: does not fit into memory; shrink it first") from None


def _reason(error: BaseException) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(text.split())[:120]


def _from_pillow(
    image: Image, size: tuple[int, int] | None = None
) -> tuple[NDArray[np.uint8], tuple[int, int]]:
    """Upright RGB of a Pillow image, and its upright size in the user's pixels."""
    width, height = size or image.size
    image.load()
    orientation = image.getexif().get(0x0112, 1)
    upright = image
    if orientation in range(2, 9):
        from PIL import ImageOps

        upright = ImageOps.exif_transpose(image)
        width, height = (height, width) if orientation >= 5 else (width, height)
    if upright.mode in ("I", "F") or upright.mode.startswith("I;"):
        return _from_array(np.asarray(upright)), (width, height)
    if upright.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in upright.info:
        return _over_paper(np.asarray(upright.convert("RGBA"))), (width, height)
    return np.array(upright if upright.mode == "RGB" else upright.convert("RGB")), (width, height)


def _over_paper(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Lay a transparent picture on white; light strokes on nothing are laid on black."""
    visible, light = 1e-9, 0.0
    bands = [slice(top, top + _BAND) for top in range(0, len(rgba), _BAND)]
    for band in bands:
        opaque = rgba[band, :, 3].astype(np.float32)
        visible += float(opaque.sum())
        light += float((rgba[band, :, :3].mean(-1, dtype=np.float32) * opaque).sum())
    mostly_clear = visible < 0.6 * 255 * rgba[..., 3].size
    paper = 0.0 if mostly_clear and light / visible > 190 else 255.0
    over = np.empty((*rgba.shape[:2], 3), np.uint8)
    for band in bands:
        alpha = rgba[band, :, 3:].astype(np.float32) / 255
        over[band] = np.round(rgba[band, :, :3] * alpha + paper * (1 - alpha))
    return over


def _from_array(array: NDArray[Any]) -> NDArray[np.uint8]:
    shape = array.shape
    while array.ndim > 2 and array.shape[0] == 1 and (array.ndim > 3 or array.shape[-1] not in (3, 4)):
        array = array[0]
    if array.ndim == 3 and array.shape[-1] == 1:
        array = array[..., 0]
    fits = array.ndim == 2 or (array.ndim == 3 and array.shape[-1] in (3, 4))
    if not fits or array.size == 0:
        raise SourceError(f"an array of shape {shape} is no picture; give (h, w), (h, w, 3) or (h, w, 4)")
    _check_size((array.shape[1], array.shape[0]), "<array>", MOST_PIXELS)
    levels = _levels(array)
    if levels.ndim == 3 and levels.shape[-1] == 4:
        return _over_paper(levels)
    return np.repeat(levels[..., None], 3, axis=-1) if levels.ndim == 2 else np.ascontiguousarray(levels)


def _levels(array: NDArray[Any]) -> NDArray[np.uint8]:
    """Bring booleans, integers of any depth and floats to 0..255."""
    if array.dtype == np.uint8:
        return array
    if array.dtype == bool:
        return array.astype(np.uint8) * 255
    if array.dtype.kind not in "uif":
        raise SourceError(f"an array of {array.dtype} is no picture; give uint8, or floats in 0..1")
    values = array.astype(np.float32)
    if not np.isfinite(values).all():
        raise SourceError("the array holds NaN or infinity; give finite values")
    low, high = float(values.min()), float(values.max())
    if array.dtype.kind == "f" and low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    elif low >= 0 and high <= 255:
        low, high = 0.0, 255.0
    elif low >= 0:  # deeper than 8 bits: the brightest pixel is white, whatever the depth
        low = 0.0
    return np.asarray(np.round((values - low) * (255 / max(high - low, 1e-9))), np.uint8)


def _register_heif(name: str) -> None:
    try:
        import pillow_heif
    except ImportError:
        raise MissingExtra(f"{name}: reading HEIC", "pillow-heif", "heic") from None
    pillow_heif.register_heif_opener()


def _from_pdf(content: bytes, name: str) -> Iterator[tuple[NDArray[np.uint8], tuple[int, int]]]:
    try:
        import pypdfium2 as pdfium
    except ImportError:
        raise MissingExtra(f"{name}: reading PDF pages", "pypdfium2", "pdf") from None
    try:
        document = pdfium.PdfDocument(content)
        count = len(document)
    except pdfium.PdfiumError as error:
        raise SourceError(f"{name}: the PDF cannot be opened ({_reason(error)}); save it again") from None
    if not count:
        raise SourceError(f"{name}: the PDF has no pages")
    try:
        for number in range(count):
            page = document[number]
            longest = max(page.get_size()) / 72
            dpi = min(PDF_DPI, PDF_LONGEST / max(longest, 1e-3))
            rgb = page.render(scale=dpi / 72, rev_byteorder=True).to_numpy()[..., :3].copy()
            yield rgb, (rgb.shape[1], rgb.shape[0])
    except pdfium.PdfiumError as error:
        raise SourceError(f"{name}: a page of the PDF is damaged ({_reason(error)}); save it again") from None
    finally:
        document.close()
