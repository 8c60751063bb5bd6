from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roomserver.catalog.access import Availability
from roomserver.catalog.schedule import (
    Margins,
    Segment,
    agenda,
    by_session,
    days,
    goes_on,
    happening_now,
    landing,
    next_change,
    shown_nowhere,
    shows,
    span,
    time_zone,
    visible,
)

NINE = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Room:
    id: str = "ses_a"
    availability: Availability = "scheduled"
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def segment(name: str = "seg_1", start: datetime = NINE, length: timedelta = HOUR, *sessions: str) -> Segment:
    return Segment(name, name, start, start + length, sessions=sessions)


TALK = segment("seg_1", NINE, HOUR, "ses_a")


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(-5.02, False), (-5, True), (0, True), (59.98, True), (60, False), (600, False)],
)
def test_a_scheduled_session_shows_from_five_minutes_before_its_segment_until_the_time_is_up(
    minutes: float, shown: bool
) -> None:
    assert shows(Room(), by_session([TALK]), Margins(), NINE + minutes * MINUTE) is shown


@pytest.mark.parametrize(("minutes", "shown"), [(-30, False), (-15, True), (69, True), (70, False)])
def test_the_event_changes_both_margins(minutes: int, shown: bool) -> None:
    margins = Margins(before=15 * MINUTE, after=10 * MINUTE)
    assert shows(Room(), by_session([TALK]), margins, NINE + minutes * MINUTE) is shown


def test_a_session_with_several_segments_shows_around_each() -> None:
    segments = by_session([TALK, segment("seg_2", NINE + 5 * HOUR, HOUR, "ses_b", "ses_a")])
    shown = [hour for hour in range(8) if shows(Room(), segments, Margins(), NINE + hour * HOUR)]
    assert shown == [0, 5]


def test_a_scheduled_session_without_segments_shows_nowhere_and_organizers_are_told() -> None:
    rooms = [Room("ses_a"), Room("ses_lost"), Room("ses_open", availability="always_open")]
    segments = by_session([TALK])
    assert shown_nowhere(rooms, segments) == ["ses_lost"]
    assert not shows(rooms[1], segments, Margins(), NINE)


@pytest.mark.parametrize(
    ("own_times", "minutes", "expected"),
    [
        (None, -1, False),
        (None, 0, True),
        (None, 60, False),
        ((NINE - HOUR, NINE), -60, True),
        ((NINE - HOUR, NINE), -61, False),
        ((NINE - HOUR, None), -30, False),
    ],
)
def test_a_session_goes_on_during_its_segments_and_between_its_own_times(
    own_times: tuple[datetime, datetime | None] | None, minutes: int, expected: bool
) -> None:
    start, end = own_times or (None, None)
    assert goes_on(Room(starts_at=start, ends_at=end), by_session([TALK]), NINE + minutes * MINUTE) is expected


def test_an_open_session_always_shows() -> None:
    assert shows(Room(availability="always_open"), {}, Margins(), NINE)


def test_a_session_spans_its_own_times_else_its_segments() -> None:
    segments = by_session([TALK, segment("seg_2", NINE + 5 * HOUR, HOUR, "ses_a")])
    assert span(Room(starts_at=NINE - HOUR, ends_at=NINE), segments) == (NINE - HOUR, NINE)
    assert span(Room(), segments) == (NINE, NINE + 6 * HOUR)
    assert span(Room(starts_at=NINE), {}) is None
    assert span(Room(availability="always_open"), segments) is None


@pytest.mark.parametrize(
    ("kind", "listed", "expected"),
    [
        ("single_session", ["ses_a"], "ses_a"),
        ("single_session", [], None),
        ("multi_session", ["ses_a"], "ses_a"),
        ("multi_session", ["ses_a", "ses_b"], None),
        ("multi_session", [], None),
    ],
)
def test_one_session_is_entered_straight_away(kind: str, listed: list[str], expected: str | None) -> None:
    assert landing(kind, listed) == expected


def test_segments_are_hidden_from_those_who_may_find_none_of_their_sessions() -> None:
    both = segment("seg_both", NINE, HOUR, "ses_vip", "ses_a")
    secret = segment("seg_vip", NINE, HOUR, "ses_vip")
    lunch = segment("seg_lunch", NINE + HOUR)
    seen = visible([both, secret, lunch], lambda session: session != "ses_vip")
    assert [(each.id, each.sessions) for each in seen] == [("seg_both", ("ses_a",)), ("seg_lunch", ())]
    assert visible([both, secret, lunch], lambda session: True) == [both, secret, lunch]


def test_what_is_happening_now_begins_and_ends_on_the_second() -> None:
    following = segment("seg_2", NINE + HOUR, HOUR)
    assert happening_now([following, TALK], NINE - timedelta(seconds=1)) == []
    assert happening_now([following, TALK], NINE) == [TALK]
    assert happening_now([following, TALK], NINE + HOUR) == [following]


def test_the_agenda_holds_what_was_chosen_and_is_still_there() -> None:
    late = segment("seg_2", NINE + HOUR)
    assert agenda([late, TALK], {"seg_2", "seg_1", "seg_deleted"}) == [TALK, late]
    assert agenda([late, TALK], set()) == []


