"""Uploads that mean harm: a clear 4xx, nothing executed, and the service still reads afterwards."""

from __future__ import annotations

import io
import itertools
import json
import socket
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="needs the service: pip install '.[serve]'")

pytestmark = pytest.mark.xdist_group("service")

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n(/etc/passwd) run\n"
HTML = b"<!doctype html><script>alert(1)</script>"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(side: int) -> bytes:
    """A PNG of `side` x `side` black pixels; its rows pack a thousandfold."""
    packer, packed = zlib.compressobj(9), []
    row = bytes(1 + side // 8)
    for _ in range(0, side, 1000):
        packed.append(packer.compress(row * min(1000, side)))
    data = b"".join([*packed, packer.flush()])
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def zip_bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../evil.png", bytes(10_000_000))
    return buffer.getvalue()


def lying_png() -> bytes:
    """A PNG whose header says 1 x 1 and whose data are megabytes."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    data = zlib.compress(bytes(50_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def endless_tiff() -> bytes:
    """A TIFF whose directory of pages points to itself."""
    tags = [(256, 4, 1, 8), (257, 4, 1, 8), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)]
    tags += [(273, 4, 1, 200), (278, 4, 1, 8), (279, 4, 1, 64)]
    directory = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
    head = struct.pack("<2sHI", b"II", 42, 8) + directory + struct.pack("<I", 8)
    return head.ljust(200, b"\0") + bytes(64)


def pdf_of(script: bytes) -> bytes:
    """A PDF without pages that wants to run something when it is opened."""
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(" + script + b")>>>>endobj"


REFUSED = [
    pytest.param(png_bomb(20_000), "megapixels", id="a picture that unpacks to 400 megapixels"),
    pytest.param(png_bomb(60_000), "megapixels", id="a picture that unpacks to 3,600 megapixels"),
    pytest.param(png_bomb(3200), "10 megapixels", id="a picture of a little more than the limit"),
    pytest.param(zip_bomb(), "is not a picture", id="a zip"),
    pytest.param(SVG, "is not a picture", id="an SVG with a script"),
    pytest.param(HTML, "is not a picture", id="a page"),
    pytest.param(b"%!PS\n(/etc/passwd) run\n", "is not a picture", id="PostScript"),
    pytest.param(EPS, "is not a picture", id="PostScript that Pillow would run Ghostscript for"),
    pytest.param(pdf_of(b"app.alert(1)"), "", id="a PDF with a script"),
    pytest.param(b"\x89PNG\r\n\x1a\n", "", id="a PNG of its signature"),
    pytest.param(b"\xff\xd8\xff" + bytes(1000), "", id="a JPEG of its signature"),
    pytest.param(b"push graphic-context\nimage over 0,0 0,0 'https://evil.example'\n", "", id="MVG"),
]


@pytest.mark.parametrize(("content", "told"), REFUSED)
def test_a_file_that_is_no_picture_or_too_large_is_refused_in_one_line(service, seven, content, told):
    answer = service.post("/v1/read", files={"files": ("evil.png", content, "image/png")})
    assert answer.status_code in (413, 415, 422), answer.text
    assert list(answer.json()) == ["error"] and told in answer.json()["error"]
    still_reads(service, seven)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lying_png(), id="a header that lies about the data"),
        pytest.param(endless_tiff(), id="pages without end"),
    ],
)
def test_a_file_that_lies_does_no_harm(service, seven, content):
    answer = service.post("/v1/read?kind=digit", files={"files": ("evil.png", content)})
    assert answer.status_code in (200, 413, 422)
    still_reads(service, seven)


@pytest.mark.parametrize("tail", [SVG, HTML, zip_bomb(), b"<?php system($_GET[0]); ?>"])
def test_a_picture_that_is_something_else_as_well_is_read_as_the_picture_alone(service, seven, tail):
    answer = service.post("/v1/read?kind=digit&preview=true", files={"files": ("both.html", seven + tail)})
    assert answer.json()["pages"][0]["text"] == "7"
    assert answer.headers["content-type"] == "application/json"
    assert tail not in answer.content


def test_a_model_file_is_never_loaded(service):
    from inkread.runtime import shelf

    for suffix in (".onnx", ".keras"):
        name, content = f"digits{suffix}", shelf.path("digits", suffix=suffix).read_bytes()
        answer = service.post("/v1/read", files={"files": (name, content)})
        assert answer.status_code == 422 and "is not a picture" in answer.json()["error"]


@pytest.mark.parametrize("name", ["../../../etc/passwd", "/etc/passwd", "..\\..\\x.png", "con", "a\0b.png"])
def test_a_name_that_is_a_path_is_only_shown_cleaned(service, seven, name):
    for output in ("json", "pdf", "png"):
        query = {"kind": "digit", "output": output}
        answer = service.post("/v1/read", params=query, files={"files": (name, seven)})
        assert answer.status_code == 200
        assert b"etc/" not in answer.content and b"passwd" not in answer.headers["content-type"].encode()
    shown = service.post("/v1/read?kind=digit", files={"files": (name, seven)}).json()["pages"][0]["source"]
    assert shown and not set(shown) & set("/\\\0")


def test_an_error_tells_nothing_of_this_machines_folders(service):
    for content in (SVG, b"%PDF-1.4", b"\x89PNG\r\n\x1a\n"):
        told = service.post("/v1/read", files={"files": ("x.png", content)}).json()["error"]
        assert str(Path.home()) not in told and "/tmp" not in told and "site-packages" not in told


# --- bodies ----------------------------------------------------------------------------------------------


def sent_until_told(service, head: str, pieces) -> tuple[bytes, int]:
    """Send a request piece by piece until the service answers; what it says, and how much was sent."""
    address = (service.base_url.host, service.base_url.port)
    sent = 0
    with socket.create_connection(address, timeout=20) as line:
        line.sendall(head.encode())
        line.setblocking(False)
        answer = b""
        for piece in pieces:
            try:
                line.setblocking(True)
                line.sendall(piece)
                sent += len(piece)
                line.setblocking(False)
                answer = line.recv(65536)
                break
            except BlockingIOError:
                continue
            except (BrokenPipeError, ConnectionResetError):
                break
        line.setblocking(True)
        try:
            while part := line.recv(65536):
                answer += part
                if b"}" in part:
                    break
        except ConnectionResetError:
            pass
    return answer, sent


def test_200_megabytes_in_chunks_are_cut_off_at_the_limit(service, seven):
    host = f"{service.base_url.host}:{service.base_url.port}"
    head = (
        f"POST /v1/read HTTP/1.1\r\nHost: {host}\r\nContent-Type: image/png\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    piece = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    answer, sent = sent_until_told(service, head, itertools.repeat(piece, 200_000_000 // 0x10000))
    assert answer.startswith(b"HTTP/1.1 413 ") and b"more than 3 MB" in answer
    assert sent < 20_000_000
    still_reads(service, seven)


def test_a_form_in_chunks_without_end_is_cut_off_too(service, seven):
    host = f"{service.base_url.host}:{service.base_url.port}"
    head = (
        f"POST /v1/read HTTP/1.1\r\nHost: {host}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    begin = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
    first = f"{len(begin):x}\r\n".encode() + begin + b"\r\n"
    piece = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    pieces = itertools.chain([first], itertools.repeat(piece, 200_000_000 // 0x10000))
    answer, sent = sent_until_told(service, head, pieces)
    assert answer.startswith(b"HTTP/1.1 413 ") and sent < 20_000_000
    still_reads(service, seven)


def test_a_length_that_says_too_much_is_refused_before_it_comes(service):
    host = f"{service.base_url.host}:{service.base_url.port}"
    head = (
        f"POST /v1/read HTTP/1.1\r\nHost: {host}\r\nContent-Type: image/png\r\n"
        "Content-Length: 200000000\r\n\r\n"
    )
    answer, sent = sent_until_told(service, head, [b"x"])
    assert answer.startswith(b"HTTP/1.1 413 ") and sent == 1


def test_a_length_that_is_a_lie_is_no_way_past_the_limit(service, seven):
    host = f"{service.base_url.host}:{service.base_url.port}"
    head = f"POST /v1/read HTTP/1.1\r\nHost: {host}\r\nContent-Type: image/png\r\nContent-Length: 10\r\n\r\n"
    answer, _ = sent_until_told(service, head, itertools.repeat(bytes(1_000_000), 10))
    assert not answer or answer.startswith(b"HTTP/1.1 4")
    still_reads(service, seven)


def test_strange_texts_in_the_query_are_told_back_as_json_only(service, seven):
    evil = "</script><script>alert(1)</script>"
    answer = service.post("/v1/read", params={"kind": evil}, files={"files": seven})
    assert answer.status_code == 400 and answer.headers["content-type"] == "application/json"
    assert json.loads(answer.text)["error"].startswith("kind is")


def still_reads(service, seven: bytes) -> None:
    answer = service.post("/v1/read?kind=digit", files={"files": seven})
    assert answer.json()["pages"][0]["text"] == "7"
