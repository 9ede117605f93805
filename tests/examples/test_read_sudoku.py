"""The rules of sudoku judge a reading, and never change it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

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
