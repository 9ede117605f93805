"""Words, their boxes and confidences; paragraphs; text that any file can hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkread.outputs.layout import clean, name, paragraphs, quarters, ranked, words
from inkread.outputs.numbering import numbered
from inkread.types import Alternative, Box, Character, Page, Reading


def spelt(text, boxes, **more):
    """A reading whose characters are given by their boxes' left and right edges."""
    characters = tuple(Character(c, 0.9, Box(x[0], 0, x[1], 10)) for c, x in zip(text, boxes, strict=True))
    return Reading(text, 0.8, "accepted", box=Box(0, 0, 100, 10), characters=characters, **more)


# --- words -----------------------------------------------------------------------------------------------


def test_a_word_lies_around_its_characters():
    reading = spelt("ab c", [(2, 9), (11, 18), (18, 30), (33, 37)])
    assert [(w.text, w.box) for w in words(reading)] == [("ab", Box(2, 0, 18, 10)), ("c", Box(33, 0, 37, 10))]


def test_characters_without_the_spaces_do_as_well():
    characters = tuple(
        Character(c, 0.9, Box(x, 0, x + 5, 10)) for c, x in zip("abc", (0, 10, 40), strict=True)
    )
    reading = Reading("ab  c", 0.8, "accepted", box=Box(0, 0, 100, 10), characters=characters)
    assert [w.box.to_list() for w in words(reading)] == [[0, 0, 15, 10], [40, 0, 45, 10]]


def test_without_characters_the_line_is_shared_out_by_their_number(line):
    reading = Reading("ab cdefg", 0.8, "accepted", box=Box(100, 0, 180, 20))
    assert [w.box.to_list() for w in words(reading)] == [[100, 0, 120, 20], [130, 0, 180, 20]]
    assert [w.box for w in words(line("ab cdefg", Box(100, 0, 180, 20), boxes=False))] == [
        w.box for w in words(reading)
    ]


def test_without_characters_a_slanting_line_is_shared_out_along_its_slant():
    corners = ((0.0, 0.0), (100.0, 50.0), (100.0, 70.0), (0.0, 20.0))
    reading = Reading("aaaa bbbbb", 0.8, "accepted", box=Box(0, 0, 100, 70), polygon=corners)
    assert [w.box.to_list() for w in words(reading)] == [[0, 0, 40, 40], [50, 25, 100, 70]]


def test_a_word_is_as_sure_as_its_least_sure_character():
    characters = tuple(Character(c, p) for c, p in zip("ab c", (0.9, 0.4, 0.1, 0.8), strict=True))
    found = words(Reading("ab c", 0.7, "accepted", characters=characters))
    assert [w.confidence for w in found] == [0.4, 0.8]
    assert [w.box for w in found] == [None, None]


def test_characters_that_spell_another_text_are_not_used():
    reading = Reading("ab", 0.7, "accepted", box=Box(0, 0, 9, 9), characters=(Character("x", 0.1),))
    assert [(w.confidence, w.characters, w.box) for w in words(reading)] == [(0.7, (), Box(0, 0, 9, 9))]


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_no_text_has_no_words(text):
    assert words(Reading(text, 0.5, "review", box=Box(0, 0, 9, 9))) == ()


@given(st.text(max_size=30), st.integers(1, 40), st.booleans())
def test_words_spell_the_text_and_lie_inside_of_the_line(text, wide, with_characters):
    characters = tuple(Character(c, 0.5) for c in text) if with_characters else ()
    reading = Reading(text, 0.8, "accepted", box=Box(5, 5, 5 + wide, 9), characters=characters)
    found = words(reading)
    assert [w.text for w in found] == [clean(part) for part in text.split()]
    for word in found:
        assert 5 <= word.box.left < word.box.right <= 5 + wide and (word.box.top, word.box.bottom) == (5, 9)


# --- directions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("corners", "turn"),
    [
        pytest.param(((0, 0), (90, 5), (90, 15), (0, 10)), 0, id="to the right"),
        pytest.param(((10, 0), (10, 90), (0, 90), (0, 0)), 1, id="down"),
        pytest.param(((90, 10), (0, 10), (0, 0), (90, 0)), 2, id="upside down"),
        pytest.param(((0, 90), (0, 0), (10, 0), (10, 90)), 3, id="up"),
        pytest.param(((0, 0), (50, 0), (50, 9), (25, 12), (0, 9)), 0, id="an outline says nothing"),
        pytest.param(None, 0, id="no outline"),
    ],
)
def test_the_outline_tells_where_a_line_runs(corners, turn):
    assert quarters(Reading("ab", 0.9, "accepted", polygon=corners)) == turn


