from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roomserver.catalog.bulk.columns import Record
from roomserver.catalog.bulk.plan import Action, plan
from roomserver.catalog.bulk.rules import Checked
from roomserver.catalog.bulk.spreadsheets import Format, read_spreadsheet, write_spreadsheet
from roomserver.catalog.bulk.tables import REGISTRANTS, SEGMENTS, SESSIONS
from roomserver.faults import Fault
from roomserver.http.spreadsheet_rules import session_rules
from tests.roomserver.catalog.bulk.planning import (
    FORMATS,
    NINE,
    PRESENTERS,
    TICKETS,
    actions,
    context,
    exported,
    faults,
    plan_registrants,
    plan_sessions,
    registrant,
    session,
)


def test_a_row_without_an_id_creates_with_what_it_says_and_defaults_for_the_rest() -> None:
    (row,) = plan_sessions(
        b"id,Title,Tags,Presenters,Starts at,max on screen,record\n"
        b',Opening,"a, b","""Doe, John"", Jane Doe, New Face",2026-06-01 11:00,12,yes\n'
    ).rows
    assert (row.row, row.action, row.id) == (2, Action.CREATE, None)
    assert row.values == {
        "title": "Opening",
        "tags": ["a", "b"],
        "presenters": ["prs_2", "prs_1", "new_1"],
        "starts_at": NINE,
        "max_on_screen": 12,
        "record": True,
    }


def test_unknown_presenters_are_created_once_for_the_whole_file() -> None:
    planned = plan_sessions(b'title,presenters\nA,"New Face, Jane Doe"\nB,"Other, New Face"\n')
    assert planned.created == {"presenters": {"new_1": "New Face", "new_2": "Other"}}
    assert [row.values["presenters"] for row in planned.rows] == [["new_1", "prs_1"], ["new_2", "new_1"]]


def test_a_row_with_an_id_changes_what_differs() -> None:
    records = {"ses_1": session(tags=["a"], presenters=["prs_2", "prs_1"], location="Hall")}
    planned = plan_sessions(b'id,title,presenters\nses_1,Welcome,"Jane Doe, ""Doe, John"""\n', records)
    (row,) = planned.rows
    assert (row.action, row.id) == (Action.UPDATE, "ses_1")
    assert row.values == {"title": "Welcome", "presenters": ["prs_1", "prs_2"]}
    assert [(change.field, change.before, change.after) for change in row.changes] == [
        ("title", "Opening", "Welcome"),
        ("presenters", '"Doe, John", Jane Doe', 'Jane Doe, "Doe, John"'),
    ]


def test_an_emptied_cell_of_an_update_brings_the_default_back() -> None:
    records = {"ses_1": session(location="Hall", display_size="medium", starts_at=NINE, tags=["a"])}
    (row,) = plan_sessions(b"id,location,display_size,starts_at,tags\nses_1,,,,\n", records).rows
    assert row.values == {"location": "", "display_size": "large", "starts_at": None, "tags": []}
    (row,) = plan_sessions(b"id,title\nses_1,\n", records).rows
    assert [fault.field for fault in row.faults] == ["title"]


def test_a_column_that_is_missing_leaves_its_field_alone() -> None:
    records = {"ses_1": session(location="Hall")}
    assert actions(plan_sessions(b"title,id\nOpening,ses_1\n", records)) == [(2, "unchanged")]


def test_passwords_are_set_but_never_shown_and_an_empty_cell_leaves_them() -> None:
    records = {"ses_1": session()}
    content = exported(SESSIONS, "csv", {"ses_1": session(moderator_password="secret")})
    assert b"secret" not in content
    (row,) = plan_sessions(b"id,moderator_password\nses_1,secret\n", records).rows
    assert row.values == {"moderator_password": "secret"}
    assert "secret" not in str(row.document())
    assert actions(plan_sessions(b"id,moderator_password\nses_1,\n", records)) == [(2, "unchanged")]


def test_what_is_only_shown_cannot_be_changed() -> None:
    records = {"ses_1": session(picture="/pictures/1", created_by="org_1")}
    assert actions(plan_sessions(b"id,picture,created_by\nses_1,/pictures/1,org_1\n", records)) == [(2, "unchanged")]
    planned = plan_sessions(b"id,title,picture\nses_1,Opening,/pictures/2\n,New,/pictures/2\n", records)
    message = "This can't be changed by a spreadsheet"
    assert faults(planned) == [(2, "picture", message), (3, "picture", message)]


