"""Text of one line or several, and words of a list, in the fields of a form."""

import cv2
import numpy as np
import pytest

from inkread.alphabet import LATIN
from inkread.decode.line_confidence import LineCalibration
from inkread.forms.template import Template
from inkread.imaging.alignment import PX
from inkread.imaging.form_regions import cut_region
from inkread.imaging.load import pages
from inkread.imaging.strips import STRIP_VERSION
from inkread.readers.form import FormWay, read_form
from inkread.readers.form_fields import _pieces
from inkread.runtime.linewise import LineRecognizer
from inkread.runtime.metadata import Metadata

FORM = """
name = "slip"

[[pages]]
width = 105
height = 100
marks = [
  { id = 0, box = [5, 5, 15, 15] }, { id = 1, box = [90, 5, 100, 15] }, { id = 2, box = [5, 85, 15, 95] },
]

[[fields]]
name = "remark"
type = "text"
box = [10, 25, 95, 55]

[[fields]]
name = "fruit"
type = "text"
lexicon = "fruit.txt"
box = [10, 65, 95, 77]
"""


@pytest.fixture
def template(tmp_path):
    (tmp_path / "fruit.txt").write_text("apple\npear\nplum\n", encoding="utf-8")
    return Template.parse(FORM, folder=tmp_path)


def page(template, **words):
    """The form with words written at (x, y) millimetres."""
    paper = np.full((round(100 * PX), round(105 * PX), 3), 240, np.uint8)
    for mark in template.pages[0].marks:
        left, top, right, bottom = (round(v * PX) for v in mark.box)
        known = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
        square = cv2.aruco.generateImageMarker(known, mark.id, 60)
        paper[top:bottom, left:right] = cv2.resize(square, (right - left, bottom - top))[..., None]
    face = cv2.FONT_HERSHEY_SCRIPT_SIMPLEX
    for text, (x, y) in words.items():
        cv2.putText(paper, text, (round(x * PX), round(y * PX)), face, 1.6, (60, 40, 30), 3, cv2.LINE_AA)
    return next(pages(paper, detail=True))


def reading(template, picture, name, *texts):
    """The reading of a field by a network that says these texts, from the topmost line on."""
    waiting = list(texts)

    def run(strips):
        return np.stack([logits(waiting.pop(0), -(-s.shape[1] // 4)) for s in strips])

    calibration = LineCalibration((0.0, 1.0, 0.0), ((0.01, 0.9),))
    meta = Metadata(
        "lines", "test", "lines", ("", *LATIN.characters), STRIP_VERSION, line_calibration=calibration
    )
    way = FormWay(template, {"lines": LineRecognizer(meta, LATIN, run)})
    return next(r for r in read_form(picture, way).readings if r.name == name)


def logits(text, frames):
    told = np.zeros((frames, LATIN.size), np.float32)
    at = np.linspace(1, frames - 2, len(text)).astype(int)
    told[:, 0] = 18
    told[at, 0] = 0
    told[at, LATIN.encode(text)] = 18
    return told


def test_one_line_of_text_is_read_as_a_line(template):
    told = reading(template, page(template, Please=(14, 42)), "remark", "Please")
    assert (told.text, told.status, told.model) == ("Please", "accepted", "lines test")
    assert "".join(c.text for c in told.characters) == "Please"


def test_several_lines_are_one_reading_with_a_break_between_them(template):
    picture = page(template, Please=(14, 35), ring=(14, 50))
    told = reading(template, picture, "remark", "Please", "ring")
    assert (told.text, told.status) == ("Please\nring", "accepted")
    assert "".join(c.text for c in told.characters) == "Please\nring"


def test_a_word_of_a_list_is_accepted_and_another_goes_to_review_with_the_nearest(template):
    picture = page(template, apple=(14, 74))
    assert reading(template, picture, "fruit", "apple").status == "accepted"
    other = reading(template, picture, "fruit", "appel")
    assert other.status == "review" and "fruit.txt" in other.reason and "'apple'" in other.reason


def test_a_small_word_in_a_long_field_has_a_row():
    paper = np.full((90, 1500, 3), 235, np.uint8)
    cv2.putText(paper, "rest", (60, 55), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (60, 40, 30), 2, cv2.LINE_AA)
    pieces = _pieces(cut_region(paper, (30.0, 20.0, 1470.0, 70.0)))
    assert len(pieces) == 1
    left, right = pieces[0].back(np.array([[0.0, 0.0], [pieces[0].ink.shape[1], 0.0]]))[:, 0]
    assert 30 < left + 6 < 70 and 90 < right + 6 < 300  # the region begins at 6
