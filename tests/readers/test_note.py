"""A page of lines in, its lines out in reading order, with boxes and outlines in the user's picture."""

import cv2
import numpy as np
import pytest

import inkread
from inkread.imaging.ink import extract

TEXTS = ("abccbaabcacbab", "cabccbaabcacbab", "cbabcab")


@pytest.fixture
def reader(line_model):
    return inkread.Reader("note", model=line_model)


@pytest.fixture
def sheet(bar_line):
    """Three lines on a page of 1,300 by 900 pixels, 100 pixels apart."""
    page = np.full((900, 1300, 3), 225, np.uint8)
    for place, text in enumerate(TEXTS):
        line = bar_line(text, 60)
        top = 300 + 100 * place
        page[top : top + 60, 200 : 200 + line.shape[1]] = line
    return page


def test_the_lines_of_a_page_come_in_reading_order(reader, sheet):
    page = reader.read(sheet)
    assert page.text == "\n".join(TEXTS) and page.kind == "note"
    for place, reading in enumerate(page):
        assert abs(reading.box.top - (315 + 100 * place)) < 10 and abs(reading.box.left - 230) < 10
        assert 4 <= len(reading.polygon) < 100 and len(reading.characters) == len(reading.text)
        middle = (reading.box.top + reading.box.bottom) / 2
        assert all(c.box.top < middle < c.box.bottom for c in reading.characters)


def test_a_slanting_page_is_read_in_its_own_pixels(reader, sheet):
    turn = cv2.getRotationMatrix2D((650, 450), -4, 1.0)
    page = reader.read(cv2.warpAffine(sheet, turn, (1300, 900), borderValue=(225, 225, 225)))
    assert page.text == "\n".join(TEXTS)
    for place, reading in enumerate(page):
        x, y = turn @ (232, 330 + 100 * place, 1)  # the middle of its first character
        box = reading.characters[0].box
        assert box.left - 4 <= x <= box.right + 4 and box.top <= y <= box.bottom


def test_baselines_are_in_the_users_pixels(reader, sheet):
    turn = cv2.getRotationMatrix2D((650, 450), -4, 1.0)
    page = reader.read(cv2.warpAffine(sheet, turn, (1300, 900), borderValue=(225, 225, 225)))
    for place, reading in enumerate(page):
        (x, y), (end, _) = reading.baseline[0], reading.baseline[-1]
        assert len(reading.baseline) < 20 and end - x > 0.9 * reading.box.width
        assert abs((turn @ (x, 345 + 100 * place, 1))[1] - y) < 12  # where the feet of its bars stand


def test_a_page_half_in_the_shadow_is_read(reader, sheet):
    light = np.linspace(0.12, 1.0, sheet.shape[1])[None, :, None]
    assert reader.read((sheet * light).astype(np.uint8)).text == "\n".join(TEXTS)


def test_lines_are_as_light_or_dark_as_their_page(reader, sheet, monkeypatch):
    from inkread.readers import line as module

    told = []
    monkeypatch.setattr(
        module, "extract", lambda crop, given: told.append(given.light_on_dark) or extract(crop, given)
    )
    reader.read(sheet)
    reader.read(255 - sheet)
    assert told == 3 * [False] + 3 * [True]


def test_a_large_photo_keeps_the_users_pixels(reader, sheet):
    large = cv2.resize(sheet, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    page = reader.read(large)
    assert page.text == "\n".join(TEXTS) and (page.width, page.height) == (3900, 2700)
    assert abs(page[0].box.left - 690) < 30 and abs(page[2].box.top - 1545) < 30


def ruled(page):
    for row in range(60, page.shape[0], 40):
        page[row : row + 2] = (150, 170, 215)
    return page


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(np.full((700, 500, 3), 240, np.uint8), id="bare"),
        pytest.param(ruled(np.full((700, 500, 3), 240, np.uint8)), id="ruled"),
    ],
)
def test_a_page_without_writing_gives_no_text(reader, page):
    found = reader.read(page)
    assert (len(found), found.text, found.status) == (1, "", "refused")
    assert "blank" in found.reason


def test_mere_grain_gives_no_text(reader):
    coarse = np.random.default_rng(1).normal(128, 60, (180, 130))
    page = np.clip(cv2.resize(coarse, (520, 720), interpolation=cv2.INTER_CUBIC), 0, 255).astype(np.uint8)
    found = reader.read(page)
    assert (len(found), found.text, found.status) == (1, "", "refused")


def test_a_line_that_reads_as_nothing_is_dropped(line_model, sheet, monkeypatch):
    from inkread.readers import loaded as module
    from inkread.runtime.linewise import LineRecognizer, load

    known = load(line_model)

    def run(strips):  # sees only lines of more than 200 pixels
        return known.run(strips if strips.shape[2] > 200 else np.zeros_like(strips))

    deaf = LineRecognizer(known.metadata, known.alphabet, run)
    monkeypatch.setattr(module, "line_recognizer", lambda model: deaf)
    assert inkread.Reader("note", model=line_model).read(sheet).text == "\n".join(TEXTS[:2])


def test_several_lines_where_one_was_asked_for_go_to_review(line_model, sheet):
    reading = inkread.Reader("line", model=line_model).read(sheet)[0]
    assert (reading.text, reading.status) == (TEXTS[1], "review")
    assert "3 lines" in reading.reason and "kind note" in reading.reason


def test_lines_that_cannot_be_made_out_stay_as_refused_and_a_page_on_its_side_is_told(
    line_model, sheet, monkeypatch
):
    from inkread.readers import loaded as module
    from inkread.runtime.linewise import LineRecognizer, load

    known = load(line_model)
    dull = LineRecognizer(known.metadata, known.alphabet, lambda strips: 0.01 * known.run(strips))
    monkeypatch.setattr(module, "line_recognizer", lambda model: dull)
    monkeypatch.setattr("inkread.readers.note.runs_down", lambda ink: True)
    page = inkread.Reader("note", model=line_model, language="none").read(sheet)
    assert [r.status for r in page] == ["refused"] * 3 and not page.text.strip()
    assert all(r.guess and "try rotate 90 or 270" in r.reason for r in page)
