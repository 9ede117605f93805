"""A picture in, readings out: each with a box in the user's pixels, and a reason if it is not accepted."""

import os

import cv2
import numpy as np
import pytest
from PIL import Image

import inkread
from inkread.errors import InkreadError, UsageError
from inkread.readers.pool import helpers, read_in_processes
from inkread.readers.sources import expand

(_, _), (TEST_IMAGES, TEST_LABELS) = inkread.datasets.mnist()


def photo(index, height=160, paper=225, ink=45):
    """A digit of MNIST's test hands, large, dark on light, in the middle of a sheet."""
    digit = cv2.resize(TEST_IMAGES[index], (height, height), interpolation=cv2.INTER_CUBIC) / 255
    sheet = np.full((height * 2, height * 3), float(paper))
    sheet[height // 2 : height // 2 + height, height : 2 * height] += (ink - paper) * digit
    return np.clip(sheet, 0, 255).astype(np.uint8)


def test_a_digit_is_read_where_it_stands():
    page = inkread.read(photo(0))
    assert (page.text, page.status, page.kind) == ("7", "accepted", "digit")
    assert page.confidence > 0.9
    box = page[0].box
    assert 160 <= box.left and box.right <= 320 and 80 <= box.top and box.bottom <= 240


def test_several_digits_come_in_reading_order():
    row = np.hstack([photo(i) for i in (0, 1, 2)])
    rows = np.vstack([row, np.hstack([photo(i) for i in (3, 4, 6)])])
    page = inkread.read(rows)
    assert page.text.replace("\n", "") == "721" + "044"
    assert len({r.box for r in page}) == 6


def test_the_same_digit_is_read_inverted_and_turned_back():
    assert inkread.read(255 - photo(0)).text == "7"
    assert inkread.read(np.rot90(photo(0)), rotate=90).text == "7"
    assert inkread.read(np.hstack([photo(1), photo(0)]), crop=(480, 0, 960, 320)).text == "7"


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(np.full((100, 100), 255, np.uint8), id="white"),
        pytest.param(np.zeros((100, 100), np.uint8), id="black"),
        pytest.param(np.full((8, 8), 7, np.uint8), id="tiny"),
        pytest.param(np.full((3000, 6), 200, np.uint8), id="a strip"),
    ],
)
def test_a_blank_picture_is_refused_with_the_reason(picture):
    reading = inkread.read(picture)[0]
    assert (reading.text, reading.status, reading.confidence) == ("", "refused", 0.0)
    assert "blank" in reading.reason and reading.alternatives == ()


def test_noise_is_not_accepted():
    rng = np.random.default_rng(0)
    for _ in range(5):
        page = inkread.read(rng.integers(0, 256, (120, 120, 3), dtype=np.uint8))
        assert page.status != "accepted" and page.reason


def test_the_best_guess_leads_the_alternatives():
    reading = inkread.read(photo(4))[0]
    assert reading.alternatives[0].text == reading.text == reading.guess
    shares = [a.confidence for a in reading.alternatives]
    assert shares == sorted(shares, reverse=True)


def test_a_stricter_target_never_accepts_more():
    accepts = [inkread.Reader(target_error=t).accepts_from for t in (0.001, 0.005, 0.01, 0.05)]
    assert accepts == sorted(accepts, reverse=True)


def test_the_textbook_model_is_uncalibrated_and_accepts_nothing_by_itself():
    reader = inkread.Reader(model="textbook")
    assert reader.read(photo(0)).status == "review"
    assert "set a threshold" in reader.read(photo(0)).reason
    assert inkread.Reader(model="textbook", threshold=0.0).read(photo(0)).status == "accepted"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param({"kind": "digits"}, "did you mean 'digit'", id="kind"),
        pytest.param({"target_error": 0}, "0.0?1", id="target"),
        pytest.param({"threshold": 2.0}, "from 0 to 1", id="threshold"),
        pytest.param({"model": "digit"}, "did you mean 'digits'", id="model"),
    ],
)
def test_a_wrong_argument_says_what_would_be_right(options, says):
    with pytest.raises(InkreadError, match=says):
        inkread.Reader(**options)


def test_a_bad_file_in_a_pile_is_a_row_and_the_good_ones_are_read(tmp_path):
    Image.fromarray(photo(0)).save(tmp_path / "a.png")
    (tmp_path / "b.jpg").write_bytes(b"not a picture")
    Image.fromarray(photo(1)).save(tmp_path / "c.png")
    (tmp_path / "notes.txt").write_text("not even called one")
    found = list(inkread.Reader().read_many(tmp_path))
    assert [p.status for p in found] == ["accepted", "failed", "accepted"]
    assert [p.text for p in found] == ["7", "", "2"]
    assert "b.jpg" in found[1].reason and found[1][0].box is None


