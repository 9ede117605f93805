"""The processes that read: what is stuck or broken is replaced, what is too much is sent away."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="needs the service: pip install '.[serve]'")

import httpx

from inkread.server import worker
from inkread.server.settings import Limits, Settings

pytestmark = [
    pytest.mark.xdist_group("service"),
    pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX"),
]


@pytest.fixture
def serve(monkeypatch, run_service):
    """Start services whose processes do what the name of the file says."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    fake = importlib.import_module("fake_readers")

    def serve(main="main", **limits):
        monkeypatch.setattr(worker, "main", getattr(fake, main))
        return run_service(Settings(port=0, limits=Limits(workers=1, **limits)))

    return serve


def ask(client, name):
    return client.post("/v1/read", files={"files": (name, b"x")})


def test_what_takes_too_long_is_stopped_and_the_next_is_read_by_another_process(serve):
    with serve(seconds=0.5) as client:
        _, first = ask(client, "quick").json()
        start = time.monotonic()
        answer = ask(client, "stuck")
        assert answer.status_code == 504 and time.monotonic() - start < 10
        assert answer.json()["error"].startswith("reading took longer than 0.5 s")
        count, second = ask(client, "quick").json()
        assert count == 1 and second != first


@pytest.mark.parametrize("name", ["crash", "leave", "nonsense"])
def test_a_picture_that_breaks_its_process_is_told_so_and_the_next_is_read(serve, name):
    with serve() as client:
        answer = ask(client, name)
        assert answer.status_code == 422 and "broke the reader" in answer.json()["error"]
        assert ask(client, "quick").json()[0] == 1


def test_a_process_that_died_while_it_was_idle_costs_no_picture(serve):
    with serve() as client:
        _, process = ask(client, "quick").json()
        os.kill(process, signal.SIGKILL)
        answer = ask(client, "quick")
        assert answer.status_code == 200 and answer.json()[1] != process


def test_what_finds_no_room_is_sent_away_with_503_and_when_to_come_again(serve):
    with serve(waiting=1) as client, ThreadPoolExecutor(8) as crowd:
        ask(client, "quick")
        answers = list(crowd.map(lambda _: ask(client, "slow"), range(4)))
        assert sorted(a.status_code for a in answers) == [200, 200, 503, 503]
        away = next(a for a in answers if a.status_code == 503)
        assert away.headers["retry-after"] == "1" and "busy" in away.json()["error"]
        assert client.get("/healthz").json()["busy"] == 0


def test_what_nobody_waits_for_any_more_is_not_read(serve):
    with serve() as client:
        assert ask(client, "quick").json()[0] == 1
        slow = threading.Thread(target=ask, args=(client, "slow"))
        slow.start()
        while client.get("/healthz").json()["busy"] < 1:
            time.sleep(0.01)
        impatient = httpx.Client(base_url=client.base_url, timeout=0.2)
        with pytest.raises(httpx.ReadTimeout):
            ask(impatient, "quick")
        slow.join()
        assert ask(client, "quick").json()[0] == 3


def test_readers_that_cannot_start_are_told_rather_than_waited_for(serve, capfd):
    with serve("cannot_start") as client:
        assert client.get("/healthz").json()["status"] == "starting"
        answer = ask(client, "quick")
        assert answer.status_code == 503 and "no reader could be started" in answer.json()["error"]
        assert "damaged" not in answer.text  # such reasons name folders; they are for who runs it
        assert client.get("/").status_code == 200
    assert "the model is damaged" in capfd.readouterr().err
