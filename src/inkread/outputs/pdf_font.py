"""A font without a face: the text that lies invisible over the picture of a searchable PDF is set in it.

Every character, of any script, is the same box, half as wide as it is high, so that a viewer marks a word in
the place where it was written. What each code means stands in the map to Unicode beside the font, and that is
what is found and copied. Made for each page from the characters on it; about 400 bytes.

Source: PDF 32000-1:2008, 9.7.4 (CIDFonts), 9.10.3 (ToUnicode); the TrueType tables of OpenType 1.9.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

__all__ = ["ADVANCE", "ASCENT", "codes", "glyph_of_code", "to_unicode", "truetype"]

ADVANCE, ASCENT = 0.5, 0.8
"""Width of every character, and its height above the baseline, as shares of the size; the rest is below."""

_UNITS = 1000
_MOST_PAIRS = 100
"""In one block of a map to Unicode."""
_MAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{blocks}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def codes(texts: Iterable[str]) -> dict[str, int]:
    """A code for each character that occurs, from 1; the space has one in any case.

    Args:
        texts: what will be set in the font; without lone surrogates.

    Example:
        >>> codes(["be"])
        {' ': 1, 'b': 2, 'e': 3}
    """
    letters = sorted({" ", *(letter for text in texts for letter in text)})
    return {letter: code for code, letter in enumerate(letters, start=1)}


def to_unicode(known: dict[str, int]) -> str:
    """The map from codes to Unicode, as a CMap; characters beyond the first plane as two surrogates."""
    pairs = [f"<{code:04X}> <{letter.encode('utf-16-be').hex().upper()}>" for letter, code in known.items()]
    blocks = []
    for first in range(0, len(pairs), _MOST_PAIRS):
        block = pairs[first : first + _MOST_PAIRS]
        blocks.append("\n".join([f"{len(block)} beginbfchar", *block, "endbfchar"]))
    return _MAP.format(blocks="\n".join(blocks))


def glyph_of_code(known: dict[str, int]) -> bytes:
    """Which glyph draws each code, two bytes each, from code 0: the box, number 1, for all in use."""
    return b"\0\0" + b"\0\1" * len(known)


def truetype() -> bytes:
    """The font file: glyph 0 is empty, glyph 1 the box."""
    wide, top = round(ADVANCE * _UNITS), round(ASCENT * _UNITS)
    low = top - _UNITS
    box = _box(wide, low, top)
    tables = {
        b"glyf": box,
        b"head": struct.pack(
            ">IIIIHHqqhhhhHHhhh",
            *(0x00010000, 0x00010000, 0, 0x5F0F3CF5, 0b11, _UNITS, 0, 0),
            *(0, low, wide, top, 0, 8, 2, 0, 0),
        ),
        b"hhea": struct.pack(
            ">IhhhHhhhhhhhhhhhH", 0x00010000, top, low, 0, wide, *[0] * 2, wide, 1, *[0] * 7, 2
        ),
        b"hmtx": struct.pack(">HhHh", wide, 0, wide, 0),
        b"loca": struct.pack(">HHH", 0, 0, len(box) // 2),
        b"maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x00010000, 2, 4, 1, 0, 0, 1, *[0] * 8),
        b"name": _names("Invisible"),
    }
    return _file(tables)


def _box(wide: int, low: int, top: int) -> bytes:
    """The outline of a rectangle from the baseline's origin, as a glyph; its length is even."""
    head = struct.pack(">hhhhhHH", 1, 0, low, wide, top, 3, 0)
    across, up = struct.pack(">hhhh", 0, 0, wide, 0), struct.pack(">hhhh", low, top - low, 0, low - top)
    return head + b"\1" * 4 + across + up


def _names(family: str) -> bytes:
    """The table of names: family (1) and PostScript name (6), for the encoding that all readers know."""
    text = family.encode("utf-16-be")
    records = b"".join(struct.pack(">HHHHHH", 3, 1, 0x409, number, len(text), 0) for number in (1, 6))
    return struct.pack(">HHH", 0, 2, 6 + len(records)) + records + text


def _file(tables: dict[bytes, bytes]) -> bytes:
    """The tables behind their directory, each at a multiple of four bytes, with its checksum."""
    count = len(tables)
    power = count.bit_length() - 1
    directory = struct.pack(">IHHHH", 0x00010000, count, 16 << power, power, 16 * (count - (1 << power)))
    body, start = b"", 12 + 16 * count
    for tag, table in sorted(tables.items()):
        padded = table + b"\0" * (-len(table) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        directory += tag + struct.pack(">III", total, start + len(body), len(table))
        body += padded
    return directory + body