def test_processes_give_the_same_pages_in_the_same_order(tmp_path):
    for i in range(6):
        Image.fromarray(photo(i, 60)).save(tmp_path / f"{i}.png")
    (tmp_path / "3b.png").write_bytes(b"")
    reader = inkread.Reader()
    alone = [(p.source, p.text, p.status) for p in reader.read_many(tmp_path)]
    shared = [(p.source, p.text, p.status) for p in reader.read_many(tmp_path, workers=2)]
    assert shared == alone and len(alone) == 7


def test_a_large_pile_is_shared_unasked_and_a_small_one_is_not(tmp_path, monkeypatch):
    for i in range(6):
        Image.fromarray(photo(i, 60)).save(tmp_path / f"{i}.png")
    started = []
    monkeypatch.setattr("inkread.readers.pool._cores", lambda: started.append(1) or 2)
    reader = inkread.Reader()
    alone = [(p.source, p.text) for p in reader.read_many(tmp_path, workers=None)]
    assert not started
    monkeypatch.setattr("inkread.readers.reader._PATIENCE", 1e-4)
    assert [(p.source, p.text) for p in reader.read_many(tmp_path, workers=None)] == alone
    assert started


class Deadly:
    """A reader that kills each process that is to help it."""

    def __reduce__(self):
        return os._exit, (1,)

    def read_or_fail(self, source, *, crop, rotate):
        yield source


def test_what_dead_processes_still_owe_is_read_here():
    names = [f"{i}.png" for i in range(40)]
    assert list(read_in_processes(Deadly(), iter(names), 2, None, 0.0)) == names


def test_processes_are_not_started_for_a_rest_that_is_done_before_they_are(monkeypatch):
    monkeypatch.setattr("inkread.readers.pool._cores", lambda: 2)
    for left, wanted in ((0, 1), (3, 1), (4, 2), (9, 2)):
        workers, files = helpers(iter("abcdefghi"[:left]), 1)
        assert (workers, "".join(files)) == (wanted, "abcdefghi"[:left])


def test_nothing_to_read_is_a_row_too(tmp_path):
    (page,) = inkread.Reader().read_many(tmp_path)
    assert page.status == "failed" and "holds no pictures" in page.reason
    (page,) = inkread.Reader().read_many(tmp_path / "*.png")
    assert page.status == "failed" and "no such file" in page.reason


def test_sources_expand_in_a_stable_order(tmp_path):
    for name in ("b.png", "a.JPG", "c.txt", "sub/d.tif"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [p[len(str(tmp_path)) + 1 :] for p in expand([tmp_path])] == ["a.JPG", "b.png", "sub/d.tif"]
    assert list(expand([f"{tmp_path}/*.txt", "-"])) == [f"{tmp_path}/c.txt", "-"]


def test_workers_must_be_one_or_more():
    with pytest.raises(UsageError, match="give 1 or more"):
        list(inkread.Reader().read_many("x", workers=0))


def test_a_portion_of_work_is_many_small_files_or_one_large_one(tmp_path):
    from inkread.readers import pool

    names = []
    for number, size in enumerate([10] * 20 + [500_000] * 2):
        path = tmp_path / f"{number:02}.png"
        path.write_bytes(bytes(size))
        names.append(str(path))
    files = iter([*names, "missing.png", "bad\0name.png"])
    portions = []
    while portion := pool._chunk(files):
        portions.append(portion)
    assert [len(portion) for portion in portions] == [16, 5, 1, 2]
    assert [name for portion in portions for name in portion] == [*names, "missing.png", "bad\0name.png"]


@pytest.mark.parametrize("shape", [(3000, 5), (5, 3000), (6, 2374), (4, 4), (2700, 11)])
@pytest.mark.parametrize("kind", ["ramp", "noise", "mark"])
def test_strips_of_any_shape_are_read_without_a_stumble(shape, kind):
    if kind == "ramp":
        grey = np.add.outer(np.arange(shape[0]), np.arange(shape[1])) * 255 / sum(shape)
    else:
        grey = np.random.default_rng(0).normal(200, 40 if kind == "noise" else 4, shape)
    if kind == "mark":
        grey[shape[0] // 4 : shape[0] // 2 + 1, shape[1] // 2 : shape[1] // 2 + 2] = 30
    page = inkread.Reader("digit").read(np.clip(grey, 0, 255).astype(np.uint8))
    assert len(page) >= 1 and all(r.status in ("accepted", "review", "refused") for r in page)
