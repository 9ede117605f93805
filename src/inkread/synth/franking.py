"""What is on an envelope besides handwriting: print, stamps, postmarks, bar codes, logos, coloured borders.

Each function draws onto a page in place: float32 `(height, width, 3)`, 0..1, `mm` pixels a millimetre.
Lettering comes from Pillow's own font and OpenCV's, so that a set is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from inkread.synth import papers

__all__ = ["barcode", "border", "cancel", "lay", "logo", "notice", "printed", "permit", "stamp", "typeface"]

Rng = np.random.Generator
Spot = tuple[float, float]
"""x and y, in pixels of the page."""

_HERSHEY = (cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_TRIPLEX)
_DRAWN_PX = 60
"""Lettering is drawn about so high, and then brought to its size."""
_BLACK = (0.08, 0.08, 0.1)
_INKS = (_BLACK, _BLACK, (0.12, 0.15, 0.4), (0.45, 0.1, 0.12), (0.3, 0.3, 0.32))
_NOTICES = (
    "FRAGILE", "PAR AVION", "AIR MAIL", "DO NOT BEND", "PHOTOS", "PRIORITY", "FIRST CLASS",
    "RETURN SERVICE REQUESTED", "ADDRESS SERVICE REQUESTED", "URGENT", "OPEN AT ONCE",
)  # fmt: skip


def lay(
    page: np.ndarray, cover: np.ndarray, at: Spot, colour: Sequence[float], strength: float = 1.0
) -> None:
    """Lay ink on a page.

    Args:
        page: changed in place.
        cover: float32 `(h, w)`, 0..1.
        at: where its upper left corner goes; what lies beyond the page is lost.
        colour: red, green, blue, 0..1.
        strength: 1 where the ink hides the paper.
    """
    x, y = round(at[0]), round(at[1])
    high, wide = cover.shape
    left, top = max(0, -x), max(0, -y)
    right, bottom = min(wide, page.shape[1] - x), min(high, page.shape[0] - y)
    if left >= right or top >= bottom:
        return
    part = page[y + top : y + bottom, x + left : x + right]
    share = (cover[top:bottom, left:right] * np.float32(strength))[..., None]
    part += (np.asarray(colour, np.float32) - part) * share


def typeface(rng: Rng) -> tuple[int, float, float]:
    """A way to print: which font, how wide, how bold; the same one prints all lines of an address."""
    return int(rng.integers(5)), float(rng.uniform(0.8, 1.15)), float(rng.random() < 0.25) * 1.0


def printed(text: str, height_px: float, face: tuple[int, float, float]) -> np.ndarray:
    """A line of print.

    Args:
        text: the line.
        height_px: of its capitals.
        face: of `typeface`.

    Returns:
        float32 `(h, w)`, 0..1; its base line is a quarter of its height above the lower edge.
    """
    number, wide, bold = face
    mask = _pillow(text) if number < 2 else _opencv(text, _HERSHEY[number - 2])
    if bold:
        mask = np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)))
    factor = height_px / (_DRAWN_PX * 0.72)
    size = max(1, round(mask.shape[1] * factor * wide)), max(1, round(mask.shape[0] * factor))
    small = cv2.resize(mask, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
    return np.asarray(small, np.float32) / 255


def _pillow(text: str) -> np.ndarray:
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(_DRAWN_PX)
    canvas = Image.new("L", (round(font.getlength(text)) + 8, round(1.25 * _DRAWN_PX)), 0)
    ImageDraw.Draw(canvas).text((4, _DRAWN_PX * 0.95), text, font=font, fill=255, anchor="ls")
    return np.asarray(canvas)


def _opencv(text: str, font: int) -> np.ndarray:
    scale = cv2.getFontScaleFromHeight(font, round(0.72 * _DRAWN_PX), 3)
    (wide, _), _ = cv2.getTextSize(text, font, scale, 3)
    canvas = np.zeros((round(1.25 * _DRAWN_PX), wide + 8), np.uint8)
    cv2.putText(canvas, text, (4, round(0.95 * _DRAWN_PX)), font, scale, 255, 3, cv2.LINE_AA)
    return canvas


def stamp(page: np.ndarray, at: Spot, mm: float, rng: Rng) -> tuple[float, float]:
    """Stick a stamp on.

    Args:
        page: changed in place.
        at: its upper right corner.
        mm: pixels a millimetre.
        rng: what it shows.

    Returns:
        Its width and height, pixels.
    """
    wide, high = (22.0, 25.0) if rng.random() < 0.6 else (36.0, 24.0)
    width, height = round(wide * mm), round(high * mm)
    face = _picture(height, width, rng)
    rim = max(2, round(1.3 * mm))
    whole = np.full((height, width, 3), rng.uniform(0.9, 1.0), np.float32)
    whole[rim:-rim, rim:-rim] = face[rim:-rim, rim:-rim]
    text = str(rng.choice(["FOREVER USA", "USA 55", "U.S. POSTAGE 29", "USA", "$1.20", "FOREVER"]))
    line = printed(text, rng.uniform(1.6, 2.6) * mm, typeface(rng))
    ink = (0.98, 0.98, 0.98) if float(face.mean()) < 0.55 else _BLACK
    lay(whole, line, (2 * mm, height - rim - line.shape[0] - 1), ink)
    cover = _perforated(height, width, mm)
    turn = rng.normal(0, 2.0)
    turned, cover = _turned(whole, turn), _turned(cover, turn, 0)
    left, top = at[0] - turned.shape[1], at[1]
    _paste(page, turned, cover, (left, top))
    return float(turned.shape[1]), float(turned.shape[0])


def _picture(height: int, width: int, rng: Rng) -> np.ndarray:
    """What a stamp shows: a sky, hills, flowers, a flag, a face in profile, more or less."""
    sky, ground = rng.uniform(0.2, 1.0, 3), rng.uniform(0.1, 0.9, 3)
    ramp = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    page = np.ascontiguousarray(
        np.broadcast_to(sky * (1 - ramp) + ground * ramp, (height, width, 3)), np.float32
    )
    page += 0.06 * papers.noise((height, width), max(2.0, height / 12), rng)[..., None]
    for _ in range(int(rng.integers(2, 7))):
        colour = rng.uniform(0, 1, 3).tolist()
        x, y = (rng.uniform(0.15, 0.85, 2) * (width, height)).astype(int).tolist()
        size = int(height * rng.uniform(0.08, 0.3))
        kind = int(rng.integers(3))
        if kind == 0:
            cv2.circle(page, (x, y), size, colour, -1, cv2.LINE_AA)
        elif kind == 1:
            cv2.ellipse(page, (x, y), (size, size // 3 + 1), float(rng.uniform(0, 180)), 0, 360, colour, -1)
        else:
            points = np.array([x, y]) + rng.normal(0, size, (5, 2))
            cv2.fillPoly(page, [points.astype(np.int32)], colour, cv2.LINE_AA)
    if rng.random() < 0.25:
        for k in range(0, height, max(4, height // 7)):
            page[k : k + max(2, height // 14)] = (0.8, 0.15, 0.2)
    return np.clip(page, 0, 1)


def _perforated(height: int, width: int, mm: float) -> np.ndarray:
    """Where a stamp's paper is: holes of half a circle along all sides."""
    cover = np.ones((height, width), np.float32)
    step, hole = 1.6 * mm, max(1, round(0.45 * mm))
    for x in np.arange(step / 2, width, step).round().astype(int).tolist():
        for y in (0, height - 1):
            cv2.circle(cover, (x, y), hole, 0.0, -1)
    for y in np.arange(step / 2, height, step).round().astype(int).tolist():
        for x in (0, width - 1):
            cv2.circle(cover, (x, y), hole, 0.0, -1)
    return cover


