"""What clients should not send: always a problem document, never a crash, and bounded."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from roomserver.http.body import MAX_BODY_BYTES
from tests.support.api import Api, running_api

JSON = {"Content-Type": "application/json"}


async def post(api: Api, content: Any, headers: dict[str, str] = JSON, path: str = "/api/sessions") -> Any:
    return await api.organizer.call("POST", path, content=content, headers=headers)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"hello",
        b"\xff\xfe",
        b'{"title": "\\ud800"}',
        b'{"title": "x"} trailing',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"title": NaN_}',
    ],
)
async def test_what_is_no_json_is_refused(api: Api, content: bytes) -> None:
    answer = await post(api, content)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not_json"


@pytest.mark.parametrize("document", [[], "text", 1, None, True, [{"title": "x"}]])
async def test_json_that_is_no_object_is_refused(api: Api, document: Any) -> None:
    answer = await post(api, json.dumps(document).encode())
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "", "message": "A JSON object is expected", "code": "not_an_object"}]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
async def test_numbers_must_be_finite(api: Api, value: float) -> None:
    answer = await post(api, json.dumps({"title": "x", "rank": value}).encode())
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "rank"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_only_json_is_taken(api: Api, kind: str) -> None:
    answer = await post(api, b'{"title": "x"}', {"Content-Type": kind})
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"]
)
async def test_json_may_be_called_so_in_several_ways(api: Api, kind: str) -> None:
    assert (await post(api, b'{"title": "x"}', {"Content-Type": kind})).status_code == 201


async def test_a_body_that_says_it_is_too_large_is_not_read(api: Api) -> None:
    async def never() -> AsyncIterator[bytes]:
        yield b" "
        raise AssertionError("nobody should read on")

    answer = await post(api, never(), {**JSON, "Content-Length": str(MAX_BODY_BYTES + 1)})
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"


async def test_a_body_that_turns_out_too_large_is_not_read_on(api: Api) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(MAX_BODY_BYTES // 65_536 + 1):
            yield b" " * 65_536

    answer = await post(api, endless())
    assert answer.status_code == 413


async def test_a_hundred_thousand_wrong_fields_get_a_bounded_answer(api: Api) -> None:
    answer = await post(api, json.dumps({f"field {number}": 1 for number in range(50_000)}).encode())
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api/sessions/ses_unknown",
        "/api/sessions/%00",
        "/api/sessions/%ff%fe",
        "/api/sessions/" + "x" * 5_000,
        "/api/sessions/' OR 1=1 --",
        "/api/sessions/../event%2f..",
        "/api/registrants/reg_unknown",
        "/api/nothing",
        "/api/",
        "/api",
        "/api/sessions/ses_1/join/more",
    ],
)
async def test_what_is_not_there_is_a_problem_document(api: Api, path: str) -> None:
    answer = await api.organizer.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/sessions", "GET, HEAD, POST"),
        ("PUT", "/api/signin", "GET, HEAD, POST"),
        ("DELETE", "/api/event", "GET, HEAD, PATCH"),
        ("OPTIONS", "/api/me", "GET, HEAD"),
    ],
)
async def test_a_method_that_is_not_there_is_told_which_are(api: Api, method: str, path: str, allowed: str) -> None:
    answer = await api.organizer.call(method, path)
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"
    assert sorted(answer.headers["allow"].split(", ")) == allowed.split(", ")


@pytest.mark.parametrize("host", ["", "evil.example/path", "a b", "user@host", 'quote".example', "host:port", "[::1"])
async def test_a_host_that_is_none_never_gets_into_an_address(api: Api, host: str) -> None:
    path = await api.session("Opening")
    answer = await api.organizer.post(f"{path}/join", headers={"Host": host})
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_host"


@pytest.mark.parametrize("host", ["rooms.example.org", "localhost:8080", "[::1]:8080", "127.0.0.1"])
async def test_the_rooms_address_follows_the_host_that_was_asked(api: Api, host: str) -> None:
    path = await api.session("Opening")
    answer = await api.organizer.post(f"{path}/join", headers={"Host": host})
    assert answer.json()["url"] == f"ws://{host}/ws"


async def test_a_crash_is_a_problem_document_that_tells_nothing(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(session: str) -> None:
        raise RuntimeError(f"secret detail of {session}")

    path = await api.session("Opening")
    monkeypatch.setattr(api.rooms, "live", broken)
    answer = await api.organizer.get(path)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "internal"
    assert "secret" not in answer.text


async def test_a_database_that_fails_is_told_as_such(tmp_path: Path) -> None:
    async with running_api(tmp_path) as api:
        (tmp_path / "catalog.sqlite").write_bytes(b"broken" * 1000)
        await api.services.catalog.close()
        answer = await api.organizer.get("/api/me")
    assert answer.status_code == 503
    assert answer.json()["code"] == "unavailable"
    assert "retry-after" in answer.headers
