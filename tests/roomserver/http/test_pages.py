"""The web client's files."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from roomserver.http.pages import page_routes
from roomserver.http.shell import Shell
from roomserver.metrics import Metrics


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    (tmp_path / "dist" / "assets").mkdir(parents=True)
    (tmp_path / "dist" / "index.html").write_text("<!doctype html><title>client</title>")
    (tmp_path / "dist" / "favicon.svg").write_text("<svg/>")
    (tmp_path / "dist" / "assets" / "index-abc123.js").write_text("export {};")
    (tmp_path / "secret").write_text("do not serve")
    return tmp_path / "dist"


@pytest.fixture
async def browser(dist: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=page_routes(dist), middleware=[Middleware(Shell, metrics=Metrics())])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://rooms.test") as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/sessions/ses_1", "/signin", "/dashboard/sessions", "/assets-like/page"])
async def test_every_other_path_is_the_web_clients_own(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert answer.status_code == 200
    assert "client" in answer.text
    assert answer.headers["cache-control"] == "no-cache"
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "connect-src 'self' ws://rooms.test wss://rooms.test;" in policy
    assert "frame-ancestors 'none'" in policy
    assert "camera=(self)" in answer.headers["permissions-policy"]


async def test_hashed_files_are_kept_for_good(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/assets/index-abc123.js")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_compressed_file_beside_is_sent_to_those_who_take_it(browser: httpx.AsyncClient, dist: Path) -> None:
    (dist / "assets" / "index-abc123.js.gz").write_bytes(gzip.compress(b"export {};"))
    packed = await browser.get("/assets/index-abc123.js", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-type"].startswith("text/javascript")
    assert packed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert packed.text == "export {};"

    plain = await browser.get("/assets/index-abc123.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == "export {};"


async def test_files_beside_the_page_are_served(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/favicon.svg")
    assert answer.headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize(
    "path", ["/assets/gone.js", "/assets/", "/assets/../../secret", "/assets/%2e%2e/%2e%2e/secret"]
)
async def test_a_missing_asset_is_missing(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert "do not serve" not in answer.text
    assert answer.status_code == 404 or "client" in answer.text


@pytest.mark.parametrize("path", ["/%2e%2e/secret", "/..%2fsecret", "/..\\secret", "/.env", "/%00", "/secret"])
async def test_nothing_outside_the_folder_is_served(browser: httpx.AsyncClient, path: str) -> None:
    assert "do not serve" not in (await browser.get(path)).text


async def test_a_host_that_is_none_never_gets_into_a_header(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/", headers={"Host": "evil.example; script-src *"})
    assert "evil" not in answer.headers["content-security-policy"]


async def test_a_client_that_is_not_built_says_what_to_do(tmp_path: Path) -> None:
    app = Starlette(routes=page_routes(tmp_path / "nowhere"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://rooms.test") as client:
        answer = await client.get("/")
        assert answer.status_code == 503
        assert "make setup" in answer.text
        assert answer.headers["content-type"].startswith("text/html")
