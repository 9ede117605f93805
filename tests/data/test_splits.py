"""No writer is on two sides."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkread.data import sources, splits
from inkread.errors import DataError
from inkread.synth.hands import held_out


@given(
    st.lists(st.integers(0, 9), min_size=4, max_size=80).filter(lambda g: len(set(g)) > 1),
    st.floats(0.1, 0.9),
)
def test_no_group_is_on_both_sides(groups, share):
    groups = np.array(groups)
    kept, held = splits.by_group(groups, share, np.random.default_rng(0))
    assert not set(groups[kept]) & set(groups[held])
    assert sorted([*kept, *held]) == list(range(len(groups)))
    assert len(kept) and len(held)


def test_one_group_cannot_be_split():
    with pytest.raises(DataError, match="at least 2"):
        splits.by_group(np.zeros(5, int), 0.5, np.random.default_rng(0))


def test_without_writers_neighbours_in_the_file_stay_together(monkeypatch):
    monkeypatch.delenv("INKREAD_DATA", raising=False)
    parts = splits.mnist_train()
    together = np.concatenate([parts.train, parts.validation, parts.calibration])
    assert parts.how == "by neighbourhood in the file"
    assert len(np.unique(together)) == len(together) == 60000
    assert not set(parts.train // 100) & set(parts.validation // 100)


def test_with_writers_mnist_is_split_by_writer(monkeypatch, tmp_path):
    (tmp_path / "mnist").mkdir()
    writers = np.random.default_rng(0).integers(0, 539, 60000)
    np.savez(tmp_path / "mnist" / "writers.npz", train=writers)
    monkeypatch.setenv("INKREAD_DATA", str(tmp_path))
    parts = splits.mnist_train()
    hands = [set(writers[p]) for p in (parts.train, parts.validation, parts.calibration)]
    assert parts.how == "by writer"
    assert not hands[0] & hands[1] and not hands[0] & hands[2] and not hands[1] & hands[2]
    assert not any(held_out(f"mnist-{w}") for w in hands[0])
    assert len(parts.train) / 60000 == pytest.approx(6 / 7, abs=0.04)


def test_a_data_folder_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setenv("INKREAD_DATA", "/no/such/folder")
    with pytest.raises(DataError, match="not a folder; point it at the data"):
        sources.data_folder()
