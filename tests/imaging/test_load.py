"""Any picture people have comes out as upright RGB, with the way back to its own pixels."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from inkread.errors import SourceError
from inkread.imaging.load import pages, size_of
from inkread.types import Box

EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n%%EndComments\nshowpage\n"


def first(picture, **options):
    return next(pages(picture, **options))


def corner_mark(width=120, height=80):
    """White, with a black block in the top left corner."""
    page = np.full((height, width, 3), 255, np.uint8)
    page[:20, :30] = 0
    return Image.fromarray(page)


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda: saved(corner_mark(), "JPEG", quality=95), id="JPEG"),
        pytest.param(lambda: saved(corner_mark(), "PNG"), id="PNG"),
        pytest.param(lambda: saved(corner_mark(), "WEBP", lossless=True), id="WebP"),
        pytest.param(lambda: saved(corner_mark(), "TIFF"), id="TIFF"),
        pytest.param(lambda: saved(corner_mark(), "BMP"), id="BMP"),
        pytest.param(lambda: saved(corner_mark(), "GIF"), id="GIF with a palette"),
        pytest.param(lambda: saved(corner_mark(), "PPM"), id="PPM"),
        pytest.param(lambda: saved(corner_mark(), "JPEG2000"), id="JPEG 2000"),
        pytest.param(lambda: saved(corner_mark().convert("CMYK"), "JPEG", quality=95), id="CMYK"),
        pytest.param(lambda: saved(corner_mark().convert("1"), "PNG"), id="one bit"),
        pytest.param(lambda: saved(corner_mark().convert("L"), "PNG"), id="grey"),
    ],
)
def test_every_format_gives_the_same_picture(content):
    page = first(content())
    assert (page.width, page.height) == (120, 80)
    assert page.rgb[10, 10].max() < 40 and page.rgb[60, 100].min() > 215


def test_a_picture_turned_by_exif_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held so that it must be turned clockwise by 90 degrees
    page = first(saved(corner_mark(), "JPEG", exif=exif, quality=95))
    assert (page.width, page.height) == (80, 120)
    assert page.rgb[10, 70].max() < 40 and page.rgb[10, 10].min() > 215


def test_16_bit_grey_keeps_its_shades():
    shades = np.linspace(0, 65535, 100 * 100).reshape(100, 100).astype(np.uint16)
    page = first(saved(Image.fromarray(shades), "PNG"))
    assert abs(int(page.rgb[50, 50, 0]) - 128) < 3


@pytest.mark.parametrize(
    ("stroke", "paper"),
    [pytest.param(0, 255, id="dark strokes on nothing"), pytest.param(255, 0, id="light strokes on nothing")],
)
def test_a_transparent_canvas_keeps_its_strokes(stroke, paper):
    canvas = np.zeros((100, 100, 4), np.uint8)
    canvas[40:60, 20:80] = (stroke, stroke, stroke, 255)
    page = first(Image.fromarray(canvas))
    assert page.rgb[50, 50, 0] == stroke and page.rgb[10, 10, 0] == paper


def test_every_page_of_a_tiff_is_read():
    more = [corner_mark().rotate(180)]
    found = list(pages(saved(corner_mark(), "TIFF", save_all=True, append_images=more)))
    assert [p.page for p in found] == [1, 2]
    assert found[1].rgb[70, 110].max() < 40


def test_a_pdf_gives_its_pages():
    pytest.importorskip("pypdfium2")
    found = list(pages(saved(corner_mark(), "PDF", save_all=True, append_images=[corner_mark()])))
    assert [p.page for p in found] == [1, 2]


def test_heic_is_read():
    heif = pytest.importorskip("pillow_heif")
    file = io.BytesIO()
    heif.from_pillow(corner_mark(128, 96)).save(file)
    page = first(file.getvalue())
    assert (page.width, page.height) == (128, 96)


@pytest.mark.parametrize(
    "array",
    [
        pytest.param(np.eye(40, dtype=bool), id="bool"),
        pytest.param(np.eye(40, dtype=np.uint8) * 255, id="uint8"),
        pytest.param(np.eye(40, dtype=np.float64), id="floats in 0..1"),
        pytest.param(np.eye(40, dtype=np.float32) * 255, id="floats in 0..255"),
        pytest.param(np.eye(40, dtype=np.uint16)[..., None] * 4095, id="12 bits with a channel"),
        pytest.param(np.eye(40)[None, :, :, None], id="a batch of one"),
    ],
)
def test_arrays_of_any_depth_are_pictures(array):
    page = first(array)
    assert page.width == page.height == 40
    assert page.rgb.max() > 200 and page.rgb.min() == 0


@pytest.mark.parametrize(
    ("array", "says"),
    [
        pytest.param(np.zeros((3, 3, 7)), r"shape \(3, 3, 7\).*give \(h, w\)", id="seven channels"),
        pytest.param(np.zeros((0, 5)), r"shape \(0, 5\)", id="empty"),
        pytest.param(np.full((4, 4), np.nan), "NaN", id="not a number"),
        pytest.param(np.array([["a"]]), "is no picture; give uint8", id="text"),
        pytest.param(12, "cannot read a int", id="no picture at all"),
    ],
)
def test_what_is_no_picture_is_named(array, says):
    with pytest.raises(SourceError, match=says):
        first(array)


def bomb(side):
    """A PNG of a few kilobytes that unpacks to side x side pixels."""
    rows = zlib.compress(b"\0" * (side // 8 + 1) * side, 9)

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"hello, I am a text", "not a picture.*give JPEG", id="text"),
        pytest.param(EPS, "not a picture.*give JPEG", id="a program for Ghostscript"),
        pytest.param(saved(corner_mark(), "PCX"), "not a picture.*give JPEG", id="a format of long ago"),
        pytest.param(saved(corner_mark(), "JPEG")[:300], "damaged or cut off", id="half a JPEG"),
        pytest.param(saved(corner_mark(), "PNG")[:60], "damaged or cut off", id="half a PNG"),
        pytest.param(bomb(30_000), "900 megapixels.*shrink", id="a bomb"),
        pytest.param(b"%PDF-1.4 nonsense", "PDF", id="a broken PDF"),
    ],
)
def test_a_broken_file_says_what_is_wrong_and_what_to_do(tmp_path, content, says):
    file = tmp_path / "scan.jpg"
    file.write_bytes(content)
    with pytest.raises(SourceError, match=says) as caught:
        first(file)
    assert str(file) in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 3)])
def test_what_is_too_small_to_show_anything_is_said_to_be(shape):
    with pytest.raises(SourceError, match=f"{shape[1]} x {shape[0]} px, too small.*at least 4 px"):
        first(np.zeros(shape, np.uint8))


def test_a_file_says_its_size_before_it_is_opened():
    assert size_of(saved(corner_mark(), "PNG")) == size_of(saved(corner_mark(), "GIF")) == (120, 80)
    assert size_of(bomb(50_000)) == (50_000, 50_000)
    assert size_of(b"no picture") is None and size_of(b"%PDF-1.4") is None


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(SourceError, match=r"gone\.png: there is no such file"):
        first(tmp_path / "gone.png")
    with pytest.raises(SourceError, match="is a folder"):
        first(tmp_path)


@pytest.mark.parametrize("side", [pytest.param(28, id="enlarged"), pytest.param(5000, id="shrunk")])
def test_boxes_come_back_in_the_users_pixels(side):
    page = first(np.full((side, side), 255, np.uint8))
    assert page.user_box(Box(0, 0, page.rgb.shape[1], page.rgb.shape[0])) == Box(0, 0, side, side)
    half = page.rgb.shape[1] // 2
    assert abs(page.user_box(Box(0, 0, half, half)).right - side / 2) <= 1


def test_a_crop_and_a_quarter_turn_lead_back_to_the_users_pixels():
    page = first(np.zeros((200, 400), np.uint8), crop=(100, 50, 300, 150), rotate=90)
    height, width = page.rgb.shape[:2]
    assert (width, height) == (100, 200)
    assert page.user_box(Box(0, 0, width, height)) == Box(100, 50, 300, 150)
    # Turned clockwise, the top left of what one sees was the bottom left of the crop.
    assert page.user_box(Box(0, 0, 10, 20)) == Box(100, 140, 120, 150)


def test_a_slanting_turn_gives_a_polygon_around_the_same_place():
    array = np.zeros((300, 300), np.uint8)
    array[140:160, 140:160] = 255
    page = first(array, rotate=30)
    ys, xs = np.nonzero(page.rgb[..., 0] > 128)
    corners = np.array(page.corners(Box(int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)))
    assert page.is_turned
    assert np.allclose(corners.mean(0), 150, atol=1.5)


def test_a_crop_outside_of_the_picture_is_refused():
    with pytest.raises(SourceError, match=r"leaves nothing of a picture of 50 x 40 px"):
        first(np.zeros((40, 50), np.uint8), crop=(60, 0, 90, 30))
