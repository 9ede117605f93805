"""`inkread data preview`: a sheet with the originals and what augmentation makes of them."""

import numpy as np
import pytest
from PIL import Image

from inkread import Augment
from inkread.cli import main
from inkread.data import preview
from inkread.errors import UsageError


def run(*words):
    with pytest.raises(SystemExit) as ended:
        main(["data", "preview", *map(str, words)])
    return ended.value.code or 0


@pytest.fixture
def archive(tmp_path):
    images = np.zeros((30, 28, 28), np.uint8)
    images[:, 6:22, 12:16] = np.linspace(100, 255, 30, dtype=np.uint8)[:, None, None]
    np.savez(tmp_path / "bars.npz", images=images, labels=np.arange(30) % 15, classes=list("abcdefghijklmno"))
    return str(tmp_path / "bars.npz")


def test_one_row_a_class_and_not_too_many(archive):
    rows = preview.choose(archive, 0)
    labels = [row.label for row in rows]
    assert len(labels) == preview.ROWS and labels == sorted(labels)


def test_the_same_seed_draws_the_same_sheet(archive):
    one, same, other = (preview.sheet(preview.choose(archive, 0), name="a", seed=s) for s in (1, 1, 2))
    assert (np.array(one) == np.array(same)).all() and (np.array(one) != np.array(other)).any()


def test_originals_come_first_and_unvaried(archive):
    rows = preview.choose(archive, 0)[:1]
    still, moved = (
        np.array(preview.sheet(rows, name="a", vary=how)) for how in (Augment(), Augment(rotation_range=30))
    )
    assert (still[100:170, 120:204] == moved[100:170, 120:204]).all()
    assert (still[100:170, 230:] != moved[100:170, 230:]).any()


def test_the_command_writes_a_sheet(archive, tmp_path, capsys):
    out = tmp_path / "sheet.png"
    assert run(archive, "-o", out, "--vary", "rotation_range=20", "--vary", "zoom_range=0.9,1.2") == 0
    assert capsys.readouterr().out.strip() == str(out)
    with Image.open(out) as sheet:
        assert sheet.size[0] > 1000 and sheet.size[1] > 1000


def test_words_are_those_of_augment():
    how = preview.words(["rotation_range=20", "zoom_range=0.9,1.2", "width_shift_range=2"])
    assert how == Augment(rotation_range=20, zoom_range=(0.9, 1.2), width_shift_range=2)
    assert isinstance(how.width_shift_range, int) and preview.words([]) is None


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("rotatoin_range=20", r"--vary 'rotatoin_range=20': .*did you mean 'rotation_range'"),
        ("noise", "expected WORD=NUMBER"),
        ("noise=much", r"'much' is not a number, such as noise=0\.1"),
    ],
)
def test_a_setting_that_cannot_be_meant(setting, message):
    with pytest.raises(UsageError, match=message):
        preview.words([setting])


def test_a_sheet_is_a_png(archive, capsys):
    assert run(archive, "-o", "sheet.doc") == 2
    assert "expected a name that ends in .png" in capsys.readouterr().err
