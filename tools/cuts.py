"""Letters and digits cut out of the real lines, for the training of `characters`.

    python tools/cuts.py -o "$INKREAD_DATA/characters/cuts.npz"

Only the training parts of INKREAD_DATA/lines/*.tar are cut. The model `lines` says where each character of a
line's text lies; kept are those whose ink stands alone and that were found with certainty, at most so many a
hand and character, the surest first. A text that slipped along its line gives a letter another's ink: what
the model `characters` finds all but impossible is left out. Without the file training goes on without them.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from inkread.alphabet import clean
from inkread.data import cuts, linesets, sources
from inkread.data.cuts import SIDE, Cut
from inkread.decode.characters import CLASSES, by_shape
from inkread.imaging.ink import extract
from inkread.imaging.load import pages
from inkread.imaging.normalize import normalize_ink
from inkread.imaging.strips import strip
from inkread.runtime import linewise, recognizer

PER_HAND = 10
PER_CHARACTER = 1500
ALIKE = 3
"""Of lines with one text, which forms bring about, so many are cut."""

LEAST = 0.08
"""Share of its shape that a letter needs, as the model `characters` sees it."""


def is_likely(cut: Cut, model: recognizer.Recognizer) -> bool:
    """Whether the ink of a cut may be its letter, in either case."""
    shapes = by_shape(
        model.logits(normalize_ink(np.asarray(cut.ink / np.float32(255), np.float32))[None, ..., None])
    )[0, :-1]
    place = CLASSES.index(cut.character)
    shares = np.exp(shapes - shapes.max())
    return bool(shares[place - 26 if place >= 36 else place] >= LEAST * shares.sum())


def found(path: Path, reader: linewise.LineRecognizer) -> Iterator[tuple[str, Cut]]:
    """(hand, character) of every one that stands alone in a set of lines."""
    texts: Counter[str] = Counter()
    for line in linesets.read(path, "train"):
        text = clean(line.text)
        texts["".join("0" if c.isdigit() else c for c in text)] += 1
        if texts["".join("0" if c.isdigit() else c for c in text)] > ALIKE:
            continue
        ink = extract(next(pages(line.picture)).rgb).ink
        seen, large = strip(ink), strip(ink, SIDE)
        if seen.ink.shape[1] < 8:
            continue
        pixels = np.rint(large.ink * 255).astype(np.uint8)
        for cut in cuts.cut(pixels, text, reader.logits([seen.ink])[0], reader.alphabet):
            yield f"{path.stem}-{line.group}", cut


def main() -> int:
    """Cut, choose, write."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument(
        "sets", nargs="*", type=Path, help="sets of lines; all of INKREAD_DATA where none is named"
    )
    words.add_argument("-o", "--output", type=Path, required=True)
    asked = words.parse_args()
    reader, model = linewise.load("lines"), recognizer.load("characters")
    kept: dict[tuple[str, str], list[Cut]] = defaultdict(list)
    for path in asked.sets or linesets.archives(sources.data_folder()):
        for hand, cut in found(path, reader):
            if not is_likely(cut, model):
                continue
            mine = kept[hand, cut.character]
            mine.append(cut)
            mine.sort(key=lambda c: -c.confidence)
            del mine[PER_HAND:]
        print(f"{path.name}: {sum(map(len, kept.values()))} characters so far", file=sys.stderr)
    images, labels, writers = [], [], []
    for character in CLASSES:
        every = [
            (c.confidence, hand, c.ink)
            for (hand, what), some in kept.items()
            if what == character
            for c in some
        ]
        for _, hand, ink in sorted(every, key=lambda one: -one[0])[:PER_CHARACTER]:
            frame = np.zeros((SIDE, SIDE), np.uint8)
            top, left = (SIDE - ink.shape[0]) // 2, (SIDE - ink.shape[1]) // 2
            frame[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
            images.append(frame)
            labels.append(CLASSES.index(character))
            writers.append(hand)
    np.savez_compressed(
        asked.output,
        images=np.array(images, np.uint8).reshape(-1, SIDE, SIDE),
        labels=np.array(labels, np.int64),
        writers=np.array(writers, str),
        classes=np.array(list(CLASSES)),
    )
    counts = Counter(CLASSES[k] for k in labels)
    print(" ".join(f"{c}{counts[c]}" for c in CLASSES), file=sys.stderr)
    print(asked.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
