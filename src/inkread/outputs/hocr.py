"""hOCR 1.2: any number of pages in one XHTML file, with a box and a confidence (0..100) a word.

`ocr_page` > `ocr_par` > `ocr_line` > `ocrx_word`. A line that was refused is an `ocr_line` without words. The
baseline of a line, where it is known, is told as the straight one that fits it best.
Pages pass through one by one. Sources that could not be opened have no page and are left out.

Source: the hOCR format, version 1.2, 2020.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from inkread.errors import UsageError
from inkread.outputs.atomic import replacing
from inkread.outputs.layout import around, name, paragraphs, quarters, words
from inkread.types import Box, Page, Reading

__all__ = ["hocr_page", "write_hocr"]

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
  "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<title>inkread</title>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<meta name="ocr-system" content="inkread {version}" />
<meta name="ocr-capabilities" content="ocr_page ocr_par ocr_line ocrx_word ocrp_poly" />
<style type="text/css">
body {{ font: 16px/1.6 serif; margin: 2em auto; max-width: 45em; }}
.ocr_page + .ocr_page {{ border-top: 1px solid #ccc; margin-top: 2em; padding-top: 1em; }}
.ocr_line {{ display: block; min-height: 1.6em; }}
</style>
</head>
<body>
"""
_FOOT = "</body>\n</html>\n"


def write_hocr(pages: Iterable[Page], path: Path) -> Path:
    """Write all pages into one file.

    Args:
        pages: taken one by one, and let go.
        path: ends in .hocr.

    Raises:
        UsageError: no source could be opened.
        InkreadError: the file cannot be written; nothing is left under its name.
    """
    from inkread import __version__

    with replacing(path) as new, new.open("w", encoding="utf-8") as file:
        file.write(_HEAD.format(version=__version__))
        number = 0
        for number, page in enumerate((p for p in pages if p.status != "failed"), start=1):
            element = hocr_page(page, number, path.parent)
            indent(element)
            file.write(tostring(element, encoding="unicode", short_empty_elements=False) + "\n")
        if not number:
            raise UsageError(f"{path} was not written: there is no picture that could be opened")
        file.write(_FOOT)
    return path


def hocr_page(page: Page, number: int, folder: Path | None = None) -> Element:
    """One page as a `div`.

    Args:
        page: its boxes are written as they are, in pixels.
        number: which page of the file it is, from 1.
        folder: where the file goes; the picture is named as seen from there.
    """
    image = name(page.source, folder).replace('"', "%22").replace(";", "%3B")
    bounds = f"bbox 0 0 {page.width} {page.height}"
    title = f'image "{image}"; {bounds}; ppageno {number - 1}'
    sheet = Element("div", {"class": "ocr_page", "id": f"page_{number}", "title": title})
    line = 0
    for count, group in enumerate(paragraphs(page), start=1):
        label = {"class": "ocr_par", "id": f"par_{number}_{count}"}
        paragraph = SubElement(sheet, "p", {**label, **_titled(around(r.box for r in group))})
        for reading in group:
            line += 1
            _line(paragraph, reading, f"{number}_{line}", page)
    return sheet


def _titled(box: Box | None, *more: str) -> dict[str, str]:
    place = [f"bbox {box.left} {box.top} {box.right} {box.bottom}"] if box else []
    told = "; ".join([*place, *more])
    return {"title": told} if told else {}


def _baseline(path: Sequence[tuple[float, float]], box: Box) -> str:
    """Slope and offset of a straight line, downwards from the lower left corner of the line's box."""
    x, y = [p[0] - box.left for p in path], [p[1] - box.bottom for p in path]
    middle_x, middle_y = sum(x) / len(x), sum(y) / len(y)
    spread = sum((at - middle_x) ** 2 for at in x)
    rise = sum((at - middle_x) * (down - middle_y) for at, down in zip(x, y, strict=True))
    slope = rise / spread if spread else 0.0
    return f"baseline {slope:.4f} {middle_y - slope * middle_x:.1f}"


def _line(paragraph: Element, reading: Reading, label: str, page: Page) -> None:
    """One reading; the specification wants a box of every line, so where nobody knows it is the page's."""
    more = []
    if reading.polygon and len(reading.polygon) > 2:
        more.append("poly " + " ".join(f"{round(x)} {round(y)}" for x, y in reading.polygon))
    if turn := quarters(reading):
        more.append(f"textangle {360 - 90 * turn}")
    elif reading.baseline and reading.box:
        more.append(_baseline(reading.baseline, reading.box))
    box = reading.box or Box(0, 0, page.width, page.height)
    line = SubElement(paragraph, "span", {"class": "ocr_line", "id": f"line_{label}", **_titled(box, *more)})
    for number, word in enumerate(words(reading), start=1):
        title = _titled(word.box, f"x_wconf {round(100 * word.confidence)}")
        values = {"class": "ocrx_word", "id": f"word_{label}_{number}", **title}
        SubElement(line, "span", values).text = word.text
