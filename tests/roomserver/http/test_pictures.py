"""A session's picture over HTTP: what is taken, where it is served, and to whom."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from tests.support.api import Api


def picture(kind: str = "PNG", side: int = 8) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(content, kind)
    return content.getvalue()


def stored(api: Api) -> list[Path]:
    folder = api.services.settings.data / "files"
    return [file for file in folder.rglob("*") if file.is_file()]


@pytest.mark.parametrize(
    ("kind", "served"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/png"), ("WEBP", "image/webp")],
)
async def test_a_picture_is_served_as_what_it_is_and_as_nothing_else(api: Api, kind: str, served: str) -> None:
    path = await api.session("Opening")
    answer = await api.organizer.call("PUT", f"{path}/picture", content=picture(kind))
    assert answer.status_code == 200
    address = answer.json()["picture"]
    assert address.startswith(f"{path}/picture/")

    got = await api.organizer.get(address)

    assert got.status_code == 200
    assert Image.open(io.BytesIO(got.content)).size == (8, 8)
    assert got.headers["content-type"] == served
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-disposition"] == "inline"
    assert "sandbox" in got.headers["content-security-policy"]
    assert got.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert got.headers["vary"] == "Cookie, Authorization"


async def test_another_picture_has_another_address_and_the_file_before_is_gone(api: Api) -> None:
    path = await api.session("Opening")
    first = (await api.organizer.call("PUT", f"{path}/picture", content=picture())).json()["picture"]
    second = (await api.organizer.call("PUT", f"{path}/picture", content=picture())).json()["picture"]
    assert first != second
    assert len(second.rpartition("/")[2]) > 20
    assert (await api.organizer.get(first)).status_code == 404
    assert (await api.organizer.get(second)).status_code == 200
    assert len(stored(api)) == 1


async def test_a_picture_taken_away_leaves_nothing(api: Api) -> None:
    path = await api.session("Opening")
    address = (await api.organizer.call("PUT", f"{path}/picture", content=picture())).json()["picture"]
    assert (await api.organizer.delete(f"{path}/picture")).status_code == 204
    assert (await api.organizer.get(path)).json()["picture"] is None
    assert (await api.organizer.get(address)).status_code == 404
    assert (await api.organizer.delete(f"{path}/picture")).status_code == 204
    assert stored(api) == []


async def test_a_deleted_session_takes_its_picture_along(api: Api) -> None:
    path = await api.session("Opening")
    await api.organizer.call("PUT", f"{path}/picture", content=picture())
    await api.organizer.delete(path)
    assert stored(api) == []


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"", 422, "The picture is empty."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "The file is not a PNG, JPEG, GIF or WebP picture."),
        (b"%PDF-1.7", 415, "The file is not a PNG, JPEG, GIF or WebP picture."),
        (picture("JPEG", 64)[:-40], 422, "The picture is broken or incomplete."),
        (picture() + bytes(2 * 1024 * 1024), 413, "The body may have at most 2,097,152 bytes."),
    ],
    ids=["empty", "svg", "pdf", "cut off", "too large"],
)
async def test_anything_else_is_refused_with_the_reason(api: Api, content: bytes, status: int, sentence: str) -> None:
    path = await api.session("Opening")
    answer = await api.organizer.call("PUT", f"{path}/picture", content=content, headers={"Content-Type": "image/png"})
    assert (answer.status_code, answer.json()["detail"]) == (status, sentence)
    assert (await api.organizer.get(path)).json()["picture"] is None
    assert stored(api) == []


async def test_it_is_for_whoever_may_know_of_the_session(api: Api) -> None:
    path = await api.session("Opening", watch_policy="private")
    address = (await api.organizer.call("PUT", f"{path}/picture", content=picture())).json()["picture"]
    ada, eve = await api.registrant("Ada"), await api.registrant("Eve")
    await api.organizer.put(f"{path}/invitations", {"registrants": [ada.id]})
    assert [(await each.get(address)).status_code for each in (ada, eve, api.stranger)] == [200, 404, 401]
    for method in ("PUT", "DELETE"):
        assert (await ada.call(method, f"{path}/picture", content=picture())).status_code == 403


@pytest.mark.parametrize("name", ["nothing.png", "..%2f..%2fcatalog.sqlite", "%2e%2e", "x"])
async def test_a_made_up_name_finds_nothing(api: Api, name: str) -> None:
    path = await api.session("Opening")
    await api.organizer.call("PUT", f"{path}/picture", content=picture())
    assert (await api.organizer.get(f"{path}/picture/{name}")).status_code == 404


async def test_a_picture_for_an_outdated_version_is_refused_and_kept_nowhere(api: Api) -> None:
    path = await api.session("Opening")
    etag = (await api.organizer.get(path)).headers["etag"]
    await api.organizer.patch(path, {"title": "Welcome"})
    for method in ("PUT", "DELETE"):
        answer = await api.organizer.call(method, f"{path}/picture", content=picture(), headers={"If-Match": etag})
        assert (answer.status_code, answer.json()["current"]["title"]) == (412, "Welcome")
    assert stored(api) == []


async def test_a_new_picture_is_a_new_version(api: Api) -> None:
    path = await api.session("Opening")
    before = (await api.organizer.get(path)).headers["etag"]
    answer = await api.organizer.call("PUT", f"{path}/picture", content=picture(), headers={"If-Match": before})
    assert answer.headers["etag"] != before
    assert answer.headers["etag"] == (await api.organizer.get(path)).headers["etag"]


async def test_a_store_that_fails_changes_nothing(api: Api) -> None:
    path = await api.session("Opening")
    folder = api.services.settings.data / "files"
    folder.rmdir()
    folder.write_text("in the way")
    answer = await api.organizer.call("PUT", f"{path}/picture", content=picture())
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert (await api.organizer.get(path)).json()["picture"] is None
