"""The audit trail: noting a change beside the change itself, and reading what was noted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from roomserver.catalog.audit import AuditFilter, list_audit, noted, write_audit
from roomserver.catalog.models import AuditEntry
from roomserver.catalog.paging import BadCursor
from roomserver.http.answers import json_answer
from roomserver.http.endpoint import Call, Endpoint, Who, endpoint
from roomserver.http.lists import ItemList, ListQuery, bad_cursor
from roomserver.http.texts import Id, Moment


class FieldChange(BaseModel):
    field: str
    old: Any = Field(description="Null where there was nothing; long texts and lists are shortened.")
    new: Any


class AuditDocument(BaseModel):
    at: Moment
    who: str = Field(description="Id of the organizer, or of the registrant who created a session.")
    who_name: str = Field(description="As they were called then.")
    action: Literal["create", "update", "delete"]
    kind: str
    thing: str
    changes: list[FieldChange] = Field(description="Of passwords only that they were set.")


class AuditQuery(ListQuery):
    thing: Id | None = Field(None, description="What was changed, by its id.")
    kind: Id | None = Field(None, description="Such as session, registrant, segment, event.")
    who: Id | None = Field(None, description="Who changed it, by their id.")


async def note_change(
    call: Call,
    db: AsyncSession,
    kind: str,
    thing: str,
    *,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    secrets: Collection[str] = (),
) -> None:
    """Note a change in the transaction that makes it: what was before (None: nothing), and after (None: deleted).
    `secrets` names the fields that were set and that nobody may read."""
    entry = noted(kind, thing, before, after, secrets)
    if entry is not None:
        await write_audit(db, call.me, call.services.now(), [entry])


@endpoint("GET", "/api/audit", who=Who.ORGANIZER, answers={200: ItemList[AuditDocument]}, problems=(422,))
async def get_audit(call: Call, query: AuditQuery) -> Response:
    """What was changed in this event, by whom and when; newest first."""
    try:
        async with call.services.catalog.reading() as db:
            page = await list_audit(db, AuditFilter(query.thing, query.kind, query.who), query.cursor, query.limit)
    except BadCursor:
        raise bad_cursor() from None
    return json_answer(ItemList[AuditDocument](items=[_document(each) for each in page.items], next=page.next))


def _document(entry: AuditEntry) -> AuditDocument:
    return AuditDocument.model_validate(
        {name: getattr(entry, name) for name in AuditDocument.model_fields if name != "changes"}
        | {"changes": list(entry.changes)}
    )


ENDPOINTS: tuple[Endpoint, ...] = (get_audit,)
