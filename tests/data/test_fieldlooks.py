"""Rows as two looks have them: in one order, with the text of what they show a part of, and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from inkread.data import fieldlooks, shots
from inkread.data.linesets import KEPT_HEIGHT, Strips
from inkread.data.pool import Order


@pytest.mark.usefixtures("few_hands")
def test_both_looks_show_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fieldlooks, "CHUNK", 5)
    for _ in range(2):
        fieldlooks._draw(tmp_path, 0)
        first, second = (Strips.open(path) for path in fieldlooks._paths(tmp_path, 0))
        assert first.texts == second.texts and first.groups == second.groups and len(first) >= 3
        assert first.checksum() != second.checksum()
    assert first[0].shape[0] == second[0].shape[0] == KEPT_HEIGHT


@pytest.mark.usefixtures("few_hands")
def test_photos_of_fields_come_with_the_ink_of_the_pen_alone() -> None:
    for both in shots.draw((Order("train", 4, 0.0, what=shots.FIELDS), 0, 4)):
        assert both.shape[2] == 4 and max(both.shape) <= 352
        assert 0 < (both[..., 3] > 128).mean() < 0.4
