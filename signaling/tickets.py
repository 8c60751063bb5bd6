"""Tickets to a room and resume tokens: signed JWTs (HS256), verified without I/O.

A ticket is made by the application when somebody joins over HTTP, and carries what they may do. A
resume token names the connection that it was given to; whether that still counts is the room's to say.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import jwt

from signaling.clock import Clock
from signaling.directory import Rights
from signaling.room.state import Role

TICKET_SECONDS = 60.0
RESUME_SECONDS = 24 * 3600.0
"""A connection can last this long and still resume; rights are asked anew each time."""

_ALGORITHM = "HS256"
_AUDIENCE = "roomserver-room"
_LONGEST = 512
"""Characters of any text in a token: what is signed is trusted, but a room's documents stay small."""


class InvalidToken(Exception):
    """Forged, expired, of another kind or incomplete (close 4101). The text is for the client."""


@dataclass(frozen=True, slots=True)
class Ticket:
    session: str
    participant: str
    rights: Rights
    issued_at: float


@dataclass(frozen=True, slots=True)
class ResumeToken:
    session: str
    participant: str
    connection: str


class Tickets:
    """Makes and reads both kinds. `secret` must be at least 32 bytes and the same on all nodes."""

    def __init__(self, secret: bytes, clock: Clock) -> None:
        if len(secret) < 32:
            raise ValueError("the secret that signs tickets needs at least 32 bytes")
        self._secret = secret
        self._clock = clock

    def issue_ticket(self, session: str, participant: str, rights: Rights) -> str:
        """A ticket for one person in one session, good for TICKET_SECONDS."""
        return self._sign(
            "ticket",
            TICKET_SECONDS,
            {
                "ses": session,
                "sub": participant,
                "name": rights.name,
                "role": rights.role.value,
                "invited": rights.invited,
                "jti": secrets.token_urlsafe(8),
            },
        )

    def read_ticket(self, token: str) -> Ticket:
        """Raises InvalidToken."""
        claims = self._verify("ticket", token)
        try:
            rights = Rights(_text(claims, "name"), Role(_text(claims, "role")), claims.get("invited") is True)
        except ValueError:
            raise InvalidToken("The ticket names an unknown role.") from None
        return Ticket(_text(claims, "ses"), _text(claims, "sub"), rights, float(claims["iat"]))

    def issue_resume(self, session: str, participant: str, connection: str) -> str:
        """A token with which the person comes back after losing this connection."""
        return self._sign("resume", RESUME_SECONDS, {"ses": session, "sub": participant, "con": connection})

    def read_resume(self, token: str) -> ResumeToken:
        """Raises InvalidToken."""
        claims = self._verify("resume", token)
        return ResumeToken(_text(claims, "ses"), _text(claims, "sub"), _text(claims, "con"))

    def _sign(self, kind: str, lifetime: float, claims: dict[str, Any]) -> str:
        now = self._clock.now()
        return jwt.encode(
            {**claims, "aud": f"{_AUDIENCE}-{kind}", "iat": now, "exp": now + lifetime},
            self._secret,
            algorithm=_ALGORITHM,
        )

    def _verify(self, kind: str, token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._secret,
                algorithms=[_ALGORITHM],
                audience=f"{_AUDIENCE}-{kind}",
                # Times are compared below, by the hub's own clock.
                options={"verify_exp": False, "verify_iat": False, "require": ["exp", "iat", "aud"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError):
            # Malformed parts surface as ValueError or TypeError in some versions; the client learns no more either way.
            raise InvalidToken(f"The {kind} is not valid.") from None
        expires = claims["exp"]
        if not isinstance(expires, int | float) or not isinstance(claims["iat"], int | float):
            raise InvalidToken(f"The {kind} is not valid.")
        if self._clock.now() >= expires:
            raise InvalidToken(f"The {kind} has expired.")
        return claims


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST or not _encodable(value):
        raise InvalidToken(f"The token's {name!r} is missing or unusable.")
    return value


def _encodable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
