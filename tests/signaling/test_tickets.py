"""Tickets and resume tokens can't be forged, outlive their time, or stand in for each other."""

from __future__ import annotations

from typing import Any

import jwt
import pytest

from signaling.directory import Rights
from signaling.room.state import Role
from signaling.tickets import RESUME_SECONDS, TICKET_SECONDS, InvalidToken, ResumeToken, Tickets
from tests.support.fake_clock import FakeClock
from tests.support.sessions import SECRET

ADA = Rights("Ada", Role.MODERATOR, invited=True)


async def test_a_ticket_carries_rights_until_its_time_is_up() -> None:
    clock = FakeClock()
    tickets = Tickets(SECRET, clock)
    token = tickets.issue_ticket("ses_1", "p_1", ADA)
    ticket = tickets.read_ticket(token)
    assert (ticket.session, ticket.participant, ticket.rights) == ("ses_1", "p_1", ADA)
    await clock.advance(TICKET_SECONDS - 0.1)
    tickets.read_ticket(token)
    await clock.advance(0.1)
    with pytest.raises(InvalidToken, match="expired"):
        tickets.read_ticket(token)


async def test_a_resume_token_names_its_connection_for_a_day() -> None:
    clock = FakeClock()
    tickets = Tickets(SECRET, clock)
    token = tickets.issue_resume("ses_1", "p_1", "node1:abc")
    assert tickets.read_resume(token) == ResumeToken("ses_1", "p_1", "node1:abc")
    await clock.advance(RESUME_SECONDS)
    with pytest.raises(InvalidToken, match="expired"):
        tickets.read_resume(token)


def test_one_kind_does_not_stand_in_for_the_other() -> None:
    tickets = Tickets(SECRET, FakeClock())
    with pytest.raises(InvalidToken):
        tickets.read_ticket(tickets.issue_resume("ses_1", "p_1", "c"))
    with pytest.raises(InvalidToken):
        tickets.read_resume(tickets.issue_ticket("ses_1", "p_1", ADA))


def claims(**changes: Any) -> dict[str, Any]:
    clock = FakeClock()
    good = {
        "aud": "roomserver-room-ticket",
        "ses": "ses_1",
        "sub": "p_1",
        "name": "Ada",
        "role": "attendee",
        "invited": False,
        "iat": clock.now(),
        "exp": clock.now() + 60,
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


FORGED = {
    "another secret": jwt.encode(claims(), b"another secret of thirty-two bytes at least", algorithm="HS256"),
    "no signature": jwt.encode(claims(), "", algorithm="none"),
    "another algorithm": jwt.encode(claims(), SECRET, algorithm="HS512"),
    "no expiry": jwt.encode(claims(exp=None), SECRET, algorithm="HS256"),
    "a text as expiry": jwt.encode(claims(exp="soon"), SECRET, algorithm="HS256"),
    "no audience": jwt.encode(claims(aud=None), SECRET, algorithm="HS256"),
    "another audience": jwt.encode(claims(aud="roomserver"), SECRET, algorithm="HS256"),
    "no participant": jwt.encode(claims(sub=None), SECRET, algorithm="HS256"),
    "an unknown role": jwt.encode(claims(role="admin"), SECRET, algorithm="HS256"),
    "an endless name": jwt.encode(claims(name="x" * 5000), SECRET, algorithm="HS256"),
    "garbage": "garbage",
    "three dots": "...",
    "not ASCII": "é.é.é",
    "empty": "",
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_ticket_is_invalid(what: str) -> None:
    with pytest.raises(InvalidToken):
        Tickets(SECRET, FakeClock()).read_ticket(FORGED[what])


def test_a_changed_ticket_is_invalid() -> None:
    tickets = Tickets(SECRET, FakeClock())
    header, payload, signature = tickets.issue_ticket("ses_1", "p_1", ADA).split(".")
    middle = len(payload) // 2
    other = "A" if payload[middle] != "A" else "B"
    with pytest.raises(InvalidToken):
        tickets.read_ticket(".".join([header, payload[:middle] + other + payload[middle + 1 :], signature]))


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Tickets(b"short", FakeClock())
