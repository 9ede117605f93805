"""A set of one's own: any form, any classes, split so that nothing is on both sides, or one clear line."""

import csv

import cv2
import numpy as np
import pytest

from inkread import normalize
from inkread.data import own, splits
from inkread.errors import DataError, UsageError

SYMBOLS = {
    "star": [[(20, 60), (100, 60)], [(60, 20), (60, 100)], [(30, 30), (90, 90)]],
    "arrow": [[(15, 60), (100, 60)], [(70, 30), (100, 60)], [(70, 90), (100, 60)]],
    "7": [[(25, 25), (95, 25)], [(95, 25), (50, 100)]],
}


def draw(symbol, rng, size=120, light=False):
    page = np.full((120, 120), 225, np.uint8)
    for start, end in SYMBOLS[symbol]:
        a, b = (tuple(int(v) for v in np.array(p) + rng.integers(-6, 7, 2)) for p in (start, end))
        cv2.line(page, a, b, 40, 6, cv2.LINE_AA)
    page = cv2.resize(255 - page if light else page, (size, size), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(page)


def folders(root, count=8, symbols=tuple(SYMBOLS), seed=0):
    rng = np.random.default_rng(seed)
    for symbol in symbols:
        (root / symbol).mkdir(parents=True)
        for number in range(count):
            ending = ("png", "jpg", "webp")[number % 3]
            page = draw(symbol, rng, size=60 + 25 * number, light=number % 4 == 3)
            cv2.imwrite(str(root / symbol / f"{number}.{ending}"), page)
    return root


def archive(path, n=60, kinds=10, **more):
    rng = np.random.default_rng(0)
    images = np.zeros((n, 28, 28), np.uint8)
    images[:, 4:24, 4:24] = rng.integers(0, 256, (n, 20, 20))
    arrays = {"images": images, "labels": np.arange(n) % kinds} | more
    np.savez(path, **arrays)
    return str(path), images


def pixels(samples):
    return {image.tobytes() for image in samples.images}


# --- what comes in ---------------------------------------------------------------------------------------


def test_a_folder_a_class_of_any_size_polarity_and_format(tmp_path):
    found = own.load(str(folders(tmp_path / "set")))
    assert found.classes == ("7", "arrow", "star")
    assert len(found.train) + len(found.validation) == 24
    assert found.train.images.shape[1:] == (28, 28) and found.train.images.dtype == np.uint8
    assert (np.median(found.train.images[:, 0], axis=1) == 0).all()  # white on black, all of them


def test_pictures_go_through_the_normaliser_that_reading_uses(tmp_path):
    root = folders(tmp_path / "set", count=3)
    found = own.load(str(root))
    wanted = np.rint(normalize(root / "7" / "0.png")[..., 0] * 255).astype(np.uint8)
    assert wanted.tobytes() in pixels(found.train) | pixels(found.validation)


def test_a_table_of_labels_with_turned_photos(tmp_path):
    root = folders(tmp_path / "set", count=4)
    rows = [("file", "label", "rotate_ccw_degrees")]
    for number, path in enumerate(sorted(root.rglob("*.*"))):
        page = cv2.imread(str(path))
        turned = number % 2
        cv2.imwrite(str(path), cv2.rotate(page, cv2.ROTATE_90_CLOCKWISE) if turned else page)
        rows.append((path.relative_to(root).as_posix(), path.parent.name, 90 * turned))
    with (root / "labels.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    found = own.load(str(root / "labels.csv"))
    sevens = found.train.images[found.train.labels == found.classes.index("7")]
    assert ((sevens > 100).sum(axis=2).argmax(axis=1) < 12).all()  # the bar of every 7 is on top


def test_an_archive_in_the_form_of_mnist_is_taken_as_it_is(tmp_path):
    name, images = archive(tmp_path / "a.npz")
    found = own.load(name)
    assert pixels(found.train) | pixels(found.validation) == {image.tobytes() for image in images}


def test_dark_on_light_pictures_of_28_pixels_are_inverted(tmp_path):
    name, images = archive(tmp_path / "a.npz")
    inverted, _ = archive(tmp_path / "b.npz", images=255 - images)
    assert pixels(own.load(name).train) == pixels(own.load(inverted).train)


def test_integers_are_places_in_classes(tmp_path):
    name, _ = archive(tmp_path / "a.npz", kinds=3, classes=np.array(["x", "", "b"]))
    found = own.load(name)
    assert found.classes == ("b", "x", "")  # sorted; "nothing to be read" is last, as in every model
    assert np.bincount(found.train.labels).tolist() == [16, 16, 16]


# --- the split -------------------------------------------------------------------------------------------


def test_whole_writers_are_held_back(tmp_path):
    name, _ = archive(tmp_path / "a.npz", n=200, writers=np.arange(200) // 20)
    found = own.load(name)
    assert found.how == "by writer" and len(found.validation) == 40
    assert not set(found.train.groups) & set(found.validation.groups)
    assert (np.bincount(found.validation.labels) == 4).all()


def test_without_writers_a_share_of_every_class_is_held_back(tmp_path):
    name, _ = archive(tmp_path / "a.npz", n=200)
    found = own.load(name, held_back=0.3)
    assert found.how == "by class"
    assert (np.bincount(found.validation.labels) == 6).all()


def test_the_seed_decides_the_split(tmp_path):
    name, _ = archive(tmp_path / "a.npz")
    same, again, other = own.load(name), own.load(name), own.load(name, seed=1)
    assert same.checksum == again.checksum != other.checksum


def test_copies_of_a_picture_stay_on_one_side(tmp_path):
    name, images = archive(tmp_path / "a.npz", n=30, kinds=2)
    images[15:] = images[:15]
    for seed in range(5):
        found = own.load(archive(tmp_path / "b.npz", n=30, kinds=2, images=images)[0], seed=seed)
        assert not pixels(found.train) & pixels(found.validation)


def test_a_set_that_comes_in_parts_keeps_them_and_its_test_part_is_not_looked_at(tmp_path):
    folders(tmp_path / "set" / "train", count=4)
    folders(tmp_path / "set" / "val", count=2, seed=1)
    (tmp_path / "set" / "test" / "7").mkdir(parents=True)
    (tmp_path / "set" / "test" / "7" / "broken.png").write_bytes(b"not a picture")
    found = own.load(str(tmp_path / "set"))
    assert (found.how, len(found.train), len(found.validation)) == ("as the set came", 12, 6)


def test_a_column_split_tells_the_parts(tmp_path):
    split = np.array(["train"] * 40 + ["val"] * 20)
    found = own.load(archive(tmp_path / "a.npz", split=split)[0])
    assert (found.how, len(found.train), len(found.validation)) == ("as the set came", 40, 20)


def test_enough_held_back_pictures_leave_some_to_calibrate_on(tmp_path):
    large = own.load(archive(tmp_path / "a.npz", n=2000, writers=np.arange(2000) // 40)[0])
    small = own.load(archive(tmp_path / "b.npz", n=200)[0])
    assert len(large.calibration) == len(large.validation) == 200 and small.calibration is None
    assert not set(large.calibration.groups) & set(large.validation.groups)


def test_thin_classes_weigh_as_much_as_thick_ones(tmp_path):
    labels = np.array([0] * 50 + [1] * 10)
    train = own.load(archive(tmp_path / "a.npz", labels=labels)[0]).train
    thick, thin = (train.weights[train.labels == c] for c in (0, 1))
    assert thick.sum() == pytest.approx(thin.sum(), rel=1e-4) and train.weights.mean() == pytest.approx(1)


def test_pairs_that_a_turn_confuses_are_named(tmp_path):
    assert own.load(archive(tmp_path / "a.npz")[0]).guards == {"6/9"}
    assert own.load(archive(tmp_path / "b.npz", kinds=5)[0]).guards == frozenset()


def test_blank_pictures_are_left_out_and_said(tmp_path):
    _, images = archive(tmp_path / "a.npz")
    images[3] = 0
    found = own.load(archive(tmp_path / "b.npz", images=images)[0])
    assert len(found.train) + len(found.validation) == 59
    assert found.notes == ("1 pictures left out: nothing stands out on them, such as #3",)


def test_one_picture_under_two_labels_is_said(tmp_path):
    _, images = archive(tmp_path / "a.npz")
    images[1] = images[0]
    (note,) = own.load(archive(tmp_path / "b.npz", images=images)[0]).notes
    assert note == "1 pictures come with several labels, such as '0' and '1'"


# --- what cannot be trained on ---------------------------------------------------------------------------


def test_an_empty_class_is_named(tmp_path):
    root = folders(tmp_path / "set", count=3)
    (root / "moon").mkdir()
    with pytest.raises(DataError, match=r"the class 'moon' is empty; add pictures or remove the folder"):
        own.load(str(root))


def test_a_class_of_one_picture_is_named(tmp_path):
    root = folders(tmp_path / "set", count=3)
    (root / "7" / "0.png").unlink()
    (root / "7" / "1.jpg").unlink()
    with pytest.raises(DataError, match=r"the class '7' has one usable picture only; expected at least 2"):
        own.load(str(root))


def test_one_picture_twice_is_one_picture(tmp_path):
    root = folders(tmp_path / "set", count=3)
    for name in ("1.jpg", "2.webp"):
        (root / "7" / name).write_bytes((root / "7" / "0.png").read_bytes())
    with pytest.raises(DataError, match=r"the class '7' has one usable picture only"):
        own.load(str(root))


def test_a_single_class_is_nothing_to_learn(tmp_path):
    with pytest.raises(DataError, match=r"has only the class '7'; expected at least 2"):
        own.load(str(folders(tmp_path / "set", symbols=("7",))))


def test_broken_pictures_are_counted_and_the_first_is_named(tmp_path):
    root = folders(tmp_path / "set", count=4)
    for name in ("0.png", "1.jpg"):
        (root / "star" / name).write_bytes(b"\x89PNG cut off")
    with pytest.raises(DataError, match=r"2 of the 12 pictures of .*set cannot be opened.*0\.png"):
        own.load(str(root))


def test_missing_files_of_a_table_are_counted_and_the_first_is_named(tmp_path):
    (tmp_path / "labels.csv").write_text("file,label\na.png,7\nb.png,8\n")
    with pytest.raises(DataError, match=r"line 2: a\.png is not there \(and 1 more of 2\)"):
        own.load(str(tmp_path / "labels.csv"))


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        pytest.param({"labels": np.arange(59)}, "60 images and 59 labels", id="a label is missing"),
        pytest.param({"labels": np.ones(60)}, "expected text or integers", id="labels are measures"),
        pytest.param({"split": ["train"] * 59 + ["tset"]}, "split says 'tset'", id="a part is misspelt"),
    ],
)
def test_an_archive_that_contradicts_itself_says_why(tmp_path, arrays, message):
    with pytest.raises(DataError, match=message):
        own.load(archive(tmp_path / "a.npz", **arrays)[0])


def test_a_share_is_between_0_and_1(tmp_path):
    with pytest.raises(UsageError, match=r"held_back is 20; expected a share between 0 and 1"):
        own.load(archive(tmp_path / "a.npz")[0], held_back=20)


def test_every_picture_goes_on_being_called_by_its_file(tmp_path):
    found = own.load(str(folders(tmp_path / "set")))
    for samples in (found.train, found.validation):
        for label, name in zip(samples.labels, samples.names, strict=True):
            assert f"/{found.classes[label]}/" in name.replace("\\", "/")


# --- the splitter itself ---------------------------------------------------------------------------------


def test_something_of_every_class_is_left_to_learn_from():
    labels, units = np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 2])
    kept, held = splits.by_class(labels, units, 0.4, np.random.default_rng(0))
    assert set(labels[kept]) == {0, 1} and len(held)
    assert not set(units[kept]) & set(units[held])


def test_what_shares_a_writer_or_a_picture_belongs_together():
    together = splits.joined(["ann", "bob", "bob", "eve"], ["p", "p", "q", "r"])
    assert together.tolist() == [0, 0, 0, 3]