def test_the_characters_tell_it_better_than_the_outline():
    down = tuple(Character(c, 0.9, Box(0, 10 * i, 9, 10 * i + 9)) for i, c in enumerate("abc"))
    reading = Reading("abc", 0.9, "accepted", characters=down, polygon=((0, 0), (9, 0), (9, 30), (0, 30)))
    assert quarters(reading) == 1


def test_text_from_the_right_is_not_upside_down():
    boxes = [(90, 99), (80, 89), (70, 79)]
    assert quarters(spelt("שלו", boxes)) == 0
    assert quarters(spelt("abc", boxes)) == 2


# --- paragraphs ------------------------------------------------------------------------------------------


def split(*tops, tall=30):
    lines = tuple(
        Reading(str(n), 0.9, "accepted", box=None if top is None else Box(0, top, 100, top + tall))
        for n, top in enumerate(tops)
    )
    return [[int(r.text) for r in group] for group in paragraphs(Page("a.png", lines))]


@pytest.mark.parametrize(
    ("tops", "groups"),
    [
        pytest.param([0], [[0]], id="one line"),
        pytest.param([0, 400], [[0, 1]], id="two lines say nothing of the usual distance"),
        pytest.param([0, 40, 80, 120], [[0, 1, 2, 3]], id="evenly"),
        pytest.param([0, 40, 130, 170], [[0, 1], [2, 3]], id="an empty line between"),
        pytest.param([0, 40, 105, 145], [[0, 1, 2, 3]], id="a little more room"),
        pytest.param([0, 40, 80, 0, 40, 80], [[0, 1, 2], [3, 4, 5]], id="two columns"),
        pytest.param([0, 2, 40, 41], [[0, 1, 2, 3]], id="two readings beside each other"),
        pytest.param([0, None, 80], [[0, 1, 2]], id="a line that nobody can place"),
    ],
)
def test_a_paragraph_ends_where_there_is_room(tops, groups):
    assert split(*tops) == groups


def test_a_page_without_readings_has_no_paragraphs():
    assert paragraphs(Page("a.png", ())) == []


# --- text and names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("Élève 🎉 ]]> & <b>", "Élève 🎉 ]]> & <b>", id="what is text stays"),
        pytest.param("a\tb\r\nc\u2028d", "a b  c d", id="on one line"),
        pytest.param("\x00a\x1b\x7f\x9f", "\ufffda\ufffd\ufffd\ufffd", id="control characters show"),
        pytest.param("\ud83d\ufffe\uffff", "\ufffd" * 3, id="what is no character shows"),
    ],
)
def test_text_is_made_fit_for_any_file(text, kept):
    assert clean(text) == kept


def test_a_picture_is_named_as_seen_from_the_file(tmp_path, monkeypatch):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").touch()
    monkeypatch.chdir(tmp_path)
    photo = str(Path("photos", "a.jpg"))
    assert name(photo) == photo
    assert name(photo, tmp_path / "out") == "../photos/a.jpg"
    assert name("<array>", tmp_path / "out") == "<array>"
    assert name(b"\xff.png".decode("utf-8", "surrogateescape"), tmp_path) == r"\udcff.png"


def test_ways_to_read_a_line_come_best_first_and_once():
    ways = (Alternative("a", 0.7), Alternative("b", 0.2), Alternative("b", 0.1))
    assert ranked(Reading("a", 0.7, "review", alternatives=ways)) == ways[:2]
    assert ranked(Reading("c", 0.6, "accepted", alternatives=ways))[0] == Alternative("c", 0.6)


def test_a_guess_is_never_the_text():
    reading = Reading("", 0.3, "refused", "blank", alternatives=(Alternative("l", 0.3),))
    assert ranked(reading) == (Alternative("", 0.0), Alternative("l", 0.3))


@pytest.mark.parametrize(
    ("path", "second"),
    [
        ("out.png", "out-2.png"),
        ("out.alto.xml", "out-2.alto.xml"),
        ("my.notes.page.xml", "my.notes-2.page.xml"),
        ("v1.2.png", "v1.2-2.png"),
    ],
)
def test_a_number_stands_before_the_ending(tmp_path, path, second):
    assert numbered(tmp_path / path, 2) == tmp_path / second
    assert numbered(tmp_path / path, None) == tmp_path / path
