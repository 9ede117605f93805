"""Forms over HTTP: a blank one is learnt, a template is checked, filled ones are read by it; all bounded."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest

pytest.importorskip("pydantic")

PX = 200 / 25.4
HIGH, WIDE = 120, 85
TEMPLATE = """
name = "slip"
[[pages]]
width = 85
height = 120
marks = [
  { id = 0, box = [5, 5, 14, 14] }, { id = 1, box = [71, 5, 80, 14] },
  { id = 2, box = [71, 106, 80, 115] }, { id = 3, box = [5, 106, 14, 115] },
]
[[fields]]
name = "terms"
type = "checkbox"
box = [20, 40, 25, 45]
"""


def png(picture: np.ndarray) -> bytes:
    return cv2.imencode(".png", picture)[1].tobytes()


def blank() -> np.ndarray:
    page = np.full((round(297 * PX), round(210 * PX), 3), 255, np.uint8)
    cv2.rectangle(page, (160, 400), (800, 480), (0, 0, 0), 2)
    cv2.rectangle(page, (160, 600), (192, 632), (0, 0, 0), 2)
    return page


def learn(service, **parts):
    return service.post("/v1/form/learn", files=list(parts.items()))


def template(text: str):
    return ("slip.toml", text.encode(), "application/toml")


def test_a_blank_form_is_learnt_with_a_picture_of_its_page(service):
    told = learn(service, files=("slip.png", png(blank()), "image/png")).json()
    assert [field["type"] for field in told["template"]["fields"]] == ["text", "checkbox"]
    assert told["kinds"] == ["box", "checkbox"]
    assert told["pages"][0]["reference"] == "slip-1.png" and told["pages"][0]["png"].startswith("iVBOR")
    assert 'name = "slip"' in told["toml"]


def test_a_template_edited_in_the_page_comes_back_as_toml(service):
    told = learn(service, template=template(TEMPLATE)).json()
    told["template"]["fields"][0]["name"] = "agreed"
    again = learn(service, template=template(json.dumps(told["template"]))).json()
    assert again["template"]["fields"][0]["name"] == "agreed"
    assert 'name = "agreed"' in again["toml"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (TEMPLATE.replace('"checkbox"', '"chekbox"'), "did you mean 'checkbox'?"),
        (TEMPLATE + 'lexicon = "/etc/passwd"\n', "names the file '/etc/passwd', which did not come"),
        (TEMPLATE.replace("height = 120", 'height = 120\nreference = "../up.png"'), "which did not come"),
        (TEMPLATE.replace('"checkbox"', '"lexicon:words.txt"'), "names the file 'words.txt'"),
        ("{[", "the template is no JSON object"),
        ("{" + '"a":' * 5000 + "1" + "}" * 5000, "the template is no JSON object"),
        ("x" * 1_100_000, "the template has 1,100,000 bytes"),
        ("a = " + "1" * 5000, "no TOML"),
        (".a" * 200_000 + " = 1", "a key has more than 100 dots"),
    ],
    ids=["type", "lexicon", "reference", "list", "json", "deep", "large", "digits", "dots"],
)
def test_a_template_that_cannot_be_used_is_one_line(service, text, wanted):
    answer = learn(service, template=template(text))
    assert answer.status_code == 400
    assert wanted in answer.json()["error"] and "\n" not in answer.json()["error"]


def test_what_is_no_form_is_told(service):
    empty = np.full((297, 210, 3), 255, np.uint8)
    answer = learn(service, files=("leer.png", png(empty), "image/png"))
    assert answer.status_code == 422
    assert answer.json()["error"].startswith("leer.png: no boxes, lines or squares to fill were found")


def test_a_form_needs_a_template_and_nothing_else_takes_one(service):
    picture = ("files", ("a.png", png(blank()), "image/png"))
    answer = service.post("/v1/read?kind=form", files=[picture])
    assert answer.status_code == 400 and "send the form's template" in answer.json()["error"]
    answer = service.post("/v1/read?kind=digit", files=[picture, ("template", template(TEMPLATE))])
    assert answer.status_code == 400 and "kind=form" in answer.json()["error"]
    answer = service.post("/v1/read?kind=form", files=[("template", template(TEMPLATE))])
    assert answer.status_code == 400 and "no picture came" in answer.json()["error"]


def filled() -> np.ndarray:
    page = np.full((round(HIGH * PX), round(WIDE * PX)), 255, np.uint8)
    known = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    for number, (left, top) in enumerate(((5, 5), (71, 5), (71, 106), (5, 106))):
        x, y, side = round(left * PX), round(top * PX), round(9 * PX)
        page[y : y + side, x : x + side] = cv2.aruco.generateImageMarker(known, number, side)
    left, top, right, bottom = (round(v * PX) for v in (20, 40, 25, 45))
    cv2.rectangle(page, (left, top), (right, bottom), 190, 2)
    cv2.line(page, (left + 7, top + 7), (right - 7, bottom - 7), 30, 5)
    cv2.line(page, (left + 7, bottom - 7), (right - 7, top + 7), 30, 5)
    return page


def test_a_filled_form_is_read_by_its_template(service):
    parts = [("files", ("a.png", png(filled()), "image/png")), ("template", template(TEMPLATE))]
    answer = service.post("/v1/read?kind=form", files=parts)
    assert answer.status_code == 200, answer.text
    (page,) = answer.json()["pages"]
    assert [(r["name"], r["text"]) for r in page["readings"]] == [("terms", "yes")]


def test_another_picture_is_not_this_form(service):
    parts = [("files", ("a.png", png(blank()), "image/png")), ("template", template(TEMPLATE))]
    (page,) = service.post("/v1/read?kind=form", files=parts).json()["pages"]
    assert page["status"] == "refused" and "this is not the form" in page["readings"][0]["reason"]