def test_rules_between_fields_are_those_of_requests() -> None:
    planned = plan_sessions(
        b"id,title,kind,share_policy,watch_policy,ticket_types,starts_at,ends_at\n"
        b",A,stage,,,,,\n"
        b",B,stage,anyone,,,,\n"
        b",C,,,tickets,,,\n"
        b",D,,,,,2026-06-01 11:00,2026-06-01 10:00\n"
        b"ses_1,Opening,,,tickets,VIP,,\n",
        {"ses_1": session()},
    )
    assert [(row, field) for row, field, _ in faults(planned)] == [
        (3, "share_policy"),
        (4, "ticket_types"),
        (5, "ends_at"),
    ]
    assert planned.rows[0].values["share_policy"] == "invite_only"
    assert planned.rows[4].values == {"watch_policy": "tickets", "ticket_types": ["tkt_2"]}
    assert not planned.fits


ODD_SESSION = session(
    title="=cmd|' /C calc'!A0",
    description="'quoted\r\nlines",
    additional_info='# Hi\n\n- a\n- b, "c"; d\te _x0041_\n',
    tags=["a, b", '"c"', "=d", "-"],
    rank=-1.5,
    location=" @home",
    presenters=["prs_2", "prs_1"],
    watch_policy="tickets",
    ticket_types=["tkt_1", "tkt_2"],
    hidden=True,
    max_on_screen=1,
    availability="scheduled",
    starts_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    ends_at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    youtube=True,
    picture="/pictures/1",
    created_by="reg_1",
)


@pytest.mark.parametrize("file_format", FORMATS)
def test_an_export_that_comes_back_unedited_changes_nothing(file_format: Format) -> None:
    records = {"ses_1": ODD_SESSION, "ses_2": session(), "ses_3": session(description=" ", title="3")}
    planned = plan_sessions(exported(SESSIONS, file_format, records), records)
    assert actions(planned) == [(2, "unchanged"), (3, "unchanged"), (4, "unchanged")]
    assert planned.fits


@pytest.mark.parametrize("file_format", FORMATS)
def test_an_export_without_its_ids_creates_the_same_again(file_format: Format) -> None:
    exported_rows = read_spreadsheet(exported(SESSIONS, file_format, {"ses_1": ODD_SESSION}))
    cells = dict(zip(exported_rows.header, exported_rows.rows[0].cells, strict=False))
    names = [name for name in cells if name not in ("id", "picture", "created_by")]
    values = [cell if isinstance(cell := cells[name], (str, int, float)) else None for name in names]
    (row,) = plan_sessions(write_spreadsheet(file_format, names, [values])).rows
    assert row.faults == ()
    stored = {**session_rules().defaults, **row.values}
    # One line is trimmed by the API's own rule.
    assert stored == {
        **{name: ODD_SESSION[name] for name in session_rules().defaults},
        "location": ODD_SESSION["location"].strip(),
    }


