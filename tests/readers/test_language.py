"""Languages that help a reader of lines, named as users name them."""

import numpy as np
import pytest

import inkread
from inkread.alphabet import LATIN, Alphabet
from inkread.decode import ngram
from inkread.errors import UsageError
from inkread.readers import language, loaded

LETTERS = Alphabet(" ehtx")


def logits(text, rival, doubt):
    """Frames that say a text; where a rival character differs it is a little likelier."""
    frames = []
    for ours, theirs in zip(text, rival, strict=True):
        frame = np.zeros(LETTERS.size)
        frame[LETTERS.encode(ours)] = 6.0
        frame[LETTERS.encode(theirs)] = 6.0 + (doubt if ours != theirs else 0.0)
        frames += [frame, 9.0 * np.eye(LETTERS.size)[0]]
    return np.array(frames)


def test_a_language_settles_what_the_strokes_leave_open_and_none_does_not():
    said = logits("the the", "thx the", 0.3)
    assert language.readings(said, LETTERS, ())[0].text == "thx the"
    assert language.readings(said, LETTERS, ngram.load("en"))[0].text == "the the"


def test_a_language_does_not_overrule_clear_strokes():
    assert language.readings(logits("thx", "thx", 0.0) * 3, LETTERS, ngram.load("auto"))[0].text == "thx"


def test_no_language_makes_a_text_of_what_spells_none(monkeypatch):
    noise = np.random.default_rng(0).normal(0, 0.3, (60, LATIN.size))
    monkeypatch.setattr(language.beam, "search", None)
    (found,) = language.readings(noise, LATIN, ngram.load("en"))
    assert found.log_probability / max(1, len(found.text)) < np.log(language.HOPELESS)


@pytest.mark.parametrize("languages", [(), ngram.load("en")], ids=["greedy", "beam"])
def test_spaces_at_the_ends_are_no_text(languages):
    (found, *_) = language.readings(logits(" the ", " the ", 0.0), LETTERS, languages)
    assert found.text == "the" and len(found.spans) == 3 and found.spans[0].first == 2


def test_a_language_that_is_not_there_is_told_at_the_door(line_model):
    with pytest.raises(UsageError, match="no n-gram is called 'english'"):
        inkread.Reader("line", model=line_model, language="english")


@pytest.mark.parametrize("name", ["auto", "none", "fr"])
def test_clear_lines_read_alike_in_every_language(line_model, bar_line, name):
    reader = inkread.Reader("line", model=line_model, language=name)
    assert reader.read(bar_line("cabacb")).text == "cabacb"


@pytest.mark.parametrize("languages", [(), ngram.load("en")], ids=["alone", "with n-grams"])
def test_a_listed_word_is_read_the_sooner_where_the_strokes_leave_it_open(languages):
    said = logits("hex", "het", 0.3)
    assert language.readings(said, LETTERS, languages)[0].text == "het"
    assert language.readings(said, LETTERS, languages, frozenset({"hex"}))[0].text == "hex"
    assert language.readings(logits("het", "het", 0), LETTERS, languages, frozenset({"hex"}))[0].text == "het"


def test_words_come_from_a_file_in_any_case_and_several_to_an_entry(tmp_path):
    file = tmp_path / "names.txt"
    file.write_text("Nora Harper\n\n TOM \n", "utf-8")
    assert loaded.words(str(file)) == {"nora", "harper", "tom"}


@pytest.mark.parametrize(
    ("content", "told"), [(b"\xff\xfe\x00", "no UTF-8"), (b" \n", "no entry"), (None, "No such file")]
)
def test_words_that_cannot_be_had_are_told_at_the_door(tmp_path, line_model, content, told):
    file = tmp_path / "names.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageError, match=f"words .*names.txt .*{told}"):
        inkread.Reader("line", model=line_model, words=file)
