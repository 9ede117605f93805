"""The beam: the best text where all can be counted, a language's help, and never text out of nothing."""

from dataclasses import replace
from itertools import groupby, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inkread.alphabet import LATIN, Alphabet
from inkread.decode.beam import Settings, log_share, search, shares, total
from inkread.decode.ctc import greedy, log_softmax
from inkread.decode.ngram import NGram
from inkread.errors import ModelError, UsageError

AB = Alphabet("ab")
WIDE = Settings(width=200, floor=0.0, spread=500.0, keep=100, bonus=0.3)
LOGITS = arrays(np.float64, (5, 3), elements=st.floats(-4, 4))


@pytest.fixture(scope="module")
def english() -> NGram:
    return NGram.load("en")


@pytest.fixture(scope="module")
def french() -> NGram:
    return NGram.load("fr")


def line(text: str, doubts: dict[int, str] | None = None) -> np.ndarray:
    """Logits that spell a text, two frames a character; at `doubts` another letter is slightly likelier."""
    logits = np.full((2 * len(text) + 2, LATIN.size), -6.0)
    logits[:, 0] = 4.0
    for i, k in enumerate(LATIN.encode(text)):
        logits[2 * i + 1, [0, k]] = 0.0, 5.0
        if i in (doubts or {}):
            logits[2 * i + 1, LATIN.encode(doubts[i])[0]] = 5.8
    return logits


def every_text(logits: np.ndarray) -> dict[str, float]:
    """The log-probability of every text, path by path."""
    chances = np.exp(log_softmax(logits))
    found: dict[str, float] = {}
    for path in product(range(3), repeat=len(logits)):
        text = "".join("-ab"[k] for k, _ in groupby(path) if k)
        found[text] = found.get(text, 0.0) + float(np.prod(chances[np.arange(len(logits)), path]))
    return {text: float(np.log(p)) for text, p in found.items()}


# --- without a language ----------------------------------------------------------------------------------


@given(LOGITS)
@settings(max_examples=25, deadline=None)
def test_the_best_text_is_found_with_its_exact_probability(logits):
    truth = every_text(logits)
    best = max(truth, key=lambda text: truth[text] + WIDE.bonus * len(text))
    found = search(logits, AB, settings=WIDE)[0]
    if (log_softmax(logits).argmax(axis=1) == 0).all():
        best = ""
    assert found.score == pytest.approx(truth[best] + WIDE.bonus * len(best))
    assert found.log_probability == pytest.approx(truth[found.text])


@given(LOGITS)
@settings(max_examples=25, deadline=None)
def test_the_total_is_the_sum_over_all_texts(logits):
    truth = every_text(logits)
    whole = np.logaddexp.reduce([p + WIDE.bonus * len(text) for text, p in truth.items()])
    assert total(logits, AB, settings=WIDE) == pytest.approx(whole)
    assert total(logits, AB, settings=replace(WIDE, bonus=0.0)) == pytest.approx(0.0)


def test_hypotheses_come_best_first_each_text_once():
    found = search(np.random.default_rng(2).normal(size=(8, 3)), AB, settings=replace(WIDE, keep=6))
    assert [h.score for h in found] == sorted((h.score for h in found), reverse=True)
    assert len({h.text for h in found}) == len(found) == 6


def test_the_best_has_a_place_for_every_character():
    found = search(line("note"), LATIN)[0]
    assert [(s.first, s.end) for s in found.spans] == [(1, 2), (3, 4), (5, 6), (7, 8)]


# --- with a language -------------------------------------------------------------------------------------


def test_a_language_settles_what_the_hand_leaves_open(english):
    logits = line("I shall write to you tomorrow", {9: "u", 25: "n"})
    assert greedy(logits, LATIN).text == "I shall wuite to you tomonrow"
    assert search(logits, LATIN, language=english)[0].text == "I shall write to you tomorrow"


