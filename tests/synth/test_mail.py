"""Simulated mail: what is known of a piece is what is drawn, and the same seed gives the same."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from inkread import zips
from inkread.errors import DataError, UsageError
from inkread.synth import mail, mailhands
from inkread.synth.addresses import address
from inkread.synth.mailsets import write


@pytest.fixture(scope="module")
def bank(one_font: Path, ten_digits: np.ndarray) -> mail.Bank:
    """One font, and digits of one writer."""
    return mail.Bank.load(one_font, ten_digits, np.arange(10), np.zeros(10, int))


@pytest.fixture(scope="module")
def pieces(bank: mail.Bank) -> list[mail.Piece]:
    """Three pieces, of the seeds 0 to 2."""
    return [mail.render(np.random.default_rng(seed), bank) for seed in range(3)]


def test_an_address_belongs_together():
    for seed in range(60):
        found = address(np.random.default_rng(seed))
        if found.zip:
            assert zips.state(found.zip[:5]) == found.state
            assert zips.city(found.zip[:5]) == found.city
        assert zips.state_code(found.written_state) == found.state
        assert any(found.city.upper() in line.upper() for line in found.lines)
        assert sum(found.zip in line for line in found.full_lines) >= bool(found.zip)


def test_the_same_seed_gives_the_same_piece(bank: mail.Bank, pieces: list[mail.Piece]):
    again = mail.render(np.random.default_rng(2), bank)
    assert again.address == pieces[2].address and again.block == pieces[2].block
    assert np.array_equal(again.rgb, pieces[2].rgb)


def test_lines_lie_in_the_picture_where_ink_is(pieces: list[mail.Piece]):
    for piece in pieces:
        height, width = piece.rgb.shape[:2]
        assert len(piece.lines) == len(piece.address.full_lines)
        for corners in piece.lines:
            points = np.array(corners)
            assert (points > -3).all() and (points < (width + 3, height + 3)).all()
            inside = np.zeros((height, width), np.uint8)
            cv2.fillPoly(inside, [points.round().astype(np.int32)], 1)
            grey = cv2.cvtColor(piece.rgb, cv2.COLOR_RGB2GRAY)[inside > 0].astype(float)
            assert grey.std() > 4  # something dark stands on something light


def test_the_zip_lies_within_its_block(pieces: list[mail.Piece]):
    for piece in pieces:
        if piece.zip_corners is None:
            assert not piece.address.zip
            continue
        hull = np.array(piece.block, np.float32)
        for x, y in piece.zip_corners:
            assert cv2.pointPolygonTest(hull, (x, y), True) > -3


def test_a_set_is_pictures_and_what_is_known_of_them(bank: mail.Bank, tmp_path: Path):
    table = write(1, 2, bank, tmp_path / "set")
    rows = list(csv.DictReader(table.open(encoding="utf-8")))
    known = [json.loads(line) for line in (tmp_path / "set" / "mail.jsonl").read_text("utf-8").splitlines()]
    assert [row["file"] for row in rows] == [k["file"] for k in known] == ["000000.jpg", "000001.jpg"]
    assert [row["label"] for row in rows] == [k["zip"] for k in known]
    assert cv2.imread(str(tmp_path / "set" / "000001.jpg")) is not None
    with pytest.raises(DataError, match="exists already"):
        write(1, 2, bank, tmp_path / "set")
    with pytest.raises(UsageError, match="1 or more"):
        write(1, 0, bank, tmp_path / "none")


def test_fonts_that_no_model_saw_are_parted_into_those_for_figures_and_those_for_confidences():
    named = {name: mailhands.is_for_figures(name) for name in ("cookie", "homemade-apple", "niconne")}
    assert named == {"cookie": True, "homemade-apple": True, "niconne": False}
