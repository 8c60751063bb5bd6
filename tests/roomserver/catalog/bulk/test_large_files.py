from __future__ import annotations

import time

import pytest

from roomserver.catalog.bulk.columns import header
from roomserver.catalog.bulk.plan import Action
from roomserver.catalog.bulk.sheet import MAX_ROWS
from roomserver.catalog.bulk.spreadsheets import Format, write_spreadsheet
from roomserver.catalog.bulk.tables import SESSIONS
from tests.roomserver.catalog.bulk.planning import FORMATS, NINE, exported, faults, plan_sessions, session

FAULTY_CELLS = [
    ("id", "ses_unknown"),
    ("title", ""),
    ("title", "x" * 61),
    ("title", "two\nlines"),
    ("description", "x" * 141),
    ("additional_info", "x" * 20_001),
    ("tags", ", ".join(f"tag {n}" for n in range(21))),
    ("tags", "x" * 41),
    ("tags", '"open'),
    ("display_size", "huge"),
    ("rank", "first"),
    ("rank", "1e12"),
    ("picture", "/pictures/evil"),
    ("picture_alt", "x" * 141),
    ("location", "x" * 201),
    ("presenters", "x" * 101),
    ("presenters", '"open'),
    ("kind", "party"),
    ("watch_policy", "nobody"),
    ("watch_policy", "tickets"),
    ("ticket_types", "Gold"),
    ("hidden", "perhaps"),
    ("share_policy", "all"),
    ("max_on_screen", "51"),
    ("max_on_screen", "0"),
    ("max_on_screen", "2.5"),
    ("overflow", "explode"),
    ("availability", "sometimes"),
    ("starts_at", "soon"),
    ("starts_at", "2026-03-29 02:30"),
    ("ends_at", "2026-06-01 10:00"),
    ("ends_at", "2500-06-01T10:00:00Z"),
    ("youtube", "2"),
    ("record", "?"),
    ("rtmp", "-"),
    ("apps", "Polls"),
    ("moderator_password", "x" * 201),
    ("created_by", "org_1"),
]
FAULT_SHOWS_IN = {"tickets": "ticket_types", "2026-06-01 10:00": "starts_at"}
"""Of the cells above, those that are at fault for what another column lacks."""


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_file_with_500_faults_of_all_kinds_lists_all_500(file_format: Format) -> None:
    names = header(SESSIONS)
    expected: list[tuple[int, str]] = []
    made: list[list[str]] = []
    while len(expected) < 500:
        # Three faults a row, of three columns; every seventh row has none.
        cells = dict.fromkeys(names, "")
        cells["title"] = "Fine"
        number = len(made) + 2
        if number % 7:
            chosen = [FAULTY_CELLS[(number * 3 + at * 11) % len(FAULTY_CELLS)] for at in range(3)]
            marred = dict(chosen[: 500 - len(expected)])
            cells |= marred
            shown = {FAULT_SHOWS_IN.get(cell, name) for name, cell in marred.items()}
            expected += [(number, name) for name in sorted(shown, key=names.index)]
        made.append([cells[name] for name in names])
    planned = plan_sessions(write_spreadsheet(file_format, names, made))
    assert sorted((row, name) for row, name, _ in faults(planned)) == sorted(expected)
    assert len(faults(planned)) >= 500
    assert all(message and len(message) < 600 for _, _, message in faults(planned))
    assert not planned.fits


@pytest.mark.parametrize("file_format", FORMATS)
def test_ten_thousand_rows_are_planned_in_seconds(file_format: Format) -> None:
    records = {f"ses_{n}": session(title=f"Session {n}", presenters=["prs_1"], starts_at=NINE) for n in range(MAX_ROWS)}
    content = exported(SESSIONS, file_format, records)
    edited = {each: {**record, "location": "Hall"} for each, record in records.items()}
    begin = time.perf_counter()
    planned = plan_sessions(content, edited)
    assert time.perf_counter() - begin < 30
    assert {row.action for row in planned.rows} == {Action.UPDATE}
    assert planned.rows[-1].values == {"location": ""}
