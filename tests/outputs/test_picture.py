"""Readings over their picture, and the picture of the steps."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from inkread import outputs
from inkread.errors import InkreadError, UsageError
from inkread.outputs import picture
from inkread.outputs.explain import Explanation, Step, Textbook, draw, explain
from inkread.types import Alternative, Box, Page, Reading

CLASSES = (*"0123456789", "")


def reading(status="accepted", text="7", source="a.png"):
    reason = "" if status == "accepted" else "does not look like a digit " * 5
    text = "" if status == "refused" else text
    return Reading(
        text, 0.8, status, reason, Box(20, 20, 60, 90), alternatives=(Alternative("7", 0.8),), source=source
    )


def explanation(count, status="accepted", size=(120, 160), source="a.png"):
    rng = np.random.default_rng(0)
    shares = np.full(11, 0.02)
    shares[7] = 0.8
    steps = tuple(
        Step(reading(status, source=source), Box(2, 2, 9, 12), rng.random((28, 28), np.float32), shares)
        for _ in range(count)
    )
    rows = tuple(step.reading for step in steps) or (Reading("", 0.0, "refused", "blank", source=source),)
    rgb, ink = np.full((*size, 3), 220, np.uint8), np.zeros(size, np.float32)
    textbook = Textbook(np.zeros((28, 28), np.float32), "3", 0.61)
    return Explanation(Page(source, rows, "digit", 1, size[1], size[0]), rgb, ink, CLASSES, steps, textbook)


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.png"
    Image.new("RGB", (200, 100), (220, 220, 220)).save(path)
    return path


def colours(path):
    with Image.open(path) as image:
        return {colour for _, colour in image.convert("RGB").getcolors(1 << 24)}


@pytest.mark.parametrize("status", ["accepted", "review", "refused"])
def test_a_box_has_the_colour_of_its_status(photo, tmp_path, status):
    out = outputs.save([Page(str(photo), (reading(status),), "digit")], tmp_path / "out.png")
    assert picture.STATUS_COLOURS[status] in colours(out)


def test_several_pages_are_numbered_and_the_first_is_named(photo, tmp_path):
    pages = [Page(str(photo), (reading(),), "digit") for _ in range(3)]
    assert outputs.save(pages, tmp_path / "out.png").name == "out-1.png"
    assert sorted(p.name for p in tmp_path.glob("out*")) == ["out-1.png", "out-2.png", "out-3.png"]


def test_a_tiny_picture_is_enlarged_and_a_large_one_keeps_its_size():
    assert max(picture.annotate(np.zeros((16, 16, 3), np.uint8), [], []).size) == 480
    assert picture.annotate(np.zeros((900, 600, 3), np.uint8), [], []).size == (600, 900)


@pytest.mark.parametrize("mode", ["I;16", "RGBA", "LA", "P", "1", "CMYK"])
def test_any_picture_can_be_drawn_on(tmp_path, mode):
    path = tmp_path / ("in.tif" if mode == "CMYK" else "in.png")
    Image.new(mode, (40, 40)).save(path)
    assert outputs.save([Page(str(path), (reading(),), "digit")], tmp_path / "out.png").is_file()


def test_a_phone_photo_in_heic_is_opened_again_whoever_read_it(tmp_path, monkeypatch):
    heif = pytest.importorskip("pillow_heif")
    path = tmp_path / "in.heic"
    heif.from_pillow(Image.new("RGB", (64, 48), (250, 250, 250))).save(path)
    for format_name in ("HEIF", "AVIF"):  # as if nothing in this process had read one before
        monkeypatch.delitem(Image.OPEN, format_name, raising=False)
        monkeypatch.setattr(Image, "ID", [name for name in Image.ID if name != format_name])
    page = Page(str(path), (reading(),), "digit", width=64, height=48)
    assert outputs.save([page], tmp_path / "out.png").is_file()
    assert outputs.save([page], tmp_path / "out.pdf").is_file()


def test_a_page_from_memory_says_how_to_draw_it(tmp_path):
    with pytest.raises(UsageError, match="came from memory.*-o out.png"):
        Page("<array>", (reading(),), "digit").save(tmp_path / "out.png")
    with pytest.raises(UsageError, match="came from memory"):
        Page("<array>", (reading(),), "digit").show()


def test_nothing_that_could_be_opened_is_an_error(tmp_path):
    failed = Page("gone.png", (Reading("", 0.0, "failed", "gone"),))
    with pytest.raises(UsageError, match="no picture that could be opened"):
        outputs.save([failed], tmp_path / "out.png")


def test_show_hands_the_drawn_picture_to_the_viewer(photo, monkeypatch):
    shown = []
    monkeypatch.setattr(Image.Image, "show", lambda image, title: shown.append((image.size, title)))
    Page(str(photo), (reading(),), "digit").show()
    assert shown == [((400, 200), str(photo))]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 12])
def test_an_explanation_has_room_for_its_readings(count):
    image = draw(explanation(count, "review"))
    assert image.width == 1400 and 400 < image.height < 2600


@pytest.mark.parametrize("size", [(16, 16), (1, 3000), (3000, 1), (2400, 3200)])
def test_an_explanation_of_any_shape_of_picture(size):
    assert draw(explanation(1, "refused", size)).width == 1400


def test_more_readings_than_a_page_holds_are_counted():
    assert draw(explanation(400)).height < 4000


@pytest.mark.parametrize(
    "source", ["写真.png", "x" * 300, "a\nb.png", b"\xff.png".decode("utf-8", "surrogateescape")]
)
def test_any_name_can_stand_in_the_picture(source):
    assert draw(explanation(1, source=source)).width == 1400


def test_the_pixels_of_the_network_are_crisp_squares():
    example = explanation(1)
    example.steps[0].normalized[:] = 0
    example.steps[0].normalized[14, 14] = 1
    image = np.asarray(draw(example).convert("L"))
    white = np.argwhere(image[-420:, 36 + 20 : 36 + 20 + 280] == 255)
    square = white[(white[:, 1] >= 140) & (white[:, 1] < 150)]
    rows, counts = np.unique(square[:, 0], return_counts=True)
    assert (counts[(rows > 200) & (rows < 260)] == 10).sum() == 10


def test_explain_writes_whole_or_not_at_all(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(InkreadError, match="No space left"):
        explain(explanation(1), tmp_path / "out.png")
    assert list(tmp_path.iterdir()) == []
