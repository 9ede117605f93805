"""A picture of a line in, its text out, with boxes in the user's pixels or the reason why not."""

import subprocess
import sys

import cv2
import numpy as np
import pytest

import inkread
from inkread.errors import ModelError
from inkread.imaging.load import pages
from inkread.readers import loaded as module
from inkread.readers.kinds import is_text
from inkread.readers.line import pieces_of


@pytest.fixture
def reader(line_model):
    return inkread.Reader("line", model=line_model)


@pytest.mark.parametrize("height", [24, 64, 90, 300])
def test_a_line_of_any_height_is_read(reader, bar_line, height):
    page = reader.read(bar_line("cabba", height))
    assert (page.text, page.status, page.kind, len(page)) == ("cabba", "accepted", "line", 1)
    assert page.confidence > 0.9 and page[0].model == "bars 1"


def test_light_writing_on_dark_paper_is_read_alike(reader, bar_line):
    assert reader.read(255 - bar_line("abcab")).text == "abcab"


def test_the_box_is_the_ink_in_the_users_picture_and_characters_share_it(reader, bar_line):
    reading = reader.read(bar_line("abc"))[0]
    box = reading.box
    assert abs(box.left - 45) <= 4 and abs(box.right - 122) <= 4
    assert abs(box.top - 22) <= 4 and abs(box.bottom - 67) <= 4
    assert [c.text for c in reading.characters] == ["a", "b", "c"]
    for place, character in enumerate(reading.characters):
        assert character.box.left <= 45 + 33 * place + 5 <= character.box.right
    assert reading.characters[0].box.left == box.left and reading.characters[-1].box.right == box.right


def test_a_small_line_on_a_large_sheet_is_found_where_it_stands(reader, bar_line):
    sheet = np.full((900, 1300, 3), 225, np.uint8)
    line = bar_line("abccba", 60)
    sheet[500 : 500 + line.shape[0], 400 : 400 + line.shape[1]] = line
    reading = reader.read(sheet)[0]
    assert reading.text == "abccba"
    assert 400 <= reading.box.left <= 440 and 500 <= reading.box.top <= 520


@pytest.mark.parametrize("chalk", [False, True])
def test_a_line_along_which_the_light_falls_off_keeps_its_ink(chalk):
    line = np.full((70, 700, 3), 240, np.uint8)
    said = "the garden is waking up and the old apple tree"  # more than fits
    cv2.putText(line, said, (10, 50), cv2.FONT_HERSHEY_SCRIPT_COMPLEX, 1.6, (90,) * 3, 2, cv2.LINE_AA)
    lit = (255 - line if chalk else line) * np.linspace(0.4, 1, 700)[None, :, None]
    ink, found = pieces_of(next(iter(pages(lit.astype(np.uint8)))))
    strokes = line[:, :, 0] < 160
    assert len(found) == 1 and ink[strokes].mean() > 0.6 and ink[~strokes].mean() < 0.2


@pytest.mark.parametrize("share", [0.3, 0.45])
def test_a_word_with_room_around_it_is_read(reader, bar_line, share):
    word = bar_line("cab", 120)[30:90]
    high = round(60 / share)
    sheet = np.full((high, word.shape[1], 3), 225, np.uint8)
    sheet[(high - 60) // 2 : (high - 60) // 2 + 60] = word
    assert reader.read(sheet).text == "cab"


def test_a_turned_line_has_a_polygon_in_the_users_picture(reader, bar_line):
    line = bar_line("abcbaabcacbab", 60)
    sheet = np.full((1000, 1000, 3), 225, np.uint8)
    sheet[470:530, 300 : 300 + line.shape[1]] = line
    turn = cv2.getRotationMatrix2D((500, 500), 20, 1.0)
    turned = cv2.warpAffine(sheet, turn, (1000, 1000), borderValue=(225, 225, 225))
    reading = reader.read(turned, rotate=20)[0]
    assert reading.text == "abcbaabcacbab" and len(reading.polygon) >= 4
    first, last = reading.characters[0].box, reading.characters[-1].box
    assert first.right < last.left and last.top < first.top  # turned counter-clockwise: its end lies higher


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(np.full((80, 600), 255, np.uint8), id="white"),
        pytest.param(np.full((80, 600), 9, np.uint8), id="black"),
        pytest.param(np.add.outer(np.zeros(80), np.linspace(120, 230, 600)).astype(np.uint8), id="a shade"),
    ],
)
def test_blank_paper_gives_no_text(reader, picture):
    reading = reader.read(picture)[0]
    assert (reading.text, reading.status, reading.confidence) == ("", "refused", 0.0)
    assert "blank" in reading.reason and reading.characters == ()


