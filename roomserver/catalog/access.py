"""Who may watch, find, share and moderate a session (product section 3). Pure, and the only place that decides.

HTTP, the room's tickets and the changes that reach people already in a room all ask here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from signaling.room.state import Role

WatchPolicy = Literal["anyone", "private", "tickets", "unlisted"]
Availability = Literal["always_open", "scheduled"]


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who is signed in."""

    id: str
    """A registrant's id, or an organizer's account id: also the participant's id in rooms."""
    name: str
    organizer: bool = False
    ticket_type: str | None = None
    read_only: bool = False
    """Signed in with a token that may change nothing."""


@dataclass(frozen=True, slots=True)
class Doors:
    """What a session says about who may come."""

    watch_policy: WatchPolicy
    ticket_types: frozenset[str] = field(default_factory=frozenset)
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody has been given in one session."""

    invited: bool = False
    moderator: bool = False


NO_STANDING = Standing()


def may_watch(asker: Asker, doors: Doors, standing: Standing) -> bool:
    """Whoever may not watch a session may not know of it either: for them it doesn't exist (404)."""
    if asker.organizer:
        return True
    match doors.watch_policy:
        case "anyone" | "unlisted":
            return True
        case "private":
            return standing.invited
        case "tickets":
            return asker.ticket_type is not None and asker.ticket_type in doors.ticket_types


def may_find(asker: Asker, doors: Doors, standing: Standing) -> bool:
    """Whether lists and the schedule may name the session to this person at all.

    When a list names it is the schedule's business: see `schedule.shows`. Organizers find everything.
    """
    if asker.organizer:
        return True
    return not doors.hidden and doors.watch_policy != "unlisted" and may_watch(asker, doors, standing)


def room_role(asker: Asker, standing: Standing) -> Role:
    """The role of somebody who may watch. What a moderator may do depends on the share policy: the room knows that."""
    if asker.organizer:
        return Role.ORGANIZER
    return Role.MODERATOR if standing.moderator else Role.ATTENDEE


def may_be_moderator(asker: Asker, doors: Doors, standing: Standing) -> bool:
    """Nobody moderates what they may not watch (product section 3)."""
    return may_watch(asker, doors, standing)


def why_not_moderator(doors: Doors) -> str:
    """The code of the fault that goes with a refused assignment."""
    return {"private": "not_invited", "tickets": "wrong_ticket"}.get(doors.watch_policy, "may_not_watch")