def _turned(picture: np.ndarray, degrees: float, border: float = 1.0) -> np.ndarray:
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(
        cv2.warpAffine(
            picture, matrix, (width, height), borderMode=cv2.BORDER_CONSTANT, borderValue=(border,) * 3
        )
    )


def _paste(page: np.ndarray, picture: np.ndarray, cover: np.ndarray, at: Spot) -> None:
    x, y = max(0, round(at[0])), max(0, round(at[1]))
    part = page[y : y + picture.shape[0], x : x + picture.shape[1]]
    high, wide = part.shape[:2]
    part += (picture[:high, :wide] - part) * cover[:high, :wide, None]


def permit(page: np.ndarray, at: Spot, mm: float, rng: Rng) -> tuple[float, float]:
    """Print a permit or the mark of a franking machine instead of a stamp; see `stamp`."""
    rows = [
        ("PRSRT STD", "U.S. POSTAGE", "PAID", f"PERMIT NO. {int(rng.integers(10, 9999))}"),
        (
            "US POSTAGE",
            f"$ {rng.uniform(0.4, 3):07.3f}",
            f"ZIP {int(rng.integers(501, 99951)):05d}",
            "FIRST-CLASS",
        ),
    ][int(rng.integers(2))]
    face, high = typeface(rng), rng.uniform(1.8, 2.6) * mm
    lines = [printed(row, high, face) for row in rows]
    width = max(line.shape[1] for line in lines) + 4 * mm
    height = sum(line.shape[0] for line in lines) + 3 * mm
    left, top = at[0] - width, at[1]
    colour = _INKS[int(rng.integers(len(_INKS)))]
    if rng.random() < 0.75:
        frame = np.zeros((round(height), round(width)), np.float32)
        cv2.rectangle(frame, (1, 1), (round(width) - 2, round(height) - 2), 1.0, max(1, round(0.3 * mm)))
        lay(page, frame, (left, top), colour)
    y = top + 1.5 * mm
    for line in lines:
        lay(page, line, (left + (width - line.shape[1]) / 2, y), colour)
        y += line.shape[0]
    return width, height


