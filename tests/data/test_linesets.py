"""Sets of lines are read as they are written, kept as strips, varied, and put into batches."""

import io
import tarfile
from functools import partial

import cv2
import numpy as np
import pytest

from inkread.alphabet import LATIN
from inkread.data import linebatches, linesets, varylines
from inkread.data.linebatches import Mix
from inkread.data.linesets import KEPT_HEIGHT, Strips
from inkread.data.supply import Supply
from inkread.errors import DataError
from inkread.imaging.strips import HEIGHT, strip

ROWS = [
    ("a.jpg", "train", "anna", 'he said "no" to it'),
    ("b.jpg", "train", "anna", "a >crossed< word"),
    ("c.jpg", "val", "bert", "ça va"),
]


def picture(text, wide=300):
    page = np.full((64, wide), 230, np.uint8)
    cv2.putText(page, text, (8, 44), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.0, 60, 2, cv2.LINE_AA)
    return cv2.imencode(".png", page)[1].tobytes()


def table(rows):
    return "".join("\t".join(row) + "\n" for row in [("file", "split", "group", "text"), *rows]).encode()


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "mine"
    made.mkdir()
    made.joinpath("lines.tsv").write_bytes(table(ROWS))
    for name, _, _, text in ROWS:
        made.joinpath(name).write_bytes(picture(text))
    return made


@pytest.fixture
def pool(tmp_path):
    rng = np.random.default_rng(0)
    strips = [
        (rng.random((KEPT_HEIGHT, int(w))) > 0.8).astype(np.uint8) * 255 for w in rng.integers(80, 400, 20)
    ]
    texts = [f"line {i}" for i in range(20)]
    return Strips.of(strips, texts, ["anna"] * 20).save(tmp_path / "pool.npy")


def test_quotes_stay_and_crossed_out_lines_are_left_out(folder):
    lines = list(linesets.read(folder))
    assert [(line.text, line.group, line.split) for line in lines] == [
        ('he said "no" to it', "anna", "train"),
        ("ça va", "bert", "val"),
    ]
    assert [line.name for line in linesets.read(folder, "val")] == ["c.jpg"]


def test_an_archive_reads_as_its_folder_does(folder, tmp_path):
    path = tmp_path / "mine.tar"
    with tarfile.open(path, "w") as archive:
        for file in sorted(folder.iterdir()):
            content = file.read_bytes()
            info = tarfile.TarInfo(f"set/{file.name}" if file.suffix == ".tsv" else file.name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    assert list(linesets.read(path)) == list(linesets.read(folder))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "begins with"),
        (b"file,text\n", "begins with"),
        (table([("a.jpg", "train")]), "row 2 of lines.tsv has 2 columns"),
        (table([("gone.jpg", "train", "", "x")]), "no set of lines, or is damaged"),
        (b"file\tsplit\tgroup\ttext\n\xff\xfe\n", "no set of lines, or is damaged"),
    ],
)
def test_a_broken_set_says_what_is_wrong(tmp_path, content, told):
    tmp_path.joinpath("lines.tsv").write_bytes(content)
    with pytest.raises(DataError, match=told):
        list(linesets.read(tmp_path))


def test_an_archive_that_is_none_says_so(tmp_path):
    path = tmp_path / "lines.tar"
    path.write_bytes(b"not an archive")
    with pytest.raises(DataError, match="no set of lines"):
        list(linesets.read(path))


def test_strips_hold_the_ink_and_forms_are_capped(folder):
    rows = [*linesets.read(folder), *(next(linesets.read(folder)) for _ in range(7))]
    kept = linesets.stripped(iter(rows), alike=3)
    assert kept.texts.count('he said "no" to it') == 3
    assert kept[0].shape[0] == KEPT_HEIGHT and kept[0].max() > 200 and np.median(kept[0]) == 0


def test_strips_are_kept_and_damage_is_noticed(pool):
    kept = Strips.open(pool)
    again = Strips.open(kept.save(pool.with_name("copy.npy")))
    assert again.checksum() == kept.checksum() and again.texts == kept.texts
    np.testing.assert_array_equal(again[7], kept[7])
    both = Strips.join([kept, kept.take([3, 1])])
    np.testing.assert_array_equal(both[20], kept[3])
    pool.write_bytes(pool.read_bytes()[:200])
    with pytest.raises(DataError, match="is damaged"):
        Strips.open(pool)


def test_a_view_is_the_same_for_the_same_chance_and_another_for_another(pool):
    kept = Strips.open(pool)[0]
    one, same, other = (varylines.vary(kept, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert one.shape != other.shape or (one != other).any()
    for seed in range(30):
        seen = varylines.vary(kept, np.random.default_rng(seed))
        assert seen.shape[0] == HEIGHT and seen.dtype == np.float32
        assert 0 <= seen.min() and seen.max() <= 1


def test_what_is_not_varied_is_what_a_reader_sees():
    drawn = np.zeros((90, 400), np.uint8)
    cv2.putText(drawn, "hello there", (10, 60), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.5, 255, 2, cv2.LINE_AA)
    page = drawn.astype(np.float32) / 255
    kept = np.rint(strip(page, KEPT_HEIGHT).ink * 255).astype(np.uint8)
    seen, wanted = varylines.plain(kept), strip(page).ink
    assert abs(seen.shape[1] - wanted.shape[1]) <= 1
    wide = min(seen.shape[1], wanted.shape[1])
    assert np.abs(seen[:, :wide] - wanted[:, :wide]).mean() < 0.04


def test_batches_are_the_same_whoever_makes_them_and_texts_fit_their_frames(pool):
    make = partial(linebatches.batch_of, Mix((pool,), (1.0,), LATIN, 2_000))
    with Supply(make, seed=3, processes=1) as ahead:
        got = [ahead.get(0, step, 2) for step in range(2)]
    for step, (strips, told) in enumerate(got):
        again = make((3, 0, step))
        np.testing.assert_array_equal(strips, again[0])
        np.testing.assert_array_equal(told, again[1])
        assert strips.shape[1] == HEIGHT and strips.shape[2] % linebatches.ROUND == 0
        for row in told:
            text = [int(c) for c in row[1:] if c]
            assert LATIN.decode(text).startswith("line ")
            assert linebatches.fits(text, row[0]) and row[0] * 4 <= strips.shape[2] + 3


def test_a_doubled_character_needs_a_frame_more():
    assert linebatches.fits([1, 2, 3], 3) and not linebatches.fits([1, 1, 3], 3)