lines = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.sampled_from("='+-@, \";_x0A"))
trimmed = lines.map(str.strip)
sessions = st.builds(
    session,
    title=trimmed.map(lambda text: text[:60].strip()).filter(bool),
    description=st.text(st.characters(exclude_categories=["C"]) | st.sampled_from("\n\t\r='"), max_size=140),
    tags=st.lists(trimmed.map(lambda text: text[:40].strip()).filter(bool), max_size=5, unique=True),
    rank=st.floats(-1e9, 1e9),
    presenters=st.lists(st.sampled_from(sorted(PRESENTERS)), unique=True),
    ticket_types=st.lists(st.sampled_from(sorted(TICKETS)), unique=True),
    watch_policy=st.sampled_from(["anyone", "private", "unlisted"]),
    hidden=st.booleans(),
    max_on_screen=st.integers(1, 50),
    starts_at=st.none() | st.datetimes(datetime(1970, 1, 2), datetime(2199, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)


@settings(max_examples=40, deadline=None)
@given(file_format=st.sampled_from(FORMATS), record=sessions)
def test_any_session_comes_back_unchanged(file_format: Format, record: Record) -> None:
    (row,) = plan_sessions(exported(SESSIONS, file_format, {"ses_1": record}), {"ses_1": record}).rows
    assert (row.action, row.faults, row.changes) == (Action.UNCHANGED, (), ())


def test_registrants_are_planned_the_same_way() -> None:
    records = {"reg_1": registrant(email="ann@a.example", ticket_type="tkt_1", tags=["x"])}
    planned = plan_registrants(
        b'id,name,email,ticket_type,tags\nreg_1,Ann,Ann@b.example,VIP,"x, y"\n,Ben,ben@a.example,Standard,\n,Cem,,,\n',
        records,
        {"ann@a.example": "reg_1"},
    )
    assert [row.values for row in planned.rows] == [
        {"email": "Ann@b.example", "ticket_type": "tkt_2", "tags": ["x", "y"]},
        {"name": "Ben", "email": "ben@a.example", "ticket_type": "tkt_1"},
        {"name": "Cem"},
    ]
    assert planned.fits


def test_an_address_is_given_once() -> None:
    records = {"reg_1": registrant(email="ann@a.example"), "reg_2": registrant(email="bob@a.example")}
    emails = {"ann@a.example": "reg_1", "bob@a.example": "reg_2", "cem@a.example": "reg_3"}
    planned = plan_registrants(
        b"id,name,email\n"
        b"reg_1,Ann,ann@new.example\n"
        b",New,ann@a.example\n"
        b",New,BOB@a.example\n"
        b",New,cem@a.example\n"
        b",New,new@a.example\n"
        b",New,New@a.example\n"
        b"reg_2,Ann,bob@a.example\n",
        records,
        emails,
    )
    assert faults(planned) == [
        (4, "email", "reg_2 has this already; write its id to change it"),
        (5, "email", "reg_3 has this already; write its id to change it"),
        (7, "email", "Row 6 has the same"),
    ]


def test_addresses_that_are_double_already_do_not_stand_in_the_way_of_a_round_trip() -> None:
    records = {"reg_1": registrant(email="a@a.example"), "reg_2": registrant(email="a@a.example")}
    planned = plan_registrants(exported(REGISTRANTS, "csv", records), records, {"a@a.example": "reg_2"})
    assert actions(planned) == [(2, "unchanged"), (3, "unchanged")]
    assert planned.fits


@dataclass
class SegmentRules:
    defaults: Record = field(default_factory=lambda: {"description": "", "sessions": []})

    def check(self, sent: Record, before: Record | None) -> Checked:
        wrong = [] if before is not None or "title" in sent else [Fault("title", "required")]
        return Checked(dict(sent), wrong)


def test_segments_name_their_sessions() -> None:
    records = {
        "seg_1": {"title": "Opening", "description": "", "starts_at": NINE, "ends_at": NINE, "sessions": ["ses_1"]}
    }
    content = exported(SEGMENTS, "csv", records)
    assert b'"2026-06-01T11:00:00+02:00"' in content
    content += b',Lunch,,,2026-06-01 13:00,2026-06-01 14:00,\n,Ending,,,,,"Closing, Nothing"\n'
    planned = plan(SEGMENTS, read_spreadsheet(content), records=records, context=context(), rules=SegmentRules())
    assert actions(planned) == [(2, "unchanged"), (3, "create"), (4, "create")]
    assert faults(planned) == [(4, "sessions", "There is no session “Nothing”")]


def test_the_first_row_must_name_known_columns_once() -> None:
    planned = plan_registrants(b"id,name,Name,colour,\n,Ann,Bob,red,stray\n,Cem,,,,,more\n")
    assert [(row, field) for row, field, _ in faults(planned)] == [(1, "name"), (1, "colour"), (2, ""), (3, "")]
    assert faults(planned)[1][2] == "There is no such column; there are id, name, email, ticket_type, tags, version"
    assert faults(planned)[2][2] == "Column 5 holds “stray”, but the first row doesn't name it"


def test_ids_are_known_and_used_once() -> None:
    records = {"reg_1": registrant()}
    planned = plan_registrants(b"id,name\nreg_1,A\nreg_9,B\nreg_1,C\n", records)
    assert faults(planned) == [
        (3, "id", "There is no registrant “reg_9”"),
        (4, "id", "Row 2 has the same id"),
    ]


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (b"reg_1,Ann,3", []),
        (b"reg_1,Bob,3", ["version"]),  # somebody made it version 4
        (b"reg_1,Bob,4", []),
        (b"reg_1,Bob,", []),
        (b"reg_1,Bob,four", ["version"]),
        (b",Bob,3", []),  # a copied row is a new thing
    ],
)
def test_an_edit_of_an_outdated_row_is_refused(row: bytes, found: list[str]) -> None:
    planned = plan_registrants(b"id,name,version\n" + row + b"\n", {"reg_1": {**registrant(), "version": 4}})
    assert [field for _, field, _ in faults(planned)] == found


def test_the_document_is_what_the_api_answers() -> None:
    planned = plan_registrants(b"id,name,email\nreg_1,Ann,\n,,nowhere\n", {"reg_1": registrant()})
    assert planned.document() == [
        {"row": 2, "action": "unchanged", "id": "reg_1", "errors": [], "changes": []},
        {
            "row": 3,
            "action": "create",
            "id": None,
            "errors": [
                {"field": "name", "message": "This field is required", "code": "required"},
                {"field": "email", "message": "This isn't an e-mail address", "code": "not_an_email"},
            ],
            "changes": [],
        },
    ]
