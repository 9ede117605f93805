"""The n-gram: probabilities that sum to 1, that know their language, and a file the same every time."""

import numpy as np
import pytest

from inkread.alphabet import LATIN
from inkread.decode.estimate import SMOOTHINGS, count, estimate, save
from inkread.decode.ngram import END, UNKNOWN, NGram, load, names
from inkread.errors import DataError, ModelError, UsageError

LINES = ["the cat sat", "the cat ran", "a cat sat", "the rat ran", "cats and rats"] * 3
LETTERS = " acdehnrst"


def made(**how) -> NGram:
    return NGram(estimate(count(LINES, LETTERS, 4), LETTERS, **how))


@pytest.fixture(scope="module")
def english() -> NGram:
    return NGram.load("en")


@pytest.fixture(scope="module")
def french() -> NGram:
    return NGram.load("fr")


def row(model: NGram, text: str) -> np.ndarray:
    """The probability of each character, and of the end, after the beginning of a line."""
    state = model.start
    for character in model.ids(text):
        state = model.follow(state, character)[1]
    return np.exp([model.follow(state, k)[0] for k in range(len(model.characters) + 1)])


# --- what it says ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
@pytest.mark.parametrize("least_gain", [0.0, 2.0])
@pytest.mark.parametrize("text", ["", "t", "the c", "the cat", "dddd"])
def test_what_may_follow_sums_to_one(smoothing, least_gain, text):
    model = made(smoothing=smoothing, least_gain=least_gain)
    assert row(model, text).sum() == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("text", ["", "The ", "January 1", "qu", "Monsieur l'abb"])
def test_the_packaged_models_sum_to_one_too(english, french, text):
    assert row(english, text).sum() == pytest.approx(1.0, abs=0.05)
    assert row(french, text).sum() == pytest.approx(1.0, abs=0.05)


def test_two_letters_by_hand():
    # "ab" twice: after a always b. Witten-Bell gives b (2 + 1 * p(b)) / (2 + 1).
    model = NGram(estimate(count(["ab", "ab"], "ab", 2), "ab", smoothing="witten-bell"))
    alone = (2 + 3 / 3) / (6 + 3)  # b came 2 times among 6 characters and ends, of 3 kinds
    state = model.follow(model.start, 1)[1]
    assert np.exp(model.follow(state, 2)[0]) == pytest.approx((2 + alone) / 3, rel=0.02)


def test_it_prefers_words_it_has_read():
    model = made()
    assert model.log_probability("the cat sat") > model.log_probability("the cat sta") + 2


def test_the_end_of_a_line_is_part_of_it():
    model = made()
    whole, begun = model.log_probability("the cat"), model.log_probability("the cat", whole=False)
    assert whole < begun


def test_a_character_never_seen_costs_as_much_as_the_rarest_and_nothing_is_impossible(english):
    assert english.ids("aж") == [english.ids("a")[0], UNKNOWN]
    rarest = min(english.follow(0, k)[0] for k in range(1, len(english.characters) + 1))
    assert english.follow(english.start, UNKNOWN)[0] == rarest
    assert np.isfinite(english.log_probability("жжж"))


def test_every_character_of_the_alphabet_is_known(english, french):
    for model in (english, french):
        assert UNKNOWN not in model.ids(LATIN.characters)
        assert model.follow(model.start, END)[0] < 0


@pytest.mark.parametrize("text", ["I have received your letter", "There was nothing left to do"])
def test_each_language_knows_its_own_english(english, french, text):
    assert english.log_probability(text) > french.log_probability(text) + 10


@pytest.mark.parametrize("text", ["J'ai bien reçu votre lettre", "Il n'y avait plus rien à faire"])
def test_each_language_knows_its_own_french(english, french, text):
    assert french.log_probability(text) > english.log_probability(text) + 10


def test_capitals_are_modelled(english):
    assert english.log_probability("THE HOUSE") > english.log_probability("THE HUOSE") + 2
    assert english.log_probability("The house") > english.log_probability("tHE hOUSE") + 5


def test_ordinary_sentences_cost_less_than_three_bits_a_character(english, french):
    assert english.bits(["When we came home the children were already asleep."]) < 3
    assert french.bits(["Quand nous sommes rentrés, les enfants dormaient déjà."]) < 3


# --- counting and pruning --------------------------------------------------------------------------------


def test_counts_do_not_reach_over_the_end_of_a_line():
    tables = count(["ab", "ba"], "ab", 3)
    spelled = {bytes(int(k) >> 8 * i & 255 for i in (2, 1, 0)) for k in tables[2].keys}
    assert spelled == {b"\0\1\2", b"\1\2\0", b"\0\2\1", b"\2\1\0"}


def test_pruning_drops_what_gains_little():
    whole, pruned = made(), made(least_gain=8.0)
    assert pruned.entries < whole.entries
    assert pruned.log_probability("the cat sat") == pytest.approx(whole.log_probability("the cat sat"), abs=3)


def test_text_that_the_characters_cannot_write_is_said():
    with pytest.raises(DataError, match="'ß' is not among"):
        count(["straße"], "aerst", 3)


def test_a_smoothing_that_is_not_known_is_said():
    with pytest.raises(UsageError, match=r"'kneser_ney' is not known; did you mean 'kneser-ney'\?"):
        made(smoothing="kneser_ney")


# --- files -----------------------------------------------------------------------------------------------


def test_the_same_text_gives_the_same_bytes(tmp_path):
    for name in ("one.npz", "two.npz"):
        save(estimate(count(LINES, LETTERS, 4), LETTERS), tmp_path / name)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    assert NGram.load(tmp_path / "one.npz").log_probability("cat") == made().log_probability("cat")


def test_the_packaged_ones_are_opened_by_name_and_once():
    assert names() == ["en", "fr"]
    assert load("auto") == (NGram.load("en"), NGram.load("fr"))
    assert load("none") == ()
    assert NGram.load("en") is NGram.load("en")


def test_a_language_that_is_not_there_is_said():
    with pytest.raises(
        UsageError, match=r"no n-gram is called 'fra'.*did you mean 'fr'\?; packaged are en, fr"
    ):
        load("fra")


@pytest.mark.parametrize("content", [b"no archive", b""])
def test_a_file_that_is_no_ngram_is_said(tmp_path, content):
    (tmp_path / "x.npz").write_bytes(content)
    with pytest.raises(ModelError, match="cannot be read as an n-gram"):
        NGram.load(tmp_path / "x.npz")


def test_arrays_of_something_else_are_said(tmp_path):
    np.savez(tmp_path / "y.npz", images=np.zeros(3))
    with pytest.raises(ModelError, match="is no n-gram: it lacks backoff"):
        NGram.load(tmp_path / "y.npz")
