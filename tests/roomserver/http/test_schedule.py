"""The schedule as its readers see it: by day, in their time zone, on their agenda and in their calendar."""

from __future__ import annotations

from typing import Any

import icalendar
import pytest

from tests.support.api import Api, Caller
from tests.support.tables import cases

TALK = {"title": "Talk", "starts_at": "2026-03-01T13:00:00Z", "ends_at": "2026-03-01T14:00:00Z"}
"""The tests' clock stands at 12:00 of that day."""


async def segment(api: Api, *sessions: str, **fields: Any) -> str:
    """The new segment's id; sessions by their paths."""
    links = [each.rpartition("/")[2] for each in sessions]
    made = await api.organizer.post("/api/segments", {**TALK, "sessions": links, **fields})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def schedule(caller: Caller, query: str = "") -> dict[str, Any]:
    answer = await caller.get(f"/api/schedule{query}")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def titles(document: dict[str, Any]) -> dict[str, list[str]]:
    return {day["date"]: [each["title"] for each in day["segments"]] for day in document["items"]}


def events(content: bytes) -> list[icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(content)
    assert isinstance(calendar, icalendar.Calendar)
    return list(calendar.events)


async def test_the_schedule_stands_by_day_in_the_visitors_time_zone(api: Api) -> None:
    await segment(api, title="Late", starts_at="2026-03-01T22:30:00Z", ends_at="2026-03-01T23:30:00Z")
    await segment(api)
    await api.organizer.patch("/api/event", {"time_zone": "Europe/Berlin"})
    ada = await api.registrant()
    berlin = await schedule(ada)
    assert (berlin["time_zone"], berlin["now"]) == ("Europe/Berlin", "2026-03-01T13:00:00+01:00")
    assert titles(berlin) == {"2026-03-01": ["Talk", "Late"]}
    assert berlin["items"][0]["segments"][1]["ends_at"] == "2026-03-02T00:30:00+01:00"
    kathmandu = await schedule(ada, "?time_zone=Asia/Kathmandu")
    assert titles(kathmandu) == {"2026-03-01": ["Talk"], "2026-03-02": ["Late"]}
    assert kathmandu["items"][1]["segments"][0]["starts_at"] == "2026-03-02T04:15:00+05:45"


async def test_hours_over_a_clock_change_are_those_that_people_read(api: Api) -> None:
    # Berlin: on 29 March 2026 at 01:00 UTC clocks go from 02:00 to 03:00; on 25 October from 03:00 back to 02:00.
    for start, end in (("03-29T00:30", "03-29T01:30"), ("10-25T00:30", "10-25T01:00"), ("10-25T01:00", "10-25T01:30")):
        await segment(api, starts_at=f"2026-{start}:00Z", ends_at=f"2026-{end}:00Z")
    document = await schedule(api.organizer, "?time_zone=Europe/Berlin")
    times = [(each["starts_at"][5:], each["ends_at"][5:]) for day in document["items"] for each in day["segments"]]
    assert times == [
        ("03-29T01:30:00+01:00", "03-29T03:30:00+02:00"),
        ("10-25T02:30:00+02:00", "10-25T02:00:00+01:00"),
        ("10-25T02:00:00+01:00", "10-25T02:30:00+01:00"),
    ]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "x" * 65])
async def test_an_unknown_time_zone_is_named(api: Api, zone: str) -> None:
    answer = await api.organizer.get("/api/schedule", params={"time_zone": zone})
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == ["time_zone"]


@cases(
    """
    minutes | shown      | live | past_too
    0       | Talk, Next |      | Talk, Next
    59      | Talk, Next |      | Talk, Next
    60      | Talk, Next | Talk | Talk, Next
    119     | Talk, Next | Talk | Talk, Next
    120     | Next       | Next | Talk, Next
    179     | Next       | Next | Talk, Next
    180     |            |      | Talk, Next
    """
)
async def test_what_is_live_and_what_is_past(api: Api, case: dict[str, str]) -> None:
    await segment(api)
    await segment(api, title="Next", starts_at="2026-03-01T14:00:00Z", ends_at="2026-03-01T15:00:00Z")
    api.pass_time(minutes=int(case["minutes"]))
    document = await schedule(api.organizer)
    shown = [each for day in document["items"] for each in day["segments"]]
    assert ", ".join(each["title"] for each in shown) == case["shown"]
    assert ", ".join(each["title"] for each in shown if each["live"]) == case["live"]
    assert ", ".join(each["title"] for each in document["happening_now"]) == case["live"]
    past_too = titles(await schedule(api.organizer, "?past=true"))["2026-03-01"]
    assert ", ".join(past_too) == case["past_too"]


