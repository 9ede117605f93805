"""Processes that take the reading ones' place: what they do is the name of the file that they get."""

from __future__ import annotations

import json
import os
import signal
import time
from multiprocessing.connection import Connection

from inkread.server.jobs import Answer, Job
from inkread.server.settings import Limits

TOLD = {
    "version": "0",
    "kinds": ["auto"],
    "formats": [],
    "charsets": ["alnum"],
    "languages": ["auto"],
    "outputs": ["json"],
    "models": {},
    "normalizers": {},
}


def main(line: Connection, scratch: str, limits: Limits) -> None:
    """Answer with how many jobs came so far and in which process."""
    line.send_bytes(json.dumps(TOLD).encode())
    count = 0
    while True:
        name = Job.take(line.recv_bytes).names[0]
        count += 1
        if name == "stuck":
            time.sleep(600)
        elif name == "slow":
            time.sleep(0.6)
        elif name == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        elif name == "leave":
            os._exit(0)
        elif name == "nonsense":
            line.send_bytes(b"\x80nonsense")
            continue
        Answer(200, "application/json", json.dumps([count, os.getpid()]).encode()).send(line.send_bytes)


def cannot_start(line: Connection, scratch: str, limits: Limits) -> None:
    """Say why, and end."""
    line.send_bytes(json.dumps({"error": "ModelError: the model is damaged"}).encode())
