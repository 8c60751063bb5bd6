from __future__ import annotations

from datetime import UTC, datetime, timedelta

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from roomserver.catalog.calendar import write_calendar
from roomserver.catalog.schedule import Segment, time_zone

NOW = datetime(2026, 5, 1, 12, 30, 15, 999, tzinfo=UTC)
KEYNOTE = Segment(
    id="seg_1",
    title="Keynote; with, odd \\ signs",
    starts_at=datetime(2026, 10, 25, 2, 30, tzinfo=time_zone("Europe/Berlin")),
    ends_at=datetime(2026, 10, 25, 4, 0, tzinfo=time_zone("Europe/Berlin")),
    description="First line\nSecond line",
    sessions=("ses_a",),
    version=3,
)


def written(*segments: Segment) -> bytes:
    return write_calendar(
        segments,
        name="The event",
        host="rooms.example",
        now=NOW,
        link=lambda segment: f"https://rooms.example/sessions/{segment.sessions[0]}" if segment.sessions else None,
        location=lambda segment: "Hall 1" if segment.sessions else None,
    )


def parsed(content: bytes) -> icalendar.Calendar:
    calendar = icalendar.Calendar.from_ical(content)
    assert isinstance(calendar, icalendar.Calendar)
    return calendar


def test_a_segment_comes_back_as_it_was() -> None:
    calendar = parsed(written(KEYNOTE))
    (entry,) = calendar.events
    assert str(calendar["method"]) == "PUBLISH"
    assert str(calendar["x-wr-calname"]) == "The event"
    assert str(entry["uid"]) == "seg_1@rooms.example"
    assert str(entry["summary"]) == KEYNOTE.title
    assert str(entry["description"]) == KEYNOTE.description
    assert str(entry["location"]) == "Hall 1"
    assert str(entry["url"]) == "https://rooms.example/sessions/ses_a"
    assert str(entry["status"]) == "CONFIRMED"
    assert (entry["sequence"], entry.start, entry.end) == (2, KEYNOTE.starts_at, KEYNOTE.ends_at)


def test_times_stand_in_utc_so_that_no_zone_table_is_needed() -> None:
    lines = written(KEYNOTE).decode().split("\r\n")
    assert "DTSTART:20261025T003000Z" in lines  # the first of the two half past two of that night
    assert "DTEND:20261025T030000Z" in lines
    assert "DTSTAMP:20260501T123015Z" in lines


def test_a_file_has_the_form_that_programs_insist_on() -> None:
    long = Segment("seg_2", "Ünïcödé " * 20, NOW, NOW + timedelta(hours=1), description="x" * 500)
    content = written(KEYNOTE, long)
    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    for line in content.split(b"\r\n"):
        line.decode()  # folding cuts between characters, not inside one
    for required in (b"\r\nVERSION:2.0\r\n", b"\r\nPRODID:", b"\r\nUID:", b"\r\nDTSTAMP:", b"SUMMARY:"):
        assert required in content


def test_an_empty_agenda_is_a_calendar_too() -> None:
    assert parsed(written()).events == []


def test_entries_come_in_order_and_keep_their_uid_when_they_move() -> None:
    moved = Segment("seg_1", "Keynote", NOW + timedelta(days=9), NOW + timedelta(days=10), version=4)
    early = Segment("seg_9", "Early", NOW, NOW + timedelta(hours=1))
    entries = parsed(written(moved, early)).events
    assert [str(entry["uid"]) for entry in entries] == ["seg_9@rooms.example", "seg_1@rooms.example"]
    assert entries[1]["sequence"] == 3


def test_text_cannot_add_lines_of_its_own() -> None:
    evil = "Talk\r\nEND:VEVENT\r\nBEGIN:VEVENT\rATTACH:https://evil.example\x00\x08"
    (entry,) = parsed(written(Segment("seg_1", evil, NOW, NOW + timedelta(hours=1), description=evil))).events
    assert str(entry["summary"]) == "Talk\nEND:VEVENT\nBEGIN:VEVENT\nATTACH:https://evil.example"
    assert "attach" not in entry


printable = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.sampled_from('\n,;:\\"\t'), max_size=120
)


@given(printable.filter(str.strip), printable)
def test_any_text_comes_back(title: str, description: str) -> None:
    segment = Segment("seg_1", title, NOW, NOW + timedelta(hours=1), description=description)
    (entry,) = parsed(written(segment)).events
    assert str(entry["summary"]) == title
    assert str(entry.get("description", "")) == description
