"""The service, asked as clients ask: what it reads, in which forms, and how it says no."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import pytest
from PIL import Image

pytest.importorskip("fastapi", reason="needs the service: pip install '.[serve]'")

from inkread.server.asking import accepted
from inkread.server.delivery import MEDIA
from inkread.server.uploads import clean

pytestmark = pytest.mark.xdist_group("service")


def post(service, content, name="seven.png", **query):
    return service.post("/v1/read", params=query, files={"files": (name, content)})


# --- reading ---------------------------------------------------------------------------------------------


def test_a_picture_becomes_its_readings_with_the_versions_that_made_them(service, seven):
    told = post(service, seven, kind="digit").json()
    assert [page["text"] for page in told["pages"]] == ["7"]
    assert told["pages"][0]["source"] == told["pages"][0]["readings"][0]["source"] == "seven.png"
    assert told["models"].keys() == {"digits"} and told["models"]["digits"]
    assert told["normalizer"] and told["ms"] > 0


def test_the_body_may_be_the_picture_itself(service, seven):
    answer = service.post("/v1/read?kind=digit", content=seven, headers={"content-type": "image/png"})
    assert answer.json()["pages"][0]["text"] == "7"


def test_several_files_come_in_their_order_and_a_bad_one_is_a_failed_reading_among_them(service, seven):
    files = [("files", ("a.png", seven)), ("files", ("b.png", b"no picture")), ("files", ("c.png", seven))]
    answer = service.post("/v1/read?kind=digit", files=files)
    pages = answer.json()["pages"]
    assert answer.status_code == 200
    assert [(p["source"], p["status"] == "failed", p["text"]) for p in pages] == [
        ("a.png", False, "7"),
        ("b.png", True, ""),
        ("c.png", False, "7"),
    ]
    assert pages[1]["readings"][0]["reason"].startswith("b.png: is not a picture")


def test_crop_and_rotate_and_threshold_reach_the_reader(service, seven):
    blank = post(service, seven, kind="digit", crop="0,0,20,20").json()["pages"][0]
    assert blank["status"] == "refused" and blank["readings"][0]["reason"].startswith("blank")
    turned = io.BytesIO()
    Image.open(io.BytesIO(seven)).rotate(90, expand=True).save(turned, "PNG")
    assert post(service, turned.getvalue(), kind="digit", rotate="90").json()["pages"][0]["text"] == "7"
    strict = post(service, seven, kind="digit", threshold="1").json()["pages"][0]
    assert strict["status"] == "review"


def test_every_page_of_a_file_is_read_up_to_the_limit(service, seven):
    def tiff(pages):
        buffer, page = io.BytesIO(), Image.open(io.BytesIO(seven))
        page.save(
            buffer, "TIFF", save_all=True, append_images=[page] * (pages - 1), compression="tiff_deflate"
        )
        return buffer.getvalue()

    assert [p["page"] for p in post(service, tiff(4), kind="digit").json()["pages"]] == [1, 2, 3, 4]
    answer = post(service, tiff(5), kind="digit")
    assert answer.status_code == 413 and "more than 4 pages" in answer.json()["error"]


def test_a_pdf_is_read_page_by_page(service, seven):
    pytest.importorskip("pypdfium2", reason="needs pypdfium2: pip install '.[pdf]'")
    buffer, page = io.BytesIO(), Image.open(io.BytesIO(seven)).resize((600, 600))
    page.save(buffer, "PDF", save_all=True, append_images=[page])
    told = post(service, buffer.getvalue(), name="two.pdf", kind="digit").json()
    assert [(p["page"], p["text"]) for p in told["pages"]] == [(1, "7"), (2, "7")]


def test_a_look_shows_ink_what_the_network_gets_and_the_textbook_way(service, seven):
    told = service.post("/v1/look?kind=digit&preview=true", files={"files": seven}).json()
    assert told["pages"][0]["text"] == "7" and told["pages"][0]["preview"].startswith("/9j/")
    assert [look["title"] for look in told["looks"]] == ["ink", "what the network gets"]
    assert told["looks"][0]["box"] is None
    assert told["looks"][1]["box"] == told["pages"][0]["readings"][0]["box"]
    assert told["textbook"].keys() == {"text", "confidence", "png"}
    assert all(picture["png"].startswith("iVBOR") for picture in [*told["looks"], told["textbook"]])


# --- outputs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("output", [name for name in MEDIA if name != "json"])
def test_every_output_is_a_file_to_be_saved_not_shown(service, seven, output):
    if output == "pdf":
        pytest.importorskip("pypdfium2", reason="needs pypdfium2: pip install '.[pdf]'")
    answer = post(service, seven, kind="digit", output=output)
    assert answer.status_code == 200 and answer.content
    assert answer.headers["content-type"].partition(";")[0] == MEDIA[output].partition(";")[0]
    assert answer.headers["content-disposition"] == f'attachment; filename="inkread.{output}"'
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_accept_chooses_the_output_and_the_query_has_precedence(service, seven):
    wishes = {"accept": "text/csv"}
    by_header = service.post("/v1/read?kind=digit", files={"files": seven}, headers=wishes)
    assert by_header.headers["content-type"].startswith("text/csv")
    by_query = service.post("/v1/read?kind=digit&output=txt", files={"files": seven}, headers=wishes)
    assert by_query.text == "7\n"


@pytest.mark.parametrize(
    ("accept", "output"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("text/csv;q=0.2, application/pdf", "pdf"),
        ("image/*", "png"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "json"),
        ("application/pdf;q=0, text/plain;q=0.1", "txt"),
    ],
)
def test_the_output_that_a_client_likes_best(accept, output):
    assert accepted(accept) == output


def test_several_pages_in_a_format_of_one_page_a_file_come_as_a_zip(service, seven):
    files = [("files", ("a.png", seven)), ("files", ("b.png", seven))]
    answer = service.post("/v1/read?kind=digit&output=alto.xml", files=files)
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == ["inkread-1.alto.xml", "inkread-2.alto.xml"]
        assert all(ElementTree.fromstring(archive.read(name)) is not None for name in archive.namelist())


# --- names and texts are text ----------------------------------------------------------------------------

FORMULA = "=1+cmd^calc!A1.png"
HTML = "<img src=x onerror=alert(1)>.png"


def test_a_name_that_is_a_formula_is_text_in_a_table(service, seven):
    rows = list(csv.DictReader(io.StringIO(post(service, seven, name=FORMULA, output="csv").text)))
    assert rows[0]["source"] == f"'{FORMULA}"
    answer = post(service, seven, name=FORMULA, output="xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("output", ["json", "hocr", "alto.xml", "page.xml", "md"])
def test_a_name_that_is_html_never_stands_as_html(service, seven, output):
    answer = post(service, seven, name=HTML, output=output)
    assert answer.status_code == 200
    if output == "json":
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()["pages"][0]["source"] == HTML
    else:
        assert "<img src=x" not in answer.text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("seven.jpg", "seven.jpg", id="a plain name stays"),
        pytest.param("../../etc/passwd", "passwd", id="a path is cut to its last part"),
        pytest.param("C:\\Users\\me\\seven.png", "seven.png", id="a path of Windows as well"),
        pytest.param("a\x00b\r\nc\u202egnp.exe", "abcgnp.exe", id="no control and no turning characters"),
        pytest.param("../", "picture-3", id="a name of nothing gets one"),
        pytest.param("x" * 500, "x" * 120, id="a long one is cut"),
    ],
)
def test_a_clients_name_is_cleaned(name, shown):
    assert clean(name, 3) == shown


# --- saying no -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"kind": "digt"}, "kind is 'digt'; expected one of auto, digit"),
        ({"knd": "digit"}, "did you mean 'kind'?"),
        ({"model": "../digits"}, "model is '../digits'; expected one of characters"),
        ({"model": "/etc/passwd"}, "expected one of characters"),
        ({"language": "/tmp/x.npz"}, "expected one of auto"),
        ({"format": "lexicon:/etc/passwd"}, "names a file of this machine"),
        ({"target_error": "0"}, "give a share between 0 and 1"),
        ({"target_error": "nan"}, "give a share between 0 and 1"),
        ({"threshold": "1.5"}, "give a confidence from 0 to 1"),
        ({"rotate": "inf"}, "give degrees"),
        ({"crop": "1,2,3"}, "give left,top,right,bottom"),
        ({"crop": "9,9,1,1"}, "give left,top,right,bottom"),
        ({"output": "exe"}, "output is 'exe'"),
        ({"kind": "digit", "model": "lines"}, "reads lines of text"),
        ({"charset": "greek"}, "charset is 'greek'"),
    ],
)
def test_a_wrong_query_is_told_in_one_line(service, seven, query, told):
    answer = post(service, seven, **query)
    assert answer.status_code == 400
    assert answer.json().keys() == {"error"}
    assert told in answer.json()["error"] and "\n" not in answer.json()["error"]


def test_an_accept_of_nothing_known_is_406(service, seven):
    headers = {"accept": "video/mp4"}
    answer = service.post("/v1/read", files={"files": seven}, headers=headers)
    assert answer.status_code == 406 and "text/csv" in answer.json()["error"]


@pytest.mark.parametrize(
    ("status", "request_of"),
    [
        pytest.param(400, {"files": {"flies": b"x"}}, id="a field of another name"),
        pytest.param(400, {"data": {"files": "text"}, "files": {"x": b""}}, id="a field without a file"),
        pytest.param(415, {"data": {"files": "text"}}, id="a form without files"),
        pytest.param(415, {"json": {}}, id="JSON"),
        pytest.param(400, {"content": b"", "headers": {"content-type": "image/png"}}, id="an empty body"),
        pytest.param(
            400,
            {"content": b"--x\r\nnonsense", "headers": {"content-type": "multipart/form-data; boundary=x"}},
            id="a broken form",
        ),
        pytest.param(
            400,
            {"content": b"x", "headers": {"content-type": "multipart/form-data"}},
            id="a form without a boundary",
        ),
        pytest.param(400, {"files": [("files", b"x")] * 4}, id="more files than are taken"),
    ],
)
def test_a_body_that_is_no_picture_is_refused(service, status, request_of):
    answer = service.post("/v1/read", **request_of)
    assert answer.status_code == status, answer.text
    assert answer.json().keys() == {"error"}


def test_what_is_not_there_is_404_as_json_and_a_wrong_method_405(service):
    assert service.get("/v1/rea").json() == {"error": "Not Found"}
    assert service.get("/v1/read").status_code == 405
    assert service.get("/static/../app.py").status_code == 404
    assert service.get("/static/%2e%2e/app.py").status_code == 404
    assert service.get("/static/..%2f..%2f..%2fetc/passwd").status_code == 404


# --- what it tells of itself -----------------------------------------------------------------------------


def test_kinds_and_health_tell_what_is_there(service):
    told = service.get("/v1/kinds").json()
    assert {"auto", "digit"} <= set(told["kinds"])
    assert set(told["outputs"]) == set(MEDIA)
    assert told["limits"] == {"body_mb": 3, "files": 3, "pages": 4, "megapixels": 10, "seconds": 20}
    assert (told["lan"], told["you"]) == (False, "owner")
    assert service.get("/healthz").json()["status"] == "ready"


def test_the_description_is_openapi_and_its_page_needs_no_script_and_no_network(service):
    told = service.get("/v1/openapi.json").json()
    assert set(told["paths"]) == {"/v1/read", "/v1/look", "/v1/kinds", "/v1/form/learn", "/healthz"}
    page = service.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "<script" not in page.text and "style=" not in page.text
    assert "//" not in page.text.replace(str(service.base_url).rstrip("/"), "")
    assert all(f"<code>POST {path}</code>" in page.text for path in ("/v1/read", "/v1/look"))
    assert json.dumps(told)
