"""Characters are cut out of a line only where their ink stands alone and was found with certainty."""

import cv2
import numpy as np

from inkread.alphabet import Alphabet
from inkread.data import cuts

ALPHABET = Alphabet(" abi")


def line(gap=40):
    """Two rings and a dotted stroke, 64 px high; with a small gap the rings touch."""
    strip = np.zeros((64, 160), np.uint8)
    for x in (24, 24 + gap):
        cv2.circle(strip, (x, 32), 14, 255, 4)
    strip[24:52, 126:131] = 255
    strip[10:15, 126:131] = 255
    return strip


def logits(places, classes, sure=9.0):
    """Of a reader that sees each class at one place (in pixels of 64 high strips), blank elsewhere."""
    answer = np.zeros((25, ALPHABET.size), np.float32)
    answer[:, 0] = sure
    for x, k in zip(places, classes, strict=True):
        answer[round(x / 6.4), [0, k]] = 0, sure
    return answer


def taken(strip, text, answer):
    return list(cuts.cut(strip, text, answer, ALPHABET))


def test_what_stands_alone_is_cut_with_its_dot():
    found = taken(line(), "ab i", logits((24, 64, 100, 128), ALPHABET.encode("ab i")))
    assert [c.character for c in found] == ["a", "b", "i"]
    assert found[0].ink.shape[0] in range(30, 38) and found[2].ink.shape[0] > 40
    assert min(c.confidence for c in found) > 0.9


def test_letters_that_touch_are_left_out():
    found = taken(line(gap=30), "ab i", logits((24, 54, 100, 128), ALPHABET.encode("ab i")))
    assert [c.character for c in found] == ["i"]


def test_a_letter_without_its_dot_is_left_out_and_so_is_a_dot_too_many():
    strip = line()
    found = taken(strip, "ab a", logits((24, 64, 100, 128), ALPHABET.encode("ab a")))
    assert [c.character for c in found] == ["a", "b"]
    strip[:20] = 0
    found = taken(strip, "ab i", logits((24, 64, 100, 128), ALPHABET.encode("ab i")))
    assert [c.character for c in found] == ["a", "b"]


def test_a_letter_in_pieces_is_left_out():
    strip = line()
    strip[20:44, 42:45] = 255  # a stroke of its own beside the first ring, which no character claims
    found = taken(strip, "a  i", logits((24, 80, 100, 128), ALPHABET.encode("a  i")))
    assert [c.character for c in found] == ["i"]


def test_what_the_reader_is_not_sure_of_is_left_out():
    answer = logits((24, 64, 100, 128), ALPHABET.encode("ab i"))
    answer[round(64 / 6.4)] = 0
    assert [c.character for c in taken(line(), "ab i", answer)] == ["i"]


def test_a_text_that_does_not_fit_gives_nothing():
    assert not taken(line(), "a" * 40, logits((24,), (2,)))
    assert not taken(line(), "z", logits((24,), (2,)))
