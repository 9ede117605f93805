import numpy as np
import pytest
from PIL import Image

from inkread.data import labelled, sources
from inkread.errors import DataError


def picture(path, size=(8, 8)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", size, 255).save(path)
    return path


def archive(path, **arrays):
    np.savez(path, **arrays)
    return str(path)


IMAGES = np.zeros((3, 28, 28), np.uint8)


def test_integer_labels_are_places_in_classes(tmp_path):
    name = archive(
        tmp_path / "a.npz", images=IMAGES, labels=np.array([2, 0, 1]), classes=np.array(["a", "b", ""])
    )
    assert [item.label for item in labelled.load(name).items] == ["", "a", "b"]


def test_integer_labels_without_classes_are_digits(tmp_path):
    name = archive(tmp_path / "a.npz", images=IMAGES, labels=np.array([2, 0, 1], np.uint8))
    assert [item.label for item in labelled.load(name).items] == ["2", "0", "1"]


def test_text_labels_stay_as_they_are(tmp_path):
    name = archive(
        tmp_path / "a.npz", images=IMAGES, labels=np.array(["02139", "", "7"]), writers=np.array([5, 5, 6])
    )
    found = labelled.load(name)
    assert [item.label for item in found.items] == ["02139", "", "7"]
    assert [item.writer for item in found.items] == ["5", "5", "6"]


def test_pictures_of_one_size_come_as_one_array(tmp_path):
    name = archive(tmp_path / "a.npz", images=IMAGES[..., None], labels=np.array([2, 0, 1]))
    assert labelled.load(name).arrays().shape == (3, 28, 28)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        pytest.param({"images": IMAGES}, "has no 'labels', only images", id="no labels"),
        pytest.param(
            {"images": IMAGES, "labels": np.arange(2)}, "3 images and 2 labels", id="a label is missing"
        ),
        pytest.param(
            {"images": IMAGES / 255, "labels": np.arange(3)}, "expected uint8", id="pictures are not bytes"
        ),
        pytest.param(
            {"images": IMAGES, "labels": np.ones(3)}, "expected text or integers", id="labels are measures"
        ),
        pytest.param(
            {"images": IMAGES, "labels": np.arange(3), "classes": np.array(["a"])},
            "0 to 2, but there are 1 classes",
            id="a label beyond the classes",
        ),
    ],
)
def test_an_archive_that_does_not_fit_says_why(tmp_path, arrays, message):
    with pytest.raises(DataError, match=message):
        labelled.load(archive(tmp_path / "a.npz", **arrays))


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 cut off", b"just text"], ids=["empty", "truncated", "text"]
)
def test_a_broken_archive_is_one_clear_line(tmp_path, content):
    path = tmp_path / "broken.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"broken\.npz is no \.npz archive, or damaged; expected"):
        labelled.load(str(path))


def test_pickled_objects_are_never_unpacked(tmp_path):
    name = archive(tmp_path / "a.npz", images=IMAGES, labels=np.array(["a", 1, None], dtype=object))
    with pytest.raises(DataError, match="cannot be read"):
        labelled.load(name)


def test_a_folder_a_class(tmp_path):
    for place in ("7/one.png", "7/deeper/two.JPG", "_reject/cup.png", "7/notes.txt"):
        picture(tmp_path / place) if not place.endswith("txt") else (tmp_path / place).write_text(
            "no picture"
        )
    assert sorted(item.label for item in labelled.load(str(tmp_path)).items) == ["", "7", "7"]


def test_a_folder_without_class_folders_says_what_it_should_hold(tmp_path):
    picture(tmp_path / "one.png")
    with pytest.raises(DataError, match="holds no pictures in class folders"):
        labelled.load(str(tmp_path))


def table(folder, text):
    picture(folder / "a.png")
    path = folder / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_table_names_files_beside_it(tmp_path):
    name = table(tmp_path, "file,label,writer,rotate_ccw_degrees\na.png,1|23,eve,90\na.png,,,\n")
    first, second = labelled.load(name).items
    assert (first.picture, first.label, first.writer) == (str(tmp_path / "a.png"), "1\n23", "eve")
    assert (second.label, second.rotate) == ("", 0.0)


def test_a_picture_to_be_turned_left_is_turned_by_minus_degrees(tmp_path):
    name = table(tmp_path, "file,label,rotate_ccw_degrees\na.png,7,90\n")
    assert labelled.load(name).items[0].rotate == -90.0


