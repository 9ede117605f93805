"""The list of ZIP codes that ships, remade byte for byte from the package zipcodes.

    python -m pip install zipcodes==3.0.0
    python tools/zips.py            # writes src/inkread/zips.bin and src/inkread/zip_cities.bin

`zips.bin` holds a bit for each of the 100,000 ZIPs, the two letters of the usual state for each of the
1,000 first three digits, and the few ZIPs that lie in another state. `zip_cities.bin` holds, compressed, the
names of cities and for each ZIP in use the number of its city's name. ZIPs that are no longer delivered to
are kept: they stand on letters for years.
"""

from __future__ import annotations

import zlib
from collections import Counter

import zipcodes

from inkread import zips


def tables(rows: list[dict[str, str]]) -> tuple[bytes, bytes]:
    """The contents of the two files, of rows with zip_code, state and city, sorted by ZIP."""
    bits = bytearray(zips.COUNT // 8)
    by_prefix: dict[str, Counter[str]] = {}
    for row in rows:
        number = int(row["zip_code"])
        bits[number >> 3] |= 1 << (number & 7)
        by_prefix.setdefault(row["zip_code"][:3], Counter())[row["state"]] += 1
    usual = {prefix: states.most_common(1)[0][0] for prefix, states in by_prefix.items()}
    letters = "".join(usual.get(f"{prefix:03d}", "  ") for prefix in range(1000))
    elsewhere = "".join(
        row["zip_code"] + row["state"] for row in rows if row["state"] != usual[row["zip_code"][:3]]
    )
    names = sorted({row["city"] for row in rows})
    number_of = {name: number for number, name in enumerate(names)}
    numbers = b"".join(number_of[row["city"]].to_bytes(2, "little") for row in rows)
    cities = "\n".join(names).encode() + b"\0" + numbers
    return bytes(bits) + letters.encode() + elsewhere.encode(), zlib.compress(cities, 9)


def main() -> None:
    """Write both files, and say what is in them."""
    rows = sorted(zipcodes.list_all(), key=lambda row: row["zip_code"])
    table, cities = tables(rows)
    zips.TABLE.write_bytes(table)
    zips.CITIES.write_bytes(cities)
    sizes = f"{zips.TABLE.name} {len(table):,} bytes, {zips.CITIES.name} {len(cities):,} bytes"
    print(f"{len(rows):,} ZIPs: {sizes}")


if __name__ == "__main__":
    main()