def test_strokes_that_read_as_nothing_are_refused(reader, bar_line, line_model, monkeypatch):
    from inkread.runtime.linewise import LineRecognizer, load

    known = load(line_model)
    silent = LineRecognizer(known.metadata, known.alphabet, lambda x: known.run(np.zeros_like(x)))
    monkeypatch.setattr(module, "line_recognizer", lambda model: silent)
    reading = reader.read(bar_line("abcabc"))[0]
    assert (reading.text, reading.status) == ("", "refused") and "no text" in reading.reason


def dulled(line_model, monkeypatch, share):
    """The reader of bars, less sure of everything."""
    from inkread.runtime.linewise import LineRecognizer, load

    known = load(line_model)
    dull = LineRecognizer(known.metadata, known.alphabet, lambda x: share * known.run(x))
    monkeypatch.setattr(module, "line_recognizer", lambda model: dull)


def test_a_doubtful_line_goes_to_review_and_names_the_word(reader, bar_line, line_model, monkeypatch):
    dulled(line_model, monkeypatch, 0.11)
    reading = reader.read(bar_line("cabba"))[0]
    assert (reading.text, reading.status) == ("cabba", "review")
    assert "least sure: 'cabba'" in reading.reason and reading.alternatives[0].text == "cabba"


@pytest.mark.parametrize(("text", "status"), [("a", "refused"), ("cabba", "review")])
def test_a_few_characters_must_be_surer_than_a_longer_text(bar_line, line_model, monkeypatch, text, status):
    reader = inkread.Reader("line", model=line_model, language="none")
    dulled(line_model, monkeypatch, 0.09)
    assert reader.read(bar_line(text))[0].status == status


def test_what_the_network_cannot_make_out_is_refused_with_its_guess(
    reader, bar_line, line_model, monkeypatch
):
    dulled(line_model, monkeypatch, 0.01)
    reading = reader.read(bar_line("cabba"))[0]
    assert (reading.text, reading.status) == (
        "",
        "refused",
    ) and "does not look like writing" in reading.reason
    assert reading.guess and reading.characters == ()


def test_a_stricter_target_or_threshold_accepts_less(line_model, bar_line, monkeypatch):
    dulled(line_model, monkeypatch, 0.45)
    read = [inkread.Reader("line", model=line_model, threshold=t).read(bar_line("ab")).status for t in (0, 1)]
    assert read == ["accepted", "review"]
    assert inkread.Reader("line", model=line_model, target_error=0.001).accepts_from > 1
    assert inkread.Reader("line", model=line_model, target_error=0.05).accepts_from == 0.5


def test_where_no_line_reader_ships_the_message_says_what_to_do(monkeypatch):
    from inkread.runtime import shelf

    monkeypatch.setattr(shelf, "names", lambda: ["digits"])
    module.line_recognizer.cache_clear()
    with pytest.raises(ModelError, match="inkread train lines"):
        inkread.Reader("line")


# --- auto --------------------------------------------------------------------------------------------------


def test_auto_with_a_line_reader_reads_lines(line_model, bar_line):
    page = inkread.Reader(model=line_model).read(bar_line("acbacba"))
    assert page.text == "acbacba" and page.kind == "line"


def test_auto_takes_digits_for_digits_and_asks_no_line_reader(digit_photo):
    code = (
        "import sys, inkread; page = inkread.read(sys.argv[1])\n"
        "assert (page.kind, page.text) == ('digit', '7')\n"
        "lines = [n for n in sys.modules if n.startswith('inkread.') and n.split('.')[-1] in "
        "('text', 'line', 'note', 'kinds', 'linewise', 'ctc', 'beam', 'ngram', 'alphabet', 'strips', "
        "'textlines', 'line_confidence')]\n"
        "assert not lines, lines"
    )
    subprocess.run([sys.executable, "-c", code, str(digit_photo)], check=True)


def test_auto_takes_words_for_text_only_where_a_reader_of_lines_ships(line_model, monkeypatch):
    from inkread.runtime.linewise import load

    def missing(model):
        raise ModelError("no reader of lines ships")

    known = load(line_model)
    monkeypatch.setattr(module, "line_recognizer", lambda model: known)
    words = np.full((120, 1000, 3), 230, np.uint8)
    face = cv2.FONT_HERSHEY_SCRIPT_SIMPLEX
    cv2.putText(words, "Dear friend, how have you", (60, 80), face, 2.0, (50, 40, 40), 3, cv2.LINE_AA)
    assert is_text(next(inkread.Reader("digit").trace(words))[1])
    assert inkread.Reader(threshold=0).read(words).kind == "line"
    monkeypatch.setattr(module, "line_recognizer", missing)
    assert inkread.read(words).kind == "digit"


def test_a_ruled_line_alone_gives_no_text(reader):
    ruled = np.full((80, 600, 3), 230, np.uint8)
    ruled[60:62] = (120, 140, 200)
    assert reader.read(ruled)[0].status == "refused"
