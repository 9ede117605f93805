"""The options of `inkread read`: two parsers, one meaning, and every mistake caught at the door."""

from __future__ import annotations

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from inkread.cli import commands, reading, request
from inkread.cli.read import read
from inkread.cli.request import Request, check, parse
from inkread.errors import UsageError
from inkread.readers import reader

VALUES = {
    "--kind": ["auto", "digit", "nonsense"],
    "--target-error": ["0.01", "1e-3", "-1"],
    "--model": ["digits", "mine.keras"],
    "--threshold": ["0.5"],
    "--language": ["en", "none"],
    "--format": ["us_zip", "regex:-[0-9]{2}"],
    "--charset": ["upper"],
    "--crop": ["1,2,3,4", "-1,0,2,2", "x"],
    "--rotate": ["90", "-90", "2.5", "nan"],
    "--explain": ["out.png"],
    "--output": ["out.csv"],
    "-o": ["-", "out.txt"],
    "--workers": ["2", "0"],
}
OPTIONS = st.sampled_from(sorted(VALUES)).flatmap(
    lambda name: st.sampled_from(VALUES[name]).flatmap(
        lambda value: st.sampled_from(
            [[name, value], [f"{name}={value}"]] if name.startswith("--") else [[name, value]]
        )
    )
)
WORDS = st.lists(
    st.one_of(
        OPTIONS,
        st.sampled_from([["a.png"], ["-"], ["b c"], ["--json"], ["--strict"], ["--", "-x", "--json"]]),
    ),
    max_size=6,
).map(lambda parts: [word for part in parts for word in part])


@settings(max_examples=60, deadline=None)
@given(words=WORDS)
def test_what_the_quick_parser_understands_typer_understands_alike(words):
    quick = parse(words)
    requests: list[Request] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "run", lambda request: requests.append(request) or 0)
        try:
            commands.run_typer(["read", *words])
        except UsageError:
            assert quick is None
            return
    assert repr(quick) == repr(requests[0])  # by repr: nan equals nothing


@pytest.mark.parametrize(
    "words",
    [
        ["a.png", "--help"],
        [],
        ["--json"],
        ["a.png", "--workers", "two"],
        ["a.png", "--kind"],
        ["a", "--nope"],
    ],
    ids=" ".join,
)
def test_the_quick_parser_leaves_to_typer(words):
    assert parse(words) is None


def test_every_option_of_the_help_is_known_to_the_quick_parser():
    app = typer.Typer(add_completion=False)
    app.command()(read)
    options = {name for option in typer.main.get_command(app).params for name in option.opts}
    assert {name for name in options if name.startswith("-")} == {*request._VALUES, *request._FLAGS}


def test_the_command_line_knows_the_kinds_of_the_reader():
    assert request.KINDS == reader.KINDS


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"kind": "digt"},
            r"--kind is 'digt'; expected one of auto, .*check; did you mean 'digit'\?",
        ),
        ({"kind": "form"}, "--kind form needs --template FILE.toml"),
        ({"kind": "note", "template": "t.toml"}, "--template came with --kind note"),
        ({"target_error": 0.0}, "--target-error is 0; give a share between 0 and 1"),
        ({"target_error": float("nan")}, "--target-error is nan"),
        ({"threshold": 1.5}, "--threshold is 1.5; give a confidence from 0 to 1"),
        ({"rotate": float("inf")}, "--rotate is inf; give degrees"),
        ({"workers": 0}, "--workers is 0; give 1 or more"),
        ({"crop": "1,2,3"}, "--crop is '1,2,3'; give left,top,right,bottom"),
        ({"crop": "9,2,3,4"}, "left must be less than right"),
        ({"crop": "-1,2,3,4"}, "none below 0"),
        ({"output": "out.jsnl"}, r"expected one of .*did you mean '\.jsonl'"),
        ({"explain": "out.jpg"}, r"ends in '\.jpg'; expected one of \.png"),
        ({"explain": "x.png", "output": "x.png"}, "name the same file"),
        ({"output": "a.png"}, "a.png is to be read and to be written"),
        ({"output": "out.PDF", "sources": ("-",)}, "- cannot be read twice; name a file to read"),
    ],
    ids=str,
)
def test_a_wrong_option_is_named_with_what_would_be_right(options, message):
    with pytest.raises(UsageError, match=message):
        check(Request(**{"sources": ("a.png",), **options}))


def test_an_empty_source_is_not_the_current_folder():
    with pytest.raises(UsageError, match="a SOURCE is empty; name a file"):
        check(Request(("a.png", "")))


def test_a_good_crop_comes_back_as_numbers():
    assert check(Request(("a.png",), crop="1, 2,30,40")) == (1, 2, 30, 40)
