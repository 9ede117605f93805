"""Letters, words and glyphs of other scripts as masks: the reject sources that need files.

The files are found under a data folder (`INKREAD_DATA` on the command line) and, for other scripts, in the
fonts that matplotlib brings along where it is installed. A source whose files are missing raises
`DataError` when asked for by name, and is left out of random choice.
"""

from __future__ import annotations

import importlib.util
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from inkread.errors import DataError
from inkread.synth import fonts, hands, pens

__all__ = ["CLEAR", "KINDS", "SCRIPTS", "Letters"]

LOOK_ALIKES = frozenset("OoDQIilLSsZzBbGgqTtJYyh")
"""Letters that a digit may be taken for: never a reject."""

CLEAR = "".join(
    c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" if c not in LOOK_ALIKES and c != "j"
)
"""Letters that are rejects; j is left out for its dot, without which it may pass for a 1."""

SCRIPTS = {
    "greek": "ΓΔΛΞΠΣΦΨΩαεηλμξπφχψω",
    "cyrillic": "ДЖИЙЛФЦШЩЪЮЯдежмнфцшщыюя",
    "hebrew": "אטלמצשחת",
    "arabic": "بتثجخسشصضكي",
    "armenian": "ԲԷԹԺԽԾՓաբժխծմփ",
    "symbols": "♠♣♥♦☎✂✈✉✿❄♫☂☃☺⚓⚙⚡♻☀☁✗",
    "mathematics": "+=×÷±√∑∫∞≠≤≥∇∈∪∩∀∃πµ&@#¶€£",
}
"""Script -> characters that no digit is like."""

KINDS = ("letter", "word", "script", "drawing", "glyph")
"""Kinds of sources, by the beginning of their names."""
LINES_KEPT = 500
_Bytes = np.ndarray


@dataclass(frozen=True, slots=True)
class Letters:
    """What there is of letters; see `Letters.load`."""

    written: tuple[hands.Written, ...] = ()
    fonts: tuple[Path, ...] = ()
    script_font: Path | None = None
    lines: tuple[_Bytes, ...] = ()
    glyphs: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)
    strangers: dict[str, np.ndarray] = field(default_factory=dict)

    @classmethod
    def load(cls, data_root: Path | None) -> Letters:
        """Find and read the letters.

        Args:
            data_root: folder with `characters/`, `fonts/`, `lines/` and `strangers.npz`; None: only what
                other packages bring.

        Raises:
            DataError: a file is damaged.
        """
        found = importlib.util.find_spec("matplotlib")
        places = list(found.submodule_search_locations or []) if found else []
        script = Path(places[0]) / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf" if places else None
        script = script if script and script.is_file() else None
        if data_root is None:
            return cls(script_font=script)
        lines = [line for path in sorted((data_root / "lines").glob("*.tar")) for line in _lines(path)]
        return cls(
            tuple(_archives(data_root / "characters")),
            tuple(fonts.found(data_root)),
            script,
            tuple(lines),
            strangers=_strangers(data_root / "strangers.npz"),
        )

    def sources(self) -> list[str]:
        """Names of the sources at hand."""
        names = [f"letter-{bank.source}" for bank in self.written]
        names += ["letter-font"] * bool(self.fonts) + ["word"] * bool(self.lines)
        names += [f"script-{name}" for name in SCRIPTS if self.script_font]
        return names + list(self.strangers)

    def draw(self, source: str, rng: np.random.Generator) -> np.ndarray:
        """One mark of a source.

        Args:
            source: such as "letter-hnd62", "letter-font", "word", "script-greek" or "drawing-lucide".
            rng: chooses.

        Returns:
            The mask.

        Raises:
            DataError: the source's files are not at hand.
        """
        if source not in self.sources():
            raise DataError(
                f"rejects of source {source!r} need files that are not at hand; set INKREAD_DATA to the data "
                "folder (characters/, fonts/, lines/, strangers.npz of tools/strangers.py), and for other "
                "scripts run: pip install '.[train]'"
            )
        if source in self.strangers:
            masks = self.strangers[source]
            return pens.trim(masks[int(rng.integers(len(masks)))].astype(np.float32) / 255)
        kind, _, name = source.partition("-")
        if kind == "script":
            return self._script(SCRIPTS[name], rng)
        if kind == "word":
            return self._word(rng)
        if name == "font":
            path = self.fonts[int(rng.integers(len(self.fonts)))]
            return self._glyph(path, CLEAR[int(rng.integers(len(CLEAR)))])
        bank = next(b for b in self.written if b.source == name)
        return hands.enlarged(bank.images[int(rng.integers(len(bank.images)))], rng)

    def _script(self, characters: str, rng: np.random.Generator) -> np.ndarray:
        """A glyph of another script."""
        if self.script_font is None:
            raise DataError("no font for other scripts")
        return self._glyph(self.script_font, characters[int(rng.integers(len(characters)))])

    def _glyph(self, path: Path, text: str) -> np.ndarray:
        """A glyph, drawn once."""
        key = (path.stem, text)
        if key not in self.glyphs:
            self.glyphs[key] = (fonts.glyph(path, text, 110) * 255).astype(np.uint8)
        return self.glyphs[key].astype(np.float32) / 255

    def _word(self, rng: np.random.Generator) -> np.ndarray:
        """Several letters that hang together, cut from a line of handwriting."""
        for _ in range(30):
            coded = self.lines[int(rng.integers(len(self.lines)))]
            line = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)
            if line is None or line.shape[1] < 80:
                continue
            left = int(rng.integers(0, line.shape[1] - 70))
            ink = hands.ink_of_grey(line[:, left : left + int(rng.integers(70, 240))])
            count, parts, stats, _ = cv2.connectedComponentsWithStats((ink > 110).astype(np.uint8))
            for part in np.argsort(-stats[1:, cv2.CC_STAT_AREA])[:2] + 1 if count > 1 else []:
                x, y, w, h, area = stats[part]
                if w > 1.15 * h and h >= 12 and area > 60 and x > 0 and x + w < ink.shape[1]:
                    return hands.enlarged(np.where(parts == part, ink, 0)[y : y + h, x : x + w], rng)
        return fonts.glyph(self.fonts[0], "mn", 100) if self.fonts else np.zeros((60, 60), np.float32)


