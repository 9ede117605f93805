"""Texts: made of the alphabet, cut at word borders, the same for the same seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inkread.alphabet import LATIN
from inkread.errors import DataError, UsageError
from inkread.synth import wording
from inkread.synth.texts import LONGEST, Texts
from inkread.synth.vocabulary import VOCABULARY

BUILT_IN = Texts.load(None)
PROSE = "The ferry left at dawn and nobody waved to it from the old stone pier.\nAll was quiet.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with one English text."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "en-ferry.txt").write_text(PROSE, "utf-8")
    return tmp_path


def _many(texts: Texts, count: int, language: str | None = None) -> list[str]:
    rng = np.random.default_rng(5)
    return [texts.sample(rng, language) for _ in range(count)]


def test_every_text_is_of_the_alphabet_and_short_enough():
    for text in _many(BUILT_IN, 3000):
        assert text == text.strip() and 1 <= len(text) <= LONGEST
        assert not LATIN.unknown(text), text


def test_every_character_of_the_alphabet_is_written_now_and_then():
    rng = np.random.default_rng(0)
    odd = "".join(wording.make(rng, "odd", "en") for _ in range(6000))
    counts = {c: odd.count(c) for c in LATIN.characters}
    assert min(counts.values()) >= 5, min(counts, key=lambda c: counts[c])


def test_same_seed_same_texts():
    assert _many(BUILT_IN, 50) == _many(BUILT_IN, 50)


def test_french_has_accents_and_english_has_next_to_none():
    accents = set("éèêàçù")
    french, english = (
        sum(bool(accents & set(text)) for text in _many(BUILT_IN, 800, language)) for language in ("fr", "en")
    )
    assert french > 200
    assert english < 40


@pytest.mark.parametrize("kind", [*wording.KINDS, "mail", "numbers", "odd"])
def test_every_kind_can_be_made_in_both_languages(kind: str):
    rng = np.random.default_rng(1)
    for language in VOCABULARY:
        for _ in range(60):
            text = wording.make(rng, kind, language)
            assert text and not LATIN.unknown(text)
            assert kind == "odd" or "{" not in text, text


def test_prose_is_cut_between_words_and_stays_in_its_paragraph(folder: Path):
    texts = Texts.load(folder)
    rng = np.random.default_rng(0)
    pieces = {texts._prose(rng, "en") for _ in range(300)}
    words = set(PROSE.split())
    assert len(pieces) > 20
    for piece in pieces:
        assert set(piece.split()) <= words
        assert piece in PROSE and "\n" not in piece


def test_strange_characters_of_a_file_never_come_through(tmp_path: Path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "en.txt").write_text("“Curly” — dashes … and 漢字 among 🙂 words\n" * 9, "utf-8")
    for text in _many(Texts.load(tmp_path), 400, "en"):
        assert not LATIN.unknown(text)


def test_a_text_is_taken_as_often_as_its_share_says(folder: Path):
    (folder / "texts" / "en-rare.txt").write_text("zzz\n" * (len(PROSE) // 4), "utf-8")
    (folder / "texts" / "sources.tsv").write_text("file\tshare\nen-rare.txt\t0.1\n", "utf-8")
    texts, rng = Texts.load(folder), np.random.default_rng(0)
    rare = sum("zzz" in texts._source(rng, "en") for _ in range(1000))
    assert 50 < rare < 140


def test_a_share_that_is_no_number_is_an_error(folder: Path):
    (folder / "texts" / "sources.tsv").write_text("file\tshare\nen-ferry.txt\tmuch\n", "utf-8")
    with pytest.raises(DataError, match="sources.tsv.*'much'"):
        Texts.load(folder)


def test_texts_kept_for_measuring_are_apart(folder: Path):
    (folder / "texts" / "heldout_en.txt").write_text("Held back zebras.\n", "utf-8")
    (folder / "texts" / "heldout_fr.txt").write_text("Des zèbres gardés.\n", "utf-8")
    assert Texts.load(folder, held_out=True).prose["en"] == ("Held back zebras.\n",)
    assert "zebras" not in "".join(Texts.load(folder).prose["en"])


def test_missing_texts_for_measuring_are_an_error(folder: Path):
    with pytest.raises(DataError, match="heldout_en.txt"):
        Texts.load(folder, held_out=True)


def test_a_misspelt_language_is_an_error():
    with pytest.raises(UsageError, match="'english'.*en, fr"):
        BUILT_IN.sample(np.random.default_rng(0), "english")
