"""A field is accepted only where it reads as what its format holds; else it says why a person must look."""

from dataclasses import replace
from itertools import cycle

import cv2
import numpy as np
import pytest

import inkread
from inkread.alphabet import FIELDS
from inkread.decode.field_confidence import FieldCalibration
from inkread.errors import ModelError, UsageError
from inkread.formats import find
from inkread.imaging.load import pages
from inkread.imaging.strips import STRIP_VERSION
from inkread.readers import field, loaded
from inkread.readers.field import FieldWay, decided, read_field
from inkread.runtime.linewise import LineRecognizer
from inkread.runtime.metadata import Metadata

AS_DIGITS = str.maketrans("123", "abc")
SURE = FieldCalibration((0.0, 1.0, 0.0, 0.0, 0.0, 0.0), ((0.01, 0.9),))


def logits_of(text, frames=None, *, also=(), surely=18.0):
    """Logits that say a text, evenly spread; `also` gives (place, character, logit) of rivals."""
    frames = frames or 2 * len(text) + 1
    told = np.zeros((frames, FIELDS.size))
    at = np.linspace(1, frames - 2, len(text)).astype(int)
    told[:, 0] = surely
    told[at, 0] = 0
    told[at, FIELDS.encode(text)] = surely
    for place, character, logit in also:
        told[at[place], FIELDS.encode(character)] = logit
    return told.astype(np.float32)


