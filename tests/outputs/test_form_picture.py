import numpy as np
import pytest

from inkread.outputs.form_picture import KINDS, Outline, draw_outlines


def square(left, top, size=100):
    return np.array(
        [[left, top], [left + size, top], [left + size, top + size], [left, top + size]], np.float64
    )


@pytest.fixture
def paper():
    return np.full((2000, 1400, 3), 255, np.uint8)


def test_each_rectangle_is_drawn_in_the_colour_of_its_kind(paper):
    image = draw_outlines(paper, [Outline("a", "", "tick", (square(300, 300), square(500, 300)))])
    assert image.size == (1400, 2000)
    for place in ((300, 350), (500, 350)):
        assert image.getpixel(place) == KINDS["tick"]
    assert image.getpixel((450, 350)) == (255, 255, 255)


def test_what_is_inside_still_shows_through(paper):
    paper[350] = 0
    image = draw_outlines(paper, [Outline("a", "", "text", (square(300, 300),))])
    assert sum(image.getpixel((350, 350))) < 150
    assert sum(image.getpixel((350, 370))) > 600


def test_a_small_picture_is_enlarged_so_that_names_can_be_read():
    image = draw_outlines(np.zeros((500, 250, 3), np.uint8), [])
    assert image.size == (1000, 2000)


def test_a_flag_leaves_other_fields_free(paper):
    above = Outline("above", "", "text", (square(300, 180),))
    image = draw_outlines(paper, [above, Outline("below", "", "tick", (square(300, 300),))])
    inside = np.asarray(image)[185:275, 305:395].reshape(-1, 3)
    assert (inside == inside[0]).all()


@pytest.mark.parametrize(
    ("name", "corners"),
    [
        pytest.param("a" * 300, square(10, 10), id="a name wider than the picture"),
        pytest.param("é\n<b>\U0001f600", square(10, 10), id="letters that the face lacks"),
        pytest.param("a", square(-500, 5000, 3000), id="a place outside of the picture"),
    ],
)
def test_whatever_a_template_says_can_be_drawn(paper, name, corners):
    assert draw_outlines(paper, [Outline(name, "note", "mark", (corners,))]).size == (1400, 2000)
