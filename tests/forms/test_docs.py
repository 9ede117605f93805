"""What docs/forms.md shows is a template, runs, and is what the errors say."""

import doctest
import re
from pathlib import Path

import pytest

from inkread.errors import UsageError
from inkread.forms.template import FormField, FormPage, Template

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "forms.md").read_text("utf-8")


def block(kind):
    return re.findall(rf"(?ms)^```{kind}\n(.*?)^```", PAGE)


def test_the_template_that_is_shown_is_one():
    (text,) = block("toml")
    assert Template.parse(text).field("payment").options[1].text == "card"


def test_the_session_that_is_shown_runs():
    (text,) = [text for text in block("python") if text.startswith(">>>")]
    test = doctest.DocTestParser().get_doctest(text, {}, "forms.md", None, 0)
    assert doctest.DocTestRunner().run(test).failed == 0


@pytest.mark.parametrize("model", [FormField, FormPage])
def test_every_key_is_told(model):
    told = set(re.findall(r"`(\w+)`", "".join(line for line in PAGE.splitlines() if line.startswith("| `"))))
    assert set(model.model_fields) <= told


def test_the_errors_that_are_shown_are_what_comes():
    (shown,) = block("text")
    for line in shown.splitlines():
        assert re.match(r"slip\.toml: line \d+(, (field|rule) \w+)?: ", line)
    (text,) = block("toml")
    with pytest.raises(UsageError) as error:
        Template.parse(text.replace('"us_zip"', '"us_zpi"'), where="slip.toml")
    told = shown.splitlines()[0].removesuffix(" ...").replace("line 14", "line 16")
    assert str(error.value).startswith(told)
