"""Mail is read to a ZIP, what follows from it, and what the state says to it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.alphabet import FIELDS, Alphabet
from inkread.errors import ModelError
from inkread.imaging.load import pages
from inkread.readers import kinds, mail
from inkread.readers.mail import MailWay, read_mail
from inkread.readers.text import Way
from inkread.runtime.linewise import LineRecognizer
from inkread.runtime.metadata import Metadata

LETTERS = Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz 0123456789,.-")


def spelling(text: str, frames: int, alphabet: Alphabet) -> NDArray[np.float32]:
    """Logits that clearly say a text, its characters evenly over the frames."""
    logits = np.zeros((frames, alphabet.size), np.float32)
    logits[:, 0] = 14
    for place, k in enumerate(alphabet.encode(text)):
        at = int((2 * place + 1) * frames / (2 * len(text)))
        logits[at, 0], logits[at, k] = 0, 14
    return logits


def recognizer(alphabet: Alphabet, says) -> LineRecognizer:
    """A network that says what a function of the strip's width, in heights, tells."""

    def run(strips: NDArray[np.float32]) -> NDArray[np.float32]:
        frames = -(-strips.shape[2] // 4)
        return np.stack([spelling(says(strips.shape[2] / 40), frames, alphabet) for _ in strips])

    return LineRecognizer(Metadata("stand-in", "1", "lines", ("", *alphabet.characters), ""), alphabet, run)


def envelope(last: str = "Cambridge MA  02139") -> NDArray[np.uint8]:
    """An envelope of 800 by 430 pixels with a stamp and an address."""
    rgb = np.full((430, 800, 3), 236, np.uint8)
    cv2.rectangle(rgb, (690, 25), (765, 115), (150, 60, 70), -1)
    for k, text in enumerate(("Anna Smith", "123 Maple Street", last)):
        place = (335, 240 + 45 * k)
        cv2.putText(rgb, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.9, (40, 40, 110), 2, cv2.LINE_AA)
    return rgb


def zip_at_the_end(zip_text: str):
    """What the network of fields says: a ZIP of a strip as wide as five digits, letters of a longer one."""
    return lambda width: zip_text if width < 5 else "CITY XX"


def read(fields, lines=None, picture: NDArray[np.uint8] | None = None):
    """The named readings of an envelope."""
    way = MailWay(fields, 0.5, Way(lines, 0.5) if lines else None)
    trace = read_mail(next(pages(envelope() if picture is None else picture)), way)
    return {reading.name: reading for reading in trace.readings}


def test_a_zip_brings_its_prefix_state_and_city():
    told = read(recognizer(FIELDS, zip_at_the_end("02139")))
    assert {name: told[name].text for name in told} == {
        "zip": "02139",
        "prefix": "021",
        "state": "MA",
        "city": "Cambridge",
    }
    assert {reading.status for reading in told.values()} == {"accepted"}


def test_the_zip_stands_where_its_box_says():
    box = read(recognizer(FIELDS, zip_at_the_end("02139")))["zip"].box
    assert box.left > 500 and 300 < box.top < box.bottom < 345


def test_a_zip_and_four_more_digits_are_told_both():
    wide = recognizer(FIELDS, lambda width: "02139-4307" if width < 9 else "CITY XX")
    told = read(wide, picture=envelope("Salem MA  02139-4307"))
    assert told["zip"].text == "02139" and told["zip4"].text == "02139-4307"


@pytest.mark.parametrize(
    ("zip_text", "reason"),
    [
        pytest.param("00000", "not in the ZIP list", id="no such ZIP"),
        pytest.param("0213", "four digits, a ZIP has five", id="a digit is missing"),
        pytest.param("O2139", "'O' is no digit", id="a letter"),
    ],
)
def test_what_is_no_zip_goes_to_review_as_it_reads(zip_text: str, reason: str):
    told = read(recognizer(FIELDS, zip_at_the_end(zip_text)))
    assert told["zip"].status == "review" and reason in told["zip"].reason
    assert told["zip"].text == zip_text


def test_a_state_that_is_clearly_another_one_sends_the_zip_to_review():
    lines = recognizer(LETTERS, lambda width: "Cambridge NH 02139" if width > 8 else "Anna")
    told = read(recognizer(FIELDS, zip_at_the_end("02139")), lines)
    assert told["zip"].status == "review"
    assert told["zip"].reason == "02139 lies in MA, and the state as written reads NH"
    assert told["state_written"].text == "NH"


def test_the_state_as_written_may_agree():
    lines = recognizer(LETTERS, lambda width: "Cambridge MA 02139" if width > 8 else "Anna")
    told = read(recognizer(FIELDS, zip_at_the_end("02139")), lines)
    assert told["zip"].status == told["state_written"].status == "accepted"
    assert told["line 3"].text == "Cambridge MA 02139"


def unsure(*texts: str):
    """A network of fields that takes any strip as wide as five digits for either of two ZIPs."""
    clear = recognizer(FIELDS, zip_at_the_end(texts[0]))

    def run(strips: NDArray[np.float32]) -> NDArray[np.float32]:
        first, second = (
            recognizer(FIELDS, zip_at_the_end(text)).run(strips).astype(np.float32) for text in texts
        )
        return np.maximum(first, second)

    return LineRecognizer(clear.metadata, FIELDS, run)


def test_what_one_reader_leaves_open_the_other_and_the_city_tell():
    lines = recognizer(LETTERS, lambda width: "Cambridge MA 02139" if width > 8 else "Anna")
    told = read(unsure("02138", "02139"), lines)
    assert told["zip"].text == "02139" and told["zip"].status == "accepted"
    assert read(unsure("02138", "02139"))["zip"].status == "review"


def test_a_zip_that_the_city_does_not_have_stays_as_it_is_written():
    lines = recognizer(LETTERS, lambda width: "Dallas TX 02139" if width > 8 else "Anna")
    told = read(recognizer(FIELDS, zip_at_the_end("02139")), lines)
    assert told["zip"].text == "02139" and told["zip"].status == "review"


def test_a_piece_without_an_address_is_a_reading_too():
    told = read(recognizer(FIELDS, zip_at_the_end("02139")), picture=np.full((300, 500, 3), 230, np.uint8))
    assert told["zip"].status == "refused" and told["zip"].reason.startswith("no address")


def test_an_address_whose_last_lines_hold_no_zip_is_refused():
    told = read(recognizer(FIELDS, lambda width: "CITY"))
    assert told["zip"].status == "refused" and told["zip"].reason.startswith("no ZIP")


def test_lines_are_left_unread_where_no_reader_of_lines_ships():
    def missing(name: str) -> LineRecognizer:
        raise ModelError(f"no model {name}")

    assert mail.way_of_lines(missing, 0.01, ()) is None


def test_auto_takes_stamped_mail_for_mail_where_a_reader_of_fields_ships(monkeypatch: pytest.MonkeyPatch):
    picture = next(pages(envelope()))
    monkeypatch.setattr(kinds.shelf, "names", lambda: ["digits", "lines"])
    assert kinds.kind_of_text(picture, mail=True) == "note"
    monkeypatch.setattr(kinds.shelf, "names", lambda: ["digits", "fields", "lines"])
    assert kinds.kind_of_text(picture, mail=True) == "mail"
    assert kinds.kind_of_text(picture) == "note"
