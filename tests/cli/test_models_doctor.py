"""`inkread models` and `inkread doctor`."""

from __future__ import annotations

import json

import pytest

from inkread.alphabet import FIELDS, LATIN
from inkread.cli import doctor, main
from inkread.errors import ModelError
from inkread.runtime import backend, shelf


@pytest.fixture
def run(capsys):
    def call(*words):
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        told = capsys.readouterr()
        return ended.value.code, told.out, told.err

    return call


def test_models_lists_what_ships(run):
    code, out, _ = run("models")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines() if line][1:] == shelf.names()


@pytest.mark.parametrize("name", shelf.names())
def test_the_card_of_a_model_can_be_read_by_people_and_programs(run, name):
    code, out, _ = run("models", "show", name)
    assert code == 0 and out.startswith("name") and name in out.splitlines()[0]
    card = json.loads(run("models", "show", name, "--json")[1])
    expected = {
        shelf.FINDER: ("ink", ["ink"]),
        shelf.FIELD_FINDER: ("ink", ["ink"]),
        "lines": ("lines", ["", *LATIN.characters[:9]]),
        "fields": ("lines", ["", *FIELDS.characters[:9]]),
        "characters": ("character", list("0123456789")),
    }
    assert (card["reads"], card["classes"][:10]) == expected.get(name, ("digit", list("0123456789")))


def test_the_card_of_a_reader_of_lines_tells_its_blank_and_its_calibration(run, line_model):
    out = run("models", "show", line_model)[1]
    assert "(blank), a, b, c" in out and "300 lines: bars" in out


def test_the_card_of_a_reader_of_fields_tells_its_calibration(run, field_model):
    assert "300 fields: bars" in run("models", "show", field_model)[1]


def test_the_layers_of_a_model_add_up_to_its_parameters(run):
    pytest.importorskip("keras", reason="needs Keras: pip install '.[train]'")
    card = json.loads(run("models", "show", "textbook", "--json")[1])
    assert sum(layer["parameters"] for layer in card["layers"]) == card["parameters"] > 100_000
    assert {"Conv", "MatMul"} <= {layer["kind"] for layer in card["layers"]}
    out = run("models", "show", shelf.path("digits", suffix=".keras"))[1].split("\nlayers\n")[1]
    assert "GlobalMaxPooling2D" in out and "28 x 28 x 24" in out


def test_without_keras_the_card_is_shown_and_the_layers_say_what_is_missing(run, monkeypatch):
    def missing(what):
        raise ModelError(f"{what} needs Keras, which is not installed. Run: pip install '.[train]'")

    monkeypatch.setattr(backend, "load_keras", missing)
    code, out, _ = run("models", "show", "digits")
    assert code == 0 and "licence" in out and "digits.keras needs Keras" in out


def test_an_unknown_model_is_named(run):
    code, out, err = run("models", "show", "digitz")
    assert (code, out) == (1, "") and "did you mean 'digits'" in err


def test_doctor_finds_all_well_and_reads_a_digit(run):
    code, out, _ = run("doctor")
    assert code == 0 and "a drawn 7 is read as 7" in out and "All is well." in out


def test_doctor_says_how_to_install_an_extra(run, monkeypatch):
    monkeypatch.setattr(doctor, "find_spec", lambda name: None)
    code, out, _ = run("doctor")
    assert code == 0 and "pip install '.[heic]'" in out


def test_doctor_survives_a_broken_library_and_exits_with_1(run, monkeypatch):
    def broken(name):
        raise ImportError("libGL.so.1: cannot open shared object file")

    monkeypatch.setattr(doctor, "import_module", broken)
    code, out, _ = run("doctor")
    assert code == 1 and "NO  cv2" in out and "libGL.so.1" in out
