"""A reader of lines learns one's own hand: from a model that reads already, on lines of one's own.

The alphabet is kept, and extended by characters that only one's own texts have. A part of the lines is held
back; it chooses the weights, and tells, with the public validation lines where `INKREAD_DATA` has them, what
became better and what worse. Nothing is called better that the lines held back cannot show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from inkread.alphabet import Alphabet, clean
from inkread.data import labelled, linepools, linesets, sources
from inkread.data.linepools import Stock
from inkread.data.linesets import Line, Strips
from inkread.errors import DataError, ModelError
from inkread.evaluation.metrics import edit_distance
from inkread.runtime import recognizer
from inkread.runtime.metadata import Metadata, inside

__all__ = ["Verdict", "gather", "grafted", "judge", "started", "verdict"]

OWN_SHARE = 0.7
"""Of each batch; the rest are public lines, so that the model forgets little."""
HELD_BACK = 0.2
LEAST = 10
"""Lines with fewer than this many cannot be split into a part to learn from and one to judge by."""
RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What fine-tuning changed on some lines.

    Attributes:
        name: of the lines.
        lines: how many.
        before: CER, 0..1.
        after: CER, 0..1.
        interval: 95 % interval of after - before, by bootstrap over the lines.
    """

    name: str
    lines: int
    before: float
    after: float
    interval: tuple[float, float]

    def told(self) -> str:
        """The verdict in one line."""
        low, high = self.interval
        if high < 0:
            word = "better"
        elif low > 0:
            word = "worse"
        else:
            word = f"no difference that {self.lines} lines can show"
        return (
            f"{self.name}: CER {100 * self.before:.1f} % before, {100 * self.after:.1f} % after, on "
            f"{self.lines} lines; {word} "
            f"(95 % interval of the change {100 * low:+.1f} to {100 * high:+.1f} points)"
        )


def gather(
    data: str, folder: Path, alphabet: Alphabet, *, seed: int, drawn: int, say: Callable[[str], None]
) -> tuple[Stock, Alphabet]:
    """Prepare one's own lines beside the public ones.

    Args:
        data: a folder or `.tar` with a `lines.tsv`, or a `labels.csv` or its folder.
        folder: keeps what is prepared.
        alphabet: of the model that training begins with.
        seed: chooses what is held back, where neither splits nor writers do.
        drawn: drawn lines that are mixed in, where the fonts are at hand.
        say: hears how it goes.

    Returns:
        What to learn from and judge by, and the alphabet, extended where one's own texts have more.

    Raises:
        DataError: too few lines, a picture that cannot be opened, or a set that is damaged.
    """
    lines, whole = _own(data), alphabet
    for line in lines:
        whole = whole.extended(line.text)
    if more := whole.characters[len(alphabet.characters) :]:
        say(f"the alphabet learns {more!r}")
    train, held, how = _split(lines, np.random.default_rng(seed))
    say(f"{len(train)} lines to learn from, {len(held)} held back {how}")
    folder.mkdir(parents=True, exist_ok=True)
    parts = {"own": linesets.stripped(iter(train), alike=10**6).save(folder / "own-train.npy")}
    judged = {"own": linesets.stripped(iter(held), alike=10**6).save(folder / "own-held.npy")}
    shares = {"own": 1.0}
    calibration: tuple[str, ...] = ()
    if linesets.archives(sources.data_folder()):
        public = linepools.gather(folder, drawn, 0.5, alphabet, say)
        parts |= public.parts
        shares = {"own": OWN_SHARE} | dict.fromkeys(public.parts, (1 - OWN_SHARE) / 2)
        judged["public validation lines"] = public.held["real"]
        calibration = public.calibration
    else:
        say("INKREAD_DATA has no public lines: what the model forgets of other hands is not measured")
    return Stock(parts, shares, judged, ("own",), calibration), whole


def _own(data: str) -> list[Line]:
    """One's own lines, their texts as the alphabet has them."""
    found = labelled.load(data)
    lines = [
        Line(_bytes(item), clean(item.label), item.writer, item.columns.get("split", ""), str(place))
        for place, item in enumerate(found.items)
        if item.label.strip()
    ]
    if len(lines) < LEAST:
        raise DataError(
            f"{data} has {len(lines)} lines with a text; expected at least {LEAST}, some to be held back"
        )
    return lines


