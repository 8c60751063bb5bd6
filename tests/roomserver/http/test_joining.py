"""POST /api/sessions/{id}/join: a ticket for those who may watch."""

from __future__ import annotations

from signaling.room.state import Role
from tests.support.api import Api


async def test_a_registrant_gets_a_ticket_and_the_address_of_the_host_that_was_asked(api: Api) -> None:
    session = await api.session("Opening")
    ada = await api.registrant("Ada Lovelace")

    answer = await ada.post(f"{session}/join")

    assert answer.status_code == 200
    joined = answer.json()
    assert joined["url"] == "ws://rooms.test/ws"
    assert joined["ice_servers"] == []
    assert joined["expires_at"] == "2026-03-01T12:01:00Z"
    ticket = api.services.tickets.read_ticket(joined["ticket"])
    assert (ticket.session, ticket.participant) == (session.rpartition("/")[2], ada.id)
    assert (ticket.rights.name, ticket.rights.role, ticket.rights.invited) == ("Ada Lovelace", Role.ATTENDEE, False)
