"""What became of each labelled item: read as a photo is (`reader`), or fed straight into the model (`model`).

One item, one `Outcome`: what was expected, the best guess whatever its status, how sure, accepted or not. How
a page with several readings is judged is decided here and nowhere else:

- a label of one character, or one of the model's own classes ("star"): the *main* reading counts: among those
  at least a quarter as high as the tallest, an accepted one before one in review before a refused one, and
  then the surest. Every other accepted reading is `extra`.
- a longer label (several characters, several lines): all readings of the page in reading order, joined, white
  space left out on both sides, since a reader of single digits cannot know where a word ends. The page counts
  as accepted when every reading is; accepted readings beyond the number of characters are `extra`.
- the label "": nothing is to be read. Right where no text is given (refused); any accepted reading is an
  error.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from inkread.data.labelled import Item, Labelled
from inkread.decode.confidence import probabilities
from inkread.errors import UsageError
from inkread.readers.reader import Reader
from inkread.runtime.recognizer import Recognizer
from inkread.types import STATUSES, Page, Reading

__all__ = [
    "MODEL_SHAPE",
    "Outcome",
    "judge",
    "judge_line",
    "main_position",
    "main_reading",
    "through_model",
    "through_reader",
]

MODEL_SHAPE = (28, 28)
"""Height and width of the pictures that models take."""

BATCH = 1024


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item.

    Attributes:
        expected: the label as it is compared.
        guess: the best guess as it is compared; "" where there is none.
        confidence: of the guess.
        accepted: whether it was accepted at the target error that was asked for.
        extra: confidences of accepted readings beyond what was expected.
        reason: why it was not accepted.
        failed: whether the picture could not be opened.
    """

    expected: str
    guess: str
    confidence: float
    accepted: bool
    extra: tuple[float, ...] = ()
    reason: str = ""
    failed: bool = False

    @property
    def right(self) -> bool:
        """Whether the guess is what was expected."""
        return self.guess == self.expected


def through_reader(
    labelled: Labelled, reader: Reader, *, workers: int = 1, symbols: Collection[str] | None = ()
) -> Iterator[Outcome]:
    """Read every item as a user's photo is read.

    Args:
        labelled: the set.
        reader: asked at the loosest target error of interest.
        workers: processes.
        symbols: the texts of the model's classes, each of which is one symbol, however long its name; None
            where it reads lines.

    Yields:
        one outcome an item, in order. A picture that cannot be opened is read as nothing.
    """
    for (rotate, _), group in groupby(labelled.items, key=lambda i: (i.rotate, isinstance(i.picture, str))):
        items = list(group)
        pages = _pages([item.picture for item in items], reader, workers, rotate)
        for item, page in zip(items, pages, strict=True):
            yield judge_line(item, page) if symbols is None else judge(item, page, symbols)


def _pages(pictures: list[str | np.ndarray], reader: Reader, workers: int, rotate: float) -> Iterator[Page]:
    """The first page of each picture: files by processes, arrays by threads."""
    files = [picture for picture in pictures if isinstance(picture, str)]
    if files:
        yield from (
            page for page in reader.read_many(files, workers=workers, rotate=rotate) if page.page == 1
        )
        return
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(lambda picture: reader.read(picture, rotate=rotate), pictures)


def judge(item: Item, page: Page, symbols: Collection[str] = ()) -> Outcome:
    """Compare a page with its item's label; the module's docstring says how.

    Args:
        item: the picture's truth.
        page: what was read.
        symbols: the texts of the model's classes.
    """
    if item.label in symbols:
        return _judge_one(item.label, page)
    expected = "".join(item.label.split())
    if len(expected) <= 1:
        return _judge_one(expected, page)
    accepted = [r.confidence for r in page if r.status == "accepted"]
    return Outcome(
        expected,
        "".join("".join(r.guess.split()) for r in page),
        page.confidence,
        page.status == "accepted",
        tuple(sorted(accepted)[: max(0, len(accepted) - len(expected))]),
        page.reason,
        page.status == "failed",
    )


def judge_line(item: Item, page: Page) -> Outcome:
    """Compare a line's text with its label, character by character, nothing folded and nothing left out.

    Args:
        item: the line's truth.
        page: what was read, as one line or several.
    """
    guess = "\n".join(filter(None, (best_guess(r) for r in page))) if item.label else page.text.strip()
    accepted, failed = page.status == "accepted", page.status == "failed"
    return Outcome(item.label, guess, page.confidence, accepted, (), page.reason, failed)


def _judge_one(expected: str, page: Page) -> Outcome:
    """Compare the main reading with one character, or with nothing."""
    main = main_reading(page)
    extra = tuple(r.confidence for r in page if r is not main and r.status == "accepted")
    guess = best_guess(main) if expected else main.text
    accepted, failed = main.status == "accepted", main.status == "failed"
    return Outcome(expected, guess, main.confidence, accepted, extra, main.reason, failed)


def best_guess(reading: Reading) -> str:
    """The likeliest text of a reading whatever its status; "" where it has none."""
    texts = [a.text for a in reading.alternatives if a.text]
    return reading.text or (texts[0] if texts else "")


def main_reading(page: Page) -> Reading:
    """The reading that a picture of one character is about: the one at `main_position`."""
    return page[main_position(page.readings)]


def main_position(readings: Sequence[Reading]) -> int:
    """Which of a page's readings the picture is about, where it shows one character.

    Args:
        readings: one or several; a speck beside the character may be one of them.

    Returns:
        the position of the best by status, then by confidence, among the readings whose box is at least a
        quarter as high as the tallest.
    """
    heights = [r.box.height if r.box else 0 for r in readings]
    tall = [k for k, height in enumerate(heights) if 4 * height >= max(heights)]
    return max(tall, key=lambda k: (-STATUSES.index(readings[k].status), readings[k].confidence))


def through_model(labelled: Labelled, recognizer: Recognizer, *, threshold: float) -> Iterator[Outcome]:
    """Feed arrays that already have the model's shape to it, scaled to 0..1, with nothing done to them.

    Args:
        labelled: a set of uint8 pictures `(28, 28)`.
        recognizer: the model.
        threshold: the confidence from which on a guess is accepted.

    Yields:
        one outcome an item, in order.

    Raises:
        UsageError: the pictures are files, or of another shape.
    """
    images = labelled.arrays()
    if images is None or images.shape[1:] != MODEL_SHAPE:
        came = (
            "pictures of different sizes or files"
            if images is None
            else f"pictures of {images.shape[1:]} pixels"
        )
        raise UsageError(f"{labelled.name} has {came}, the model takes {MODEL_SHAPE}; use --through reader")
    metadata = recognizer.metadata
    classes = metadata.classes
    texts = np.array([i for i, text in enumerate(classes) if text])
    for start in range(0, len(images), BATCH):
        batch = images[start : start + BATCH, ..., None].astype(np.float32) / 255
        shares = probabilities(recognizer.logits(batch), metadata.calibration)
        best = texts[shares[:, texts].argmax(axis=1)]
        refused = np.asarray(classes)[shares.argmax(axis=1)] == ""
        for i, item in enumerate(labelled.items[start : start + BATCH]):
            confidence = float(shares[i, best[i]])
            guess = classes[best[i]] if item.label or not refused[i] else ""
            yield Outcome(item.label, guess, confidence, not refused[i] and confidence >= threshold)
