"""ALTO 4.4: one page a file, as libraries and transcription tools exchange it; confidences in 0..1.

Blocks are paragraphs, lines are readings, `String`s are words with their confidence (`WC`), `Glyph`s are
characters with theirs (`GC`), where they have boxes; `BASELINE` says where the letters of a line stand,
where that is known. A line that was refused has one empty `String`, which the schema wants, with confidence
0, and a tag that says why. Alternatives of whole lines have no place in ALTO: the PAGE format has one.

Source: ALTO 4.4, Library of Congress, 2023; only what 4.2 had already is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from inkread.outputs.layout import Word, around, clean, name, paragraphs, words, write_xml
from inkread.outputs.numbering import page_by_page
from inkread.types import Box, Character, Page, Reading

__all__ = ["NAMESPACE", "alto", "write_alto"]

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_SCHEMA = "http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


def write_alto(pages: Iterable[Page], path: Path) -> Path:
    """One file a page: `out.alto.xml`, or `out-1.alto.xml`, `out-2.alto.xml` of several.

    Args:
        pages: taken one by one.
        path: ends in .alto.xml.

    Returns:
        The first file written.

    Raises:
        UsageError: no source could be opened.
        InkreadError: a file cannot be written.
    """
    return page_by_page(pages, path, _write)


def _write(page: Page, path: Path) -> None:
    write_xml(alto(page, path.parent), path)


def alto(page: Page, folder: Path | None = None) -> Element:
    """The root element of a page.

    Args:
        page: its boxes are written as they are, in pixels.
        folder: where the file goes; the picture is named as seen from there.
    """
    root = Element(
        "alto",
        {
            "xmlns": NAMESPACE,
            "xmlns:xsi": _INSTANCE,
            "xsi:schemaLocation": f"{NAMESPACE} {_SCHEMA}",
            "SCHEMAVERSION": "4.4",
        },
    )
    _describe(SubElement(root, "Description"), page, name(page.source, folder))
    tags = Element("Tags")
    layout = Element("Layout")
    sheet = SubElement(
        layout,
        "Page",
        {"ID": "page", "PHYSICAL_IMG_NR": str(page.page), **_size(page)},
    )
    space = SubElement(sheet, "PrintSpace", _place(Box(0, 0, page.width, page.height)))
    line = 0
    for number, group in enumerate(paragraphs(page), start=1):
        block = SubElement(space, "TextBlock", {"ID": f"block_{number}", **_place(_around(group))})
        for reading in group:
            line += 1
            _line(block, tags, reading, f"line_{line}")
    if len(tags):
        root.append(tags)
    root.append(layout)
    return root


def _describe(description: Element, page: Page, source: str) -> None:
    """The unit, the picture's name, and what read it."""
    from inkread import __version__

    SubElement(description, "MeasurementUnit").text = "pixel"
    image = SubElement(description, "sourceImageInformation")
    SubElement(image, "fileName").text = source
    step = SubElement(description, "Processing", {"ID": "inkread"})
    SubElement(step, "processingCategory").text = "contentGeneration"
    models = ", ".join(dict.fromkeys(clean(r.model) for r in page if r.model))
    if models:
        SubElement(step, "processingStepSettings").text = f"model {models}"
    software = SubElement(step, "processingSoftware")
    SubElement(software, "softwareName").text = "inkread"
    SubElement(software, "softwareVersion").text = __version__


def _size(page: Page) -> dict[str, str]:
    return {"WIDTH": str(page.width), "HEIGHT": str(page.height)}


def _place(box: Box | None) -> dict[str, str]:
    if box is None:
        return {}
    return {
        "HPOS": str(box.left),
        "VPOS": str(box.top),
        "WIDTH": str(box.width),
        "HEIGHT": str(box.height),
    }


def _around(readings: Iterable[Reading]) -> Box | None:
    return around(reading.box for reading in readings)


def _line(block: Element, tags: Element, reading: Reading, label: str) -> None:
    """One reading as a line; a status that is not "accepted" becomes a tag with the reason."""
    line = SubElement(block, "TextLine", {"ID": label, **_place(reading.box)})
    if reading.status != "accepted":
        tag = {"ID": f"{label}_status", "TYPE": "status", "LABEL": reading.status}
        SubElement(tags, "OtherTag", {**tag, "DESCRIPTION": clean(reading.reason)})
        line.set("TAGREFS", f"{label}_status")
    if reading.polygon and len(reading.polygon) > 2:
        SubElement(SubElement(line, "Shape"), "Polygon", {"POINTS": _points(reading.polygon)})
    if reading.baseline:
        line.set("BASELINE", _points(reading.baseline))
    found = words(reading)
    if not found:
        SubElement(line, "String", {"CONTENT": "", "WC": "0", **_place(reading.box)})
    before: Word | None = None
    for number, word in enumerate(found, start=1):
        if before is not None:
            SubElement(line, "SP", _gap(before.box, word.box))
        _word(line, word, f"{label}_word_{number}")
        before = word


def _points(corners: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{round(x)},{round(y)}" for x, y in corners)  # readers expect whole pixels


def _gap(before: Box | None, after: Box | None) -> dict[str, str]:
    """Where the space between two words is, if there is room between their boxes."""
    if before is None or after is None or before.right >= after.left:
        return {}
    top, bottom = max(before.top, after.top), min(before.bottom, after.bottom)
    return _place(Box(before.right, top, after.left, bottom)) if top < bottom else {}


def _word(line: Element, word: Word, label: str) -> None:
    values = {"ID": label, "CONTENT": word.text, "WC": f"{word.confidence:.4f}", **_place(word.box)}
    string = SubElement(line, "String", values)
    for character in word.characters:
        _glyph(string, character)


def _glyph(string: Element, character: Character) -> None:
    """One character; the schema knows only those of one code point."""
    text = clean(character.text)
    if len(text) == 1 and character.box:
        place = _place(character.box)
        SubElement(string, "Glyph", {"CONTENT": text, "GC": f"{character.confidence:.4f}", **place})
