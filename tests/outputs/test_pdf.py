"""Searchable PDF: the picture as it was, and each word where it was written, to be found and copied."""

from __future__ import annotations

import ctypes
from io import BytesIO

import numpy as np
import pypdfium2 as pdfium
import pytest
from fontTools.ttLib import TTFont
from PIL import Image
from pypdfium2 import raw

from inkread import outputs
from inkread.errors import MissingExtra, UsageError
from inkread.outputs import pdf_font
from inkread.outputs.layout import clean, words
from inkread.types import Box, Character, Page, Reading

ORIENTATION = 0x0112
"""The EXIF tag."""


@pytest.fixture
def written(tmp_path):
    """Write pages and open the file."""
    opened = []

    def write(*pages):
        opened.append(pdfium.PdfDocument(outputs.save(pages, tmp_path / "out.pdf")))
        return opened[-1]

    yield write
    for document in opened:
        document.close()


def text_of(sheet):
    return sheet.get_textpage().get_text_range().replace("\r\n", "\n")


def rendered(sheet, size):
    picture = sheet.render(scale=size[0] / sheet.get_width(), rev_byteorder=True).to_numpy()[..., :3]
    assert abs(picture.shape[1] - size[0]) <= 1 and abs(picture.shape[0] - size[1]) <= 1
    return picture[: size[1], : size[0]].astype(int)


def place_of(sheet, word, size):
    """The box of a word that is searched for, in pixels of the picture; also the number of finds."""
    page = sheet.get_textpage()
    searcher = page.search(word, match_case=True)
    found = []
    while (hit := searcher.get_next()) is not None:
        boxes = [page.get_charbox(hit[0] + i, loose=True) for i in range(hit[1])]
        left, bottom = min(b[0] for b in boxes), min(b[1] for b in boxes)
        right, top = max(b[2] for b in boxes), max(b[3] for b in boxes)
        found.append((_pixel(sheet, left, top, size), _pixel(sheet, right, bottom, size)))
    ((one, other),) = found
    x, y = zip(one, other, strict=True)
    return min(x), min(y), max(x), max(y)


def _pixel(sheet, x, y, size):
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(sheet, 0, 0, size[0] * 10, size[1] * 10, 0, x, y, across, down)
    return across.value / 10, down.value / 10


def assert_words_in_place(sheet, page, most=3):
    """Every word is found once, within `most` pixels of its box on each side."""
    for reading in page:
        for word in words(reading):
            found = place_of(sheet, word.text, (page.width, page.height))
            assert found == pytest.approx(word.box.to_list(), abs=most), word.text


# --- text ------------------------------------------------------------------------------------------------


def test_the_text_comes_out_in_order_line_by_line(written, note, photo):
    sheet = written(Page(str(photo), note.readings, "line", 1, 600, 400))[0]
    assert text_of(sheet) == "Chère Élodie, le thé est prêt.\n2 pommes & 3 poires\nÀ demain"


def test_every_word_is_found_where_it_was_written(written, note, photo):
    page = Page(str(photo), note.readings, "line", 1, 600, 400)
    assert_words_in_place(written(page)[0], page)


def test_each_character_has_its_share_of_the_word(written, page, line, photo):
    sheet = written(page(line("abcd", Box(100, 50, 140, 90)), source=str(photo)))[0]
    assert place_of(sheet, "c", (600, 400)) == pytest.approx((120, 50, 130, 90), abs=1)


def test_words_that_touch_stay_two_words(written, page, photo):
    characters = [Character(c, 0.9, Box(x, 50, x + 20, 90)) for c, x in zip("ab", (100, 118), strict=True)]
    reading = Reading("a b", 0.9, "accepted", box=Box(100, 50, 138, 90), characters=tuple(characters))
    assert text_of(written(page(reading, source=str(photo)))[0]) == "a b"


def test_nothing_is_painted_over_the_picture(written, note, photo, page):
    empty = written(page(Reading("", 0.0, "refused", "blank"), source=str(photo)))
    without = rendered(empty[0], (600, 400))
    with_text = rendered(written(Page(str(photo), note.readings, "line", 1, 600, 400))[0], (600, 400))
    assert np.array_equal(without, with_text)


def test_a_guess_is_not_in_the_file(written, page, refused, photo):
    assert text_of(written(page(refused(), source=str(photo)))[0]) == ""


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_a_turned_line_is_found_where_it_was_written(written, photo, turn):
    ring = [(200, 100), (300, 100), (300, 300), (200, 300)]
    corners = tuple(ring[turn:] + ring[:turn])
    page = Page(
        str(photo),
        (Reading("upstairs down", 0.9, "accepted", box=Box(200, 100, 300, 300), polygon=corners),),
        "line",
        *(1, 600, 400),
    )
    sheet = written(page)[0]
    assert_words_in_place(sheet, page)
    found = text_of(sheet).split()  # PDFium reads what stands on its head from the left as well
    assert (sorted(found) if turn == 2 else found) == (
        ["down", "upstairs"] if turn == 2 else ["upstairs", "down"]
    )


