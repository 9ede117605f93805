"""Who may ask: host names, origins, tokens, cookies, and how often."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("fastapi", reason="needs the service: pip install '.[serve]'")

import httpx

from inkread.errors import UsageError
from inkread.server.guard import Guard
from inkread.server.sessions import Sessions
from inkread.server.settings import Limits, Settings

TOKEN = "a-token-of-some-length"


async def inner(scope, receive, send):
    """Answer with who asks, once the body is there."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["state"]["role"].encode()})


def client(settings=None, *, at="http://127.0.0.1:8765", whence="127.0.0.1"):
    settings = settings or Settings()
    guard = Guard(inner, settings, Sessions(settings.token, once=settings.once, port=settings.port))
    transport = httpx.ASGITransport(guard, client=(whence, 5000))
    return Asking(httpx.AsyncClient(transport=transport, base_url=at))


class Asking:
    """A client without `await`."""

    def __init__(self, client):
        self._client, self.cookies = client, client.cookies

    def __getattr__(self, method):
        return lambda *args, **options: asyncio.run(getattr(self._client, method)(*args, **options))


# --- names and origins -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8765", 200),
        ("localhost:8765", 200),
        ("LOCALHOST", 200),
        ("[::1]:8765", 200),
        ("192.168.1.5:8765", 200),
        ("evil.example", 421),
        ("localhost.evil.example:8765", 421),
        ("127.0.0.1.evil.example", 421),
        ("", 421),
        ("a:b:c", 421),
    ],
)
def test_only_numbers_and_this_machines_names_are_hosts(host, status):
    assert client().get("/v1/kinds", headers={"host": host}).status_code == status


def test_a_name_that_is_allowed_is_a_host():
    settings = Settings(names=("reader.example",))
    headers = {"host": "reader.example"}
    assert client(settings).get("/", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://127.0.0.1:8765"}, 200),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, 403),
    ],
)
def test_another_sites_page_cannot_ask(headers, status):
    assert client().post("/v1/read", headers=headers).status_code == status


def test_a_link_on_another_site_may_lead_to_the_page():
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert client().get("/", headers=headers).status_code == 200


def test_no_answer_lets_other_sites_read_it_and_all_have_the_headers():
    for answer in (client().get("/"), client().get("/", headers={"host": "evil.example"})):
        assert "access-control-allow-origin" not in answer.headers
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
    preflight = client().options("/v1/read", headers={"origin": "http://evil.example"})
    assert preflight.status_code == 403


# --- tokens ----------------------------------------------------------------------------------------------


def test_without_the_token_nothing_but_health_answers():
    asked = client(Settings(token=TOKEN))
    assert asked.get("/healthz").text == "nobody"
    for path in ("/v1/kinds", "/static/js/app.js", "/docs", "/v1/openapi.json"):
        answer = asked.get(path)
        assert answer.status_code == 401 and answer.headers["www-authenticate"] == "Bearer"
    assert asked.get("/").status_code == 401 and "<p>Open the address" in asked.get("/").text


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (f"Bearer {TOKEN}x", 401),
        (f"Bearer {TOKEN[:-1]}", 401),
        ("Bearer ", 401),
        (f"Basic {TOKEN}", 401),
        ("Bearer \xff\xfe", 401),
    ],
)
def test_the_token_is_taken_as_a_header(header, status):
    headers = {"authorization": header.encode("latin-1")}
    assert client(Settings(token=TOKEN)).get("/v1/kinds", headers=headers).status_code == status


def test_a_browser_swaps_the_token_of_its_address_for_a_cookie_that_scripts_cannot_read():
    asked = client(Settings(token=TOKEN))
    answer = asked.get(f"/?token={TOKEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and TOKEN not in cookie
    assert asked.get("/v1/kinds").text == "owner"
    assert client(Settings(token=TOKEN)).get("/?token=wrong").status_code == 401


def test_an_address_with_a_used_token_still_leads_its_own_session_to_the_page():
    browser = client(Settings(token=TOKEN, once=True))
    assert browser.get(f"/?token={TOKEN}", follow_redirects=False).status_code == 303
    again = browser.get(f"/?token={TOKEN}", follow_redirects=False)  # as when a browser restores its windows
    assert (again.status_code, again.headers["location"]) == (303, "/") and "set-cookie" not in again.headers
    browser.cookies.clear()
    assert browser.get(f"/?token={TOKEN}").status_code == 401


def test_a_cookie_that_was_not_given_opens_nothing():
    asked = client(Settings(token=TOKEN))
    for cookie in ("inkread-8765=", "inkread-8765=x", f"inkread-8765={TOKEN}", "a; b=c;;"):
        assert asked.get("/v1/kinds", headers={"cookie": cookie}).status_code == 401


def test_a_token_for_once_opens_one_session_and_is_no_header():
    asked = client(Settings(token=TOKEN, once=True))
    assert asked.get("/v1/kinds", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 401
    assert asked.get(f"/?token={TOKEN}").status_code == 303
    assert asked.get("/v1/kinds").status_code == 200
    asked.cookies.clear()
    assert asked.get(f"/?token={TOKEN}").status_code == 401


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"host": "0.0.0.0"}, "a token is needed"),
        ({"host": "192.168.1.5"}, "a token is needed"),
        ({"host": "example.org"}, "a token is needed"),
        ({"token": "short"}, "has 5 characters"),
        ({"token": "with blanks in it"}, "blanks"),
        ({"port": 70_000}, "0 (any free one) to 65535"),
    ],
)
def test_what_would_be_open_to_others_is_refused(settings, told):
    with pytest.raises(UsageError) as error:
        Settings(**settings)
    assert told in str(error.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.5"])
def test_this_machines_own_addresses_need_no_token(host):
    assert Settings(host=host).host == host


# --- how much --------------------------------------------------------------------------------------------


def test_another_machine_has_a_bucket_of_requests_and_this_one_has_not():
    settings = Settings(host="0.0.0.0", token=TOKEN, limits=Limits(rate=2))
    asked = client(settings, whence="192.168.1.7")
    codes = [asked.get("/healthz").status_code for _ in range(8)]
    assert codes[:6] == [200] * 6 and codes[-1] == 429
    assert int(asked.get("/healthz").headers["retry-after"]) >= 1
    at_home = client(settings)
    assert {at_home.get("/healthz").status_code for _ in range(20)} == {200}


def test_an_address_without_end_is_refused():
    assert client().get("/v1/kinds?x=" + 5000 * "a").status_code == 400


def test_a_body_that_does_not_come_is_not_waited_for():
    from inkread.server.jobs import RefusedError

    guard = Guard(inner, Settings(limits=Limits(upload_seconds=0.05)), Sessions(""))
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/read",
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 5000),
    }

    async def never():
        await asyncio.sleep(60)

    async def ignore(_):
        pass

    with pytest.raises(RefusedError, match="did not come within 0.05 s"):
        asyncio.run(guard(scope, never, ignore))
