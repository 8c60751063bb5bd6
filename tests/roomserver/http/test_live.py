"""The live view: all running rooms with their numbers, and Markdown as it will look."""

from __future__ import annotations

from dataclasses import replace

from signaling.room.state import RecordingState
from signaling.statements import LiveRoom
from tests.support.api import Api


async def test_running_rooms_are_listed_busiest_first_and_counted(api: Api) -> None:
    quiet, busy, asked = [
        (await api.session(title)).rpartition("/")[2] for title in ("Quiet room", "Busy room", "Asked room")
    ]
    api.rooms.running = {
        quiet: _room(seats_taken=0, viewers=2),
        busy: _room(seats_taken=4, viewers=90, waiting=7),
        asked: _room(seats_taken=1, viewers=5, requests=2),
        "ses_deleted": _room(seats_taken=9, viewers=9),
    }
    answer = (await api.organizer.get("/api/rooms")).json()
    assert [each["session"] for each in answer["items"]] == [asked, busy, quiet]
    assert answer["items"][1]["title"] == "Busy room"
    assert answer["totals"] == {"rooms": 3, "seats_taken": 5, "viewers": 97, "waiting": 7, "requests": 2}
    few = (await api.organizer.get("/api/rooms?limit=1")).json()
    assert [each["session"] for each in few["items"]] == [asked]
    assert few["totals"] == answer["totals"]


async def test_the_live_view_tells_what_is_recorded(api: Api) -> None:
    states: list[RecordingState] = ["off", "armed", "recording", "paused", "ended"]
    api.rooms.running = {
        (await api.session(state)).rpartition("/")[2]: replace(_room(seats_taken=0, viewers=0), recording=state)
        for state in states
    }
    answer = (await api.organizer.get("/api/rooms")).json()
    assert {each["title"]: each["recording"] for each in answer["items"]} == {state: state for state in states}


async def test_with_no_room_running_the_live_view_is_empty(api: Api) -> None:
    answer = (await api.organizer.get("/api/rooms")).json()
    assert (answer["items"], answer["totals"]["rooms"]) == ([], 0)


async def test_a_preview_is_what_the_page_will_show(api: Api) -> None:
    session = await api.session("Talk", additional_info="**Bring** <script>alert(1)</script> a chair")
    shown = (await api.organizer.get(session)).json()
    preview = await api.organizer.post("/api/preview", {"markdown": shown["additional_info"]})
    assert preview.json() == {"html": shown["additional_info_html"]}
    assert "<strong>Bring</strong>" in preview.json()["html"]
    assert "script" not in preview.json()["html"]
    long = await api.organizer.post("/api/preview", {"markdown": "x" * 20_001})
    assert (long.status_code, long.json()["errors"][0]["field"]) == (422, "markdown")


def _room(seats_taken: int, viewers: int, waiting: int = 0, requests: int = 0) -> LiveRoom:
    return LiveRoom(
        seats_taken=seats_taken, viewers=viewers, viewer_cap=5000, waiting=waiting, requests=requests, max_on_screen=50
    )