def _bytes(item: labelled.Item) -> bytes:
    """The picture of an item as bytes of a file."""
    if isinstance(item.picture, str):
        return Path(item.picture).read_bytes()
    return linesets.coded(item.picture)


def _split(lines: list[Line], rng: np.random.Generator) -> tuple[list[Line], list[Line], str]:
    """What to learn from, what is held back, and how that was chosen."""
    told = {line.split for line in lines}
    if "train" in told and "val" in told:
        kept = [line.split != "val" for line in lines]
        how = "as the set says"
    elif len({line.group for line in lines if line.group}) >= 3:
        groups = sorted({line.group for line in lines})
        away = {groups[i] for i in rng.permutation(len(groups))[: max(1, round(HELD_BACK * len(groups)))]}
        kept, how = [line.group not in away for line in lines], "by writer"
    else:
        held = set(rng.permutation(len(lines))[: max(2, round(HELD_BACK * len(lines)))].tolist())
        kept, how = [place not in held for place in range(len(lines))], "at random"
    chosen = [line for line, is_kept in zip(lines, kept, strict=True) if is_kept]
    return chosen, [line for line, is_kept in zip(lines, kept, strict=True) if not is_kept], how


def started(path: Path) -> Alphabet:
    """The alphabet of a model to begin with.

    Raises:
        ModelError: it reads no lines.
    """
    written = inside(path)
    metadata = Metadata.from_json(written) if written else None
    if metadata is None or metadata.kind != recognizer.LINEWISE:
        raise ModelError(f"cannot begin with {path}: it reads no lines; expected a line reader's .keras file")
    return Alphabet("".join(metadata.classes[1:]))


def grafted(network: keras.Model, path: Path, alphabet: Alphabet) -> None:
    """Give a network another one's weights; characters that the other does not know begin at random.

    Args:
        network: reads lines of `alphabet`; its last layer gives the logits.
        path: the other's `.keras` file; its alphabet may be another.
        alphabet: the network's own.

    Raises:
        ModelError: it cannot be loaded, reads no lines, or is another network.
    """
    known = started(path)
    both = [k for k, character in enumerate(alphabet.characters) if character in known.characters]
    mine = [0, *(k + 1 for k in both)]
    his = [0, *(known.characters.index(alphabet.characters[k]) + 1 for k in both)]
    ours, theirs = network.get_weights(), recognizer.open_keras(path).get_weights()
    body, head = ours[:-2], ours[-2:]
    theirs[0] = _spread(theirs[0], ours[0].shape)
    same = [a.shape for a in body] == [b.shape for b in theirs[:-2]] and len(ours) == len(theirs)
    if not same or theirs[-1].shape != (known.size,):
        raise ModelError(f"cannot begin with {path}: it is another network; expected one of the same size")
    for own, other in zip(head, theirs[-2:], strict=True):
        own[..., mine] = other[..., his]
    network.set_weights([*theirs[:-2], *head])


def _spread(first: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """A first layer that saw ink alone, for ink and shade: where they are the same it answers the same."""
    if (*first.shape[:2], 2, first.shape[3]) == shape and first.shape[2] == 1:
        return np.concatenate([first / 2, first / 2], axis=2)
    return first


def judge(lines: Strips, read: list[str]) -> np.ndarray:
    """Wrong characters of each line, and how many it has: int64 `(n, 2)`."""
    pairs = zip(read, lines.texts, strict=True)
    counts = [(edit_distance(told, truth), len(truth)) for told, truth in pairs]
    return np.array(counts, np.int64).reshape(-1, 2)


def verdict(name: str, before: np.ndarray, after: np.ndarray) -> Verdict:
    """Compare two readings of the same lines.

    Args:
        name: of the lines.
        before: what `judge` says of the first.
        after: what `judge` says of the second.
    """
    rng = np.random.default_rng(0)
    rows = rng.integers(0, len(before), (RESAMPLES, len(before)))
    characters = before[rows, 1].sum(1)
    changes = (after[rows, 0].sum(1) - before[rows, 0].sum(1)) / np.maximum(characters, 1)
    low, high = (float(v) for v in np.quantile(changes, (0.025, 0.975)))
    whole = max(1, int(before[:, 1].sum()))
    return Verdict(
        name, len(before), int(before[:, 0].sum()) / whole, int(after[:, 0].sum()) / whole, (low, high)
    )
