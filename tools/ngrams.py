"""The character n-grams that ship, remade byte for byte from open text.

    python tools/texts.py -o TEXTS     # gathers prose: en-*.txt, fr-*.txt, heldout_en.txt, heldout_fr.txt
    python tools/ngrams.py TEXTS       # with INKREAD_DATA set; writes src/inkread/decode/ngrams/{en,fr}.npz

Prose is cut into lines as a hand would, of 25 to 72 characters; the transcriptions of the real lines' train
part count three times (the validation part is left out, and so are struck-out words and Copiste's page
names; a line that many pages repeat counts three times at most). One line in thirty is there in capitals
too. Prints the size of each model and its bits a character on what it never saw: the held-out prose, and the
transcriptions of one in eight of the groups of train lines, left out for that figure and then put back:

    Kneser-Ney (as it ships)       en 1.871 and 2.322, fr 1.779 and 2.499; 2.3 and 1.4 megabytes
    Witten-Bell, --least-gain 4.5  en 1.884 and 2.461, fr 1.836 and 2.971; 3.4 and 1.9 megabytes (256 levels)
"""

from __future__ import annotations

import argparse
import os
import random
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from inkread.alphabet import LATIN, clean
from inkread.decode.estimate import count, estimate, save
from inkread.decode.ngram import NGram

ORDER = 7
LEAST_GAIN = 4.0  # nats; what keeps a file at one to two megabytes
TIMES = 3
CAPITALS = 30
LINES = {
    "en": ["stanford-memorials-1905"],
    "fr": ["copiste-d-un-jour", "testaments-poilus", "cremma-mss-19", "cremma-mss-20"],
}


def cut(paragraphs: Iterable[str], seed: int) -> Iterator[str]:
    """Lines of paragraphs, as long as lines of notes are; what the alphabet cannot write is left out."""
    rng = random.Random(seed)
    written = set(LATIN.characters)
    for paragraph in paragraphs:
        line, most = "", rng.randint(8, 72)
        for word in clean(paragraph).split(" "):
            if line and len(line) + 1 + len(word) > most:
                if set(line) <= written:
                    yield line
                line, most = "", rng.randint(25, 72)
            line = f"{line} {word}".strip()
        if line and set(line) <= written:
            yield line


def transcriptions(data: Path, language: str) -> list[tuple[str, str]]:
    """(group, text) of the real lines of a language that training may use."""
    found: list[tuple[str, str]] = []
    times: Counter[str] = Counter()
    for name in LINES[language]:
        with tarfile.open(data / "lines" / f"{name}.tar") as tar:
            member = tar.extractfile(f"{name}/lines.tsv")
            rows = member.read().decode().splitlines()[1:] if member else []
        for _, split, group, text in (row.split("\t", 3) for row in rows):
            line = clean(text.replace("^", ""))
            times[line] += 1
            usable = line and not set("<>") & set(line) and set(line) <= set(LATIN.characters)
            if split == "train" and usable and "wikitexte_" not in line and times[line] <= 3:
                found.append((f"{name}/{group}", line))
    return found


def model(lines: list[str], order: int, least_gain: float, smoothing: str) -> dict:
    """The arrays of a model of lines, with some of them in capitals too."""
    lines = lines + [line.upper() for line in lines[::CAPITALS] if set(line.upper()) <= set(LATIN.characters)]
    tables = count(lines, LATIN.characters, order)
    return estimate(tables, LATIN.characters, smoothing=smoothing, least_gain=least_gain)


def main() -> None:
    """Make both models, and say how good they are."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "texts", type=Path, help="folder of en-*.txt, fr-*.txt, heldout_en.txt, heldout_fr.txt"
    )
    parser.add_argument("-o", "--out", type=Path, default=Path("src/inkread/decode/ngrams"))
    parser.add_argument("--order", type=int, default=ORDER)
    parser.add_argument("--least-gain", type=float, default=LEAST_GAIN)
    parser.add_argument("--smoothing", default="kneser-ney")
    parser.add_argument("--no-figures", action="store_true", help="write the models only")
    args = parser.parse_args()
    how = (args.order, args.least_gain, args.smoothing)
    data = Path(os.environ["INKREAD_DATA"])
    args.out.mkdir(parents=True, exist_ok=True)
    for language in LINES:
        prose: list[str] = []
        real = transcriptions(data, language)
        sources = sorted(args.texts.glob(f"{language}-*.txt"))
        for i, path in enumerate(p for p in sources if not p.stem.endswith("-lines")):  # `real` has those
            prose += cut(path.read_text(encoding="utf-8").splitlines(), i)
        groups = sorted({group for group, _ in real})
        if not args.no_figures:
            kept_back = set(groups[3::8])
            part = NGram(model(prose + TIMES * [t for g, t in real if g not in kept_back], *how))
            unseen = (args.texts / f"heldout_{language}.txt").read_text(encoding="utf-8").splitlines()
            known = {text for _, text in real}
            held = list(cut([p for p in unseen if p not in known], 99))[::5]
            seen = [t for g, t in real if g in kept_back]
            print(
                f"{language}: {part.bits(held):.3f} bits a character on {len(held)} lines of held-out prose, "
                f"{part.bits(seen):.3f} on {len(seen)} real lines of groups left out"
            )
        path = args.out / f"{language}.npz"
        save(model(prose + TIMES * [t for _, t in real], *how), path)
        whole = NGram.load(path)
        print(f"{path}: {whole.entries} n-grams, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
