"""A report is one whole file, true to what it was given, and takes every label as text."""

import re

import numpy as np
import pytest

from inkread.data.labelled import Item, Labelled
from inkread.errors import UsageError
from inkread.evaluation import charts
from inkread.evaluation.measure import Measured
from inkread.evaluation.outcomes import Outcome
from inkread.evaluation.report import Answers, Report, Table, Worst, error_reject, html, write
from inkread.evaluation.summary import confusion, summary

HOSTILE = "</title><script>alert('x')</script><img src=x onerror=\"1\">\u202e\x00\n&"


def full(text="7"):
    picture = np.zeros((28, 28), np.uint8)
    return Report(
        text,
        facts=((text, text),),
        lead=text,
        curves={"loss": [1.0, 0.5], "val_loss": [1.1, float("nan")], text: [1.0, 1.0]},
        best_epoch=1,
        confusion=np.array([[3, 1], [0, 4]]),
        classes=("1", text),
        answers=Answers(np.array([0.9, 0.2]), np.array([True, False]), {0.01: 0.8}),
        tables=(Table(text, (text,), ((text,),), text),),
        worst=(Worst(picture, text, text, 0.7, text),),
        command=text,
    )


def test_labels_stay_text_whatever_they_hold():
    page = html(full(HOSTILE))
    assert "<script" not in page and "<img src=x" not in page and "\x00" not in page and "\u202e" not in page
    assert page.count("</title>") == 1
    assert set(re.findall(r"<(\w+)", page)) == set(re.findall(r"<(\w+)", html(full())))


def test_nothing_is_fetched():
    page = html(full())
    assert "http" not in page.replace("http-equiv", "") and "<link" not in page and "@import" not in page
    assert re.findall(r'src="(.{0,22})', page) == ["data:image/png;base64,"]


def test_what_is_not_there_leaves_no_empty_figure():
    page = html(Report("bare"))
    assert "<figure" not in page and "<table" not in page and "<h1>bare</h1>" in page


def test_figures_and_tables_are_numbered_in_their_order():
    page = html(full())
    found = [int(n) for n in re.findall(r"Figure (\d+)\.", page)]
    assert found == list(range(1, len(found) + 1)) and len(found) == 6
    assert [int(n) for n in re.findall(r"Table (\d+)\.", page)] == [1, 2]


def test_a_missing_epoch_is_a_gap_and_not_a_nought():
    drawn = charts.plot(
        charts.Axis("epoch", 1, 3),
        charts.Axis("loss", 0, 1),
        [charts.Line("", [1, 2, 3, 4], [1.0, float("nan"), 0.0, 0.5])],
    )
    line = re.search(r'class="line first" d="([^"]*)"', drawn)[1]
    assert (line.count("M"), line.count("L")) == (2, 1)


def test_the_matrix_shows_every_count_that_is_not_nought():
    drawn = charts.matrix(np.array([[3, 1], [0, 4]]), ("a", ""))
    assert re.findall(r">(\d+)</text>", drawn) == ["3", "1", "4"]
    assert drawn.count("cell right") == 2 and drawn.count("cell wrong") == 1 and ">none<" in drawn


def test_a_large_matrix_keeps_its_cells_and_drops_its_numbers():
    drawn = charts.matrix(np.eye(62, dtype=int), tuple(str(k) for k in range(62)))
    assert drawn.count('class="cell right"') == 62 and 'class="number' not in drawn


def test_the_least_sure_are_rejected_first_and_equals_together():
    rejected, error = error_reject(np.array([0.9, 0.5, 0.5, 0.1]), np.array([True, True, False, False]))
    assert rejected.tolist() == [0.0, 0.25, 0.75]
    assert error.tolist() == pytest.approx([0.5, 1 / 3, 0.0])


def test_the_matrix_counts_any_classes_and_keeps_the_models_order():
    found = [
        Outcome("star", "star", 0.9, True),
        Outcome("moon", "star", 0.6, False),
        Outcome("", "", 0.1, False),
        Outcome("moon", "12", 0.3, False),
        Outcome("two words", "star", 0.3, False),
    ]
    counts, classes = confusion(found, ("star", "moon", "unused", ""))
    assert classes == ("star", "moon", "other", "")
    assert counts.tolist() == [[1, 0, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 1]]


def test_a_report_that_cannot_be_written_says_why(tmp_path):
    with pytest.raises(UsageError, match="there is no folder"):
        write(tmp_path / "nowhere" / "out.html", Report("x"))


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [
        pytest.param(0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1], id="shares"),
        pytest.param(1, 6, [1, 2, 3, 4, 5, 6], id="epochs"),
        pytest.param(0.96, 0.97, [0.96, 0.962, 0.964, 0.966, 0.968, 0.97], id="a narrow range"),
    ],
)
def test_ticks_are_round(low, high, wanted):
    assert charts.ticks(low, high) == pytest.approx(wanted)


def test_reasons_are_counted_without_their_figures():
    measured = Measured(
        {
            **dict.fromkeys(("accuracy", "accuracy_ignoring_case", "cer", "wer", "ece", "aurc"), 0.5),
            **{
                "n": 2,
                "failed": 0,
                "ci95": [0.1, 0.9],
                "accuracy_corrected": None,
                "at_target": [],
                "extra_accepted": 0,
            },
            **{"ms_per_item": 1.0, "through": "reader", "model": "m", "data": "d"},
        },
        Labelled("d", (Item(np.zeros((28, 28), np.uint8), "1"), Item(np.zeros((28, 28), np.uint8), "2"))),
        (
            Outcome("1", "7", 0.6, False, reason="may not be a digit (3%); not sure enough"),
            Outcome("2", "2", 0.4, False, reason="may not be a digit (9%)"),
        ),
        ("1", "2", "7"),
        {0.01: 0.9},
        True,
    )
    report = summary(measured)
    assert report.tables[-1].rows[0][:2] == ("may not be a digit", "2")
    assert [(w.truth, w.guess, w.name) for w in report.worst] == [("1", "7", "item 0")]