def test_a_folder_with_a_table_is_that_table(tmp_path):
    table(tmp_path, "file,label\na.png,7\n")
    assert labelled.load(str(tmp_path)).items[0].label == "7"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("file,label\n", "no rows below its header", id="only a header"),
        pytest.param("", "no rows below its header", id="empty"),
        pytest.param("path,label\na.png,7\n", "no column 'file', only path, label", id="another column"),
        pytest.param("file,lable\na.png,7\n", "is 'lable' meant to be 'label'", id="a misspelt column"),
        pytest.param("file;label\na.png;7\n", "with commas between them", id="semicolons"),
        pytest.param("file,label\nb.png,7\n", r"line 2: b\.png is not there", id="a missing picture"),
        pytest.param("file,label\naa.png,7\n", r"did you mean 'a\.png'", id="a misspelt picture"),
        pytest.param(
            "file,label,rotate_ccw_degrees\na.png,7,left\n", "'left'; expected a number", id="a turn in words"
        ),
    ],
)
def test_a_table_that_does_not_fit_says_why(tmp_path, text, message):
    with pytest.raises(DataError, match=message):
        labelled.load(table(tmp_path, text))


MIXED = "file,label,type,pen\na.png,1,digit,red\na.png,2,digit,blue\na.png,a,letter,blue\n"


@pytest.mark.parametrize(
    ("where", "labels"),
    [
        pytest.param(["type=digit"], ["1", "2"], id="one choice"),
        pytest.param(["type=digit", "pen=blue"], ["2"], id="two columns narrow it"),
        pytest.param(["label=1", "label=a"], ["1", "a"], id="two values of a column widen it"),
    ],
)
def test_where(tmp_path, where, labels):
    found = labelled.load(table(tmp_path, MIXED), where=where)
    assert [item.label for item in found.items] == labels
    assert found.name.endswith(f"labels.csv where {' '.join(where)}")


@pytest.mark.parametrize(
    ("where", "message"),
    [
        pytest.param("tipe=digit", r"no such column; did you mean 'type'\?", id="a misspelt column"),
        pytest.param("type", "expected COLUMN=VALUE", id="no value"),
        pytest.param("type=symbol", "no item is left of 3 where type=symbol", id="nothing left"),
    ],
)
def test_where_that_cannot_be_meant(tmp_path, where, message):
    with pytest.raises(DataError, match=message):
        labelled.load(table(tmp_path, MIXED), where=[where])


def test_limit_takes_the_first(tmp_path):
    found = labelled.load(table(tmp_path, MIXED), limit=2)
    assert [item.label for item in found.items] == ["1", "2"] and found.name.endswith("first 2")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("nowhere.npz", r"nowhere\.npz is not there; expected mnist:test", id="missing"),
        pytest.param(
            "mnist:tset", "no part 'tset'; did you mean 'test'", id="a part that MNIST does not have"
        ),
    ],
)
def test_a_set_that_is_not_there(name, message):
    with pytest.raises(DataError, match=message):
        labelled.load(name)


def test_a_file_of_another_kind_says_what_is_read(tmp_path):
    path = tmp_path / "set.parquet"
    path.write_bytes(b"PAR1")
    with pytest.raises(DataError, match=r"is a \.parquet file; expected \.npz, \.csv, \.tar or a folder"):
        labelled.load(str(path))


def test_an_archive_without_labels_says_what_may_be_meant(tmp_path):
    np.savez(tmp_path / "set.npz", images=np.zeros((2, 28, 28), np.uint8), label=np.arange(2))
    with pytest.raises(
        DataError, match=r"has no 'labels', only images, label; .* 'label' meant to be 'labels'"
    ):
        labelled.load(str(tmp_path / "set.npz"))


def test_the_doubtful_labels_keep_their_places_in_a_choice():
    found = labelled.load("mnist:test", where=["label=4", "label=6"])
    images, _ = sources.mnist("test")
    kept = {found.items[i].picture.tobytes() for i in found.doubtful}
    assert kept and kept <= {images[i].tobytes() for i in labelled.MNIST_DOUBTFUL_TEST_LABELS}


def test_validation_has_no_picture_of_the_test_part():
    test = {item.picture.tobytes() for item in labelled.load("mnist:test", limit=2000).items}
    assert not any(item.picture.tobytes() in test for item in labelled.load("mnist:val", limit=2000).items)
