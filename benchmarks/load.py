"""How much does the service bear? Prints one JSON object. Loopback only, bounded in time.

    python benchmarks/load.py [--seconds 60] [--clients 32] [--soak 0] [--workers N]

- `start`: process start of `inkread serve` to the first page, and to the first reading, in seconds.
- `load`: so many clients at once, each posting digit crops (PNG, 96 x 96) one after the other for so many
  seconds: requests a second, milliseconds (p50, p95, p99, most), answers of 503, other errors.
- `cpu_ms_per_request`: processor time behind each of those, of the service's process, of those that read,
  and of the clients (Linux): what a busy machine does not change much.
- `alone`: one client, `/v1/look` of a drawn digit, as the page asks while one draws: milliseconds.
- `soak`: with `--soak 20000`: memory of the service and its processes (proportional set size, Linux) after
  500 requests and after so many, in megabytes, and the growth.

The clients run on the same cores as the service.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import itertools
import json
import math
import os
import platform
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from _scenes import hands, on_paper
from PIL import Image

HOST = "127.0.0.1"
CROPS = 64
LONGEST = 900
"""Seconds after which a soak ends, however far it is."""


@dataclass(slots=True)
class Seen:
    """What clients saw: milliseconds of good answers, and how often each status came."""

    ms: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)


def main() -> None:
    """Start a service, ask it, print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--soak", type=int, default=0)
    parser.add_argument("--workers", type=int, default=None)
    options = parser.parse_args()
    port = free_port()
    start = time.perf_counter()
    service = serve(port, options.workers)
    try:
        result = {
            "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
        }
        result["start"] = started(port, start)
        requests = [request(port, "/v1/read?kind=digit", crop) for crop in crops()]
        asyncio.run(ask(port, requests, 4, seconds=2))
        if options.soak:
            result["soak"] = soak(port, requests, options, service.pid)
        else:
            before = *cpu_seconds(service.pid), time.process_time()
            seen = asyncio.run(ask(port, requests, options.clients, seconds=options.seconds))
            after = *cpu_seconds(service.pid), time.process_time()
            result["load"] = {"clients": options.clients, **told(seen, options.seconds)}
            names = ("service", "readers", "clients")
            shares = [1000 * (b - a) / len(seen.ms) for a, b in zip(before, after, strict=True)]
            result["cpu_ms_per_request"] = {n: round(s, 2) for n, s in zip(names, shares, strict=True)}
            looks = [request(port, "/v1/look?kind=digit", crop) for crop in crops(320)]
            seen = asyncio.run(ask(port, looks, 1, seconds=min(10.0, options.seconds)))
            result["alone"] = told(seen, min(10.0, options.seconds))
    finally:
        service.terminate()
        service.wait(timeout=20)
    print(json.dumps(result, indent=2))


# --- the service -----------------------------------------------------------------------------------------


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        return int(sock.getsockname()[1])


