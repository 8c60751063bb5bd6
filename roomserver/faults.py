"""What can be wrong with a field: every code that is answered, and its sentence. The one place for both.

Codes are stable and for programs; sentences are for people, and the pages have them in each of their languages
(`roomserver/web/src/messages`, `faults.json`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from types import MappingProxyType
from typing import Any, TypeAlias

SENTENCES: Mapping[str, str] = MappingProxyType({
    # Of any field
    "required": "This field is required",
    "no_such_field": "There is no such field",
    "organizers_only": "Only organizers can set this",
    "empty": "This must not be empty",
    "too_long": "At most {most} characters are allowed; there are {given}",
    "too_many": "At most {most} entries are allowed; there are {given}",
    "too_small": "This must be at least {least}",
    "too_large": "This must be at most {most}",
    "not_an_object": "A JSON object is expected",
    "not_a_list": "A list is expected",
    "not_a_text": "A text is expected",
    "not_a_number": "A number is expected",
    "not_an_integer": "A whole number is expected",
    "not_true_or_false": "true or false is expected",
    "not_a_choice": "Choose one of these: {choices}",
    "bad_id": "An id has only letters, digits, - and _",
    "line_breaks": "Line breaks and control characters don't belong here",
    "control_characters": "Control characters don't belong here",
    "not_an_email": "This isn't an e-mail address",
    "not_a_time": "Write a time with its offset, like 2026-03-01T18:30:00+01:00 (RFC 3339)",
    "no_such_time": "There is no such day or time",
    "year_out_of_range": "The year must be between 1970 and 2199",
    "no_such_time_zone": "There is no such time zone; write one like Europe/Berlin",
    "unknown": "There is no {what} {name}",
    "name_taken": "There already is a {what} of this name",
    "repeated": "Give this parameter once",
    "bad_cursor": "This cursor wasn't made by this list",
    "invalid": "This doesn't fit: {reason}",
    # Between the fields of a thing
    "end_before_start": "The end must come after the start",
    "end_without_start": "A session with an end needs a start",
    "segment_without_times": "A segment needs its start and its end",
    "over_already": "This is over already",
    "stage_by_invitation": "On a stage only invited people share: use invite_only",
    "no_ticket_types": "Name at least one ticket type whose holders may watch",
    "session_always_open": "This session is always open; make it scheduled first",
    "session_on_schedule": "The session stands on the schedule; take it off there first",
    "single_session_event": "This is a single-session event: it has exactly one session",
    "not_invited": "{name} can't moderate this session: the session is private and they are not invited; "
    "invite them first.",
    "wrong_ticket": "{name} can't moderate this session: the session is for holders of certain ticket types and "
    "theirs is none of these.",
    "may_not_watch": "{name} can't moderate this session: they may not watch the session.",
    "unlock_minutes": "0, or 3 to 15 minutes before the end",
    "not_in_recording": "{name} is not in this recording",
    "nobody_left": "Nobody would be left",
    "bad_picture": "{reason}",
    # Evaluations
    "questions_count": "Ask {least} to {most} questions",
    "choices_count": "Give {least} to {most} choices",
    "choices_not_asked": "Only a choice has choices",
    "same_question": "An earlier question has the same id",
    "same_choice": "An earlier choice is the same",
    "no_such_question": "There is no such question",
    "answer_required": "This question needs an answer",
    "not_a_rating": "Rate with a whole number from 1 to {most}",
    "not_offered": "Choose one of the choices",
    "answer_in_words": "Answer in words",
    # Spreadsheets
    "bad_spreadsheet": "{reason}",
    "bad_cell": "{reason}",
    "no_such_column": "There is no such column; there are {columns}",
    "column_twice": "Two columns have this name",
    "unnamed_column": "Column {column} holds “{text}”, but the first row doesn't name it",
    "read_only": "This can't be changed by a spreadsheet",
    "not_yes_or_no": "Write yes or no",
    "not_a_decimal": "Write a number, with a point before decimals",
    "number_too_large": "The number is too large",
    "not_a_whole_number": "Write a whole number",
    "not_a_moment": "Write a time like 2026-03-01 18:30, or with its offset: 2026-03-01T18:30:00+01:00",
    "time_shown_twice": "Clocks are set back here and show this time twice; write it with its offset",
    "time_never_shown": "Clocks are set forward here and never show this time",
    "unknown_name": "There is no {what} “{name}”",
    "name_of_several": "Several are called “{name}”; write an id, like {first} or {second}",
    "open_quote": "A double quote in the list doesn't close",
    "always_open": "The session {name} is always open; make it scheduled first",
    "same_id": "Row {row} has the same id",
    "same_value": "Row {row} has the same",
    "value_taken": "{holder} has this already; write its id to change it",
    "outdated": "Somebody else changed this meanwhile: it is version {now} now, and the row is based on version "
    "{based_on}. Export again and repeat the change",
})  # fmt: skip

Detail: TypeAlias = str | int | float
_SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field. `field` is a path like `tags.2`, or a spreadsheet's column; empty for the whole."""

    field: str
    code: str
    """One of `SENTENCES`."""
    values: Mapping[str, Detail] = dataclass_field(default_factory=dict)
    """What the sentence names."""
    part: str = ""
    """The part of a spreadsheet's list that is meant."""

    @property
    def message(self) -> str:
        return (f"“{self.part}”: " if self.part else "") + SENTENCES[self.code].format_map(self.values)

    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = {"field": self.field, "message": self.message, "code": self.code}
        if self.values:
            document["values"] = dict(self.values)
        if self.part:
            document["part"] = self.part
        return document


def shortened(text: str) -> str:
    """Return `text` as a fault repeats it."""
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
