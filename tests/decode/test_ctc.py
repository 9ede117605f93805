"""CTC: every text's probability is the sum over its paths, and all texts together have probability 1."""

from itertools import groupby, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inkread.alphabet import Alphabet
from inkread.decode.ctc import Span, align, greedy, log_probabilities, log_probability, log_softmax
from inkread.errors import ModelError, UsageError

AB = Alphabet("ab")
LOGITS = arrays(np.float64, st.tuples(st.integers(1, 5), st.just(3)), elements=st.floats(-6, 6))


def frames(pattern: str, alphabet: Alphabet = AB, sure: float = 9.0) -> np.ndarray:
    """Logits that spell a path: '-' is the blank."""
    return sure * np.eye(alphabet.size)[[0 if c == "-" else alphabet.encode(c)[0] for c in pattern]]


def by_hand(logits: np.ndarray) -> dict[tuple[int, ...], float]:
    """Every text's probability, path by path."""
    shares = np.exp(log_softmax(logits))
    found: dict[tuple[int, ...], float] = {}
    for path in product(range(logits.shape[1]), repeat=len(logits)):
        text = tuple(k for k, _ in groupby(path) if k)
        found[text] = found.get(text, 0.0) + float(np.prod(shares[np.arange(len(logits)), path]))
    return found


# --- greedy ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        pytest.param("aa-ab", "aab", id="a blank keeps a doubled letter apart"),
        pytest.param("aaaa", "a", id="a long letter is one"),
        pytest.param("-----", "", id="blank frames give no text"),
        pytest.param("abab", "abab", id="no blank is needed between different letters"),
        pytest.param("", "", id="no frames give no text"),
    ],
)
def test_greedy_merges_repetitions_and_drops_blanks(pattern, text):
    assert greedy(frames(pattern).reshape(-1, 3), AB).text == text


def test_greedy_says_in_which_frames_each_character_won_and_how_clearly():
    logits = frames("-aa-b")
    found = greedy(logits, AB)
    sure = float(np.exp(log_softmax(logits)).max())
    assert found.spans == (Span(1, 3, pytest.approx(sure)), Span(4, 5, pytest.approx(sure)))


def test_a_readings_probability_is_its_texts_not_its_paths():
    found = greedy(np.array([[0.0, 0.5, -9.0], [0.0, 0.5, -9.0]]), AB)
    assert found.log_probability == pytest.approx(np.log(by_hand(np.array([[0.0, 0.5, -9.0]] * 2))[(1,)]))
    assert found.score == found.log_probability


# --- probability -----------------------------------------------------------------------------------------


@given(LOGITS)
@settings(max_examples=40, deadline=None)
def test_every_text_has_the_sum_over_its_paths(logits):
    truth = by_hand(logits)
    texts = list(truth)
    np.testing.assert_allclose(np.exp(log_probabilities(logits, texts)), list(truth.values()), rtol=1e-9)
    assert sum(truth.values()) == pytest.approx(1.0)


def test_one_text_alone_is_as_probable_as_among_others():
    logits = np.random.default_rng(1).normal(size=(12, 5))
    texts = [[], [1], [1, 1], [2, 3, 4, 1, 1]]
    np.testing.assert_allclose(
        log_probabilities(logits, texts), [log_probability(logits, t) for t in texts], rtol=1e-12
    )


def test_a_text_longer_than_the_frames_cannot_be():
    assert log_probability(np.zeros((2, 3)), [1, 1]) == -np.inf
    assert log_probability(np.zeros((0, 3)), [1]) == -np.inf
    assert log_probability(np.zeros((0, 3)), []) == 0.0


def test_what_is_too_small_for_a_float_still_has_its_logarithm():
    logits = np.zeros((40, 3))
    logits[:, 0] = 50.0
    blank, letter = log_softmax(logits)[0, :2]
    assert log_probability(logits, [1, 2] * 20) == pytest.approx(40 * letter)  # there is one way only
    most = 39 * letter + blank + np.log(40)  # the blank is in one of forty places, or a letter is repeated
    assert log_probability(logits, [1, 2] * 19 + [1]) == pytest.approx(most, rel=1e-9)


@pytest.mark.parametrize("wrong", [0, 3, -1])
def test_a_class_that_is_no_character_is_named(wrong):
    with pytest.raises(UsageError, match=rf"class {wrong} is no character; expected 1 to 2"):
        log_probability(np.zeros((4, 3)), [1, wrong])


def test_logits_of_another_alphabet_are_refused():
    with pytest.raises(ModelError, match=r"\(4, 7\) do not fit an alphabet of 2 characters.*\(frames, 3\)"):
        greedy(np.zeros((4, 7)), AB)


def test_broken_weights_are_said():
    with pytest.raises(ModelError, match="nan"):
        greedy(np.full((4, 3), np.nan), AB)


# --- alignment -------------------------------------------------------------------------------------------


def spelled(spans: list[Span], classes: list[int], n: int) -> list[int]:
    """The path that spans draw."""
    path = [0] * n
    for k, span in zip(classes, spans, strict=True):
        path[span.first : span.end] = [k] * (span.end - span.first)
    return path


@given(
    arrays(np.float64, (5, 3), elements=st.floats(-6, 6)), st.sampled_from([[1], [1, 1], [1, 2], [2, 2, 1]])
)
@settings(max_examples=40, deadline=None)
def test_no_path_of_the_text_beats_the_alignment(logits, classes):
    shares = log_softmax(logits)
    every = np.arange(5)
    best = max(
        shares[every, path].sum()
        for path in product(range(3), repeat=5)
        if [k for k, _ in groupby(path) if k] == classes
    )
    path = spelled(align(logits, classes), classes, 5)
    assert [k for k, _ in groupby(path) if k] == classes
    assert shares[every, path].sum() == pytest.approx(best)


def test_a_character_that_the_frames_doubt_has_little_confidence():
    logits = frames("a-a")
    logits[2] = [0.0, 0.0, 4.0]  # the last letter looks like a b
    sure, doubted = align(logits, [1, 1])
    assert sure.confidence > 0.99 and doubted.confidence < 0.05


def test_the_empty_text_lies_nowhere():
    assert align(frames("--"), []) == []


def test_a_text_that_does_not_fit_its_frames_is_said():
    with pytest.raises(UsageError, match="needs 3 frames came with 2"):
        align(np.zeros((2, 3)), [1, 1])
