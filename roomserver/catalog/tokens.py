"""Tokens: what lets somebody in, whom it stands for, and how it ends.

A token is 256 random bits, so a plain SHA-256 of it is safe to keep; the token itself is shown once and never stored.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import Select, delete, or_, select, update
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
    name: str | None = None,
    read_only: bool = False,
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
            name=name,
            read_only=read_only,
            last_used_at=None,
        )
    )
    await db.flush()
    return token


@dataclass(frozen=True, slots=True)
class Holder:
    asker: Asker
    last_used_at: datetime | None


async def who_holds(db: AsyncSession, token: str, purpose: Purpose, now: datetime) -> Asker | None:
    """Whom a token stands for; None if it is unknown, of another purpose, expired or revoked."""
    holder = await holder_of(db, token, purpose, now)
    return None if holder is None else holder.asker


async def holder_of(db: AsyncSession, token: str, purpose: Purpose, now: datetime) -> Holder | None:
    """Whom a token stands for, and when it was last used; None as of `who_holds`."""
    if len(token) > MAX_TOKEN_CHARS or not token.startswith(_PREFIX):
        return None
    query = (
        select(
            Token.expires_at,
            Token.revoked_at,
            Token.read_only,
            Token.last_used_at,
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
        asker = Asker(row.organizer, row.organizer_name, organizer=True, read_only=row.read_only)
    elif row.registrant is not None:
        asker = Asker(row.registrant, row.registrant_name, ticket_type=row.ticket_type, read_only=row.read_only)
    else:
        return None
    return Holder(asker, row.last_used_at)


async def note_use(db: AsyncSession, token: str, now: datetime) -> None:
    """Keep when a token was last used."""
    await db.execute(update(Token).where(Token.digest == _digest(token)).values(last_used_at=now))


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


# --- organizers' tokens as they are listed ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OrganizerToken:
    id: str
    kind: Literal["api", "link", "browser"]
    name: str | None
    read_only: bool
    organizer: str
    organizer_name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


_ID = re.compile(r"tok_([0-9a-f]{16})")


def token_id(token: str) -> str:
    """The public id of a token: the beginning of its digest, from which nobody finds the token."""
    return f"tok_{_digest(token)[:16]}"


async def list_organizer_tokens(db: AsyncSession, now: datetime) -> Sequence[OrganizerToken]:
    """Those that work now, latest first."""
    rows = await db.execute(_organizer_tokens(now).order_by(Token.created_at.desc(), Token.digest))
    return [_organizer_token(row) for row in rows]


async def find_organizer_token(db: AsyncSession, key: str, now: datetime) -> OrganizerToken | None:
    """The token with this id, if it is an organizer's and works."""
    match = _ID.fullmatch(key)
    if match is None:
        return None
    row = (await db.execute(_organizer_tokens(now).where(Token.digest.startswith(match[1])))).one_or_none()
    return None if row is None else _organizer_token(row)


async def revoke_token_id(db: AsyncSession, key: str, now: datetime) -> None:
    """End the token with this id; the id is one that was found."""
    query = update(Token).where(Token.digest.startswith(key.removeprefix("tok_")), Token.revoked_at.is_(None))
    await db.execute(query.values(revoked_at=now).execution_options(synchronize_session=False))


def _organizer_tokens(now: datetime) -> Select[Token, str]:
    return (
        select(Token, Organizer.name)
        .join(Organizer, Organizer.id == Token.organizer)
        .where(
            Token.revoked_at.is_(None),
            Token.purpose.in_(("api", "link", "browser")),
            or_(Token.expires_at.is_(None), Token.expires_at > now),
        )
    )


def _organizer_token(row: Any) -> OrganizerToken:
    token, organizer_name = row
    return OrganizerToken(
        id=f"tok_{token.digest[:16]}",
        kind=cast(Literal["api", "link", "browser"], token.purpose),
        name=token.name,
        read_only=token.read_only,
        organizer=token.organizer,
        organizer_name=organizer_name,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
    )
