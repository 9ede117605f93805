"""What a shape alone cannot tell is told by height or by the set that is asked for, never by a guess."""

import numpy as np
import pytest

from inkread.decode import characters
from inkread.decode.characters import CLASSES
from inkread.errors import UsageError


def shares(**told):
    """Shares of one mark; digits are named d0 to d9, "no character" is `none`."""
    row = np.zeros(63)
    for name, share in told.items():
        row[62 if name == "none" else CLASSES.index(name[-1])] = share
    return row / row.sum()


def test_cases_add_up_to_their_shape():
    logits = np.random.default_rng(0).normal(size=(4, 63))
    each = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    both = np.exp(characters.by_shape(logits).astype(float))
    both /= both.sum(axis=1, keepdims=True)
    assert both.shape == (4, 37)
    assert np.allclose(both[:, 10], each[:, 10] + each[:, 36], atol=1e-6)
    assert np.allclose(both[:, 36], each[:, 62], atol=1e-6)


def test_a_small_c_between_tall_letters_is_no_capital():
    row = np.stack([shares(A=1), shares(B=1), shares(C=0.5, c=0.5), shares(C=0.5, c=0.5)])
    told = characters.sized(row, [100, 104, 60, 101])
    assert told[2, CLASSES.index("c")] > 0.8 and told[3, CLASSES.index("C")] > 0.7
    assert np.allclose(told.sum(axis=1), 1)


def test_two_marks_are_no_row():
    row = np.stack([shares(B=1), shares(C=0.5, c=0.5)])
    assert (characters.sized(row, [100, 60]) == row).all()


def test_a_set_decides_between_what_is_written_alike():
    told, free = characters.restricted(shares(O=0.6, d0=0.3, D=0.1), characters.allowed("digits"))
    assert free == "" and told[0] == pytest.approx(1.0)


def test_a_winner_outside_the_set_stays_known():
    told, free = characters.restricted(shares(S=0.7, d5=0.25, none=0.05), characters.allowed("digits"))
    assert free == "S"
    assert told[5] == pytest.approx(0.25) and told[62] == pytest.approx(0.75)


def test_what_is_no_character_has_no_winner_outside_the_set():
    told, free = characters.restricted(shares(S=0.1, d5=0.05, none=0.85), characters.allowed("digits"))
    assert free == "" and told[62] == pytest.approx(0.95)


def test_the_case_of_letters_that_differ_is_not_repaired():
    _, free = characters.restricted(shares(a=0.9, A=0.1), characters.allowed("upper"))
    assert free == "a"
    told, free = characters.restricted(shares(c=0.6, C=0.4), characters.allowed("upper"))
    assert free == "" and told[CLASSES.index("C")] == pytest.approx(1.0)


def test_an_unknown_set_names_the_known():
    with pytest.raises(UsageError, match="digits, upper, lower, letters, alnum; did you mean 'digits'"):
        characters.allowed("digit")
