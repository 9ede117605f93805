"""The rules of sudoku judge a reading, and never change it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
import pytest
from PIL import Image

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FULL = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
PUZZLE = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"


@pytest.fixture(scope="module")
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("read_sudoku", EXAMPLES / "read_sudoku.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["read_sudoku"] = module
    spec.loader.exec_module(module)
    return module


def grid(digits: str) -> list[list[int]]:
    return [[int(text) if text != "." else 0 for text in digits[k : k + 9]] for k in range(0, 81, 9)]


def test_a_full_grid_that_keeps_the_rules_is_proven(example: ModuleType) -> None:
    assert example.judge(grid(FULL)).verdict == "proven"


def test_a_puzzle_with_one_solution_is_proven(example: ModuleType) -> None:
    assert example.judge(grid(PUZZLE)).verdict == "proven"
    (only,) = example.solutions(grid(PUZZLE), 2)
    assert [[only[i, j] for j in range(9)] for i in range(9)] == grid(FULL)


def test_every_single_misread_cell_of_a_full_grid_is_the_first_to_look_at(example: ModuleType) -> None:
    right = grid(FULL)
    for row, column in [(0, 0), (4, 4), (8, 3), (2, 7)]:
        for wrong in set(range(1, 10)) - {right[row][column]}:
            read = [list(one) for one in right]
            read[row][column] = wrong
            judged = example.judge(read)
            assert judged.verdict == "disproven"
            assert judged.conflicts[0] == ((row, column), right[row][column])


def test_a_misread_cell_without_an_equal_beside_it_is_named_where_no_solution_is_left(
    example: ModuleType,
) -> None:
    read = grid(PUZZLE)
    read[0][2] = 2  # nothing beside it is a 2; but a 4 belongs there
    judged = example.judge(read)
    assert (judged.verdict, judged.why) == ("disproven", "the puzzle has no solution")
    assert (0, 2) in [place for place, _ in judged.conflicts]


def test_too_few_digits_prove_nothing(example: ModuleType) -> None:
    judged = example.judge([9 * [0]] * 9)
    assert judged.verdict == "open"
    assert "more than one solution" in judged.why


def test_a_picture_without_a_grid_is_told_in_one_line(
    example: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = EXAMPLES / "pictures" / "sticky_note.jpg"
    monkeypatch.setattr(sys, "argv", ["read_sudoku.py", str(picture)])
    assert example.main() == 1
    assert capsys.readouterr().err.startswith("no grid of 9 rows and 9 columns was found")
    monkeypatch.setattr(sys, "argv", ["read_sudoku.py", "nowhere.jpg"])
    assert example.main() == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


@pytest.mark.parametrize(("name", "code"), [("read.txt", 2), ("no/read.png", 1)])
def test_a_drawing_that_cannot_be_written_is_told_in_one_line(
    example: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    name: str,
    code: int,
) -> None:
    puzzle = page(PUZZLE, tmp_path / "puzzle.png")
    monkeypatch.setattr(sys, "argv", ["read_sudoku.py", str(puzzle), "-o", str(tmp_path / name)])
    assert example.main() == code
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def page(digits: str, path: Path) -> Path:
    """A printed sudoku, as a picture file."""
    sheet = np.full((560, 560, 3), 220, np.uint8)
    for k in range(10):
        at, wide = 55 + 50 * k, 3 if k % 3 == 0 else 1
        cv2.line(sheet, (at, 55), (at, 505), (60, 60, 60), wide)
        cv2.line(sheet, (55, at), (505, at), (60, 60, 60), wide)
    for k, text in enumerate(digits):
        if text != ".":
            at = (70 + 50 * (k % 9), 92 + 50 * (k // 9))
            cv2.putText(sheet, text, at, cv2.FONT_HERSHEY_SIMPLEX, 1.0, (40, 40, 40), 2, cv2.LINE_AA)
    Image.fromarray(sheet).save(path)
    return path


def test_a_picture_is_read_told_and_drawn(
    example: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    source, target = page(PUZZLE, tmp_path / "puzzle.png"), tmp_path / "read.png"
    monkeypatch.setattr(sys, "argv", ["read_sudoku.py", str(source), "-o", str(target)])
    assert example.main() == 0
    out = capsys.readouterr().out
    read = "".join(c for line in out.splitlines()[:11] for c in line if c in ".123456789")
    assert read == PUZZLE
    assert out.splitlines()[-1] == "proven: the puzzle has exactly one solution"
    assert np.asarray(Image.open(target)).shape == (560, 560, 3)


def test_a_digit_that_clashes_is_told_and_stays_as_it_was_read(
    example: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    wrong = FULL[:40] + "1" + FULL[41:]  # a 5 belongs into the middle
    monkeypatch.setattr(sys, "argv", ["read_sudoku.py", str(page(wrong, tmp_path / "wrong.png"))])
    assert example.main() == 0
    out = capsys.readouterr().out
    assert "disproven: 4 cells hold a digit that another beside them holds" in out
    first = next(line for line in out.splitlines() if "look at" in line)
    assert "r5c5: read as 1" in first
    assert first.endswith("if all others are right, 5 belongs there")
