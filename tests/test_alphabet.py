"""Characters become classes and come back; the blank is no character."""

import pytest

from inkread.alphabet import FIELDS, LATIN, Alphabet, clean
from inkread.errors import UsageError


def test_texts_come_back():
    text = "Où est l'été? 25 % of it, naïve «Œuvre» & Größe, ¿mañana?"
    classes = LATIN.encode(text)
    assert 0 not in classes and max(classes) < LATIN.size
    assert LATIN.decode([0, *classes, 0]) == text


def test_unknown_characters_are_named():
    with pytest.raises(UsageError, match="'字'"):
        LATIN.encode("a 字")
    assert LATIN.unknown("a 字ы") == "ы字"


def test_an_extended_alphabet_keeps_the_classes_it_had():
    longer = Alphabet("abc").extended("cyb x")
    assert longer.characters == "abc xy"


@pytest.mark.parametrize("characters", ["", "abca"])
def test_no_alphabet_without_characters_or_with_one_twice(characters):
    with pytest.raises(UsageError):
        Alphabet(characters)


def test_what_a_hand_cannot_tell_apart_is_one():
    assert clean(" l’e\u0301te\u0301 \u2014 “oui”\u00a0…") == 'l\'été - "oui" ...'
    assert not LATIN.unknown(clean("ſo „gut“ – weiß"))


def test_whatever_a_field_may_hold_running_text_may_hold_too():
    assert not LATIN.unknown(FIELDS.characters)
    assert FIELDS.encode("09AZ ") == [1, 10, 11, 36, 37]