def cancel(page: np.ndarray, at: Spot, mm: float, rng: Rng) -> None:
    """Strike a postmark.

    Args:
        page: changed in place.
        at: the middle of the killer lines, on the stamp; the round mark stands to the left.
        mm: pixels a millimetre.
        rng: its town, date, ink and pressure.
    """
    height, width = page.shape[:2]
    layer = np.zeros((height, width), np.float32)
    thick = max(1, round(rng.uniform(0.25, 0.5) * mm))
    x, y = at
    reach = rng.uniform(14, 30) * mm
    if rng.random() < 0.85:
        for k in range(int(rng.integers(5, 8))):
            along = np.linspace(x - 0.6 * reach, x + reach, 60)
            wave = rng.uniform(0.2, 1.0) * mm * np.sin(along / (3.2 * mm))
            rows = y + (k - 3) * 3.0 * mm + wave
            points = np.round(np.column_stack([along, rows]) * 16).astype(np.int32)
            cv2.polylines(layer, [points[:, None]], False, 1.0, thick, cv2.LINE_AA, 4)
    radius = rng.uniform(10, 13) * mm
    centre = round(x - 0.6 * reach - radius - mm), round(y)
    cv2.circle(layer, centre, round(radius), 1.0, thick, cv2.LINE_AA)
    if rng.random() < 0.5:
        cv2.circle(layer, centre, round(0.66 * radius), 1.0, thick, cv2.LINE_AA)
    face = typeface(rng)
    date = f"{'JAN MAR MAY JUL SEP NOV'.split()[int(rng.integers(6))]} {int(rng.integers(1, 29))}"  # noqa: SIM905
    words = [str(rng.choice(["AM", "PM"])), date, str(int(rng.integers(1960, 2027)))]
    for k, row in enumerate(words):
        line = printed(row, 2.2 * mm, face)
        lay(layer[..., None], line, (centre[0] - line.shape[1] / 2, centre[1] + (k - 1.6) * 3.6 * mm), (1.0,))
    fade = np.clip(1.1 + 0.5 * papers.noise((height, width), 12 * mm, rng), 0.15, 1)
    colour = _INKS[int(rng.integers(len(_INKS)))]
    lay(page, layer * fade * np.float32(rng.uniform(0.45, 0.95)), (0, 0), colour)