def _archives(folder: Path) -> Iterator[hands.Written]:
    """The letters of hnd62, az_capitals and omniglot_latin that are rejects."""
    for name in ("hnd62", "az_capitals", "omniglot_latin"):
        path = folder / f"{name}.npz"
        if not path.is_file():
            continue
        try:
            with np.load(path, allow_pickle=False) as archive:
                images, labels, classes = archive["images"], archive["labels"], archive["classes"]
        except (OSError, ValueError, KeyError) as error:
            raise DataError(f"{path} is damaged ({error}); fetch the data again") from error
        rows = [
            row
            for at, letter in enumerate(classes)
            if str(letter) in CLEAR
            for row in np.flatnonzero(labels == at)[: -hands.HND62_LAST if name == "hnd62" else None]
        ]
        kept = images[np.array(rows)]
        if name == "hnd62":
            kept = np.stack([hands.ink_of_grey(image) for image in kept])
        away = np.zeros(len(kept), bool)
        yield hands.Written(name, kept, labels[np.array(rows)], away.astype(int), away)


def _strangers(path: Path) -> dict[str, np.ndarray]:
    """Line icons and letters of other scripts, source -> `(n, 96, 96)`, as tools/strangers.py writes them."""
    if not path.is_file():
        return {}
    try:
        with np.load(path, allow_pickle=False) as archive:
            images, sources = archive["images"], archive["sources"]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is damaged ({error}); make it again with tools/strangers.py") from error
    return {str(name): images[sources == name] for name in np.unique(sources)}


def _lines(path: Path) -> Iterator[_Bytes]:
    """Some lines of an archive's training split, as JPEG bytes; lines with figures are left out."""
    try:
        with tarfile.open(path) as archive:
            name = next(n for n in archive.getnames() if n.endswith("lines.tsv"))
            table = archive.extractfile(name)
            rows = (table.read() if table else b"").decode("utf-8").splitlines()[1:]
            fields = [row.split("\t") for row in rows]
            wanted = [
                f[0] for f in fields if len(f) > 3 and f[1] == "train" and not any(map(str.isdigit, f[3]))
            ]
            for name in wanted[:: max(1, 4 * len(wanted) // LINES_KEPT)]:
                member = archive.extractfile(name)
                if member is not None:
                    yield np.frombuffer(member.read(), np.uint8)
    except (OSError, KeyError, StopIteration, tarfile.TarError) as error:
        raise DataError(f"{path} is damaged ({error}); fetch the data again") from error
