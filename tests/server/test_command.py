"""`inkread serve` as a process: how soon it answers, how it ends, and what it refuses to begin with."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

pytest.importorskip("fastapi", reason="needs the service: pip install '.[serve]'")

import httpx

pytestmark = pytest.mark.xdist_group("service")

RUN = [sys.executable, "-c", "from inkread.cli import main; main()", "serve"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--host", "0.0.0.0"], "others can reach 0.0.0.0, so a token is needed"),
        (["--token", "short"], "the token has 5 characters"),
        (["--workers", "0"], "workers is 0; give a number above 0"),
        (["--time-limit", "0"], "seconds is 0"),
        (["--port", "99999"], "the port is 99999"),
    ],
)
def test_what_cannot_be_served_is_told_in_one_line_before_anything_starts(words, told, capsys):
    from inkread.cli import main

    with pytest.raises(SystemExit) as ended:
        main(["serve", *words])
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert told in said.err and said.err.count("\n") == 1 and not said.out


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_the_process_serves_its_page_before_its_models_are_there_and_ends_with_ctrl_c():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    process = subprocess.Popen(
        [*RUN, "--port", str(port), "--workers", "1"], stderr=subprocess.PIPE, text=True
    )
    try:
        end = time.monotonic() + 60
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
            while True:
                try:
                    assert client.get("/healthz").json()["status"] == "starting"
                    break
                except httpx.ConnectError:
                    assert time.monotonic() < end
                    time.sleep(0.02)
            assert "digit" in client.get("/v1/kinds").json()["kinds"]
        os.kill(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=20)
    finally:
        process.kill()
    assert told.splitlines()[0] == f"inkread: serving on http://127.0.0.1:{port} (Ctrl-C stops)"
    assert "Traceback" not in told and process.returncode == 130
