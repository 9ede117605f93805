"""What travels between the stages: boxes, readings and pages. Plain frozen values, no behaviour beyond views.

Coordinates are pixels of the picture the user gave, upright as a viewer shows it; `right` and `bottom` are
exclusive. Confidences are calibrated probabilities in 0..1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, overload

__all__ = ["STATUSES", "Alternative", "Box", "Character", "Page", "Reading", "Status"]

Status = Literal["accepted", "review", "refused", "failed"]
STATUSES: tuple[Status, ...] = ("accepted", "review", "refused", "failed")
"""From the best to the worst."""


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in pixels of the user's picture; right and bottom are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    def moved(self, x: int, y: int) -> Box:
        """The box so many pixels to the right and down."""
        return Box(self.left + x, self.top + y, self.right + x, self.bottom + y)

    def to_list(self) -> list[int]:
        """`[left, top, right, bottom]`."""
        return [self.left, self.top, self.right, self.bottom]


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to read a mark, and the calibrated probability that it is the right one."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Character:
    """One character of a reading."""

    text: str
    confidence: float
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read at one place of a picture.

    Attributes:
        text: what it says; empty where the reading is refused or failed.
        confidence: calibrated probability that `text` (of a refused reading: the best guess) is right; 0
            where there is no guess at all.
        status: "accepted", "review", "refused" or "failed".
        reason: why a person must look, in words; empty where the reading is accepted.
        box: where, in pixels of the user's picture; None where the source could not be opened.
        polygon: the corners ((x, y), ...) where the text slants or the picture was turned; else None.
        alternatives: best first, the best guess included.
        characters: the characters of `text`, left to right.
        kind: what it was read as, such as "digit".
        name: of mail, which reading it is, such as "zip" or "state"; None elsewhere.
        source: the file's path as the user wrote it, or "<array>" and the like.
        page: page of the source, from 1.
        document: which document of the source, from 1.
        model: name and version of the model.
        ms: milliseconds spent on the page that the reading is from, opening the file included.
        baseline: of a line that was found on a page, where its letters stand: ((x, y), ...) from the first to
            the last. It goes into ALTO, PAGE and hOCR, not into records.
    """

    text: str
    confidence: float
    status: Status
    reason: str = ""
    box: Box | None = None
    polygon: tuple[tuple[float, float], ...] | None = None
    alternatives: tuple[Alternative, ...] = ()
    characters: tuple[Character, ...] = ()
    kind: str = ""
    name: str | None = None
    source: str = ""
    page: int = 1
    document: int = 1
    model: str | None = None
    ms: float = 0.0
    baseline: tuple[tuple[float, float], ...] | None = None

    @property
    def guess(self) -> str:
        """The best guess whatever the status; empty where there is none."""
        return self.alternatives[0].text if self.alternatives else self.text

    def to_dict(self) -> dict[str, Any]:
        """The reading as plain JSON values, in the order of the JSON Schema."""
        return {
            "source": self.source,
            "page": self.page,
            "document": self.document,
            "kind": self.kind,
            "name": self.name,
            "text": self.text,
            "confidence": round(self.confidence, 6),
            "status": self.status,
            "reason": self.reason,
            "box": self.box.to_list() if self.box else None,
            "polygon": [[round(x, 1), round(y, 1)] for x, y in self.polygon] if self.polygon else None,
            "alternatives": [
                {"text": a.text, "confidence": round(a.confidence, 6)} for a in self.alternatives
            ],
            "characters": [
                {
                    "text": c.text,
                    "confidence": round(c.confidence, 6),
                    "box": c.box.to_list() if c.box else None,
                }
                for c in self.characters
            ],
            "model": self.model,
            "ms": round(self.ms, 2),
        }


@dataclass(frozen=True, slots=True)
class Page(Sequence[Reading]):
    """The readings of one page, in reading order. A page of one reading passes for that reading.

    Attributes:
        source: the file's path as the user wrote it, or "<array>" and the like.
        readings: at least one; a page on which nothing was found has one refused reading.
        kind: what the page was read as.
        page: page of the source, from 1.
        width: pixels of the user's picture, upright; 0 where it could not be opened.
        height: pixels of the user's picture, upright; 0 where it could not be opened.
    """

    source: str
    readings: tuple[Reading, ...]
    kind: str = ""
    page: int = 1
    width: int = 0
    height: int = 0

    @overload
    def __getitem__(self, index: int | str) -> Reading: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Reading, ...]: ...
    def __getitem__(self, index: int | str | slice) -> Reading | tuple[Reading, ...]:
        """The reading at a position, or the one of a name: `page[0]`, `page["amount"]`.

        Raises:
            KeyError: no reading has that name.
        """
        if isinstance(index, str):
            for reading in self.readings:
                if reading.name == index:
                    return reading
            names = sorted({r.name for r in self.readings if r.name})
            raise KeyError(f"no field {index!r}; the page has {', '.join(names) or 'no named fields'}")
        return self.readings[index]

    def __len__(self) -> int:
        return len(self.readings)

    def __iter__(self) -> Iterator[Reading]:
        return iter(self.readings)

    @property
    def text(self) -> str:
        """The texts of all readings, one a line."""
        return "\n".join(r.text for r in self.readings)

    @property
    def confidence(self) -> float:
        """The least confidence of the readings."""
        return min((r.confidence for r in self.readings), default=0.0)

    @property
    def status(self) -> Status:
        """The worst status of the readings."""
        return max((r.status for r in self.readings), key=STATUSES.index, default="refused")

    @property
    def reason(self) -> str:
        """The reasons of all readings that have one, joined by "; "."""
        return "; ".join(dict.fromkeys(r.reason for r in self.readings if r.reason))

    @property
    def box(self) -> Box | None:
        """The box around all readings; None where the source could not be opened."""
        boxes = [r.box for r in self.readings if r.box]
        if not boxes:
            return None
        return Box(
            min(b.left for b in boxes),
            min(b.top for b in boxes),
            max(b.right for b in boxes),
            max(b.bottom for b in boxes),
        )

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        """Of a page with one reading, its alternatives; else empty."""
        return self.readings[0].alternatives if len(self.readings) == 1 else ()

    def to_dict(self) -> dict[str, Any]:
        """The page as plain JSON values."""
        return {
            "source": self.source,
            "page": self.page,
            "kind": self.kind,
            "width": self.width,
            "height": self.height,
            "text": self.text,
            "confidence": round(self.confidence, 6),
            "status": self.status,
            "readings": [r.to_dict() for r in self.readings],
        }

    def save(self, path: str | Path) -> Path:
        """Write the page to a file; its ending chooses the format.

        Args:
            path: ends in .csv, .jsonl, .xlsx, .txt, .md, .alto.xml, .page.xml, .hocr, .pdf (searchable) or
                .png (the readings drawn over the picture).

        Raises:
            UsageError: no writer knows the ending; a picture cannot be opened again.
            MissingExtra: the format needs a library that is not installed.
        """
        from inkread.outputs import save

        return save([self], path)

    def show(self) -> None:
        """Open the picture with the readings drawn over it: inline in a notebook, else in a viewer.

        Raises:
            UsageError: the page was read from memory and its picture is no longer there.
        """
        from inkread.outputs import show

        show(self)