async def test_it_says_when_to_look_again(api: Api) -> None:
    await segment(api)
    moments = []
    for minutes in (0, 55, 5, 60):
        api.pass_time(minutes=minutes)
        moments.append((await schedule(api.organizer))["next_change_at"])
    # Sessions are listed from five minutes before the start.
    assert moments == ["2026-03-01T12:55:00Z", "2026-03-01T13:00:00Z", "2026-03-01T14:00:00Z", None]


async def test_a_day_goes_on_on_the_next_page(api: Api) -> None:
    for number in range(5):
        await segment(api, title=f"{number}", starts_at=f"2026-03-01T13:0{number}:00Z")
    first = await schedule(api.organizer, "?limit=3")
    rest = await schedule(api.organizer, f"?limit=3&cursor={first['next']}")
    assert (titles(first), titles(rest)) == ({"2026-03-01": ["0", "1", "2"]}, {"2026-03-01": ["3", "4"]})
    assert rest["next"] is None


@cases(
    """
    policy   | hidden | outsider | holder | invited | organizer
    anyone   | no     | yes      | yes    | yes     | yes
    anyone   | yes    | no       | no     | no      | yes
    private  | no     | no       | no     | yes     | yes
    private  | yes    | no       | no     | no      | yes
    tickets  | no     | no       | yes    | no      | yes
    tickets  | yes    | no       | no     | no      | yes
    unlisted | no     | no       | no     | no      | yes
    unlisted | yes    | no       | no     | no      | yes
    """
)
async def test_segments_are_kept_from_those_who_may_not_find_their_sessions(api: Api, case: dict[str, str]) -> None:
    gold = await api.ticket_type("Gold")
    callers = {
        "outsider": await api.registrant("Outsider"),
        "holder": await api.registrant("Holder", ticket_type=gold),
        "invited": await api.registrant("Invited"),
        "organizer": api.organizer,
    }
    fields = {"watch_policy": case["policy"], "hidden": case["hidden"] == "yes", "availability": "scheduled"}
    session = await api.session("Talk", ticket_types=[gold], **fields)
    await api.organizer.put(f"{session}/invitations", {"registrants": [callers["invited"].id]})
    open_one = await api.session("Open", availability="scheduled")
    alone = await segment(api, session, title="Alone")
    both = await segment(api, session, open_one, title="Both")
    api.pass_time(hours=1)
    for role, caller in callers.items():
        sees = case[role] == "yes"
        document = await schedule(caller)
        listed = (await caller.get("/api/segments")).json()["items"]
        assert titles(document)["2026-03-01"] == (["Alone", "Both"] if sees else ["Both"]), role
        assert [each["title"] for each in listed] == [each["title"] for each in document["happening_now"]], role
        assert len(listed[-1]["sessions"]) == (2 if sees else 1), role
        assert len(events((await caller.get("/api/schedule.ics")).content)) == (2 if sees else 1), role
        for path in (f"/api/segments/{alone}", f"/api/segments/{alone}.ics"):
            assert (await caller.get(path)).status_code == (200 if sees else 404), role
        assert (await caller.get(f"/api/segments/{both}")).json()["sessions"] == listed[-1]["sessions"]
        if caller is not api.organizer:
            assert (await caller.put(f"/api/agenda/{alone}", None)).status_code == (204 if sees else 404), role


async def test_an_attendee_lands_in_the_only_session(api: Api) -> None:
    ada = await api.registrant()
    assert (await schedule(ada))["landing"] is None
    only = await api.session("Only")
    assert (await schedule(ada))["landing"] == only.rpartition("/")[2]
    assert (await schedule(api.organizer))["landing"] is None
    await api.session("Second")
    assert (await schedule(ada))["landing"] is None


