"""Digits and letters: what is written alike comes with its alternatives, and a set never hides a reading."""

import numpy as np
import pytest

from inkread.decode.characters import CLASSES
from inkread.decode.confidence import Calibration
from inkread.errors import ModelError, UsageError
from inkread.imaging.load import pages
from inkread.readers import loaded
from inkread.readers.character import read_characters
from inkread.readers.reader import Reader
from inkread.runtime import shelf
from inkread.runtime.metadata import Metadata
from inkread.runtime.recognizer import Recognizer

SURE = Calibration(1.0, 62, ((-9.0, 1e-4), (9.0, 1 - 1e-4)), ((0.01, 0.9),), doubts=())


def says(shares, calibration=SURE):
    """A recognizer that takes every mark for the same; "" is no character."""
    logits = np.full(63, np.log(1e-6), np.float32)
    for text, share in shares.items():
        logits[CLASSES.index(text) if text else 62] = np.log(share)
    meta = Metadata("characters", "test", "character", (*CLASSES, ""), "ink-1", calibration)
    return Recognizer(meta, lambda images: np.repeat(logits[None], len(images), axis=0))


def rings(*heights):
    """Rings of these heights beside each other, on one line."""
    sheet = np.full((220, 40 + 140 * len(heights)), 225, np.uint8)
    y, x = np.mgrid[: sheet.shape[0], : sheet.shape[1]]
    for place, height in enumerate(heights):
        away = np.hypot(y - (160 - height / 2), (x - (90 + 140 * place)) * 1.2)
        sheet[np.abs(away - height / 2 + 5) < 5] = 40
    return next(pages(sheet))


def read(recognizer, *heights, charset="alnum", threshold=0.9):
    return read_characters(rings(*heights or (100,)), recognizer, threshold, charset).readings


def test_what_is_written_alike_goes_to_review_with_both():
    (reading,) = read(says({"O": 0.55, "0": 0.44, "": 0.01}))
    assert (reading.text, reading.status) == ("O", "review")
    assert reading.reason == "O or 0: written alike"
    assert [a.text for a in reading.alternatives][:2] == ["O", "0"]


def test_the_set_that_is_asked_for_decides_between_them():
    (reading,) = read(says({"O": 0.55, "0": 0.44, "": 0.01}), charset="digits")
    assert (reading.text, reading.status, reading.reason) == ("0", "accepted", "")


def test_a_winner_outside_the_set_is_told_and_not_repaired():
    (reading,) = read(says({"S": 0.97, "5": 0.03}), charset="digits")
    assert (reading.text, reading.status) == ("5", "review")
    assert reading.reason == "reads S, which is not in the set digits"
    assert reading.confidence < 0.1


def test_both_cases_count_for_their_shape():
    (reading,) = read(says({"K": 0.32, "k": 0.3, "H": 0.38}), threshold=0.0)
    assert reading.text == "K"
    assert [a.text for a in reading.alternatives] == ["K", "H", "k"]


def test_heights_in_a_row_tell_the_case():
    readings = read(says({"C": 0.5, "c": 0.5}), 120, 118, 72)
    assert "".join(r.text for r in readings) == "CCc"


def test_what_is_no_character_is_refused():
    (reading,) = read(says({"": 0.98, "M": 0.02}))
    assert (reading.text, reading.status) == ("", "refused")
    assert "does not look like a character (best guess M)" in reading.reason


def test_without_a_calibration_nothing_is_accepted():
    (reading,) = read(says({"B": 0.999, "8": 0.001}, None), threshold=1.01)
    assert reading.status == "review" and "not calibrated" in reading.reason


def test_bare_paper_is_refused():
    trace = read_characters(next(pages(np.full((90, 90), 230, np.uint8))), says({"A": 1.0}), 0.5)
    assert (trace.kind, trace.readings[0].status) == ("character", "refused")
    assert trace.readings[0].reason.startswith("blank")


@pytest.fixture
def without_models(tmp_path, monkeypatch):
    """A version with which no model ships."""
    monkeypatch.setattr(shelf, "FOLDER", tmp_path)
    loaded.recognizer.cache_clear()
    yield
    loaded.recognizer.cache_clear()


@pytest.mark.usefixtures("without_models")
def test_a_model_that_does_not_ship_is_named_with_the_way_to_one():
    with pytest.raises(ModelError, match=r"'characters' does not ship .*inkread train characters"):
        Reader("character")


def test_a_set_of_characters_is_for_characters():
    with pytest.raises(UsageError, match="charset upper came with kind digit"):
        Reader("digit", charset="upper")
    with pytest.raises(UsageError, match="charset is 'uper'.*did you mean 'upper'"):
        Reader("digit", charset="uper")


@pytest.mark.usefixtures("without_models")
def test_who_names_a_set_means_characters():
    with pytest.raises(ModelError, match="'characters' does not ship"):
        Reader(charset="upper")
