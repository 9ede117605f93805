"""Markdown: what was written shows as it was written, and doubtful words can be found."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from inkread import outputs
from inkread.outputs.layout import clean
from inkread.outputs.markdown import markdown
from inkread.types import Box, Character, Page, Reading

RENDER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def shown(text):
    """The paragraphs of the rendered page, each as its lines, without the marks."""
    html = RENDER.render(text)
    blocks = re.findall(r"<(\w+)>(.*?)</\1>\n", html, flags=re.DOTALL)
    assert "".join(f"<{tag}>{inner}</{tag}>\n" for tag, inner in blocks) == html
    assert {tag for tag, _ in blocks} <= {"p"}, html
    return [
        [unescape(re.sub("</?em>", "", row)) for row in re.split(r"<br />\n", inner)] for _, inner in blocks
    ]


def test_lines_stay_lines_and_paragraphs_paragraphs(note):
    assert shown(markdown(note)) == [
        ["Chère Élodie, le thé est prêt.[?]", "2 pommes & 3 poires", "[refused: struck out]"],
        ["À demain"],
    ]


def reading(*words, status="review"):
    """A line of words with their confidences."""
    text = " ".join(word for word, _ in words)
    characters = tuple(Character(letter, sure) for word, sure in words for letter in word)
    return Reading(text, 0.5, status, "" if status == "accepted" else "why", characters=characters)


@pytest.mark.parametrize(
    ("words", "status", "written"),
    [
        pytest.param(
            [("no", 0.95), ("doubt", 0.5)], "accepted", "no doubt", id="an accepted line has no marks"
        ),
        pytest.param([("some", 0.95), ("doubt", 0.89)], "review", "some *doubt*[?]", id="the doubtful word"),
        pytest.param([("a", 0.5), ("b", 0.95), ("c", 0.7)], "review", "*a*[?] b *c*[?]", id="several"),
        pytest.param(
            [("all", 0.97), ("fine", 0.96)], "review", "all *fine*[?]", id="at least the least sure"
        ),
        pytest.param([("*", 0.5), ("x.", 0.5)], "review", r"*\* x.*[?]", id="signs, in one stretch"),
    ],
)
def test_the_words_to_look_at_are_marked(words, status, written):
    page = Page("a.png", (reading(*words, status=status),))
    assert markdown(page) == f"{written}\n"
    (line,) = shown(markdown(page))[0]
    assert line.replace("[?]", "") == " ".join(word for word, _ in words)


def test_what_has_no_text_says_why_in_its_place(failed, page, refused):
    assert shown(markdown(page(refused(), Reading("", 0, "refused")))) == [
        ["[refused: struck out]", "[refused]"]
    ]
    assert shown(markdown(failed)) == [["[failed: there is no such file]"]]


@pytest.mark.parametrize(
    "text",
    [
        *("# no heading", "- no list", "+ no list", "* no list", "1. no list", "12) no list", "> no quote"),
        *("===", "---", "***", "___", "```", "~~~", "    no code", "a_b_c *d* **e** `f`", "[a](b) ![c](d)"),
        *("[a]: http://b", "<b>no tag</b>", "&amp; &lt; &#65;", "a & b < c > d", "~~no~~", "| a | b |"),
        *("\\", "\\*", "C:\\temp\\", "anne_marie@example.org", "$5 + $6 = $11", "100 %", "a  ", "|---|---|"),
    ],
)
def test_what_was_written_shows_as_it_was_written(text):
    lines = (Reading("before", 0.9, "accepted"), Reading(text, 0.9, "accepted"))
    assert shown(markdown(Page("a.png", lines))) == [["before", " ".join(text.split())]]
    assert shown(markdown(Page("a.png", lines[1:]))) == [[" ".join(text.split())]]
    assert shown(markdown(Page("a.png", lines[1:] * 3)))[0] == [" ".join(text.split())] * 3


@given(
    st.lists(st.text(max_size=12).filter(lambda t: t.strip()), min_size=1, max_size=4),
    st.sampled_from(["accepted", "review"]),
)
def test_any_text_shows_as_it_was_written(texts, status):
    lines = tuple(Reading(text, 0.5, status, "" if status == "accepted" else "why") for text in texts)
    (block,) = shown(markdown(Page("a.png", lines)))
    words = [clean(text).split() for text in texts]
    mark = "" if status == "accepted" else "[?]"
    assert block == [f"{' '.join(line)}{mark}" for line in words]


def test_hostile_text_is_one_line(hostile):
    assert len(markdown(Page("a.png", (Reading(hostile, 0.9, "accepted"),))).splitlines()) == 1


def test_several_pages_have_their_names_as_headings(tmp_path, page, line):
    pages = [page(line("one"), source="a_b.pdf"), page(line("two"), source="a_b.pdf", page=2)]
    path = outputs.save(pages, tmp_path / "out.md")
    html = RENDER.render(path.read_text(encoding="utf-8"))
    assert html == "<h2>a_b.pdf</h2>\n<p>one</p>\n<h2>a_b.pdf, page 2</h2>\n<p>two</p>\n"


def test_one_page_has_no_heading_and_none_is_an_empty_file(tmp_path, note):
    assert outputs.save([note], tmp_path / "out.md").read_text(encoding="utf-8") == markdown(note)
    assert outputs.save([], tmp_path / "none.md").read_text(encoding="utf-8") == ""


def test_a_line_without_a_place_is_a_line():
    page = Page("a.png", (Reading("a", 0.9, "accepted", box=Box(0, 0, 5, 5)), Reading("b", 0.9, "accepted")))
    assert markdown(page) == "a  \nb\n"
