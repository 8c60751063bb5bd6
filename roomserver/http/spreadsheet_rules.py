"""The API's rules as the rows of a spreadsheet meet them: the same models, messages and limits as requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import to_json

from roomserver.catalog.bulk.columns import Record
from roomserver.catalog.bulk.rules import Checked
from roomserver.faults import Fault
from roomserver.http.body import Draft, fault_of, parse_draft
from roomserver.http.registrants import NewRegistrant, RegistrantChanges
from roomserver.http.segments import NewSegment, SegmentChanges, check_times
from roomserver.http.session_fields import (
    NewSession,
    SessionChanges,
    check_rules,
    default_values,
    stage_shares_by_invitation,
)
from roomserver.http.texts import PersonName

_NAME: TypeAdapter[str] = TypeAdapter(PersonName)


class ApiRules:
    """One pair of models, for something new and for changes, and the rules between fields."""

    def __init__(
        self,
        new: type[BaseModel],
        changes: type[BaseModel],
        defaults: Record,
        between: Callable[[Draft[Any], Record, dict[str, Any]], None] | None = None,
    ) -> None:
        self._new = new
        self._changes = changes
        self._between = between
        self.defaults = defaults

    def check(self, sent: Record, before: Record | None) -> Checked:
        draft: Draft[Any] = parse_draft(to_json(sent), self._new if before is None else self._changes)
        values = dict(draft.fields)
        if self._between is not None:
            self._between(draft, self.defaults if before is None else before, values)
        return Checked(values, tuple(draft.errors))


def session_rules() -> ApiRules:
    return ApiRules(NewSession, SessionChanges, default_values(), _between_session_fields)


def registrant_rules() -> ApiRules:
    return ApiRules(NewRegistrant, RegistrantChanges, RegistrantChanges.model_validate({}).model_dump())


def segment_rules() -> ApiRules:
    defaults = SegmentChanges.model_validate({}).model_dump(exclude={"starts_at", "ends_at"})
    return ApiRules(NewSegment, SegmentChanges, defaults, lambda draft, before, _: check_times(draft, before))


def wrong_with_name(name: str) -> Fault | None:
    """What is wrong with the name of a presenter whom a spreadsheet would create."""
    try:
        _NAME.validate_python(name)
    except ValidationError as error:
        return fault_of(error.errors(include_url=False)[0])
    return None


def _between_session_fields(draft: Draft[Any], before: Record, sent: dict[str, Any]) -> None:
    sent.update(stage_shares_by_invitation(sent, before))
    check_rules(draft, before, sent)
