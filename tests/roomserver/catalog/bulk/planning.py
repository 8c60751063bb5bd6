"""A small catalog in which spreadsheets are planned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from roomserver.catalog.bulk.columns import Context, Record, Table, header, rows
from roomserver.catalog.bulk.names import Names
from roomserver.catalog.bulk.plan import Plan, plan
from roomserver.catalog.bulk.spreadsheets import Format, read_spreadsheet, write_spreadsheet
from roomserver.catalog.bulk.tables import REGISTRANTS, SESSIONS
from roomserver.catalog.schedule import time_zone
from roomserver.http.spreadsheet_rules import registrant_rules, session_rules, wrong_with_name

FORMATS: list[Format] = ["csv", "xlsx"]
PRESENTERS = {"prs_1": "Jane Doe", "prs_2": "Doe, John"}
TICKETS = {"tkt_1": "Standard", "tkt_2": "VIP"}
NINE = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def context() -> Context:
    return Context(
        zone=time_zone("Europe/Berlin"),
        names={
            "presenters": Names("presenter", PRESENTERS, create=wrong_with_name),
            "ticket_types": Names("ticket type", TICKETS),
            "ticket_type": Names("ticket type", TICKETS),
            "apps": Names("app", {}),
            "sessions": Names("session", {"ses_1": "Opening", "ses_2": "Closing"}),
        },
    )


def session(**values: Any) -> dict[str, Any]:
    return {"title": "Opening", **{k: v for k, v in session_rules().defaults.items() if k != "title"}, **values}


def registrant(**values: Any) -> dict[str, Any]:
    return {**registrant_rules().defaults, "name": "Ann", **values}


def plan_sessions(content: bytes, records: Mapping[str, Record] | None = None) -> Plan:
    return plan(SESSIONS, read_spreadsheet(content), records=records or {}, context=context(), rules=session_rules())


def plan_registrants(
    content: bytes, records: Mapping[str, Record] | None = None, emails: Mapping[str, str] | None = None
) -> Plan:
    return plan(
        REGISTRANTS,
        read_spreadsheet(content),
        records=records or {},
        context=context(),
        rules=registrant_rules(),
        taken={"email": emails or {}},
    )


def exported(table: Table, file_format: Format, records: Mapping[str, Record]) -> bytes:
    named = [{"id": each, **record} for each, record in records.items()]
    return write_spreadsheet(file_format, header(table), rows(table, named, context()))


def faults(planned: Plan) -> list[tuple[int, str, str]]:
    return [(row.row, fault.field, fault.message) for row in planned.rows for fault in row.faults]


def actions(planned: Plan) -> list[tuple[int, str]]:
    return [(row.row, row.action.value) for row in planned.rows]