def network(*texts, **more):
    """A recognizer that reads the texts in turn, whatever the strips; a second look reads the same."""
    waiting = cycle(texts)

    def run(strips):
        return np.stack([logits_of(next(waiting), -(-s.shape[1] // 4), **more) for s in strips])

    metadata = Metadata(
        "fields",
        "test",
        "lines",
        ("", *FIELDS.characters),
        STRIP_VERSION,
        field_calibration=SURE,
        field_calibration_together=SURE,
    )
    return LineRecognizer(metadata, FIELDS, run)


def way(spec, *texts, threshold=0.9, **more):
    return FieldWay(network(*texts, **more), threshold, find(spec))


def photo(*rows):
    """A picture with a row of upright strokes for each text, like digits from afar."""
    page = np.full((120 * len(rows) + 40, 400, 3), 225, np.uint8)
    for number, text in enumerate(rows):
        cv2.putText(page, text, (60, 120 * number + 110), cv2.FONT_HERSHEY_SIMPLEX, 2.2, (40, 40, 60), 5)
    return next(pages(page))


def test_a_clear_zip_is_accepted_with_its_digits_and_their_boxes():
    (reading,) = read_field(photo("02139"), way("us_zip", "02139")).readings
    assert (reading.text, reading.status, reading.reason) == ("02139", "accepted", "")
    assert reading.confidence > 0.99
    assert "".join(c.text for c in reading.characters) == "02139"
    lefts = [c.box.left for c in reading.characters]
    assert lefts == sorted(lefts) and lefts[0] >= reading.box.left > 40
    assert reading.characters[-1].box.right <= reading.box.right < 360
    assert reading.alternatives[0].text == "02139"


def test_every_row_of_a_photo_is_a_reading_from_top_to_bottom():
    trace = read_field(photo("02139", "10001"), way("us_zip", "02139", "10001"))
    assert [r.text for r in trace.readings] == ["02139", "10001"]
    assert trace.readings[0].box.bottom <= trace.readings[1].box.top
    assert trace.kind == "field" and len(trace.seen) == 2 and trace.ink.shape == trace.rgb.shape[:2]


@pytest.mark.parametrize(
    ("spec", "stands", "reason"),
    [
        pytest.param("us_zip", "0213", "reads 0213: four digits, a ZIP has five", id="four digits"),
        pytest.param("us_zip", "021390", "reads 021390: six digits, a ZIP has five", id="six digits"),
        pytest.param("us_zip", "9A213", "reads 9A213: 'A' is no digit of a ZIP", id="a letter"),
        pytest.param("us_zip", "00000", "reads 00000: not in the ZIP list", id="not in the list"),
        pytest.param("routing", "011000016", "reads 011000016: its check digit is wrong", id="a check digit"),
        pytest.param(
            "date:dmy", "31/02/26", "reads 31/02/26: there is no such day in the order dmy", id="no such day"
        ),
    ],
)
def test_a_clear_text_that_does_not_fit_stays_as_it_is_read_and_is_reviewed(spec, stands, reason):
    (reading,) = read_field(photo("12345"), way(spec, stands)).readings
    assert (reading.text, reading.status, reading.reason) == (stands, "review", reason)
    assert reading.alternatives[0].text == stands


def test_a_likelier_letter_sends_the_fitting_digit_to_review():
    found = decided(logits_of("02139", also=[(0, "O", 19.0)]), way("us_zip"))
    assert found.options[0].text == "02139" and found.shares[0] == pytest.approx(0.27, abs=0.01)
    assert found.doubt == "reads O2139: 'O' is no digit of a ZIP"


def test_two_candidates_are_both_told():
    (reading,) = read_field(photo("02139"), way("us_zip", "02139", also=[(4, "8", 17.0)])).readings
    assert (reading.text, reading.status) == ("02139", "review")
    assert reading.reason == "could also be 02138 (12%)"  # 27 % by each of the two looks
    assert [a.text for a in reading.alternatives] == ["02139", "02138"]


@pytest.mark.parametrize(("logit", "text"), [(17.5, "02139"), (14.5, "02130")])
def test_a_list_reorders_within_its_margin_and_never_beyond(logit, text):
    form = replace(find("us_zip"), lists=lambda zip5: zip5 == "02139")
    asked = replace(way("us_zip"), format=form)
    found = decided(logits_of("02130", also=[(4, "9", logit)]), asked)
    assert found.options[0].text == text
    assert found.doubt == "reads 02130: not in the ZIP list"


def test_unsure_characters_are_named():
    (reading,) = read_field(
        photo("1234"), way("digits", "1234", also=[(2, c, 16.0) for c in "ABCDEFGHKLMN"])
    ).readings
    assert reading.status == "review"
    assert reading.reason.endswith("least sure: '3', the third character")


def test_blur_is_told_where_it_is_why():
    page = photo("1234").rgb
    blurred = next(pages(cv2.GaussianBlur(page, (0, 0), 7)))
    unsure = [(2, c, 16.0) for c in "ABCDEFGHKLMN"]
    (reading,) = read_field(blurred, way("digits", "1234", also=unsure)).readings
    assert reading.reason.endswith("third character; the picture is blurred")
    (clear,) = read_field(blurred, way("digits", "1234")).readings
    assert (clear.status, clear.reason) == ("accepted", "")


def test_blank_paper_and_nothing_read_are_refused_without_text():
    (blank,) = read_field(next(pages(np.full((80, 300, 3), 230, np.uint8))), way("us_zip")).readings
    assert (blank.text, blank.status) == ("", "refused") and blank.reason.startswith("blank")
    (nothing,) = read_field(photo("02139"), way("us_zip", "", "")).readings
    assert (nothing.text, nothing.status, nothing.alternatives) == ("", "refused", ())
    assert "struck out" in nothing.reason


def test_what_only_the_rules_show_is_read_for_a_person_to_look_at(monkeypatch):
    monkeypatch.setattr(field, "rows_of", lambda *_, **__: [])
    (reading,) = read_field(photo("02139"), way("us_zip", "02139")).readings
    assert (reading.text, reading.status) == ("02139", "review")
    assert "only one of two looks" in reading.reason and 40 < reading.box.left < reading.box.right < 360


def test_a_reading_that_is_sure_needs_no_second_look(monkeypatch):
    monkeypatch.setattr(field, "find_rows", lambda _: pytest.fail("looked again"))
    (reading,) = read_field(photo("02139"), way("us_zip", "02139")).readings
    assert reading.status == "accepted"


def test_what_is_no_text_is_refused_with_its_best_guess():
    (reading,) = read_field(photo("02139"), way("us_zip", "02139", "02139", surely=1.5)).readings
    assert (reading.text, reading.status) == ("", "refused")


def test_a_row_at_the_border_is_reviewed_however_clear():
    page = photo("02139").rgb[:, 75:]
    (reading,) = read_field(next(pages(np.ascontiguousarray(page))), way("us_zip", "02139")).readings
    assert (reading.status, reading.reason) == ("review", "touches the border")


def test_without_a_calibration_nothing_is_accepted_by_itself():
    asked = way("us_zip", "02139", threshold=1.01)
    (reading,) = read_field(photo("02139"), asked).readings
    assert reading.status == "review" and "set a threshold" in reading.reason


def test_a_blank_between_digits_says_nothing_in_a_zip():
    told = logits_of("02 139")
    assert decided(told, way("us_zip")).options[0].text == "02139"
    assert decided(told, way("us_zip")).doubt == ""


def test_the_public_call_takes_a_format_and_its_words_reach_the_reading(field_model, bar_line):
    picture = bar_line("12321".translate(AS_DIGITS))
    page = inkread.read(picture, kind="field", format="digits:5", model=field_model)
    assert (page.text, page.status, page.kind, page[0].kind, page[0].model) == (
        "12321",
        "accepted",
        "field",
        "field",
        "fields 1",
    )
    page = inkread.read(picture, kind="field", format="digits:4", model=field_model)
    assert (page.text, page.status) == ("12321", "review")
    assert page.reason == "reads 12321: five digits, the format has four"


def test_a_format_alone_means_a_field(field_model):
    assert inkread.Reader(format="digits", model=field_model).resolved_kind == "field"


def test_a_field_without_a_format_is_read_as_whatever_stands_there(field_model, bar_line):
    page = inkread.Reader("field", field_model, threshold=0.0).read(bar_line("cab"))
    assert page.text == "312" and page.kind == "field"


def test_an_error_target_that_was_not_measured_accepts_nothing(field_model, bar_line):
    reader = inkread.Reader("field", field_model, 0.001, format="digits")
    page = reader.read(bar_line("cab"))
    assert page.text == "312" and page.status == "review" and "set a threshold" in page.reason


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"kind": "field", "format": "us_zap"}, "did you mean 'us_zip'"),
        ({"kind": "digit", "format": "us_zip"}, "format us_zip came with kind digit"),
    ],
)
def test_a_format_is_asked_for_known_and_for_fields(options, told):
    with pytest.raises(UsageError, match=told):
        inkread.Reader(**options)


def test_without_a_shipped_model_it_is_told_how_to_train_or_name_one(monkeypatch):
    monkeypatch.setattr("inkread.runtime.shelf.names", lambda: ["digits"])
    loaded.line_recognizer.cache_clear()  # what an earlier test has loaded
    with pytest.raises(ModelError, match=r"inkread train fields.*--model RUN/best.onnx"):
        inkread.Reader("field", format="us_zip")
    with pytest.raises(ModelError, match="'lines' does not ship"):
        inkread.Reader("field", format="regex:[a-z]+")


def test_a_lexicon_is_read_by_the_model_of_lines(line_model, bar_line, tmp_path):
    words = tmp_path / "words.txt"
    words.write_text("abcba\ncabab\n")
    reader = inkread.Reader("field", line_model, format=f"lexicon:{words}")
    page = reader.read(bar_line("cabab", 60))
    assert (page.text, page.status) == ("cabab", "accepted")
    page = reader.read(bar_line("cabac", 60))
    assert (page.text, page.status) == ("cabac", "review")
    assert page.reason == "reads cabac: not among the 2 entries of words.txt; nearest 'cabab'"
