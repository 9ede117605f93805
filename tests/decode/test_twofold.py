"""Both beams in one find what each finds alone, and every probability is exact."""

import numpy as np
import pytest

from inkread.alphabet import FIELDS
from inkread.decode.beam import Settings, search
from inkread.decode.constrain import answer, search_valid
from inkread.decode.ctc import align, log_probability, log_softmax
from inkread.decode.twofold import Widths, both
from inkread.formats import find

WRITTEN = {
    "us_zip": ("02139", "0213", "O2139", "021399"),
    "amount": ("$1,234.50", "60,000/-", "12.5", "7"),
    "date": ("12/03/2026", "31.4.26", "4 MAR 1999"),
    "digits:4-8": ("0011223", "12", "98765"),
    "routing": ("011000015", "011000016"),
}
SEEN = [(spec, text) for spec, texts in WRITTEN.items() for text in texts]


def smudged(text, seed, surely, noise):
    """Logits of a hand that is not clear: every character in one frame or two, and others beside it."""
    rng = np.random.default_rng(seed)
    path = [0]
    for k in FIELDS.encode(text):
        path += [k] * int(rng.integers(1, 3)) + [0] * int(rng.integers(1, 3))
    logits = surely * np.eye(FIELDS.size)[path] + noise * rng.normal(size=(len(path), FIELDS.size))
    logits[:, 0] += 0.5 * surely * (rng.random(len(path)) < 0.1)
    return logits


@pytest.mark.parametrize(("spec", "text"), SEEN)
@pytest.mark.parametrize("seed", [1, 2])
def test_each_beam_finds_in_company_what_it_finds_alone(spec, text, seed):
    form, logits = find(spec), smudged(text, seed, *((8.0, 1.5), (11.0, 2.0))[seed - 1])
    told = answer(logits, FIELDS, form.can_begin, form.valid, characters=form.characters)
    for found in (told.free, *told.valid):
        exact = log_probability(logits, FIELDS.encode(found.text))
        assert found.log_probability == pytest.approx(exact, abs=1e-9)
    alone = search(logits, FIELDS, settings=Settings(10, 0.0, 0.0, keep=4))
    assert told.free.log_probability > alone[0].log_probability - 1e-9
    for one in (told.free, *told.valid[:1]):
        assert [(s.first, s.end) for s in one.spans] == [
            (s.first, s.end) for s in align(logits, FIELDS.encode(one.text))
        ]
    if told.valid and told.valid[0].log_probability > -6:
        held = search_valid(logits, FIELDS, form.can_begin, form.valid)
        assert form.valid(told.valid[0].text)
        assert told.valid[0].log_probability > held[0].log_probability - 1e-9


def test_a_beam_that_is_not_asked_for_keeps_nothing():
    form, shares = find("us_zip"), log_softmax(smudged("0213", 1, 9.0, 1.5))
    held = both(shares, FIELDS, form.can_begin, form.characters, Widths(0, 10))
    free = both(shares, FIELDS, form.can_begin, form.characters, Widths(10, 0))
    assert held and all(one.text is not None and form.can_begin(one.text) for one in held)
    assert FIELDS.decode(free[0].classes) == "0213" and len(free) <= 10
    assert len({one.classes for one in held}) == len(held) <= 10


def test_of_frames_that_show_nothing_one_is_as_good_as_many():
    form, logits = find("us_zip"), smudged("02139", 2, 9.0, 1.0)
    nothing = np.tile(20.0 * np.eye(FIELDS.size)[0], (7, 1))
    ends = [
        {one.classes for one in both(log_softmax(seen), FIELDS, form.can_begin, "", Widths(10, 10))}
        for seen in (np.vstack([nothing[:1], logits, nothing[:1]]), np.vstack([nothing, logits, nothing]))
    ]
    assert ends[0] == ends[1]


def test_the_best_comes_first_and_each_text_once():
    form, shares = find("amount"), log_softmax(smudged("60,000/-", 3, 6.0, 2.0))
    ended = both(shares, FIELDS, form.can_begin, form.characters, Widths(10, 10))
    assert [one.mass for one in ended] == sorted((one.mass for one in ended), reverse=True)
    assert len({one.classes for one in ended}) == len(ended)
    assert all(one.text in (None, FIELDS.decode(one.classes)) for one in ended)
