"""Pages of long lists: a cursor holds the sort key of the last item, so that a page costs the same anywhere."""

from __future__ import annotations

import json
import math
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute

MAX_CURSOR_CHARS = 2_000

_NO_TEXT = re.compile("[\0\ud800-\udfff]")

T = TypeVar("T")


class BadCursor(Exception):
    """The cursor wasn't made by this list."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    items: Sequence[T]
    next: str | None


def encode_cursor(key: Sequence[str | float]) -> str:
    return (
        urlsafe_b64encode(json.dumps(list(key), ensure_ascii=False, separators=(",", ":")).encode())
        .decode()
        .rstrip("=")
    )


def decode_cursor(cursor: str, kinds: Sequence[type]) -> list[Any]:
    """The sort key in a cursor, each part of its kind. Raises BadCursor for anything else."""
    if len(cursor) > MAX_CURSOR_CHARS:
        raise BadCursor
    try:
        key = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError) as error:
        raise BadCursor from error
    if not isinstance(key, list) or len(key) != len(kinds):
        raise BadCursor
    if any(type(part) is not kind for part, kind in zip(key, kinds, strict=True)):
        raise BadCursor
    if not all(_storable(part) for part in key):
        raise BadCursor
    return key


def _storable(part: object) -> bool:
    """Whether every database takes it."""
    if isinstance(part, str):
        return _NO_TEXT.search(part) is None
    return not isinstance(part, float) or math.isfinite(part)


def cursor_moment(text: str) -> datetime:
    """A moment in a cursor. Raises BadCursor if it is none."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise BadCursor
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadCursor from error


def after(columns: Sequence[InstrumentedAttribute[Any]], last: Sequence[Any]) -> ColumnElement[bool]:
    """The condition "comes after the one with these values" in ascending order of all columns.

    One comparison of rows, not a chain of `or`: only that lets an index begin at the right place."""
    values = (literal(value, column.type) for column, value in zip(columns, last, strict=True))
    return tuple_(*columns) > tuple_(*values)
