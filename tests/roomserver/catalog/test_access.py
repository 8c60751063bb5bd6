"""Who may watch, find and moderate a session, as tables."""

from __future__ import annotations

import pytest

from roomserver.catalog.access import (
    NO_STANDING,
    Asker,
    Doors,
    Standing,
    may_be_moderator,
    may_find,
    may_watch,
    room_role,
    why_not_moderator,
)
from signaling.room.state import Role

OLGA = Asker("org_1", "Olga", organizer=True)
PLAIN = Asker("reg_1", "Ada")
GOLD = Asker("reg_2", "Vera", ticket_type="tkt_gold")
SILVER = Asker("reg_3", "Sam", ticket_type="tkt_silver")
INVITED = Standing(invited=True)
MODERATOR = Standing(moderator=True)

FOR_GOLD = frozenset({"tkt_gold"})


@pytest.mark.parametrize(
    ("doors", "asker", "standing", "watches", "finds"),
    [
        # anyone
        (Doors("anyone"), PLAIN, NO_STANDING, True, True),
        (Doors("anyone"), OLGA, NO_STANDING, True, True),
        (Doors("anyone", hidden=True), PLAIN, NO_STANDING, True, False),
        (Doors("anyone", hidden=True), OLGA, NO_STANDING, True, True),
        # private: invited registrants and organizers
        (Doors("private"), PLAIN, NO_STANDING, False, False),
        (Doors("private"), GOLD, NO_STANDING, False, False),
        (Doors("private"), PLAIN, INVITED, True, True),
        (Doors("private"), OLGA, NO_STANDING, True, True),
        (Doors("private", hidden=True), PLAIN, INVITED, True, False),
        (Doors("private"), PLAIN, MODERATOR, False, False),
        # tickets: holders of the named types
        (Doors("tickets", FOR_GOLD), GOLD, NO_STANDING, True, True),
        (Doors("tickets", FOR_GOLD), SILVER, NO_STANDING, False, False),
        (Doors("tickets", FOR_GOLD), PLAIN, NO_STANDING, False, False),
        (Doors("tickets", FOR_GOLD), PLAIN, INVITED, False, False),
        (Doors("tickets", FOR_GOLD), OLGA, NO_STANDING, True, True),
        (Doors("tickets", FOR_GOLD, hidden=True), GOLD, NO_STANDING, True, False),
        (Doors("tickets", frozenset()), PLAIN, NO_STANDING, False, False),
        # unlisted: whoever has the address
        (Doors("unlisted"), PLAIN, NO_STANDING, True, False),
        (Doors("unlisted"), PLAIN, INVITED, True, False),
        (Doors("unlisted"), OLGA, NO_STANDING, True, True),
        # ticket types count only where the policy says so
        (Doors("anyone", FOR_GOLD), PLAIN, NO_STANDING, True, True),
    ],
)
def test_who_may_watch_and_who_finds_a_session(
    doors: Doors, asker: Asker, standing: Standing, watches: bool, finds: bool
) -> None:
    assert may_watch(asker, doors, standing) is watches
    assert may_find(asker, doors, standing) is finds


@pytest.mark.parametrize(
    ("asker", "standing", "role"),
    [
        (OLGA, NO_STANDING, Role.ORGANIZER),
        (PLAIN, NO_STANDING, Role.ATTENDEE),
        (PLAIN, INVITED, Role.ATTENDEE),
        (PLAIN, MODERATOR, Role.MODERATOR),
        (PLAIN, Standing(invited=True, moderator=True), Role.MODERATOR),
    ],
)
def test_role_in_the_room(asker: Asker, standing: Standing, role: Role) -> None:
    assert room_role(asker, standing) is role


def test_nobody_moderates_what_they_may_not_watch() -> None:
    assert may_be_moderator(PLAIN, Doors("anyone"), NO_STANDING)
    assert not may_be_moderator(PLAIN, Doors("private"), NO_STANDING)
    assert why_not_moderator(Doors("private")) == "not_invited"
    assert why_not_moderator(Doors("tickets", FOR_GOLD)) == "wrong_ticket"
