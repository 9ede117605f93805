"""Phones: paired once by a one-time address, let in to read and no further, and shown on the laptop."""

from __future__ import annotations

import base64
import time
from dataclasses import replace
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest

pytest.importorskip("fastapi", reason="needs the service: pip install '.[serve]'")

import httpx

from inkread.server import serving
from inkread.server.events import Hub
from inkread.server.phone import Phones, qr
from inkread.server.sessions import Sessions
from inkread.server.settings import Limits, Settings

pytestmark = pytest.mark.xdist_group("service")

TOKEN = "a-token-of-some-length"


@pytest.fixture
def phones():
    return Phones(Sessions(TOKEN), Hub())


def test_an_invitation_lets_one_phone_in(phones):
    told = phones.invite("http://192.168.1.5:8765")
    address, code = told["url"].split("?code=")
    assert address == "http://192.168.1.5:8765/phone"
    assert phones.join("wrong") is None
    assert phones.join(code) is not None
    assert phones.join(code) is None


def test_an_invitation_ends_with_the_next_one_and_with_its_time(phones, monkeypatch):
    first = phones.invite("http://x")["url"].split("=")[1]
    second = phones.invite("http://x")["url"].split("=")[1]
    assert phones.join(first) is None
    later = time.monotonic() + 601
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert phones.join(second) is None


def test_nobody_joins_without_an_invitation(phones):
    assert phones.join("") is None


def test_the_qr_code_says_the_address_to_a_camera():
    url = "http://192.168.1.5:8765/phone?code=" + 32 * "x"
    drawing = ElementTree.fromstring(qr(url))
    assert drawing.tag.endswith("svg") and "script" not in qr(url).decode()
    segno = pytest.importorskip("segno", reason="needs segno: pip install '.[serve]'")
    modules = np.array([list(row) for row in segno.make(url, error="m", micro=False).matrix], np.uint8)
    picture = np.pad((1 - modules) * 255, 4, constant_values=255).repeat(8, 0).repeat(8, 1)
    assert cv2.QRCodeDetector().detectAndDecode(picture.astype(np.uint8))[0] == url


def test_only_the_last_pictures_are_kept(phones):
    for number in range(25):
        phones.keep((f"{number}.jpg",), b'{"pages": []}')
    told = phones.pictures(after=0)["pictures"]
    assert [picture["id"] for picture in told] == list(range(6, 26))
    assert [picture["id"] for picture in phones.pictures(after=24)["pictures"]] == [25]
    for _ in range(3):
        phones.keep(("large.jpg",), b'{"pages": []' + b" " * 25_000_000 + b"}")
    assert len(phones.pictures(after=0)["pictures"]) == 2


def test_what_a_phone_reads_appears_on_the_laptop(run_service, seven, monkeypatch):
    monkeypatch.setattr(serving, "lan_address", lambda: "127.0.0.1")
    settings = Settings(port=0, token=TOKEN, lan=True, limits=Limits(workers=1))
    with run_service(settings) as laptop, httpx.Client(base_url=laptop.base_url, timeout=60) as phone:
        assert laptop.get(f"/?token={TOKEN}").status_code == 303
        told = laptop.get("/v1/kinds").json()
        assert (told["lan"], told["you"]) == (True, "owner")
        with laptop.stream("GET", "/v1/events") as news:
            lines = news.iter_lines()
            assert next(lines) == "event: hello"
            invitation = laptop.post("/v1/phone").json()
            assert base64.b64decode(invitation["qr"]).lstrip().startswith((b"<?xml", b"<svg"))
            answer = phone.get(invitation["url"])
            assert (answer.status_code, answer.headers["location"]) == (303, "/")
            assert phone.get("/v1/kinds").json()["you"] == "phone"
            assert phone.post("/v1/phone").status_code == 403
            assert phone.get("/v1/phone/pictures").status_code == 403
            read = phone.post("/v1/read?kind=digit", files={"files": ("photo.jpg", seven)}).json()
            assert read["pages"][0]["text"] == "7"
            heard = [next(lines) for _ in range(8)]
            assert "event: phone" in heard and 'data: {"paired": 1}' in heard and "event: picture" in heard
        shown = laptop.get("/v1/phone/pictures?after=0").json()
        assert shown["paired"] == 1
        (picture,) = shown["pictures"]
        assert picture["names"] == ["photo.jpg"]
        assert picture["answer"]["pages"][0]["text"] == "7" and picture["answer"]["pages"][0]["preview"]
        assert laptop.get("/v1/phone/pictures?after=x").status_code == 400


def test_without_lan_there_is_no_invitation(service):
    answer = service.post("/v1/phone")
    assert answer.status_code == 409 and "--lan" in answer.json()["error"]
    assert service.get("/phone?code=").status_code == 401


def test_a_session_is_the_oldest_to_end_where_there_are_too_many():
    sessions = Sessions(TOKEN, port=1)
    cookies = [sessions.cookie("phone").partition(";")[0] for _ in range(65)]
    assert sessions.role({"cookie": cookies[0]}) is None
    assert sessions.role({"cookie": cookies[1]}) == sessions.role({"cookie": cookies[64]}) == "phone"
    assert sessions.count("phone") == 64 and sessions.count("owner") == 0


def test_the_address_shown_is_one_that_a_browser_here_can_open():
    settings = Settings(token=TOKEN, port=5)
    assert serving.address(replace(settings, host="0.0.0.0")) == "http://127.0.0.1:5"
    assert serving.address(replace(settings, host="::1")) == "http://[::1]:5"
    assert serving.address(replace(settings, host="localhost")) == "http://localhost:5"
