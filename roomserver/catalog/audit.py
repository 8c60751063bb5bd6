"""The audit trail: who changed what and when, written in the transaction of the change itself.

Nothing secret is kept: of passwords and tokens only that there was a change.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Literal

from pydantic_core import to_jsonable_python
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from roomserver.catalog.access import Asker
from roomserver.catalog.models import AuditEntry
from roomserver.catalog.paging import Page, decode_cursor, encode_cursor

Action = Literal["create", "update", "delete"]

HIDDEN = "(hidden)"
MAX_TEXT = 1_000
"""Characters that are kept of a longer text."""
MAX_LIST = 200
"""Parts that are kept of a longer list."""
_BATCH = 200
"""Entries written together, so that ten thousand don't keep the event loop."""


@dataclass(frozen=True, slots=True)
class Noted:
    """One thing that was changed."""

    action: Action
    kind: str
    """`session`, `registrant`..."""
    thing: str
    changes: Sequence[Mapping[str, Any]]
    """Each a `field` with its `old` and its `new` value."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    thing: str | None = None
    kind: str | None = None
    who: str | None = None


def noted(
    kind: str,
    thing: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    secrets: Collection[str] = (),
) -> Noted | None:
    """What to write of a change; None before: it was created, None after: deleted. `secrets` names fields that were set
    and whose values nobody may read. Returns None if nothing changed."""
    old, new = before or {}, after or {}
    changes = [
        {"field": name, "old": _kept(old.get(name)), "new": _kept(new.get(name))}
        for name in dict.fromkeys([*old, *new])
        if name not in secrets and _differ(old.get(name), new.get(name))
    ]
    changes += [{"field": name, "old": HIDDEN, "new": HIDDEN} for name in secrets]
    if before is None:
        return Noted("create", kind, thing, changes)
    if after is None:
        return Noted("delete", kind, thing, changes)
    return Noted("update", kind, thing, changes) if changes else None


def _differ(old: Any, new: Any) -> bool:
    # What is empty before and after needs no line: a new thing would have one for each field that nobody set.
    return bool(old != new and not (old in (None, "", []) and new in (None, "", [])))


def _kept(value: Any) -> Any:
    plain = to_jsonable_python(value)
    if isinstance(plain, str) and len(plain) > MAX_TEXT:
        return plain[: MAX_TEXT - 1] + "…"
    if isinstance(plain, list) and len(plain) > MAX_LIST:
        return [*plain[:MAX_LIST], f"… {len(plain) - MAX_LIST:,} more"]
    return plain


async def write_audit(db: AsyncSession, who: Asker, now: datetime, entries: Collection[Noted]) -> None:
    """Note changes that are made in this transaction."""
    rest = iter(entries)
    while batch := list(islice(rest, _BATCH)):
        await db.execute(
            insert(AuditEntry),
            [
                {
                    "at": now,
                    "who": who.id,
                    "who_name": who.name,
                    "action": each.action,
                    "kind": each.kind,
                    "thing": each.thing,
                    "changes": list(each.changes),
                }
                for each in batch
            ],
        )


async def list_audit(db: AsyncSession, wanted: AuditFilter, cursor: str | None, limit: int) -> Page[AuditEntry]:
    """Newest first. Raises BadCursor."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc())
    for column, value in (
        (AuditEntry.thing, wanted.thing),
        (AuditEntry.kind, wanted.kind),
        (AuditEntry.who, wanted.who),
    ):
        if value is not None:
            query = query.where(column == value)
    if cursor is not None:
        (last,) = decode_cursor(cursor, (int,))
        query = query.where(AuditEntry.id < last)
    found = (await db.execute(query.limit(limit + 1))).scalars().all()
    if len(found) <= limit:
        return Page(found, None)
    return Page(found[:limit], encode_cursor([found[limit - 1].id]))