def test_hostile_text_makes_a_file_that_can_be_searched(written, page, line, photo, hostile):
    sheet = written(page(line(hostile, Box(10, 50, 590, 90)), source=str(photo)))[0]
    assert len(text_of(sheet)) > 0
    assert sheet.get_width() > 0


@pytest.mark.parametrize("text", ["Œuvre façade ŷ ß € « » – ’ ÿ", "Ωμέγα кириллица 漢字", "Łódź Ñandú Żubr"])
def test_letters_of_many_scripts_come_out_as_they_are(written, page, line, photo, text):
    assert text_of(written(page(line(text, Box(10, 50, 590, 90)), source=str(photo)))[0]) == text


def test_a_word_from_the_right_comes_out_as_it_is_written(written, page, line, photo):
    assert text_of(written(page(line("שלום", Box(10, 50, 590, 90)), source=str(photo)))[0]) == "שלום"


def test_more_different_characters_than_one_block_of_the_map_holds(written, page, line, photo):
    text = "".join(chr(0x4E00 + i) for i in range(250))
    assert text_of(written(page(line(text, Box(10, 50, 590, 90)), source=str(photo)))[0]) == text


def test_a_line_without_a_box_is_left_out(written, page, line, photo):
    sheet = written(page(Reading("nowhere", 0.9, "accepted"), line("here"), source=str(photo)))[0]
    assert text_of(sheet) == "here"


# --- pictures --------------------------------------------------------------------------------------------


def test_a_jpeg_stays_as_it_is_bit_by_bit(tmp_path, page, line, photo):
    path = outputs.save([page(line("a"), source=str(photo))], tmp_path / "out.pdf")
    assert photo.read_bytes() in path.read_bytes()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_that_a_viewer_turns_stands_upright(tmp_path, written, page, line, orientation):
    path = tmp_path / "turned.jpg"
    stored = Image.linear_gradient("L").resize((300, 200)).convert("RGB")
    stored.paste((220, 20, 20), (0, 0, 60, 40))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored.save(path, quality=95, exif=exif)
    size = (300, 200) if orientation < 5 else (200, 300)
    result = page(line("abc", Box(20, 150, 120, 190)), source=str(path), size=size)
    sheet = written(result)[0]
    from PIL import ImageOps

    expected = np.asarray(ImageOps.exif_transpose(Image.open(path)), int)
    assert np.abs(rendered(sheet, size) - expected).mean() < 4
    assert_words_in_place(sheet, result)


@pytest.mark.parametrize(
    ("mode", "name"),
    [
        ("RGBA", "a.png"),
        ("1", "a.png"),
        ("P", "a.gif"),
        ("I;16", "a.png"),
        ("CMYK", "a.jpg"),
        ("L", "a.jpg"),
        ("L", "a.tif"),
    ],
)
def test_any_picture_becomes_a_page(tmp_path, written, page, line, mode, name):
    path = tmp_path / name
    Image.new("L", (600, 400), 255).convert(mode if mode != "I;16" else "I").convert(mode).save(path)
    sheet = written(page(line("abc"), source=str(path)))[0]
    assert text_of(sheet) == "abc"
    assert rendered(sheet, (600, 400)).mean() > (250 if mode != "I;16" else -1)


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param((300, (1200, 900), (4, 3)), id="what a scanner says"),
        pytest.param((72, (4032, 3024), (11.69, 8.77)), id="a phone says nothing of use: A4"),
        pytest.param((None, (600, 400), (11.69, 7.79)), id="nobody says: A4"),
        pytest.param((1, (600, 400), (11.69, 7.79)), id="nonsense: A4"),
    ],
)
def test_the_page_is_as_large_as_the_picture_says(tmp_path, written, page, line, asked):
    dpi, size, inches = asked
    path = tmp_path / "a.jpg"
    Image.new("L", size, 255).save(path, **({"dpi": (dpi, dpi)} if dpi else {}))
    sheet = written(page(line("abc"), source=str(path), size=size))[0]
    assert (sheet.get_width() / 72, sheet.get_height() / 72) == pytest.approx(inches, abs=0.02)


def test_many_pages_stand_in_one_file_and_failed_sources_have_none(written, page, line, photo, failed):
    document = written(page(line("one"), source=str(photo)), failed, page(line("two"), source=str(photo)))
    assert [text_of(document[i]) for i in range(len(document))] == ["one", "two"]


def test_each_page_of_a_tiff_is_its_own(tmp_path, written, page, line):
    path = tmp_path / "a.tif"
    Image.new("L", (600, 400), 255).save(path, save_all=True, append_images=[Image.new("L", (600, 400), 0)])
    document = written(*(page(line(str(n)), source=str(path), page=n) for n in (1, 2)))
    assert [rendered(document[i], (600, 400)).mean() > 128 for i in range(2)] == [True, False]


# --- pages of PDF ----------------------------------------------------------------------------------------


