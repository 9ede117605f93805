"""Pools of strings: rows are told apart, lost ones left out, pieces kept, and the same ones come again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inkread.alphabet import FIELDS
from inkread.data import fieldpools, linebatches, sources, varylines
from inkread.data.linebatches import Mix
from inkread.data.linesets import KEPT_HEIGHT, Strips
from inkread.errors import DataError
from inkread.imaging.field_rows import FieldRow
from inkread.synth.fieldscenes import Row

WAY = np.array([[1.0, 0, 0], [0, 1.0, 0]])


def row(left: float, top: float, right: float, bottom: float) -> Row:
    return Row("12", (left, top, right, bottom), "12", "number")


def found(left: int, top: int, right: int, bottom: int) -> FieldRow:
    return FieldRow(np.zeros((4, 4), np.float32), WAY, (left, top, right, bottom))


def test_rows_are_found_where_they_are_and_alone() -> None:
    rows = (row(10, 10, 90, 30), row(10, 50, 90, 70), row(10, 90, 90, 110))
    got = [found(11, 9, 92, 31), found(10, 48, 90, 112)]
    assert fieldpools.found_for(rows, got) == [0, None, None]
    assert fieldpools.found_for(rows, []) == [None, None, None]


def test_ink_that_was_lost_on_the_way_is_measured() -> None:
    truth = np.zeros((40, 60), np.float32)
    truth[10:30, 20:24] = truth[10:30, 40:44] = 1
    whole = FieldRow(truth[8:32, 15:50].copy(), np.array([[1.0, 0, 15], [0, 1.0, 8]]), (20, 10, 44, 30))
    one = row(20, 10, 44, 30)
    assert fieldpools._kept_of(truth, one, whole) > 0.95
    half = whole.ink.copy()
    half[:, 15:] = 0
    lost = FieldRow(half, whole.to_picture, whole.box)
    assert 0.4 < fieldpools._kept_of(truth, one, lost) < 0.6


@pytest.mark.usefixtures("few_hands")
def test_a_piece_comes_again_and_is_spelt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fieldpools, "CHUNK", 6)
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        fieldpools._draw(("train", 3, tmp_path / folder))
    first, again = (Strips.open(tmp_path / folder / "0003.npy") for folder in ("a", "b"))
    assert first.checksum() == again.checksum() and len(first) == 6
    assert not any(FIELDS.unknown(text) for text in first.texts)
    assert all(group.count("|") == 3 for group in first.groups)
    mix = Mix((tmp_path / "a" / "0003.npy",), (1.0,), FIELDS, 4000, 16, masked=0.0)
    seen, told = linebatches.batch_of(mix, (0, 0, 0))
    assert seen.shape[0] == told.shape[0] <= 16 and float(seen.max()) <= 1


def test_nothing_is_wiped_out_where_characters_must_be_read_alone() -> None:
    kept = np.zeros((KEPT_HEIGHT, 200), np.uint8)
    kept[10:46] = 255
    for seed in range(12):
        seen = varylines.vary(kept, np.random.default_rng(seed), masked=0.0)
        inner = seen[:, 30 : seen.shape[1] - 30].max(0)
        assert inner.min() > 0.3


def test_without_writers_nothing_is_composed(monkeypatch: pytest.MonkeyPatch) -> None:
    fieldpools.hands.cache_clear()
    monkeypatch.setattr(sources, "data_folder", lambda: None)
    with pytest.raises(DataError, match=r"writers\.npz"):
        fieldpools.hands("train")
