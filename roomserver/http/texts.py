"""The kinds of values that bodies and queries are made of, with their limits."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, PlainSerializer, StringConstraints
from pydantic_core import PydanticCustomError

from roomserver.catalog.schedule import time_zone
from roomserver.faults import SENTENCES

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")
_EMAIL = re.compile(
    r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*"
)
"""What browsers accept in an e-mail field (HTML Living Standard, "valid email address")."""


def refusal(code: str) -> PydanticCustomError:
    """What a check of a field raises, for a fault without values."""
    return PydanticCustomError(code, SENTENCES[code])


def _one_line(text: str) -> str:
    if any(unicodedata.category(char) in ("Cc", "Zl", "Zp") for char in text):
        raise refusal("line_breaks")
    return text


def _many_lines(text: str) -> str:
    if any(unicodedata.category(char) == "Cc" and char not in "\t\n\r" for char in text):
        raise refusal("control_characters")
    return text


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise refusal("not_an_email")
    return text


def _read_moment(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise refusal("not_a_time")
    try:
        return datetime.fromisoformat(value.upper())
    except ValueError:
        raise refusal("no_such_time") from None


def _in_range(moment: datetime) -> datetime:
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:
        raise refusal("year_out_of_range") from None
    if not EARLIEST <= utc < LATEST:
        raise refusal("year_out_of_range")
    return utc


def zone_name(name: str) -> str:
    try:
        time_zone(name)
    except ValueError:
        raise refusal("no_such_time_zone") from None
    return name


def write_moment(moment: datetime) -> str:
    """RFC 3339 in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def without_repeats(values: list[str]) -> list[str]:
    """Each value once, in order."""
    return list(dict.fromkeys(values))


Line = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_one_line)]
"""One line of text, trimmed. Limits count characters (Unicode code points) after trimming."""

Text = Annotated[str, AfterValidator(_many_lines)]
"""Several lines."""

Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(_email)]

Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_read_moment),
    AfterValidator(_in_range),
    PlainSerializer(write_moment, return_type=str, when_used="json"),
]
"""A time with its offset; kept and answered in UTC."""

LocalMoment = Annotated[datetime, PlainSerializer(datetime.isoformat, return_type=str, when_used="json")]
"""A time as it is read in some time zone, with the offset that holds there at that moment; only in answers."""

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
IN_PATH = r"^[A-Za-z0-9._-]{1,64}$"
"""Ids, and names of files that the server made."""

Ids = Annotated[list[Id], AfterValidator(without_repeats)]

Tag = Annotated[Line, Field(min_length=1, max_length=40)]
Tags = Annotated[list[Tag], Field(max_length=20), AfterValidator(without_repeats)]

PersonName = Annotated[Line, Field(min_length=1, max_length=100)]
Password = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