def serve(port: int, workers: int | None) -> subprocess.Popen[bytes]:
    """Start `inkread serve` as a user does."""
    code = "from inkread.cli import main; main()"
    command = [sys.executable, "-c", code, "serve", "--port", str(port)]
    command += [] if workers is None else ["--workers", str(workers)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def started(port: int, start: float) -> dict[str, float]:
    """Seconds from the process's start to its first page, and to its first reading."""
    page = f"GET / HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n\r\n".encode()
    seconds = {}
    for name, asked in (
        ("first_page", page),
        ("first_reading", request(port, "/v1/read?kind=digit", crops()[0])),
    ):
        while (status := asyncio.run(once(port, asked))) != 200:
            if time.perf_counter() - start > 60:
                sys.exit(f"the service answers {status} after a minute")
            time.sleep(0.01)
        seconds[f"{name}_seconds"] = round(time.perf_counter() - start, 2)
    return seconds


def family(pid: int) -> list[int]:
    """A process and its children."""
    found = [pid]
    for process in found:
        for tasks in Path(f"/proc/{process}/task").glob("*/children"):
            found += [int(child) for child in tasks.read_text().split()]
    return found


def cpu_seconds(pid: int) -> tuple[float, float]:
    """Processor time that a process and that its children have taken."""
    spent = []
    for process in family(pid):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        spent.append((int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"))
    return spent[0], sum(spent[1:])


def megabytes(pid: int) -> float:
    """Memory of a process and its children, what they share counted once (proportional set size)."""
    total = 0
    for process in family(pid):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            total += int(line.split()[1]) if line.startswith("Pss:") else 0
    return round(total / 1000, 1)


# --- the clients -----------------------------------------------------------------------------------------


def crops(size: int = 96) -> list[bytes]:
    """Digits of the test part of MNIST on paper, as PNG."""
    made = []
    for hand in hands(CROPS):
        buffer = io.BytesIO()
        Image.fromarray(on_paper(hand, size)).save(buffer, "PNG")
        made.append(buffer.getvalue())
    return made


def request(port: int, path: str, content: bytes) -> bytes:
    """A form with one file, ready to be sent."""
    line = b'Content-Disposition: form-data; name="files"; filename="digit.png"'
    body = b"--inkread\r\n" + line + b"\r\nContent-Type: image/png\r\n\r\n" + content + b"\r\n--inkread--\r\n"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\n"
        f"Content-Type: multipart/form-data; boundary=inkread\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def ask(
    port: int, requests: list[bytes], clients: int, *, seconds: float = math.inf, most: int | None = None
) -> Seen:
    """Ask with several clients at once, for so many seconds or so many times."""
    seen, end = Seen(), time.perf_counter() + seconds
    turns = itertools.count() if most is None else iter(range(most))

    async def client() -> None:
        line = None
        for turn in turns:
            if time.perf_counter() > end:
                break
            begin = time.perf_counter()
            try:
                line = line or await asyncio.open_connection(HOST, port)
                status = await exchange(*line, requests[turn % len(requests)])
            except (OSError, asyncio.IncompleteReadError):
                line, status = None, 0
            seen.statuses[status] += 1
            if status == 200:
                seen.ms.append(1000 * (time.perf_counter() - begin))
            elif status == 503:
                await asyncio.sleep(0.05)
        if line:
            line[1].close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return seen


async def once(port: int, asked: bytes) -> int:
    """The status of one answer; 0 where there is none."""
    try:
        reader, writer = await asyncio.open_connection(HOST, port)
        status = await exchange(reader, writer, asked)
    except (OSError, asyncio.IncompleteReadError):
        return 0
    writer.close()
    return status


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: bytes) -> int:
    """Send a request, take the whole answer, and give its status."""
    writer.write(asked)
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(int(length[15:]))
    return int(head[9:12])


# --- what came of it -------------------------------------------------------------------------------------


def told(seen: Seen, seconds: float) -> dict[str, float]:
    """Figures of a run."""
    if not seen.ms:
        sys.exit(f"not one good answer: {dict(seen.statuses)}")
    shares = statistics.quantiles(seen.ms, n=100, method="inclusive") if len(seen.ms) > 1 else seen.ms * 99
    busy = seen.statuses[503]
    return {
        "seconds": seconds,
        "requests_per_second": round(len(seen.ms) / seconds, 1),
        "p50_ms": round(shares[49], 1),
        "p95_ms": round(shares[94], 1),
        "p99_ms": round(shares[98], 1),
        "most_ms": round(max(seen.ms), 1),
        "busy_503": busy,
        "other_errors": seen.statuses.total() - seen.statuses[200] - busy,
    }


def soak(port: int, requests: list[bytes], options: argparse.Namespace, pid: int) -> dict[str, float]:
    """Memory after 500 requests and after many more."""
    asyncio.run(ask(port, requests, options.clients, most=500))
    first = megabytes(pid)
    begin = time.perf_counter()
    seen = asyncio.run(ask(port, requests, options.clients, seconds=LONGEST, most=options.soak - 500))
    spent = time.perf_counter() - begin
    last = megabytes(pid)
    return {
        "requests": 500 + seen.statuses.total(),
        "megabytes_after_500": first,
        "megabytes_at_the_end": last,
        "growth_percent": round(100 * (last / first - 1), 2),
        **told(seen, round(spent, 1)),
    }


if __name__ == "__main__":
    main()
