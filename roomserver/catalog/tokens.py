"""Tokens: what lets somebody in, whom it stands for, and how it ends.

A token is 256 random bits, so a plain SHA-256 of it is safe to keep; the token itself is shown once and never stored.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.catalog.access import Asker
from roomserver.catalog.models import Organizer, Registrant, Token
from roomserver.catalog.store import new_id

Purpose = Literal["api", "link", "browser", "calendar"]

MAX_TOKEN_CHARS = 128
_PREFIX = "rst_"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def add_organizer(db: AsyncSession, name: str, now: datetime) -> str:
    """A new organizer account; returns its id."""
    organizer = Organizer(id=new_id("org"), name=name, created_at=now)
    db.add(organizer)
    await db.flush()
    return organizer.id


async def issue_token(
    db: AsyncSession,
    purpose: Purpose,
    now: datetime,
    *,
    organizer: str | None = None,
    registrant: str | None = None,
    expires_at: datetime | None = None,
) -> str:
    """A new token for one organizer or one registrant. The only time that it is seen in clear."""
    token = _PREFIX + secrets.token_urlsafe(32)
    await db.execute(delete(Token).where(Token.expires_at < now))
    db.add(
        Token(
            digest=_digest(token),
            purpose=purpose,
            organizer=organizer,
            registrant=registrant,
            created_at=now,
            expires_at=expires_at,
            revoked_at=None,
        )
    )
    await db.flush()
    return token


async def who_holds(db: AsyncSession, token: str, purpose: Purpose, now: datetime) -> Asker | None:
    """Whom a token stands for; None if it is unknown, of another purpose, expired or revoked."""
    if len(token) > MAX_TOKEN_CHARS or not token.startswith(_PREFIX):
        return None
    query = (
        select(
            Token.expires_at,
            Token.revoked_at,
            Organizer.id.label("organizer"),
            Organizer.name.label("organizer_name"),
            Registrant.id.label("registrant"),
            Registrant.name.label("registrant_name"),
            Registrant.ticket_type,
        )
        .outerjoin(Organizer, Organizer.id == Token.organizer)
        .outerjoin(Registrant, Registrant.id == Token.registrant)
        .where(Token.digest == _digest(token), Token.purpose == purpose)
    )
    row = (await db.execute(query)).one_or_none()
    if row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        return None
    if row.organizer is not None:
        return Asker(id=row.organizer, name=row.organizer_name, organizer=True)
    if row.registrant is not None:
        return Asker(id=row.registrant, name=row.registrant_name, ticket_type=row.ticket_type)
    return None


async def revoke_token(db: AsyncSession, token: str, now: datetime) -> None:
    """End one token, whatever its purpose; an unknown one is ignored."""
    await db.execute(
        update(Token).where(Token.digest == _digest(token), Token.revoked_at.is_(None)).values(revoked_at=now)
    )


async def revoke_all(db: AsyncSession, holder: str, now: datetime, purpose: Purpose | None = None) -> None:
    """End every token of a registrant or an organizer: bearer tokens, links, browsers signed in and calendar feeds;
    with `purpose`, only those that serve it."""
    mine = ((Token.organizer == holder) | (Token.registrant == holder)) & Token.revoked_at.is_(None)
    query = update(Token).where(mine if purpose is None else mine & (Token.purpose == purpose))
    await db.execute(query.values(revoked_at=now))