def border(page: np.ndarray, mm: float, rng: Rng) -> None:
    """Print the red and blue border of air mail, or one or two plain lines, around a page."""
    height, width = page.shape[:2]
    if rng.random() < 0.25:
        plain = rng.uniform(0.1, 0.7, 3).tolist()
        layer = np.zeros((height, width), np.float32)
        off = round(rng.uniform(2, 6) * mm)
        cv2.rectangle(layer, (off, off), (width - off, height - off), 1.0, max(1, round(0.5 * mm)))
        lay(page, layer, (0, 0), plain)
        return
    deep = rng.uniform(3, 5.5) * mm
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    away = np.minimum(np.minimum(x, width - 1 - x), np.minimum(y, height - 1 - y))
    place = ((x + y) / rng.uniform(5, 9) / mm) % 4
    for low, colour in ((0.0, (0.75, 0.15, 0.2)), (2.0, (0.12, 0.25, 0.55))):
        lay(
            page, ((away < deep) & (place >= low) & (place < low + 1)).astype(np.float32), (0, 0), colour, 0.9
        )


def logo(page: np.ndarray, at: Spot, mm: float, rng: Rng) -> float:
    """Print a sign of a company; returns its width."""
    size = round(rng.uniform(9, 18) * mm)
    mark = np.zeros((size, size), np.float32)
    kind, middle = int(rng.integers(4)), (size // 2, size // 2)
    if kind == 0:
        cv2.circle(mark, middle, size // 2 - 1, 1.0, -1, cv2.LINE_AA)
        cv2.circle(mark, middle, size // 4, 0.0, -1, cv2.LINE_AA)
    elif kind == 1:
        points = np.array([[0, 1], [0.5, 0], [1, 1], [0.5, 0.6]]) * (size - 1)
        cv2.fillPoly(mark, [points.astype(np.int32)], 1.0, cv2.LINE_AA)
    elif kind == 2:
        for k in range(4):
            cv2.rectangle(
                mark, (k * size // 4, size - (k + 1) * size // 4), ((k + 1) * size // 4 - 2, size), 1.0, -1
            )
    else:
        cv2.ellipse(mark, middle, (size // 2 - 1, size // 4), float(rng.uniform(0, 90)), 0, 360, 1.0, -1)
        cv2.line(mark, (0, size), (size, 0), 0.0, max(2, size // 10), cv2.LINE_AA)
    lay(page, mark, at, rng.uniform(0, 0.75, 3).tolist())
    return float(size)


def notice(page: np.ndarray, at: Spot, mm: float, rng: Rng) -> None:
    """Strike or print a notice such as FRAGILE; a round-robin of words, frames and colours."""
    line = printed(_NOTICES[int(rng.integers(len(_NOTICES)))], rng.uniform(2.5, 5.5) * mm, typeface(rng))
    if rng.random() < 0.5:
        line = np.pad(line, round(1.2 * mm))
        cv2.rectangle(line, (1, 1), (line.shape[1] - 2, line.shape[0] - 2), 1.0, max(1, round(0.4 * mm)))
    colour = ((0.75, 0.12, 0.15), (0.1, 0.2, 0.55), _BLACK)[int(rng.integers(3))]
    lay(page, _turned(np.pad(line, 4), rng.normal(0, 3), 0), at, colour, float(rng.uniform(0.6, 1)))


def barcode(page: np.ndarray, at: Spot, mm: float, rng: Rng) -> None:
    """Print the bars that sorting machines read: 65 of four kinds, three millimetres high."""
    step, high = 1.15 * mm, 3.3 * mm
    layer = np.zeros((round(high) + 1, round(66 * step)), np.float32)
    for k in range(65):
        up, down = rng.random(2) < 0.5
        top, bottom = (0 if up else high / 3), (high if down else 2 * high / 3)
        left = round(k * step)
        layer[round(top) : round(bottom), left : left + max(1, round(0.5 * mm))] = 1
    orange = rng.random() < 0.2
    lay(page, layer, at, (0.95, 0.5, 0.3) if orange else _BLACK)
