"""A real service on the loopback, for tests that ask it as clients do."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np
import pytest

pytest.importorskip("fastapi", reason="needs the service: pip install '.[serve]'")

import httpx

from inkread.server.events import Hub
from inkread.server.serving import listen, make_server
from inkread.server.settings import Limits, Settings

SMALL = Limits(
    body_mb=3, files=3, pages=4, megapixels=10, seconds=20, upload_seconds=20, workers=1, waiting=8
)


@contextmanager
def running(settings: Settings) -> Iterator[httpx.Client]:
    """Serve in a thread, and give a client that knows the address."""
    sock, settings = listen(settings)
    server = make_server(settings, Hub())
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{settings.port}", timeout=60, trust_env=False
        ) as client:
            while not server.started:
                time.sleep(0.01)
            yield client
    finally:
        server.should_exit = True
        thread.join(timeout=10)


@pytest.fixture
def run_service():
    """`with run_service(settings) as client: ...`: a service of a test's own."""
    return running


@pytest.fixture(scope="session")
def service() -> Iterator[httpx.Client]:
    """A service with small limits, for this machine only."""
    with running(Settings(port=0, limits=SMALL)) as client:
        client.get("/v1/kinds")  # returns when the models are loaded
        yield client


@pytest.fixture(scope="session")
def seven() -> bytes:
    """A PNG of a dark 7 on light paper, 120 by 120 pixels."""
    paper = np.full((120, 120), 225, np.uint8)
    cv2.polylines(paper, [np.array([[35, 30], [85, 30], [55, 95]], np.int32)], False, 40, 8, cv2.LINE_AA)
    return cv2.imencode(".png", paper)[1].tobytes()
