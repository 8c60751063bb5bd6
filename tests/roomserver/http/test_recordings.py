"""Recordings over HTTP, with real rows and files, rendered by a renderer that makes plain bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from recording.stage_log import RecordedSeat
from tests.support.api import Api
from tests.support.recordings import ADA, BEN, RecordingHouse, write_captured

HOUR = 3600.0


@pytest.fixture
async def house(api: Api, tmp_path: Path) -> AsyncIterator[RecordingHouse]:
    services = api.services
    house = RecordingHouse(services.catalog, services.files, services.clock, tmp_path)
    yield house
    await house.queue.close()


def capture(
    api: Api,
    house: RecordingHouse,
    recording: str = "rec_1",
    *,
    seconds: float = 60.0,
    ago: float = 20_000,
    ended: str | None = "switched_off",
    title: str = "Opening",
    seats: list[RecordedSeat] | None = None,
) -> None:
    start = api.clock.time - ago
    changes = [(0.0, [ADA, BEN] if seats is None else seats)]
    write_captured(house.captures.path, recording, changes, start=start, until=seconds, ended=ended, title=title)


async def read(api: Api, recording: str = "rec_1") -> dict[str, Any]:
    answer = await api.organizer.get(f"/api/recordings/{recording}")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def test_a_recording_is_listed_with_its_blocks(api: Api, house: RecordingHouse) -> None:
    capture(api, house, seconds=2.5 * HOUR)
    await house.keeper.look()
    (item,) = (await api.organizer.get("/api/recordings")).json()["items"]
    assert {name: item[name] for name in ("id", "session", "title", "state", "progress", "seconds", "bytes")} == {
        "id": "rec_1",
        "session": "ses_1",
        "title": "Opening",
        "state": "waiting",
        "progress": 0,
        "seconds": 2.5 * HOUR,
        "bytes": 0,
    }
    assert (item["layout"], item["without"], item["error"]) == ("gallery", [], None)
    assert item["captured"]["bytes"] > 1000
    assert item["captured"]["deleted_at"] is None
    assert item["ended_at"] == "2026-03-01T08:56:40Z"
    waiting = {"bytes": 0, "state": "waiting", "progress": 0, "file": None}
    assert item["blocks"] == [
        {"number": 1, "seconds": 2 * HOUR, **waiting},
        {"number": 2, "seconds": 0.5 * HOUR, **waiting},
    ]
    assert "people" not in item
    whole = await read(api)
    assert whole["people"] == [
        {"participant": "reg_ada", "name": "Ada"},
        {"participant": "reg_ben", "name": "Ben"},
    ]
    await house.look_and_render()
    done = await read(api)
    assert (done["state"], done["progress"]) == ("ready", 1)
    assert done["bytes"] == sum(block["bytes"] for block in done["blocks"]) > 0
    assert [block["file"] for block in done["blocks"]] == [f"/api/recordings/rec_1/file?block={n}" for n in (1, 2)]


async def test_lists_are_newest_first_in_pages_and_filtered(api: Api, house: RecordingHouse) -> None:
    for number in range(5):
        capture(api, house, f"rec_{number}", ago=20_000 - number)
    await house.look_and_render()
    capture(api, house, "rec_5", ended=None, ago=60)
    await house.keeper.look()
    first = (await api.organizer.get("/api/recordings?limit=4")).json()
    second = (await api.organizer.get(f"/api/recordings?limit=4&cursor={first['next']}")).json()
    ids = [item["id"] for page in (first, second) for item in page["items"]]
    assert ids == ["rec_5", "rec_4", "rec_3", "rec_2", "rec_1", "rec_0"]
    assert second["next"] is None

    async def count(query: str) -> int:
        return len((await api.organizer.get(f"/api/recordings?{query}")).json()["items"])

    assert await count("state=ready") == 5
    assert await count("state=recording") == 1
    assert await count("session=ses_1") == 6
    assert await count("session=ses_2") == 0
    for wrong in ("state=lost", "cursor=nonsense", "color=blue"):
        assert (await api.organizer.get(f"/api/recordings?{wrong}")).status_code == 422


async def test_a_file_comes_whole_in_part_or_not_again(api: Api, house: RecordingHouse) -> None:
    capture(api, house)
    await house.look_and_render()
    address = (await read(api))["blocks"][0]["file"]
    whole = await api.organizer.get(address)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "video/mp4")
    assert whole.headers["accept-ranges"] == "bytes"
    assert int(whole.headers["content-length"]) == len(whole.content) == (await read(api))["bytes"]
    etag = whole.headers["etag"]

    async def get(**headers: str) -> Any:
        return await api.organizer.get(
            address, headers={name.replace("_", "-"): each for name, each in headers.items()}
        )

    part = await get(range="bytes=5-9")
    assert (part.status_code, part.content) == (206, whole.content[5:10])
    assert part.headers["content-range"] == f"bytes 5-9/{len(whole.content)}"
    assert (await get(range="bytes=-3")).content == whole.content[-3:]
    assert (await get(range="bytes=5-9", if_range=etag)).status_code == 206
    assert (await get(range="bytes=5-9", if_range='"older"')).content == whole.content
    assert (await get(if_none_match=etag)).status_code == 304
    beyond = await get(range="bytes=100000-")
    assert (beyond.status_code, beyond.json()["code"]) == (416, "no_such_range")
    assert beyond.headers["content-range"] == f"bytes */{len(whole.content)}"
    head = await api.organizer.call("HEAD", address)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == len(whole.content)
    partly = await api.organizer.call("HEAD", address, headers={"Range": "bytes=0-4"})
    assert (partly.status_code, partly.headers["content-length"]) == (206, "5")


@pytest.mark.parametrize(
    ("title", "several", "plain", "full"),
    [
        ("Opening", False, "Opening.mp4", "Opening.mp4"),
        ("Opening", True, "Opening (block 2 of 2).mp4", "Opening%20%28block%202%20of%202%29.mp4"),
        ('A/B: "C" \\ 100%', False, "A B C 100.mp4", "A%20B%20C%20100%25.mp4"),
        ("Café", False, "Cafe.mp4", "Caf%C3%A9.mp4"),
        ("圆桌会议", False, "Recording.mp4", "%E5%9C%86%E6%A1%8C%E4%BC%9A%E8%AE%AE.mp4"),
        ("圆", True, "Recording (block 2 of 2).mp4", "%E5%9C%86%20%28block%202%20of%202%29.mp4"),
        ("...", False, "Recording.mp4", "Recording.mp4"),
    ],
)
async def test_a_download_has_a_readable_name(  # noqa: PLR0917 - a table
    api: Api, house: RecordingHouse, title: str, several: bool, plain: str, full: str
) -> None:
    capture(api, house, title=title, seconds=2.5 * HOUR if several else 60)
    await house.look_and_render()
    answer = await api.organizer.get("/api/recordings/rec_1/file", params={"block": 2 if several else 1})
    assert answer.headers["content-disposition"] == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{full}"


async def test_what_is_not_there_is_told(api: Api, house: RecordingHouse) -> None:
    capture(api, house)
    await house.keeper.look()
    for path, status, code in [
        ("/api/recordings/rec_1/file", 409, "not_ready"),
        ("/api/recordings/rec_1/file?block=2", 404, "not_found"),
        ("/api/recordings/rec_1/file?block=0", 422, "invalid"),
        ("/api/recordings/rec_2", 404, "not_found"),
        ("/api/recordings/rec_2/file", 404, "not_found"),
    ]:
        answer = await api.organizer.get(path)
        assert (answer.status_code, answer.json()["code"]) == (status, code), path


async def test_rendering_again_takes_options_and_keeps_what_is_not_sent(api: Api, house: RecordingHouse) -> None:
    capture(api, house)
    await house.look_and_render()
    path = "/api/recordings/rec_1/render"
    asked = await api.organizer.post(path, {"layout": "speaker", "without": ["reg_ben", "reg_ben"]})
    assert asked.status_code == 202
    assert (asked.json()["state"], asked.json()["layout"], asked.json()["without"]) == (
        "waiting",
        "speaker",
        ["reg_ben"],
    )
    assert ("recording", "rec_1") in api.rooms.told
    await house.look_and_render("rec_1")
    assert b"speaker 1 1800 ['reg_ben']" in (await api.organizer.get("/api/recordings/rec_1/file")).content
    again = await api.organizer.post(path, {})
    assert (again.json()["layout"], again.json()["without"]) == ("speaker", ["reg_ben"])
    await house.look_and_render("rec_1")
    assert len(house.renderer.jobs) == 2  # it was there as wanted
    trail = (await api.organizer.get("/api/audit?thing=rec_1")).json()["items"]
    assert [entry["kind"] for entry in trail] == ["recording", "recording"]
    assert {"field": "layout", "old": "gallery", "new": "speaker"} in trail[1]["changes"]


async def test_options_that_do_not_fit_are_refused_by_name(api: Api, house: RecordingHouse) -> None:
    capture(api, house)
    await house.keeper.look()
    for body, field in [
        ({"layout": "mosaic"}, "layout"),
        ({"without": ["reg_eve"]}, "without.0"),
        ({"without": ["reg_ada", "reg_ben"]}, "without"),
        ({"without": "reg_ada"}, "without"),
        ({"size": 3}, "size"),
    ]:
        answer = await api.organizer.post("/api/recordings/rec_1/render", body)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_a_file_that_is_gone_from_the_store_is_rendered_again_when_asked(api: Api, house: RecordingHouse) -> None:
    capture(api, house)
    await house.look_and_render()
    file = (await house.row("rec_1")).blocks[0].file
    assert file is not None
    await api.services.files.remove(file)
    gone = await api.organizer.get("/api/recordings/rec_1/file")
    assert (gone.status_code, gone.json()["code"]) == (409, "not_ready")
    await api.organizer.post("/api/recordings/rec_1/render", {})
    await house.look_and_render("rec_1")
    assert (await api.organizer.get("/api/recordings/rec_1/file")).status_code == 200


async def test_tracks_are_deleted_only_once_everything_is_rendered(api: Api, house: RecordingHouse) -> None:
    capture(api, house)
    await house.keeper.look()
    early = await api.organizer.delete("/api/recordings/rec_1/tracks")
    assert (early.status_code, early.json()["code"]) == (409, "not_rendered")
    await house.look_and_render()
    assert (await api.organizer.delete("/api/recordings/rec_1/tracks")).status_code == 204
    assert (await api.organizer.delete("/api/recordings/rec_1/tracks")).status_code == 204
    await house.keeper.look()
    assert house.captures.recordings() == set()
    after = await read(api)
    assert after["captured"] == {"bytes": 0, "deleted_at": "2026-03-01T12:00:00Z"}
    assert (after["state"], after["title"]) == ("ready", "Opening")
    assert (await api.organizer.get("/api/recordings/rec_1/file")).status_code == 200
    late = await api.organizer.post("/api/recordings/rec_1/render", {})
    assert (late.status_code, late.json()["code"]) == (409, "tracks_deleted")


async def test_deleting_a_recording_takes_everything(api: Api, house: RecordingHouse, tmp_path: Path) -> None:
    capture(api, house)
    await house.look_and_render()
    assert (await api.organizer.delete("/api/recordings/rec_1")).status_code == 204
    assert (await api.organizer.get("/api/recordings/rec_1")).status_code == 404
    assert (await api.organizer.get("/api/recordings")).json()["items"] == []
    assert list((tmp_path / "files").rglob("*.mp4")) == []
    await house.keeper.look()
    assert house.captures.recordings() == set()
    trail = (await api.organizer.get("/api/audit?thing=rec_1")).json()["items"]
    assert [(entry["action"], entry["kind"]) for entry in trail] == [("delete", "recording")]


async def test_what_goes_on_is_not_deleted(api: Api, house: RecordingHouse) -> None:
    capture(api, house, ended=None, ago=60)
    capture(api, house, "rec_2", ended=None, ago=600)
    await house.keeper.look()
    for recording, state in (("rec_1", "recording"), ("rec_2", "paused")):
        assert (await read(api, recording))["state"] == state
        answer = await api.organizer.delete(f"/api/recordings/{recording}")
        assert (answer.status_code, answer.json()["code"]) == (409, "recording_now")
        assert (await api.organizer.delete(f"/api/recordings/{recording}/tracks")).status_code == 409


async def test_a_failure_says_why(api: Api, house: RecordingHouse) -> None:
    capture(api, house)
    house.renderer.fail = "The tracks are damaged."
    await house.look_and_render()
    document = await read(api)
    assert (document["state"], document["error"]) == ("failed", "The tracks are damaged.")
    assert (await api.organizer.post("/api/recordings/rec_1/render", {})).json()["state"] == "waiting"


async def test_a_recording_of_nobody_is_ready_and_empty(api: Api, house: RecordingHouse) -> None:
    capture(api, house, seats=[])
    await house.look_and_render()
    document = await read(api)
    assert (document["state"], document["seconds"], document["blocks"]) == ("ready", 0, [])
    assert (await api.organizer.get("/api/recordings/rec_1/file")).json()["code"] == "not_ready"
