"""`inkread data check`: what would cost an evening is found before it does."""

import json
import zlib

import cv2
import numpy as np
import pytest

from inkread.cli import main
from inkread.data import likeness, sources
from inkread.data.check import check
from inkread.errors import DataError


def page(name, light=False):
    """A scribble on paper that depends on its name alone."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    paper = np.full((300, 260), 225, np.uint8)
    cv2.polylines(paper, [rng.integers(40, 220, (4, 2)).astype(np.int32)], False, 40, 14, cv2.LINE_AA)
    return 255 - paper if light else paper


@pytest.fixture
def folder(tmp_path):
    """A sound set in two parts."""
    for part, count in (("train", 20), ("test", 4)):
        for label in "ab":
            (tmp_path / part / label).mkdir(parents=True)
            for number in range(count):
                name = f"{part}/{label}/{number}.png"
                cv2.imwrite(str(tmp_path / name), page(name))
    return tmp_path


def found(path, **options):
    return {finding.kind: finding for finding in check(str(path), **options).findings}


def copy(folder, one, other):
    (folder / other).write_bytes((folder / one).read_bytes())


def run(*words):
    with pytest.raises(SystemExit) as ended:
        main(["data", *map(str, words)])
    return ended.value.code or 0


def test_a_sound_set_has_no_finding(folder):
    report = check(str(folder))
    assert report.findings == () and not report.stops
    assert report.parts == {"train": {"a": 20, "b": 20}, "test": {"a": 4, "b": 4}}


def test_the_same_picture_in_two_parts_is_a_leak(folder):
    copy(folder, "train/a/1.png", "test/a/9.png")
    leak = found(folder)["leak"]
    assert (leak.level, leak.count) == ("stop", 1)
    assert "train/a/1.png (a) = " in leak.examples[0] and "test/a/9.png (a)" in leak.examples[0]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda p: (p * 0.7).astype(np.uint8), id="darker"),
        pytest.param(lambda p: 255 - p, id="inverted"),
        pytest.param(lambda p: p[6:-9, 4:-7], id="cropped"),
        pytest.param(
            lambda p: cv2.resize(p, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA), id="smaller"
        ),
    ],
)
def test_a_picture_changed_and_saved_again_is_nearly_the_same(folder, change):
    again = np.ascontiguousarray(change(page("train/b/2.png")))
    cv2.imwrite(str(folder / "test/b/9.jpg"), again, [cv2.IMWRITE_JPEG_QUALITY, 70])
    leak = found(folder)["near_leak"]
    assert leak.level == "warn" and "train/b/2.png (b) = " in leak.examples[0]
    assert "near_leak" not in found(folder, near=False)


def test_one_picture_under_two_labels_stops(folder):
    copy(folder, "train/a/3.png", "train/b/30.png")
    assert found(folder)["torn"].level == "stop"


def test_a_copy_within_a_part_is_a_warning(folder):
    copy(folder, "train/a/3.png", "train/a/30.png")
    assert found(folder)["copies"].level == "warn" and not check(str(folder)).stops


def test_broken_files_are_counted_and_named(folder):
    (folder / "train/a/30.jpg").write_bytes(b"\xff\xd8\xff cut off")
    broken = found(folder)["broken"]
    assert (broken.level, broken.count) == ("stop", 1) and "train/a/30.jpg" in broken.examples[0]


def test_blank_pictures_are_a_warning_and_many_of_them_stop(folder):
    cv2.imwrite(str(folder / "train/a/30.png"), np.full((90, 90), 220, np.uint8))
    assert found(folder)["blank"].level == "warn"
    for number in range(31, 40):
        cv2.imwrite(str(folder / f"train/a/{number}.png"), np.full((90, 60 + number), 220, np.uint8))
    assert found(folder)["blank"].level == "stop"


def test_classes_that_are_thin_or_single(folder):
    for number in range(1, 20):
        (folder / f"train/a/{number}.png").unlink()
    (folder / "train/b/0.png").unlink()
    kinds = found(folder)
    assert kinds["single"].examples == ("a",) and kinds["single"].level == "stop"
    assert kinds["thin"].examples == ("b: 19",) and kinds["thin"].level == "warn"
    assert kinds["uneven"].count == 19


def test_parts_with_other_classes(folder):
    (folder / "test/b").rename(folder / "test/c")
    kinds = found(folder)
    assert kinds["unknown"].examples == ("c",) and kinds["unknown"].level == "stop"
    assert kinds["untested"].examples == ("b",)


def test_a_writer_on_both_sides(tmp_path):
    images = sources.mnist("test")[0][:80]
    split = np.where(np.arange(80) % 4, "train", "test")
    writers = np.arange(80) // 20
    np.savez(tmp_path / "a.npz", images=images, labels=np.arange(80) % 2, split=split, writers=writers)
    assert found(tmp_path / "a.npz")["writers"].count == 4


def test_an_empty_class(folder):
    (folder / "train" / "moon").mkdir()
    assert found(folder / "train")["empty"].examples == ("moon",)


def test_mixed_polarity_is_noted(folder):
    cv2.imwrite(str(folder / "train/a/0.png"), page("train/a/0.png", light=True))
    mixed = found(folder)["polarity"]
    assert (mixed.level, mixed.count) == ("note", 1)


# --- nearly equal pictures -------------------------------------------------------------------------------


def test_different_digits_are_not_nearly_the_same():
    assert len(likeness.pairs(sources.mnist("test")[0][:2500])) == 0


def test_every_near_copy_among_many_is_found():
    images = sources.mnist("test")[0][:1500]
    softer = np.stack([cv2.GaussianBlur(image, (3, 3), 0.4) for image in images[:100]])
    found = likeness.pairs(np.concatenate([images, softer]))
    assert found.tolist() == [[k, 1500 + k] for k in range(100)]


def test_blank_pictures_are_like_nothing():
    assert len(likeness.pairs(np.zeros((5, 28, 28), np.uint8))) == 0


# --- the command -----------------------------------------------------------------------------------------


def test_the_exit_code_says_whether_something_must_be_mended(folder, capsys):
    assert run("check", folder) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "ready to train on"
    copy(folder, "train/a/1.png", "test/a/9.png")
    assert run("check", folder) == 1
    told = capsys.readouterr().out
    assert "stop  the same picture in two parts, where a score then flatters: 1" in told
    assert told.splitlines()[-1] == "1 to mend before training"


def test_the_report_as_json(folder, capsys):
    (folder / "train/a/30.jpg").write_bytes(b"\xff\xd8\xff cut off")
    assert run("check", folder, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False and told["parts"]["test"] == {"a": 4, "b": 4}
    assert told["findings"][0]["kind"] == "broken"


def test_a_missing_set_is_one_line(tmp_path):
    with pytest.raises(DataError, match="is not there; expected"):
        check(str(tmp_path / "nothing"))
