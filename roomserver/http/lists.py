"""What every list has in common: `limit` and `cursor` in, `items` and `next` out."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from roomserver.catalog.paging import MAX_CURSOR_CHARS
from roomserver.faults import Fault
from roomserver.http.problem import Problem, invalid
from roomserver.http.texts import Line

T = TypeVar("T")

SearchText = Annotated[Line, Field(max_length=100)]


class Query(BaseModel):
    """Base of all query strings: unknown parameters are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ListQuery(Query):
    limit: int = Field(50, ge=1, le=200, description="Items on a page.")
    cursor: str | None = Field(
        None, max_length=MAX_CURSOR_CHARS, description="`next` of the page before; without it, the first page."
    )


class ItemList(BaseModel, Generic[T]):
    items: list[T]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")


def bad_cursor() -> Problem:
    return invalid([Fault("cursor", "bad_cursor")], "The query")
