import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkread.forms.toml_lines import line_of, lines_of
from inkread.forms.toml_text import document


@pytest.mark.parametrize(
    ("text", "place", "line"),
    [
        pytest.param("a = 1\nb = 2", ("b",), 2, id="keys"),
        pytest.param("# a = 1\n\na = 1", ("a",), 3, id="a comment holds no key"),
        pytest.param('a = """\nb = 1\n"""\nb = 2', ("b",), 4, id="a text of several lines holds no key"),
        pytest.param("a = '''\nb = 1'''''\nb = 2", ("b",), 3, id="a text that ends in quotes"),
        pytest.param('a = "\\"" # "\nb = 2', ("b",), 2, id="an escaped quote"),
        pytest.param("[[f]]\nn = 1\n[[f]]\nn = 2", ("f", 1, "n"), 4, id="the second table of a list"),
        pytest.param("[[f]]\n[f.c]\nn = 2", ("f", 0, "c", "n"), 3, id="a table within the newest of a list"),
        pytest.param("[[f]]\n[[f.o]]\n[[f.o]]\nt = 1", ("f", 0, "o", 1, "t"), 4, id="a list within a list"),
        pytest.param("[[f]]\n[[f]]\n[[f.o]]\nt = 1", ("f", 1, "o", 0, "t"), 4, id="counted anew in each"),
        pytest.param("a = [\n [1, 2],\n [3,\n 4],\n]", ("a", 1, 1), 4, id="an element of an array"),
        pytest.param("o = [\n{ t = 'a', b = [1] },\n{ t = 'b' },\n]", ("o", 1, "t"), 3, id="an inline table"),
        pytest.param("c.box = [1]\n\"d e\".'f' = 2", ("d e", "f"), 2, id="dotted and quoted keys"),
        pytest.param("a = [\n# no\n\n 1, # one\n]\nb = 1", ("b",), 6, id="comments within an array"),
        pytest.param("a = 1\r\nb = 2\r\n", ("b",), 2, id="line ends of Windows"),
    ],
)
def test_a_key_is_found_on_its_line(text, place, line):
    tomllib.loads(text)
    assert lines_of(text)[place] == line


def test_what_is_not_in_the_text_is_told_at_the_table_around_it():
    assert line_of(("fields", 0, "type"), lines_of("a = 1\n[[fields]]\nname = 'x'")) == 2
    assert line_of(("nowhere",), {}) == 1


_keys = st.text(st.sampled_from("abz_-9"), min_size=1, max_size=4)
_values = st.recursive(
    st.integers(-9, 9)
    | st.booleans()
    | st.floats(-1e6, 1e6)
    | st.text(st.sampled_from("a\"'\\#[]{}=,\n\r\t\x7f\x00é€😀"), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, min_size=1, max_size=3),
    max_leaves=5,
)


def places(value, here=()):
    """Every place of a value that tomllib gave."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*here, key)
        yield from places(inner, (*here, key))


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(_keys, _values, min_size=1, max_size=5))
def test_what_is_written_reads_back_equal_and_all_of_it_has_a_line(values):
    text = document(values)
    assert tomllib.loads(text) == values
    assert set(places(values)) == set(lines_of(text))
