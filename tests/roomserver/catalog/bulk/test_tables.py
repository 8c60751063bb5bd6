from __future__ import annotations

import pytest

from roomserver.catalog.bulk.columns import Table, Use, header, notes
from roomserver.catalog.bulk.spreadsheets import Format, read_spreadsheet, write_spreadsheet
from roomserver.catalog.bulk.tables import REGISTRANTS, SEGMENTS, SESSIONS
from roomserver.http.registrants import RegistrantChanges
from roomserver.http.session_fields import SessionDocument, SessionFields


def columns(table: Table, use: Use) -> set[str]:
    return {column.name for column in table.columns if column.use is use}


def test_every_field_of_a_session_has_its_column() -> None:
    assert columns(SESSIONS, Use.FIELD) | columns(SESSIONS, Use.SECRET) == set(SessionFields.model_fields)
    assert columns(SESSIONS, Use.ID) | columns(SESSIONS, Use.SHOWN) <= set(SessionDocument.model_fields)
    assert columns(SESSIONS, Use.SECRET).isdisjoint(SessionDocument.model_fields)


def test_every_field_of_a_registrant_has_its_column() -> None:
    assert columns(REGISTRANTS, Use.FIELD) == set(RegistrantChanges.model_fields)


@pytest.mark.parametrize("table", [SESSIONS, REGISTRANTS, SEGMENTS], ids=lambda table: table.noun)
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_a_template_names_the_columns_and_has_no_rows(table: Table, file_format: Format) -> None:
    sheet = read_spreadsheet(write_spreadsheet(file_format, header(table), [], notes(table)))
    assert sheet.header == tuple(column.name for column in table.columns)
    assert sheet.rows == ()
