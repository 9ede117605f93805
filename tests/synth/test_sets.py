"""Rendered sets on disk: a folder with its table, an archive, and the command that makes them."""

from __future__ import annotations

import csv
from dataclasses import replace

import cv2
import numpy as np
import pytest

from inkread.errors import DataError, UsageError
from inkread.synth import hands, letters, rejects, sets

BANK = rejects.Rejects(hands.Hands.load(), letters.Letters())
PLAN = sets.Plan(seed=1, count=12, axes="held_out", rejects=0.3)


def test_a_folder_holds_its_pictures_and_what_is_known_of_them(tmp_path):
    table = sets.write(PLAN, BANK, tmp_path / "set")
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12 and tuple(rows[0]) == sets.COLUMNS
    assert {row["label"] for row in rows} <= {"", *hands.DIGITS} and "" in {row["label"] for row in rows}
    assert all(row["axis"] for row in rows)
    assert all(cv2.imread(str(table.parent / row["file"])) is not None for row in rows)
    assert sorted(p.name for p in table.parent.iterdir()) == sorted(
        [row["file"] for row in rows] + ["labels.csv"]
    )


def test_an_archive_holds_grey_squares_and_text_labels(tmp_path):
    path = sets.write(PLAN, BANK, tmp_path / "set.npz")
    with np.load(path, allow_pickle=False) as archive:
        assert archive["images"].shape == (12, sets.SIDE, sets.SIDE) and archive["images"].dtype == np.uint8
        assert archive["labels"].dtype.kind == "U"
        assert {len(archive[name]) for name in ("labels", "writers", "axis", "source")} == {12}


def test_the_same_seed_makes_the_same_set_and_another_seed_another():
    one, again, other = (
        [s.rgb.tobytes() for s in sets.samples(replace(PLAN, seed=seed, count=4), BANK)] for seed in (1, 1, 2)
    )
    assert one == again != other


def test_a_longer_set_begins_with_the_shorter_one():
    short, long = ([s.rgb.tobytes() for s in sets.samples(replace(PLAN, count=n), BANK)] for n in (3, 5))
    assert long[:3] == short


def test_an_existing_set_is_not_written_over(tmp_path):
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(DataError, match="exists already"):
        sets.write(PLAN, BANK, tmp_path)


def test_a_share_above_one_is_refused(tmp_path):
    with pytest.raises(UsageError, match="from 0 to 1"):
        sets.write(replace(PLAN, rejects=1.5), BANK, tmp_path / "set")


def test_the_command_makes_a_set_that_can_be_loaded_for_measuring(tmp_path, monkeypatch, capsys):
    from inkread.cli import main
    from inkread.data import labelled

    monkeypatch.delenv("INKREAD_DATA", raising=False)
    with pytest.raises(SystemExit) as ended:
        main(["data", "make", "digits", "--seed", "1", "--n", "3", "--held-out", "-o", str(tmp_path / "set")])
    assert not ended.value.code
    assert capsys.readouterr().out.strip().endswith("labels.csv")
    assert len(labelled.load(str(tmp_path / "set")).items) == 3


def test_the_list_says_what_is_at_hand(monkeypatch, capsys):
    from inkread.cli import main

    monkeypatch.delenv("INKREAD_DATA", raising=False)
    with pytest.raises(SystemExit) as ended:
        main(["data", "list"])
    told = dict(line.split("\t")[:2] for line in capsys.readouterr().out.splitlines())
    assert not ended.value.code and told["mnist"] == "at hand" and told["hnd62"] == "missing"