# --- agendas and calendars ----------------------------------------------------------------------------------


async def test_an_agenda_is_ones_own(api: Api) -> None:
    ada, ben = await api.registrant("Ada"), await api.registrant("Ben")
    talk, other = await segment(api), await segment(api, title="Other")
    for _ in range(2):
        assert (await ada.put(f"/api/agenda/{talk}", None)).status_code == 204
    assert titles(await schedule(ada, "?agenda=true")) == {"2026-03-01": ["Talk"]}
    marks = {each["id"]: each["on_agenda"] for each in (await ada.get("/api/segments")).json()["items"]}
    assert marks == {talk: True, other: False}
    assert (await schedule(ben, "?agenda=true"))["items"] == []
    assert [str(each["summary"]) for each in events((await ada.get("/api/agenda.ics")).content)] == ["Talk"]
    for _ in range(2):
        assert (await ada.delete(f"/api/agenda/{talk}")).status_code == 204
    assert (await schedule(ada, "?agenda=true"))["items"] == []
    assert (await ada.put("/api/agenda/seg_none", None)).status_code == 404


async def test_what_one_may_no_longer_know_of_leaves_the_agenda(api: Api) -> None:
    ada = await api.registrant("Ada")
    session = await api.session("Talk", availability="scheduled")
    talk, gone = await segment(api, session), await segment(api, title="Gone")
    for each in (talk, gone):
        await ada.put(f"/api/agenda/{each}", None)
    await api.organizer.delete(f"/api/segments/{gone}")
    await api.organizer.patch(session, {"hidden": True})
    assert events((await ada.get("/api/agenda.ics")).content) == []
    assert (await schedule(ada, "?agenda=true"))["items"] == []


async def test_a_segment_in_a_calendar_says_where_and_when(api: Api) -> None:
    session = await api.session("Talk", availability="scheduled", location="Hall 2")
    talk = await segment(api, session, description="About it")
    answer = await api.organizer.get(f"/api/segments/{talk}.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    (entry,) = events(answer.content)
    assert str(entry["uid"]) == f"{talk}@rooms.test"
    assert (str(entry["location"]), str(entry["description"])) == ("Hall 2", "About it")
    assert str(entry["url"]) == f"http://rooms.test{session.removeprefix('/api')}"
    assert (entry.start.isoformat(), entry["sequence"]) == ("2026-03-01T13:00:00+00:00", 0)
    await api.organizer.patch(f"/api/segments/{talk}", {"location": "Hall 3"})
    (entry,) = events((await api.organizer.get(f"/api/segments/{talk}.ics")).content)
    assert (str(entry["location"]), entry["sequence"]) == ("Hall 3", 1)


async def test_a_feed_address_works_without_signing_in_until_it_is_ended(api: Api) -> None:
    ada = await api.registrant("Ada")
    talk = await segment(api)
    await ada.put(f"/api/agenda/{talk}", None)
    made = await ada.post("/api/feeds")
    assert made.status_code == 201
    first = made.json()
    for address in first.values():
        assert len(events((await api.stranger.get(address)).content)) == 1
    # It opens calendars and nothing else.
    key = first["agenda"].partition("key=")[2]
    assert (await api.stranger.get("/api/me", headers={"Authorization": f"Bearer {key}"})).status_code == 401
    assert (await api.stranger.get(f"/api/agenda.ics?key={ada.token}")).status_code == 401
    second = (await ada.post("/api/feeds")).json()
    assert (await api.stranger.get(first["agenda"])).status_code == 401
    assert (await api.stranger.get(second["agenda"])).status_code == 200
    assert (await ada.delete("/api/feeds")).status_code == 204
    assert (await api.stranger.get(second["schedule"])).status_code == 401
    assert (await ada.get("/api/me")).status_code == 200


async def test_an_organizers_feed_has_the_schedule_and_no_agenda(api: Api) -> None:
    made = (await api.organizer.post("/api/feeds")).json()
    assert made["agenda"] is None
    assert (await api.stranger.get(made["schedule"])).status_code == 200
    assert (await api.stranger.get(made["schedule"].replace("schedule", "agenda"))).status_code == 403