def test_days_are_those_of_the_visitor() -> None:
    evening = segment("seg_1", datetime(2026, 6, 1, 22, 30, tzinfo=UTC))
    (berlin,) = days([evening], time_zone("Europe/Berlin"), NINE)
    (denver,) = days([evening], time_zone("America/Denver"), NINE)
    assert (berlin.date, berlin.entries[0].starts_at.hour) == (date(2026, 6, 2), 0)
    assert (denver.date, denver.entries[0].starts_at.hour) == (date(2026, 6, 1), 16)
    assert berlin.entries[0].starts_at == denver.entries[0].starts_at


def test_the_past_is_left_out_unless_asked_for() -> None:
    now = NINE + HOUR
    running = segment("seg_2", NINE + HOUR / 2)
    coming = segment("seg_3", NINE + 30 * HOUR)
    (today, tomorrow) = days([coming, TALK, running], time_zone("UTC"), now, chosen={"seg_3"})
    assert [(entry.segment.id, entry.live, entry.past, entry.on_agenda) for entry in today.entries] == [
        ("seg_2", True, False, False)
    ]
    assert [(entry.segment.id, entry.live, entry.past, entry.on_agenda) for entry in tomorrow.entries] == [
        ("seg_3", False, False, True)
    ]
    (today, _) = days([coming, TALK, running], time_zone("UTC"), now, past=True)
    assert [(entry.segment.id, entry.past) for entry in today.entries] == [("seg_1", True), ("seg_2", False)]


def test_the_clock_change_moves_hours_not_moments() -> None:
    # Berlin: on 29 March 2026 at 02:00 (01:00 UTC) clocks go to 03:00.
    spring = segment("seg_1", datetime(2026, 3, 29, 0, 30, tzinfo=UTC))
    (day,) = days([spring], time_zone("Europe/Berlin"), NINE, past=True)
    (entry,) = day.entries
    assert (entry.starts_at.isoformat(), entry.ends_at.isoformat()) == (
        "2026-03-29T01:30:00+01:00",
        "2026-03-29T03:30:00+02:00",
    )
    # On 25 October 2026 at 03:00 (01:00 UTC) clocks go back to 02:00: the hour comes twice, in its order.
    autumn = [segment(f"seg_{n}", datetime(2026, 10, 25, n, 30, tzinfo=UTC)) for n in (1, 0)]
    (day,) = days(autumn, time_zone("Europe/Berlin"), NINE)
    assert [(entry.segment.id, entry.starts_at.isoformat()) for entry in day.entries] == [
        ("seg_0", "2026-10-25T02:30:00+02:00"),
        ("seg_1", "2026-10-25T02:30:00+01:00"),
    ]
    assert [entry.live for entry in day.entries] == [False, False]


def test_margins_count_real_minutes_over_the_clock_change() -> None:
    start = datetime(2026, 3, 29, 3, 1, tzinfo=time_zone("Europe/Berlin"))
    segments = by_session([segment("seg_1", start, HOUR, "ses_a")])
    assert shows(Room(), segments, Margins(), datetime(2026, 3, 29, 0, 56, tzinfo=UTC))
    assert not shows(Room(), segments, Margins(), datetime(2026, 3, 29, 0, 55, tzinfo=UTC))


@pytest.mark.parametrize(
    "name",
    ["", "Mars/Olympus", "Europe", "../../etc/passwd", "/etc/localtime", "Europe/Berlin\x00", "CEST+2", "x" * 9999],
)
def test_an_unknown_time_zone_is_named(name: str) -> None:
    with pytest.raises(ValueError, match="is not an IANA time zone"):
        time_zone(name)


moments = st.integers(0, 500).map(lambda minutes: NINE + minutes * MINUTE)
schedules = st.lists(
    st.builds(
        lambda number, start, length, sessions: segment(f"seg_{number}", start, length * MINUTE, *sessions),
        st.integers(0, 99),
        moments,
        st.integers(1, 120),
        st.lists(st.sampled_from(["ses_a", "ses_b"]), unique=True),
    ),
    max_size=6,
)


@given(schedules, moments, st.integers(0, 30), st.integers(0, 30))
def test_nothing_changes_before_the_next_change(
    schedule: list[Segment], now: datetime, before: int, after: int
) -> None:
    margins = Margins(before * MINUTE, after * MINUTE)

    def picture(at: datetime) -> object:
        linked = by_session(schedule)
        shown = [name for name in ("ses_a", "ses_b") if shows(Room(name), linked, margins, at)]
        return shown, happening_now(schedule, at), [each for each in schedule if each.is_past(at)]

    change = next_change(schedule, margins, now)
    assert change is None or change > now
    last = now + timedelta(days=2) if change is None else change - timedelta(microseconds=1)
    middle = now + (last - now) / 2
    assert picture(now) == picture(middle) == picture(last)


@given(schedules, st.sampled_from(["UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe"]))
def test_days_hold_every_segment_once_in_order(schedule: list[Segment], zone: str) -> None:
    found = days(schedule, time_zone(zone), NINE, past=True)
    entries = [entry for day in found for entry in day.entries]
    assert sorted(entry.segment.id for entry in entries) == sorted(each.id for each in schedule)
    assert [entry.starts_at for entry in entries] == sorted(entry.starts_at for entry in entries)
    assert [day.date for day in found] == sorted({entry.starts_at.date() for entry in entries})