def test_what_the_hand_says_clearly_no_language_changes(english):
    clear = 2.5 * line("Xqzvk wrpt")
    assert search(clear, LATIN, language=english)[0].text == "Xqzvk wrpt"


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        pytest.param("Il n'y avait plus rien à faire", {18: "m", 19: "u"}, id="French"),
        pytest.param("There was nothing left to do", {1: "l", 12: "k"}, id="English"),
    ],
)
def test_the_language_need_not_be_known(english, french, text, doubts):
    assert greedy(line(text, doubts), LATIN).text != text
    assert search(line(text, doubts), LATIN, language=(english, french))[0].text == text


def test_the_score_is_what_the_module_says(english, french):
    logits, how = line("a letter", {3: "s"}), Settings(weight=0.4, bonus=0.7)
    for found in search(logits, LATIN, language=english, settings=how):
        gained = 0.4 * english.log_probability(found.text) + 0.7 * len(found.text)
        assert found.score == pytest.approx(found.log_probability + gained)


def test_a_word_list_moves_a_word_within_its_margin_only():
    logits = line("Mr Ploog", {7: "y"})  # "Plooy" is likelier by 0.8 nats
    how = Settings(weight=0.0, bonus=0.0, words=frozenset({"ploog"}))
    texts = [search(logits, LATIN, settings=replace(how, word_bonus=b))[0].text for b in (0.0, 0.5, 1.5)]
    assert texts == ["Mr Plooy", "Mr Plooy", "Mr Ploog"]


# --- shares ----------------------------------------------------------------------------------------------


def test_shares_among_all_texts_are_theirs(english):
    logits = line("a letter", {3: "s"})
    found = search(logits, LATIN, language=english)
    whole = shares(found, total(logits, LATIN, language=english))
    assert sum(whole) <= 1.0 + 1e-9 and whole[0] == max(whole)
    assert shares(found)[0] >= whole[0]
    assert sum(shares(found)) == pytest.approx(1.0)
    assert shares([]) == []


def test_without_a_language_a_texts_share_is_its_probability():
    logits, how = np.random.default_rng(5).normal(size=(8, 3)), replace(WIDE, bonus=0.0)
    whole = total(logits, AB, settings=how)
    for found in search(logits, AB, settings=how):
        assert log_share(found, whole) == pytest.approx(found.log_probability)


def test_doubling_the_beam_changes_no_share(english):
    rng = np.random.default_rng(3)
    logits = line("We were all very glad to hear it", {3: "m", 10: "b", 21: "f", 24: "n"})
    logits += rng.normal(scale=0.7, size=logits.shape)
    how = Settings()
    one, two = (
        search(logits, LATIN, language=english, settings=replace(how, width=w))[0].score
        - total(logits, LATIN, language=english, settings=replace(how, width=w))
        for w in (how.width, 2 * how.width)
    )
    assert np.exp(one) == pytest.approx(np.exp(two), abs=0.01)


# --- nothing is invented ---------------------------------------------------------------------------------


@pytest.mark.parametrize("bonus", [0.0, 3.0])
def test_blank_frames_give_no_text_whatever_a_language_likes(english, bonus):
    logits = np.random.default_rng(4).normal(scale=0.5, size=(200, LATIN.size))
    logits[:, 0] = 5.0
    found = search(logits, LATIN, language=english, settings=Settings(bonus=bonus))
    assert [h.text for h in found] == [""]


def test_no_frames_give_no_text(english):
    assert search(np.zeros((0, LATIN.size)), LATIN, language=english)[0].text == ""


def test_a_line_of_blanks_with_one_letter_gets_no_word(english):
    logits = np.full((120, LATIN.size), -6.0)
    logits[:, 0] = 4.0
    logits[60, [0, LATIN.encode("q")[0]]] = 0.0, 5.0
    assert search(logits, LATIN, language=english)[0].text in {"q", ""}


# --- the door --------------------------------------------------------------------------------------------


def test_logits_of_another_alphabet_are_refused():
    with pytest.raises(ModelError, match="do not fit an alphabet of 2 characters"):
        search(np.zeros((4, 9)), AB)


def test_settings_that_cannot_search_are_said():
    with pytest.raises(UsageError, match="a beam of width 0"):
        Settings(width=0)