@pytest.fixture
def scan(tmp_path, photo):
    """A PDF of two pages: A5 with a picture and a picture's leftover transformation, and one turned."""

    def make(rotation=0, crop=None):
        document = pdfium.PdfDocument.new()
        for _ in range(2):
            sheet = document.new_page(420, 300)
            image = pdfium.PdfImage.new(document)
            image.load_jpeg(BytesIO(photo.read_bytes()), inline=True)
            image.set_matrix(pdfium.PdfMatrix().scale(420, 280))
            sheet.insert_obj(image)
            sheet.gen_content()
        document[1].set_rotation(rotation)
        if crop:
            document[1].set_cropbox(*crop)
        path = tmp_path / "scan.pdf"
        document.save(path)
        document.close()
        return path

    return make


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (20, 30, 400, 290)])
def test_a_page_of_a_pdf_is_kept_and_its_words_lie_in_place(written, scan, page, line, rotation, crop):
    path = scan(rotation, crop)
    with pdfium.PdfDocument(path) as source:
        before = source[1].render(scale=2, rev_byteorder=True).to_numpy()[..., :3].astype(int)
    size = before.shape[1], before.shape[0]
    result = page(
        line("first words", Box(50, 60, 250, 100)),
        line("and last", Box(60, 300, 300, 350)),
        source=str(path),
        size=size,
        page=2,
    )
    document = written(result)
    assert len(document) == 1
    assert np.array_equal(rendered(document[0], size), before)
    assert_words_in_place(document[0], result)
    assert text_of(document[0]).split() == ["first", "words", "and", "last"]


def test_a_page_that_leaves_its_own_measures_behind_does_not_move_the_words(tmp_path, written, page, line):
    path = tmp_path / "crooked.pdf"
    path.write_bytes(_pdf_of(b"0.5 0 0 0.5 100 100 cm 1 0 0 rg 0 0 100 100 re f"))
    result = page(line("in place", Box(50, 60, 250, 100)), source=str(path), size=(600, 400))
    assert_words_in_place(written(result)[0], result)


def _pdf_of(content):
    """A PDF of one page of 300 by 200 points by hand."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, o) for n, o in enumerate(objects, start=1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 5>>\n%%EOF"


def test_a_pdf_that_lost_its_page_says_so(tmp_path, scan, page, line):
    with pytest.raises(UsageError, match=r"scan\.pdf has no page 3 any more"):
        outputs.save([page(line("a"), source=str(scan()), page=3)], tmp_path / "out.pdf")


# --- what cannot be written ------------------------------------------------------------------------------


def test_a_picture_from_memory_says_what_to_do(tmp_path, page, line):
    with pytest.raises(UsageError, match="came from memory.*Save it as a file"):
        page(line("a"), source="<array>").save(tmp_path / "out.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_picture_that_is_another_by_now_is_refused(tmp_path, page, line, photo):
    with pytest.raises(UsageError, match=r"is 600 x 400 px now and was 60 x 40 px.*read it again"):
        outputs.save([page(line("a"), source=str(photo), size=(60, 40))], tmp_path / "out.pdf")


def test_nothing_that_could_be_opened_is_an_error(tmp_path, failed):
    for pages in ([failed], []):
        with pytest.raises(UsageError, match="no picture that could be opened"):
            outputs.save(pages, tmp_path / "out.pdf")


def test_without_its_library_it_is_refused_before_the_work(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"writing PDF needs pypdfium2.*pip install '.\[pdf\]'"):
        outputs.check_path(tmp_path / "out.pdf")


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_a_writer_that_is_stopped_leaves_what_was_there_before(tmp_path, page, line, photo, error):
    path = tmp_path / "out.pdf"
    path.write_text("before")

    def pages():
        yield page(line("a"), source=str(photo))
        raise error

    with pytest.raises(error):
        outputs.save(pages(), path)
    assert path.read_text() == "before"


# --- the font --------------------------------------------------------------------------------------------


def test_the_font_is_a_font_of_one_box():
    font = TTFont(BytesIO(pdf_font.truetype()), checkChecksums=2)
    assert font["head"].unitsPerEm == 1000 and font["maxp"].numGlyphs == 2
    empty, box = (font["glyf"][name] for name in font.getGlyphOrder())
    assert empty.numberOfContours == 0 and box.numberOfContours == 1
    assert (box.xMin, box.yMin, box.xMax, box.yMax) == (0, -200, 500, 800)
    assert {advance for advance, _ in font["hmtx"].metrics.values()} == {500}
    assert (font["hhea"].ascent, font["hhea"].descent) == (800, -200)
    assert font["name"].getDebugName(1) == "Invisible"


def test_the_map_knows_every_character_once():
    known = pdf_font.codes(["bébé", "🎉"])
    assert sorted(known.values()) == list(range(1, len(known) + 1))
    pairs = [
        row for row in pdf_font.to_unicode(known).splitlines() if row.count("<") == 2 and "CID" not in row
    ]
    back = {
        bytes.fromhex(row.split("<")[2][:-1]).decode("utf-16-be") for row in pairs if row != "<0000> <FFFF>"
    }
    assert back == set(known) == {" ", "b", "é", "🎉"}
    assert len(pdf_font.glyph_of_code(known)) == 2 * (len(known) + 1)


def test_hostile_text_has_a_code_for_every_character(hostile):
    assert set(pdf_font.codes([clean(hostile)])) >= set(clean(hostile))
