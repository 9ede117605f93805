import numpy as np
import pytest

from inkread.data.labelled import Item, Labelled
from inkread.decode.confidence import NEVER
from inkread.errors import UsageError
from inkread.evaluation import outcomes
from inkread.runtime.metadata import Metadata
from inkread.runtime.recognizer import Recognizer
from inkread.types import Alternative, Box, Page, Reading


def reading(text, confidence, status="accepted", *, height=40, guess=None):
    best = text if guess is None else guess
    alternatives = (Alternative(best, confidence),) if best else ()
    return Reading(text, confidence, status, box=Box(0, 0, 20, height), alternatives=alternatives)


def judged(label, *readings):
    return outcomes.judge(Item("a.png", label), Page("a.png", readings))


def test_a_digit_read_right():
    found = judged("7", reading("7", 0.99))
    assert found.right and found.accepted and found.extra == ()


def test_a_refused_reading_still_answers_when_forced():
    found = judged("7", reading("", 0.4, "refused", guess="7"))
    assert found.right and not found.accepted


def test_not_a_digit_is_no_guess():
    page = Reading("", 0.3, "refused", alternatives=(Alternative("", 0.6), Alternative("7", 0.3)))
    assert judged("7", page).guess == "7"


def test_a_speck_beside_the_digit_does_not_count_however_sure():
    found = judged("7", reading("1", 0.999, height=5), reading("7", 0.9))
    assert found.right and found.extra == (0.999,)


def test_of_two_tall_readings_the_surer_one_counts():
    assert judged("7", reading("1", 0.7, "review"), reading("7", 0.9, "review")).right


def test_an_accepted_reading_counts_before_a_surer_refused_one():
    assert judged("7", reading("", 0.99, "refused", guess="1"), reading("7", 0.98)).right


@pytest.mark.parametrize(
    ("readings", "right", "accepted", "extra"),
    [
        pytest.param([reading("", 0.2, "refused", guess="3")], True, False, 0, id="refused, as it should be"),
        pytest.param(
            [reading("3", 0.6, "review")], False, False, 0, id="in review: a wrong answer, not accepted"
        ),
        pytest.param([reading("3", 0.99)], False, True, 0, id="accepted: an error"),
        pytest.param([reading("3", 0.99), reading("1", 0.98)], False, True, 1, id="accepted twice"),
    ],
)
def test_where_nothing_is_to_be_read(readings, right, accepted, extra):
    found = judged("", *readings)
    assert (found.right, found.accepted, len(found.extra)) == (right, accepted, extra)


@pytest.mark.parametrize(
    ("texts", "right", "extra"),
    [
        pytest.param("12345", True, 0, id="all of them, in order"),
        pytest.param("1234", False, 0, id="one is lost"),
        pytest.param("123457", False, 1, id="one too many"),
    ],
)
def test_several_lines_are_compared_without_white_space(texts, right, extra):
    found = judged("12\n3 45", *(reading(t, 0.9 + i / 100) for i, t in enumerate(texts)))
    assert (found.right, len(found.extra)) == (right, extra)


def test_a_page_is_as_sure_as_its_least_sure_reading():
    found = judged("12", reading("1", 0.99), reading("2", 0.5, "review"))
    assert (found.confidence, found.accepted) == (0.5, False)


class Readers:
    """Stands for a reader; remembers how it was asked."""

    def __init__(self):
        self.asked = []

    def read_many(self, sources, *, workers=1, rotate=0.0):
        for source in sources:
            self.asked.append((source, rotate))
            yield Page(source, (reading("7", 0.9),))
            yield Page(source, (reading("1", 0.9),), page=2)


def test_each_picture_is_turned_by_its_own_degrees_and_its_first_page_counts():
    items = tuple(Item(name, "7", rotate=turn) for name, turn in [("a", 0.0), ("b", -90.0), ("c", 0.0)])
    readers = Readers()
    found = list(outcomes.through_reader(Labelled("set", items), readers))
    assert readers.asked == [("a", 0.0), ("b", -90.0), ("c", 0.0)]
    assert all(o.right for o in found)


def recognizer(*classes):
    """A model that sees class k where the first pixel is k / 255."""

    def run(images):
        return 9.0 * np.eye(len(classes), dtype=np.float32)[np.rint(images[:, 0, 0, 0] * 255).astype(int)]

    return Recognizer(Metadata("fake", "1", "digit", classes, "", None, "logits", {}), run)


def pictures(*first_pixels):
    images = np.zeros((len(first_pixels), 28, 28), np.uint8)
    images[:, 0, 0] = first_pixels
    return images


def test_arrays_of_the_models_shape_go_in_scaled_to_one():
    items = tuple(Item(image, label) for image, label in zip(pictures(1, 0), ["b", "b"], strict=True))
    right, wrong = outcomes.through_model(Labelled("set", items), recognizer("a", "b"), threshold=0.9)
    assert (right.guess, right.accepted, wrong.guess, wrong.accepted) == ("b", True, "a", True)


def test_an_uncalibrated_model_accepts_nothing():
    items = (Item(pictures(1)[0], "b"),)
    (found,) = outcomes.through_model(Labelled("set", items), recognizer("a", "b"), threshold=NEVER)
    assert found.right and not found.accepted


def test_not_a_digit_is_never_accepted_and_right_where_nothing_is_to_be_read():
    items = (Item(pictures(2)[0], ""), Item(pictures(2)[0], "a"))
    reject, missed = outcomes.through_model(Labelled("set", items), recognizer("a", "b", ""), threshold=0.0)
    assert (reject.right, reject.accepted, missed.guess, missed.accepted) == (True, False, "a", False)


@pytest.mark.parametrize(
    ("picture", "message"),
    [
        pytest.param(np.zeros((32, 32), np.uint8), r"\(32, 32\) pixels.*--through reader", id="another size"),
        pytest.param("a.png", "different sizes or files.*--through reader", id="files"),
    ],
)
def test_other_pictures_do_not_go_straight_into_the_model(picture, message):
    with pytest.raises(UsageError, match=message):
        list(outcomes.through_model(Labelled("set", (Item(picture, "a"),)), recognizer("a"), threshold=0.5))
