"""PAGE XML (2019-07-15): one page a file, every way to read a line in it; confidences in 0..1.

Regions are paragraphs, lines are readings, and `TextEquiv@index` counts what a line may say from the best
(0) on: the n-best list. The text of a line that was refused is empty at index 0, so that no guess passes for
a text; the guesses follow. Status and reason of a line that was not accepted stand in its `comments`.

Source: Pletschacher and Antonacopoulos, The PAGE (Page Analysis and Ground-truth Elements) format framework,
ICPR 2010; schema of 2019-07-15.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from inkread.outputs.layout import (
    Corner,
    Word,
    around,
    clean,
    corners,
    name,
    paragraphs,
    ranked,
    words,
    write_xml,
)
from inkread.outputs.numbering import page_by_page
from inkread.types import Alternative, Box, Page, Reading

__all__ = ["NAMESPACE", "page_xml", "write_page"]

NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


def write_page(pages: Iterable[Page], path: Path) -> Path:
    """One file a page: `out.page.xml`, or `out-1.page.xml`, `out-2.page.xml` of several.

    Args:
        pages: taken one by one.
        path: ends in .page.xml.

    Returns:
        The first file written.

    Raises:
        UsageError: no source could be opened.
        InkreadError: a file cannot be written.
    """
    return page_by_page(pages, path, _write)


def _write(page: Page, path: Path) -> None:
    write_xml(page_xml(page, datetime.now(UTC), path.parent), path)


def page_xml(page: Page, made: datetime, folder: Path | None = None) -> Element:
    """The root element of a page.

    Args:
        page: its boxes are written as they are, in pixels.
        made: when, in UTC.
        folder: where the file goes; the picture is named as seen from there.
    """
    from inkread import __version__

    root = Element(
        "PcGts",
        {
            "xmlns": NAMESPACE,
            "xmlns:xsi": _INSTANCE,
            "xsi:schemaLocation": f"{NAMESPACE} {NAMESPACE}/pagecontent.xsd",
        },
    )
    metadata = SubElement(root, "Metadata")
    SubElement(metadata, "Creator").text = f"inkread {__version__}"
    for when in ("Created", "LastChange"):
        SubElement(metadata, when).text = made.strftime("%Y-%m-%dT%H:%M:%SZ")
    models = ", ".join(dict.fromkeys(clean(r.model) for r in page if r.model))
    if models:
        item = {"type": "processingStep", "name": "model", "value": models}
        SubElement(metadata, "MetadataItem", item)
    size = {"imageWidth": str(page.width), "imageHeight": str(page.height)}
    _fill(SubElement(root, "Page", {"imageFilename": name(page.source, folder), **size}), page)
    return root


def _fill(sheet: Element, page: Page) -> None:
    """The reading order, then a region for each paragraph."""
    groups = paragraphs(page)
    if not groups:
        return
    order = SubElement(SubElement(sheet, "ReadingOrder"), "OrderedGroup", {"id": "reading_order"})
    for number in range(len(groups)):
        SubElement(order, "RegionRefIndexed", {"index": str(number), "regionRef": f"region_{number + 1}"})
    pen = _Pen(page)
    for number, group in enumerate(groups, start=1):
        region = SubElement(sheet, "TextRegion", {"id": f"region_{number}", "type": "paragraph"})
        pen.outline(region, None, around(r.box for r in group))
        for reading in group:
            pen.line(region, reading)
        _equivalents(region, [Alternative("\n".join(clean(r.text) for r in group), _least(group))])


def _least(group: Sequence[Reading]) -> float:
    return min(reading.confidence for reading in group)


def _equivalents(parent: Element, ways: Sequence[Alternative]) -> None:
    """What an element may say, best first; the index is written where there are several."""
    for index, way in enumerate(ways):
        number = {"index": str(index)} if len(ways) > 1 else {}
        equivalent = SubElement(parent, "TextEquiv", {**number, "conf": f"{way.confidence:.4f}"})
        SubElement(equivalent, "Unicode").text = way.text


class _Pen:
    """Writes lines of one page and counts them."""

    def __init__(self, page: Page) -> None:
        self._size = page.width, page.height
        self._lines = 0

    def outline(self, parent: Element, points: Sequence[Corner] | None, box: Box | None) -> None:
        """Where an element is: whole pixels inside the picture; the whole picture where nobody knows."""
        whole = Box(0, 0, *self._size)
        box = box or whole
        corners = points or (
            (box.left, box.top),
            (box.right, box.top),
            (box.right, box.bottom),
            (box.left, box.bottom),
        )
        SubElement(parent, "Coords", {"points": self._inside(corners)})

    def _inside(self, corners: Sequence[Corner]) -> str:
        """Points as whole pixels inside the picture."""
        wide, high = self._size
        return " ".join(f"{min(max(round(x), 0), wide)},{min(max(round(y), 0), high)}" for x, y in corners)

    def line(self, region: Element, reading: Reading) -> None:
        """One reading with its words and every way to read it."""
        self._lines += 1
        label = f"line_{self._lines}"
        line = SubElement(region, "TextLine", {"id": label})
        if reading.status != "accepted":
            line.set("comments", f"{reading.status}: {clean(reading.reason)}")
        self.outline(line, corners(reading), reading.box)
        if reading.baseline:
            SubElement(line, "Baseline", {"points": self._inside(reading.baseline)})
        for number, word in enumerate(words(reading), start=1):
            self._word(line, word, f"{label}_word_{number}")
        _equivalents(line, ranked(reading))

    def _word(self, line: Element, word: Word, label: str) -> None:
        element = SubElement(line, "Word", {"id": label})
        self.outline(element, None, word.box)
        for number, character in enumerate(word.characters, start=1):
            if character.box:
                glyph = SubElement(element, "Glyph", {"id": f"{label}_glyph_{number}"})
                self.outline(glyph, None, character.box)
                _equivalents(glyph, [Alternative(clean(character.text), character.confidence)])
        _equivalents(element, [Alternative(word.text, word.confidence)])
